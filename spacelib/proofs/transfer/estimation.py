"""What of a shift can be estimated: the divergence over finitely many cells, from above by corners of boxes. And what cannot: anything finite over images."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Space, Step, Theorem, dominated, exp, integral, le, ln, lt, relative, var
from ..words import column, hyp, inside, kl, rational, simplex
from .chain import means
from .setting import HALF, LAWS, LOSS, L_MU, L_NU, MU, NU, PLACE, ROOM, SCENES, SHIFT, Z, coins, f, mu, nu, on_scenes, scenes, shifted

A, B, l, u, s, t, M, x = var("A", "B", "l", "u", "s", "t", "M", "x")
a1, a2, b1, b2 = var("a1", "a2", "b1", "b2")


def phi(v, w):
    """The share of a cell in a divergence: nonnegative, and jointly convex."""
    return relative(v, w) - v + w


_shares = tuple(h for v in (s, t) for h in (hyp(f"{v.key} is nonnegative", le(0, v)), hyp(f"{v.key} is at most one", le(v, 1))))
_v, _w = (1 - s) * A + s * B, (1 - t) * l + t * u
CORNERS = tuple(hyp(f"M covers the corner {name}", le(phi(v, w), M)) for name, v, w in (("A, l", A, l), ("A, u", A, u), ("B, l", B, l), ("B, u", B, u)))
_RANGES = tuple(Hypothesis(name, claim, structural=True) for name, claim in (("A is nonnegative", le(0, A)), ("B is nonnegative", le(0, B)), ("l is positive", lt(0, l)), ("u is positive", lt(0, u)), ("w is positive", lt(0, _w))))


def _edge(label, end):
    """phi at one end of the target's range and anywhere in the source's."""
    return (
        Step(f"{label}, two", le(relative((1 - t) * end + t * end, (1 - t) * l + t * u), relative((1 - t) * end, (1 - t) * l) + relative(t * end, t * u)),
             Lemma("log_sum_two", Instance({a1: (1 - t) * end, a2: t * end, b1: (1 - t) * l, b2: t * u}))),
        Step(label, le(phi(end, _w), M), Combination(((1, f"{label}, two"), (1 - t, f"M covers the corner {end.key}, l"), (t, f"M covers the corner {end.key}, u")))),
    )


corner = Theorem(
    "corner", "A convex function is largest at a corner", ROOM, PLACE, "classical", (A, B, l, u, s, t, M), (*_shares, *_RANGES, *CORNERS), le(phi(_v, _w), M),
    (
        Step("first share", dominated((1 - t) * A, (1 - t) * l), Sign()), Step("second share", dominated(t * A, t * u), Sign()),
        Step("third share", dominated((1 - t) * B, (1 - t) * l), Sign()), Step("fourth share", dominated(t * B, t * u), Sign()),
        *_edge("lower edge", A), *_edge("upper edge", B),
        Step("two", le(relative((1 - s) * A + s * B, (1 - s) * _w + s * _w), relative((1 - s) * A, (1 - s) * _w) + relative(s * B, s * _w)),
             Lemma("log_sum_two", Instance({a1: (1 - s) * A, a2: s * B, b1: (1 - s) * _w, b2: s * _w}))),
        Step("inside", le(phi(_v, _w), M), Combination(((1, "two"), (1 - s, "lower edge"), (s, "upper edge")))),
    ),
    witness=lambda rng: boxed(rng), kind="order",
    says="A cell's share of the divergence, somewhere in a box for its two chances, is at most the largest of its values at the four corners.")


def boxed(rng) -> Model:
    a, b, low, high = rational(rng), rational(rng), inside(rng), inside(rng)
    value = lambda v, w: (float(v) * math.log(v / w) if v else 0.0) - float(v) + float(w)
    top = max(value(v, w) for v in (a, b) for w in (low, high))
    return Model({"A": a, "B": b, "l": low, "u": high, "s": rational(rng), "t": rational(rng), "M": Fraction(math.ceil(top * 64 + 1), 64)})



def with_tops(model: Model, tops) -> Model:
    return Model(model.variables, {k: v for k, v in model.families.items() if k != "f"} | {"M": column(tops)}, model.spaces)


# all cells at once; each box fails with its own small chance

top, box, k = Family("M", (SCENES,)), *var("delta", "k")
COVER = hyp("M covers the cell's share", le(phi(nu[Z], mu[Z]), top[Z]))
boxed_shift = Theorem(
    "boxed_shift", "Boxes for the cells bound the shift", ROOM, PLACE, "elementary", (), (*LAWS, COVER), le(SHIFT, integral(Z, top[Z])),
    (
        Step("a cell", COVER.claim, Combination(((1, COVER.name),))),
        Step("cells", le(integral(Z, phi(nu[Z], mu[Z])), integral(Z, top[Z])), Expectation("a cell", (Z,))),
        Step("shift", le(SHIFT, integral(Z, top[Z])), Combination(((1, "cells"), (1, NU[1].name), (-1, MU[1].name)))),
    ),
    families=(nu, mu, top), spaces=(SCENES,), witness=lambda rng: topped(rng), kind="order",
    ablations={COVER.name: with_tops(coins(Fraction(3, 4), HALF), (0, 0)), "nu has total mass one": with_tops(scenes((1, 1), (HALF, HALF), (1, 1)), (Fraction(1, 4), Fraction(1, 4))),
               "mu has total mass one": with_tops(scenes((HALF, HALF), (Fraction(1, 4), Fraction(1, 4)), (1, 1)), (Fraction(1, 8), Fraction(1, 8)))},
    says="The divergence is the sum of the cells' shares, so that boxes which hold all at once bound it: infinitely, where a cell was never sampled.")

CELLS = Space("Cells", "finite", ("j",), k)
(J,) = CELLS.indices
DRAW = Space("Draw", "probability", ("w",))
(D,) = DRAW.indices
cell, any_cell = Family("e", (CELLS, DRAW)), Family("b", (DRAW,))
UNION = (Hypothesis("there are cells", lt(0, k), structural=True), hyp("some box fails only if one does", le(any_cell[D], integral(J, cell[J, D]))), hyp("a box rarely fails", le(integral(D, cell[J, D]), box / k)))
boxes_hold = Theorem(
    "boxes_hold", "All boxes hold at once", ROOM, PLACE, "union bound", (k, box), UNION, le(integral(D, any_cell[D]), box),
    (
        Step("one of them", UNION[1].claim, Combination(((1, UNION[1].name),))),
        Step("draws", le(integral(D, any_cell[D]), integral((D, J), cell[J, D])), Expectation("one of them", (D,))),
        Step("a cell", UNION[2].claim, Combination(((1, UNION[2].name),))),
        Step("cells", le(integral((J, D), cell[J, D]), box), Expectation("a cell", (J,))),
        Step("together", le(integral(D, any_cell[D]), box), Combination(((1, "draws"), (1, "cells")))),
    ),
    families=(cell, any_cell), spaces=(CELLS, DRAW), witness=lambda rng: failing(rng), kind="order",
    ablations={UNION[1].name: Model({"k": 1, "delta": HALF}, {"e": {(0, 0): 0}, "b": {(0,): 1}}, {"Cells": [1], "Draw": [1]}),
               UNION[2].name: Model({"k": 1, "delta": HALF}, {"e": {(0, 0): 1}, "b": {(0,): 1}}, {"Cells": [1], "Draw": [1]})},
    says="With confidence 1 - delta/k for each of k cells all boxes hold with confidence 1 - delta.")


def failing(rng) -> Model:
    size, draws = rng.randint(1, 3), rng.randint(2, 4)
    fails = {(j, d): rng.randint(0, 1) for j in range(size) for d in range(draws)}
    weights = simplex(rng, draws, zeros=False)
    worst = max(sum(w * fails[j, d] for d, w in enumerate(weights)) for j in range(size))
    return Model({"k": size, "delta": size * worst + rational(rng)}, {"e": fails, "b": {(d,): max(fails[j, d] for j in range(size)) for d in range(draws)}}, {"Cells": [1] * size, "Draw": weights})


def topped(rng) -> Model:
    model = shifted(rng)
    m = model.families
    share = lambda v, w: (float(v) * math.log(v / w) if v else 0.0) - float(v) + float(w)
    return with_tops(model, [Fraction(math.ceil(share(m["nu"][z], m["mu"][z]) * 64 + rng.randint(1, 8)), 64) for z in m["nu"]])


# a limit that is finite over images

epsilon, conf = var("epsilon", "delta")
SAMPLE = Space("Sample", "measure", ("y",))
(Y,) = SAMPLE.indices
plain, mixed, finite = Family("p", (SAMPLE,)), Family("q", (SAMPLE,)), Family("g", (SAMPLE,))
CONTAMINATED = (
    hyp("the limit is finite or not", le(0, finite[Y])), hyp("no scene of the sample is foreign but with chance epsilon", le((1 - epsilon) * plain[Y], mixed[Y])), hyp("epsilon is below one", lt(epsilon, 1)),
    hyp("a finite limit is wrong for the contaminated law, and that is rare", le(integral(Y, mixed[Y] * finite[Y]), conf)))
no_finite_limit = Theorem(
    "no_finite_limit", "No honest finite limit on the shift of images", ROOM, PLACE, "contamination; McAllester and Stratos 2020 prove a related statement", (conf, epsilon), CONTAMINATED,
    le(integral(Y, plain[Y] * finite[Y]), conf / (1 - epsilon)),
    (
        Step("a sample", le((1 - epsilon) * plain[Y] * finite[Y], mixed[Y] * finite[Y]), Combination(((finite[Y], CONTAMINATED[1].name),))),
        Step("samples", le((1 - epsilon) * integral(Y, plain[Y] * finite[Y]), integral(Y, mixed[Y] * finite[Y])), Expectation("a sample", (Y,))),
        Step("rarely", le(integral(Y, plain[Y] * finite[Y]), conf / (1 - epsilon)), Combination(((1 / (1 - epsilon), "samples"), (1 / (1 - epsilon), CONTAMINATED[3].name)))),
    ),
    families=(plain, mixed, finite), spaces=(SAMPLE,), witness=lambda rng: contaminated(rng), kind="order",
    ablations={CONTAMINATED[0].name: Model({"delta": 0, "epsilon": 0}, {"p": column((HALF, HALF)), "q": column((HALF, 1)), "g": column((1, -HALF))}, {"Sample": [1, 1]}),
               CONTAMINATED[1].name: Model({"delta": 0, "epsilon": 0}, {"p": column((1,)), "q": column((0,)), "g": column((1,))}, {"Sample": [1]}),
               CONTAMINATED[3].name: Model({"delta": 0, "epsilon": 0}, {"p": column((1,)), "q": column((1,)), "g": column((1,))}, {"Sample": [1]})},
    says="A share of foreign scenes too small to be drawn makes the divergence infinite: whoever gives a limit that is right with confidence 1 - delta for every law gives a finite one with chance delta at most.")


def contaminated(rng) -> Model:
    law, eps = simplex(rng, 2, zeros=False), rational(rng, 0, Fraction(7, 8))
    other, g = simplex(rng, 2), [rng.randint(0, 1), rng.randint(0, 1)]
    mix = [(1 - eps) * v + eps * o for v, o in zip(law, other)]
    return Model({"epsilon": eps, "delta": sum(m * v for m, v in zip(mix, g)) + rational(rng)}, {"p": column(law), "q": column(mix), "g": column(g)}, {"Sample": [1, 1]})


# inside densities: a rare event that a share of the scenes to come is moved to

share = var("e")
FOREIGN = (hyp("a share e of the scenes to come is in the event", le(share, L_NU)), hyp("e is positive", lt(0, share)), hyp("the event is rare among the sampled", le(L_MU, exp(-M / share))),
           Hypothesis("M is nonnegative", le(0, M), structural=True), Hypothesis("the event is sampled at all", lt(0, L_MU), structural=True), Hypothesis("and not always", lt(L_MU, 1), structural=True))
contaminated_shift = Theorem(
    "contaminated_shift", "A small share makes a large divergence", ROOM, PLACE, "data processing", (share, M), (*LAWS, *LOSS, *FOREIGN), le(M - ln(2), SHIFT),
    (
        *means(nu, mu, L_NU, L_MU),
        Step("one inequality", le(kl(L_NU, L_MU), SHIFT), Lemma("binary_data_processing", on_scenes(p=nu, q=mu, f=f))),
        Step("entropy", le(L_NU * ln(1 / L_MU) - ln(2), kl(L_NU, L_MU)), Lemma("kl_entropy_bound", Instance({var("p"): L_NU, var("q"): L_MU}))),
        Step("rare", le(ln(L_MU / exp(-M / share)), L_MU / exp(-M / share) - 1), Lemma("log_tangent", Instance({x: L_MU / exp(-M / share)}))),
        Step("very rare", le(M / share, ln(1 / L_MU)), Combination(((1, "rare"), (1 / exp(-M / share), FOREIGN[2].name)))),
        Step("large", le(M - ln(2), SHIFT), Combination(((1, "one inequality"), (1, "entropy"), (L_NU, "very rare"), (M / share, FOREIGN[0].name)))),
    ),
    families=(nu, mu, f), spaces=(SCENES,), witness=lambda rng: coins(HALF, Fraction(1, rng.randint(8, 64)), e=Fraction(1, 4), M=Fraction(1, 2)), kind="order",
    ablations={FOREIGN[0].name: coins(0, Fraction(1, 64), e=1, M=4), FOREIGN[2].name: coins(HALF, HALF, e=HALF, M=4),
               "losses are at most one": scenes((Fraction(1, 16), Fraction(15, 16)), (Fraction(1, 128), Fraction(127, 128)), (64, 0), e=4, M=Fraction(5, 2)),
               "losses are nonnegative": scenes((1, 0), (HALF, HALF), (1, -Fraction(15, 16)), e=1, M=3),
               "nu has total mass one": scenes((Fraction(3, 8), Fraction(3, 8)), (Fraction(1, 1024), Fraction(1023, 1024)), (1, 0), e=Fraction(3, 8), M=Fraction(165, 64)),
               "mu is nonnegative": scenes((HALF, HALF), (2, -1), (Fraction(1, 4), Fraction(1, 4)), e=Fraction(1, 4), M=Fraction(1, 4))},
    says="Moving a share e of the scenes to an event of chance exp(-M/e) makes the divergence M - ln 2 at least, however small e: nobody sees it in a sample.")

THEOREMS = (corner, boxed_shift, boxes_hold, no_finite_limit, contaminated_shift)
