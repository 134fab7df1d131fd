"""The Lipschitz constant of a linear layer, and of layers one after another, never underestimated."""

from dataclasses import dataclass

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require

_U = 2.0**-53


@dataclass(frozen=True)
class SpectralNorm:
    """Certified ends of a spectral norm: lower <= norm <= upper, both of the shape of the batch."""

    lower: Number
    upper: Number


def spectral_norm(weight: Number, *, squarings: int = 20) -> SpectralNorm:
    r"""Largest singular value of a matrix between certified ends, by squaring its Gram matrix again and again.

    .. math:: \|W\| \le \Big(\|G^{2^p}\|_F\Big)^{1/2^{p+1}} \le d^{1/2^{p+2}}\, \|W\|, \qquad G = W^\top W

    Squaring p times is 2^p steps of the power iteration from all starts at once. A product of d terms is off by at most
    gamma = d u/(1 - d u) of the Frobenius norms, u = 2^-53; that is added at every level, so rounding cannot take the
    upper end below the norm. The lower end is |W v|/|v| at the best column v of the last power.
    Parameters: weight (\*batch, rows, columns); squarings p >= 0. Returns a `SpectralNorm` of shape (\*batch); at p =
    20 the ends differ by some 1e-6 ln d of the norm.
    Errors: ValueError for a matrix without entries, or squarings that are no whole number of at least 0.
    Source: the powers' trace bounds the spectral radius, Horn and Johnson 2013, 5.6; Higham 2002, 3.5, for gamma.
    """
    name = "spectral_norm"
    if not isinstance(squarings, int) or isinstance(squarings, bool) or squarings < 0:
        raise ValueError(f"{name}: squarings must be a whole number of at least 0, got {squarings!r}")
    (full,), leave = admit(name, {"weight": 2}, weight=weight)
    if 0 in full.shape[-2:]:
        raise ValueError(f"{name}: weight must have rows and columns, got shape {tuple(full.shape)}")
    if full.shape[-1] > full.shape[-2]:
        full = full.mT
    rows, columns = full.shape[-2:]
    scale = _power_of_two(full.abs().amax((-2, -1)))
    w = full / scale[..., None, None]
    power = w.mT @ w
    slack = [_gamma(rows) * _frobenius(w) ** 2]  # what each product's rounding may have taken off the norm
    sizes = []
    for _ in range(squarings):
        size = _power_of_two(_frobenius(power))
        power = power / size[..., None, None]
        sizes.append(size)
        slack.append(_gamma(columns) * _frobenius(power) ** 2)
        power = power @ power
    upper = _frobenius(power)
    for size, lost in zip(reversed(sizes), reversed(slack[1:]), strict=True):
        upper = size * ((upper + lost) * (1 + 4 * _U)).sqrt() * (1 + 4 * _U)
    upper = ((upper + slack[0]) * (1 + 4 * _U)).sqrt() * (1 + 4 * _U) * scale
    best = power.square().sum(-2).argmax(-1)
    v = power.gather(-1, best[..., None, None].expand(*power.shape[:-1], 1))
    v = v / _power_of_two(v.abs().amax((-2, -1)))[..., None, None]
    # the product misses by gamma |W| |v|, so by that of the Frobenius norm
    reached = (w @ v).square().sum((-2, -1)).sqrt() - _gamma(columns) * _frobenius(w) * _frobenius(v)
    lower = (reached / _frobenius(v) * (1 - _gamma(rows + columns))).clamp(min=0) * scale
    # one float outward: among subnormal numbers the multiplication by scale rounds too
    below, above = (torch.nextafter(end, end.new_tensor(far)) for end, far in ((lower, -torch.inf), (upper, torch.inf)))
    zero = full.abs().amax((-2, -1)) == 0
    lower, upper = torch.where(zero, 0.0, below.clamp(min=0)), torch.where(zero, 0.0, above)
    require(name, "the norm", upper, upper.isfinite(), "a finite number")
    return SpectralNorm(leave(lower, "lower"), leave(upper, "upper"))


def composed_lipschitz(constants: Number) -> Number:
    r"""Lipschitz constant of layers one after another: the product, rounded up.

    .. math:: \Lambda = \prod_l \Lambda_l

    Parameters: constants (\*batch, layers), each that of a layer on the ball that the layer before it maps into, at
    least 0. Returns (\*batch); of no layers, 1.
    Errors: ValueError for a negative constant or a product beyond the floats.
    """
    (each,), leave = admit("composed_lipschitz", {"constants": 1}, constants=constants)
    require("composed_lipschitz", "constants", each, each >= 0, "at least 0")
    product = each.new_ones(each.shape[:-1])
    for constant in each.unbind(-1):
        zero = (product == 0) | (constant == 0)
        above = torch.nextafter(product * constant, product.new_tensor(torch.inf))  # also where it underflows
        product = torch.where(zero, 0.0, above)
    require("composed_lipschitz", "the product", product, product.isfinite(), "a finite number")
    return leave(product, "upper")


def _gamma(terms: int) -> float:
    """n u/(1 - n u) for a sum of n products in any order; eight more terms for what is done beside it."""
    return (terms + 8) * _U / (1 - (terms + 8) * _U)


def _frobenius(matrix: Tensor) -> Tensor:
    """The Frobenius norm, never below it."""
    return matrix.square().sum((-2, -1)).sqrt() * (1 + _gamma(matrix.shape[-2] * matrix.shape[-1]))


def _power_of_two(value: Tensor) -> Tensor:
    """The power of two below a number (1/2 at 0): dividing by it rounds nothing."""
    return torch.ldexp(torch.ones_like(value), torch.frexp(value.abs()).exponent - 1)
