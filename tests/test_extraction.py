"""The extract command: a table to correct and read back, a page to read over, one name for a speaker."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from checker.attribute import attribute
from checker.attribution.extract import extract
from checker.commands import extract as command
from checker.detectors.dates import detect as detect_dates
from checker.errors import UsageError
from checker.extraction import extract_all
from checker.read import read
from checker.readers.registry import ReadOptions
from checker.records import Document, Effect, Mode, Pair, Row, Severity, Span, Stance, Statement, When
from checker.renderers.preview import render_preview
from checker.renderers.statementstable import render_statements
from checker.times import is_beside

DAY = When(date(2021, 6, 16), date(2021, 6, 16), how="option")
ARTICLE = (
    "Mayor Ana Lima opened the bridge.\n\n“We built it in two years,” Lima said. “Nobody believed us.”\n\n"
    "She denied that the bridge was too dear. The room went home.\n\n“Nobody expected this at all.”"
)


def _document(text: str, **known: object) -> Document:
    return Document(text, "a.txt", **{"published_on": DAY, "outlet": "The Post", **known})  # type: ignore[arg-type]


def _day(*numbers: int) -> When:
    return When(date(*numbers), date(*numbers))


def _said(text: str) -> list[tuple[str, str]]:
    return [(s.speaker, s.text) for s in extract(_document(text)) if s.mode is not Mode.REPORT]


@pytest.fixture
def article(tmp_path: Path) -> Path:
    """An article on disk."""
    path = tmp_path / "a.txt"
    path.write_text(ARTICLE, "utf-8")
    return path


def test_a_direct_quote_is_cut_without_its_marks() -> None:
    """Marks and the comma before the cue are left out, the words are not touched."""
    assert ("Ana Lima", "We built it in two years") in _said(ARTICLE)


def test_a_broken_quote_is_one_statement() -> None:
    """A sentence broken by its cue is covered whole and flagged; two sentences are two statements."""
    found = extract(_document("“I will run”, Mr Theo Ames said, “in the spring.” “That is all.”"))
    assert ["I will run”, Mr Theo Ames said, “in the spring.", "That is all."] == [s.text for s in found]
    assert ["broken" in s.attribution.flags for s in found] == [True, False]


def test_modes_can_be_chosen() -> None:
    """Only what is asked for is returned."""
    assert {Mode.INDIRECT} == {s.mode for s in extract(_document(ARTICLE), include=[Mode.INDIRECT])}


def test_context_is_two_sentences_on_each_side() -> None:
    """Neighbouring sentences stand before and after a statement, its own cue clause included."""
    text = "One is here. Two is here. Three is here. Mr Theo Ames said the dam would hold. Four. Five. Six."
    found = extract(_document(text), include=[Mode.INDIRECT])[0]
    assert "Two is here. Three is here. Mr Theo Ames said" == found.before
    assert "Four. Five." == found.after


def test_headings_and_furniture_say_nothing() -> None:
    """Marked lines yield no statement; the first heading does, flagged as a title."""
    title = "Lima says the bridge is safe"
    text = f"{title}\n\nRuiz says the bridge is not safe at all\n\nMr Theo Ames said the bridge was closed."
    lines = [Span(0, len(title)), Span(len(title) + 2, text.index("\n\nMr"))]
    found = extract(_document(text, headings=tuple(lines)), include=[Mode.INDIRECT])
    assert [("title" in s.attribution.flags, s.speaker) for s in found] == [
        (True, "Lima"),
        (False, "Theo Ames"),
    ]


def test_turns_are_quotes_of_their_speakers() -> None:
    """A short turn is one statement, a long one is cut into sentences."""
    text = "One. Two.\nA first one. A second one. A third one. A fourth one."
    turns = (("Ann", Span(0, 9)), ("Ben", Span(10, len(text))))
    found = extract(_document(text, turns=turns))
    assert [("Ann", "One. Two.")] == [(s.speaker, s.text) for s in found[:1]]
    assert ["A first one.", "A second one.", "A third one.", "A fourth one."] == [s.text for s in found[1:]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mr Theo Ames did not say that the dam would break.", Stance.REPORTED),
        ("Mr Theo Ames denied that the dam would break.", Stance.REJECTED),
        ("Mr Theo Ames described as absurd the claim that the dam would break.", Stance.REJECTED),
        ("Mr Theo Ames did not deny that the dam would break.", Stance.HELD),
        ("Mr Theo Ames admitted that the dam would break.", Stance.HELD),
    ],
)
def test_the_stance_follows_the_cue(text: str, expected: Stance) -> None:
    """Denied and dismissed views are rejected, views not voiced are only reported."""
    assert [expected] == [s.attribution.stance for s in extract(_document(text)) if s.text.endswith("break")]


@pytest.mark.parametrize(
    "text",
    [
        "The poll rose by three percentage points in the home state of the senator.",
        "The reports of the agency states nothing new.",
        "He reads the book “The Long Road” every year.",
        "The so-called “miracle cure” is sold in the market.",
    ],
)
def test_words_that_only_look_like_cues_are_left_alone(text: str) -> None:
    """Nouns, titles and so-called words attribute nothing."""
    assert [] == _said(text)


def test_who_speaks_is_said_to_be_open_when_it_is() -> None:
    """A quotation that nobody is named for has no speaker and a flag that says so."""
    found = [s for s in extract(_document(ARTICLE)) if s.text == "Nobody expected this at all."]
    assert [""] == [s.speaker for s in found]
    assert ["uncertain"] == [flag for s in found for flag in s.attribution.flags]


def _voices(text: str) -> list[tuple[str, str, bool]]:
    found = extract(_document(text), include=[Mode.QUOTE, Mode.INDIRECT])
    return [(s.speaker, s.text, "uncertain" in s.attribution.flags) for s in found]


def test_a_paragraph_of_speech_goes_on_with_the_speaker_before_and_is_uncertain() -> None:
    """A quotation alone in its paragraph is likely the last speaker's, unless that was a question."""
    text = "“{}” Mayor Ana Lima said.\n\n“It took us two years.”"
    assert ("Ana Lima", "It took us two years.", True) in _voices(text.format("We built it,"))
    assert ("", "It took us two years.", True) in _voices(text.format("How long did it take us?"))


def test_quoted_words_of_nobody_named_are_kept() -> None:
    """Four quoted words or more are somebody's; what is written like a name is not."""
    text = "The room fell silent at “a plan that nobody in this room has ever read” on the wall."
    assert [("", "a plan that nobody in this room has ever read", True)] == _voices(text)
    assert [] == _voices("The band closed with “Roads of the Old North” on Monday.")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Lima: Bridge Is ‘Safe For Everyone’\n\nMayor Ana Lima opened the bridge.",
            [("Ana Lima", "Bridge Is ‘Safe For Everyone’", False)],
        ),
        ("LIMA: The bridge is safe.\n\nMayor Ana Lima left.", [("Ana Lima", "The bridge is safe", False)]),
        ("Update: Bridge Is Closed Today\n\nMayor Ana Lima opened the bridge.", []),
        ("Lima: 1,769\n\nMayor Ana Lima opened the bridge.", []),
    ],
)
def test_a_name_and_a_colon_open_a_headline_or_a_turn(
    text: str, expected: list[tuple[str, str, bool]]
) -> None:
    """The words behind the name are that person's; a label that nobody bears says nothing."""
    assert expected == _voices(text)


def test_the_table_reads_back(tmp_path: Path, article: Path) -> None:
    """Texts, speakers, dates and modes survive the way through the table that people correct."""
    found, _ = extract_all(read([article])[0])
    statements = [s for s in found[0][1] if s.speaker]
    (tmp_path / "new.csv").write_bytes(render_statements(statements))
    rows = [entry for entry in read([tmp_path / "new.csv"])[0] if isinstance(entry, Row)]
    assert [s.text for s in statements] == [row.fields["text"] for row in rows]
    assert [s.speaker for s in statements] == [row.fields["speaker"] for row in rows]
    assert [s.mode.value for s in statements] == [row.fields["mode"] for row in rows]


def _back(tmp_path: Path, table: bytes) -> list[Statement]:
    (tmp_path / "new.csv").write_bytes(table)
    return list(attribute(read([tmp_path / "new.csv"])[0], merge_speakers=False).statements)


def test_what_is_known_of_a_statement_reads_back(tmp_path: Path) -> None:
    """Stance, flags, neighbours, heading and the place of a year come back as they were extracted."""
    heading = "2022 council elections"
    text = (
        f"Lima stays\n\n{heading}\n\nMayor Ana Lima denied that the bridge was too dear. Lima said: “I will "
        "run in these elections.” Nobody doubted it.\n\n“I am sure,” Mr Theo Ames, her rival, said."
    )
    spans = (Span(0, 10), Span(12, 12 + len(heading)))
    cut = [s for s in extract(_document(text, headings=spans)) if s.speaker]
    back = _back(tmp_path, render_statements(cut))
    assert [s.id for s in cut] == [s.id for s in back]
    for ours, theirs in zip(cut, back, strict=True):
        for name in ("stance", "speaker_as_written", "via", "flags"):
            assert getattr(ours.attribution, name) == getattr(theirs.attribution, name)
        assert (ours.heading, ours.before, ours.after) == (theirs.heading, theirs.before, theirs.after)
        assert ours.surroundings == theirs.surroundings
    assert Stance.REJECTED in {s.attribution.stance for s in back}
    assert heading in {s.target_time.written for s in back if s.target_time and is_beside(s.target_time)}


def test_a_target_time_that_a_person_corrects_is_his_own(tmp_path: Path) -> None:
    """A year written over the one that was found in the heading is no longer said to stand there."""
    row = "speaker,text,target_time,target_time_from\nA,I will run.,{},event in heading: 2022 elections\n"
    for year, beside in (("2022", True), ("2024", False)):
        target = _back(tmp_path, row.format(year).encode())[0].target_time
        assert target is not None
        assert (year, beside) == (str(target), is_beside(target))


@pytest.mark.parametrize("text", ["=1+1 is what he wrote", "@home we said it", "-5 degrees", "'= as printed"])
def test_guarded_cells_read_back_exactly(tmp_path: Path, text: str) -> None:
    """The apostrophe that keeps a spreadsheet from running a cell is taken away again."""
    cut = replace(extract(_document("“We stay,” Mr Theo Ames said."))[0], text=text)
    assert [text] == [s.text for s in _back(tmp_path, render_statements([cut]))]


def test_an_unknown_stance_is_told(tmp_path: Path) -> None:
    """A stance cell that holds anything else is listed and taken as held."""
    (tmp_path / "new.csv").write_text("speaker,text,stance\nA,I will run.,furious\n", "utf-8")
    read_back = attribute(read([tmp_path / "new.csv"])[0])
    assert Stance.HELD is read_back.statements[0].attribution.stance
    assert ["the stance 'furious' is not known; taken as held"] == [p.what for p in read_back.problems]


RUNS_2021 = (
    "Mayor is sure\n\n2022 mayoral elections\n\n“I will stand without fail in these elections,” Mayor Ana "
    "Lima said.\n\nThe room was full, and the mood was good."
)
RUNS_2025 = (
    "Lima again\n\nMayor Ana Lima, in office since 2010, announced that she will stand for re-election in "
    "2026.\n\n“I'm ready. Tell them that I'm going to stand,” said Lima, whose re-election in 2022 was "
    "contested."
)


def test_two_articles_give_the_pair_that_a_person_would_have_typed(tmp_path: Path) -> None:
    """An undertaking renewed for another election is found though neither quote names a year."""
    for name, text in (("a.txt", RUNS_2021), ("b.txt", RUNS_2025)):
        (tmp_path / name).write_text(text, "utf-8")
    dates = {"a.txt": _day(2021, 6, 16), "b.txt": _day(2025, 3, 2)}
    entries, _, _ = read([tmp_path / "a.txt", tmp_path / "b.txt"], ReadOptions(published_of=dates))
    statements = attribute(entries).statements
    earlier = next(s for s in statements if "without fail" in s.text)
    later = next(s for s in statements if "Tell them" in s.text)
    found = list(detect_dates(Pair(earlier, later, 0.5)))
    assert ["2022", "2026"] == [str(s.target_time) for s in (earlier, later)]
    assert [Effect.RAISES] == [evidence.effect for evidence in found]
    assert "2026 (named beside it: “stand for re-election in 2026”)" in found[0].explanation


def test_one_speaker_has_one_name_across_files() -> None:
    """Spellings of one name in two documents become one."""
    first = _document("President Alexandr Lukov said the road was open. Alexandr Lukov said it twice.")
    second = _document("President Alexander Lukov said the road was closed.")
    found, _ = extract_all([first, second])
    assert 1 == len({s.speaker for _, statements in found for s in statements})


def test_open_speakers_and_dropped_lines_are_told(article: Path) -> None:
    """The notes count what a person has to fill in and what was left out."""
    _, problems = extract_all(read([article])[0])
    assert any("no certain speaker" in p.what and p.severity is Severity.DOUBTFUL for p in problems)


def test_rows_of_tables_are_left_out() -> None:
    """A table given to extract is no article and says so."""
    found, problems = extract_all([Row({"text": "a", "speaker": "b"}, "a.csv", 2)])
    assert [] == found
    assert ["rows of a table are statements already"] == [p.what for p in problems]


def test_the_preview_escapes_everything_and_needs_nothing() -> None:
    """Hostile text does nothing on the page, and no address is fetched."""
    text = "Mr <script>alert(1)</script> Ames said: “<img src=x onerror=alert(1)> is no picture & never was.”"
    document = _document(text, title="<b>bold</b>", outlet='"><svg onload=alert(1)>')
    page = render_preview([(document, extract(document))]).decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "<svg" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "default-src 'none'" in page


def test_the_preview_marks_each_statement() -> None:
    """Statements are highlighted by mode, uncertain ones apart, and the whole text is there."""
    document = _document(ARTICLE)
    statements = extract(document)
    page = render_preview([(document, statements)]).decode()
    assert 'class="quote"' in page
    assert 'class="indirect"' in page
    assert 'class="quote unsure"' in page
    assert len(statements) == page.count('<span class="tag">')


def _run(run: Callable[..., None], *paths: Path, **options: object) -> None:
    defaults = {"output": None, "preview": None, "published": None, "outlet": None, "mode": None}
    run(list(paths), **{**defaults, "quiet": True, "verbose": False, **options})


def test_a_dash_is_standard_output(article: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    """With - for the output, the table goes down the pipe and nothing else does."""
    _run(command.extract, article, output=Path("-"), quiet=False)
    assert b'"id","speaker","text"' in capfdbinary.readouterr().out.splitlines()[0]


def test_a_text_without_a_date_says_what_to_do(tmp_path: Path) -> None:
    """The message names the option, for all files and for this one."""
    (tmp_path / "b.txt").write_text(ARTICLE, "utf-8")
    advice = [p.advice for p in read([tmp_path / "b.txt"])[1] if "no publication date" in p.what]
    assert [True] == ["--published b.txt=2019-11-17" in words for words in advice]


def test_each_file_may_have_its_own_date(tmp_path: Path, article: Path) -> None:
    """A date for one file wins over the one for all."""
    other = tmp_path / "b.txt"
    other.write_text(ARTICLE, "utf-8")
    table = tmp_path / "new.csv"
    _run(command.extract, article, other, output=table, published="2021-06-16,b.txt=2020-01-02")
    rows = csv.DictReader(io.StringIO(table.read_text("utf-8")))
    assert {("a.txt", "2021-06-16"), ("b.txt", "2020-01-02")} == {(r["document"], r["said_on"]) for r in rows}


def test_the_command_writes_table_and_page(tmp_path: Path, article: Path) -> None:
    """Both files are written, folders made, and the date given is used."""
    table, page = tmp_path / "out" / "new.csv", tmp_path / "out" / "look.html"
    _run(command.extract, article, output=table, preview=page, published="2021-06-16", outlet="The Post")
    rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8"))))
    assert {"2021-06-16"} == {row["said_on"] for row in rows}
    assert {"The Post"} == {row["outlet"] for row in rows}
    assert page.read_text("utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize(
    "options", [{"published": "some day"}, {"published": "a.txt=soon"}, {"mode": "shout"}, {"mode": ","}]
)
def test_wrong_options_are_refused(article: Path, options: dict[str, str]) -> None:
    """A date or mode that cannot be read is wrong use, not a guess."""
    with pytest.raises(UsageError):
        _run(command.extract, article, **options)


@pytest.mark.parametrize(
    "piece",
    [
        "he said ",
        "“a b c d” he said ",
        "Ana Lima, ",
        "who said ",
        "according to Ana ",
        "“a ",
        ", saying that he ",
    ],
)
def test_hostile_text_ends_in_an_answer(piece: str) -> None:
    """A text without sentence ends, made of cues and names only, is read like any other."""
    document = _document(piece * 1500)
    assert all(s.span and s.text == s.span.of(document.text) for s in extract(document))
