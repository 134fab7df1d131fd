"""The front door for mutual information: integer codes to the discrete estimators, real numbers to the continuous ones."""

import numpy as np
import torch
from torch import Tensor

from spacelib.estimators.continuous.choice import chosen_information
from spacelib.estimators.continuous.gaussian import gaussian_copula_information, gaussian_information
from spacelib.estimators.continuous.ksg import ksg
from spacelib.estimators.continuous.t_copula import t_copula_information
from spacelib.estimators.discrete import discrete_information
from spacelib.estimators.result import Estimate

Variable = Tensor | np.ndarray

CONTINUOUS = ("auto", "ksg", "gaussian", "gaussian_copula", "t_copula")
_GIVEN = ("ksg", "gaussian", "gaussian_copula")  # those that take a condition


def mutual_information(
    x: Variable,
    y: Variable,
    *,
    condition: Variable | None = None,
    clusters: Variable | None = None,
    method: str = "auto",
    alphabet: tuple[int, int] | None = None,
    resamples: int = 1000,
    generator: torch.Generator | None = None,
) -> Estimate:
    r"""Mutual information I(X; Y) or I(X; Y | Z), with a 95 % interval; the type of the data says which kind it is.

    .. math:: I(X; Y) = \mathrm{KL}(P_{XY} \Vert P_X \otimes P_Y)

    Integer (or boolean) data are codes without order: `discrete_information`, with its methods, its interval over
    scenes and all its arguments. Floating data are numbers; "auto" chooses by the data (`chosen_information`) and says
    why in `method`; "ksg", "gaussian", "gaussian_copula" and "t_copula" are the estimators of those names.
    Parameters: x, y, condition: (samples,) or (samples, dimension), all integer or all floating; clusters, alphabet and
    resamples, of discrete data only; a condition with real numbers needs "ksg", "gaussian" or "gaussian_copula";
    generator on the device of discrete data, on the CPU for real numbers (None: a fresh one with seed 0). Returns an
    Estimate in nats.
    Assumes and errors: those of the estimator; TypeError where codes and numbers are mixed; ValueError for an argument
    that the kind of data does not take.
    Source: see the estimators.
    """
    given = {"x": x, "y": y} | ({} if condition is None else {"condition": condition})
    real = [name for name, value in given.items() if _is_real(value)]
    if not real:
        return discrete_information(
            x,
            y,
            condition=condition,
            clusters=clusters,
            method=method,
            alphabet=alphabet,
            resamples=resamples,
            generator=generator,
        )
    if len(real) < len(given):
        codes = [name for name in given if name not in real]
        types = ", ".join(f"{name} {getattr(value, 'dtype', type(value).__name__)}" for name, value in given.items())
        raise TypeError(
            f"mutual_information: {' and '.join(real)} must hold integer codes as {' and '.join(codes)} does, or all must be "
            f"continuous; got {types}"
        )
    if method not in CONTINUOUS:
        raise ValueError(f"mutual_information: method must be one of {CONTINUOUS} for real numbers, got {method!r}")
    if clusters is not None or alphabet is not None:
        name = "clusters" if clusters is not None else "alphabet"
        raise ValueError(f"mutual_information: {name} must be None for real numbers; it is for integer codes")
    if condition is not None and method not in _GIVEN:
        raise ValueError(f"mutual_information: with a condition in real numbers method must be one of {_GIVEN}, got {method!r}")
    match method:
        case "ksg":
            return ksg(x, y, condition=condition, generator=generator)
        case "gaussian":
            return gaussian_information(x, y, condition=condition)
        case "gaussian_copula":
            return gaussian_copula_information(x, y, condition=condition)
        case "t_copula":
            return t_copula_information(x, y)
    return chosen_information(x, y, generator=generator)


def _is_real(value: Variable) -> bool:
    """Whether it is a floating tensor or array; anything else is left to the discrete estimators to take or refuse."""
    if isinstance(value, Tensor):
        return value.is_floating_point()
    return isinstance(value, np.ndarray) and value.dtype.kind == "f"
