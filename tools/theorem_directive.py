"""Sphinx directives that print theorems and proofs from the kernel, so that no formula of a theorem is typed twice.

    ```{theorem} ceiling
    ```

becomes a numbered theorem with the label `thm-ceiling`: what it says, then hypotheses and statement as the kernel's LaTeX,
then the classical source.

    ```{derivation} ceiling
    ```

becomes its proof, folded: every step of the kernel with its formula, its reason and what it uses.
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
        for words, claims in proofs.assumptions(name):
            lines.append(f"- {words}: {', '.join(f'${proofs.latex(claim)}$' for claim in claims)}")
        lines += ["", "Then", ""]
    lines += [f"$${proofs.latex(theorem.statement)}$$", "", f"*Source:* {theorem.source}."]
    return theorem.title, "\n".join(lines)


def derivation_markdown(name: str) -> str:
    """The steps of the theorem `name` as a numbered list, in MyST that is also plain Markdown with LaTeX."""
    theorem_markdown(name)  # refuses an unknown name
    lines = []
    for number, step in enumerate(proofs.THEOREMS[name].steps, start=1):
        used = getattr(step.reason, "theorem", None)
        why = f"{step.reason.name}, by *{proofs.THEOREMS[used].title}*" if used else step.reason.name
        given = " and ".join(f"${proofs.latex(claim)}$" for claim in step.given)
        lines += [f"{number}. **{step.label}** ({why}){f'; given {given}' if given else ''}", ""]
        lines += [f"   $${proofs.latex(step.claim)}$$", ""]
    return "\n".join(lines)


class FromKernel(SphinxDirective):
    """Parses what `markdown(name)` gives for the directive's argument."""

    required_arguments = 1

    def markdown(self, name: str) -> list[str]:
        raise NotImplementedError

    def run(self) -> list[nodes.Node]:
        name = self.arguments[0]
        try:
            lines = self.markdown(name)
        except ValueError as error:
            raise self.error(str(error)) from error
        container = nodes.Element()
        self.state.nested_parse(StringList(lines, source=f"theorem {name}"), self.content_offset, container)
        return container.children


class TheoremDirective(FromKernel):
    def markdown(self, name: str) -> list[str]:
        title, body = theorem_markdown(name)
        return [f"````{{prf:theorem}} {title}", f":label: thm-{name}", "", *body.splitlines(), "````"]


class DerivationDirective(FromKernel):
    def markdown(self, name: str) -> list[str]:
        title = f"Proof of: {proofs.THEOREMS[name].title}, in {len(proofs.THEOREMS[name].steps)} steps"
        return [f"````{{admonition}} {title}", ":class: dropdown", "", *derivation_markdown(name).splitlines(), "````"]


def setup(app) -> dict:
    app.add_directive("theorem", TheoremDirective)
    app.add_directive("derivation", DerivationDirective)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
