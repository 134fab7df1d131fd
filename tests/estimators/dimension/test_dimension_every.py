"""All dimensions at once: the same figures as each alone, fewer rows for the neighbours, frames of a scene together."""

import dataclasses

import pytest
import torch
from dimension_truths import flat

from spacelib.estimators import dimension as package
from spacelib.estimators.dimension import dimensions

X = flat(400, 2, 6, 0)
ALONE = {
    "participation_ratio": "covariance_participation_ratio",
    "effective_rank": "covariance_effective_rank",
    "ridge_dimension": "covariance_ridge_dimension",
    "two_nn": "two_nn",
    "nearest_neighbour_mle": "nearest_neighbour_mle",
    "gride": "gride",
    "covering": "covering_dimension",
}


def test_each_is_what_its_own_function_says():
    every = dimensions(X)
    assert {field.name for field in dataclasses.fields(every)} == set(ALONE)
    for field, function in ALONE.items():
        alone, here = getattr(package, function)(X), getattr(every, field)
        assert here.estimate == pytest.approx(alone.estimate, rel=1e-12), field
        assert here.interval[0] < here.estimate < here.interval[1] or field == "ridge_dimension"


def test_many_rows_are_drawn_from():
    every = dimensions(X, rows=350)
    assert [getattr(every, field).samples for field in ALONE] == [400, 400, 400, 350, 350, 350, 350]
    assert every == dimensions(X, rows=350) != dimensions(X, rows=350, generator=torch.Generator().manual_seed(1))


def test_scenes_and_a_ridge_reach_the_parts():
    scene = torch.arange(400) // 4
    every = dimensions(X, clusters=scene.numpy(), ridge=0.5)
    assert "mu = 0.5" in every.ridge_dimension.method
    alone = package.nearest_neighbour_mle(X, clusters=scene)
    assert every.nearest_neighbour_mle.standard_error != package.nearest_neighbour_mle(X).standard_error
    assert every.nearest_neighbour_mle.estimate == alone.estimate


def test_refusals():
    with pytest.raises(ValueError, match=r"dimensions: x must have shape \(samples, features\), got \(2, 400, 6\)"):
        dimensions(X.expand(2, 400, 6))
    with pytest.raises(ValueError, match="clusters must have one entry a sample"):
        dimensions(X, clusters=torch.arange(3))
    with pytest.raises(ValueError, match="dimensions: rows must be at least 320, got 100"):
        dimensions(X, rows=100)
    with pytest.raises(ValueError, match="dimensions: x must have at least 320 samples, got 100"):
        dimensions(X[:100])
