"""The verdict cells notice a wrong bound: each bound off by one part in a hundred, each estimator by one in ten."""

import contextlib
import io
import re
import sys

import pytest

nbformat = pytest.importorskip("nbformat")
plt = pytest.importorskip("matplotlib.pyplot")
pytest.importorskip("jupytext")
import notebooks  # noqa: E402

from spacelib import bounds, estimators  # noqa: E402


def scaled(function, factor):
    def wrong(*arguments, **options):
        result = function(*arguments, **options)
        return tuple(part * factor for part in result) if isinstance(result, tuple) else result * factor

    return wrong


def replace_everywhere(monkeypatch, function, wrong):
    """Put `wrong` in the place of a function in every module of the library that holds it by name."""
    for module in [m for name, m in sys.modules.items() if name.split(".")[0] == "spacelib"]:
        for name, value in list(vars(module).items()):
            if value is function:
                monkeypatch.setattr(module, name, wrong)


def verdicts(chapter: str) -> list[str]:
    """The compared text of a chapter, run anew in this process; the message of an error ends it."""
    stored = nbformat.read(notebooks.CHAPTERS / f"{chapter}.ipynb", as_version=4)
    scope, printed = {}, []
    for cell in stored.cells:
        if cell.cell_type != "code":
            continue
        code = re.sub(r"^%.*$", "", cell.source, flags=re.MULTILINE)
        out = io.StringIO()
        try:
            with contextlib.redirect_stdout(out):
                exec(compile(code, f"{chapter}.ipynb", "exec"), scope)
        except (AssertionError, ValueError) as error:
            plt.close("all")
            return [*printed, repr(error)]
        if "nbval-check-output" in cell.metadata.get("tags", []):
            printed.append(out.getvalue())
    plt.close("all")
    return printed


def stored_verdicts(chapter: str) -> list[str]:
    stored = nbformat.read(notebooks.CHAPTERS / f"{chapter}.ipynb", as_version=4)
    return ["".join(output.get("text", "") for output in cell.outputs) for cell in stored.cells
            if cell.cell_type == "code" and "nbval-check-output" in cell.metadata.get("tags", [])]


CASES = [
    ("data_processing", bounds.kl, 1.01),
    ("data_processing", bounds.inverse_first, 1.01),
    ("data_processing", bounds.inverse_second, 1.01),
    ("capacity", bounds.accuracy_ceiling, 1.01),
    ("capacity", bounds.certified_information, 1.01),
    ("capacity", bounds.relaxed_ceiling, 1.01),
    ("capacity", bounds.printed_ceiling, 1.01),
    ("capacity", bounds.erasure_channel, 1.01),
    ("capacity", estimators.information_from_counts, 1.1),
]


@pytest.mark.parametrize("chapter", ["data_processing", "capacity"])
def test_the_verdicts_are_as_stored(chapter):
    assert verdicts(chapter) == stored_verdicts(chapter)


@pytest.mark.parametrize(("chapter", "function", "factor"), CASES, ids=lambda value: getattr(value, "__name__", str(value)))
def test_a_scaled_bound_turns_its_chapter_red(monkeypatch, chapter, function, factor):
    replace_everywhere(monkeypatch, function, scaled(function, factor))
    assert verdicts(chapter) != stored_verdicts(chapter)
