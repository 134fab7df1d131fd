"""The audit page as a reader meets it: in headless Chromium without a network, wide and narrow, light and dark."""

import blink_form
import chromium
import pytest
import spatialrgpt_form
from vlm4d_form import synthetic, write

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(chromium.find() is None, reason="NO BROWSER: chromium was not found, so no page was looked at"),
]

CONTRAST = """(() => {
    const channel = x => x <= 0.03928 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
    const light = c => { const v = c.match(/[\\d.]+/g).slice(0, 3).map(x => channel(x / 255));
        return 0.2126 * v[0] + 0.7152 * v[1] + 0.0722 * v[2] };
    const ratio = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05);
    const ground = e => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor;
        if (!/, 0\\)$/.test(c) && c !== 'transparent') return c } };
    return [...document.querySelectorAll('h1, p, dt, dd, th, td, small, a, li, figcaption, svg text')].map(e => {
        const s = getComputedStyle(e); return ratio(e.closest('svg') ? s.fill : s.color, ground(e)) });
})()"""
SPILL = """[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1
    && !e.closest('.scroll')).map(e => e.tagName)"""
SMALLEST = """Math.min(...[...document.querySelectorAll('svg text')].map(e => {
    const svg = e.ownerSVGElement; return parseFloat(getComputedStyle(e).fontSize) * svg.getScreenCTM().a }))"""


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    from spacelib import audit

    folder = tmp_path_factory.mktemp("audit")
    for name, accuracy in (("first_8frame.json", 0.6), ("a-model-with-quite-a-long-name-72B-Instruct_1fps.json", 0.4)):
        questions, answers = synthetic(items=240, scenes=120, accuracy=accuracy)
        answers[0] |= {"extracted_answer": "No Valid Answer", "correct": False}
        write(folder, questions, answers, name)
    others = [
        blink_form.write(folder, blink_form.synthetic(items=124)),
        spatialrgpt_form.write(folder, spatialrgpt_form.judged(items=240)),
    ]
    report = audit.audit([*sorted(folder.glob("*_*.json")), *others], items=[folder / "questions.json"])
    audit.write_html(report, folder / "page.html")
    return folder / "page.html"


@pytest.fixture(scope="module")
def browser():
    with chromium.Browser(chromium.find()) as browser:
        yield browser


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_the_page_reads_well(browser, page, width, dark):
    browser.open(page, width, dark)
    assert browser.complaints() == []
    assert browser.evaluate(SPILL) == [], "something is wider than the window"
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    ratios = browser.evaluate(CONTRAST)
    assert len(ratios) > 100 and min(ratios) >= 4.5, "text needs a contrast of 4.5 (WCAG 2.1 AA)"
    assert browser.evaluate(SMALLEST) >= 8.5, "pixels of the smallest text in a plot"
    ground = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 150) == dark
