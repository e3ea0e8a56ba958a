"""Any order of labelling, undoing, importing, merging, damage and restart leaves what a plain list would."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule

from checker import twin
from checker.intake import plan_intake
from checker.labels import Answer, Label, counted
from checker.rescue import rescue, verify
from checker.sheets import labels_csv, read_csv
from checker.store import LabelStore, twin_path
from tests.labelling import make_label

# Each commit 12 histories; by hand: HISTORIES=2000 pytest tests/test_label_histories.py
HISTORIES = int(os.environ.get("HISTORIES", "12"))


class Histories(RuleBasedStateMachine):
    """Two desks, each a label store beside a plain list of rows."""

    desks = Bundle("desks")

    @initialize()
    def begin(self) -> None:
        """Two empty desks in a folder of their own."""
        self.folder = tempfile.TemporaryDirectory()
        self.stores: dict[str, LabelStore] = {}
        self.rows: dict[str, list[Label]] = {"a": [], "b": []}
        for name in self.rows:
            self.stores[name] = LabelStore(Path(self.folder.name) / name / "labels.sqlite")

    @rule(
        desk=st.sampled_from("ab"),
        pair=st.integers(0, 3),
        reader=st.sampled_from(["ann", "ben"]),
        answer=st.sampled_from(Answer),
        note=st.text(st.characters(exclude_categories=["Cs"]), max_size=5),
    )
    def label(self, desk: str, pair: int, reader: str, answer: Answer, note: str) -> None:
        """A reader answers, perhaps anew."""
        made = make_label(pair, reader=reader, answer=answer, note=note, first=None, second=None)
        self.stores[desk].add([made])
        self.rows[desk].append(made)

    @rule(desk=st.sampled_from("ab"), reader=st.sampled_from(["ann", "ben"]))
    def undo(self, desk: str, reader: str) -> None:
        """A reader takes back the latest answer that counts."""
        mine = [label for label in counted(self.rows[desk]) if label.reader == reader]
        target = self.stores[desk].undo(reader)
        assert target == (mine[-1] if mine else None)
        if target:
            self.rows[desk].append(self.stores[desk].labels()[-1])

    @rule(desk=st.sampled_from("ab"))
    def repeat(self, desk: str) -> None:
        """The last request arrives a second time."""
        if self.rows[desk]:
            self.stores[desk].add([self.rows[desk][-1]])

    @rule(desk=st.sampled_from("ab"))
    def merge(self, desk: str) -> None:
        """The other desk's twin is taken in."""
        other = self.stores["b" if desk == "a" else "a"]
        incoming = [event.label for event in twin.good_events(twin_path(other.path))]
        known = {label.id for label in self.rows[desk]}
        self.stores[desk].add(incoming)
        self.rows[desk] += [label for label in incoming if label.id not in known]

    @rule(desk=st.sampled_from("ab"))
    def export_and_import(self, desk: str) -> None:
        """A CSV of everything, taken in again, adds nothing."""
        path = Path(self.folder.name) / "out.csv"
        path.write_bytes(labels_csv(self.rows[desk]))
        incoming = read_csv(path)
        assert tuple(self.rows[desk]) == incoming.labels
        assert () == plan_intake(self.rows[desk], incoming).labels

    @rule(desk=st.sampled_from("ab"), cut=st.integers(0, 400))
    def restart(self, desk: str, cut: int) -> None:
        """The program ends, the twin loses its end, the program starts again."""
        path = self.stores[desk].path
        self.stores[desk].close()
        other = twin_path(path)
        if other.exists() and self.rows[desk]:
            raw = other.read_bytes()
            other.write_bytes(raw[: max(0, len(raw) - cut)])
        self.stores[desk] = LabelStore(path)

    @rule(desk=st.sampled_from("ab"))
    def lose_the_database(self, desk: str) -> None:
        """The database vanishes and is rescued from the twin."""
        path = self.stores[desk].path
        if self.rows[desk]:
            self.stores[desk].close()
            path.unlink()
            rescue(path)
            self.stores[desk] = LabelStore(path)

    @invariant()
    def both_files_hold_what_was_done(self) -> None:
        """Database, twin and plain list agree."""
        for name, rows in getattr(self, "rows", {}).items():
            store = self.stores[name]
            assert rows == store.labels()
            assert rows == [event.label for event in twin.good_events(twin_path(store.path))]

    def teardown(self) -> None:
        """The files are whole at the end."""
        if hasattr(self, "stores"):
            for store in self.stores.values():
                store.close()
                assert () == verify(store.path).faults
            self.folder.cleanup()


TestHistories = Histories.TestCase
TestHistories.settings = settings(max_examples=HISTORIES, stateful_step_count=25, deadline=None)
