"""Words, overlap and names of two texts: what they share, what sets them apart.

A leaf that detectors, the pairing step and the report all use. Every span indexes the text as given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

import snowballstemmer

from checker.lexicon import group_words, word_groups, word_list
from checker.records import Span

__all__ = [
    "READ_LIMIT",
    "Name",
    "Word",
    "content_words",
    "differing_spans",
    "has_subject_matter",
    "is_slogan",
    "name_marks",
    "named_things",
    "overlap",
    "shared_words",
    "stem",
    "subject_matter",
    "tag_parts",
    "weigh",
    "words",
]

READ_LIMIT = 4000
"""Characters of a text that are looked at; a statement is a sentence or a few, never a book."""

_SHORT_OR_FIGURE = r"(?:[A-Za-z]\.){2,}|\d+(?:[.,]\d+)+"
_WORD = re.compile(rf"{_SHORT_OR_FIGURE}|[^\W_]+(?:[-'’][^\W_]+)*")
# Marks that nobody sees and that scraped text has inside its words: soft hyphens, joiners, a byte order mark.
_UNSEEN = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_UNSEEN_IN_WORD = re.compile(rf"{_SHORT_OR_FIGURE}|[^\W_](?:[{_UNSEEN}]*(?:[-'’][{_UNSEEN}]*)?[^\W_])*")
_SEEN = str.maketrans("", "", _UNSEEN)
# What is said by a machine's address or a campaign's slogan is no word of the sentence.
_LABELS = re.compile(r"(?<!\w)#(?P<tag>\w+)|https?://\S+|(?<![\w@.])www\.\S+")
_YEAR = re.compile(r"\b(?:1[89]|20)\d\d\b")
_TITLES = group_words("grammar", "titles")
_CALENDAR = group_words("grammar", "calendar")
_IRREGULAR_PARTS = {
    "won't": ("will", "not"),
    "can't": ("can", "not"),
    "cannot": ("can", "not"),
    "shan't": ("shall", "not"),
    "ain't": ("be", "not"),
    "gonna": ("going", "to"),
    "let's": ("let", "us"),
}
_ENDINGS = {"n't": "not", "'m": "am", "'re": "are", "'ve": "have", "'ll": "will", "'d": "would"}
_IS_HOSTS = group_words("grammar", "is hosts")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a text: where it stands, its lower-case form and its stem.

    A contraction gives two words with one span: "won't" is `will` and `not`.
    """

    span: Span
    text: str
    stem: str
    capital: bool = False


@dataclass(frozen=True, slots=True)
class Name:
    """A named thing: where it stands, the key that all its forms share, and `place`, `year` or `name`."""

    span: Span
    key: str
    kind: str


@cache
def _bases() -> dict[str, str]:
    return {
        form: base
        for name in ("families", "irregular")
        for base, forms in word_groups(name).items()
        for form in forms
    }


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """The stem of a lower-case word: irregular forms first, then the Snowball English stemmer.

    Source: M. Porter, "Snowball: a language for stemming algorithms", 2001.
    """
    plain = word.replace("’", "'").removesuffix("'s").strip(".").replace("re-", "re", 1)
    base = _bases().get(plain, plain)
    if not base.isascii() or len(base) > 40:
        return base
    return str(_stemmer().stemWord(base))


@cache
def _stemmer() -> snowballstemmer.stemmer:
    return snowballstemmer.stemmer("english")


def _parts(token: str) -> tuple[str, ...]:
    if token in _IRREGULAR_PARTS:
        return _IRREGULAR_PARTS[token]
    if "'" not in token:
        return (token,)
    for ending, meaning in _ENDINGS.items():
        if token.endswith(ending) and len(token) > len(ending):
            return (token[: -len(ending)], meaning)
    host = token.removesuffix("'s")
    return (host, "is") if host in _IS_HOSTS and host != token else (host or token,)


@lru_cache(maxsize=16_384)
def words(text: str) -> tuple[Word, ...]:
    """All words of the first `READ_LIMIT` characters, in order, contractions taken apart."""
    found: list[Word] = []
    unseen = any(mark in text for mark in _UNSEEN)
    pattern = _UNSEEN_IN_WORD if unseen else _WORD
    for match in pattern.finditer(_unlabelled(text), 0, READ_LIMIT):
        if match.start() and text[match.start() - 1] == "#":
            found.extend(_tag_words(match.group(), match.start()))
            continue
        written = match.group()
        span = Span(match.start(), match.end())
        lowered = written.lower().replace("’", "'")
        if unseen:
            lowered = lowered.translate(_SEEN)
        if written == "US":
            lowered = "usa"
        for place, part in enumerate(_parts(lowered)):
            found.append(Word(span, part, stem(part), not place and written[0].isupper()))
    return tuple(found)


def _unlabelled(text: str) -> str:
    """The text with blanks where tags of several words and addresses stand."""
    if "#" not in text and "://" not in text and "www." not in text:
        return text
    return _LABELS.sub(_blank, text)


def _blank(match: re.Match[str]) -> str:
    """Blanks for an address or a slogan; a tag that names a topic or a person stays."""
    tag = match.group("tag")
    return match.group() if tag and not is_slogan(tag) else " " * len(match.group())


def tag_parts(tag: str) -> tuple[str, ...]:
    """The words of a tag, by its capitals and low lines: "LePen" is two, "McConnell" is one."""
    starts = [0]
    for at in range(1, len(tag)):
        before, here, after = tag[at - 1], tag[at], tag[at + 1 : at + 2]
        opens = here.isupper() and (not before.isupper() or after.islower())
        if (opens or "_" in (before, here)) and tag[starts[-1] : at] != "Mc":
            starts.append(at)
    ends = [*starts[1:], len(tag)]
    return tuple(part for a, b in zip(starts, ends, strict=True) if (part := tag[a:b].strip("_")))


def is_slogan(tag: str) -> bool:
    """Whether a tag of several words calls for something ("SaveOurLibrary") and is no name of a topic."""
    first, *rest = [part.lower() for part in tag_parts(tag)] or [""]
    if not rest:
        return False
    doubtful = first in group_words("aims", "doubtful calls") and rest[0] in group_words("aims", "pointing")
    return doubtful or first in group_words("aims", "calls")


def _tag_words(token: str, start: int) -> Iterator[Word]:
    at = 0
    for part in tag_parts(token):
        at = token.index(part, at)
        lowered = part.lower()
        yield Word(Span(start + at, start + at + len(part)), lowered, stem(lowered), part[0].isupper())
        at += len(part)


@lru_cache(maxsize=16_384)
def _content(text: str) -> tuple[Word, ...]:
    skipped = word_list("function")
    return tuple(word for word in words(text) if word.text not in skipped)


def content_words(text: str) -> list[Word]:
    """The words that carry subject matter, in order."""
    return list(_content(text))


@cache
def _light_stems() -> frozenset[str]:
    return frozenset(stem(word) for word in word_list("light"))


def weigh(stems: Iterable[str]) -> float:
    """Weight of a set of stems: one each, a quarter for words too common to tell subjects apart."""
    light = _light_stems()
    return sum(0.25 if one in light else 1.0 for one in stems)


def overlap(a: str, b: str) -> float:
    """Share of the poorer text's content words that the other has too, 0..1; common words weigh a quarter."""
    left = {word.stem for word in _content(a)}
    right = {word.stem for word in _content(b)}
    smaller = min(weigh(left), weigh(right))
    return weigh(left & right) / smaller if smaller else 0.0


def shared_words(a: str, b: str) -> tuple[list[Word], list[Word]]:
    """Content words of each text whose stem the other has too, with no stem twice on a side."""
    common = {word.stem for word in _content(a)} & {word.stem for word in _content(b)}
    return _first_of_each(_content(a), common), _first_of_each(_content(b), common)


def _first_of_each(found: Iterable[Word], wanted: set[str]) -> list[Word]:
    first: dict[str, Word] = {}
    for word in found:
        if word.stem in wanted:
            first.setdefault(word.stem, word)
    return list(first.values())


def differing_spans(a: str, b: str) -> tuple[list[Span], list[Span]]:
    """Spans of the words that only one of the two texts has; neighbouring ones are joined."""
    left = {word.stem for word in words(a)}
    right = {word.stem for word in words(b)}
    return _joined(a, right), _joined(b, left)


def _joined(text: str, other: set[str]) -> list[Span]:
    spans: list[Span] = []
    for word in words(text):
        if word.stem in other:
            continue
        if spans and not text[spans[-1].end : word.span.start].strip():
            spans[-1] = Span(spans[-1].start, max(word.span.end, spans[-1].end))
        else:
            spans.append(word.span)
    return spans


@cache
def _opinion_stems() -> frozenset[str]:
    return _light_stems() | {stem(word) for word in word_list("opinion")}


@lru_cache(maxsize=16_384)
def subject_matter(text: str) -> frozenset[str]:
    """What a text is about: the stems of its words of substance, and the keys of its names.

    Words too common to tell subjects apart, and words of opinion, mood and talk, are left out.
    """
    told = _opinion_stems()
    named = {name.key for name in named_things(text) if name.kind != "year"}
    return frozenset(word.stem for word in _content(text) if not {word.stem, word.text} & told) | named


def has_subject_matter(text: str) -> bool:
    """Whether a text has at least one word or name that says what it is about.

    "He did it again" has none, nor has "It was a disaster": without its neighbours nobody can say what it
    conflicts with.
    """
    return bool(subject_matter(text))


@cache
def _places() -> dict[str, str]:
    groups = word_groups("places").items()
    return {name: key for key, names in groups for name in names}


@lru_cache(maxsize=16_384)
def named_things(text: str) -> tuple[Name, ...]:
    """Places, years and capitalised names, in order.

    A place has one key for its country, people and capital; a person's key is the surname.
    A capitalised word that opens a sentence counts only as a known place or before another capital.
    """
    found = [Name(Span(m.start(), m.end()), m.group(), "year") for m in _YEAR.finditer(text, 0, READ_LIMIT)]
    tokens = words(text)
    shouting = _is_shouting(text[:READ_LIMIT])
    index = 0
    while index < len(tokens):
        if not tokens[index].capital:
            index += 1
            continue
        name, used = _place_at(tokens, index)
        if name is None and not shouting:
            name, used = _name_at(text, tokens, index)
        if name is not None:
            found.append(name)
        index += max(1, used)
    return tuple(sorted(found, key=lambda name: name.span))


def _is_shouting(text: str) -> bool:
    letters = list(filter(str.isalpha, text))
    return sum(map(str.isupper, letters)) > 0.6 * len(letters)


def _place_at(tokens: tuple[Word, ...], index: int) -> tuple[Name | None, int]:
    places = _places()
    for size in (2, 1):
        part = tokens[index : index + size]
        key = places.get(" ".join(word.text.strip(".") for word in part))
        if key and len(part) == size and all(word.capital for word in part):
            return Name(Span(part[0].span.start, part[-1].span.end), key, "place"), size
    return None, 0


def _is_name_word(word: Word) -> bool:
    return (
        word.capital
        and word.text not in word_list("function")
        and word.text not in _CALENDAR
        and not word.text[0].isdigit()
    )


def _name_at(text: str, tokens: tuple[Word, ...], index: int) -> tuple[Name | None, int]:
    start = end = index
    while end < len(tokens) and end - index < 4 and _is_name_word(tokens[end]):
        gap = text[tokens[end - 1].span.end : tokens[end].span.start] if end > index else " "
        if gap.strip(" .") or ("." in gap and len(tokens[end - 1].text) > 2):
            break
        end += 1
    while start < end and tokens[start].text in _TITLES:
        start += 1
    part = tokens[start:end]
    if not part or (len(part) == 1 and _opens_sentence(text, part[0])):
        return None, end - index
    key = part[-1].text.removesuffix("'s")
    return Name(Span(part[0].span.start, part[-1].span.end), key, "name"), end - index


def _opens_sentence(text: str, word: Word) -> bool:
    before = text[max(0, word.span.start - 4) : word.span.start].rstrip(" “\"'‘([*")
    return not before or before[-1] in ".!?:;—–\n-…"


def name_marks(text: str, spans: Iterable[Span]) -> str:
    """The marked words in quotation marks, for an explanation: “never”, “raise”."""
    return ", ".join(f"“{span.of(text)}”" for span in spans)
