"""Estimators: quantities measured from samples, each with its uncertainty.

`mutual_information` is the front door for information, `accuracy` for scores; both give an `Estimate` whose interval
resamples whole scenes. Discrete (integer-coded) variables in this edition. Nats throughout.
"""

from spacelib.estimators.cluster import accuracy
from spacelib.estimators.discrete import information_from_counts, mutual_information
from spacelib.estimators.permutation import permutation_p_value
from spacelib.estimators.result import Estimate

__all__ = ["Estimate", "accuracy", "information_from_counts", "mutual_information", "permutation_p_value"]
