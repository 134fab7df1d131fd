"""Symmetric 3 x 3 systems, one a point, in closed form: a library's solver takes a call for each."""

from typing import NamedTuple

import torch
from torch import Tensor

Matrix = tuple[Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
"""Entries (...) of a symmetric matrix: 00, 01, 02, 11, 12, 22."""

Vector = tuple[Tensor, Tensor, Tensor]


class Factors(NamedTuple):
    """L D L' of a matrix: the entries of L below its ones, 10, 20, 21, and the diagonal of D.

    The last of the diagonal, `depth`, is what is known of the third unknown when the other two are not.
    """

    low: Vector
    first: Tensor
    second: Tensor
    depth: Tensor

    def solve(self, right: Vector) -> Vector:
        """The solution (...) three times; not finite where the matrix is singular."""
        a, b, c = self.low
        y0 = right[0]
        y1 = right[1] - a * y0
        y2 = right[2] - b * y0 - c * y1
        x2 = y2 / self.depth
        x1 = y1 / self.second - c * x2
        return y0 / self.first - a * x1 - b * x2, x1, x2

    def root(self) -> Tensor:
        """A root F (..., 3, 3) of the inverse, F F'."""
        a, b, c = self.low
        one, zero = torch.ones_like(a), torch.zeros_like(a)
        upper = torch.stack([one, -a, a * c - b, zero, one, -c, zero, zero, one], -1).unflatten(-1, (3, 3))
        return upper * torch.stack([self.first, self.second, self.depth], -1).rsqrt()[..., None, :]


def factors(matrix: Matrix, damping: Tensor | float = 0.0) -> Factors:
    """Factors of a matrix whose diagonal is made larger by a share `damping`."""
    m00, m01, m02, m11, m12, m22 = matrix
    m00, m11, m22 = (m * (1 + damping) for m in (m00, m11, m22))
    a, b = m01 / m00, m02 / m00
    second, rest = m11 - a * m01, m12 - a * m02
    c = rest / second
    return Factors((a, b, c), m00, second, m22 - b * m02 - c * rest)
