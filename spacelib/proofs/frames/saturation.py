"""When more frames stop helping: an error that all frames share is never averaged out.

O_k = T + B + N_k, all independent and Gaussian: t, b and s are the variances of the target, of the error that all frames share and of
each frame's own. The frames' mean is sufficient and has noise b + s/K: K frames tell I(K) = ln(1 + t/(b + s/K))/2.
"""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import Combination, Hypothesis, Instance, Lemma, Model, Step, Theorem, exp, le, ln, lt, named, var
from ..words import hyp, positive, rational
from .setting import PLACE, ROOM

t, b, s, number, goal = var("t", "b", "s", "K", "i")
TOLD = named(r"I(K)", (), ln(1 + t / (b + s / number)) / 2)
_noise = b + s / number
_snr = exp(2 * goal) - 1
VARIANCES = tuple(Hypothesis(name, claim, structural=True) for name, claim in (
    ("the target varies", lt(0, t)), ("the shared error has a variance", le(0, b)), ("each frame has an error of its own", lt(0, s)), ("there are frames", lt(0, number))))
GOAL = Hypothesis("the goal is positive", lt(0, _snr), structural=True)
ROOM_LEFT = hyp("the shared error leaves room", lt(0, t / _snr - b))
def _reaching(sign):
    """Variances, a goal and a number of frames on one side of the least number, by a margin that floats can decide."""
    def model(rng):
        while True:
            target, shared, own, i = positive(rng), rational(rng, 0, 2), positive(rng), rational(rng, Fraction(1, 8), 2)
            room = float(target) / math.expm1(2 * i) - float(shared)
            if room > 0.01:
                least = float(own) / room
                count = Fraction(math.ceil(least * (1 + sign * 0.25) * 64) + sign, 64)
                if count > 0 and (float(count) - least) * sign > 0:
                    return Model({"t": target, "b": shared, "s": own, "i": i, "K": count})
    return model


_needed = s / (t / _snr - b)


def _told(name, title, also, claim, steps, says, **more):
    return Theorem(name, title, ROOM, PLACE, "classical: Gaussian channels", (t, b, s, number, goal), (*VARIANCES, GOAL, *also), claim, steps, kind="order", says=says, **more)


_room, _ratio = t / _snr - b, 1 + t / _noise
_BELOW = (
    Step("ratio", lt(_ratio, exp(2 * goal)), Combination(((1 / _noise, "noise"),))),
    Step("logarithms", lt(ln(_ratio), ln(exp(2 * goal))), Lemma("log_increasing", Instance({var("x"): _ratio, var("y"): exp(2 * goal)}))),
    Step("missed", lt(TOLD, goal), Combination(((Fraction(1, 2), "logarithms"),))),
)
ENOUGH = hyp("there are enough frames", le(_needed, number))
frames_enough = _told(
    "frames_enough", "Enough frames under a shared error", (ROOM_LEFT, ENOUGH), le(goal, TOLD),
    (
        Step("a frame's share", le(s / number, _room), Combination(((_room / number, ENOUGH.name),))),
        Step("noise", le(_noise * _snr, t), Combination(((_snr, "a frame's share"),))),
        Step("ratio", le(exp(2 * goal), _ratio), Combination(((1 / _noise, "noise"),))),
        Step("logarithms", le(ln(exp(2 * goal) / _ratio), exp(2 * goal) / _ratio - 1), Lemma("log_tangent", Instance({var("x"): exp(2 * goal) / _ratio}))),
        Step("reached", le(goal, TOLD), Combination(((Fraction(1, 2), "logarithms"), (1 / (2 * _ratio), "ratio")))),
    ), "With s/(t/(exp(2 i) - 1) - b) frames the goal i is reached.", witness=_reaching(1),
    ablations={"the shared error leaves room": Model({"t": 1, "b": 2, "s": 1, "i": 1, "K": 1})})

FEW = hyp("there are too few frames", lt(number, _needed))
frames_too_few = _told(
    "frames_too_few", "Too few frames under a shared error", (ROOM_LEFT, FEW), lt(TOLD, goal),
    (
        Step("a frame's share", lt(_room, s / number), Combination(((_room / number, FEW.name),))),
        Step("noise", lt(t, _noise * _snr), Combination(((_snr, "a frame's share"),))),
        *_BELOW,
    ), "With fewer it is missed: the number is exact.", witness=_reaching(-1))

NO_ROOM = hyp("the shared error leaves no room", le(t / _snr, b))
frames_saturate = _told(
    "frames_saturate", "No number of frames is enough", (NO_ROOM,), lt(TOLD, goal),
    (
        Step("noise", lt(t, _noise * _snr), Combination(((_snr, NO_ROOM.name), (s / number, GOAL.name)))),
        *_BELOW,
    ), "An error that all frames share caps their information at ln(1 + t/b)/2, however many there are.",
    witness=lambda rng: (lambda i, t: Model({"t": t, "s": positive(rng), "i": i, "K": rng.randint(1, 9), "b": Fraction(math.ceil(64 * float(t) / math.expm1(2 * i)) + 1, 64)}))(rational(rng, Fraction(1, 8), 2), positive(rng)))

THEOREMS = (frames_enough, frames_too_few, frames_saturate)
