"""The stated standard errors of an exact channel: over many runs, deviations from a long run have the size they should."""

import math

import pytest
import torch
from scipy import stats

from spacelib.scenes import channels, information_by_estimation

pytestmark = [pytest.mark.long, pytest.mark.coverage]

SUBSETS = [(0,), (0, 3), (0, 1, 2, 3)]
RUNS = 200


def generator(seed):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("name", ["depth", "size", "camera_motion", "scale", "same_side", "search"])
@pytest.mark.parametrize("route", ["entropy", "estimation"])
def test_standard_errors_over_many_runs(name, route, capsys):
    channel = getattr(channels, name)()
    exact = channel.information(SUBSETS, 400_000, generator=generator(10**6))
    deviations = {s: [] for s in SUBSETS if exact[s].estimate > 0.05}
    for seed in range(RUNS):
        if route == "entropy":
            found = channel.information(SUBSETS, 1000, generator=generator(seed))
        else:
            found = information_by_estimation(channel, SUBSETS, 400, generator=generator(seed))
        for s, values in deviations.items():
            off = math.hypot(found[s].standard_error, exact[s].standard_error)
            values.append((found[s].estimate - exact[s].estimate) / off)
    for s, values in deviations.items():
        z = torch.tensor(values)
        within = (z.abs() < stats.norm.isf(0.025)).double().mean().item()
        with capsys.disabled():
            print(f"\n{name}, {route}, {s}: mean {z.mean():.2f}, deviation {z.std():.2f}, within 95 %: {within:.3f}")
        # 12 cases of 3 subsets, two tests each: one false alarm in a thousand such runs
        bar = stats.norm.isf(1e-3 / 2 / 72)
        assert abs(z.mean()) < bar * z.std() / RUNS**0.5
        # intervals of skewed draws may miss a little more often: 92 % at the least, less the error of a share
        assert within > 0.92 - bar * (0.92 * 0.08 / RUNS) ** 0.5
