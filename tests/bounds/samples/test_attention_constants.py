"""Lipschitz constants of attention, coverings and heads: 60 digits, random layers, and the statements that fail."""

import math

import mpmath
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from precise import assert_above, assert_below, m
from spacelib.bounds.samples.architecture import (
    attention_lipschitz,
    attention_parameter_lipschitz,
    heads_dimension,
    log_covering_number,
    scalar_stack_covering,
    stack_lipschitz,
    stack_log_covering,
)

positive = st.floats(1e-3, 1e3)
gains = st.one_of(st.floats(1e-3, 20), st.floats(-1e-9, 1e-9).map(lambda x: 1 + x), st.just(1.0))


@pytest.mark.oracle
@settings(max_examples=30, deadline=None)
@given(positive, positive, positive, positive)
def test_a_layer_at_sixty_digits(beta, radius, key, value):
    exact = m(value) * (1 + 2 * m(beta) * m(key) * m(radius) ** 2)
    assert_above(attention_lipschitz(beta, radius, key, value), exact, 20)
    assert_above(attention_parameter_lipschitz(beta, radius, value), m(radius) * (1 + m(beta) * m(radius) ** 2 * m(value)), 20)


@pytest.mark.oracle
@settings(max_examples=50, deadline=None)
@given(gains, st.integers(1, 200), positive, positive, st.integers(0, 50), st.booleans())
def test_a_stack_at_sixty_digits(gain, depth, precision, gamma, parameters, tied):
    found = stack_lipschitz(gain, depth)
    layers = sum(m(gain) ** k for k in range(depth))
    slack = 40 + 20 * depth * abs(math.log(gain))
    assert_above(found.inputs, m(gain) ** depth, slack)
    assert_above(found.layers, layers, slack)
    options = {"depth": depth, "layer": gain, "layer_parameter": gamma, "tied": tied}
    count = parameters * (1 if tied else depth)
    exact = count * mpmath.log1p(2 * 3 * m(gamma) * layers / m(precision))
    # the exponent's error is a share of its parts, which may be larger than the logarithm itself where they cancel
    parts = 1 + math.log(3) + abs(math.log(gamma)) + abs(math.log(precision)) + float(mpmath.log(layers))
    parts += depth * abs(math.log(gain)) + 2 * abs(math.log(abs(gain - 1) or 1))
    found = stack_log_covering(parameters, 3.0, precision, **options)
    assert m(found) >= exact and m(found) <= exact * (1 + m(2**-45)) + count * m(64 * parts * 2**-53)


@pytest.mark.oracle
@settings(max_examples=30, deadline=None)
@given(st.integers(0, 1000), positive, positive, st.floats(0, 1e3))
def test_coverings_at_sixty_digits(dimension, radius, precision, lipschitz):
    exact = dimension * mpmath.log1p(2 * m(radius) * m(lipschitz) / m(precision))
    assert_above(log_covering_number(dimension, radius, precision, lipschitz=lipschitz), exact, 40)
    exact = max(mpmath.mpf(0), dimension * mpmath.log(m(radius) / m(precision)))
    below = log_covering_number(dimension, radius, precision, side="lower")
    assert m(below) <= exact and m(below) >= exact * (1 - m(2**-49)) - dimension * m(2**-49)


def layer(x, a, v, beta):
    """out_i = sum_j p_ij V x_j; x (layers, tokens, d)."""
    scores = beta * torch.einsum("nkd,nde,nle->nkl", x, a, x)
    return torch.einsum("nkl,nld,ned->nke", scores.softmax(-1), x, v)


def random_layers(count, tokens, beta, seed):
    """Layers of operator norms 1 in the plane, with tokens of length at most 1, many of them on the boundary."""
    generator = torch.Generator().manual_seed(seed)

    def draw(*shape):
        return torch.randn(*shape, generator=generator, dtype=torch.float64)

    x = draw(count, tokens, 2)
    x = x / x.norm(dim=-1, keepdim=True) * torch.rand(count, tokens, 1, generator=generator, dtype=torch.float64) ** 0.2
    a, v = (w / torch.linalg.matrix_norm(w, 2)[:, None, None] for w in (draw(count, 2, 2), draw(count, 2, 2)))
    return x, a, v, beta, draw


@pytest.mark.property
@pytest.mark.parametrize(("beta", "tokens"), [(0.0, 3), (0.5, 2), (2.0, 5), (10.0, 3)])
def test_no_random_layer_moves_more_than_its_constants(beta, tokens):
    x, a, v, beta, draw = random_layers(4000, tokens, beta, seed=7)
    step = 1e-6
    direction = draw(*x.shape)
    direction = direction / direction.norm(dim=-1, keepdim=True)
    moved = (layer(x + step * direction, a, v, beta) - layer(x - step * direction, a, v, beta)) / (2 * step)
    ratio = moved.norm(dim=-1).amax(-1)
    radius = 1 + step  # the moved tokens' ball; the difference quotient is a mean of derivatives there, off by its rounding
    assert ratio.max() <= attention_lipschitz(beta, radius, 1.0, 1.0) + 1e-8
    da, dv = (w / torch.linalg.matrix_norm(w, 2)[:, None, None] for w in (draw(*a.shape), draw(*v.shape)))
    moved = (layer(x, a + step * da, v + step * dv, beta) - layer(x, a - step * da, v - step * dv, beta)) / (2 * step)
    assert moved.norm(dim=-1).amax(-1).max() <= attention_parameter_lipschitz(beta, 1.0, 1.0 + step) + 1e-8


def test_the_constant_without_the_factor_two_fails():
    """Tokens (0, 1), (1, 0), (-1, 0) with A = diag(1, -1): the query and the keys both move the scores apart, by 2 beta."""
    beta = 50.0
    x = torch.tensor([[[0.0, 1.0], [1.0, 0.0], [-1.0, 0.0]]], dtype=torch.float64)
    direction = torch.tensor([[[1.0, 0.0], [0.0, -1.0], [0.0, 1.0]]], dtype=torch.float64)
    a, v = torch.tensor([[[1.0, 0.0], [0.0, -1.0]]], dtype=torch.float64), torch.eye(2, dtype=torch.float64)[None]
    _, moved = torch.autograd.functional.jvp(lambda t: layer(t, a, v, beta)[0, 0], x, direction)
    assert 1 + beta < 2 * beta * (1 - 1e-12) <= moved.norm() <= attention_lipschitz(beta, 1.0, 1.0, 1.0)


def test_unbounded_tokens_have_no_constant():
    """Tokens R, -R, 0: the derivative of the third output in its own token is 1/3 + 2 R²/3."""
    for radius in (1.0, 10.0, 100.0):
        x = torch.tensor([[[radius], [-radius], [0.0]]], dtype=torch.float64, requires_grad=True)
        one = torch.ones(1, 1, 1, dtype=torch.float64)
        (gradient,) = torch.autograd.grad(layer(x, one, one, 1.0)[0, 2, 0], x)
        assert gradient[0, 2, 0].item() == pytest.approx(1 / 3 + 2 * radius**2 / 3, rel=1e-13)


def test_a_stack_is_worked_out_by_hand():
    assert stack_lipschitz(1.0, 7) == pytest.approx((1, 7), rel=1e-14)
    assert stack_lipschitz(0.0, 7) == pytest.approx((0, 1), rel=1e-14)
    assert stack_lipschitz(2.0, 10) == pytest.approx((1024, 1023), rel=1e-14)
    assert stack_lipschitz(1e10, 50) == (math.inf, math.inf)


def test_depth_of_tied_and_untied_layers():
    """Tied: a slope of D ln Lambda for Lambda > 1, bounded for Lambda < 1. Untied: quadratic, for Lambda > 1."""
    depth = torch.tensor([1000.0, 2000.0, 4000.0], dtype=torch.float64)
    options = {"depth": depth, "layer_parameter": 1.0}
    tied = stack_log_covering(10, 1.0, 0.1, layer=2.0, tied=True, **options)
    assert torch.allclose(tied.diff() / depth.diff(), torch.full((2,), 10 * math.log(2), dtype=torch.float64), rtol=1e-12)
    bounded = stack_log_covering(10, 1.0, 0.1, layer=0.5, tied=True, **options)
    assert bounded.diff().abs().max() <= 1e-12
    untied = stack_log_covering(10, 1.0, 0.1, layer=2.0, tied=False, **options)
    assert ((untied / depth**2)[-1] / (10 * math.log(2)) - 1).abs() < 1e-2  # what is left is linear in depth


def test_the_scalar_stack_attains_the_slope():
    """By hand, and against a greedy cover of a fine grid of slopes."""
    assert [scalar_stack_covering(2.0, depth, 0.5) for depth in (1, 2, 3)] == [2, 4, 8]
    assert scalar_stack_covering(0.5, 10, 0.5) == 1
    for gain, depth, precision in ((1.3, 4, 0.2), (1.1, 9, 0.07)):
        slopes, covered, balls = np.linspace(0, gain, 200_001) ** depth, -1.0, 0
        for slope in slopes:
            if slope > covered:
                covered, balls = slope + 2 * precision, balls + 1
        assert balls == scalar_stack_covering(gain, depth, precision)
    deep = [math.log(scalar_stack_covering(1.5, depth, 0.01)) for depth in (40, 80)]
    assert (deep[1] - deep[0]) / 40 == pytest.approx(math.log(1.5), rel=1e-6)


@pytest.mark.oracle
@pytest.mark.parametrize(("frames", "heads", "score", "ridge"), [(16, 1, 3.0, 0.01), (16, 5, 3.0, 0.01), (16, 16, 0.5, 1.0), (4, 3, 0.0, 0.1)])
def test_heads_against_the_eigenvalues(frames, heads, score, ridge):
    weights = torch.full((heads, frames), 1.0, dtype=torch.float64)
    weights[range(heads), range(heads)] = math.exp(score)
    weights = weights / weights.sum(1, keepdim=True)
    eigenvalues = torch.linalg.eigvalsh(weights @ weights.T)
    direct = (eigenvalues / (eigenvalues + ridge)).sum().item()
    assert heads_dimension(frames, heads, score, ridge) == pytest.approx(direct, abs=1e-12)


def test_heads_add_dimensions_to_one_scene():
    found = heads_dimension(16, torch.arange(1, 17), 3.0, 0.01)
    assert found.diff().min() > 0.9
    assert heads_dimension(16, 8, 3.0, 1e-12) == pytest.approx(8, abs=1e-9)
    assert heads_dimension(16, 8, 800.0, 1e-12) == pytest.approx(8, abs=1e-9)  # no overflow
    assert [round(heads_dimension(16, h, 3.0, 0.01), 2) for h in (1, 2, 4, 8, 16)] == [0.97, 1.94, 3.88, 7.76, 15.5]


def test_a_smooth_map_of_two_numbers_has_a_covariance_of_full_rank():
    """Local dimension is bounded by the scene's two degrees of freedom; the rank of the covariance is not."""
    generator = torch.Generator().manual_seed(1)
    inner, outer = (torch.randn(50, d, generator=generator, dtype=torch.float64) for d in (2, 50))
    scene = torch.randn(4000, 2, generator=generator, dtype=torch.float64)

    def features(x):
        return torch.tanh(torch.tanh(x @ inner.T * 3) @ outer.T)

    jacobian = torch.autograd.functional.jacobian(lambda x: features(x[None])[0], scene[0])
    assert torch.linalg.matrix_rank(jacobian) == 2
    assert torch.linalg.matrix_rank(torch.cov(features(scene).T)) == 50


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: attention_lipschitz(-1.0, 1.0, 1.0, 1.0), "temperature must be at least 0, got -1.0"),
        (lambda: attention_lipschitz(1.0, 0.0, 1.0, 1.0), "radius must be above 0, got 0.0"),
        (lambda: stack_lipschitz(1.0, 1.5), "depth must be an integer of at least 1, got 1.5"),
        (lambda: stack_lipschitz(math.nan, 1), "layer must be finite, got nan"),
        (lambda: log_covering_number(3, 1.0, 0.0), "precision must be above 0, got 0.0"),
        (lambda: log_covering_number(3, 1.0, 0.1, lipschitz=2.0, side="lower"), "lipschitz must be 1 for the lower side, got 2.0"),
        (lambda: heads_dimension(4, 5, 1.0, 0.1), "heads must be at most the number of frames, got 5.0"),
        (lambda: heads_dimension(4, 2, 1.0, 0.0), "ridge must be above 0, got 0.0"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_tied_must_be_chosen():
    with pytest.raises(TypeError, match="tied must be True or False, got None"):
        stack_log_covering(1, 1.0, 0.1, depth=1, layer=1.0, layer_parameter=1.0, tied=None)
