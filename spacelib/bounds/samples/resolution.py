"""What difference in accuracy a benchmark can resolve: from its number of items, or of scenes.

A difference is resolved where a two-sided test at 1 - confidence rejects equality: the smallest observed one, or with
`power` the smallest true one that is seen that often.
"""

from collections.abc import Callable

import torch
from scipy.special import betainc, betaincinv, ndtri
from torch import Tensor

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.samples._checks import U, bisect, require_count, require_share

_AGAINST, _METHODS = ("known", "independent", "paired"), ("normal", "exact", "any_dependence")


def design_effect(sizes: Number, correlation: Number) -> Number:
    r"""How many times larger the variance of a mean over items is because items come in scenes.

    .. math:: 1 + \rho \Big(\frac{\sum_i m_i^2}{\sum_i m_i} - 1\Big)

    Parameters: sizes m_i of the scenes (..., scenes), integers >= 1; correlation rho in [0, 1] of two items of a
    scene. Returns factors of the broadcast leading shape, at least 1, right to some rounding. At rho = 1 it is that
    of scenes whose items are all alike, which no dependence exceeds: items over it are the effective number of
    scenes, all of them if sizes are equal.
    Errors: ValueError for values outside these ranges.
    Source: Kish 1965; for unequal sizes Kish 1987.
    """
    name = "design_effect"
    (m, rho), leave = admit(name, {"sizes": 1}, sizes=sizes, correlation=correlation)
    require_count(name, "sizes", m)
    if m.shape[-1] == 0:
        raise ValueError(f"{name}: sizes must have at least 1 scene, got shape {tuple(m.shape)}")
    require(name, "correlation", rho, (rho >= 0) & (rho <= 1), "in [0, 1]")
    return leave(1 + rho * ((m * m).sum(-1) / m.sum(-1) - 1))


def resolvable_difference(
    items: Number,
    *,
    against: str,
    method: str = "normal",
    accuracy: Number = 0.5,
    agreement: Number | None = None,
    confidence: Number = 0.95,
    power: Number | None = None,
    design_effect: Number = 1.0,
) -> Number:
    r"""The smallest difference in accuracy that m items tell from none.

    .. math::
        \text{normal:} \quad & \Delta = (z_{1 - \alpha/2} + z_{\text{power}}) \sqrt{v D/m}, \qquad
        v = A (1 - A) \text{ (known)}, \; A (1 - A) + B (1 - B) \text{ (independent)}, \;
        q - \Delta^2 \text{ (paired)} \\
        \text{any\_dependence:} \quad & \Delta = c \sqrt{\frac{D}{2m}}
        \Big(\sqrt{\ln\frac2\alpha} + \sqrt{\ln\frac{1}{1 - \text{power}}}\Big),
        \qquad c = 1 \text{ (known)}, \; 2 \text{ (else)}

    with alpha = 1 - confidence, B = A + Delta, and without `power` its term 0. Parameters: items m, integers >= 1.
    against: "known", a given accuracy, such as chance; "independent", another model whose errors are independent of
    this one's; "paired", another model on the same items, right or wrong together on a share `agreement` of them, q =
    1 - agreement. method: "normal", the normal approximation; "exact", the binomial test (known: `accuracy` is the
    given one; paired: the sign test on q m items, rounded up), for independent items alone; "any_dependence",
    Hoeffding's inequality for independent scenes, whatever happens inside one, D being `design_effect(sizes, 1)`, and
    whatever the accuracies. accuracy A in (0, 1); confidence and power in (0, 1), power at least 1/2; design_effect D
    >= 1.
    Returns differences of the broadcast shape; nothing is resolved where it would exceed 1 - A (known and
    independent), q (paired) or 1: then that is infinite. any_dependence is rounded up.
    Errors: ValueError for values outside these ranges, unknown words, agreement missing or not asked for, and an exact
    method with a design effect or against independent models.
    Source: Kish 1965; McNemar 1947; Clopper and Pearson 1934; Hoeffding 1963.
    """
    name = "resolvable_difference"
    for argument, value, known in (("against", against, _AGAINST), ("method", method, _METHODS)):
        if value not in known:
            raise ValueError(f"{name}: {argument} must be one of {', '.join(known)}, got {value!r}")
    if (agreement is None) == (against == "paired" and method != "any_dependence"):
        wanted = "needs agreement" if agreement is None else "takes no agreement"
        raise ValueError(f"{name}: {method} against {against} {wanted}, got {agreement!r}")
    given = {"items": items, "accuracy": accuracy, "confidence": confidence, "design_effect": design_effect}
    given |= {key: value for key, value in (("agreement", agreement), ("power", power)) if value is not None}
    values, leave = admit(name, **given)
    values = dict(zip(given, values, strict=True))
    _check(name, method, against, values)
    m, a, alpha, effect = values["items"], values["accuracy"], 1 - values["confidence"], values["design_effect"]
    q = 1 - values["agreement"] if "agreement" in values else None
    if method == "any_dependence":
        missed = torch.log1p(-values["power"]).neg().sqrt() if "power" in values else 0.0
        found = (effect / (2 * m)).sqrt() * (torch.log(2 / alpha).sqrt() + missed) * (1 if against == "known" else 2)
        # alpha = 1 - confidence is right to half a unit of confidence
        return leave(torch.where(found <= 1, found * (1 + 2 * U / alpha + 12 * U), torch.inf), "upper")
    if method == "exact":
        return leave(_exact(m, a, alpha, q, values.get("power")))
    z = _scipy(ndtri, 1 - alpha / 2) + (_scipy(ndtri, values["power"]) if "power" in values else 0.0)
    return leave(_normal(against, z * (effect / m).sqrt(), a, q))


def _normal(against: str, z: Tensor, a: Tensor, q: Tensor | None) -> Tensor:
    """The root of difference = z standard deviations of one item."""
    if against == "known":
        found, most = z * (a * (1 - a)).sqrt(), 1 - a
    elif against == "paired":
        found, most = z * (q / (1 + z * z)).sqrt(), q
    else:  # d^2 = z^2 (2 a (1 - a) + (1 - 2 a) d - d^2)
        b = z * z * (1 - 2 * a)
        found = (b + (b * b + 8 * (1 + z * z) * z * z * a * (1 - a)).sqrt()) / (2 * (1 + z * z))
        most = 1 - a
    return torch.where(found <= most, found, torch.inf)


def _exact(m: Tensor, a: Tensor, alpha: Tensor, q: Tensor | None, power: Tensor | None) -> Tensor:
    """The binomial test: of m items at success rate a, or of the q m items on which two models differ at 1/2."""
    # q m is right to 3 u, and a whole number must not become the next one
    trials, rate = (m, a) if q is None else ((q * m * (1 - 8 * U)).ceil(), torch.full_like(a, 0.5))

    def likely(count: Tensor) -> Tensor:  # P(Bin(trials, rate) >= count) > alpha/2, for counts from 1 to trials
        return _scipy(betainc, count, trials - count + 1, rate) > alpha / 2

    count = 1 + bisect(torch.zeros_like(m), trials + 1, likely, whole=True)[0]
    if power is None:
        reached = count / trials
    else:
        inside = count.minimum(trials)
        reached = _scipy(betaincinv, inside, trials - inside + 1, power)
    found = reached - a if q is None else (2 * reached - 1) * trials / m
    return torch.where(count <= trials, found.clamp(min=0), torch.inf)


def _check(name: str, method: str, against: str, values: dict[str, Tensor]) -> None:
    require_count(name, "items", values["items"])
    for argument in ("accuracy", "confidence"):
        require_share(name, argument, values[argument])
    effect = values["design_effect"]
    require(name, "design_effect", effect, effect >= 1, "at least 1")
    if "power" in values:
        power = values["power"]
        require(name, "power", power, (power >= 0.5) & (power < 1), "in [1/2, 1)")
    if "agreement" in values:
        agreement = values["agreement"]
        require(name, "agreement", agreement, (agreement >= 0) & (agreement < 1), "in [0, 1)")
    if method == "exact":
        if against == "independent":
            raise ValueError(f"{name}: the exact method is for against='known' or 'paired', got 'independent'")
        require(name, "design_effect", effect, effect == 1, "1 for the exact method, which takes independent items")
        require(name, "items", values["items"], values["items"] <= 1e9, "at most 10^9 for the exact method")


def _scipy(function: Callable, *values: Tensor) -> Tensor:
    """A special function that torch has not, elementwise."""
    return torch.as_tensor(function(*(value.cpu().numpy() for value in values))).to(values[0])
