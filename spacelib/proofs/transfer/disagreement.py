"""What unlabelled scenes say: disagreement of two rules drawn from a posterior. The identity is for two answers; with more of them it is an inequality."""

from __future__ import annotations


from ..kernel import Combination, Expectation, Family, Instance, Lemma, Model, Sign, Space, Step, Theorem, eq, integral, le, named, var
from ..words import column, hyp, rational, simplex
from .setting import HALF, PLACE, ROOM

RULES, SCENE = Space("Rules", "measure", ("h", "g")), Space("Scene", "probability", ("z",))
(H, G), (Z,) = RULES.indices, SCENE.indices
rho, error, differ, both = Family("rho", (RULES,), r"\rho"), Family("e", (RULES, SCENE)), Family("d", (RULES, RULES, SCENE)), Family("b", (RULES, RULES, SCENE))
GIBBS = named("R", (), integral((Z, H), rho[H] * error[H, Z]))
DISAGREEMENT = named("d", (), integral((Z, H, G), rho[H] * rho[G] * differ[H, G, Z]))
JOINT = named("e", (), integral((Z, H, G), rho[H] * rho[G] * error[H, Z] * error[G, Z]))
BOTH = named("d_{w}", (), integral((Z, H, G), rho[H] * rho[G] * both[H, G, Z]))
POSTERIOR = (hyp("rho is nonnegative", le(0, rho[H])), hyp("rho has total mass one", eq(integral(H, rho[H]), 1)))
_exactly_one = error[H, Z] + error[G, Z] - 2 * error[H, Z] * error[G, Z]
TWO = hyp("two rules differ if exactly one of them is wrong", eq(differ[H, G, Z] - _exactly_one, 0))
MORE = hyp("two rules differ if exactly one is wrong, or both and differently", eq(differ[H, G, Z] - _exactly_one - both[H, G, Z], 0))
SEEN = hyp("being wrong differently is no less than never", le(0, both[H, G, Z]))


def answered(rng, answers: int) -> Model:
    """Rules that answer questions of so many choices; the right one is 0."""
    rules, scenes = rng.randint(1, 3), rng.randint(1, 3)
    chosen = {(h, z): rng.randrange(answers) for h in range(rules) for z in range(scenes)}
    pairs = [(h, g, z) for h in range(rules) for g in range(rules) for z in range(scenes)]
    wrong = {k: int(v > 0) for k, v in chosen.items()}
    return Model({}, {"rho": column(simplex(rng, rules)), "e": wrong, "d": {(h, g, z): int(chosen[h, z] != chosen[g, z]) for h, g, z in pairs},
                      "b": {(h, g, z): int(chosen[h, z] != chosen[g, z] and wrong[h, z] * wrong[g, z]) for h, g, z in pairs}}, {"Rules": [1] * rules, "Scene": simplex(rng, scenes, zeros=False)})


def _without(model: Model, name="b") -> Model:
    return Model(model.variables, {k: v for k, v in model.families.items() if k != name}, model.spaces)


def _covered_by(model: Model, ratios, bound) -> Model:
    return Model({"beta": bound}, {k: model.families[k] for k in ("rho", "e")} | {"w": column(ratios)}, model.spaces)


def _compared_by(model: Model, masses) -> Model:
    return Model(model.variables, model.families | {"r": column(masses)}, model.spaces)


three_wrong = Model({}, {"rho": column((HALF, HALF)), "e": {(0, 0): 1, (1, 0): 1}, "d": {(h, g, 0): int(h != g) for h in (0, 1) for g in (0, 1)}}, {"Rules": [1, 1], "Scene": [1]})
_half = lambda d, e_: d / 2 + e_
_pair = rho[H] * rho[G]
gibbs_identity = Theorem(
    "gibbs_identity", "Risk is half the disagreement, and joint error", ROOM, PLACE, "Lacasse et al. 2006; Germain et al. 2013", (), (POSTERIOR[1], TWO), eq(GIBBS, _half(DISAGREEMENT, JOINT)),
    (
        Step("two answers", TWO.claim, Combination(((1, TWO.name),))),
        Step("one rule", eq(integral(H, rho[H] * (differ[H, G, Z] - _exactly_one)), 0), Expectation("two answers", (H,), rho[H])),
        Step("pairs", eq(DISAGREEMENT - 2 * GIBBS * integral(H, rho[H]) + 2 * JOINT, 0), Expectation("one rule", (Z, G), rho[G])),
        Step("identity", eq(GIBBS, _half(DISAGREEMENT, JOINT)), Combination(((-HALF, "pairs"), (GIBBS, POSTERIOR[1].name)))),
    ),
    families=(rho, error, differ), spaces=(RULES, SCENE), witness=lambda rng: _without(answered(rng, 2)), ablations={TWO.name: three_wrong},
    says="For questions of two answers the risk of a rule drawn from the posterior is half the chance that two rules disagree plus the chance that both are wrong.")

_many = eq(GIBBS, (DISAGREEMENT - BOTH) / 2 + JOINT)
gibbs_many = Theorem(
    "gibbs_many", "The identity for many answers", ROOM, PLACE, "after Germain et al. 2013", (), (POSTERIOR[1], MORE), _many,
    (
        Step("answers", MORE.claim, Combination(((1, MORE.name),))),
        Step("one rule", eq(integral(H, rho[H] * (differ[H, G, Z] - _exactly_one - both[H, G, Z])), 0), Expectation("answers", (H,), rho[H])),
        Step("pairs", eq(DISAGREEMENT - 2 * GIBBS * integral(H, rho[H]) + 2 * JOINT - BOTH, 0), Expectation("one rule", (Z, G), rho[G])),
        Step("identity", _many, Combination(((-HALF, "pairs"), (GIBBS, POSTERIOR[1].name)))),
    ),
    families=(rho, error, differ, both), spaces=(RULES, SCENE), witness=lambda rng: answered(rng, 3),
    ablations={MORE.name: Model({}, three_wrong.families | {"b": {k: 0 for k in three_wrong.families["d"]}}, three_wrong.spaces)},
    says="Where two rules can be wrong in different ways, that chance is counted in the disagreement and must be taken out.")

gibbs_bound = Theorem(
    "gibbs_bound", "With many answers it is a bound", ROOM, PLACE, "after Germain et al. 2013", (), (*POSTERIOR, MORE, SEEN), le(GIBBS, _half(DISAGREEMENT, JOINT)),
    (
        Step("identity", _many, Lemma("gibbs_many", Instance())),
        Step("pair", SEEN.claim, Combination(((1, SEEN.name),))),
        Step("one rule", le(0, integral(H, rho[H] * both[H, G, Z])), Expectation("pair", (H,), rho[H])),
        Step("pairs", le(0, BOTH), Expectation("one rule", (Z, G), rho[G])),
        Step("bound", le(GIBBS, _half(DISAGREEMENT, JOINT)), Combination(((1, "identity"), (HALF, "pairs")))),
    ),
    families=(rho, error, differ, both), spaces=(RULES, SCENE), witness=lambda rng: answered(rng, 3), equality=lambda rng: answered(rng, 2),
    ablations={MORE.name: Model({}, three_wrong.families | {"d": {k: 0 for k in three_wrong.families["d"]}, "b": {k: 0 for k in three_wrong.families["d"]}, "e": {(0, 0): 1, (1, 0): 0}}, three_wrong.spaces),
               SEEN.name: Model({}, {"rho": column((1,)), "e": {(0, 0): HALF}, "d": {(0, 0, 0): 0}, "b": {(0, 0, 0): -HALF}}, {"Rules": [1], "Scene": [1]})},
    says="With any number of answers the risk is at most half the disagreement plus the joint error; the identity without a word on two answers is wrong.")

# from labelled scenes to unlabelled ones

weight, beta, _wrong = Family("w", (SCENE,)), var("beta"), integral(H, rho[H] * error[H, Z])
_come = named(r"e_\nu", (), integral((Z, H, G), weight[Z] * _pair * error[H, Z] * error[G, Z]))
COVERED = hyp("the ratio is at most beta", le(weight[Z], beta))
joint_transfer = Theorem(
    "joint_transfer", "Joint error moves like any other risk", ROOM, PLACE, "Germain, Habrard, Laviolette and Morvant 2016, largest order", (beta,), (COVERED,),
    le(_come, beta * JOINT),
    (
        Step("square", le(0, _wrong ** 2), Sign()),
        Step("a scene", le(weight[Z] * _wrong ** 2, beta * _wrong ** 2), Combination(((_wrong ** 2, COVERED.name),))),
        Step("scenes", le(_come, beta * JOINT), Expectation("a scene", (Z,))),
    ),
    families=(rho, error, weight), spaces=(RULES, SCENE), witness=lambda rng: covered(rng), equality=lambda rng: _covered_by(three_wrong, (2,), 2),
    ablations={COVERED.name: _covered_by(three_wrong, (2,), 1)},
    says="Where the ratio of the two laws is at most beta the joint error grows by beta at most; with the disagreement on unlabelled scenes that bounds the risk to come, beta being assumed.")


def covered(rng) -> Model:
    model = answered(rng, 3)
    ratios = [rational(rng, 0, 2) for _ in model.spaces["Scene"]]
    return _covered_by(model, ratios, max(ratios) + rational(rng))

best = Family("r", (RULES,))
_risk_of = lambda law: integral((Z, H), law[H] * error[H, Z])
_cross = integral((Z, H, G), rho[H] * best[G] * differ[H, G, Z])
TRIANGLE = hyp("whose answers agree are right together", le(error[H, Z] - error[G, Z], differ[H, G, Z]))
dominated_by_lambda = Theorem(
    "dominated_by_lambda", "A term that cannot be estimated does the work alone", ROOM, PLACE, "a remark on Germain et al. 2013", (),
    (*POSTERIOR, hyp("the best posterior is nonnegative", le(0, best[H])), hyp("the best posterior has total mass one", eq(integral(H, best[H]), 1)), TRIANGLE), le(_risk_of(rho), _risk_of(best) + _cross),
    (
        Step("two rules", TRIANGLE.claim, Combination(((1, TRIANGLE.name),))),
        Step("one rule", le(integral(H, rho[H] * (error[H, Z] - error[G, Z])), integral(H, rho[H] * differ[H, G, Z])), Expectation("two rules", (H,), rho[H])),
        Step("pairs", le(_risk_of(rho) * integral(G, best[G]) - integral(H, rho[H]) * integral((Z, G), best[G] * error[G, Z]), _cross), Expectation("one rule", (Z, G), best[G])),
        Step("dominated", le(_risk_of(rho), _risk_of(best) + _cross), Combination(((1, "pairs"), (_risk_of(rho), "the best posterior has total mass one"), (-_risk_of(best), POSTERIOR[1].name)))),
    ),
    families=(rho, best, error, differ), spaces=(RULES, SCENE), witness=lambda rng: compared(rng), kind="order",
    ablations={TRIANGLE.name: _compared_by(Model({}, three_wrong.families | {"e": {(0, 0): 1, (1, 0): 0}, "d": {k: 0 for k in three_wrong.families["d"]}}, three_wrong.spaces), (0, 1))},
    says="The bound of 2013 adds the best rule's risk to come and its disagreement with the posterior: these two alone are already a bound.")


def compared(rng) -> Model:
    model = _without(answered(rng, 3))
    return _compared_by(model, simplex(rng, len(model.families["rho"])))


THEOREMS = (gibbs_identity, gibbs_many, gibbs_bound, joint_transfer, dominated_by_lambda)
