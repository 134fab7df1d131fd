"""Information through learnt codes: near known values in many dimensions, nothing where nothing depends, the same again."""

import math

import pytest
import torch

from spacelib.estimators import ksg, latent_information


def folded(seed, samples, columns, r=0.9):
    """One normal number each, spread over many columns by a curve without self-crossings; and their information."""
    generator = torch.Generator().manual_seed(seed)
    u, noise = torch.randn(2, samples, 1, generator=generator, dtype=torch.float64)
    v = r * u + math.sqrt(1 - r * r) * noise
    maps = torch.randn(2, columns, generator=generator, dtype=torch.float64)
    x, y = (torch.tanh(w @ m[None]) + w for w, m in ((u, maps[0]), (v, maps[1])))
    return x, y, -math.log(1 - r * r) / 2


def test_near_the_truth_in_many_columns():
    """Within 4 standard errors and .15 for what codes of 2 numbers and neighbours in 150 samples miss."""
    x, y, truth = folded(0, 600, 20)
    result = latent_information(x, y, codes=2, batch=64, steps=200)
    assert abs(result.estimate - truth) < 4 * result.standard_error + 0.15
    assert result.samples == 600 and "learnt codes of 2 numbers, held out in 4 folds" in result.method
    assert result == latent_information(x.numpy(), y.numpy(), codes=2, batch=64, steps=200)


def test_nothing_where_nothing_depends():
    x, y, _ = folded(1, 240, 20, r=0.0)
    result = latent_information(x, y, codes=2, batch=64, steps=100)
    assert abs(result.estimate) < 4 * result.standard_error


def test_few_columns_are_their_own_code():
    """Nothing is learnt then: nearest neighbours, fold by fold, of fewer samples each."""
    x, y, truth = folded(2, 800, 1)
    result = latent_information(x, y)
    assert abs(result.estimate - ksg(x, y).estimate) < 4 * result.standard_error
    assert abs(result.estimate - truth) < 4 * result.standard_error


def test_a_discrete_target():
    """Which of three it is, told by twenty noisy columns almost surely: near ln 3."""
    generator = torch.Generator().manual_seed(3)
    y = torch.randint(3, (400,), generator=generator)
    x = 3 * torch.randn(3, 20, generator=generator, dtype=torch.float64)[y]
    x = x + torch.randn(400, 20, generator=generator, dtype=torch.float64)
    result = latent_information(x, y, codes=2, batch=64, steps=200)
    assert abs(result.estimate - math.log(3)) < 4 * result.standard_error + 0.1


def test_a_code_keeps_what_predicts_the_other():
    """Nineteen of twenty columns share a number of their own: of x it explains .31, but the twentieth explains .81 of y."""
    generator = torch.Generator().manual_seed(5)
    x = torch.randn(600, 20, generator=generator, dtype=torch.float64)
    x[:, 1:] += 0.7 * torch.randn(600, 1, generator=generator, dtype=torch.float64)
    y = 0.9 * x[:, 0] + math.sqrt(1 - 0.81) * torch.randn(600, generator=generator, dtype=torch.float64)
    truth = -math.log(1 - 0.81) / 2
    result = latent_information(x, y, codes=1, batch=64, steps=250)
    assert abs(result.estimate - truth) < 4 * result.standard_error + 0.15


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda x, y: latent_information(x, y[:30]), "same number of samples"),
        (lambda x, y: latent_information(x / 0, y), "x must be finite"),
        (lambda x, y: latent_information(x, y * 0), "column 0 of y is constant"),
        (lambda x, y: latent_information(x, y, codes=0), "codes must be a whole number, at least 1, got 0"),
        (lambda x, y: latent_information(x[:15], y[:15]), "4 folds need at least 16 samples, got 15"),
        (lambda x, y: latent_information(x, y, k=10), "k must be at least 1 and below the number of samples, 10, got 10"),
        (lambda x, y: latent_information(x, y, batch=1), "batch must be a whole number, at least 2, got 1"),
    ],
)
def test_errors_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call(*folded(4, 40, 6)[:2])
