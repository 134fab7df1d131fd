"""Certificates of two steps or of mixtures, against 60 digits of the whole: every rounding is to the same side."""

import mpmath
import numpy as np
import pytest
from exact_risks import U, first, m, risks, second, shares, sizes

from spacelib.bounds.transfer.composed import transfer_certificate
from spacelib.bounds.transfer.disagreement import disagreement_certificate
from spacelib.bounds.transfer.weights import random_size_certificate, stratified_certificate

NUMBER = 8


def arguments(seed: int):
    random = np.random.default_rng(seed)
    return random, risks(random, NUMBER), sizes(random, NUMBER, most=1e4), shares(random, NUMBER)


def cost(complexity, samples, delta) -> mpmath.mpf:
    return (m(complexity) + mpmath.log(2 * mpmath.sqrt(m(samples)) / m(delta))) / m(samples)


def rows(*columns):
    return zip(*(column.tolist() for column in columns), strict=True)


@pytest.mark.oracle
def test_the_certificate_under_shift():
    random, q, k, delta = arguments(1)
    n, kappa = 10.0 ** random.uniform(0, 6, NUMBER), sizes(random, NUMBER)
    found = transfer_certificate(q, k, n, delta, kappa, constant="sqrt")
    for risk, complexity, samples, share, shift, bound in rows(q, k, n, delta, kappa, found):
        step = second(m(risk), cost(complexity, samples, share))
        assert bound >= first(step, m(shift)) * (1 - mpmath.mpf(2) ** -90)
        # F is nondecreasing: the first step's excess, 70 u at the most, enters through it
        assert bound <= first(min(step * (1 + 80 * U), 1), m(shift)) * (1 + 80 * U)


@pytest.mark.oracle
def test_the_stratified_certificate():
    random, q, k, delta = arguments(2)
    mix, counts = random.dirichlet(np.ones(3), NUMBER), random.integers(1, 1000, (NUMBER, 3))
    mix[:3] = [0.25, 0.0, 0.75]
    types = np.stack([q, risks(random, NUMBER), random.random(NUMBER)], -1)
    found = stratified_certificate(types, mix, counts, k, delta)
    for losses, weights, sizes_, complexity, share, bound in rows(types, mix, counts, k, delta, found):
        total = sum(map(m, weights))
        weights = [m(w) / total for w in weights]
        n = min(m(s) / w for w, s in zip(weights, sizes_, strict=True) if w > 0)
        risk = sum(w * m(x) for w, x in zip(weights, losses, strict=True))
        c = (m(complexity) + mpmath.log(2 * mpmath.sqrt(n) / m(share))) / n
        exact = second(min(risk, mpmath.mpf(1)), c)
        assert exact * (1 - mpmath.mpf(2) ** -90) <= bound <= exact * (1 + 150 * U)


@pytest.mark.oracle
def test_the_certificate_of_random_sizes():
    random, q, k, delta = arguments(3)
    n, most = np.floor(10.0 ** random.uniform(0, 3, NUMBER)), 1 + sizes(random, NUMBER, most=1e3)
    mean = 1 + (most - 1) * random.random(NUMBER)
    found = random_size_certificate(q * mean, mean, most, k, n, delta)
    for risk, size, cap, complexity, samples, share, bound in rows(q * mean, mean, most, k, n, delta, found):
        product, xi = mpmath.mpf(1), mpmath.mpf(1)
        for i in range(int(samples)):
            product *= 1 - mpmath.mpf(i) / m(samples)
            xi += product
        c = (m(complexity) + mpmath.log(2 * xi / m(share))) / m(samples)
        above = second(m(risk) / m(cap), c)
        spent = mpmath.log(2 / m(share)) / m(samples)
        below = 1 - second(1 - m(size) / m(cap), spent) if size < cap else mpmath.exp(-spent)
        exact = min(above / max(below, 1 / m(cap)), mpmath.mpf(1))
        # 1 - second loses digits where the lower root is tiny; 1/S stands for it there
        assert exact * (1 - mpmath.mpf(2) ** -90) <= bound <= exact * (1 + m(1e-10))


@pytest.mark.oracle
def test_the_certificate_from_disagreement():
    random, d, k, delta = arguments(4)
    e, n, other = risks(random, NUMBER), 10.0 ** random.uniform(0, 5, NUMBER), shares(random, NUMBER)
    n = np.floor(n)
    found = disagreement_certificate(d, n, e, n + 1, k, delta, other, beta=1.5, order=3.0, eta=0.01, constant="sqrt")
    for a, samples, b, complexity, share, miss, bound in rows(d, n, e, k, delta, other, found):
        target = second(m(a), cost(2 * complexity, samples, share))
        source = second(m(b), cost(2 * complexity, samples + 1, miss))
        exact = min(target / 2 + mpmath.mpf(3) / 2 * source ** (mpmath.mpf(2) / 3) + m(0.01), mpmath.mpf(1))
        assert exact * (1 - mpmath.mpf(2) ** -90) <= bound <= exact * (1 + m(1e-12))
