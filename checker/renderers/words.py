"""The wording that every output shares: dates, modes, verdicts and reasons in neutral words."""

from __future__ import annotations

from collections.abc import Mapping

from checker.plurals import how_many
from checker.records import (
    CheckResult,
    Effect,
    Finding,
    HeldPosition,
    Mode,
    Pair,
    Relation,
    Shift,
    Stance,
    Statement,
)
from checker.renderers.said import day_words, direction_names, said_words, when_words

__all__ = [
    "LIMITS",
    "NO_TOPIC",
    "REPORT_CAVEAT",
    "budget_words",
    "capital",
    "citation",
    "count_words",
    "group_words",
    "heading",
    "mode_words",
    "number",
    "own_words",
    "position_words",
    "relation_words",
    "score_words",
    "shift_words",
    "source_words",
    "summary_words",
    "topic_of",
    "why",
]

NO_TOPIC = "No topic named"

REPORT_CAVEAT = (
    "One side is a fact that an outlet reports, not something the speaker said: "
    "check the report before you hold the words against it."
)

LIMITS = (
    "A finding is a pair worth a reader's minute. It says nothing about anybody's intentions, and a change "
    "of mind, a changed world or a loose translation can explain it.",
    "Similarity is a cosine: it only decides what is compared. The score only ranks: it is not a probability "
    "unless this report says that it was calibrated.",
    "What was never read, and pairs whose words are too far apart to be compared, cannot be found. "
    "No finding does not mean that a record holds no conflict.",
    "Attribution, dates and translations come from the input. Read the source before you publish.",
)


_RELATIONS = {
    Relation.CONTRADICTION: "possible contradiction",
    Relation.TENSION: "possible tension",
    Relation.COMPATIBLE: "both can hold",
    Relation.UNRELATED: "no common subject",
}
_SHIFTS = {
    Shift.HELD: "position held",
    Shift.SOFTENED: "position softened",
    Shift.HARDENED: "position hardened",
    Shift.REVERSED: "position reversed",
    Shift.EXPIRED: "the time the earlier statement speaks of has passed",
    Shift.NONE: "no shift proposed",
}
_MODES = {Mode.QUOTE: "quote", Mode.INDIRECT: "indirect speech", Mode.REPORT: "reported fact"}


_COUNTS = {
    "documents": "documents of running text",
    "rows": "table rows",
    "rows_skipped": "rows skipped",
    "statements_found": "statements found",
    "repeats": "repeats of a statement, left out",
    "statements": "statements read",
    "speakers_unknown": "of these by nobody known, not compared",
    "speakers_uncertain": "of these by an uncertain speaker, compared with reports only",
    "pairs_possible": "pairs possible",
    "pairs_compared": "pairs near enough in topic to be compared",
    "pairs_screened": "of these dropped by a cheap look",
    "pairs_over_budget": "of these left out by the budget of pairs",
    "pairs_unreached": "of these not reached in the time given",
    "pairs_judged": "pairs judged",
    "shown": "findings shown",
    "leads": "of these on statements of their own",
    "maybe": "near misses",
    "below": "pairs below both cuts",
}

_WORTH_TELLING_WHEN_ANY = {
    *("documents", "rows", "rows_skipped", "statements_found", "repeats"),
    *("speakers_unknown", "speakers_uncertain"),
    *("pairs_screened", "pairs_over_budget", "pairs_unreached"),
}


def count_words(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    """The denominators with their names, in a fixed order; modes are told per speaker instead."""
    known = [
        (words, counts[name])
        for name, words in _COUNTS.items()
        if counts.get(name) or (name in counts and name not in _WORTH_TELLING_WHEN_ANY)
    ]
    others = sorted(name for name in counts if name not in _COUNTS and not name.startswith("mode_"))
    return known + [(name.replace("_", " "), counts[name]) for name in others]


def budget_words(counts: Mapping[str, int]) -> list[str]:
    """What a budget left out, which a reader would else take for no conflict; nothing where none did."""
    over, late = (counts.get(name, 0) for name in ("pairs_over_budget", "pairs_unreached"))
    words = []
    if over:
        words.append(f"{how_many(over, 'near pair')} left out by the budget of pairs; --max-pairs raises it.")
    if late:
        words.append(
            f"{how_many(late, 'pair')} not reached in the time given; the same command goes on from there."
        )
    return words


def number(value: float) -> str:
    """A similarity or score as printed: two decimals, as finer ones differ between processors."""
    return f"{value + 0.0:.2f}"


def capital(words: str) -> str:
    """The words with a capital at the start."""
    return words[:1].upper() + words[1:]


def mode_words(statement: Statement) -> str:
    """Who is behind the words and how they reached us, as a newsroom would put it."""
    who, outlet, via = statement.speaker, statement.source.outlet, statement.attribution.via
    if statement.mode is Mode.REPORT:
        return f"reported by {who or outlet or 'an outlet not named'}"
    who = who or "speaker not named"
    if statement.mode is Mode.QUOTE:
        words = f"{who} said" + (f", according to {via}" if via else "")
    else:
        words = f"{who}, according to {via or outlet or 'the source'} (indirect speech)"
    return words + _STANCES.get(statement.attribution.stance, "")


_STANCES = {
    Stance.REPORTED: " (reporting somebody else's view)",
    Stance.REJECTED: " (rejecting the view quoted)",
}


def source_words(statement: Statement) -> str:
    """Outlet, title and publication date, or the file and row where no more is known."""
    source = statement.source
    published = f"published {when_words(source.published_on)}" if source.published_on else ""
    named = [part for part in (source.outlet, source.title, published) if part]
    return ", ".join(named or [statement.origin or source.document or "source not named"])


def citation(statement: Statement) -> str:
    """The statement as one would quote it in running text: words, who, when, where."""
    words = f"“{statement.text}”" if statement.mode is Mode.QUOTE else statement.text
    return f"{words} ({mode_words(statement)}, {when_words(statement.said_on)}; {source_words(statement)})"


def summary_words(result: CheckResult) -> str:
    """One sentence with the denominators."""
    statements = result.counts.get("statements", len(result.statements))
    shown, near = (result.counts.get(name, 0) for name in ("shown", "maybe"))
    made = f" Made on {day_words(result.run_date)}." if result.run_date else ""
    alone = " There is nothing to compare: a conflict needs at least two statements." * (statements < 2)
    return (
        f"{how_many(statements, 'statement')} read, "
        f"{how_many(result.counts.get('pairs_judged', 0), 'pair')} judged: "
        f"{how_many(shown, 'possible conflict')} shown{own_words(result)}, "
        f"{how_many(near, 'near miss', 'near misses')}.{made}{alone}"
    )


def own_words(result: CheckResult) -> str:
    """How many of the findings shown stand on statements of their own, in brackets; nothing where all do."""
    shown, leads = (result.counts.get(name, 0) for name in ("shown", "leads"))
    if not 0 < leads < shown:
        return ""
    return f" ({leads:,} of them on statements of {'its' if leads == 1 else 'their'} own)"


def topic_of(pair: Pair) -> str:
    """The pair's topic, or words that say there is none."""
    return pair.topic or NO_TOPIC


def heading(pair: Pair) -> str:
    """The topic and both dates, earlier first."""
    return f"{capital(topic_of(pair))}: {_event_words(pair.earlier)}, {_event_words(pair.later)}"


def _event_words(statement: Statement) -> str:
    """When it was said; for a reported fact also when it happened, if that is another time."""
    about = when_words(statement.target_time)
    if statement.mode is not Mode.REPORT or statement.target_time is None or about in said_words(statement):
        return said_words(statement)
    return f"{said_words(statement)} (about {about})"


def group_words(pair: Pair) -> str:
    """The class of a pair: quote against report is never mixed with quote against quote."""
    earlier, later = _MODES[pair.earlier.mode], _MODES[pair.later.mode]
    speakers = "" if pair.is_report_pair else ", same speaker" if pair.same_speaker else ", two speakers"
    return f"{earlier} against {later}{speakers}"


def relation_words(relation: Relation) -> str:
    """First axis of the verdict, whether both can hold at once."""
    return _RELATIONS[relation]


def shift_words(shift: Shift) -> str:
    """Second axis of the verdict, whether the position moved."""
    return _SHIFTS[shift]


def score_words(finding: Finding) -> str:
    """The score with what it is."""
    if finding.calibrated:
        return f"probability {number(finding.score)} (calibrated on labels)"
    return f"score {number(finding.score)} (uncalibrated, 0 to 1)"


def why(finding: Finding) -> str:
    """One sentence: the strongest evidence for a conflict, or how the model read the pair."""
    raising = [item for item in finding.judgment.evidence if item.effect is Effect.RAISES]
    if raising:
        return max(raising, key=lambda item: item.strength).explanation
    forward, backward = finding.judgment.forward, finding.judgment.backward
    there, back = direction_names(finding.pair)
    return (
        "No detector names a reason; the language model reads the two as hard to hold together "
        f"(contradiction {number(forward.contradiction)} from {there}, "
        f"{number(backward.contradiction)} from {back})."
    )


def position_words(position: HeldPosition) -> str:
    """Since when and until when a position was held, and on how many dates it was seen."""
    first, last = when_words(position.first), when_words(position.last)
    return f"held from {first} to {last}, said on {position.between + 2} dates in this record"
