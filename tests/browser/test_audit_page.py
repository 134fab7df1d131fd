"""The audit page as a reader meets it: in headless Chromium without a network, wide and narrow, light and dark."""

import json

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
    """Every room: two budgets of one model, a blind run, an explicit method, another benchmark's free answers."""
    from spacelib import audit

    folder = tmp_path_factory.mktemp("audit")
    logs = {"first_8frame.json": 0.6, "first_16frame.json": 0.7, "blind_1fps.json": 0.25, "geometry_1fps.json": 0.8}
    for name, accuracy in (logs | {"a-model-with-quite-a-long-name-72B-Instruct_1fps.json": 0.4}).items():
        questions, answers = synthetic(items=240, scenes=120, accuracy=accuracy)
        answers[0] |= {"extracted_answer": "No Valid Answer", "correct": False}
        write(folder, questions, answers, name)
    others = [
        blink_form.write(folder, blink_form.synthetic(items=124)),
        spatialrgpt_form.write(folder, spatialrgpt_form.judged(items=240)),
    ]
    own = [path for path in sorted(folder.glob("*_*.json")) if path.name.startswith(("first", "a-model"))]
    report = audit.audit(
        [*own, *others],
        items=[folder / "questions.json"],
        baseline=folder / "blind_1fps.json",
        explicit=folder / "geometry_1fps.json",
        mix={"real": 1.0},
        target=0.5,
        precision=0.02,
        resamples=200,
    )
    audit.write_html(report, folder / "page.html")
    return folder / "page.html"


HOSTILE = (
    "<script>window.bad=1</script><img src=x onerror=window.bad=1><svg onload=window.bad=1>",
    "</style><style>body{display:none}</style>{{7*7}}{% raw %}",
    "\" onmouseover=\"window.bad=1\" style=\"background:url(javascript:window.bad=1)",
    "\u202egnp.exe\u2066\x1b[31m\x9b31m$\\frac{1}{0}$</title></svg><foreignObject>",
)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Logs in the plain form whose every text that a reader sees tries to break out."""
    from spacelib import audit

    folder, logs = tmp_path_factory.mktemp("hostile"), []
    for number, model in enumerate(HOSTILE):
        header = {"spacelib_records": 1, "model": model, "benchmark": HOSTILE[(number + 1) % 4], "letters_shuffled": HOSTILE[3]}
        header |= {"notes": list(HOSTILE), "warnings": list(HOSTILE)}
        lines = [json.dumps(header | {"benchmark": HOSTILE[0]})]
        for item in range(60):
            base = {"item": f"{item}{HOSTILE[0]}", "scene": f"{item % 30}{HOSTILE[1]}"} | ({"frames": number + 1} if number < 3 else {})
            choice = {"task": HOSTILE[2], "options": list(HOSTILE), "gold": "ABCD"[item % 4]}
            choice |= {"prediction": "ABCD"[item % (number + 2) % 4]}
            free = {"task": HOSTILE[3], "answer_type": "number", "unit": HOSTILE[1], "rule": HOSTILE[0]}
            free |= {"gold": item + 1, "prediction": item % 5 + 1, "score": float(item % 5 == item)}
            lines += [json.dumps(base | choice), json.dumps(base | free)]
        logs.append(folder / f"{number} <b onclick=alert(1)>.jsonl")
        logs[-1].write_text("\n".join(lines))
    report = audit.audit(logs[:3], baseline=logs[3], mix={HOSTILE[2]: 1.0}, resamples=200)
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
    browser.evaluate("document.querySelectorAll('details').forEach(e => e.open = true)")
    assert browser.evaluate(SPILL) == [], "something is wider than the window"
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    ratios = browser.evaluate(CONTRAST)
    assert len(ratios) > 100 and min(ratios) >= 4.5, "text needs a contrast of 4.5 (WCAG 2.1 AA)"
    assert browser.evaluate(SMALLEST) >= 8.5, "pixels of the smallest text in a plot"
    ground = browser.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, ground[4:-1].split(","))) < 150) == dark


def test_hostile_text_is_text(browser, hostile):
    browser.open(hostile, 1280, False)
    browser.evaluate("document.querySelectorAll('*').forEach(e => e.dispatchEvent(new MouseEvent('mouseover', {bubbles: true})))")
    assert browser.evaluate("window.bad === undefined") and browser.complaints() == []
    assert browser.evaluate("document.querySelectorAll('script, img, iframe, object, embed, foreignObject, link').length") == 0
    assert browser.evaluate("document.querySelectorAll('style').length") == 1 + browser.evaluate(
        "document.querySelectorAll('svg style').length"
    )
    attributes = "[...document.querySelectorAll('*')].flatMap(e => [...e.attributes].map(a => a.name))"
    assert browser.evaluate(f"{attributes}.filter(name => name.startsWith('on'))") == []
    assert browser.evaluate("getComputedStyle(document.body).display") == "block"
    text = browser.evaluate("document.documentElement.textContent")
    for shown in ("<script>window.bad=1</script>", "</style><style>body{display:none}", "{{7*7}}", "\\u202egnp.exe", "\\x1b[31m"):
        assert shown in text, shown
    assert not set("\u202e\u2066\x1b\x9b") & set(text)


def test_paper_shows_what_the_screen_folds(browser, page, tmp_path):
    """With more than a dozen rows the details are folded; on paper they are all there, within its width."""
    browser.open(page, 1280, False)
    assert browser.evaluate("document.querySelectorAll('details').length") > 12
    height = "[...document.querySelectorAll('details dl')].filter(e => e.checkVisibility({contentVisibilityAuto: true})).length"
    assert browser.evaluate(height) == 0
    browser.call("Emulation.setEmulatedMedia", media="print")
    try:
        assert browser.evaluate(height) == browser.evaluate("document.querySelectorAll('details dl').length")
        assert browser.evaluate("getComputedStyle(document.querySelector('summary')).display") == "none"
        printed = browser.call("Page.printToPDF", preferCSSPageSize=True)
        assert len(printed["data"]) > 100_000
    finally:
        browser.call("Emulation.setEmulatedMedia", media="")
