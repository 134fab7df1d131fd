"""The three forms of a report: complete, the same twice, and safe to show whatever a log holds."""

import json
import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import blink_form
import pytest
import spatialrgpt_form
from vlm4d_form import synthetic, write

from spacelib.audit import audit, to_dict, to_html, to_text
from spacelib.audit.plots import _CSS

HOSTILE = "<img src=x onerror=alert(1)>&\"'\x1b[31m$\\frac$"


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    folder = tmp_path_factory.mktemp("logs")
    for name, accuracy in (("first_8frame.json", 0.6), ("second_1fps.json", 0.2)):
        write(folder, *synthetic(items=240, scenes=120, accuracy=accuracy), name=name)
    return audit([folder / "first_8frame.json", folder / "second_1fps.json"], items=[folder / "questions.json"])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Two logs whose names, identifiers and texts try to break out."""
    folder = tmp_path_factory.mktemp("hostile")
    questions, answers = synthetic(items=240, scenes=120)
    for record in (questions[0], answers[0]):
        record |= {"id": HOSTILE, "question": f"</script>{HOSTILE}"}
    answers[0] |= {"extracted_answer": "No Valid Answer", "correct": True, "response": HOSTILE}
    logs = [write(folder, questions, answers, name=f"{HOSTILE}_{frames}frame.json")[0] for frames in (8, 16)]
    return audit(logs, items=[folder / "questions.json"])


@pytest.fixture(scope="module")
def mixed(tmp_path_factory):
    """Free numbers and texts beside letters that no design made even; pictures, judges that failed, hostile answers."""
    folder = tmp_path_factory.mktemp("mixed")
    records = spatialrgpt_form.judged(items=240)
    for record in records[:24]:
        record |= {"prediction": HOSTILE, "score": 0.0, "correct": False, "judge_response": HOSTILE}
    content = blink_form.synthetic(items=124)
    content["val"][0]["prediction"] = HOSTILE
    return audit([spatialrgpt_form.write(folder, records), blink_form.write(folder, content)])


class Page(HTMLParser):
    """What a page is made of: its tags, attributes and identifiers."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.ids, self.open = [], [], [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attributes):
        self.tags.append(tag)
        self.attributes += attributes
        self.ids += [value for name, value in attributes if name == "id"]


def test_text_names_every_row_figure_warning_and_limit(report):
    text = to_text(report)
    for said in (
        "first, real",
        "second, real",
        "Accuracy",
        "Chance",
        "known by design",
        "bits",
        "Contamination",
        "seed 0",
    ):
        assert said in text
    assert "! warning: The accuracy is not above chance" in text
    assert max(map(len, text.split("\n"))) <= 120


def test_json_holds_plain_finite_values(report):
    value = to_dict(report)
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert value["unit"] == "nat" and value["schema_version"] == 2 and len(value["rows"]) == 2


def test_free_answers_have_null_where_letters_have_figures(mixed):
    value = to_dict(mixed)
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    *free, lettered = [row for row in value["rows"] if not row["pooled"]]
    assert [row["task"] for row in value["rows"] if row["pooled"]] == ["all texts", "all numbers"]
    assert len(free) == 12 and {row["rule"] for row in free} == {
        "by the judge's mark", "within 25 % of the right length", "within one hour on the clock",
    }  # fmt: skip
    for row in free:
        assert row["mutual_information"] is row["ceiling"] is row["relabelling_gain"] is row["joint"] is None
        number = row["constant"] is not None
        assert number == (row["judge"]["marks"] is not None) and (row["judge"]["unmarked"] == 2) == (not number)
        assert not number or (row["judge"]["marks"]["silent"], sum(row["judge"]["marks"].values())) == (2, 20)
        assert row["means"]["relabelling_gain"].endswith("not for free answers.")
    assert lettered["judge"] is lettered["rule"] is lettered["certificate"] is None
    assert lettered["relabelling_gain"]["estimate"] <= 1 and lettered["constant"]["answer"] == "B"


def test_free_answers_stand_in_text_and_page(mixed):
    text, page = " ".join(to_text(mixed).split()), to_html(mixed)
    for said in (
        "Answers that rule and judge mark differently",
        "no mark for 2",
        "Texts without a judge's mark",
        "Best constant answer",
        "not certified",
        "Gain by relabelling the answers",
        "not defined",
        "not measured",
        "Entropy of the answers",
        "optimistic",
    ):
        assert said.replace("'", "&#39;") in page and said in text, said
    assert "\x1b" not in text + page and "<img" not in page
    plots = re.findall(r"<svg.*?</svg>", page, re.DOTALL)
    assert len(plots) == 2 + 12 + 2 + 2, "two of all rows, one of each free task and each kind, two of the letters"
    for plot in plots:
        ElementTree.fromstring(plot)
    parsed = Page(page)
    assert len(parsed.ids) == len(set(parsed.ids)) and page.count("<table") == 2


def test_one_right_letter_is_said_in_words(tmp_path):
    content = blink_form.synthetic(items=124)
    for row in content["val"]:
        row["answer"] = "(B)"
    report = audit([blink_form.write(tmp_path, content)], chance=0.9)
    said = "All right letters are B: no answer tells anything about them"
    assert any(said in warning for warning in report.rows[0].warnings)
    assert to_dict(report)["rows"][0]["ceiling"] is None
    assert said in " ".join(to_text(report).split()) and said in to_html(report)


def test_answers_of_which_none_was_read_are_said_in_words(tmp_path):
    content = blink_form.synthetic(items=124)
    for row in content["val"]:
        row["prediction"] = "(Z)"
    records = spatialrgpt_form.judged(items=36, categories=("width_data",))
    for record in records:
        record |= {"prediction": "300 pixels", "score": 0.0, "correct": False}
    report = audit([blink_form.write(tmp_path, content), spatialrgpt_form.write(tmp_path, records)], chance=0.3)
    for row, value in zip(report.rows, to_dict(report)["rows"]):
        assert "No answer could be read: every one counts as wrong, and none tells anything." in row.warnings
        assert value["accuracy"]["estimate"] == 0 == value["certificate"]["at_estimate"]
    assert to_text(report).count("No answer could be read") == to_html(report).count("No answer could be read") == 2


def test_a_single_free_answer_is_reported(tmp_path):
    report = audit([spatialrgpt_form.write(tmp_path, spatialrgpt_form.judged(items=1))])
    value = to_dict(report)
    assert json.loads(json.dumps(value, allow_nan=False)) == value and "One question only" in to_text(report) + to_html(
        report
    )


def test_a_chance_under_a_constant_answer_is_doubted(tmp_path):
    log = blink_form.write(tmp_path, blink_form.synthetic(items=124))
    (row,) = audit([log], chance=0.2).rows
    assert any("hardly the best blind accuracy" in warning for warning in row.warnings)
    (row,) = audit([log], chance=0.8).rows
    assert not any("hardly" in warning for warning in row.warnings)


def test_a_log_of_one_scene_is_reported_in_words(tmp_path):
    log, items = write(tmp_path, *synthetic(items=30, scenes=1))
    report = audit([log], items=[items])
    value = to_dict(report)
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert value["rows"][0]["accuracy"]["standard_error"] is None
    assert "One scene only" in to_text(report) and "One scene only" in to_html(report)


def test_a_page_is_self_contained_and_without_script(report):
    text = to_html(report)
    page = Page(text)
    assert not {"script", "link", "img", "iframe", "object", "embed", "base", "form"} & set(page.tags)
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    references = [v for name, v in page.attributes if name in ("src", "href", "xlink:href")] + re.findall(
        r"url\((.*?)\)", text
    )
    assert references and all(reference.startswith("#") for reference in references)
    assert "@import" not in text


def test_identifiers_are_unique_and_every_reference_has_its_target(report):
    text = to_html(report)
    page = Page(text)
    assert len(page.ids) == len(set(page.ids))
    pointed = re.findall(r"url\(#(.*?)\)", text) + [
        value.lstrip("#")
        for name, value in page.attributes
        if name in ("href", "xlink:href", "aria-labelledby", "aria-describedby")
    ]
    assert set(pointed) <= set(page.ids)


def test_plots_are_xml_in_the_page_colours_with_words_for_them(report):
    text = to_html(report)
    plots = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert len(plots) == 2 + 1 + 2 * 2, "of all rows, of the pair, of each row"
    for plot in plots:
        ElementTree.fromstring(plot)
    defined = set(re.findall(r"(--\w+):", text))
    assert set(re.findall(r"var\((--\w+)\)", text)) <= defined
    assert not [stand_in for stand_in in _CSS if stand_in in text]
    assert len(re.findall(r'<div role="img" aria-label="[^"]{20,}">', text)) == len(plots) == text.count("<figcaption>")
    # Each table names its columns and rows.
    assert text.count("<table") == 4 and 'scope="col"' in text and 'scope="row"' in text


def test_reports_are_the_same_twice(report):
    assert to_html(report) == to_html(report) and to_text(report) == to_text(report)


def test_foreign_text_is_escaped(hostile):
    text = to_html(hostile)
    page = Page(text)
    assert "img" not in page.tags and "script" not in page.tags
    assert not [name for name, _ in page.attributes if name.startswith("on")]
    assert "&lt;img src=x onerror=alert(1)&gt;" in text
    for shown in (text, to_text(hostile), json.dumps(to_dict(hostile), ensure_ascii=False)):
        assert "\x1b" not in shown


def test_warnings_of_the_file_reach_every_form(hostile):
    said = "mark differs from the official rule"
    assert (
        said in to_text(hostile)
        and said in to_html(hostile)
        and said in " ".join(to_dict(hostile)["rows"][0]["warnings"])
    )


def test_few_scenes_and_uneven_letters_are_warned_of(tmp_path):
    questions, answers = synthetic(items=200, scenes=20)
    for question, answer in zip(questions, answers):
        values = [question["answer"], *(v for v in question["choices"].values() if v != question["answer"])]
        question["choices"] = answer["choices"] = dict(zip("ABCD", values))
        answer |= {"extracted_answer": "A", "correct": True}
    log, items = write(tmp_path, questions, answers)
    warnings = audit([log], items=[items]).rows[0].warnings
    assert any("Only 20 scenes" in w for w in warnings) and any("uneven" in w for w in warnings)


def test_two_logs_of_one_model_are_told_apart(tmp_path):
    logs = []
    for folder in ("direct", "thinking"):
        (tmp_path / folder).mkdir()
        logs.append(write(tmp_path / folder, *synthetic(items=240, scenes=120))[0])
    text = to_text(audit(logs, items=[tmp_path / "direct" / "questions.json"]))
    assert "synthetic-model, real (direct)" in text and "synthetic-model, real (thinking)" in text
