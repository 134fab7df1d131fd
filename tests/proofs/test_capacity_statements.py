"""The rest of result 1 in two forms: exact ceiling, floor, tolerance, mean errors, spectrum, the clone argument.

Each statement of the kernel, lowered to numbers, equals the library's function; u = 2^-53, tolerances as derived in each test.
"""

import math
import random
from fractions import Fraction

import flint
import pytest
import torch

from spacelib import bounds, proofs
from spacelib.proofs.capacity import exact, exact_channel, floor, setting
from spacelib.proofs.kernel import Model, Term, eq, evaluate, truth, var
from spacelib.proofs.kernel.evaluate import PRECISION, ball
from test_statements_match_bounds import U, grid, replaced, within

pytestmark = pytest.mark.oracle


def value(term: Term, model: Model) -> float:
    with flint.ctx.workprec(PRECISION):
        return float(ball(evaluate(term, model)).mid())


def priors(seed: int, size: int) -> list[Fraction]:
    """A random prior of dyadic rationals, so that the floats are exact; some symbols may be absent."""
    rng = random.Random(seed)
    cuts = sorted(rng.randint(0, 2**20) for _ in range(size - 1))
    return [Fraction(b - a, 2**20) for a, b in zip([0, *cuts], [*cuts, 2**20])]


@pytest.mark.parametrize("seed", range(12))
def test_the_curve_at_a_level(seed):
    """Sums of at most 8 rounded terms below 8 nats: 16 (8 + 2) u < 2^-44."""
    law = priors(seed, 2 + seed % 7)
    slope = Fraction(1 + seed, 14)
    model = exact.best_channel(slope, [law])
    best = model.families["A"][0,]
    prior = torch.tensor([float(x) for x in law], dtype=torch.float64)
    accuracy, information = bounds.parametric_ceiling(prior, float(slope * best))
    rate = max(0.0, value(exact.RATE, model))  # the middle of a ball around 0
    assert abs(float(accuracy) - value(exact.CURVE_ACCURACY, model)) < 2.0**-44
    assert abs(float(information) - rate) < 2.0**-44
    assert abs(bounds.exact_ceiling(prior, rate) - float(best)) < 2.0**-40  # the slope of A over I is at most 1/ln(1/a) < 14
    channel = bounds.attaining_channel(prior, rate)
    for (_, j, t), share in model.families["m"].items():
        assert abs(float(law[t]) * float(channel[t][j]) - float(share)) < 2.0**-36  # the channel is found from the information


@pytest.mark.parametrize("name", ["exact_channel_prior", "exact_channel_accuracy", "exact_channel_answers"])
@pytest.mark.parametrize("wrong", [None, "k for k - 1", "ascending"])
def test_only_the_right_curve_has_its_channel(name, wrong):
    """The theorems hold of the right channel, and fail of the two mistakes that suggest themselves."""
    law, slope = [Fraction(6, 10), Fraction(2, 10), Fraction(15, 100), Fraction(5, 100)], Fraction(1, 6)
    model = exact.best_channel(slope, [law])
    best = model.families["A"][0,]
    if wrong == "k for k - 1":
        model = exact.best_channel(slope, [law], [best - slope * best])
    elif wrong == "ascending":
        model = exact.best_channel(slope, [law], [1 - best])
    statement = proofs.THEOREMS[name].statement
    assert (truth(statement, model) is True) == (wrong is None)


def test_the_exact_ceiling_of_uniform_targets_is_fano_s():
    """At uniform priors the curve's information is kl(A, 1/M): five terms below 3 nats, each right to 4 u of its size."""
    for size in (2, 3, 8):
        law = [Fraction(1, size)] * size
        for k in range(1, 12):
            model = exact.best_channel(Fraction(k, 12), [law])
            accuracy, rate = value(exact.CURVE_ACCURACY, model), value(exact.RATE, model)
            assert abs(bounds.kl(accuracy, 1 / size) - rate) < 64 * U


def test_the_floor_s_chords():
    """psi is the largest of the chords at whole k; it gives away (16 + 4 H) u/k and the chord's own rounding: 64 u."""
    statement = replaced(proofs.THEOREMS["floor"].statement.lhs, {floor.BAYES.data[0]: var("A")})
    for left_open, in grid(1, (0, 3)):
        psi = bounds.accuracy_floor(left_open)
        k = math.floor(math.exp(left_open))
        on_its_chord = {"k": k, "A": Fraction(psi)}
        steepness = k * (k + 1) * math.log1p(1 / k)
        assert within(left_open, statement, on_its_chord, 64 * U * max(1.0, steepness))
        for other in (max(1, k - 1), k + 1, k + 2):  # every other chord lies below the point
            assert value(statement, Model({"k": other, "A": Fraction(psi)})) <= left_open + 64 * U * other * (other + 1)


def test_windows_have_the_figures_of_the_theorems():
    """Sums of 16 equal terms: 64 u."""
    rng = random.Random(3)
    for _ in range(10):
        model = floor._windowed(rng)
        questions, views = model.spaces["Question"], model.spaces["Observation"]
        size = int(model.variables["M"])
        left_open = accuracy = 0.0
        for s, weight in enumerate(questions):
            joint = torch.tensor([[float(model.families["n"][s, o, t]) for t in range(size)] for o in range(len(views))], dtype=torch.float64)
            known = bounds.known_channel(joint / joint.sum())
            left_open += float(weight) * (known.entropy - known.information)
            accuracy += float(weight) * known.bayes_accuracy
        assert abs(left_open - value(setting.EQUIVOCATION, model)) < 64 * U
        assert abs(accuracy - value(floor.BAYES, model)) < 64 * U


def test_the_log_width_of_a_tolerance():
    """A quotient of two sums and a logarithm of a number off by 4 u of itself: 8 u of absolute size, and 4 u of the width."""
    statement = proofs.THEOREMS["tolerance_width"].statement
    for tolerance, in grid(4, (0.001, 0.9)):
        width = bounds.log_width(tolerance)
        for side in (statement.lhs, statement.rhs):
            assert within(width, side, {"tau": Fraction(tolerance), "x": 3}, 16 * U + 8 * U * width)
    quarter = proofs.THEOREMS["quarter_width"].statement
    assert within(bounds.log_width(0.25), quarter.rhs, {"x": 2}, 16 * U)
    assert within(bounds.ratio_log_width(1.25), quarter.lhs, {"x": 2}, 16 * U)


def test_the_blind_score_of_uniform_targets():
    """A quotient, rounded up: 8 u of itself."""
    statement = proofs.THEOREMS["uniform_blind_score"].statement
    for tolerance, in grid(5, (0.01, 0.49)):
        assert within(bounds.circle_blind(tolerance, 1.0), statement.rhs, {"w": 2 * Fraction(tolerance), "L": 1}, 8 * U)


INFORMATION, DIFFERENTIAL = r"I(O;T\mid Q)", r"h(T\mid Q)"


@pytest.mark.parametrize("name, function", [("squared_error_floor", bounds.mean_squared_error_floor), ("absolute_error_floor", bounds.mean_absolute_error_floor)])
def test_the_floors_of_mean_errors(name, function):
    """An exponential of a difference below 8 in size, rounded down by (16 + 4 * 8) u and a few operations: relative 96 u."""
    term = replaced(proofs.THEOREMS[name].statement.lhs, {INFORMATION: var("c"), DIFFERENTIAL: var("h")})
    with flint.ctx.workprec(PRECISION):
        pi = Fraction(int((flint.arb.pi() * 2**100).floor().unique_fmpz()), 2**100)
    for information, entropy in grid(6, (0, 3), (-2, 3)):
        number = function(entropy, information)
        assert within(number, term, {"c": Fraction(information), "h": Fraction(entropy), "pi": pi}, 96 * U * number + 1e-28)


def test_the_spectrum_is_the_smallest_of_the_theorem_s_bounds():
    """At every threshold gamma the theorem's bound is at least the library's; at the best one they agree to 2 n u."""
    joint = torch.tensor([[0.25, 0.0, 0.0], [0.0, 0.125, 0.0], [0.0625, 0.1875, 0.375]], dtype=torch.float64)
    density = bounds.information_density(joint)
    known = bounds.known_channel(joint)
    number = bounds.spectrum_ceiling(density.flatten(), joint.flatten(), known.blind_accuracy)
    views, size = joint.shape
    answers = {(0, j, t): Fraction(float(joint.sum(0)[t])) / size for j in range(size) for t in range(size)}
    term, found = proofs.THEOREMS["spectrum_ceiling"].statement.rhs, []
    for gamma in sorted({Fraction(float(x)) for x in density.exp().flatten()} | {Fraction(k, 4) for k in range(1, 13)}):
        event = {(0, o, t): int(math.exp(density[o, t]) > float(gamma) * (1 + 8 * U)) for o in range(views) for t in range(size)}
        law = {(0, o, t): Fraction(float(joint[o, t])) for o in range(views) for t in range(size)}
        model = Model({"M": size, "gamma": gamma}, {"n": law, "m": answers, "g": {}, "e": event}, {"Question": [1], "Alphabet": [1] * size, "Observation": [1] * views})
        found.append(value(term, model))
        assert found[-1] >= number - 64 * U
    assert abs(min(found) - number) < 64 * U


def test_the_clone_argument():
    statement = proofs.THEOREMS["clones_hidden"].statement
    for samples in (2, 10, 1000):
        for clones in (10**3, 10**6, 10**9):
            pairs = samples * (samples - 1) // 2
            number = bounds.upper_limit_failure(0.05, samples, clones)
            assert within(number, statement.rhs, {"delta": Fraction(0.05), "R": pairs, "N": clones}, 16 * U) or number == 1


def test_the_best_channel_s_share_is_the_kernel_s():
    model = exact.best_channel(Fraction(1, 3), [priors(5, 4)])
    assert truth(eq(exact_channel.CHANNEL[-1].claim.lhs, exact_channel.CHANNEL[-1].claim.rhs), model) is True
