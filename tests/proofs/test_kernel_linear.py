"""Nonnegative combinations: found where they exist, never where a point contradicts them."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from verdicts import x, y, z

from spacelib.proofs.kernel import linear
from spacelib.proofs.kernel.linear import nonnegative_combination
from spacelib.proofs.kernel.polynomials import ONE, Q, padd

NAMES = (x, y, z)


def polynomial(rng) -> dict:
    out: dict = {}
    for _ in range(rng.randint(1, 3)):
        names = sorted(rng.sample(NAMES, rng.randint(0, 2)), key=lambda v: v.key)
        out = padd(out, {tuple((v, rng.randint(1, 2)) for v in names): Q(rng.choice((-2, -1, 1, 3)))})
    return out


def value(poly: dict, point: dict):
    total = Q(0)
    for monomial, c in poly.items():
        for v, e in monomial:
            c = c * point[v] ** e
        total += c
    return total


def scaled(poly: dict, c) -> dict:
    return {m: c * v for m, v in poly.items()}


@pytest.mark.property
@settings(max_examples=300)
@given(st.integers(0, 2**40))
def test_a_combination_that_exists_is_found(seed):
    rng = random.Random(seed)
    known = [(p, rng.random() < 0.5) for p in (polynomial(rng) for _ in range(rng.randint(1, 5))) if p]
    weights = [Q(rng.randint(0, 3), rng.randint(1, 3)) for _ in known]
    target: dict = {}
    for c, (p, _) in zip(weights, known):
        target = padd(target, scaled(p, c) if c != 0 else {})
    assert nonnegative_combination(target, known) in ("positive", "nonnegative")


@pytest.mark.property
@settings(max_examples=300)
@given(st.integers(0, 2**40))
def test_no_answer_is_contradicted_where_everything_known_holds(seed):
    rng = random.Random(seed)
    known = [(p, rng.random() < 0.5) for p in (polynomial(rng) for _ in range(rng.randint(1, 5))) if p]
    target = polynomial(rng) if rng.random() < 0.3 else padd(known[0][0], scaled(known[-1][0], Q(2))) if known else {}
    found = nonnegative_combination(target, known)
    for _ in range(20):
        point = {v: Q(rng.randint(-6, 6), rng.randint(1, 4)) for v in NAMES}
        if all(value(p, point) > 0 or (not strict and value(p, point) == 0) for p, strict in known):
            at = value(target, point)
            assert found is None or at > 0 or (found == "nonnegative" and at == 0)


@pytest.mark.parametrize("weights", [[Q(2)], [Q(-1)], [Q(0)], None])
def test_what_the_search_returns_is_recomputed(weights, monkeypatch):
    monkeypatch.setattr(linear, "_simplex", lambda *_: weights)
    assert nonnegative_combination({((x, 1),): Q(1)}, [({((x, 1),): Q(1)}, True)]) is None


@pytest.mark.parametrize("target, known, answer", [
    ({ONE: Q(1)}, [({ONE: Q(1)}, True)], "positive"), ({ONE: Q(-1)}, [({ONE: Q(1)}, True)], None), ({((x, 1),): Q(1)}, [({((x, 1),): Q(1)}, False)], "nonnegative"),
    ({((x, 1),): Q(1)}, [({((x, 1),): Q(1)}, True)], "positive"), ({((x, 1),): Q(-1)}, [({((x, 1),): Q(1)}, True)], None), ({((x, 2),): Q(1)}, [({((x, 1),): Q(1)}, False)], None),
    ({((x, 1),): Q(1), ((y, 1),): Q(-1)}, [({((x, 1),): Q(1), ((z, 1),): Q(-1)}, False), ({((z, 1),): Q(1), ((y, 1),): Q(-1)}, True)], "positive")])
def test_small_combinations(target, known, answer):
    assert nonnegative_combination(target, known) == answer
