"""Labels go out and come in again without loss, and nothing is taken in that was not meant."""

from __future__ import annotations

import csv
import io
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import InputError, MissingColumnError
from checker.intake import plan_intake, read_labels
from checker.labels import Answer, Label, Sampling, Side, counted, label_of, new_id, now
from checker.records import pair_key
from checker.renderers.registry import renderer_for
from checker.sheets import Incoming, labels_csv, read_csv
from checker.store import LabelStore, twin_path
from checker.ticks import read_ticks
from tests.builders import hostile_finding, make_result, make_statement, tax_finding
from tests.labelling import make_label

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
TOUCHY = st.sampled_from(
    [
        "=1+1",
        "-5",
        "+49 30",
        "@x",
        "1/2",
        "May 5",
        "2020-01-05",
        "TRUE",
        "12e4",
        " x ",
        "'",
        "''a",
        "a\r\nb",
        "\x00",
        "\\",
        "\\u000d",
        "1,000",
        "(5)",
        "$5",
        "a,b;c",
        '"q"',
        "x\ny",
        "\t",
        "٣",
        "\ufeff",
        "1E5",
        "0x12",
        "03",
        "1:30",
    ]
)
WORDS = TEXT | TOUCHY


def full_label(speaker: str, one: str, two: str, note: str, kind: str, said_on: str) -> Label:
    """A label with every column filled."""
    first, second = Side(speaker, one, said_on, "sbcd"), Side(speaker, two, "May 2020", "sfgh")
    key = pair_key(make_statement(one, speaker=speaker), make_statement(two, speaker=speaker))
    return Label(
        id=new_id(),
        pair=key,
        answer=Answer.CONFLICT,
        reader="ann",
        at=now(),
        kind=kind,
        note=note,
        origin="review",
        sampling=Sampling.STRATIFIED,
        probability=0.012346,
        stratum="0.30-0.50",
        population=1234,
        score=0.5,
        similarity=0.707107,
        model="12e45678",
        first=first,
        second=second,
    )


FULL = st.builds(full_label, WORDS, WORDS.filter(bool), WORDS.filter(bool), WORDS, WORDS, WORDS)


def back(content: bytes, folder: Path) -> Incoming:
    """What is read from these bytes."""
    path = folder / "labels.csv"
    path.write_bytes(content)
    return read_csv(path)


@given(labels=st.lists(FULL, max_size=4))
@settings(max_examples=150, deadline=None)
def test_labels_come_back_equal_from_csv(
    labels: list[Label], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever the texts hold, export and import are each other's reverse."""
    incoming = back(labels_csv(labels), tmp_path_factory.mktemp("csv"))
    assert () == incoming.problems
    assert tuple(labels) == incoming.labels


@given(label=FULL)
@settings(max_examples=100, deadline=None)
def test_no_cell_of_the_csv_is_a_formula(label: Label) -> None:
    """A spreadsheet runs nothing in an exported file."""
    table = csv.reader(io.StringIO(labels_csv([label]).decode("utf-8-sig"), newline=""))
    cells = [cell for row in table for cell in row]
    assert not [
        cell for cell in cells if cell.lstrip(" \u00a0\ufeff").startswith(tuple("=+-@\t\r\n|%＝＋－＠"))
    ]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not installed")
def test_labels_come_back_equal_after_libreoffice_saved_them(tmp_path: Path) -> None:
    """Ids, dates, quotes and leading signs survive a spreadsheet that guesses types."""
    touchy = [
        "=1+1",
        "-5 apples",
        "+49 30",
        "1/2",
        "May 5",
        "2020-01-05",
        "TRUE",
        "12e45678",
        " padded ",
        "''x",
    ]
    touchy += [
        "two\nlines",
        "cr\r\nlf",
        "tab\there",
        'say "hi", then; go',
        "1,000",
        "(5)",
        "$5",
        "\u202ex\u202c",
        "12:30",
    ]
    labels = [full_label(text, text, f"{text} not", text, text, text) for text in touchy]
    (tmp_path / "labels.csv").write_bytes(labels_csv(labels))
    command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless"]
    command += ["--infilter=Text - txt - csv (StarCalc):44,34,76,1"]
    command += ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false"]
    command += ["--outdir", str(tmp_path / "saved"), str(tmp_path / "labels.csv")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    incoming = read_csv(tmp_path / "saved" / "labels.csv")
    assert () == incoming.problems
    assert tuple(labels) == incoming.labels


@pytest.mark.parametrize("column", ["pair", "at", "first_text", "probability", "sampling", "first_said_on"])
def test_a_column_that_a_spreadsheet_changed_is_refused_by_row(column: str, tmp_path: Path) -> None:
    """What people may not edit is checked, and the row is named."""
    label = full_label("Mara Holt", "Taxes stay.", "Taxes rise.", "", "", "2020-01-05")
    table = list(csv.reader(io.StringIO(labels_csv([label]).decode("utf-8-sig"))))
    at = table[0].index(column)
    table[1][at] = {"probability": "0.5", "sampling": "random"}.get(column, "'2021-01-05")
    out = io.StringIO()
    csv.writer(out).writerows(table)
    incoming = back(out.getvalue().encode(), tmp_path)
    assert () == incoming.labels
    assert "labels.csv, row 2" in str(incoming.problems[0])


def test_people_may_edit_answer_kind_and_note(tmp_path: Path) -> None:
    """An edited answer comes in as a second reading of the same reader, and the first one stays."""
    label = full_label("Mara Holt", "Taxes stay.", "Taxes rise.", "", "", "2020-01-05")
    edited = labels_csv([label]).replace(b",conflict,", b",Consistent,")
    plan = plan_intake([label], back(edited, tmp_path))
    assert [(label, plan.labels[0])] == list(plan.changed)
    assert Answer.CONSISTENT is plan.labels[0].answer
    assert (label.sampling, label.probability) == (plan.labels[0].sampling, plan.labels[0].probability)
    assert label.id != plan.labels[0].id
    assert [plan.labels[0]] == counted([label, *plan.labels])


def test_an_import_done_twice_adds_nothing(tmp_path: Path) -> None:
    """Rows are known by their ids."""
    labels = [full_label("Mara Holt", f"Tax {n} stays.", f"Tax {n} rises.", "", "", "") for n in range(3)]
    incoming = back(labels_csv(labels), tmp_path)
    assert tuple(labels) == plan_intake([], incoming).labels
    assert ((), 3) == (plan_intake(labels, incoming).labels, plan_intake(labels, incoming).known)


def test_a_label_that_was_taken_back_does_not_return_by_import(tmp_path: Path) -> None:
    """Undo holds against an older export."""
    label = full_label("Mara Holt", "Taxes stay.", "Taxes rise.", "", "", "")
    undo = replace(label, id=new_id(), answer=None, undoes=label.id)
    edited = labels_csv([label]).replace(b",conflict,", b",unsure,")
    assert () == plan_intake([label, undo], back(edited, tmp_path)).labels


def test_a_table_made_by_hand_needs_answer_and_texts_only(tmp_path: Path) -> None:
    """Two texts and an answer, with semicolons and an old code page, are enough; the key is worked out."""
    content = "speaker;a;b;answer\nJosé;Taxes stay.;Taxes rise.;Conflict\nJosé;x;y;\n".encode("cp1252")
    (tmp_path / "hand.csv").write_bytes(content)
    incoming = read_labels(tmp_path / "hand.csv", reader="ben")
    label = incoming.labels[0]
    assert 1 == len(incoming.labels)
    assert ("ben", "Taxes stay.", Answer.CONFLICT) == (label.reader, label.first.text, label.answer)
    assert "p" == label.pair[0]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("pair,answer\npbcd,perhaps\n", "answer 'perhaps' is none of conflict, consistent, unsure"),
        ("pair,answer,probability\npbcd,unsure,7\n", "probability 7.0 does not lie between 0 and 1"),
        ("pair,answer,population\npbcd,unsure,many\n", "many"),
        ("pair,answer\n,unsure\n", "neither a pair key nor both texts"),
        ("pair,first_text,second_text,answer\npbcd,a,b,unsure\n", "belongs to other words"),
    ],
)
def test_a_row_that_cannot_be_used_is_named(content: str, message: str, tmp_path: Path) -> None:
    """Each refusal says which row and why."""
    (tmp_path / "x.csv").write_text(content, "utf-8")
    incoming = read_csv(tmp_path / "x.csv", reader="ben")
    assert message in str(incoming.problems[0])
    assert () == incoming.labels


def test_a_row_without_a_reader_needs_the_option(tmp_path: Path) -> None:
    """Nobody's answer is not a label."""
    (tmp_path / "x.csv").write_text("pair,answer\npbcd,unsure\n", "utf-8")
    assert "give --reader" in str(read_csv(tmp_path / "x.csv").problems[0])


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "answer\nunsure\n", "answer,first_text\nunsure,x\n"])
def test_a_table_without_the_needed_columns_is_refused(content: str, tmp_path: Path) -> None:
    """The columns found and the one missing are named."""
    (tmp_path / "x.csv").write_text(content, "utf-8")
    with pytest.raises(MissingColumnError, match="no column"):
        read_csv(tmp_path / "x.csv")


@given(st.binary(max_size=300))
@settings(max_examples=150, deadline=None)
def test_hostile_files_end_in_our_own_errors(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    """Whatever bytes are imported, nothing but an input error comes out."""
    folder = tmp_path_factory.mktemp("hostile")
    for name in ("x.csv", "x.md", "x.jsonl"):
        (folder / name).write_bytes(content)
        try:
            read_labels(folder / name, reader="ann")
        except InputError:
            continue


def ticked(*ticks: tuple[str, str], note: str = "") -> str:
    """The markdown report of the example findings with boxes ticked, as (pair key, answer)."""
    text = renderer_for("markdown").render(make_result()).decode()
    for key, answer in ticks:
        before, mark, after = text.partition(f"<!-- pair: {key} -->")
        assert mark
        text = (
            before
            + mark
            + after.replace(f"- [ ] {answer}", f"- [x] {answer}", 1).replace("Note:", f"Note: {note}", 1)
        )
    return text


def test_ticks_of_a_real_report_are_read_with_their_notes(tmp_path: Path) -> None:
    """What a reader ticks in the file that `check` wrote becomes a label of that pair."""
    key = tax_finding().pair.key
    (tmp_path / "holt.md").write_text(ticked((key, "conflict"), note="asked\nthe office"), "utf-8")
    (tmp_path / "holt.json").write_bytes(renderer_for("json").render(make_result()))
    incoming = read_labels(tmp_path / "holt.md", reader="ann")
    label = incoming.labels[0]
    assert 1 == len(incoming.labels)
    assert (key, Answer.CONFLICT, "asked\nthe office") == (label.pair, label.answer, label.note)
    assert (Sampling.CHOSEN, "report") == (label.sampling, label.origin)
    assert tax_finding().pair.earlier.text == label.first.text
    assert "2019-11-17" == label.first.said_on


def test_a_tick_imported_again_is_known_and_a_changed_tick_is_a_second_reading(tmp_path: Path) -> None:
    """The same boxes can be imported any number of times; only what changed is added."""
    path, key = tmp_path / "holt.md", tax_finding().pair.key
    kept: list[Label] = []
    for answer, expected in (("conflict", 1), ("conflict", 0), ("consistent", 1), ("conflict", 1)):
        path.write_text(ticked((key, answer)), "utf-8")
        plan = plan_intake(kept, read_labels(path, reader="ann"))
        assert expected == len(plan.labels)
        kept += plan.labels
        assert [answer] == [label.answer for label in counted(kept)]


def test_two_ticks_or_a_lone_note_are_asked_about(tmp_path: Path) -> None:
    """The tool does not choose between two boxes."""
    first, second = tax_finding().pair.key, hostile_finding().pair.key
    text = ticked((first, "conflict"), (first, "unsure")).replace("Note:", "Note: why", 2)
    (tmp_path / "x.md").write_text(text, "utf-8")
    incoming = read_ticks(tmp_path / "x.md", reader="ann")
    assert () == incoming.labels
    assert f"pair {first} has 2 boxes ticked" in str(incoming.problems[0])
    assert 2 == len(incoming.problems)
    assert second not in str(incoming.problems[0])


def test_a_quote_cannot_tick_a_box(tmp_path: Path) -> None:
    """Words of a speaker that look like a block of boxes stay words."""
    key = tax_finding().pair.key
    words = f"Hello\n<!-- pair: {key} -->\n- [x] conflict\n\n<!-- end of pair -->\nbye"
    evil = make_statement(words, context=words, before=words)
    finding = tax_finding()
    judgment = replace(finding.judgment, pair=replace(finding.pair, earlier=evil))
    text = renderer_for("markdown").render(make_result(replace(finding, judgment=judgment)))
    (tmp_path / "x.md").write_bytes(text)
    assert ((), ()) == (read_ticks(tmp_path / "x.md", reader="ann").labels, ())


def test_a_file_without_boxes_is_refused(tmp_path: Path) -> None:
    """A markdown file that is no report is named."""
    (tmp_path / "x.md").write_text("# Notes\n- [x] conflict\n", "utf-8")
    with pytest.raises(InputError, match="no boxes"):
        read_labels(tmp_path / "x.md", reader="ann")


def test_two_desks_are_merged_by_their_rows(tmp_path: Path) -> None:
    """Another desk's twin comes in with its ids, times, readers and undos."""
    with LabelStore(tmp_path / "a" / "labels.sqlite") as store:
        store.add([make_label(1), make_label(2)])
        store.undo("ann")
    ours = [make_label(1, reader="ben")]
    plan = plan_intake(ours, read_labels(twin_path(tmp_path / "a" / "labels.sqlite"), reader=""))
    assert 3 == len(plan.labels)
    assert [("pbcd1", "ann"), ("pbcd1", "ben")] == sorted(
        (x.pair, x.reader) for x in counted([*ours, *plan.labels])
    )


def test_a_label_made_of_a_finding_survives_the_round_trip(tmp_path: Path) -> None:
    """The pair key that the pipeline gives is the one that import works out."""
    label = label_of(hostile_finding(), Answer.UNSURE, reader="ann")
    assert (label,) == back(labels_csv([label]), tmp_path).labels
