"""The effective rank of attention-weighted features: by hand, at its ends, its growth with heads, and refusals."""

import math

import numpy as np
import pytest
import torch

from spacelib.bounds.samples.spectrum import effective_rank
from spacelib.estimators.dimension import attention_effective_rank

GENERATOR = torch.Generator().manual_seed(0)
FEATURES = torch.randn(40, 6, 9, generator=GENERATOR, dtype=torch.float64)
ATTENTION = torch.randn(40, 6, 6, generator=GENERATOR, dtype=torch.float64).softmax(-1)


def test_a_mean_over_scenes_of_ranks():
    result = attention_effective_rank(FEATURES, ATTENTION)
    ranks = [
        effective_rank(np.linalg.svd((p @ x).numpy(), compute_uv=False))
        for x, p in zip(FEATURES, ATTENTION, strict=True)
    ]
    assert result.estimate == pytest.approx(np.mean(ranks), rel=1e-12) and result.samples == 40
    assert result.standard_error == pytest.approx(np.std(ranks, ddof=1) / math.sqrt(40), rel=1e-10)
    t = 2.0226909  # the 97.5 % point of Student's law with 39 degrees of freedom
    assert result.interval == pytest.approx(
        (result.estimate - t * result.standard_error, result.estimate + t * result.standard_error)
    )


def test_flat_attention_leaves_one_direction_and_none_leaves_all():
    flat = attention_effective_rank(FEATURES, torch.full((6, 6), 1 / 6, dtype=torch.float64))
    assert flat.estimate == pytest.approx(1, abs=1e-12) and flat.interval == pytest.approx((1, 1), abs=1e-12)
    orthogonal = torch.eye(9, dtype=torch.float64)[:6].expand(3, 6, 9)
    still = attention_effective_rank(orthogonal, torch.eye(6))
    assert still.estimate == pytest.approx(6, rel=1e-12) and still.interval[1] <= 6


def test_it_grows_with_the_heads():
    """Each row of attention a head that looks at its own frame: the rank is that of the heads, not of the scene."""
    beta, frames = 3.0, 16
    every = (beta * torch.eye(frames, dtype=torch.float64)).softmax(-1)
    features = torch.eye(frames, dtype=torch.float64).expand(2, frames, frames)
    ranks = [attention_effective_rank(features, every[:heads]).estimate for heads in (1, 2, 4, 8, 16)]
    assert ranks[0] == pytest.approx(1) and all(
        more > 1.7 * fewer for fewer, more in zip(ranks, ranks[1:], strict=False)
    )


def test_units_and_kinds(dtype):
    result = attention_effective_rank(FEATURES, ATTENTION)
    for other in (1e-140 * FEATURES, 1e140 * FEATURES):
        assert attention_effective_rank(other, ATTENTION).estimate == pytest.approx(result.estimate, rel=1e-12)
    single = attention_effective_rank(FEATURES.to(dtype).numpy(), ATTENTION.to(dtype).numpy())
    assert single.estimate == pytest.approx(result.estimate, rel=1e-5)


def test_refusals():
    name = "attention_effective_rank"
    for features, attention, says in (
        (FEATURES[0], ATTENTION[0], "at least two scenes"),
        (FEATURES[:1], ATTENTION[:1], "at least two scenes"),
        (FEATURES, ATTENTION[:, :, :5], "as many frames as features has, 6, got 5"),
        (FEATURES, 2 * ATTENTION, "sum of attention .* must be 1"),
        (FEATURES, -ATTENTION, "attention .* must be at least 0"),
        (FEATURES * math.nan, ATTENTION, "features .* must be finite"),
        (FEATURES * 0, ATTENTION, "the largest weighted feature of a scene .* must be above 0"),
        (FEATURES, ATTENTION[:7], "the shapes must broadcast"),
    ):
        with pytest.raises(ValueError, match=f"^{name}: .*{says}"):
            attention_effective_rank(features, attention)
