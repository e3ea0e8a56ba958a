"""The threshold desk: what a cut would cost and find, worked out from the pairs people labelled.

Costs are exact: every judged pair has a score, so the pairs above a cut can be counted. What a cut finds and
misses is estimated, and only from labels of pairs that were drawn at random or at random within strata, each
weighted by its chance of being drawn. Labels of pairs that somebody picked say nothing about the rest.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from checker.estimates import AtCut, Estimate, Sample, at_cut
from checker.labels import Answer, Label, Sampling, reviews
from checker.records import Finding

__all__ = ["Cut", "Desk", "average_precision", "evaluate", "gather", "just_below", "sweep"]

_GRID = np.round(np.arange(0.01, 1.0, 0.01), 2)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Desk:
    """Every judged pair's similarity and score, and the labelled ones among them that may estimate rates.

    `similarity` and `score` have shape (pairs,), rows in the order of `findings`. `rows` are the pairs of the
    fair labels, in the order of `sample`, and `row_score` their scores; where scores were learnt from the
    labels, these come from models that did not see the pair. `left_out` counts unused labels by reason.
    """

    findings: tuple[Finding, ...]
    similarity: Floats
    score: Floats
    rows: NDArray[np.int64]
    row_score: Floats
    sample: Sample
    left_out: tuple[tuple[str, int], ...]

    @property
    def conflicts(self) -> int:
        """Number of fair labels that say conflict."""
        return int(self.sample.conflict.sum())

    def only(self, labelled: NDArray[np.int64]) -> Desk:
        """The same desk with some of its labels."""
        return replace(
            self,
            rows=self.rows[labelled],
            row_score=self.row_score[labelled],
            sample=self.sample.only(labelled),
        )


@dataclass(frozen=True, slots=True)
class Cut:
    """A pair of cuts with what it would cost and find; `hours` is the reading time at the desk's pace."""

    similarity: float
    score: float
    hours: float
    at: AtCut


def gather(findings: Sequence[Finding], labels: Iterable[Label]) -> Desk:
    """Judged pairs and labels brought together by pair key."""
    all_labels = list(labels)
    place = {finding.pair.key: row for row, finding in enumerate(findings)}
    fair = _fair_labels(all_labels)
    left_out: Counter[str] = Counter()
    used: list[tuple[int, Label, bool]] = []
    for pair, review in reviews(all_labels).items():
        reason = _why_not(review.answer, in_data=pair in place, fair=pair in fair)
        if reason:
            left_out[reason] += 1
        else:
            used.append((place[pair], fair[pair], review.answer is Answer.CONFLICT))
    score = np.array([f.score for f in findings], dtype=np.float64)
    rows = np.array([row for row, _, _ in used], dtype=np.int64)
    return Desk(
        findings=tuple(findings),
        similarity=np.array([f.pair.similarity for f in findings], dtype=np.float64),
        score=score,
        rows=rows,
        row_score=score[rows],
        sample=_sample([(label, conflict) for _, label, conflict in used], len(findings)),
        left_out=tuple(sorted(left_out.items())),
    )


def evaluate(desk: Desk, *, similarity: float, score: float, pace: float = 40.0) -> Cut:
    """What the cuts would cost at `pace` pairs an hour, and find."""
    pairs = int(((desk.similarity >= similarity) & (desk.score >= score)).sum())
    above = (desk.similarity[desk.rows] >= similarity) & (desk.row_score >= score)
    at = at_cut(desk.sample, above, pairs_above=pairs, pairs_below=len(desk.score) - pairs)
    return Cut(similarity, score, pairs / pace, at)


def sweep(desk: Desk, *, similarity: float, pace: float = 40.0, steps: Sequence[float] = ()) -> list[Cut]:
    """The cuts of one similarity and every score in `steps`, by default every hundredth."""
    return [
        evaluate(desk, similarity=similarity, score=float(s), pace=pace)
        for s in (steps if len(steps) else _GRID)
    ]


def just_below(desk: Desk, *, similarity: float, score: float, count: int = 5) -> list[Finding]:
    """The pairs that miss the score cut by least, highest first."""
    rows = np.flatnonzero((desk.similarity >= similarity) & (desk.score < score))
    order = rows[np.argsort(-desk.score[rows], kind="stable")]
    return [desk.findings[row] for row in order[:count]]


def average_precision(desk: Desk, *, resamples: int = 400, seed: int = 0) -> Estimate:
    """Average precision of the ranking with a bootstrap interval, labels drawn again within their groups."""
    from sklearn.metrics import average_precision_score

    sample, scores = desk.sample, desk.row_score
    if not 0 < desk.conflicts < len(sample):
        return Estimate(None, 0.0, 1.0)
    rng = np.random.default_rng(seed)
    groups = [np.flatnonzero(sample.group == group) for group in np.unique(sample.group)]

    def figure(rows: NDArray[np.int64]) -> float:
        weights = sample.weight[rows]
        return float(average_precision_score(sample.conflict[rows], scores[rows], sample_weight=weights))

    again = [np.concatenate([rng.choice(g, len(g)) for g in groups]) for _ in range(resamples)]
    values = [figure(rows) for rows in again if sample.conflict[rows].any()]
    low, high = np.quantile(values, [0.025, 0.975])
    return Estimate(figure(np.arange(len(sample))), float(low), float(high))


def _fair_labels(labels: Sequence[Label]) -> dict[str, Label]:
    """For each pair, a label that says with which chance it was drawn; a later tick does not undo a draw."""
    undone = {label.undoes for label in labels if label.undoes}
    fair: dict[str, Label] = {}
    for label in labels:
        if label.sampling.is_fair and label.probability and label.id not in undone:
            known = fair.get(label.pair)
            if known is None or (known.sampling, label.sampling) == (Sampling.STRATIFIED, Sampling.RANDOM):
                fair[label.pair] = label
    return fair


def _why_not(answer: Answer | None, *, in_data: bool, fair: bool) -> str:
    if not in_data:
        return "pair not in the data read now"
    if answer is None:
        return "readers differ"
    if answer is Answer.UNSURE:
        return "unsure"
    return "" if fair else "pair not drawn at random"


def _sample(labels: Sequence[tuple[Label, bool]], pairs: int) -> Sample:
    """Groups of equal chance; what one label of a group stands for; designs weighted by their labels."""
    members: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for row, (label, _) in enumerate(labels):
        # Draws of one stratum follow one order, so later ones only make the first larger.
        share = "" if label.population else f"{label.probability}"
        members[label.sampling.value, label.stratum, share].append(row)
    group = np.zeros(len(labels), dtype=np.int64)
    weight = np.zeros(len(labels), dtype=np.float64)
    for number, rows in enumerate(members.values()):
        label = labels[rows[0]][0]
        population = max((labels[row][0].population or 0 for row in rows), default=0)
        group[rows] = number
        weight[rows] = population / len(rows) if population else 1 / (label.probability or 1.0)
    for design in {key[0] for key in members}:
        rows = [row for key, found in members.items() if key[0] == design for row in found]
        weight[rows] *= (pairs / weight[rows].sum()) * (len(rows) / len(labels))
    return Sample(np.array([conflict for _, conflict in labels], dtype=np.bool_), group, weight)
