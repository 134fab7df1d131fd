"""How many samples hold the gap between true and empirical risk within epsilon, with probability 1 - delta: by regime.

The order in delta depends on what is bounded and whose risk is meant, so the regime has no default. See `REGIMES`.
"""

from dataclasses import dataclass
from types import MappingProxyType

import torch
from torch import Tensor

from spacelib.bounds._border import Number, admit, require
from spacelib.bounds.samples._checks import U, require_count, require_positive, require_share, whole_above
from spacelib.bounds.samples._necessary import NECESSARY
from spacelib.bounds.samples._sufficient import NUMERATORS, block_gap, block_samples, blocks, chebyshev_samples


@dataclass(frozen=True)
class Regime:
    """The hypotheses of a regime in words, the order that they give, and the arguments that it takes."""

    loss: str
    bounded: str
    estimator: str
    risk: str
    order: str
    takes: tuple[str, ...]


_UNIT, _SPREAD = "in [0, 1]", "variance at most sigma^2 (under every hypothesis of the prior)"
REGIMES = MappingProxyType(
    {
        "averaged_almost_sure": Regime(
            _UNIT, "KL(Q||P) <= K for every sample", "empirical mean", "averaged over the posterior",
            "(K + ln(1/delta))/eps^2", ("complexity",),
        ),
        "averaged_mean": Regime(
            _UNIT, "the mean of KL(Q||P) over samples <= K", "empirical mean", "averaged over the posterior",
            "(K/delta + ln(1/delta))/eps^2", ("complexity",),
        ),
        "single_draw": Regime(
            _UNIT, "the mean of KL(Q||P) over samples <= K (or KL <= K for every sample)", "empirical mean",
            "of one model drawn from the posterior", "(K/delta + ln(1/delta))/eps^2", ("complexity",),
        ),
        "finite_variance_empirical_mean": Regime(
            _SPREAD, "chi^2(Q||P) <= chi_square for every sample", "empirical mean", "averaged over the posterior",
            "sigma^2 (1 + chi^2)/(eps^2 delta)", ("chi_square", "variance"),
        ),
        "finite_variance_median_of_means": Regime(
            _SPREAD, "ln(1/P(h)) <= K: the KL of the point mass on h, finitely or countably many h", "median of means",
            "of any one hypothesis, all at once", "sigma^2 (K + ln(1/delta))/eps^2", ("complexity", "variance"),
        ),
        "learning_minimax": Regime(
            "0 or 1", "nothing but the class: 2^d rules on d points",
            "any learner; empirical risk minimisation is enough", "excess over the best rule, in place of the gap",
            "(d + ln(1/delta))/eps^2", ("dimension",),
        ),
    }
)  # fmt: skip


def required_samples(
    epsilon: Number,
    delta: Number,
    complexity: Number | None = None,
    *,
    regime: str,
    bound: str | None = None,
    variance: Number | None = None,
    chi_square: Number | None = None,
    dimension: Number | None = None,
) -> Number:
    r"""Number of samples that is enough: from it on, P(gap >= epsilon) <= delta.

    .. math::
        \text{averaged\_almost\_sure:} \quad & n \ge \frac{K + \ln(2/\delta)}{2 \epsilon^2} \\
        \text{averaged\_mean:} \quad & n \ge \min_u \frac{K + \frac12 \ln\frac{1}{1-u}}{2 u \epsilon^2 \delta}, \quad
        n \ge \min_\eta \frac{\frac{K}{(1 - \eta) \delta} + \ln\frac{2}{\eta \delta}}{2 \epsilon^2} \\
        \text{single\_draw:} \quad & \mathrm{kl}(\delta, 2 e^{-2 n \epsilon^2}) \ge K, \quad
        n \ge \frac{K/\delta + \ln(2/\delta) + 1}{2 \epsilon^2} \\
        \text{finite\_variance\_empirical\_mean:} \quad & n \ge \frac{\sigma^2 (1 + \chi^2)}{\epsilon^2 \delta} \\
        \text{finite\_variance\_median\_of\_means:} \quad & n \ge k m, \quad
        k = \lceil 4.5 (K + \ln(1/\delta)) \rceil, \quad m = \lceil 6 \sigma^2 / \epsilon^2 \rceil \\
        \text{learning\_minimax:} \quad & n \ge \frac{2 (d \ln 2 + \ln(2/\delta))}{\epsilon^2}

    Parameters: epsilon, in (0, 1) for bounded losses, above 0 and in the loss's unit for others; delta in (0, 1);
    regime, a name in `REGIMES`, whose hypotheses stand there; what it takes: complexity K >= 0 nats, variance sigma^2
    > 0, chi_square >= 0, dimension d, an integer >= 1; bound, one of `SUFFICIENT_BOUNDS[regime]`, or None for the best
    of them. With averaged_almost_sure that is mostly `fixed_exponent`; it and `squared_gap` need K fixed before the
    data and hold for all posteriors of KL <= K at once, `maurer` also with each posterior's own KL in the place of K.
    Returns whole numbers of the broadcast shape, never below the exact ones; infinite above the range of the dtype.
    Assumes n independent samples and a prior P chosen before them; the gap is absolute, true less empirical risk: the
    theorems are of one sign, and hold for both at delta/2.
    Errors: ValueError for values outside these ranges, an unknown regime or bound, an argument that is missing or not
    the regime's.
    Source: Maurer 2004; Alquier and Guedj 2018; Lugosi and Mendelson 2019 (median of means); Shalev-Shwartz and
    Ben-David 2014 (learning).
    Implements :prf:ref:`thm-budget_everywhere`, :prf:ref:`thm-every_posterior`, :prf:ref:`thm-budget_in_mean`,
    :prf:ref:`thm-markov_budget`, :prf:ref:`thm-single_draw`, :prf:ref:`thm-chi_square_budget`,
    :prf:ref:`thm-median_of_means`.
    """
    given = {"complexity": complexity, "variance": variance, "chi_square": chi_square, "dimension": dimension}
    values, leave = _admit("required_samples", regime, bound, epsilon=epsilon, delta=delta, **given)
    return leave(_required(regime, bound, **values), "upper")


def attainable_gap(
    samples: Number,
    delta: Number,
    complexity: Number | None = None,
    *,
    regime: str,
    bound: str | None = None,
    variance: Number | None = None,
    chi_square: Number | None = None,
    dimension: Number | None = None,
) -> Number:
    r"""The gap that n samples hold: P(gap >= epsilon) <= delta. The inverse of `required_samples`.

    .. math:: \epsilon = \sqrt{A/n}, \qquad \text{required\_samples being } \lceil A/\epsilon^2 \rceil

    Parameters: samples n, integers >= 1; the others as there. For bounded losses at most 1, the trivial gap. For the
    median of means, k blocks of floor(n/k) samples; infinite where n < k. Returns gaps of the broadcast shape,
    rounded up.
    Assumptions, errors and source: as there.
    """
    given = {"complexity": complexity, "variance": variance, "chi_square": chi_square, "dimension": dimension}
    values, leave = _admit("attainable_gap", regime, bound, samples=samples, delta=delta, **given)
    n, names = values.pop("samples"), _chosen(SUFFICIENT_BOUNDS, regime, bound)
    if regime == "finite_variance_median_of_means":
        size = (n / blocks(values["delta"], values["complexity"])).floor()  # exact below 2^53
        return leave(block_gap(size, values["variance"]), "upper")
    found = [_numerator(regime, name, values, n) for name in names if name != "maurer" or bound == "maurer"]
    gap = (torch.stack(found).amin(0) / n).sqrt() * (1 + 4 * U)
    return leave(gap if regime.startswith("finite_variance") else gap.clamp(max=1), "upper")


def necessary_samples(
    epsilon: Number,
    delta: Number,
    complexity: Number | None = None,
    *,
    regime: str,
    bound: str | None = None,
    variance: Number | None = None,
    chi_square: Number | None = None,
    dimension: Number | None = None,
) -> Number:
    r"""Number of samples below which no guarantee of the regime starts: some problem and learner fail with n - 1.

    .. math::
        \text{averaged\_almost\_sure:} \quad & E(n) \ge \ln\frac{1}{\delta}, \quad
        E(n) \ge \ln\lfloor e^K \rfloor + \ln\frac{1-\delta}{\delta} \\
        \text{averaged\_mean, single\_draw:} \quad & E(n) \ge \ln\frac{1}{\delta}, \quad
        E(n) \ge (1 - e^{-m}) \frac{K}{\delta} - \ln(m + 1) \\
        \text{finite\_variance\_empirical\_mean:} \quad & n \ge \frac{\sigma^2}{\epsilon^2 x}, \quad
        x e^{-x} = 1 - (1 - \delta)^{1/\lfloor 1 + \chi^2 \rfloor}, \quad x \le 1 \\
        \text{finite\_variance\_median\_of\_means:} \quad & n \ge \sigma^2 \chi^2_{1; \delta}/\epsilon^2
        \quad (\text{any estimator, one hypothesis}) \\
        \text{learning\_minimax:} \quad & n \ge \frac{\ln\frac{1}{4\delta}}{-\ln(1 - \epsilon^2)}, \quad
        n \ge \frac{(1 - 2\delta) \ln\frac{1 - \delta}{\delta}}{2 \epsilon\, \mathrm{artanh}\,\epsilon}, \quad
        n \ge \frac{d}{512 \epsilon^2}, \quad n \ge \frac{d}{32 \epsilon\, \mathrm{artanh}(8 \epsilon)}

    with E(n) = n kl(k/n, 1/2) + ln(2 n)/2, k = floor(n (1/2 - epsilon)) >= 1. Parameters: as in `required_samples`;
    bound, one of `NECESSARY_BOUNDS[regime]`, or None for the best. Returns whole numbers of the broadcast shape, never
    above the exact ones; 0 where nothing is claimed: epsilon >= 1/2 in the coins' regimes, delta above the 1/e, 1/4,
    1/7 or 1/16 and epsilon above the 1/8 or 1/32 that a construction needs. The lower bounds are uniform over
    problems and learners of the regime, and say nothing of one fixed learner. In averaged_mean and single_draw the
    problem may depend on n.
    Errors: as there.
    Source: Bassily et al. 2018 (memoriser); Catoni 2012, Proposition 6.2 (three points); Anthony and Bartlett 1999.
    Implements :prf:ref:`thm-memoriser_fails`, :prf:ref:`thm-drawn_fails`, :prf:ref:`thm-outlier_level`,
    :prf:ref:`thm-many_outliers`, :prf:ref:`thm-two_coins_samples`, :prf:ref:`thm-assouad`.
    """
    given = {"complexity": complexity, "variance": variance, "chi_square": chi_square, "dimension": dimension}
    values, leave = _admit("necessary_samples", regime, bound, NECESSARY_BOUNDS, epsilon=epsilon, delta=delta, **given)
    return leave(_necessary(regime, bound, values), "lower")


def gap_factor(
    epsilon: Number,
    delta: Number,
    complexity: Number | None = None,
    *,
    regime: str,
    variance: Number | None = None,
    chi_square: Number | None = None,
    dimension: Number | None = None,
) -> Number:
    r"""How much more is enough than is necessary: what the theorems of a regime leave open.

    .. math:: \frac{n_{\text{required}}}{n_{\text{necessary}}} \ge 1

    Parameters: as in `required_samples`. Returns factors of the broadcast shape, infinite where nothing is claimed to
    be necessary. Errors: as there.
    """
    given = {"complexity": complexity, "variance": variance, "chi_square": chi_square, "dimension": dimension}
    values, leave = _admit("gap_factor", regime, None, epsilon=epsilon, delta=delta, **given)
    return leave(_required(regime, None, **values) / _necessary(regime, None, values), "upper")


SUFFICIENT_BOUNDS = MappingProxyType({regime: tuple(bounds) for regime, bounds in NUMERATORS.items()})
NECESSARY_BOUNDS = MappingProxyType({regime: tuple(bounds) for regime, bounds in NECESSARY.items()})


def _required(regime: str, bound: str | None, *, epsilon: Tensor, **values: Tensor) -> Tensor:
    if regime == "finite_variance_median_of_means":
        return blocks(values["delta"], values["complexity"]) * block_samples(epsilon, values["variance"])
    names = _chosen(SUFFICIENT_BOUNDS, regime, bound)
    found = [_enough(regime, name, epsilon, values) for name in names if name != "maurer" or bound == "maurer"]
    return torch.stack(found).amin(0)


def _necessary(regime: str, bound: str | None, values: dict[str, Tensor]) -> Tensor:
    found = [NECESSARY[regime][name](**values) for name in _chosen(NECESSARY_BOUNDS, regime, bound)]
    return torch.stack(found).amax(0)


def _numerator(regime: str, name: str, values: dict[str, Tensor], samples: Tensor) -> Tensor:
    """What n epsilon^2 has to reach; `maurer`'s depends on n."""
    extra = {"samples": samples} if name == "maurer" else {}
    return NUMERATORS[regime][name](**values, **extra)


def _enough(regime: str, name: str, epsilon: Tensor, values: dict[str, Tensor]) -> Tensor:
    """The least whole number that a bound allows, or one a little above it."""
    if name == "chebyshev":
        return chebyshev_samples(epsilon, **values)
    if name != "maurer":
        return whole_above(_numerator(regime, name, values, epsilon) / epsilon / epsilon, 4).clamp(min=1)
    # A sufficient n to start with; then n >= A(n)/eps^2 =: g(n), increasing, so that ceil(g(n)) <= n is sufficient too.
    k, delta = values["complexity"], values["delta"]
    n = whole_above((k - torch.log(delta) + torch.log(2**0.5 / epsilon)) / epsilon / epsilon, 16)
    for _ in range(100):
        lower = whole_above(_numerator(regime, name, values, n) / epsilon / epsilon, 4)
        if bool((lower >= n).all()):
            break
        n = torch.minimum(n, lower)
    return n


def _admit(function: str, regime: str, bound: str | None, table=None, **arguments: Number | None):
    if regime not in REGIMES:
        raise ValueError(f"{function}: regime must be one of {', '.join(REGIMES)}, got {regime!r}")
    known = (table or SUFFICIENT_BOUNDS)[regime]
    if bound is not None and bound not in known:
        raise ValueError(f"{function}: bound must be one of {', '.join(known)} in regime {regime}, got {bound!r}")
    for name in ("complexity", "variance", "chi_square", "dimension"):
        takes = name in REGIMES[regime].takes
        if takes and arguments[name] is None:
            raise ValueError(f"{function}: regime {regime} needs {name}, got None")
        if not takes and arguments.pop(name) is not None:
            raise ValueError(f"{function}: regime {regime} takes {', '.join(REGIMES[regime].takes)}, and no {name}")
    values, leave = admit(function, **arguments)
    values = dict(zip(arguments, values, strict=True))
    require_share(function, "delta", values["delta"])
    if "epsilon" in values:
        require_positive(function, "epsilon", values["epsilon"])
        if not regime.startswith("finite_variance"):
            require(function, "epsilon", values["epsilon"], values["epsilon"] < 1, "below 1 for losses in [0, 1]")
    for name, condition in (("complexity", True), ("chi_square", True), ("variance", False)):
        if name in values:
            require_positive(function, name, values[name], or_zero=condition)
    for name in ("samples", "dimension"):
        if name in values:
            require_count(function, name, values[name])
    return values, leave


def _chosen(table, regime: str, bound: str | None) -> tuple[str, ...]:
    return table[regime] if bound is None else (bound,)
