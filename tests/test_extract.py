"""Short articles with gold attributions: what is cut out, from whom, and word for word."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from checker.attribution.extract import extract
from checker.readers.article import read
from checker.readers.registry import ReadOptions
from checker.records import Document, Mode, Statement, When

ARTICLES = Path(__file__).parent / "articles"
NAMES = sorted(path.stem for path in ARTICLES.glob("*.json"))


def _gold(name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((ARTICLES / f"{name}.json").read_text("utf-8"))
    return loaded


def _document(name: str) -> Document:
    gold = _gold(name)
    day = date.fromisoformat(gold["date"])
    options = ReadOptions(published=When(day, day, how="option"), outlet=gold["publisher"])
    found = [item for item in read(ARTICLES / f"{name}.txt", options) if isinstance(item, Document)]
    return found[0]


def _meets(statement: Statement, spans: list[dict[str, Any]]) -> bool:
    assert statement.span is not None
    return any(statement.span.start < s["end"] and s["start"] < statement.span.end for s in spans)


def _attributed(name: str) -> list[Statement]:
    return [s for s in extract(_document(name)) if s.attribution.rule != "reported-fact"]


def test_there_are_articles_for_every_convention() -> None:
    """At least forty articles of our own stand behind this file."""
    assert len(NAMES) >= 40


@pytest.mark.parametrize("name", NAMES)
def test_gold_offsets_are_exact(name: str) -> None:
    """Every span of the gold file is the text it claims to be."""
    text = _document(name).text
    for claim in _gold(name)["attributions"]:
        for span in (*claim["source"], *claim["cue"], *claim["content"]):
            assert span["text"] == text[span["start"] : span["end"]]


@pytest.mark.parametrize("name", NAMES)
def test_every_statement_is_a_slice_of_its_document(name: str) -> None:
    """The text of a statement is what stands at its span."""
    document = _document(name)
    for statement in extract(document):
        assert statement.span is not None
        assert statement.text == document.text[statement.span.start : statement.span.end]


@pytest.mark.parametrize("name", NAMES)
def test_every_gold_claim_is_found_under_its_speaker(name: str) -> None:
    """Each piece of content has a statement of the right speaker, mode, date, stance and flags."""
    statements = _attributed(name)
    for claim in _gold(name)["attributions"]:
        for span in claim["content"]:
            found = [s for s in statements if _meets(s, [span])]
            if claim.get("optional") and not found:
                continue
            assert found, f"nothing found for {span['text']}"
            assert claim["speaker"] in [s.speaker for s in found]
            mode = Mode.QUOTE if claim["kind"] == "direct" else Mode.INDIRECT
            assert mode in [s.mode for s in found]
            _check_extras(claim, found[0])


def _check_extras(claim: dict[str, Any], statement: Statement) -> None:
    if "said_on" in claim:
        assert claim["said_on"] == str(statement.said_on)
    if "stance" in claim:
        assert claim["stance"] == statement.attribution.stance.value
    if "flag" in claim:
        assert claim["flag"] in statement.attribution.flags
    if "via" in claim:
        assert claim["via"] == statement.attribution.via
    assert claim.get("uncertain", False) == ("uncertain" in statement.attribution.flags)


@pytest.mark.parametrize("name", NAMES)
def test_nothing_else_is_taken_for_speech(name: str) -> None:
    """No statement but those of the gold file is attributed to anybody."""
    wanted = [span for claim in _gold(name)["attributions"] for span in claim["content"]]
    assert [] == [s.text for s in _attributed(name) if not _meets(s, wanted)]


@pytest.mark.parametrize("name", NAMES)
def test_only_stated_events_are_reports(name: str) -> None:
    """Sentences in which the outlet states an event are reports under its name, and no others."""
    found = [s for s in extract(_document(name)) if s.attribution.rule == "reported-fact"]
    assert _gold(name).get("reports", []) == [s.text for s in found]
    assert {"The Test Post"} >= {s.speaker for s in found}
