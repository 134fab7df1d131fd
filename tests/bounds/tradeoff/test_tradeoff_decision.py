"""The certified decision, never wrong while intervals hold; the exact interval of the linear model's crossover."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from scipy.stats import chi2

from spacelib.bounds import tradeoff as room

CURVES = {
    "line": lambda n, a, b: a + b / (n - 6),  # what is assumed with a known offset of 6
    "convex": lambda n, a, b: a + b * np.exp(-n / 40) + b / n,
    "monotone": lambda n, a, b: a + b * (n < 40) / 20 + b / n,  # a step: not convex
}


@pytest.mark.coverage
@pytest.mark.parametrize("shape", sorted(CURVES))
def test_no_verdict_is_wrong_while_the_intervals_hold(shape):
    random, curve = np.random.default_rng(1), CURVES[shape]
    asked = np.array([7, 10, 20, 39, 41, 80, 160, 320, 10_000.0])
    options = {"line": {"convex": True, "offset": 6}, "convex": {"convex": True}, "monotone": {}}[shape]
    decided = finite = always = 0
    for _ in range(500):
        sizes = np.sort(random.choice(np.arange(7, 300), random.integers(1, 5), replace=False))
        a, b = random.random(), 10.0 ** random.uniform(-1, 2)
        truth = curve(np.exp(random.uniform(np.log(7), 8)), a, b) if random.random() < 0.7 else a * random.random()
        risks = np.append(curve(sizes, a, b), truth)
        width, place = 10.0 ** random.uniform(-4, -1) * b / 20, random.random(len(risks))
        low, high = risks - width * place, risks + width * (1 - place)
        found = room.decide(sizes, low[:-1], high[:-1], low[-1], high[-1], at=asked, **options)
        assert found.regime != "no such curve"
        gap = curve(asked, a, b) - truth
        for side, verdict in zip(gap, found.verdicts, strict=True):
            if abs(side) > 1e-12 * (truth + b):
                assert verdict in ("undecided", "explicit" if side > 0 else "implicit"), (side, found)
                decided += verdict != "undecided"
        crosses = curve(1e12, a, b) < truth
        assert crosses or found.regime != "finite"
        assert not crosses or found.regime != "explicit always"
        finite, always = finite + (found.regime == "finite"), always + (found.regime == "explicit always")
        if shape == "line":
            crossover = 6 + b / (truth - a) if truth > a else math.inf
            assert found.low <= crossover * (1 + 1e-9) and crossover <= found.high * (1 + 1e-9)
    assert decided > 0.4 * 500 * len(asked) and finite > 100 and (always > 0) == (shape == "line")


def test_each_rule_speaks_where_it_must():
    n = np.array([20.0, 40.0, 80.0])
    risks = 0.9 + 3 / (n - 6)  # crosses 1.0 at 36
    low, high = risks - 0.005, risks + 0.005
    asked = [7, 20, 30, 33, 36, 39, 60, 1000]
    plain = room.decide(n, low, high, 1.0, 1.0, at=asked)
    assert plain.verdicts == ("explicit",) * 2 + ("undecided",) * 4 + ("implicit",) * 2
    assert (plain.low, plain.high, plain.regime) == (20, 40, "finite")
    line = room.decide(n, low, high, 1.0, 1.0, at=asked, offset=6)
    assert line.rules[:2] == ("monotone",) * 2 and line.verdicts[2:5] == ("explicit", "explicit", "undecided")
    assert line.rules[2] == "line" and line.rules[4] == "none" and 33 < line.low < 36 < line.high < 40
    convex = room.decide([10, 20], [1.75, 1.5], [2.0, 1.75], 0.875, 1.0, at=[20, 29, 30, 40], convex=True)
    # from 20 on at least 1.5 - (n - 20)/20: above 1 until 30
    assert convex.verdicts == ("explicit", "explicit", "undecided", "undecided")
    assert convex.rules[:2] == ("monotone", "convex") and convex.low == 30
    assert convex.high == math.inf and convex.regime == "undecided"


def test_the_regimes_of_the_line_are_those_of_the_floor():
    """a in [(x1 L2 - x2 U1)/(x1 - x2), (x1 U2 - x2 L1)/(x1 - x2)], the prose's two numbers."""
    c, sizes, low, high = 6, [10, 26], [1.4, 1.04], [1.5, 1.06]
    x1, x2 = 1 / (10 - c), 1 / (26 - c)
    least, most = (x1 * 1.04 - x2 * 1.5) / (x1 - x2), (x1 * 1.06 - x2 * 1.4) / (x1 - x2)

    def regime(explicit_low, explicit_high):
        return room.decide(sizes, low, high, explicit_low, explicit_high, offset=c).regime

    assert regime(0.5, least - 1e-9) == "explicit always"
    assert regime(0.5, least + 1e-9) == "undecided"
    assert regime(most + 1e-9, 2) == "finite" and regime(most - 1e-9, 2) == "undecided"


def test_intervals_that_no_curve_meets():
    rising = room.decide([10, 20], [1.0, 2.0], [1.1, 2.1], 0.5, 0.6)
    assert rising.regime == "no such curve" and rising.verdicts == ("undecided",) * 2 and rising.rules == ("none",) * 2
    bent = dict(sizes=[10, 20, 30], low=[1.0, 0.9, 0.2], high=[1.05, 0.95, 0.3], explicit_low=0.5, explicit_high=0.6)
    assert room.decide(**bent).regime == "finite"
    assert room.decide(**bent, convex=True).regime == "no such curve"
    low_risk = bent | dict(explicit_low=0.01, explicit_high=0.02)  # no verdicts contradict each other
    assert room.decide(**low_risk).regime == "undecided"
    assert room.decide(**low_risk, convex=True).regime == "no such curve"
    n = np.array([20.0, 40, 80])
    steep = 0.5 + 10 / n**2  # convex and falling, but no line in 1/(n - 6)
    fine = room.decide(n, steep - 1e-6, steep + 1e-6, 0.55, 0.55, convex=True)
    assert fine.regime != "no such curve"
    assert room.decide(n, steep - 1e-6, steep + 1e-6, 0.55, 0.55, offset=6).regime == "no such curve"


def test_a_verdict_is_never_owed_to_rounding():
    """0.1 + 0.2 is above 0.3 among floats: the intervals are compared as the numbers that they are."""
    third = 0.1 + 0.2
    found = room.decide([10], [third], [third], 0.3, 0.3)
    assert Fraction(third) > Fraction(0.3) and found.verdicts == ("explicit",)
    assert room.decide([10], [0.3], [0.3], 0.3, 0.3).verdicts == ("undecided",)
    tie = room.decide([10, 20], [0.3, 0.3], [0.4, 0.4], 0.4, 0.5, convex=True)
    assert tie.verdicts == ("undecided",) * 2


def test_frames_in_the_place_of_samples():
    """E(K) = 0.1 + 1/K against a constant implicit risk of 0.35: the explicit side needs K* = 4."""
    k = np.array([1.0, 2, 8])
    risks = 0.1 + 1 / k
    found = room.decide(k, risks - 0.01, risks + 0.01, 0.34, 0.36, at=[1, 3, 5, 8], offset=0)
    assert found.low < 4 < found.high and found.verdicts == ("explicit", "explicit", "implicit", "implicit")


def drawn_sets(seed, runs, n, d, m, noise, bias, e, delta=0.05):
    """Intervals from so many data sets, and the true crossover."""
    random = np.random.default_rng(seed)
    rss, total = (bias + noise) * random.chisquare(n - d, runs), (e + noise) * random.chisquare(m, runs)
    return room.crossover_interval(rss, n, d, total, m, delta), room.crossover_samples(e, d, noise, bias)




@pytest.mark.coverage
@pytest.mark.parametrize(
    ("n", "bias", "e"), [(60, 0.3, 0.5), (60, 0.3, 0.9), (600, 0.3, 0.5), (60, 0.6, 0.4), (600, 0.6, 0.3)]
)
def test_the_chi_square_interval_covers(n, bias, e):
    """Failures, false regimes, wrong sides: binomial at no more than delta = 0.05, and 4.5 standard errors."""
    runs = 20_000
    found, truth = drawn_sets(n, runs, n, 5, 400, 0.5, bias, e)
    allowed = 0.05 + 4.5 * math.sqrt(0.05 * 0.95 / runs)
    assert ((found.low > truth) | (found.high < truth)).mean() <= allowed
    assert (found.regime == (-1 if truth == math.inf else 1)).mean() <= allowed
    assert (found.verdict(30) == (-1 if truth > 30 else 1)).mean() <= allowed


@pytest.mark.coverage
def test_the_chi_square_interval_abstains_where_data_are_few_and_excludes_the_wrong_formula():
    """E = 0.5 against b = 0.3: at n = 60 most data sets do not prove that a crossover exists, at 60,000 all do."""
    few, many = (drawn_sets(3, 2_000, n, 5, m, 0.5, 0.3, 0.5)[0] for n, m in ((60, 400), (60_000, 60_000)))
    assert (few.regime == 0).mean() > 0.5 and (many.regime == -1).all()
    found, truth = drawn_sets(4, 2_000, 6_000, 5, 40_000, 0.5, 1.0, 1.5)
    wrong = 6 + 0.5 * 5 / (1.5 - 1.0)  # sigma^2 in the place of sigma^2 + b
    assert truth == 21 and ((found.low > wrong) | (found.high < wrong)).mean() > 0.99
    narrow = drawn_sets(5, 20_000, 60, 5, 10**9, 0.5, 0.3, 0.9)
    tight = ((narrow[0].low > narrow[1]) | (narrow[0].high < narrow[1])).mean()
    assert tight > 0.025 - 4.5 * math.sqrt(0.025 / 20_000)  # tau's half of delta is spent in full, where E' is known


@pytest.mark.oracle
def test_the_interval_by_the_quantiles_of_scipy():
    rss, n, d, total, m, delta = 50.0, 60, 5, 900.0, 400, 0.04
    found = room.crossover_interval(rss, n, d, total, m, delta)
    tails = (1 - delta / 4, delta / 4)
    tau, risk = rss / chi2.ppf(tails, n - d), total / chi2.ppf(tails, m)
    low, high = (6 + own * d / (other - own) for own, other in zip(tau, risk[::-1], strict=True))
    assert found.low == pytest.approx(low, rel=1e-9) and found.low < low
    assert found.high == pytest.approx(high, rel=1e-9) and found.high > high


def test_the_chi_square_law_of_residuals():
    """RSS of real least squares, with what is unseen acting as noise."""
    generator = torch.Generator().manual_seed(2)
    n, d, tau, runs = 20, 5, 1.49, 10_000
    x = torch.randn(runs, n, d, generator=generator, dtype=torch.float64)
    y = math.sqrt(tau) * torch.randn(runs, n, generator=generator, dtype=torch.float64)
    q, _ = torch.linalg.qr(x)
    rss = (y * y).sum(-1) - ((q.mT @ y[..., None])[..., 0] ** 2).sum(-1)
    error = tau * math.sqrt(2 * (n - d) / runs)
    assert abs(rss.mean() - tau * (n - d)) < 4.5 * error
    found = room.crossover_interval(rss, n, d, 1e9, 10**9, 0.1)  # E' = 1 known: tau's interval alone
    assert ((found.low == math.inf) == (found.regime == 1)).all()


def test_identical_laws_of_the_data_with_opposite_verdicts():
    """Only sigma^2 + b shows in the implicit side's data: the risk E = 1 crosses or never does."""
    tau, e, d = 1.5, 1.0, 5
    assert room.crossover_samples(e, d, tau, 0.0) == d + 1 + tau * d / e
    assert room.crossover_samples(e, d, 0.0, tau) == math.inf
    for crossover in (8.0, 50.0, 1e6):  # and any number is realised
        assert room.crossover_samples(e, d, e * (crossover - d - 1) / d, 0.0) == pytest.approx(crossover, rel=1e-12)


def test_labels_noise_cancels():
    e, d, s, b = 1.0, 5, 0.7, 0.3
    tau, noisy = s + b, e + s
    assert room.crossover_samples(e, d, s, b) == pytest.approx(d + 1 + tau * d / (noisy - tau), rel=1e-14)
    assert d + 1 + s * d / (noisy - tau) != pytest.approx(room.crossover_samples(e, d, s, b), rel=1e-2)
