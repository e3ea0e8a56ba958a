"""The report as one markdown file that reads well on GitHub and in Obsidian."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import quote

from checker.records import Band, CheckResult
from checker.renderers.folding import MORE_PAIRS, MORE_PAIRS_WORDS, Listing, listing, stack_words
from checker.renderers.markdown_finding import finding_lines
from checker.renderers.markdown_record import (
    glance_rows,
    held_lines,
    limits_lines,
    missing_lines,
    near_miss_lines,
    read_lines,
    run_lines,
    topic_lines,
)
from checker.renderers.marking import table, text
from checker.renderers.words import summary_words

__all__ = ["MOST_FINDINGS", "SUFFIX", "render"]

SUFFIX = ".md"
MOST_FINDINGS = 100
_HINT = "write them all as a table with `--format csv`."


def render(result: CheckResult, *, pictures: Mapping[str, str] | None = None) -> bytes:
    """The whole report; at most `MOST_FINDINGS` leads and as many folded pairs, the rest in the table named.

    Args:
        result: What is reported.
        pictures: Alternative text and file name of each picture beside the report.
    """
    shown = [finding for finding in result.findings if finding.band is Band.SHOW]
    near = [finding for finding in result.findings if finding.band is Band.MAYBE]
    listed = listing(shown, most=MOST_FINDINGS)
    lines = _front_matter(result, len(shown))
    lines += [f"# Possible conflicts in {text(result.name)}", "", *_summary(result)]
    lines += [
        line for words, name in (pictures or {}).items() for line in (f"![{text(words)}]({quote(name)})", "")
    ]
    lines += read_lines(result)
    lines += _leads(listed)
    lines += _folded(listed)
    lines += near_miss_lines(near, _HINT)
    lines += held_lines(result, "all are in the JSON output.")
    lines += topic_lines(result, listed.cards)
    lines += missing_lines(result)
    lines += run_lines(result)
    lines += limits_lines()
    return ("\n".join(lines).rstrip() + "\n").encode()


def _front_matter(result: CheckResult, shown: int) -> list[str]:
    # A JSON string is a YAML string too, whatever it holds.
    fields: list[tuple[str, object]] = [
        ("title", f"Possible conflicts in {result.name}"),
        ("statements", result.counts.get("statements", len(result.statements))),
        ("findings", shown),
        ("checker", result.version),
    ]
    if result.run_date:
        fields.append(("date", result.run_date.isoformat()))
    return ["---", *(f"{name}: {json.dumps(value)}" for name, value in fields), "---", ""]


def _summary(result: CheckResult) -> list[str]:
    return [
        summary_words(result),
        "",
        "Each finding proposes two statements to read side by side. None of them accuses anybody.",
        "",
    ]


def _leads(listed: Listing) -> list[str]:
    """The findings on statements of their own, at a glance and in full."""
    lines = ["## Findings", ""]
    if not listed.leads:
        return [*lines, "No pair reached the cut for being shown.", ""]
    lines += [stack_words(listed.all_leads, listed.all_folded), ""] if listed.all_folded else []
    rows = glance_rows(listed.leads)
    header = ["Rank", "Topic and dates", "Kinds", "Score", "More pairs"]
    lines += table(header, rows) if listed.all_folded else table(header[:-1], (row[:-1] for row in rows))
    lines += _capped(len(listed.leads), listed.all_leads, "findings")
    return lines + [line for placed in listed.leads for line in finding_lines(placed)]


def _folded(listed: Listing) -> list[str]:
    """The pairs under these, in the order of what they stand under."""
    if not listed.folded:
        return []
    lines = [f"## {MORE_PAIRS}", "", MORE_PAIRS_WORDS, ""]
    lines += _capped(len(listed.folded), listed.all_folded, "such pairs")
    return lines + [line for placed in listed.folded for line in finding_lines(placed)]


def _capped(listed: int, total: int, what: str) -> list[str]:
    return [f"The first {listed:,} of {total:,} {what} follow; {_HINT}", ""] if total > listed else []
