"""The hybrid paradigm: explicit and implicit answers weighed together, by weights that no answer had a part in."""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit


@dataclass(frozen=True)
class Hybrid:
    """Answers (..., n) of both sides together, and their risk.

    weight (..., folds): the explicit side's in each fold, from all others; fold (n,): where each answer lies. risk,
    explicit_risk and implicit_risk (...): mean squared errors; gain: the better side's risk less that of the hybrid.
    standard_error and gain_error (...) of risk and gain, over groups.
    """

    answers: Number
    weight: Number
    fold: Tensor | np.ndarray
    risk: Number
    standard_error: Number
    explicit_risk: Number
    implicit_risk: Number
    gain: Number
    gain_error: Number


def combine(
    explicit: Number,
    implicit: Number,
    targets: Number,
    *,
    generator: torch.Generator,
    folds: int = 5,
    groups: Tensor | np.ndarray | None = None,
    convex: bool = False,
) -> Hybrid:
    r"""Answers A of geometry and B of a learned model together, with cross-fitted weights.

    .. math:: w_f = \frac{\sum_{i \notin f} (y_i - B_i)(A_i - B_i)}{\sum_{i \notin f} (A_i - B_i)^2}, \qquad
        \hat y_i = w_f A_i + (1 - w_f) B_i \quad (i \in f)

    The weight is that of the errors' second moments, not of their covariance: a side's bias counts as error. With
    `convex` it is cut to [0, 1]; where both sides agree on all other folds it is 1/2, and does not matter there.
    Parameters: explicit, implicit, targets (..., n), in one unit; folds, of whole groups, drawn by the generator, the
    same for the batch; groups (n,) whole numbers, the scenes to which the answers belong, None: each its own.
    The risks are against `targets`: where these are noisy labels, they hold the labels' variance. Errors of risk and
    gain take the groups as independent and the weights as given.
    Errors: ValueError for shapes that do not fit, values not finite, folds below 2 or above the groups.
    Source: Bates and Granger (1969), cross-fitted; its price is `combination_price` at the samples of the other folds.
    """
    (a, b, y), leave = admit("combine", explicit=explicit, implicit=implicit, targets=targets)
    if not a.ndim:
        raise ValueError("combine: explicit, implicit and targets must have an axis of answers, got three numbers")
    group = _groups(groups, a)
    number = int(group.max()) + 1
    if not 2 <= folds <= number:
        raise ValueError(f"combine: folds must be in [2, {number}], the number of groups, got {folds}")
    order = torch.randperm(number, generator=generator, device=generator.device).to(a.device)
    fold = (order % folds)[group]
    apart, wanted = a - b, y - b
    others = 1 - torch.nn.functional.one_hot(fold, folds).to(a)
    moment, cross = (apart * apart) @ others, (apart * wanted) @ others
    weight = torch.where(moment > 0, cross / torch.where(moment > 0, moment, 1.0), 0.5)
    weight = weight.clamp(0, 1) if convex else weight
    answers = b + weight[..., fold] * apart
    error, of_a, of_b = ((value - y).square() for value in (answers, a, b))
    risk, risk_a, risk_b = (square.mean(-1) for square in (error, of_a, of_b))
    better = torch.where((risk_a < risk_b)[..., None], of_a, of_b)
    gain = better - error
    results = (risk, _error(error, group), risk_a, risk_b, gain.mean(-1), _error(gain, group))
    place = fold if isinstance(explicit, Tensor) else fold.numpy()
    return Hybrid(leave(answers), leave(weight), place, *(leave(value) for value in results))


def _groups(groups: Tensor | np.ndarray | None, like: Tensor) -> Tensor:
    """The number of each answer's group, from 0 on."""
    samples = like.shape[-1]
    if groups is None:
        return torch.arange(samples, device=like.device)
    groups = torch.as_tensor(groups, device=like.device)
    if groups.shape != (samples,) or groups.dtype.is_floating_point or groups.dtype.is_complex:
        given = f"{groups.dtype} of shape {tuple(groups.shape)}"
        raise ValueError(f"combine: groups must be whole numbers of shape ({samples},), got {given}")
    return groups.unique(return_inverse=True)[1]


def _error(values: Tensor, group: Tensor) -> Tensor:
    """Standard error of a mean over answers (..., n) whose groups are independent, (...)."""
    groups = int(group.max()) + 1
    away = values - values.mean(-1, keepdim=True)
    totals = away.new_zeros(*away.shape[:-1], groups).index_add(-1, group, away)
    return (totals.square().sum(-1) * groups / (groups - 1)).sqrt() / values.shape[-1]
