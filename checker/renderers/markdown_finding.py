"""One finding in the markdown report."""

from __future__ import annotations

from collections.abc import Iterable

from checker.records import Effect, Finding, Mode, Statement
from checker.renderers.emphasis import Marks, excerpt, marks
from checker.renderers.links import source_url
from checker.renderers.marking import bullets, folded, link, quotation, table, text
from checker.renderers.words import (
    REPORT_CAVEAT,
    capital,
    group_words,
    heading,
    mode_words,
    number,
    relation_words,
    said_words,
    score_words,
    shift_words,
    side_names,
    source_words,
    when_words,
    why,
)

__all__ = ["finding_lines"]

# Longer statements stand in block quotes below each other; the longest as an excerpt, with the whole folded.
_SIDE_BY_SIDE = 700
_IN_FULL = 2500
_CONTEXT_IN_TABLE = 400


def finding_lines(finding: Finding, rank: int) -> list[str]:
    """The finding's section: heading, both sides, reasons, what is not known, and boxes to tick."""
    pair, verdict = finding.pair, finding.verdict
    lines = [
        f'<a id="^{pair.key}"></a>',
        "",
        f"### {rank}. {text(heading(pair))}",
        "",
        f"{capital(relation_words(verdict.relation))} · {group_words(pair)} · {score_words(finding)} · "
        f"similarity {number(pair.similarity)} · pair ^{pair.key}",
        "",
    ]
    lines += _sides(finding)
    lines += [f"**Why:** {text(why(finding))}", ""]
    lines += bullets(_verdict_items(finding))
    lines += _contexts(finding)
    return lines + _boxes(pair.key)


def _sides(finding: Finding) -> list[str]:
    earlier, later = finding.pair.earlier, finding.pair.later
    names, marked = side_names(finding.pair), marks(finding)
    if max(len(earlier.text), len(later.text)) <= _SIDE_BY_SIDE:
        rows = [
            [
                quotation(side.text, spans, quoted=side.mode is Mode.QUOTE)
                for side, spans in zip((earlier, later), marked, strict=True)
            ],
            *([first, second] for first, second in zip(_facts(earlier), _facts(later), strict=True)),
        ]
        used = [row for row in rows if any(row)]
        header = [f"{name}: {said_words(side)}" for name, side in zip(names, (earlier, later), strict=True)]
        return table(header, used)
    lines: list[str] = []
    for name, side, spans in zip(names, (earlier, later), marked, strict=True):
        lines += [f"**{name}: {said_words(side)}**", "", *_long_quotation(side, spans)]
        lines += bullets(fact for fact in _facts(side) if fact)
    return lines


def _long_quotation(side: Statement, spans: Marks) -> list[str]:
    start, end = excerpt(side.text, spans, longest=_IN_FULL)
    inside = [(a - start, b - start) for a, b in spans if start <= a and b <= end]
    shown = quotation(side.text[start:end], inside, quoted=False)
    before, after = "[…] " if start else "", " […]" if end < len(side.text) else ""
    lines = [f"> {before}{shown}{after}", ""]
    if before or after:
        lines += folded(f"The whole statement ({len(side.text):,} characters)", side.text)
    return lines


def _facts(side: Statement) -> tuple[str, ...]:
    """What a reader must know of one side, one table row each; empty where nothing is known."""
    about = f"about: {when_words(side.target_time)}" if side.target_time else ""
    repeats = (
        f"said again {len(side.repeats)} more time(s); the earliest date is kept" if side.repeats else ""
    )
    flags = f"attribution: {', '.join(side.attribution.flags)}" if side.attribution.flags else ""
    unsure = " or ".join(side.attribution.candidates)
    context = _context(side) if len(_context(side)) <= _CONTEXT_IN_TABLE else ""
    return (
        text(mode_words(side)),
        link(source_words(side), source_url(side)),
        text(f"context: {context}" if context else ""),
        about,
        repeats,
        text(flags),
        text(f"speaker uncertain: {unsure}" if unsure else ""),
        f"statement {side.id}",
    )


def _verdict_items(finding: Finding) -> list[str]:
    verdict, judgment = finding.verdict, finding.judgment
    items = [
        f"**Can both hold at once?** {capital(relation_words(verdict.relation))}. "
        f"**Did the position move?** {capital(shift_words(verdict.shift))}.",
        _item("Kinds of conflict", verdict.kinds, between=", "),
    ]
    if verdict.grade:
        reasons = f", because: {text('; '.join(verdict.grade_reasons))}" if verdict.grade_reasons else ""
        items.append(f"**Proposed grade, for an editor to decide:** {verdict.grade.value}{reasons}")
    items += [
        _item("Raised the score", _moved(finding, Effect.RAISES)),
        _item("Lowered the score", _moved(finding, Effect.LOWERS)),
        f"**Model's contradiction score:** {number(judgment.forward.contradiction)} from earlier to later, "
        f"{number(judgment.backward.contradiction)} from later to earlier",
        _item("Read with care", _cautions(finding)),
        _item("Not known", verdict.unknowns),
    ]
    return [item for item in items if item]


def _item(title: str, words: Iterable[str], *, between: str = "; ") -> str:
    # Explanations are sentences; inside a list of them the full stops would end the list.
    shown = between.join(word.removesuffix(".") for word in words)
    return f"**{title}:** {text(shown)}" if shown else ""


def _moved(finding: Finding, effect: Effect) -> list[str]:
    """What the detectors say in this direction, then the features' shares of the score."""
    sign = 1 if effect is Effect.RAISES else -1
    words = [
        f"{item.explanation.removesuffix('.')} ({item.detector})"
        for item in finding.judgment.evidence
        if item.effect is effect
    ]
    shares = [
        f"{name.replace('_', ' ')} {share:+.2f}"
        for name, share in finding.contributions
        if share * sign >= 0.005
    ]
    return [*words, *([f"shares of the score: {', '.join(shares)}"] if shares else [])]


def _cautions(finding: Finding) -> list[str]:
    report = [REPORT_CAVEAT] if finding.pair.is_report_pair else []
    notes = [item.explanation for item in finding.judgment.evidence if item.effect is Effect.NOTES]
    return list(dict.fromkeys((*report, *finding.verdict.caveats, *notes)))


def _context(side: Statement) -> str:
    """What stood around the statement; where it is neighbours, the statement itself in brackets."""
    if side.context or not side.surroundings:
        return side.context
    return " ".join(part for part in (side.before, "[the statement]", side.after) if part)


def _contexts(finding: Finding) -> list[str]:
    """Contexts too long for the table, folded."""
    sides = (("earlier", finding.pair.earlier), ("later", finding.pair.later))
    long = [(name, _context(side)) for name, side in sides if len(_context(side)) > _CONTEXT_IN_TABLE]
    return [line for name, words in long for line in folded(f"Context of the {name} statement", words)]


def _boxes(key: str) -> list[str]:
    return [
        f"<!-- pair: {key} -->",
        "",
        "- [ ] conflict",
        "- [ ] consistent",
        "- [ ] unsure",
        "",
        "Note:",
        "",
        "<!-- end of pair -->",
        "",
    ]
