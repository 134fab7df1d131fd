"""The ceiling for scored guesses: any guess, any target, any score in [0, 1]; and for means of several scores."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Member, Model, Sign, Space, Step, Theorem, dominated,
                      eq, integral, le, lt, named, relative, sqrt, var)
from ..words import X, hyp, inverse_first, kl, rational, simplex
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
    Hypothesis("the blind score is positive", lt(0, BLIND), structural=True),
    hyp("the blind score is at most one", le(BLIND, 1)),
)
_families = {"p": lambda s, x, y: m[s + x + y], "q": lambda s, x, y: integral(Y, m[s + x + (Y,)]) * integral(O, n[s + (O,) + y]), "f": lambda s, x, y: f[s + x + y]}


def _tested(**kept):
    return Instance(families={k: (lambda body: lambda z: body(z[:1], z[1:2], z[2:]))(_families[v]) for k, v in kept.items()}, indices={X: (S, G, Y)})


def guessing(rng) -> Model:
    """Random observations, guesses and scores on small finite spaces, with weights."""
    questions, views, guesses, targets = rng.randint(1, 2), rng.randint(1, 2), rng.randint(1, 3), rng.randint(2, 3)
    weights = {name: [Fraction(rng.randint(1, 3), rng.randint(1, 2)) for _ in range(size)] for name, size in (("Observation", views), ("Guess", guesses), ("Target", targets))}
    chance = simplex(rng, questions, zeros=False)
    joint, rule, score, blind = {}, {}, {}, {}
    for s in range(questions):
        law = iter(simplex(rng, views * targets))
        joint |= {(s, o, y): next(law) / weights["Observation"][o] / weights["Target"][y] for o in range(views) for y in range(targets)}
        score |= {(s, x, y): rational(rng, parts=4) for x in range(guesses) for y in range(targets)}
        score[s, 0, 0] = Fraction(1)
        for o in range(views):
            best = max(range(guesses), key=lambda x: sum(weights["Target"][y] * joint[s, o, y] * score[s, x, y] for y in range(targets)))
            guess = [Fraction(int(x == best)) for x in range(guesses)] if rng.random() < 0.5 else simplex(rng, guesses)
            rule |= {(s, o, x): v / weights["Guess"][x] for x, v in enumerate(guess)}
    model = guessed_again(Model({}, {"n": joint, "g": rule, "f": score}, {"Question": chance} | weights))
    for s in range(questions):
        alone = [sum(weights["Target"][y] * weights["Observation"][o] * joint[s, o, y] * score[s, x, y] for o in range(views) for y in range(targets)) for x in range(guesses)]
        blind[s,] = max(alone) if rng.random() < 0.8 else (1 + max(alone)) / 2
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


def _seen_plainly(scores, blind) -> Model:
    """One question with two equally likely targets, each seen and named for what it is."""
    half, plain = Fraction(1, 2), {(0, o, y): int(o == y) for o in range(2) for y in range(2)}
    return guessed_again(Model({}, {"n": {z: half * v for z, v in plain.items()}, "g": plain, "f": {(0, x, y): Fraction(v) for x, row in enumerate(scores) for y, v in enumerate(row)},
                                    "b": {(0,): Fraction(blind)}}, {"Question": [1], "Observation": [1, 1], "Guess": [1, 1], "Target": [1, 1]}))


_BROKEN_SCORES = {"a score is nonnegative": _seen_plainly(((1, -3), (-3, 1)), Fraction(1, 100)), "a score is at most one": _seen_plainly(((2, 0), (0, 2)), 1)}


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
    source="Fano 1952; with success sets, Kostina and Verdu 2012", ablations=_BROKEN_SCORES)

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


def _two_thresholds(name):
    """The broken scores of `name` at a second threshold."""
    model = _BROKEN_SCORES[name]
    return Model({}, model.families | {k: {(v, *z): x for v in range(2) for z, x in model.families[k].items()} for k in ("f", "b")}, model.spaces | {"Threshold": [0, 1]})


relative_accuracy_ceiling = Theorem(
    "relative_accuracy_ceiling", "The ceiling for mean relative accuracy", ROOM, PLACE, "classical",
    (), (*LAW, hyp("a score is nonnegative", le(0, fv[V, S, G, Y])), hyp("a score is at most one", le(fv[V, S, G, Y], 1)),
         hyp("no guess scores more than b without looking", le(integral(Y, prior * fv[V, S, G, Y]), bv[V, S])),
         Hypothesis("each blind score is positive", lt(0, _blind_rate), structural=True), hyp("each blind score is at most one", le(_blind_rate, 1))),
    le(integral(V, _rate), _mean_ceiling),
    (
        *_GUESS_LAW,
        Step("information is nonnegative", le(0, INFORMATION), Lemma("observation_information", Instance())),
        Step("each threshold", le(_rate, inverse_first(_blind_rate, INFORMATION)), Lemma("score_ceiling", _at_threshold)),
        Step("mean", le(integral(V, _rate), _mean_ceiling), Expectation("each threshold", (V,))),
    ),
    families=(m, n, g, fv, bv), spaces=(*SPACES, THRESHOLD), witness=_graded, completed=guessed_again, kind="order",
    ablations={name: _two_thresholds(name) for name in _BROKEN_SCORES},
    says="A mean of success rates is at most the mean of their ceilings.",
)

THEOREMS = (guess_processing, score_divergence, observation_information, score_ceiling, relative_accuracy_ceiling)
