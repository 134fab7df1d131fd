"""The stored notebooks: in step with their chapters, executed, readable outside the book, and really compared."""

import re
from pathlib import Path

import pytest

nbformat = pytest.importorskip("nbformat")
for package in ("jupytext", "nbclient", "pybtex", "docutils", "flint"):
    pytest.importorskip(package)
import notebooks  # noqa: E402

SOURCES = notebooks.sources()
CHAPTERS = notebooks.CHAPTERS


def read(source: Path) :
    return nbformat.read(source.with_suffix(".ipynb"), as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def compared_text(notebook) -> str:
    """What nbval compares: the text printed by cells tagged for it."""
    return "".join(output.get("text", "") for cell in code_cells(notebook)
                   if "nbval-check-output" in cell.metadata.get("tags", []) for output in cell.outputs)


def faults(source: Path, stored) -> list[str]:
    """Everything that is wrong with a stored notebook."""
    found = []
    repository = re.search(r'SOURCE = "(?:git\+)?(.*?)"', stored.cells[0].source)[1]
    fresh = notebooks.unexecuted(source, notebooks.quoted_figures(stored), "" if repository == ".." else repository)
    step = lambda nb: [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in nb.cells]  # noqa: E731
    if step(fresh) != step(stored):
        found.append("its cells differ from the chapter's")
    if [cell.execution_count for cell in code_cells(stored)] != list(range(1, len(code_cells(stored)) + 1)):
        found.append("it was not executed from top to bottom")
    if not compared_text(stored).strip():
        found.append("no verdict cell with printed output is compared")
    for cell in stored.cells:
        if cell.cell_type == "markdown" and re.search(r"\{[a-z][\w:-]*\}`|^(`{3,}|:{3,})\{|^\(\S+\)=$", cell.source, re.MULTILINE):
            found.append(f"MyST markup is left in: {cell.source[:60]}")
    for output in (output for cell in code_cells(stored) for output in cell.outputs):
        if output.output_type == "error" or output.get("name") == "stderr":
            found.append("it holds an error or a warning")
        if any(kind.startswith("image/") for kind in output.get("data", {})):
            found.append("it holds an image")
        if re.search(r"0x[0-9a-f]{8,}|site-packages", str(output)):
            found.append(f"it holds an address of one run or machine: {str(output)[:120]}")
    return found


def test_every_chapter_with_code_has_a_notebook_and_nothing_else_has():
    assert SOURCES
    assert {p.with_suffix(".ipynb") for p in SOURCES} == {p for p in CHAPTERS.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts}


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_the_notebook_is_sound(source):
    assert faults(source, read(source)) == []


# What the check above must notice, each on a notebook spoiled in one place.
@pytest.mark.parametrize(("spoil", "message"), [
    (lambda nb: setattr(nb.cells[1], "source", nb.cells[1].source + "\nOne more."), "differ from the chapter"),
    (lambda nb: nb.cells.pop(), "differ from the chapter"),
    (lambda nb: [setattr(cell, "execution_count", None) for cell in code_cells(nb)], "not executed"),
    (lambda nb: [setattr(cell, "outputs", []) for cell in code_cells(nb)], "no verdict cell"),
    (lambda nb: setattr(nb.cells[1], "source", "See {prf:ref}`thm-ceiling`."), "MyST markup"),
    (lambda nb: code_cells(nb)[-1].outputs.append(nbformat.v4.new_output("stream", name="stderr", text="!")), "a warning"),
    (lambda nb: code_cells(nb)[-1].outputs.append(
        nbformat.v4.new_output("display_data", data={"image/png": "iVBOR"})), "an image"),
    (lambda nb: code_cells(nb)[-1].outputs.append(
        nbformat.v4.new_output("stream", name="stdout", text="<object at 0x7f12345678>")), "an address"),
])
def test_a_spoiled_notebook_is_noticed(spoil, message):
    source = CHAPTERS / "capacity.md"
    notebook = read(source)
    values = notebooks.quoted_figures(notebook)
    spoil(notebook)
    original, notebooks.quoted_figures = notebooks.quoted_figures, lambda _: values
    try:
        assert any(message in fault for fault in faults(source, notebook))
    finally:
        notebooks.quoted_figures = original


@pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.stem)
def test_cells_are_short(source):
    """A cell reads like a step of the argument: at most 15 lines, none wider than the page."""
    for cell in notebooks.unexecuted(source).cells[1:]:
        if cell.cell_type == "code":
            lines = [line for line in cell.source.splitlines() if line.strip()]
            assert len(lines) <= 15, cell.source
            assert max(map(len, lines)) <= 92, max(lines, key=len)
