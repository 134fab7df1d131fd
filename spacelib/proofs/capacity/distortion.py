"""Mean squared and mean absolute error from information: Shannon's lower bound.

The reference measure of the targets enters through one number, how much a loss's exponential can weigh: sqrt(2 pi D) for
squares and 2 D for absolute values on the line, where equality holds for every guess.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Step, Theorem, Identity, dominated, eq, exp, integral, le, ln, lt, named, relative, sqrt, var
from ..kernel.evaluate import evaluate
from ..words import hyp, inside, positive, rational
from .scores import GUESS_INFORMATION, INFORMATION, LAW, QUESTION, SPACES, TARGET, GUESS, G, Y, S, g, guessed, guessed_again, guessing, m, n, prior

ROOM, PLACE = "capacity", "result 1"
x, D, Z, sigma, pi, i, variance = var("x", "D", "Z", "sigma", "pi", "I", "v")
loss = Family("f", (QUESTION, GUESS, TARGET))
FAMILIES = (m, n, g, loss)
ENTROPY = named(r"h(T\mid Q)", (), -integral((S, Y), relative(prior, 1)))
DISTORTION = named(r"\mathbb{E}f(\hat{T},T)", (), integral((S, G, Y), m[S, G, Y] * loss[S, G, Y]))
_GUESS_LAW = (
    Step("m is nonnegative", le(0, m[S, G, Y]), Sign()),
    Step("m has total mass one", eq(integral((G, Y), m[S, G, Y]), 1), Identity()),
)


def _theorem(name, title, variables, hypotheses, claim, steps, says, source="Shannon 1959", **more):
    return Theorem(name, title, ROOM, PLACE, source, variables, (*LAW, *hypotheses), claim, steps, families=FAMILIES, spaces=SPACES, completed=guessed_again, kind="order", says=says, **more)


_weight = exp(-sigma * loss[S, G, Y]) / Z
_split = eq(relative(m[S, G, Y], guessed * prior), relative(m[S, G, Y], guessed) + relative(m[S, G, Y], m[S, G, Y] * prior))
_priced = ENTROPY - sigma * DISTORTION - ln(Z)


def _lossy(rng, extra):
    """Random guesses with losses for scores; `extra` gives the variables from the mean loss and the weight of all targets."""
    while True:
        model = guessing(rng)
        mean = evaluate(DISTORTION, model)
        if mean > 0:
            mean, weight = Fraction(int(mean.p), int(mean.q)), sum(model.spaces["Target"])
            families = {k: v for k, v in model.families.items() if k != "b"}
            return Model(extra(mean, weight), families, model.spaces)


def _flat_loss(rule, losses, share=1, half=Fraction(1, 2), **more) -> Model:
    """One view, two equally likely targets, each guess with one loss for both; the guesses' law `share` times what rule and targets say."""
    guesses = range(len(rule))
    joint = {(0, x, y): share * Fraction(rule[x]) * half for x in guesses for y in range(2)}
    mean = sum(v * losses[x] for (_, x, _), v in joint.items())
    return Model({"D": mean} | more, {"m": joint, "n": {(0, 0, y): half for y in range(2)}, "g": {(0, 0, x): Fraction(v) for x, v in enumerate(rule)},
                                      "f": {(0, x, y): Fraction(losses[x]) for x in guesses for y in range(2)}}, {"Question": [1], "Observation": [1], "Guess": [1] * len(rule), "Target": [1, 1]})


shannon_lower_bound = _theorem(
    "shannon_lower_bound", "A small mean loss costs information", (sigma, Z),
    (Hypothesis("Z is positive", lt(0, Z), structural=True), hyp("no guess is close to more targets than Z", le(integral(Y, exp(-sigma * loss[S, G, Y])), Z))), le(_priced, INFORMATION),
    (
        *_GUESS_LAW,
        Step("guessed or not", dominated(m[S, G, Y], guessed), Sign()),
        Step("prior or not", dominated(m[S, G, Y], prior), Sign()),
        Step("by chance", dominated(m[S, G, Y], m[S, G, Y] * prior), Sign()),
        Step("split", _split, Lemma("relative_product", Instance({x: m[S, G, Y], var("r"): guessed, var("z"): prior}))),
        Step("entropy", eq(GUESS_INFORMATION, integral((S, G, Y), relative(m[S, G, Y], guessed)) + ENTROPY), Expectation("split", (S, G, Y))),
        Step("tangent", le(m[S, G, Y] * ln(_weight) + m[S, G, Y] - _weight * guessed, relative(m[S, G, Y], guessed)),
             Lemma("relative_tangent", Instance({x: m[S, G, Y], var("y"): guessed, var("c"): _weight}))),
        Step("averaged", le(integral((S, G, Y), m[S, G, Y] * ln(_weight) + m[S, G, Y] - _weight * guessed), integral((S, G, Y), relative(m[S, G, Y], guessed))), Expectation("tangent", (S, G, Y))),
        Step("one guess", le(guessed / Z * integral(Y, exp(-sigma * loss[S, G, Y])), guessed), Combination(((guessed / Z, "no guess is close to more targets than Z"),))),
        Step("all guesses", le(integral((S, G), guessed / Z * integral(Y, exp(-sigma * loss[S, G, Y]))), 1), Expectation("one guess", (S, G))),
        Step("guesses", le(_priced, GUESS_INFORMATION), Combination(((1, "averaged"), (-1, "entropy"), (1, "all guesses")))),
        Step("processing", le(GUESS_INFORMATION, INFORMATION), Lemma("guess_processing", Instance())),
        Step("paid", le(_priced, INFORMATION), Combination(((1, "guesses"), (1, "processing")))),
    ), "Being close on average takes information: the entropy of the target less what a neighbourhood of that size leaves open.",
    witness=lambda rng: _lossy(rng, lambda mean, weight: (lambda s: {"sigma": s, "Z": weight * (1 + rational(rng))})(rational(rng, 0, 2))),
    ablations={"g has total mass one": _flat_loss((Fraction(1, 10),), (10,), sigma=1, Z=Fraction(1, 1000))})

exp_at_most_one = Theorem(
    "exp_at_most_one", "The exponential of a loss", ROOM, PLACE, "classical", (x,), (hyp("x is at most zero", le(x, 0)),), le(exp(x), 1),
    (
        Step("tangent", le(ln(exp(-x)), exp(-x) - 1), Lemma("log_tangent", Instance({x: exp(-x)}))),
        Step("at least one", le(1, exp(-x)), Combination(((1, "tangent"), (1, "x is at most zero")))),
        Step("at most one", le(exp(x), 1), Combination(((exp(x), "at least one"),))),
    ),
    witness=lambda rng: Model({"x": -rational(rng, 0, 3)}), kind="order", says="An exponential of something not positive is at most one.",
)

def _unfair(**more):
    """Guesses that are no law make a loss as small as one likes."""
    tenth = Fraction(1, 10)
    return {"g is nonnegative": _flat_loss((2, -1), (1, 19 * tenth), **more), "g has total mass one": _flat_loss((tenth,), (1,), **more),
            "the guess comes from question and observation": _flat_loss((1,), (1,), tenth, **more), "D is positive": _flat_loss((1,), (0,), **more),
            # half a law needs a wider line (a larger pi) for its loss to weigh little enough
            "n has total mass one": _flat_loss((1,), (3 * tenth,), half=Fraction(1, 4), **{k: 100 * v for k, v in more.items()}), "the loss weighs no more than on the line": _flat_loss((1,), (tenth,), **more)}


_mean_loss = (hyp("D is the mean loss", eq(DISTORTION, D)), hyp("D is positive", lt(0, D)))


def _error_floor(name, title, variables, hypotheses, claim, rate, size, times, exponent, scale, witness, says):
    """The floor of a mean loss whose exponential weighs at most `size`."""
    return _theorem(
        name, title, (D, *variables), (*_mean_loss, *hypotheses, hyp("the loss weighs no more than on the line", le(integral(Y, exp(-rate * loss[S, G, Y])), size))), claim,
        (
            Step("shannon", le(ENTROPY - rate * DISTORTION - ln(size), INFORMATION), Lemma("shannon_lower_bound", Instance({sigma: rate, Z: size}))),
            Step("exponent", le(exponent - ln(scale * D), 0), Combination(((times, "shannon"),))),
            Step("at most one", le(exp(exponent - ln(scale * D)), 1), Lemma("exp_at_most_one", Instance({x: exponent - ln(scale * D)}))),
            Step("floor", claim, Combination(((D, "at most one"),))),
        ), says, witness=witness, ablations=_unfair(**({"pi": Fraction(1, 50)} if variables else {})))


squared_error_floor = _error_floor(
    "squared_error_floor", "Mean squared error from information", (pi,), (hyp("pi is positive", lt(0, pi)),), le(exp(2 * (ENTROPY - INFORMATION) - 1) / (2 * pi), D),
    1 / (2 * D), sqrt(2 * pi * D), 2, 2 * (ENTROPY - INFORMATION) - 1, 2 * pi,
    lambda rng: _lossy(rng, lambda mean, weight: {"D": mean, "pi": weight**2 / (2 * mean) * (2 + rational(rng))}),
    "The mean squared error is at least the entropy power of the target that information leaves: exp(2(h - I))/(2 pi e).")
absolute_error_floor = _error_floor(
    "absolute_error_floor", "Mean absolute error from information", (), (), le(exp(ENTROPY - INFORMATION - 1) / 2, D),
    1 / D, 2 * D, 1, ENTROPY - INFORMATION - 1, 2, lambda rng: _narrow(rng), "The mean absolute error is at least exp(h - I)/(2 e).")


def _narrow(rng):
    """Losses so large that their exponential weighs little."""
    model = _lossy(rng, lambda mean, weight: {})
    factor = sum(model.spaces["Target"]) / 2
    mean = evaluate(DISTORTION, model)
    scale = max(Fraction(1), factor / Fraction(int(mean.p), int(mean.q)))
    families = model.families | {"f": {z: v * scale for z, v in model.families["f"].items()}}
    return Model({"D": Fraction(int(mean.p), int(mean.q)) * scale}, families, model.spaces)


_h = ln(2 * pi * variance) / 2 + Fraction(1, 2)
gaussian_distortion = Theorem(
    "gaussian_distortion", "For Gaussian targets the floor is reached", ROOM, PLACE, "Shannon 1959", (variance, i, pi), (hyp("the variance is positive", lt(0, variance)), hyp("pi is positive", lt(0, pi))),
    eq(exp(2 * (_h - i) - 1) / (2 * pi), variance * exp(-2 * i)), (Step("floor", eq(exp(2 * (_h - i) - 1) / (2 * pi), variance * exp(-2 * i)), Identity()),),
    witness=lambda rng: Model({"v": positive(rng), "I": rational(rng, 0, 2), "pi": inside(rng, 3, 4)}), kind="order",
    says="With the entropy of a Gaussian the floor is variance times exp(-2 I), which Gaussian frames reach.",
)

THEOREMS = (shannon_lower_bound, exp_at_most_one, squared_error_floor, absolute_error_floor, gaussian_distortion)
