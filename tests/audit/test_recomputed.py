"""Every real log audited by the command, against figures recomputed from the raw files in plain Python.

Nothing of the library computes here: texts are read by another reader of the same stated rules, and information,
certificates and ceilings come from their definitions.
"""

import contextlib
import io
import json
import math
import re
from collections import Counter, defaultdict

import pytest
from vlm4d_form import DATA, LOGS, QUESTIONS, needs_data

from spacelib import cli

ROUNDING = 1e-12  # sums of some thousand terms of size at most ln 4, each within 2^-53 relative: under 1e-12
BLINK, SPATIALRGPT = sorted(DATA.glob("blink/*/*.json")), sorted(DATA.glob("spatialrgpt_bench/*.jsonl"))
ASSERTED = 0.6  # a chance that the command is given where no design gives one
needs_blink = pytest.mark.skipif(not BLINK, reason="no real data: set SPACELIB_DATA to a folder that holds blink/")
needs_spatialrgpt = pytest.mark.skipif(not SPATIALRGPT, reason="no real data: spatialrgpt_bench/ is not here")


def audited(*arguments) -> dict:
    """The rows of `spacelib audit --json`, by log and task."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        assert cli.main(["audit", "--json", *map(str, arguments)]) == 0
    return {(row["log"], row["task"]): row for row in json.loads(out.getvalue())["rows"]}


@pytest.fixture(scope="module")
def vlm4d():
    return audited(*LOGS, *(word for path in QUESTIONS for word in ("--items", path)))


@pytest.fixture(scope="module")
def blink():
    return audited(*BLINK, "--chance", ASSERTED)


@pytest.fixture(scope="module")
def spatialrgpt():
    return audited(*SPATIALRGPT, "--chance", ASSERTED)


def kl(p, q):
    return sum(a * math.log(a / b) for a, b in ((p, q), (1 - p, 1 - q)) if a)


def certified(accuracy, chance):
    return kl(accuracy, chance) if accuracy > chance else 0.0


def root(f, low, high):
    """Where f changes sign between low and high, to the last bit."""
    rising = f(high) > 0
    while True:
        middle = (low + high) / 2
        if middle in (low, high):
            return middle
        low, high = (low, middle) if (f(middle) > 0) == rising else (middle, high)


def of_marks(right, scenes, chance, chance_of_scene=None):
    """Accuracy and certificates of a list of marks, and of the scene of each."""
    by_scene = defaultdict(list)
    for mark, scene in zip(right, scenes):
        by_scene[scene].append(mark)
    accuracy, scene_chance = sum(right) / len(right), chance if chance_of_scene is None else chance_of_scene
    mean = math.fsum(sum(marks) / len(marks) for marks in by_scene.values()) / len(by_scene)
    budget = math.log(20) / len(by_scene)
    lower = root(lambda q: kl(mean, q) - budget, 1e-300, mean) if mean else 0.0
    return {
        "items": len(right),
        "accuracy": accuracy,
        "chance": chance,
        "certified": certified(accuracy, chance),
        "exact_accuracy": mean,
        "exact_lower": lower,
        "exact": certified(lower, scene_chance),
    }


def of_letters(pairs, chance):
    """Information of (answer, right letter) pairs from its definition, its correction, and the ceiling it allows."""
    joint, said, asked, n = Counter(pairs), Counter(a for a, _ in pairs), Counter(t for _, t in pairs), len(pairs)
    plug_in = math.fsum(c / n * math.log(c * n / (said[a] * asked[t])) for (a, t), c in joint.items())
    whole = kl(1 - 1e-12, chance)
    return {
        "unparsed": said[None],
        "constant": max(asked.values()) / n,
        "plug_in": max(plug_in, 0.0),
        "miller_madow": max(0.0, plug_in + (len(said) + len(asked) - len(joint) - 1) / (2 * n)),
        "ceiling": 1.0 if plug_in >= whole else root(lambda p: kl(p, chance) - max(plug_in, 0.0), chance, 1 - 1e-12),
    }


def found(row):
    """The audit's figures under the names used here."""
    certificate = row["certificate"]
    figures = {
        "items": row["items"],
        "accuracy": row["accuracy"]["estimate"],
        "chance": certificate["chance"],
        "certified": certificate["at_estimate"],
        "exact_accuracy": certificate["exact"]["accuracy"],
        "exact_lower": certificate["exact"]["lower_end"],
        "exact": certificate["exact"]["information"],
        "unparsed": row["unparsed"]["count"],
    }
    if row["constant"]:
        figures["constant"] = row["constant"]["share"]
    if row["mutual_information"]:
        figures |= {method: row["mutual_information"][method]["estimate"] for method in ("plug_in", "miller_madow")}
        figures["ceiling"] = row["ceiling"]["at_estimate"]
    return figures


def agree(row, expected):
    assert found(row) == pytest.approx(expected, rel=1e-9, abs=ROUNDING)
    low, high = row["accuracy"]["interval"]
    assert low <= expected["accuracy"] <= high and row["certificate"]["at_lower_end"] <= expected["certified"] + 1e-15


def table_agrees(row, pairs):
    """The contingency table, cell by cell; and no relabelling gains more than the best one of these very answers."""
    joint = Counter(pairs)
    for i, said in enumerate((*row["letters"], None)):
        assert row["joint"][i] == [joint[said, right] for right in row["letters"]]
    best = sum(max(joint[said, right] for right in row["letters"]) for said in (*row["letters"], None))
    assert row["relabelling_gain"]["estimate"] <= best / row["items"] - row["accuracy"]["estimate"] + ROUNDING


@needs_data
@pytest.mark.oracle
@pytest.mark.parametrize("log", LOGS, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_vlm4d(log, vlm4d):
    split = "synthetic" if "synthetic" in log.parent.name else "real"
    asked = {q["id"]: q for q in json.loads(QUESTIONS[split == "synthetic"].read_text())}
    pairs, right, scenes, chances, by_scene = [], [], [], [], defaultdict(list)
    for answer in json.loads(log.read_text()):
        question = asked[answer["id"]]
        texts = {letter: str(text) for letter, text in question["choices"].items()}
        gold, said = str(question["answer"]), texts.get(answer["extracted_answer"].split(":")[0])
        first = {text: letter for letter, text in reversed(texts.items())}
        pairs.append((first.get(said), first[gold]))
        right.append(said == gold)
        scenes.append(question["video"])
        chances.append(sum(text == gold for text in texts.values()) / len(texts))
        by_scene[question["video"]].append(chances[-1])
    chance = math.fsum(chances) / len(chances)
    of_scene = math.fsum(sum(c) / len(c) for c in by_scene.values()) / len(by_scene)
    row = vlm4d["/".join(log.parts[-2:]), split]
    agree(row, of_marks(right, scenes, chance, of_scene) | of_letters(pairs, chance))
    table_agrees(row, pairs)
    assert row["scenes"] == len(by_scene)


@needs_blink
@pytest.mark.oracle
@pytest.mark.parametrize("log", BLINK, ids=lambda p: f"{p.parent.name}-{p.stem}")
def test_blink(log, blink):
    content = json.loads(log.read_text())["val"]
    task = log.stem.removesuffix("_concat")
    letters = "ABCD" if task == "Visual_Correspondence" else "AB"
    pairs = []
    for answer in content:
        said = answer["prediction"][1:2]
        pairs.append((said if said in letters else None, answer["answer"][1]))
    row = blink["/".join(log.parts[-2:]), task]
    right = [said == gold for said, gold in pairs]
    agree(row, of_marks(right, range(len(right)), ASSERTED) | of_letters(pairs, ASSERTED))
    table_agrees(row, pairs)
    assert row["scenes"] is None and row["frames"] == (
        2 if task in ("Visual_Correspondence", "Multi-view_Reasoning") else 1
    )


UNITS = {"m": 1, "cm": 0.01, "mm": 0.001, "f": 0.3048, "i": 0.0254}
NUMBER = r"(?<![\w.,/\"])(?<!(?<![\w'\"])-)(\d+(?:\.\d+)?)(?!,?\d)"
UNIT = (
    r"\s?-?\s*(meters?\b(?!/)|m\b|centimeters?\b|cm\b|mm\b"
    r"|feet\b|foot\b|'(?!\w)|'(?=\d)|inch(?:es)?\b|in\b(?= tall)|\"(?!\w))"
)
QUANTITY = re.compile(
    rf"{NUMBER}(?:{UNIT}(?:\s?(\d+)(\"| inches))?)?(?:(\s?(?:-|to)\s?){NUMBER}(?:{UNIT}(?:\s?(\d+)(\"))?)?)?"
)


def metres(number, unit, inches):
    short = {"centimeter": "cm", "meter": "m", "'": "f", '"': "i"}.get(unit.rstrip("s"), unit)
    return float(number) * UNITS[short if short in UNITS else short[0]] + float(inches or 0) * 0.0254


def stated(text):
    """The lengths of a text, in metres, with their places: numbers with a unit, ranges at their middle."""
    for match in QUANTITY.finditer(text):
        low, unit, inches, _, dash, high, far_unit, far_inches, _ = match.groups()
        if dash and far_unit:
            ends = metres(low, unit or far_unit, inches), metres(high, far_unit, far_inches)
            yield match.start(), sum(ends) / 2
        elif unit:
            yield match.start(), metres(low, unit, inches)


def length(text):
    text = re.sub(r"between (\d+) and (\d+)", r"\1-\2", text.replace("*", "").replace("`", ""))
    found = list(stated(text))
    announced = [m.end() for m in re.finditer(r"\b(answer|therefore|thus|in conclusion)\b", text, re.IGNORECASE)]
    for end in sorted(announced, reverse=True):
        if behind := [value for start, value in found if start >= end]:
            return behind[0]
    return found[0][1] if found else None


def hour(text):
    match = re.search(r"(\d+) o'clock", text)
    return int(match[1]) if match and 1 <= int(match[1]) <= 12 else None


def counts(said, gold, direction):
    if said is None:
        return False
    if direction:
        return min(abs(said - gold), 12 - abs(said - gold)) <= 1
    return 0.75 * gold <= said <= 1.25 * gold


CATEGORY = {"distance": "direct_distance"} | {
    name: name for name in ("horizontal_distance", "vertical_distance", "width")
}
CATEGORY |= {"height": "height", "direction": "direction"}
CATEGORY |= {name: "below_above" for name in ("below", "above")} | {name: "left_right" for name in ("left", "right")}
CATEGORY |= {name: "big_small" for name in ("big", "small")} | {name: "tall_short" for name in ("tall", "short")}
CATEGORY |= {name: "wide_thin" for name in ("wide", "thin")} | {name: "behind_front" for name in ("behind", "front")}


@needs_spatialrgpt
@pytest.mark.oracle
@pytest.mark.parametrize("log", SPATIALRGPT, ids=lambda p: p.stem)
def test_spatialrgpt(log, spatialrgpt):
    by_task = defaultdict(list)
    for line in log.read_text().splitlines():
        answer = json.loads(line)
        by_task[CATEGORY[re.sub("_(data|predicate|choice)$", "", answer["qa_category"])]].append(answer)
    assert len(by_task) == 12
    for task, answers in by_task.items():
        row = spatialrgpt["/".join(log.parts[-2:]), task]
        spoke = [answer["judge_response"].lstrip("`json \n").startswith("{") for answer in answers]
        if answers[0]["qa_type"] == "qualitative":
            right = [answer["correct"] for answer in answers]
            expected = {"unparsed": sum(not a["prediction"].strip() for a in answers)}
            assert row["judge"] == {"marks": None, "unmarked": len(spoke) - sum(spoke)}
        else:
            read = hour if task == "direction" else length
            golds, said = ([read(answer[key]) for answer in answers] for key in ("ground_truth", "prediction"))
            right = [counts(s, g, task == "direction") for s, g in zip(said, golds)]
            guesses = range(1, 13) if task == "direction" else [0.75 * gold for gold in golds]
            best = max(sum(counts(guess, gold, task == "direction") for gold in golds) for guess in guesses)
            expected = {"unparsed": said.count(None), "constant": best / len(golds)}
            judged = Counter((r, a["correct"]) for r, a, s in zip(right, answers, spoke) if s)
            marks = (
                judged[True, True],
                judged[True, False],
                judged[False, True],
                judged[False, False],
                spoke.count(False),
            )
            assert tuple(row["judge"]["marks"].values()) == marks
            often = Counter(None if s is None else round(s, 9) for s in said)
            once = sum(count == 1 for answer, count in often.items() if answer is not None)
            if once > 0.05 * len(said):
                assert row["answer_entropy"] is None
            else:
                n = len(said)
                entropy = -math.fsum(c / n * math.log(c / n) for c in often.values()) + (len(often) - 1) / (2 * n)
                assert row["answer_entropy"]["estimate"] == pytest.approx(entropy, abs=ROUNDING)
                ceiling = row["answer_entropy"]["ceiling"]
                assert ceiling == 1 or kl(ceiling, ASSERTED) == pytest.approx(entropy, abs=1e-9)
        agree(row, of_marks(right, range(len(right)), ASSERTED) | expected)
        assert row["mutual_information"] is row["relabelling_gain"] is row["ceiling"] is None
        assert (row["scenes"], row["frames"]) == (None, 1)
