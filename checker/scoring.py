"""A list of pairs to a list of verdicts: the judging half of the main job for pairs the user has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import count
from pathlib import Path

from checker.cache import Cache
from checker.embed import embed
from checker.errors import InputError, MissingColumnError
from checker.escape import guarded_name, hidden, unguard_cell
from checker.flag import flag, load_combiner
from checker.judge import judge
from checker.pair import in_order
from checker.pipeline import Models, thresholds_of
from checker.progress import Progress, silent
from checker.readers.encoding import read_text
from checker.readers.registry import READERS
from checker.readers.table import Record, records, shape_problem
from checker.readers.written import day_first_in, read_date
from checker.records import (
    Attribution,
    Finding,
    Mode,
    Pair,
    Problem,
    Severity,
    Statement,
    When,
    statement_id,
)
from checker.renderers.table import sheet
from checker.settings import Settings

__all__ = ["PairRow", "read_pairs", "score_pairs", "scored_table"]

_MODES = {mode.value: mode for mode in Mode}
_SIDES = ("a", "b")
_GUARDED = "guarded"
_KNOWN = {*_SIDES, "speaker", _GUARDED, "a_date", "b_date", "a_mode", "b_mode"}
_ADDED = (
    *("relation", "shift", "score", "probability", "kinds", "similarity"),
    *("entailment", "neutral", "contradiction", "unseen_characters"),
)

_Tell = Callable[[str, str], None]


@dataclass(frozen=True, slots=True)
class PairRow:
    """A row of the list: its cells as given, and the two statements unless it cannot be judged."""

    cells: Mapping[str, str]
    sides: tuple[Statement, Statement] | None


def read_pairs(path: Path, settings: Settings) -> tuple[list[PairRow], list[Problem]]:
    """The rows of a table with columns `a` and `b`, every other column kept, and what is wrong with them.

    Raises:
        InputError: The file cannot be read, is no table of text, names a column twice, or has no row to read.
        MissingColumnError: It has no column `a` or `b`.
    """
    if READERS.get(path.suffix.lower(), "table") not in ("table", "article"):
        raise InputError(f"{path}: pairs are read from a table of text; save them as .csv or .tsv")
    read = read_text(path, encoding=settings.encoding or None)
    problems = [Problem(path.name, "", read.doubt, "", Severity.INFO)] if read.doubt else []
    try:
        held = list(records(read.text, delimiter=settings.delimiter or None, knows=_has_sides))
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    if not held:
        raise InputError(
            f"{path}: the table holds empty cells only; expected a header row and a row of pairs"
        )
    header, *found = held
    if header.fault:
        raise InputError(f"{path}, row 1: {header.fault}; check the quotation marks of this row")
    columns, renamed = _columns_of(header, path)
    if not found:
        raise InputError(f"{path}: the table has a header but no rows; add at least one pair")
    if all(record.fault for record in found):
        where = f"{path}, row {found[0].row}"
        raise InputError(f"{where}: {found[0].fault}; no row is left to judge, so check the quotation marks")
    if renamed:
        what = f"a name that stands twice was numbered: {', '.join(renamed)}"
        problems.append(Problem(path.name, "row 1", what, "", Severity.INFO))
    if replaced := [name for name in columns if name in _ADDED]:
        what = f"written anew, so that what stands there is left out: {', '.join(replaced)}"
        problems.append(Problem(path.name, "row 1", what, "rename them to keep them", Severity.DOUBTFUL))
    cells = [_cells(columns, record) for record in found]
    orders = {side: _day_first(cells, side, settings) for side in _SIDES}
    return [_row(record, columns, orders, path.name, problems) for record in found], problems


def _row(
    record: Record,
    columns: Sequence[str],
    orders: Mapping[str, bool | None],
    document: str,
    problems: list[Problem],
) -> PairRow:
    """The row of a record; one that cannot be read keeps its place with empty cells."""
    where, cells = f"row {record.row}", _cells(columns, record)
    wrong = shape_problem(record, len(columns), document)
    problems += [wrong] if wrong else []
    if wrong and wrong.severity is Severity.SKIPPED:
        return PairRow(cells, None)
    if empty := [side for side in _SIDES if not _value(cells, side)]:
        what = f"not judged, as {' and '.join(empty)} {'is' if len(empty) == 1 else 'are'} empty"
        problems.append(Problem(document, where, what, "write both texts"))
        return PairRow(cells, None)
    tell = partial(_note, problems, document, where)
    return PairRow(
        cells, (_statement(cells, "a", orders["a"], tell), _statement(cells, "b", orders["b"], tell))
    )


def _note(problems: list[Problem], document: str, where: str, what: str, advice: str) -> None:
    problems.append(Problem(document, where, what, advice, Severity.DOUBTFUL))


def score_pairs(
    rows: Sequence[PairRow],
    settings: Settings,
    models: Models,
    *,
    cache: Cache,
    progress: Progress = silent,
) -> list[Finding | None]:
    """A finding for each row, in order; `None` for a row that cannot be judged."""
    given = [row.sides for row in rows if row.sides]
    texts = [side for pair in given for side in pair]
    vectors = embed(texts, models.embedder, cache=cache, progress=progress)
    cosines = [vectors.similarity(2 * row, 2 * row + 1) for row in range(len(given))]
    pairs = [
        Pair(*in_order(*pair), similarity=round(cosine, 4))
        for pair, cosine in zip(given, cosines, strict=True)
    ]
    judgments = judge(pairs, models.scorer, cache=cache, progress=progress)
    thresholds = thresholds_of(settings)
    combiner = load_combiner(settings.combiner)
    found = iter(flag([judgment], combiner=combiner, thresholds=thresholds)[0] for judgment in judgments)
    return [next(found) if row.sides else None for row in rows]


def scored_table(rows: Sequence[PairRow], findings: Sequence[Finding | None]) -> bytes:
    """Guarded CSV of the rows as given with the added columns behind."""
    full = [
        {name: cell for name, cell in row.cells.items() if name not in _ADDED}
        | (dict(_columns(finding)) if finding else {})
        | {"unseen_characters": _unseen(row)}
        for row, finding in zip(rows, findings, strict=True)
    ]
    written = {name for row in full for name in row}
    names = [*(name for name in rows[0].cells if name not in _ADDED), *(n for n in _ADDED if n in written)]
    return sheet({name: row.get(name, "") for name in names} for row in full)


def _unseen(row: PairRow) -> str:
    return " ".join(dict.fromkeys(name for cell in row.cells.values() for name in hidden(cell)))


def _columns(finding: Finding) -> Iterator[tuple[str, str]]:
    judgment = finding.judgment
    yield "relation", finding.verdict.relation
    yield "shift", finding.verdict.shift
    yield "probability" if finding.calibrated else "score", f"{finding.score:.3f}"
    yield "kinds", "; ".join(finding.verdict.kinds)
    yield "similarity", f"{finding.pair.similarity:.3f}"
    for name in ("entailment", "neutral", "contradiction"):
        mean = (getattr(judgment.forward, name) + getattr(judgment.backward, name)) / 2
        yield name, f"{mean:.3f}"


def _has_sides(header: Sequence[str]) -> bool:
    return set(_SIDES) <= {name.strip().lower() for name in header}


def _columns_of(header: Record, path: Path) -> tuple[list[str], list[str]]:
    """The columns' names, and the new ones among them; those this module knows are written small.

    Raises:
        MissingColumnError: The column `a` or `b` is not among them.
        InputError: A column this module knows stands twice, so that nobody can tell which one counts.
    """
    names = [name.strip() or f"column {number}" for number, name in enumerate(header.cells, 1)]
    columns = [name.lower() if name.lower() in _KNOWN else name for name in names]
    if missing := [name for name in _SIDES if name not in columns]:
        found = ", ".join(names) or "none"
        raise MissingColumnError(
            f"{path}, row 1: no column '{missing[0]}'; columns found: {found}; name the two texts a and b"
        )
    if doubled := [name for name in columns if name in _KNOWN and columns.count(name) > 1]:
        raise InputError(f"{path}, row 1: two columns are called '{doubled[0]}'; rename one of them")
    numbered = _numbered(columns)
    return numbered, [new for new, old in zip(numbered, columns, strict=True) if new != old]


def _numbered(names: Sequence[str]) -> list[str]:
    """The names, each that stands twice with a number behind it that no other name has."""
    seen: set[str] = set()
    unique = []
    for name in names:
        further = (f"{name} {number}" for number in count(2))
        new = name if name not in seen else next(n for n in further if n not in seen and n not in names)
        seen.add(new)
        unique.append(new)
    return unique


def _cells(columns: Sequence[str], record: Record) -> dict[str, str]:
    """The exact cells of a row under their columns' names, those of a table that we guarded included."""
    cells = dict.fromkeys(columns, "") | dict(zip(columns, record.cells, strict=False))
    guarded = cells.pop(_GUARDED, "").split()
    return {
        name: unguard_cell(cell) if guarded_name(name) in guarded else cell for name, cell in cells.items()
    }


def _value(cells: Mapping[str, str], name: str) -> str:
    return cells.get(name, "").strip()


def _day_first(rows: Iterable[Mapping[str, str]], side: str, settings: Settings) -> bool | None:
    """Whether the dates of a side are written with the day first, by the settings or by the dates."""
    dates = (_value(cells, f"{side}_date") for cells in rows)
    return day_first_in(dates) if settings.day_first is None else settings.day_first


def _statement(cells: Mapping[str, str], side: str, day_first: bool | None, tell: _Tell) -> Statement:
    written = _value(cells, f"{side}_mode")
    mode = _MODES.get(written.lower(), Mode.QUOTE)
    if written and written.lower() not in _MODES:
        known = ", ".join(_MODES)
        tell(f"{side}_mode '{written[:40]}' is not known; taken as quote", f"use one of {known}")
    said_on = _date(_value(cells, f"{side}_date"), f"{side}_date", day_first, tell)
    outlet = f"outlet of {side}" if mode is Mode.REPORT else _value(cells, "speaker")
    attribution = Attribution(speaker=outlet, speaker_as_written=outlet, mode=mode)
    text = cells[side]
    return Statement(statement_id(outlet, said_on, text), text, attribution, said_on=said_on)


def _date(written: str, column: str, day_first: bool | None, tell: _Tell) -> When | None:
    when, doubt = read_date(written, day_first=day_first)
    if doubt:
        tell(f"{column}: {doubt}", "write dates as 2019-11-17, 2019-11 or 2019")
    return when
