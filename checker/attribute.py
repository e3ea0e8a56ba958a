"""Entries to statements: validated, dated, one name for each speaker, identified, repeats dropped.

A row that cannot be used is listed with its place; a value that cannot be read is kept as unknown and listed.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from checker.names import merge_names
from checker.plurals import how_many
from checker.readers.written import day_first_in, read_date
from checker.records import (
    Attribution,
    Document,
    Entry,
    Mode,
    Precision,
    Problem,
    Row,
    Severity,
    Source,
    Stance,
    Statement,
    When,
    statement_id,
)
from checker.times import IN_CONTEXT, IN_HEADING

__all__ = ["Attributed", "attribute"]

_MODE_NAMES: Mapping[Mode, str] = {
    Mode.QUOTE: "quote,quoted,quotation,direct,direct quote,direct speech,verbatim,said,speech,post",
    Mode.INDIRECT: "indirect,indirect speech,paraphrase,paraphrased,reported speech,summary,mixed",
    Mode.REPORT: "report,reported fact,fact,news,outlet,event",
}
_MODES = {"": Mode.QUOTE} | {name: mode for mode, names in _MODE_NAMES.items() for name in names.split(",")}
_DATES = ("said_on", "published_on", "target_time")
# More than these nobody reads; the rest are counted.
_MOST_SUGGESTIONS = 50
# Two statements further apart in a document than this are no context for each other.
_NEAR = 2
_FOLDED_MARKS = str.maketrans(
    {"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "–": "-", "—": "-"}
)


@dataclass(frozen=True, slots=True)
class Attributed:
    """The statements of a run, what was wrong with the entries, the names merged, and whole-number counts."""

    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...] = ()
    merges: tuple[tuple[str, tuple[str, ...]], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)


def attribute(
    entries: Iterable[Entry],
    *,
    merge_speakers: bool = True,
    aliases: Mapping[str, str] | None = None,
    day_first: bool | None = None,
) -> Attributed:
    """Statements of all entries, in their order.

    Args:
        entries: Rows become one statement each; documents are searched for attributed speech.
        merge_speakers: Give spellings of one person's name one canonical form.
        aliases: Name to canonical name, applied whether or not names are merged.
        day_first: How to read 03/04/2020 where a column does not show it itself.
    """
    entries = list(entries)
    problems: list[Problem] = []
    rows = [entry for entry in entries if isinstance(entry, Row)]
    orders = _date_orders(rows, day_first)
    found: list[Statement] = []
    for entry in entries:
        found.extend(
            _from_document(entry) if isinstance(entry, Document) else _from_row(entry, orders, problems)
        )
    skipped = sum(problem.severity is Severity.SKIPPED for problem in problems)
    named, merges = _name_speakers(found, problems, merge=merge_speakers, aliases=aliases or {})
    kept = _drop_repeats(_identify(_add_neighbours(named), problems))
    counts = Counter({"rows": len(rows), "documents": len(entries) - len(rows), "rows_skipped": skipped})
    counts.update(
        {"statements_found": len(found), "repeats": len(found) - len(kept), "statements": len(kept)}
    )
    spoken = [statement for statement in kept if statement.mode is not Mode.REPORT]
    nobody = sum(not statement.speaker for statement in spoken)
    counts["speakers_unknown"] = nobody
    counts["speakers_uncertain"] = sum(not statement.is_attributed for statement in spoken) - nobody
    counts.update(f"mode_{statement.mode}" for statement in kept)
    return Attributed(tuple(kept), tuple(problems), tuple(merges), dict(counts))


def _from_document(document: Document) -> list[Statement]:
    from checker.attribution.extract import extract

    return list(extract(document))


def _date_orders(rows: Sequence[Row], day_first: bool | None) -> dict[tuple[str, str], bool | None]:
    """For each document and date column, whether the day comes first."""
    if day_first is not None:
        return defaultdict(lambda: day_first)
    columns: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in rows:
        for name in _DATES:
            columns[row.document, name].append(row.fields.get(name, ""))
    return {key: day_first_in(values) for key, values in columns.items()}


def _from_row(
    row: Row, orders: Mapping[tuple[str, str], bool | None], problems: list[Problem]
) -> list[Statement]:
    def tell(what: str, advice: str = "", severity: Severity = Severity.DOUBTFUL) -> None:
        problems.append(Problem(row.document, f"row {row.row}", what, advice, severity))

    fields = {name: value.strip() for name, value in row.fields.items()}
    mode = _mode(fields.get("mode", ""), tell)
    speaker = " ".join(fields.get("speaker", "").split())
    if not speaker and mode is Mode.REPORT:
        speaker = fields.get("outlet", "")
    if not any(letter.isalnum() for letter in fields.get("text", "")):
        tell("the row has no text", "", Severity.SKIPPED)
        return []
    if not any(letter.isalnum() for letter in speaker):
        tell("the row has no speaker", "", Severity.SKIPPED)
        return []
    dates = {name: _when(fields.get(name, ""), name, orders[row.document, name], tell) for name in _DATES}
    statement = Statement(
        id=fields.get("id", ""),
        text=row.fields["text"],
        attribution=Attribution(
            speaker,
            fields.get("speaker_as_written", "") or speaker,
            cue=fields.get("cue", ""),
            mode=mode,
            stance=_stance(fields.get("stance", ""), tell),
            via=fields.get("via", ""),
            flags=tuple(fields.get("attribution_flags", "").split()),
            rule="row",
        ),
        said_on=dates["said_on"] or _as_published(dates["published_on"]),
        target_time=_found_beside(dates["target_time"], fields.get("target_time_from", "")),
        source=_source(row, fields, dates["published_on"]),
        before=fields.get("context_before", ""),
        after=fields.get("context_after", ""),
        heading=fields.get("heading", ""),
        context=fields.get("context", ""),
        position=_position(fields.get("position", ""), tell),
        language=fields.get("language", ""),
        note=fields.get("note", ""),
        origin=f"{row.document}, row {row.row}",
        extra=row.extra,
    )
    return [statement]


def _mode(written: str, tell: Callable[[str, str], None]) -> Mode:
    mode = _MODES.get(" ".join(written.casefold().replace("_", " ").replace("-", " ").split()))
    if mode is None:
        tell(f"the mode '{written[:40]}' is not known; taken as quote", "use quote, indirect or report")
    return mode or Mode.QUOTE


def _stance(written: str, tell: Callable[[str, str], None]) -> Stance:
    try:
        return Stance(written.casefold() or Stance.HELD)
    except ValueError:
        known = ", ".join(Stance)
        tell(f"the stance '{written[:40]}' is not known; taken as held", f"use one of {known}")
        return Stance.HELD


def _found_beside(target: When | None, found: str) -> When | None:
    """A target time that was found beside the words says so; a corrected one counts as a person's own."""
    how, _, written = found.partition(": ")
    if target is None or how not in (IN_HEADING, IN_CONTEXT) or target.written not in written:
        return target
    return replace(target, written=written, how=how)


def _when(written: str, column: str, day_first: bool | None, tell: Callable[[str, str], None]) -> When | None:
    when, doubt = read_date(written, day_first=day_first)
    if doubt:
        tell(f"{column}: {doubt}", "write dates as 2019-11-17, 2019-11 or 2019")
    if when is None and written:
        return When(None, None, Precision.UNKNOWN, written, "column")
    return when


def _as_published(published: When | None) -> When | None:
    """The date of publication, standing in for a date said that the row does not give."""
    return replace(published, how="publication") if published and published.start else None


def _source(row: Row, fields: Mapping[str, str], published: When | None) -> Source:
    outlet, url = fields.get("outlet", ""), fields.get("url", "")
    if not url and outlet.startswith(("http://", "https://")):
        outlet, url = "", outlet
    return Source(
        outlet=outlet,
        title=fields.get("title", ""),
        url=url,
        published_on=published,
        document=fields.get("document", "") or row.document,
        sha256=row.sha256,
    )


def _position(written: str, tell: Callable[[str, str], None]) -> int | None:
    if not written:
        return None
    try:
        return int(written)
    except ValueError:
        tell(f"the position '{written[:40]}' is no whole number", "")
        return None


def _name_speakers(
    statements: Sequence[Statement], problems: list[Problem], *, merge: bool, aliases: Mapping[str, str]
) -> tuple[list[Statement], list[tuple[str, tuple[str, ...]]]]:
    """Statements under canonical names. Outlets are left alone: two papers may well be called alike."""
    spoken = [
        statement for statement in statements if statement.mode is not Mode.REPORT and statement.speaker
    ]
    names = Counter(statement.speaker for statement in spoken)
    if merge:
        canonical, merges, suggestions = merge_names(names, aliases=aliases)
    else:
        canonical = {name: aliases.get(name, name) for name in names}
        used = sorted({best for name, best in canonical.items() if name != best})
        merges = [(b, tuple(sorted(n for n in names if n != b and canonical[n] == b))) for b in used]
        suggestions = []
    for first, second, why in suggestions[:_MOST_SUGGESTIONS]:
        what = f"'{first}' and '{second}' may be one person and were kept apart: {why}"
        problems.append(Problem("speakers", "", what, "an alias makes them one", Severity.INFO))
    if len(suggestions) > _MOST_SUGGESTIONS:
        more = len(suggestions) - _MOST_SUGGESTIONS
        what = f"kept apart too: {how_many(more, 'more pair')} of like names"
        problems.append(Problem("speakers", "", what, "an alias file makes them one", Severity.INFO))
    named = [
        _renamed(statement, canonical.get(statement.speaker, statement.speaker))
        if statement.mode is not Mode.REPORT
        else statement
        for statement in statements
    ]
    return named, merges


def _renamed(statement: Statement, speaker: str) -> Statement:
    if speaker == statement.speaker:
        return statement
    return replace(statement, attribution=replace(statement.attribution, speaker=speaker))


def _add_neighbours(statements: Sequence[Statement]) -> list[Statement]:
    """Statements of one document, ordered by position, lend each other their text as context."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for index, statement in enumerate(statements):
        if statement.position is not None and not (statement.before or statement.after):
            key = (statement.source.document, statement.source.sha256)
            places[key].append((statement.position, index))
    result = list(statements)
    for placed in places.values():
        placed.sort()
        for (here, first), (there, second) in pairwise(placed):
            if there - here <= _NEAR:
                result[first] = replace(result[first], after=statements[second].text)
                result[second] = replace(result[second], before=statements[first].text)
    return result


def _identify(statements: Sequence[Statement], problems: list[Problem]) -> list[Statement]:
    """Statements under the id they came with, or one computed from speaker, date and text."""
    used: dict[str, Statement] = {}
    result = []
    for statement in statements:
        own = statement.id
        if own in used:
            document, _, where = statement.origin.rpartition(", ")
            what = (
                f"the id '{own[:40]}' is already used by {used[own].origin}; a computed one is used instead"
            )
            advice = "give each statement its own id"
            problems.append(Problem(document, where, what, advice, Severity.DOUBTFUL))
            own = ""
        chosen = own or statement_id(statement.speaker, statement.said_on, statement.text)
        if chosen in used and _sameness(used[chosen]) != _sameness(statement):
            chosen = statement_id(statement.speaker, statement.said_on, statement.text + statement.origin)
        used.setdefault(chosen, statement)
        result.append(replace(statement, id=chosen))
    return result


def _drop_repeats(statements: Sequence[Statement]) -> list[Statement]:
    """One statement for each speaker and text, the earliest, naming where the others stand."""
    groups: dict[tuple[str, str], list[int]] = defaultdict(list)
    for index, statement in enumerate(statements):
        groups[_sameness(statement)].append(index)
    kept = {}
    for group in groups.values():
        if len(group) == 1:
            kept[group[0]] = statements[group[0]]
            continue
        best = min(group, key=lambda index: _earliest(statements[index]))
        others = [statements[index] for index in group if index != best]
        repeats = tuple(f"{other.origin} ({other.said_on or 'unknown date'})" for other in others)
        kept[best] = replace(statements[best], repeats=statements[best].repeats + repeats)
    return [kept[index] for index in sorted(kept)]


def _earliest(statement: Statement) -> date:
    start = statement.said_on.start if statement.said_on else None
    return start or date.max


def _sameness(statement: Statement) -> tuple[str, str]:
    """What two statements share when one repeats the other: speaker and words, marks and case aside."""
    folded = unicodedata.normalize("NFKC", statement.text).translate(_FOLDED_MARKS).casefold()
    return statement.speaker, " ".join(folded.split()).strip("\"'.!,;: ")
