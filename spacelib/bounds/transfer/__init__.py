"""Transfer: what a risk on some scenes says of the risk on others.

`certificates`: from the empirical risk of a posterior to its true risk; `shift`: from the source law's risk to the
target law's, one row a divergence; `composed`: the rows together, and the certificate under shift; `divergences`: of
known laws.
"""

from spacelib.bounds.transfer.certificates import (
    catoni,
    empirical_bernstein,
    importance_weighted,
    kl_certificate,
    lambda_bound,
    mcallester,
    monte_carlo_certificate,
    tolstikhin_seldin,
)
from spacelib.bounds.transfer.divergences import ShiftDivergences, renyi_divergence, shift_divergences
from spacelib.bounds.transfer.shift import (
    shift_chi_square,
    shift_kl,
    shift_pinsker,
    shift_ratio,
    shift_renyi,
    shift_reverse_kl,
    shift_total_variation,
)
from spacelib.bounds.transfer.composed import TightestShift, tightest, transfer_certificate

__all__ = [
    "ShiftDivergences",
    "TightestShift",
    "catoni",
    "empirical_bernstein",
    "importance_weighted",
    "kl_certificate",
    "lambda_bound",
    "mcallester",
    "monte_carlo_certificate",
    "renyi_divergence",
    "shift_chi_square",
    "shift_divergences",
    "shift_kl",
    "shift_pinsker",
    "shift_ratio",
    "shift_renyi",
    "shift_reverse_kl",
    "shift_total_variation",
    "tightest",
    "tolstikhin_seldin",
    "transfer_certificate",
]
