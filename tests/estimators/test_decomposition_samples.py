"""Decomposition from samples: the plug-in of the counts, its bias, coverage, scenes, the border."""

import math

import numpy as np
import pytest
import torch
from laws import gate, random_laws

from spacelib.estimators.decomposition import decompose, decompose_samples
from spacelib.estimators.decomposition.discrete import METHODS

PARTS = ("redundancy", "unique_1", "unique_2", "synergy")


def draw(law, items, generator):
    """Samples of T, X1, X2 from a law."""
    cell = torch.multinomial(torch.as_tensor(law).flatten(), items, replacement=True, generator=generator)
    return torch.unravel_index(cell, law.shape)


def noisy(law, share):
    """The law with the target redrawn as a fair coin in this share of the cases."""
    return (1 - share) * law + share * law.sum(0) / 2


@pytest.mark.parametrize("method", METHODS)
def test_the_plug_in_is_that_of_the_shares(method):
    t, x, y = draw(random_laws((3, 3, 2), "flat", 1, 0)[0], 300, torch.Generator().manual_seed(0))
    counts = np.zeros((3, 3, 2))
    np.add.at(counts, (t, x, y), 1)
    result = decompose_samples(t * 7 - 3, x, torch.stack([y, 1 - y], 1), method=method, resamples=100)
    direct = decompose(counts / 300, method=method)
    assert result.synergy.standard_error > 0
    for name in PARTS:
        part = getattr(result, name)
        assert getattr(result.plug_in, name) == pytest.approx(getattr(direct, name), abs=2e-10)
        assert 0 <= part.interval[0] <= part.estimate <= part.interval[1]
        assert part.samples == 300 and part.method.startswith(method) and part.standard_error >= 0


def test_the_same_data_give_the_same_figures():
    t, x, y = draw(noisy(gate(lambda x, y: x & y), 0.2), 200, torch.Generator().manual_seed(1))
    one, two = (decompose_samples(*data, resamples=100) for data in ((t, x, y), (t.numpy(), x.numpy(), y.numpy())))
    assert one == two
    assert one != decompose_samples(t, x, y, resamples=100, generator=torch.Generator().manual_seed(9))


@pytest.mark.coverage
@pytest.mark.long
@pytest.mark.parametrize("name", ["xor", "and", "random"])
def test_coverage(name):
    """120 draws of 200 items: each part's interval covers at least 85 %, less three standard errors of that share."""
    law = {
        "xor": noisy(gate(lambda x, y: x ^ y), 0.4),
        "and": noisy(gate(lambda x, y: x & y), 0.2),
        "random": random_laws((3, 3, 3), "flat", 1, 3)[0].numpy(),
    }[name]
    truth, generator, draws = decompose(law), torch.Generator().manual_seed(2), 120
    covered = dict.fromkeys(PARTS, 0)
    for _ in range(draws):
        result = decompose_samples(*draw(law, 200, generator), resamples=100, generator=generator)
        for part in PARTS:
            low, high = getattr(result, part).interval
            covered[part] += low <= getattr(truth, part) + 1e-9 and getattr(truth, part) <= high + 1e-9
    least = 0.85 - 3 * math.sqrt(0.85 * 0.15 / draws)
    assert min(covered.values()) / draws >= least, covered


def test_the_correction_takes_off_most_of_the_synergys_bias():
    """Independent sources and target of three letters: the plug-in's synergy is bias alone."""
    generator, plug_in, corrected = torch.Generator().manual_seed(3), [], []
    for _ in range(25):
        data = draw(torch.full((3, 3, 3), 1 / 27), 150, generator)
        result = decompose_samples(*data, resamples=100, generator=generator)
        plug_in.append(result.plug_in.synergy)
        corrected.append(result.synergy.estimate)
    # all three informations together exceed by (26 - 2 - 8)/(2 * 150) = .053 on average; most of it is synergy
    assert np.mean(plug_in) > 0.02
    assert np.mean(corrected) < 0.6 * np.mean(plug_in)


def test_scenes_of_copies_are_single_items():
    """Every item five times, all in one scene: the figures are those of the items, not of five times as many."""
    t, x, y = draw(noisy(gate(lambda x, y: x ^ y), 0.4), 100, torch.Generator().manual_seed(4))
    scene = torch.arange(100).repeat_interleave(5)
    once = decompose_samples(t, x, y, resamples=200)
    copied = decompose_samples(*(v.repeat_interleave(5) for v in (t, x, y)), clusters=scene, resamples=200)
    assert copied.synergy.interval == pytest.approx(once.synergy.interval, abs=1e-9)
    assert copied.synergy.samples == 500 and "100 scenes" in copied.synergy.method
    apart = decompose_samples(*(v.repeat_interleave(5) for v in (t, x, y)), resamples=200)
    # a standard error shrinks as 1/sqrt(5), known to 1/sqrt(2 * 200) from 200 resamples, four times over
    ratio = once.synergy.standard_error / apart.synergy.standard_error
    assert ratio == pytest.approx(math.sqrt(5), rel=4 * math.sqrt(2) / math.sqrt(400))


def test_a_single_scene_says_nothing_of_others():
    t, x, y = draw(gate(lambda x, y: x ^ y), 50, torch.Generator().manual_seed(5))
    result = decompose_samples(t, x, y, clusters=torch.zeros(50, dtype=torch.int64))
    assert result.synergy.interval == (0.0, float("inf")) and result.synergy.standard_error == float("inf")
    assert result.synergy.estimate == result.plug_in.synergy


def test_constants_say_nothing():
    constant = torch.zeros(20, dtype=torch.int64)
    result = decompose_samples(constant, constant, torch.arange(20) % 2, resamples=100)
    for name in PARTS:
        assert getattr(result, name).estimate == 0 and getattr(result, name).interval == (0.0, 0.0)


CODES = torch.zeros(4, dtype=torch.int64)


@pytest.mark.parametrize(
    ("arguments", "options", "error", "words"),
    [
        ((CODES.double(), CODES, CODES), {}, TypeError, "decompose_samples: target must hold integer codes"),
        ((CODES, CODES[:3], CODES), {}, ValueError, "all variables must have the same number of samples"),
        ((CODES[:0], CODES[:0], CODES[:0]), {}, ValueError, "decompose_samples: target must have shape"),
        ((CODES, CODES, CODES), {"method": "ccs"}, ValueError, "method must be one of broja, i_min, mmi, got 'ccs'"),
        ((CODES, CODES, CODES), {"resamples": 20}, ValueError, "decompose_samples: resamples must be at least 100, got 20"),
        ((CODES, CODES, CODES), {"clusters": CODES[:2]}, ValueError, "all variables must have the same number"),
        ((list(range(4)), CODES, CODES), {}, TypeError, "target must be a torch tensor or a numpy array, got list"),
    ],
)  # fmt: skip
def test_bad_input(arguments, options, error, words):
    with pytest.raises(error, match=words):
        decompose_samples(*arguments, **options)
