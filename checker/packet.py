"""All that a desk needs to publish one finding, and to have it answered: a folder of small files."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from dataclasses import replace

from checker.errors import InputError
from checker.records import CheckResult, Finding, Mode, Source, Statement
from checker.renderers import claimreview
from checker.renderers.emphasis import difference
from checker.renderers.folding import Placed
from checker.renderers.jsondoc import document
from checker.renderers.links import source_url
from checker.renderers.markdown_finding import finding_lines
from checker.renderers.marking import bullets, link, quotation, table, text
from checker.renderers.said import said_words, when_words
from checker.renderers.words import LIMITS, mode_words, source_words, topic_of

__all__ = ["FILES", "find_finding", "packet"]

FILES = ("finding.md", "request-for-comment.md", "corrections.csv", "claimreview.json", "finding.json")

_CORRECTIONS = ("date", "what was wrong", "what it says now", "decided by")


def find_finding(result: CheckResult, key: str) -> Finding:
    """The judged pair whose id starts with `key`.

    Raises:
        InputError: No pair, or more than one, has such an id.
    """
    judged = {finding.pair.key: finding for finding in (*result.findings, *result.judged)}
    matching = [name for name in judged if name.startswith(key)] if key else []
    if len(matching) == 1:
        return judged[matching[0]]
    if not matching and key and any(statement.id.startswith(key) for statement in result.statements):
        raise InputError(f"'{key}' is a statement; give the id of a pair, which the report names too")
    if not matching:
        raise InputError(f"no judged pair has the id '{key}'; the report names each pair's id")
    raise InputError(f"{len(matching)} pairs have ids that start with '{key}'; give more letters")


def packet(result: CheckResult, key: str) -> dict[str, bytes]:
    """File names and contents of the packet for one pair.

    Raises:
        InputError: No pair, or more than one, has such an id.
    """
    finding = find_finding(result, key)
    part = _alone(result, finding)
    contents = (
        _page(result, finding),
        _request(finding),
        _corrections(),
        _json({"@context": "https://schema.org", **claimreview.draft(finding)}),
        _json(document(part)),
    )
    return dict(zip(FILES, contents, strict=True))


def _alone(result: CheckResult, finding: Finding) -> CheckResult:
    """The result reduced to one finding: no other statements, and no notes of the desk's own."""
    sides = (finding.pair.earlier, finding.pair.later)
    return CheckResult(
        name=result.name,
        statements=tuple(replace(side, note="", extra=()) for side in sides),
        # The pair it may be listed under is not in here.
        findings=(replace(finding, lead=""),),
        counts=result.counts,
        inputs=result.inputs,
        models=result.models,
        thresholds=result.thresholds,
        settings=result.settings,
        run_date=result.run_date,
        version=result.version,
    )


def _json(data: object) -> bytes:
    return json.dumps(data, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


def _lines(lines: Sequence[str]) -> bytes:
    return ("\n".join(lines).rstrip() + "\n").encode()


def _page(result: CheckResult, finding: Finding) -> bytes:
    pair = finding.pair
    lines = [f"# Packet for pair {pair.key}", "", *finding_lines(Placed(1, finding))]
    lines += ["## What changed between the two", "", *_changes(finding)]
    lines += ["## Sources", ""]
    header = [
        "Statement",
        "Said or reported",
        "Source",
        "Read from",
        "SHA-256 of the document",
        "Archive copy",
    ]
    lines += table(header, (_source_row(side) for side in (pair.earlier, pair.later)))
    lines += ["## Run", ""]
    lines += table(
        ["Model", "Name", "SHA-256"], ([text(c.role), text(c.name), text(c.sha256)] for c in result.models)
    )
    lines += table(["Input", "SHA-256"], ([text(path), text(digest)] for path, digest in result.inputs))
    return _lines([*lines, "## Limits", "", *bullets(LIMITS)])


def _changes(finding: Finding) -> list[str]:
    """The words that differ, or that the wording differs throughout."""
    parts = difference(finding.pair)
    if not parts:
        return ["The wording differs throughout, or is too long to compare word by word.", ""]
    names = {"earlier": "only earlier", "later": "only later"}
    if not finding.pair.is_ordered:
        names = {"earlier": "only the one", "later": "only the other"}
    shown = (f"- {names[kind]}: {text(words)}" for kind, words in parts if kind != "same")
    return [*shown, ""]


def _source_row(side: Statement) -> list[str]:
    source: Source = side.source
    place = side.origin or source.document
    return [
        side.id,
        said_words(side),
        link(source_words(side), source_url(side)),
        text(f"{place}, characters {side.span.start} to {side.span.end}" if side.span else place),
        text(source.sha256 or "not known"),
        "to be added",
    ]


def _request(finding: Finding) -> bytes:
    """A draft letter in neutral words; square brackets are for the editor to fill."""
    pair = finding.pair
    people = dict.fromkeys(s.speaker for s in (pair.earlier, pair.later) if s.mode is not Mode.REPORT)
    lines = [
        "# Request for comment (draft)",
        "",
        f"To: {text(' and '.join(people) or '[name]')}",
        "",
        f"We are preparing an article that touches on this subject: {text(topic_of(pair))}. In it we would "
        "like to set the following side by side, and we would like to hear from you first.",
        "",
    ]
    for number, side in enumerate((pair.earlier, pair.later), 1):
        shown = quotation(side.text, quoted=side.mode is Mode.QUOTE)
        about = f"{text(mode_words(side))}, {when_words(side.said_on)}"
        lines += [
            f"{number}. {about} ({link(source_words(side), source_url(side))}):",
            "",
            f"   > {shown}",
            "",
        ]
    return _lines([*lines, *_questions(finding)])


def _questions(finding: Finding) -> list[str]:
    report = ["Is the report correct? If not, what happened?"] if finding.pair.is_report_pair else []
    questions = [
        "Are the words given correctly and completely? If not, what was said?",
        *report,
        "What should a reader know about the occasion and the context?",
        "In your view, do the two agree? If a position has changed, when and why?",
    ]
    return [
        "We would be grateful for your answer to these questions:",
        "",
        *bullets(questions),
        "We will report your answer, or that we asked. Please reply by [date].",
        "",
        "[name, newsroom, address]",
    ]


def _corrections() -> bytes:
    log = io.StringIO(newline="")
    csv.writer(log, lineterminator="\n").writerow(_CORRECTIONS)
    return log.getvalue().encode()
