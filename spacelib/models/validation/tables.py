"""The recorded tightness tables, and what they say of each bound."""

from pathlib import Path

import pandas as pd

_TABLES = Path(__file__).parents[1] / "tables"


def path_of(name: str) -> Path:
    """Where a table stands: readings, sides or twins."""
    return _TABLES / f"tightness_{name}.csv"


def tightness_table() -> pd.DataFrame:
    """Every bound beside its truth on every twin, at five noises; synthetic.

    `benchmark`, `task`; `ratio`, how far two pictures differ in the median, in the noise; `share`, the information over
    the entropy of the right answer; then the fields of a `Reading`. Written by `python -m
    spacelib.models.validation.tabulate`.
    """
    return pd.read_csv(path_of("readings"))


def sides_table() -> pd.DataFrame:
    """Explicit against implicit on every twin whose scenes are at rest; synthetic.

    `benchmark`, `task`, `ratio`, `share` as in `tightness_table`; `samples`, training pictures of the implicit side;
    `explicit`, `implicit`, shares of wrong answers in known populations; `verdict`, what `bounds.decide` certifies.
    """
    return pd.read_csv(path_of("sides"))


def twins_table() -> pd.DataFrame:
    """The twins: `benchmark`, `task`, `wording`, `questions`, `answers` (different right ones), `blind` (the best
    accuracy without a picture), `frames`, `entropy` of the right answer in nats; `squared_error` of points triangulated
    at half a pixel of noise and its bound `cramer_rao`, in square metres, missing where things move.
    """
    return pd.read_csv(path_of("twins"))


def meter(table: pd.DataFrame, by: str = "benchmark") -> pd.DataFrame:
    """What the readings say of each bound, one row a room, bound and benchmark (or what `by` names).

    `readings`; `ratio_median`, `ratio_least`, `ratio_most` of bound over truth where it is not vacuous; `vacuous`, the
    share of readings where it is; `broken`, how many are on the wrong side of the truth by more than four standard
    errors (1 in 30,000 by sampling; for what is to be equal, on either side); `missed`, how often a bound that may fail
    did, in the mean.
    """
    apart = table["value"] - table["truth"]
    beyond = {"above": -apart, "below": apart, "equal": apart.abs(), "none": apart * 0}
    wrong = sum(excess.where(table["side"] == side, 0.0) for side, excess in beyond.items())
    said = table.assign(
        relation=(table["value"] / table["truth"]).where(~table["vacuous"]),
        broken=(wrong > 4 * table["error"] + 1e-9) & table["missed"].isna(),
    )
    groups = said.groupby(["room", "bound", by], sort=False)
    return pd.DataFrame(
        {
            "readings": groups.size(),
            "ratio_median": groups["relation"].median(),
            "ratio_least": groups["relation"].min(),
            "ratio_most": groups["relation"].max(),
            "vacuous": groups["vacuous"].mean(),
            "broken": groups["broken"].sum(),
            "missed": groups["missed"].mean(),
        }
    ).reset_index()
