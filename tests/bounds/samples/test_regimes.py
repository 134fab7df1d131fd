"""Each regime's numbers at 60 digits, their order and inverses, and the learners that fail, by exact binomials."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from precise import m
from scipy.stats import binom
from test_moments import precise_moment

from spacelib.bounds.samples.regimes import (
    NECESSARY_BOUNDS,
    REGIMES,
    SUFFICIENT_BOUNDS,
    attainable_gap,
    gap_factor,
    necessary_samples,
    required_samples,
)

gaps, levels = st.floats(1e-3, 0.45), st.floats(1e-6, 0.9)
complexities = st.one_of(st.just(0.0), st.floats(1e-6, 1e3))
COINS = ("averaged_almost_sure", "averaged_mean", "single_draw")
TINY = mpmath.mpf(2) ** -45


def arguments(regime: str, complexity=3.0, variance=2.0, chi_square=9.0, dimension=5) -> dict:
    everything = {"complexity": complexity, "variance": variance, "chi_square": chi_square, "dimension": dimension}
    return {"regime": regime} | {name: everything[name] for name in REGIMES[regime].takes}


def numerator(regime: str, bound: str, delta: float, values: dict) -> mpmath.mpf:
    """What n epsilon^2 has to reach, written out anew; the free constants from their stationary points."""
    d, k = m(delta), m(values.get("complexity", 0))
    if bound == "fixed_exponent":
        return (k + mpmath.log(2 / d)) / 2
    if (regime, bound) in (("averaged_almost_sure", "squared_gap"), ("averaged_mean", "squared_gap")):
        c = k - mpmath.log(d) if regime == "averaged_almost_sure" else k
        scale = 1 if regime == "averaged_almost_sure" else d
        if c == 0:
            return mpmath.mpf(1) / 4 / scale
        y = min(mpmath.sqrt(4 * c), mpmath.log1p(2 * c + mpmath.sqrt(4 * c)))
        for _ in range(12):  # Newton from above, quadratic
            y -= (mpmath.expm1(y) - y - 2 * c) / mpmath.expm1(y)
        return (c + y / 2) / (-2 * mpmath.expm1(-y)) / scale
    if bound == "markov_complexity":
        a = k / d
        eta = 1 + a / 2 - mpmath.sqrt(a + a * a / 4)
        rest = a / (1 - eta) if a else 0
        return (rest + mpmath.log(2 / (eta * d))) / 2
    if bound == "explicit":
        return (k / d + mpmath.log(2 / d) + 1) / 2
    if bound == "chebyshev":
        return m(values["variance"]) * (1 + m(values["chi_square"])) / d
    assert bound == "union"
    return 2 * (m(values["dimension"]) * mpmath.log(2) + mpmath.log(2 / d))


CLOSED = [(regime, bound) for regime, bounds in SUFFICIENT_BOUNDS.items() for bound in bounds
          if bound not in ("maurer", "change_of_measure", "median_of_means")]


@pytest.mark.oracle
@pytest.mark.parametrize(("regime", "bound"), CLOSED)
@settings(max_examples=20)
@given(gaps, levels, complexities, st.floats(0.1, 50), st.integers(1, 10**6))
def test_enough_samples_and_their_gap_at_sixty_digits(regime, bound, epsilon, delta, complexity, variance, n):
    values = arguments(regime, complexity, variance, complexity)
    exact = numerator(regime, bound, delta, values)
    found = required_samples(epsilon, delta, bound=bound, **values)
    root = exact / m(epsilon) ** 2
    assert mpmath.ceil(root) <= found <= mpmath.ceil(root * (1 + TINY))
    gap = attainable_gap(n, delta, bound=bound, **values)
    root = mpmath.sqrt(exact / n)
    bounded = not regime.startswith("finite_variance")
    assert root <= m(gap) <= root * (1 + TINY) if root < 1 - TINY or not bounded else gap == 1 or m(gap) >= root


@pytest.mark.oracle
@settings(max_examples=30)
@given(gaps, st.floats(1e-3, 0.9), st.floats(1e-6, 20))
def test_a_single_draw_at_sixty_digits(epsilon, delta, complexity):
    """n is enough where kl(delta, 2 e^(-2 n eps^2)) >= K; 2 samples fewer are not, up to rounding."""
    n = required_samples(epsilon, delta, complexity, regime="single_draw", bound="change_of_measure")

    def divergence(samples):
        d, q = m(delta), 2 * mpmath.exp(-2 * samples * m(epsilon) ** 2)
        if q >= d:
            return mpmath.mpf(-1)
        return d * mpmath.log(d / q) + (1 - d) * mpmath.log((1 - d) / (1 - q))

    k, explicit = m(complexity), numerator("single_draw", "explicit", delta, {"complexity": complexity}) / m(epsilon) ** 2
    below_range = delta * 700 < complexity  # the root underflows, and a bound of it stands there
    assert divergence(n) >= k
    assert n <= mpmath.ceil(explicit * (1 + TINY))
    assert below_range or divergence(mpmath.floor(n * (1 - TINY)) - 1) < k


@pytest.mark.oracle
@settings(max_examples=25)
@given(st.floats(0.05, 0.45), levels, st.floats(0, 20))
def test_maurers_bound_at_sixty_digits(epsilon, delta, complexity):
    n = required_samples(epsilon, delta, complexity, regime="averaged_almost_sure", bound="maurer")

    def enough(samples):
        return 2 * samples * m(epsilon) ** 2 >= m(complexity) + mpmath.log(precise_moment(int(samples)) / m(delta))

    assert enough(n) and (n <= 2 or not enough(n - 2))  # a step of the ceiling may cost one sample
    gap = attainable_gap(n, delta, complexity, regime="averaged_almost_sure", bound="maurer")
    assert m(gap) <= m(epsilon) * (1 + TINY)


@pytest.mark.oracle
@settings(max_examples=30)
@given(st.floats(1e-2, 10), levels, complexities, st.floats(0.1, 50))
def test_median_of_means_at_sixty_digits(epsilon, delta, complexity, variance):
    blocks = max(1, mpmath.ceil((m(complexity) - mpmath.log(m(delta))) * mpmath.mpf(9) / 2))
    size = max(1, mpmath.ceil(6 * m(variance) / m(epsilon) ** 2))
    options = arguments("finite_variance_median_of_means", complexity, variance)
    n = required_samples(epsilon, delta, **options)
    assert n == blocks * size
    assert attainable_gap(n, delta, **options) <= epsilon * (1 + 1e-14)
    assert attainable_gap(n + 1, delta, **options) <= epsilon * (1 + 1e-14)
    if n > blocks:
        assert attainable_gap(n - 1, delta, **options) > epsilon
    assert blocks == 1 or attainable_gap(int(blocks) - 1, delta, **options) == math.inf


def exponent(n: int, epsilon: float) -> mpmath.mpf:
    """E(n) at 60 digits, or infinity."""
    k = mpmath.floor(n * (mpmath.mpf(1) / 2 - m(epsilon)))
    if k < 1:
        return mpmath.inf
    q = k / n
    return n * (q * mpmath.log(2 * q) + (1 - q) * mpmath.log(2 * (1 - q))) + mpmath.log(2 * n) / 2


@pytest.mark.oracle
@settings(max_examples=30)
@given(st.floats(1e-3, 0.6), levels, complexities, st.sampled_from(COINS))
def test_what_is_necessary_with_coins_at_sixty_digits(epsilon, delta, complexity, regime):
    """One sample fewer breaks the printed condition; a tenth more (and four for the steps of floor) does not."""
    d, k = m(delta), m(complexity)
    for bound in NECESSARY_BOUNDS[regime]:
        if bound == "one_hypothesis":
            budget = -mpmath.log(d)
        elif bound == "many_hypotheses":
            budget = mpmath.log(mpmath.floor(mpmath.exp(k))) + mpmath.log((1 - d) / d)
        elif bound == "memoriser":
            offers = [(-mpmath.expm1(-c)) * k / d - mpmath.log1p(c) for c in (1, 1.5, 2, 3, 4, 5, 7, 10) if d < -mpmath.expm1(-c)]
            budget = max(offers, default=-mpmath.inf)
        else:
            n = int(necessary_samples(epsilon, delta, complexity, regime=regime, bound=bound)) - 1
            if n > 0:  # 16 delta n gap^2 < K and 4 n gap^2 >= ln(n + 1) + 1/2 at the next gap that a count has
                square = n * (mpmath.mpf(1) / 2 - mpmath.floor(n * (mpmath.mpf(1) / 2 - m(epsilon))) / n) ** 2
                assert 16 * d * square < k and 4 * square >= mpmath.log(n + 1) + 0.5 and d <= 0.5
            continue
        n = necessary_samples(epsilon, delta, complexity, regime=regime, bound=bound)
        assert n == 0 or exponent(int(n) - 1, epsilon) < budget
        enough = int(1.1 * max(n, 1 / (0.5 - epsilon) if epsilon < 0.5 else 1)) + 4 + int(4 / epsilon)
        assert exponent(enough, epsilon) >= budget * (1 - TINY)


@pytest.mark.oracle
@settings(max_examples=30)
@given(st.floats(1e-3, 0.9), st.floats(1e-6, 0.6), st.floats(0, 1e4), st.floats(0.1, 50), st.integers(1, 1000))
def test_the_other_necessary_numbers_at_sixty_digits(epsilon, delta, chi_square, variance, dimension):
    e, d = m(epsilon), m(delta)

    def holds(found, root):
        assert found <= mpmath.ceil(root) and found >= mpmath.ceil(root * (1 - TINY))

    rate = 1 - (1 - d) ** (1 / mpmath.floor(1 + m(chi_square)))
    found = necessary_samples(epsilon, delta, **arguments("finite_variance_empirical_mean", None, variance, chi_square))
    if rate > mpmath.exp(-1):
        assert found == 0
    elif rate < mpmath.exp(-1) * (1 - TINY):  # at 1/e two roots meet
        root = m(variance) / (e**2 * -mpmath.lambertw(-rate).real)
        assert found <= mpmath.ceil(root) and found >= mpmath.floor(root * (1 - mpmath.mpf(2) ** -24))
    found = necessary_samples(epsilon, delta, **arguments("finite_variance_median_of_means", 3.0, variance))
    root = m(variance) * 2 * mpmath.erfinv(1 - d) ** 2 / e**2
    assert found <= mpmath.ceil(root) and found >= mpmath.floor(root * (1 - mpmath.mpf(2) ** -36))

    expected = {
        "two_point": max(mpmath.mpf(0), -mpmath.log(4 * d) / -mpmath.log1p(-(e**2))),
        "two_point_divergence": max(mpmath.mpf(0), (1 - 2 * d) * mpmath.log((1 - d) / d)) / (2 * e * mpmath.atanh(e)) if d < 0.5 else 0,
        "assouad": dimension / (512 * e**2) if d < mpmath.mpf(1) / 16 and e <= mpmath.mpf(1) / 32 else 0,
        "assouad_divergence": dimension / (32 * e * mpmath.atanh(8 * e)) if d < mpmath.mpf(1) / 7 and e < mpmath.mpf(1) / 8 else 0,
    }
    for bound, root in expected.items():
        holds(necessary_samples(epsilon, delta, regime="learning_minimax", dimension=dimension, bound=bound), root)


@pytest.mark.property
@pytest.mark.parametrize("regime", REGIMES)
def test_order(regime):
    """What is necessary is below what is enough; both grow as epsilon or delta falls, or complexity grows."""
    generator = torch.Generator().manual_seed(2)

    def draw(low, high):
        return low * (high / low) ** torch.rand(300, generator=generator, dtype=torch.float64)

    epsilon, delta, complexity, factor = draw(1e-3, 0.45), draw(1e-6, 0.9), draw(1e-4, 1e3), draw(1.0, 3.0)
    options = arguments(regime, complexity, chi_square=complexity)
    more = arguments(regime, complexity * factor, chi_square=complexity * factor)
    enough = required_samples(epsilon, delta, **options)
    needed = necessary_samples(epsilon, delta, **options)
    assert bool((needed <= enough).all()) and bool((needed > 0).any())
    assert torch.equal(gap_factor(epsilon, delta, **options), enough / needed)
    slack = 1 + 1e-12
    for harder in ((epsilon / factor, delta, options), (epsilon, delta / factor, options), (epsilon, delta, more)):
        assert bool((required_samples(*harder[:2], **harder[2]) >= enough / slack - 1).all())
    gap = attainable_gap(enough, delta, **options)
    assert bool((gap <= epsilon * slack).all())
    inside = gap < 1
    inner = {name: value[inside] if isinstance(value, torch.Tensor) else value for name, value in options.items()}
    assert bool((required_samples(gap[inside], delta[inside], **inner) <= enough[inside] * slack + 1).all())
    assert bool((attainable_gap(4 * enough, delta, **options) <= gap / 2 * slack).all())


@pytest.mark.property
@pytest.mark.parametrize("regime", COINS)
def test_the_best_bound_is_the_least(regime):
    epsilon, delta, k = torch.meshgrid(torch.tensor([0.01, 0.1, 0.3]), torch.tensor([1e-4, 0.05, 0.5]), torch.tensor([0.0, 0.2, 5.0, 100.0]), indexing="ij")
    epsilon, delta, k = epsilon.double(), delta.double(), k.double()
    best = required_samples(epsilon, delta, k, regime=regime)
    named = torch.stack([required_samples(epsilon, delta, k, regime=regime, bound=b) for b in SUFFICIENT_BOUNDS[regime]])
    assert torch.equal(best, named.amin(0))
    necessary = torch.stack([necessary_samples(epsilon, delta, k, regime=regime, bound=b) for b in NECESSARY_BOUNDS[regime]])
    assert torch.equal(necessary_samples(epsilon, delta, k, regime=regime), necessary.amax(0))


@pytest.mark.parametrize("regime", REGIMES)
def test_kinds_go_in_and_come_out(regime):
    options = arguments(regime)
    delta = np.array([0.1, 0.01])
    found = required_samples(0.2, delta, **options)
    assert isinstance(found, np.ndarray) and found.tolist() == [required_samples(0.2, d, **options) for d in (0.1, 0.01)]
    for function, first in ((required_samples, 0.25), (attainable_gap, 100), (necessary_samples, 0.25), (gap_factor, 0.25)):
        single = function(first, torch.tensor([0.125, 0.0625]), **options)
        double = function(first, torch.tensor([0.125, 0.0625]).double(), **options)
        assert single.dtype == torch.float32 and torch.allclose(single.double(), double, rtol=1e-6)
        assert isinstance(function(first, 0.125, **options), float)


# -- the attacks: exact failures by binomials -----------------------------------------------------------------------


@pytest.mark.property
@pytest.mark.parametrize("delta", [0.5, 0.1, 0.01])
def test_one_coin_keeps_every_promise(delta):
    """One hypothesis, K = 0: exact failures at the gap that n samples are said to hold."""
    for n in (1, 2, 5, 10, 20, 40, 80):
        k = np.arange(n + 1)[:, None]
        p = np.linspace(0.01, 0.99, 50)
        mass = binom.pmf(k, n, p)
        for regime in COINS:
            for bound in SUFFICIENT_BOUNDS[regime]:
                gap = attainable_gap(n, delta, 0.0, regime=regime, bound=bound)
                assert np.where(np.abs(k / n - p) >= gap, mass, 0).sum(0).max() <= delta


def fails_one_sided(n: int, epsilon: float) -> float:
    """P(gap >= epsilon) of one fair coin: at most floor(n (1/2 - epsilon)) ones."""
    return float(binom.cdf(math.floor(n * (0.5 - epsilon) * (1 - 4 * 2.0**-53)), n, 0.5))


@pytest.mark.property
@pytest.mark.parametrize("epsilon", [0.05, 0.1, 0.25])
@pytest.mark.parametrize("delta", [0.2, 0.01])
def test_the_learners_of_the_lower_bounds_do_fail(epsilon, delta):
    """With one sample fewer than necessary: the coins' exact failure is above delta, within the budget of KL."""
    n = int(necessary_samples(epsilon, delta, 0.0, regime="averaged_almost_sure", bound="one_hypothesis")) - 1
    assert n == -1 or fails_one_sided(n, epsilon) > delta
    for k in (0.5, 2.0, 6.0):  # above that, probabilities underflow at delta = 1/100
        n = int(necessary_samples(epsilon, delta, k, regime="averaged_almost_sure", bound="many_hypotheses")) - 1
        if n > 0:  # floor(e^K) coins, the posterior on one with a gap: KL = ln N
            assert -np.expm1(math.floor(math.exp(k)) * np.log1p(-fails_one_sided(n, epsilon))) > delta
        for bound in ("memoriser", "coin_memoriser"):
            n = int(necessary_samples(epsilon, delta, k, regime="averaged_mean", bound=bound)) - 1
            if n > 0:
                log_p = binom.logcdf(math.floor(n * (0.5 - epsilon) * (1 - 4 * 2.0**-53)), n, 0.5)
                hits = np.linspace(0.1, 12, 200)  # mean number of coins with a gap
                log_coins, hit = np.logaddexp(np.log(hits) - log_p, 0), -np.expm1(-hits)
                assert (delta / hit * log_coins)[delta < hit].min() < k


def test_the_binomial_term_is_as_large_as_stirling_says():
    """C(n, k) 2^-n >= e^-E and >= e^(-4 n eps^2)/(n + 1), in integers, for n < 300."""
    for n in range(2, 300):
        k = np.arange(1, (n + 1) // 2)
        log = binom.logpmf(k, n, 0.5)
        q = k / n
        divergence = q * np.log(2 * q) + (1 - q) * np.log(2 * (1 - q))
        assert (log >= -n * divergence - math.log(2 * n) / 2 - 1e-11).all()
        assert (log >= -4 * n * (0.5 - q) ** 2 - math.log(n + 1) - 1e-11).all()


def test_memorising_attains_the_order_in_delta():
    """40 samples, gap 1/4, delta 1/10: mean KL 2.74, failure at least 2 (1 - 1/e) delta, and K/(16 eps^2 delta) = 27 <= 40."""
    n, epsilon, delta = 40, 0.25, 0.1
    log_coins = math.log(math.ceil((n + 1) * math.exp(4 * n * epsilon**2)))
    failure = 2 * delta * -math.expm1(math.exp(log_coins) * math.log1p(-float(binom.cdf(10, n, 0.5))))
    assert round(2 * delta * log_coins, 2) == 2.74
    assert failure > 2 * (1 - 1 / math.e) * delta > delta
    assert round(2 * delta * log_coins / (16 * epsilon**2 * delta)) == 27
    assert necessary_samples(epsilon, delta, 2.75, regime="averaged_mean") > 27


def test_theta_fails_where_kl_is_bounded_almost_surely():
    """The lower bound of averaged_mean is no lower bound of averaged_almost_sure: there fewer samples are enough."""
    delta = torch.logspace(-8, -3, 11, dtype=torch.float64)
    enough = required_samples(0.1, delta, 1.0, regime="averaged_almost_sure")
    assert bool((enough < necessary_samples(0.1, delta, 1.0, regime="averaged_mean")).all())
    ratio = enough / required_samples(0.1, delta, 1.0, regime="averaged_mean")
    assert bool((ratio.diff() > 0).all()) and ratio[0] < 1e-6
    # K = 1, delta = 1/100: (K + ln(sqrt(2)/delta))/eps^2 = 5.95/eps^2 is enough, K/(2 eps^2 delta) = 50/eps^2 is not necessary
    assert 1 + math.log(math.sqrt(2) / 0.01) == pytest.approx(5.95, abs=0.005)
    assert required_samples(0.1, 0.01, 1.0, regime="averaged_almost_sure", bound="squared_gap") <= 595 < 5000


def test_constants_of_the_orders():
    """As epsilon falls, with K/delta well above ln(n): K/(2 eps^2 delta) from both sides; ratio of the chi-square's to Chebyshev's near 1."""
    for regime in ("averaged_mean", "single_draw"):
        found = [f(1e-3, 1e-4, 10.0, regime=regime) * 2 * 1e-6 * 1e-4 / 10 for f in (necessary_samples, required_samples)]
        assert 0.999 < found[0] <= 1 <= found[1] < 1.001
    assert gap_factor(0.1, 0.01, regime="finite_variance_empirical_mean", variance=1.0, chi_square=0.0) == pytest.approx(1.01, abs=0.002)


def three_points(n, x):
    """P(|mean| >= epsilon) of n losses that are +-n epsilon with probability x/(2 n): more plus than minus signs, or fewer."""
    ones = binom.pmf(np.arange(n + 1), n, x / n)
    return sum(ones[j] * (1 - (binom.pmf(j // 2, j, 0.5) if j % 2 == 0 else 0)) for j in range(n + 1))


def test_three_points_are_as_bad_as_chebyshev():
    """x e^-x <= x (1 - x/n)^(n-1) <= P(|mean| >= eps) <= x; P >= x and atoms at +-eps alone are wrong."""
    for n in (1, 2, 5, 20, 100, 399):
        for x in (0.01, 0.1, 0.5, 1.0):
            single = x * (1 - x / n) ** (n - 1)
            failure = three_points(n, x)
            assert x * math.exp(-x) <= single <= failure * (1 + 1e-12) and failure <= x * (1 + 1e-12)
    assert round(0.1 * (1 - 0.1 / 50) ** 49, 4) == 0.0907 and three_points(50, 0.1) < 0.1
    delta, variance, epsilon = 0.05, 1.0, 0.1
    n = int(necessary_samples(epsilon, delta, regime="finite_variance_empirical_mean", variance=variance, chi_square=0.0)) - 1
    assert three_points(n, variance / (n * epsilon**2)) > delta
    n = int(required_samples(epsilon, delta, regime="finite_variance_empirical_mean", variance=variance, chi_square=0.0))
    assert three_points(n, variance / (n * epsilon**2)) <= delta


def test_kl_cannot_stand_for_chi_square():
    """100 three-point means: with sigma^2 (1 + ln 100)/(eps^2 delta) samples the largest fails far more often than delta."""
    delta, copies = 0.05, 100
    x = delta / (1 + math.log(copies))
    assert 1 - (1 - x * math.exp(-x)) ** copies > 0.5
    options = {"regime": "finite_variance_empirical_mean", "variance": 1.0, "chi_square": copies - 1.0}
    n = int(necessary_samples(1.0, delta, **options)) - 1
    assert 1 - (1 - (1 / n) * math.exp(-1 / n)) ** copies > delta
    assert n > copies / (2 * math.e * math.log(2) * delta) > 530
    assert round(1 - (1 - math.exp(-1 / 530) / 530) ** copies, 2) == 0.17


def test_the_median_of_means_and_the_block_that_is_too_small():
    """Block failure 1/6: the majority of 21 blocks fails with probability 1.9e-4 <= .01; with block failure 1/2, every other time."""
    delta = 0.01
    blocks = math.ceil(4.5 * math.log(1 / delta))
    assert blocks == 21
    assert binom.sf(blocks / 2 - 1e-9, blocks, 1 / 6) == pytest.approx(1.9e-4, rel=0.02)
    assert binom.sf(blocks / 2 - 1e-9, blocks, 1 / 2) >= 0.5
    options = arguments("finite_variance_median_of_means", 0.0, 1.0)
    assert required_samples(1.0, delta, **options) == 21 * 6
    t = np.linspace(0.01, 0.49, 4801)
    assert (1 / (2 * t * (0.5 - t) ** 2)).min() == pytest.approx(27, abs=1e-4)


def test_two_coins_cannot_be_told_apart_sooner():
    """The exact least largest error of any rule, against (1 - eps^2)^n/4; twice that constant's double is wrong at n = 1."""
    for n in range(1, 150, 7):
        for epsilon in (0.05, 0.2, 0.6):
            k = np.arange(n + 1)
            both = np.minimum(binom.pmf(k, n, (1 + epsilon) / 2), binom.pmf(k, n, (1 - epsilon) / 2)).sum() / 2
            assert both >= (1 - epsilon**2) ** n / 4
            delta = both * (1 - 1e-12)  # no rule has both errors at most delta
            assert required_samples(epsilon, delta, regime="learning_minimax", dimension=1) > n
            assert necessary_samples(epsilon, both, regime="learning_minimax", dimension=1) <= n + 1
    assert (1 - 0.2) / 2 < (1 - 0.2**2) / 2


def test_assouads_coins_by_enumeration():
    """d points, bias gamma = sqrt(d/(8 n)): the exact Bayes excess risk is at least the bound sqrt(d/n)/(8 sqrt 2)."""
    for d, n in ((1, 4), (4, 10), (20, 60), (50, 25)):
        gamma = math.sqrt(d / (8 * n))
        visits = np.arange(n + 1)
        error = np.array([np.minimum(binom.pmf(k := np.arange(v + 1), v, 0.5 + gamma), binom.pmf(k, v, 0.5 - gamma)).sum() / 2 for v in visits])
        excess = 2 * gamma * (binom.pmf(visits, n, 1 / d) * error).sum()
        assert excess >= 1.1 * math.sqrt(d / n) / (8 * math.sqrt(2))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: required_samples(0.1, 0.05, 1.0, regime="theta"), "regime must be one of averaged_almost_sure, .*, got 'theta'"),
        (lambda: required_samples(0.1, 0.05, 1.0, regime="single_draw", bound="maurer"), "bound must be one of change_of_measure, explicit in regime single_draw"),
        (lambda: required_samples(0.1, 0.05, regime="single_draw"), "regime single_draw needs complexity, got None"),
        (lambda: required_samples(0.1, 0.05, 1.0, regime="single_draw", variance=1.0), "regime single_draw takes complexity, and no variance"),
        (lambda: required_samples(1.0, 0.05, 1.0, regime="single_draw"), r"epsilon must be below 1 for losses in \[0, 1\], got 1.0"),
        (lambda: required_samples(0.0, 0.05, 1.0, regime="single_draw"), "epsilon must be above 0, got 0.0"),
        (lambda: required_samples(0.1, 1.0, 1.0, regime="single_draw"), r"delta must be in \(0, 1\), got 1.0"),
        (lambda: necessary_samples(0.1, 0.05, -1.0, regime="averaged_mean"), "complexity must be at least 0, got -1.0"),
        (lambda: attainable_gap(0, 0.05, 1.0, regime="averaged_mean"), "samples must be an integer of at least 1, got 0.0"),
        (lambda: required_samples(0.1, 0.05, regime="learning_minimax", dimension=2.5), "dimension must be an integer of at least 1, got 2.5"),
        (lambda: required_samples(0.1, 0.05, 1.0, regime="finite_variance_median_of_means", variance=0.0), "variance must be above 0, got 0.0"),
        (lambda: required_samples(0.1, [0.05], 1.0, regime="single_draw"), None),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(TypeError if message is None else ValueError, match=message):
        call()


@pytest.mark.property
@pytest.mark.parametrize("regime", REGIMES)
def test_no_corner_gives_nan(regime):
    """The least and largest numbers: what is enough may be infinite, what is necessary is finite and below it."""
    ends = [torch.tensor(values, dtype=torch.float64) for values in (
        [5e-324, 1e-200, 1e-17, 0.1, 0.5, 1 - 2**-53], [5e-324, 1e-16, 1 / 3, 0.5, 1 - 2**-53], [0, 5e-324, 1.0, 36, 37, 1e10, 1e300])]
    epsilon, delta, k = torch.meshgrid(*ends, indexing="ij")
    options = arguments(regime, k, torch.where(k == 0, 1e-300, k), k, k.ceil().clamp(min=1))
    enough, needed = (f(epsilon, delta, **options) for f in (required_samples, necessary_samples))
    assert not enough.isnan().any() and bool((enough >= 1).all())
    assert bool(((needed >= 0) & needed.isfinite() & (needed <= enough)).all())
    assert not gap_factor(epsilon, delta, **options).isnan().any()
    for samples in (1, 2**53, 10**300):
        gap = attainable_gap(float(samples), delta, **options)
        assert not gap.isnan().any() and bool((gap >= 0).all())
