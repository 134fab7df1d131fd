"""MyST Markdown to plain Markdown with LaTeX, as every notebook front end shows it.

Only the directives and roles that the chapters use are known; any other one is an error, so that nothing unreadable can
reach a notebook.
"""

import re
from collections.abc import Callable
from pathlib import Path

from pybtex.database import parse_file
from theorem_directive import derivation_markdown, theorem_markdown

CHAPTERS = Path(__file__).resolve().parent.parent / "chapters"
BOXES = ("note", "tip", "hint", "important", "warning", "caution", "seealso")
FENCE = re.compile(r"^(`{3,}|:{3,})(?:\{([\w:-]+)\}\s*(.*))?(.*)$")
OPTION = re.compile(r"^:([\w-]+):\s*(.*)$")
ROLE = re.compile(r"\{([a-z][\w:-]*)\}`([^`]+)`")
TARGETED = re.compile(r"^(.*?)\s*<(.+)>$", re.DOTALL)


def plain(text: str, value: Callable[[str], str]) -> str:
    """Plain Markdown of a MyST text; `value(name)` is the glued value of that name."""
    return "\n".join(blocks(text.splitlines(), value)).strip()


def blocks(lines: list[str], value: Callable[[str], str]) -> list[str]:
    result, at = [], 0
    while at < len(lines):
        fence = FENCE.match(lines[at])
        if fence is None:
            if not re.match(r"^\(\S+\)=$|^%", lines[at]):  # labels and comments
                result.append(inline(lines[at], value))
            at += 1
            continue
        end = closing(lines, at, fence[1])
        if fence[2] is None:  # ordinary code stays as it is
            result += lines[at : end + 1]
        else:
            result += directive(fence[2], fence[3].strip(), lines[at + 1 : end], value)
        at = end + 1
    return result


def closing(lines: list[str], start: int, fence: str) -> int:
    for at in range(start + 1, len(lines)):
        if lines[at].strip() == fence[0] * len(lines[at].strip()) and len(lines[at].strip()) >= len(fence):
            return at
    raise ValueError(f"the fence '{lines[start]}' is never closed")


def directive(name: str, argument: str, body: list[str], value: Callable[[str], str]) -> list[str]:
    options = {}
    while body and (option := OPTION.match(body[0])):
        options[option[1]] = option[2]
        body = body[1:]
    if name == "theorem":
        title, text = theorem_markdown(argument)
        return quote(f"**Theorem ({title}).**", text.splitlines())
    if name == "derivation":
        title = theorem_markdown(argument)[0]
        return [f"<details><summary>Proof of: {title}</summary>", "", derivation_markdown(argument), "", "</details>", ""]
    if name == "prf:proof":
        return ["*Proof.*", "", *blocks(body, value), "", r"$\square$"]
    if name.startswith("prf:"):
        kind = name.removeprefix("prf:").capitalize()
        return quote(f"**{kind}{f' ({argument})' if argument else ''}.**", blocks(body, value))
    if "dropdown" in options.get("class", ""):
        return [f"<details><summary>{argument}</summary>", "", *blocks(body, value), "", "</details>"]
    if name in BOXES or name == "admonition":
        return quote(f"**{argument or name.capitalize()}**", blocks(body, value))
    if name in ("figure", "image"):
        return [f"![{options.get('alt', '')}]({argument})", "", *blocks(body, value)]
    if name == "math":
        return ["$$", *body, "$$"]
    if name == "code-block":
        return [f"```{argument}", *body, "```"]
    raise ValueError(f"the directive '{name}' has no plain form")


def quote(heading: str, body: list[str]) -> list[str]:
    return [f"> {heading}", ">", *(f"> {line}".rstrip() for line in body), ""]


def inline(line: str, value: Callable[[str], str]) -> str:
    line = re.sub(r"(\$\$)\s*\([\w-]+\)$", r"\1", line)  # a displayed formula's label
    line = re.sub(r"\]\(([\w/]+)\.md(#[\w-]+)?\)", lambda m: f"]({notebook_or_page(m[1])}{m[2] or ''})", line)
    return ROLE.sub(lambda m: role(m[1], m[2], value), line)


def role(name: str, content: str, value: Callable[[str], str]) -> str:
    targeted = TARGETED.match(content)
    if name == "glue:text":
        return value(content)
    if name in ("ref", "doc", "prf:ref") and targeted:
        return targeted[1]
    if name == "prf:ref":
        return f"the theorem *{theorem_markdown(content.removeprefix('thm-'))[0]}*"
    if name in ("cite:t", "cite:p"):
        return "; ".join(citation(key.strip(), parentheses=name == "cite:p") for key in content.split(","))
    if name == "math":
        return f"${content}$"
    raise ValueError(f"the role '{name}' has no plain form")


def notebook_or_page(stem: str) -> str:
    source = CHAPTERS / f"{stem}.md"
    has_code = source.exists() and "{code-cell}" in source.read_text(encoding="utf-8")
    return f"{stem}.ipynb" if has_code else f"{stem}.md"


def citation(key: str, parentheses: bool) -> str:
    entry = parse_file(CHAPTERS / "references.bib").entries[key]
    names = [" ".join(person.last_names) for person in entry.persons["author"]]
    who = names[0] if len(names) == 1 else " and ".join(names) if len(names) == 2 else f"{names[0]} et al."
    who = re.sub(r"[{}]|\\['\"]", "", who)
    return f"({who}, {entry.fields['year']})" if parentheses else f"{who} ({entry.fields['year']})"
