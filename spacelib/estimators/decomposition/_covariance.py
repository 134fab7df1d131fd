"""A covariance of several vectors: checked, and the entropies of their subsets."""

from collections.abc import Sequence

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require

_LEAST_EIGENVALUE = 1e-9  # of the correlations; below it rounding moves an information by 1e-16 n / 1e-9 and more


class Covariance:
    """Covariance matrices (\\*batch, n, n) of consecutive vectors of the given sizes."""

    def __init__(self, function: str, covariance: Number, sizes: Sequence[int], *, least: int, most: int | None = None):
        (matrix,), self.leave = admit(function, {"covariance": 2}, covariance=covariance)
        n = matrix.shape[-1]
        if matrix.shape[-2] != n:
            raise ValueError(f"{function}: covariance must have shape (*batch, n, n), got {tuple(matrix.shape)}")
        if not isinstance(sizes, Sequence) or any(isinstance(s, bool) or not isinstance(s, int) for s in sizes):
            raise TypeError(f"{function}: sizes must be a tuple of whole numbers, got {sizes!r}")
        number = f"{least}" if most == least else f"at least {least}"
        if len(sizes) < least or len(sizes) > (most or len(sizes)) or min(sizes) < 1 or sum(sizes) != n:
            raise ValueError(f"{function}: sizes must be {number} positive numbers that sum to {n}, got {tuple(sizes)}")
        variance = matrix.diagonal(dim1=-2, dim2=-1)
        require(function, "the diagonal of covariance", variance, variance > 0, "positive")
        scale = variance.rsqrt()
        self._correlation = matrix * scale[..., None] * scale[..., None, :]
        lopsided = (self._correlation - self._correlation.mT).abs()
        unit = torch.finfo(torch.float32 if "float32" in str(getattr(covariance, "dtype", "")) else torch.float64).eps
        require(function, "the asymmetry of covariance", lopsided, lopsided <= 8 * n * unit, "rounding at most")
        self._correlation = (self._correlation + self._correlation.mT) / 2
        smallest = torch.linalg.eigvalsh(self._correlation)[..., 0]
        require(
            function, "the least eigenvalue of the correlations", smallest, smallest >= _LEAST_EIGENVALUE,
            f"at least {_LEAST_EIGENVALUE}",
        )  # fmt: skip
        ends = torch.tensor(sizes).cumsum(0).tolist()
        self._rows = [list(range(end - size, end)) for size, end in zip(sizes, ends, strict=True)]
        self.variables = len(sizes)

    def entropy(self, subset: Sequence[int]) -> Tensor:
        """Half the log-determinant of a subset's correlations: its entropy but for terms that each row adds by itself."""
        rows = [row for variable in subset for row in self._rows[variable]]
        part = self._correlation[..., rows, :][..., rows]
        return torch.linalg.cholesky(part).diagonal(dim1=-2, dim2=-1).log().sum(-1)
