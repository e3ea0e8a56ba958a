"""Named numbers about one pair, for the combiner and for the look that spares the cross-encoder its work.

`plain_evidence` needs no model: what the two statements share and what the detectors found. `features` adds
the cross-encoder's scores.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from checker.records import Effect, Evidence, Judgment, Pair, Subject
from checker.subject import PLAINLY_SHARED, subject_of

__all__ = ["UNSHARED", "features", "plain_evidence"]

UNSHARED = "nli.unshared"

_SEES_NOTHING = 0.3


def features(judgment: Judgment) -> dict[str, float]:
    """Log-odds of the model's classes, and what `plain_evidence` gives.

    `nli.unshared` is the model's doubt (the log-odds of contradiction, where positive) when the two
    statements share no word of their subjects.
    """
    forward, backward = judgment.forward, judgment.backward
    doubt = _logit((forward.contradiction + backward.contradiction) / 2)
    values = {
        "nli.contradiction.mean": doubt,
        "nli.contradiction.gap": abs(forward.contradiction - backward.contradiction),
        "nli.entailment.max": max(forward.entailment, backward.entailment),
    }
    subject = subject_of(judgment)
    if not subject.shared:
        values[UNSHARED] = max(doubt, 0.0)
    return values | plain_evidence(judgment.pair, judgment.evidence, subject)


def plain_evidence(pair: Pair, evidence: Sequence[Evidence], subject: Subject) -> dict[str, float]:
    """What is known of a pair without the cross-encoder: evidence strengths and shares in 0..1.

    `similarity` is the cosine of the pair. `subject.shared` grows to 1 with the words of substance and names
    that both statements have; `subject.missing` is 1 when one of them names nothing that it is about,
    `subject.thin` when one names a single thing and leaves the rest to an "it" or "they" that nothing around
    it explains.
    `unexplained` is 1 when no detector gives a reason for a conflict: the model alone may err unseen.
    `report.unexplained` is 1 when, in addition, one side is what an outlet reports: an outlet's facts stand
    beside a speaker's every word on the matter, and hardly any of them speaks to it.
    """
    values = {"similarity": pair.similarity, "subject.shared": subject.shared / PLAINLY_SHARED}
    if subject.missing:
        values["subject.missing"] = 1.0
    elif subject.thin:
        values["subject.thin"] = 1.0
    if not any(found.effect is Effect.RAISES for found in evidence):
        values["unexplained"] = 1.0
        if pair.is_report_pair:
            values["report.unexplained"] = 1.0
    for found in evidence:
        if found.effect is Effect.NOTES:
            continue
        name = f"{found.detector}.{found.effect}"
        values[name] = max(values.get(name, 0.0), found.strength)
    return values


def _logit(probability: float) -> float:
    """Log-odds, held above -0.85 and below 5.

    Below three in ten the model only says that it sees no conflict; how surely it does must not outweigh
    evidence that it cannot see, such as a date or an event told in other words.
    """
    bounded = min(max(probability, _SEES_NOTHING), 0.9933)
    return math.log(bounded / (1 - bounded))
