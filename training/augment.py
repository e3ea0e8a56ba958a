"""Pairs made by rule from real statements, each kind of conflict with twins that do not conflict.

A conflict is a small edit (negation, opposite, number), so the twins are small edits too, and some are
negated just like the conflicts but speak of another date, place or person; an edited sentence also stands
beside other sentences as neutral. So neither the edit's words nor a high overlap decide. Texts stay outside
the project.

    python -m training.augment --statements us-political.jsonl.gz --out training/runs/made/rules.jsonl.gz
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from benchmarks.validation import rows_of
from training import figures, negations, opposites, twins
from training.mine import HELD_OUT
from training.mix import write_rows
from training.sentences import Rule

_WORDS = range(6, 31)
_OF_ONE_TEXT = 4
# Not a sentence of speech: handles, links, cut-off and bracketed transcript.
_BROKEN = re.compile(r"[@#\[\]()?]|https?:|\.\.|…|^[^A-Z]|[^.!]$")

RULES: Mapping[str, Rule] = {
    "negate": negations.negate,
    "negate_verb": negations.negate_verb,
    "never": negations.never,
    "undo": negations.undo,
    "oppose": opposites.oppose,
    "count_otherwise": negations.count_otherwise,
    "renumber": figures.renumber,
    "redate": figures.redate,
    "negate_paraphrase": opposites.negate_paraphrase,
    "deny": twins.deny,
    "limit": twins.limit,
    "other_winner": twins.other_winner,
    "bound": twins.bound,
    "affirm": twins.affirm,
    "attribute": twins.attribute,
    "add_clause": twins.add_clause,
    "deny_opposite": twins.deny_opposite,
    "double_negation": twins.double_negation,
    "other_actor": twins.other_actor,
    "other_actor_edited": twins.other_actor_edited,
    "other_place": twins.other_place,
    "other_place_edited": twins.other_place_edited,
    "other_date_edited": twins.other_date_edited,
    "pledge_or_deed": twins.pledge_or_deed,
    "reword": twins.reword,
    "round_off": twins.round_off,
    "shorten": twins.shorten,
    "weaken": twins.weaken,
}


def usable(texts: Iterable[str]) -> list[str]:
    """Distinct sentences of middling length with straight apostrophes: no questions, no fragments."""
    straight = {text.replace("’", "'").strip() for text in texts}
    return sorted(text for text in straight if len(text.split()) in _WORDS and not _BROKEN.search(text))


def _by_rare_word(texts: Sequence[str]) -> dict[str, list[str]]:
    """Texts by each word of six letters or more that 3 to 150 of them share."""
    found: dict[str, list[str]] = defaultdict(list)
    for text in texts:
        for word in sorted(set(re.findall(r"[a-z]{6,}", text))):
            found[word].append(text)
    return {word: sharing for word, sharing in found.items() if 3 <= len(sharing) <= 150}


def _neighbour(text: str, edited: str, by_word: Mapping[str, list[str]], rng: random.Random) -> str | None:
    words = [word for word in sorted(set(re.findall(r"[a-z]{6,}", edited))) if word in by_word]
    other = rng.choice(by_word[rng.choice(words)]) if words else text
    return other if other != text else None


def make_pairs(texts: Sequence[str], *, cap: int, rng: random.Random) -> Iterator[dict[str, str]]:
    """Rows of premise, hypothesis, label and source: at most `cap` of one rule, a few of one text.

    The rules that have made least so far come first. Each conflict may bring a twin: its edited sentence
    beside another sentence, drawn at random (`stranger`) or sharing a rarer word (`neighbour`).
    """
    counts: Counter[str] = Counter()
    by_word = _by_rare_word(texts)

    def row(name: str, premise: str, hypothesis: str, label: str) -> dict[str, str]:
        counts[name] += 1
        return {"premise": premise, "hypothesis": hypothesis, "label": label, "source": f"rule/{name}"}

    for text in texts:
        left = _OF_ONE_TEXT
        for name in sorted(RULES, key=lambda rule: (counts[rule], rule)):
            made = RULES[name](text, rng) if left and counts[name] < cap else None
            if not made or made.text == text:
                continue
            left -= 1
            yield (
                row(name, text, made.text, made.label)
                if rng.random() < 0.5
                else row(name, made.text, text, made.back)
            )
            if made.label != "contradiction":
                continue
            twin = "stranger" if counts["stranger"] < counts["neighbour"] else "neighbour"
            other = rng.choice(texts) if twin == "stranger" else _neighbour(text, made.text, by_word, rng)
            if counts[twin] < cap and other and other != text:
                yield row(twin, *rng.sample((made.text, other), 2), "neutral")


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--statements", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cap", type=int, default=9000, help="most pairs of one rule")
    given = parser.parse_args()
    rng = random.Random(7)
    texts = usable(r["text"] for r in rows_of(given.statements) if r["speaker"] not in HELD_OUT)
    rng.shuffle(texts)
    made = list(make_pairs(texts, cap=given.cap, rng=rng))
    write_rows(given.out, made)
    print(f"{len(made)} pairs of {len(texts)} texts: {dict(Counter(row['label'] for row in made))}")
    for source, count in Counter(row["source"] for row in made).most_common():
        print(f"{source:26} {count:6} {count / len(made):6.1%}")


if __name__ == "__main__":
    main()
