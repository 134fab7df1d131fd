"""Effective dimensions of a spectrum: figures by hand, their order, gradients, and what is refused."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spacelib.bounds.samples.spectrum import effective_rank, participation_ratio, ridge_dimension

# Sums of at most 12 shares, their logarithms and an exponential of at most ln 12: some forty roundings of 1.1e-16.
ROUNDING = 1e-14

# From the smallest number to one whose double overflows, zeros among them.
entries = st.one_of(st.just(0.0), st.floats(1e-3, 1e3), st.floats(5e-324, 1.7e308))
spectra = st.lists(entries, min_size=1, max_size=12).filter(lambda values: max(values) > 0).map(np.array)
moderate = st.lists(st.one_of(st.just(0.0), st.floats(1e-3, 1e3)), min_size=1, max_size=12)
moderate = moderate.filter(lambda values: max(values) > 0).map(np.array)


def test_figures_by_hand():
    assert effective_rank(np.array([1.0, 1.0, 1.0, 0.0])) == pytest.approx(3, rel=ROUNDING)
    assert participation_ratio(np.array([3.0, 1.0])) == 16 / 10
    # shares 1/2, 1/4, 1/4: entropy 3/2 ln 2
    assert effective_rank(np.array([2.0, 1.0, 1.0])) == pytest.approx(2**1.5, rel=ROUNDING)
    assert ridge_dimension(np.array([3.0, 1.0, 0.0]), 1.0) == 3 / 4 + 1 / 2


@pytest.mark.property
@given(spectra)
def test_between_one_and_the_rank_in_order(spectrum):
    rank, entropy, ratio = np.count_nonzero(spectrum), effective_rank(spectrum), participation_ratio(spectrum)
    assert 1 - ROUNDING <= ratio <= entropy * (1 + ROUNDING) and entropy <= rank * (1 + ROUNDING)


@pytest.mark.property
@given(st.floats(5e-324, 1.7e308), st.integers(1, 12), st.integers(0, 5))
def test_all_three_meet_at_a_flat_spectrum(level, rank, zeros):
    spectrum = np.array([level] * rank + [0.0] * zeros)
    assert effective_rank(spectrum) == pytest.approx(rank, rel=ROUNDING)
    assert participation_ratio(spectrum) == pytest.approx(rank, rel=ROUNDING)
    assert ridge_dimension(spectrum, level) == rank / 2


@pytest.mark.property
@given(moderate)
def test_squares_lower_both(singular):
    """With eigenvalues the squares of singular values: the three relations of the two that hold."""
    eigen = singular**2
    assert participation_ratio(eigen) <= participation_ratio(singular) * (1 + ROUNDING)
    assert participation_ratio(singular) <= effective_rank(singular) * (1 + ROUNDING)
    assert participation_ratio(eigen) <= effective_rank(eigen) * (1 + ROUNDING)
    assert effective_rank(eigen) <= effective_rank(singular) * (1 + ROUNDING)


def test_the_ratio_of_the_singular_values_may_exceed_the_rank_of_the_eigenvalues():
    singular = np.array([1.0, 0.1])
    assert round(participation_ratio(singular), 3) == 1.198 and round(effective_rank(singular**2), 3) == 1.057


@pytest.mark.property
@given(moderate, st.floats(1e-3, 1e3), st.floats(1.01, 10))
def test_ridge_dimension_falls_between_its_bounds(spectrum, ridge, factor):
    rank, trace = np.count_nonzero(spectrum), spectrum.sum()
    ratio, here = participation_ratio(spectrum), ridge_dimension(spectrum, ridge)
    assert ridge_dimension(spectrum, factor * ridge) < here < rank
    assert here <= trace / ridge * (1 + ROUNDING)
    assert here >= ratio / (1 + ridge * ratio / trace) * (1 - ROUNDING)


@pytest.mark.property
@given(spectra, st.floats(5e-324, 1.7e308))
def test_no_scale_overflows_or_vanishes(spectrum, ridge):
    assert all(math.isfinite(v) for v in (effective_rank(spectrum), participation_ratio(spectrum)))
    assert 0 <= ridge_dimension(spectrum, ridge) <= np.count_nonzero(spectrum)


def test_ridge_dimension_runs_from_the_rank_to_zero():
    spectrum = torch.tensor([5.0, 1.0, 1e-3, 0.0], dtype=torch.float64)
    ends = ridge_dimension(spectrum.expand(2, 4), torch.tensor([1e-18, 1e18], dtype=torch.float64))
    torch.testing.assert_close(ends, torch.tensor([3.0, 0.0], dtype=torch.float64), rtol=0, atol=1e-14)


def test_batches_and_kinds(dtype):
    spectra = torch.tensor([[1.0, 2.0, 0.0], [1.0, 1.0, 1.0]], dtype=dtype)
    for function in (effective_rank, participation_ratio, lambda s: ridge_dimension(s, 0.5)):
        whole = function(spectra)
        assert whole.dtype == dtype and whole.shape == (2,)
        assert [function(row).item() for row in spectra] == whole.tolist()
        assert isinstance(function(spectra.numpy()), np.ndarray)
    assert ridge_dimension(spectra[0], torch.tensor([0.1, 1.0], dtype=dtype)).shape == (2,)


def test_gradients():
    spectrum = torch.tensor([[3.0, 1.0, 0.2], [1.0, 1.0, 7.0]], dtype=torch.float64, requires_grad=True)
    ridge = torch.tensor([0.3, 2.0], dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(effective_rank, spectrum)
    assert torch.autograd.gradcheck(participation_ratio, spectrum)
    assert torch.autograd.gradcheck(ridge_dimension, (spectrum, ridge))
    zero = torch.tensor([1.0, 2.0, 0.0], dtype=torch.float64, requires_grad=True)
    effective_rank(zero).backward()
    assert torch.isfinite(zero.grad).all()


@pytest.mark.parametrize("function", [effective_rank, participation_ratio, lambda s: ridge_dimension(s, 1.0)])
def test_refusals(function):
    for spectrum, says in (
        ([1.0, -1e-9], r"spectrum of shape \(2,\) must be at least 0, got -1e-09 at index \(1,\)"),
        ([1.0, math.nan], "spectrum of shape .* must be finite, got nan"),
        ([], "must have at least one entry"),
    ):
        with pytest.raises(ValueError, match=says):
            function(np.array(spectrum))
    with pytest.raises(ValueError, match="at least 1 axis"):
        function(2.0)


def test_nothing_has_no_dimension_and_no_ridge_is_zero():
    for function in (effective_rank, participation_ratio):
        with pytest.raises(ValueError, match="the largest entry of spectrum must be above 0, got 0.0"):
            function(np.zeros(3))
    assert ridge_dimension(np.zeros(3), 1.0) == 0
    with pytest.raises(ValueError, match="ridge must be above 0, got 0.0"):
        ridge_dimension(np.ones(3), 0.0)
