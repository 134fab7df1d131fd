"""The conditional ceiling: equal slopes against a general optimiser, a fine split, and the questions one by one."""

import math

import mpmath
import numpy as np
import pytest
import torch
from priors import DIGITS, priors, slack
from scipy.optimize import minimize

from spacelib.bounds import accuracy_ceiling, conditional_ceiling, exact_ceiling, parametric_ceiling

PRIORS = torch.tensor([[0.5, 0.3, 0.2, 0], [0.9, 0.05, 0.05, 0], [0.25, 0.25, 0.25, 0.25]], dtype=torch.float64)
WEIGHTS = torch.tensor([0.2, 0.5, 0.3], dtype=torch.float64)
ENTROPIES = torch.special.entr(PRIORS).sum(-1)


def conditional_reference(laws, weights, information):
    """60 digits: halving for the ratio a = L/A common to all questions, each question's point in closed form."""
    with mpmath.workdps(DIGITS):
        weights = [mpmath.mpf(float(w)) for w in weights]
        exact = [sorted((mpmath.mpf(float(x)) for x in law if x > 0), reverse=True) for law in laws]
        exact = [[x / mpmath.fsum(p) for x in p] for p in exact]

        def point(p, ratio):
            for k in range(len(p), 1, -1):
                accuracy = mpmath.fsum(p[:k]) / (1 + (k - 1) * ratio)
                level = ratio * accuracy
                if level < p[k - 1]:
                    known = mpmath.fsum(-x * mpmath.log(x) for x in p[:k])
                    return accuracy, known + accuracy * mpmath.log(accuracy) + (k - 1) * level * mpmath.log(level)
            return p[0], mpmath.mpf(0)

        low, high = mpmath.mpf(0), mpmath.mpf(1)
        for _ in range(150):
            middle = (low + high) / 2
            points = [point(p, middle) for p in exact]
            spent = mpmath.fsum(w * r for w, (_, r) in zip(weights, points, strict=True)) / mpmath.fsum(weights)
            low, high = (middle, high) if spent > information else (low, middle)
        return mpmath.fsum(w * a for w, (a, _) in zip(weights, points, strict=True)) / mpmath.fsum(weights)


@pytest.mark.oracle
def test_never_below_the_exact_one_and_close():
    random = np.random.default_rng(0)
    laws = [p for p in priors(400, seed=5) if p.size == 8]
    for _ in range(15):
        chosen = [laws[i] for i in random.integers(0, len(laws), 4)]
        weights = random.dirichlet(np.ones(4))
        entropy = sum(w * -(p[p > 0] * np.log(p[p > 0])).sum() for w, p in zip(weights, chosen, strict=True))
        for information in (10.0 ** random.uniform(-12, -2), entropy * random.random() * 0.98):
            found = conditional_ceiling(np.array(chosen), weights, information).accuracy
            exact = conditional_reference(chosen, weights, information)
            assert exact <= found <= exact + slack(32)  # as deep a sum as a prior of 8 and 4 questions have together


@pytest.mark.oracle
@pytest.mark.parametrize("information", [0.02, 0.1, 0.4, 0.7])
def test_a_general_optimiser_finds_the_same(information):
    """SLSQP over the split of the information, the ceiling of each question taken as a black box with its slope."""
    budget = information / WEIGHTS.numpy()

    def loss(split):
        return -float(WEIGHTS @ exact_ceiling(PRIORS, torch.tensor(split).clamp(min=0)))

    # a start inside, where every slope is finite
    start = np.minimum(budget.min() / 3, ENTROPIES.numpy() / 2)
    found = minimize(
        loss,
        start,
        method="SLSQP",
        bounds=[(1e-12, e) for e in ENTROPIES.tolist()],
        constraints={"type": "ineq", "fun": lambda split: information - float(WEIGHTS @ torch.tensor(split))},
        options={"maxiter": 500, "ftol": 1e-13},
    )
    spent = max(0.0, information - float(WEIGHTS @ torch.tensor(found.x)))
    result = conditional_ceiling(PRIORS, WEIGHTS, information)
    assert -1e-12 <= result.accuracy.item() + found.fun  # no split does better
    assert result.accuracy.item() + found.fun <= 1e-4 + 10 * spent  # and the optimiser comes close


def test_no_split_does_better_and_the_own_allocation_as_well():
    generator = torch.Generator().manual_seed(0)
    split = torch.rand(20_000, 3, generator=generator, dtype=torch.float64) * ENTROPIES
    information = split @ WEIGHTS
    accuracy = exact_ceiling(PRIORS, split) @ WEIGHTS
    best = conditional_ceiling(PRIORS, WEIGHTS, information)
    assert bool((best.accuracy >= accuracy - 1e-14).all())
    assert (best.accuracy - accuracy).min() < 1e-3  # some random split is nearly right
    torch.testing.assert_close(best.allocation @ WEIGHTS, information, rtol=0, atol=1e-12)
    torch.testing.assert_close(exact_ceiling(PRIORS, best.allocation) @ WEIGHTS, best.accuracy, rtol=0, atol=1e-12)
    # sensitivity: one percent less is beaten
    assert bool((best.accuracy / 1.01 < accuracy).any())


def test_slopes_are_equal_where_information_is_spent_and_steep_questions_get_none():
    """ln(p_1/p_2) of the second question is 2.9: it gets nothing until the others' slopes have risen that far."""
    allocation = conditional_ceiling(PRIORS, WEIGHTS, 0.1).allocation
    assert allocation[1] == 0 and bool((allocation[[0, 2]] > 0.01).all())
    inside = allocation[[0, 2]].clone().requires_grad_()
    (slopes,) = torch.autograd.grad(exact_ceiling(PRIORS[[0, 2]], inside).sum(), inside)
    assert slopes[0].item() == pytest.approx(slopes[1].item(), rel=1e-9)
    assert slopes[0].item() > 1 / math.log(0.9 / 0.05)
    late = conditional_ceiling(PRIORS, WEIGHTS, 0.5).allocation
    assert bool((late > 0.01).all())


def test_the_dual_form_of_the_theorem():
    """inf over a of 1 - (E_Q G_q(a) - I)/ln(1/a), G_q(a) = ln(1/a) (1 - A) + R at level a A, and (1 - p_1) ln(1/a) for a >= p_2/p_1."""
    slope = torch.linspace(0.01, 12, 4000, dtype=torch.float64)
    ratio = torch.exp(-slope)[:, None]
    duals = torch.zeros_like(slope)
    for prior, weight in zip(PRIORS, WEIGHTS, strict=True):
        p = prior.sort(descending=True).values
        level = torch.zeros_like(slope)[:, None]
        for k in range(2, 5):  # level a A with k targets above: a P/(1 + (k-1) a), where it is below p_k
            candidate = ratio * p[:k].sum() / (1 + (k - 1) * ratio)
            level = torch.where(candidate < p[k - 1], torch.maximum(level, candidate), level)
        accuracy, information = parametric_ceiling(prior, level[:, 0])
        inner = ratio[:, 0] < p[1] / p[0]
        duals += weight * torch.where(inner, slope * (1 - accuracy) + information, (1 - p[0]) * slope)
    for information in (0.05, 0.2, 0.5):
        dual = (1 - (duals - information) / slope).min().item()
        primal = conditional_ceiling(PRIORS, WEIGHTS, information).accuracy.item()
        assert primal - 1e-12 <= dual <= primal + 1e-5  # a grid of slopes 0.003 apart misses the optimum by its square


def test_between_the_marginal_and_the_fano_ceiling():
    """The conditional ceiling is at most the one from the mean blind accuracy; the best prior for all would overstate it."""
    information = torch.linspace(0, 0.8, 30, dtype=torch.float64)
    ceiling = conditional_ceiling(PRIORS, WEIGHTS, information).accuracy
    blind = (PRIORS.amax(-1) @ WEIGHTS).item()
    assert ceiling[0].item() == pytest.approx(blind, abs=1e-13)
    assert bool((ceiling <= accuracy_ceiling(blind, information) + 1e-13).all())
    equal = exact_ceiling(PRIORS, information[:, None].expand(30, 3)) @ WEIGHTS
    assert bool((ceiling >= equal - 1e-13).all()) and bool(
        (ceiling > equal + 1e-3).any()
    )  # not the same for every question


def test_all_the_information_and_questions_of_no_weight():
    whole = (ENTROPIES @ WEIGHTS).item()
    result = conditional_ceiling(PRIORS, WEIGHTS, whole + 1)
    assert result.accuracy == 1
    torch.testing.assert_close(result.allocation, ENTROPIES, rtol=0, atol=1e-14)
    more = conditional_ceiling(
        torch.cat([PRIORS, PRIORS[:1]]), torch.cat([WEIGHTS, torch.zeros(1, dtype=torch.float64)]), 0.2
    )
    assert more.accuracy.item() == pytest.approx(conditional_ceiling(PRIORS, WEIGHTS, 0.2).accuracy.item(), abs=1e-13)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: conditional_ceiling(PRIORS, WEIGHTS[:2] / 0.7, 0.1), "as many questions as weights, got 3 and 2"),
        (lambda: conditional_ceiling(PRIORS, WEIGHTS / 2, 0.1), "the sum of weights must be 1, got 0.5"),
        (lambda: conditional_ceiling(PRIORS[0], WEIGHTS, 0.1), "priors must have at least 2 axes"),
        (lambda: conditional_ceiling(PRIORS, WEIGHTS, -1.0), "information must be at least 0"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call()
