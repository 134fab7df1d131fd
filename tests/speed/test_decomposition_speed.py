"""Seconds of the decomposition beside dit's cone programme, in one run; the ratio is what is asserted.

The peer is timed at its best: the programme is built and solved, and nothing of dit's own objects around it. Its solver
is Clarabel in the place of ECOS (see tests/estimators/cone.py), at Clarabel's tolerances of 1e-10. For orientation:
BROJA_2PID, which no registry offers, was recorded elsewhere at 1.3 ms a law of 3x3x3.
"""

import sys
from pathlib import Path

import pytest
import torch
from timing import best_seconds

from spacelib.estimators.decomposition import decompose, decompose_samples

sys.path.append(str(Path(__file__).parents[1] / "estimators"))
from cone import union_by_cone  # noqa: E402
from laws import random_laws  # noqa: E402

pytestmark = pytest.mark.long


def decompositions(shape, kind):
    """Calls of a batch and of dit's cone, and how many laws each takes."""
    laws = random_laws(shape, kind, 1000, 0)
    few = laws[:20].numpy()
    calls = {"ours": lambda: decompose(laws), "cone": lambda: [union_by_cone(law) for law in few]}
    return calls, {"ours": len(laws), "cone": len(few)}


@pytest.mark.parametrize("shape", [(2, 2, 2), (3, 3, 3), (5, 5, 5)])
@pytest.mark.parametrize("kind", ["flat", "peaked", "sparse"])
def test_a_batch_of_a_thousand_laws(capsys, shape, kind):
    calls, sizes = decompositions(shape, kind)
    ours, cone = (value / sizes[name] for name, value in best_seconds(calls, 3).items())
    with capsys.disabled():
        print(f"\n{shape} {kind}: {1e3 * ours:.3f} ms a law in a batch of 1000, dit's cone {1e3 * cone:.2f} ms")
    assert ours < cone


def test_a_thousand_resamples(capsys):
    generator = torch.Generator().manual_seed(0)
    x, y = torch.randint(0, 3, (2, 1000), generator=generator)
    t = (x + y + torch.randint(0, 2, (1000,), generator=generator)) % 3
    few = torch.randint(0, 5, (20, 3, 3, 3), generator=generator).double() + 1
    few /= few.sum((1, 2, 3), keepdim=True)
    seconds = best_seconds(
        {
            "ours": lambda: decompose_samples(t, x, y, resamples=1000),
            "cone": lambda: [union_by_cone(law) for law in few.numpy()],
        },
        3,
    )
    with capsys.disabled():
        print(f"\n1000 resamples of 1000 items of 3x3x3: {seconds['ours']:.2f} s")
    assert seconds["ours"] < seconds["cone"] * 1000 / 20
