"""Pictures say in words what they show, run nothing and come out alike."""

from __future__ import annotations

import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from checker.errors import MissingExtraError
from checker.records import CheckResult
from checker.renderers import charts, scatter_png, scatter_svg, timeline_png, timeline_svg
from checker.report import report
from tests.builders import empty_result, hostile_finding, make_finding, make_result, make_statement

pytest.importorskip("matplotlib", reason="pictures need the extra charts")

RESULTS = [make_result(), make_result(hostile_finding()), empty_result()]
SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("result", RESULTS, ids=["full", "hostile", "empty"])
@pytest.mark.parametrize("module", [timeline_svg, scatter_svg], ids=["timeline", "scatter"])
def test_svg_is_well_formed_and_active_in_nothing(module: object, result: CheckResult) -> None:
    """A picture holds a title for those who cannot see it, and neither script nor link."""
    root = ET.fromstring(module.render(result))  # type: ignore[attr-defined]  # noqa: S314
    assert "img" == root.get("role")
    assert f"{SVG}title" == root[0].tag
    assert {f"{SVG}script", f"{SVG}a", f"{SVG}image"}.isdisjoint(node.tag for node in root.iter())


@pytest.mark.parametrize("module", [timeline_png, scatter_png], ids=["timeline", "scatter"])
def test_png_is_a_png(module: object) -> None:
    """The picture's file is what its name says."""
    assert module.render(make_result()).startswith(b"\x89PNG\r\n")  # type: ignore[attr-defined]


@pytest.mark.parametrize("module", [timeline_svg, scatter_svg, timeline_png, scatter_png])
def test_equal_results_give_equal_bytes(module: object, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the time nor a random id is in a picture."""
    first = module.render(make_result())  # type: ignore[attr-defined]
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert first == module.render(make_result())  # type: ignore[attr-defined]


def test_words_tell_what_is_drawn() -> None:
    """The alternative texts hold the same figures as the pictures."""
    assert (
        "Timeline of 6 statements in findings on 2 topics, from 1 January 2018 to 25 February 2024; "
        "arcs join the two sides of a finding."
    ) == charts.timeline_words(make_result())
    assert (
        "Similarity and score of 5 pairs. Findings, from the cut of 0.55 up: 4. Near misses, from 0.35 up: 1."
    ) == charts.scatter_words(make_result())


def test_a_topic_in_the_language_of_formulas_is_drawn() -> None:
    """A dollar sign or a letter without a glyph stops no picture."""
    finding = make_finding(make_statement("a"), make_statement("b"), topic="$\\frac{$ 日本 \x00")
    assert b"<svg" in scatter_svg.render(make_result(finding))
    assert b"<svg" in timeline_svg.render(make_result(finding))


def test_markdown_shows_each_picture_once(tmp_path: Path) -> None:
    """A picture made in two forms stands in the report once, with its words."""
    formats = ["markdown", "timeline", "timeline-png", "scatter"]
    page = report(make_result(), folder=tmp_path, formats=formats)[0].read_text("utf-8")
    assert f"![{charts.timeline_words(make_result())}](holt.timeline.svg)" in page
    assert 2 == page.count("\n![")


def test_without_the_library_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever lacks matplotlib is told how to get it."""
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    with pytest.raises(MissingExtraError, match=r"statement-checker\[charts\]"):
        scatter_svg.render(make_result())
