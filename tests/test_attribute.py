from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.attribute import attribute
from checker.read import read
from checker.records import Mode, Precision, Problem, Row, Severity, Statement, statement_id

EXAMPLE = Path(__file__).parent.parent / "statements" / "lukashenko.csv"


def row(number: int = 2, file: str = "a.csv", /, **fields: str) -> Row:
    return Row({"speaker": "Ada Mint", "text": "The bridge will open.", **fields}, file, number)


def only(*rows: Row, **options: object) -> Statement:
    (statement,) = attribute(rows, **options).statements  # type: ignore[arg-type]
    return statement


def told(problems: tuple[Problem, ...], severity: Severity) -> list[str]:
    return [str(problem) for problem in problems if problem.severity is severity]


def test_a_row_becomes_a_statement_with_everything_it_said() -> None:
    """Every recognised column finds its place, and unknown ones are carried through."""
    full = row(
        7,
        said_on="2019-11-17",
        mode="indirect",
        cue="said",
        context="On the bridge.",
        position="3",
        target_time="2020",
        outlet="Daily Mint",
        title="Bridge",
        url="https://mint.example",
        published_on="2019-11-18",
        language="en",
        note="checked",
    )
    statement = only(Row(full.fields, "a.csv", 7, "f" * 64, (("Shoe", "42"),)))
    assert ("2019-11-17", "2020", "2019-11-18") == (
        str(statement.said_on),
        str(statement.target_time),
        str(statement.source.published_on),
    )
    assert (Mode.INDIRECT, "said", 3) == (statement.mode, statement.attribution.cue, statement.position)
    assert ("Daily Mint", "Bridge", "https://mint.example") == (
        statement.source.outlet,
        statement.source.title,
        statement.source.url,
    )
    assert ("On the bridge.", "en", "checked") == (statement.context, statement.language, statement.note)
    assert ("a.csv, row 7", "f" * 64, (("Shoe", "42"),)) == (
        statement.origin,
        statement.source.sha256,
        statement.extra,
    )


@pytest.mark.parametrize("text", ["", "   ", "…", "-", "\n"])
def test_a_row_without_text_is_skipped_counted_and_listed(text: str) -> None:
    """No words, no statement; the row is named."""
    result = attribute([row(2), row(9, text=text)])
    assert (1, 1) == (len(result.statements), result.counts["rows_skipped"])
    assert ["a.csv, row 9: the row has no text"] == told(result.problems, Severity.SKIPPED)


@pytest.mark.parametrize("speaker", ["", " ", "?"])
def test_a_row_without_speaker_is_skipped_counted_and_listed(speaker: str) -> None:
    """Nobody's words are compared with nobody's."""
    result = attribute([row(2), row(9, speaker=speaker)])
    assert (1, 1) == (len(result.statements), result.counts["rows_skipped"])
    assert ["a.csv, row 9: the row has no speaker"] == told(result.problems, Severity.SKIPPED)


def test_in_a_report_the_outlet_is_the_speaker() -> None:
    """A reported fact without a speaker is the outlet's own."""
    assert "Daily Mint" == only(row(speaker="", mode="report", outlet="Daily Mint")).speaker


@pytest.mark.parametrize(
    ("written", "mode"),
    [
        ("", Mode.QUOTE),
        ("Quote", Mode.QUOTE),
        ("said", Mode.QUOTE),
        ("direct_speech", Mode.QUOTE),
        ("Paraphrase", Mode.INDIRECT),
        ("indirect speech", Mode.INDIRECT),
        ("fact", Mode.REPORT),
        ("Report", Mode.REPORT),
    ],
)
def test_modes_have_other_names(written: str, mode: Mode) -> None:
    """The usual words for the three modes are understood without a doubt."""
    result = attribute([row(mode=written)])
    assert (mode, ()) == (result.statements[0].mode, result.problems)


def test_an_unknown_mode_is_taken_as_quote_and_listed() -> None:
    """A mode nobody knows is doubtful, not fatal."""
    result = attribute([row(mode="sung")])
    assert Mode.QUOTE is result.statements[0].mode
    assert ["a.csv, row 2: the mode 'sung' is not known"] == [
        line.split(";")[0] for line in told(result.problems, Severity.DOUBTFUL)
    ]


def test_a_date_that_cannot_be_read_is_kept_unknown_and_listed() -> None:
    """The words stay, the date is unknown, the row is named."""
    result = attribute([row(said_on="some time in spring")])
    said_on = result.statements[0].said_on
    assert said_on is not None
    assert (Precision.UNKNOWN, None, "some time in spring") == (
        said_on.precision,
        said_on.start,
        said_on.written,
    )
    assert any(
        "row 2" in line and "some time in spring" in line for line in told(result.problems, Severity.DOUBTFUL)
    )


def test_an_ambiguous_date_keeps_its_year_and_is_listed() -> None:
    """03/04/2020 alone is reported, never guessed silently."""
    result = attribute([row(said_on="03/04/2020")])
    assert "2020" == str(result.statements[0].said_on)
    assert 1 == len(told(result.problems, Severity.DOUBTFUL))


def test_a_column_settles_its_own_dates() -> None:
    """One figure above twelve decides for its file and column, and for no other."""
    rows = [
        row(2, said_on="03/04/2020", text="One thing."),
        row(3, said_on="17/04/2020", text="Another thing."),
        row(2, "b.csv", said_on="03/04/2020", text="A third thing."),
    ]
    dates = [str(statement.said_on) for statement in attribute(rows).statements]
    assert ["2020-04-03", "2020-04-17", "2020"] == dates


def test_the_option_settles_all_dates() -> None:
    """The user's word on the order leaves nothing doubtful."""
    result = attribute([row(said_on="03/04/2020")], day_first=False)
    assert ("2020-03-04", ()) == (str(result.statements[0].said_on), result.problems)


def test_the_date_of_publication_stands_in_and_says_so() -> None:
    """Without a date said, the date published is used and marked as such."""
    said_on = only(row(published_on="2019-11-18")).said_on
    assert said_on is not None
    assert ("2019-11-18", "publication") == (str(said_on), said_on.how)


def test_spellings_of_one_speaker_are_merged_and_listed() -> None:
    """Titles and transliterations become one name; what was written is kept."""
    rows = [
        row(2, speaker="Alexandr Lukashenko", text="One thing."),
        row(3, speaker="Alexander Lukashenko", text="Another thing."),
        row(4, speaker="President Lukashenko", text="A third thing."),
    ]
    result = attribute(rows)
    assert {"Alexander Lukashenko"} == {statement.speaker for statement in result.statements}
    assert "President Lukashenko" == result.statements[2].attribution.speaker_as_written
    assert (("Alexander Lukashenko", ("Alexandr Lukashenko", "President Lukashenko")),) == result.merges


def test_merging_can_be_switched_off() -> None:
    """Without merging, every spelling is a speaker of its own."""
    rows = [row(2, speaker="Alexandr Lukashenko"), row(3, speaker="Alexander Lukashenko")]
    result = attribute(rows, merge_speakers=False)
    assert (2, ()) == (len({s.speaker for s in result.statements}), result.merges)


def test_names_that_may_be_one_person_are_suggested() -> None:
    """What is not sure is told and left apart."""
    rows = [row(2, speaker="Alyaksandr Lukashenka"), row(3, speaker="Alexander Lukashenko")]
    result = attribute(rows)
    assert 2 == len({statement.speaker for statement in result.statements})
    assert any("may be one person" in line for line in told(result.problems, Severity.INFO))


def test_a_flood_of_like_names_is_counted_not_listed() -> None:
    """Beyond fifty suggestions the rest is one line with their number."""
    names = [f"Ada M{first}{second}nt" for first in "aeiou" for second in "aeiou"]
    rows = [row(number, speaker=name, text=f"Sentence {number}.") for number, name in enumerate(names)]
    lines = told(attribute(rows).problems, Severity.INFO)
    assert 51 == len(lines)
    assert "of like names" in lines[-1]


def test_outlets_are_never_merged() -> None:
    """Two papers with like names stay two papers."""
    rows = [row(2, speaker="The Mint", mode="report"), row(3, speaker="Daily Mint", mode="report")]
    assert ["The Mint", "Daily Mint"] == [statement.speaker for statement in attribute(rows).statements]


def test_an_id_is_computed_unless_given() -> None:
    """Ids depend on speaker, date and text; one from the file is kept."""
    statement = only(row(said_on="2019"))
    assert statement_id("Ada Mint", statement.said_on, statement.text) == statement.id
    assert "own-1" == only(row(id="own-1")).id


def test_duplicate_ids_are_reported_and_replaced() -> None:
    """Two statements under one id are told apart, and the second row is named."""
    result = attribute([row(2, id="x1"), row(3, id="x1", text="The bridge stays shut.")])
    first, second = result.statements
    assert "x1" == first.id != second.id
    assert any("row 3" in line and "'x1'" in line for line in told(result.problems, Severity.DOUBTFUL))


def test_repeats_collapse_to_the_earliest() -> None:
    """The same words of one speaker count once, at their earliest date, naming the other places."""
    rows = [
        row(2, said_on="2020-05-01", text="“The bridge will open”"),
        row(3, said_on="2019", text="The  bridge will open."),
        row(4, text='"the bridge will open!"'),
        row(5, speaker="Bert Fern", text="The bridge will open."),
    ]
    result = attribute(rows)
    assert ["a.csv, row 3", "a.csv, row 5"] == [statement.origin for statement in result.statements]
    assert ("a.csv, row 2 (2020-05-01)", "a.csv, row 4 (unknown date)") == result.statements[0].repeats
    assert 2 == result.counts["repeats"]


def test_neighbours_in_a_document_lend_context() -> None:
    """Position orders statements of one document; distant ones and other documents lend nothing."""
    rows = [
        row(2, text="Second.", position="2"),
        row(3, text="First.", position="1"),
        row(4, text="Far away.", position="90"),
        row(2, "b.csv", text="Elsewhere.", position="3"),
    ]
    found = {s.text: (s.before, s.after) for s in attribute(rows).statements}
    assert {
        "First.": ("", "Second."),
        "Second.": ("First.", ""),
        "Far away.": ("", ""),
        "Elsewhere.": ("", ""),
    } == found


def test_a_position_that_is_no_number_is_listed() -> None:
    """A doubtful position costs the position, not the row."""
    result = attribute([row(position="first")])
    assert (None, 1) == (result.statements[0].position, len(result.problems))


def test_an_address_in_the_source_column_is_the_url() -> None:
    """People write links under `source`; they are not taken for the name of a paper."""
    source = only(row(outlet="https://mint.example/1")).source
    assert ("", "https://mint.example/1") == (source.outlet, source.url)


def test_a_very_long_text_is_kept_whole() -> None:
    """Fifty thousand characters stay fifty thousand characters."""
    text = "The bridge will open. " * 2273
    assert text == only(row(text=text)).text


def test_one_lone_statement_is_fine() -> None:
    """A single row gives a single statement and no problem."""
    result = attribute([row()])
    assert (1, ()) == (len(result.statements), result.problems)


@settings(deadline=None)
@given(st.text(min_size=1, max_size=200).filter(lambda text: any(c.isalnum() for c in text)))
def test_text_survives_verbatim(text: str) -> None:
    """Whatever the row says, the statement says to the last space."""
    assert text == only(row(text=text)).text


@settings(deadline=None, max_examples=200)
@given(
    st.lists(
        st.dictionaries(
            st.sampled_from(
                ["speaker", "text", "said_on", "mode", "position", "id", "target_time", "outlet"]
            ),
            st.text("Aa1 /-.=\n“”", max_size=8),
        ),
        max_size=8,
    )
)
def test_any_rows_give_statements_with_different_ids(fields: list[dict[str, str]]) -> None:
    """Nothing a table can hold raises, and no two statements share an id."""
    rows = [
        Row({"speaker": "", "text": "", **cells}, "a.csv", number) for number, cells in enumerate(fields, 2)
    ]
    result = attribute(rows)
    ids = [statement.id for statement in result.statements]
    assert len(set(ids)) == len(ids)
    skipped = result.counts["rows_skipped"]
    assert len(rows) == len(ids) + result.counts["repeats"] + skipped


def test_the_worked_example_reads_without_a_doubt() -> None:
    """At least 35 statements of every mode, all dated but one, each about a known time where it has one."""
    entries, problems, _ = read([EXAMPLE])
    result = attribute(entries)
    assert [] == problems + [p for p in result.problems if p.severity is not Severity.INFO]
    assert 35 <= len(result.statements)
    assert set(Mode) == {statement.mode for statement in result.statements}
    assert (("Alexandr Lukashenko", ("Alexander Lukashenko",)),) == result.merges
    assert {2019, 2024} == {s.said_on.start.year for s in result.statements if s.said_on and s.said_on.start}
