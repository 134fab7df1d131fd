"""Write the executed notebook beside every chapter that has code: `python tools/notebooks.py [--repository URL] [NAME ...]`.

The .md stays the source. A notebook holds the same cells, its text in plain Markdown, outputs without images, and before
everything else a cell that installs the library where it is missing.
"""

import argparse
import os
import re
import sys
from pathlib import Path

import jupytext
import nbformat
from nbclient import NotebookClient
from plain_markdown import CHAPTERS, plain
from tqdm import tqdm

TIMEOUT = 900  # seconds a cell, as in _config.yml

INSTALL = """\
# Where the library is missing (a hosted notebook), install it, and leave the torch that is there as it is.
import importlib.util, subprocess, sys
from importlib.metadata import PackageNotFoundError, version

SOURCE = "{source}"  # this book's repository, or the folder above this one in a copy of it
if importlib.util.find_spec("spacelib") is None:
    try:
        torch = [f"torch=={{version('torch')}}"]
    except PackageNotFoundError:
        torch = []
    subprocess.run([sys.executable, "-m", "pip", "install", "--quiet", SOURCE, *torch], check=True)
    importlib.invalidate_caches()"""

# In the book a figure reaches the text through myst_nb's glue. A notebook needs no myst_nb: there the same cells print the
# figures, and the text holds them.
GLUE_IMPORT = "from myst_nb import glue"
GLUE_PRINT = 'def glue(name, value, display=True):\n    """Print a figure that the text quotes."""\n    print(f"{name}: {value}")'


def sources() -> list[Path]:
    """The chapters that have code cells."""
    return sorted(p for p in CHAPTERS.rglob("*.md") if "{code-cell}" in p.read_text(encoding="utf-8"))


def unexecuted(source: Path, values: dict[str, str] | None = None, repository: str = "") -> nbformat.NotebookNode:
    """The notebook of a chapter without outputs; `values` are the figures that its text quotes, None leaves them open."""

    def value(name: str) -> str:
        if values is not None and name not in values:
            raise ValueError(f"{source.name}: the text quotes '{name}', which no cell glues")
        return name if values is None else values[name]

    chapter = jupytext.read(source)
    notebook = nbformat.v4.new_notebook()
    notebook.metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
                         "language_info": {"name": "python"}}
    install = INSTALL.format(source=f"git+{repository}" if repository else "..")
    notebook.cells.append(nbformat.v4.new_code_cell(install, metadata={"tags": ["install"]}))
    for cell in chapter.cells:
        if cell.cell_type == "markdown":
            try:
                notebook.cells.append(nbformat.v4.new_markdown_cell(plain(cell.source, value)))
            except ValueError as error:
                raise ValueError(f"{source.name}: {error}") from error
        else:
            notebook.cells.append(code_cell(cell))
            if caption := cell.metadata.get("mystnb", {}).get("figure", {}).get("caption"):
                notebook.cells.append(nbformat.v4.new_markdown_cell(f"*{plain(caption, value).strip()}*"))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:03d}"
    return notebook


def code_cell(cell: nbformat.NotebookNode) -> nbformat.NotebookNode:
    tags = [tag for tag in cell.metadata.get("tags", []) if tag != "remove-cell"]
    text = cell.source
    if re.search(r"^glue\(", text, re.MULTILINE):  # the figures of the text are compared too
        tags.append("nbval-check-output")
        text = text.replace(GLUE_IMPORT, GLUE_PRINT)
    return nbformat.v4.new_code_cell(text, metadata={"tags": sorted(set(tags))} if tags else {})


def quoted_figures(notebook: nbformat.NotebookNode) -> dict[str, str]:
    """What the glue cells of an executed notebook printed."""
    printed = [output.text for cell in notebook.cells if cell.cell_type == "code" and "glue(" in cell.source
               for output in cell.outputs if output.output_type == "stream" and output.name == "stdout"]
    return dict(line.split(": ", 1) for text in printed for line in text.splitlines())


def executed(source: Path, repository: str = "") -> nbformat.NotebookNode:
    run = unexecuted(source, None, repository)
    NotebookClient(run, timeout=TIMEOUT, kernel_name="python3", resources={"metadata": {"path": str(source.parent)}}).execute()
    notebook = unexecuted(source, quoted_figures(run), repository)
    for cell, done in zip(notebook.cells, run.cells, strict=True):
        if cell.cell_type == "code":
            cell.execution_count = done.execution_count
            cell.outputs = merged([kept for output in done.outputs if (kept := without_images(output)) is not None])
    return notebook


def without_images(output: nbformat.NotebookNode) -> nbformat.NotebookNode | None:
    """The output without its images; None if nothing else is in it."""
    if "data" not in output:
        return output
    kept = {kind: data for kind, data in output.data.items() if not kind.startswith("image/")}
    if len(kept) < len(output.data) and set(kept) <= {"text/plain"}:  # a figure's text is only its size
        return None
    output.data = kept
    return output


def merged(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Printed text that arrived in pieces, in one piece."""
    result: list[nbformat.NotebookNode] = []
    for output in outputs:
        if result and output.output_type == result[-1].output_type == "stream" and output.name == result[-1].name:
            result[-1].text += output.text
        else:
            result.append(output)
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description="Write the executed notebooks.")
    parser.add_argument("--repository", default="", metavar="URL", help="where a hosted notebook installs the library from")
    parser.add_argument("names", nargs="*", help="chapters (default: all that have code)")
    arguments = parser.parse_args()
    chosen = [p for p in sources() if not arguments.names or p.stem in arguments.names]
    for source in (bar := tqdm(chosen, file=sys.stdout, desc="notebooks")):
        bar.set_postfix_str(source.stem)
        target, part = source.with_suffix(".ipynb"), source.with_suffix(".ipynb.part")
        nbformat.write(executed(source, arguments.repository), part)
        os.replace(part, target)


if __name__ == "__main__":
    main()
