"""Evidence of every detector over made-up sentences and all case tables: its marks and its words."""

from __future__ import annotations

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.detectors.registry import DETECTORS, detect_all
from checker.records import Attribution, Effect, Evidence, Mode, Pair, Stance, Statement, When
from tests.builders import HOSTILE, make_statement

QUOTED = re.compile("“([^“”]*)”")
LOWERING = ("aims", "sameness", "stance", "vague")
WORDS = """
I we they he she you it nobody no one who will won't never not can't might could should did do have has is
are was refuse to stop raise cut sell support oppose know met resign sign build close open attack win lose say
says taxes treaty the a bridge reactor election Lemland Oslo Orlov Russia troops him 2020 5 % best if unless
because that but and yet without fail again you know nonsense lie opponents critics , . ? ! — ; …
"""
SENTENCES = st.lists(st.sampled_from(WORDS.split()), max_size=24).map(" ".join)
MODES = st.sampled_from(list(Mode))
STANCES = st.sampled_from(list(Stance))


def _statement(text: str, mode: Mode, stance: Stance, year: int) -> Statement:
    said = When(date(year, 5, 1), date(year, 5, 1))
    return Statement(
        "s", text, Attribution("Mara Holt", mode=mode, stance=stance, cue="denied"), said_on=said
    )


def _pairs_of(name: str) -> list[tuple[dict[str, str], Pair]]:
    with (Path(__file__).parent / "cases" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [
        (
            row,
            Pair(
                make_statement(row["earlier"], mode=Mode(row["earlier_mode"] or "quote")),
                make_statement(row["later"], mode=Mode(row["later_mode"] or "quote")),
                0.6,
            ),
        )
        for row in rows
    ]


def _assert_inside(evidence: Evidence, pair: Pair) -> None:
    for spans, text in (
        (evidence.earlier_spans, pair.earlier.text),
        (evidence.later_spans, pair.later.text),
    ):
        assert all(0 <= span.start < span.end <= len(text) for span in spans), evidence


def _assert_named_words_are_marked(evidence: Evidence, pair: Pair) -> None:
    marked = {span.of(pair.earlier.text) for span in evidence.earlier_spans}
    marked |= {span.of(pair.later.text) for span in evidence.later_spans}
    named = set(QUOTED.findall(evidence.explanation))

    assert named <= marked, f"{evidence.detector} names {named - marked} without marking it"


@settings(max_examples=300, deadline=None)
@given(SENTENCES, SENTENCES, MODES, MODES, STANCES)
def test_words_named_in_an_explanation_are_marked_in_the_texts(
    a: str, b: str, first: Mode, second: Mode, stance: Stance
):
    """Whatever two statements say, every mark lies inside its text and covers what the explanation quotes."""
    pair = Pair(_statement(a, first, stance, 2018), _statement(b, second, Stance.HELD, 2021), 0.5)

    for evidence in detect_all(pair):
        _assert_inside(evidence, pair)
        _assert_named_words_are_marked(evidence, pair)


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=120), st.text(max_size=120))
def test_no_text_breaks_a_detector(a: str, b: str):
    """Text of any characters gives evidence with marks inside it, or none."""
    pair = Pair(make_statement(a), make_statement(b), 0.5)

    for evidence in detect_all(pair):
        _assert_inside(evidence, pair)
        assert 0 <= evidence.strength <= 1


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_case_tables_name_only_marked_words(name: str):
    """In every hand-written case the quoted words are the marked words, for all detectors."""
    for _, pair in _pairs_of(name):
        for evidence in detect_all(pair):
            _assert_inside(evidence, pair)
            _assert_named_words_are_marked(evidence, pair)


@pytest.mark.parametrize("name", LOWERING)
def test_near_misses_of_a_weakening_detector_are_not_weakened(name: str):
    """A detector that weakens conflicts leaves its near misses as they are."""
    for row, pair in _pairs_of(name):
        if row["flag"] == "no":
            lowered = [e for e in DETECTORS[name].detect(pair) if e.effect is Effect.LOWERS]
            assert [] == lowered, row["why"]


def test_hostile_and_huge_texts_are_survived():
    """Markup, control characters and a million characters give no error and no mark outside the text."""
    for text in (HOSTILE, "never " * 2_000, "“" * 5_000, "a" * 1_000_000):
        pair = Pair(make_statement(text), make_statement("We will never raise taxes."), 0.5)
        for evidence in detect_all(pair):
            _assert_inside(evidence, pair)


@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_explanations_accuse_nobody(name: str):
    """No explanation over any case table calls a speaker names; only marked words may."""
    accusing = re.compile(r"\b(?:liar|lied|lying|lies|hypocri\w+|dishonest|caught)\b", re.I)

    for _, pair in _pairs_of(name):
        for evidence in detect_all(pair):
            assert None is accusing.search(QUOTED.sub("", evidence.explanation))
