"""Whether two written names mean one person, and which spelling to keep.

Names are folded to ASCII, freed of titles and collapsed over transliterations; surnames and given names are
then compared by their consonants first and their letters second. A wrong merge puts words into a stranger's
mouth, so what is only likely is suggested, and a bare surname is merged only when one person bears it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii

__all__ = ["Match", "Merge", "Suggestion", "bare_name", "fold_name", "merge_names", "same_person", "skeleton"]

Merge = tuple[str, tuple[str, ...]]
Suggestion = tuple[str, str, str]


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
_GIVEN_ALIKE = 0.90
_SURNAME_ALIKE = 0.88
_SURNAME_FAR = 0.75
_OFFERED = 0.70


@dataclass(frozen=True, slots=True)
class Match:
    """Whether two names may be merged unasked; `score` in 0..1 is a likeness, not a probability."""

    same: bool
    score: float
    why: str


@dataclass(frozen=True, slots=True)
class _Name:
    """A name taken apart: collapsed tokens, surname last; `titled` when words were stripped from it.

    `fixed` names (organisations, "the opposition leader") are nobody's surname and match only themselves.
    """

    tokens: tuple[str, ...]
    titled: bool = False
    fixed: bool = False
    generation: str = ""

    @property
    def surname(self) -> str:
        return self.tokens[-1] if self.tokens else ""

    @property
    def given(self) -> tuple[str, ...]:
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
    return _VOWELS.sub("", _collapse(_ascii(word)))


def same_person(first: str, second: str) -> Match:
    """How far two names, seen alone, can mean one person.

    A bare surname matches every full name that ends in it; who else bears it is for `merge_names` to see.
    """
    return _compare(_parse(first), _parse(second))


def merge_names(
    names: Mapping[str, int], *, aliases: Mapping[str, str] | None = None
) -> tuple[dict[str, str], list[Merge], list[Suggestion]]:
    """A canonical name for each name, the merges made, and the pairs that are only suggested.

    Args:
        names: How often each name occurs; the commonest full spelling becomes the canonical one.
        aliases: Name to canonical name, as decided by a person; nothing overrules it.
    """
    decided = {_plain(alias): canonical for alias, canonical in (aliases or {}).items()}
    fixed = {name: decided[_plain(name)] for name in names if _plain(name) in decided}
    free = sorted(name for name in names if name not in fixed)
    anchors = sorted(set(fixed.values()) - set(free))
    groups = _groups([*free, *anchors])
    suggestions = _join_full_names(groups)
    suggestions += _join_short_names(groups)
    canonical = dict(fixed)
    for group in groups.members():
        best = next((name for name in group if name in anchors), "") or max(
            group, key=lambda n: _rank(n, names)
        )
        canonical.update((name, best) for name in group if name in names)
    offered = _in_canonical_names(suggestions, canonical)
    return {name: canonical[name] for name in names}, _merges(canonical), offered


class _Groups:
    """Disjoint sets of names, each set standing for one person."""

    def __init__(self, names: Iterable[str]) -> None:
        self.parsed = {name: _parse(name) for name in names}
        self._sets = {name: {name} for name in self.parsed}

    def members(self) -> list[list[str]]:
        """The sets, each sorted, in sorted order."""
        return sorted(sorted(group) for group in {id(s): s for s in self._sets.values()}.values())

    def of(self, name: str) -> set[str]:
        return self._sets[name]

    def join(self, first: str, second: str) -> None:
        together = self._sets[first] | self._sets[second]
        for name in together:
            self._sets[name] = together

    def compatible(self, first: str, second: str) -> bool:
        """Whether no member of one set speaks against a member of the other."""
        return all(
            _compare(self.parsed[a], self.parsed[b]).same for a in self.of(first) for b in self.of(second)
        )


def _groups(names: Sequence[str]) -> _Groups:
    groups = _Groups(names)
    first_of: dict[tuple[object, ...], str] = {}
    for name, parsed in groups.parsed.items():
        # An organisation is itself only under the same words: "Ministry" is not "Ministry of Health".
        key = ("fixed", _plain(name)) if parsed.fixed else (parsed.generation, *parsed.tokens)
        if parsed.tokens and key in first_of:
            groups.join(first_of[key], name)
        first_of.setdefault(key, name)
    return groups


def _join_full_names(groups: _Groups) -> list[Suggestion]:
    """Full names of one surname: the certain merges made, the likely ones given back."""
    suggestions = []
    for names in _blocks(groups, full=True):
        for index, first in enumerate(names):
            for second in names[index + 1 :]:
                if groups.of(first) is groups.of(second):
                    continue
                match = _compare(groups.parsed[first], groups.parsed[second])
                certain = match.same and _one_reading(first, second, names, groups)
                if certain and groups.compatible(first, second):
                    groups.join(first, second)
                elif match.same or match.score >= _OFFERED:
                    suggestions.append((first, second, match.why))
    return suggestions


def _one_reading(first: str, second: str, names: Sequence[str], groups: _Groups) -> bool:
    """Whether neither name, being short of parts, could as well belong to a third person."""
    for short, other in ((first, second), (second, first)):
        for third in names:
            if third in (short, other) or groups.of(third) is groups.of(other):
                continue
            fits = _compare(groups.parsed[short], groups.parsed[third]).same
            if fits and not _compare(groups.parsed[other], groups.parsed[third]).same:
                return False
    return True


def _join_short_names(groups: _Groups) -> list[Suggestion]:
    """Bare surnames joined to the only person of that name; with two such persons, both are suggested."""
    suggestions = []
    for names in _blocks(groups, full=False):
        full = [name for name in names if len(groups.parsed[name].tokens) > 1]
        for short in (name for name in names if len(groups.parsed[name].tokens) == 1):
            likeness = {name: _compare(groups.parsed[short], groups.parsed[name]) for name in full}
            fitting = [name for name in full if likeness[name].score >= _OFFERED]
            sure = [name for name in fitting if likeness[name].same]
            spelt_so = [name for name in sure if groups.parsed[name].surname == groups.parsed[short].surname]
            bearers = spelt_so or sure
            people = {id(groups.of(name)): name for name in bearers or fitting}
            if bearers and len(people) == 1:
                groups.join(short, bearers[0])
            else:
                why = "several people share the surname" if len(people) > 1 else "the surnames are alike"
                suggestions += [(short, name, why) for name in people.values()]
    return suggestions


def _blocks(groups: _Groups, *, full: bool) -> list[list[str]]:
    """People whose surnames have one skeleton; only within a block can two names match."""
    blocks: dict[str, list[str]] = defaultdict(list)
    for name, parsed in groups.parsed.items():
        if parsed.tokens and not parsed.fixed and (len(parsed.tokens) > 1 or not full):
            blocks[_VOWELS.sub("", parsed.surname)].append(name)
    return [sorted(names) for _, names in sorted(blocks.items()) if len(names) > 1]


def _rank(name: str, names: Mapping[str, int]) -> tuple[bool, bool, int, str]:
    parsed = _parse(name)
    # Alphabetical order decides last, so that the order of the files never does.
    backwards = "".join(chr(0x10FFFF - ord(letter)) for letter in name)
    return len(parsed.tokens) > 1, not parsed.titled, names.get(name, 0), backwards


def _in_canonical_names(suggestions: Iterable[Suggestion], canonical: Mapping[str, str]) -> list[Suggestion]:
    """Each pair of people suggested once."""
    reasons: dict[tuple[str, str], str] = {}
    for first, second, why in suggestions:
        pair = sorted((canonical.get(first, first), canonical.get(second, second)))
        reasons.setdefault((pair[0], pair[1]), why)
    return [(first, second, why) for (first, second), why in sorted(reasons.items()) if first != second]


def _merges(canonical: Mapping[str, str]) -> list[Merge]:
    variants: dict[str, list[str]] = defaultdict(list)
    for name, best in canonical.items():
        if name != best:
            variants[best].append(name)
    return [(best, tuple(sorted(found))) for best, found in sorted(variants.items())]


def _compare(a: _Name, b: _Name) -> Match:
    if not a.tokens or not b.tokens:
        return Match(False, 0.0, "one of them is no name")
    if a.fixed or b.fixed:
        same = a.tokens == b.tokens and a.fixed == b.fixed
        return Match(same, 1.0 if same else 0.0, "the same words" if same else "not two names of people")
    if a.generation != b.generation:
        return Match(False, _OFFERED if a.tokens == b.tokens else 0.0, "one is marked as junior or senior")
    if a.tokens == b.tokens:
        return Match(True, 1.0, "the same once spelling and titles are folded")
    if len(a.tokens) > 1 and len(b.tokens) > 1 and sorted(a.tokens) == sorted(b.tokens):
        return Match(False, 0.8, "the same words in another order")
    if _VOWELS.sub("", a.surname) != _VOWELS.sub("", b.surname):
        return Match(False, 0.0, "different surnames")
    surname = _alike(_family(a.surname), _family(b.surname))
    # Petrov and Petrova are two people, a man and a woman.
    if surname < _SURNAME_FAR or (_family(a.surname)[-1] == "a") != (_family(b.surname)[-1] == "a"):
        return Match(False, 0.0, "different surnames")
    if not a.given or not b.given:
        sure = _family(a.surname) == _family(b.surname)
        return Match(sure, 0.85 if sure else 0.7, "one is the surname alone")
    return _compare_given(a.given, b.given, surname)


def _compare_given(a: Sequence[str], b: Sequence[str], surname: float) -> Match:
    first = _given_likeness(a[0], b[0])
    if first < _OFFERED:
        return Match(False, 0.0, "different given names")
    for one, other in zip(a[1:], b[1:], strict=False):
        first = min(first, _given_likeness(one, other))
        if first < _OFFERED:
            return Match(False, 0.0, "different middle names")
    score = min(first, surname)
    if first >= _GIVEN_ALIKE and surname >= _SURNAME_ALIKE:
        why = "one leaves out a name" if len(a) != len(b) else "spellings of one name"
        return Match(True, score, why)
    return Match(False, score, "names alike in their consonants")


def _given_likeness(a: str, b: str) -> float:
    if a == b:
        return 1.0
    if len(a) == 1 or len(b) == 1:
        return 0.92 if a[0] == b[0] else 0.0
    # "Maria" and "Mario", "Olga" and "Oleg": the ending tells a woman's name from a man's.
    if _VOWELS.sub("", a) != _VOWELS.sub("", b) or (a[-1] == "a") != (b[-1] == "a"):
        return 0.0
    return max(_alike(a, b), _OFFERED)


def _alike(a: str, b: str) -> float:
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(a, b)


def _family(surname: str) -> str:
    """Belarusian -enka and Ukrainian or Russian -enko are one ending."""
    return f"{surname[:-1]}o" if surname.endswith("enka") else surname


@lru_cache(maxsize=65536)
def _parse(name: str) -> _Name:
    words, apposition = _words(name)
    kept = _strip_roles(words)
    generation = next((word for word in kept[1:] if word in _GENERATIONS), "")
    named = [word for word in kept if word != generation]
    role_only = not named or named[-1] in _ROLES or named[0] in _GLUE
    fixed = bool(_ORGANISATION.search(_ascii(name))) or (role_only and len(named) < 2) or named[0] in _GLUE
    tokens = tuple(_collapse(word) for word in (words if fixed else named))
    return _Name(tokens, apposition or len(kept) != len(words), fixed, generation)


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


def _plain(name: str) -> str:
    return " ".join(_ascii(name).split())


def _collapse(word: str) -> str:
    """One spelling for the usual transliterations of one word."""
    word = _U_AS_V.sub("v", word)
    for written, sound in _SOUNDS:
        word = word.replace(written, sound)
    return _DOUBLED.sub(r"\1", word)
