"""Docstrings of the library as pages: they are plain prose, this turns them into reStructuredText for autodoc.

Prose may hold `code`, lists with "- ", displayed formulas (.. math::), blocks indented by four spaces (shown as they are)
and references such as :prf:ref:`thm-ceiling`. Everything else that reStructuredText would take for markup is only a
character.
"""

import re
import textwrap

KEYWORD = re.compile(r"^(Parameters|Returns|Assumes|Assumptions|Errors|Raises|Source|Exact cases|Shapes|Units)\b")
MARKUP = re.compile(r"(:[\w:]+:`[^`]+`)|``?([^`]+)``?")


def to_restructured(lines: list[str]) -> list[str]:
    result: list[str] = []
    inside_directive = False
    for block in re.split(r"\n\s*\n", "\n".join(lines).strip("\n")):
        if not block.strip():
            continue
        if block.startswith(".. ") or (block.startswith("   ") and inside_directive):
            result += [*block.splitlines(), ""]
            inside_directive = True
            continue
        inside_directive = False
        if block.startswith("    "):
            result += ["::", "", *textwrap.indent(textwrap.dedent(block), "    ").splitlines(), ""]
            continue
        for line in textwrap.dedent(block).splitlines():
            starts = line.lstrip().startswith("- ") or KEYWORD.match(line)
            if starts and result and result[-1]:  # an item and a keyword begin a paragraph
                result.append("")
            result.append(prose(line))
        result.append("")
    return result


def prose(line: str) -> str:
    """Escape a line, except for code and references; a leading keyword is set in bold."""
    at, parts = 0, []
    if keyword := KEYWORD.match(line):
        parts.append(f"**{keyword[0]}**")
        at = keyword.end()
    for found in MARKUP.finditer(line, at):
        parts.append(escape(line[at : found.start()]))
        at = found.end()
        parts.append(found[1] or f"``{found[2]}``")
        if line[at : at + 1].isalnum():  # markup ends only before a space: one of no width
            parts.append("\\ ")
    parts.append(escape(line[at:]))
    return "".join(parts)


def escape(text: str) -> str:
    return re.sub(r"([\\*|`])|(?<=\w)(_)(?!\w)", lambda m: "\\" + m[0], text)


def process(app, what, name, obj, options, lines) -> None:
    lines[:] = to_restructured(lines)


def setup(app) -> dict:
    app.connect("autodoc-process-docstring", process)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
