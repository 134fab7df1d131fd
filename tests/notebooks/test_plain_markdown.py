"""MyST to plain Markdown: each form that the chapters use, and a refusal for every other one."""

import pytest

for package in ("pybtex", "docutils", "flint"):
    pytest.importorskip(package)
from plain_markdown import plain  # noqa: E402


def converted(text: str) -> str:
    return plain(text, {"bits": "0.316"}.__getitem__)


@pytest.mark.parametrize(("myst", "markdown"), [
    ("A {glue:text}`bits` bit.", "A 0.316 bit."),
    ("(label)=\n# Title", "# Title"),
    ("% a comment\nText.", "Text."),
    (":::{note}\nMind {glue:text}`bits`.\n:::", "> **Note**\n>\n> Mind 0.316."),
    ("```{prf:definition} Divergence\n:label: d\n$x$\n```", "> **Definition (Divergence).**\n>\n> $x$"),
    ("````{prf:proof}\nBy\n```{math}\nx\n```\n````", "*Proof.*\n\nBy\n$$\nx\n$$\n\n$\\square$"),
    ("```{admonition} Solution\n:class: dropdown tip\nSeven.\n```",
     "<details><summary>Solution</summary>\n\nSeven.\n\n</details>"),
    ("$$x$$ (eq-x)", "$$x$$"),
    ("{cite:t}`fano1952`", "Fano (1952)"),
    ("{cite:p}`kullback1951`", "(Kullback and Leibler, 1951)"),
    ("[here](notation.md)", "[here](notation.md)"),
    ("{ref}`the text <label>`", "the text"),
    ("```python\n{unknown}`x`\n```", "```python\n{unknown}`x`\n```"),
])
def test_a_form_has_its_plain_equivalent(myst, markdown):
    assert converted(myst) == markdown


@pytest.mark.parametrize(("myst", "message"), [
    ("```{mermaid}\nx\n```", "directive 'mermaid' has no plain form"),
    ("{kbd}`x`", "role 'kbd' has no plain form"),
    ("```{note}\nx", "never closed"),
    ("```{theorem} no_such\n```", "theorem 'no_such' is not one of the kernel's"),
])
def test_an_unknown_form_is_refused(myst, message):
    with pytest.raises(ValueError, match=message):
        converted(myst)
