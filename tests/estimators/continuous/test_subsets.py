"""All subsets in one run: equal to one estimate after another; p-values that are uniform where nothing depends."""

import itertools

import pytest
import torch

from spacelib.estimators import gaussian_copula_information, ksg, subset_information

ONE = {"ksg": ksg, "gaussian_copula": gaussian_copula_information}


def scenes(seed, samples, frames, width=2, strength=1.0):
    generator = torch.Generator().manual_seed(seed)
    target = torch.randn(samples, 1, generator=generator, dtype=torch.float64)
    seen = torch.randn(samples, frames, width, generator=generator, dtype=torch.float64)
    seen[..., 0] += strength * target
    return seen, target


@pytest.mark.parametrize("method", ["ksg", "gaussian_copula"])
def test_equal_to_one_estimate_after_another(method):
    seen, target = scenes(0, 200, 4)
    frames = [seen[:, 0], seen[:, 1], seen[:, 2, :1], torch.cat([seen[:, 3], seen[:, 2]], 1)]
    if method == "gaussian_copula":
        frames[3] = seen[:, 3]
    result = subset_information(frames, target, method=method)
    for size in range(1, 5):
        for members in itertools.combinations(range(4), size):
            want = ONE[method](torch.cat([frames[m] for m in members], 1), target)
            got = result.of(*members)
            assert got.estimate == pytest.approx(want.estimate, abs=1e-9)
            assert got.standard_error == pytest.approx(want.standard_error, rel=1e-6)
            assert got.interval == pytest.approx(want.interval, abs=1e-6)
    assert result.information[0] == result.standard_error[0] == 0
    numpy = subset_information([frame.numpy() for frame in frames], target.numpy(), method=method)
    assert torch.equal(numpy.information, result.information)


@pytest.mark.parametrize("method", ["ksg", "gaussian_copula"])
def test_p_values(method):
    seen, target = scenes(1, 150, 2)
    result = subset_information(seen, target, method=method, permutations=39)
    assert result.p_value.tolist() == pytest.approx([1, 1 / 40, 1 / 40, 1 / 40])
    assert subset_information(seen, target, method=method).p_value is None
    again = subset_information(seen, target, method=method, permutations=39, generator=torch.Generator().manual_seed(0))
    assert torch.equal(again.p_value, result.p_value)


@pytest.mark.coverage
def test_p_values_are_uniform_where_nothing_depends():
    """200 runs with 19 permutations: P(p <= .1) is .1 exactly, and 41 or more of 200 has probability below 1e-5."""
    low = torch.zeros(3)
    for seed in range(200):
        seen, target = scenes(seed, 40, 2, strength=0.0)
        low += subset_information(seen, target, permutations=19).p_value[1:] <= 0.1
    assert bool((low <= 40).all()) and bool((low >= 4).all())


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda f, t: subset_information(f, t, method="nn"), "method must be one of .* got 'nn'"),
        (lambda f, t: subset_information(f[:, 0], t), r"frames must be a list or have shape \(samples, frames, dimension\)"),
        (lambda f, t: subset_information([], t), "frames must be 1 to 12, got 0"),
        (lambda f, t: subset_information(f, t[:9]), "same number of samples"),
        (lambda f, t: subset_information(f * torch.nan, t), "frame 0 must be finite"),
        (lambda f, t: subset_information([f[:, 0], f[:, 0]], t), "linearly dependent"),
        (lambda f, t: subset_information(f, t, method="ksg", k=50), "k must be at least 1 and below .* got 50"),
        (lambda f, t: subset_information(f, t, permutations=-1), "permutations must be a whole number, at least 0, got -1"),
        (lambda f, t: subset_information(f, t).of(3), "frames must be different numbers from 0 to 1"),
        (lambda f, t: subset_information(f[:5], t[:5]), "5 columns need at least 7 samples, got 5"),
    ],
)
def test_errors_name_what_is_wrong(call, message):
    with pytest.raises(ValueError, match=message):
        call(*scenes(0, 50, 2))
