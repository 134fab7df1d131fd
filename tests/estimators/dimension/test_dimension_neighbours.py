"""Distances to the nearest neighbours: both routes equal differences throughout, where rounding is hardest too."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import torch
from dimension_truths import flat

from spacelib.estimators.dimension import neighbours, two_nn
from spacelib.estimators.dimension.neighbours import nearest_distances

GENERATOR = torch.Generator().manual_seed(0)


def by_differences(rows, k):
    return (rows[:, None] - rows).square().sum(-1).sqrt().sort(1).values[:, 1 : k + 1]


def far_clusters(features):
    """Two clouds a thousand million times their width apart, so that products lose every digit."""
    cloud = torch.randn(60, features, generator=GENERATOR, dtype=torch.float64)
    cloud[30:] += 1e9
    return cloud


SETS = {
    "normal": torch.randn(300, 20, generator=GENERATOR, dtype=torch.float64),
    "a plane": flat(300, 2, 20, 0),
    "lattice": torch.randint(0, 3, (200, 6), generator=GENERATOR).double(),
    "repeated": torch.randn(30, 5, generator=GENERATOR, dtype=torch.float64).repeat(4, 1),
    "far apart": far_clusters(20),
    "near and far": torch.cat(
        [1e-7 * torch.randn(50, 8, generator=GENERATOR, dtype=torch.float64), 1e3 * torch.eye(8).double()]
    ),
    "few": torch.randn(4, 30, generator=GENERATOR, dtype=torch.float64),
    "one column": torch.randn(100, 1, generator=GENERATOR, dtype=torch.float64),
}


@pytest.mark.parametrize("route", ["tree", "double", "single"])
@pytest.mark.parametrize("name", SETS)
def test_every_route_is_the_differences(name, route, monkeypatch):
    """Of so few points single precision is not worth its while, and is told that it is."""
    rows = SETS[name]
    monkeypatch.setattr(neighbours, "_WORTH", 0 if route == "single" else 1e9)
    route = "tree" if route == "tree" else "products"
    for k in (1, 2, 3) if len(rows) < 10 else (1, 2, 10, 20):
        # squares within 1e-12 of their size, which is the allowance of the products; sums of 30 terms otherwise
        torch.testing.assert_close(nearest_distances(rows, k, route), by_differences(rows, k), rtol=1e-12, atol=0)


@pytest.mark.parametrize("worth", [0, 1e9])
def test_a_tile_of_any_size_gives_the_same(worth, monkeypatch):
    rows = SETS["normal"]
    monkeypatch.setattr(neighbours, "_WORTH", worth)
    whole = nearest_distances(rows, 5, "products")
    monkeypatch.setitem(neighbours._CELLS, "cpu", 2000)
    torch.testing.assert_close(nearest_distances(rows, 5, "products"), whole, rtol=1e-12, atol=0)


@pytest.mark.parametrize("scale", [1e-100, 1e-12, 1, 1e16, 1e100])
def test_single_precision_stays_within_its_range(scale):
    rows = SETS["normal"]
    far = scale * by_differences(rows, 1)
    assert (torch.float32 in neighbours._precisions(scale * rows, 1)) == (scale == 1)
    torch.testing.assert_close(nearest_distances(scale * rows, 1, "products"), far, rtol=1e-12, atol=0)


def test_single_precision_is_left_alone_where_torch_may_cut_its_digits():
    product = torch.backends.mkldnn.matmul
    assert neighbours._precisions(SETS["normal"], 1) == (torch.float32, torch.float64)
    before, product.fp32_precision = product.fp32_precision, "bf16"
    try:
        assert neighbours._precisions(SETS["normal"], 1) == (torch.float64,)
    finally:
        product.fp32_precision = before


def test_a_point_that_single_precision_hides_is_found(monkeypatch):
    """A line of points a millionth apart, a unit from the mean: rounded, all of them are equally far."""
    monkeypatch.setattr(neighbours, "_WORTH", 0)
    place = torch.randn(400, generator=torch.Generator().manual_seed(2), dtype=torch.float64)
    rows = torch.zeros(400, 20, dtype=torch.float64)
    rows[:, 0], rows[:, 1] = torch.where(torch.arange(400) < 200, 1.0, -1.0), 1e-6 * place
    every = torch.arange(400)
    left = neighbours._by_products(rows, every, rows.new_empty(400, 2), torch.float32)
    assert len(left) == 400  # none is certain
    torch.testing.assert_close(nearest_distances(rows, 2, "products"), by_differences(rows, 2), rtol=1e-12, atol=0)


def test_what_is_too_near_to_tell_is_refused():
    """Whole numbers and their negatives: the mean is 0 exactly, and a difference of 1e-170 outlasts it."""
    grid = torch.cartesian_prod(torch.arange(1, 9), torch.arange(1, 9), torch.arange(1, 9))
    some = grid[torch.randperm(len(grid), generator=torch.Generator().manual_seed(0))[:100]].double()
    pair = torch.tensor([[1e-170, 0, 0], [-1e-170, 0, 0]], dtype=torch.float64)
    assert two_nn(torch.cat([some, -some, 0 * pair])).samples == 201  # equal: once
    with pytest.raises(ValueError, match="two rows of x differ by less than 1e-150 of its largest entry"):
        two_nn(torch.cat([some, -some, pair]))


def test_threads_change_nothing_and_are_left_as_they_were():
    rows = torch.randn(3000, 20, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    alone, before = nearest_distances(rows, 5), torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        torch.testing.assert_close(nearest_distances(rows, 5), alone, rtol=1e-12, atol=0)
        with ThreadPoolExecutor(1) as pool:  # a thread made later takes what was set last
            assert torch.get_num_threads() == pool.submit(torch.get_num_threads).result() == 3
    finally:
        torch.set_num_threads(before)
