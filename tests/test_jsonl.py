from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import InputError, MissingColumnError
from checker.readers import jsonl
from checker.readers.registry import ReadOptions
from checker.records import Problem, Row, Severity


def load(tmp_path: Path, content: str | bytes) -> tuple[list[Row], list[Problem]]:
    path = tmp_path / "a.jsonl"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    items = list(jsonl.read(path, ReadOptions()))
    return [i for i in items if isinstance(i, Row)], [i for i in items if isinstance(i, Problem)]


def line(text: str = "Yes.", speaker: str = "A", **more: object) -> str:
    return json.dumps({"speaker": speaker, "text": text, **more})


def test_each_line_is_a_row_numbered_by_line(tmp_path: Path) -> None:
    """Blank lines count, a byte order mark does not matter."""
    rows, problems = load(tmp_path, "\ufeff" + line("One.") + "\n\n" + line("Two.") + "\n")
    assert [(1, "One."), (3, "Two.")] == [(row.row, row.fields["text"]) for row in rows]
    assert [] == problems


@pytest.mark.parametrize("broken", ["{", "not json", "[1, 2", '{"text": }', "\x00", "[" * 100_000])
def test_a_broken_line_costs_that_line_only(tmp_path: Path, broken: str) -> None:
    """The lines around a broken one are read, and the broken one is listed with its number."""
    rows, problems = load(tmp_path, f"{line('One.')}\n{broken}\n{line('Two.')}\n")
    assert ["One.", "Two."] == [row.fields["text"] for row in rows]
    assert [("row 2", Severity.SKIPPED)] == [(p.where, p.severity) for p in problems]


@pytest.mark.parametrize("value", ["3", '"words"', "[1]", "null", "true"])
def test_a_line_that_is_no_object_is_listed(tmp_path: Path, value: str) -> None:
    """JSON that is no object holds no statement."""
    rows, problems = load(tmp_path, f"{line()}\n{value}\n")
    assert (1, ["row 2"]) == (len(rows), [p.where for p in problems])


def test_an_object_without_a_speaker_is_listed(tmp_path: Path) -> None:
    """A line lacking a required key costs that line only."""
    rows, problems = load(tmp_path, f'{line()}\n{{"text": "Who said so?"}}\n')
    assert 1 == len(rows)
    assert "'speaker'" in problems[0].what


def test_a_file_without_any_speaker_lacks_a_column(tmp_path: Path) -> None:
    """When every line lacks the key, the error is that of a missing column."""
    with pytest.raises(MissingColumnError, match="'speaker'"):
        load(tmp_path, '{"text": "Who said so?"}\n')


def test_an_array_may_span_lines(tmp_path: Path) -> None:
    """A JSON array is read whole and its members are counted."""
    rows, _ = load(tmp_path, f"[\n  {line('One.')},\n  {line('Two.')}\n]\n")
    assert [1, 2] == [row.row for row in rows]


def test_a_single_object_over_several_lines_is_one_row(tmp_path: Path) -> None:
    """An indented object is not taken for broken lines."""
    rows, _ = load(tmp_path, json.dumps({"speaker": "A", "text": "Yes."}, indent=2))
    assert ["Yes."] == [row.fields["text"] for row in rows]


def test_numbers_keep_their_figures(tmp_path: Path) -> None:
    """43.60 stays 43.60 and a long number stays whole; NaN and null are empty."""
    written = (
        '{"speaker": "A", "text": "Yes.", "share": 43.60, "big": 12345678901234567, "x": NaN, "y": null}'
    )
    rows, _ = load(tmp_path, written)
    assert (("share", "43.60"), ("big", "12345678901234567")) == rows[0].extra


def test_nested_values_are_carried_through_as_json(tmp_path: Path) -> None:
    """A list or object in an unknown column is kept as text."""
    rows, _ = load(tmp_path, line(tags=["a", {"b": "ж"}]))
    assert (("tags", '["a", {"b": "ж"}]'),) == rows[0].extra


def test_a_doubled_key_is_reported(tmp_path: Path) -> None:
    """Of two values under one key the last counts, and the line is named."""
    rows, problems = load(tmp_path, '{"speaker": "A", "text": "One.", "text": "Two."}\n')
    assert "Two." == rows[0].fields["text"]
    assert [Severity.DOUBTFUL] == [p.severity for p in problems]


def test_other_names_are_mapped_and_told_once(tmp_path: Path) -> None:
    """Objects with the same keys give one line of information."""
    content = '{"who": "A", "quote": "One."}\n{"who": "B", "quote": "Two."}\n'
    rows, problems = load(tmp_path, content)
    assert 2 == len(rows)
    assert ["columns read 'who' as speaker, 'quote' as text"] == [p.what for p in problems]


def test_claim_review_gives_the_claim_not_the_review(tmp_path: Path) -> None:
    """Of ClaimReview markup the claim's words, maker, date and place are taken, not the checker's."""
    review = {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "author": {"name": "The Checkers"},
        "datePublished": "2021-01-02",
        "url": "https://checkers.example/1",
        "claimReviewed": "The bridge is open.",
        "itemReviewed": {
            "author": [{"@type": "Person", "name": "Ada Mint"}],
            "datePublished": "2020-12-30",
            "appearance": {"url": "https://mint.example/speech"},
        },
    }
    for published in (review, [review], {"@graph": [review]}):
        content = json.dumps(published, indent=1)
        rows, _ = load(tmp_path, content)
        fields = {name: rows[0].fields.get(name) for name in ("speaker", "text", "said_on", "url")}
        assert {
            "speaker": "Ada Mint",
            "text": "The bridge is open.",
            "said_on": "2020-12-30",
            "url": "https://mint.example/speech",
        } == fields


def test_a_file_without_objects_is_an_error(tmp_path: Path) -> None:
    """Nothing but numbers is no table of statements."""
    with pytest.raises(InputError, match="no line holds a statement"):
        load(tmp_path, "1\n2\n")


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(exclude_characters="\x00", exclude_categories=("Cs",)), min_size=1, max_size=80))
def test_text_survives_verbatim(text: str) -> None:
    """Whatever a string holds, escaped or not, the row holds the same."""
    with tempfile.TemporaryDirectory() as folder:
        for ascii_only in (True, False):
            path = Path(folder, "a.jsonl")
            path.write_text(
                json.dumps({"speaker": "A", "text": text}, ensure_ascii=ascii_only) + "\n", encoding="utf-8"
            )
            rows = [item for item in jsonl.read(path, ReadOptions()) if isinstance(item, Row)]
            assert [text] == [row.fields["text"] for row in rows]
