"""The table of speeds has the jobs that `record.py` measures, in its order."""

from record import jobs

from spacelib.estimators import speed_table


def test_the_jobs_recorded_are_the_jobs_in_the_table():
    assert speed_table()["job"].unique().tolist() == [name for name, *_ in jobs()]
