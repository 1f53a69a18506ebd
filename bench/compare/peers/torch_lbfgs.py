"""PyTorch: cross-entropy by autograd in float32, torch.optim.LBFGS with strong Wolfe conditions."""

import numpy as np
import torch

import tables


class SparseProduct(torch.autograd.Function):
    """X·A for CSR X. Xᵀ is stored too: the derivative by A is Xᵀ·dZ, which autograd forms far slower on its own."""

    @staticmethod
    def forward(context, x, transposed, a):
        context.transposed = transposed
        return x @ a

    @staticmethod
    def backward(context, dz):
        return None, None, context.transposed @ dz.contiguous()


def product(x):
    """A ↦ X·A, dense or sparse."""
    if isinstance(x, np.ndarray):
        dense = torch.from_numpy(x)
        return lambda a: dense @ a
    csr, csr_of_transposed = (
        torch.sparse_csr_tensor(torch.from_numpy(m.indptr), torch.from_numpy(m.indices), torch.from_numpy(m.data), m.shape)
        for m in (x, x.T.tocsr())
    )
    return lambda a: SparseProduct.apply(csr, csr_of_transposed, a)


def main():
    options = tables.arguments("--scaled")
    x, y = tables.read(options.file, options.features, np.float32)
    scale = torch.from_numpy(tables.scales(x, options.scaled))
    times, labels = product(x), torch.from_numpy(y)
    v = torch.zeros(options.classes, options.features, requires_grad=True)
    b = torch.zeros(options.classes, requires_grad=True)
    optimizer = torch.optim.LBFGS(
        [v, b],
        max_iter=2000,
        max_eval=4000,
        tolerance_grad=options.tolerance,
        tolerance_change=1e-9,
        history_size=10,
        line_search_fn="strong_wolfe",
    )

    def closure():
        optimizer.zero_grad()
        w = v / scale
        loss = torch.nn.functional.cross_entropy(times(w.t().contiguous()) + b, labels) + options.l2 / 2 * (w * w).sum()
        loss.backward()
        return loss

    optimizer.step(closure)
    tables.save(options.model, (v / scale).detach().numpy(), b.detach().numpy())


if __name__ == "__main__":
    main()
