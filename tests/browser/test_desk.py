"""The threshold desk in a real browser, opened from disk without a network."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from checker.desk import Desk, evaluate, gather
from checker.estimates import Estimate
from checker.records import Thresholds
from checker.review import next_pairs
from checker.web.deskpage import desk_page
from tests.builders import hostile_finding
from tests.desks import make_world, read_by

playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="browser tests need Chromium on the path")
PRESENT = Thresholds(0.25, 0.30, 0.50)


@pytest.fixture(scope="module")
def desk() -> Desk:
    """A desk of 2,000 pairs with 200 labels, one pair of it hostile."""
    findings, truth = make_world(4, pairs=2000)
    labels = read_by(next_pairs(findings, [], count=200, strategy="stratified", reader="ann"), truth)
    return gather([*findings, hostile_finding()], labels)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One Chromium for all tests of this file."""
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def path(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page on the disk."""
    place = tmp_path_factory.mktemp("desk") / "desk.html"
    place.write_bytes(desk_page(desk, PRESENT))
    return place


@pytest.fixture(scope="module")
def page(browser: Any, path: Path) -> Any:
    """The page opened, with what it asked for and complained about."""
    context = browser.new_context(offline=True, viewport={"width": 1200, "height": 900})
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    opened = context.new_page()
    opened.asked, opened.noise = [], []
    opened.on("request", lambda request: opened.asked.append(request.url))
    opened.on("console", lambda message: opened.noise.append(message.text))
    opened.on("pageerror", lambda error: opened.noise.append(str(error)))
    opened.on("dialog", lambda dialog: (opened.noise.append(dialog.message), dialog.dismiss()))
    opened.goto(path.as_uri())
    return opened


def slide(page: Any, name: str, value: float) -> None:
    """Move a slider as a hand does: the value changes and the page is told."""
    page.locator(f"#{name}").evaluate(
        "(e, value) => { e.value = value; e.dispatchEvent(new Event('input', { bubbles: true })); }",
        str(value),
    )


def read(page: Any, name: str) -> str:
    """What stands in one place of the page."""
    return str(page.locator(f"#{name}").inner_text()).strip()


def as_shown(estimate: Estimate, digits: int) -> str:
    """An estimate as the page writes it."""
    if estimate.value is None:
        return "unknown no labels there"
    return f"{estimate.value:.{digits}f} ({estimate.low:.{digits}f} to {estimate.high:.{digits}f})"


@pytest.mark.parametrize("similarity", [0.25, 0.47, 0.8])
@pytest.mark.parametrize("score", [0.02, 0.3, 0.5, 0.66, 0.93, 1.0])
def test_the_page_says_what_the_tool_says(page: Any, desk: Desk, similarity: float, score: float) -> None:
    """At every cut, counts and intervals in the browser equal those worked out in Python."""
    page.locator("input[value=show]").check()
    slide(page, "similarity", similarity)
    slide(page, "score", score)
    at = evaluate(desk, similarity=similarity, score=score).at
    assert f"{at.pairs:,}" == read(page, "pairs")
    expected = {"found": (at.found, 0), "missed": (at.missed, 0), "precision": (at.precision, 2)}
    expected |= {"recall": (at.recall, 2), "f-half": (at.f_half, 2)}
    for name, (estimate, digits) in expected.items():
        numbers = [re.findall(r"[\d.]+", text) for text in (as_shown(estimate, digits), read(page, name))]
        # Python rounds a half to even and the browser away from zero.
        assert [float(n) for n in numbers[0]] == pytest.approx(
            [float(n) for n in numbers[1]], abs=1.01 * 10**-digits
        )


def test_a_slider_moves_the_charts_and_the_lists(page: Any) -> None:
    """Lowering the cut draws both charts anew and lists the pairs that enter."""
    page.locator("input[value=show]").check()
    slide(page, "similarity", 0.25)
    slide(page, "score", 0.5)
    assert "0" == read(page, "entered-count")
    before = [page.locator(f"#{name}").inner_html() for name in ("histogram", "scatter")]
    slide(page, "score", 0.4)
    after = [page.locator(f"#{name}").inner_html() for name in ("histogram", "scatter")]
    assert all(old != new for old, new in zip(before, after, strict=True))
    assert int(read(page, "entered-count")) > 0
    assert "The bridge number" in read(page, "entered")
    slide(page, "score", 0.7)
    assert "0" == read(page, "entered-count")
    assert int(read(page, "left-count")) > 0


def test_strict_and_wide_keep_their_own_cut(page: Any) -> None:
    """The switch moves the slider to the other cut, and neither is lost."""
    page.locator("input[value=maybe]").check()
    slide(page, "score", 0.3)
    page.locator("input[value=show]").check()
    slide(page, "score", 0.6)
    page.locator("input[value=maybe]").check()
    assert "0.30" == read(page, "score-value")
    slide(page, "score", 0.2)
    page.locator("input[value=show]").check()
    assert "0.60" == read(page, "score-value")


def test_the_button_copies_lines_that_are_settings(page: Any) -> None:
    """What lands in the clipboard can be pasted into checker.toml."""
    page.locator("input[value=show]").check()
    slide(page, "similarity", 0.33)
    slide(page, "score", 0.64)
    page.locator("#copy").click()
    playwright.expect(page.locator("#copied")).to_have_text("Copied.")
    copied = tomllib.loads(page.evaluate("navigator.clipboard.readText()"))
    assert (0.33, 0.64) == (copied["similarity"], copied["show"])
    assert set(copied) == {"similarity", "maybe", "show"}


def test_keys_alone_move_the_cut(page: Any) -> None:
    """A slider has the focus by Tab and moves by the arrow keys."""
    slide(page, "score", 0.5)
    page.locator("#score").focus()
    page.keyboard.press("ArrowRight")
    assert "0.51" == read(page, "score-value")


def test_hostile_words_are_shown_and_do_nothing(page: Any) -> None:
    """A pair full of markup appears as words; nothing is fetched, run or asked."""
    page.locator("input[value=show]").check()
    slide(page, "similarity", 0.25)
    slide(page, "score", 0.61)
    assert "<script>alert('x')</script>" in read(page, "left") + read(page, "below")
    assert 1 == len(page.asked)
    assert [] == page.noise
    assert 0 == page.locator("main img, main a, main iframe, main script").count()


def test_the_page_reads_without_a_script_and_on_a_telephone(browser: Any, path: Path) -> None:
    """The table of cuts stands there in any case, and nothing is wider than a small screen."""
    plain = browser.new_context(offline=True, java_script_enabled=False).new_page()
    plain.goto(path.as_uri())
    assert 9 == plain.locator("tbody tr").count()
    small = browser.new_context(offline=True, viewport={"width": 360, "height": 740}).new_page()
    small.goto(path.as_uri())
    assert 360 >= small.evaluate("document.documentElement.scrollWidth")
