"""What was measured of the trained estimators against known information; the table ships with the library."""

from pathlib import Path

import pandas as pd

CRITICS = Path(__file__).parents[1] / "tables" / "critics.csv"


def critic_table() -> pd.DataFrame:
    r"""Trained estimators on tasks with known information, one row for each task and method.

    `task`: one of the external tasks' names, or a channel of `spacelib.scenes.channels`, whose rendered noisy frames are
    x and whose target is y, with the noise; `truth` in nats and `truth_error`, its standard error (0 where it is known in
    closed form); `method`, of `critic_information`, or "latent"; `estimate`, `low`, `high` (95 %) in nats; `seconds` on one
    core of a machine with other work; `samples`; `columns` of x. Written by `python -m spacelib.scenes.tabulate_critics`.
    """
    return pd.read_csv(CRITICS)
