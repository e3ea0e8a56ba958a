"""The nouns of people's work: a label, how its pair was chosen, and a pair's reading by everyone.

Rows are events: a label, a second reading and an undo each add one, and none is ever changed. What counts
today is worked out from all of them. Every row carries the hash of the row before it and of itself, so that
a row can be proved whole without its neighbours and a missing row shows.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from enum import StrEnum

from checker.errors import InputError
from checker.records import Finding, Statement

__all__ = [
    "Answer",
    "Event",
    "Label",
    "Review",
    "Sampling",
    "Side",
    "chained",
    "cleaned",
    "counted",
    "disagreements",
    "dismissed",
    "from_json",
    "label_from",
    "label_of",
    "new_id",
    "now",
    "reviews",
    "side",
    "to_json",
    "whole",
]

_ID_LETTERS = "bcdfghjkmnpqrstvwxz"  # as in records: nothing a spreadsheet takes for a number or date
_FIRST = "0" * 64  # what the first row names as the row before it
_HASHES = len(f',"previous":"{_FIRST}","chain":"{_FIRST}"}}')


class Answer(StrEnum):
    """What a reader decided about a pair."""

    CONFLICT = "conflict"
    CONSISTENT = "consistent"
    UNSURE = "unsure"


class Sampling(StrEnum):
    """How a pair came before a reader; only a fair draw may estimate precision and recall."""

    RANDOM = "random"
    STRATIFIED = "stratified"
    UNCERTAIN = "uncertain"
    CHOSEN = "chosen"

    @property
    def is_fair(self) -> bool:
        """Whether every pair had a known chance of being drawn."""
        return self in (Sampling.RANDOM, Sampling.STRATIFIED)


@dataclass(frozen=True, slots=True)
class Side:
    """One statement of a labelled pair, kept so that a label can be read without the data it came from."""

    speaker: str
    text: str
    said_on: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """One reader's answer about one pair, or the taking back of one (`undoes`, then `answer` is `None`).

    `pair` is the key of the two texts. `probability` is the chance that the pair had of being drawn, from
    `population` pairs of its `stratum`. `score` and `similarity` are those of the run it was drawn from.
    `at` is the moment in UTC, `origin` the door it came in by.
    """

    id: str
    pair: str
    answer: Answer | None
    reader: str
    at: str
    kind: str = ""
    note: str = ""
    origin: str = ""
    sampling: Sampling = Sampling.CHOSEN
    probability: float | None = None
    stratum: str = ""
    population: int | None = None
    score: float | None = None
    similarity: float | None = None
    model: str = ""
    undoes: str = ""
    first: Side | None = None
    second: Side | None = None


@dataclass(frozen=True, slots=True)
class Event:
    """A label as it is kept: its number, the chain value of the row before it, and its own.

    `body` is the exact text that the chain value vouches for; `is_newer` says that it holds fields this
    version does not know.
    """

    number: int
    label: Label
    previous: str
    chain: str
    body: str
    is_newer: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """One pair as its readers see it today: the latest label of each, in order of time."""

    pair: str
    labels: tuple[Label, ...]

    @property
    def answer(self) -> Answer | None:
        """The answer all readers share; `None` where they differ."""
        answers = {label.answer for label in self.labels}
        return self.labels[0].answer if len(answers) == 1 else None


def new_id() -> str:
    """A random id of a label; among a million labels a repeat has a chance of one in fifty million."""
    return "l" + "".join(secrets.choice(_ID_LETTERS) for _ in range(16))


def now() -> str:
    """The present moment in UTC, to the microsecond, in a form that sorts as text."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def side(statement: Statement) -> Side:
    """What a label keeps of a statement."""
    return Side(statement.speaker, statement.text, str(statement.said_on or ""), statement.id)


def label_of(finding: Finding, answer: Answer, *, reader: str, **more: object) -> Label:
    """A new label for a judged pair, with the scores it was judged by."""
    pair = finding.pair
    label = Label(
        id=new_id(),
        pair=pair.key,
        answer=answer,
        reader=reader,
        at=now(),
        score=round(finding.score, 6),
        similarity=round(pair.similarity, 6),
        first=side(pair.earlier),
        second=side(pair.later),
    )
    return replace(label, **more)  # type: ignore[arg-type]


def counted(labels: Iterable[Label]) -> list[Label]:
    """The labels that count today: each reader's latest on each pair that was not taken back."""
    rows = list(labels)
    undone = {label.undoes for label in rows if label.undoes}
    latest: dict[tuple[str, str], Label] = {}
    for label in rows:
        if label.undoes or label.id in undone:
            continue
        place = (label.pair, label.reader)
        # Two desks' rows are merged in any order, so the time decides and not the place in the file.
        if place not in latest or latest[place].at <= label.at:
            latest[place] = label
    return sorted(latest.values(), key=lambda label: (label.at, label.id))


def reviews(labels: Iterable[Label]) -> dict[str, Review]:
    """Every labelled pair's review, by pair key."""
    by_pair: dict[str, list[Label]] = defaultdict(list)
    for label in counted(labels):
        by_pair[label.pair].append(label)
    return {pair: Review(pair, tuple(group)) for pair, group in by_pair.items()}


def disagreements(labels: Iterable[Label]) -> list[Review]:
    """The pairs about which readers differ; none of their answers is dropped."""
    return [review for review in reviews(labels).values() if review.answer is None]


def dismissed(labels: Iterable[Label]) -> frozenset[str]:
    """Keys of the pairs that all their readers call consistent; a changed text has another key."""
    return frozenset(p for p, review in reviews(labels).items() if review.answer is Answer.CONSISTENT)


def chained(label: Label, *, number: int, previous: str = "") -> Event:
    """The label as row `number` after the row whose chain value is `previous`."""
    before = previous or _FIRST
    body = _canonical({"row": number, **_fields(label)})
    return Event(number, label, before, _chain(before, body), body)


def whole(event: Event) -> bool:
    """Whether the row is exactly what was written."""
    return event.chain == _chain(event.previous, event.body)


def to_json(event: Event) -> str:
    """The row as one line of JSON; empty fields are left out."""
    return f'{event.body[:-1]},"previous":"{event.previous}","chain":"{event.chain}"}}'


def from_json(line: str) -> Event:
    """The row of a line that `to_json` wrote.

    Raises:
        InputError: The line is not such a row.
    """
    body = line[:-_HASHES] + "}"
    try:
        raw = json.loads(line)
        number, previous, chain = raw.pop("row"), raw.pop("previous"), raw.pop("chain")
        label = label_from(raw)
        return Event(int(number), label, str(previous), str(chain), body, not raw.keys() <= set(_NAMES))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise InputError(f"not a label row: {error}") from error


def label_from(raw: Mapping[str, object]) -> Label:
    """A label from plain values; unknown names are left aside.

    Raises:
        ValueError: A value cannot be used.
    """
    values = {name: raw[name] for name in _NAMES if raw.get(name) is not None}
    for name, kind in (("answer", Answer), ("sampling", Sampling)):
        if name in values:
            values[name] = kind(str(values[name]))
    for name in ("first", "second"):
        given = values.get(name)
        if isinstance(given, Mapping):
            values[name] = Side(**{part: str(given.get(part, "")) for part in _SIDE_NAMES})
    values.setdefault("answer", None)
    return Label(**values)  # type: ignore[arg-type]


def _chain(previous: str, body: str) -> str:
    return hashlib.sha256(f"{previous}\n{body}".encode("utf-8", "surrogatepass")).hexdigest()


def _fields(label: Label) -> dict[str, object]:
    """The label's filled fields as plain values."""
    plain = {name: _plain(getattr(label, name)) for name in _NAMES}
    return {name: value for name, value in plain.items() if name in _ALWAYS or value not in (None, "")}


def _plain(value: object) -> object:
    if isinstance(value, Side):
        return {name: _clean(getattr(value, name)) for name in _SIDE_NAMES if getattr(value, name)}
    if isinstance(value, StrEnum):
        return value.value
    return _clean(value) if isinstance(value, str) else value


def cleaned(label: Label) -> Label:
    """The label with every lone surrogate, which no file can hold, as a question mark."""
    return label_from(_fields(label))


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8") if not text.isascii() else text


def _canonical(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


_NAMES = tuple(f.name for f in fields(Label))
_ALWAYS = {"id", "pair", "reader", "at"}
_SIDE_NAMES = tuple(f.name for f in fields(Side))
