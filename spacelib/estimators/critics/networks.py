"""The networks: a critic that scores pairs, and a density of y given x."""

import math

import torch
from torch import Tensor, nn

REACH = 30.0  # bound of a score: its exponential stays finite in float32
_NARROWEST = 8.0  # bound of the logarithm of a component's width
EMBEDDING = 32
COMPONENTS = 4


def tower(columns: int, hidden: int, out: int) -> nn.Sequential:
    """Two hidden layers."""
    return nn.Sequential(
        nn.Linear(columns, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, out)
    )


class Critic(nn.Module):
    """Scores of all pairs, f(x_i, y_j) = g(x_i) . h(y_j), cut at +-30, (B, B).

    Its first state is f = 0, worth no information: early stopping keeps it unless something better is seen.
    """

    zero = ("of_x.4.weight", "of_x.4.bias")

    def __init__(self, x: int, y: int, hidden: int) -> None:
        super().__init__()
        self.of_x, self.of_y = tower(x, hidden, EMBEDDING), tower(y, hidden, EMBEDDING)

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Scores (B, B) of x (B, columns) and y (B, columns)."""
        return (self.of_x(x) @ self.of_y(y).T).clamp(-REACH, REACH)


class Mixture(nn.Module):
    r"""ln q(y | x), (B,), a mixture of normal densities whose weights, means and whole covariances depend on x.

    .. math:: q(y \mid x) = \sum_m w_m(x)\, |L_m(x)|\, (2\pi)^{-d/2} e^{-|L_m(x)(y - \mu_m(x))|^2/2}

    L are lower triangular. Where x is masked it is a density of y alone.
    """

    zero = ()

    def __init__(self, x: int, y: int, hidden: int) -> None:
        super().__init__()
        self.columns = y
        self.head = tower(x, hidden, COMPONENTS * (1 + y + y * y))

    def forward(self, x: Tensor, y: Tensor) -> Tensor:
        """Log-densities (B,) of y (B, columns) at x (B, columns)."""
        size = self.columns
        weight, mean, factor = self.head(x).unflatten(-1, (COMPONENTS, -1)).split([1, size, size * size], -1)
        factor = factor.unflatten(-1, (size, size))
        scale = _NARROWEST * torch.tanh(factor.diagonal(dim1=-2, dim2=-1) / _NARROWEST)
        away = y[:, None] - mean
        along = (factor.tril(-1) @ away[..., None])[..., 0] + scale.exp() * away
        log_density = scale.sum(-1) - along.square().sum(-1) / 2 - size * math.log(2 * math.pi) / 2
        return (weight[..., 0].log_softmax(-1) + log_density).logsumexp(-1)
