"""The cache keeps what machines computed and never stands in the way of a run."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.cache import Cache, CacheInfo, default_cache_path
from checker.commands.cache import prune
from checker.errors import UsageError
from checker.records import NliScores

SCORES = NliScores(0.1, 0.2, 0.7)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A cache file in a folder of its own."""
    return tmp_path / "kept" / "cache.sqlite"


def vectors(count: int, width: int = 4) -> np.ndarray:
    """Distinct rows, exactly representable."""
    return np.arange(count * width, dtype=np.float32).reshape(count, width)


def test_vectors_come_back_bit_for_bit_after_reopening(path: Path) -> None:
    """What was kept for a text is found by its place in the next question."""
    rows = np.random.default_rng(3).normal(size=(3, 5)).astype(np.float32)
    with Cache(path) as cache:
        cache.put_vectors("m", ["a", "b", "c"], rows)
    with Cache(path) as cache:
        found = cache.get_vectors("m", ["c", "unknown", "a", "c"])
    assert [0, 2, 3] == sorted(found)
    assert rows[2].tobytes() == found[0].tobytes() == found[3].tobytes()
    assert rows[0].tobytes() == found[2].tobytes()


def test_scores_are_directed(path: Path) -> None:
    """Premise and hypothesis swapped is another question."""
    with Cache(path) as cache:
        cache.put_scores("m", [("a", "b")], [SCORES])
        assert {0: SCORES} == cache.get_scores("m", [("a", "b"), ("b", "a")])


def test_another_model_finds_nothing(path: Path) -> None:
    """Numbers of one model are never shown under another."""
    with Cache(path) as cache:
        cache.put_scores("m1", [("a", "b")], [SCORES])
        cache.put_vectors("m1", ["a"], vectors(1))
        assert {} == cache.get_scores("m2", [("a", "b")])
        assert {} == cache.get_vectors("m2", ["a"])


@given(first=st.tuples(st.text(), st.text()), second=st.tuples(st.text(), st.text()))
@settings(max_examples=60, deadline=None)
def test_the_border_between_premise_and_hypothesis_counts(
    first: tuple[str, str], second: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """No two different pairs share a key, however their characters are divided."""
    with Cache(tmp_path_factory.mktemp("c") / "cache.sqlite") as cache:
        cache.put_scores("m", [first], [SCORES])
        assert (first == second) == bool(cache.get_scores("m", [second]))


def test_without_a_path_nothing_is_kept_and_nothing_fails() -> None:
    """Switched off, the cache answers every question with nothing."""
    with Cache(None) as cache:
        cache.put_vectors("m", ["a"], vectors(1))
        cache.put_scores("m", [("a", "b")], [SCORES])
        assert {} == cache.get_vectors("m", ["a"])
        assert CacheInfo(None) == cache.info()
        assert 0 == cache.prune()
        assert [] == cache.notes


def test_more_rows_than_one_query_may_name(path: Path) -> None:
    """Questions beyond SQLite's limit on variables are asked in parts."""
    texts = [f"text {i}" for i in range(20_001)]
    with Cache(path) as cache:
        cache.put_vectors("m", texts, vectors(len(texts), 2))
        found = cache.get_vectors("m", texts)
    assert 20_001 == len(found)
    assert [40_000.0, 40_001.0] == found[20_000].tolist()


@pytest.mark.parametrize("content", [b"not a database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file_is_set_aside_with_a_note(path: Path, content: bytes) -> None:
    """A file that is no database is renamed, named in a note, and a new cache begun."""
    path.parent.mkdir()
    path.write_bytes(content)
    with Cache(path) as cache:
        cache.put_scores("m", [("a", "b")], [SCORES])
        assert {0: SCORES} == cache.get_scores("m", [("a", "b")])
        assert "set aside as cache.sqlite.damaged" in cache.notes[0]
    assert content == path.with_name("cache.sqlite.damaged").read_bytes()


def test_a_newer_cache_is_set_aside_whole(path: Path) -> None:
    """A schema from the future is not guessed at."""
    Cache(path).close()
    with sqlite3.connect(path) as db:
        db.execute("PRAGMA user_version = 99")
    db.close()
    with Cache(path) as cache:
        assert "newer version (schema 99)" in cache.notes[0]
        assert 0 == cache.info().vectors
    assert path.with_name("cache.sqlite.newer").exists()


@pytest.mark.parametrize("version", [1, 2])
def test_a_cache_of_an_earlier_version_is_taken_over(path: Path, version: int) -> None:
    """Its embeddings and scores are found, and what is new can be kept beside them."""
    with Cache(path) as cache:
        cache.put_scores("m", [("a", "b")], [SCORES])
    with sqlite3.connect(path) as db:
        db.execute("DROP TABLE judgments")
        db.execute("DROP TABLE readings")
        if version == 2:
            db.execute("CREATE TABLE evidence (key BLOB PRIMARY KEY, used INTEGER, value BLOB)")
        db.execute(f"PRAGMA user_version = {version}")
    db.close()
    with Cache(path) as cache:
        cache.put_judgments([b"pair"], [b"row"])
    with Cache(path) as cache:
        assert {0: SCORES} == cache.get_scores("m", [("a", "b")])
        assert {0: b"row"} == cache.get_judgments([b"pair"])
        assert [] == cache.notes


def test_readings_are_kept_for_a_text_and_a_version(path: Path) -> None:
    """What one version of the code made of a text is not shown to another."""
    with Cache(path) as cache:
        cache.put_readings("v1", ["a", "b\udc80"], ["[1]", "“2”"])
    with Cache(path) as cache:
        assert {0: "“2”", 2: "[1]"} == cache.get_readings("v1", ["b\udc80", "c", "a"])
        assert {} == cache.get_readings("v2", ["a"])
        assert (0, 2) == (cache.info().judgments, cache.info().readings)


def test_another_programs_database_is_left_alone(path: Path) -> None:
    """A path given by mistake, such as the label file's, is neither written nor renamed."""
    path.parent.mkdir()
    with sqlite3.connect(path) as db:
        db.execute("CREATE TABLE labels (id)")
    db.close()
    before = path.read_bytes()
    with Cache(path) as cache:
        cache.put_vectors("m", ["a"], vectors(1))
        assert "left alone" in cache.notes[0]
    assert before == path.read_bytes()


@given(data=st.data())
@settings(max_examples=120, deadline=None)
def test_bit_rot_is_a_miss_and_never_another_number(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Whatever bytes of the file flip, an answer is either what was kept or absent."""
    path = tmp_path_factory.mktemp("c") / "cache.sqlite"
    texts = [f"t{i}" for i in range(40)]
    pairs = list(pairwise(texts))
    kept = [NliScores(i / 64, i / 128, 1 - i / 64) for i in range(len(pairs))]
    with Cache(path) as cache:
        cache.put_vectors("m", texts, vectors(40, 16))
        cache.put_scores("m", pairs, kept)
    raw = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(raw) - 1), min_size=1, max_size=64)):
        raw[place] ^= data.draw(st.integers(1, 255))
    path.write_bytes(raw)
    with Cache(path) as cache:
        for place, row in cache.get_vectors("m", texts).items():
            assert vectors(40, 16)[place].tobytes() == row.tobytes()
        for place, scores in cache.get_scores("m", pairs).items():
            assert kept[place] == scores


def test_pruning_keeps_what_was_used_last(path: Path) -> None:
    """The bound takes the longest unused rows first, and the file really shrinks."""
    texts = [f"t{i}" for i in range(2000)]
    with Cache(path) as cache:
        cache.put_vectors("m", texts, vectors(2000, 100))
    with sqlite3.connect(path) as db:
        db.execute("UPDATE vectors SET used = ?", ((date.today() - timedelta(days=30)).toordinal(),))
    db.close()
    with Cache(path) as cache:
        cache.get_vectors("m", texts[:200])
        freed = cache.prune(400_000)
        assert 0 < freed
        assert 400_000 >= cache.info().size
        assert 200 == len(cache.get_vectors("m", texts[:200]))
        assert 2000 > cache.info().vectors


def test_a_size_is_written_in_plain_letters() -> None:
    """A letter that only looks like a unit, such as the sign for kelvin, is told as any other wrong size."""
    with pytest.raises(UsageError, match="no size; write it as 500MB or 2GB"):
        prune(to="5K")


def test_the_size_bound_holds_when_the_cache_is_closed(path: Path) -> None:
    """A run may outgrow the bound; the file it leaves does not."""
    with Cache(path, max_bytes=200_000) as cache:
        cache.put_vectors("m", [f"t{i}" for i in range(2000)], vectors(2000, 100))
    assert 200_000 >= path.stat().st_size


def test_the_file_is_the_users_alone(path: Path) -> None:
    """Embeddings give away what was read, so nobody else may read them."""
    Cache(path).close()
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)
    assert 0o700 == stat.S_IMODE(path.parent.stat().st_mode)


def test_a_folder_that_cannot_be_made_means_no_cache_and_a_note(tmp_path: Path) -> None:
    """A run goes on without a cache."""
    (tmp_path / "file").write_text("in the way")
    with Cache(tmp_path / "file" / "cache.sqlite") as cache:
        cache.put_vectors("m", ["a"], vectors(1))
        assert {} == cache.get_vectors("m", ["a"])
        assert "no cache in this run" in cache.notes[0]


def test_two_processes_keep_into_one_file(path: Path) -> None:
    """Four writers at once lose nothing and see no error."""
    script = (
        "import sys, numpy as np; from pathlib import Path; from checker.cache import Cache\n"
        "with Cache(Path(sys.argv[1])) as c:\n"
        "    for i in range(40):\n"
        "        c.put_vectors('m', [f'{sys.argv[2]} {i}'], np.ones((1, 8), np.float32))\n"
        "    sys.exit(len(c.notes))\n"
    )
    children = [subprocess.Popen([sys.executable, "-c", script, str(path), str(n)]) for n in range(4)]
    # The limit only ends a test that hangs: 160 commits took 48 s on a disk that syncs slowly.
    assert [0, 0, 0, 0] == [child.wait(300) for child in children]
    with Cache(path) as cache:
        assert 160 == cache.info().vectors


class _Naps:
    """Time that passes only where somebody naps, a second each; `then` is called after each nap."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, then: Callable[[float], object]) -> None:
        self.now = 0.0
        self._then = then
        monkeypatch.setattr("checker.waiting.time", self)

    def monotonic(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += 1
        self._then(self.now)


def test_a_busy_file_is_waited_for(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another process may write for most of a minute, while the file is opened or later; nothing is lost."""
    Cache(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    naps = _Naps(monkeypatch, lambda now: other.execute("ROLLBACK") if now == 30 else None)
    with Cache(path) as cache:
        other.execute("BEGIN EXCLUSIVE")
        naps.now = 0.0
        cache.put_vectors("m", ["a"], vectors(1))
        assert [0] == list(cache.get_vectors("m", ["a"]))
        assert [] == cache.notes
    other.close()


def test_a_file_that_stays_locked_is_waited_for_once(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The run is told that nothing more is kept, goes on, and asks later questions without waiting."""
    Cache(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    naps = _Naps(monkeypatch, lambda now: None)
    with Cache(path) as cache:
        other.execute("BEGIN EXCLUSIVE")
        cache.put_vectors("m", ["a"], vectors(1))
        waited = naps.now
        assert {} == cache.get_vectors("m", ["a"])
        assert "takes nothing more in this run (database is locked)" in cache.notes[0]
    assert 50 < waited < 70
    assert waited + 1 >= naps.now
    other.close()


def test_a_lock_is_waited_for_after_another_fault(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk ends the keeping; what is kept is still found when a writer lets go of the file."""
    with Cache(path) as cache:
        cache.put_scores("m", [("a", "b")], [SCORES])
        assert cache._db is not None
        cache._db.execute("PRAGMA max_page_count = 1")
        cache.put_vectors("m", [f"t{i}" for i in range(2000)], vectors(2000, 100))
        assert "takes nothing more in this run (database or disk is full)" in cache.notes[0]
        other = sqlite3.connect(path, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        _Naps(monkeypatch, lambda now: other.execute("ROLLBACK") if now == 5 else None)
        assert {0: SCORES} == cache.get_scores("m", [("a", "b")])
    other.close()


def test_a_writer_lets_others_in_between_two_transactions(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who keeps one portion after the other pauses between them, so that a waiting process gets its turn."""
    turns = []

    def take_a_turn(now: float) -> None:
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
        turns.append(now)

    _Naps(monkeypatch, take_a_turn)
    with Cache(path) as cache:
        other = sqlite3.connect(path, timeout=0, isolation_level=None)
        cache.put_vectors("m", [f"t{i}" for i in range(10_001)], vectors(10_001))
    assert 3 == len(turns)
    other.close()


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
def test_opening_the_file_again_ends_no_lock(path: Path) -> None:
    """A second cache in the same process, in another thread say, leaves the first one's transaction alone."""
    with Cache(path):
        pass
    script = "import sys, sqlite3; sqlite3.connect(sys.argv[1], timeout=0).execute('BEGIN IMMEDIATE')"
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    Cache(path).close()
    assert 0 != subprocess.run([sys.executable, "-c", script, str(path)], capture_output=True).returncode
    holder.close()


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_a_killed_writer_leaves_a_usable_cache(path: Path) -> None:
    """After kill -9 in the middle of writing, the next run reads and writes as if nothing happened."""
    script = (
        "import sys, numpy as np; from pathlib import Path; from checker.cache import Cache\n"
        "c = Cache(Path(sys.argv[1])); i = 0\n"
        "while True:\n"
        "    c.put_vectors('m', [f'{i} {j}' for j in range(500)], np.ones((500, 64), np.float32)); i += 1\n"
        "    print(i, flush=True)\n"
    )
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE)
        child.stdout.readline()  # type: ignore[union-attr]
        time.sleep(0.02)
        os.kill(child.pid, signal.SIGKILL)
        child.communicate()
        with Cache(path) as cache:
            assert 500 == len(cache.get_vectors("m", [f"0 {j}" for j in range(500)]))
            assert [] == cache.notes


def test_the_default_place_follows_the_platform(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On Linux the base-directory variable decides, and a relative one is ignored as its rules demand."""
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert tmp_path / "checker" / "cache.sqlite" == default_cache_path()
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert Path.home() / ".cache" / "checker" / "cache.sqlite" == default_cache_path()
