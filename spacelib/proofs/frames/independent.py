"""Frames that are independent given the target: gains diminish, sums bound, synergy cannot win."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Combination, Expectation, Hypothesis, Instance, Lemma, Model, Sign, Step, Theorem, eq, integral, le, named, relative,
                      sqrt, var)
from ..words import X as POINT
from ..words import hyp, rational, simplex
from .setting import (BOTH, FAMILIES, LAW, ONE, PLACE, ROOM, S, SHARED, SPACES, T, TWO, VERSION, X, Y, both, first, first_seen, joint, n,
                      second, second_seen, spaces_of, target)
from .views import CHANNEL, GIVEN, MARGINS, k, with_channel

INDEPENDENT = hyp("given the target the views are independent", eq(joint - first_seen * k[S, Y, T], 0))
# the second view's law given the target needs no hypothesis of its own: it follows from independence
GIVEN_TARGET = (
    *(h for h in CHANNEL if h.name != "k is the law of the second view given the target"), Hypothesis("k has total mass one", eq(integral(Y, k[S, Y, T]), 1), structural=True), INDEPENDENT)
x, y, z = var("x", "y", "z")


def independent_views(rng) -> Model:
    """A random target, and two views of it, each through a channel of its own."""
    q, i, j, m = rng.randint(1, 2), rng.randint(1, 3), rng.randint(1, 3), rng.randint(2, 3)
    spaces = spaces_of(rng, q, First=i, Second=j, Target=m)
    values, rule = {}, {}
    for s in range(q):
        for t, prior in enumerate(simplex(rng, m)):
            one, two = simplex(rng, i), simplex(rng, j)
            for b in range(j):
                rule[s, b, t] = two[b] / spaces["Second"][b]
                for a in range(i):
                    values[s, a, b, t] = prior / spaces["Target"][t] * one[a] / spaces["First"][a] * rule[s, b, t]
    return Model({}, {"n": values, "k": rule}, spaces)


def _coin(rng) -> Model:
    """A fair coin seen once in full and once not at all."""
    return Model({}, {"n": {(0, a, 0, t): Fraction(int(a == t), 2) for a in range(2) for t in range(2)}, "k": {(0, 0, t): 1 for t in range(2)}},
                 {"Question": [1], "First": [1, 1], "Second": [1], "Target": [1, 1]})


def pad(size: int) -> Model:
    """A target hidden by a key that the second view shows: neither view alone says anything."""
    third = Fraction(1, size**2)
    return Model({}, {"n": {(0, a, b, t): third * int((t + b) % size == a) for a in range(size) for b in range(size) for t in range(size)},
                      "k": {(0, b, t): Fraction(1, size) for b in range(size) for t in range(size)}},
                 {"Question": [1]} | {space: [1] * size for space in ("First", "Second", "Target")})


def _independent(name, title, claim, steps, says, **more):
    more = {"ablations": {INDEPENDENT.name: pad(2)}, "witness": independent_views} | more
    return Theorem(name, title, ROOM, PLACE, more.pop("source", "Krause and Guestrin 2005"), (), (*more.pop("law", LAW), *VERSION, *GIVEN_TARGET), claim, steps,
                   families=(*FAMILIES, k), spaces=SPACES, says=says, **more)


IDENTITY = (
    *MARGINS,
    Step("independent", INDEPENDENT.claim, Combination(((1, INDEPENDENT.name),))),
    Step("seen through k", eq(second_seen - target * k[S, Y, T], 0), Expectation("independent", (X,))),
    Step("synergy", eq(BOTH - ONE - TWO, GIVEN - SHARED), Lemma("synergy_identity", Instance())),
    Step("nothing more", eq(relative(joint, first_seen * k[S, Y, T]), relative(first_seen * k[S, Y, T], first_seen * k[S, Y, T])),
         Lemma("relative_congruence", Instance({x: joint, y: first_seen * k[S, Y, T], z: first_seen * k[S, Y, T]}))),
    Step("nothing more in all", eq(GIVEN, 0), Expectation("nothing more", (S, X, Y, T))),
)

_gain = eq(BOTH - ONE, TWO - SHARED)
gain_given_target = _independent(
    "gain_given_target", "The gain of a frame: what it tells, less what was seen before", _gain,
    (*IDENTITY, Step("gain", _gain, Combination(((1, "synergy"), (1, "nothing more in all"))))),
    "If frames are independent given the target, a frame adds its own information less what it shares with those before it.", law=LAW[:1])

_hellinger = (sqrt(both) - sqrt(first * second)) ** 2
shared_nonnegative = Theorem(
    "shared_nonnegative", "Frames share nothing or something", ROOM, PLACE, "classical", (), (*LAW, *VERSION), le(0, SHARED),
    (
        *MARGINS,
        Step("squares", le(0, _hellinger), Sign()),
        Step("distance", le(0, integral((S, X, Y), _hellinger)), Expectation("squares", (S, X, Y))),
        Step("gibbs", le(integral((S, X, Y), _hellinger), SHARED),
             Lemma("gibbs", Instance(families={"p": lambda v: integral(T, n[(*v, T)]), "q": lambda v: integral((Y, T), n[(*v[:2], Y, T)]) * integral((X, T), n[(v[0], X, v[2], T)])}, indices={POINT: (S, X, Y)}))),
        Step("together", le(0, SHARED), Combination(((1, "distance"), (1, "gibbs")))),
    ),
    families=FAMILIES, spaces=SPACES, witness=lambda rng: Model({}, {"n": (m := independent_views(rng)).families["n"]}, m.spaces), kind="order",
    says="What two frames share is never negative.")

sum_bound = _independent(
    "two_frame_sum_bound", "Two independent views tell at most the sum", le(BOTH, ONE + TWO),
    (
        Step("gain", _gain, Lemma("gain_given_target", Instance())),
        Step("shared", le(0, SHARED), Lemma("shared_nonnegative", Instance())),
        Step("sum", le(BOTH, ONE + TWO), Combination(((1, "gain"), (1, "shared")))),
    ), "Frames that are independent given the target cannot be worth more together than one by one.", equality=_coin)

# Any decomposition that adds up: R + U1 = I(O1;T), R + U2 = I(O2;T), R + U1 + U2 + W = I(O1,O2;T). Its redundancy R leaves this synergy:
red = var("R")
SYNERGY = named("W", (red,), BOTH - ONE - TWO + red)


def _decomposed(model):
    return lambda rng: (lambda m: Model(m.variables | {"R": rational(rng)}, m.families, m.spaces))(model(rng))


net_synergy = Theorem(
    "net_synergy", "Synergy less redundancy, whatever the decomposition", ROOM, PLACE, "Williams and Beer 2010; interaction information, McGill 1954",
    (red,), (LAW[0], *VERSION, *CHANNEL), eq(SYNERGY - red, GIVEN - SHARED),
    (
        Step("identity", eq(BOTH - ONE - TWO, GIVEN - SHARED), Lemma("synergy_identity", Instance())),
        Step("net", eq(SYNERGY - red, GIVEN - SHARED), Combination(((1, "identity"),))),
    ),
    families=(*FAMILIES, k), spaces=SPACES, witness=_decomposed(with_channel), kind="order",
    says="However redundancy is defined, synergy less redundancy is the same number.")

no_net_synergy = Theorem(
    "no_net_synergy", "Independent views: synergy never exceeds redundancy", ROOM, PLACE, "Williams and Beer 2010 for the parts",
    (red,), (*LAW, *VERSION, *GIVEN_TARGET), le(SYNERGY, red),
    (
        Step("sum", le(BOTH, ONE + TWO), Lemma("two_frame_sum_bound", Instance())),
        Step("net", le(SYNERGY, red), Combination(((1, "sum"),))),
    ),
    families=(*FAMILIES, k), spaces=SPACES, witness=_decomposed(independent_views), ablations={INDEPENDENT.name: Model({"R": 0}, pad(2).families, pad(2).spaces)},
    equality=lambda rng: Model({"R": 0}, _coin(rng).families, _coin(rng).spaces),
    kind="order",
    says="Where frames are independent given the target, net synergy cannot drive anything: there is none.")

THEOREMS = (gain_given_target, shared_nonnegative, sum_bound, net_synergy, no_net_synergy)
