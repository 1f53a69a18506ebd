"""What every Python peer shares: the arguments, reading a table, writing a model."""

import argparse
import json
import struct

import numpy as np


def arguments(*extra):
    """FILE MODEL --classes K --features D --l2 F --tolerance F, and the peer's own switches."""
    parser = argparse.ArgumentParser()
    parser.add_argument("file")
    parser.add_argument("model")
    parser.add_argument("--classes", type=int, required=True)
    parser.add_argument("--features", type=int, required=True)
    parser.add_argument("--l2", type=float, required=True)
    parser.add_argument("--tolerance", type=float, required=True, help="largest entry of the gradient of the mean objective")
    for name in extra:
        parser.add_argument(name, action="store_true")
    return parser.parse_args()


def read(path, features, dtype):
    """X, y of a file, by the fastest reader of the Python world for its format: dense array, or CSR for LIBSVM."""
    if path.endswith(".csv"):
        import pandas  # The C engine parses to float32 at once; numpy.loadtxt took about three times as long.

        table = pandas.read_csv(path, engine="c", dtype=dtype).to_numpy()
        return np.ascontiguousarray(table[:, :-1]), table[:, -1].astype(np.int64)
    from sklearn.datasets import load_svmlight_file

    x, y = load_svmlight_file(path, n_features=features, dtype=dtype, zero_based=False)
    return x, y.astype(np.int64)


def save(path, weights, intercepts):
    """Writes weights [K, D] and intercepts [K] as float64 safetensors, the format of DistTrain's models."""
    weights = np.ascontiguousarray(weights, dtype="<f8")
    intercepts = np.ascontiguousarray(intercepts, dtype="<f8")
    head = json.dumps({
        "weights": {"dtype": "F64", "shape": list(weights.shape), "data_offsets": [0, weights.nbytes]},
        "intercepts": {"dtype": "F64", "shape": list(intercepts.shape), "data_offsets": [weights.nbytes, weights.nbytes + intercepts.nbytes]},
    }).encode()
    with open(path, "wb") as file:
        file.write(struct.pack("<Q", len(head)) + head + weights.tobytes() + intercepts.tobytes())


def scales(x, wanted):
    """Standard deviations of dense columns, to optimise V = W·s instead of W; ones where that is not wanted."""
    if not wanted:
        return np.ones(x.shape[1], dtype=np.float32)
    deviations = np.std(x, axis=0)
    return np.where(deviations > 0, deviations, 1).astype(np.float32)
