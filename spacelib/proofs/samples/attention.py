"""What an architecture enters by: the Lipschitz constants of attention, coverings of a stack, heads; and the local dimension, which no architecture enters.

Vectors enter through their components along one direction of the output: a(j) is that of the value of token j, b(j) that of its change, c(j) the change of its score.
"""

from __future__ import annotations

import math
from fractions import Fraction

from ..kernel import Combination, Expectation, Family, Hypothesis, Identity, Instance, Lemma, Model, Sign, Space, Step, Theorem, delta, eq, exp, integral, le, ln, lt, named, var
from ..words import hyp, inside, positive, rational, simplex
from .moments import below
from .setting import PLACE, ROOM

x, tokens, temperature, keys, values, radius, change, low, high = var("x", "K", "beta", "B", "v", "R", "D", "l", "h")
_H = Fraction(1, 2)
FRAMES = Space("Frames", "finite", ("j", "k", "l"), tokens)
J, K_, L_ = FRAMES.indices
attention, entry = Family("p", (FRAMES,)), Family("a", (FRAMES,))
SOME = Hypothesis("there are frames", lt(0, tokens), structural=True)
WEIGHTS = (hyp("attention is nonnegative", le(0, attention[J])), hyp("attention adds up to one", eq(integral(J, attention[J]), 1)))
_mean = integral(J, attention[J] * entry[J])
_variance = integral(J, attention[J] * entry[J] ** 2) - _mean ** 2


def attended(rng, **families) -> Model:
    """Random attention over a few frames; every family within its bound."""
    size = rng.randint(1, 3)
    p = simplex(rng, size)
    return Model({"K": size}, {"p": {(j,): x for j, x in enumerate(p)}} | {name: {(j,): rational(rng, low_, high_) for j in range(size)} for name,
        (low_, high_) in families.items()}, {"Frames": [1] * size})


popoviciu = Theorem(
    "popoviciu", "A variance is at most a quarter of the squared range", ROOM, PLACE, "Popoviciu 1935", (tokens, low, high),
        (SOME, *WEIGHTS, hyp("entries are at least l", le(low, entry[J])), hyp("entries are at most h", le(entry[J], high))),
    le(_variance, (high - low) ** 2 / 4),
    (
        Step("inside", le(0, (high - entry[J]) * (entry[J] - low)), Sign()),
        Step("averaged", le(0, (high + low) * _mean - high * low - integral(J, attention[J] * entry[J] ** 2)), Expectation("inside", (J,), attention[J])),
        Step("square", le(0, (_mean - (high + low) / 2) ** 2), Sign()),
        Step("variance", le(_variance, (high - low) ** 2 / 4), Combination(((1, "averaged"), (1, "square")))),
    ),
    families=(attention, entry), spaces=(FRAMES,), witness=lambda rng: (lambda m: Model(m.variables | {"l": -1, "h": 2}, m.families, m.spaces))(attended(rng, a=(-1, 2))),
    ablations={"attention is nonnegative": Model({"K": 3, "l": 0, "h": 1}, {"p": {(0,): 1, (1,): -1, (2,): 1}, "a": {(0,): 0, (1,): _H, (2,): 1}}, {"Frames": [1, 1, 1]})},
    equality=lambda rng: Model({"K": 2, "l": 0, "h": 1}, {"p": {(0,): _H, (1,): _H}, "a": {(0,): 0, (1,): 1}}, {"Frames": [1, 1]}),
    says="The softmax Jacobian has norm one half at most: its quadratic form along a unit vector is a variance of entries whose squared range is two at most.")

moved, score = Family("b", (FRAMES,)), Family("c", (FRAMES,))


def output(scores: Family):
    """How far the output moves when values move by b and scores by this family: a mean and a covariance."""
    return integral(J, attention[J] * moved[J]) + covariance(scores)


def covariance(scores: Family):
    return integral(J, attention[J] * scores[J] * entry[J]) - integral(J, attention[J] * scores[J]) * _mean


def averages(scores: Family, turn, move, sizes, constant) -> tuple[Step, ...]:
    """The output moves by the constant times D at most: the mean by `move`, the covariance by the sizes of scores (`turn`) and values."""
    ratio, mean = turn / (values * radius), integral(J, attention[J] * scores[J])  # of the two sizes
    return (
        Step("square", le(0, ((scores[J] - mean) - ratio * (entry[J] - _mean)) ** 2), Sign()),
        Step("averaged", le(2 * ratio * covariance(scores), integral(J, attention[J] * scores[J] ** 2) - mean ** 2 + ratio ** 2 * _variance), Expectation("square", (J,), attention[J])),
        Step("a score", sizes[2].claim, Sign()),
        Step("scores", le(integral(J, attention[J] * scores[J] ** 2), turn ** 2), Expectation("a score", (J,), attention[J])),
        Step("a value", sizes[0].claim, Sign()),
        Step("values", le(integral(J, attention[J] * entry[J] ** 2), (values * radius) ** 2), Expectation("a value", (J,), attention[J])),
        Step("a move", sizes[1].claim, Sign()),
        Step("moves", le(integral(J, attention[J] * moved[J]), move), Expectation("a move", (J,), attention[J])),
        Step("mean score", le(0, mean ** 2), Sign()),
        Step("mean value", le(0, _mean ** 2), Sign()),
        Step("constant", le(output(scores), constant * change), Combination((
            (1 / (2 * ratio), "averaged"), (1 / (2 * ratio), "scores"), (ratio / 2, "values"), (1, "moves"), (1 / (2 * ratio), "mean score"), (ratio / 2, "mean value")))),
    )


SIZES = (hyp("values stay within v R", le(entry[J] ** 2, (values * radius) ** 2)), hyp("their change within v D", le(moved[J], values * change)),
         hyp("scores change by 2 beta B R D at most", le(score[J] ** 2, (2 * temperature * keys * radius * change) ** 2)))
POSITIVE = tuple(Hypothesis(f"{name} is positive", lt(0, u), structural=True) for name, u in (("beta", temperature), ("B", keys), ("v", values), ("R", radius), ("D", change)))
LAMBDA = named(r"\Lambda", (), values * (1 + 2 * temperature * keys * radius ** 2))
attention_lipschitz = Theorem(
    "attention_lipschitz", "The Lipschitz constant of attention on a ball", ROOM, PLACE, "after Kim, Papamakarios and Mnih 2021",
        (tokens, temperature, keys, values, radius, change), (SOME, *POSITIVE, *WEIGHTS, *SIZES), le(output(score), LAMBDA * change),
    averages(score, 2 * temperature * keys * radius * change, values * change, SIZES, LAMBDA),
    families=(attention, entry, moved, score), spaces=(FRAMES,), witness=lambda rng: layer(rng), kind="order",
    says="On tokens of norm R at most an attention layer stretches by v (1 + 2 beta B R^2) at most, however many frames there are.")


def layer(rng) -> Model:
    beta, B, v, R, D = (Fraction(rng.randint(1, 4), 2) for _ in range(5))
    model = attended(rng, a=(-v * R, v * R), b=(-v * D, v * D), c=(-2 * beta * B * R * D, 2 * beta * B * R * D))
    return Model(model.variables | {"beta": beta, "B": B, "v": v, "R": R, "D": D}, model.families, model.spaces)


turned = Family("u", (FRAMES,))
PARAMETERS = (SIZES[0], hyp("the change of V moves values by R eta at most", le(moved[J], radius * change)),
              hyp("the change of A moves scores by beta R^2 eta at most", le(turned[J] ** 2, (temperature * radius ** 2 * change) ** 2)))
GAMMA = named(r"\Gamma", (), radius * (1 + temperature * radius ** 2 * values))
attention_parameters = Theorem(
    "attention_parameters", "The Lipschitz constant of attention in its parameters", ROOM, PLACE, "after Edelman et al. 2022", (tokens, temperature, values, radius, change),
    (SOME, *(h for h in POSITIVE if h.name != "B is positive"), *WEIGHTS, *PARAMETERS), le(output(turned), GAMMA * change),
    averages(turned, temperature * radius ** 2 * change, radius * change, PARAMETERS, GAMMA),
    families=(attention, entry, moved, turned), spaces=(FRAMES,), witness=lambda rng: tuned(rng), kind="order",
    says="A change of A and V by eta at most moves the output by R (1 + beta R^2 v) eta at most.")


def tuned(rng) -> Model:
    beta, v, R, D = (Fraction(rng.randint(1, 4), 2) for _ in range(4))
    model = attended(rng, a=(-v * R, v * R), b=(-R * D, R * D), u=(-beta * R ** 2 * D, beta * R ** 2 * D))
    return Model(model.variables | {"beta": beta, "v": v, "R": R, "D": D}, model.families, model.spaces)


# coverings

balls, dimension, fine = var("N", "d", "epsilon")
VOLUME = hyp("disjoint balls of radius epsilon/2 fit into the larger ball", le(balls * exp(dimension * ln(fine / 2)), exp(dimension * ln(radius + fine / 2))))
packing = Theorem(
    "packing", "How many points a ball holds", ROOM, PLACE, "Kolmogorov and Tikhomirov 1959", (balls, dimension, radius, fine),
        tuple(Hypothesis(f"{name} is positive", lt(0, u), structural=True) for name, u in (("N", balls), ("epsilon", fine))) + (hyp("R is nonnegative", le(0, radius)), VOLUME),
    le(ln(balls), dimension * ln(1 + 2 * radius / fine)),
    (
        Step("ratio", le(ln(balls * exp(dimension * ln(fine / 2) - dimension * ln(radius + fine / 2))), balls * exp(dimension * ln(fine / 2) - dimension * ln(radius + fine / 2)) - 1),
             Lemma("log_tangent", Instance({x: balls * exp(dimension * ln(fine / 2) - dimension * ln(radius + fine / 2))}))),
        Step("points", le(ln(balls), dimension * ln(1 + 2 * radius / fine)), Combination(((1, "ratio"), (exp(-dimension * ln(radius + fine / 2)), VOLUME.name)))),
    ),
    witness=lambda rng: packed(rng), kind="order",
    says="A ball of radius R in d dimensions is covered by (1 + 2 R/epsilon)^d balls of radius epsilon.")


def packed(rng) -> Model:
    d, R, eps = rng.randint(1, 3), positive(rng), inside(rng)
    most = math.floor((1 + 2 * float(R) / float(eps)) ** d - 1e-9)
    return Model({"d": d, "R": R, "epsilon": eps, "N": rng.randint(1, max(1, most))}, {}, {}) if most else packed(rng)


lipschitz, near, far = var("Lambda", "a", "b")
local_dimension = Theorem(
    "local_dimension", "A net of scenes is a net of features", ROOM, PLACE, "this book", (lipschitz, near, far, fine),
    (hyp("Lambda is positive", lt(0, lipschitz)), hyp("a scene is near its centre", le(near, fine / lipschitz)),
        hyp("features move by Lambda at most", le(far, lipschitz * near))), le(far, fine),
    (Step("features", le(far, fine), Combination(((1, "features move by Lambda at most"), (lipschitz, "a scene is near its centre")))),),
    witness=lambda rng: (lambda L, e, s, u: Model({"Lambda": L, "epsilon": e, "a": e / L * s, "b": e * s * u}))(positive(rng), positive(rng), rational(rng),
        rational(rng)), kind="order",
    says="Where features move by Lambda times as much as scenes at most, a net of scenes at epsilon/Lambda is a net of features at epsilon.")

SEPARATE = hyp("scenes of separate features are separate: their disjoint balls fit",
    le(balls * exp(dimension * ln(fine / lipschitz / 2)), exp(dimension * ln(radius + fine / lipschitz / 2))))
feature_covering = Theorem(
    "feature_covering", "How many features one can tell apart", ROOM, PLACE, "this book", (balls, dimension, radius, fine, lipschitz),
    (*packing.hypotheses[:2], Hypothesis("Lambda is positive", lt(0, lipschitz), structural=True), packing.hypotheses[2], SEPARATE),
        le(ln(balls), dimension * ln(1 + 2 * radius * lipschitz / fine)),
    (Step("features", le(ln(balls), dimension * ln(1 + 2 * radius * lipschitz / fine)),
        Lemma("packing", Instance({balls: balls, dimension: dimension, radius: radius, fine: fine / lipschitz}))),),
    witness=lambda rng: (lambda m, L: Model(m.variables | {"Lambda": L, "epsilon": m.variables["epsilon"] * L}))(packed(rng), positive(rng)), kind="order",
    says="If features move by Lambda times as much as scenes do at most, epsilon-separated features of scenes in a ball of d dimensions number (1 + 2 R Lambda/epsilon)^d at most, whatever computed them.")

# depth

LAYERS = Space("Layers", "measure", ("i",))
(I,) = LAYERS.indices
before, after, stretch = Family("e", (LAYERS,)), Family("f", (LAYERS,)), Family("g", (LAYERS,))
own, step, end = var("Gamma", "eta", "E")
STACK = (
    hyp("what is stretched later is nonnegative", le(0, stretch[I])), hyp("a layer stretches by Lambda and moves by Gamma eta", le(after[I], lipschitz * before[I] + own * step)),
    hyp("layers follow each other", le(end, integral(I, stretch[I] * (after[I] - lipschitz * before[I])))))
_moved = own * step * integral(I, stretch[I])
stack = Theorem(
    "stack", "How far a stack of layers moves", ROOM, PLACE, "chain rule", (lipschitz, own, step, end), STACK, le(end, _moved),
    (
        Step("layer", le(after[I] - lipschitz * before[I], own * step), Combination(((1, STACK[1].name),))),
        Step("layers", le(integral(I, stretch[I] * (after[I] - lipschitz * before[I])), _moved), Expectation("layer", (I,), stretch[I])),
        Step("stack", le(end, _moved), Combination(((1, "layers"), (1, STACK[2].name)))),
    ),
    families=(before, after, stretch), spaces=(LAYERS,), witness=lambda rng: layered(rng), equality=lambda rng: layered(rng, True),
    says="If every layer's parameters move by eta, the stack's output moves by Gamma eta times the sum of what later layers stretch, Lambda^(L-1) + ... + 1.")


def layered(rng, full=False) -> Model:
    """A few layers one after another; each moves as far as it may, or not quite."""
    depth, lam, gam, eta = rng.randint(1, 4), Fraction(rng.randint(1, 6), 3), Fraction(rng.randint(1, 4), 2), Fraction(rng.randint(1, 4), 4)
    at, e, f = Fraction(0), {}, {}
    for i in range(depth):
        e[i,] = at
        at = lam * at + gam * eta * (1 if full else rational(rng))
        f[i,] = at
    return Model({"Lambda": lam, "Gamma": gam, "eta": eta, "E": at}, {"e": e, "f": f, "g": {(i,): lam ** (depth - 1 - i) for i in range(depth)}}, {"Layers": [1] * depth})


# heads

heads, same, shared, mu = var("H", "a", "b", "mu")
_all = 2 * same * shared + tokens * shared ** 2
_entry = integral(L_, (same * delta(J, L_) + shared) * (same * delta(K_, L_) + shared))
head_gram = Theorem(
    "head_gram", "Heads that look at different frames", ROOM, PLACE, "this book", (tokens, same, shared), (SOME,),
    eq(_entry, same ** 2 * delta(J, K_) + _all), (Step("gram", eq(_entry, same ** 2 * delta(J, K_) + _all), Identity()),),
    spaces=(FRAMES,), witness=lambda rng: (lambda m: Model({"K": m, "a": rational(rng, -1, 1), "b": rational(rng, -1, 1)}, {}, {"Frames": [1] * m}))(rng.randint(1, 3)),
    says="The features of heads, head i favouring frame i, have covariance a^2 I + (2 a b + K b^2) 1 1^T.")
_shrunk = lambda u: u / (u + mu)
_top = lambda h: same ** 2 + h * _all
_dimension = lambda h: (h - 1) * _shrunk(same ** 2) + _shrunk(_top(h))
heads_count = Theorem(
    "heads_count", "Heads add to the effective dimension", ROOM, PLACE, "this book", (tokens, heads, same, shared, mu),
    (SOME, Hypothesis("there are heads", lt(0, heads), structural=True), hyp("a is positive", lt(0, same)), hyp("b is nonnegative", le(0, shared)),
        hyp("mu is positive", lt(0, mu))), lt(_dimension(heads), _dimension(heads + 1)),
    (
        Step("own", lt(0, _shrunk(same ** 2)), Sign()),
        Step("more", le(0, mu * _all / ((_top(heads) + mu) * (_top(heads + 1) + mu))), Sign()),
        Step("heads", lt(_dimension(heads), _dimension(heads + 1)), Combination(((1, "own"), (1, "more")))),
    ),
    witness=lambda rng: Model({"K": rng.randint(2, 9), "H": rng.randint(1, 8), "a": inside(rng), "b": rational(rng), "mu": positive(rng)}), kind="order",
    says="On the same scenes each further head raises the effective dimension: d_eff depends on the architecture.")


THEOREMS = (popoviciu, attention_lipschitz, attention_parameters, packing, local_dimension, feature_covering, stack, head_gram, heads_count)
