"""What a report tells about a finding and its sides, as plain words that every output may format."""

from __future__ import annotations

from collections.abc import Iterable

from checker.records import Effect, Finding, Statement
from checker.renderers.words import (
    REPORT_CAVEAT,
    capital,
    mode_words,
    number,
    relation_words,
    shift_words,
    when_words,
)

__all__ = ["context_words", "facts", "reasons"]


def reasons(finding: Finding) -> list[tuple[str, str]]:
    """Titled reasons in reading order, from the verdict to what is not known."""
    verdict, judgment = finding.verdict, finding.judgment
    grade = verdict.grade.value if verdict.grade else ""
    because = f", because: {'; '.join(verdict.grade_reasons)}" if verdict.grade_reasons else ""
    titled = [
        ("Can both hold at once?", capital(relation_words(verdict.relation))),
        ("Did the position move?", capital(shift_words(verdict.shift))),
        ("Kinds of conflict:", ", ".join(verdict.kinds)),
        ("Proposed grade, for an editor to decide:", f"{grade}{because}" if grade else ""),
        ("Raised the score:", _joined(_moved(finding, Effect.RAISES))),
        ("Lowered the score:", _joined(_moved(finding, Effect.LOWERS))),
        (
            "Model's contradiction score:",
            f"{number(judgment.forward.contradiction)} from earlier to later, "
            f"{number(judgment.backward.contradiction)} from later to earlier",
        ),
        ("Read with care:", _joined(_cautions(finding))),
        ("Not known:", _joined(verdict.unknowns)),
    ]
    return [(title, words) for title, words in titled if words]


def _joined(sentences: Iterable[str]) -> str:
    # Explanations are sentences; inside a list of them the full stops would end the list.
    return "; ".join(sentence.removesuffix(".") for sentence in sentences)


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


def facts(side: Statement) -> tuple[str, ...]:
    """What a reader must know of one side, always in the same places; empty where nothing is known."""
    attribution = side.attribution
    again = len(side.repeats)
    return (
        mode_words(side),
        f"about: {when_words(side.target_time)}" if side.target_time else "",
        f"said again {again} more time{'s' * (again > 1)}; the earliest date is kept" if again else "",
        f"attribution: {', '.join(attribution.flags)}" if attribution.flags else "",
        f"speaker uncertain: {' or '.join(attribution.candidates)}" if attribution.candidates else "",
    )


def context_words(side: Statement) -> str:
    """What stood around the statement; where that is its neighbours, brackets stand for it."""
    if side.context or not side.surroundings:
        return side.context
    return " ".join(part for part in (side.before, "[the statement]", side.after) if part)
