"""A certificate that breaks beside the one that holds."""

import pytest
import torch
from scipy.stats import binomtest

from spacelib.models import certificates_breaking


def test_the_naive_bound_breaks_and_the_repaired_holds():
    found = certificates_breaking(4000, generator=torch.Generator().manual_seed(0))
    assert found.observed.shape == found.naive.shape == found.repaired.shape == (4000,) and found.risk == 0.5
    assert binomtest(int((found.naive < found.risk).sum()), 4000, 131975 / 524288).pvalue > 1e-3
    assert binomtest(int((found.repaired < found.risk).sum()), 4000, 1351 / 2**20).pvalue > 1e-3
    assert (found.naive <= found.repaired).all()


def test_independent_questions_do_not_break_it():
    found = certificates_breaking(500, correlation=0.0, generator=torch.Generator().manual_seed(0))
    assert (found.naive >= found.risk).float().mean() > 0.95


def test_one_generator_gives_one_answer():
    first, second = (certificates_breaking(generator=torch.Generator().manual_seed(7)) for _ in range(2))
    assert torch.equal(first.naive, second.naive) and len(first.naive) == 200


@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        ({"repetitions": 0}, ValueError, "repetitions must be at least 1, got 0"),
        ({"scenes": 2.5}, TypeError, "scenes must be an integer, got 2.5"),
        ({"questions": True}, TypeError, "questions must be an integer, got True"),
        ({"correlation": 1.5}, ValueError, r"correlation must be in \[0, 1\], got 1.5"),
        ({"risk": float("nan")}, ValueError, r"risk must be in \[0, 1\], got nan"),
        ({"delta": 0.0}, ValueError, r"delta must be in \(0, 1\), got 0.0"),
    ],
)
def test_bad_arguments_are_named(given, error, message):
    with pytest.raises(error, match=message):
        certificates_breaking(**given, generator=torch.Generator())
