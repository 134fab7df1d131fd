"""The published figures: complete, as printed, and their averages recomputed; misprints are named, not mended."""

import csv

import pandas as pd
import pytest
from vlm4d_form import DATA

from spacelib.benchmarks import PUBLISHED, published

SPATIALRGPT = ("below_above", "left_right", "big_small", "tall_short", "wide_thin", "behind_front")


def averages(name):
    """Each model's printed average, the one recomputed from its tasks, and the fault that is named, if any."""
    for model, rows in published(name).groupby("model", sort=False):
        rows = rows.set_index("task")
        tasks = rows[rows["answer_type"] != "average"]
        if name == "spatialrgpt_table1":
            tasks = tasks.loc[tasks.index.intersection(SPATIALRGPT)]
        if len(tasks):
            printed = rows[rows["answer_type"] == "average"].iloc[0]
            weights = tasks["items"].astype(float) if name in ("spatialrgpt_table1", "multispa_blink_transfer") else 1.0
            yield model, printed, (tasks["accuracy"] * weights).sum() / (0 * tasks["accuracy"] + weights).sum()


@pytest.mark.parametrize("name", PUBLISHED)
def test_tables_are_tidy(name):
    table = published(name)
    assert not table.duplicated(["model", "task"]).any() and table["benchmark"].nunique() == 1
    assert table["accuracy"].between(0, 1).all() and table["source"].str.contains("arXiv:").all()
    assert (table["blind"] == table["model"].str.contains("blind")).all()
    assert (table.loc[table["blind"], "frames"] == 0).all() and (
        table.loc[~table["blind"], "frames"].dropna() > 0
    ).all()
    assert not table[["benchmark", "model", "task", "answer_type"]].isna().any().any()


@pytest.mark.parametrize("name", PUBLISHED)
def test_printed_averages_follow_from_the_tasks_or_are_named_as_faults(name):
    """Within the last digit printed, since papers round or cut, plus the rounding of the tasks themselves."""
    digit = 0.0001 if name in ("multispa_table2", "spatialrgpt_table1") else 0.001
    checked = list(averages(name))
    assert checked
    for model, printed, mean in checked:
        agrees = abs(printed["accuracy"] - mean) <= 1.5 * digit + 1e-12
        assert agrees == pd.isna(printed["fault"]), (model, printed["accuracy"], mean)
        if not agrees:
            assert (
                f"{100 * printed['accuracy']:.4g}; " in printed["fault"] and f" {100 * mean:.1f}." in printed["fault"]
            )


def test_shares_of_known_items_are_whole_numbers_or_named_as_faults():
    """A printed share times its items lies within what rounding or cutting its last digit allows of a whole number."""
    for name, odd_ones in (("spatialrgpt_table1", 3), ("multispa_blink_transfer", 0)):
        table = published(name)
        table = table[table["answer_type"] != "average"]
        digit = table["task"].isin(SPATIALRGPT).map({True: 1e-4, False: 1e-3})
        right = table["accuracy"] * table["items"].astype(float)
        odd = (right - right.round()).abs() > digit * table["items"] + 1e-9
        assert (odd == table["fault"].notna()).all(), table[odd != table["fault"].notna()]
        assert odd.sum() == odd_ones


def test_faults_are_few_and_known():
    faults = pd.concat(published(name).dropna(subset="fault") for name in PUBLISHED)
    assert faults[["model", "task"]].agg(": ".join, axis=1).tolist() == [
        "SpatialRGPT: average",
        "MultiSpatialMLLM-8B: average",
        "GPT-4 (blind): big_small",
        "GPT-4 (blind): wide_thin",
        "GPT-4 (blind): qualitative_average",
        "GPT-4 (blind): width",
    ]


def test_an_unknown_table_is_refused():
    with pytest.raises(ValueError, match="no published table 'table3'; known are multispa_table2"):
        published("table3")


@pytest.mark.skipif(not (DATA / "published").is_dir(), reason="no real data: the transcribed tables are not here")
@pytest.mark.parametrize("name", PUBLISHED)
def test_every_printed_figure_is_here(name):
    with open(DATA / "published" / f"{name}.csv") as file:
        raw = list(csv.DictReader(line for line in file if not line.startswith("#")))
    about = ("model", "frames", "depth", "task", "answer_type", "chance_percent")
    printed = sorted(float(value) for row in raw for key, value in row.items() if key not in about and value)
    assert sorted((100 * published(name)["accuracy"]).round(6)) == printed
    if name == "multispa_table2":
        chance = {row["task"]: float(row["chance_percent"]) / 100 for row in raw if row["chance_percent"]}
        assert published(name).dropna(subset="chance").groupby("task")["chance"].first().to_dict() == chance
