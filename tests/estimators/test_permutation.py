"""The permutation test: exact on a tiny sample, right level under each null, power where there is information."""

import math
from itertools import permutations

import pytest
import torch
from channels import symmetric_sample

from spacelib.estimators import information_from_counts, mutual_information, permutation_p_value


def test_against_all_orders_of_a_tiny_sample():
    x, y = torch.tensor([0, 0, 1, 1, 2, 2]), torch.tensor([0, 0, 1, 1, 1, 0])

    def value(order):
        counts = torch.zeros(3, 2).index_put_((x, y[list(order)]), torch.ones(()), accumulate=True)
        return information_from_counts(counts, method="plug_in").item()

    observed = value(range(6))
    exact = sum(value(order) >= observed - 1e-6 for order in permutations(range(6))) / 720
    # 5000 permutations: five standard errors of the exact share
    assert permutation_p_value(x, y, permutations=5000) == pytest.approx(exact, abs=5 * math.sqrt(exact / 5000))


def level(data, **options):
    """Share of p <= .05 over 200 data sets."""
    rejected = 0
    generator = torch.Generator().manual_seed(2)
    for _ in range(200):
        x, y, scene = data(generator)
        extra = {key: scene for key in options if options[key]}
        rejected += permutation_p_value(x, y, permutations=99, generator=generator, **extra) <= 0.05
    return rejected / 200


HIGHEST = 0.05 + 3.1 * math.sqrt(0.05 * 0.95 / 200)  # one false alarm in a thousand at the exact level


def independent(generator):
    return symmetric_sample(generator, 30, 4, 4, 0.25)


def scene_habit(generator):
    """Truth and answer both follow the scene, independent of each other within it."""
    scene = torch.arange(30).repeat_interleave(4)
    x, y = (torch.randint(3, (30,), generator=generator)[scene] for _ in range(2))
    noise = [torch.randint(3, (120,), generator=generator) for _ in range(2)]
    keep = [torch.rand(120, generator=generator) < 0.7 for _ in range(2)]
    return torch.where(keep[0], x, noise[0]), torch.where(keep[1], y, noise[1]), scene


@pytest.mark.coverage
def test_level_of_independent_items():
    assert level(independent) <= HIGHEST
    assert level(independent, clusters=True) <= HIGHEST


@pytest.mark.coverage
def test_scene_habits_need_permutations_within_scenes():
    assert level(scene_habit, clusters=True) <= HIGHEST
    assert level(scene_habit) > 2 * HIGHEST  # what the docstring warns of
    assert level(scene_habit, condition=True) <= HIGHEST  # the scene as a condition is the same restriction


def test_power_and_smallest_p():
    x, y, scene = symmetric_sample(torch.Generator().manual_seed(0), 50, 4, 4, 0.6)
    assert permutation_p_value(x, y, permutations=199) == 1 / 200
    assert permutation_p_value(x, y, clusters=scene, permutations=199) == 1 / 200


def test_nothing_to_permute_is_no_evidence():
    x = torch.arange(5)
    assert permutation_p_value(x, x, clusters=x) == 1.0
    assert mutual_information(x, x, method="plug_in").estimate == pytest.approx(math.log(5))


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: permutation_p_value(x, x, permutations=0), ValueError, "permutations must be at least 1, got 0"),
        (lambda x: permutation_p_value(x, x.double()), TypeError, "y must hold integer codes"),
        (lambda x: permutation_p_value(x, x[1:]), ValueError, "same number of samples"),
        (lambda x: permutation_p_value(x.repeat(1000) * 0 + torch.arange(5000), torch.arange(5000)), ValueError, "too large"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, error, words):
    with pytest.raises(error, match=words):
        call(torch.arange(5))
