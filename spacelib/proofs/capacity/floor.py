"""The floor: what the best answerer reaches at least, given the equivocation; and the windows that reach no more.

A law is its layers: at height u lies the uniform law on the symbols likelier than u. The layers that contain anything
are as tall as the likeliest symbol, and each holds a whole number of symbols.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Least, Lemma, Member, Model, Null, Sign, Space, Step, Theorem,
                      dominated, eq, integral, le, ln, lt, maximum, named, relative, var)
from ..words import X, hyp, positive, rational, simplex
from .setting import (ACCURACY, ALPHABET, ALPHABET_SIZE, CHAIN, EQUIVOCATION, FAMILIES, J, M, O, OBSERVATION, OBSERVATION_LAW, QUESTION, S, SPACES, T,
                      answered_again, g, m, n, observed, setting)

ROOM, PLACE = "capacity", "result 1"
x, y, k, c = var("x", "y", "k", "c")
LAYER = Space("Layer", "measure", ("u",))
(U,) = LAYER.indices
w, layer = Family("w", (QUESTION, OBSERVATION, LAYER)), Family("c", (QUESTION, OBSERVATION, LAYER, ALPHABET))
BAYES = named(r"A_{\mathrm{Bayes}}", (), integral((S, O), maximum(T, n[S, O, T])))
_best = maximum(T, n[S, O, T])

bayes_accuracy = Theorem(
    "bayes_accuracy", "No answer beats the likeliest target", ROOM, PLACE, "classical",
    (M,), (ALPHABET_SIZE, *CHAIN), le(ACCURACY, BAYES),
    (
        Step("likeliest", le(n[S, O, T], _best), Member(_best, T)),
        Step("answered", le(g[S, O, T] * n[S, O, T], g[S, O, T] * _best), Combination(((g[S, O, T], "likeliest"),))),
        Step("one view", le(integral(T, g[S, O, T] * n[S, O, T]), integral(T, g[S, O, T]) * _best), Expectation("answered", (T,))),
        Step("in all", le(integral((S, O), integral(T, g[S, O, T] * n[S, O, T])), BAYES), Expectation("one view", (S, O))),
        Step("bayes", le(ACCURACY, BAYES), Combination(((1, "in all"),))),
    ),
    families=FAMILIES, spaces=SPACES, witness=setting, completed=answered_again, kind="order",
    says="Naming the likeliest target given question and frames is right as often as anything can be.",
)

# a whole number of symbols: x ln x lies above its chord from k to k + 1 outside that interval
_chord = lambda v: v * ln(k) + (v - k) * (k + 1) * ln((k + 1) / k)
WHOLE = hyp("no whole number lies between k and k + 1", le(0, (x - k) * (x - (k + 1))))
chord_below = Theorem(
    "chord_below", "The entropy of a whole number of symbols", ROOM, PLACE, "Kovalevskij 1965; Feder and Merhav 1994",
    (x, k), (hyp("x is nonnegative", le(0, x)), hyp("k is positive", lt(0, k)), WHOLE), le(_chord(x), relative(x, 1)),
    (
        Step("low slope", le(ln(k / (k + 1)), k / (k + 1) - 1), Lemma("log_tangent", Instance({x: k / (k + 1)}))),
        Step("high slope", le(ln((k + 1) / k), (k + 1) / k - 1), Lemma("log_tangent", Instance({x: (k + 1) / k}))),
        Step("at k", le(x * ln(k) + x - k, relative(x, 1)), Lemma("relative_tangent", Instance({x: x, y: 1, c: k}))),
        Step("at k + 1", le(x * ln(k + 1) + x - (k + 1), relative(x, 1)), Lemma("relative_tangent", Instance({x: x, y: 1, c: k + 1}))),
        Step("below", le(_chord(x), relative(x, 1)), Combination(((1, "at k"), ((k - x) * (k + 1), "low slope"))), given=(le(x, k),)),
        Step("not within", le(k + 1, x), Sign(), given=(lt(k, x),)),
        Step("above", le(_chord(x), relative(x, 1)), Combination(((1, "at k + 1"), ((x - (k + 1)) * k, "high slope"))), given=(lt(k, x),)),
        Step("chord", le(_chord(x), relative(x, 1)), Cases(("below", "above"))),
    ),
    witness=lambda rng: Model({"x": rng.randint(0, 9), "k": rng.randint(1, 6)}), equality=lambda rng: (lambda v: Model({"x": v + rng.randint(0, 1), "k": v}))(rng.randint(1, 6)),
    says="x ln x lies above its chord between k and k + 1 at every whole number.",
)

count = integral(T, layer[S, O, U, T])  # how many symbols a layer holds
_step = ln((k + 1) / k)
LAYERS = (
    hyp("heights are nonnegative", le(0, w[S, O, U])),
    hyp("a layer holds a symbol or not", eq(layer[S, O, U, T] ** 2, layer[S, O, U, T])),
    hyp("the layers make up the law", eq(n[S, O, T], integral(U, w[S, O, U] * layer[S, O, U, T]))),
    hyp("the layers are as tall as the likeliest symbol", le(integral(U, w[S, O, U]), _best)),
)
_sizes = hyp("no whole number lies between k and k + 1", le(0, (count - k) * (count - (k + 1))))
_held = relative(layer[S, O, U, T], count)
_cost_claim, _whole = eq(_held, -layer[S, O, U, T] * ln(count)), eq(integral(T, _held), -relative(count, 1))
_floor = le(ln(k) + (1 - k * BAYES) * (k + 1) * _step, EQUIVOCATION)
_one_view = integral(T, relative(n[S, O, T], observed()))


def _layered(rng, windows=False):
    """A random joint law with its layers: heights are the gaps between neighbouring values."""
    size, views, questions = rng.randint(2, 4), rng.randint(1, 2), rng.randint(1, 2)
    joint, heights, held = {}, {}, {}
    k = rng.randint(1, 3)
    for s in range(questions):
        for o, share in enumerate(simplex(rng, views)):
            values = simplex(rng, size)
            if windows:
                many = rng.choice([v for v in (k, k + 1) if v <= size] or [size])
                values = [Fraction(int(t < many), many) for t in range(size)]
            falling = sorted({*values, Fraction(0)}, reverse=True)
            for u in range(size):
                top, low = (falling[u], falling[u + 1]) if u + 1 < len(falling) else (Fraction(0), Fraction(0))
                heights[s, o, u] = share * (top - low)
                held |= {(s, o, u, t): int(v > low and top > 0) for t, v in enumerate(values)}
            joint |= {(s, o, t): share * v for t, v in enumerate(values)}
    return Model({"M": size, "k": min(k, size)}, {"n": joint, "w": heights, "c": held},
                 {"Question": simplex(rng, questions, zeros=False), "Observation": [1] * views, "Layer": [1] * size, "Alphabet": [1] * size})


_indicator = (
    Step("square", le(0, layer[S, O, U, T] ** 2), Sign()),
    Step("c is nonnegative", le(0, layer[S, O, U, T]), Combination(((1, "square"), (1, "a layer holds a symbol or not")))),
    Step("among the others", le(layer[S, O, U, T], count), Member(count, T)),
)
layer_entropy = Theorem(
    "layer_entropy", "The entropy of a layer", ROOM, PLACE, "classical",
    (M, k), (ALPHABET_SIZE, LAYERS[1], hyp("k is positive", lt(0, k)), _sizes), le(integral(T, _held), -_chord(count)),
    (
        *_indicator,
        Step("not held", _cost_claim, Identity(), given=(lt(0, count), eq(layer[S, O, U, T], 0))),
        Step("held", _cost_claim, Identity(), given=(lt(0, count), eq(layer[S, O, U, T], 1))),
        Step("held or not", eq(layer[S, O, U, T] * (layer[S, O, U, T] - 1), 0), Combination(((1, "a layer holds a symbol or not"),))),
        Step("one symbol", _cost_claim, Cases(("not held", "held")), given=(lt(0, count),)),
        Step("some layer", _whole, Expectation("one symbol", (T,)), given=(lt(0, count),)),
        Step("no symbol", eq(layer[S, O, U, T], 0), Sign(), given=(eq(count, 0),)),
        Step("empty layer", _whole, Identity(), given=(eq(count, 0),)),
        Step("a layer", _whole, Cases(("some layer", "empty layer"))),
        Step("chord", le(_chord(count), relative(count, 1)), Lemma("chord_below", Instance({x: count, k: k}))),
        Step("layer", le(integral(T, _held), -_chord(count)), Combination(((1, "a layer"), (1, "chord")))),
    ),
    families=(layer,), spaces=(QUESTION, OBSERVATION, LAYER, ALPHABET), witness=lambda rng: _layered(rng), equality=lambda rng: _layered(rng, windows=True),
    says="The uniform law on a whole number of symbols has at least the entropy of the chord.",
)

floor = Theorem(
    "floor", "The floor: what cannot be unknown", ROOM, PLACE, "Kovalevskij 1965; Tebbe and Dwyer 1968; Feder and Merhav 1994",
    (M, k), (ALPHABET_SIZE, *OBSERVATION_LAW[:2], *LAYERS, hyp("k is positive", lt(0, k)), _sizes), _floor,
    (
        *_indicator,
        Step("row", le(n[S, O, T], observed()), Member(observed(), T)),
        Step("layer by layer", le(relative(n[S, O, T], observed()), integral(U, relative(w[S, O, U] * layer[S, O, U, T], w[S, O, U] * count))),
             Lemma("log_sum", Instance(families={"u": lambda h: w[(S, O) + h] * layer[(S, O) + h + (T,)], "v": lambda h: w[(S, O) + h] * integral(T, layer[(S, O) + h + (T,)])}, indices={X: (U,)}))),
        Step("one layer", le(integral(T, _held), -_chord(count)), Lemma("layer_entropy", Instance({M: M, k: k}))),
        Step("weighted", le(integral(U, w[S, O, U] * integral(T, _held)), integral(U, w[S, O, U] * -_chord(count))), Expectation("one layer", (U,), w[S, O, U])),
        Step("symbol by symbol", le(_one_view, integral(T, integral(U, relative(w[S, O, U] * layer[S, O, U, T], w[S, O, U] * count)))), Expectation("layer by layer", (T,))),
        Step("log two", lt(ln(k), ln(k + 1)), Lemma("log_increasing", Instance({x: k, y: k + 1}))),
        Step("steep", le(0, k * (k + 1) * _step), Sign()),
        Step("one view", le(_one_view, k * (k + 1) * _step * _best - (ln(k) + (k + 1) * _step) * observed()),
             Combination(((1, "symbol by symbol"), (1, "weighted"), (k * (k + 1) * _step, "the layers are as tall as the likeliest symbol")))),
        Step("all views", le(integral((S, O), _one_view), integral((S, O), k * (k + 1) * _step * _best - (ln(k) + (k + 1) * _step) * observed())), Expectation("one view", (S, O))),
        Step("floor", _floor, Combination(((1, "all views"),))),
    ),
    families=(*FAMILIES, w, layer), spaces=(*SPACES, LAYER), witness=_layered, equality=lambda rng: _layered(rng, windows=True),
    says="If little is left open, the likeliest target is often right: the best accuracy lies above a chain of chords through (ln k, 1/k).",
)

THEOREMS = (bayes_accuracy, chord_below, layer_entropy, floor)
