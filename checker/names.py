"""Whether two written names mean one person, and which spelling to keep.

Names are folded to ASCII, freed of titles and collapsed over transliterations; surnames and given names are
then compared by their consonants first and their letters second. A wrong merge puts words into a stranger's
mouth, so what is only likely is suggested, and a bare surname is merged only when one person bears it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from checker.nameparts import Name, bare_name, consonants, fold_name, parse_name, plain_name, skeleton

__all__ = ["Match", "Merge", "Suggestion", "bare_name", "fold_name", "merge_names", "same_person", "skeleton"]

Merge = tuple[str, tuple[str, ...]]
Suggestion = tuple[str, str, str]

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


def same_person(first: str, second: str) -> Match:
    """How far two names, seen alone, can mean one person.

    A bare surname matches every full name that ends in it; who else bears it is for `merge_names` to see.
    """
    return _compare(parse_name(first), parse_name(second))


def merge_names(
    names: Mapping[str, int], *, aliases: Mapping[str, str] | None = None
) -> tuple[dict[str, str], list[Merge], list[Suggestion]]:
    """A canonical name for each name, the merges made, and the pairs that are only suggested.

    Args:
        names: How often each name occurs; the commonest full spelling becomes the canonical one.
        aliases: Name to canonical name, as decided by a person; nothing overrules it.
    """
    decided = {plain_name(alias): canonical for alias, canonical in (aliases or {}).items()}
    fixed = {name: decided[plain_name(name)] for name in names if plain_name(name) in decided}
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
        self.parsed = {name: parse_name(name) for name in names}
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
        key = ("fixed", plain_name(name)) if parsed.fixed else (parsed.generation, *parsed.tokens)
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
            blocks[consonants(parsed.surname)].append(name)
    return [sorted(names) for _, names in sorted(blocks.items()) if len(names) > 1]


def _rank(name: str, names: Mapping[str, int]) -> tuple[bool, bool, int, str]:
    parsed = parse_name(name)
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


def _compare(a: Name, b: Name) -> Match:
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
    if consonants(a.surname) != consonants(b.surname):
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
    if consonants(a) != consonants(b) or (a[-1] == "a") != (b[-1] == "a"):
        return 0.0
    return max(_alike(a, b), _OFFERED)


def _alike(a: str, b: str) -> float:
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(a, b)


def _family(surname: str) -> str:
    """Belarusian -enka and Ukrainian or Russian -enko are one ending."""
    return f"{surname[:-1]}o" if surname.endswith("enka") else surname
