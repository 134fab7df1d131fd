"""Any two views: what one more view adds, and synergy minus redundancy."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import (Cases, Combination, Expectation, Family, Hypothesis, Instance, Lemma, Model, Sign, Step, Theorem, dominated, eq, integral, larger, le,
                      named, relative, var)
from ..words import X as POINT
from ..words import hyp, rational
from .setting import (BOTH, FAMILIES, FIRST, LAW, ONE, PLACE, QUESTION, ROOM, S, SECOND, SHARED, SPACES, T, TARGET, TWO, VERSION, X, Y, both, first, first_seen, joint, n,
                      second, second_seen, sums, target, two_views, version)

x, r, z = var("x", "r", "z")


def split(label, density, one, other):
    """relative(density, one other) = relative(density, 1) - density ln one - density ln other."""
    rest = relative(density, 1) + relative(density, density * one) + relative(density, density * other)
    return Step(label, eq(relative(density, one * other), rest), Lemma("relative_split", Instance({x: density, r: one, z: other})))


_split = eq(relative(x, r * z), relative(x, 1) + relative(x, x * r) + relative(x, x * z))
relative_split = Theorem(
    "relative_split", "A product of references, written out", ROOM, PLACE, "classical",
    (x, r, z), (hyp("x is nonnegative", le(0, x)), hyp("r is nonnegative", le(0, r)), hyp("z is nonnegative", le(0, z)),
                hyp("r vanishes only with x", dominated(x, r)), hyp("z vanishes only with x", dominated(x, z))), _split,
    (
        Step("both factors", eq(relative(x, r * z), relative(x, r) + relative(x, x * z)), Lemma("relative_product", Instance({x: x, r: r, z: z}))),
        Step("the first", eq(relative(x, r * 1), relative(x, 1) + relative(x, x * r)), Lemma("relative_product", Instance({x: x, r: 1, z: r}))),
        Step("together", _split, Combination(((1, "both factors"), (1, "the first")))),
    ),
    witness=lambda rng: Model({"x": rational(rng, 0, 3), "r": rational(rng, 1, 3), "z": rational(rng, 1, 3)}), kind="order",
    says="The cost of a product of references is the cost against no reference and what each factor takes off.",
)

SPLITS = (
    split("both views", joint, both, target),
    split("first view", first_seen, first, target),
    split("second view", second_seen, second, target),
    split("between views", both, first, second),
)
MARGINS = tuple(Step(f"{name} is nonnegative", le(0, value), Sign()) for name, value in (
    ("law of the views", both), ("law of the first view and the target", first_seen), ("law of the second view and the target", second_seen),
    ("law of the first view", first), ("law of the second view", second), ("law of the target", target)))


def _views(name, title, claim, steps, says, **more):
    return Theorem(name, title, ROOM, PLACE, more.pop("source", "classical"), more.pop("variables", ()), (LAW[0], *more.pop("version", VERSION), *more.pop("also", ())), claim, steps,
                   families=(*FAMILIES, *more.pop("families", ())), spaces=SPACES, witness=more.pop("witness", two_views), says=says, **more)


def _copies(rng) -> Model:
    """Both views and the target are one fair coin."""
    return Model({}, {"n": {(0, i, j, k): Fraction(int(i == j == k), 2) for i in range(2) for j in range(2) for k in range(2)}},
                 {"Question": [1], "First": [1, 1], "Second": [1, 1], "Target": [1, 1]})


view_monotone = _views(
    "view_monotone", "Another view never hurts", le(ONE, BOTH),
    (
        *MARGINS,
        Step("same zeros", dominated(joint, both * target), Sign()),
        Step("one view, one target", le(relative(first_seen, first * target), integral(Y, relative(joint, both * target))),
             Lemma("log_sum", Instance(families={"u": lambda y: n[(S, X, *y, T)], "v": lambda y: integral(T, n[(S, X, *y, T)]) * target}, indices={POINT: (Y,)}))),
        Step("all of them", le(ONE, BOTH), Expectation("one view, one target", (S, X, T))),
    ), "What a view tells about the target is not lost when a second view is looked at.", equality=_copies, version=VERSION[:4])

second_monotone = _views(
    "second_view_monotone", "Another view never hurts, the other way round", le(TWO, BOTH),
    (
        *MARGINS,
        Step("same zeros", dominated(joint, both * target), Sign()),
        Step("one view, one target", le(relative(second_seen, second * target), integral(X, relative(joint, both * target))),
             Lemma("log_sum", Instance(families={"u": lambda x: n[(S, *x, Y, T)], "v": lambda x: integral(T, n[(S, *x, Y, T)]) * target}, indices={POINT: (X,)}))),
        Step("all of them", le(TWO, BOTH), Expectation("one view, one target", (S, Y, T))),
    ), "It does not matter which of the two is called the first.", equality=_copies, version=(*VERSION[:2], *VERSION[4:6]))

COMPLEMENTARITY = named("G", (), BOTH - larger(ONE, TWO))
complementarity = _views(
    "complementarity_nonnegative", "Complementarity is never negative", le(0, COMPLEMENTARITY),
    (
        Step("the first", le(ONE, BOTH), Lemma("view_monotone", Instance())),
        Step("the second", le(TWO, BOTH), Lemma("second_view_monotone", Instance())),
        Step("if the first is better", le(0, COMPLEMENTARITY), Sign(), given=(le(TWO, ONE),)),
        Step("if the second is better", le(0, COMPLEMENTARITY), Sign(), given=(le(ONE, TWO),)),
        Step("the better one", le(0, COMPLEMENTARITY), Cases(("if the first is better", "if the second is better"))),
    ), "Together the frames tell at least as much as the best of them alone; what they tell beyond it is their complementarity.", equality=_copies, version=VERSION[:6])

# What the second view adds to the first: u is the law of the target given the first view, k that of the second view given the target.
u, k = Family("u", (QUESTION, FIRST, TARGET)), Family("k", (QUESTION, SECOND, TARGET))
POSTERIOR = (
    Hypothesis("u is nonnegative", le(0, u[S, X, T]), structural=True),
    hyp("u is the law of the target given the first view", eq(first_seen - first * u[S, X, T], 0)),
    *version("n", joint, ("the law of the target given the first view", u[S, X, T])),
    *version("the density of the first view and the target", first_seen, ("the law of the target given the first view", u[S, X, T])),
)
ADDED = named(r"I(O_2;T\mid O_1,Q)", (), integral((S, X, Y, T), relative(joint, both * u[S, X, T])))


def product_of(label, density, one, other):
    """If the density is a product, the cost against that product is nothing: the cost written out."""
    rest = relative(density, 1) + relative(density, density * one) + relative(density, density * other)
    return (
        Step(f"{label}, itself", eq(relative(density, one * other), relative(one * other, one * other)), Lemma("relative_congruence", Instance({x: density, var("y"): one * other, z: one * other}))),
        split(f"{label}, written out", density, one, other),
        Step(label, eq(rest, 0), Combination(((1, f"{label}, itself"), (-1, f"{label}, written out")))),
    )


def with_posterior(rng) -> Model:
    model = two_views(rng)
    one, seen = sums(model, "x"), sums(model, "xt")
    return Model({}, model.families | {"u": {c: v / one[c[:2]] if one[c[:2]] else Fraction(1) for c, v in seen.items()}}, model.spaces)


def with_channel(rng) -> Model:
    model = two_views(rng)
    truth, seen = sums(model, "t"), sums(model, "yt")
    weight = sum(model.spaces["Second"])
    return Model({}, model.families | {"k": {c: v / truth[c[0], c[2]] if truth[c[0], c[2]] else 1 / weight for c, v in seen.items()}}, model.spaces)


_adding = (
    *MARGINS, *SPLITS[:2], split("added", joint, both, u[S, X, T]),
    *product_of("posterior", first_seen, first, u[S, X, T]),
)
chain_rule = _views(
    "frames_chain_rule", "What two views tell: the first, and the second beyond it", eq(BOTH, ONE + ADDED),
    (
        *_adding,
        Step("both in all", eq(BOTH, integral((S, X, Y, T), SPLITS[0].claim.rhs)), Expectation("both views", (S, X, Y, T))),
        Step("first in all", eq(ONE, integral((S, X, T), SPLITS[1].claim.rhs)), Expectation("first view", (S, X, T))),
        Step("added in all", eq(ADDED, integral((S, X, Y, T), split("", joint, both, u[S, X, T]).claim.rhs)), Expectation("added", (S, X, Y, T))),
        Step("posterior in all", eq(integral((S, X, T), relative(first_seen, 1) + relative(first_seen, first_seen * first) + relative(first_seen, first_seen * u[S, X, T])), 0), Expectation("posterior", (S, X, T))),
        Step("chain rule", eq(BOTH, ONE + ADDED), Combination(((1, "both in all"), (-1, "first in all"), (-1, "added in all"), (-1, "posterior in all")))),
    ), "Frame by frame: each frame is counted for what it tells beyond those before it.", also=POSTERIOR, families=(u,), witness=with_posterior,
    source="chain rule; Cover and Thomas 2006, Theorem 2.5.2")

CHANNEL = (
    Hypothesis("k is nonnegative", le(0, k[S, Y, T]), structural=True),
    hyp("k is the law of the second view given the target", eq(second_seen - target * k[S, Y, T], 0)),
    *version("n", joint, ("the density of the first view and the target", first_seen), ("the law of the second view given the target", k[S, Y, T])),
    *version("the density of the second view and the target", second_seen, ("the law of the second view given the target", k[S, Y, T])),
)
GIVEN = named(r"I(O_1;O_2\mid T,Q)", (), integral((S, X, Y, T), relative(joint, first_seen * k[S, Y, T])))
synergy_identity = _views(
    "synergy_identity", "Synergy minus redundancy", eq(BOTH - ONE - TWO, GIVEN - SHARED),
    (
        *MARGINS, *SPLITS, split("given the target", joint, first_seen, k[S, Y, T]),
        Step("seen second", le(0, second_seen), Sign()),
        *product_of("channel", second_seen, target, k[S, Y, T]),
        Step("both in all", eq(BOTH, integral((S, X, Y, T), SPLITS[0].claim.rhs)), Expectation("both views", (S, X, Y, T))),
        Step("first in all", eq(ONE, integral((S, X, T), SPLITS[1].claim.rhs)), Expectation("first view", (S, X, T))),
        Step("second in all", eq(TWO, integral((S, Y, T), SPLITS[2].claim.rhs)), Expectation("second view", (S, Y, T))),
        Step("between in all", eq(SHARED, integral((S, X, Y), SPLITS[3].claim.rhs)), Expectation("between views", (S, X, Y))),
        Step("given in all", eq(GIVEN, integral((S, X, Y, T), split("", joint, first_seen, k[S, Y, T]).claim.rhs)), Expectation("given the target", (S, X, Y, T))),
        Step("channel in all", eq(integral((S, Y, T), relative(second_seen, 1) + relative(second_seen, second_seen * target) + relative(second_seen, second_seen * k[S, Y, T])), 0), Expectation("channel", (S, Y, T))),
        Step("identity", eq(BOTH - ONE - TWO, GIVEN - SHARED),
             Combination(((1, "both in all"), (-1, "first in all"), (-1, "second in all"), (1, "between in all"), (-1, "given in all"), (-1, "channel in all")))),
    ), "Beyond their sum two frames tell what they share once the target is known, less what they share before.", also=CHANNEL, families=(k,), witness=with_channel,
    source="interaction information; McGill 1954")

THEOREMS = (relative_split, view_monotone, second_monotone, complementarity, chain_rule, synergy_identity)
