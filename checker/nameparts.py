"""A written name taken apart: titles off, letters folded to ASCII, transliterations collapsed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

__all__ = ["Name", "bare_name", "consonants", "fold_name", "parse_name", "plain_name", "skeleton"]


def _table(entries: str) -> frozenset[str]:
    return frozenset(entries.split())


_ROLES = _table("""
    president premier prime minister chancellor king queen prince princess pope emperor sultan emir
    sheikh senator sen representative rep congressman congresswoman governor gov mayor secretary
    undersecretary general gen colonel col lieutenant lt major maj captain capt sergeant sgt admiral
    marshal commander chief chairman chairwoman chair chairperson leader opposition spokesman
    spokeswoman spokesperson speaker ambassador judge justice attorney professor prof doctor dr mr mrs
    ms miss sir dame lord lady baroness baron count rev reverend father bishop archbishop cardinal rabbi
    imam ayatollah deputy vice acting interim former ex then late incumbent elect state foreign defense
    defence finance interior health head director ceo coach author dictator strongman candidate the
    federal presidente presidenta ministro ministra kanzler kanzlerin herr frau monsieur madame senor
    senora prezident ministr gospodin pan
""")
_DEGREES = _table("mp mep phd md esq kc qc obe")
_GENERATIONS = _table("jr junior sr senior ii iii iv")
_GLUE = _table("of the for and to in")
_ORGANISATION = re.compile(
    r"\b(?:agency|alliance|army|association|authorit\w+|bank|bureau|cabinet|commission|committee|company|congress|"
    r"council|court|department|forces|foundation|government|group|inc|institute|ltd|ministry|news|office|"
    r"organi[sz]ation|parliament|party|police|press|report|service|staff|times|union|university)\b",
    re.IGNORECASE,
)
_DEMONYM = re.compile(r"(?:ian|ean|ish|ese|can|man|nch|utch|reek|wiss|aqi|eli|ani)$")
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_WORD = re.compile(r"[a-z0-9]+")
_MARKS = re.compile(r"['’ʼ`´]")
# Longest first: each pair is one sound in two transliterations.
_SOUNDS = (
    ("shch", "s"), ("sch", "s"), ("tch", "c"), ("tsk", "ck"), ("kh", "h"), ("gh", "g"),
    ("ph", "f"), ("zh", "z"), ("sh", "s"),
    ("ch", "c"), ("ts", "t"), ("tz", "t"), ("dj", "j"), ("ck", "k"), ("ks", "x"), ("ou", "u"), ("oo", "u"),
    ("ee", "i"), ("w", "v"), ("x", "ks"), ("q", "k"), ("y", "i"), ("j", "i"),
)  # fmt: skip
_DOUBLED = re.compile(r"(.)\1+")
# Belarusian -ouski and -auski are Russian -ovsky and -avsky.
_U_AS_V = re.compile(r"(?<=[aeo])u(?=sk)")
_VOWELS = re.compile(r"(?<=.)[aeiou]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name taken apart: collapsed tokens, surname last; `titled` when words were stripped from it.

    `fixed` names (organisations, "the opposition leader") are nobody's surname and match only themselves.
    """

    tokens: tuple[str, ...]
    titled: bool = False
    fixed: bool = False
    generation: str = ""

    @property
    def surname(self) -> str:
        """The last word, empty when there is none."""
        return self.tokens[-1] if self.tokens else ""

    @property
    def given(self) -> tuple[str, ...]:
        """The words before the surname."""
        return self.tokens[:-1]


def fold_name(name: str) -> tuple[str, ...]:
    """The words of a name in plain lower-case ASCII, titles and roles removed, surname last."""
    return tuple(_strip_roles(_words(name)[0]))


def bare_name(name: str) -> str:
    """The name as written without the titles and roles before it."""
    words = name.split()
    while len(words) > 1 and _is_role_word(words[0], words[1:]):
        words = words[1:]
    return " ".join(words).strip(" ,")


def skeleton(word: str) -> str:
    """The consonants of a word once transliterations are collapsed; a first vowel is kept."""
    return consonants(_collapse(_ascii(word)))


def consonants(collapsed: str) -> str:
    """A collapsed word without its vowels, but for a first one."""
    return _VOWELS.sub("", collapsed)


def plain_name(name: str) -> str:
    """The whole name, titles and all, in lower-case ASCII."""
    return " ".join(_ascii(name).split())


@lru_cache(maxsize=65536)
def parse_name(name: str) -> Name:
    """The parts of a name that are compared."""
    words, apposition = _words(name)
    kept = _strip_roles(words)
    generation = next((word for word in kept[1:] if word in _GENERATIONS), "")
    named = [word for word in kept if word != generation]
    role_only = not named or named[-1] in _ROLES or named[0] in _GLUE
    fixed = bool(_ORGANISATION.search(_ascii(name))) or (role_only and len(named) < 2) or named[0] in _GLUE
    tokens = tuple(_collapse(word) for word in (words if fixed else named))
    return Name(tokens, apposition or len(kept) != len(words), fixed, generation)


def _words(name: str) -> tuple[list[str], bool]:
    """The words of a name in spoken order, and whether a title or office stood behind it."""
    # No name is this long; anything longer is text in the wrong column.
    plain = _ascii(name[:200])
    parts = [_WORD.findall(part) for part in _BRACKETS.sub(" ", plain).split(",")]
    parts = [part for part in parts if part]
    if not parts:
        return _WORD.findall(plain), False
    if len(parts) == 2 and parts[1][0] in _GENERATIONS | _DEGREES:
        return parts[0] + parts[1], False
    if len(parts) == 2 and len(parts[0]) == 1 and not any(word in _ROLES for word in parts[1]):
        return parts[1] + parts[0], False
    return parts[0], len(parts) > 1


def _strip_roles(words: Sequence[str]) -> list[str]:
    """The name left when titles before it and degrees after it go."""
    kept = list(words)
    while len(kept) > 1 and _is_role_word(kept[0], kept[1:]):
        kept = kept[1:]
    while len(kept) > 1 and kept[-1] in _DEGREES:
        kept = kept[:-1]
    return kept


def _is_role_word(word: str, rest: Sequence[str]) -> bool:
    plain = "".join(_WORD.findall(_ascii(word)))
    if plain in _ROLES:
        return True
    following = [token for part in rest[:3] for token in _WORD.findall(_ascii(part))]
    return bool(_DEMONYM.search(plain)) and any(token in _ROLES for token in following[:2])


def _ascii(text: str) -> str:
    return _MARKS.sub("", anyascii(text)).casefold()


def _collapse(word: str) -> str:
    """One spelling for the usual transliterations of one word."""
    word = _U_AS_V.sub("v", word)
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return _DOUBLED.sub(r"\1", word)
