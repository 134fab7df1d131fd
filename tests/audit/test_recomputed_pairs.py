"""What the audit says of several real logs together, against figures recomputed from the raw files in plain numpy.

Nothing of the library computes here. A log of VLM4D stands in for a blind one: the formulas do not mind.
"""

import contextlib
import io
import json
import math
from collections import Counter, defaultdict

import numpy as np
import pytest
from vlm4d_form import LOGS, QUESTIONS, needs_data

from spacelib import cli
from spacelib.audit import vlm4d_paired_table

pytestmark = [needs_data, pytest.mark.oracle]

Z = 1.959963984540054, 0.8416212335729143  # the normal law's 97.5 % and 80 % points
BLIND = next((log for log in LOGS if "real" in log.parent.name and log.name.startswith("VideoLLaMA3")), None)
RESAMPLES = 200  # intervals are not what is recomputed here


@pytest.fixture(scope="module")
def audited():
    """`spacelib audit --json` of every log of both splits; one is the baseline."""
    logs = [str(log) for log in LOGS if log != BLIND]
    items = [word for path in QUESTIONS for word in ("--items", str(path))]
    options = ["--baseline", str(BLIND), "--precision", "0.02", "--resamples", str(RESAMPLES)]
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert cli.main(["audit", "--json", *logs, *items, *options]) == 0
    return json.loads(out.getvalue())


@pytest.fixture(scope="module")
def raw():
    """By log: marks, letters answered and right, and videos, in the order of the question file."""
    found = {}
    for log in LOGS:
        asked = json.loads(QUESTIONS["synthetic" in log.parent.name].read_text())
        answers = {answer["id"]: answer for answer in json.loads(log.read_text())}
        rows = []
        for question in asked:
            texts = {letter: str(text) for letter, text in question["choices"].items()}
            said = texts.get(answers[question["id"]]["extracted_answer"].split(":")[0])
            first = {text: letter for letter, text in reversed(texts.items())}
            gold = str(question["answer"])
            rows.append((said == gold, first.get(said), first[gold], question["video"]))
        found["/".join(log.parts[-2:])] = list(zip(*rows))
    return found


def by_video(values, videos):
    totals = defaultdict(float)
    for value, video in zip(values, videos):
        totals[video] += value
    return np.array(list(totals.values()))


def flipped(totals):
    """P(|sum of +-d| >= |sum of d|), scene by scene: the law of the sum on all whole numbers."""
    reach = int(np.abs(totals).sum())
    law = np.zeros(2 * reach + 1)
    law[reach] = 1.0
    for d in np.abs(totals).astype(int):
        law = (np.roll(law, d) + np.roll(law, -d)) / 2
    return law[np.abs(np.arange(-reach, reach + 1)) >= abs(totals.sum())].sum()


def test_every_pair(audited, raw):
    rows, tests = audited["rows"], audited["comparisons"]
    logs = [row["log"] for row in rows]
    sizes = Counter(row["task"] for row in rows)
    assert len(tests) == sum(n * (n - 1) // 2 for n in sizes.values()) > 100
    for test in tests:
        (a, _, _, videos), (b, _, _, _) = raw[logs[test["first"]]], raw[logs[test["second"]]]
        apart = np.array(a, dtype=float) - np.array(b, dtype=float)
        totals, n = by_video(apart, videos), len(apart)
        assert test["difference"]["estimate"] == pytest.approx(apart.mean(), abs=1e-12)
        m, centred = len(totals), totals - apart.mean() * by_video(np.ones(n), videos)
        error = math.sqrt(m / (m - 1) * (centred**2).sum()) / n
        assert test["difference"]["standard_error"] == pytest.approx(error, rel=1e-9)
        assert test["p_value"] == pytest.approx(flipped(totals), rel=1e-9, abs=1e-15)
        q = (apart**2).mean()
        assert test["agreement"] == pytest.approx(1 - q, abs=1e-12) and (test["items"], test["scenes"]) == (n, m)
        effect = max(1.0, (totals**2).sum() / (apart**2).sum())
        z2 = sum(Z) ** 2 * effect / n  # d^2 = z^2 (q - d^2)
        assert test["resolvable"] == pytest.approx(math.sqrt(z2 * q / (1 + z2)), rel=1e-9)


def test_holms_step_down(audited):
    tests = audited["comparisons"]
    p = sorted((test["p_value"], place) for place, test in enumerate(tests))
    highest = 0.0
    for rank, (value, place) in enumerate(p):
        highest = max(highest, min(1.0, value * (len(p) - rank)))
        assert tests[place]["adjusted"] == pytest.approx(highest, rel=1e-12)


def kl(p, q):
    return sum(a * math.log(a / b) for a, b in ((p, q), (1 - p, 1 - q)) if a)


def test_certificates_and_what_each_log_resolves(audited, raw):
    for row in audited["rows"]:
        right, _, _, videos = raw[row["log"]]
        right, n = np.array(right, dtype=float), len(right)
        wrong, sizes = by_video(1 - right, videos), by_video(np.ones(n), videos)
        budget = math.log(20)
        for name, risk, units in (
            ("scene", (wrong / sizes).mean(), len(sizes)),
            ("question", wrong.sum() / n, n / sizes.max()),
        ):
            found = row["risk"][name]
            assert found["risk"] == pytest.approx(risk, abs=1e-12) and found["samples"] == pytest.approx(units, rel=1e-12)
            for end in ("lower", "upper"):
                assert kl(risk, found[end]) == pytest.approx(budget / units, rel=1e-6)
            assert found["lower"] < risk < found["upper"]
        assert row["certificate"]["by_design"]
        chance = 1 - row["certificate"]["exact"]["chance"]
        upper = row["risk"]["scene"]["upper"]
        assert row["critical_shift"] == pytest.approx(kl(chance, upper) if upper < chance else 0.0, rel=1e-6, abs=1e-12)
        apart, m = right - right.mean(), len(sizes)
        effect = max(1.0, m / (m - 1) * (by_video(apart, videos) ** 2).sum() / (apart**2).sum())
        found = row["resolution"]
        assert found["design_effect"] == pytest.approx(effect, rel=1e-9)
        low, high = row["accuracy"]["interval"]
        near = min(max(0.5, low), high)
        assert found["needed"] == math.ceil(Z[0] ** 2 * effect * near * (1 - near) / 0.02**2)
        a0 = row["certificate"]["chance"]
        assert found["against_chance"] == pytest.approx(sum(Z) * math.sqrt(a0 * (1 - a0) * effect / n), rel=1e-9)
        gap, z2 = found["between_models"], sum(Z) ** 2 * effect / n
        assert gap**2 == pytest.approx(z2 * (near * (1 - near) + (near + gap) * (1 - near - gap)), rel=1e-9)
        spread = (sizes**2).sum() / n
        worst = 2 * math.sqrt(spread / (2 * n)) * (math.sqrt(math.log(40)) + math.sqrt(math.log(5)))
        assert found["worst"] == pytest.approx(worst, rel=1e-9) or (worst > 1 and found["worst"] is None)


def test_what_the_answers_tell_beyond_the_baseline(audited, raw):
    blind = next(row for row in audited["rows"] if row["role"] == "baseline")
    _, said, _, _ = raw[blind["log"]]
    asked = audited["baseline"]
    assert len(asked) == sum(row["task"] == blind["task"] for row in audited["rows"]) - 1

    def corrected(*columns):
        counts = np.array(list(Counter(zip(*columns)).values()))
        share = counts / counts.sum()
        return -(share * np.log(share)).sum() + (len(counts) - 1) / (2 * counts.sum())

    for found in asked:
        row = audited["rows"][found["row"]]
        _, answer, truth, _ = raw[row["log"]]
        beyond = corrected(answer, said) + corrected(said, truth) - corrected(answer, said, truth) - corrected(said)
        assert found["information"]["estimate"] == pytest.approx(max(0.0, beyond), abs=1e-12)
        low, high = row["accuracy"]["interval"][0], blind["accuracy"]["interval"][1]
        assert found["over_blind"] == pytest.approx(kl(low, high) if low > high else 0.0, rel=1e-9, abs=1e-15)


def test_the_shipped_table_is_that_of_the_audit(audited):
    """Same pairs, differences and p-values; the correction is over these pairs in both."""
    table = vlm4d_paired_table().set_index(["first_log", "second_log"])
    rows = audited["rows"]
    assert len(table) == len(audited["comparisons"])
    for test in audited["comparisons"]:
        key, sign = (rows[test["first"]]["log"], rows[test["second"]]["log"]), 1
        if key not in table.index:  # the baseline stands last here
            key, sign = key[::-1], -1
        row = table.loc[key]
        assert row.difference == pytest.approx(sign * test["difference"]["estimate"], rel=1e-5, abs=1e-9)
        assert row.p_value == pytest.approx(test["p_value"], rel=1e-5)
        assert row.adjusted == pytest.approx(test["adjusted"], rel=1e-5)
        assert row.resolvable == pytest.approx(test["resolvable"], rel=1e-5)
        low, high = sorted((sign * row.low, sign * row.high))
        assert low < test["difference"]["estimate"] < high
