"""The ceiling for scored guesses: tolerance rules, angles, points, relative accuracy; any guess, any target, any score in [0, 1]."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Member, Model, Root, Sign, Space, Step, Theorem, dominated,
                      eq, integral, le, ln, lt, named, relative, sqrt, var)
from ..words import X, hyp, inside, inverse_first, kl, rational, simplex
from .setting import O, OBSERVATION, QUESTION, S

ROOM, PLACE = "capacity", "result 1"
p, q, r = var("p", "q", "r")
GUESS, TARGET = Space("Guess", "measure", ("x",)), Space("Target", "measure", ("y",))
(G,), (Y,) = GUESS.indices, TARGET.indices
m, n, g = Family("m", (QUESTION, GUESS, TARGET)), Family("n", (QUESTION, OBSERVATION, TARGET)), Family("g", (QUESTION, OBSERVATION, GUESS))
f, b = Family("f", (QUESTION, GUESS, TARGET)), Family("b", (QUESTION,))
SPACES, FAMILIES = (QUESTION, GUESS, TARGET, OBSERVATION), (m, n, g, f, b)

guessed, prior = integral(Y, m[S, G, Y]), integral(O, n[S, O, Y])
observed = integral(Y, n[S, O, Y])
SCORE = named("A", (), integral((S, G, Y), m[S, G, Y] * f[S, G, Y]))
HABIT = named(r"\bar{q}", (), integral((S, G, Y), guessed * prior * f[S, G, Y]))
BLIND = named("A_0", (), integral(S, b[S]))
INFORMATION = named(r"I(O;T\mid Q)", (), integral((S, O, Y), relative(n[S, O, Y], observed * prior)))
GUESS_INFORMATION = named(r"I(\hat{T};T\mid Q)", (), integral((S, G, Y), relative(m[S, G, Y], guessed * prior)))

LAW = (
    hyp("n is nonnegative", le(0, n[S, O, Y])),
    hyp("n has total mass one", eq(integral((O, Y), n[S, O, Y]), 1)),
    Hypothesis("n is the version of the density that vanishes with its margins", dominated(n[S, O, Y], observed * prior), structural=True),
    hyp("g is nonnegative", le(0, g[S, O, G])),
    hyp("g has total mass one", eq(integral(G, g[S, O, G]), 1)),
    hyp("the guess comes from question and observation", eq(m[S, G, Y], integral(O, g[S, O, G] * n[S, O, Y]))),
    Hypothesis("m is the version of the density that vanishes with its margins", dominated(m[S, G, Y], guessed * prior), structural=True),
)
SCORES = (hyp("a score is nonnegative", le(0, f[S, G, Y])), hyp("a score is at most one", le(f[S, G, Y], 1)))
BLINDLY = (
    hyp("no guess scores more than b without looking", le(integral(Y, prior * f[S, G, Y]), b[S])),
    hyp("the blind score is positive", lt(0, BLIND)),
    hyp("the blind score is at most one", le(BLIND, 1)),
)
_families = {"p": lambda s, x, y: m[s + x + y], "q": lambda s, x, y: integral(Y, m[s + x + (Y,)]) * integral(O, n[s + (O,) + y]), "f": lambda s, x, y: f[s + x + y]}


def _tested(**kept):
    return Instance(families={k: (lambda body: lambda z: body(z[:1], z[1:2], z[2:]))(_families[v]) for k, v in kept.items()}, indices={X: (S, G, Y)})


def guessing(rng, scores=None) -> Model:
    """Random observations, guesses and scores on small finite spaces, with weights."""
    questions, views, guesses, targets = rng.randint(1, 2), rng.randint(1, 2), rng.randint(1, 3), rng.randint(2, 3)
    weights = {name: [Fraction(rng.randint(1, 3), rng.randint(1, 2)) for _ in range(size)] for name, size in (("Observation", views), ("Guess", guesses), ("Target", targets))}
    chance = simplex(rng, questions, zeros=False)
    joint, rule, score, blind = {}, {}, {}, {}
    for s in range(questions):
        law = iter(simplex(rng, views * targets))
        joint |= {(s, o, y): next(law) / weights["Observation"][o] / weights["Target"][y] for o in range(views) for y in range(targets)}
        for o in range(views):
            rule |= {(s, o, x): v / weights["Guess"][x] for x, v in enumerate(simplex(rng, guesses))}
        score |= {(s, x, y): scores(x, y) if scores else rational(rng, parts=4) for x in range(guesses) for y in range(targets)}
        score[s, 0, 0] = Fraction(1)
    model = guessed_again(Model({}, {"n": joint, "g": rule, "f": score}, {"Question": chance} | weights))
    for s in range(questions):
        alone = [sum(weights["Target"][y] * weights["Observation"][o] * joint[s, o, y] * score[s, x, y] for o in range(views) for y in range(targets)) for x in range(guesses)]
        blind[s,] = max(alone) if rng.random() < 0.7 else (1 + max(alone)) / 2
    model.families["b"] = blind
    return model


def guessed_again(model: Model) -> Model:
    """The model with the guesses' law recomputed."""
    size = {k: range(len(v)) for k, v in model.spaces.items()}
    n, g, weight = model.families["n"], model.families["g"], model.spaces["Observation"]
    joint = {(s, x, y): sum(weight[o] * g[s, o, x] * n[s, o, y] for o in size["Observation"]) for s in size["Question"] for x in size["Guess"] for y in size["Target"]}
    return Model(model.variables, model.families | {"m": joint}, model.spaces)


_seen = integral(O, relative(g[S, O, G] * n[S, O, Y], g[S, O, G] * observed * prior))
_GUESS_LAW = (
    Step("m is nonnegative", le(0, m[S, G, Y]), Sign()),
    Step("m has total mass one", eq(integral((G, Y), m[S, G, Y]), 1), Identity()),
)


def _theorem(name, title, hypotheses, claim, steps, says, **more):
    return Theorem(name, title, ROOM, PLACE, more.pop("source", "classical"), (), hypotheses, claim, steps, families=FAMILIES, spaces=SPACES, witness=guessing, completed=guessed_again,
                   kind="order", says=says, **more)


guess_processing = _theorem(
    "guess_processing", "Guesses know no more than observations", tuple(h for h in LAW if h.name != "n has total mass one"), le(GUESS_INFORMATION, INFORMATION),
    (
        _GUESS_LAW[0],
        Step("same zeros", dominated(g[S, O, G] * n[S, O, Y], g[S, O, G] * observed * prior), Sign()),
        Step("one guess, one target", le(relative(m[S, G, Y], guessed * prior), _seen),
             Lemma("log_sum", Instance(families={"u": lambda o: g[(S,) + o + (G,)] * n[(S,) + o + (Y,)], "v": lambda o: g[(S,) + o + (G,)] * integral(Y, n[(S,) + o + (Y,)]) * prior}, indices={X: (O,)}))),
        Step("all of them", le(GUESS_INFORMATION, INFORMATION), Expectation("one guess, one target", (S, G, Y))),
    ), "Numbers, angles or points: a guess tells no more about its target than the frames do.", source="data processing inequality")

score_divergence = _theorem(
    "score_divergence", "A mean score costs information", (*LAW, *SCORES), le(kl(SCORE, HABIT), INFORMATION),
    (
        *_GUESS_LAW,
        Step("A is at most one", le(SCORE, 1), Lemma("mean_at_most_one", _tested(p="p", f="f"))),
        Step("q is at most one", le(HABIT, 1), Lemma("mean_at_most_one", _tested(p="q", f="f"))),
        Step("accepted", dominated(SCORE, HABIT), Lemma("accepted_mass", _tested(p="p", q="q", f="f"))),
        Step("rejected", dominated(1 - SCORE, 1 - HABIT), Lemma("rejected_mass", _tested(p="p", q="q", f="f"))),
        Step("score", le(kl(SCORE, HABIT), GUESS_INFORMATION), Lemma("binary_data_processing", _tested(p="p", q="q", f="f"))),
        Step("processing", le(GUESS_INFORMATION, INFORMATION), Lemma("guess_processing", Instance())),
        Step("together", le(kl(SCORE, HABIT), INFORMATION), Combination(((1, "score"), (1, "processing")))),
    ), "Whatever score is used, its mean is held to what independent guesses with the same habits would score.")

_apart = (sqrt(n[S, O, Y]) - sqrt(observed * prior)) ** 2
observation_information = _theorem(
    "observation_information", "Information about any target is never negative", LAW[:3], le(0, INFORMATION),
    (
        Step("squares", le(0, _apart), Sign()),
        Step("distance", le(0, integral((S, O, Y), _apart)), Expectation("squares", (S, O, Y))),
        Step("gibbs", le(integral((S, O, Y), _apart), INFORMATION), Lemma("gibbs", Instance(families={
            "p": lambda z: n[z], "q": lambda z: integral(Y, n[z[:2] + (Y,)]) * integral(O, n[z[:1] + (O,) + z[2:]])}, indices={X: (S, O, Y)}))),
        Step("together", le(0, INFORMATION), Combination(((1, "distance"), (1, "gibbs")))),
    ), "Frames cannot know less than nothing, of numbers either.")

_ceiling = inverse_first(BLIND, INFORMATION)
score_ceiling = _theorem(
    "score_ceiling", "The ceiling for any score", (*LAW, *SCORES, *BLINDLY), le(SCORE, _ceiling),
    (
        *_GUESS_LAW,
        Step("A is at most one", le(SCORE, 1), Lemma("mean_at_most_one", _tested(p="p", f="f"))),
        Step("q is at most one", le(HABIT, 1), Lemma("mean_at_most_one", _tested(p="q", f="f"))),
        Step("accepted", dominated(SCORE, HABIT), Lemma("accepted_mass", _tested(p="p", q="q", f="f"))),
        Step("rejected", dominated(1 - SCORE, 1 - HABIT), Lemma("rejected_mass", _tested(p="p", q="q", f="f"))),
        Step("divergence", le(kl(SCORE, HABIT), INFORMATION), Lemma("score_divergence", Instance())),
        Step("information is nonnegative", le(0, INFORMATION), Lemma("observation_information", Instance())),
        Step("one guess", le(guessed * integral(Y, prior * f[S, G, Y]), guessed * b[S]), Combination(((guessed, "no guess scores more than b without looking"),))),
        Step("habit", le(HABIT, BLIND), Expectation("one guess", (S, G))),
        Step("blind is allowed", le(BLIND, _ceiling), Member(_ceiling, BLIND)),
        Step("not above blind", le(SCORE, _ceiling), Sign(), given=(le(SCORE, BLIND),)),
        Step("q is positive", lt(0, HABIT), Sign(), given=(lt(BLIND, SCORE),)),
        Step("A0 reaches one only with A", dominated(1 - SCORE, 1 - BLIND), Sign(), given=(lt(BLIND, SCORE),)),
        Step("blind instead of habit", le(kl(SCORE, BLIND), kl(SCORE, HABIT)), Lemma("kl_second_up", Instance({p: SCORE, q: HABIT, r: BLIND})), given=(lt(BLIND, SCORE),)),
        Step("paid", le(kl(SCORE, BLIND), INFORMATION), Combination(((1, "blind instead of habit"), (1, "divergence"))), given=(lt(BLIND, SCORE),)),
        Step("above blind", le(SCORE, _ceiling), Member(_ceiling, SCORE), given=(lt(BLIND, SCORE),)),
        Step("ceiling", le(SCORE, _ceiling), Cases(("not above blind", "above blind"))),
    ), "For any score between 0 and 1 the mean is held by the best blind mean and the information: metric tolerance, angle, pixel distance, relative accuracy.",
    source="Fano 1952; with success sets, Kostina and Verdu 2012")

# mean relative accuracy: the mean over thresholds of success rates
THRESHOLD = Space("Threshold", "probability", ("v",))
(V,) = THRESHOLD.indices
fv, bv = Family("f", (THRESHOLD, QUESTION, GUESS, TARGET)), Family("b", (THRESHOLD, QUESTION))
_rate = integral((S, G, Y), m[S, G, Y] * fv[V, S, G, Y])
_blind_rate = integral(S, bv[V, S])
_mean_ceiling = integral(V, inverse_first(_blind_rate, INFORMATION))
_at_threshold = Instance(families={"f": lambda s, x, y: fv[(V,) + s + x + y], "b": lambda s: bv[(V,) + s]})


def _graded(rng):
    """Scores at two or three thresholds, each stricter than the one before."""
    model, levels = guessing(rng), rng.randint(2, 3)
    score, blind = model.families["f"], model.families["b"]
    families = {"f": {(v, *z): value if v == 0 or z[1:] == (0, 0) else Fraction(0) for v in range(levels) for z, value in score.items()},
                "b": {(v, *s): value for v in range(levels) for s, value in blind.items()}}
    return Model(model.variables, model.families | families, model.spaces | {"Threshold": simplex(rng, levels)})


relative_accuracy_ceiling = Theorem(
    "relative_accuracy_ceiling", "The ceiling for mean relative accuracy", ROOM, PLACE, "classical",
    (), (*LAW, hyp("a score is nonnegative", le(0, fv[V, S, G, Y])), hyp("a score is at most one", le(fv[V, S, G, Y], 1)),
         hyp("no guess scores more than b without looking", le(integral(Y, prior * fv[V, S, G, Y]), bv[V, S])),
         hyp("each blind score is positive", lt(0, _blind_rate)), hyp("each blind score is at most one", le(_blind_rate, 1))),
    le(integral(V, _rate), _mean_ceiling),
    (
        *_GUESS_LAW,
        Step("information is nonnegative", le(0, INFORMATION), Lemma("observation_information", Instance())),
        Step("each threshold", le(_rate, inverse_first(_blind_rate, INFORMATION)), Lemma("score_ceiling", _at_threshold)),
        Step("mean", le(integral(V, _rate), _mean_ceiling), Expectation("each threshold", (V,))),
    ),
    families=(m, n, g, fv, bv), spaces=(*SPACES, THRESHOLD), witness=_graded, completed=guessed_again, kind="order",
    says="A mean of success rates is at most the mean of their ceilings.",
)

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
    families=(m, f), spaces=(QUESTION, GUESS, TARGET), witness=lambda rng: _flat(rng),
    says="Uniform targets on a circle, seen through a channel with one density within the tolerance and one outside, meet the ceiling exactly.",
)

tau, x, y = var("tau", "x", "y")
RULE = (hyp("tau is positive", lt(0, tau)), hyp("tau is below one", lt(tau, 1)), hyp("x is positive", lt(0, x)), hyp("y is positive", lt(0, y)))
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
            Step("distance", le(sign * (y - x), tau * y), Root(sign * (y - x), (tau * y) ** 2)),
            Step("ratio", le(z, 1), Sign()),
            Step("tangent", le(ln(z), z - 1), Lemma("log_tangent", Instance({var("x"): z}))),
            Step("logarithm", claim, Combination(((1, "tangent"), (1, "ratio")))),
        ),
        witness=_within, kind="order", says=says)


tolerance_upper = _rule("tolerance_upper", "A relative tolerance on a log scale: upper end", le(ln(y), ln(x / (1 - tau))), "upper", "A guess succeeds only for targets up to itself over one minus the tolerance.")
tolerance_lower = _rule("tolerance_lower", "A relative tolerance on a log scale: lower end", le(ln(x / (1 + tau)), ln(y)), "lower", "A guess succeeds only for targets from itself over one plus the tolerance.")
_width = ln(x / (1 - tau)) - ln(x / (1 + tau))
tolerance_width = Theorem(
    "tolerance_width", "The log-width of a relative tolerance", ROOM, PLACE, "classical",
    (tau, x), RULE[:3], eq(_width, ln((1 + tau) / (1 - tau))),
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

THEOREMS = (guess_processing, score_divergence, observation_information, score_ceiling, relative_accuracy_ceiling, uniform_blind_score, circle_attains, tolerance_upper, tolerance_lower, tolerance_width, quarter_width)
