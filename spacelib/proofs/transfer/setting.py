"""The setting of the transfer: scenes under two laws, a score of scenes, its two means; and random models of them.

mu is the law of the scenes that were sampled, nu that of the scenes to come, both densities against one measure. f(z) is the loss on a scene in [0, 1], averaged over the
posterior: what a certificate is about. kappa bounds KL(nu || mu): the law to come stands first.
"""

from __future__ import annotations

from fractions import Fraction

from ..kernel import Family, Hypothesis, Instance, Model, Space, dominated, eq, integral, le, lt, named, relative, var
from ..words import X, base, densities, hyp, rational, simplex

ROOM, PLACE = "transfer", "result 3, a certificate under shift"
SCENES = Space("Scenes", "measure", ("z",))
(Z,) = SCENES.indices
nu, mu, f = Family("nu", (SCENES,), r"\nu"), Family("mu", (SCENES,), r"\mu"), Family("f", (SCENES,))
kappa = var("kappa")
HALF = Fraction(1, 2)

L_NU = named(r"L_\nu", (), integral(Z, nu[Z] * f[Z]))
L_MU = named(r"L_\mu", (), integral(Z, mu[Z] * f[Z]))
SHIFT = named(r"\mathrm{KL}(\nu\,\|\,\mu)", (), integral(Z, relative(nu[Z], mu[Z])))
REVERSE = named(r"\mathrm{KL}(\mu\,\|\,\nu)", (), integral(Z, relative(mu[Z], nu[Z])))


def a_law(p: Family, name: str) -> tuple[Hypothesis, ...]:
    return hyp(f"{name} is nonnegative", le(0, p[Z])), hyp(f"{name} has total mass one", eq(integral(Z, p[Z]), 1))


NU, MU = a_law(nu, "nu"), a_law(mu, "mu")
CONTINUOUS = Hypothesis("nu is absolutely continuous", dominated(nu[Z], mu[Z]), structural=True)
COVERED = Hypothesis("mu is absolutely continuous", dominated(mu[Z], nu[Z]), structural=True)
LOSS = (hyp("losses are nonnegative", le(0, f[Z])), hyp("losses are at most one", le(f[Z], 1)))
LAWS = (*NU, *MU, CONTINUOUS)
ERRS = Hypothesis("there are errors in the sampled scenes", lt(0, L_MU), structural=True)
TOGETHER = (("nu and mu are laws, nu absolutely continuous", LAWS), ("losses lie in [0, 1]", LOSS))



def on_scenes(**families) -> Instance:
    """A theorem about densities at x, said of functions of a scene."""
    return Instance(families={name: (lambda z, g=g: g[z]) for name, g in families.items()}, indices={X: (Z,)})


def scenes(target, source, losses, weights=None, **variables) -> Model:
    """A model with these masses on as many points."""
    size = len(losses)
    weights = weights or [1] * size
    table = lambda values: densities(None, [Fraction(v) for v in values], [Fraction(w) for w in weights])
    return Model(variables, {"nu": table(target), "mu": table(source), "f": {(k,): Fraction(v) for k, v in enumerate(losses)}}, {"Scenes": [Fraction(w) for w in weights]})


def shifted(rng, zeros=True) -> Model:
    """Two laws on two or three scenes, the law to come living where the sampled one does, and losses of which one is positive where scenes were sampled."""
    weights = base(rng)
    size = len(weights)
    source = simplex(rng, size, zeros=False)
    target = simplex(rng, size, zeros=zeros)
    losses = [rng.randint(0, 1) for _ in range(size)] if rng.random() < 0.5 else [rational(rng, parts=4) for _ in range(size)]
    if not any(losses):
        losses[0] = Fraction(1)
    return scenes(target, source, losses, weights)


def coins(a, b, **variables) -> Model:
    """Two scenes, one of them an error: nu and mu are coins."""
    return scenes((a, 1 - Fraction(a)), (b, 1 - Fraction(b)), (1, 0), **variables)
