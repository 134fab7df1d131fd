"""The hybrid: the weight of second moments, the price of its estimate, and folds that nothing leaks through."""

import math

import numpy as np
import pytest
import torch

from spacelib.bounds import tradeoff
from spacelib.models.hybrid import combine


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def answers(shape, bias, root, seed=0, noise=0.0):
    """Explicit and implicit answers whose errors have these biases and covariance root root', and noisy labels."""
    g = generator(seed)
    truth = 3 * torch.randn(shape, generator=g, dtype=torch.float64)
    root, bias = torch.tensor(root, dtype=torch.float64), torch.tensor(bias, dtype=torch.float64)
    error = bias + torch.randn(*shape, 2, generator=g, dtype=torch.float64) @ root.mT
    label = truth + noise * torch.randn(shape, generator=g, dtype=torch.float64)
    return truth + error[..., 0], truth + error[..., 1], label


def second_moments(bias, root):
    second = np.outer(bias, bias) + np.array(root) @ np.array(root).T
    return second[0, 0], second[1, 1], second[0, 1]


CASES = [((0.0, 0.0), ((1.0, 0), (0, 1.5))), ((1.0, 1.0), ((0.5, 0), (0, 1))), ((1.0, -0.8), ((0.6, 0), (0.3, 0.9)))]


@pytest.mark.parametrize(("bias", "root"), CASES)
def test_weight_and_risk_of_many_answers(bias, root):
    """200,000 answers; five standard errors, of the weight by sqrt(R* / (n D))."""
    n = 200_000
    best = tradeoff.combine(*second_moments(bias, root))
    found = combine(*answers((n,), bias, root), generator=generator(1))
    a, g, c = second_moments(bias, root)
    error = 5 * math.sqrt(3 * best.risk / (0.8 * n * (a + g - 2 * c)))  # errors' fourth moments, at most three times
    assert found.weight.tolist() == pytest.approx([best.weight] * 5, abs=error)
    assert found.risk.item() == pytest.approx(best.risk, abs=5 * found.standard_error.item())
    assert found.gain.item() == pytest.approx(min(a, g) - best.risk, abs=5 * found.gain_error.item())
    if bias[0] != bias[1]:  # covariances would weigh otherwise
        covariance = np.array(root) @ np.array(root).T
        wrong = tradeoff.combine(covariance[0, 0], covariance[1, 1], covariance[0, 1]).weight
        assert abs(found.weight.mean().item() - wrong) > error


def test_the_price_of_weights():
    """R* + (R* + s_y²)/(n - 2) with the n of four folds in five, and the labels' variance on top; 20,000 draws."""
    root, noise, n = ((1.0, 0), (0.4, 0.8)), 0.7, 20
    best = tradeoff.combine(*second_moments((0, 0), root))
    found = combine(*answers((20_000, n), (0.0, 0.0), root, noise=noise), generator=generator(1))
    expected = best.risk + tradeoff.combination_price(16, best.risk, noise**2) + noise**2
    error = found.risk.std().item() / math.sqrt(20_000)
    assert found.risk.mean().item() == pytest.approx(expected, abs=4 * error)
    free = best.risk + noise**2  # if weights cost nothing
    assert found.risk.mean().item() > free + 4 * error
    # the standard error takes the weights as given, whose price is 7 % of the risk
    assert found.standard_error.square().mean().sqrt().item() == pytest.approx(found.risk.std().item(), rel=0.1)


def test_no_answer_has_a_part_in_its_own_weight():
    explicit, implicit, targets = answers((40,), (0.3, 0.0), ((1.0, 0), (0, 1)))
    before = combine(explicit, implicit, targets, generator=generator(1))
    targets[7] += 100
    after = combine(explicit, implicit, targets, generator=generator(1))
    mine = before.fold[7]
    assert after.weight[mine] == before.weight[mine] and (after.weight != before.weight).sum() == 4
    assert torch.equal(after.answers[after.fold == mine], before.answers[before.fold == mine])


def test_groups_share_a_fold_and_count_once():
    """Each answer four times over, with its group: the same risk and error as once, which without groups are halved."""
    one = answers((50,), (0.3, 0.0), ((1.0, 0), (0, 1)))
    four = [values.repeat_interleave(4) for values in one]
    groups = torch.arange(50).repeat_interleave(4) * 10 - 3
    once = combine(*one, generator=generator(1))
    grouped = combine(*four, generator=generator(1), groups=groups)
    assert torch.equal(grouped.fold, once.fold.repeat_interleave(4))
    for name in ("weight", "risk", "standard_error", "gain", "gain_error"):
        torch.testing.assert_close(getattr(grouped, name), getattr(once, name))
    naive = combine(*four, generator=generator(1))
    assert naive.standard_error < 0.6 * grouped.standard_error


def test_cut_weights_agreeing_sides_and_kinds():
    explicit, implicit, targets = answers((100,), (0.0, 0.0), ((1.0, 0), (2, 0.1)))
    found = combine(explicit, implicit, targets, generator=generator(1), convex=True)
    free = combine(explicit, implicit, targets, generator=generator(1))
    assert torch.equal(found.weight, free.weight.clamp(0, 1)) and (found.weight != free.weight).any()
    same = combine(explicit, explicit, targets, generator=generator(1))
    assert (same.weight == 0.5).all() and same.risk == same.explicit_risk == same.implicit_risk and same.gain == 0
    plain = combine(*(v.numpy() for v in (explicit, implicit, targets)), generator=generator(1))
    assert isinstance(plain.answers, np.ndarray) and isinstance(plain.fold, np.ndarray)
    assert plain.risk == free.risk.item()
    narrow = combine(*(v.float() for v in (explicit, implicit, targets)), generator=generator(1))
    assert narrow.answers.dtype == narrow.risk.dtype == torch.float32


WRONG = [
    ({"folds": 1}, r"folds must be in \[2, 6\], the number of groups, got 1"),
    ({"folds": 7}, r"folds must be in \[2, 6\], the number of groups, got 7"),
    ({"groups": torch.zeros(6, dtype=torch.long)}, r"folds must be in \[2, 1\], the number of groups, got 5"),
    ({"groups": torch.zeros(5, dtype=torch.long)}, r"groups must be whole numbers of shape \(6,\), got torch.int64"),
    ({"groups": torch.zeros(6)}, r"groups must be whole numbers of shape \(6,\), got torch.float32"),
    ({"targets": torch.zeros(5)}, "the shapes must broadcast"),
    ({"targets": torch.full((6,), math.nan)}, r"targets of shape \(6,\) must be finite, got nan"),
    ({"explicit": 1.0, "implicit": 1.0, "targets": 1.0}, "explicit, implicit and targets must have an axis of answers"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG)
def test_wrong_arguments_are_refused(arguments, words):
    given = {"explicit": torch.zeros(6), "implicit": torch.ones(6), "targets": torch.zeros(6)} | arguments
    with pytest.raises(ValueError, match=f"^combine: {words}"):
        combine(**given, generator=generator())
