"""No argument that is allowed gives a number that is none, or a risk outside [0, 1]: every corner with every other."""

import itertools
import math

import pytest
import torch

from spacelib import bounds

RISKS = (0.0, 5e-324, 1e-300, 2.0**-53, 0.3, 1 - 2.0**-53, 1.0)
SIZES = (0.0, 5e-324, 1e-300, 1.0, 745.0, 1e300, 1.7976931348623157e308)
SHIFTS = (*SIZES, math.inf)
SAMPLES = (1.0, 2.0, 3e7, 1e300)
SHARES = (5e-324, 0.05, 1 - 2.0**-53)
ABOVE_ONE = (1 + 2.0**-52, 2.0, 1e300)
FROM_ONE = (1.0, *ABOVE_ONE)
POSITIVE = SIZES[1:]
LAWS = torch.tensor([[1, 0, 0], [0.2, 0.3, 0.5], [1 - 1e-15, 1e-15, 0], [1, 5e-324, 1e-300]], dtype=torch.float64)

RISKY = {
    "kl_certificate": (RISKS, SIZES, SAMPLES, SHARES),
    "mcallester": (RISKS, SIZES, SAMPLES, SHARES),
    "tolstikhin_seldin": (RISKS, SIZES, SAMPLES, SHARES),
    "lambda_bound": (RISKS, SIZES, SAMPLES, SHARES),
    "catoni": (RISKS, SIZES, SAMPLES, SHARES, POSITIVE),
    "empirical_bernstein": (RISKS, (0.0, 5e-324, 0.5), SIZES, SAMPLES[1:], SHARES),
    "monte_carlo_certificate": (RISKS, SAMPLES, SIZES, SAMPLES, SHARES, SHARES),
    "transfer_certificate": (RISKS, SIZES, SAMPLES, SHARES, SHIFTS),
    "importance_weighted": (RISKS, FROM_ONE, SIZES, SAMPLES, SHARES),
    "shift_kl": (RISKS, SHIFTS),
    "shift_reverse_kl": (RISKS, SHIFTS),
    "shift_pinsker": (RISKS, SHIFTS),
    "shift_total_variation": (RISKS, RISKS),
    "shift_chi_square": (RISKS, SHIFTS, SIZES),
    "shift_renyi": (RISKS, SHIFTS, ABOVE_ONE),
    "shift_ratio": (RISKS, (*FROM_ONE, math.inf)),
    "chromatic_published": (RISKS, SIZES, SAMPLES, (1.0,), SHARES),
    "random_size_certificate": (RISKS, (1.0,), FROM_ONE, SIZES, SAMPLES, SHARES),
    "gibbs_from_disagreement": (RISKS, RISKS),
    "disagreement_2015": (RISKS, RISKS, RISKS, RISKS),
    "disagreement_2016": (RISKS, RISKS, SIZES, (*ABOVE_ONE, math.inf), RISKS),
    "clopper_pearson": ((0.0, 1.0), (1.0, 2.0, 1e9), (5e-324, 1e-300, 0.05, 0.5 - 2.0**-54)),
    "empirical_law_tail": (SIZES, SAMPLES, (2.0, 1000.0)),
}
OTHERS = {
    "critical_shift": (RISKS, RISKS),
    "gaussian_frames_shift": (SIZES, SIZES, POSITIVE, SAMPLES),
    "independent_frames_shift": (SIZES, SAMPLES),
    "variance_shift_floor": (POSITIVE, SAMPLES),
    "chromatic_samples": (SAMPLES, (1.0,)),
}


def results(name: str, corners) -> torch.Tensor:
    grid = torch.tensor(list(itertools.product(*corners)), dtype=torch.float64)
    return getattr(bounds, name)(*grid.unbind(-1))


@pytest.mark.parametrize("name", RISKY)
def test_risks_at_every_corner(name):
    found = results(name, RISKY[name])
    assert ((found >= 0) & (found <= 1)).all()


@pytest.mark.parametrize("name", OTHERS)
def test_shifts_and_samples_at_every_corner(name):
    assert (results(name, OTHERS[name]) >= 0).all()


@pytest.mark.parametrize("measure", ["reverse_kl", "total_variation", "chi_square", "ratio"])
def test_measures_at_every_corner(measure):
    risk, target = torch.tensor(list(itertools.product(RISKS, RISKS)), dtype=torch.float64).unbind(-1)
    assert (bounds.critical_shift(risk, target, measure=measure) >= 0).all()


def test_laws_at_every_corner():
    nu, mu = LAWS[:, None], LAWS[None]
    far = bounds.shift_divergences(nu, mu)
    for value in (far.kl, far.reverse_kl, far.total_variation, far.chi_square, far.ratio - 1):
        assert (value >= 0).all() and (value.diagonal() == 0).all()
    assert (far.kl.T == far.reverse_kl).all()
    for order in ABOVE_ONE:
        found = bounds.renyi_divergence(nu, mu, order)
        assert (found >= 0).all() and (found.isinf() == far.kl.isinf()).all()
    for weights in LAWS:
        assert 1 <= bounds.weighted_samples(weights) <= 3
        assert bounds.stratified_samples(weights, torch.tensor([1, 1, 1])) >= 1
