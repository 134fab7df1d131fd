"""The NSB posterior: exact identities, a reference in 30 digits, published values, the border."""

import math

import mpmath as mp
import numpy as np
import pytest
import torch
from nsb_reference import dirichlet_moments, nsb_moments

from spacelib.estimators import entropy, nsb_posterior
from spacelib.estimators.nsb import _log_density, _log_rising, _Table

# The integrals agree to 1e-11 ln K with their coarser half, so far better; the rest is rounding of sums of K terms.
EXACT = 1e-12


@pytest.mark.parametrize("alphabet", [2, 3, 50, 10_000])
def test_no_counts_give_the_prior(alphabet):
    """The prior mean entropy xi is uniform on (0, ln K): its mean is ln(K)/2."""
    mean, deviation = nsb_posterior(torch.zeros(1), alphabet=alphabet)
    assert mean.item() == pytest.approx(math.log(alphabet) / 2, rel=1e-6)  # counts in float32: so is the answer
    mean, deviation = nsb_posterior(np.zeros(1), alphabet=alphabet)
    assert mean == pytest.approx(math.log(alphabet) / 2, rel=EXACT)
    # Var = Var(xi) + E[Var(H | xi)]
    assert deviation >= math.log(alphabet) / math.sqrt(12)


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("counts", "alphabet"),
    [
        ([4, 2, 3, 0, 2, 4, 0, 0, 2, 1, 1], 11),
        ([1, 1, 1, 1], 20),
        ([1000], 2),
        ([50, 50], 2),
        ([100_000, 99_990, 3], 5),
        ([10] * 16, 16),
        ([1] * 30, 1000),
    ],
)
def test_against_thirty_digits(counts, alphabet):
    mean, deviation = nsb_moments(counts, alphabet)
    got = nsb_posterior(np.array(counts), alphabet=alphabet)
    assert got[0] == pytest.approx(mean, rel=EXACT)
    # the variance comes with rounding of 1e-16 / n: the deviation is good to that over itself
    assert got[1] == pytest.approx(deviation, rel=1e-10)
    assert entropy(np.array(counts), method="nsb", alphabet=alphabet) == got[0]


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("counts", "alphabet", "mean"),
    [
        ([4, 12, 4, 5, 3, 1, 5, 1, 2, 2, 2, 2, 11, 3, 4, 12, 12, 1, 2], 100, 2.8060922529931225),
        ([7, 3, 5, 8, 9, 1, 3, 3, 1, 0, 2, 5, 2, 11, 4, 23, 5, 0, 8, 0], 20, 2.623634344902917),
    ],
)
def test_values_that_the_package_ndd_publishes(counts, alphabet, mean):
    """From the PyPI pages of ndd and ndd 0.8 (S. Marsili, BSD; Fortran, so not installed here): versions differ from one another by 1e-6 in a value."""
    got = nsb_posterior(np.array(counts), alphabet=alphabet)
    assert got[0] == pytest.approx(mean, rel=5e-6)
    if alphabet == 100:
        assert got[1] == pytest.approx(0.11945501149743358, rel=5e-4)


@pytest.mark.parametrize("beta", [1e-6, 0.3, 1.0, 40.0, 1e6])
def test_closed_moments_of_one_dirichlet_law(beta):
    """One node of the integral, whose weight is 1: mean and deviation under a Dirichlet law."""
    values = torch.tensor([0.0, 1, 5], dtype=torch.float64)
    table = _Table(values, torch.tensor([11.0], dtype=torch.float64), 7, torch.tensor([beta], dtype=torch.float64))
    got = table.moments(torch.tensor([[4.0, 1, 2]], dtype=torch.float64), torch.tensor([0]))[0].flatten().tolist()
    with mp.workdps(40):
        mean, square = dirichlet_moments({0: 4, 1: 1, 5: 2}, mp.mpf(beta))
        deviation = float(mp.sqrt(square - mean**2))
    assert got[0] == pytest.approx(float(mean), rel=1e-13)
    # variance about 1 / total, with rounding of 1e-16 ln(total)^2 / total against K / total^2
    assert got[1] == pytest.approx(deviation, rel=1e-13 * (11 + 7 * beta))


@pytest.mark.parametrize("beta", [1e-12, 1e-3, 1.0, 19.99, 20.01, 49.9, 50.1, 1e5, 1e15])
def test_series_where_differences_would_cancel(beta):
    with mp.workdps(60):
        b = mp.mpf(beta)
        for n in (0, 1, 7, 12345):
            want = mp.loggamma(b + n) - mp.loggamma(b) - n * mp.log(b)
            got = _log_rising(torch.tensor([float(n)], dtype=torch.float64), torch.tensor([beta], dtype=torch.float64)).item()
            assert got == pytest.approx(float(want), rel=1e-12, abs=1e-14 * max(n, 20 * 3))
        for alphabet in (2, 1000):
            want = mp.log(b * (alphabet * mp.psi(1, alphabet * b + 1) - mp.psi(1, b + 1)))
            got = _log_density(alphabet, torch.tensor([beta], dtype=torch.float64)).item()
            assert got == pytest.approx(float(want), abs=1e-12)


@pytest.mark.oracle
def test_a_posterior_narrower_than_the_first_step():
    """1 to 90 counts in each of 20 000 cells: ln beta is .76 +- .01, and both of the first two grids meet it in one node."""
    counts = np.arange(20_000) % 90 + 1
    mean, deviation = nsb_moments(counts, 20_000, nodes_per_unit=128, low=0.625, high=0.875)
    assert nsb_posterior(counts) == (pytest.approx(mean, rel=EXACT), pytest.approx(deviation, rel=1e-8))


def test_batches_kinds_and_a_single_symbol():
    counts = torch.randint(0, 5, (3, 2, 6), generator=torch.Generator().manual_seed(0))
    mean, deviation = nsb_posterior(counts)
    assert mean.shape == deviation.shape == (3, 2) and mean.dtype == torch.float64
    one = nsb_posterior(counts[1, 1].numpy())
    # batch and single stop at steps of their own: both are good to EXACT
    assert isinstance(one[0], float) and one == pytest.approx((mean[1, 1].item(), deviation[1, 1].item()), rel=EXACT)
    assert nsb_posterior(np.array([3])) == (0.0, 0.0)
    assert [v.shape for v in nsb_posterior(torch.zeros(0, 4))] == [(0,), (0,)]


def test_hidden_symbols_are_cells_without_counts():
    counts = np.array([3, 1, 4])
    padded = nsb_posterior(np.array([3, 0, 1, 4, 0]))
    assert nsb_posterior(counts, alphabet=5) == pytest.approx(padded, rel=EXACT)


def test_consistent():
    """10^6 draws: within four posterior deviations of the truth, and those near the delta method's."""
    law = torch.tensor([0.5, 0.3, 0.15, 0.05], dtype=torch.float64)
    draws = torch.multinomial(law, 1_000_000, True, generator=torch.Generator().manual_seed(0))
    mean, deviation = nsb_posterior(torch.bincount(draws))
    truth = torch.special.entr(law).sum().item()
    delta = math.sqrt(((law * law.log() ** 2).sum().item() - truth**2) / 1_000_000)
    assert deviation.item() == pytest.approx(delta, rel=0.01)  # next order: 1/sqrt(n), times constants near 1
    assert abs(mean.item() - truth) < 4 * deviation.item()
