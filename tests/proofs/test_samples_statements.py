"""The samples in two forms: the numbers of the kernel's statements are those that the library computes."""

import math
import random
from fractions import Fraction

import pytest
import torch

from spacelib import bounds, proofs
from spacelib.proofs.kernel import Model, truth, var
from spacelib.proofs.samples import attention, gaussian, heavy, lower, minimax, pacbayes, ranks, single, squares
from test_capacity_statements import value
from test_statements_match_bounds import U, within

pytestmark = pytest.mark.oracle
exact = lambda **values: {name.rstrip("_"): Fraction(x) for name, x in values.items()}


def reached(hypothesis, samples: float, **values) -> bool:
    """Does the kernel's hypothesis "there are enough samples" hold at this number?"""
    return truth(hypothesis.claim, Model(exact(n=samples, **values))) is True


@pytest.mark.parametrize("seed", range(20))
def test_samples_that_are_enough_are_those_of_the_theorems(seed):
    rng = random.Random(seed)
    epsilon, delta, budget = rng.uniform(0.02, 0.4), rng.uniform(0.001, 0.5), rng.uniform(0.1, 9)
    known = {"epsilon": epsilon, "delta": delta}
    one_sided = {"epsilon": epsilon, "delta": delta / 2, "K": budget}  # either side at half the confidence
    n = bounds.required_samples(epsilon, delta, budget, regime="averaged_almost_sure", bound="fixed_exponent")
    assert reached(pacbayes.ENOUGH, n, **one_sided) and not reached(pacbayes.ENOUGH, n - 1, **one_sided)
    n = bounds.required_samples(epsilon, delta, budget, regime="single_draw", bound="explicit")
    assert reached(single.ENOUGH, n, **known, K=budget) and not reached(single.ENOUGH, n - 1, **known, K=budget)
    n = bounds.required_samples(epsilon, delta, regime="finite_variance_empirical_mean", variance=1.0, chi_square=0.0)
    chance = heavy.chebyshev.statement.rhs
    assert value(chance, Model(exact(n=n, v=1, epsilon=epsilon))) <= delta < value(chance, Model(exact(n=n - 1, v=1, epsilon=epsilon)))
    blocks = bounds.required_samples(1.0, delta, 0.0, regime="finite_variance_median_of_means", variance=1.0) / 6
    known = {"delta": delta}
    assert reached(heavy.BLOCKS, blocks, **known) and not reached(heavy.BLOCKS, blocks - 1, **known)


@pytest.mark.parametrize("seed", range(20))
def test_the_mean_square_and_the_moment(seed):
    rng = random.Random(seed)
    n, budget, share = rng.randint(1, 500), rng.uniform(0, 9), rng.uniform(0.01, 0.99)
    found = bounds.squared_gap(n, budget, exponent=share)
    assert within(found, squares.mean_squares.statement.rhs, exact(n=n, K=budget, u=share), 64 * U * found)
    assert bounds.maurer_moment(n) <= 2 * math.sqrt(n) * (1 + 1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_what_no_learner_can_do(seed):
    rng = random.Random(seed)
    epsilon, delta = rng.uniform(0.05, 0.9), rng.uniform(0.001, 0.2)
    simple = value(minimax._needed, Model(exact(epsilon=epsilon, delta=delta)))
    assert bounds.necessary_samples(epsilon, delta, regime="learning_minimax", dimension=1) >= math.floor(simple)
    n, d = rng.randint(5, 500), rng.randint(1, 5)
    quarter = math.sqrt(d / (8 * n)) / 4  # gamma/4 with 8 n gamma^2 = d, as on `assouad`
    assert bounds.minimax_excess(n, d, problem="agnostic") == pytest.approx(quarter, rel=1e-12)
    realizable = bounds.minimax_excess(n, d, problem="realizable")
    assert within(realizable, minimax.rare_points.statement.lhs, exact(n=n, d=d), 8 * U)
    location = bounds.minimax_excess(n, d, problem="gaussian_location")
    wide = value(minimax.location.statement.lhs, Model(exact(n=n, d=d, tau=10**9)))
    assert location == pytest.approx(wide, rel=1e-8)  # a share 1/(1 + n tau) below


@pytest.mark.parametrize("seed", range(20))
def test_the_linear_model(seed):
    model = gaussian.spectrum(random.Random(seed))
    shares = [float(x) for x in model.families["r"].values()]
    signal = torch.tensor([r / (1 - r) for r in shares], dtype=torch.float64)
    # s = r/(1 - r) is right to 2 u of itself, r being as near to 1 as 1/24
    assert bounds.expected_kl(signal).item() == pytest.approx(value(gaussian.MEAN_KL, model), rel=1e-13)
    assert bounds.ridge_dimension(signal, 1.0).item() == pytest.approx(value(gaussian.EFFECTIVE, model), rel=1e-13)
    top = float(model.variables["R"])
    assert bounds.kl_per_dimension(top / (1 - top)) == pytest.approx(value(gaussian.cost, model), rel=1e-13)
    found = bounds.complexity_bounds(signal)
    assert found.upper.item() == pytest.approx(value(gaussian.complexity_above.statement.rhs, model), rel=1e-12)
    assert found.lower.item() == pytest.approx(value(gaussian.complexity_below.statement.lhs, model), rel=1e-12)


@pytest.mark.parametrize("seed", range(20))
def test_ranks(seed):
    model = ranks.shares(random.Random(seed))
    spectrum = torch.tensor([float(x) for x in model.families["p"].values()], dtype=torch.float64)
    assert bounds.participation_ratio(spectrum).item() == pytest.approx(value(ranks.PARTICIPATION, model), rel=1e-13)
    assert bounds.effective_rank(spectrum).item() == pytest.approx(value(ranks.EFFECTIVE_RANK, model), rel=1e-13)
    ridged = ranks.spectrum(random.Random(seed))
    values = torch.tensor([float(x) for x in ridged.families["lambda"].values()], dtype=torch.float64)
    found = bounds.ridge_dimension(values, float(ridged.variables["mu"])).item()
    assert found == pytest.approx(value(ranks.DIMENSION, ridged), rel=1e-13)


@pytest.mark.parametrize("seed", range(20))
def test_attention(seed):
    rng = random.Random(seed)
    beta, keys, values, radius = (rng.uniform(0.1, 3) for _ in range(4))
    found = bounds.attention_lipschitz(beta, radius, keys, values)
    assert within(found, attention.LAMBDA, exact(beta=beta, B=keys, v=values, R=radius), 64 * U * found)
    found = bounds.attention_parameter_lipschitz(beta, radius, values)
    assert within(found, attention.GAMMA, exact(beta=beta, v=values, R=radius), 64 * U * found)
    d, fine = rng.randint(1, 9), rng.uniform(0.01, 0.9)
    covering = bounds.log_covering_number(d, radius, fine)
    limit = value(attention.packing.statement.rhs, Model(exact(d=d, R=radius, epsilon=fine)))
    assert covering >= limit and covering == pytest.approx(limit, rel=1e-12)
    frames = rng.randint(2, 16)
    heads, score, ridge = rng.randint(1, frames), rng.uniform(0.1, 4), rng.uniform(0.001, 1)
    same, shared = (math.exp(score) - 1) / (math.exp(score) + frames - 1), 1 / (math.exp(score) + frames - 1)
    dimension = value(attention._dimension(var("H")), Model(exact(K=frames, H=heads, a=same, b=shared, mu=ridge)))
    assert bounds.heads_dimension(frames, heads, score, ridge) == pytest.approx(dimension, rel=1e-12)


@pytest.mark.parametrize(("n", "epsilon", "expected"), [(40, 0.25, 2.74)])
def test_the_memoriser_of_the_text(n, epsilon, expected):
    rules = math.ceil((n + 1) * math.exp(4 * n * epsilon**2))
    model = Model(exact(n=n, epsilon=epsilon, delta=0.1, M=rules))
    assert value(lower.memoriser_budget.statement.lhs, model) == pytest.approx(expected, abs=0.005)
    assert all(truth(h.claim, model) for h in lower.memoriser_budget.hypotheses)


def test_the_ratio_of_the_orders_tends_to_nothing():
    ratios = [value(lower._ratio, Model(exact(delta=10.0**-k, C=1.0))) for k in range(1, 12)]
    assert all(b < a for a, b in zip(ratios, ratios[1:])) and ratios[-1] < 1e-9


def test_what_the_chapters_lean_on_stands_in_the_registry():
    """That it checks is asked of every theorem there, in test_theorems.py."""
    leaned_on = {"kl_certificate", "budget_everywhere", "budget_in_mean", "single_draw", "median_of_means", "assouad", "mean_divergence", "attention_lipschitz"}
    assert leaned_on <= set(proofs.THEOREMS)


def test_counts_telescope_along_every_sequence():
    """What `mixture_regret` assumes of its counts, for the counts themselves."""
    for size in range(1, 9):
        for word in range(2**size):
            outcomes = [word >> k & 1 for k in range(size)]
            gains = rounds = 0.0
            for r in range(1, size):
                a = sum(v == outcomes[r] for v in outcomes[:r])
                gains += (a + 1) * math.log(a + 1) - (a * math.log(a) if a else 0)
                rounds += (r + 1.5) * math.log(r + 1) - (r + 0.5) * math.log(r)
            s = sum(outcomes)
            entropy = sum(k * math.log(k) for k in (s, size - s) if k)
            assert gains == pytest.approx(entropy, abs=1e-12)
            assert rounds == pytest.approx((size + 0.5) * math.log(size), abs=1e-12)


def test_the_mixture_is_a_law():
    """The chances that Krichevsky and Trofimov's mixture gives all sequences add up to one, exactly."""
    for size in range(1, 8):
        total = Fraction(0)
        for word in range(2**size):
            outcomes, chance = [word >> k & 1 for k in range(size)], Fraction(1)
            for r in range(size):
                chance *= (sum(v == outcomes[r] for v in outcomes[:r]) + Fraction(1, 2)) / (r + 1)
            total += chance
        assert total == 1


def test_what_is_said_together_is_all_there():
    theorem = proofs.THEOREMS["budget_everywhere"]
    shown = proofs.assumptions("budget_everywhere")
    assert sorted(claim.key for _, claims in shown for claim in claims) == sorted(h.claim.key for h in theorem.hypotheses)
    assert len(shown) == len(theorem.hypotheses) - 5  # three of the losses, two of the prior, three of the posterior
    alone = proofs.THEOREMS["gap_moment"]
    assert len(proofs.assumptions("gap_moment")) == len(alone.hypotheses) - 2
