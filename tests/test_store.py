"""No acknowledged label is lost, and nothing that was not written is ever shown as a label."""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from checker import backup, store, twin
from checker.errors import InputError, OutputError
from checker.labels import Answer, Label
from checker.store import LabelStore, twin_path
from tests.labelling import make_label

CHILD = [sys.executable, "-m", "tests.labelling", "save"]
ROOT = Path(__file__).parent.parent
posix_only = pytest.mark.skipif(os.name != "posix", reason="needs signals and permissions of a POSIX system")
# The loop of every commit; by hand: KILLS=2000 pytest tests/test_store.py -k kill
KILLS = int(os.environ.get("KILLS", "200"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A label file in a folder of its own."""
    return tmp_path / "labels" / "labels.sqlite"


@pytest.fixture
def labels(path: Path) -> Iterator[LabelStore]:
    """An open store."""
    with LabelStore(path) as opened:
        yield opened


def pairs(path: Path) -> list[str]:
    """Pair keys of all rows, read afresh."""
    with LabelStore(path) as opened:
        return [label.pair for label in opened.labels()]


def test_a_label_comes_back_equal(path: Path) -> None:
    """What was added is what another process reads."""
    label = make_label(note="=1+1 \u202e ünd\n", probability=0.125, score=0.5)
    with LabelStore(path) as opened:
        opened.add([label])
    with LabelStore(path) as opened:
        assert [label] == opened.labels()
        assert [] == opened.notes


def test_the_twin_holds_the_same_rows(labels: LabelStore) -> None:
    """After every save, database and text twin agree line by line."""
    for number in range(5):
        labels.add([make_label(number), make_label(number, reader="ben")])
        assert list(range(1, 2 * number + 3)) == [e.number for e in twin.good_events(twin_path(labels.path))]
    assert labels.events() == list(twin.good_events(twin_path(labels.path)))


def test_a_retry_with_the_same_id_adds_no_row(labels: LabelStore) -> None:
    """A page that is not sure whether its label arrived may send it again."""
    label = make_label()
    assert labels.add([label]) == labels.add([label])
    assert 1 == len(labels.labels())


def test_undo_is_a_row_and_takes_back_the_readers_latest(labels: LabelStore) -> None:
    """Nothing is deleted; each reader takes back only what is theirs."""
    first, second = make_label(1), make_label(2, reader="ben")
    labels.add([first, second])
    assert first == labels.undo("ann")
    assert labels.undo("ann") is None
    assert 3 == len(labels.labels())


def test_rows_cannot_be_changed_or_deleted(labels: LabelStore) -> None:
    """Even another program that opens the file is stopped by the file itself."""
    labels.add([make_label()])
    with closing(sqlite3.connect(labels.path)) as db:
        for statement in ("UPDATE labels SET line = ''", "DELETE FROM labels"):
            with pytest.raises(sqlite3.IntegrityError, match="labels only grow"):
                db.execute(statement)


def test_the_place_and_the_count_can_be_printed_at_every_start(labels: LabelStore) -> None:
    """A reader sees which file is open and how much it holds."""
    labels.add([make_label(1), make_label(1, answer=Answer.UNSURE), make_label(1, reader="ben")])
    assert f"Labels: {labels.path.resolve()} (2 by 2 readers)" == labels.describe()


def test_files_and_folders_are_the_users_alone(labels: LabelStore) -> None:
    """Labels tell who is being looked at; nobody else on the machine may read them."""
    labels.add([make_label()])
    copy = labels.back_up()
    modes = {stat.S_IMODE(file.stat().st_mode) for file in (labels.path, twin_path(labels.path), copy)}
    assert {0o600} == modes
    assert {0o700} == {stat.S_IMODE(folder.stat().st_mode) for folder in (labels.path.parent, copy.parent)}


@posix_only
def test_no_acknowledged_label_is_lost_to_kill_9(path: Path) -> None:
    """Writers killed at random moments: every acknowledged label is there, and none is half."""
    acknowledged: set[str] = set()
    rng = random.Random(7)
    killed = 0
    while killed < KILLS:
        # One start serves several kills: each child writes with its own process, all into one file.
        children = [_child(path, f"w{killed + n}") for n in range(min(4, KILLS - killed))]
        for child in children:
            acknowledged.add(child.stdout.readline().strip())  # type: ignore[union-attr]
        time.sleep(rng.uniform(0, 0.03))
        for child in children:
            os.kill(child.pid, signal.SIGKILL)
            acknowledged |= set(child.communicate()[0].split("\n")[:-1])
            killed += 1
        with LabelStore(path) as opened:
            events = opened.events()
            assert acknowledged <= {event.label.id for event in events}
            assert list(range(1, len(events) + 1)) == [event.number for event in events]
            assert events == list(twin.good_events(twin_path(path)))
            assert opened.add([make_label(reader="after")])


def _child(path: Path, writer: str) -> subprocess.Popen[str]:
    command = [*CHILD, str(path), writer, "100000"]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_eight_writers_lose_nothing_and_see_no_lock(path: Path) -> None:
    """Eight processes save at once; every label is there once and in an unbroken chain."""
    children = [
        subprocess.Popen(
            [*CHILD, str(path), f"w{n}", "25"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for n in range(8)
    ]
    outputs = [child.communicate(timeout=300) for child in children]
    assert [""] * 8 == [errors for _, errors in outputs]
    ids = [name for output, _ in outputs for name in output.split()]
    with LabelStore(path) as opened:
        events = opened.events()
        assert sorted(ids) == sorted(event.label.id for event in events)
        assert [e.chain for e in events[:-1]] == [e.previous for e in events[1:]]
        assert [] == opened.notes


def test_one_store_serves_several_threads(labels: LabelStore) -> None:
    """The review page answers requests in threads."""
    threads = [threading.Thread(target=labels.add, args=([make_label(n)],)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {f"pbcd{n}" for n in range(12)} == {label.pair for label in labels.labels()}


def test_a_full_disk_is_named_and_the_old_labels_stay(labels: LabelStore) -> None:
    """When the database cannot grow, the label is refused loudly and the next one is taken when it can."""
    labels.add([make_label(1)])
    limit = labels._connection().execute("PRAGMA page_count").fetchone()[0]
    labels._connection().execute(f"PRAGMA max_page_count = {limit}")
    with pytest.raises(OutputError, match=r"nothing was saved \(database or disk is full\); free space"):
        labels.add([make_label(2, note="x" * 100_000)])
    assert ["pbcd1"] == pairs(labels.path)
    labels.add([make_label(2, note="x" * 100_000)])
    assert ["pbcd1", "pbcd2"] == pairs(labels.path)


@posix_only
def test_a_disk_that_fills_up_while_saving_leaves_whole_rows(path: Path) -> None:
    """The system itself refuses to let the files grow, at every size: rows before it stay whole."""
    script = (
        "import resource, signal, sys; from pathlib import Path\n"
        "from checker.errors import OutputError; from checker.store import LabelStore\n"
        "from tests.labelling import make_label\n"
        "signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "with LabelStore(Path(sys.argv[1])) as store:\n"
        "    store.add([make_label(0)])\n"
        "    size = Path(sys.argv[1]).stat().st_size + int(sys.argv[2])\n"
        "    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))\n"
        "    for n in range(1, 200):\n"
        "        try:\n"
        "            store.add([make_label(n)])\n"
        "            print(n, flush=True)\n"
        "        except OutputError as error:\n"
        "            print('refused', flush=True); break\n"
    )
    for room in (0, 5000, 20_000):
        place = path.with_name(f"labels{room}.sqlite")
        done = subprocess.run(
            [sys.executable, "-c", script, str(place), str(room)], capture_output=True, text=True, cwd=ROOT
        )
        words = done.stdout.split()
        assert "refused" == words[-1], done.stderr
        assert ["pbcd0", *(f"pbcd{n}" for n in words[:-1])] == pairs(place)


@posix_only
def test_a_lost_permission_is_named_and_the_old_labels_stay() -> None:
    """The folder turns read-only under a running desk: the label is refused, the file stays as it was."""
    script = (
        "import os, sys; from pathlib import Path\n"
        "from checker.errors import OutputError; from checker.store import LabelStore\n"
        "from tests.labelling import make_label\n"
        "path = Path(sys.argv[1])\n"
        "if os.geteuid() == 0:\n"
        "    os.chown(path.parent, 65534, 65534); os.setgid(65534); os.setuid(65534)\n"
        "store = LabelStore(path); store.add([make_label(1)])\n"
        "path.chmod(0o400); path.parent.chmod(0o500); before = path.read_bytes()\n"
        "try:\n"
        "    store.add([make_label(2)])\n"
        "except OutputError as error:\n"
        "    print(error)\n"
        "assert before == path.read_bytes()\n"
        "path.parent.chmod(0o700); path.chmod(0o600)\n"
        "store.add([make_label(3)]); print(len(store.labels()))\n"
    )
    # Outside pytest's own folder, which only its user may enter: root tests this as another user.
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-c", script, str(Path(folder) / "labels.sqlite")]
        done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT)
    assert "nothing was saved" in done.stdout, done.stderr
    assert "2" == done.stdout.splitlines()[-1]


def test_a_twin_that_cannot_be_written_costs_no_label(labels: LabelStore) -> None:
    """The label is in the database; the twin catches up at the next start and both are said."""
    labels.add([make_label(1)])
    other = twin_path(labels.path)
    kept = other.read_bytes()
    other.unlink()
    other.mkdir()
    labels.add([make_label(2)])
    assert "the twin could not be written" in labels.notes[-1]
    other.rmdir()
    other.write_bytes(kept)
    with LabelStore(labels.path) as opened:
        assert ["labels.jsonl: lacked the last 1 row"] == opened.notes
    assert 2 == len(list(twin.good_events(other)))


@pytest.mark.parametrize("torn", [1, 40, 400])
def test_a_torn_last_line_of_the_twin_is_written_again(labels: LabelStore, torn: int) -> None:
    """A power cut in the middle of a line costs nothing."""
    labels.add([make_label(1), make_label(2)])
    other = twin_path(labels.path)
    other.write_bytes(other.read_bytes()[:-torn])
    with LabelStore(labels.path) as opened:
        opened.add([make_label(3)])
    with LabelStore(labels.path) as opened:
        assert [] == opened.notes
    assert [1, 2, 3] == [event.number for event in twin.good_events(other)]


def test_a_twin_of_other_labels_stops_all_saving(labels: LabelStore) -> None:
    """A mismatch is reported at the start and never repaired in silence."""
    labels.add([make_label(1)])
    with LabelStore(labels.path.with_name("other.sqlite")) as other:
        other.add([make_label(2), make_label(3)])
    twin_path(other.path).replace(twin_path(labels.path))
    with LabelStore(labels.path) as opened:
        assert "row 1 of the twin differs from the database" in opened.notes[0]
        with pytest.raises(OutputError, match="labels rescue"):
            opened.add([make_label(4)])
        assert ["pbcd1"] == [label.pair for label in opened.labels()]


@pytest.mark.parametrize("left", ["nothing", "an empty file"])
def test_a_database_that_vanished_is_an_error_and_no_fresh_start(labels: LabelStore, left: str) -> None:
    """Labels that were known are never quietly replaced by an empty file."""
    labels.add([make_label(1)])
    labels.close()
    labels.path.unlink()
    if left != "nothing":
        labels.path.touch()
    with pytest.raises(InputError, match=r"labels.jsonl beside it holds 1 row.*rescue"):
        LabelStore(labels.path)


def test_a_vanished_database_is_known_by_its_backups_too(labels: LabelStore) -> None:
    """With database and twin gone, the copies still speak."""
    labels.add([make_label(1)])
    labels.back_up()
    labels.close()
    labels.path.unlink()
    twin_path(labels.path).unlink()
    with pytest.raises(InputError, match=r"labels-\d+T\d+Z-1.sqlite beside it holds 1 row"):
        LabelStore(labels.path)


def test_a_newer_file_is_refused_and_untouched(labels: LabelStore) -> None:
    """An old program does not guess at a new file; not a byte of it changes."""
    labels.add([make_label(1)])
    labels.close()
    with closing(sqlite3.connect(labels.path)) as db:
        db.execute("PRAGMA user_version = 9")
    before = labels.path.read_bytes()
    with pytest.raises(InputError, match="newer version"):
        LabelStore(labels.path)
    assert before == labels.path.read_bytes()


def test_an_older_file_is_copied_counted_and_then_brought_up(
    labels: LabelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An upgrade only adds, keeps every row, and leaves the old file as a backup."""
    labels.add([make_label(1), make_label(2)])
    labels.close()
    monkeypatch.setattr(store, "VERSION", 2)
    monkeypatch.setattr(store, "_MIGRATIONS", {1: ("ALTER TABLE labels ADD COLUMN mood TEXT",)})
    with LabelStore(labels.path) as opened:
        assert ["pbcd1", "pbcd2"] == [label.pair for label in opened.labels()]
        assert "brought from schema 1 to 2" in opened.notes[0]
    with closing(sqlite3.connect(backup.all_copies(labels.path)[0])) as copy:
        assert (1, 2) == (
            copy.execute("PRAGMA user_version").fetchone()[0],
            copy.execute("SELECT count(*) FROM labels").fetchone()[0],
        )


def test_an_upgrade_that_loses_rows_is_rolled_back(
    labels: LabelStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows are counted before the commit; what an upgrade took away comes back."""
    labels.add([make_label(1), make_label(2)])
    labels.close()
    monkeypatch.setattr(store, "VERSION", 2)
    monkeypatch.setattr(
        store, "_MIGRATIONS", {1: ("DROP TRIGGER no_removal", "DELETE FROM labels WHERE number = 2")}
    )
    with pytest.raises(OutputError, match="number of labels changed"):
        LabelStore(labels.path)
    monkeypatch.undo()
    assert ["pbcd1", "pbcd2"] == pairs(labels.path)


def test_another_programs_database_is_left_alone(path: Path) -> None:
    """A path given by mistake is refused without a byte changed."""
    path.parent.mkdir()
    with closing(sqlite3.connect(path)) as db:
        db.execute("PRAGMA journal_mode = WAL")
        db.execute("CREATE TABLE holiday_photos (id)")
    before = path.read_bytes()
    with pytest.raises(InputError, match="another program's database"):
        LabelStore(path)
    assert before == path.read_bytes()


def test_a_file_that_is_no_database_is_refused(path: Path) -> None:
    """Garbage is named and what to do is said."""
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(InputError, match="labels verify"):
        LabelStore(path)


def test_a_start_after_a_change_makes_a_copy(labels: LabelStore) -> None:
    """Every session begins with a backup of the last one's work, and an idle start makes none."""
    labels.add([make_label(1)])
    assert [] == backup.all_copies(labels.path)
    for _ in range(3):
        LabelStore(labels.path).close()
    assert [1] == [backup.count_in_name(copy) for copy in backup.all_copies(labels.path)]


def test_every_two_hundred_labels_make_a_copy(labels: LabelStore) -> None:
    """A long session is covered too."""
    for number in range(21):
        labels.add([make_label(100 * number + n) for n in range(20)])
    assert [200, 400] == [backup.count_in_name(copy) for copy in backup.all_copies(labels.path)]


def test_ten_copies_and_one_a_day_for_thirty_days_are_kept() -> None:
    """Copies are thinned out by a rule and never all at once."""
    made = [
        Path(f"labels-202603{day:02d}T{hour:02d}0000000000Z-{day}.sqlite")
        for day in range(1, 29)
        for hour in range(3)
    ]
    kept = backup.kept(made, date(2026, 3, 28))
    assert set(made[-10:]) <= kept
    assert {made[3 * day + 2] for day in range(28)} <= kept
    assert 28 + 10 - 4 == len(kept)
    assert 10 == len(backup.kept(made, date(2027, 1, 1)))


def test_a_synchronised_folder_is_warned_of(tmp_path: Path) -> None:
    """Two machines on one file are the users' most common way to lose it."""
    with LabelStore(tmp_path / "Dropbox" / "labels.sqlite") as opened:
        assert "synchronised folder" in opened.notes[0]


def test_a_damaged_row_is_not_shown_as_a_label(labels: LabelStore) -> None:
    """A row that is not what was written is left out and said, and nothing is put behind it."""
    labels.add([make_label(1), make_label(2)])
    labels.close()
    with closing(sqlite3.connect(labels.path)) as db:
        db.execute("DROP TRIGGER no_change")
        db.execute("UPDATE labels SET line = replace(line, 'conflict', 'unsure') WHERE number = 2")
        db.commit()
    twin_path(labels.path).unlink()
    with LabelStore(labels.path) as opened:
        assert ["pbcd1"] == [label.pair for label in opened.labels()]
        assert any("row 2 is damaged" in note for note in opened.notes)
        with pytest.raises(OutputError, match="last row is damaged"):
            opened.add([make_label(3)])


def test_labels_of_every_shape_are_saved(labels: LabelStore) -> None:
    """Hostile text goes in and comes out as it was."""
    nasty = [
        "",
        "\x00",
        "'; DROP TABLE labels; --",
        "=cmd()",
        "\u202e",
        "\U0001f600",
        "a" * 1_000_000,
        "\r\n\t",
    ]
    made: list[Label] = [make_label(n, note=text, kind=text) for n, text in enumerate(nasty)]
    labels.add(made)
    assert made == labels.labels()
