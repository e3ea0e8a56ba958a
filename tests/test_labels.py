"""Labels are events: what counts today is worked out from all of them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.errors import InputError
from checker.labels import (
    Answer,
    Label,
    Sampling,
    Side,
    chained,
    cleaned,
    counted,
    disagreements,
    dismissed,
    from_json,
    label_of,
    new_id,
    reviews,
    to_json,
    whole,
)
from tests.builders import tax_finding
from tests.labelling import make_label

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LABELS = st.builds(
    Label,
    id=st.just("lbcd"),
    pair=TEXT,
    answer=st.sampled_from(Answer) | st.none(),
    reader=TEXT,
    at=TEXT,
    kind=TEXT,
    note=TEXT,
    sampling=st.sampled_from(Sampling),
    probability=st.none() | st.floats(0, 1),
    population=st.none() | st.integers(0, 10**9),
    score=st.none() | st.floats(0, 1),
    first=st.none() | st.builds(Side, TEXT, TEXT, TEXT, TEXT),
)


@given(LABELS, st.integers(1, 10**9))
def test_a_row_comes_back_equal_from_its_line(label: Label, number: int) -> None:
    """Whatever a label holds, one line of JSON holds it too."""
    event = chained(label, number=number)
    line = to_json(event)
    assert "\n" not in line
    assert event == from_json(line)
    assert whole(from_json(line))


@given(LABELS, st.data())
def test_a_changed_character_shows(label: Label, data: st.DataObject) -> None:
    """No character of a line can change without the row ceasing to be whole or to be a row."""
    line = to_json(chained(label, number=7))
    at = data.draw(st.integers(0, len(line) - 1))
    changed = line[:at] + data.draw(st.characters(exclude_characters=line[at])) + line[at + 1 :]
    try:
        event = from_json(changed)
    except InputError:
        return
    assert not whole(event)


def test_a_row_of_a_later_version_is_whole_and_says_so() -> None:
    """A field that this version does not know is no damage."""
    event = chained(make_label(), number=1)
    body = event.body[:-1] + ',"mood":"calm"}'
    later = replace(event, body=body)
    line = to_json(later)
    assert json.loads(line)["mood"] == "calm"
    assert from_json(line).is_newer
    assert not from_json(to_json(event)).is_newer


def test_the_latest_label_of_each_reader_counts() -> None:
    """A second reading replaces the first one of the same reader, whatever its place in the file."""
    early = make_label(1, at="2026-01-01T10:00:00.000000Z", answer=Answer.CONFLICT)
    late = make_label(1, at="2026-01-02T10:00:00.000000Z", answer=Answer.CONSISTENT)
    other = make_label(1, at="2026-01-01T11:00:00.000000Z", reader="ben")
    assert [other, late] == counted([late, early, other])


def test_an_undone_label_lets_the_one_before_count_again() -> None:
    """Taking back a second reading brings back the first."""
    first = make_label(1, at="2026-01-01T10:00:00.000000Z")
    second = make_label(1, at="2026-01-02T10:00:00.000000Z", answer=Answer.CONSISTENT)
    undo = replace(second, id=new_id(), answer=None, undoes=second.id)
    assert [first] == counted([first, second, undo])


def test_readers_who_differ_are_listed_and_decide_nothing() -> None:
    """A conflict between readers is shown, and neither answer wins."""
    labels = [
        make_label(1, answer=Answer.CONFLICT),
        make_label(1, reader="ben", answer=Answer.CONSISTENT),
        make_label(2, answer=Answer.CONSISTENT),
        make_label(2, reader="ben", answer=Answer.CONSISTENT),
        make_label(3, answer=Answer.UNSURE),
    ]
    assert ["pbcd1"] == [review.pair for review in disagreements(labels)]
    assert reviews(labels)["pbcd1"].answer is None
    assert frozenset({"pbcd2"}) == dismissed(labels)


def test_a_label_carries_the_scores_and_texts_of_its_pair() -> None:
    """What a reader judged can be read later without the data."""
    finding = tax_finding()
    label = label_of(finding, Answer.CONFLICT, reader="ann", sampling=Sampling.RANDOM, probability=0.25)
    assert finding.pair.key == label.pair
    assert finding.pair.earlier.text == label.first.text
    assert "2019-11-17" == label.first.said_on
    assert (0.81, 0.25) == (label.score, label.probability)


def test_a_lone_surrogate_becomes_a_question_mark() -> None:
    """A note that no file can hold is saved all the same."""
    assert "a?b" == cleaned(make_label(note="a\ud800b")).note


@pytest.mark.parametrize("line", ["", "{}", "[]", "null", '{"row":"x","previous":"","chain":""}', "[" * 5000])
def test_what_is_no_row_is_an_input_error(line: str) -> None:
    """Foreign lines end in our own error."""
    with pytest.raises(InputError, match="not a label row"):
        from_json(line)


def test_ids_survive_a_spreadsheet() -> None:
    """An id has letters only, so nothing takes it for a number or a date."""
    ids = {new_id() for _ in range(200)}
    assert 200 == len(ids)
    assert all(name.isalpha() and "e" not in name for name in ids)
