"""The two inverses of the binary divergence: monotone in both arguments and jointly concave."""

from __future__ import annotations

from ..kernel import Cases, Combination, Instance, Least, Lemma, Member, Model, Null, Sign, Step, Theorem, conditions, dominated, eq, le, ln, lt, term, unfold, var
from ..words import hyp, inside, inverse_first, inverse_second, kl, rational

ROOM, PLACE = "data_processing", "the inequality under all four results"
p, q, r, c, d, lam, theta = var("p", "q", "r", "c", "d", "lambda", "theta")
m1, m2, c1, c2, p1, p2, q1, q2 = var("m1", "m2", "c1", "c2", "p1", "p2", "q1", "q2")
_budgets = (hyp("c is nonnegative", le(0, c)), hyp("d is at least c", le(c, d)))
_weights = (hyp("lambda is nonnegative", le(0, lam)), hyp("lambda is at most one", le(lam, 1)))


def _set(inverse, member):
    """What a member of the set under an inverse satisfies."""
    return conditions(unfold(inverse), member)


first_monotone_budget = Theorem(
    "first_monotone_budget", "A larger budget, a larger first inverse", ROOM, PLACE, "classical",
    (q, c, d), (hyp("q is positive", lt(0, q)), hyp("q is at most one", le(q, 1)), *_budgets),
    le(inverse_first(q, c), inverse_first(q, d)),
    (
        Step("member", le(m1, inverse_first(q, d)), Member(inverse_first(q, d), m1), given=_set(inverse_first(q, c), m1)),
        Step("all members", le(inverse_first(q, c), inverse_first(q, d)), Least("member", inverse_first(q, c), m1)),
    ),
    witness=lambda rng: (lambda b: Model({"q": inside(rng), "c": b, "d": b + rational(rng)}))(rational(rng)),
    kind="order", says="What a larger divergence allows includes what a smaller one allows.",
)

second_monotone_budget = Theorem(
    "second_monotone_budget", "A larger budget, a larger second inverse", ROOM, PLACE, "classical",
    (p, c, d), (hyp("p is nonnegative", le(0, p)), hyp("p is below one", lt(p, 1)), *_budgets),
    le(inverse_second(p, c), inverse_second(p, d)),
    (
        Step("member", le(m1, inverse_second(p, d)), Member(inverse_second(p, d), m1), given=_set(inverse_second(p, c), m1)),
        Step("all members", le(inverse_second(p, c), inverse_second(p, d)), Least("member", inverse_second(p, c), m1)),
    ),
    witness=lambda rng: (lambda b: Model({"p": inside(rng), "c": b, "d": b + rational(rng)}))(rational(rng)),
    kind="order", says="What a larger divergence allows includes what a smaller one allows.",
)

# kl shrinks when its arguments approach each other: the two `towards` theorems at the right share

def _nested(name, order, closer, share, lemma, title, says):
    """kl at the closer pair is at most kl(p, q); `order` is the chain of the three numbers, `share` the part of the way left."""
    low, mid, high = order
    claim = le(closer, kl(p, q))
    t = Instance({p: p, q: q, theta: share})
    return Theorem(
        name, title, ROOM, PLACE, "classical", (q, r, p),
        (*((hyp("q is positive", lt(0, q)),) if low == q else (hyp("p is nonnegative", le(0, p)),)),
         hyp("the middle is above the lower", le(low, mid)), hyp("the middle is below the upper", le(mid, high)), hyp(f"{high.key} is at most one", le(high, 1)),
         *(() if low == q else (hyp("1 - q vanishes only with 1 - p", dominated(1 - p, 1 - q)),))),
        claim,
        (
            Step("pinched", eq(r, q), Sign(), given=(eq(low, high),)),
            Step("all equal", claim, Sign(), given=(eq(low, high),)),
            Step("q is below one", lt(q, 1), Sign(), given=(lt(low, high),)),
            Step("square", le(0, 2 * (p - q) ** 2), Sign()),
            Step("pinsker", le(2 * (p - q) ** 2, kl(p, q)), Lemma("pinsker", Instance({p: p, q: q})), given=(lt(low, high),)),
            Step("share", le(closer, share * kl(p, q)), Lemma(lemma, t), given=(lt(low, high),)),
            Step("apart", claim, Combination(((1, "share"), (1 - share, "pinsker"), (1 - share, "square"))), given=(lt(low, high),)),
            Step("nested", claim, Cases(("all equal", "apart"))),
        ),
        witness=lambda rng: Model(dict(zip((v.data[0] for v in order), sorted((inside(rng), inside(rng), inside(rng)))))),
        kind="order", says=says)


kl_second_up = _nested("kl_second_up", (q, r, p), kl(p, r), (p - r) / (p - q), "towards_first", "Raising the second argument towards the first", "Moving q up towards p lowers the divergence.")
kl_first_down = _nested("kl_first_down", (q, r, p), kl(r, q), (r - q) / (p - q), "towards_second", "Lowering the first argument towards the second", "Moving p down towards q lowers the divergence.")
kl_first_up = _nested("kl_first_up", (p, r, q), kl(r, q), (q - r) / (q - p), "towards_second", "Raising the first argument towards the second", "Moving p up towards q lowers the divergence.")


def _raised(name, inverse, lemma, low, hypotheses, title):
    """An inverse does not fall when its argument rises from `low` to r."""
    small, large = inverse(low, c), inverse(r, c)
    members = _set(small, m1)
    claim = le(m1, large)
    return Theorem(
        name, title, ROOM, PLACE, "classical", (low, r, c), (*hypotheses, hyp("c is nonnegative", le(0, c))), le(small, large),
        (
            Step("lower end", le(r, large), Member(large, r)),
            Step("small member", claim, Sign(), given=(*members, le(m1, r))),
            Step("closer", le(lemma[1](m1), lemma[2](m1)), Lemma(lemma[0], lemma[3](m1)), given=(*members, lt(r, m1))),
            Step("budget", le(lemma[1](m1), c), Sign(), given=(*members, lt(r, m1))),
            Step("large member", claim, Member(large, m1), given=(*members, lt(r, m1))),
            Step("member", claim, Cases(("small member", "large member")), given=members),
            Step("all members", le(small, large), Least("member", small, m1)),
        ),
        witness=lambda rng: (lambda a, b: Model({low.data[0]: min(a, b), "r": max(a, b), "c": rational(rng)}))(inside(rng), inside(rng)),
        kind="order", says="A larger starting point, a larger inverse.")


first_monotone_reference = _raised(
    "first_monotone_reference", inverse_first, ("kl_second_up", lambda m: kl(m, r), lambda m: kl(m, q), lambda m: Instance({p: m, q: q, r: r})), q,
    (hyp("q is positive", lt(0, q)), hyp("r is at least q", le(q, r)), hyp("r is at most one", le(r, 1))), "A larger reference, a larger first inverse")
second_monotone_observed = _raised(
    "second_monotone_observed", inverse_second, ("kl_first_up", lambda m: kl(r, m), lambda m: kl(p, m), lambda m: Instance({p: p, q: m, r: r})), p,
    (hyp("p is nonnegative", le(0, p)), hyp("r is at least p", le(p, r)), hyp("r is below one", lt(r, 1))), "A larger observation, a larger second inverse")

_mix = lambda a, b: lam * a + (1 - lam) * b


def _concave(name, inverse, a, b, pair, ranges, strict, title):
    """Joint concavity: members of two sets mix to a member of the mixed set."""
    whole = inverse(_mix(a, b), _mix(c1, c2))
    sets = _set(inverse(a, c1), m1) + _set(inverse(b, c2), m2)
    one, two, mixed = pair(a, m1), pair(b, m2), pair(_mix(a, b), _mix(m1, m2))
    joint = Instance({lam: lam, p1: one[0], q1: one[1], p2: two[0], q2: two[1]})
    edge = tuple(s for k, (what, given) in enumerate(strict) for s in (
        Step(f"all second {k}", what, Sign(), given=(*given, eq(lam, 0))), Step(f"some first {k}", what, Sign(), given=(*given, lt(0, lam))),
        Step(f"strict {k}", what, Cases((f"all second {k}", f"some first {k}")), given=given)))
    mixture = tuple(  # the mixed pair is again absolutely continuous, on both outcomes
        s for what, flip in (("success", lambda t: t), ("failure", lambda t: 1 - t)) for s in (
            Step(f"first {what}", dominated(lam * flip(one[0]), lam * flip(one[1])), Sign(), given=sets),
            Step(f"second {what}", dominated((1 - lam) * flip(two[0]), (1 - lam) * flip(two[1])), Sign(), given=sets),
            Step(f"mixed {what}", dominated(flip(mixed[0]), flip(mixed[1])), Null((f"first {what}", f"second {what}")), given=sets)))
    return Theorem(
        name, title, ROOM, PLACE, "classical", (lam, a, b, c1, c2),
        (*_weights, *ranges, hyp("c1 is nonnegative", le(0, c1)), hyp("c2 is nonnegative", le(0, c2))),
        le(_mix(inverse(a, c1), inverse(b, c2)), whole),
        (
            *edge,
            *mixture,
            Step("joint convexity", le(kl(*mixed), _mix(kl(*one), kl(*two))), Lemma("binary_joint_convexity", joint), given=sets),
            Step("budget", le(kl(*mixed), _mix(c1, c2)), Sign(), given=sets),
            Step("member", le(_mix(m1, m2), whole), Member(whole, _mix(m1, m2)), given=sets),
            Step("first members", le(_mix(inverse(a, c1), m2), whole), Least("member", inverse(a, c1), m1, lam), given=_set(inverse(b, c2), m2)),
            Step("all members", le(_mix(inverse(a, c1), inverse(b, c2)), whole), Least("first members", inverse(b, c2), m2, 1 - lam)),
        ),
        witness=lambda rng: Model({"lambda": rational(rng), a.data[0]: inside(rng), b.data[0]: inside(rng), "c1": rational(rng), "c2": rational(rng)}),
        kind="order", says="Mixing references and budgets gives at least the mixture of the inverses: averages may be taken inside.")


first_concave = _concave(
    "first_concave", inverse_first, q1, q2, lambda ref, m: (m, ref),
    (hyp("q1 is positive", lt(0, q1)), hyp("q1 is at most one", le(q1, 1)), hyp("q2 is positive", lt(0, q2)), hyp("q2 is at most one", le(q2, 1))),
    ((lt(0, _mix(q1, q2)), ()),), "The first inverse is jointly concave")
second_concave = _concave(
    "second_concave", inverse_second, p1, p2, lambda seen, m: (seen, m),
    (hyp("p1 is nonnegative", le(0, p1)), hyp("p1 is below one", lt(p1, 1)), hyp("p2 is nonnegative", le(0, p2)), hyp("p2 is below one", lt(p2, 1))),
    ((lt(_mix(p1, p2), 1), ()), (lt(_mix(m1, m2), 1), _set(inverse_second(p1, c1), m1) + _set(inverse_second(p2, c2), m2))), "The second inverse is jointly concave")

first_saturates = Theorem(
    "first_saturates", "When the first inverse says nothing", ROOM, PLACE, "classical",
    (q, c), (hyp("q is positive", lt(0, q)), hyp("q is at most one", le(q, 1)), hyp("the budget covers a certain event", le(ln(1 / q), c))),
    eq(inverse_first(q, c), 1),
    (
        Step("tangent", le(ln(q), q - 1), Lemma("log_tangent", Instance({var("x"): q}))),
        Step("budget", le(0, c), Sign()),
        Step("certain", le(1, inverse_first(q, c)), Member(inverse_first(q, c), term(1))),
        Step("member", le(m1, 1), Sign(), given=_set(inverse_first(q, c), m1)),
        Step("at most one", le(inverse_first(q, c), 1), Least("member", inverse_first(q, c), m1)),
        Step("one", eq(inverse_first(q, c), 1), Sign()),
    ),
    witness=lambda rng: Model({"q": inside(rng), "c": 4 + rational(rng)}),
    kind="order", says="Once the budget reaches ln(1/q) the inverse is one and bounds nothing.",
)

THEOREMS = (first_monotone_budget, second_monotone_budget, kl_second_up, kl_first_down, kl_first_up, first_monotone_reference, second_monotone_observed,
            first_concave, second_concave, first_saturates)
