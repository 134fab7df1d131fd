"""Entropy estimators: exact identities, re-implementations from the papers, the border, errors."""

import math
from fractions import Fraction

import mpmath as mp
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from spacelib.estimators import entropy
from spacelib.estimators.entropy import METHODS

tables = arrays(np.int64, st.integers(1, 8), elements=st.integers(0, 40)).filter(np.any)
ROUNDING = 1e-12  # sums of 8 terms of size ln 320


def exactly(counts, method) -> float:
    """Straight from the papers, in 40 digits, shares as fractions; one cell at a time."""
    with mp.workdps(40):
        counts = [int(c) for c in counts]
        n, size = sum(counts), len(counts)
        shares = [Fraction(c, n) for c in counts]

        def plug_in(values):
            return -sum(_real(p) * mp.log(_real(p)) for p in values if p > 0)

        if method == "plug_in":
            return float(plug_in(shares))
        if method == "miller_madow":
            return float(plug_in(shares) + mp.mpf(sum(c > 0 for c in counts) - 1) / (2 * n))
        if method == "chao_shen":
            singletons = min(sum(c == 1 for c in counts), n - 1) if n > 1 else 0
            adjusted = [(1 - Fraction(singletons, n)) * p for p in shares if p > 0]
            return float(-sum(_real(p) * mp.log(_real(p)) / (1 - (1 - _real(p)) ** n) for p in adjusted))
        if method == "grassberger":
            return float(mp.log(n) - sum(c * _G(c) for c in counts if c) / mp.mpf(n))
        squares, distance = sum(p**2 for p in shares), sum((Fraction(1, size) - p) ** 2 for p in shares)
        weight = min(Fraction(1), (1 - squares) / ((n - 1) * distance)) if n > 1 and distance > 0 else Fraction(1)
        return float(plug_in([weight * Fraction(1, size) + (1 - weight) * p for p in shares]))


def _real(p):
    return mp.mpf(p.numerator) / p.denominator


def _G(n):
    """By the recurrence of Grassberger 2003: G_1 = -gamma - ln 2, G_2 = 2 - gamma - ln 2, G_(2k+2) = G_2k + 2/(2k+1)."""
    if n == 1:
        return -mp.euler - mp.log(2)
    return 2 - mp.euler - mp.log(2) + sum(mp.mpf(2) / (2 * k + 1) for k in range(1, n // 2))


@pytest.mark.oracle
@given(tables)
def test_against_the_papers_in_forty_digits(counts):
    for method in METHODS:
        if method != "nsb":  # tests/estimators/test_nsb.py
            assert entropy(counts, method=method) == pytest.approx(exactly(counts, method), abs=ROUNDING), method


@pytest.mark.oracle
@pytest.mark.parametrize(
    ("counts", "miller_madow", "chao_shen", "shrinkage"),
    [
        ([9, 7, 6, 4, 4, 1, 1], 1.8333201545578324, 1.8318243905904326, 1.8981108495637302),
        ([1, 1, 1, 1], 1.7612943611198906, 3.046482035086619, 1.3862943611198906),
        ([30, 5, 2, 1, 1, 1, 1, 1], 1.166969490351105, 1.377163959812642, 1.13762936590784),
    ],
)
def test_against_other_packages(counts, miller_madow, chao_shen, shrinkage):
    """What infomeasure 0.6.3 gives for all three, and pyitlib 0.3.1 for the last; the first is AGPL, so values only.

    infomeasure's Grassberger is that of 1988, and its NSB integral is off by some hundredths: neither is compared.
    """
    want = {"miller_madow": miller_madow, "chao_shen": chao_shen, "shrinkage": shrinkage}
    for method, value in want.items():
        assert entropy(np.array(counts), method=method) == pytest.approx(value, abs=ROUNDING)


@pytest.mark.property
@given(tables, st.randoms(use_true_random=False))
def test_order_and_empty_cells_do_not_matter(counts, random):
    shuffled = list(counts)
    random.shuffle(shuffled)
    for method in METHODS:
        value = entropy(counts, method=method)
        assert entropy(np.array(shuffled), method=method) == pytest.approx(value, abs=ROUNDING)
        occupied = entropy(counts[counts > 0], method=method, alphabet=len(counts))
        assert occupied == pytest.approx(value, abs=ROUNDING), method


@pytest.mark.property
@given(tables)
def test_ranges(counts):
    whole = math.log(len(counts))
    for method in ("plug_in", "nsb", "shrinkage"):
        assert -ROUNDING <= entropy(counts, method=method) <= whole + ROUNDING
    assert entropy(counts, method="shrinkage") >= entropy(counts, method="plug_in") - ROUNDING


def test_one_draw_and_singletons_only():
    assert entropy(np.array([1, 0]), method="shrinkage") == pytest.approx(math.log(2))  # nothing but the target
    assert entropy(np.array([1]), method="chao_shen") == 0.0
    assert math.isfinite(entropy(np.ones(9), method="chao_shen"))  # no coverage: one singleton is taken for a pair
    assert entropy(np.array([5, 5]), method="shrinkage") == pytest.approx(math.log(2))  # at the target already


@pytest.mark.parametrize("method", METHODS)
def test_consistent(method):
    """200 data sets of 10^4 draws from 16 unequal cells: bias far below the plug-in's at 100 draws, and no more than 1/n."""
    law = torch.arange(1, 17, dtype=torch.float64)
    draws = torch.multinomial(law, 200 * 10_000, True, generator=torch.Generator().manual_seed(0)).reshape(200, -1)
    counts = torch.zeros(200, 16, dtype=torch.int64).scatter_add_(1, draws, torch.ones_like(draws))
    values = entropy(counts, method=method)
    truth = torch.special.entr(law / law.sum()).sum()
    # at most the plug-in's bias 15/(2n), and four standard errors of the mean of 200
    allowed = 15 / 20_000 + 4 * values.std().item() / math.sqrt(200)
    assert abs((values.mean() - truth).item()) < allowed


def test_batches_and_kinds():
    counts = torch.randint(1, 9, (4, 5, 3), generator=torch.Generator().manual_seed(0))
    for method in METHODS:
        batch = entropy(counts, method=method)
        assert batch.shape == (4, 5) and batch.dtype == torch.float64
        assert batch[2, 3] == pytest.approx(entropy(counts[2, 3].numpy(), method=method), abs=ROUNDING)
        assert entropy(counts.float(), method=method).dtype == torch.float32
        assert isinstance(entropy(counts.numpy(), method=method), np.ndarray)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda: entropy([1, 2]), TypeError, "counts must be a torch tensor or a numpy array, got list"),
        (lambda: entropy(np.array([1, -2])), ValueError, "finite and at least 0, got -2.0"),
        (lambda: entropy(np.array([1, math.nan])), ValueError, "got nan"),
        (lambda: entropy(np.array([1, 1j])), TypeError, "counts must be real"),
        (lambda: entropy(np.array(3)), ValueError, "at least one cell, got \\(\\)"),
        (lambda: entropy(np.zeros((2, 0))), ValueError, "at least one cell, got \\(2, 0\\)"),
        (lambda: entropy(np.zeros(3)), ValueError, "at least one count"),
        (lambda: entropy(np.array([0.5, 1]), method="grassberger"), ValueError, "whole numbers for this method, got 0.5"),
        (lambda: entropy(np.ones(3), alphabet=2), ValueError, "alphabet must be at least the 3 cells .* got 2"),
        (lambda: entropy(np.ones(3), alphabet=3.5), TypeError, "alphabet must be a whole number, got float"),
        (lambda: entropy(np.ones(3), method="best"), ValueError, "method must be one of plug_in, .* got 'best'"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, error, words):
    with pytest.raises(error, match=words):
        call()
