"""Mutual information of discrete samples: identities, an independent oracle, the border, errors."""

import math
from collections import Counter

import numpy as np
import pytest
import torch
from channels import symmetric_information, symmetric_sample
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from interval_reference import interval as by_hand
from scipy.stats import chi2_contingency

from spacelib.estimators import Estimate, entropy, information_from_counts, mutual_information
from spacelib.estimators.entropy import METHODS

tables = arrays(np.int64, st.tuples(st.integers(1, 5), st.integers(1, 5)), elements=st.integers(0, 30)).filter(np.any)
cubes = arrays(np.int64, (2, 3, 4), elements=st.integers(0, 9)).filter(np.any)
ROUNDING = 1e-12  # sums of at most 24 logarithms of numbers up to 1e4


def plug_in(counts, **options):
    return information_from_counts(counts, method="plug_in", **options)


def by_counting(x, y, z=None):
    """The plug-in from dictionaries, one sample at a time: shares no code with the library."""
    n = len(x)
    z = [0] * n if z is None else z
    xyz, xz, yz, zs = (Counter(zip(*v, strict=True)) for v in ((x, y, z), (x, z), (y, z), (z,)))
    return sum(c / n * math.log(c * zs[(k[2],)] / (xz[k[0], k[2]] * yz[k[1], k[2]])) for k, c in xyz.items())


def samples_of(table):
    """One row of codes per count."""
    return np.repeat(np.argwhere(table >= 0), table.ravel(), axis=0)


@pytest.mark.property
@given(tables)
def test_symmetric_nonnegative_bounded(table):
    value = plug_in(table)
    n = table.sum()
    assert value == pytest.approx(plug_in(table.T), abs=ROUNDING)
    entropies = [-sum(p * math.log(p) for p in table.sum(axis) / n if p > 0) for axis in (0, 1)]
    assert 0 <= value <= min(entropies) + ROUNDING


@pytest.mark.property
@given(tables, st.randoms(use_true_random=False))
def test_relabelling_changes_nothing(table, random):
    rows, columns = list(range(table.shape[0])), list(range(table.shape[1]))
    random.shuffle(rows)
    random.shuffle(columns)
    for method in ("plug_in", "miller_madow"):
        shuffled = information_from_counts(table[rows][:, columns], method=method)
        assert shuffled == pytest.approx(information_from_counts(table, method=method), abs=ROUNDING)


@pytest.mark.property
@given(cubes)
def test_chain_rule(cube):
    """I(X; (Y, Z)) = I(X; Z) + I(X; Y | Z), axes (z, x, y)."""
    joint = plug_in(cube.transpose(1, 0, 2).reshape(3, 8))
    assert joint == pytest.approx(plug_in(cube.sum(2).T) + plug_in(cube, conditional=True), abs=ROUNDING)


@pytest.mark.property
@given(tables)
def test_miller_madow_is_the_plug_in_less_the_observed_supports(table):
    x, y = (table.sum(axis) > 0 for axis in (1, 0))
    correction = ((table > 0).sum() - x.sum() - y.sum() + 1) / (2 * table.sum())
    assert information_from_counts(table) == pytest.approx(plug_in(table) - correction, abs=ROUNDING)
    if (table > 0).all():
        product = (len(x) - 1) * (len(y) - 1) / (2 * table.sum())
        assert plug_in(table) - information_from_counts(table) == pytest.approx(product, abs=ROUNDING)


@pytest.mark.oracle
@given(tables.filter(lambda t: (t.sum(0) > 0).all() and (t.sum(1) > 0).all()))
def test_plug_in_is_half_the_likelihood_ratio_statistic(table):
    g = chi2_contingency(table, correction=False, lambda_="log-likelihood").statistic if min(table.shape) > 1 else 0.0
    assert plug_in(table) == pytest.approx(g / (2 * table.sum()), abs=1e-11)


@pytest.mark.oracle
@pytest.mark.parametrize("conditional", [False, True])
def test_samples_against_counting_one_by_one(conditional, device):
    random = np.random.default_rng(0)
    for _ in range(20):
        n = int(random.integers(1, 200))
        x, y, z = random.integers(-3, 4, n), random.integers(5, 9, n), random.integers(0, 3, n)
        result = mutual_information(
            torch.tensor(x, device=device), torch.tensor(y, device=device),
            condition=torch.tensor(z, device=device) if conditional else None, method="plug_in", resamples=100,
        )  # fmt: skip
        assert result.estimate == pytest.approx(by_counting(x, y, z if conditional else None), abs=ROUNDING)
        assert result.samples == n


@pytest.mark.property
@settings(max_examples=20)
@given(cubes)
def test_samples_and_counts_agree(cube):
    z, x, y = samples_of(cube).T
    for method in METHODS:
        for condition, table in ((z, cube), (None, cube.sum(0))):
            alphabet = table.shape[-2:]
            declared = mutual_information(x, y, condition=condition, method=method, alphabet=alphabet, resamples=100).estimate
            want = information_from_counts(table, method=method, conditional=condition is not None)
            if method in ("plug_in", "miller_madow", "chao_shen", "grassberger") or condition is None or len(set(z)) == 2:
                assert declared == pytest.approx(max(0.0, want), abs=ROUNDING), method


@pytest.mark.property
@settings(max_examples=40)
@given(tables)
def test_other_methods_are_three_entropies(table):
    for method in METHODS:
        if method != "plug_in":  # exact, but with rounding of its own at 0
            parts = [entropy(t, method=method) for t in (table.sum(1), table.sum(0), table.ravel())]
            assert information_from_counts(table, method=method) == pytest.approx(parts[0] + parts[1] - parts[2], abs=ROUNDING)


@pytest.mark.property
@settings(max_examples=20)
@given(cubes)
def test_with_a_condition_they_are_four(cube):
    for method in METHODS[1:]:
        xz, yz, xyz, z = (entropy(t.ravel(), method=method) for t in (cube.sum(2), cube.sum(1), cube, cube.sum((1, 2))))
        got = information_from_counts(cube, method=method, conditional=True)
        assert got == pytest.approx(xz + yz - xyz - z, abs=ROUNDING), method


@pytest.mark.property
@given(arrays(np.int64, 5, elements=st.integers(1, 997)), arrays(np.int64, 4, elements=st.integers(1, 997)))
def test_independence_is_never_negative_by_rounding(x, y):
    assert 0 <= plug_in(np.outer(x / 7, y / 11)) <= ROUNDING


def test_declared_alphabets_are_those_of_the_axes():
    """Four letters of which three occur: the declared alphabet is the table with its empty row and column."""
    random = np.random.default_rng(2)
    x = random.integers(0, 3, 60)
    y = np.where(random.random(60) < 0.7, x, random.integers(0, 3, 60))
    table = np.zeros((4, 4), dtype=int)
    np.add.at(table, (x, y), 1)
    for method in ("nsb", "shrinkage"):
        declared = mutual_information(x, y, method=method, alphabet=(4, 4), resamples=100).estimate
        observed = mutual_information(x, y, method=method, resamples=100).estimate
        assert declared == pytest.approx(max(0.0, information_from_counts(table, method=method)), abs=ROUNDING)
        assert observed == pytest.approx(max(0.0, information_from_counts(table[:3, :3], method=method)), abs=ROUNDING)
        assert observed != declared


def test_rows_of_codes_are_symbols():
    random = np.random.default_rng(1)
    pairs, y = random.integers(0, 3, (300, 2)), random.integers(0, 3, 300)
    want = mutual_information(pairs @ [3, 1], y)
    assert mutual_information(pairs, y[:, None]) == want


def test_batches_and_kinds():
    counts = torch.randint(0, 9, (4, 5, 3, 3), generator=torch.Generator().manual_seed(0))
    batch = information_from_counts(counts)
    assert batch.shape == (4, 5) and batch.dtype == torch.float64
    assert batch[2, 3] == pytest.approx(information_from_counts(counts[2, 3].numpy()), abs=ROUNDING)
    assert information_from_counts(counts.float()).dtype == torch.float32
    assert isinstance(information_from_counts(counts.numpy()), np.ndarray)


def test_the_same_data_give_the_same_figures_and_a_generator_changes_only_the_interval():
    x, y, scene = symmetric_sample(torch.Generator().manual_seed(0), 100, 3, 4, 0.6)
    one = mutual_information(x, y, clusters=scene)
    assert one == mutual_information(x, y, clusters=scene) and isinstance(one, Estimate)
    other = mutual_information(x, y, clusters=scene, generator=torch.Generator().manual_seed(9))
    assert other.estimate == one.estimate and other.interval != one.interval
    assert one.interval[0] < one.estimate < one.interval[1]


@pytest.mark.oracle
@pytest.mark.parametrize(("m", "accuracy", "seed"), [(8, 0.6, 3), (2, 0.5, 0), (3, 0.97, 1)])
def test_the_interval_against_one_made_by_hand(m, accuracy, seed):
    """50 scenes of one to three items: empty cells and dependence count, near no information, and near all of it."""
    x, y, scene = symmetric_sample(torch.Generator().manual_seed(seed), 50, 3, m, accuracy, 0.5)
    keep = torch.arange(150) % 7 != 1
    x, y, scene = x[keep], y[keep], scene[keep]
    blocks = [list(zip(x[scene == s].tolist(), y[scene == s].tolist(), strict=True)) for s in range(50)]
    low, high, error = by_hand(blocks, 2000, seed)
    result = mutual_information(x, y, clusters=scene, resamples=4000)
    assert result.standard_error == pytest.approx(error, rel=1e-9)
    assert result.interval[0] == pytest.approx(low, abs=1e-9)  # nothing random; and rounding through a root
    # The upper end's bootstrap: its 97.5 % point has a sd of .06 deviations in 2000 draws, its mean .022: four of .09.
    assert result.interval[1] == pytest.approx(high, abs=0.36 * result.standard_error)


@pytest.mark.oracle
@given(st.integers(0, 10**6))
def test_conditional_intervals_of_one_condition_are_plain(seed):
    """A condition that never varies changes no figure."""
    x, y, scene = symmetric_sample(torch.Generator().manual_seed(seed), 12, 2, 3, 0.6)
    plain = mutual_information(x, y, clusters=scene, resamples=100)
    assert mutual_information(x, y, condition=torch.ones_like(x), clusters=scene, resamples=100) == plain


def test_large_samples_find_the_truth():
    """10^5 items: the estimate within four standard errors, the standard error near the delta method's."""
    x, y, _ = symmetric_sample(torch.Generator().manual_seed(0), 100_000, 1, 4, 0.6)
    table = torch.zeros(4, 4).index_put_((x, y), torch.ones(()), accumulate=True)
    truth = symmetric_information(4, 0.6)
    # sd of ln(p(x,y)/(p(x)p(y))): the log-ratio is ln 2.4 with probability .6, ln(.4/.75) with .4
    deviation = math.sqrt(0.24) * math.log(2.4 / (0.4 / 0.75))
    assert abs(information_from_counts(table).item() - truth) < 4 * deviation / math.sqrt(100_000)
    small = mutual_information(x[:5000], y[:5000])
    # bootstrap sd of 1000 resamples: relative error sqrt(1/2000); the delta method's next order is 1/sqrt(n)
    assert small.standard_error == pytest.approx(deviation / math.sqrt(5000), rel=5 / math.sqrt(2000) + 1 / math.sqrt(5000))


def test_one_scene_says_nothing_about_others():
    x = torch.tensor([0, 1, 0, 1])
    result = mutual_information(x, x, clusters=torch.zeros(4, dtype=torch.int64))
    assert result.interval == (0.0, math.inf) and result.standard_error == math.inf


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda x: mutual_information(x * 1.0, x), TypeError, "x must hold integer codes as y does, or all must be continuous; got x torch.float32, y torch.int64"),
        (lambda x: mutual_information(x, [1, 2]), TypeError, "y must be a torch tensor or a numpy array, got list"),
        (lambda x: mutual_information(x, x[:3]), ValueError, "same number of samples, got {'x': 10, 'y': 3}"),
        (lambda x: mutual_information(x[:0], x[:0]), ValueError, "x must have shape .* at least one sample"),
        (lambda x: mutual_information(x, x, method="ksg"), ValueError, "method must be one of .* got 'ksg'"),
        (lambda x: mutual_information(x, x, method="nsb", alphabet=(9, 20)), ValueError, "at least the \\(10, 10\\) observed"),
        (lambda x: information_from_counts(x[:, None] / 2, method="nsb"), ValueError, "whole numbers for this method, got 0.5"),
        (lambda x: mutual_information(x, x, resamples=5), ValueError, "resamples must be at least 100, got 5"),
        (lambda x: information_from_counts(x[:, None] - 5), ValueError, "finite and at least 0"),
        (lambda x: information_from_counts(x), ValueError, "at least 2 dimensions"),
        (lambda x: information_from_counts(torch.zeros(2, 2)), ValueError, "at least one count"),
        (lambda x: information_from_counts(torch.full((2, 2), math.nan)), ValueError, "finite"),
        (lambda x: information_from_counts("ab"), TypeError, "got str"),
        (lambda x: information_from_counts(torch.ones(2, 2), method="auto"), ValueError, "'auto'"),
    ],
)
def test_errors_name_the_argument_and_the_value(call, error, words):
    with pytest.raises(error, match=words):
        call(torch.arange(10))
