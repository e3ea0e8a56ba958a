"""What is damaged is named, what is whole anywhere comes back, and nothing is guessed."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker import twin
from checker.errors import CheckerError, InputError
from checker.labels import Label, chained, to_json
from checker.rescue import rescue, verify
from checker.store import LabelStore, twin_path
from tests.labelling import make_label

# The property of every commit; by hand: ROTTEN=5000 pytest tests/test_rescue.py -k rot
ROTTEN = int(os.environ.get("ROTTEN", "150"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A label file with twelve labels and a backup of the first six."""
    place = tmp_path / "labels.sqlite"
    with LabelStore(place) as store:
        store.add([make_label(n) for n in range(6)])
        store.back_up()
        store.add([make_label(n) for n in range(6, 12)])
    return place


def kept(path: Path) -> list[Label]:
    """All labels, read afresh."""
    with LabelStore(path) as store:
        return store.labels()


def test_whole_files_have_no_fault(path: Path) -> None:
    """Verification of untouched files finds twelve rows twice and nothing wrong."""
    found = verify(path)
    assert (12, 12, ()) == (found.rows, found.twin_rows, found.faults)


def test_a_place_without_labels_is_an_input_error(tmp_path: Path) -> None:
    """There is nothing to verify where nothing was ever labelled."""
    with pytest.raises(InputError, match="no label file here"):
        verify(tmp_path / "labels.sqlite")


def test_a_changed_row_is_named_and_comes_back_from_the_twin(path: Path) -> None:
    """A label that was altered behind our back is neither believed nor lost."""
    before = kept(path)
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER no_change")
        db.execute("UPDATE labels SET line = replace(line, 'conflict', 'unsure') WHERE number = 4")
        db.commit()
    assert "row 4 of the database is damaged" in verify(path).faults
    done = rescue(path)
    assert (12, 1, 0, ()) == (done.rows, done.from_twin, done.from_backups, done.lost)
    assert before == kept(path)
    assert () == verify(path).faults
    assert {"labels.sqlite", "labels.jsonl"} == {file.name for file in done.aside.iterdir()}


def test_a_deleted_row_shows_in_the_chain(path: Path) -> None:
    """A missing row cannot be hidden."""
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER no_removal")
        db.execute("DELETE FROM labels WHERE number = 4")
        db.commit()
    assert "rows 4 to 4 of the database are missing" in verify(path).faults
    assert "row 4 is only in the twin" in verify(path).faults


@pytest.mark.parametrize("lost", ["database", "twin"])
def test_either_copy_alone_brings_back_everything(path: Path, lost: str) -> None:
    """With one of the two files gone, the other holds all labels."""
    before = kept(path)
    (path if lost == "database" else twin_path(path)).unlink()
    assert verify(path).faults
    assert 12 == rescue(path).rows
    assert before == kept(path)


def test_backups_help_where_both_copies_are_damaged(path: Path) -> None:
    """A row lost in the database and the twin comes from a backup; one lost everywhere is named."""
    before = [event.label for event in twin.good_events(twin_path(path))]
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER no_change")
        db.execute("UPDATE labels SET line = 'gone' WHERE number IN (3, 8)")
        db.commit()
    twin_lines = twin_path(path).read_text("utf-8").splitlines()
    twin_lines[2] = twin_lines[7] = "gone"
    twin_path(path).write_text("\n".join(twin_lines) + "\n", "utf-8")
    done = rescue(path)
    assert (11, 1, (8,)) == (done.rows, done.from_backups, done.lost)
    assert before[:7] + before[8:] == kept(path)


def test_two_histories_of_one_file_are_both_kept(path: Path) -> None:
    """Whoever labelled on in an old copy loses nothing when the two are brought together."""
    with LabelStore(path) as store:
        store.add([make_label(20)])
    with closing(sqlite3.connect(path)) as db:
        db.execute("DROP TRIGGER no_removal")
        db.execute("DELETE FROM labels WHERE number = 13")
        db.commit()
    aside = twin_path(path).read_bytes()
    twin_path(path).unlink()
    with LabelStore(path) as store:
        store.add([make_label(21)])
    twin_path(path).write_bytes(aside)
    assert "row 13 differs between the database and the twin" in verify(path).faults
    assert 14 == rescue(path).rows
    assert {"pbcd20", "pbcd21"} == {label.pair for label in kept(path)[-2:]}


def test_where_nothing_is_whole_nothing_is_touched(tmp_path: Path) -> None:
    """A rescue that finds no row leaves the files for somebody who can read them otherwise."""
    path = tmp_path / "labels.sqlite"
    path.write_bytes(b"x" * 5000)
    with pytest.raises(InputError, match="nothing was touched"):
        rescue(path)
    assert [path] == list(tmp_path.iterdir())


def test_rows_of_a_newer_version_are_not_rewritten_by_an_older_one(path: Path) -> None:
    """Rescue would drop what it does not know, so it declines."""
    event = chained(make_label(13), number=13)
    body = event.body[:-1] + ',"mood":"calm"}'
    chain = hashlib.sha256(f"{event.previous}\n{body}".encode()).hexdigest()
    twin.append(twin_path(path), [to_json(replace(event, body=body, chain=chain))])
    with pytest.raises(InputError, match="newer version"):
        rescue(path)


@given(data=st.data())
@settings(max_examples=ROTTEN, deadline=None)
def test_bit_rot_changes_no_label_and_the_twin_brings_all_back(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Flipped bytes, a cut or a zeroed page in the database: nothing false is shown, nothing is lost."""
    path = tmp_path_factory.mktemp("rot") / "labels.sqlite"
    with LabelStore(path) as store:
        written = [event.label for event in store.add([make_label(n, note="n" * 300) for n in range(30)])]
    path.write_bytes(_rotten(path.read_bytes(), data))
    with suppress(CheckerError), LabelStore(path) as store:
        assert all(label in written for label in store.labels())
    verify(path)
    rescue(path)
    assert written == kept(path)
    assert () == verify(path).faults


@given(data=st.data())
@settings(max_examples=ROTTEN // 3, deadline=None)
def test_bit_rot_in_the_twin_is_reported_and_costs_no_label(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A damaged twin is never believed and never silently replaced in its middle."""
    path = tmp_path_factory.mktemp("rot") / "labels.sqlite"
    with LabelStore(path) as store:
        written = [event.label for event in store.add([make_label(n) for n in range(30)])]
    rotten = _rotten(twin_path(path).read_bytes(), data)
    twin_path(path).write_bytes(rotten)
    with LabelStore(path) as store:
        assert written == store.labels()
        assert store.notes or rotten.split() == twin_path(path).read_bytes().split()
    rescue(path)
    assert written == kept(path)


def _rotten(raw: bytes, data: st.DataObject) -> bytes:
    damaged = bytearray(raw)
    way = data.draw(st.sampled_from(["flip", "cut", "zero"]))
    if way == "cut":
        return bytes(damaged[: data.draw(st.integers(1, len(raw) - 1))])
    if way == "zero":
        page = data.draw(st.integers(0, max(0, len(raw) // 4096 - 1)))
        damaged[page * 4096 : (page + 1) * 4096] = bytes(len(damaged[page * 4096 : (page + 1) * 4096]))
        return bytes(damaged)
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=64)):
        damaged[place] ^= data.draw(st.integers(1, 255))
    return bytes(damaged)
