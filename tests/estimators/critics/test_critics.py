"""Information by critics: near known values, honest about what was learnt by heart, the same in a stack as alone."""

import math

import pytest
import torch

from spacelib.estimators import critic_information, critic_subset_information
from spacelib.estimators.critics import information
from spacelib.estimators.critics.crossfit import judged, parts, train
from spacelib.estimators.critics.networks import Critic, Mixture
from spacelib.estimators.critics.objectives import OBJECTIVES

METHODS = list(information.METHODS)


def pair(seed, samples, columns=1, r=0.8):
    """Normal x and y whose columns are correlated one by one, and their information."""
    generator = torch.Generator().manual_seed(seed)
    x, noise = torch.randn(2, samples, columns, generator=generator, dtype=torch.float64)
    return x, r * x + math.sqrt(1 - r * r) * noise, -columns * math.log(1 - r * r) / 2


@pytest.mark.parametrize("method", METHODS)
def test_near_the_truth_of_normal_pairs(method):
    """Within 4 standard errors, and .05 for what a small network misses."""
    x, y, truth = pair(0, 600)
    result = critic_information(x, y, method=method, batch=64, steps=150)
    assert abs(result.estimate - truth) < 4 * result.standard_error + 0.05
    assert result.interval == pytest.approx([result.estimate + s * 1.96 * result.standard_error for s in (-1, 1)])
    assert result.samples == 600 and "held out in 5 folds" in result.method


def test_why_samples_are_held_out():
    """Nothing depends, the network is large: held out it finds nothing, judged on copies of what it learnt it finds much."""
    x, y, _ = pair(1, 200, 3, r=0.0)
    settings = {"method": "smile", "hidden": 128, "batch": 64, "steps": 400}
    honest = critic_information(x, y, **settings)
    assert honest.interval[0] <= 0 <= honest.interval[1]
    by_heart = critic_information(x.repeat(5, 1), y.repeat(5, 1), **settings)
    assert by_heart.interval[0] > 0.1


def test_no_network_sees_what_it_is_judged_on():
    """Other values in a fold leave the network that judges it as it was, to the last bit; one that trains on it changes."""
    x, y, _ = pair(2, 60, 2)
    x, y = x.float(), y.float()
    folds = parts(60, 3, torch.Generator().manual_seed(0))
    assert torch.equal(torch.cat(folds).sort().values, torch.arange(60))
    with torch.device("meta"):
        network = Critic(2, 2, 8)
    budget = {"batch": 16, "steps": 30, "seed": 5}
    masks = torch.ones(1, 2)
    before = train(network, masks, x, y, folds, OBJECTIVES["mine"], **budget)
    other = y.clone()
    other[folds[0]] = 7 - y[folds[0]]
    after = train(network, masks, x, other, folds, OBJECTIVES["mine"], **budget)
    name = "of_y.0.weight"
    assert torch.equal(before[name][0], after[name][0])
    assert not torch.equal(before[name][1], after[name][1])
    rows = torch.cat([group for group, _ in judged(network, before, masks, x, y, folds)])
    assert torch.equal(rows.sort().values, torch.arange(60))


def test_infonce_stops_at_the_logarithm_of_its_group():
    x, _, _ = pair(3, 150)
    y = x + 1e-3 * torch.randn(150, 1, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    result = critic_information(x, y, method="infonce", folds=3, batch=64, steps=250)
    assert "at most ln 50" in result.method
    assert 1.5 < result.estimate <= math.log(50) < math.log(1000)  # I is about ln 1000


@pytest.mark.parametrize("method", ["nwj", "entropies"])
def test_increasing_functions_of_columns_change_nothing(method):
    x, y, _ = pair(4, 100, 2)
    plain = critic_information(x, y, method=method, steps=20)
    assert critic_information(x * torch.tensor([1e6, 1e-6]) + 3, y.exp(), method=method, steps=20) == plain
    assert critic_information(x.numpy(), y.numpy(), method=method, steps=20) == plain


def test_the_generator_decides_all():
    x, y, _ = pair(5, 100)
    state = torch.random.get_rng_state()
    runs = [critic_information(x, y, steps=30, generator=torch.Generator().manual_seed(s)) for s in (1, 1, 2)]
    assert runs[0] == runs[1] != runs[2]
    assert torch.equal(state, torch.random.get_rng_state())


@pytest.mark.oracle
def test_a_mixture_is_a_density():
    """Its logarithm equals torch's own mixture of normal laws with the same weights, means and precision factors."""
    torch_rows = torch.randn(7, 3, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    x, y = torch_rows[:, :1], torch_rows[:, 1:]
    network = Mixture(1, 2, 5).double()
    generator = torch.Generator().manual_seed(1)
    for value in network.parameters():
        value.data.normal_(generator=generator)
    weight, mean, factor = network.head(x).unflatten(-1, (4, -1)).split([1, 2, 4], -1)
    factor = factor.unflatten(-1, (2, 2))
    factor = factor.tril(-1) + torch.diag_embed((8 * torch.tanh(factor.diagonal(dim1=-2, dim2=-1) / 8)).exp())
    laws = torch.distributions.MultivariateNormal(mean, precision_matrix=factor.mT @ factor)
    mixture = torch.distributions.MixtureSameFamily(torch.distributions.Categorical(logits=weight[..., 0]), laws)
    torch.testing.assert_close(network(x, y), mixture.log_prob(y))


@pytest.mark.parametrize("method", ["smile", "entropies"])
def test_all_subsets_in_one_run(method, monkeypatch):
    """The subset of all frames is the single run; how many networks are held at once changes rounding only."""
    x, y, _ = pair(6, 240, 3, r=0.6)
    target = y.sum(1)
    settings = {"method": method, "steps": 20}
    frames = [x[:, :1], x[:, 1:2], x[:, 1:]]
    result = critic_subset_information(frames, target, **settings)
    assert len(result.information) == 8 and result.information[0] == result.standard_error[0] == 0
    alone = critic_information(torch.cat(frames, 1), target, **settings)
    # 20 steps of at most 1e-3 each: orders of sums move float32 scores by some 1e-6, Adam by as many steps
    assert result.of(0, 1, 2).estimate == pytest.approx(alone.estimate, abs=1e-4)
    assert result.of(0, 1, 2).method == alone.method
    single = critic_information(frames[0], target, **settings)
    near = result.of(0)
    assert abs(near.estimate - single.estimate) < 4 * math.hypot(near.standard_error, single.standard_error)
    monkeypatch.setattr(information, "_SCORES", 1)
    one_by_one = critic_subset_information(frames, target, **settings)
    torch.testing.assert_close(one_by_one.information, result.information, rtol=0, atol=1e-4)


def test_subsets_see_their_frames_only():
    """Frame 1 is all that tells: the subsets with it find it, those without do not."""
    x, y, truth = pair(7, 400, 2, r=0.9)
    result = critic_subset_information(x[:, :, None], y[:, 1], batch=64, steps=200)
    assert abs(result.information[1].item()) < 4 * result.standard_error[1].item() + 1e-12
    for subset in (2, 3):
        assert abs(result.information[subset].item() - truth / 2) < 4 * result.standard_error[subset].item() + 0.1


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, y: critic_information(x, y, method="flow"), "method must be one of .* got 'flow'"),
        (lambda x, y: critic_information(x, y[:30]), "same number of samples"),
        (lambda x, y: critic_information(x * torch.nan, y), "x must be finite"),
        (lambda x, y: critic_information(x, y * 0), "column 0 of y is constant"),
        (lambda x, y: critic_information(x[:19], y[:19]), "5 folds need at least 20 samples, got 19"),
        (lambda x, y: critic_information(x, y, folds=2), "folds must be a whole number, at least 3, got 2"),
        (lambda x, y: critic_information(x, y, steps=0.5), "steps must be a whole number, at least 1, got 0.5"),
        (lambda x, y: critic_information(x, y.round(), method="entropies"), "column 0 has . different values in 40"),
        (lambda x, y: critic_subset_information(x, y), r"frames must be a list or have shape \(samples, frames, dimension\)"),
        (lambda x, y: critic_subset_information([x] * 9, y), "frames must be 1 to 8, got 9"),
        (lambda x, y: critic_subset_information([x, x[:5]], y), "same number of samples"),
    ],
)
def test_errors_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call(*pair(8, 40)[:2])


def test_the_least_samples_give_numbers():
    x, y, _ = pair(9, 20, 4)
    for method in METHODS:
        result = critic_information(x, y, method=method, steps=50)
        assert all(map(math.isfinite, (result.estimate, result.standard_error)))
