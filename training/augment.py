"""Pairs made by rule from real statements, each kind of conflict with twins that do not conflict.

A conflict is a small edit (negation, opposite, number), so the twins are small edits too: another place, a
rounding, a dropped clause, a synonym; and the edited sentence stands beside other sentences as neutral, so
that neither the edit's words nor a high overlap decide. Texts stay outside the project.

    python -m training.augment --statements us-political.jsonl.gz --out training/runs/made/rules.jsonl.gz
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from training.mine import HELD_OUT
from training.mix import read_rows

_OPPOSITES = (
    "increase/decrease raise/cut raised/cut rise/fall rising/falling support/oppose supported/opposed "
    "supports/opposes more/less higher/lower stronger/weaker better/worse safer/riskier win/lose won/lost "
    "always/never everyone/nobody everything/nothing start/end started/ended "
    "accept/reject accepted/rejected allow/forbid allowed/banned agree/disagree create/destroy "
    "created/destroyed largest/smallest possible/impossible succeed/fail succeeded/failed easy/hard "
    "begin/stop open/close opened/closed buy/sell love/hate legal/illegal proud/ashamed"
)
_SYNONYMS = (
    "help/assist big/large begin/start many/numerous children/kids buy/purchase need/require "
    "important/significant hard/difficult quickly/rapidly enough/sufficient"
)
_STATES = (
    "Alabama Alaska Arizona California Colorado Connecticut Delaware Florida Georgia Idaho Illinois Indiana "
    "Iowa Kansas Kentucky Louisiana Maine Maryland Michigan Minnesota Missouri Montana Nebraska Nevada Ohio "
    "Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Wisconsin Wyoming Iran Iraq Russia "
    "China Mexico Canada Germany France Japan Vietnam Korea Israel Syria Afghanistan Cuba India"
)
_NEGATABLE = re.compile(
    r"\b(is|are|was|were|will|can|could|should|would|must|did|does)\b(?! not\b|n't)", re.I
)
_NEGATED = re.compile(
    r"\b(is|are|was|were|will|can|could|should|would|must|did|does|do)(?: not|n't)\b ?", re.I
)
_NUMBER = re.compile(
    r"(?<![\w.,$-])\$?\d{1,3}(?:,\d{3})*(?:\.\d+)?(?=\s+(?:percent|million|billion|\w+s)\b)|\d+%"
)
_PLACE = re.compile(r"\b(" + "|".join(_STATES.split()) + r")\b")
_WHOLE = re.compile(
    r"(?:(?:And|But|So|Now|Well),? )?(?:I|We|You|He|She|It|They|This|That|There|The|Our|My)\b"
)
_WORDS = range(6, 31)

Made = tuple[str, str]
"""The edited text and its relation to the original."""


def _both_ways(pairs: str) -> dict[str, str]:
    found = {}
    for pair in pairs.split():
        left, right = pair.split("/")
        found.setdefault(left, right)
        found.setdefault(right, left)
    return found


_OPPOSITE, _SYNONYM = _both_ways(_OPPOSITES), _both_ways(_SYNONYMS)


def negate(text: str, rng: random.Random) -> Made | None:
    """`not` put in or taken out, where the sentence has one auxiliary and no other sign of negation."""
    gone = list(_NEGATED.finditer(text))
    if len(gone) == 1 and not re.search(r"\b(never|no|nothing|nobody|neither|without)\b", text, re.I):
        verb = gone[0].group(1)
        if verb.lower() in ("do", "does", "did"):
            return None
        return text[: gone[0].start()] + verb + " " + text[gone[0].end() :], "contradiction"
    found = list(_NEGATABLE.finditer(text))
    if gone or len(found) != 1 or re.search(r"\b(no|never|nothing|neither|nor|if|but|or)\b|\?", text, re.I):
        return None
    if found[0].group(1).lower() in ("did", "does") or found[0].start() == 0:
        return None
    return text[: found[0].end()] + " not" + text[found[0].end() :], "contradiction"


def _replace_word(text: str, table: dict[str, str]) -> str | None:
    hits = [m for m in re.finditer(r"[a-z]+", text) if m.group() in table]
    if len(hits) != 1:
        return None
    return text[: hits[0].start()] + table[hits[0].group()] + text[hits[0].end() :]


def oppose(text: str, rng: random.Random) -> Made | None:
    """One word turned into its opposite in a sentence without negation."""
    if re.search(r"\b(not|no|never|or)\b|n't|\?", text, re.I):
        return None
    turned = _replace_word(text, _OPPOSITE)
    return (turned, "contradiction") if turned else None


def reword(text: str, rng: random.Random) -> Made | None:
    """One word replaced by a near synonym."""
    turned = _replace_word(text, _SYNONYM)
    return (turned, "entailment") if turned else None


def _other_number(written: str, rng: random.Random) -> str:
    digits = written.strip("$%").replace(",", "")
    value = float(digits) * rng.choice((0.4, 0.6, 1.5, 2, 3))
    shown = f"{value:,.1f}" if "." in digits else f"{max(1, round(value)):,}"
    return ("$" if written[0] == "$" else "") + shown + ("%" if written[-1] == "%" else "")


def renumber(text: str, rng: random.Random) -> Made | None:
    """One number changed by more than rounding."""
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return None
    other = _other_number(found[0].group(), rng)
    return (
        None
        if other == found[0].group()
        else (
            text[: found[0].start()] + other + text[found[0].end() :],
            "contradiction",
        )
    )


def round_off(text: str, rng: random.Random) -> Made | None:
    """One number called approximate."""
    found = list(_NUMBER.finditer(text))
    if len(found) != 1:
        return None
    word = rng.choice(("about ", "around ", "roughly ", "some "))
    return text[: found[0].start()] + word + text[found[0].start() :], "entailment"


def relocate(text: str, rng: random.Random) -> Made | None:
    """The same said of another place: both can hold."""
    found = list(_PLACE.finditer(text))
    if len(found) != 1:
        return None
    other = rng.choice([s for s in _STATES.split() if s != found[0].group()])
    return text[: found[0].start()] + other + text[found[0].end() :], "neutral"


def shorten(text: str, rng: random.Random) -> Made | None:
    """The last clause dropped."""
    head, _, tail = text.rpartition(", ")
    if not _WHOLE.match(head):
        return None
    if (
        len(head.split()) < 6
        or len(tail.split()) < 3
        or re.search(r"\b(not|if|unless|but|or)\b|n't", text, re.I)
    ):
        return None
    return head + ".", "entailment"


RULES: dict[str, Callable[[str, random.Random], Made | None]] = {
    "negate": negate,
    "oppose": oppose,
    "renumber": renumber,
    "relocate": relocate,
    "round_off": round_off,
    "shorten": shorten,
    "reword": reword,
}


def make_pairs(texts: list[str], *, cap: int, rng: random.Random) -> Iterator[dict[str, str]]:
    """Rows of premise, hypothesis, label and source, at most `cap` of one rule."""
    counts: Counter[str] = Counter()
    for text in texts:
        for name, rule in RULES.items():
            made = rule(text, rng) if counts[name] < cap else None
            if not made or made[0] == text:
                continue
            counts[name] += 1
            edited, label = made
            pair = (text, edited) if label == "entailment" or rng.random() < 0.5 else (edited, text)
            yield {"premise": pair[0], "hypothesis": pair[1], "label": label, "source": f"rule/{name}"}
            if label == "contradiction" and counts["stranger"] < cap:
                counts["stranger"] += 1
                row = {"premise": edited, "hypothesis": rng.choice(texts), "label": "neutral"}
                yield row | {"source": "rule/stranger"}


def main() -> None:
    """Runs the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--statements", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--cap", type=int, default=1200, help="most pairs of one rule")
    given = parser.parse_args()
    rng = random.Random(7)
    rows = read_rows(given.statements)
    texts = sorted(
        {r["text"] for r in rows if r["speaker"] not in HELD_OUT and len(r["text"].split()) in _WORDS}
    )
    rng.shuffle(texts)
    made = list(make_pairs(texts, cap=given.cap, rng=rng))
    given.out.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(given.out, "wt", encoding="utf-8") as out:
        for row in made:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")
    print(dict(Counter(row["source"] for row in made)))


if __name__ == "__main__":
    main()
