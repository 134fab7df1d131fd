"""Links and images inside the built book lead somewhere: every file and every anchor exists."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"

pytestmark = pytest.mark.skipif(not (HTML / "index.html").exists(), reason="the book is not built; `make strict` builds it")


class Page(HTMLParser):
    def __init__(self, path: Path):
        super().__init__()
        self.anchors, self.links = set(), []
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors |= {attributes[key] for key in ("id", "name") if attributes.get(key)}
        self.links += [attributes[key] for key in ("href", "src") if attributes.get(key)]


def broken_links(root: Path) -> list[str]:
    pages = {path.resolve(): Page(path) for path in root.rglob("*.html") if "_static" not in path.parts}
    broken = []
    for path, page in pages.items():
        for link in page.links:
            parts = urlsplit(link)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            anchor_missing = parts.fragment and target in pages and unquote(parts.fragment) not in pages[target].anchors
            if not target.exists() or anchor_missing:
                broken.append(f"{path.relative_to(root.resolve())}: {link}")
    return broken


def test_no_link_inside_the_book_is_broken():
    assert broken_links(HTML) == []


def test_broken_links_are_noticed(tmp_path):
    (tmp_path / "a.html").write_text('<a href="b.html">1</a><a href="#no">2</a><img src="no.png"><a href="a.html#yes" id="yes">3</a>',
                                     encoding="utf-8")
    assert broken_links(tmp_path) == ["a.html: b.html", "a.html: #no", "a.html: no.png"]
