"""The words of the statements: binary divergence, its two inverses, divergences of laws; and random models of them."""

from __future__ import annotations

from fractions import Fraction

from .kernel import Claim, Family, Hypothesis, Model, Space, Term, dominated, eq, integral, le, named, relative, supremum, term, var

# A base measure with densities against it: a finite sum and an integral are both of this kind.
OMEGA = Space("Omega", "measure", ("x",))
(X,) = OMEGA.indices
P, Q, F = Family("p", (OMEGA,)), Family("q", (OMEGA,)), Family("f", (OMEGA,))


KL_LATEX = r"\mathrm{kl}\left(<0>\,\middle\|\,<1>\right)"
F_LATEX, G_LATEX = r"F\left(<0>,\,<1>\right)", r"G\left(<0>,\,<1>\right)"
P_VAR, Q_VAR = var("p", "q")


def kl(p, q) -> Term:
    """Binary divergence: p ln(p/q) + (1-p) ln((1-p)/(1-q))."""
    p, q = term(p), term(q)
    return named(KL_LATEX, (p, q), relative(p, q) + relative(1 - p, 1 - q))


def divergence(p: Family, q: Family) -> Term:
    """KL(P || Q) of two laws by their densities."""
    upper = [f.name.upper() if len(f.name) == 1 else f"{f.name[0].upper()}_{f.name[1:]}" for f in (p, q)]
    return named(rf"\mathrm{{KL}}\left({upper[0]}\,\middle\|\,{upper[1]}\right)", (), integral(X, relative(p[X], q[X])))


def inverse_first(q, budget) -> Term:
    """sup {p in [q, 1] : kl(p, q) <= budget}: the first argument is free."""
    p = var("p^")
    return named(F_LATEX, (term(q), term(budget)), supremum(p, q, 1, kl(p, q), budget))


def inverse_second(p, budget) -> Term:
    """sup {q in [p, 1) : kl(p, q) <= budget}: the second argument is free."""
    q = var("q^")
    return named(G_LATEX, (term(p), term(budget)), supremum(q, p, 1, kl(p, q), budget, open_above=True))


def hyp(name: str, claim: Claim) -> Hypothesis:
    return Hypothesis(name, claim)


def law(p: Family, name: str) -> tuple[Hypothesis, ...]:
    """p is a probability density."""
    return (hyp(f"{name} is nonnegative", le(0, p[X])), hyp(f"{name} has total mass one", eq(integral(X, p[X]), 1)))


def two_laws(p: Family = P, q: Family = Q, names=("P", "Q")) -> tuple[Hypothesis, ...]:
    """Two laws, the first absolutely continuous with respect to the second."""
    return (*law(p, names[0]), *law(q, names[1]), hyp(f"{names[0]} is absolutely continuous", dominated(p[X], q[X])))


def densities_of(p: Family, q: Family, names) -> tuple[Hypothesis, ...]:
    """Two nonnegative densities, the first absolutely continuous with respect to the second."""
    return (hyp(f"{names[0]} is nonnegative", le(0, p[X])), hyp(f"{names[1]} is nonnegative", le(0, q[X])), hyp(f"{names[0]} is absolutely continuous", dominated(p[X], q[X])))


# random models: small exact rationals, corners included

def rational(rng, low=0, high=1, parts=24) -> Fraction:
    """A rational in [low, high], its ends included."""
    low, high = Fraction(low), Fraction(high)
    return rng.choice((low, high)) if rng.random() < 0.2 else low + (high - low) * Fraction(rng.randint(0, parts), parts)


def inside(rng, low=0, high=1, parts=24) -> Fraction:
    """A rational strictly inside (low, high)."""
    low, high = Fraction(low), Fraction(high)
    return low + (high - low) * Fraction(rng.randint(1, parts - 1), parts)


def positive(rng) -> Fraction:
    """A positive rational, from small to large."""
    return Fraction(rng.randint(1, 12), rng.randint(1, 12)) * Fraction(rng.choice((1, 1, 1, 4, 16)), rng.choice((1, 1, 1, 4, 16)))


def simplex(rng, n: int, zeros=True) -> list[Fraction]:
    """n nonnegative rationals with sum one, some of them zero."""
    while True:
        raw = [rng.choice((0, 1, 2, 3, 5, 8, 13)) if zeros else rng.choice((1, 2, 3, 5, 8, 13)) for _ in range(n)]
        if sum(raw):
            return [Fraction(r, sum(raw)) for r in raw]


def column(values) -> dict:
    """Values of a family of one index, by their place."""
    return {(k,): Fraction(v) for k, v in enumerate(values)}


def densities(rng, masses: list[Fraction], weights: list[Fraction]) -> dict:
    """Masses as densities against weighted points."""
    return {(k,): m / w for k, (m, w) in enumerate(zip(masses, weights))}


def base(rng, n: int | None = None) -> list[Fraction]:
    """Weights of a base measure on n points."""
    return [Fraction(rng.randint(1, 4), rng.randint(1, 3)) for _ in range(n or rng.randint(2, 3))]


def laws(rng, *names: str, dominated_by: str | None = None, n: int | None = None) -> Model:
    """Several laws on one base; those before `dominated_by` vanish where it does."""
    weights = base(rng, n)
    reference = simplex(rng, len(weights), zeros=rng.random() < 0.3)
    families = {}
    for name in names:
        masses = reference if name == dominated_by else simplex(rng, len(weights))
        if dominated_by and name != dominated_by:
            masses = [m if r else Fraction(0) for m, r in zip(masses, reference)]
            total = sum(masses)
            masses = [m / total for m in masses] if total else reference
        families[name] = densities(rng, masses, weights)
    return Model({}, families, {"Omega": weights})
