"""What both tables have in common: a bound of many data sets, and how often it was below the risk."""

from collections.abc import Callable

from torch import Tensor

from spacelib.bounds import clopper_pearson

DELTAS = (0.1, 0.05, 0.01)
REPETITIONS = 10_000


def on_distinct(bound: Callable[[Tensor], Tensor], values: Tensor) -> Tensor:
    """A function of rows (n, d), evaluated once for equal ones: (n,)."""
    distinct, place = values.unique(dim=0, return_inverse=True)
    return bound(distinct)[place]


def counted(failed: Tensor) -> dict:
    """Failures among repetitions, with the exact 95 % interval of their probability."""
    failures, repetitions = int(failed.sum()), len(failed)
    low, high = (clopper_pearson(failures, repetitions, 0.025, side=side) for side in ("lower", "upper"))
    found = {"failures": failures, "repetitions": repetitions, "frequency": failures / repetitions}
    return found | {"low": low, "high": high}


def kind(valid: bool, exact: float, delta: float) -> str:
    """"valid", "wrong", or "harmless": a wrong reading that by its exact probability keeps to delta all the same."""
    if valid:
        return "valid"
    return "wrong" if exact > delta else "harmless"
