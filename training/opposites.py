"""Conflicts by opposite words, and conflicts made from a paraphrase."""

from __future__ import annotations

import random
import re

from training.figures import renumber
from training.lexicon import DESCRIBED, SYNONYMS, TURNED
from training.negations import count_otherwise, negate, negate_verb, never, undo
from training.sentences import DENIAL, Made, Rule, Table, conflict, put_instead

__all__ = ["contradict", "negate_paraphrase", "oppose", "reword_all"]

_CALLS_FOR_VERB = re.compile(
    r"\b(?:I|we|you|they|he|she|to|will|would|can|could|should|must|has|have|had|who)\s$", re.I
)


_TURNED, _DESCRIBED, _SYNONYMS = Table(TURNED), Table(DESCRIBED), Table(SYNONYMS)


def oppose(text: str, rng: random.Random) -> Made | None:
    """One word turned into its opposite in a sentence without negation."""
    compared = re.search(r"(?<!more )(?<!less )\bthan\b", text)
    if compared or DENIAL.search(text) or re.search(r"\b(?:or|if|who|as possible)\b|[?;]", text, re.I):
        return None
    turned = [
        (match, other) for match, other in _TURNED.find(text) if _CALLS_FOR_VERB.search(text[: match.start()])
    ]
    found = turned + _DESCRIBED.find(text)
    return conflict(put_instead(text, found[0][0].span(), found[0][1])) if len(found) == 1 else None


def reword_all(text: str) -> str | None:
    """The text with near synonyms put in wherever the table has one; nothing when it has none."""
    found = _SYNONYMS.find(text)
    for match, other in reversed(found):
        text = put_instead(text, match.span(), other)
    return text if found else None


def negate_paraphrase(text: str, rng: random.Random) -> Made | None:
    """A conflict made from a paraphrase, so that the two texts share fewer words."""
    other = reword_all(text)
    return contradict(other, rng) if other else None


def contradict(text: str, rng: random.Random) -> Made | None:
    """A conflict by whichever rule of word, denial or number comes first in a random order."""
    for rule in rng.sample(_CONFLICTS, len(_CONFLICTS)):
        if made := rule(text, rng):
            return made
    return None


_CONFLICTS: tuple[Rule, ...] = (negate, negate_verb, never, undo, oppose, count_otherwise, renumber)
