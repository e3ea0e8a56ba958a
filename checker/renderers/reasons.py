"""What a report tells about a finding and its sides, as plain words that every output may format."""

from __future__ import annotations

from collections.abc import Iterable

from checker.plurals import how_many
from checker.records import Effect, Finding, Shift, Statement
from checker.renderers.said import about_words, direction_names
from checker.renderers.words import REPORT_CAVEAT, capital, mode_words, number, relation_words, shift_words

__all__ = ["context_words", "facts", "reasons"]

_FEATURES = {
    "nli.contradiction.mean": "the model's contradiction score",
    "nli.contradiction.gap": "the gap between the model's two directions",
    "nli.entailment.max": "the model's agreement score",
}


def reasons(finding: Finding, *, brief: bool = False) -> list[tuple[str, str]]:
    """Titled reasons in reading order, from the verdict to what is not known.

    Brief ones leave out what the line above a finding says too, and a shift that nobody proposes.
    """
    verdict, judgment = finding.verdict, finding.judgment
    grade = verdict.grade.value if verdict.grade else ""
    because = f", because: {'; '.join(verdict.grade_reasons)}" if verdict.grade_reasons else ""
    there, back = direction_names(finding.pair)
    still = brief and verdict.shift is Shift.NONE
    titled = [
        ("Can both hold at once?", "" if brief else capital(relation_words(verdict.relation))),
        ("Did the position move?", "" if still else capital(shift_words(verdict.shift))),
        ("Kinds of conflict:", ", ".join(verdict.kinds)),
        ("Proposed grade, for an editor to decide:", f"{grade}{because}" if grade else ""),
        ("Raised the score:", _joined(_moved(finding, Effect.RAISES))),
        ("Lowered the score:", _joined(_moved(finding, Effect.LOWERS))),
        (
            "Model's contradiction score:",
            f"from {there} {number(judgment.forward.contradiction)}, "
            f"from {back} {number(judgment.backward.contradiction)}",
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
    # One decimal, as the log-odds of a score move faster than the score.
    shares = [
        f"{_feature(name)} {share:+.1f}" for name, share in finding.contributions if share * sign >= 0.05
    ]
    return [*words, *([f"in log-odds: {', '.join(shares)}"] if shares else [])]


def _feature(name: str) -> str:
    return _FEATURES.get(name, name.removesuffix(".raises").removesuffix(".lowers").replace("_", " "))


def _cautions(finding: Finding) -> list[str]:
    """Caveats and notes that are not told as lowering the score already."""
    evidence = finding.judgment.evidence
    told = {item.explanation for item in evidence if item.effect is not Effect.NOTES}
    report = [REPORT_CAVEAT] if finding.pair.is_report_pair else []
    notes = [item.explanation for item in evidence if item.effect is Effect.NOTES]
    cautions = dict.fromkeys((*report, *finding.verdict.caveats, *notes))
    return [words for words in cautions if words not in told]


def facts(side: Statement) -> tuple[str, ...]:
    """What a reader must know of one side, always in the same places; empty where nothing is known."""
    attribution = side.attribution
    again = len(side.repeats)
    return (
        mode_words(side),
        f"about: {about_words(side.target_time)}" if side.target_time else "",
        f"said again {how_many(again, 'more time')}; the earliest date is kept" if again else "",
        f"attribution: {', '.join(attribution.flags)}" if attribution.flags else "",
        f"speaker uncertain: {' or '.join(attribution.candidates)}" if attribution.candidates else "",
    )


def context_words(side: Statement) -> str:
    """What stood around the statement; where that is its neighbours, brackets stand for it."""
    if side.context or not side.surroundings:
        return side.context
    return " ".join(part for part in (side.before, "[the statement]", side.after) if part)
