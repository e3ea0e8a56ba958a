"""Dates, modes, reasons and addresses read as a newsroom would write them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from checker.records import (
    Attribution,
    Mode,
    Pair,
    Precision,
    Stance,
    When,
)
from checker.renderers.emphasis import difference, differing_words, excerpt, marks
from checker.renderers.links import safe_url, source_url
from checker.renderers.reasons import context_words, facts, reasons
from checker.renderers.said import said_words, side_names, when_words
from checker.renderers.timeline import timelines
from checker.renderers.topics import topic_rows
from checker.renderers.words import count_words, heading, mode_words, why
from tests.builders import (
    day,
    hostile_finding,
    make_finding,
    make_result,
    make_statement,
    report_finding,
    tax_finding,
    year,
)


@pytest.mark.parametrize(
    ("when", "words"),
    [
        (None, "date unknown"),
        (When(None, None, Precision.UNKNOWN), "date unknown"),
        (day(2019, 11, 17), "17 November 2019"),
        (When(date(2019, 11, 1), date(2019, 11, 30), Precision.MONTH), "November 2019"),
        (year(2019), "2019"),
        (When(date(2024, 2, 12), date(2024, 2, 18), Precision.PERIOD), "12 to 18 February 2024"),
        (When(date(2024, 2, 12), date(2024, 3, 1), Precision.PERIOD), "12 February to 1 March 2024"),
        (When(date(2023, 12, 30), date(2024, 1, 2), Precision.PERIOD), "30 December 2023 to 2 January 2024"),
        (When(date(2024, 2, 12), None, Precision.PERIOD), "from 12 February 2024"),
        (When(None, date(2024, 2, 12), Precision.PERIOD), "until 12 February 2024"),
    ],
)
def test_dates_are_told_as_exactly_as_they_are_known(when: When | None, words: str) -> None:
    """No date is told more exactly than the record knows it."""
    assert words == when_words(when)


@pytest.mark.parametrize(
    ("mode", "via", "stance", "words"),
    [
        (Mode.QUOTE, "", Stance.HELD, "Mara Holt said"),
        (Mode.QUOTE, "her office", Stance.HELD, "Mara Holt said, according to her office"),
        (Mode.INDIRECT, "", Stance.HELD, "Mara Holt, according to The Example Post (indirect speech)"),
        (Mode.REPORT, "", Stance.HELD, "reported by Mara Holt"),
        (Mode.QUOTE, "", Stance.REJECTED, "Mara Holt said (rejecting the view quoted)"),
    ],
)
def test_modes_are_never_mixed_up(mode: Mode, via: str, stance: Stance, words: str) -> None:
    """What was said, what was told of it, and what an outlet states are worded apart."""
    statement = replace(
        make_statement("Yes.", mode=mode),
        attribution=Attribution("Mara Holt", mode=mode, via=via, stance=stance),
    )
    assert words == mode_words(statement)


def test_a_reported_event_is_told_with_its_own_date() -> None:
    """The heading says when it was reported and when it happened."""
    finding = report_finding()
    later = replace(finding.pair.later, target_time=year(2021))
    assert "Bridge: said 1 March 2020, reported February 2022 (about 2021)" == heading(
        replace(finding.pair, later=later)
    )


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [
        (day(2019), day(2020), True),
        (day(2019), day(2019), False),
        (year(2019), day(2019, 5), False),
        (year(2019), year(2020), True),
        (None, day(2020), False),
    ],
)
def test_earlier_and_later_are_said_only_where_it_is_certain(
    first: When | None, second: When | None, named: bool
) -> None:
    """Overlapping or missing dates give no order."""
    pair = Pair(make_statement("A", said_on=first), make_statement("B", said_on=second), 0.5)
    assert named is (side_names(pair) == ("Earlier", "Later"))


def test_the_strongest_evidence_says_why() -> None:
    """The sentence is that of the strongest evidence for a conflict, never one against."""
    assert "Only the earlier statement denies raising the tax." == why(tax_finding())


def test_reasons_stand_in_reading_order_and_once() -> None:
    """What lowered the score is not told again as a caution."""
    finding = tax_finding()
    lowered = "The two were said years apart."
    doubled = replace(finding, verdict=replace(finding.verdict, caveats=(lowered, "Translated.")))
    told = dict(reasons(doubled))
    assert lowered.removesuffix(".") in told["Lowered the score:"]
    assert "Translated; A budget year may change a promise" == told["Read with care:"]


def test_shares_of_the_score_are_log_odds_with_one_decimal() -> None:
    """Features are told in words, and small ones not at all."""
    finding = replace(tax_finding(), contributions=(("nli.contradiction.mean", 1.04), ("dates.raises", 0.04)))
    assert dict(reasons(finding))["Raised the score:"].endswith(
        "in log-odds: the model's contradiction score +1.0"
    )


def test_context_shows_where_the_statement_stood() -> None:
    """Neighbours stand around a place holder; a context that was given stands as it is."""
    neighbours = replace(make_statement("No."), before="Will you?", after="He left.")
    assert "Will you? [the statement] He left." == context_words(neighbours)
    assert "Asked about taxes." == context_words(replace(neighbours, context="Asked about taxes."))
    assert "" == context_words(make_statement("No."))


def test_doubtful_attribution_is_told() -> None:
    """An uncertain speaker and a repeat are facts a reader must know."""
    unsure = Attribution("Mara Holt", candidates=("Mara Holt", "Maria Holt"), flags=("pronoun",))
    statement = replace(make_statement("No."), attribution=unsure, repeats=("sxxx", "syyy"))
    assert (
        "Mara Holt said",
        "",
        "said again 2 more times; the earliest date is kept",
        "attribution: pronoun",
        "speaker uncertain: Mara Holt or Maria Holt",
    ) == facts(statement)


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://a.example/b?c=d&e=f#g", "https://a.example/b?c=d&e=f#g"),
        ("HTTP://a.example", "HTTP://a.example"),
        ("https://a.example/ä (b)|c", "https://a.example/%C3%A4%20%28b%29%7Cc"),
        ("https://a.example/100%", "https://a.example/100%25"),
        ("https://a.example/%20", "https://a.example/%20"),
        ("javascript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("//a.example", ""),
        ("https://", ""),
        ("http://[::1", ""),
        ("a.example", ""),
        ("", ""),
    ],
)
def test_only_web_addresses_become_links(url: str, safe: str) -> None:
    """Anything that could run or leave the line is encoded or no link at all."""
    assert safe == safe_url(url)


def test_long_quotes_are_found_by_their_edges() -> None:
    """The link to a long quote names its first and last words; hyphens and commas are encoded."""
    text = "We, the well-known few, say that nobody at all will ever close the bridge while we are here."
    statement = make_statement(text, url="https://a.example/x")
    passage = "We%2C%20the%20well%2Dknown%20few%2C%20say,bridge%20while%20we%20are%20here."
    assert f"https://a.example/x#:~:text={passage}" == source_url(statement)


def test_indirect_speech_has_no_text_fragment() -> None:
    """Words that do not stand in the source are not looked for in it."""
    statement = make_statement("That it rains.", mode=Mode.INDIRECT, url="https://a.example/x#y")
    assert "https://a.example/x#y" == source_url(statement)
    quoted = replace(statement, attribution=replace(statement.attribution, mode=Mode.QUOTE))
    assert "https://a.example/x#y:~:text=That%20it%20rains." == source_url(quoted)


def test_differing_words_are_those_the_other_side_lacks() -> None:
    """Only what changed is marked, and nothing where most changed."""
    pair = Pair(make_statement("We will sign it."), make_statement("We will not sign it."), 0.9)
    assert ([], [(8, 11)]) == differing_words(pair)
    unlike = Pair(make_statement("Taxes stay."), make_statement("The bridge was never closed by us."), 0.3)
    assert ([], []) == differing_words(unlike)
    assert [] == difference(unlike)


def test_the_difference_holds_both_texts() -> None:
    """Leaving out one side's words gives the other side."""
    pair = Pair(make_statement("We will sign it."), make_statement("We will not sign it."), 0.9)
    parts = difference(pair)
    assert "We will sign it." == "".join(words for kind, words in parts if kind != "later")
    assert "We will not sign it." == "".join(words for kind, words in parts if kind != "earlier")


def test_evidence_decides_what_is_marked() -> None:
    """Where a detector points at words, those are marked and no others."""
    assert ([(7, 12)], [(3, 15)]) == marks(tax_finding())


@pytest.mark.parametrize("at", [0, 4000, 9990])
def test_an_excerpt_holds_the_marked_words(at: int) -> None:
    """Of a long text the part around the first mark is shown, cut at spaces."""
    text = "word " * 2000
    start, end = excerpt(text, [(at, at + 4)], longest=1000)
    assert start <= at
    assert at + 4 <= end
    assert end - start <= 1000
    assert start == 0 or text[start - 1] == " "


def test_counts_have_names_and_an_order() -> None:
    """Denominators are told in reading order; what an input did not have is left out."""
    counts = {"shown": 1, "documents": 0, "rows": 3, "mode_quote": 3, "statements": 3, "odd_thing": 2}
    assert [
        ("table rows", 3),
        ("statements read", 3),
        ("findings shown", 1),
        ("odd thing", 2),
    ] == count_words(counts)


def test_topic_rows_count_statements_dates_and_findings() -> None:
    """A topic tells how much it holds, from when to when, and which findings touch it."""
    row = topic_rows(make_result(tax_finding()))[0]
    assert ("taxes", 2, "17 November 2019 to 25 February 2024") == (row.name, row.statements, row.dates)
    assert [1] == [rank for rank, _ in row.findings]


def test_a_timeline_keeps_dots_apart_and_counts_the_undated() -> None:
    """Statements of one day stand below each other, and what cannot be placed is counted."""
    first, second = make_statement("One.", said_on=day(2020)), make_statement("Two.", said_on=day(2020))
    finding = make_finding(first, second)
    undated = hostile_finding()
    (line,) = timelines(make_result(finding, undated), [finding, undated])
    assert 2 == len({(dot.x, dot.y) for dot in line.dots})
    assert 1 == len(line.arcs)
    assert said_words(first) == "said 1 January 2020"
