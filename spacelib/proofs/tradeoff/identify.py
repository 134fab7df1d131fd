"""What decides, and what can be known: the shape of the curve, one side's data, both sides on the same labels, three sizes, intervals."""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Combination, Family, Hypothesis, Identity, Model, Sign, Space, Step, Theorem, eq, exp, integral, le, lt, var
from ..words import column, hyp, positive
from .setting import DIMENSION, E, PLACE, ROOM, TAU, b, crossover, d, n, numbers, sigma

a, A, c0, tau, E_seen = var("a", "A", "c", "tau", "E'")

# any curve of the shape a + A/(n - c)

SCALE, BEYOND = hyp("A is positive", lt(0, A)), Hypothesis("n is above c", lt(c0, n), structural=True)
_curve = lambda n=n: a + A / (n - c0)
ABOVE_FLOOR, UNDER = hyp("E is above a", lt(a, E)), hyp("n is below c + A/(E - a)", lt(n, c0 + A / (E - a)))
curve_crossover = Theorem(
    "curve_crossover", "The verdict needs three numbers of the curve", ROOM, PLACE, "elementary", (n, a, A, c0, E), (BEYOND, ABOVE_FLOOR), eq(_curve() - E, (E - a) * (c0 + A / (E - a) - n) / (n - c0)),
    (Step("gap", eq(_curve() - E, (E - a) * (c0 + A / (E - a) - n) / (n - c0)), Identity()),),
    witness=lambda rng: (lambda x, y: Model({"a": x, "A": positive(rng), "c": y, "n": y + positive(rng), "E": x + positive(rng)}))(positive(rng), positive(rng)),
    says="Whatever the architecture: if its learning curve is a + A/(n - c), the crossover with a constant E is at c + A/(E - a). Other shapes have other crossovers.")


# one side's data do not decide

OUTCOMES = Space("Outcomes", "measure", ("y",))
(Y,) = OUTCOMES.indices
fit = Family("f", (OUTCOMES,))
b2, sigma2 = var("b'", "sigma'")
SAME = hyp("sigma^2 + b is the same", eq(b2, sigma ** 2 + b - sigma2 ** 2))
POSITIVE = Hypothesis("sigma^2 + b is positive", lt(0, sigma ** 2 + b), structural=True)
_density = lambda s, q: exp(-fit[Y] ** 2 / (2 * (s ** 2 + q)))
_same = eq(_density(sigma, b), _density(sigma2, b2))
same_law = Theorem(
    "same_law", "Bias and noise look alike", ROOM, PLACE, "elementary", (b, sigma, b2, sigma2), (POSITIVE, SAME), _same,
    (Step("same", _same, Identity()),),
    families=(fit,), spaces=(OUTCOMES,), witness=lambda rng: pair(rng),
    ablations={SAME.name: Model({"b": 0, "sigma": 1, "b'": 0, "sigma'": 2}, {"f": {(0,): 1}}, {"Outcomes": [1]})},
    says="Given the features a label's density depends on b and sigma only through tau = sigma^2 + b: from one side's data, however many, they cannot be told apart.")


def pair(rng) -> Model:
    """Two ways to the same sum: 25 as 16 + 9 or 9 + 16 or 0 + 25."""
    size = Fraction(rng.randint(1, 4), 2)
    ways = [(16, 3), (9, 4), (25, 0), (0, 5)]
    (q, s), (q2, s2) = rng.sample(ways, 2)
    return Model({"b": q * size ** 2, "sigma": s * size, "b'": q2 * size ** 2, "sigma'": s2 * size}, {"f": column([rng.randint(-3, 3)])}, {"Outcomes": [1]})


_plain, _hidden = tau * d / (n - d - 1), tau + tau * d / (n - d - 1)  # b = 0, and b = tau
LOUD, GOOD = hyp("tau is above E", lt(E, tau)), hyp("E is positive", lt(0, E))
LATE = hyp("n is above d + 1 + tau d/E", lt(d + 1 + tau * d / E, n))
opposite_verdicts = Theorem(
    "opposite_verdicts", "One law of data, two verdicts", ROOM, PLACE, "elementary", (n, d, tau, E), (DIMENSION, GOOD, LOUD, LATE), lt((_plain - E) * (_hidden - E), 0),
    (
        Step("share", lt(0, tau * d / E), Sign()),
        Step("enough", lt(d + 1, n), Combination(((1, "share"), (1, LATE.name)))),
        Step("plain", lt(_plain, E), Combination(((E / (n - d - 1), LATE.name),))),
        Step("variance", lt(0, tau * d / (n - d - 1)), Sign()),
        Step("hidden", lt(E, _hidden), Combination(((1, LOUD.name), (1, "variance")))),
        Step("opposite", lt((_plain - E) * (_hidden - E), 0), Combination(((_hidden - E, "plain"),))),
    ),
    witness=lambda rng: (lambda e, k, g: Model({"E": e, "tau": e + g, "d": k, "n": k + 1 + (e + g) * k / e + positive(rng)}))(positive(rng), Fraction(rng.randint(1, 6)), positive(rng)), kind="construction",
    ablations={LOUD.name: numbers(n=99, d=1, tau=1, E=2), LATE.name: numbers(n=3, d=1, tau=2, E=1)},
    says="With b = 0 the implicit side wins, with b = tau it loses for every n, and the data of both are alike: before the other side is scored nothing is decided.")
star = var("k")
any_crossover = Theorem(
    "any_crossover", "Every crossover is possible", ROOM, PLACE, "elementary", (d, E, star, sigma), (DIMENSION, Hypothesis("E is positive", lt(0, E), structural=True), Hypothesis("k is above d + 1", lt(d + 1, star), structural=True), hyp("the noise is E (k - d - 1)/d", eq(sigma ** 2 * d - E * (star - d - 1), 0))),
    eq(crossover(b=0), star),
    (Step("any", eq(crossover(b=0), star), Combination(((1 / E, "the noise is E (k - d - 1)/d"),))),),
    witness=lambda rng: (lambda s, k, e: Model({"sigma": s, "d": k, "E": e, "k": k + 1 + s ** 2 * k / e}))(positive(rng), Fraction(rng.randint(1, 6)), positive(rng)), kind="construction",
    ablations={"the noise is E (k - d - 1)/d": numbers(sigma=2, d=1, E=1, k=3)},
    says="Any number above d + 1 is the crossover of some noise, with b = 0.")


# both sides on the same labels

ERRORS, LABELS = Space("Test", "probability", ("z",)), Space("Noise", "probability", ("v",))
(Z,), (V,) = ERRORS.indices, LABELS.indices
error, zeta = Family("e", (ERRORS,)), Family("x", (LABELS,))
NOISY = (hyp("the error's mean square is E", eq(integral(Z, error[Z] ** 2) - E, 0)), hyp("the labels' noise has mean zero", eq(integral(V, zeta[V]), 0)), hyp("the labels' noise has the variance sigma^2", eq(integral(V, zeta[V] ** 2) - sigma ** 2, 0)))
_seen = integral((Z, V), (error[Z] - zeta[V]) ** 2)


def labelled(errors, noises, **said) -> Model:
    return Model({"E": sum(Fraction(e) ** 2 for e in errors) / len(errors), "sigma": abs(noises[0])} | said, {"e": column(errors), "x": column(noises)},
                 {"Test": [Fraction(1, len(errors))] * len(errors), "Noise": [Fraction(1, len(noises))] * len(noises)})


noisy_labels = Theorem(
    "noisy_labels", "Noisy labels add the same to both", ROOM, PLACE, "elementary", (E, sigma), NOISY, eq(_seen, E + sigma ** 2),
    (
        Step("expanded", eq(_seen, integral(Z, error[Z] ** 2) - 2 * integral(Z, error[Z]) * integral(V, zeta[V]) + integral(V, zeta[V] ** 2)), Identity()),
        Step("seen", eq(_seen, E + sigma ** 2), Combination(((1, "expanded"), (1, NOISY[0].name), (1, NOISY[2].name)))),
    ),
    families=(error, zeta), spaces=(ERRORS, LABELS), witness=lambda rng: (lambda s: labelled([Fraction(rng.randint(-4, 4), 2) for _ in range(3)], [s, -s]))(Fraction(rng.randint(1, 4), 2)),
    ablations={NOISY[0].name: labelled([1, 2], [1, -1], E=9), NOISY[1].name: labelled([1, 2], [1, 1]), NOISY[2].name: labelled([1, 2], [1, -1], sigma=3)},
    says="Scored on noisy labels each risk is larger by sigma^2: the difference is not touched.")
SEEN_TAU, SEEN_E = hyp("tau is sigma^2 + b", eq(tau - TAU, 0)), hyp("E' is E + sigma^2", eq(E_seen - (E + sigma ** 2), 0))
WORSE = hyp("the explicit risk is above b", lt(b, E))
_from_labels = lambda t=tau, e=E_seen: d + 1 + t * d / (e - t)
same_labels = Theorem(
    "same_labels", "The crossover from risks on noisy labels", ROOM, PLACE, "elementary", (d, b, sigma, E, tau, E_seen), (DIMENSION, SEEN_TAU, SEEN_E, WORSE), eq(_from_labels(), crossover()),
    (
        Step("difference", eq(E_seen - tau - (E - b), 0), Combination(((1, SEEN_E.name), (-1, SEEN_TAU.name)))),
        Step("apart", lt(0, E_seen - tau), Combination(((1, WORSE.name), (-1, "difference")))),
        Step("crossover", eq(_from_labels(), crossover()), Combination(((d / (E_seen - tau), SEEN_TAU.name), (-TAU * d / ((E_seen - tau) * (E - b)), "difference")))),
    ),
    witness=lambda rng: (lambda q, s, g: Model({"d": Fraction(rng.randint(1, 6)), "b": q, "sigma": s, "E": q + g, "tau": q + s ** 2, "E'": q + g + s ** 2}))(positive(rng), positive(rng), positive(rng)),
    ablations={SEEN_TAU.name: numbers(d=1, b=0, sigma=1, E=2, tau=2, **{"E'": 3}), SEEN_E.name: numbers(d=1, b=0, sigma=1, E=2, tau=1, **{"E'": 2}), WORSE.name: numbers(d=1, b=1, sigma=1, E=1, tau=2, **{"E'": 2})},
    says="E - b = E' - tau: once both are scored on the same labels, n* = d + 1 + tau d/(E' - tau), and neither b nor sigma^2 is needed alone.")
tau2, E2 = var("tau'", "e'")
crossover_above = Theorem(
    "crossover_above", "An interval of the crossover", ROOM, PLACE, "elementary", (d, tau, E_seen, tau2, E2),
    (DIMENSION, hyp("tau is nonnegative", le(0, tau)), hyp("tau is at most tau'", le(tau, tau2)), hyp("E' is at least e'", le(E2, E_seen)), hyp("tau' is below e'", lt(tau2, E2))), le(_from_labels(), _from_labels(tau2, E2)),
    (
        Step("below", lt(tau, E_seen), Sign()),
        Step("product", le(tau * E2, tau2 * E_seen), Combination(((E_seen, "tau is at most tau'"), (tau, "E' is at least e'")))),
        Step("above", le(_from_labels(), _from_labels(tau2, E2)), Combination(((d / ((E_seen - tau) * (E2 - tau2)), "product"),))),
    ),
    witness=lambda rng: (lambda t, u, g, h: Model({"d": Fraction(rng.randint(1, 6)), "tau": t, "tau'": t + u, "e'": t + u + g, "E'": t + u + g + h}))(positive(rng), rng.choice((Fraction(0), positive(rng))), positive(rng), rng.choice((Fraction(0), positive(rng)))), kind="order",
    equality=lambda rng: numbers(d=1, tau=1, E2=0, **{"tau'": 1, "e'": 2, "E'": 2}),
    ablations={"tau is nonnegative": numbers(d=1, tau=-2, **{"tau'": -2, "e'": 1, "E'": 4}), "tau is at most tau'": numbers(d=1, tau=1, **{"tau'": 0, "e'": 2, "E'": 2}), "E' is at least e'": numbers(d=1, tau=1, **{"tau'": 1, "e'": 3, "E'": 2}),
               "tau' is below e'": numbers(d=1, tau=1, **{"tau'": 3, "e'": 2, "E'": 2})},
    says="n* rises in tau and falls in E': the largest tau and the least E' that the data allow give its upper end, the others its lower end. Where the largest tau reaches the least E' there is no upper end.")


# three sizes of a training set

sizes = n1, n2, n3 = var("n1", "n2", "n3")
_R = lambda k: a + A / (k - c0)
ORDERED = (SCALE, Hypothesis("c is below n1", lt(c0, n1), structural=True), hyp("n1 is below n2", lt(n1, n2)), hyp("n2 is below n3", lt(n2, n3)))
_ratio = (_R(n1) - _R(n2)) * (n3 - n2) / ((_R(n2) - _R(n3)) * (n2 - n1))


def three(rng) -> Model:
    c_ = positive(rng)
    first = c_ + positive(rng)
    second = first + positive(rng)
    return Model({"a": positive(rng), "A": positive(rng), "c": c_, "n1": first, "n2": second, "n3": second + positive(rng)})


_unequal = {"n1 is below n2": numbers(a=1, A=1, c=0, n1=2, n2=2, n3=3), "n2 is below n3": numbers(a=1, A=1, c=0, n1=1, n2=2, n3=2), SCALE.name: numbers(a=1, A=0, c=0, n1=1, n2=2, n3=3)}
curve_offset = Theorem(
    "curve_offset", "Three sizes give the offset", ROOM, PLACE, "elementary", (a, A, c0, *sizes), ORDERED, eq((_ratio * n1 - n3) / (_ratio - 1), c0),
    (
        Step("differences", lt(0, (n2 - c0) * (n3 - c0)), Sign()),
        Step("ratio", eq(_ratio - (n3 - c0) / (n1 - c0), 0), Identity()),
        Step("above one", lt(0, (n3 - n1) / (n1 - c0)), Sign()),
        Step("offset", eq((_ratio * n1 - n3) / (_ratio - 1), c0), Identity()),
    ),
    witness=three, ablations=_unequal,
    says="With r = (R1 - R2)(n3 - n2)/((R2 - R3)(n2 - n1)) the offset is (r n1 - n3)/(r - 1): three sizes identify a curve a + A/(n - c).")
_scale = eq((_R(n1) - _R(n2)) * (n1 - c0) * (n2 - c0) / (n2 - n1), A)
curve_scale = Theorem(
    "curve_scale", "Two sizes give the scale", ROOM, PLACE, "elementary", (a, A, c0, n1, n2), ORDERED[1:3], _scale, (Step("scale", _scale, Identity()),),
    witness=lambda rng: (lambda m: Model({k: m[k] for k in ("a", "A", "c", "n1", "n2")}))(three(rng).variables), ablations={"n1 is below n2": numbers(a=1, A=1, c=0, n1=2, n2=2)},
    says="With the offset known A is (R1 - R2)(n1 - c)(n2 - c)/(n2 - n1), and a is R1 - A/(n1 - c).")


# what intervals certify

R1, R2, R3, U1, L2, L1, U2 = var("R1", "R2", "R", "U1", "L2", "L1", "U2")
CONVEX = hyp("the curve is convex", le(R2 * (n - n1), R1 * (n - n2) + R3 * (n2 - n1)))
_line = L2 - (n - n2) * (U1 - L2) / (n2 - n1)
WITHIN = (hyp("R1 is at most U1", le(R1, U1)), hyp("R2 is at least L2", le(L2, R2)))
convex_certifies = Theorem(
    "convex_certifies", "How far a convex curve is known", ROOM, PLACE, "elementary", (n, n1, n2, R1, R2, R3, U1, L2), (hyp("n1 is below n2", lt(n1, n2)), hyp("n2 is at most n", le(n2, n)), CONVEX, *WITHIN), le(_line, R3),
    (
        Step("upper", le(R1 * (n - n2), U1 * (n - n2)), Combination(((n - n2, WITHIN[0].name),))),
        Step("lower", le(L2 * (n - n1), R2 * (n - n1)), Combination(((n - n1, WITHIN[1].name),))),
        Step("beyond", le(_line, R3), Combination(((1 / (n2 - n1), "upper"), (1 / (n2 - n1), "lower"), (1 / (n2 - n1), CONVEX.name)))),
    ),
    witness=lambda rng: convex(rng), equality=lambda rng: numbers(n=3, n1=1, n2=2, R1=3, R2=2, R=1, U1=3, L2=2),
    ablations={"n1 is below n2": numbers(n=3, n1=2, n2=2, R1=3, R2=3, R=1, U1=3, L2=2), "n2 is at most n": numbers(n=1, n1=1, n2=3, R1=1, R2=1, R=1, U1=2, L2=1), CONVEX.name: numbers(n=3, n1=1, n2=2, R1=3, R2=2, R=0, U1=3, L2=2),
               WITHIN[0].name: numbers(n=3, n1=1, n2=2, R1=3, R2=2, R=1, U1=2, L2=2), WITHIN[1].name: numbers(n=3, n1=1, n2=2, R1=3, R2=2, R=1, U1=3, L2=3)},
    says="Beyond the sizes that were trained a convex curve is at least the line through the upper end at n1 and the lower end at n2: the explicit side is certified while that line is above its upper end.")


def convex(rng) -> Model:
    first, step, more = positive(rng), positive(rng), rng.choice((Fraction(0), positive(rng)))
    r1, drop = 4 + positive(rng), positive(rng)
    r2 = r1 - drop
    r3 = r2 - drop * more / step + rng.choice((Fraction(0), positive(rng)))
    return Model({"n1": first, "n2": first + step, "n": first + step + more, "R1": r1, "R2": r2, "R": r3, "U1": r1 + rng.choice((Fraction(0), positive(rng))), "L2": r2 - rng.choice((Fraction(0), positive(rng)))})


x1, x2 = var("x1", "x2")
_flat = hyp("R1 is a + A x1", eq(R1 - (a + A * x1), 0)), hyp("R2 is a + A x2", eq(R2 - (a + A * x2), 0))
_floor = le((x1 * L2 - x2 * U1) / (x1 - x2), a)
known_offset = Theorem(
    "known_offset", "The floor of a curve with known offset", ROOM, PLACE, "elementary", (a, A, x1, x2, R1, R2, U1, L2), (hyp("x2 is below x1", lt(x2, x1)), hyp("x2 is nonnegative", le(0, x2)), *_flat, *WITHIN), _floor,
    (
        Step("first", le(x2 * R1, x2 * U1), Combination(((x2, WITHIN[0].name),))),
        Step("second", le(x1 * L2, x1 * R2), Combination(((x1, WITHIN[1].name),))),
        Step("floor", _floor, Combination(((1 / (x1 - x2), "first"), (1 / (x1 - x2), "second"), (-x2 / (x1 - x2), _flat[0].name), (x1 / (x1 - x2), _flat[1].name)))),
    ),
    witness=lambda rng: (lambda p, q, y, g, u, l: Model({"a": p, "A": q, "x1": y + g, "x2": y, "R1": p + q * (y + g), "R2": p + q * y, "U1": p + q * (y + g) + u, "L2": p + q * y - l}))(
        positive(rng), positive(rng), rng.choice((Fraction(0), positive(rng))), positive(rng), rng.choice((Fraction(0), positive(rng))), rng.choice((Fraction(0), positive(rng)))),
    equality=lambda rng: numbers(a=1, A=1, x1=2, x2=1, R1=3, R2=2, U1=3, L2=2),
    ablations={"x2 is below x1": numbers(a=1, A=1, x1=1, x2=2, R1=2, R2=3, U1=3, L2=3), "x2 is nonnegative": numbers(a=1, A=1, x1=1, x2=-1, R1=2, R2=0, U1=9, L2=0), _flat[0].name: numbers(a=1, A=1, x1=2, x2=1, R1=0, R2=2, U1=0, L2=2),
               _flat[1].name: numbers(a=1, A=1, x1=2, x2=1, R1=3, R2=9, U1=3, L2=9), WITHIN[0].name: numbers(a=1, A=1, x1=2, x2=1, R1=3, R2=2, U1=2, L2=2), WITHIN[1].name: numbers(a=1, A=1, x1=2, x2=1, R1=3, R2=2, U1=3, L2=3)},
    says="With x = 1/(n - c) the curve is a line whose value at zero two intervals enclose: its lower end at or above the explicit side's upper end certifies the explicit side for every n; the upper end follows by exchanging the ends.")
THEOREMS = (curve_crossover, same_law, opposite_verdicts, any_crossover, noisy_labels, same_labels, crossover_above, curve_offset, curve_scale, convex_certifies, known_offset)
