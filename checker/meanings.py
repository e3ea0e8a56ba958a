"""Meanings that words share or oppose: antonyms and semantic fields, from the hand-written lexicon.

A leaf for the detectors. Matching is by stem, phrases by the stems of their words in a row.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from checker.alignment import Word, stem, words
from checker.clauses import is_content
from checker.lexicon import word_groups, word_pairs

__all__ = [
    "FieldWord",
    "Term",
    "are_opposed",
    "field_words",
    "opposed",
    "opposed_terms",
    "predicate_relation",
    "shared_fields",
    "terms_of",
]


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase that has an opposite: where it stands in its clause and its places in the lexicon."""

    start: int
    end: int
    places: frozenset[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class FieldWord:
    """A word of a semantic field; `doing` when it names an event rather than a subject."""

    word: Word
    doing: bool


Phrases = dict[str, list[tuple[tuple[str, ...], frozenset[tuple[int, int]]]]]


@cache
def _phrases() -> Phrases:
    places: dict[tuple[str, ...], set[tuple[int, int]]] = defaultdict(set)
    for line, sides in enumerate(word_pairs("opposites")):
        for side, phrases in enumerate(sides):
            for phrase in phrases:
                places[tuple(stem(part) for part in phrase.split())].add((line, side))
    by_first: Phrases = defaultdict(list)
    for stems, found in sorted(places.items(), key=lambda item: -len(item[0])):
        by_first[stems[0]].append((stems, frozenset(found)))
    return by_first


def terms_of(part: Sequence[Word]) -> Iterator[Term]:
    """The words and phrases of a clause that have an opposite, longest first at each place."""
    phrases = _phrases()
    index = 0
    while index < len(part):
        for stems, places in phrases.get(part[index].stem, ()):
            end = index + len(stems)
            if tuple(word.stem for word in part[index:end]) != stems:
                continue
            if len(stems) > 1 or part[index].text == "against" or is_content(part[index]):
                yield Term(index, end, places)
                index = end - 1
                break
        index += 1


def are_opposed(one: Term, other: Term) -> bool:
    """Whether two terms stand on opposite sides of a lexicon line."""
    return any((line, 1 - side) in other.places for line, side in one.places)


def opposed_terms(a: Sequence[Word], b: Sequence[Word]) -> Iterator[tuple[Term, Term]]:
    """Pairs of opposed terms of two clauses."""
    return opposed(tuple(terms_of(a)), tuple(terms_of(b)))


def opposed(ones: Sequence[Term], others: Sequence[Term]) -> Iterator[tuple[Term, Term]]:
    """Pairs of opposed terms, one of each list."""
    return ((one, other) for one in ones for other in others if are_opposed(one, other))


def predicate_relation(verb: Word, part: Sequence[Word]) -> tuple[int, int]:
    """Whether a clause says the same (1) or the opposite (-1) of a verb, or neither (0), and at which word.

    The same stem counts before a like word, and a like word before an opposite.
    """
    for index, word in enumerate(part):
        if word.stem == verb.stem:
            return 1, index
    own = tuple(terms_of((verb,)))
    others = tuple(terms_of(part))
    for sign in (1, -1):
        for one in own:
            for other in others:
                if are_opposed(one, other) if sign < 0 else one.places & other.places:
                    return sign, other.start
    return 0, 0


@cache
def _fields() -> Mapping[str, tuple[tuple[str, bool], ...]]:
    table: dict[str, dict[str, bool]] = defaultdict(dict)
    for field, members in word_groups("fields").items():
        for member in members:
            key = stem(member.removeprefix("!"))
            table[key][field] = table[key].get(field, False) or member.startswith("!")
    return {key: tuple(found.items()) for key, found in table.items()}


@lru_cache(maxsize=16_384)
def field_words(text: str) -> Mapping[str, tuple[FieldWord, ...]]:
    """The semantic fields a text touches, each with its words."""
    fields: dict[str, list[FieldWord]] = defaultdict(list)
    table = _fields()
    for word in words(text):
        for field, doing in table.get(word.stem, ()):
            fields[field].append(FieldWord(word, doing))
    return {field: tuple(found) for field, found in fields.items()}


def shared_fields(a: str, b: str) -> list[str]:
    """Fields both texts touch, the best attested first."""
    left, right = field_words(a), field_words(b)
    common = left.keys() & right.keys()
    return sorted(common, key=lambda field: (-min(len(left[field]), len(right[field])), field))
