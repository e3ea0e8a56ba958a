"""Conflicts by negation: `not`, `never`, `no longer` and refusals put in or taken out, all made none."""

from __future__ import annotations

import random
import re

from training.lexicon import ABLE_TO_REFUSE, COUNTED, PAST_OF, THIRD_OF
from training.sentences import (
    DENIAL,
    OPENER,
    SUBJECT,
    Made,
    Table,
    Verb,
    conflict,
    find_auxiliary,
    find_plain_verb,
    put_instead,
    reach_is_plain,
)

__all__ = ["count_otherwise", "negate", "negate_verb", "never", "undo"]

_NEGATED = re.compile(
    r"\b(?P<verb>is|are|was|were|am|will|could|should|would|must|has|have|had|can|wo|ca|I'm|we're|they're"
    r"|you're|it's|that's|he's|she's)(?: not\b|n't\b)|\b(?P<can>can)not\b",
    re.I,
)
_WHOLE_VERB = {"wo": "will", "ca": "can", "Wo": "Will", "Ca": "Can"}
_UNVERB = re.compile(rf"{OPENER}(?:{SUBJECT}) (?P<do>do|does|did)(?: not|n't) (?P<verb>\w+)\b", re.I)
_POLAR = re.compile(
    r"\b(?:any|anything|anyone|anybody|anywhere|ever|yet|either|at all|anymore|much|all|every\w*|necessarily"
    r"|merely|simply|always|one|long|far)\b",
    re.I,
)
# Where a "not" cannot be taken out: it stands against something else, or in a clause of doubtful reach.
_TURNS = re.compile(
    r"[?;]|\b(?:but|or|because|until|unless|only|just|if|why)\b|, (?:it's|they're|that's|we're|it is)\b", re.I
)
_COUNT_IDIOM = re.compile(
    r"\b(?:all right|after all|at all|first of all|all over|all the time|all the way|all day|each other"
    r"|above all|all along|all about|in all|nothing but|all but|every single|not only|both sides|every time"
    r"|every day|virtually|and all|not|nor|but|or|if)\b|n't|[?;]|, all\b",
    re.I,
)
_BEFORE_NEVER = ("will", "would", "could", "should", "must", "has", "have", "can")


def _take_out(text: str, found: re.Match[str]) -> str:
    verb = found.group("verb") or found.group("can")
    return text[: found.start()] + _WHOLE_VERB.get(verb, verb) + text[found.end() :]


_COUNTED = Table(COUNTED)


def negate(text: str, rng: random.Random) -> Made | None:
    """`not` put in or taken out after the auxiliary of the main clause."""
    gone = list(_NEGATED.finditer(text))
    if gone:
        alone = len(gone) == 1 == len(DENIAL.findall(text)) and not _POLAR.search(text[gone[0].end() :])
        plain = not _TURNS.search(text)
        return conflict(_take_out(text, gone[0])) if alone and plain and gone[0].start() else None
    found = find_auxiliary(text) if reach_is_plain(text) else None
    return conflict(text[: found.end()] + " not" + text[found.end() :]) if found else None


def _put_do(text: str, verb: Verb, word: str) -> str:
    do = {"base": "do", "past": "did", "third": "does"}[verb.form]
    return put_instead(text, verb.span, f"{do}{word} {verb.base}")


def negate_verb(text: str, rng: random.Random) -> Made | None:
    """`do not` put before the main verb, or taken out."""
    gone = _UNVERB.match(text)
    if gone and len(DENIAL.findall(text)) == 1 and not (_POLAR.search(text) or _TURNS.search(text)):
        base, do = gone.group("verb"), gone.group("do").lower()
        forms = {"do": {b: b for b in PAST_OF}, "does": THIRD_OF, "did": PAST_OF}[do]
        form = forms.get(base)
        return conflict(put_instead(text, (gone.start("do"), gone.end("verb")), form)) if form else None
    verb = None if gone else find_plain_verb(text)
    return conflict(_put_do(text, verb, rng.choice((" not", "n't")))) if verb else None


def never(text: str, rng: random.Random) -> Made | None:
    """`never` put in or taken out."""
    gone = re.search(r"(?<=\w) never(?= [a-z]+\b)", text)
    if gone:
        alone = len(DENIAL.findall(text)) == 1 and not _POLAR.search(text)
        plain = not re.search(r"[?;]|never (?:ever|before|again|mind|seen|been)| but | or ", text)
        return conflict(text[: gone.start()] + text[gone.end() :]) if alone and plain else None
    verb = find_plain_verb(text)
    if verb and verb.form != "base" and verb.base in ABLE_TO_REFUSE:
        return conflict(text[: verb.span[0]] + "never " + text[verb.span[0] :])
    found = find_auxiliary(text) if reach_is_plain(text) else None
    if not found or found.group().lower() not in _BEFORE_NEVER:
        return None
    return conflict(text[: found.end()] + " never" + text[found.end() :])


def _undone(verb: Verb) -> list[str]:
    deed = verb.base in ABLE_TO_REFUSE
    if verb.form == "past":
        return [f"failed to {verb.base}", f"refused to {verb.base}"] if deed else []
    if verb.form == "base":
        return [f"no longer {verb.base}"] + ([f"refuse to {verb.base}"] if deed else [])
    return [f"no longer {THIRD_OF[verb.base]}"] + ([f"refuses to {verb.base}"] if deed else [])


def undo(text: str, rng: random.Random) -> Made | None:
    """The deed refused, failed at, or no longer done."""
    verb = find_plain_verb(text)
    if verb and (ways := _undone(verb)):
        return conflict(put_instead(text, verb.span, rng.choice(ways)))
    will = re.match(r"^(?:(?:And|But|So) )?(?:I|We|He|She|They|You) will (\w+)\b", text)
    if will and will.group(1) in ABLE_TO_REFUSE and reach_is_plain(text):
        way = rng.choice(("refuse to ", "fail to ", "no longer "))
        return conflict(text[: will.start(1)] + way + text[will.start(1) :])
    found = find_auxiliary(text) if reach_is_plain(text) else None
    if not found or found.group().lower() not in ("is", "are", "we're", "it's", "they're", "can", "i'm"):
        return None
    return conflict(text[: found.end()] + " no longer" + text[found.end() :])


def count_otherwise(text: str, rng: random.Random) -> Made | None:
    """All turned into none, everyone into no one, always into never, and back."""
    if _COUNT_IDIOM.search(text):
        return None
    found = _COUNTED.find(text)
    if len(found) != 1:
        return None
    match, other = found[0]
    denied_elsewhere = DENIAL.search(text[: match.start()] + text[match.end() :])
    return None if denied_elsewhere else conflict(put_instead(text, match.span(), other))
