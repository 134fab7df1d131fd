"""Shares of a sum's variance: identities, an independent regression, coverage, power."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from spacelib.estimators import share_power, variance_shares


def drawn(items: int, seed: int, share: float = 0.7) -> torch.Tensor:
    """Two independent parts, the first with that share of the variance."""
    parts = torch.randn(items, 2, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    return parts * torch.tensor([share, 1 - share], dtype=torch.float64).sqrt()


@pytest.mark.property
@given(st.integers(0, 10_000), st.integers(3, 40), st.integers(2, 5))
def test_shares_sum_to_one_and_are_slopes(seed, items, parts):
    values = torch.randn(items, parts, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    found = variance_shares(values)
    whole = values.sum(1).numpy()
    # at the condition of these draws rounding stays far below 1e-9
    assert abs(sum(e.estimate for e in found) - 1) < 1e-9
    for p, e in enumerate(found):
        assert e.estimate == pytest.approx(stats.linregress(whole, values[:, p].numpy()).slope, abs=1e-9)


@pytest.mark.coverage
def test_the_interval_covers():
    """Of 1,000 draws of 60 items at 95 %: fewer than 915 covered would be a chance below 1e-5."""
    covered = sum(low <= 0.7 <= high for low, high in (variance_shares(drawn(60, seed))[0].interval for seed in range(1000)))
    assert covered >= 915


def test_power_grows_with_items_and_is_small_for_a_small_effect():
    power = [share_power(n, 0.65, draws=400).estimate for n in (20, 60, 200)]
    assert power[0] < power[1] < power[2] and power[2] > 0.95
    assert share_power(40, 0.501, draws=400).interval[0] < 0.05


@pytest.mark.parametrize(("parts", "message"), [
    (torch.zeros(2, 2), r"at least \(3, 2\), got \(2, 2\)"), (torch.zeros(5), "got \\(5,\\)"), (torch.ones(5, 2), "must vary"),
    (torch.tensor([[1.0, np.nan]] * 4), "must be finite"),
])
def test_bad_input_is_named(parts, message):
    with pytest.raises(ValueError, match=message):
        variance_shares(parts)


def test_power_needs_an_effect():
    with pytest.raises(ValueError, match="share must be in"):
        share_power(50, 0.5)
