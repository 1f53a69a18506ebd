"""Plain numpy: the objective in float32 matrix products, scipy's L-BFGS-B on top."""

import numpy as np
from scipy.optimize import minimize

import tables


def objective(x, y, scale, classes, l2):
    """F(V, b) and its gradient, where W = V / scale; parameters are flat float64, as L-BFGS-B wants them."""
    rows, features = x.shape
    indices = np.arange(rows)
    transposed = x.T

    def evaluate(theta):
        theta = theta.reshape(classes, features + 1)
        weights = theta[:, :-1] / scale
        z = np.asarray(x @ weights.T.astype(np.float32)) + theta[:, -1].astype(np.float32)
        z -= z.max(axis=1, keepdims=True)
        correct = z[indices, y].copy()
        np.exp(z, out=z)
        sums = z.sum(axis=1, keepdims=True)
        loss = (np.log(sums[:, 0]) - correct).mean(dtype=np.float64) + l2 / 2 * np.sum(weights * weights)
        z /= sums
        z[indices, y] -= 1
        gradient = np.empty_like(theta)
        gradient[:, :-1] = (np.asarray(transposed @ z).T / rows + l2 * weights) / scale
        gradient[:, -1] = z.sum(axis=0, dtype=np.float64) / rows
        return loss, gradient.ravel()

    return evaluate


def main():
    options = tables.arguments("--scaled")
    x, y = tables.read(options.file, options.features, np.float32)
    scale = tables.scales(x, options.scaled)
    result = minimize(
        objective(x, y, scale, options.classes, options.l2),
        np.zeros(options.classes * (options.features + 1)),
        jac=True,
        method="L-BFGS-B",
        options={"gtol": options.tolerance, "ftol": 1e-9, "maxiter": 2000, "maxfun": 4000, "maxcor": 10},
    )
    theta = result.x.reshape(options.classes, options.features + 1)
    tables.save(options.model, theta[:, :-1] / scale, theta[:, -1])


if __name__ == "__main__":
    main()
