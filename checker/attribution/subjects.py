"""Who governs a reporting word: the noun phrase left of it, or right of it when a quotation comes first."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from checker.attribution.grammar import (
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    NEGATIONS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    is_adverb,
    is_day,
    is_verb,
    word_set,
)
from checker.attribution.tokens import INLINE, Token

__all__ = ["Subject", "subject_left", "subject_right"]

_MODALS = word_set("would could should may might must can shall wouldn't couldn't shouldn't")
_MAX_PHRASE = 16
_MAX_CLAUSE = 14
_MAX_SEGMENTS = 6
_SEPARATORS = ",—–()"
_HEADLESS = word_set("him them me us whom himself herself itself themselves there here")
_APPOSED = word_set("who whose which a an the former his her its their one both also formerly now then")
_SPEAKING_THINGS = word_set(
    "poll polls survey report study statement ad ads letter email memo article editorial column campaign "
    "group party company committee court agency commission panel government administration department "
    "people tweet post website paper newspaper magazine message sign banner note caption headline bill "
    "resolution"
)
_ISSUED = word_set("published released issued conducted obtained posted dated sent aired")
_PERSONAL = frozenset(("he", "she", "they", "i", "we"))
_RELATIVES = frozenset(("who", "that", "which"))


@dataclass(frozen=True, slots=True)
class Subject:
    """Tokens `first` to `last` (half-open) name the source; `name` narrows them to the apposed name.

    `clause` is the first token of the whole cue clause, adverbials and appositions included.
    """

    first: int
    last: int
    clause: int
    passive: bool = False
    negated: bool = False
    modal: bool = False
    progressive: bool = False
    relative: bool = False
    name: tuple[int, int] | None = None


def subject_left(tokens: list[Token], cue: int, low: int) -> Subject | None:
    """The subject before a cue; `low` is the first token that may belong to it."""
    at = cue - 1
    helpers: list[str] = []
    while at >= low and (
        tokens[at].low in AUXILIARIES or tokens[at].low in NEGATIONS or is_adverb(tokens[at])
    ):
        helpers.append(tokens[at].low)
        at -= 1
    if at > low and is_day(tokens, at) and tokens[at].low != "this":
        # "Trump on Monday said", "a report published Wednesday said".
        at -= 2 if tokens[at - 1].low in ("on", "late", "early") else 1
        at -= tokens[at].low in _ISSUED
    if at < low:
        return None
    found = _before(tokens, at, low)
    if found is None:
        return None
    first, last, clause, relative, name = found
    return Subject(
        first,
        last,
        clause,
        passive=any(h in BE for h in helpers),
        negated=any(h in NEGATIONS for h in helpers),
        modal=any(h in _MODALS for h in helpers),
        progressive=any(h in BE for h in helpers),
        relative=relative,
        name=name,
    )


_Found = tuple[int, int, int, bool, tuple[int, int] | None]


def _before(tokens: list[Token], at: int, low: int) -> _Found | None:
    token = tokens[at]
    if token.low in _RELATIVES and token.kind == "w":
        return _antecedent(tokens, at, low)
    if token.low in SUBJECT_PRONOUNS:
        return at, at + 1, at, False, None
    if token.kind == "P" and token.text in _SEPARATORS:
        return _apposed(tokens, at, low)
    if token.kind == "Q" and token.low == INLINE:
        # `Ms Ruiz, host of "Morning Hour," said`: the comma stands inside the marks.
        return _apposed(tokens, at + 1, low)
    restricted = _restricted(tokens, at, low)
    if restricted is not None:
        return restricted
    if token.kind in "wCN" and token.low not in CONJUNCTIONS:
        first = phrase_left(tokens, at, low)
        return (first, at + 1, first, False, None) if first is not None else None
    return None


def _restricted(tokens: list[Token], at: int, low: int) -> _Found | None:
    """`Leaders who had rather be at home said`: the noun before a relative clause without commas."""
    for k in range(at, max(low, at - _MAX_CLAUSE), -1):
        if tokens[k].kind in "PQ":
            return None
        if tokens[k].low in ("who", "who'd", "who've", "who's") and k < at and tokens[k - 1].kind in "wC":
            first = phrase_left(tokens, k - 1, low)
            return (first, k, first, False, None) if first is not None else None
    return None


def _antecedent(tokens: list[Token], at: int, low: int) -> _Found | None:
    """The noun that a relative pronoun stands for."""
    end = at - 1
    while end >= low and tokens[end].text in ",—–(":
        end -= 1
    if (
        end < low
        or tokens[end].kind not in "wCN"
        or (tokens[at].low == "that" and end == at - 1 and is_verb(tokens[end]))
    ):
        return None
    first = phrase_left(tokens, end, low)
    if first is None or (tokens[at].low != "who" and tokens[end].low not in _SPEAKING_THINGS):
        return None
    return first, end + 1, first, True, None


def phrase_left(tokens: list[Token], end: int, low: int) -> int | None:
    """First token of the noun phrase that ends with token `end`."""
    at = end
    stop = max(low, end - _MAX_PHRASE)
    while at >= stop and _inside_phrase(tokens, at, end):
        at -= 1
    first = at + 1
    return _without_lead(tokens, first, end)


def _inside_phrase(tokens: list[Token], at: int, end: int) -> bool:
    token = tokens[at]
    low = token.low
    if token.kind == "Q":
        return at < end and low == INLINE
    if token.kind == "P":
        return token.text in "-/&%'#@"
    if low in _HEADLESS or low in SUBORDINATORS or low == "to":
        return False
    if low in SUBJECT_PRONOUNS and token.kind != "C" and low != "one":
        return False
    if is_verb(token) and token.kind != "C":
        return False
    if token.kind == "w" and low.endswith("ing") and at < end and tokens[at + 1].low in DETERMINERS:
        return False
    if token.kind == "w" and at < end and low.endswith("ed") and len(low) > 4:
        return tokens[at - 1].low in DETERMINERS if at else False
    return not (is_adverb(token) and token.kind == "w" and at == end)


def _without_lead(tokens: list[Token], first: int, end: int) -> int | None:
    """Drop conjunctions, adverbs and opening adverbials from the front of a phrase."""
    changed = True
    while changed and first <= end:
        changed = False
        token = tokens[first]
        if (
            token.low in CONJUNCTIONS
            or token.kind == "P"
            or is_adverb(token)
            or (is_day(tokens, first) and first < end and token.low not in ("last", "this", "next", "may"))
        ) or token.low == "of":
            first += 1
            changed = True
        elif token.low in PREPOSITIONS:
            following = _after_adverbial(tokens, first + 1, end)
            if following is None:
                return None
            first = following
            changed = True
    if first > end:
        return None
    for at in range(end, first, -1):
        if tokens[at].low in ("and", "or", "but") and _joins_clauses(tokens, at, first, end):
            return _without_lead(tokens, at + 1, end)
    return first


def _joins_clauses(tokens: list[Token], at: int, first: int, end: int) -> bool:
    before = tokens[at - 1]
    left_names = any(t.kind == "C" for t in tokens[first:at])
    if tokens[at].low == "but":
        return True
    return not (left_names or before.low.endswith("s") or (before.kind == "w" and tokens[at + 1].kind == "w"))


def _after_adverbial(tokens: list[Token], at: int, end: int) -> int | None:
    """Start of the phrase that follows a short adverbial ("On Monday Trump", "in Minsk the president")."""
    if at <= end and tokens[at].low in DAYS:
        while at <= end and (tokens[at].low in DAYS or tokens[at].kind == "N"):
            at += 1
        return at if at <= end else None
    for index in range(at + 1, end + 1):
        token = tokens[index]
        if (
            token.low in DETERMINERS
            and tokens[index - 1].low not in PREPOSITIONS
            and tokens[index - 1].low not in DETERMINERS
        ):
            return index
        if (
            token.kind == "C"
            and tokens[index - 1].kind in "wN"
            and tokens[index - 1].low not in PREPOSITIONS | DETERMINERS
        ):
            return index
    return None


def _apposed(tokens: list[Token], comma: int, low: int) -> _Found | None:
    """The subject before one or more appositions: `Ana Lima, 54, a former minister who quit, said`."""
    segments = _segments(tokens, comma, low)
    for index, (start, stop) in enumerate(segments):
        while start < stop and (
            tokens[start].low in CONJUNCTIONS or tokens[start].low == "as" or is_adverb(tokens[start])
        ):
            start += 1
        rest = segments[index + 1 :]
        if (
            start < stop
            and tokens[stop - 1].low in _PERSONAL
            and all(_is_apposition(tokens, a, b) for a, b in rest)
        ):
            return stop - 1, stop, stop - 1, False, None
        if start >= stop or not _may_start(tokens[start]):
            continue
        if not all(_is_apposition(tokens, a, b) for a, b in rest):
            continue
        first = phrase_left(tokens, stop - 1, start)
        if first is None or tokens[stop - 1].kind == "Q":
            continue
        name = _apposed_name(tokens, first, stop, rest)
        if name is None and first > start and not rest:
            # "..., Trump, said": a stray comma; take it as the phrase alone.
            return first, stop, first, False, None
        return first, stop, start, False, name
    return None


def _segments(tokens: list[Token], comma: int, low: int) -> list[tuple[int, int]]:
    cuts = [comma]
    at = comma - 1
    while at >= low and len(cuts) <= _MAX_SEGMENTS:
        token = tokens[at]
        if (token.kind == "Q" and token.low != INLINE) or token.text in ";:":
            break
        if token.kind == "P" and token.text in _SEPARATORS:
            cuts.append(at)
        at -= 1
    cuts.append(at)
    cuts.reverse()
    return [(a + 1, b) for a, b in itertools.pairwise(cuts) if b > a + 1]


def _may_start(token: Token) -> bool:
    low = token.low
    if (
        low in SUBORDINATORS
        or low in PREPOSITIONS
        or low in DAYS
        or (low.endswith("ing") and token.kind == "w")
    ):
        return False
    return token.kind in "wC" and not is_verb(token) and low not in SUBJECT_PRONOUNS


def _is_apposition(tokens: list[Token], start: int, stop: int) -> bool:
    token = tokens[start]
    if (
        token.low in _APPOSED
        or token.kind in "NC"
        or token.low in ("of", "in", "from", "at", "with", "speaking")
    ):
        return True
    return not any(is_verb(t) for t in tokens[start:stop]) and token.low not in SUBJECT_PRONOUNS


def _apposed_name(
    tokens: list[Token], first: int, stop: int, rest: list[tuple[int, int]]
) -> tuple[int, int] | None:
    """The name that follows a role ("her lawyer, Ana Lima, said")."""
    if not rest or not _is_role(tokens, first, stop):
        return None
    start, end = rest[0]
    if all(t.kind == "C" for t in tokens[start:end]) and 1 <= end - start <= 5:
        return start, end
    return None


def _is_role(tokens: list[Token], first: int, stop: int) -> bool:
    return tokens[stop - 1].kind == "w" or tokens[first].low in DETERMINERS


def subject_right(tokens: list[Token], cue: int, high: int) -> Subject | None:
    """The subject after an inverted cue ("said the 65-year-old president")."""
    at = cue + 1
    while at < high and (is_adverb(tokens[at]) or is_day(tokens, at)):
        at += 1
    first = at
    if first >= high or not _may_start_right(tokens[first]):
        return None
    while at < high and _continues_right(tokens, at, first):
        at += 1
    if at == first or (
        tokens[first].low in DETERMINERS and at == first + 1 and tokens[first].low in ("a", "an", "the")
    ):
        return None
    if (
        not any(t.kind == "C" for t in tokens[first:at])
        and tokens[first].low not in DETERMINERS
        and at - first > 4
    ):
        return None
    name = None
    if at + 1 < high and tokens[at].text == "," and _is_role(tokens, first, at):
        end = at + 1
        while end < high and tokens[end].kind == "C":
            end += 1
        if 1 < end - at - 1 <= 5:
            name = (at + 1, end)
    return Subject(first, at, cue, name=name)


def _may_start_right(token: Token) -> bool:
    if token.low in SUBORDINATORS or token.low in PREPOSITIONS or token.kind in "PQN":
        return False
    return token.low not in _HEADLESS and not is_verb(token) and token.low not in ("you", "i", "we")


def _continues_right(tokens: list[Token], at: int, first: int) -> bool:
    token = tokens[at]
    low = token.low
    if token.kind == "P":
        return token.text in "-/&'"
    if token.kind == "Q":
        return low == INLINE and tokens[at - 1].kind == "C" and tokens[at + 1].kind == "C"
    if low in SUBORDINATORS or (is_day(tokens, at) and at > first) or (is_verb(token) and token.kind != "C"):
        return False
    if low in PREPOSITIONS:
        return low in ("of", "for", "at", "from") and not _is_adverbial(tokens, at)
    if low in CONJUNCTIONS:
        return at + 1 < len(tokens) and tokens[at + 1].kind == "C" and tokens[at - 1].kind == "C"
    if low in SUBJECT_PRONOUNS:
        return at == first
    if token.kind == "w" and tokens[at - 1].kind == "C" and at - 1 >= first:
        return False
    return not is_adverb(token)


def _is_adverbial(tokens: list[Token], at: int) -> bool:
    """Whether a preposition opens a place or time ("at a rally", "of the plan")."""
    return tokens[at].low in ("at", "from") and at + 1 < len(tokens) and tokens[at + 1].low in DETERMINERS
