"""The look over authored pairs, and the agreement of two readers."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

# Training scripts belong to the project and not to the installed package.
sys.path.insert(0, str(Path(__file__).parents[1]))

from training import agreement, check_pairs
from training.check_pairs import Pair, read_pairs

ROW = {
    "a": "The ferry left at noon.",
    "b": "The ferry left at one.",
    "label": "contradiction",
    "kind": "quantity",
    "a_date": "",
    "b_date": "",
    "b_mode": "quote",
}


class ByText:
    """Gives each text its own direction; a text with a full stop more lies in the same one."""

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """Unit rows."""
        places = [sum(map(ord, text.rstrip("."))) % 64 for text in texts]
        return np.eye(64, dtype=np.float32)[places]


def pair(file: str = "north", line: int = 1, **more: str) -> Pair:
    """A pair like `ROW`."""
    return Pair(file, line, ROW | more)


def write(folder: Path, **files: list[dict[str, str]]) -> Path:
    """The folder with one file for each name."""
    folder.mkdir(exist_ok=True)
    for name, rows in files.items():
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "more",
    [
        {"label": "vague"},
        {"b_mode": "hearsay"},
        {"a": " "},
        {"a_date": "12 May 1997"},
        {"b_date": "19970512"},
        {"colour": "red"},
        {"kind": 3},
    ],
)
def test_malformed_rows_are_named(more: dict[str, str], tmp_path: Path) -> None:
    """A wrong row is reported with its file and line, and the others are read."""
    pairs, faults = read_pairs(write(tmp_path / "pairs", north=[ROW, ROW | more]))
    assert [1] == [p.line for p in pairs]
    assert 1 == len(faults)
    assert faults[0].startswith("north:2: ")


def test_a_group_is_allowed(tmp_path: Path) -> None:
    """The optional field is no fault."""
    assert [] == read_pairs(write(tmp_path / "pairs", north=[ROW | {"group": "7"}]))[1]


def test_status_tells_of_malformed_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Status 1 with a broken line and 0 without."""
    folder = write(tmp_path / "pairs", north=[ROW], south=[ROW | {"label": "tension"}])
    monkeypatch.setattr(check_pairs, "load_embedder", ByText)
    monkeypatch.setattr(sys, "argv", ["check_pairs", str(folder)])
    for expected, line in ((0, ""), (1, "{")):
        with (folder / "south.jsonl").open("a", encoding="utf-8") as file:
            file.write(line)
        with pytest.raises(SystemExit) as ended:
            check_pairs.main()
        assert expected == ended.value.code


def test_a_cue_on_one_side_is_found_by_that_side_alone() -> None:
    """Where b betrays the label in every file its AUC is 1; a, equal everywhere, stays at chance."""
    rows = [
        pair(file, i, b=f"{'never' if i % 2 else 'often'} {i}", label="tension" if i % 2 else "compatible")
        for file in ("north", "south", "west")
        for i in range(10)
    ]
    assert 1.0 == check_pairs.one_sided_auc(rows, "b")
    assert 0.5 == check_pairs.one_sided_auc(rows, "a")
    assert check_pairs.one_sided_auc(rows[:10], "b") is None


def test_lift_is_a_labels_share_against_all() -> None:
    """A cue on both contradictions and on no other of four pairs has lift 2 and 0."""
    rows = [pair(b="We never left."), pair(b="It never sailed.")] + [pair(label="compatible")] * 2
    share, lifts = check_pairs.cue_lifts(rows)["never"]
    assert (0.5, 2.0, 0.0) == (share, lifts["contradiction"], lifts["compatible"])


def test_cues_are_words_marks_dates_and_mode() -> None:
    """Each cue is seen where it stands and not in a plain pair."""
    with_cue = {
        "never": pair(a="We never left."),
        "always": pair(a="We always left."),
        "not, n't": pair(b="We didn’t leave."),
        "no": pair(b="No ferry left."),
        "but": pair(b="It left, but late."),
        "digits": pair(b="It left at 1."),
        "dates given": pair(b_date="1997-05-12"),
        "b is a report": pair(b_mode="report"),
    }
    assert set(check_pairs.CUES) == set(with_cue)
    for name, found in with_cue.items():
        assert (True, False) == (check_pairs.CUES[name](found), check_pairs.CUES[name](pair())), name


def test_near_duplicates_need_both_sides() -> None:
    """Equal on both sides, in either order, is a near-duplicate; equal on one side is none."""
    first, same = pair("north", 1, a="x", b="y"), pair("south", 1, a="x.", b="y")
    crossed, half = pair("north", 2, a="y", b="x"), pair("north", 3, a="x", b="z")
    found = check_pairs.near_duplicates([first, same, crossed, half], ByText())
    assert [(first, same), (first, crossed), (same, crossed)] == found


def test_frames_are_first_three_words() -> None:
    """Texts that begin alike share a frame, whatever their marks and capitals."""
    rows = [pair(a="We will not go.", b="We, will not stay."), pair(a="Boats are late.", b="So be it then.")]
    assert ("we will not", 0.5) == check_pairs.frame_shares(rows)[0]


@pytest.mark.parametrize(
    ("first", "second", "settled"),
    [
        ("tension", "tension", "tension"),
        ("contradiction", "tension", "tension"),
        ("unrelated", "compatible", "compatible"),
        ("tension", "compatible", None),
        ("unrelated", "contradiction", None),
    ],
)
def test_the_milder_label_stands(first: str, second: str, settled: str | None) -> None:
    """Labels on one side of the border become the milder one; a border crossed drops the pair."""
    assert settled == agreement.settle(first, second) == agreement.settle(second, first)


def test_agreement_of_labels_and_of_sides() -> None:
    """Half the labels agree and all the sides: kappa is 1 for the sides alone."""
    both = [("contradiction", "tension"), ("compatible", "compatible")] * 5
    figures = agreement.agreement(both)
    assert 0.5 == figures["four labels"][0]
    assert figures["four labels"][1] < 0.5
    assert (1.0, 1.0) == figures["conflict or not"]


def test_kappa_of_one_label_is_undefined() -> None:
    """Where everything has one label there is nothing beyond chance."""
    raw, kappa = agreement.agreement([("tension", "tension")])["four labels"]
    assert (1.0, True) == (raw, math.isnan(kappa))


def test_settled_pairs_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Kept and settled pairs are written under their file's name; the rest is counted."""
    labels = ("contradiction", "tension", "compatible", "unrelated")
    folder = write(tmp_path / "pairs", north=[ROW | {"label": x, "kind": x} for x in labels])
    csv = tmp_path / "second.csv"
    csv.write_text("file,row,label\nnorth.jsonl,1,contradiction\nnorth,2,compatible\nnorth,4,compatible\n")
    out = tmp_path / "settled"
    monkeypatch.setattr(sys, "argv", ["agreement", str(folder), str(csv), "--settle", str(out)])
    agreement.main()
    rows = [json.loads(line) for line in (out / "north.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [("contradiction", "contradiction"), ("unrelated", "compatible")] == [
        (row["kind"], row["label"]) for row in rows
    ]
    shown = capsys.readouterr().out
    assert "3 of 4 pairs have a second label" in shown
    assert "on different sides, dropped: 1" in shown
    assert "without a second label, left out: 1" in shown


@pytest.mark.parametrize("line", ["north,9,tension", "north,1,vague", "north,1,tension\nnorth,1,tension"])
def test_labels_that_do_not_fit_stop_the_run(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A label for no pair, an unknown label and a pair labelled twice are refused."""
    folder = write(tmp_path / "pairs", north=[ROW])
    csv = tmp_path / "second.csv"
    csv.write_text(f"file,row,label\n{line}\n", encoding="utf-8")
    monkeypatch.setattr(sys, "argv", ["agreement", str(folder), str(csv)])
    with pytest.raises(SystemExit, match="north:"):
        agreement.main()
