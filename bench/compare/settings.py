"""What is compared: the tasks, and for each system the command that goes from file to model, and its tolerances.

A tolerance is the largest entry of the gradient of the mean objective where a system knows one; liblinear's -e and ML.NET's OptimizationTolerance mean
other things. Each was tried in factors of about 3; listed here is the loosest that ends within 1e-4 of the optimum, or the best there was.
`compare.py --search` runs all of SEARCH instead.
"""

from dataclasses import dataclass

L2 = 1e-4


@dataclass(frozen=True)
class Task:
    name: str
    file: str
    features: int
    classes: int
    rows: int
    sample: str | None = None  # As DistTrain's `sample` writes it; None: made elsewhere, and skipped where it is absent.


def tasks(short):
    """The full size, or one that a continuous integration has time for."""
    dense, sparse, wide, two = (5_000, 5_000, 500, 5_000) if short else (1_000_000, 1_000_000, 20_000, 500_000)
    columns, words = (1 << 10, 1_000) if short else (1 << 18, 50_000)
    return [
        Task("dense", "dense.csv", 128, 3, dense, f"dense,rows={dense},features=128,classes=3"),
        Task("sparse", "sparse.svm", columns, 3, sparse, f"sparse,rows={sparse},features={columns},classes=3"),
        Task("wide", "wide.svm", words, 20, wide, f"sparse,rows={wide},features={words},classes=20,nonzeros=100,values=floats"),
        Task("movietweetings", "movietweetings.svm", 27_085, 3, 100_000),
        Task("two-class", "two-class.svm", columns, 2, two, f"sparse,rows={two},features={columns},classes=2"),
    ]


SYSTEMS = {
    "disttrain": "DistTrain",
    "mlnet": "ML.NET LbfgsMaximumEntropy",
    "sklearn": "scikit-learn lbfgs",
    "torch": "PyTorch LBFGS",
    "numpy": "numpy + scipy L-BFGS-B",
    "liblinear": "liblinear -s 0",
}

SEARCH = [1e-3, 3e-4, 1e-4, 3e-5, 1e-5, 3e-6, 1e-6]

# Where there are several, the fastest that is there counts.
TOLERANCES = {
    ("dense", "disttrain"): [1e-3, 3e-4],
    ("dense", "mlnet"): [1e-6],
    ("dense", "sklearn"): [1e-5],
    ("dense", "torch"): [3e-3, 1e-3],
    ("dense", "numpy"): [3e-3, 1e-3],
    ("sparse", "disttrain"): [1e-3, 3e-4],
    ("sparse", "mlnet"): [3e-6],
    ("sparse", "sklearn"): [1e-4],
    ("sparse", "torch"): [1e-4],
    ("sparse", "numpy"): [1e-4],
    ("wide", "disttrain"): [1e-4, 3e-5],
    ("wide", "mlnet"): [1e-6],
    ("wide", "sklearn"): [3e-5],
    ("wide", "torch"): [3e-5],
    ("wide", "numpy"): [3e-5],
    ("movietweetings", "disttrain"): [1e-3, 3e-4],
    ("movietweetings", "mlnet"): [3e-6],
    ("movietweetings", "sklearn"): [1e-4],
    ("movietweetings", "torch"): [1e-4],
    ("movietweetings", "numpy"): [1e-4],
    ("two-class", "disttrain"): [1e-3, 3e-4],
    ("two-class", "mlnet"): [3e-6, 1e-6],
    ("two-class", "sklearn"): [1e-4],
    ("two-class", "torch"): [3e-5],
    ("two-class", "numpy"): [1e-4],
    ("two-class", "liblinear"): [1e-2],
}


def command(system, task, file, model, tolerance, tools):
    """The process to time. tools: where DistTrain, ML.NET's program, the peers' scripts and Debian's Python are."""
    shape = ["--classes", f"{task.classes}", "--features", f"{task.features}", "--l2", f"{L2}", "--tolerance", f"{tolerance}"]
    if system == "disttrain":
        return [tools.disttrain, "train", file, "--validation", "0", "--l2", f"{L2}", "--tolerance", f"{tolerance}",
                "--workers", "2", "--max-steps", "2000", "--quiet", "--out", model]
    if system == "mlnet":
        return ["dotnet", tools.mlnet, file, model, *shape, "--rows", f"{task.rows}"]
    if system == "liblinear":
        # C sums over the rows what F takes the mean of, and its one row u = w₁ − w₀ has twice the penalty of ±u/2: C = 2/(λ N).
        return ["liblinear-train", "-q", "-s", "0", "-c", f"{2 / (L2 * task.rows)}", "-e", f"{tolerance}", "-B", "1", file, model]
    # On dense columns of unlike scales, the two whose objective is written here optimise the same F in scaled coordinates.
    scaled = ["--scaled"] if system in ("numpy", "torch") and task.file.endswith(".csv") else []
    return [tools.python, f"{tools.peers}/{system}_lbfgs.py", file, model, *shape, *scaled]


def tolerances(system, task, short):
    """Short tasks are others: one tolerance each, and for DistTrain, which must be near, one that is strict enough for all."""
    if short:
        return SEARCH[-1:] if system == "disttrain" else TOLERANCES[task.name, system][-1:]
    return TOLERANCES[task.name, system]


def applies(system, task):
    return system != "liblinear" or task.classes == 2


def model_name(system):
    return {"disttrain": "run", "liblinear": "model.liblinear"}.get(system, "model.safetensors")
