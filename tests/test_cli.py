"""The command line end to end: what it prints, its exit codes, and that it says the same twice."""

import json
import os
import signal
import subprocess
import sys
import time

import blink_form
import pytest
import spatialrgpt_form
from vlm4d_form import DATA, LOGS, QUESTIONS, needs_data, synthetic, write

import spacelib
from spacelib import cli


@pytest.fixture
def files(tmp_path):
    log, items = write(tmp_path, *synthetic(items=300, scenes=120))
    return str(log), str(items)


def run(capsys, *arguments) -> tuple[int, str, str]:
    try:
        code = cli.main(list(map(str, arguments)))
    except SystemExit as stop:
        code = stop.code
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def spacelib_process(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-m", "spacelib", *map(str, arguments)], capture_output=True, text=True, **options
    )


def test_help_names_every_command_and_loads_no_heavy_library():
    code = "import sys; from spacelib.cli import main\ntry: main(['--help'])\nfinally: assert not {'torch', 'pandas', 'sympy'} & set(sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert all(name in done.stdout for name in cli.COMMANDS)


def test_version():
    done = spacelib_process("--version")
    assert (done.returncode, done.stdout) == (0, f"spacelib {spacelib.__version__}\n")


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["nothing"],
        ["audit"],
        ["data"],
        ["data", "get"],
        ["audit", "x", "--chance", "nan"],
        ["audit", "x", "--chance", "1"],
        ["audit", "x", "--chance", "0"],
        ["audit", "x", "--frames", "0"],
        ["audit", "x", "--frames", "many"],
        ["audit", "x", "--seed", "-1"],
        ["audit", "x", "--mix", "real"],
        ["audit", "x", "--mix", "real=-1"],
        ["audit", "x", "--mix", "real=1,real=2"],
        ["audit", "x", "--mix", "real=inf"],
        ["audit", "x", "--mix", "real=0"],
        ["audit", "x", "--target", "1.5"],
        ["audit", "x", "--precision", "0"],
        ["audit", "x", "--trained", "0"],
        ["audit", "x", "--jobs", "0"],
        ["audit", "x", "--resamples", "many"],
        ["audit", "no/such/log.json"],
        ["audit", "."],
        ["data", "path", "no/such/name"],
    ],
)
def test_bad_input_is_exit_code_2_and_no_traceback(capsys, arguments):
    code, out, err = run(capsys, *arguments)
    assert code == 2 and not out and "Traceback" not in err
    assert err.strip().splitlines()[-1].startswith("spacelib")


def test_the_sentence_names_file_and_fault(capsys, tmp_path, files):
    log, items = files
    for arguments, says in (
        (["audit", tmp_path / "absent.json"], "absent.json: No such file"),
        (["audit", items, "--items", items], "holds questions of VLM4D and no answers"),
        (["audit", log, "--items", log], "expected the fields"),
        (["audit", log, "--items", items, "--benchmark", "X"], "no form considered; considered: lmms-eval, VLMEvalKit, spacelib-records"),
        (["audit", log, log, "--items", items], "given twice"),
        (["audit", log, "--items", items, "--frames", "9"], "shown 8 frames by its own account"),
        (["audit", log, "--items", items, "--frames", "8", "--frames", "8"], "each of 1 was expected, got 2"),
        (["audit", log, "--items", items, "--jobs", "99999999"], "jobs is 99999999; 1 to 4096 processes"),
        (["audit", log, "--items", tmp_path / "absent.json"], "absent.json: No such file"),
        (["audit", log, "--items", items, "--chance", "0.1"], "less than the 0.2500 known by design"),
        (["audit", log, "--items", items, "--html", tmp_path], "is a folder"),
        (["audit", log, "--items", items, "--html", log], "is read by this audit"),
        (["audit", log, "--items", items, "--html", tmp_path / "no" / "page.html"], "is no folder"),
    ):
        code, out, err = run(capsys, *arguments)
        assert code == 2 and not out and says in err and err.count("\n") == 1, (arguments, err)


def test_weights_that_are_all_zero_name_their_option(capsys):
    code, out, err = run(capsys, "audit", "x", "--mix", "a=0,b=0")
    assert (code, out) == (2, "") and "argument --mix: 'a=0,b=0' has no weight above 0" in err and "float64" not in err


def test_audit_says_the_same_twice_and_follows_the_seed(capsys, tmp_path, files):
    log, items = files
    pages = [tmp_path / "a.html", tmp_path / "b.html"]
    (code, first, _), (_, second, _) = (run(capsys, "audit", log, "--items", items, "--html", p) for p in pages)
    assert code == 0 and first == second and pages[0].read_text() == pages[1].read_text()
    assert "300 (in 120 scenes)" in first
    _, other, _ = run(capsys, "audit", log, "--items", items, "--seed", 1)
    assert other != first
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(
        ["a.html", "b.html", "questions.json", log.rsplit("/")[-1]]
    )


def test_json_is_strict_json_with_every_figure(capsys, files):
    log, items = files
    code, out, _ = run(capsys, "audit", log, "--items", items, "--json")

    def refuse(name):
        raise AssertionError(f"{name} is not JSON")

    report = json.loads(out, parse_constant=refuse)
    (row,) = report["rows"]
    assert code == 0 and (row["items"], row["scenes"], row["frames"]) == (300, 120, 8)
    assert set(row["means"]) == {
        "items", "accuracy", "chance", "constant", "certified_information", "exact_certificate", "mutual_information", "ceiling",
        "relabelling_gain", "unparsed", "resolvable_difference", "above_chance", "risk_by_scene", "risk_by_question", "critical_shift",
    }  # fmt: skip


def test_every_room_by_its_option(capsys, tmp_path):
    for name, accuracy in (("m_1frame", 0.4), ("m_4frame", 0.6), ("blind_1fps", 0.25), ("geometry_1fps", 0.9)):
        write(tmp_path, *synthetic(items=120, scenes=60, accuracy=accuracy), name=f"{name}.json")
    at = {path.stem: path for path in tmp_path.iterdir()}
    command = ["audit", at["m_1frame"], at["m_4frame"], "--items", at["questions"], "--baseline", at["blind_1fps"]]
    command += ["--explicit", at["geometry_1fps"], "--trained", 100, "--trained", 1000, "--mix", "real=1", "--target", "0.5"]
    command += ["--precision", "0.05", "--resamples", "200", "--json"]
    code, out, err = run(capsys, *command)
    report = json.loads(out)
    assert code == 0 and not err and [row["role"] for row in report["rows"]] == ["explicit", "log", "log", "baseline"]
    assert len(report["comparisons"]) == 6 and len(report["baseline"]) == 3 and len(report["mix"]) == 3
    assert report["frames"][0]["gains"][0]["more"] == 4 and report["tradeoff"][0]["trained"] == [100, 1000]
    assert all(row["resolution"]["precision"] == 0.05 for row in report["rows"])
    code, out, err = run(capsys, *command[:-1], "--html", at["blind_1fps"])
    assert code == 2 and not out and "is read by this audit" in err


def test_chance_and_frames_reach_every_kind_of_answer(capsys, tmp_path):
    blink = blink_form.write(tmp_path, blink_form.synthetic(items=124, accuracy=0.9))
    marks = spatialrgpt_form.write(tmp_path, spatialrgpt_form.judged(120))
    code, out, _ = run(capsys, "audit", blink, marks, "--chance", 0.75, "--frames", 1, "--json")
    rows = json.loads(out)["rows"]
    assert code == 0 and len(rows) == 13 + 2 and {row["frames"] for row in rows} == {1}
    assert all(row["certificate"]["chance"] == 0.75 and not row["certificate"]["by_design"] for row in rows)
    code, out, err = run(capsys, "audit", blink, marks, "--frames", 2)
    assert code == 2 and not out and "Relative_Depth.json: shown 1 frame by its own account" in err
    for command, says in (
        (["audit", marks, "--benchmark", "BLINK"], "no form considered; considered: BLINK"),
        (["audit", blink, "--benchmark", "SpatialRGPT-Bench"], "considered: SpatialRGPT-Bench"),
    ):
        code, out, err = run(capsys, *command)
        assert code == 2 and not out and says in err


def test_free_answers_are_reported_in_words(capsys, tmp_path):
    log = spatialrgpt_form.write(tmp_path, spatialrgpt_form.judged(240))
    code, out, err = run(capsys, "audit", log, "--html", tmp_path / "page.html")
    page = (tmp_path / "page.html").read_text()
    assert code == 0 and not err
    for said in (
        "Share of answers that are right, within 25 % of the right length",
        "m, not certified",
        "not measured",
    ):
        assert said in " ".join(out.split()) and said in page
    for name in ("direct_distance", "direction", "below_above"):
        assert f"synthetic-model, {name}" in out and f"synthetic-model, {name}" in page


def test_order_of_the_logs_is_kept_and_rows_do_not_depend_on_each_other(capsys, tmp_path):
    for number, accuracy in enumerate((0.9, 0.3)):
        write(tmp_path, *synthetic(items=240, scenes=120, accuracy=accuracy), name=f"m{number}_1fps.json")
    logs = [tmp_path / "m1_1fps.json", tmp_path / "m0_1fps.json"]
    items = ["--items", tmp_path / "questions.json", "--json"]
    both = json.loads(run(capsys, "audit", *logs, *items)[1])["rows"]
    alone = [json.loads(run(capsys, "audit", log, *items)[1])["rows"][0] for log in logs]
    assert [row["model"] for row in both] == ["m1", "m0"] and both == alone


def test_data_list_path_get(capsys, monkeypatch, tmp_path):
    from spacelib.benchmarks import registry

    monkeypatch.setattr("pooch.os_cache", lambda _: tmp_path)
    monkeypatch.delenv(registry.FOLDER, raising=False)
    code, out, _ = run(capsys, "data", "list")
    assert code == 0 and len(out.splitlines()) == len(registry.table()) and "MIT" in out
    code, out, err = run(capsys, "data", "path", "vlm4d/questions")
    assert code == 2 and "spacelib data get vlm4d/questions/real_mc.json" in err
    fetched = []
    monkeypatch.setattr(registry, "fetch", lambda name: fetched.append(name) or tmp_path / name)
    assert run(capsys, "data", "get", "vlm4d/questions")[0] == 0
    assert fetched == registry.names("vlm4d/questions")
    assert run(capsys, "data", "get", fetched[0])[1] == f"{tmp_path / fetched[0]}\n"


@pytest.mark.parametrize(
    ("theorems", "ok", "code"), [([{"name": "t"}], True, 0), ([{"name": "t"}], False, 1), ([], True, 1)]
)
def test_prove_succeeds_only_where_something_is_proved_and_nothing_fails(capsys, monkeypatch, theorems, ok, code):
    from spacelib import proofs

    report = {"theorems": theorems, "trusted": [], "ok": ok}
    monkeypatch.setattr(proofs, "report", lambda name=None, progress=iter, workers=1: report)
    monkeypatch.setattr(proofs, "render", lambda report: "the ledger")
    assert run(capsys, "prove")[:2] == (code, "the ledger\n")
    assert json.loads(run(capsys, "prove", "--json")[1]) == report


def test_prove_one_theorem(capsys):
    code, out, _ = run(capsys, "prove", "log_tangent", "--json")
    (theorem,) = json.loads(out)["theorems"]
    assert code == 0 and theorem["name"] == "log_tangent" and all(step["ok"] for step in theorem["steps"])
    code, out, err = run(capsys, "prove", "no_such_theorem")
    assert code == 2 and not out and "no_such_theorem" in err and "log_tangent" in err


def test_a_closed_pipe_is_no_error(files):
    log, items = files
    command = f"{sys.executable} -m spacelib audit {log} --items {items} | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True)
    assert done.returncode == 0 and not done.stderr


def test_a_terminal_without_unicode_still_gets_its_report(tmp_path):
    log, items = write(tmp_path, *synthetic(items=240, scenes=120), name="modèle_8frame.json")
    done = spacelib_process("audit", log, "--items", items, env=os.environ | {"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0 and "mod\\xe8le, real" in done.stdout, done.stderr


def test_an_interrupt_leaves_nothing_half_written(tmp_path, files):
    log, items = files
    page = tmp_path / "page.html"
    page.write_text("before")
    slow = (
        "import spacelib.benchmarks.writing as w, time, sys\n"
        "def replace(*_): print('writing', flush=True); time.sleep(60)\n"
        "w.os.replace = replace\n"
        "from spacelib.cli import main\n"
        f"sys.exit(main(['audit', {log!r}, '--items', {items!r}, '--html', {str(page)!r}]))"
    )
    process = subprocess.Popen([sys.executable, "-c", slow], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "writing\n"
    time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert process.returncode == 130 and "Traceback" not in err
    assert page.read_text() == "before" and not list(tmp_path.glob("*.tmp")) + list(tmp_path.glob(".*.tmp"))


@needs_data
def test_gpt_4o_on_the_real_split(capsys):
    log = DATA / "vlm4d" / "real_mc_direct-output" / "gpt-4o_32frame.json"
    code, out, err = run(capsys, "audit", log, "--items", QUESTIONS[0])
    assert code == 0 and not err
    for figure in (
        "1,371 (in 600 scenes)",
        "0.562",
        "0.250 (known by design)",
        "0.316 bits",
        "0.328 bits",
        "0 (of 1,371",
    ):
        assert figure in out, figure


@pytest.mark.skipif(not (DATA / "blink").is_dir(), reason="no real data: blink/ is not here")
def test_files_of_all_benchmarks_are_where_the_registry_says(capsys, monkeypatch):
    monkeypatch.setenv("SPACELIB_DATA", str(DATA))
    for folder, files in (("blink", 46), ("spatialrgpt_bench", 5), ("vlm4d", 26)):
        code, out, _ = run(capsys, "data", "path", folder)
        assert code == 0 and len(out.splitlines()) == files and str(DATA / folder) in out
        _, listed, _ = run(capsys, "data", "list", folder)
        assert [line.split()[0] for line in listed.splitlines()] == ["here"] * files


@needs_data
def test_question_files_are_found_in_the_local_folder(capsys, monkeypatch):
    monkeypatch.setenv("SPACELIB_DATA", str(DATA))
    assert run(capsys, "audit", LOGS[0])[0] == 0
