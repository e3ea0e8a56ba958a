"""Reports are written whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from checker import files
from checker.errors import OutputError, UsageError
from checker.files import make_folder, write_atomically
from checker.report import report, report_paths
from tests.builders import make_result


def test_writes_one_file_a_format(tmp_path: Path) -> None:
    """Each format asked for lies in the folder, which is created."""
    folder = tmp_path / "new" / "reports"
    paths = report(make_result(), folder=folder, formats=["markdown", "json", "csv"])
    assert [folder / "holt.md", folder / "holt.json", folder / "holt.csv"] == paths
    assert sorted(path.name for path in paths) == sorted(os.listdir(folder))


def test_the_same_result_gives_the_same_bytes(tmp_path: Path) -> None:
    """A second run over the first changes no byte."""
    (path,) = report(make_result(), folder=tmp_path, formats=["markdown"])
    first = path.read_bytes()
    report(make_result(), folder=tmp_path, formats=["markdown"])
    assert first == path.read_bytes()


@pytest.mark.parametrize(
    ("name", "stem"),
    [("../../etc/x", "etc-x"), ("a b/c", "a-b-c"), ("...", "report"), ("Лукашенко", "Лукашенко")],
)
def test_no_name_leaves_the_folder(tmp_path: Path, name: str, stem: str) -> None:
    """Whatever the record is called, its report stays in the folder."""
    assert [tmp_path / f"{stem}.md"] == report_paths(
        make_result(name=name), folder=tmp_path, formats=["markdown"]
    )


def test_an_unknown_format_writes_nothing(tmp_path: Path) -> None:
    """A wrong format is named before anything is written."""
    with pytest.raises(UsageError, match="no output format 'word'"):
        report(make_result(), folder=tmp_path / "out", formats=["markdown", "word"])
    assert not (tmp_path / "out").exists()


def test_a_file_in_the_folder_s_place_is_an_output_error(tmp_path: Path) -> None:
    """The message says which folder cannot be made and what to do, and the file is untouched."""
    place = tmp_path / "reports"
    place.write_text("mine")
    with pytest.raises(OutputError, match=r"reports: cannot create the folder .*choose another folder"):
        report(make_result(), folder=place, formats=["markdown"])
    assert "mine" == place.read_text()


def test_an_unwritable_folder_is_an_output_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A refused file ends in one message, also for a user whom no permission stops."""

    def refuse(path: Path, content: bytes) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(files, "_write_synced", refuse)
    with pytest.raises(OutputError, match=r"holt\.md: cannot write \(Permission denied\)"):
        report(make_result(), folder=tmp_path, formats=["markdown"])
    assert [] == os.listdir(tmp_path)


@pytest.mark.parametrize("step", ["_write_synced", "_replace"])
def test_a_full_disk_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    """Whichever step fails, the old file keeps its content and no other file is left behind."""
    path = tmp_path / "a.md"
    path.write_bytes(b"old")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files, step, fail)
    with pytest.raises(OutputError, match=r"No space left on device.*untouched"):
        write_atomically(path, b"new")
    assert b"old" == path.read_bytes()
    assert ["a.md"] == os.listdir(tmp_path)


def test_a_torn_write_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is read back must be what was written, or the old file stays."""
    path = tmp_path / "a.md"
    path.write_bytes(b"old")
    monkeypatch.setattr(files, "_write_synced", lambda at, content: at.write_bytes(content[:-1]))
    with pytest.raises(OutputError, match="read back"):
        write_atomically(path, b"new")
    assert b"old" == path.read_bytes()


def test_a_missing_folder_is_an_output_error(tmp_path: Path) -> None:
    """Writing into a folder that is not there names the file."""
    with pytest.raises(OutputError, match=r"a\.md: cannot write"):
        write_atomically(tmp_path / "none" / "a.md", b"x")


@pytest.mark.skipif(os.name == "nt", reason="links and modes are those of POSIX")
def test_links_and_permissions_are_kept(tmp_path: Path) -> None:
    """A link stays a link to the new content, and a private file stays private."""
    target, link = tmp_path / "real.csv", tmp_path / "link.csv"
    target.write_bytes(b"old")
    target.chmod(0o600)
    link.symlink_to(target)
    write_atomically(link, b"new")
    assert link.is_symlink()
    assert (b"new", 0o600) == (target.read_bytes(), target.stat().st_mode & 0o777)


def test_make_folder_twice_is_fine(tmp_path: Path) -> None:
    """An existing folder is no error."""
    make_folder(tmp_path / "a")
    make_folder(tmp_path / "a")
    assert (tmp_path / "a").is_dir()
