"""The commands about labels and the cache, as a user types them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from sklearn.metrics import cohen_kappa_score
from typer.testing import CliRunner

from checker.agreement import agreements, wilson
from checker.cli import app
from checker.errors import CheckerError, InputError, UsageError
from checker.labels import Answer, label_of
from checker.renderers.registry import renderer_for
from checker.store import LabelStore, twin_path
from tests.builders import make_result, tax_finding
from tests.labelling import make_label


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder and an empty cache folder."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def run(*words: str) -> str:
    """What the command printed; its error is raised."""
    result = CliRunner().invoke(app, [*words], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def store(*labels: object) -> Path:
    """The label file of the working folder with these labels."""
    with LabelStore(Path("labels/labels.sqlite")) as opened:
        opened.add(labels)  # type: ignore[arg-type]
    return Path("labels/labels.sqlite")


def test_ticks_come_in_and_the_place_and_count_are_printed() -> None:
    """Importing a ticked report says where the labels are, before and after."""
    report = renderer_for("markdown").render(make_result()).decode()
    mark = f"<!-- pair: {tax_finding().pair.key} -->"
    before, _, after = report.partition(mark)
    Path("x.md").write_text(before + mark + after.replace("[ ] conflict", "[x] conflict", 1), "utf-8")
    printed = run("labels", "import", "x.md", "--reader", "ann", "--dry-run")
    assert "labels.sqlite (0 by 0 readers)" in printed
    assert "1 would be added" in printed
    assert "1 added, 0 known already, 0 not usable" in run("labels", "import", "x.md", "--reader", "ann")
    assert "0 added, 1 known already" in run("labels", "import", "x.md", "--reader", "ann")
    assert "ann: conflict" in run("labels", "list")


def test_labels_go_from_one_desk_to_another_by_csv() -> None:
    """Export here and import there give the same labels."""
    store(label_of(tax_finding(), Answer.CONFLICT, reader="ann", note="ask Bo"))
    assert "1 label with notes and readers' names" in run("labels", "export", "out/labels.csv")
    assert "1 added" in run("labels", "import", "out/labels.csv", "--labels", "other/labels.sqlite")
    with LabelStore(Path("other/labels.sqlite")) as other, LabelStore(Path("labels/labels.sqlite")) as ours:
        assert ours.labels() == other.labels()
    run("labels", "export", "out/labels.csv", "--no-notes", "--no-readers")
    assert not {b"ann", b"Bo"} & set(Path("out/labels.csv").read_bytes().replace(b",", b" ").split())


def test_the_list_shows_agreement_and_disagreement() -> None:
    """Readers who differ are named with their answers."""
    store(
        make_label(1),
        make_label(1, reader="ben", answer=Answer.CONSISTENT),
        make_label(2, answer=Answer.CONSISTENT),
        make_label(2, reader="ben", answer=Answer.CONSISTENT),
    )
    printed = run("labels", "list", "--disagreements")
    assert "ann: conflict" in printed
    assert "ben: consistent" in printed
    assert "the same answer on 1 of 2 shared pairs" in printed
    assert "pbcd2" not in printed


def test_verify_says_what_is_wrong_and_rescue_repairs_it() -> None:
    """A damaged twin is a fault with status 3 until it was rescued."""
    path = store(make_label(1), make_label(2))
    assert "No fault found." in run("labels", "verify")
    twin_path(path).write_text("gone\n", "utf-8")
    with pytest.raises(InputError, match="checker labels rescue"):
        run("labels", "verify")
    assert "2 rows" in run("labels", "rescue")
    assert "No fault found." in run("labels", "verify")


@pytest.mark.parametrize("name", ["labels.sqlite", "labels.jsonl"])
def test_labels_are_never_exported_over_themselves(name: str) -> None:
    """A wrong file name costs no label."""
    store(make_label())
    before = Path("labels", name).read_bytes()
    with pytest.raises(UsageError, match=f"labels/{name}: was read by this run"):
        run("labels", "export", f"labels/{name}")
    assert before == Path("labels", name).read_bytes()


@pytest.mark.parametrize("command", [["list"], ["export", "x.csv"], ["verify"], ["rescue"]])
def test_where_there_are_no_labels_none_are_made_up(command: list[str]) -> None:
    """Looking at labels creates no file."""
    with pytest.raises(CheckerError, match=r"labels.sqlite"):
        run("labels", *command)
    assert not Path("labels").exists()


def test_a_file_beside_checker_toml_is_the_default() -> None:
    """Started in a subfolder, the tool finds the same labels."""
    Path("checker.toml").write_text("")
    store(make_label(1))
    Path("sub").mkdir()
    os.chdir("sub")
    assert "(1 by 1 reader)" in run("labels", "list")


def test_the_cache_is_shown_and_emptied() -> None:
    """Info gives place and size; prune empties it."""
    import numpy as np

    from checker.cache import Cache, default_cache_path

    with Cache(default_cache_path()) as cache:
        cache.put_vectors("m", ["a", "b"], np.ones((2, 4), np.float32))
        cache.put_judgments([b"pair"], [b"row"])
    assert "2 embeddings, 0 scores, 1 judged pair\n" in run("cache", "info")
    assert "2 embeddings, 0 scores" in run("cache", "info")
    run("cache", "prune", "--to", "500MB")
    assert "2 embeddings, 0 scores" in run("cache", "info")
    run("cache", "prune", "--all")
    assert "0 embeddings, 0 scores" in run("cache", "info")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "say how much to leave, such as --to 500MB, or empty the cache with --all"),
        (["--to", "500MB", "--all"], "say how much to leave"),
        (["--to", "half"], "--to 'half': no size; write it as 500MB or 2GB"),
        (["--to", "-5"], "--to '-5': no size"),
        (["--to", "0"], "--to '0' would leave nothing; to empty the cache write --all"),
    ],
)
def test_the_cache_is_emptied_only_when_that_is_asked_for(words: list[str], told: str) -> None:
    """Hours of work are not deleted by a command that was typed to see what it does."""
    with pytest.raises(UsageError, match=re.escape(told)):
        run("cache", "prune", *words)


@pytest.mark.parametrize(
    ("written", "most"),
    [("500MB", 500e6), ("500", 500e6), ("2GB", 2e9), ("1.5 gb", 1.5e9), ("64k", 64e3), ("2T", 2e12)],
)
def test_a_size_may_have_a_unit(written: str, most: float, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one it is megabytes."""
    asked = []
    monkeypatch.setattr("checker.cache.Cache.prune", lambda cache, size: asked.append(size) or 0)
    run("cache", "prune", "--to", written)
    assert [most] == asked


def test_kappa_is_cohens_and_its_interval_holds_it() -> None:
    """The figure equals scikit-learn's, and the interval is never a point."""
    first = [Answer.CONFLICT] * 12 + [Answer.CONSISTENT] * 20 + [Answer.UNSURE] * 3
    second = [Answer.CONFLICT] * 9 + [Answer.CONSISTENT] * 21 + [Answer.UNSURE] * 5
    labels = [make_label(n, answer=a) for n, a in enumerate(first)]
    labels += [make_label(n, reader="ben", answer=a) for n, a in enumerate(second)]
    found = agreements(labels)[0]
    assert cohen_kappa_score(first, second) == pytest.approx(found.kappa)
    assert found.low < found.kappa < found.high
    alike = agreements([make_label(n, reader=r, answer=a) for r in "ab" for n, a in enumerate(first)])[0]
    assert (1.0, True) == (alike.kappa, alike.low < 0.95)


def test_readers_of_one_answer_have_no_kappa() -> None:
    """Where both always said the same one thing, agreement beyond chance is not a number."""
    labels = [make_label(n, reader=r) for r in "ab" for n in range(4)]
    assert agreements(labels)[0].kappa is None
    assert [] == agreements([make_label(1), make_label(2, reader="ben")])


@pytest.mark.parametrize(("hits", "count"), [(0, 7), (3, 9), (50, 50), (1, 1000)])
def test_wilson_is_scipys(hits: int, count: int) -> None:
    """The interval equals the library's for whole counts; only ours takes effective ones."""
    from scipy.stats import binomtest

    expected = binomtest(hits, count).proportion_ci(method="wilson")
    assert (expected.low, expected.high) == pytest.approx(wilson(hits, count), abs=1e-6)
