"""Chapters executed side by side: what is cached, and that a failing page is left to Jupyter Book to report."""

import pytest

pytest.importorskip("jupyter_cache")
pytest.importorskip("myst_nb")
import execute  # noqa: E402

PAGE = """---
kernelspec:
  display_name: Python 3
  language: python
  name: python3
---

# A page

```{{code-cell}} ipython3
{code}
```
"""
TOC = "format: jb-book\nroot: good\nparts:\n  - caption: Rest\n    chapters:\n      - file: bad\n        sections:\n          - file: plain\n"


@pytest.mark.filterwarnings("ignore")  # the kernel's start-up speaks of its transport
def test_good_pages_are_cached_and_failing_ones_are_not(tmp_path):
    (tmp_path / "_config.yml").write_text("execute:\n  timeout: 60\n", encoding="utf-8")
    (tmp_path / "_toc.yml").write_text(TOC, encoding="utf-8")
    (tmp_path / "good.md").write_text(PAGE.format(code="print(6 * 7)"), encoding="utf-8")
    (tmp_path / "bad.md").write_text(PAGE.format(code="1 / 0"), encoding="utf-8")
    (tmp_path / "plain.md").write_text("# No code here\n", encoding="utf-8")
    assert [page.name for page in execute.chapters(tmp_path)] == ["good.md", "bad.md"]
    execute.fill_cache(tmp_path, tmp_path / "cache", workers=1)
    store = execute.get_cache(tmp_path / "cache")
    assert execute.cached(store, tmp_path / "good.md") and not execute.cached(store, tmp_path / "bad.md")
    _, merged = store.merge_match_into_notebook(execute.read(tmp_path / "good.md"))
    assert merged.cells[-1].outputs[0].text == "42\n"
