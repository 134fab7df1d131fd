"""The information spectrum: a ceiling that rare strong evidence does not lift."""

from __future__ import annotations

from ..kernel import Combination, Expectation, Family, Member, Model, Sign, Step, Theorem, integral, le, maximum, named, var
from ..words import hyp, rational
from .ceiling import HYPOTHESES
from .setting import ACCURACY, ALPHABET, BLIND, FAMILIES, M, O, OBSERVATION, QUESTION, S, SPACES, T, answered_again, g, n, observed, prior, prior_seen, setting

ROOM, PLACE = "capacity", "result 1"
gamma = var("gamma")
tail = Family("e", (QUESTION, OBSERVATION, ALPHABET))
TAIL = named(r"\mathbb{P}(e)", (), integral((S, O, T), n[S, O, T] * tail[S, O, T]))
_claim = le(ACCURACY, gamma * BLIND + TAIL)
_usual = gamma * g[S, O, T] * observed() * prior_seen()


def _spectral(rng):
    """A random model with the event that the likelihood ratio exceeds gamma."""
    model, level = setting(rng), rational(rng, 0, 3)
    n, size = model.families["n"], int(model.variables["M"])
    weight = model.spaces["Observation"]
    views = range(len(weight))
    seen = lambda s, o: sum(n[s, o, t] for t in range(size))
    base = lambda s, t: sum(weight[o] * n[s, o, t] for o in views)
    strong = {(s, o, t): int(value > level * seen(s, o) * base(s, t)) for (s, o, t), value in n.items()}
    return Model(model.variables | {"gamma": level}, model.families | {"e": strong}, model.spaces)


spectrum_ceiling = Theorem(
    "spectrum_ceiling", "The ceiling from the information spectrum", ROOM, PLACE, "Verdu and Han 1994; meta-converse of Polyanskiy, Poor and Verdu 2010",
    (M, gamma), (*HYPOTHESES, hyp("gamma is nonnegative", le(0, gamma)), hyp("e is nonnegative", le(0, tail[S, O, T])), hyp("e is at most one", le(tail[S, O, T], 1)),
                 hyp("outside e the likelihood ratio is at most gamma", le((1 - tail[S, O, T]) * n[S, O, T], (1 - tail[S, O, T]) * gamma * (observed() * prior_seen())))), _claim,
    (
        Step("a share", le(g[S, O, T], integral(T, g[S, O, T])), Member(integral(T, g[S, O, T]), T)),
        Step("strong", le(g[S, O, T] * n[S, O, T] * tail[S, O, T], n[S, O, T] * tail[S, O, T]), Combination(((n[S, O, T] * tail[S, O, T], "a share"),))),
        Step("kept", le(0, gamma * g[S, O, T] * tail[S, O, T] * observed() * prior_seen()), Sign()),
        Step("usual", le(g[S, O, T] * n[S, O, T] * (1 - tail[S, O, T]), _usual),
             Combination(((g[S, O, T], "outside e the likelihood ratio is at most gamma"), (1, "kept")))),
        Step("one answer", le(g[S, O, T] * n[S, O, T], _usual + n[S, O, T] * tail[S, O, T]), Combination(((1, "strong"), (1, "usual")))),
        Step("all answers", le(integral((S, O, T), g[S, O, T] * n[S, O, T]), integral((S, O, T), _usual + n[S, O, T] * tail[S, O, T])), Expectation("one answer", (S, O, T))),
        Step("best guess", le(prior(T), maximum(T, prior(T))), Member(maximum(T, prior(T)), T)),
        Step("guessed", le(_usual, gamma * g[S, O, T] * observed() * maximum(T, prior(T))), Combination(((gamma * g[S, O, T] * observed(), "best guess"),))),
        Step("one view", le(integral(T, _usual), integral(T, gamma * g[S, O, T] * observed() * maximum(T, prior(T)))), Expectation("guessed", (T,))),
        Step("all guesses", le(integral((S, O), integral(T, _usual)), integral((S, O), integral(T, gamma * g[S, O, T] * observed() * maximum(T, prior(T))))), Expectation("one view", (S, O))),
        Step("spectrum", _claim, Combination(((1, "all answers"), (1, "all guesses")))),
    ),
    families=(*FAMILIES, tail), spaces=SPACES, witness=_spectral, completed=answered_again, kind="order",
    says="Accuracy is at most gamma times the blind accuracy plus how often the evidence exceeds gamma: rare certainty lifts it only where it occurs.",
)

THEOREMS = (spectrum_ceiling,)
