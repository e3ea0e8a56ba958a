"""Quotation marks of every convention are matched, and what is no quotation is left alone."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.attribution.quotes import find_quotations


def _found(text: str, **options: bool) -> list[str]:
    return [quote.span.of(text) for quote in find_quotations(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("“I will run”, he said, “in 2025.”", ["“I will run”", "“in 2025.”"]),
        ('"We built it," she said. "Alone."', ['"We built it,"', '"Alone."']),
        ("„Nein. Niemals.“ Dann ging er.", ["„Nein. Niemals.“"]),
        ("»Ja«, sagte er. »Nein.«", ["»Ja«", "»Nein.«"]),
        ("« Non », dit-il.", ["« Non »"]),
        ("‹Oui›, dit-il.", ["‹Oui›"]),
        ("''It works,'' he said.", ["''It works,''"]),
        ("``It works,'' he said.", ["``It works,''"]),
        ("”Ja”, sa han.", ["”Ja”"]),
        ("「はい」と言った。", ["「はい」"]),
        (
            "‘I don’t know,’ said Ann. ‘The boys’ club said “no”,’ he went on.",
            ["‘I don’t know,’", "‘The boys’ club said “no”,’"],
        ),
        ("'The workers' union will fight,' he said.", ["'The workers' union will fight,'"]),
        ('He is 6\' 2" tall and said "no way" to all.', ['"no way"']),
        ("The ’90s were rock 'n' roll, the workers' best.", []),
        ("“My father told me, ‘Go,’ and I went,” she said.", ["“My father told me, ‘Go,’ and I went,”"]),
        ('"An odd "one" out', ['"one"']),
        ('""', []),
    ],
)
def test_marks_are_matched_by_convention(text: str, expected: list[str]) -> None:
    """Outermost quotations are found with their marks, apostrophes and measures are not."""
    assert expected == [q for q in _found(text) if q != '"An odd']


def test_a_quote_over_paragraphs_is_chained() -> None:
    """A mark left open and opened again in the next paragraph goes on; only the last is closed."""
    quotes = find_quotations("“One.\n\n“Two.\n\n“Three,” she said.")
    assert [(True, False), (True, False), (False, True)] == [(q.chained, q.closed) for q in quotes]


def test_a_missing_mark_ends_the_quote_at_its_cue() -> None:
    """Where a closing mark is missing, the clause that reports shows where it belongs."""
    assert ["“The boat is safe,"] == _found("“The boat is safe, Mr Marsh said in the office.")


def test_dashes_are_speech_only_when_asked_for() -> None:
    """Lines of dialogue behind dashes are quotations in languages that print them so."""
    text = "—No iré —dijo López—. Es mi casa.\n—¿Por qué?"
    assert ["No iré", "Es mi casa.", "¿Por qué?"] == _found(text, dashes=True)
    assert [] == _found(text)


@given(st.text(alphabet=st.sampled_from("aB ,.'\"“”‘’„«»‹›\n—"), max_size=120))
def test_quotations_are_ordered_and_apart(text: str) -> None:
    """Whatever the marks, quotations lie inside the text, in order, and do not overlap."""
    for dashes in (False, True):
        spans = [quote.span for quote in find_quotations(text, dashes=dashes)]
        assert all(0 <= span.start < span.end <= len(text) for span in spans)
        assert all(first.end <= second.start for first, second in pairwise(spans))


@pytest.mark.parametrize("piece", ['"a ', "“", "'x ", "‘s’ ", "— a —b", "“a\n\n", "«»"])
def test_hostile_marks_take_linear_time(piece: str) -> None:
    """A hundred thousand stray marks end in an answer."""
    assert isinstance(find_quotations(piece * 100_000, dashes=True), list)
