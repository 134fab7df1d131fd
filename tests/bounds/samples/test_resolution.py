"""What a benchmark resolves: against scipy's exact tests, simulated benchmarks, and scenes that are all alike."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom, binomtest, norm

from spacelib.bounds.samples.resolution import design_effect, resolvable_difference

SIZES = torch.tensor([1.0, 1, 2, 3, 5, 8, 8, 13])


@pytest.mark.oracle
@settings(max_examples=20)
@given(st.integers(1, 400), st.floats(0.05, 0.95), st.sampled_from([0.8, 0.95, 0.99]))
def test_a_known_accuracy_against_clopper_and_pearson(items, accuracy, confidence):
    found = resolvable_difference(items, against="known", method="exact", accuracy=accuracy, confidence=confidence)
    counts = range(items + 1) if found == math.inf else (round((found + accuracy) * items),)
    for count in counts:
        low = binomtest(count, items, accuracy).proportion_ci(confidence).low
        assert (low < accuracy) if found == math.inf else low >= accuracy * (1 - 1e-9)
        if found < math.inf and count > 0:
            assert binomtest(count - 1, items, accuracy).proportion_ci(confidence).low < accuracy


@pytest.mark.oracle
@pytest.mark.parametrize(("items", "agreement"), [(1371, 0.8), (1406, 0.5), (1000, 0.7), (40, 0.9), (6, 0.0)])
def test_paired_models_against_the_sign_test(items, agreement):
    found = resolvable_difference(items, against="paired", method="exact", agreement=agreement)
    differ = round((1 - agreement) * items + 0.499)
    if differ == 4:
        assert found == math.inf  # 4 wins of 4 have p = 1/8
        return
    wins = round((found * items + differ) / 2)
    assert found == pytest.approx((2 * wins - differ) / items)
    assert binomtest(wins, differ).pvalue <= 0.05 < binomtest(wins - 1, differ).pvalue


@pytest.mark.oracle
def test_the_normal_approximation_solves_its_equation():
    for a, m, power, effect in ((0.5, 1371, None, 1.0), (0.3, 200, 0.8, 2.0), (0.9, 62_000, 0.9, 1.3)):
        z = (norm.ppf(0.975) + (norm.ppf(power) if power else 0)) * math.sqrt(effect / m)
        options = {"accuracy": a, "power": power, "design_effect": effect}
        known = resolvable_difference(m, against="known", **options)
        assert known == pytest.approx(z * math.sqrt(a * (1 - a)), rel=1e-12)
        d = resolvable_difference(m, against="independent", **options)
        b = a + d
        assert d == pytest.approx(z * math.sqrt(a * (1 - a) + b * (1 - b)), rel=1e-12)
        d = resolvable_difference(m, against="paired", agreement=0.8, power=power, design_effect=effect)
        assert d == pytest.approx(z * math.sqrt(0.2 - d * d), rel=1e-12)


@pytest.mark.coverage
def test_exact_power_is_the_power():
    """At the difference found, binomial chances of rejection are the power asked for."""
    for items, accuracy, power in ((100, 0.5, 0.8), (1406, 0.25, 0.9)):
        seen = resolvable_difference(items, against="known", method="exact", accuracy=accuracy)
        count = round((seen + accuracy) * items)
        true = resolvable_difference(items, against="known", method="exact", accuracy=accuracy, power=power)
        assert binom.sf(count - 1, items, accuracy + true) == pytest.approx(power, abs=1e-9)
        assert true > seen


@pytest.mark.coverage
def test_the_design_effect_of_simulated_scenes():
    """Items copy their scene's coin with probability sqrt(rho): 40,000 benchmarks, variance within 4 standard errors."""
    generator = torch.Generator().manual_seed(1)
    rho, repetitions = 0.3, 40_000
    scene = torch.arange(len(SIZES)).repeat_interleave(SIZES.long())
    coins = torch.randint(2, (repetitions, len(SIZES)), generator=generator).double()
    own = torch.randint(2, (repetitions, len(scene)), generator=generator).double()
    copies = torch.rand(repetitions, len(scene), generator=generator) < math.sqrt(rho)
    means = torch.where(copies, coins[:, scene], own).mean(1)
    expected = design_effect(SIZES, rho).item() * 0.25 / len(scene)
    # the variance of a sample variance is below 2 variance^2/repetitions for means of light tails
    assert means.var().item() == pytest.approx(expected, rel=4 * math.sqrt(2 / repetitions))
    assert abs(means.var().item() / (0.25 / len(scene)) - 1) > 0.5  # as if items were independent: wrong


def test_the_design_effect_by_hand():
    assert design_effect(torch.full((7,), 4.0), 0.5).item() == 1 + 3 * 0.5
    assert design_effect(SIZES, 0.0) == 1
    total = SIZES.sum()
    assert total / design_effect(SIZES, 1.0) == pytest.approx((total**2 / (SIZES**2).sum()).item())
    assert design_effect(torch.ones(3, 5), torch.tensor([0.0, 0.5, 1.0])).tolist() == [1, 1, 1]


@pytest.mark.coverage
def test_scenes_that_are_all_alike_keep_hoeffdings_promise_and_break_the_other():
    """Two equally good models, whole scenes won or lost: false differences among 40,000 benchmarks of 60 scenes."""
    generator = torch.Generator().manual_seed(2)
    sizes = torch.randint(1, 9, (60,), generator=generator).double()
    wins = torch.randint(2, (40_000, 60), generator=generator).double() * 2 - 1
    seen = (wins @ sizes / sizes.sum()).abs()
    items, effect = sizes.sum().item(), design_effect(sizes, 1.0).item()
    safe = resolvable_difference(items, against="independent", method="any_dependence", design_effect=effect)
    assert (seen >= safe).double().mean() <= 0.05
    normal = resolvable_difference(items, against="paired", agreement=0.0, design_effect=effect)
    assert (seen >= normal).double().mean() <= 0.05 + 4 * math.sqrt(0.05 * 0.95 / 40_000) + 0.01  # the approximation's own error
    naive = resolvable_difference(items, against="independent", method="any_dependence")
    assert (seen >= naive).double().mean() > 0.05


def test_hoeffding_is_rounded_up_and_has_power():
    found = resolvable_difference(600, against="independent", method="any_dependence")
    assert 0 <= found - 2 * math.sqrt(math.log(40) / 1200) <= 1e-14
    with_power = resolvable_difference(600, against="known", method="any_dependence", power=0.8)
    assert with_power == pytest.approx((math.sqrt(math.log(40)) + math.sqrt(math.log(5))) / math.sqrt(1200), rel=1e-12)


def test_sizes_of_benchmarks():
    """More items resolve less, four times as many about half; agreement helps, scenes cost; too few items resolve nothing."""
    items = np.array([600, 1371, 1406, 7800, 62_000])
    for options in ({"against": "known"}, {"against": "independent"}, {"against": "paired", "agreement": 0.8}):
        found = resolvable_difference(items, **options)
        assert isinstance(found, np.ndarray) and (np.diff(found) < 0).all()
        assert resolvable_difference(4 * items, **options) == pytest.approx(found / 2, rel=0.01)
        assert (resolvable_difference(items, power=0.8, **options) > found).all()
        assert (resolvable_difference(items, design_effect=2.0, **options) > found).all()
    paired = [resolvable_difference(1371, against="paired", agreement=a) for a in (0.5, 0.8, 0.95)]
    assert paired[0] > paired[1] > paired[2]
    assert resolvable_difference(5, against="known", method="exact") == math.inf  # 5 of 5: p = 1/16
    assert resolvable_difference(6, against="known", method="exact") == 0.5
    assert resolvable_difference(3, against="independent", method="any_dependence") == math.inf
    assert resolvable_difference(100, against="paired", agreement=0.999) == math.inf


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: resolvable_difference(10, against="chance"), "against must be one of known, independent, paired, got 'chance'"),
        (lambda: resolvable_difference(10, against="known", method="kl"), "method must be one of normal, exact, any_dependence, got 'kl'"),
        (lambda: resolvable_difference(10, against="paired"), "normal against paired needs agreement, got None"),
        (lambda: resolvable_difference(10, against="known", agreement=0.5), "normal against known takes no agreement, got 0.5"),
        (lambda: resolvable_difference(10, against="paired", agreement=1.0), r"agreement must be in \[0, 1\), got 1.0"),
        (lambda: resolvable_difference(10.5, against="known"), "items must be an integer of at least 1, got 10.5"),
        (lambda: resolvable_difference(10, against="known", power=0.3), r"power must be in \[1/2, 1\), got 0.3"),
        (lambda: resolvable_difference(10, against="known", design_effect=0.5), "design_effect must be at least 1, got 0.5"),
        (lambda: resolvable_difference(10, against="independent", method="exact"), "exact method is for against='known' or 'paired'"),
        (lambda: resolvable_difference(10, against="known", method="exact", design_effect=2.0), "1 for the exact method"),
        (lambda: design_effect(torch.zeros(2), 0.5), "sizes of shape .* must be an integer of at least 1"),
        (lambda: design_effect(torch.ones(2), 1.5), r"correlation must be in \[0, 1\], got 1.5"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
