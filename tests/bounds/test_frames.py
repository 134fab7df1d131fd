"""Sets of frames in numbers: laws enumerated by hand, properties over random tables and channels, the least numbers of frames."""

import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from spacelib import bounds

U = 2.0**-53


def table_of(joint: torch.Tensor) -> torch.Tensor:
    """Information of every subset of frames about the last axis of a joint law (frame 0, ..., frame K-1, target)."""
    frames = joint.ndim - 1
    values = []
    for mask in range(2**frames):
        gone = tuple(k for k in range(frames) if not mask >> k & 1)
        kept = (joint.sum(gone) if gone else joint).reshape(-1, joint.shape[-1])
        reference = kept.sum(1, keepdim=True) * kept.sum(0, keepdim=True)
        values.append(torch.special.xlogy(kept, kept / torch.where(reference > 0, reference, 1)).sum())
    values[0] = torch.zeros((), dtype=torch.float64)
    return torch.stack(values)


def independent_given_target(seed: int, frames: int, letters: int = 3, outcomes: int = 3) -> torch.Tensor:
    generator = torch.Generator().manual_seed(seed)
    law = torch.rand(letters, generator=generator, dtype=torch.float64) ** 2
    joint = law / law.sum()
    for _ in range(frames):
        channel = torch.rand(letters, outcomes, generator=generator, dtype=torch.float64) ** 4
        joint = joint[..., None] * (channel / channel.sum(-1, keepdim=True)).reshape(letters, *[1] * (joint.ndim - 1), outcomes)
    return joint.movedim(0, -1)


def hidden(size: int) -> torch.Tensor:
    """Key and covered target: a Latin square."""
    joint = torch.zeros(size, size, size, dtype=torch.float64)
    for key, target in itertools.product(range(size), repeat=2):
        joint[(target + key) % size, key, target] = 1 / size**2
    return joint


@pytest.mark.oracle
@pytest.mark.parametrize("seed", range(5))
def test_the_table_against_each_subset_by_itself(seed):
    joints = torch.stack([independent_given_target(seed + 10 * i, 3) for i in range(2)])
    joints[0, 1] = 0  # an outcome that never occurs
    joints[0] /= joints[0].sum()
    tables = bounds.subset_table(joints, 3)
    assert tables.shape == (2, 8)
    for joint, table in zip(joints, tables, strict=True):
        assert torch.allclose(table, table_of(joint), atol=ROUNDING, rtol=0)


# a table's entries are sums of at most 243 terms below 3 nats, each right to some 4 u
ROUNDING = 1e-12


@pytest.mark.property
@pytest.mark.parametrize("seed", range(40))
def test_frames_independent_given_the_target(seed):
    """Monotone, submodular, no net synergy, and the greedy guarantee: the theorems on random laws."""
    table = table_of(independent_given_target(seed, 2 + seed % 3))
    frames = int(math.log2(len(table)))
    assert bounds.monotonicity_violation(table) <= ROUNDING
    assert bounds.submodularity_violation(table) <= ROUNDING
    assert bounds.net_synergy(table) <= ROUNDING
    assert bounds.complementarity(table) >= -ROUNDING
    for budget in range(1, frames + 1):
        greedy, best = bounds.greedy_frames(table, budget), bounds.best_frames(table, budget)
        assert greedy.information >= bounds.greedy_guarantee(budget) * best.information - ROUNDING
        assert greedy.information <= best.information
        assert table[sum(2**int(k) for k in greedy.order)] == greedy.information
        assert table[sum(2**int(k) for k in best.order)] == best.information


@pytest.mark.parametrize("size", [2, 3, 5])
def test_a_hidden_target_breaks_what_independence_gives(size):
    table = table_of(hidden(size))
    assert torch.allclose(table, torch.tensor([0, 0, 0, math.log(size)], dtype=torch.float64), atol=ROUNDING, rtol=0)
    assert abs(bounds.complementarity(table) - math.log(size)) < ROUNDING
    assert abs(bounds.net_synergy(table) - math.log(size)) < ROUNDING
    assert abs(bounds.submodularity_violation(table) - math.log(size)) < ROUNDING


def test_net_synergy_is_total_correlation_given_less_total_correlation():
    generator = torch.Generator().manual_seed(3)
    joint = torch.rand(2, 3, 2, 3, generator=generator, dtype=torch.float64) ** 3
    joint /= joint.sum()
    entropy = lambda p: torch.special.entr(p).sum()  # noqa: E731
    target = joint.sum((0, 1, 2))
    singles = [joint.sum(tuple(a for a in range(3) if a != k)) for k in range(3)]
    given_target = sum(entropy(s) - entropy(target) for s in singles) - (entropy(joint) - entropy(target))
    plain = sum(entropy(s.sum(1)) for s in singles) - entropy(joint.sum(3))
    assert abs(bounds.net_synergy(table_of(joint)) - (given_target - plain)) < ROUNDING


def test_greedy_misses_the_best_pair_of_bits():
    """Frames that show bits 0-3, bits 0, 1, 4 and bits 2, 3, 5 of six fair bits: greedy takes four bits first and reaches 5 of 6."""
    shown = [{0, 1, 2, 3}, {0, 1, 4}, {2, 3, 5}]
    covered = [len(set().union(*(shown[k] for k in range(3) if mask >> k & 1))) for mask in range(8)]
    table = torch.tensor(covered, dtype=torch.float64) * math.log(2)
    greedy, best = bounds.greedy_frames(table, 2), bounds.best_frames(table, 2)
    assert bounds.submodularity_violation(table) <= 0
    assert greedy.order.tolist() == [0, 1] and best.order.tolist() == [1, 2]
    assert greedy.information / best.information == pytest.approx(5 / 6, abs=4 * U)
    assert bounds.greedy_guarantee(2) == 0.75 <= 5 / 6


def test_marginal_gains_by_hand():
    gains = bounds.marginal_gains(np.array([0.0, 1.0, 2.0, 2.5]))
    assert gains.tolist() == [[1.0, 2.0], [0.0, 1.5], [0.5, 0.0], [0.0, 0.0]]


def test_batches_give_what_their_members_give():
    tables = torch.stack([table_of(independent_given_target(seed, 3)) for seed in range(4)]).reshape(2, 2, 8)
    for function in (bounds.complementarity, bounds.net_synergy, bounds.submodularity_violation, bounds.monotonicity_violation):
        whole = function(tables)
        assert whole.shape == (2, 2) and all(whole[i, j] == function(tables[i, j]) for i in range(2) for j in range(2))
    choice = bounds.greedy_frames(tables, 2)
    assert choice.order.shape == (2, 2, 2) and choice.information.shape == (2, 2)


@pytest.mark.property
@given(st.integers(0, 10_000), st.integers(0, 5))
def test_more_looks_never_hurt_and_reach_what_is_promised(seed, frames):
    generator = torch.Generator().manual_seed(seed)
    channel = torch.rand(3, 3, generator=generator, dtype=torch.float64) + 0.05
    channel /= channel.sum(-1, keepdim=True)
    prior = torch.full((3,), 1 / 3, dtype=torch.float64)
    accuracy = bounds.repeated_accuracy(prior, channel, frames)
    assert accuracy <= bounds.repeated_accuracy(prior, channel, frames + 1) + ROUNDING
    assert 1 - accuracy <= (3 - 1) / 2 * math.exp(-frames * bounds.chernoff_information(channel)) + ROUNDING
    information = bounds.known_channel(prior[:, None] * channel).information
    assert bounds.necessary_frames(accuracy - ROUNDING, 1 / 3, information) <= frames
    assert bounds.necessary_frames(accuracy - ROUNDING, 1 / 3, information) <= bounds.necessary_frames_of_prior(accuracy - ROUNDING, prior, information)


def test_looks_at_a_fair_coin():
    prior, channel = np.array([0.5, 0.5]), np.array([[0.8, 0.2], [0.2, 0.8]])
    for frames, accuracy in enumerate((0.5, 0.8, 0.8, 0.896, 0.896)):
        assert bounds.repeated_accuracy(prior, channel, frames) == pytest.approx(accuracy, abs=16 * U)


def test_looks_against_every_sequence():
    generator = torch.Generator().manual_seed(1)
    prior, channel = torch.rand(3, generator=generator, dtype=torch.float64), torch.rand(3, 4, generator=generator, dtype=torch.float64)
    channel[0, 1] = 0
    prior, channel = prior / prior.sum(), channel / channel.sum(-1, keepdim=True)
    sequences = itertools.product(range(4), repeat=4)
    by_hand = sum(max(float(prior[t]) * math.prod(float(channel[t, o]) for o in seen) for t in range(3)) for seen in sequences)
    assert bounds.repeated_accuracy(prior, channel, 4) == pytest.approx(by_hand, abs=1e-14)  # 256 sequences, 2^-53 each


def test_four_targets_confused_half_the_time():
    """Necessary, true and sufficient numbers of looks for 90 %: 7, 16, 29."""
    channel = torch.full((4, 4), 0.5 / 3, dtype=torch.float64).fill_diagonal_(0.5)
    prior = torch.full((4,), 0.25, dtype=torch.float64)
    information = bounds.known_channel(prior[:, None] * channel).information
    exponent = bounds.chernoff_information(channel)
    true = next(k for k in range(40) if bounds.repeated_accuracy(prior, channel, k) >= 0.9)
    assert (bounds.necessary_frames(0.9, 0.25, information), true, bounds.sufficient_frames(0.9, 4, exponent)) == (7, 16, 29)
    # halfway is the best weight of a symmetric pair: the Bhattacharyya coefficient
    assert exponent == pytest.approx(-math.log(2 * math.sqrt(0.5 / 6) + 2 / 6), abs=1e-12)


@pytest.mark.oracle
def test_chernoff_information_against_a_fine_grid():
    generator = torch.Generator().manual_seed(5)
    for _ in range(20):
        pair = torch.rand(2, 5, generator=generator, dtype=torch.float64) ** 3
        pair /= pair.sum(-1, keepdim=True)
        alpha = torch.linspace(0, 1, 100_001, dtype=torch.float64)[:, None]
        grid = -(pair[0].log() * (1 - alpha) + pair[1].log() * alpha).exp().sum(-1).log()
        # the grid misses the maximum by at most its curvature times (1e-5)²/8; log-ratios here are below 40
        assert bounds.chernoff_information(pair) == pytest.approx(grid.max().item(), abs=40**2 * 1e-10 / 8 + 1e-14)


def test_frames_under_a_shared_error():
    """There and back: the number found gives the goal; one frame fewer misses it."""
    for t, b, s, goal in [(1.0, 0.5, 1.0, 0.3), (2.0, 0.0, 3.0, 1.5), (0.1, 0.01, 5.0, 0.9)]:
        needed = bounds.frames_under_shared_error(t, b, s, goal)
        # the map is smooth: its condition number here is below 100
        assert bounds.shared_error_information(t, b, s, needed) == pytest.approx(goal, rel=100 * U)
        assert bounds.shared_error_information(t, b, s, 0.9 * needed) < goal
    assert bounds.frames_under_shared_error(1.0, 0.5, 1.0, math.log(3) / 2 + 1e-9) == math.inf
    assert bounds.frames_under_shared_error(1.0, 0.5, 1.0, 0.0) == 0
    covariance = lambda k: 0.5 * np.ones((k, k)) + 2.0 * np.eye(k)  # noqa: E731
    for k in (1, 2, 7):  # the same information by determinants: ln(det(noise + signal)/det(noise))/2
        direct = (np.linalg.slogdet(covariance(k) + np.ones((k, k)))[1] - np.linalg.slogdet(covariance(k))[1]) / 2
        assert bounds.shared_error_information(1.0, 0.5, 2.0, k) == pytest.approx(direct, abs=1e-13)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: bounds.complementarity(np.zeros(3)), r"2\^K entries in its last axis, K at least 1, got shape \(3,\)"),
        (lambda: bounds.complementarity(np.array([1.0, 2.0])), "must be 0 for no frame"),
        (lambda: bounds.net_synergy(np.array([0.0, math.nan])), "must be finite"),
        (lambda: bounds.submodularity_violation(np.zeros(2)), "K at least 2"),
        (lambda: bounds.greedy_frames(np.zeros(4), 3), "from 1 to the 2 frames, got 3"),
        (lambda: bounds.best_frames(np.zeros(4), True), "from 1 to the 2 frames, got True"),
        (lambda: bounds.subset_table(np.full((2, 2), 0.25), 0), "from 1 to 12, got 0"),
        (lambda: bounds.subset_table(np.full((2, 2), 0.3), 1), "the sum of joint"),
        (lambda: bounds.greedy_guarantee(0), "at least 1, got 0"),
        (lambda: bounds.necessary_frames(0.9, 0.5, 0.0), "best_frame must be above 0 nats"),
        (lambda: bounds.sufficient_frames(1.0, 4, 0.1), r"accuracy must be in \[0, 1\)"),
        (lambda: bounds.sufficient_frames(0.9, 1, 0.1), "alphabet must be an integer of at least 2"),
        (lambda: bounds.chernoff_information(np.array([[0.5, 0.6], [0.5, 0.5]])), "the sum of channel"),
        (lambda: bounds.repeated_accuracy(np.ones(1), np.ones((1, 1)), -1), "frames must be an integer of at least 0, got -1"),
        (lambda: bounds.repeated_accuracy(np.full(2, 0.5), np.full((2, 9), 1 / 9), 60), "too many to enumerate"),
        (lambda: bounds.repeated_accuracy(np.full(2, 0.5), np.ones((3, 1)), 1), "a row for each of the 2 targets"),
        (lambda: bounds.shared_error_information(1.0, -0.1, 1.0, 2), "shared_variance must be at least 0"),
        (lambda: bounds.frames_under_shared_error(1.0, 0.1, 1.0, -1.0), "information must be at least 0 nats"),
    ],
)
def test_bad_input_is_named(call, message):
    with pytest.raises(ValueError, match=message):
        call()
