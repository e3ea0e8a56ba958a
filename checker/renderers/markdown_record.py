"""What the markdown report says about the record and the run, before and after the findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from checker.plurals import how_many
from checker.records import CheckResult, Finding, Mode, Statement
from checker.renderers.folding import Placed
from checker.renderers.marking import bullets, link, quotation, table, text
from checker.renderers.said import said_words
from checker.renderers.topics import TopicRow, rest_words, topic_rows
from checker.renderers.words import LIMITS, count_words, heading, number, position_words

__all__ = [
    "glance_rows",
    "held_lines",
    "limits_lines",
    "missing_lines",
    "near_miss_lines",
    "read_lines",
    "run_lines",
    "topic_lines",
]

_MOST_HELD = 30
_MOST_OF_A_RUN = 5
_MOST_NEAR_MISSES = 50
_MOST_LISTED = 200


def read_lines(result: CheckResult) -> list[str]:
    """What was read and compared: the denominators, per speaker and mode."""
    lines = ["## What was read and compared", ""]
    lines += table(["What", "How many"], ([text(name), f"{n:,}"] for name, n in count_words(result.counts)))
    if result.by_speaker:
        header = ["Speaker", "Quotes", "Indirect speech", "Reported facts", "All"]
        lines += table(header, (_speaker_row(name, modes) for name, modes in result.by_speaker.items()))
        lines += ["These figures count what was read. They rank nobody.", ""]
    return lines


def _speaker_row(name: str, modes: Mapping[str, int]) -> list[str]:
    figures = [modes.get(mode.value, 0) for mode in Mode]
    return [text(name or "not named"), *map(str, figures), str(sum(figures))]


def topic_lines(result: CheckResult, shown: Sequence[Placed]) -> list[str]:
    """Each topic with its statements, their dates and the findings on it."""
    if not result.topics:
        return []
    topics = topic_rows(result, [(placed.rank, placed.finding) for placed in shown])
    rows = ([text(t.name), str(t.statements), t.dates, _ranks(t)] for t in topics if t.statements > 1)
    lines = ["## Topics", "", *table(["Topic", "Statements", "First and last said", "Findings"], rows)]
    rest = rest_words(result, alone=sum(topic.statements < 2 for topic in topics))
    return [*lines, *([rest, ""] if rest else [])]


def _ranks(topic: TopicRow) -> str:
    return ", ".join(f"[{rank}](#^{finding.pair.key})" for rank, finding in topic.findings) or "none"


def near_miss_lines(near: Sequence[Finding], table_hint: str) -> list[str]:
    """Pairs between the two cuts, in a shorter form."""
    if not near:
        return []
    lines = ["## Near misses", "", "Below the cut for findings, above the cut for being listed.", ""]
    for finding in near[:_MOST_NEAR_MISSES]:
        lines += [f"- {text(heading(finding.pair))} (score {number(finding.score)}, pair {finding.pair.key})"]
        lines += [f"  - {_brief(side)}" for side in (finding.pair.earlier, finding.pair.later)]
    return [*lines, "", *_more(len(near) - _MOST_NEAR_MISSES, table_hint)]


def _brief(side: Statement) -> str:
    """Who, when and what; a long statement is shortened, and its id leads to the whole."""
    words = side.text if len(side.text) <= 300 else f"{side.text[:300].rsplit(' ', 1)[0]} […]"
    shown = quotation(words, quoted=side.mode is Mode.QUOTE)
    return f"{text(side.speaker)}, {said_words(side)}: {shown} ({side.id})"


def held_lines(result: CheckResult, table_hint: str) -> list[str]:
    """Positions that were held: consistency counts as a result too, runs of it first."""
    statements = {statement.id: statement for statement in result.statements}
    told = {key for position in result.positions for key in position.statement_ids}
    pairs = [pair for pair in result.held if not {pair.earlier.id, pair.later.id} <= told]
    if not result.positions and not pairs:
        return []
    lines = ["## Positions held", "", "Said again later in agreement with the earlier words.", ""]
    for position in result.positions[:_MOST_HELD]:
        members = [statements[key] for key in position.statement_ids if key in statements]
        lines += [f"- {text(position.speaker or 'not named')}: {position_words(position)}."]
        lines += [f"  - {_brief(side)}" for side in _ends(members)]
    for pair in pairs[: max(0, _MOST_HELD - len(result.positions))]:
        lines += [f"- {text(heading(pair))}"]
        lines += [f"  - {_brief(side)}" for side in (pair.earlier, pair.later)]
    return [*lines, "", *_more(len(result.positions) + len(pairs) - _MOST_HELD, table_hint)]


def _ends(members: Sequence[Statement]) -> Sequence[Statement]:
    return members if len(members) <= _MOST_OF_A_RUN else (*members[:1], *members[1 - _MOST_OF_A_RUN :])


def _more(left: int, table_hint: str) -> list[str]:
    return [f"{how_many(left, 'more is', 'more are')} not listed here; {table_hint}", ""] if left > 0 else []


def missing_lines(result: CheckResult) -> list[str]:
    """What was not compared and why, what went wrong while reading, and which names were taken as one."""
    lines = ["## What was not compared, and why", ""]
    lines += bullets(map(text, result.omissions)) if result.omissions else ["Nothing was left out.", ""]
    if result.problems:
        lines += ["## Problems found while reading", ""]
        listed = result.problems[:_MOST_LISTED]
        lines += bullets(f"{problem.severity.value}: {text(str(problem))}" for problem in listed)
        lines += _more(len(result.problems) - _MOST_LISTED, "all are in the JSON output.")
    if result.merges:
        lines += ["## Names taken as one speaker", ""]
        lines += bullets(
            f"{text(name)}: written as {text(', '.join(written))}" for name, written in result.merges
        )
    return lines


def run_lines(result: CheckResult) -> list[str]:
    """Settings, thresholds, models and inputs, so that a second desk can repeat the run."""
    cuts = result.thresholds
    rows = [
        ["similarity, to be compared", number(cuts.similarity)],
        ["score, to be a near miss", number(cuts.maybe)],
        ["score, to be shown", number(cuts.show)],
        *([text(name), text(value)] for name, value in result.settings if name != "command"),
    ]
    lines = ["## Settings and models", "", *table(["Setting", "Value"], rows)]
    if result.models:
        cards = ([text(m.role), text(m.name), text(m.sha256), text(m.licence)] for m in result.models)
        lines += table(["Model", "Name", "SHA-256", "Licence"], cards)
    if result.inputs:
        lines += table(["Input", "SHA-256"], ([text(path), text(digest)] for path, digest in result.inputs))
    command = dict(result.settings).get("command", "")
    if command:
        lines += ["This command repeats the run:", "", f"> {text(command)}", ""]
    return lines


def limits_lines() -> list[str]:
    """What the report cannot tell."""
    return ["## Limits", "", *bullets(LIMITS)]


def glance_rows(leads: Sequence[Placed]) -> list[list[str]]:
    """One row a lead for the list at the top, linked to its section, with the number of pairs under it."""
    return [
        [
            str(lead.rank),
            link(heading(lead.finding.pair), f"#^{lead.finding.pair.key}"),
            text(", ".join(lead.finding.verdict.kinds)),
            number(lead.finding.score),
            str(len(lead.under) or ""),
        ]
        for lead in leads
    ]
