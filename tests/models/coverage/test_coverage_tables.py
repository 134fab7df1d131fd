"""The recorded tables of coverage: valid rows within delta, wrong readings above it, drawn and summed alike."""

import pandas as pd
import pytest
from scipy.stats import binomtest

from spacelib.models import coverage_dependence, coverage_shifts
from spacelib.models.coverage.dependence import measure
from spacelib.models.coverage.rows import DELTAS, REPETITIONS, kind
from spacelib.models.coverage.settings import settings
from spacelib.models.coverage.shift_rows import ROWS
from spacelib.models.coverage.tabulate import main
from spacelib.models.coverage.worlds import FAMILIES, STRENGTHS

TABLES = {"dependence": coverage_dependence, "shifts": coverage_shifts}
ONCE = 1e-3  # how often a table of right rows is rejected


def broken(table: pd.DataFrame) -> list[str]:
    """What in a table is not as its kind says."""
    found, level = [], ONCE / len(table)
    for row in table.itertuples():
        test = binomtest(row.failures, row.repetitions, row.delta, alternative="greater")
        if row.kind == "valid" and (test.pvalue <= level or row.exact > row.delta):
            found.append(f"row {row.Index} is above delta")
        if row.kind == "wrong" and not (row.low > row.delta and row.exact > row.delta):
            found.append(f"row {row.Index} is not visibly above delta")
        if row.kind == "harmless" and not (row.exact <= row.delta and test.pvalue > level):
            found.append(f"row {row.Index} is not harmless")
        if row.exact == row.exact and binomtest(row.failures, row.repetitions, min(row.exact, 1)).pvalue <= level:
            found.append(f"row {row.Index} is drawn otherwise than summed")
    return found


@pytest.mark.parametrize("name", TABLES)
def test_the_recorded_rows_are_as_their_kinds(name):
    table = TABLES[name]()
    assert not broken(table)
    assert (table.repetitions >= REPETITIONS).all() and REPETITIONS >= 10_000
    assert {"valid", "wrong", "harmless"} == set(table.kind)
    assert ((table.bound >= 0) & (table.bound <= 1)).all() and table.drop(columns="exact").notna().all(axis=None)
    assert table.exact.notna()[table.kind != "valid"].all()


@pytest.mark.parametrize("name", TABLES)
def test_valid_rows_come_near_delta(name):
    """At every delta some valid row uses up more than seven tenths of it: a table of loose bounds alone would show little."""
    table = TABLES[name]()
    valid = table[table.kind == "valid"]
    assert all((valid.exact[valid.delta == delta] > 0.7 * delta).any() for delta in DELTAS)


def test_another_kind_would_be_seen():
    """Questions counted as scenes and called valid, a certificate called wrong, a draw that is not of its law."""
    table = coverage_dependence()
    wrong, valid = table[table.kind == "wrong"].index[0], table[(table.kind == "valid") & table.exact.notna()].index[0]
    for row, column, value in ((wrong, "kind", "valid"), (wrong, "kind", "harmless"), (valid, "kind", "wrong"), (wrong, "exact", 1.0)):
        changed = table.copy()
        changed.loc[row, column] = value
        assert any(f"row {row} " in line for line in broken(changed))
    assert kind(False, 0.06, 0.05) == "wrong" and kind(False, 0.05, 0.05) == "harmless" and kind(True, 0.06, 0.05) == "valid"


def test_every_structure_has_all_posteriors_and_a_wrong_reading():
    table = coverage_dependence()
    for structure, rows in table.groupby("structure"):
        for posterior in ("fixed", "best", "Gibbs"):
            assert set(DELTAS) <= set(rows.delta[(rows.kind == "valid") & (rows.posterior == posterior)]), structure
        assert set(DELTAS) <= set(rows.delta[rows.kind == "wrong"]), structure
    assert set(table.detail) == {setting.detail for setting in settings()}


def test_the_counterexamples_in_the_table():
    table = coverage_dependence()
    copies = table[(table.detail == "20 scenes of 50, correlation 1.0") & (table.reading == "questions")]
    assert (copies.exact.round(6) == round(131975 / 524288, 6)).all()
    kish = table[(table.reading == "Kish's number") & (table.delta == 1e-4)].iloc[0]
    assert kish.repetitions == 1_000_000 and kish.exact == pytest.approx(2e-4, rel=1e-4)
    # the unit matters only where questions of a scene are alike: the one reading that is right for independent ones
    none = table[(table.detail == "20 scenes of 50, correlation 0.0") & (table.reading == "questions")]
    assert (none.kind == "harmless").all()


def test_every_wrong_reading_breaks_somewhere():
    table = coverage_dependence()
    assert set(table.reading[table.kind == "wrong"]) == set(table.reading[table.kind != "valid"])
    shifts = coverage_shifts()
    wrong = shifts[shifts.kind == "wrong"]
    for row in ROWS:
        if not row.valid:
            assert set(wrong.delta[wrong.row == row.name]) == set(DELTAS), row.name
    assert set(shifts.row) == {row.name for row in ROWS}


def test_every_family_and_strength_is_there():
    shifts = coverage_shifts()
    for family in FAMILIES:
        rows = shifts[shifts.world == family().name]
        assert set(rows.strength) == set(STRENGTHS) and set(rows.posterior) == {"fixed", "best"}
        assert (rows.groupby("strength").kappa.first().diff().dropna() > 0).all()


def test_a_setting_is_drawn_again():
    numbered = list(enumerate(settings()))
    seed, setting = next((seed, each) for seed, each in numbered if each.structure == "pairs of scenes")
    again, table = pd.DataFrame(measure(setting, seed)), coverage_dependence()
    recorded = table[table.seed == seed].reset_index(drop=True)
    pd.testing.assert_frame_equal(again, recorded, rtol=1e-5)


@pytest.mark.long
def test_both_tables_are_drawn_again(tmp_path):
    main(tmp_path / "dependence.csv", tmp_path / "shifts.csv")
    for name, recorded in TABLES.items():
        pd.testing.assert_frame_equal(pd.read_csv(tmp_path / f"{name}.csv"), recorded(), rtol=1e-5)
