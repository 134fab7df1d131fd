"""The chain: from the mean loss on m scenes to the risk of the law to come. The statistical step frees the second argument of kl, the step of shift the first."""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import (BallBox, Cases, Combination, Expectation, Hypothesis, Instance, Least, Lemma, Member, Model, Root, Sign, Step, Theorem, conditions, dominated, eq,
                      integral, le, ln, lt, relative, sqrt, term, unfold, var)
from ..words import hyp, inside, inverse_first, inverse_second, kl, rational
from .setting import (CONTINUOUS, COVERED, ERRS, HALF, LAWS, LOSS, L_MU, L_NU, MU, NU, PLACE, REVERSE, ROOM, SCENES, SHIFT, Z, coins, f, kappa, mu, nu, on_scenes, scenes, shifted)

p, q, r, x, y, c, m1 = var("p", "q", "r", "x", "y", "c", "m1")


def means(first, second, one, other):
    """What makes the binary divergence of two mean losses meaningful."""
    return (
        Step("first at most one", le(one, 1), Lemma("mean_at_most_one", on_scenes(p=first, f=f))),
        Step("second at most one", le(other, 1), Lemma("mean_at_most_one", on_scenes(p=second, f=f))),
        Step("errors", dominated(one, other), Lemma("accepted_mass", on_scenes(p=first, q=second, f=f))),
        Step("no errors", dominated(1 - one, 1 - other), Lemma("rejected_mass", on_scenes(p=first, q=second, f=f))),
    )


def never_negative(first, second, divergence, small):
    """A bound of a divergence is at least zero."""
    squares = (sqrt(first[Z]) - sqrt(second[Z])) ** 2
    return (
        Step("squares", le(0, squares), Sign()),
        Step("distance", le(0, integral(Z, squares)), Expectation("squares", (Z,))),
        Step("gibbs", le(integral(Z, squares), divergence), Lemma("gibbs", on_scenes(p=first, q=second))),
        Step("a shift is never negative", le(0, kappa), Combination(((1, "distance"), (1, "gibbs"), (1, small.name)))),
    )


SMALL = hyp("the shift is at most kappa", le(SHIFT, kappa))
_first = inverse_first(L_MU, kappa)
shifted_risk = Theorem(
    "shifted_risk", "How far a risk can move", ROOM, PLACE, "data processing; Kullback and Leibler 1951", (kappa,), (*LAWS, *LOSS, ERRS, SMALL), le(L_NU, _first),
    (
        *means(nu, mu, L_NU, L_MU),
        *never_negative(nu, mu, SHIFT, SMALL),
        Step("where it started", le(L_MU, _first), Member(_first, L_MU)),
        Step("not above", le(L_NU, _first), Sign(), given=(le(L_NU, L_MU),)),
        Step("one inequality", le(kl(L_NU, L_MU), SHIFT), Lemma("binary_data_processing", on_scenes(p=nu, q=mu, f=f))),
        Step("divergence", le(kl(L_NU, L_MU), kappa), Combination(((1, "one inequality"), (1, SMALL.name)))),
        Step("above", le(L_NU, _first), Member(_first, L_NU), given=(lt(L_MU, L_NU),)),
        Step("moved", le(L_NU, _first), Cases(("not above", "above"))),
    ),
    families=(nu, mu, f), spaces=(SCENES,), witness=lambda rng: with_shift(rng, shifted(rng)),
    equality=lambda rng: coins(1, HALF, kappa=Fraction(7, 10)),
    ablations={
        "losses are nonnegative": scenes((1, 0), (Fraction(7, 8), Fraction(1, 8)), (1, -6), kappa=Fraction(9, 64)), SMALL.name: coins(Fraction(3, 4), HALF, kappa=0),
    },
    says="The risk under the law to come is at most the largest probability whose divergence from the sampled risk the shift can pay for.")


def divergence_of(model, first="nu", second="mu") -> float:
    weights = model.spaces["Scenes"]
    pairs = [(float(w), float(model.families[first][k,]), float(model.families[second][k,])) for k, w in enumerate(weights)]
    return sum(w * a * math.log(a / b) for w, a, b in pairs if a)


def with_shift(rng, model, name="kappa", **order):
    """A bound of the shift, a little above it."""
    return Model(model.variables | {name: Fraction(math.ceil(divergence_of(model, **order) * 64 + rng.randint(1, 8)), 64)}, model.families, model.spaces)


_second = inverse_second(L_MU, kappa)
BACK = hyp("the reverse divergence is at most kappa", le(REVERSE, kappa))
RIGHT = Hypothesis("there are right answers in the sampled scenes", lt(L_MU, 1), structural=True)
shifted_risk_reverse = Theorem(
    "shifted_risk_reverse", "How far a risk can move, by the other divergence", ROOM, PLACE, "data processing", (kappa,), (*NU, *MU, COVERED, *LOSS, RIGHT, BACK), le(L_NU, _second),
    (
        *means(mu, nu, L_MU, L_NU),
        Step("right under nu", lt(0, 1 - L_NU), Sign()),
        *never_negative(mu, nu, REVERSE, BACK),
        Step("where it started", le(L_MU, _second), Member(_second, L_MU)),
        Step("not above", le(L_NU, _second), Sign(), given=(le(L_NU, L_MU),)),
        Step("one inequality", le(kl(L_MU, L_NU), REVERSE), Lemma("binary_data_processing", on_scenes(p=mu, q=nu, f=f))),
        Step("divergence", le(kl(L_MU, L_NU), kappa), Combination(((1, "one inequality"), (1, BACK.name)))),
        Step("above", le(L_NU, _second), Member(_second, L_NU), given=(lt(L_MU, L_NU),)),
        Step("moved", le(L_NU, _second), Cases(("not above", "above"))),
    ),
    families=(nu, mu, f), spaces=(SCENES,), witness=lambda rng: both_ways(rng), kind="order",
    ablations={BACK.name: coins(Fraction(3, 4), HALF, kappa=0)},
    says="With the divergences' arguments exchanged the other inverse takes its place: each divergence has its own.")


def both_ways(rng) -> Model:
    model = with_shift(rng, shifted(rng, zeros=False), first="mu", second="nu")
    if all(v == 1 for v in model.families["f"].values()):
        return both_ways(rng)
    return model


no_errors_to_come = Theorem(
    "no_errors_to_come", "Scenes without errors stay without", ROOM, PLACE, "absolute continuity", (), (MU[0], CONTINUOUS, LOSS[0]), dominated(L_NU, L_MU),
    (Step("errors", dominated(L_NU, L_MU), Lemma("accepted_mass", on_scenes(p=nu, q=mu, f=f))),),
    families=(nu, mu, f), spaces=(SCENES,), witness=shifted, kind="order",
    ablations={"mu is nonnegative": scenes((1, 0), (1, -1), (1, 1)), "losses are nonnegative": scenes((1, 0), (HALF, HALF), (1, -1))},
    says="A risk of zero stays zero under every law that the sampled scenes cover: F(0, kappa) is 0, not 1 - exp(-kappa).")

# the bound is attained: every coin, every budget up to ln(1/p)


_reach = inverse_first(q, kl(r, q))
_within = conditions(unfold(_reach), m1)
_slope = ln(r / q) - ln((1 - r) / (1 - q))
_none, _some, _sure, _unsure = eq(r, q), lt(q, r), eq(r, 1), lt(r, 1)
shift_sharp = Theorem(
    "shift_sharp", "The bound of shift is attained", ROOM, PLACE, "exponential tilting", (q, r), (hyp("q is positive", lt(0, q)), hyp("r is at least q", le(q, r)), hyp("r is at most one", le(r, 1)),
        Hypothesis("q is below one", lt(q, 1), structural=True)), eq(_reach, r),
    (
        Step("squared", le(2 * (r - q) ** 2, kl(r, q)), Lemma("pinsker", Instance({p: r, q: q}))),
        Step("square", le(0, 2 * (r - q) ** 2), Sign()),
        Step("a budget", le(0, kl(r, q)), Combination(((1, "squared"), (1, "square")))),
        Step("reached", le(r, _reach), Member(_reach, r)),
        Step("within", le(kl(m1, q), kl(r, q)), Sign(), given=_within),
        Step("no way", le(2 * (m1 - q) ** 2, kl(m1, q)), Lemma("pinsker", Instance({p: m1, q: q})), given=(*_within, _none)),
        Step("nothing left", le((m1 - q) ** 2, 0), Combination(((HALF, "no way"), (HALF, "within"))), given=(*_within, _none)),
        Step("stayed", le(m1, r), Root(m1 - q, term(0)), given=(*_within, _none)),
        Step("certain", le(m1, r), Sign(), given=(*_within, _some, _sure)),
        Step("errors", le(m1 * ln(r / q) + m1 - r / q * q, relative(m1, q)), Lemma("relative_tangent", Instance({x: m1, y: q, c: r / q})), given=(*_within, _some, _unsure)),
        Step("the rest", le((1 - m1) * ln((1 - r) / (1 - q)) + 1 - m1 - (1 - r) / (1 - q) * (1 - q), relative(1 - m1, 1 - q)),
             Lemma("relative_tangent", Instance({x: 1 - m1, y: 1 - q, c: (1 - r) / (1 - q)})), given=(*_within, _some, _unsure)),
        Step("rise", le(ln(q / r), q / r - 1), Lemma("log_tangent", Instance({x: q / r}))),
        Step("fall", le(ln((1 - r) / (1 - q)), (1 - r) / (1 - q) - 1), Lemma("log_tangent", Instance({x: (1 - r) / (1 - q)})), given=(_some, _unsure)),
        Step("apart", lt(0, (r - q) / r + (r - q) / (1 - q)), Sign(), given=(_some, _unsure)),
        Step("steep", lt(0, _slope), Combination(((1, "rise"), (1, "fall"), (1, "apart"))), given=(_some, _unsure)),
        Step("unsure", le(m1, r), Combination(((1 / _slope, "errors"), (1 / _slope, "the rest"), (1 / _slope, "within"))), given=(*_within, _some, _unsure)),
        Step("moved", le(m1, r), Cases(("certain", "unsure")), given=(*_within, _some)),
        Step("member", le(m1, r), Cases(("stayed", "moved")), given=_within),
        Step("not passed", le(_reach, r), Least("member", _reach, m1)),
        Step("attained", eq(_reach, r), Sign()),
    ),
    witness=lambda rng: (lambda a, b: Model({"q": min(a, b), "r": max(a, b)}))(inside(rng), inside(rng)),
    ablations={"r is at least q": Model({"q": HALF, "r": Fraction(1, 4)})},
    says="Two scenes, one of them an error: with the law to come a coin r and the sampled one a coin q the risk moves from q to r, and the bound says r.")

_chance = hyp("kappa is below the divergence of r from q", le(kappa, kl(r, q)))
critical_shift = Theorem(
    "critical_shift", "The shift that a certificate survives", ROOM, PLACE, "monotonicity", (q, r, kappa), (hyp("q is positive", lt(0, q)), hyp("r is at least q", le(q, r)), hyp("r is at most one", le(r, 1)),
        Hypothesis("q is below one", lt(q, 1), structural=True), hyp("kappa is nonnegative", le(0, kappa)), _chance), le(inverse_first(q, kappa), r),
    (
        Step("squared", le(2 * (r - q) ** 2, kl(r, q)), Lemma("pinsker", Instance({p: r, q: q}))),
        Step("larger budget", le(inverse_first(q, kappa), _reach), Lemma("first_monotone_budget", Instance({q: q, var("c"): kappa, var("d"): kl(r, q)}))),
        Step("attained", eq(_reach, r), Lemma("shift_sharp", Instance({q: q, r: r}))),
        Step("survives", le(inverse_first(q, kappa), r), Combination(((1, "larger budget"), (1, "attained")))),
    ),
    witness=lambda rng: (lambda a, b: Model({"q": min(a, b), "r": max(a, b), "kappa": 2 * (a - b) ** 2 * rational(rng, 0, Fraction(7, 8))}))(inside(rng), inside(rng)), kind="order",
    ablations={_chance.name: Model({"q": HALF, "r": HALF, "kappa": Fraction(1, 64)}), "r is at least q": Model({"q": HALF, "r": Fraction(1, 4), "kappa": Fraction(1, 64)})},
    says="A sampled risk of q stays below the error of chance, r, for every shift up to kl(r, q): the critical shift, to be weighed against what is believed.")

# the order of the arguments matters

_END, _promise = Fraction(15, 16), inverse_second(HALF, ln(2))
_within = conditions(unfold(_promise), m1)
_rise = (1 / (1 - term(_END)) - 1 / term(_END)) / 2
mixed_order = Theorem(
    "mixed_order", "The target's divergence with the other inverse is wrong", ROOM, PLACE, "a counterexample", (), (), lt(_promise, 1),
    (
        Step("a budget", le(0, ln(2)), Sign()),
        Step("corner", lt(ln(2), kl(HALF, _END)), BallBox(())),
        Step("errors", le(ln(m1 / _END), m1 / _END - 1), Lemma("log_tangent", Instance({x: m1 / _END})), given=_within),
        Step("the rest", le(ln((1 - m1) / (1 - _END)), (1 - m1) / (1 - _END) - 1), Lemma("log_tangent", Instance({x: (1 - m1) / (1 - _END)})), given=_within),
        Step("within", le(kl(HALF, m1), ln(2)), Sign(), given=_within),
        Step("member", le(m1, _END), Combination(((1 / _rise, "corner"), (HALF / _rise, "errors"), (HALF / _rise, "the rest"), (1 / _rise, "within"))), given=_within),
        Step("all members", le(_promise, _END), Least("member", _promise, m1)),
        Step("room", lt(_END, 1), Sign()),
        Step("below one", lt(_promise, 1), Combination(((1, "all members"), (1, "room")))),
    ),
    witness=lambda rng: Model({}), kind="construction",
    says="A sampled coin that is fair and a law to come that always errs are ln 2 apart, target first; the second inverse would promise a risk below one.")

THEOREMS = (shifted_risk, shifted_risk_reverse, no_errors_to_come, shift_sharp, critical_shift, mixed_order)
