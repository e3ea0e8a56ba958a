"""The report as one markdown file that reads well on GitHub and in Obsidian."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from checker.records import Band, CheckResult, Finding
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
    """The whole report; at most `MOST_FINDINGS` findings in full, the rest in the table it points to.

    Args:
        result: What is reported.
        pictures: Alternative text and file name of each picture beside the report.
    """
    shown = [finding for finding in result.findings if finding.band is Band.SHOW]
    near = [finding for finding in result.findings if finding.band is Band.MAYBE]
    listed = shown[:MOST_FINDINGS]
    lines = _front_matter(result, len(shown))
    lines += [f"# Possible conflicts in {text(result.name)}", "", *_summary(result)]
    lines += [
        line for words, name in (pictures or {}).items() for line in (f"![{text(words)}]({quote(name)})", "")
    ]
    lines += read_lines(result)
    lines += _findings(listed, len(shown))
    lines += near_miss_lines(near, _HINT)
    lines += held_lines(result, "all are in the JSON output.")
    lines += topic_lines(result, listed)
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


def _findings(listed: Sequence[Finding], total: int) -> list[str]:
    lines = ["## Findings", ""]
    if not listed:
        return [*lines, "No pair reached the cut for being shown.", ""]
    lines += table(["Rank", "Topic and dates", "Kinds", "Score"], glance_rows(listed))
    if total > len(listed):
        lines += [f"The first {len(listed):,} of {total:,} findings follow; {_HINT}", ""]
    for rank, finding in enumerate(listed, 1):
        lines += finding_lines(finding, rank)
    return lines
