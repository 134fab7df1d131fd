"""Jobs elsewhere give the same figures to the last bit: other processes, a Dask cluster; and an interrupt leaves nothing."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import warnings

import joblib
import psutil
import pytest
import torch
from vlm4d_form import synthetic, write

from spacelib.audit import audit, to_dict
from spacelib.estimators.processes import in_parallel


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("jobs")
    for k, accuracy in ((1, 0.3), (4, 0.5), (8, 0.6)):
        write(folder, *synthetic(items=120, scenes=60, accuracy=accuracy), name=f"model_{k}frame.json")
    return sorted(folder.glob("model_*")), folder / "questions.json"


def threads(job):
    return job, torch.get_num_threads(), os.getpid()


def test_jobs_keep_their_order_and_have_one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        found = in_parallel(threads, range(5), "jobs")
        assert [job for job, _, _ in found] == list(range(5)) and {number for _, number, _ in found} == {1}
        assert {pid for _, _, pid in found} == {os.getpid()} and torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def fails(job):
    raise ValueError(f"job {job} has no answer")


def test_a_failure_is_raised_as_it_is_and_threads_come_back():
    before = torch.get_num_threads()
    with pytest.raises(ValueError, match="job 3 has no answer"):
        in_parallel(fails, [3], "jobs")
    assert torch.get_num_threads() == before


def in_every_way(files):
    """The report, made here, in two processes, and on a local Dask cluster of two worker processes."""
    logs, items = files
    run = {"items": [items], "resamples": 200}
    yield "here", audit(logs, **run)
    yield "two processes", audit(logs, jobs=2, **run)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the cluster's own starting and closing
        from distributed import Client, LocalCluster

        options = {"n_workers": 2, "threads_per_worker": 1, "processes": True, "dashboard_address": None}
        with LocalCluster(**options) as cluster, Client(cluster) as client:
            assert len(client.scheduler_info()["workers"]) == 2
            with joblib.parallel_config(backend="dask"):
                pids = {pid for _, _, pid in in_parallel(threads, range(20), "jobs")}
                assert os.getpid() not in pids  # the jobs did go to the cluster
                yield "dask", audit(logs, **run)


def test_the_figures_are_the_same_to_the_last_bit(files):
    found = {name: json.dumps(to_dict(report)) for name, report in in_every_way(files)}
    assert list(found) == ["here", "two processes", "dask"]
    assert found["two processes"] == found["here"] and found["dask"] == found["here"]


def busy(process) -> float:
    """Seconds of processor time of a process and those under it."""
    times = []
    with contextlib.suppress(psutil.NoSuchProcess):
        every = [psutil.Process(process.pid)]
        times = [sum(one.cpu_times()[:2]) for one in every + every[0].children(recursive=True)]
    return sum(times)


@pytest.mark.long  # tests/test_cli.py interrupts the writing
@pytest.mark.parametrize(("jobs", "seconds"), [(1, 6), (2, 16)])
def test_an_interrupt_of_long_work_leaves_nothing(tmp_path, jobs, seconds):
    """A real SIGINT to the whole group, as a terminal sends it, after so many seconds of work: more than the imports."""
    log, items = write(tmp_path, *synthetic(items=600, scenes=300))
    page = tmp_path / "page.html"
    page.write_text("as it was")
    command = [sys.executable, "-m", "spacelib", "audit", log, "--items", items, "--html", page]
    command += ["--resamples", "3000000", "--jobs", jobs]  # minutes, if nobody stops it
    process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
    end = time.monotonic() + 120
    while busy(process) < seconds and process.poll() is None and time.monotonic() < end:
        time.sleep(0.1)
    assert process.poll() is None, process.stderr.read()
    os.killpg(process.pid, signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130 and error.decode().strip().endswith("interrupted")
    assert b"Traceback" not in error
    assert page.read_text() == "as it was"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([log.name, items.name, "page.html"])
