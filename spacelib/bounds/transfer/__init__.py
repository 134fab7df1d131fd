"""Transfer: what a risk on some scenes says of the risk on others.

`certificates`: from the empirical risk of a posterior to its true risk; `fixed` and `binomial`: of one fixed model, the
latter exactly; `weights`: what a weighted, stratified or dependent sample is worth; `shift`: from the source law's risk
to the target law's, one row a divergence; `composed`: the rows together, and the certificate under shift;
`divergences`: of known laws; `estimation`: of laws seen through counts; `sensitivity`: how much shift is borne;
`disagreement`: from unlabelled target scenes; `frames`: how the shift grows with the frames.
"""

from spacelib.bounds.transfer.binomial import clopper_pearson, test_set_bound
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
from spacelib.bounds.transfer.composed import TightestShift, tightest, transfer_certificate
from spacelib.bounds.transfer.disagreement import (
    disagreement_2015,
    disagreement_2016,
    disagreement_certificate,
    gibbs_from_disagreement,
)
from spacelib.bounds.transfer.divergences import ShiftDivergences, renyi_divergence, shift_divergences
from spacelib.bounds.transfer.estimation import empirical_law_tail, shift_upper_bound
from spacelib.bounds.transfer.fixed import fixed_model_bound
from spacelib.bounds.transfer.frames import gaussian_frames_shift, independent_frames_shift, variance_shift_floor
from spacelib.bounds.transfer.sensitivity import critical_shift, sensitivity_curve
from spacelib.bounds.transfer.shift import (
    shift_chi_square,
    shift_kl,
    shift_pinsker,
    shift_ratio,
    shift_renyi,
    shift_reverse_kl,
    shift_total_variation,
)
from spacelib.bounds.transfer.weights import (
    chromatic_published,
    chromatic_samples,
    question_weighted_samples,
    random_size_certificate,
    stratified_certificate,
    stratified_samples,
    stratified_scene_samples,
    weighted_samples,
)

__all__ = [
    "ShiftDivergences",
    "TightestShift",
    "catoni",
    "chromatic_published",
    "chromatic_samples",
    "clopper_pearson",
    "critical_shift",
    "disagreement_2015",
    "disagreement_2016",
    "disagreement_certificate",
    "empirical_bernstein",
    "empirical_law_tail",
    "fixed_model_bound",
    "gaussian_frames_shift",
    "gibbs_from_disagreement",
    "importance_weighted",
    "independent_frames_shift",
    "kl_certificate",
    "lambda_bound",
    "mcallester",
    "monte_carlo_certificate",
    "question_weighted_samples",
    "random_size_certificate",
    "renyi_divergence",
    "sensitivity_curve",
    "shift_chi_square",
    "shift_divergences",
    "shift_kl",
    "shift_pinsker",
    "shift_ratio",
    "shift_renyi",
    "shift_reverse_kl",
    "shift_total_variation",
    "shift_upper_bound",
    "stratified_certificate",
    "stratified_samples",
    "stratified_scene_samples",
    "test_set_bound",
    "tightest",
    "tolstikhin_seldin",
    "transfer_certificate",
    "variance_shift_floor",
    "weighted_samples",
]
