"""The built pages as a reader meets them: in headless Chromium without a network, wide and narrow, light and dark."""

from pathlib import Path

import chromium
import pytest

HTML = Path(__file__).resolve().parents[2] / "_build" / "html"
PAGES = sorted((HTML / "chapters").rglob("*.html"))
VIEWS = [(width, dark) for width in (1280, 390) for dark in (False, True)]
MINIMUM_CONTRAST = 4.5  # of text, WCAG 2.1 level AA

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="NO BROWSER: chromium was not found, so no page was looked at"),
    pytest.mark.skipif(not PAGES, reason="NO PAGES: the book is not built; `make strict` builds it"),
]

FORMULAS = """(() => {
    const broken = [...document.querySelectorAll('mjx-merror, [data-mjx-error]')].map(e => e.textContent);
    const set = document.querySelectorAll('mjx-container').length;
    const meant = document.querySelectorAll('.math.notranslate').length;
    const fonts = [...document.fonts].filter(f => f.family.includes('MJX') && f.status === 'loaded').length;
    return {broken, set, meant, fonts};
})()"""
IMAGES = """[...document.querySelectorAll('article img')].filter(
    i => !i.complete || !i.naturalWidth || !(i.alt || '').trim() || /\\.(png|svg|jpe?g)$/.test(i.alt)
).map(i => `${i.getAttribute('src')} (alt: '${i.alt}')`)"""
CONTRAST = """(() => {
    const parse = c => { const v = c.match(/[\\d.]+/g).map(Number); return {rgb: v.slice(0, 3), alpha: v[3] ?? 1}; };
    const luminance = rgb => { const v = rgb.map(x => x / 255)
        .map(x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4);
        return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2]; };
    // the ground under an element: its own colour over what lies behind it, down to the white page
    const ground = e => { if (!e) return [255, 255, 255];
        const {rgb, alpha} = parse(getComputedStyle(e).backgroundColor);
        if (alpha === 1) return rgb;
        const below = ground(e.parentElement);
        return rgb.map((x, i) => alpha * x + (1 - alpha) * below[i]); };
    const behind = e => luminance(ground(e));
    const against = e => { const text = luminance(parse(getComputedStyle(e).color).rgb), below = behind(e);
        return (Math.max(text, below) + 0.05) / (Math.min(text, below) + 0.05); };
    const read = [...document.querySelectorAll('article > section p, article figcaption .caption-text, article li, article td')];
    return {contrast: Math.min(...read.map(against)), dark: behind(document.body) < 0.2};
})()"""
UNFOLD = """(() => { document.querySelectorAll('details').forEach(d => d.open = true);
    document.querySelectorAll('.toggle-hidden').forEach(e => e.classList.remove('toggle-hidden')); })()"""
SPILL = """[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
    && getComputedStyle(e).position !== 'fixed').slice(0, 5).map(e => e.tagName + '.' + e.className)"""


@pytest.fixture(scope="module")
def browser():
    with chromium.Browser(chromium.find()) as started:
        yield started


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_a_page_reads_well(browser, page):
    for width, dark in VIEWS:
        view = f"{page.name} at {width} px, {'dark' if dark else 'light'}"
        browser.open(page, width, dark)
        browser.evaluate(UNFOLD)
        wide = browser.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, f"{view}: {wide} px wide; {browser.evaluate(SPILL)}"
        formulas = browser.evaluate(FORMULAS)
        assert formulas["broken"] == [], view
        assert formulas["set"] == formulas["meant"], f"{view}: {formulas}"
        assert formulas["fonts"] > 0 or formulas["meant"] == 0, f"{view}: formulas without their fonts"
        assert browser.evaluate(IMAGES) == [], f"{view}: images missing or without a text"
        look = browser.evaluate(CONTRAST)
        assert look["dark"] == dark, view
        assert look["contrast"] >= MINIMUM_CONTRAST, f"{view}: {look}"
        assert browser.complaints() == [], view


def test_the_checks_notice_a_spoiled_page(browser, tmp_path):
    """Each check goes red on a page that has the fault."""
    page = tmp_path / "spoiled.html"
    page.write_text(
        "<!doctype html><meta name=viewport content='width=device-width'><article><p>text</p>"
        "<div style='width:2000px'>wide</div><img src='missing.png'><span class='math notranslate'>\\(x\\)</span></article>"
        "<script src='https://cdn.invalid/x.js'></script><script>console.error('bad'); throw new Error('worse')</script>",
        encoding="utf-8")
    browser.open(page, 1280, False)
    assert browser.evaluate("document.documentElement.scrollWidth") > 1280
    formulas = browser.evaluate(FORMULAS)
    assert formulas["set"] != formulas["meant"]
    assert len(browser.evaluate(IMAGES)) == 1
    complaints = "\n".join(browser.complaints())
    for part in ("needs the network: https://cdn.invalid", "console: bad", "exception", "missing.png"):
        assert part in complaints
