"""The standard columns, the other names people give them, and one table row as a record."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from checker.errors import MissingColumnError, SettingsError
from checker.escape import guarded_name, unguard_cell
from checker.readers.registry import ReadOptions
from checker.records import Problem, Row, Severity

__all__ = ["ALIASES", "REQUIRED", "STANDARD", "ColumnMap", "map_columns", "row_of"]

REQUIRED = ("text", "speaker")

ALIASES: Mapping[str, tuple[str, ...]] = {
    "id": ("statement_id", "quote_id", "claim_id", "key"),
    "speaker": (
        "who",
        "said_by",
        "spoken_by",
        "claimant",
        "author",
        "person",
        "politician",
        "speaker_name",
        "by",
        "name",
        "sprecher",
        "hablante",
        "orateur",
        "автор",
        "спикер",
        "кто",
    ),
    "text": (
        "quote",
        "statement",
        "claim",
        "claim_reviewed",
        "claimreviewed",
        "quotation",
        "utterance",
        "sentence",
        "words",
        "content",
        "body",
        "what",
        "zitat",
        "aussage",
        "cita",
        "citation",
        "цитата",
        "высказывание",
        "текст",
    ),
    "said_on": (
        "date",
        "date_said",
        "said_at",
        "statement_date",
        "quote_date",
        "claim_date",
        "claimdate",
        "day",
        "when",
        "spoken_on",
        "datum",
        "fecha",
        "дата",
    ),
    "mode": ("quote_type", "statement_type", "speech", "speech_type"),
    "cue": ("verb", "reporting_verb", "speech_verb"),
    "context": ("surrounding", "surroundings", "background"),
    "heading": ("section_heading",),
    "context_before": (),
    "context_after": (),
    "document": ("doc", "doc_id", "document_id", "article", "article_id", "file", "filename"),
    "position": ("pos", "order", "sentence_no", "paragraph", "index"),
    "target_time": ("target", "about_time", "about_date", "target_date", "target_year", "event_date"),
    "target_time_from": (),
    "outlet": ("source", "publisher", "publication", "medium", "newspaper", "site", "appearance", "источник"),
    "title": ("headline", "article_title"),
    "url": ("link", "source_url", "href", "web", "address", "ссылка"),
    "published_on": (
        "published",
        "published_at",
        "publication_date",
        "date_published",
        "datepublished",
        "pub_date",
    ),
    "language": ("lang", "language_code"),
    "note": ("notes", "comment", "comments", "remark", "remarks"),
    "speaker_as_written": (),
    "stance": (),
    "via": (),
    "attribution_flags": (),
}
STANDARD = tuple(ALIASES)

_LIKE_ENOUGH = 70
_GUARDED = "guarded"
_NOT_WORD = re.compile(r"[\W_]+")
_UNPRINTABLE = re.compile("[\x00\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Which standard column each of a table's columns is; an empty name means it is carried through."""

    header: tuple[str, ...]
    names: tuple[str, ...]

    @property
    def renamed(self) -> str:
        """The renamings as one readable text, empty when every name was standard already."""
        pairs = zip(self.header, self.names, strict=True)
        return ", ".join(f"'{old}' as {new}" for old, new in pairs if new and _plain(old) != new)


def map_columns(header: Sequence[str], options: ReadOptions) -> ColumnMap:
    """The table's columns under their standard names.

    A name given by the user wins over a standard one, that over an alias, an earlier alias over a later.

    Raises:
        MissingColumnError: No column holds the text, or none the speaker.
        SettingsError: The user mapped a column to a name that is not standard.
    """
    titles = tuple(title.strip() or f"column {number}" for number, title in enumerate(header, 1))
    taken = _given(titles, options.columns)
    plain = [_plain(title) for title in titles]
    for standard, aliases in ALIASES.items():
        for name in (standard, *aliases):
            if standard not in taken.values() and name in plain and plain.index(name) not in taken:
                taken[plain.index(name)] = standard
    _demand(titles, taken)
    return ColumnMap(titles, tuple(taken.get(index, "") for index in range(len(titles))))


def row_of(
    cells: Sequence[str], columns: ColumnMap, *, document: str, row: int, options: ReadOptions
) -> tuple[Row, tuple[Problem, ...]]:
    """One row as a record, with a problem when characters had to be replaced that no text may hold."""
    values = _unguarded([*cells, *[""] * (len(columns.header) - len(cells))], columns)
    clean = [_UNPRINTABLE.sub("\ufffd", value) for value in values]
    named = list(zip(columns.header, columns.names, clean, strict=False))
    fields = {name: value for _, name, value in named if name}
    extra = tuple((title, v) for title, name, v in named if not name and title != _GUARDED and v.strip())
    _fill(fields, options)
    record = Row(fields=fields, document=document, row=row, extra=extra)
    if clean == values:
        return record, ()
    what = "holds characters that are no text; each was replaced by \ufffd"
    return record, (Problem(document, f"row {row}", what, "check the text", Severity.DOUBTFUL),)


def _unguarded(values: list[str], columns: ColumnMap) -> list[str]:
    """The exact texts of a table that this program wrote, which put an apostrophe before formula signs."""
    if _GUARDED not in columns.header:
        return values
    guarded = values[columns.header.index(_GUARDED)].split()
    return [
        unguard_cell(value) if guarded_name(title) in guarded else value
        for title, value in zip(columns.header, values, strict=False)
    ] + values[len(columns.header) :]


def _fill(fields: dict[str, str], options: ReadOptions) -> None:
    if options.outlet and not fields.get("outlet", "").strip():
        fields["outlet"] = options.outlet
    if options.published and not fields.get("published_on", "").strip():
        fields["published_on"] = str(options.published)


def _plain(title: str) -> str:
    # "claimReviewed", "Claim reviewed" and "claim_reviewed" are one name.
    return _NOT_WORD.sub("_", title.strip().casefold()).strip("_")


def _given(titles: Sequence[str], columns: Mapping[str, str]) -> dict[int, str]:
    wanted = {_plain(old): new for old, new in columns.items()}
    for new in wanted.values():
        if new not in STANDARD:
            raise SettingsError(f"'{new}' is no standard column; standard are {', '.join(STANDARD)}")
    plain = [_plain(title) for title in titles]
    return {plain.index(old): new for old, new in wanted.items() if old in plain}


def _demand(titles: Sequence[str], taken: Mapping[int, str]) -> None:
    missing = [name for name in REQUIRED if name not in taken.values()]
    if not missing:
        return
    free = [title for index, title in enumerate(titles) if index not in taken]
    hints = [hint for name in missing if (hint := _nearest(name, free))]
    wanted = " and ".join(f"'{name}'" for name in missing)
    found = ", ".join(f"'{title}'" for title in titles[:20])
    advice = " ".join(hints) or f"Rename a column: the first row must name {wanted}."
    raise MissingColumnError(f"no column {wanted}; found {found}. {advice}")


def _spaced(title: str) -> str:
    return _plain(title).replace("_", " ")


def _nearest(standard: str, titles: Sequence[str]) -> str:
    from rapidfuzz import fuzz, process

    best: tuple[float, str] = (0.0, "")
    for name in (standard, *ALIASES[standard]):
        match = process.extractOne(
            name, titles, scorer=fuzz.token_ratio, processor=_spaced, score_cutoff=_LIKE_ENOUGH
        )
        if match and match[1] > best[0]:
            best = (match[1], match[0])
    return f"Is '{best[1]}' the {standard}? Then rename it to '{standard}'." if best[1] else ""
