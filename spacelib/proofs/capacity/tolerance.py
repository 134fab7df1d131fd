"""Success within a tolerance: blind scores of uniform targets, the circle that attains the ceiling, relative tolerance on a log scale."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Expectation, Identity, Instance, Lemma, Model, Root, Sign, Step, Theorem, dominated, eq, integral, le, ln, lt, named, relative, var
from ..words import X, hyp, inside, kl, rational
from .scores import GUESS, SCORE, TARGET, G, S, Y, f, guessed, m
from .setting import QUESTION

ROOM, PLACE = "capacity", "result 1"
# uniform targets: the blind score is a ratio of sizes, and a two-valued channel attains the ceiling
w, size, alpha, beta = var("w", "L", "alpha", "beta")
_target = integral(G, m[S, G, Y])
FLAT = (hyp("the size is positive", lt(0, size)), hyp("targets are uniform", eq(_target, 1 / size)))
uniform_blind_score = Theorem(
    "uniform_blind_score", "Blind score of a uniform target", ROOM, PLACE, "classical",
    (w, size), (*FLAT, hyp("success sets are at most w in size", le(integral(Y, f[S, G, Y]), w))), le(integral(Y, _target * f[S, G, Y]), w / size),
    (Step("share", le(integral(Y, _target * f[S, G, Y]), w / size), Combination(((1 / size, "success sets are at most w in size"),))),),
    families=(m, f), spaces=(QUESTION, GUESS, TARGET), witness=lambda rng: _flat(rng), kind="order",
    says="Angles on a circle, logarithms of distances, points in an image: the best blind score is the size of a success set over that of all targets.",
)


def _flat(rng):
    """A ring of places; a guess succeeds on a window of neighbours."""
    many, wide, share = rng.randint(2, 4), 1, rational(rng)
    wide = rng.randint(1, many - 1)
    score = {(0, x, y): int((y - x) % many < wide) for x in range(many) for y in range(many)}
    on = share * many / wide
    off = (1 - share) * many / (many - wide)
    return Model({"w": wide, "L": many, "alpha": on, "beta": off}, {"m": {z: Fraction(1, many**2) * (on if v else off) for z, v in score.items()}, "f": score},
                 {"Question": [1], "Guess": [1] * many, "Target": [1] * many})


_flat_information = named(r"I(\hat{T};T\mid Q)", (), integral((S, G, Y), relative(m[S, G, Y], guessed * _target)))
_ratio = alpha * f[S, G, Y] + beta * (1 - f[S, G, Y])
TWO_VALUED = (
    hyp("the size is positive", lt(0, size)), hyp("alpha is nonnegative", le(0, alpha)), hyp("beta is nonnegative", le(0, beta)),
    hyp("a guess succeeds or not", eq(f[S, G, Y] ** 2, f[S, G, Y])), hyp("all targets fill the size", eq(integral(Y, 1), size)), hyp("all guesses fill the size", eq(integral(G, 1), size)),
    hyp("all success sets have size w", eq(integral(Y, f[S, G, Y]), w)), hyp("all targets have guesses of size w", eq(integral(G, f[S, G, Y]), w)),
    hyp("the ratios average to one", eq(alpha * w + beta * (size - w), size)), hyp("the channel has two values", eq(size**2 * m[S, G, Y], _ratio)),
)
_FLAT_WORDS = {"p": lambda z: m[z], "q": lambda z: 1 / size**2, "f": lambda z: f[z]}


def _flat_test(*names):
    """The joint law as P, the product of its uniform margins as Q, success as the event."""
    return Instance(families={"p": _FLAT_WORDS[names[0]]} | {k: _FLAT_WORDS[k] for k in names[1:]}, indices={X: (S, G, Y)})


def _places(score, size, w, alpha, beta, guesses=None, targets=None):
    """One question; places of weight one, and the two-valued law as the hypotheses ask for it."""
    rows, columns = len(score), len(score[0])
    succeeds = {(0, i, k): Fraction(v) for i, row in enumerate(score) for k, v in enumerate(row)}
    law = {z: (alpha * v + beta * (1 - v)) / Fraction(size) ** 2 if size else Fraction(1, 4) for z, v in succeeds.items()}
    return Model({"w": w, "L": size, "alpha": alpha, "beta": beta}, {"m": law, "f": succeeds}, {"Question": [1], "Guess": guesses or [1] * rows, "Target": targets or [1] * columns})


_HALF = Fraction(1, 2)
_BROKEN_FLAT = {
    "alpha is nonnegative": _places(((1, 0), (0, 1)), 2, 1, -1, 3), "beta is nonnegative": _places(((1, 0), (0, 1)), 2, 1, 3, -1),
    "a guess succeeds or not": _places(((3 * _HALF / 2, _HALF / 2), (_HALF / 2, 3 * _HALF / 2)), 2, 1, 2, 0),
    "all targets fill the size": _places(((0, 0, 0), (0, 0, 0)), 2, 0, 1, 1), "all guesses fill the size": _places(((0, 0), (0, 0), (0, 0)), 2, 0, 1, 1),
    "all success sets have size w": _places(((1, 1), (0, 0)), 2, 1, 2, 0), "all targets have guesses of size w": _places(((1, 0), (1, 0)), 2, 1, 2, 0),
    "the ratios average to one": _places(((1, 0), (0, 1)), 2, 1, 2, 1), "the size is positive": _places(((1, 0), (0, 1)), 0, 0, 0, 0, [0, 0], [0, 0]),
}
circle_attains = Theorem(
    "circle_attains", "On a circle the ceiling is reached", ROOM, PLACE, "classical",
    (w, size, alpha, beta), TWO_VALUED, eq(kl(SCORE, w / size), _flat_information),
    (
        Step("joined", TWO_VALUED[-1].claim, Combination(((1, TWO_VALUED[-1].name),))),
        Step("over targets", eq(integral(Y, size**2 * m[S, G, Y]), integral(Y, _ratio)), Expectation("joined", (Y,))),
        Step("over guesses", eq(integral(G, size**2 * m[S, G, Y]), integral(G, _ratio)), Expectation("joined", (G,))),
        Step("guesses are uniform", eq(guessed, 1 / size), Combination(((1 / size**2, "over targets"), (1 / size**2, "the ratios average to one")))),
        Step("targets are uniform", eq(_target, 1 / size), Combination(((1 / size**2, "over guesses"), (1 / size**2, "the ratios average to one")))),
        Step("square", le(0, f[S, G, Y] ** 2), Sign()),
        Step("f is nonnegative", le(0, f[S, G, Y]), Combination(((1, "square"), (1, "a guess succeeds or not")))),
        Step("co-square", le(0, (1 - f[S, G, Y]) ** 2), Sign()),
        Step("f is at most one", le(f[S, G, Y], 1), Combination(((1, "co-square"), (1, "a guess succeeds or not")))),
        Step("w is nonnegative", le(0, w), Expectation("f is nonnegative", (Y,))),
        Step("two densities", le(0, _ratio), Sign()),
        Step("density", le(0, m[S, G, Y]), Combination(((1 / size**2, "two densities"), (-1 / size**2, "joined")))),
        Step("all guesses", eq(integral(G, guessed), integral(G, 1 / size)), Expectation("guesses are uniform", (G,))),
        Step("m has total mass one", eq(integral((G, Y), m[S, G, Y]), 1), Combination(((1, "all guesses"),))),
        Step("A is at most one", le(SCORE, 1), Lemma("mean_at_most_one", _flat_test("p", "f"))),
        Step("w is at most the size", le(w / size, 1), Lemma("mean_at_most_one", _flat_test("q", "f"))),
        Step("accepted", dominated(SCORE, w / size), Lemma("accepted_mass", _flat_test("p", "q", "f"))),
        Step("rejected", dominated(1 - SCORE, 1 - w / size), Lemma("rejected_mass", _flat_test("p", "q", "f"))),
        Step("attained", eq(kl(SCORE, w / size), _flat_information), Lemma("data_processing_equality", Instance({alpha: alpha, beta: beta}, _FLAT_WORDS, {X: (S, G, Y)}))),
    ),
    families=(m, f), spaces=(QUESTION, GUESS, TARGET), witness=lambda rng: _flat(rng), ablations=_BROKEN_FLAT,
    says="Uniform targets on a circle, seen through a channel with one density within the tolerance and one outside, meet the ceiling exactly.",
)

tau, x, y = var("tau", "x", "y")
RULE = (hyp("tau is positive", lt(0, tau)), hyp("tau is below one", lt(tau, 1)), hyp("y is positive", lt(0, y)))
SUCCESS = hyp("x succeeds for y", le((x - y) ** 2, (tau * y) ** 2))


def _within(rng):
    t, v = inside(rng), inside(rng) * 4
    return Model({"tau": t, "y": v, "x": v * (1 + t * rational(rng, -1, 1))})


def _rule(name, title, claim, side, says):
    """One end of the interval of targets for which a guess succeeds."""
    sign = 1 if side == "upper" else -1
    z = y * (1 - tau) / x if side == "upper" else x / (y * (1 + tau))
    return Theorem(
        name, title, ROOM, PLACE, "classical", (tau, x, y), (*RULE, SUCCESS), claim,
        (
            Step("near", le(y - x, tau * y), Root(y - x, (tau * y) ** 2)),
            Step("share", lt(0, (1 - tau) * y), Sign()),
            Step("x is positive", lt(0, x), Combination(((1, "near"), (1, "share")))),
            Step("distance", le(sign * (y - x), tau * y), Root(sign * (y - x), (tau * y) ** 2)),
            Step("ratio", le(z, 1), Sign()),
            Step("tangent", le(ln(z), z - 1), Lemma("log_tangent", Instance({var("x"): z}))),
            Step("logarithm", claim, Combination(((1, "tangent"), (1, "ratio")))),
        ),
        witness=_within, kind="order", says=says,
        ablations={"y is positive": Model({"tau": _HALF, "x": 0, "y": 0}), "tau is below one": Model({"tau": 2, "x": sign, "y": 1})})


tolerance_upper = _rule("tolerance_upper", "A relative tolerance on a log scale: upper end", le(ln(y), ln(x / (1 - tau))), "upper", "A guess succeeds only for targets up to itself over one minus the tolerance.")
tolerance_lower = _rule("tolerance_lower", "A relative tolerance on a log scale: lower end", le(ln(x / (1 + tau)), ln(y)), "lower", "A guess succeeds only for targets from itself over one plus the tolerance.")
_width = ln(x / (1 - tau)) - ln(x / (1 + tau))
tolerance_width = Theorem(
    "tolerance_width", "The log-width of a relative tolerance", ROOM, PLACE, "classical",
    (tau, x), (*RULE[:2], hyp("x is positive", lt(0, x))), eq(_width, ln((1 + tau) / (1 - tau))),
    (Step("width", eq(_width, ln((1 + tau) / (1 - tau))), Identity()),),
    witness=lambda rng: Model({"tau": inside(rng), "x": inside(rng) * 3}),
    says="On a log scale every guess succeeds on an interval of one width: ln((1 + tau)/(1 - tau)), which is ln(5/3) for 25 percent.",
)
_quarter = Fraction(1, 4)
quarter_width = Theorem(
    "quarter_width", "The 25 percent rule is wider than the 1.25 rule", ROOM, PLACE, "classical",
    (x,), (hyp("x is positive", lt(0, x)),), lt(2 * ln(Fraction(5, 4)), ln(x / (1 - _quarter)) - ln(x / (1 + _quarter))),
    (
        Step("compared", lt(ln(Fraction(25, 16)), ln(Fraction(5, 3))), Lemma("log_increasing", Instance({x: Fraction(25, 16), y: Fraction(5, 3)}))),
        Step("wider", lt(2 * ln(Fraction(5, 4)), ln(x / (1 - _quarter)) - ln(x / (1 + _quarter))), Combination(((1, "compared"),))),
    ),
    witness=lambda rng: Model({"x": inside(rng) * 3}), kind="order",
    says="Within 25 percent of the target is a log-width of ln(5/3); within a factor of 1.25 only of 2 ln 1.25.",
)

THEOREMS = (uniform_blind_score, circle_attains, tolerance_upper, tolerance_lower, tolerance_width, quarter_width)
