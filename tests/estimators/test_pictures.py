"""Pictures whose pixels flip: against enumeration by hand, and counts against the pictures they summarise."""

import itertools
from fractions import Fraction

import pytest
import torch

from spacelib import bounds
from spacelib.estimators import arrow_pictures, falsify, flipped_counts, flipped_joint

PRIOR = torch.tensor([0.4, 0.3, 0.2, 0.1], dtype=torch.float64)


def figures(joint):
    return torch.stack(list(bounds.known_channel(joint)))


def test_arrows_differ_and_mirror():
    up, down, left, right = arrow_pictures()
    assert torch.equal(up.flip(0), down) and torch.equal(left.flip(1), right)
    assert min((a != b).sum() for a, b in itertools.combinations((up, down, left, right), 2)) >= 3


@pytest.mark.oracle
def test_every_observation_by_hand():
    pictures = torch.tensor([[[1, 0], [0, 0]], [[1, 1], [0, 1]], [[0, 1], [0, 0]]])
    prior, flip = [Fraction(1, 2), Fraction(1, 4), Fraction(1, 4)], Fraction(1, 8)
    joint = flipped_joint(pictures, torch.tensor([float(p) for p in prior], dtype=torch.float64), float(flip))
    for number, cells in enumerate(joint.tolist()):
        seen = [number >> i & 1 for i in range(4)]
        for p, picture, cell in zip(prior, pictures.flatten(1).tolist(), cells, strict=True):
            for a, b in zip(seen, picture, strict=True):
                p *= flip if a != b else 1 - flip
            assert cell == pytest.approx(float(p), rel=1e-14)


@pytest.mark.parametrize("flip", [0.0, 0.05, 0.3, 0.5, 0.9, 1.0])
def test_counts_tell_what_the_pictures_tell(flip):
    pictures = flipped_joint(arrow_pictures(), PRIOR, flip)
    counts = flipped_counts(arrow_pictures(), PRIOR, flip)
    assert len(counts) < 100 < len(pictures) == 2**12
    # sums of 16,384 cells
    assert torch.allclose(figures(counts), figures(pictures), rtol=0, atol=2e-12)


@pytest.mark.parametrize("looks", [2, 3])
def test_looks_are_pictures_side_by_side(looks):
    small = torch.tensor([[1.0, 0, 0, 1], [0, 1, 0, 1], [1, 1, 1, 1], [0, 0, 1, 0]], dtype=torch.float64)
    beside = flipped_joint(small.repeat(1, looks), PRIOR, 0.2)
    assert torch.allclose(figures(flipped_counts(small, PRIOR, 0.2, looks)), figures(beside), rtol=0, atol=2e-12)


def test_more_looks_tell_more_and_no_decoder_passes_the_ceiling():
    last = 0.0
    for looks in (1, 2, 3):
        counts = flipped_counts(arrow_pictures(), PRIOR, 0.2, looks)
        attack = falsify(counts, 300, generator=torch.Generator().manual_seed(0))
        assert all(attack.slack(name) >= -1e-12 for name in ("general", "exact", "spectrum"))
        assert attack.above("printed") > 0 and attack.channel.information > last
        last = attack.channel.information


def test_a_thousand_decoders_of_whole_pictures():
    attack = falsify(flipped_joint(arrow_pictures(), PRIOR, 0.1), generator=torch.Generator().manual_seed(0))
    assert all(attack.slack(name) >= -1e-12 for name in ("general", "exact", "spectrum"))
    assert attack.accuracy["Bayes"].item() >= attack.floor
    # the printed formula allows 1 - I/H < 0.25 here; Bayes is right in more than 0.87
    assert attack.ceiling["printed"] < 0.25 and attack.accuracy["Bayes"].item() > 0.87 and attack.above("printed") > 300


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda s: flipped_joint(s * 2, PRIOR, 0.1), "pictures must hold 0 and 1, got 2.0"),
        (lambda s: flipped_joint(s, PRIOR[:1] / PRIOR[0], 0.1), "one probability a picture, got 1 for 4 pictures"),
        (lambda s: flipped_joint(s, torch.ones(4), 0.1), "flipped_joint: the sum of prior must be 1, got 4.0"),
        (lambda s: flipped_joint(s, PRIOR, 1.5), "flip must be in \\[0, 1\\], got 1.5"),
        (lambda s: flipped_joint(s.repeat(1, 3, 1), PRIOR, 0.1), "pictures of 36 pixels have too many observations"),
        (lambda s: flipped_counts(s, PRIOR, 0.1, 0), "looks must be at least 1, got 0"),
        (lambda s: flipped_counts(s, PRIOR, 0.1, 1000), "1000 looks make 2000 pixels of one kind; at most 1000"),
        (lambda s: flipped_counts(s, PRIOR, 0.1, 300), "300 looks have too many counts; at most 16777216 cells fit"),
        (lambda s: flipped_joint(s[0, 0], PRIOR, 0.1), "pictures must have at least 2 axes"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, words):
    with pytest.raises(ValueError, match=words):
        call(arrow_pictures())
