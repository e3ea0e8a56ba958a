"""Edits that make no conflict: paraphrase, rounding, a clause more or less, another date, place or person.

Some look just like a conflict: the twin is negated too, but speaks of another date, place or person.
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence

from training.figures import change_number, find_date, find_numbers, other_date
from training.lexicon import (
    ABLE_TO_REFUSE,
    ADDED,
    ALTERNATIVES,
    CLAIMED,
    DENIED,
    OTHER_ACTORS,
    PAST_OF,
    PEOPLE,
    PLACES,
    THIRD_OF,
    TRUE,
    WEAKER,
)
from training.negations import negate, negate_verb
from training.opposites import contradict, oppose, reword_all
from training.sentences import (
    DENIAL,
    Made,
    Table,
    Verb,
    conflict,
    find_subject_verb,
    is_whole,
    put_instead,
    swap_one,
)

__all__ = [
    "add_clause",
    "affirm",
    "attribute",
    "bound",
    "deny",
    "deny_opposite",
    "double_negation",
    "limit",
    "other_actor",
    "other_actor_edited",
    "other_date_edited",
    "other_place",
    "other_place_edited",
    "other_winner",
    "pledge_or_deed",
    "reword",
    "round_off",
    "shorten",
    "weaken",
]

_WEAKER, _ALTERNATIVES = Table(WEAKER), Table(ALTERNATIVES)
_PLACE = re.compile(
    r"(?<!West )(?<!New )(?<!South )(?<!North )(?<!Great )(?<!, )\b("
    + "|".join(name for kind in PLACES for name in kind)
    + r")\b(?! City\b| [A-Z]\w+,)"
)
_SINGULAR = re.compile(
    r"\b(?:only|first|born|capital|home|\w+est|most|best|worst|top|number one|welcome|evening|live|here"
    r"|speech|governor|mayor|senator|representative|university|hosting|hosted|yesterday|tonight"
    r"|introduced by)\b",
    re.I,
)
_SURNAMES = [name.split()[-1] for name in PEOPLE]
_PERSON = re.compile(
    r"\b(?:"
    + "|".join(PEOPLE)
    + r"|(?<=Senator )(?:{0})|(?<=President )(?:{0})|(?<=Governor )(?:{0}))\b".format("|".join(_SURNAMES))
)
_PARTY = re.compile(r"\b(Republicans|Democrats)\b")
_OTHER_PARTY = {"Republicans": "Democrats", "Democrats": "Republicans"}
_OWN = re.compile(
    r"\b(?:I|me|my|mine|myself|we|us|our|ours|ourselves|he|she|his|her|him|you|your)\b|I'", re.I
)
_EXCLUSIVE = re.compile(
    r" (?:won(?!')|was (?:the first|the only|elected|born|nominated|sworn)"
    r"|is the (?:first|only|president|nominee)|signed|wrote the|defeated|beat|vetoed|became|was president"
    r"|appointed|nominated|founded|ordered|created|introduced)\b"
)
_EXCLUSIVE_I = re.compile(
    r"^(?:And |So )?I(?P<verb> was| am|'m| won| signed| wrote| vetoed| led| introduced| started| created"
    r"| founded| authored| sponsored| passed| appointed| ordered| negotiated| launched)"
    r" (?=(?:the|that|this)\b)"
)
_NO_CLAIM = re.compile(
    r"[?!;:\"]|--|[—–]|- |\. \w|^(?:You know|I mean|You see|I tell you|That said|The \w+ one)\b"
    r"|^(?:\w+ ){,2}so\b|thank you|we'll be (?:right )?back"
)
_STANCES = "support oppose accept reject raise lower agree trust approve increase"
_OWNED = re.compile(r"\b(?:an?|best|worst|my|our|his|her) $")
_TIMED = re.compile(
    r"\b(?:and (?:I|we|you|they|he|she|it|that|the)|that|ago|yesterday|last|never|not|always|when|then"
    r"|tomorrow|next|if)\b|n't|\d{4}|[?;,]|--",
    re.I,
)
_HEDGED = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|if|how|as|so|too|only|the most|at most|cannot|and will"
    r"|after all)\b|n't|[?;]",
    re.I,
)
_MISPLACED = re.compile(
    r"some of (?:the (?:way|sense|time|world)|a sudden|my|our|your)\b|"
    r"\w[ ,]+(?:not every|hardly any)|(?:nearly|almost|like|of) only|not every (?:single|time|day)"
    r"|^(?:for|despite|to|with|of) only|\b(?:could|may|might|can|would|these some|the some|those some)\b",
    re.I,
)
_TAIL = re.compile(
    r"(?:and|which|who|because|so|as|with|where|when|after|before|in|for|from|by|on|at|while|including|since|under"
    r"|through|during|along|especially|particularly|even|plus|making|giving|according)\b"
)
_OPEN_END = re.compile(r"\b(?:of|the|an?|and|to|that|for|in|with|is|are|was|were|as|from|by|there|on)$")


def _same(text: str) -> Made:
    return Made(text, "entailment", "entailment")


def _apart(text: str) -> Made:
    return Made(text, "neutral", "neutral")


def _lowered(text: str) -> str:
    return text if re.match(r"I\b", text) else text[0].lower() + text[1:]


def _is_plain_claim(text: str) -> bool:
    return is_whole(text) and not _NO_CLAIM.search(text)


def reword(text: str, rng: random.Random) -> Made | None:
    """Near synonyms in every place where there is one."""
    other = reword_all(text)
    return _same(other) if other else None


def _free_numbers(text: str) -> list[tuple[int, int]]:
    """Numbers that an adverb may stand before."""
    return [span for span in find_numbers(text) if not _OWNED.search(text[: span[0]])]


def round_off(text: str, rng: random.Random) -> Made | None:
    """One number called approximate."""
    spans = _free_numbers(text)
    if not spans:
        return None
    place = rng.choice(spans)[0]
    word = rng.choice(("about ", "around ", "roughly ", "approximately "))
    return Made(text[:place] + word + text[place:], "entailment", "neutral")


def bound(text: str, rng: random.Random) -> Made | None:
    """One number turned into a bound that it keeps, or breaks."""
    spans = _free_numbers(text)
    if not spans or DENIAL.search(text) or re.search(r"\bif\b|\w+est\b", text, re.I):
        return None
    span = rng.choice(spans)
    written = text[span[0] : span[1]]
    value, other = _value(written), change_number(written, rng)
    above = rng.choice(("more than ", "at least ", "over ", "upwards of "))
    below = rng.choice(("less than ", "at most ", "under ", "no more than "))
    word = rng.choice((above, below))
    kept = (_value(other) < value) == (word == above)
    edited = put_instead(text, span, word + other)
    return Made(edited, "entailment", "neutral") if kept else conflict(edited)


def _value(written: str) -> float:
    return float(written.strip("$%").replace(",", ""))


def shorten(text: str, rng: random.Random) -> Made | None:
    """The last clause dropped."""
    head, _, tail = text.rpartition(", ")
    if len(head.split()) < 6 or len(tail.split()) < 3 or "," in head or not _is_plain_claim(head):
        return None
    if not _TAIL.match(tail) or _OPEN_END.search(head):
        return None
    if re.search(r"\b(?:not|no|never|if|unless|but|or|whether|says?|said|think|like)\b|n't|[\"]", text, re.I):
        return None
    return Made(head + ".", "entailment", "neutral")


def add_clause(text: str, rng: random.Random) -> Made | None:
    """A clause that says more, so that the longer text entails the shorter."""
    if not _is_plain_claim(text) or not text.endswith("."):
        return None
    return Made(f"{text[:-1]}, {rng.choice(ADDED)}.", "neutral", "entailment")


def _framed(text: str, frames: Sequence[str], rng: random.Random) -> str | None:
    if not _is_plain_claim(text) or re.search(r"\b(?:think|believe|thank|hope|welcome|want to say)\b", text):
        return None
    return f"{rng.choice(frames)} {_lowered(text)}"


def affirm(text: str, rng: random.Random) -> Made | None:
    """The speaker's own confirmation put before the sentence."""
    framed = _framed(text, TRUE, rng)
    return Made(framed, "entailment", "entailment") if framed else None


def attribute(text: str, rng: random.Random) -> Made | None:
    """The sentence told as somebody else's claim."""
    framed = _framed(text, CLAIMED, rng)
    return _apart(framed) if framed else None


def deny(text: str, rng: random.Random) -> Made | None:
    """The sentence called untrue."""
    framed = _framed(text, DENIED, rng)
    return conflict(framed) if framed else None


def double_negation(text: str, rng: random.Random) -> Made | None:
    """The denial of the negated sentence."""
    if re.search(r"\b(?:must|should|could)\b", text):
        return None
    negated = rng.choice((negate, negate_verb))(text, rng)
    denied = _framed(negated.text, DENIED, rng) if negated else None
    return _same(denied) if denied and len(re.findall(r"\bnot\b|n't\b|\bnever\b", text)) == 0 else None


def deny_opposite(text: str, rng: random.Random) -> Made | None:
    """The opposite verb, negated: who supports does not oppose, but not the other way round."""
    verb = find_subject_verb(text)
    turned = oppose(text, rng) if verb and verb.base in _STANCES.split() else None
    opposite = turned and negate_verb(turned.text, rng)
    return Made(opposite.text, "entailment", "neutral") if opposite else None


def weaken(text: str, rng: random.Random) -> Made | None:
    """A strong word replaced by one that claims less."""
    if _HEDGED.search(text):
        return None
    weaker = swap_one(text, _WEAKER)
    broken = weaker and re.search(r"\b(?:these|those|the|our|many) some\b|some others", weaker)
    return Made(weaker, "entailment", "neutral") if weaker and not broken else None


def limit(text: str, rng: random.Random) -> Made | None:
    """A word of degree replaced by one that cannot hold beside it."""
    if _HEDGED.search(text):
        return None
    other = swap_one(text, _ALTERNATIVES)
    misplaced = other and _MISPLACED.search(other)
    return conflict(other) if other and not misplaced else None


def _pledged(text: str, verb: Verb) -> str:
    return put_instead(text, verb.span, f"will {verb.base}")


def pledge_or_deed(text: str, rng: random.Random) -> Made | None:
    """What was done told as what will be done, and the reverse."""
    verb = find_subject_verb(text)
    if _TIMED.search(text):
        return None
    if verb and verb.form == "past" and verb.base in ABLE_TO_REFUSE:
        return _apart(_pledged(text, verb))
    will = re.match(r"^(?:I|We|They|He|She|The \w+) (will (\w+))\b", text)
    past = PAST_OF[will.group(2)] if will and will.group(2) in ABLE_TO_REFUSE else None
    return _apart(put_instead(text, will.span(1), past)) if will and past else None


def other_place(text: str, rng: random.Random) -> Made | None:
    """The same said of another place: both can hold."""
    found = list(_PLACE.finditer(text))
    if len(found) != 1 or _SINGULAR.search(text):
        return None
    name = found[0].group()
    other = rng.choice([place for kind in PLACES if name in kind for place in kind if place != name])
    return _apart(put_instead(text, found[0].span(), other))


def other_winner(text: str, rng: random.Random) -> Made | None:
    """Another actor for a deed that only one can have done."""
    own = _EXCLUSIVE_I.match(text)
    if own and not _OWN.search(text[own.end() :]):
        verb = own.group("verb").replace("'m", " is").replace(" am", " is")
        rest = text[own.end() :]
        alone = re.match(r"the (?:first|only|last|one|author|architect|candidate)\b", rest)
        if verb in (" is", " was") and not alone:
            return None
        return conflict(f"{rng.choice(OTHER_ACTORS)}{verb} {rest}")
    found = _only_name(text)
    subordinate = found and re.search(r"\b(?:when|since|if|before|after|that)\b", text[: found.start()], re.I)
    if not found or subordinate or not _EXCLUSIVE.match(text[found.end() :]):
        return None
    return conflict(put_instead(text, found.span(), _another(found.group(), rng)))


def _only_name(text: str) -> re.Match[str] | None:
    found = list(_PERSON.finditer(text))
    alone = len(found) == 1 and not re.search(r"\b(?:he|she|his|her|him)\b", text, re.I)
    return found[0] if alone else None


def _another(name: str, rng: random.Random) -> str:
    return rng.choice([other for other in (PEOPLE if " " in name else _SURNAMES) if other != name])


def other_actor(text: str, rng: random.Random) -> Made | None:
    """Another actor for what more than one can do."""
    found = _only_name(text)
    if found and not _EXCLUSIVE.match(text[found.end() :]):
        return _apart(put_instead(text, found.span(), _another(found.group(), rng)))
    parties = list(_PARTY.finditer(text))
    if len(parties) == 1 and not _OWN.search(text):
        party = parties[0]
        return _apart(put_instead(text, party.span(), _OTHER_PARTY[party.group()]))
    verb = find_subject_verb(text)
    if not verb or verb.subject not in ("I", "We", "They") or _OWN.search(text[verb.span[1] :]):
        return None
    said = THIRD_OF[verb.base] if verb.form == "base" else text[slice(*verb.span)]
    return _apart(f"{rng.choice(OTHER_ACTORS)} {said}{text[verb.span[1] :]}")


def _contrary(text: str, rng: random.Random) -> Made | None:
    """The contrary of a text that speaks of another thing than the original: both can hold."""
    made = contradict(text, rng)
    return _apart(made.text) if made else None


def other_place_edited(text: str, rng: random.Random) -> Made | None:
    """The contrary said of another place."""
    moved = other_place(text, rng)
    return _contrary(moved.text, rng) if moved else None


def other_actor_edited(text: str, rng: random.Random) -> Made | None:
    """The contrary said of another actor."""
    moved = other_actor(text, rng)
    return _contrary(moved.text, rng) if moved else None


def other_date_edited(text: str, rng: random.Random) -> Made | None:
    """The contrary said of another date, which the text names."""
    found = find_date(text)
    return _contrary(other_date(text, found, rng), rng) if found else None
