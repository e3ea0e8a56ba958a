"""Labels made by hand, and the child processes that the tests of the label store kill or starve.

Run as a script it is such a child: `python labelling.py save FILE WRITER COUNT` saves labels as fast as it
can and prints the id of each one after it was acknowledged.
"""

from __future__ import annotations

import sys
from pathlib import Path

from checker.labels import Answer, Label, Side, new_id, now
from checker.store import LabelStore

__all__ = ["make_label"]


def make_label(
    number: int = 0, *, reader: str = "ann", answer: Answer = Answer.CONFLICT, **more: object
) -> Label:
    """A label of a pair of its own."""
    values: dict[str, object] = {
        "id": new_id(),
        "pair": f"pbcd{number}",
        "answer": answer,
        "reader": reader,
        "at": now(),
        "first": Side("Mara Holt", f"The bridge number {number} stays open.", "2019-01-02", "sbcd"),
        "second": Side("Mara Holt", f"The bridge number {number} is closed.", "2020", "sfgh"),
    }
    return Label(**(values | more))  # type: ignore[arg-type]


def _save(path: Path, writer: str, count: int) -> None:
    with LabelStore(path) as store:
        for number in range(count):
            event = store.add([make_label(number, reader=writer, note="x" * (number % 700))])[0]
            print(event.label.id, flush=True)


if __name__ == "__main__":
    _save(Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
