"""Evidence of every detector over made-up sentences and all case tables: its marks and its words."""

from __future__ import annotations

import csv
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.detectors.registry import DETECTORS, detect_all
from checker.records import Attribution, Effect, Evidence, Mode, Pair, Stance, Statement, When
from tests.builders import HOSTILE, day, make_statement, year

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
ORDERED = {
    "two days": (day(2018, 5, 14), day(2021, 9, 2)),
    "two years": (year(2018), year(2019)),
    "a day and the next year": (day(2018, 5, 14), year(2019)),
}
UNORDERED = {
    "no date": (None, None),
    "only the first": (day(2018, 5, 14), None),
    "only the second": (None, day(2018, 5, 14)),
    "one day": (day(2018, 5, 14), day(2018, 5, 14)),
    "a day within the year": (year(2018), day(2018, 5, 14)),
    "an open end": (When(date(2018, 5, 14), None), day(2021, 9, 2)),
}
# A "hope for later" is told by the words themselves, whichever side they stand on.
CLAIMING = re.compile(
    r"\b(?:earlier|(?<!a hope for )later|from|soften\w+|softer|harden\w+|attache[sd]|drop(?:s|ped))\b"
)
# Their sentences tell an undertaking from what came of it, and give no side a name.
NAMELESS = {"deadlines", "events"}


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


def _said_on(pair: Pair, dates: tuple[When | None, When | None]) -> Pair:
    earlier, later = dates
    return replace(
        pair, earlier=replace(pair.earlier, said_on=earlier), later=replace(pair.later, said_on=later)
    )


def _told(name: str, earlier: str, later: str, dates: tuple[When | None, When | None]) -> list[str]:
    pair = _said_on(Pair(make_statement(earlier), make_statement(later), 0.6), dates)
    return [evidence.explanation for evidence in DETECTORS[name].detect(pair)]


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


@pytest.mark.parametrize("dates", ORDERED.values(), ids=ORDERED)
def test_dates_that_tell_the_order_name_the_sides(dates: tuple[When, When]):
    """Where one date ends before the other begins, the sides are the earlier and the later one."""
    pair = _said_on(Pair(make_statement("We sign."), make_statement("We wait."), 0.5), dates)

    assert ("earlier", "later") == pair.side_names == pair.side_places


@pytest.mark.parametrize("dates", UNORDERED.values(), ids=UNORDERED)
def test_dates_that_do_not_tell_the_order_count_the_sides(dates: tuple[When | None, When | None]):
    """A missing, equal, overlapping or open date leaves a first and a second statement."""
    pair = _said_on(Pair(make_statement("We sign."), make_statement("We wait."), 0.5), dates)

    assert ("first", "second") == pair.side_names
    assert ("in the first statement", "in the second one") == pair.side_places


@pytest.mark.parametrize("dates", UNORDERED.values(), ids=UNORDERED)
@pytest.mark.parametrize("name", sorted(DETECTORS))
def test_no_evidence_claims_an_order_that_nobody_knows(name: str, dates: tuple[When | None, When | None]):
    """Over a detector's case table without an order, no sentence and no kind says which side came first."""
    pairs = [_said_on(pair, dates) for _, pair in _pairs_of(name)]
    found = [evidence for pair in pairs for evidence in DETECTORS[name].detect(pair)]
    told = [QUOTED.sub("", evidence.explanation) for evidence in found]

    assert found
    assert [] == [text for text in told if CLAIMING.search(text)]
    assert [] == [evidence.kind for evidence in found if CLAIMING.search(evidence.kind)]
    assert (name in NAMELESS) is not any(re.search(r"\b(?:first|second)\b", text) for text in told)


@pytest.mark.parametrize(
    ("name", "earlier", "later", "told"),
    [
        (
            "negation",
            "I will attend the summit.",
            "I will not attend the summit.",
            "The {one} statement affirms (“attend”) what the {other} one negates (“not”, “attend”).",
        ),
        (
            "contrast",
            "The office is in Lima.",
            "There is no office in Lima.",
            "The {other} statement denies something (“no”, “office”, “Lima”) close to what the {one} one "
            "affirms (“office”, “Lima”).",
        ),
        (
            "opposites",
            "I support the free trade treaty.",
            "I have always opposed this treaty.",
            "“support” {here} and “opposed” {there} are opposites, both about “treaty”.",
        ),
        (
            "stance",
            "My opponents say I will raise taxes.",
            "I will not raise taxes.",
            "The {one} statement only reports this view (“opponents”, “say”).",
        ),
        (
            "stance",
            "I will keep the school open.",
            "My critics claim that I will close the school.",
            "The {other} statement only reports this view (“critics”, “claim”).",
        ),
        (
            "acquaintance",
            "I know Rasmus Holt.",
            "I do not know Rasmus Holt.",
            "The {one} statement claims an acquaintance (“know”, “Rasmus”) that the {other} one denies "
            "(“not”, “know”, “Rasmus”).",
        ),
        (
            "quantities",
            "The fire killed 12 people.",
            "The fire killed 40 people.",
            "The {one} statement says “12”, the {other} one “40” for the same thing.",
        ),
        (
            "dates",
            "The bridge opened in 2015.",
            "The bridge opened in 2017.",
            "The {one} statement puts it at “2015”, the {other} one at “2017”.",
        ),
        (
            "dates",
            "I will stand in the 2020 election.",
            "I will not stand in the 2025 election.",
            "The {one} statement is about “2020”, the {other} one about “2025”: that is not the same "
            "election, and they conflict only if one of the statements is meant for both.",
        ),
        (
            "sameness",
            "Our trade with Brazil grows.",
            "Our trade with Chile shrinks.",
            "They speak of different places: “Brazil” {here}, “Chile” {there}.",
        ),
        (
            "aims",
            "Parliament should pass the housing bill.",
            "Parliament is stalling the housing bill.",
            "A demand and a complaint that it is not met: “should” {here}, “stalling” {there}.",
        ),
        (
            "vague",
            "We will do it.",
            "I will raise the fuel duty.",
            "The {one} statement names nothing to compare: too vague to judge alone.",
        ),
        (
            "vague",
            "The schools are failing.",
            "Why would the schools be failing?",
            "The {other} statement asks (“Why” …) and states nothing.",
        ),
        (
            "vague",
            "The town hall is open.",
            "Join us at the town hall today!",
            "The {other} statement appeals to those who hear it and states nothing.",
        ),
        (
            "vague",
            "I have not met her.",
            "I will get on with her very well.",
            "A lack at the time and a hope for later: “not” {here}, “will” {there}.",
        ),
        (
            "vague",
            "He is a charming man, I like him.",
            "His administration of the port was a disaster.",
            "One speaks of a person's manner, the other of work: “like him” {here}, “administration” "
            "{there}.",
        ),
    ],
)
def test_only_the_names_of_the_sides_depend_on_the_order(name: str, earlier: str, later: str, told: str):
    """With an order or without, the same words give the same sentence but for what it calls the sides."""
    known = told.format(one="earlier", other="later", here="earlier", there="later")
    unknown = told.format(
        one="first", other="second", here="in the first statement", there="in the second one"
    )

    assert known in _told(name, earlier, later, ORDERED["two days"])
    assert unknown in _told(name, earlier, later, UNORDERED["one day"])


@pytest.mark.parametrize(
    ("earlier", "later", "known", "unknown"),
    [
        (
            "We will build the tunnel.",
            "We could build the tunnel.",
            "Commitment softened: from an announcement (“will”) to a possibility (“could”).",
            "Commitment of another strength: an announcement (“will”) in the first statement, a possibility "
            "(“could”) in the second one.",
        ),
        (
            "We could build the tunnel.",
            "We will build the tunnel.",
            "Commitment hardened: from a possibility (“could”) to an announcement (“will”).",
            "Commitment of another strength: a possibility (“could”) in the first statement, an announcement "
            "(“will”) in the second one.",
        ),
        (
            "We guarantee that the bank will reopen.",
            "We intend to reopen the bank.",
            "The same undertaking in softer words: from a binding word (“We guarantee”) to an intention "
            "(“intend to”).",
            "The same undertaking in words of another strength: a binding word (“We guarantee”) in the first "
            "statement, an intention (“intend to”) in the second one.",
        ),
        (
            "I will support the candidate.",
            "I will support the candidate if he apologises.",
            "The later statement attaches a condition (“if”).",
            "Only the second statement sets a condition (“if”).",
        ),
        (
            "We will lift the curfew if the streets stay calm.",
            "We will lift the curfew.",
            "The later statement drops a condition (“if”).",
            "Only the first statement sets a condition (“if”).",
        ),
    ],
)
def test_a_commitment_moves_only_in_a_known_order(earlier: str, later: str, known: str, unknown: str):
    """Softer, harder, attached and dropped are said of two dates; else each side's words are told."""
    assert [known] == _told("commitment", earlier, later, ORDERED["two days"])
    assert [unknown] == _told("commitment", earlier, later, UNORDERED["one day"])
