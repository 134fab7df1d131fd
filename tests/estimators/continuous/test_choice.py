"""The choice among continuous estimators: what it picks by the data, what its table says, and the external tasks."""

import math
import re

import numpy as np
import pandas as pd
import pytest
import torch
from normal_laws import normal_pair

from spacelib.estimators import (
    chosen_information,
    continuous_table,
    gaussian_copula_information,
    gaussian_information,
    ksg,
    mutual_information,
    t_copula_information,
)
from spacelib.estimators.continuous.families import families
from spacelib.estimators.continuous.tabulate import canonical_correlation_information, measure, settings
from spacelib.estimators.continuous.tasks import task_folder, tasks


@pytest.mark.parametrize(
    ("name", "picked"),
    [
        ("log-normal, 3 + 3", "Gaussian copula; not contradicted"),
        ("t, 2 degrees, 4 + 3", "t copula, .* degrees of freedom; not contradicted"),
        ("wave, 1 + 1", "nearest neighbours, .* contradicted"),
        ("wave, 5 + 1", "a learned critic, .* contradicted"),
    ],
)
def test_picks_by_the_data(name, picked):
    family = families()[name]
    x, y = family.sample(torch.Generator().manual_seed(0), 1500)
    result = chosen_information(x, y)
    low, high = result.interval
    assert low <= result.estimate <= high
    assert low - 2 * result.standard_error <= family.information <= high + 2 * result.standard_error  # four from the middle
    assert re.search(picked, result.method), result.method


def test_margins_and_order_do_not_matter():
    x, y, _ = normal_pair(0, 150, 2, 1, 1.0)
    plain = mutual_information(x, y)
    assert mutual_information(x.exp().numpy(), (y**3).numpy(), generator=torch.Generator().manual_seed(0)) == plain


def test_ties_are_said():
    x, y, _ = normal_pair(0, 150, 1, 1, 1.0)
    assert "ties jittered" in mutual_information(x.round(decimals=1), y).method


def test_few_samples_are_left_to_the_copula():
    x, y, _ = normal_pair(0, 60, 1, 1, 1.0)
    assert "too few samples" in mutual_information(x, y).method


def test_one_front_door():
    x, y, _ = normal_pair(0, 200, 1, 2, 1.0)
    z = x + torch.randn(200, 1, generator=torch.Generator().manual_seed(1), dtype=torch.float64)
    doors = {"ksg": ksg, "gaussian": gaussian_information, "gaussian_copula": gaussian_copula_information}
    for method, function in doors.items():
        assert mutual_information(x, y, method=method) == function(x, y)
        assert mutual_information(x, y, condition=z, method=method) == function(x, y, condition=z)
    assert mutual_information(x, y, method="t_copula") == t_copula_information(x, y)
    assert mutual_information(x, y) == chosen_information(x, y)
    codes = (x > 0).long()
    assert "Miller-Madow" in mutual_information(codes, codes).method


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda x, y: mutual_information(x, y.long()), TypeError, "x must hold integer codes as y does"),
        (lambda x, y: mutual_information(x, y, condition=x.long()), TypeError, "x and y must hold .* as condition does"),
        (lambda x, y: mutual_information(x, y, method="plug_in"), ValueError, "method must be one of .* got 'plug_in'"),
        (lambda x, y: mutual_information(x, y, clusters=y.long()), ValueError, "clusters must be None for real numbers"),
        (lambda x, y: mutual_information(x, y, alphabet=(2, 2)), ValueError, "alphabet must be None for real numbers"),
        (lambda x, y: mutual_information(x, y, condition=x), ValueError, "with a condition .* got 'auto'"),
        (lambda x, y: mutual_information(x, y[:9]), ValueError, "same number of samples, got {'x': 50, 'y': 9}"),
        (lambda x, y: mutual_information(x, y * math.nan), ValueError, "y must be finite"),
        (lambda x, y: mutual_information(x, y * 0), ValueError, "column 0 of y is constant"),
        (lambda x, y: mutual_information(x[:4], y[:4]), ValueError, "3 columns need at least 5 samples, got 4"),
        (lambda x, y: mutual_information(x, x), ValueError, "linearly dependent"),
    ],
)
def test_errors_name_what_is_wrong(call, error, message):
    x, y, _ = normal_pair(0, 50, 1, 2, 1.0)
    with pytest.raises(error, match=message):
        call(x, y)


@pytest.mark.oracle
@pytest.mark.parametrize("name", ["uniform noise .3", "uniform noise 1.5", "wave, 1 + 1", "rings", "swiss roll of a normal"])
def test_the_truths_of_the_families(name):
    """Nearest neighbours in low dimension, 20,000 samples: five standard errors, and .02 for the bias of k = 3."""
    x, y = families()[name].sample(torch.Generator().manual_seed(5), 20_000)
    result = ksg(x, y)
    assert result.estimate == pytest.approx(families()[name].information, abs=5 * result.standard_error + 0.02)


def errors(table):
    """Of each law the distance of the mean over its draws from the truth."""
    mean = table.groupby("name", sort=False)[["estimate", "information", "ksg", "cca", "gaussian_copula"]].mean()
    return mean.sub(mean["information"], axis=0).abs().drop(columns="information")


def covered(table):
    return (table["low"] <= table["information"]) & (table["information"] <= table["high"])


def assert_bars(table):
    """What is asked of the 20 external tasks."""
    error = errors(table)["estimate"]
    assert error.mean() < 0.08 and error.median() < 0.03 and (error < 0.05).mean() >= 0.75
    assert covered(table).mean() >= 0.85 and (table["high"] - table["low"]).median() <= 0.2


def test_the_table_is_whole_and_within_its_bars():
    table = continuous_table()
    every = table[["suite", "name", "draw"]].value_counts()
    assert every.max() == 1 and len(table[table["suite"] == "tasks"]) == 60
    assert set(table[table["suite"] == "families"]["name"]) == set(families())
    assert_bars(table[table["suite"] == "tasks"])
    assert (table.groupby("name")["draw"].count() == 3).all()


@pytest.mark.parametrize(
    "setting",
    [
        ("families", "uniform noise 1.5", 1),
        pytest.param(("families", "normal, 3 + 1", 0), marks=pytest.mark.long),
        pytest.param(("families", "three clusters, 5 + 5", 2), marks=pytest.mark.long),
    ],
)
def test_a_row_again(setting):
    """A row of the table is measured again: the critic's float32 sums depend on the machine in their last bits, and grow."""
    fresh, table = measure(setting), continuous_table()
    row = table[(table["suite"] == setting[0]) & (table["name"] == setting[1]) & (table["draw"] == setting[2])].iloc[0]
    assert fresh["estimate"] == pytest.approx(row["estimate"], abs=0.02)
    assert fresh["method"].split(",")[0] == row["method"].split(",")[0]
    for peer in ("ksg", "cca", "gaussian_copula", "information"):
        assert fresh[peer] == pytest.approx(row[peer], rel=1e-4, abs=1e-6)


def test_canonical_correlations_are_the_plug_in():
    x, y, _ = normal_pair(0, 300, 2, 3, 1.0)
    rows = torch.cat([x, y], 1).T
    log = [torch.logdet(torch.cov(rows[part])) for part in (slice(2), slice(2, None), slice(None))]
    assert canonical_correlation_information(x, y) == pytest.approx(((log[0] + log[1] - log[2]) / 2).item(), abs=1e-12)


FOLDER = task_folder()
found = pytest.mark.skipif(FOLDER is None, reason="no folder mi_tasks under SPACELIB_DATA")


@found
def test_an_external_task():
    """One draw: within five standard errors, and the half of the interval that is not sampling."""
    task = next(task for task in tasks(FOLDER) if task.name == "asinh-student-identity-3-3-2")
    result = mutual_information(*task.draw(1))
    width = (result.interval[1] - result.interval[0]) / 2
    assert result.estimate == pytest.approx(task.information, abs=5 * result.standard_error + width)


@found
@pytest.mark.long
def test_all_external_tasks(capsys):
    table = pd.DataFrame([measure(setting) for setting in settings() if setting[0] == "tasks"])
    with capsys.disabled():
        print("\n" + errors(table).agg(["mean", "median", lambda e: np.mean(e < 0.05)]).to_string())
    assert_bars(table)
    assert table["seconds"].max() < 90
