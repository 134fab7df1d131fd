"""How far apart two channels of the same information can be: erasures against windows.

A window of k among M equally likely symbols leaves ln k open and is answered right once in k times. A camera that fails
with probability e leaves e ln M open and is answered right at least 1 - e of the time. With M = k^(1/e) both carry the same
information; with large k and small e one is nearly never answered right, the other nearly always.
"""

from __future__ import annotations

from ..kernel import Combination, Identity, Model, Sign, Step, Theorem, eq, exp, integral, le, ln, named, relative, var
from ..words import rational
from .readings import ERASURE, ERASURE_ACCURACY, ERASURE_INFORMATION
from .setting import ALPHABET, ALPHABET_SIZE, M, T

ROOM, PLACE = "capacity", "result 1"
e = var("e")
WINDOW = named("k", (), exp(e * ln(M)))  # M^e symbols: a whole number where M is a power of it
WINDOW_INFORMATION = named("I_k", (), integral(T, relative(1 / M, 1 / M * (WINDOW / M))))


def _pair(rng):
    size = rng.randint(2, 9)
    return Model({"M": size, "e": rational(rng)}, {}, {"Alphabet": [1] * size})


_same = eq(ERASURE_INFORMATION, WINDOW_INFORMATION)
same_information = Theorem(
    "same_information", "A failing camera and a window can tell the same amount", ROOM, PLACE, "classical",
    (M, e), (ALPHABET_SIZE, *ERASURE[:2]), _same, (Step("same", _same, Identity()),), spaces=(ALPHABET,), witness=_pair, kind="order",
    says="What a camera leaves open that fails with probability e, and what a window of k = M^e candidates does, is one number.",
)

_apart = le(1 - e - 1 / WINDOW, ERASURE_ACCURACY - 1 / WINDOW)
same_information_far_apart = Theorem(
    "same_information_far_apart", "The same information, any accuracy", ROOM, PLACE, "classical",
    (M, e), (ALPHABET_SIZE, ERASURE[0]), _apart,
    (
        Step("share", le(0, e / M), Sign()),
        Step("apart", _apart, Combination(((1, "share"),))),
    ),
    spaces=(ALPHABET,), witness=_pair, kind="order", says="The two accuracies differ by at least 1 - e - 1/k, as close to one as one likes: information alone does not decide an accuracy.",
)

THEOREMS = (same_information, same_information_far_apart)
