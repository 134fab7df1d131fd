"""The measured tables: the channels they stand on, what they promise, and rows measured again from their seeds."""

import math

import pandas as pd
import pytest
import torch
from channels import symmetric_information
from scipy import stats

from spacelib.estimators import coverage_table, estimator_table, speed_table
from spacelib.estimators.channels import clustered_cells, law_information, skewed_law, symmetric_law
from spacelib.estimators.entropy import METHODS
from spacelib.estimators.tabulate import coverage_settings, estimator_settings, measure_coverage, measure_estimators

SETTING = ["channel", "alphabet", "known", "scenes", "items", "correlation", "seed"]
PROMISED = 0.92


def lowest(rate: float, repetitions: int, rows: int) -> float:
    """A coverage below this in any of `rows` rows refutes that all are at least `rate`, one false alarm in a thousand."""
    return stats.binom.ppf(0.001 / rows, repetitions, rate) / repetitions


@pytest.mark.parametrize(("m", "accuracy"), [(2, 0.5), (2, 0.95), (4, 0.6), (16, 0.9)])
def test_symmetric_law(m, accuracy):
    law = symmetric_law(m, accuracy)
    assert law.sum().item() == pytest.approx(1) and law.diagonal().sum().item() == pytest.approx(accuracy)
    assert law_information(law) == pytest.approx(symmetric_information(m, accuracy), abs=1e-14)


def test_skewed_law():
    law = skewed_law(3, 0.4)
    assert law.sum(1).tolist() == pytest.approx([6 / 11, 3 / 11, 2 / 11])
    assert law[2].tolist() == pytest.approx([2 / 11 * 0.6 * 4 / 7, 2 / 11 * 0.6 * 2 / 7, 2 / 11 * (0.4 + 0.6 / 7)])
    assert law_information(skewed_law(3, 0.0)) == pytest.approx(0.0, abs=1e-15)


def test_clustered_cells_have_the_law_and_the_correlation():
    law = skewed_law(2, 0.5)
    cells = clustered_cells(torch.Generator().manual_seed(0), law, 2, 50_000, 2, 0.5)
    assert cells.shape == (2, 50_000, 2)
    share = torch.bincount(cells.flatten(), minlength=4) / cells.numel()
    # items come in pairs: effectively 100 000 of them at least; four standard errors
    torch.testing.assert_close(share.double(), law.flatten(), rtol=0, atol=4 * 0.5 / math.sqrt(100_000))
    first, second = (cells == 0).double().unbind(-1)
    correlation = torch.corrcoef(torch.stack([first.flatten(), second.flatten()]))[0, 1].item()
    assert correlation == pytest.approx(0.5, abs=4 / math.sqrt(100_000))


def test_the_tables_are_those_of_the_settings():
    coverage, estimators = coverage_table(), estimator_table()
    assert len(coverage) == 2 * len(coverage_settings()) and set(coverage["interval"]) == {"mutual_information", "accuracy"}
    assert len(estimators) == len(METHODS) * len(estimator_settings()) and set(estimators["method"]) == set(METHODS)
    for table, settings in ((coverage, coverage_settings()), (estimators, estimator_settings())):
        want = pd.DataFrame(settings)[SETTING]
        pd.testing.assert_frame_equal(table[SETTING].drop_duplicates().reset_index(drop=True), want)
    assert (coverage["repetitions"] >= 1000).all()
    totals = coverage[["coverage", "below", "above"]].sum(axis=1)
    assert totals.to_numpy() == pytest.approx(1, abs=2e-6)  # three numbers of six digits


def test_speeds_are_seconds_of_named_jobs_on_a_named_machine():
    table = speed_table()
    assert list(table.columns) == ["job", "ours_seconds", "peer", "peer_seconds", "note", "machine"]
    assert not table.duplicated(["job", "peer"]).any() and table["job"].nunique() == 18
    assert (table["peer"].isna() == table["peer_seconds"].isna()).all() and table["peer"].notna().sum() == 18
    for column in ("ours_seconds", "peer_seconds"):  # more than an instruction takes, less than anybody would wait
        assert table[column].dropna().between(1e-9, 600).all()
    assert table["machine"].str.fullmatch(r"\d+ cores, .+, torch threads \d+, load \d+\.\d").all()


@pytest.mark.coverage
def test_from_100_scenes_on_every_interval_covers():
    rows = coverage_table().query("scenes >= 100")
    assert (rows["coverage"] >= lowest(PROMISED, 1000, len(rows))).all()
    # and no worse in all together: the mean over rows is far above
    assert rows.groupby("interval")["coverage"].mean().min() > 0.95


@pytest.mark.coverage
def test_from_100_scenes_on_an_accuracys_interval_covers_in_every_row():
    """Stricter than what chance may do in the worst of so many rows: each may fall short by one standard error only."""
    rows = coverage_table().query("scenes >= 100 and interval == 'accuracy'")
    assert (rows["coverage"] >= PROMISED - rows["standard_error"]).all()


SHARES = ["coverage", "below", "above", "standard_error"]


def again(measure, table, setting):
    """Measured rows beside the stored ones of six digits; rounding may tip the odd data set over the edge of its interval."""
    stored = table.query(" and ".join(f"{key} == {getattr(setting, key)!r}" for key in SETTING))
    measured = pd.DataFrame(measure(setting))
    assert list(measured.columns) == list(stored.columns)
    for column in measured.columns:
        if measured[column].dtype.kind not in "fiu":
            assert measured[column].tolist() == stored[column].tolist()
        else:
            flips = 2.5 / 1000 if column in SHARES and "coverage" in measured else 1e-9
            assert measured[column].to_numpy() == pytest.approx(stored[column].to_numpy(), rel=1e-5, abs=flips), column


@pytest.mark.coverage
@pytest.mark.parametrize("index", [20, 131, 180])
def test_rows_of_the_coverage_again(index):
    again(measure_coverage, coverage_table(), coverage_settings()[index])


@pytest.mark.parametrize("index", [3, 100])
def test_rows_of_the_estimators_again(index):
    again(measure_estimators, estimator_table(), estimator_settings()[index])


@pytest.mark.long
@pytest.mark.coverage
def test_all_rows_again():
    for measure, table, settings in (
        (measure_coverage, coverage_table(), coverage_settings()),
        (measure_estimators, estimator_table(), estimator_settings()),
    ):
        for setting in settings:
            again(measure, table, setting)
