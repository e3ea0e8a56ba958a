"""Hand-written word lists, one plain text file each, that anybody can extend without Python.

A line starting with `#` is a comment. `word_list` reads files of words, `word_pairs` files of
`one | other` lines, `word_groups` files of `name: word, word` lines. All words are lower case.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from types import MappingProxyType

__all__ = ["by_first_word", "group_words", "word_groups", "word_list", "word_pairs"]


def _lines(name: str) -> Iterator[str]:
    text = files(__name__).joinpath(f"{name}.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        content = line.partition("#")[0].strip()
        if content:
            yield content


@cache
def word_list(name: str) -> frozenset[str]:
    """All words of a list, whatever the line breaks."""
    return frozenset(word for line in _lines(name) for word in line.replace(",", " ").split())


@cache
def word_pairs(name: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """The two sides of each `one, another | opposite, another` line."""
    pairs = []
    for line in _lines(name):
        left, _, right = line.partition("|")
        pairs.append((_split(left), _split(right)))
    return tuple(pairs)


@cache
def word_groups(name: str) -> Mapping[str, tuple[str, ...]]:
    """Each group's words or phrases by its name; a name that returns adds to its group."""
    groups: dict[str, tuple[str, ...]] = {}
    for line in _lines(name):
        group, _, rest = line.partition(":")
        groups[group.strip()] = groups.get(group.strip(), ()) + _split(rest)
    return MappingProxyType(groups)


def group_words(name: str, group: str) -> frozenset[str]:
    """One group's words as a set."""
    return frozenset(word_groups(name)[group])


def by_first_word(phrases: Iterable[str]) -> Mapping[str, Sequence[tuple[str, ...]]]:
    """The words of each phrase under the first of them, longest phrase first."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in sorted((tuple(phrase.split()) for phrase in phrases), key=lambda p: (-len(p), p)):
        found[phrase[0]].append(phrase)
    return MappingProxyType(dict(found))


def _split(part: str) -> tuple[str, ...]:
    return tuple(phrase for phrase in (" ".join(p.split()) for p in part.split(",")) if phrase)
