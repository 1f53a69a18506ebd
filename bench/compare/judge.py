"""The judge: objectives of all models, in double arithmetic, by one piece of code that belongs to none of the systems.

usage: judge.py FILE MODEL FEATURES L2        prints F

F(W, b) = mean over the rows of (logsumexp(W·x + b) − (W·x + b)[label]) + λ/2 ‖W‖²
"""

import json
import os
import struct
import sys

import numpy as np
from scipy import sparse

BLOCK = 50_000


class Table:
    """Rows of a file in float64, kept beside it as .npz, so that a file is parsed once for all models."""

    def __init__(self, path, features):
        kept = path + ".judge.npz"
        if not os.path.exists(kept):
            self._parse(path, features, kept)
        parts = np.load(kept)
        self.labels = parts["labels"]
        self.x = parts["x"] if "x" in parts else sparse.csr_matrix((parts["data"], parts["indices"], parts["indptr"]), shape=tuple(parts["shape"]))

    @staticmethod
    def _parse(path, features, kept):
        if path.endswith(".csv"):
            import pandas

            table = pandas.read_csv(path, float_precision="round_trip").to_numpy()
            np.savez(kept, x=np.ascontiguousarray(table[:, :-1]), labels=table[:, -1].astype(np.int64))
            return
        from sklearn.datasets import load_svmlight_file

        x, y = load_svmlight_file(path, n_features=features, zero_based=False)
        np.savez(kept, data=x.data, indices=x.indices, indptr=x.indptr, shape=x.shape, labels=y.astype(np.int64))

    def objective(self, weights, intercepts, l2):
        total = 0.0
        for start in range(0, len(self.labels), BLOCK):
            labels = self.labels[start : start + BLOCK]
            z = np.asarray(self.x[start : start + BLOCK] @ weights.T) + intercepts
            highest = z.max(axis=1)
            losses = np.log(np.exp(z - highest[:, None]).sum(axis=1)) + highest - z[np.arange(len(labels)), labels]
            total += losses.sum()
        return total / len(self.labels) + l2 / 2 * np.sum(weights * weights)


def read_safetensors(path):
    """8 bytes of header length, JSON, raw little-endian float64."""
    with open(path, "rb") as file:
        head = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        body = file.read()

    def tensor(name):
        start, end = head[name]["data_offsets"]
        assert head[name]["dtype"] == "F64", f"{path}: {name} is {head[name]['dtype']}, expected F64"
        return np.frombuffer(body[start:end], dtype="<f8").reshape(head[name]["shape"])

    return tensor("weights"), tensor("intercepts")


def read_disttrain(folder, features):
    """A model folder of DistTrain, with columns and classes put in the file's order."""
    weights, intercepts = read_safetensors(os.path.join(folder, "parameters.safetensors"))
    with open(os.path.join(folder, "model.json")) as file:
        description = json.load(file)
    classes = np.argsort([int(c["name"]) for c in description["classes"]])
    columns = description["columns"]
    if columns[0]["kind"] == "indexed":
        places = np.asarray(columns[0]["indices"]) - columns[0]["indexBase"]
        full = np.zeros((len(classes), features))
        full[:, places] = weights
        weights = full
    return weights[classes], intercepts[classes]


def read_liblinear(path, features):
    """liblinear's text model of two classes: w and bias for its first label. As two rows of a softmax: ±w/2, ±b/2."""
    with open(path) as file:
        lines = file.read().split("\n")
    head = lines.index("w")
    first = next(line for line in lines[:head] if line.startswith("label")).split()[1]
    w = np.array([float(line) for line in lines[head + 1 :] if line.strip()])
    sign = 1 if first == "1" else -1
    full, bias = np.zeros(features), sign * w[-1]
    full[: len(w) - 1] = sign * w[:-1]
    return np.vstack([-full, full]) / 2, np.array([-bias, bias]) / 2


def read_model(path, features):
    if os.path.isdir(path):
        return read_disttrain(path, features)
    return read_liblinear(path, features) if path.endswith(".liblinear") else read_safetensors(path)


if __name__ == "__main__":
    file, model, features, l2 = sys.argv[1:]
    print(repr(float(Table(file, int(features)).objective(*read_model(model, int(features)), float(l2)))))
