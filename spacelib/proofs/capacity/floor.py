"""The floor: what the best answerer reaches at least, given the equivocation; and the windows that reach no more.

A law is its layers: at height u lies the uniform law on the symbols likelier than u. The layers that contain anything
are as tall as the likeliest symbol, and each holds a whole number of symbols.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Identity, Instance, Least, Lemma, Member, Model, Sign, Space, Step, Theorem,
                      eq, integral, le, ln, lt, maximum, named, relative, term, var)
from ..words import X, hyp, simplex
from .setting import (ACCURACY, ALPHABET, ALPHABET_SIZE, CHAIN, EQUIVOCATION, FAMILIES, M, O, OBSERVATION, OBSERVATION_LAW, QUESTION, S, SPACES, T,
                      answered_again, g, n, observed, setting)

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

def _without_k(model):
    return Model({"M": model.variables["M"]}, model.families, model.spaces)


def _one_view_of(law, layers, k):
    """One question, one view: layers as (height, what is held of each symbol)."""
    size = len(law)
    return Model({"M": size, "k": k}, {"n": {(0, 0, t): Fraction(x) for t, x in enumerate(law)}, "w": {(0, 0, u): Fraction(h) for u, (h, _) in enumerate(layers)},
                                        "c": {(0, 0, u, t): Fraction(x) for u, (_, held) in enumerate(layers) for t, x in enumerate(held)}},
                  {"Question": [1], "Observation": [1], "Layer": [1] * len(layers), "Alphabet": [1] * size})


def _broken_layers():
    """Two equally likely symbols, three halves for k: layers that are none do not notice the whole number above."""
    half, k = Fraction(1, 2), Fraction(3, 2)
    return {
        "heights are nonnegative": _one_view_of((half, half), ((half, (1, 0)), (half, (0, 1)), (-half, (0, 0))), k),
        "a layer holds a symbol or not": _one_view_of((half, half), ((Fraction(2, 5), (Fraction(5, 4), Fraction(5, 4))),), k),
        "the layers make up the law": _one_view_of((half, half), ((half, (1, 0)),), k),
        "the layers are as tall as the likeliest symbol": _one_view_of((half, half), ((half, (1, 0)), (half, (0, 1))), k),
    }


floor = Theorem(
    "floor", "The floor: what cannot be unknown", ROOM, PLACE, "Kovalevskij 1965; Tebbe and Dwyer 1968; Feder and Merhav 1994",
    (M, k), (ALPHABET_SIZE, OBSERVATION_LAW[1], *LAYERS, hyp("k is positive", lt(0, k)), _sizes), _floor,
    (
        *_indicator,
        Step("n is nonnegative", le(0, n[S, O, T]), Sign()),
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
    families=(*FAMILIES, w, layer), spaces=(*SPACES, LAYER), witness=_layered, equality=lambda rng: _layered(rng, windows=True), ablations=_broken_layers(),
    says="If little is left open, the likeliest target is often right: the best accuracy lies above a chain of chords through (ln k, 1/k).",
)

_one_bit = le(1 - EQUIVOCATION / (2 * ln(2)), BAYES)
floor_line = Theorem(
    "floor_line", "The floor as a straight line", ROOM, PLACE, "Kovalevskij 1965; Hellman and Raviv 1970",
    (M,), (ALPHABET_SIZE, OBSERVATION_LAW[1], *(replace(h, structural=True) for h in LAYERS),  # every law has layers
          Hypothesis("a layer holds no symbol, one, or at least two", le(0, (count - 1) * (count - 2)), structural=True)), _one_bit,
    (
        *_indicator,
        Step("n is nonnegative", le(0, n[S, O, T]), Sign()),
        Step("row", le(n[S, O, T], observed()), Member(observed(), T)),
        Step("log two", lt(ln(1), ln(2)), Lemma("log_increasing", Instance({x: 1, y: 2}))),
        Step("first chord", le(ln(1) + (1 - 1 * BAYES) * (1 + 1) * ln((1 + term(1)) / 1), EQUIVOCATION), Lemma("floor", Instance({M: M, k: 1}))),
        Step("line", _one_bit, Combination(((1 / (2 * ln(2)), "first chord"),))),
    ),
    families=(*FAMILIES, w, layer), spaces=(*SPACES, LAYER), witness=lambda rng: _without_k(_layered(rng)), kind="order",
    says="The error is at most half the equivocation in bits.",
)

# windows: the target is known to be one of a few equally likely symbols, and nothing more
v, window = Family("v", (QUESTION, OBSERVATION)), Family("c", (QUESTION, OBSERVATION, ALPHABET))
wide = integral(T, window[S, O, T])
WINDOWS = (
    ALPHABET_SIZE, hyp("v is nonnegative", le(0, v[S, O])),
    hyp("a window holds a symbol or not", eq(window[S, O, T] ** 2, window[S, O, T])), hyp("no window is empty", lt(0, wide)),
    hyp("all symbols of a window are equally likely", eq(wide * n[S, O, T], v[S, O] * window[S, O, T])),
)
_WINDOW_FACTS = (
    Step("square", le(0, window[S, O, T] ** 2), Sign()),
    Step("c is nonnegative", le(0, window[S, O, T]), Combination(((1, "square"), (1, "a window holds a symbol or not")))),
    Step("co-square", le(0, (1 - window[S, O, T]) ** 2), Sign()),
    Step("c is at most one", le(window[S, O, T], 1), Combination(((1, "co-square"), (1, "a window holds a symbol or not")))),
    Step("even", WINDOWS[-1].claim, Combination(((1, WINDOWS[-1].name),))),
    Step("shares", le(0, v[S, O] * window[S, O, T]), Sign()),
    Step("n is nonnegative", le(0, n[S, O, T]), Combination(((1 / wide, "shares"), (-1 / wide, "even")))),
    Step("row", le(n[S, O, T], observed()), Member(observed(), T)),
)


def _windowed(rng):
    """Windows of k or k + 1 neighbours at random places."""
    size, views, questions, k = rng.randint(2, 4), rng.randint(1, 3), rng.randint(1, 2), rng.randint(1, 3)
    held, joint, weight = {}, {}, {}
    for s in range(questions):
        for o, x in enumerate(simplex(rng, views)):
            many, start = min(size, k + rng.randint(0, 1)), rng.randrange(size)
            weight[s, o] = x
            held |= {(s, o, t): int((t - start) % size < many) for t in range(size)}
            joint |= {(s, o, t): x * held[s, o, t] / many for t in range(size)}
    return Model({"M": size, "k": min(k, size)}, {"n": joint, "v": weight, "c": held}, {"Question": simplex(rng, questions, zeros=False), "Observation": [1] * views, "Alphabet": [1] * size})


def _two_windows(weights, held, k=1):
    """One question, two symbols; the joint law is what weights and windows say."""
    views = len(weights)
    return Model({"M": 2, "k": k}, {"n": {(0, o, t): Fraction(weights[o]) * held[o][t] / (sum(held[o]) or 1) for o in range(views) for t in range(2)},
                                    "v": {(0, o): Fraction(x) for o, x in enumerate(weights)}, "c": {(0, o, t): Fraction(x) for o, row in enumerate(held) for t, x in enumerate(row)}},
                 {"Question": [1], "Observation": [1] * views, "Alphabet": [1, 1]})


_BROKEN_WINDOWS = {
    "v is nonnegative": _two_windows((2, -1), ((1, 1), (1, 0))), "v has total mass one": _two_windows((2,), ((1, 0),)),
    "a window holds a symbol or not": _two_windows((1,), ((2, 1),), 2), "no window is empty": _two_windows((1, 0), ((1, 0), (0, 0))),
}


def _windows(name, title, variables, hypotheses, claim, steps, says):
    broken = {h.name: _BROKEN_WINDOWS[h.name] for h in hypotheses if h.name in _BROKEN_WINDOWS}
    return Theorem(name, title, ROOM, PLACE, "Feder and Merhav 1994", variables, hypotheses, claim, steps, families=(*FAMILIES, v, window), spaces=SPACES,
                   witness=lambda rng: _windowed(rng) if variables[1:] else _without_k(_windowed(rng)), kind="order", says=says, ablations=broken)


_top = maximum(T, n[S, O, T])
_right = eq(BAYES, integral((S, O), v[S, O] / wide))
window_accuracy = _windows(
    "window_accuracy", "Accuracy in windows", (M,), WINDOWS, _right,
    (
        *_WINDOW_FACTS,
        Step("held", le(v[S, O] * window[S, O, T], v[S, O]), Combination(((v[S, O], "c is at most one"),))),
        Step("each", le(n[S, O, T], v[S, O] / wide), Combination(((1 / wide, "held"), (1 / wide, "even")))),
        Step("at most", le(_top, v[S, O] / wide), Least("each", _top, T)),
        Step("likeliest", le(n[S, O, T], _top), Member(_top, T)),
        Step("weighted", le(window[S, O, T] * n[S, O, T], window[S, O, T] * _top), Combination(((window[S, O, T], "likeliest"),))),
        Step("window", le(integral(T, window[S, O, T] * n[S, O, T]), wide * _top), Expectation("weighted", (T,))),
        Step("the same", eq(wide * window[S, O, T] * n[S, O, T], v[S, O] * window[S, O, T]), Combination(((window[S, O, T], "even"), (v[S, O], "a window holds a symbol or not")))),
        Step("whole window", eq(integral(T, wide * window[S, O, T] * n[S, O, T]), v[S, O] * wide), Expectation("the same", (T,))),
        Step("at least", le(v[S, O] / wide, _top), Combination(((1 / wide, "window"), (-1 / wide**2, "whole window")))),
        Step("one view", eq(_top, v[S, O] / wide), Sign()),
        Step("accuracy", _right, Expectation("one view", (S, O))),
    ), "Among k equally likely symbols the best guess is right once in k times.")

_left = eq(EQUIVOCATION, integral((S, O), v[S, O] * ln(wide)))
_one = eq(relative(n[S, O, T], observed()), -n[S, O, T] * ln(wide))
window_equivocation = _windows(
    "window_equivocation", "What windows leave open", (M,), WINDOWS, _left,
    (
        *_WINDOW_FACTS,
        Step("whole window", eq(integral(T, wide * n[S, O, T]), v[S, O] * wide), Expectation("even", (T,))),
        Step("observed", eq(observed(), v[S, O]), Combination(((1 / wide, "whole window"),))),
        Step("outside", eq(n[S, O, T], 0), Sign(), given=(eq(window[S, O, T], 0),)),
        Step("nothing", _one, Identity(), given=(eq(window[S, O, T], 0),)),
        Step("inside", eq(n[S, O, T], v[S, O] / wide), Combination(((1 / wide, "even"),)), given=(eq(window[S, O, T], 1),)),
        Step("its share", _one, Identity(), given=(eq(window[S, O, T], 1),)),
        Step("in or out", eq(window[S, O, T] * (window[S, O, T] - 1), 0), Combination(((1, "a window holds a symbol or not"),))),
        Step("one symbol", _one, Cases(("nothing", "its share"))),
        Step("all symbols", eq(integral((S, O, T), relative(n[S, O, T], observed())), -integral((S, O), v[S, O] * ln(wide))), Expectation("one symbol", (S, O, T))),
        Step("left open", _left, Combination(((-1, "all symbols"),))),
    ), "Among k equally likely symbols ln k is left open.")

_neighbours = hyp("windows hold k or k + 1 symbols", eq((wide - k) * (wide - (k + 1)), 0))
_chord_line = ln(k) + (1 - k * BAYES) * (k + 1) * _step
_log_chord = eq(ln(wide), ln(k) + (1 - k / wide) * (k + 1) * _step)
floor_attained = _windows(
    "floor_attained", "Windows reach the floor", (M, k), (*(h for h in WINDOWS if h.name != "no window is empty"), hyp("v has total mass one", eq(integral(O, v[S, O]), 1)), hyp("k is positive", lt(0, k)), _neighbours),
    eq(_chord_line, EQUIVOCATION),
    (
        Step("of k", lt(0, wide), Sign(), given=(eq(wide, k),)),
        Step("of one more", lt(0, wide), Sign(), given=(eq(wide, k + 1),)),
        Step("never empty", lt(0, wide), Cases(("of k", "of one more"))),
        *_WINDOW_FACTS,
        Step("k symbols", _log_chord, Identity(), given=(eq(wide, k),)),
        Step("one more", _log_chord, Identity(), given=(eq(wide, k + 1),)),
        Step("on the chord", _log_chord, Cases(("k symbols", "one more"))),
        Step("accuracy", _right, Lemma("window_accuracy", Instance({M: M}))),
        Step("equivocation", _left, Lemma("window_equivocation", Instance({M: M}))),
        Step("all on the chord", eq(integral((S, O), v[S, O] * ln(wide)), integral((S, O), v[S, O] * (ln(k) + (1 - k / wide) * (k + 1) * _step))), Expectation("on the chord", (S, O), v[S, O])),
        Step("reached", eq(_chord_line, EQUIVOCATION), Combination(((-1, "equivocation"), (-1, "all on the chord"), (k * (k + 1) * _step, "accuracy"), ((k + 1) * _step, "v has total mass one")))),
    ), "Windows of k and of k + 1 symbols, in any mixture, meet the floor exactly: no better floor holds.")

THEOREMS = (bayes_accuracy, chord_below, layer_entropy, floor, floor_line, window_accuracy, window_equivocation, floor_attained)

