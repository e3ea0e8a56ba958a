"""The HTML report in a real browser, opened from disk without a network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest

from checker.escape import visible
from checker.records import CheckResult
from checker.renderers import webpage
from tests.builders import HOSTILE, make_result, report_finding, tax_finding

playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="browser tests need Chromium on the path")

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of this file."""
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield chromium
        chromium.close()


class Visit:
    """A page opened from disk, with all that it asked for and complained about."""

    def __init__(self, browser: Any, folder: Path, result: CheckResult, **options: Any) -> None:
        path = folder / "report.html"
        path.write_bytes(webpage.render(result))
        self.context = browser.new_context(offline=True, **options)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.noise: list[str] = []
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.on("console", lambda message: self.noise.append(message.text))
        self.page.on("pageerror", lambda error: self.noise.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.noise.append(dialog.message), dialog.dismiss()))
        self.page.goto(path.as_uri())

    def shown(self) -> list[str]:
        """Headings of the findings in sight."""
        return list(self.page.locator("article:visible h3").all_text_contents())

    def read(self, selector: str) -> str:
        """The words of one element as the screen shows them."""
        element = self.page.locator(selector)
        # What is far from the screen is laid out only when it comes near.
        element.evaluate("e => e.scrollIntoView()")
        element.evaluate("() => new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        return str(element.inner_text())

    def wait(self, selector: str, words: str) -> None:
        """Wait until an element's words start with these."""
        playwright.expect(self.page.locator(selector)).to_have_text(re.compile("^" + re.escape(words)))


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Visit]:
    """The full result in a window of a desk's size."""
    opened = Visit(browser, tmp_path, make_result())
    yield opened
    opened.context.close()


def test_nothing_is_fetched_and_nothing_runs(visit: Visit) -> None:
    """The page asks for itself only; no statement opens a dialog, and the policy has nothing to block."""
    assert 1 == len(visit.asked)
    assert [] == visit.noise


def test_the_reader_sees_the_hostile_words(visit: Visit) -> None:
    """On the screen stand the words that were said, script tags and all."""
    seen = visit.read("article >> nth=2")
    assert "**We** <script>alert('x')</script> will | never |" in seen
    assert "⟨U+202E⟩txt⟨U+202C⟩" in seen
    assert visible(HOSTILE).splitlines()[1].removesuffix("”") in seen


def test_filters_narrow_the_findings(visit: Visit) -> None:
    """Speaker, kind, class, date, score and words each leave those that match, and all come back."""
    page = visit.page
    assert 5 == len(visit.shown())
    page.select_option("select[name=speaker]", "Daily Sample")
    visit.wait("#count", "Showing 1 ")
    assert ["2. Bridge: said 1 March 2020, reported February 2022"] == visit.shown()
    page.click("button[type=reset]")
    visit.wait("#count", "Showing 5 ")
    for name, value, left in (("from", "2024-01-01", 1), ("score", "0.65", 2), ("words", "bridge closed", 1)):
        page.fill(f"#filters [name={name}]", value)
        visit.wait("#count", f"Showing {left} ")
        assert left == len(visit.shown())
        page.click("button[type=reset]")


def test_the_record_can_be_searched(visit: Visit) -> None:
    """Words typed leave the statements that hold them all."""
    visit.page.fill("#record-filter input", "income stays")
    visit.wait("#record-count", "1 of ")
    assert "The income tax stays as it is." in visit.read(".record > li:visible")


def test_everything_can_be_reached_by_keyboard(visit: Visit) -> None:
    """The first key leads past the filters, and a filter is set without a mouse."""
    page = visit.page
    page.keyboard.press("Tab")
    assert "Skip to the findings" == page.evaluate("document.activeElement.textContent")
    page.focus("select[name=kind]")
    page.keyboard.type("event")
    visit.wait("#count", "Showing 1 ")
    page.focus(".arc >> xpath=..")
    page.keyboard.press("Enter")
    assert page.evaluate("location.hash").startswith("#p")


def test_a_link_to_a_hidden_finding_shows_it(visit: Visit) -> None:
    """Following an arc to a finding that a filter hides brings it back."""
    visit.page.select_option("select[name=kind]", "event")
    visit.page.evaluate(f"location.hash = '{tax_finding().pair.key}'")
    visit.page.wait_for_selector(f"#{tax_finding().pair.key}:visible")


def test_a_quote_can_be_copied(browser: Any, tmp_path: Path) -> None:
    """The button puts the quote with speaker, date and source on the clipboard and says so."""
    permissions = ["clipboard-read", "clipboard-write"]
    opened = Visit(browser, tmp_path, make_result(tax_finding()), permissions=permissions)
    opened.page.click("article button >> nth=0")
    opened.wait("#said", "Copied.")
    copied = opened.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("“I will never raise the income tax.” (Mara Holt said, 17 November 2019; ")
    opened.context.close()


def test_without_scripts_everything_is_there(browser: Any, tmp_path: Path) -> None:
    """A reader who allows no scripts sees every finding, and no dead controls."""
    opened = Visit(browser, tmp_path, make_result(), java_script_enabled=False)
    assert 5 == len(opened.shown())
    assert not opened.page.locator("#filters").is_visible()
    assert 0 == opened.page.locator("button:visible").count()
    opened.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1200])
def test_it_is_accessible(browser: Any, tmp_path: Path, scheme: str, width: int) -> None:
    """axe-core finds nothing to complain of, in either colour scheme, on a phone or a desk."""
    pytest.importorskip("axe_playwright_python", reason="the accessibility check needs axe-playwright-python")
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    window = {"width": width, "height": 900}
    opened = Visit(browser, tmp_path, make_result(), color_scheme=scheme, viewport=window)
    opened.page.evaluate(axe)
    found = opened.page.evaluate("axe.run()")["violations"]
    assert [] == [(one["id"], one["nodes"][0]["html"]) for one in found]
    assert width == opened.page.evaluate("document.documentElement.scrollWidth")
    opened.context.close()


def test_it_prints_on_few_pages(browser: Any, tmp_path: Path) -> None:
    """On paper there are no controls, and two findings with their record fit a handful of pages."""
    opened = Visit(browser, tmp_path, make_result(tax_finding(), report_finding()))
    paper = opened.page.pdf(format="A4")
    assert 1 <= paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page ") <= 6
    opened.page.emulate_media(media="print")
    assert not opened.page.locator("#filters").is_visible()
    opened.context.close()
