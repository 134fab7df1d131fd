"""Any number K of frames: information is their sum, plus what they share given the target, less what they share at all.

o stands for all frames together. a(s,k,o,t) is the density of frame k given the target and b(s,k,o) its density, both at the
k-th frame of o. Densities are positive here, so that the logarithm of a product over the frames is a sum.
"""

from __future__ import annotations

import math
from fractions import Fraction
from itertools import product

from ..capacity.setting import O, OBSERVATION, QUESTION, S
from ..kernel import Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Space, Step, Theorem, eq, exp, integral, le, ln, lt, named, relative, var
from ..words import hyp, simplex
from .setting import PLACE, ROOM, T, TARGET

SLACK = Fraction(1, 4096)
number, most = var("K", "I_1")
FRAMES = Space("Frames", "finite", ("k",), number)
(K,) = FRAMES.indices
n, a, b = Family("n", (QUESTION, OBSERVATION, TARGET)), Family("a", (QUESTION, FRAMES, OBSERVATION, TARGET)), Family("b", (QUESTION, FRAMES, OBSERVATION))
r = Family("r", (QUESTION, OBSERVATION))
FAMILIES, SPACES = (n, r, a, b), (QUESTION, FRAMES, OBSERVATION, TARGET)
density, views, target = n[S, O, T], r[S, O], integral(O, n[S, O, T])
of_frames, of_frames_given = exp(integral(K, ln(b[S, K, O]))), exp(integral(K, ln(a[S, K, O, T])))

ALL = named(r"I(O_{1:K};T\mid Q)", (), integral((S, O, T), relative(density, views * target)))
OWN = named(r"I(O_k;T\mid Q)", (), integral((S, O, T), density * (ln(a[S, K, O, T]) - ln(b[S, K, O]))))
TOGETHER = named(r"\mathrm{TC}(O\mid Q)", (), integral((S, O), relative(views, of_frames)))
TOGETHER_GIVEN = named(r"\mathrm{TC}(O\mid T,Q)", (), integral((S, O, T), relative(density, target * of_frames_given)))

POSITIVE = tuple(Hypothesis(f"{name} is positive", lt(0, value), structural=True) for name, value in (
    ("n", density), ("the law of the views", views), ("the law of the target", target), ("a", a[S, K, O, T]), ("b", b[S, K, O])))
VIEWS = Hypothesis("r is the law of the views", eq(integral(T, density), views), structural=True)
MASS = hyp("n has total mass one", eq(integral((O, T), density), 1))
FRAME_MASS = hyp("the product of the frames' laws has at most mass one", le(integral(O, of_frames), 1))
INDEPENDENT = hyp("given the target the density is at most the product of the frames'", le(density, target * of_frames_given))


def frames_model(rng) -> Model:
    """K binary frames, each through a channel of its own; a and b with a little slack, so that floats can decide. Often one symmetric frame."""
    frames, letters = rng.randint(1, 2), rng.randint(2, 3)
    up, down = 1 + SLACK, 1 - SLACK
    cells = list(product(range(2), repeat=frames))
    share = {(k, t): Fraction(rng.randint(1, 7), 8) for k in range(frames) for t in range(letters)}
    given = lambda k, v, t: share[k, t] if v else 1 - share[k, t]
    law = simplex(rng, letters, zeros=False)
    if rng.random() < 0.4:
        frames, letters, cells, law = 1, 2, [(0,), (1,)], [Fraction(1, 2)] * 2
        share = {(0, 0): (error := Fraction(rng.randint(1, 3), 8)), (0, 1): 1 - error}
    joint = {}
    for i, cell in enumerate(cells):
        for t in range(letters):
            mass = law[t]
            for k, v in enumerate(cell):
                mass *= given(k, v, t)
            joint[0, i, t] = mass
    return Model({"K": frames}, {
        "n": joint, "r": {(0, i): sum(joint[0, i, t] for t in range(letters)) for i in range(len(cells))},
        "a": {(0, k, i, t): up * given(k, cell[k], t) for k in range(frames) for i, cell in enumerate(cells) for t in range(letters)},
        "b": {(0, k, i): down * sum(law[t] * given(k, cell[k], t) for t in range(letters)) for k in range(frames) for i, cell in enumerate(cells)},
    }, {"Question": [1], "Frames": [1] * frames, "Observation": [1] * len(cells), "Target": [1] * letters})


def budgeted(model: Model) -> Model:
    """I_1 a little above what the best frame tells."""
    n, a, b = (model.families[name] for name in "nab")
    own = [sum(float(p) * math.log(a[0, k, o, t] / b[0, k, o]) for (_, o, t), p in n.items()) for k in range(int(model.variables["K"]))]
    return Model(model.variables | {"I_1": Fraction(max(math.ceil(max(own) * 4096), 0) + 1, 4096)}, model.families, model.spaces)


def one_frame(right, mass=1, views=Fraction(1, 2), prior=Fraction(1, 2)) -> Model:
    """One frame that shows a binary target rightly with probability `right`; the whole density times `mass`, the frame's law `views` twice. For ablations."""
    priors, shows = (prior, 1 - prior), lambda i, t: right if i == t else 1 - right
    joint = {(0, i, t): mass * priors[t] * shows(i, t) for i in range(2) for t in range(2)}
    return budgeted(Model({"K": 1}, {
        "n": joint, "r": {(0, i): joint[0, i, 0] + joint[0, i, 1] for i in range(2)},
        "a": {(0, 0, i, t): shows(i, t) * (1 + SLACK) for i in range(2) for t in range(2)}, "b": {(0, 0, i): views * (1 - SLACK) for i in range(2)},
    }, {"Question": [1], "Frames": [1], "Observation": [1, 1], "Target": [1, 1]}))


def hidden(error=Fraction(1, 64)) -> Model:
    """Two fair coins whose parity is nearly the target: each alone says nothing."""
    cells = list(product(range(2), repeat=2))
    return Model({"K": 2, "I_1": Fraction(1, 100)}, {
        "n": {(0, i, t): (1 - error if sum(cell) % 2 == t else error) / 4 for i, cell in enumerate(cells) for t in range(2)},
        "r": {(0, i): Fraction(1, 4) for i in range(4)},
        "a": {(0, k, i, t): Fraction(1, 2) for k in range(2) for i in range(4) for t in range(2)},
        "b": {(0, k, i): Fraction(127, 256) for k in range(2) for i in range(4)},
    }, {"Question": [1], "Frames": [1, 1], "Observation": [1] * 4, "Target": [1, 1]})


def _frames(name, title, hypotheses, claim, steps, says, **more):
    return Theorem(name, title, ROOM, PLACE, more.pop("source", "Watanabe 1960"), more.pop("variables", (number,)), (*POSITIVE, VIEWS, *hypotheses), claim, steps,
                   **({"families": FAMILIES, "spaces": SPACES, "witness": frames_model, "kind": "order", "says": says} | more))


_sum = integral(K, OWN)
_identity = eq(ALL, _sum + TOGETHER_GIVEN - TOGETHER)
frames_identity = _frames(
    "frames_identity", "K frames: the sum, plus synergy, less redundancy", (), _identity, (Step("identity", _identity, Identity()),),
    "Information of all frames is the sum of what each tells, plus their correlation given the target, less their correlation.")

correlation_nonnegative = _frames(
    "correlation_nonnegative", "Total correlation is never negative", (MASS, FRAME_MASS), le(0, TOGETHER),
    (
        Step("tangent", le(views - of_frames, relative(views, of_frames)), Lemma("relative_tangent", Instance({var("x"): views, var("y"): of_frames, var("c"): 1}))),
        Step("tangents", le(integral((S, O), views) - integral((S, O), of_frames), TOGETHER), Expectation("tangent", (S, O))),
        Step("law", VIEWS.claim, Combination(((1, VIEWS.name),))),
        Step("law in all", eq(integral((S, O, T), density), integral((S, O), views)), Expectation("law", (S, O))),
        Step("averaged", le(1 - integral((S, O), of_frames), TOGETHER), Combination(((1, "tangents"), (1, "law in all")))),
        Step("frames", FRAME_MASS.claim, Combination(((1, FRAME_MASS.name),))),
        Step("frames in all", le(integral((S, O), of_frames), 1), Expectation("frames", (S,))),
        Step("nonnegative", le(0, TOGETHER), Combination(((1, "averaged"), (1, "frames in all")))),
    ), "Frames depend on each other or they do not; there is no less than not.")

_HALF = Fraction(1, 2)
ABLATIONS = {INDEPENDENT.name: hidden(), MASS.name: one_frame(_HALF, mass=_HALF), FRAME_MASS.name: one_frame(Fraction(3, 4), views=Fraction(1))}
_ratio = density / (target * of_frames_given)
frames_sum_bound = _frames(
    "frames_sum_bound", "Independent frames tell at most the sum", (MASS, FRAME_MASS, INDEPENDENT), le(ALL, _sum),
    (
        Step("identity", _identity, Lemma("frames_identity", Instance({number: number}))),
        Step("together", le(0, TOGETHER), Lemma("correlation_nonnegative", Instance({number: number}))),
        Step("tangent", le(ln(_ratio), _ratio - 1), Lemma("log_tangent", Instance({var("x"): _ratio}))),
        Step("nothing more", le(relative(density, target * of_frames_given), 0), Combination(((density, "tangent"), (_ratio, INDEPENDENT.name)))),
        Step("nothing more in all", le(TOGETHER_GIVEN, 0), Expectation("nothing more", (S, O, T))),
        Step("sum", le(ALL, _sum), Combination(((1, "identity"), (1, "together"), (1, "nothing more in all")))),
    ), "Frames that are independent given the target are worth at most the sum of what each is worth.", ablations=ABLATIONS)

EACH = hyp("no frame alone tells more than I_1", le(OWN, most))


def _budgeted(rng) -> Model:
    """The frames' model, its budget nearly used up."""
    return budgeted(frames_model(rng))


frames_budget = _frames(
    "frames_budget", "K frames tell at most K times the best", (MASS, FRAME_MASS, INDEPENDENT, EACH), le(ALL, number * most),
    (
        Step("sum", le(ALL, _sum), Lemma("frames_sum_bound", Instance({number: number}))),
        Step("each", EACH.claim, Combination(((1, EACH.name),))),
        Step("all of them", le(_sum, number * most), Expectation("each", (K,))),
        Step("budget", le(ALL, number * most), Combination(((1, "sum"), (1, "all of them")))),
    ), "Each of K independent frames brings at most what the best one brings.", variables=(number, most), witness=_budgeted, ablations=ABLATIONS)

THEOREMS = (frames_identity, correlation_nonnegative, frames_sum_bound, frames_budget)
