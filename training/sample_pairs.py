"""Draw same-speaker, same-topic pairs of real statements to be read and labelled by eye.

Half are those the shipped models and detectors score highest, spread over speakers; half are drawn at random
within bands of similarity, from the pairs outside the first half. Every pair keeps its stratum and the
probability with which it was drawn from its speaker's candidate pairs, so that shares can be estimated for
all of them. The reader's file holds texts and context without scores or strata; the other file holds those
without texts. Both stay outside the repository: the texts are not ours.

    python -m training.sample_pairs --statements us-political.jsonl.gz --read round1.jsonl --strata strata.csv
"""

from __future__ import annotations

import argparse
import csv
import json
import random
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.validation import rows_of
from checker.cache import Cache, default_cache_path
from checker.embed import embed
from checker.flag import load_combiner, score
from checker.judge import judge
from checker.models import load_embedder, load_pair_scorer
from checker.pair import pair
from checker.records import Attribution, Judgment, Pair, Precision, Statement, When, statement_id

Row = Mapping[str, Any]

_BANDS = (0.35, 0.45, 0.55, 0.65, 0.75, 1.01)
# Sentences are numbered within a source; a neighbour further off than this was left out of the file.
_NEAR = 4


@dataclass(frozen=True, slots=True)
class Candidate:
    """A judged pair, its combined score and the probability that it was judged at all."""

    judgment: Judgment
    score: float
    probability: float

    @property
    def pair(self) -> Pair:
        """The two statements and their similarity."""
        return self.judgment.pair


@dataclass(frozen=True, slots=True)
class Drawn:
    """A pair to be read, with its stratum and the probability of having been drawn."""

    candidate: Candidate
    stratum: str
    probability: float


def main() -> None:
    """Read the options, draw, and write the reader's file and the strata."""
    options = _options()
    rng = random.Random(options.seed)
    rows = rows_of(options.statements)
    by_id: dict[str, Row] = {}
    candidates: list[Candidate] = []
    with Cache(options.cache or default_cache_path()) as cache:
        for speaker_rows in most_recorded(rows, options.speakers, options.skip):
            chosen = rng.sample(speaker_rows, min(options.sentences, len(speaker_rows)))
            statements = {s.id: s for s in map(_statement, chosen)}
            by_id |= {_statement(row).id: row for row in chosen}
            candidates += _judged(list(statements.values()), options, rng, cache)
    drawn = draw(candidates, top=options.top, most=options.most, others=options.others, rng=rng)
    _write_strata(options.strata, drawn, by_id)
    _write_reading(options.read, drawn, by_id, Surroundings(rows))
    print(f"{len(candidates)} pairs judged, {len(drawn)} drawn: {dict(Counter(d.stratum for d in drawn))}")


def most_recorded(rows: Iterable[Row], count: int, skip: int = 0) -> list[list[Row]]:
    """Dated statements of 40 to 300 characters of the `count` speakers with most but the first `skip`."""
    by_speaker: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.get("date") and 40 <= len(row["text"]) <= 300:
            by_speaker[row["speaker"]].append(row)
    names = sorted(by_speaker, key=lambda name: (-len(by_speaker[name]), name))
    return [by_speaker[name] for name in names[skip : skip + count]]


def draw(
    candidates: Sequence[Candidate], *, top: int, most: int, others: int, rng: random.Random
) -> list[Drawn]:
    """`top` pairs of highest score, at most `most` a speaker, and `others` evenly over bands of the rest."""
    highest = _highest(candidates, top, most)
    keys = {c.pair.key for c in highest}
    drawn = [Drawn(c, "top", c.probability) for c in highest]
    rest = [c for c in candidates if c.pair.key not in keys]
    bands = list(pairwise(_BANDS))
    for place, (low, high) in enumerate(reversed(bands)):
        inside = [c for c in rest if low <= c.pair.similarity < high]
        wanted = min(len(inside), (top + others - len(drawn)) // (len(bands) - place))
        name = f"random {low:.2f}"
        drawn += [Drawn(c, name, c.probability * wanted / len(inside)) for c in rng.sample(inside, wanted)]
    rng.shuffle(drawn)
    return drawn


class Surroundings:
    """The sentences before and after one in its source, by the number at the end of their ids."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._sources: dict[str, list[tuple[int, str, str]]] = defaultdict(list)
        for row in rows:
            series, number = _place(row)
            self._sources[series].append((number, row["speaker"], row["text"]))
        for sentences in self._sources.values():
            sentences.sort()

    def of(self, row: Row, *, before: int = 2, after: int = 1) -> dict[str, list[str]]:
        """Neighbouring sentences, another speaker's with his name; none for posts, which stand alone."""
        series, number = _place(row)
        if row["source"].startswith("Twitter"):
            return {"before": [], "after": []}
        sentences = self._sources[series]
        at = bisect_left(sentences, (number, "", ""))
        near = sentences[max(0, at - before) : at], sentences[at + 1 : at + 1 + after]
        texts = [[_spoken(s, row["speaker"]) for s in part if abs(s[0] - number) <= _NEAR] for part in near]
        return {"before": texts[0], "after": texts[1]}


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--statements", type=Path, required=True, help="real statements, JSON lines")
    parser.add_argument("--read", type=Path, required=True, help="the reader's file, JSON lines")
    parser.add_argument("--strata", type=Path, required=True, help="strata, scores, probabilities, CSV")
    parser.add_argument("--cache", type=Path)
    parser.add_argument("--speakers", type=int, default=20)
    parser.add_argument("--skip", type=int, default=0, help="most recorded speakers left out")
    parser.add_argument("--sentences", type=int, default=1500, help="per speaker, at most")
    parser.add_argument("--judged", type=int, default=300, help="pairs judged per speaker, at most")
    parser.add_argument("--top", type=int, default=700)
    parser.add_argument("--most", type=int, default=60, help="pairs of the top per speaker, at most")
    parser.add_argument("--others", type=int, default=700)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


def _judged(
    statements: Sequence[Statement], options: argparse.Namespace, rng: random.Random, cache: Cache
) -> list[Candidate]:
    """Some of one speaker's near pairs, drawn at random and judged; sentences said twice are no pair."""
    vectors = embed(statements, load_embedder(None), cache=cache)
    found = pair(statements, vectors, similarity=_BANDS[0], neighbours=8).pairs
    different = [p for p in found if _letters(p.earlier.text) != _letters(p.later.text)]
    chosen = rng.sample(different, min(options.judged, len(different)))
    combiner = load_combiner()
    judgments = judge(chosen, load_pair_scorer(None), cache=cache)
    share = len(chosen) / max(len(different), 1)
    print(f"{statements[0].speaker}: {len(different)} near pairs, {len(chosen)} judged", flush=True)
    return [Candidate(judgment, score(judgment, combiner)[0], share) for judgment in judgments]


def _highest(candidates: Sequence[Candidate], count: int, most: int) -> list[Candidate]:
    taken: Counter[str] = Counter()
    highest: list[Candidate] = []
    for candidate in sorted(candidates, key=lambda c: (-c.score, c.pair.key)):
        speaker = candidate.pair.earlier.speaker
        if taken[speaker] < most and len(highest) < count:
            taken[speaker] += 1
            highest.append(candidate)
    return highest


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _statement(row: Row) -> Statement:
    when = _when(row["date"])
    known_as = statement_id(row["speaker"], when, row["text"])
    return Statement(known_as, row["text"], Attribution(row["speaker"]), said_on=when)


def _when(written: str) -> When:
    parts = [int(part) for part in written.split("-")]
    precision = (Precision.YEAR, Precision.MONTH, Precision.DAY)[len(parts) - 1]
    year, month, day = (*parts, 1, 1)[:3]
    said = date(year, month, day)
    return When(said, said, precision)


def _place(row: Row) -> tuple[str, int]:
    series, _, number = row["id"].rpartition("-")
    return f"{row['source']}\n{series}", int(number) if number.isdigit() else 0


def _spoken(sentence: tuple[int, str, str], speaker: str) -> str:
    return sentence[2] if sentence[1] == speaker else f"[{sentence[1]}] {sentence[2]}"


def _ids(drawn: Drawn, by_id: Mapping[str, Row]) -> tuple[str, str]:
    both = drawn.candidate.pair
    return by_id[both.earlier.id]["id"], by_id[both.later.id]["id"]


def _write_strata(path: Path, drawn: Sequence[Drawn], by_id: Mapping[str, Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(["first_id", "second_id", "stratum", "probability", "similarity", "score"])
        for one in drawn:
            ids = _ids(one, by_id)
            similarity = one.candidate.pair.similarity
            writer.writerow([*ids, one.stratum, f"{one.probability:.6f}", similarity, one.candidate.score])


def _write_reading(
    path: Path, drawn: Sequence[Drawn], by_id: Mapping[str, Row], surroundings: Surroundings
) -> None:
    with path.open("w", encoding="utf-8") as out:
        for one in drawn:
            both = one.candidate.pair
            rows = by_id[both.earlier.id], by_id[both.later.id]
            sides = [_side(row, surroundings) for row in rows]
            content = {"pair": list(_ids(one, by_id)), "speaker": both.earlier.speaker, "sides": sides}
            out.write(json.dumps(content, ensure_ascii=False) + "\n")


def _side(row: Row, surroundings: Surroundings) -> dict[str, Any]:
    return {"date": row["date"], "source": row["source"], "text": row["text"], **surroundings.of(row)}


if __name__ == "__main__":
    main()
