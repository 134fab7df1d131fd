"""Docstrings as pages: prose stays prose, code stays code, and nothing turns into markup by accident."""

import pytest

pytest.importorskip("docutils")
import docstrings  # noqa: E402
from docutils.core import publish_doctree  # noqa: E402


@pytest.mark.parametrize(("prose", "shown"), [
    ("the bound of |x| and y* and z_ holds", "the bound of |x| and y* and z_ holds"),
    ("`name` is shown", "name is shown"),
    ("many `names`s", "many namess"),
    ("a\\b", "a\\b"),
    ("``a`` and `b`: both", "a and b: both"),
])
def test_characters_stay_characters(prose, shown):
    document = publish_doctree("\n".join(docstrings.to_restructured([prose])), settings_overrides={"report_level": 1, "halt_level": 1})
    assert document.astext() == shown


def test_lists_keywords_literals_and_formulas_are_kept():
    lines = ["One line.", "", "- first", "- second", "  goes on", "Errors: ValueError.", "", "    x = 1", "", ".. math:: x_1^2", "", "Source: a book."]
    document = publish_doctree("\n".join(docstrings.to_restructured(lines)), settings_overrides={"report_level": 1, "halt_level": 1})
    kinds = [type(node).__name__ for node in document.children]
    assert kinds == ["paragraph", "bullet_list", "paragraph", "literal_block", "math_block", "paragraph"]
    assert len(document.children[1].children) == 2
