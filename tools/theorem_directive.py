"""Sphinx directive that prints a theorem from the proof kernel, so that no formula of a theorem is typed a second time.

    ```{theorem} ceiling
    ```

becomes a numbered theorem with the label `thm-ceiling`: what it says, then hypotheses and statement as the kernel's LaTeX,
then the classical source.
"""

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.util.docutils import SphinxDirective

from spacelib import proofs


def theorem_markdown(name: str) -> tuple[str, str]:
    """Title and body (MyST, also plain Markdown with LaTeX) of the theorem `name`."""
    if name not in proofs.THEOREMS:
        raise ValueError(f"theorem '{name}' is not one of the kernel's: {', '.join(proofs.THEOREMS)}")
    theorem = proofs.THEOREMS[name]
    lines = [theorem.says, ""] if theorem.says else []
    if theorem.hypotheses:
        lines += ["Suppose:", ""]
        lines += [f"- {hypothesis.name}: ${proofs.latex(hypothesis.claim)}$" for hypothesis in theorem.hypotheses]
        lines += ["", "Then", ""]
    lines += [f"$${proofs.latex(theorem.statement)}$$", "", f"*Source:* {theorem.source}."]
    return theorem.title, "\n".join(lines)


class TheoremDirective(SphinxDirective):
    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        try:
            title, body = theorem_markdown(name)
        except ValueError as error:
            raise self.error(str(error)) from error
        lines = [f"````{{prf:theorem}} {title}", f":label: thm-{name}", "", *body.splitlines(), "````"]
        container = nodes.Element()
        self.state.nested_parse(StringList(lines, source=f"theorem {name}"), self.content_offset, container)
        return container.children


def setup(app) -> dict:
    app.add_directive("theorem", TheoremDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
