"""The one result of every estimator: a number never comes without its uncertainty."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Estimate:
    """An estimate with its uncertainty.

    estimate and interval in the unit of the quantity (nats for information, a probability for an accuracy); interval is
    (low, high) at 95 %; standard_error is that of the estimate; samples is the number of items; method says in
    words how estimate and interval were made.
    """

    estimate: float
    interval: tuple[float, float]
    standard_error: float
    samples: int
    method: str
