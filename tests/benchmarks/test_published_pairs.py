"""Published pairs: intervals against Newcombe's printed examples and scipy's limits, readings against sizes."""

import csv

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest
from vlm4d_form import DATA

from spacelib.benchmarks import paradigm_pairs, proportion_difference, regime_readings
from spacelib.benchmarks.published_pairs import LEVEL, PAIRS


@pytest.mark.oracle
@pytest.mark.parametrize(("base", "plus", "items", "ends"), [
    (3, 9, 10, (0.1705, 0.8090)),  # Newcombe 1998, table II, method 10, the examples of equal sizes
    (2, 6, 7, (0.0582, 0.8062)),
    (0, 0, 10, (-0.2775, 0.2775)),
    (0, 10, 10, (0.6075, 1.0)),
])
def test_newcombe_s_printed_examples(base, plus, items, ends):
    assert proportion_difference(base / items, plus / items, items) == pytest.approx(ends, abs=6e-5)


@pytest.mark.oracle
@given(st.integers(1, 400), st.data(), st.floats(1e-4, 0.5))
def test_wilson_s_limits_are_scipy_s(items, data, level):
    one, two = (data.draw(st.integers(0, items)) for _ in range(2))
    first, second = (binomtest(k, items).proportion_ci(1 - level, "wilson") for k in (one, two))
    low = (two - one) / items - np.hypot(two / items - second.low, first.high - one / items)
    high = (two - one) / items + np.hypot(second.high - two / items, one / items - first.low)
    assert proportion_difference(one / items, two / items, items, level) == pytest.approx((low, high), abs=1e-9)


@pytest.mark.parametrize(("arguments", "message"), [
    ((1.1, 0.5, 10), r"base must be in \[0, 1\], got 1.1"),
    ((0.5, float("nan"), 10), r"plus must be in \[0, 1\], got nan"),
    ((0.5, 0.5, 0), "items must be above 0 and finite, got 0"),
    ((0.5, 0.5, 10, 1.0), r"level must be in \(0, 1\), got 1.0"),
])
def test_what_is_no_share_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        proportion_difference(*arguments)


def test_readings_follow_from_the_intervals():
    table = paradigm_pairs()
    assert len(table[["ingredient", "benchmark", "base", "plus"]].drop_duplicates()) == len(PAIRS)
    assert not table.duplicated(["base", "plus", "benchmark", "task"]).any()
    sized = table.dropna(subset="low")
    assert (table["low"].isna() == (table["reading"] == "no interval")).all() and sized["items"].notna().all()
    for row in sized.itertuples():
        ends = proportion_difference(row.accuracy_base, row.accuracy_plus, int(row.items), LEVEL / len(sized))
        assert (row.low, row.high) == ends
        explicit = row.ingredient == "explicit depth"
        better, worse = ("explicit better", "implicit better") if explicit else ("with better", "without better")
        assert row.reading == (better if row.low > 0 else worse if row.high < 0 else "undecided")
    assert not table[table["answer_type"].str.contains("average precision")]["needed"].notna().any()


def test_the_needed_items_are_the_least():
    table = paradigm_pairs()
    level = LEVEL / table["low"].notna().sum()
    for row in table.dropna(subset="needed").itertuples():
        for items, decided in ((int(row.needed), True), (int(row.needed) - 1, False)):
            low, high = proportion_difference(row.accuracy_base, row.accuracy_plus, items, level)
            assert (low > 0 or high < 0) == decided
    sized = table.dropna(subset=["needed", "low"])
    assert ((sized["items"] >= sized["needed"]) == (sized["reading"] != "undecided")).all()


def test_more_items_or_a_larger_difference_never_undecide():
    for base in (0.1, 0.5):
        lows = [proportion_difference(base, base + 0.1, items)[0] for items in (10, 50, 250, 1250)]
        assert lows == sorted(lows) and lows[0] < 0 < lows[-1]
        lows = [proportion_difference(base, base + gap, 100)[0] for gap in (0.0, 0.1, 0.2, 0.4)]
        assert lows == sorted(lows)


def test_the_regimes_count_the_rows():
    table, regimes = paradigm_pairs(), regime_readings()
    assert regimes["rows"].sum() == len(table) and regimes["sized"].sum() == table["low"].notna().sum()
    assert (regimes["better"] + regimes["worse"] + regimes["undecided"] == regimes["sized"]).all()
    assert (regimes["largest"] >= regimes["smallest"]).all() and regimes["cannot"].str.len().gt(0).all()


@pytest.mark.skipif(not (DATA / "published").is_dir(), reason="no real data: the transcribed tables are not here")
def test_the_tools_depth_and_the_views_are_those_of_the_table():
    with open(DATA / "published" / "cavqa_table3.csv") as file:
        rows = {row["model"]: row for row in csv.DictReader(line for line in file if not line.startswith("#"))}
    for pair in (pair for pair in PAIRS if pair.table == "cavqa_table3"):
        base, plus = rows[pair.base], rows[pair.plus]
        differ = {key for key in ("frames", "depth") if base[key] != plus[key]}
        assert differ == {"explicit depth": {"depth"}, "more views": {"frames"}}.get(pair.ingredient, set())
        assert base["depth"] == "none" and (pair.ingredient != "explicit depth" or plus["depth"] in pair.note)
