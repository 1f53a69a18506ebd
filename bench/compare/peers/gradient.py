"""One full loss and gradient of each Python peer, in memory, float32, two threads, beside DistTrain's of the same shape.

usage: gradient.py measure SHARE FILE          measures the peers once; SHARE: of the rows, as the bench took it; below 1, one round each
       gradient.py table KERNELS… -- FILE…     KERNELS: what `DistTrain.Bench kernels` printed; the medians of all processes of a system
"""

import importlib.util
import json
import statistics
import sys
import time

import numpy as np
from scipy import sparse

import numpy_lbfgs

CLASSES = 3
PER_ROW = 30
ROUNDS = 5


def dense(rows, features):
    return np.random.default_rng(1).standard_normal((rows, features), dtype=np.float32)


def uniform(rows, features):
    random = np.random.default_rng(1)
    indices = np.sort(random.integers(0, features, (rows, PER_ROW), dtype=np.int32), axis=1).ravel()
    values = random.standard_normal(rows * PER_ROW, dtype=np.float32)
    x = sparse.csr_matrix((values, indices, np.arange(0, rows * PER_ROW + 1, PER_ROW, dtype=np.int32)), shape=(rows, features))
    x.sum_duplicates()  # A column drawn twice in a row is one nonzero; PyTorch refuses two.
    return x


def works(share):
    """The bench's names and what they mean here; sparse rows come in whole shards there."""
    sparse_rows = max(2, int(16 * share)) * 65_536
    return {
        "dense 1M × 128, K = 3": lambda: dense(int(1_000_000 * share), 128),
        "sparse 1M × 30 of 2^20, K = 3": lambda: uniform(sparse_rows, 1 << 20),
        "sparse 1M × 30 of 100k, K = 3": lambda: uniform(sparse_rows, 100_000),
    }


def of_sklearn(x, y):
    from sklearn._loss import HalfMultinomialLoss
    from sklearn.linear_model._linear_loss import LinearModelLoss

    loss = LinearModelLoss(base_loss=HalfMultinomialLoss(n_classes=CLASSES), fit_intercept=True)
    theta = np.zeros((CLASSES, x.shape[1] + 1), dtype=np.float32, order="F")
    target = y.astype(np.float32)
    return lambda: loss.loss_gradient(theta, x, target, l2_reg_strength=1.0, n_threads=2)


def of_torch(x, y):
    import torch
    import torch_lbfgs

    times, labels = torch_lbfgs.product(x), torch.from_numpy(y)
    w = torch.zeros(CLASSES, x.shape[1], requires_grad=True)
    b = torch.zeros(CLASSES, requires_grad=True)

    def run():
        w.grad = b.grad = None
        torch.nn.functional.cross_entropy(times(w.t().contiguous()) + b, labels).backward()

    return run


def of_numpy(x, y):
    evaluate = numpy_lbfgs.objective(x, y, np.ones(x.shape[1], dtype=np.float32), CLASSES, 1e-4)
    theta = np.zeros(CLASSES * (x.shape[1] + 1))
    return lambda: evaluate(theta)


def seconds(run, rounds):
    """The median of some rounds, after one that counts for nothing."""
    run()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def disttrain_seconds(output):
    """Medians by the work's name, from the bench's table: the fifth column, in milliseconds."""
    with open(output, encoding="utf-8") as file:
        rows = [[cell.strip() for cell in line.split("|")[1:]] for line in file if line.startswith("|")]
    return {row[0]: float(row[4]) / 1e3 for row in rows[2:]}


def measure(share, destination):
    """The seconds of each peer by the work's name; null for one that is absent."""
    rounds = ROUNDS if share == 1 else 1
    torch = of_torch if importlib.util.find_spec("torch") else None
    measured = {}
    for name, make in works(share).items():
        x = make()
        y = np.random.default_rng(2).integers(0, CLASSES, x.shape[0])
        measured[name] = [seconds(of(x, y), rounds) if of is not None else None for of in (of_sklearn, torch, of_numpy)]
    with open(destination, "w", encoding="utf-8") as file:
        json.dump(measured, file)


def medians(of_processes):
    return [None if times[0] is None else statistics.median(times) for times in zip(*of_processes)]


def table(kernels, measurements):
    ours = [disttrain_seconds(path) for path in kernels]
    theirs = []
    for path in measurements:
        with open(path, encoding="utf-8") as file:
            theirs.append(json.load(file))
    print("| one loss and gradient, 2 threads | DistTrain ms | scikit-learn | PyTorch | numpy | × scikit-learn | × best peer |")
    print("|---|---:|---:|---:|---:|---:|---:|")
    for name in theirs[0]:
        own = statistics.median(process[name] for process in ours)
        peers = medians([process[name] for process in theirs])
        cells = " | ".join("absent" if peer is None else f"{1e3 * peer:,.0f}" for peer in peers)
        best = min(peer for peer in peers if peer is not None)
        print(f"| {name} | {1e3 * own:,.1f} | {cells} | {peers[0] / own:.1f} | {best / own:.1f} |", flush=True)


def main():
    command, *arguments = sys.argv[1:]
    if command == "measure":
        measure(float(arguments[0]), arguments[1])
    else:
        end = arguments.index("--")
        table(arguments[:end], arguments[end + 1 :])


if __name__ == "__main__":
    main()
