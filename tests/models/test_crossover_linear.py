"""The linear crossover: measured risks are the exact ones, the predicted crossover lies where it is observed."""

import math

import numpy as np
import pytest
import torch

from spacelib.models.crossover.linear import (
    FRAMES,
    SETTINGS,
    SPARE,
    Setting,
    _sign_change,
    linear_crossover,
    linear_crossovers,
)

ROWS = len(SETTINGS) * (len(SPARE) + len(FRAMES))


@pytest.fixture(scope="module")
def found():
    return linear_crossovers(2_000, generator=torch.Generator().manual_seed(1))


@pytest.mark.coverage
def test_measured_risks_are_the_exact_ones(found):
    """48 means: at 4 standard errors one of them fails by chance in 0.3 % of seeds."""
    risks = found.risks
    assert len(risks) == ROWS == 48
    far = (risks.measured - risks.exact).abs() / risks.standard_error
    assert (far < 4).all(), risks[far >= 4]
    assert 0.6 < (far**2).mean() < 1.6  # a mean of 48 squares of standard normals: 1 up to 3 times 0.2


@pytest.mark.coverage
def test_the_formula_without_the_bias_in_the_fit_is_rejected(found):
    risks = found.risks[(found.risks.side == "implicit") & (found.risks.bias > 0)]
    far = (risks.measured - risks.omitted) / risks.standard_error
    assert (far.groupby(risks.dimension).max() > 5).all()


@pytest.mark.coverage
def test_the_crossover_is_where_it_is_predicted(found):
    """Each interval fails in at most 5 % of seeds; those of a setting share data: over 3 misses take two settings."""
    rows = found.crossovers
    assert len(rows) == 12
    missed = (rows.predicted < rows.low) | (rows.predicted > rows.high)
    line = (rows.predicted < rows.line_low) | (rows.predicted > rows.line_high)
    assert missed.sum() <= 3 and line.sum() <= 3
    assert (rows.low <= rows.line_low).all() and (rows.line_high <= rows.high).all()
    finite = rows[np.isfinite(rows.predicted)]
    assert len(finite) == 11 and np.isfinite(finite.line_high).sum() >= 9
    assert ((finite.low <= finite.observed) & (finite.observed <= finite.high)).all()
    always = rows[~np.isfinite(rows.predicted)]
    assert (always.regime != "finite").all() and np.isinf(always.high).all()


@pytest.mark.coverage
def test_a_wrong_prediction_is_excluded(found):
    """The crossover with sigma^2 d in the place of (sigma^2 + b) d."""
    rows = found.crossovers[found.crossovers.bias > 0]
    rows = rows[np.isfinite(rows.predicted)]
    start = rows.dimension + 1
    wrong = start + (rows.predicted - start) * rows.noise / (rows.noise + rows.bias)
    assert ((wrong < rows.line_low) | (wrong > rows.line_high)).mean() > 0.7


def test_one_generator_gives_one_result():
    setting = SETTINGS[0]

    def risks(seed):
        return linear_crossover(setting, [11, 20], [2], 50, generator=torch.Generator().manual_seed(seed)).risks

    assert risks(1).equals(risks(1)) and not risks(1).equals(risks(2))


def test_a_gap_without_noise_changes_sign_where_it_does():
    sizes = torch.tensor([10, 20, 40, 80])
    gaps = 3 / (sizes.double() - 5) - 0.1  # 0 at 35
    assert _sign_change(sizes, gaps, 5) == pytest.approx(35, rel=1e-12)


def test_a_crossover_outside_the_sizes():
    generator = torch.Generator().manual_seed(3)
    explicit = linear_crossover(Setting(3, 1.0, 2.0, 0.0, 0.01), [10, 20], [1], 200, generator=generator).crossovers
    assert explicit.observed[0] == math.inf and explicit.low[0] == 20 and explicit.high[0] == math.inf
    implicit = linear_crossover(Setting(3, 0.01, 0.0, 4.0, 1.0), [10, 20], [1], 200, generator=generator).crossovers
    assert implicit.observed[0] == 10 and implicit.low[0] == 0 and implicit.high[0] == 10


def test_sizes_without_a_standard_error_are_refused():
    with pytest.raises(ValueError, match=r"linear_crossover: samples .* at least dimension \+ 4, got 7"):
        linear_crossover(SETTINGS[0], [7, 20], [2], generator=torch.Generator())
    with pytest.raises(ValueError, match="repetitions must be at least 2, got 1"):
        linear_crossover(SETTINGS[0], [9, 20], [2], 1, generator=torch.Generator())
