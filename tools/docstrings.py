"""Docstrings of the library as pages: they are plain prose, this turns them into reStructuredText for autodoc.

Prose may hold `code`, lists with "- ", blocks indented by four spaces (shown as they are) and references such as
:prf:ref:`thm-ceiling`. Everything else that reStructuredText would take for markup is only a character.
"""

import re
import textwrap

MARKUP = re.compile(r"(:[\w:]+:`[^`]+`)|``?([^`]+)``?")


def to_restructured(lines: list[str]) -> list[str]:
    result: list[str] = []
    for block in re.split(r"\n\s*\n", "\n".join(lines).strip("\n")):
        if not block.strip():
            continue
        if block.startswith("    "):
            result += ["::", "", *textwrap.indent(textwrap.dedent(block), "    ").splitlines(), ""]
            continue
        for line in textwrap.dedent(block).splitlines():
            item = re.match(r"(\s*)- ", line)
            if item and result and result[-1]:  # a list needs an empty line before each item's start
                result.append("")
            result.append(prose(line))
        result.append("")
    return result


def prose(line: str) -> str:
    """Escape a line, except for code and references."""
    at, parts = 0, []
    for found in MARKUP.finditer(line):
        parts.append(escape(line[at : found.start()]))
        parts.append(found[1] or f"``{found[2]}``")
        at = found.end()
    parts.append(escape(line[at:]))
    # code directly beside a letter is no markup for reStructuredText without a separator of no width
    return re.sub(r"(?<=\w)(``[^`]+``)", r"\\ \1", re.sub(r"(``[^`]+``)(?=\w)", r"\1\\ ", "".join(parts)))


def escape(text: str) -> str:
    return re.sub(r"([\\*|`])|(?<=\w)(_)(?!\w)", lambda m: "\\" + m[0], text)


def process(app, what, name, obj, options, lines) -> None:
    lines[:] = to_restructured(lines)


def setup(app) -> dict:
    app.connect("autodoc-process-docstring", process)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
