"""Spectral norms between certified ends: against singular values, exact norms and random directions."""

import math
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spacelib.estimators import composed_lipschitz, spectral_norm

U = 2.0**-53


@pytest.mark.oracle
@given(st.integers(0, 10_000), st.integers(1, 12), st.integers(1, 12))
def test_singular_values_lie_between_the_ends(seed, rows, columns):
    weight = torch.randn(2, rows, columns, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    found, truth = spectral_norm(weight), torch.linalg.svdvals(weight)[..., 0]
    slack = 20 * (rows + columns) * U * truth  # LAPACK's own error
    assert bool((found.lower <= truth + slack).all()) and bool((truth - slack <= found.upper).all())
    assert bool((found.upper / found.lower - 1 <= 1e-5).all())


@pytest.mark.parametrize("size", [1, 2, 3, 8, 50])
@pytest.mark.parametrize("scale", [5e-324, 1e-310, 1e-160, 1.0, 3.0, 1e160, 1.7e308])
def test_the_hardest_case_is_exact_multiples_of_the_identity(size, scale):
    """All singular values alike: the excess d^(2^-(p+2)) is largest, and rounding has no gap to hide in."""
    found = spectral_norm(np.eye(size) * scale)
    assert found.lower <= scale <= found.upper
    if scale > 1e-300:
        assert found.upper <= scale * size ** (2.0**-21) * (1 + 1e-13)


def test_few_squarings_give_the_frobenius_norm_of_the_power():
    found = spectral_norm(torch.eye(16, dtype=torch.float64), squarings=0)
    assert found.upper.item() == pytest.approx(16**0.25, rel=1e-12)  # ||G||_F^(1/2), G the identity of 16


def test_rational_matrices_whose_norm_is_known():
    """Rank one: |u||v| exactly, compared as squares of fractions."""
    generator = torch.Generator().manual_seed(0)
    for _ in range(200):
        u, v = (torch.randint(-9, 10, (n,), generator=generator) for n in (5, 7))
        square = Fraction(int((u * u).sum()) * int((v * v).sum()))
        found = spectral_norm(torch.outer(u, v).double())
        assert Fraction(found.lower.item()) ** 2 <= square <= Fraction(found.upper.item()) ** 2


def test_kinds_batches_and_zero():
    assert spectral_norm(torch.zeros(4, 3, 2)).upper.tolist() == [0.0] * 4
    weight = torch.randn(6, 4, generator=torch.Generator().manual_seed(0))
    found = spectral_norm(weight)
    assert (
        found.upper.dtype == torch.float32
        and found.lower <= torch.linalg.matrix_norm(weight.double(), 2) <= found.upper.double()
    )
    assert isinstance(spectral_norm(np.eye(3)).upper, float)


@pytest.mark.property
@given(st.lists(st.floats(0, 50), max_size=8))
def test_the_product_is_never_below(constants):
    exact = math.prod((Fraction(c) for c in constants), start=Fraction(1))
    found = Fraction(composed_lipschitz(np.array(constants)))
    assert exact <= found and float(found) <= float(exact) * (1 + 1e-14) + 50**8 * 1e-323


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: spectral_norm(np.ones((0, 3))), "rows and columns"),
        (lambda: spectral_norm(np.ones(3)), "at least 2 axes"),
        (lambda: spectral_norm(np.ones((2, 2)), squarings=-1), "squarings"),
        (lambda: spectral_norm(np.array([[np.inf]])), "finite"),
        (lambda: spectral_norm(np.full((9, 9), 1.7e308)), "finite number"),
        (lambda: composed_lipschitz(np.array([2.0, -1.0])), "at least 0"),
        (lambda: composed_lipschitz(np.full(2, 1e300)), "finite number"),
    ],
)
def test_errors_name_what_is_wrong(call, said):
    with pytest.raises(ValueError, match=said):
        call()
