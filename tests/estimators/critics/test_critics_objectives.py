"""The terms of the critics: their means by definition and where theory puts them, their spread the one that is seen."""

import math

import pytest
import torch

from spacelib.estimators.critics.crossfit import mean_and_error
from spacelib.estimators.critics.objectives import CLIP, OBJECTIVES, terms

SCORES = ["mine", "nwj", "infonce", "smile"]


def by_definition(method, f):
    """The bounds as their papers write them, pair by pair."""
    size = len(f)
    real = sum(f[i, i].item() for i in range(size)) / size
    if method == "infonce":
        rows = [f[i, i].item() - math.log(sum(math.exp(f[i, j].item()) for j in range(size)) / size) for i in range(size)]
        return sum(rows) / size
    cut = (lambda s: max(-CLIP, min(CLIP, s))) if method == "smile" else (lambda s: s)
    pairs = [math.exp(cut(f[i, j].item())) for i in range(size) for j in range(size) if i != j]
    mean = sum(pairs) / len(pairs)
    return 1 + real - mean if method == "nwj" else real - math.log(mean)


@pytest.mark.parametrize("method", SCORES)
def test_means_by_definition(method):
    f = 4 * torch.randn(2, 9, 9, generator=torch.Generator().manual_seed(0), dtype=torch.float64)
    assert f.abs().max() > CLIP
    for group in range(2):
        assert terms(method, f)[group].mean().item() == pytest.approx(by_definition(method, f[group]), rel=1e-12)
        if method != "smile":  # trained for what it is worth
            assert OBJECTIVES[method](f)[group].item() == pytest.approx(by_definition(method, f[group]), rel=1e-12)
    assert terms(method, torch.zeros(5, 5)).abs().max() < 1e-6  # a constant critic finds nothing, without an error


def test_smile_is_trained_to_classify():
    f = torch.randn(6, 6, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    labels = torch.eye(6, dtype=torch.float64)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(f, labels, reduction="none")
    want = -(loss.diagonal().mean() + loss[labels == 0].mean())
    assert OBJECTIVES["smile"](f).item() == pytest.approx(want.item(), abs=1e-12)


@pytest.mark.coverage
@pytest.mark.parametrize("method", SCORES)
def test_the_best_critic_of_normal_pairs(method):
    """f is the logarithm of the ratio of densities: means within 4 errors of I, InfoNCE below; the error that is seen."""
    runs, size, r = 400, 100, 0.7
    generator = torch.Generator().manual_seed(2)
    x, noise = torch.randn(2, runs, size, generator=generator, dtype=torch.float64)
    y = r * x + math.sqrt(1 - r * r) * noise
    a, b = x[:, :, None], y[:, None, :]
    truth = -math.log(1 - r * r) / 2
    f = truth + (2 * r * a * b - r * r * (a * a + b * b)) / (2 * (1 - r * r))
    values = terms(method, f)
    estimates, errors = values.mean(-1), values.std(-1) / math.sqrt(size)
    spread = estimates.std().item()
    off = estimates.mean().item() - truth
    # the logarithm of a mean is too low by half its relative variance, at most that of the estimate
    allowed = 4 * spread / math.sqrt(runs) + (0 if method == "nwj" else spread**2 / 2)
    assert off < allowed and (method == "infonce" or off > -allowed)
    # the sd of a sd from 400 runs is .035 of it; the linear terms miss some of the pairs' own noise at 100 samples
    assert 0.8 < errors.square().mean().sqrt().item() / spread < 1.15


@pytest.mark.coverage
def test_the_error_holds_the_spread_of_the_folds():
    """Terms with an offset for each of 5 folds: the squared error is right on average, within 4 errors of simulation."""
    runs, samples = 4000, 50
    generator = torch.Generator().manual_seed(3)
    folds = list(torch.randperm(samples, generator=generator).tensor_split(5))
    terms = torch.randn(runs, samples, generator=generator, dtype=torch.float64)
    for rows in folds:
        terms[:, rows] += torch.randn(runs, 1, generator=generator, dtype=torch.float64)
    mean, error = mean_and_error(terms, folds)
    truth = 1 / 5 + 1 / 50
    squares = error.square()
    assert abs(squares.mean().item() - truth) < 4 * squares.std().item() / math.sqrt(runs) + 0.001  # cut at 0 now and then
    assert mean.square().mean().item() == pytest.approx(truth, rel=4 * math.sqrt(2 / runs))


@pytest.mark.oracle
@pytest.mark.parametrize("method", SCORES)
def test_terms_are_what_leaving_a_sample_out_changes(method):
    """Against the jackknife's pseudo-values, n v - (n - 1) v_{-i}: equal to first order, the rest is of order 1/n."""
    size = 200
    a, b = torch.randn(2, size, generator=torch.Generator().manual_seed(4), dtype=torch.float64)
    f = (a[:, None] * b + b - 0.3 * a[:, None]) / 2  # exp f of light tails, so that 200 samples are many
    whole = terms(method, f).mean()
    kept = [torch.arange(size) != i for i in range(size)]
    left = torch.stack([terms(method, f[keep][:, keep]).mean() for keep in kept])
    pseudo = size * whole - (size - 1) * left
    centred = [values - values.mean() for values in (terms(method, f), pseudo)]
    assert (centred[0] - centred[1]).std() < 10 / size * centred[0].std()
