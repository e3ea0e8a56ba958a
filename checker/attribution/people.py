"""The people of an article: every name outside quotations, its spellings, roles, nation and gender."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from checker.attribution.grammar import (
    ADVERBS,
    CONJUNCTIONS,
    DAYS,
    DETERMINERS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    SUBORDINATORS,
    is_day,
    word_set,
)
from checker.attribution.roles import GROUPS, ORGANISATIONS, ROLES, TITLES, gender_of, nation_of
from checker.attribution.tokens import Frame, Token
from checker.names import same_person

__all__ = ["GLUED", "Inventory", "Naming", "Person", "find_people"]

_PARTICLES = frozenset(
    [
        "de",
        "la",
        "von",
        "van",
        "der",
        "den",
        "di",
        "da",
        "del",
        "dos",
        "bin",
        "al",
        "ibn",
        "el",
        "le",
        "du",
        "st.",
        "ben",
    ]
)
_NEVER = (
    DETERMINERS
    | PREPOSITIONS
    | CONJUNCTIONS
    | SUBORDINATORS
    | DAYS
    | SUBJECT_PRONOUNS
    | ADVERBS
    | word_set(
        "his her their its my our your he's it's i'm i've we're that's there's don't advertisement "
        "photo image read more full text updated editor note yes no ok dear please thanks mr mrs der "
        "die das den dem des ein eine le les el los las il lo het een et"
    )
)
_ALIKE = 0.8
# "ProPublica", "YouGov", but not "McKee" or "DeMarco".
_CAMEL = re.compile(r"(?!Mc|Mac|De|Di|Du|La|Le|Van|Fitz|O['’]|D['’])[A-Z][a-z]+[A-Z]")
GLUED = re.compile(r"[A-Z]{3,}(?=[A-Z][a-z]{3,})")


@dataclass(slots=True, eq=False)
class Person:
    """One person or body: longest spelling, all spellings, what is known about it."""

    name: str
    parts: list[str]
    spellings: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)
    nation: str = ""
    gender: str = ""
    mentions: int = 0
    titled: bool = False
    spoke: int = 0
    body: bool = False

    @property
    def surname(self) -> str:
        """Last part of the name in lower case."""
        return self.parts[-1].lower()


@dataclass(slots=True, eq=False)
class Naming:
    """One place where a name stands: tokens `first` to `last` (half-open) and the sentence."""

    first: int
    last: int
    sentence: int
    parts: list[str]
    titles: list[str]
    person: Person | None = None


class Inventory:
    """All people of a document and where they are named."""

    def __init__(self, people: list[Person], namings: list[Naming]) -> None:
        self.people = people
        self.namings = namings
        self.by_sentence: dict[int, list[Naming]] = {}
        for naming in namings:
            self.by_sentence.setdefault(naming.sentence, []).append(naming)
        self.by_surname: dict[str, list[Person]] = {}
        for person in people:
            self.by_surname.setdefault(person.surname, []).append(person)

    def named(self, parts: list[str], titles: list[str]) -> list[Person]:
        """People whom a written name can mean, exact spellings first."""
        wanted = [part.lower() for part in parts]
        bearers = self.by_surname.get(wanted[-1], [])
        if len(wanted) > 1:
            exact = [p for p in bearers if [x.lower() for x in p.parts] == wanted]
            if exact:
                return exact
            fitting = [p for p in bearers if len(p.parts) == 1 or _given_fits(p.parts, parts)]
            if fitting:
                return fitting
        gender = gender_of(titles)
        if len(wanted) == 1 and len(bearers) > 1 and gender:
            agreeing = [p for p in bearers if p.gender in ("", gender)]
            bearers = agreeing or bearers
        if bearers:
            full = [p for p in bearers if len(p.parts) > 1]
            return full or bearers
        if len(wanted) == 1:
            given = [p for p in self.people if len(p.parts) > 1 and p.parts[0].lower() == wanted[0]]
            if given:
                return given
        return []


def find_people(frame: Frame) -> Inventory:
    """The names of a document outside its quotations, grouped into people."""
    namings = [naming for index in range(len(frame.sentences)) for naming in _namings(frame, index)]
    people = _group(namings)
    for person in people:
        person.body = _is_body(person)
    for naming in namings:
        _learn(frame, naming)
    return Inventory(people, namings)


def _namings(frame: Frame, index: int) -> Iterator[Naming]:
    sentence = frame.sentences[index]
    tokens = frame.tokens
    at = sentence.first
    while at < sentence.last:
        if tokens[at].kind != "C" or (
            tokens[at].low in _NEVER and (tokens[at].low not in DAYS or is_day(tokens, at))
        ):
            at += 1
            continue
        end = at
        while end < sentence.last and _continues(tokens, at, end, sentence.last):
            end += 1
        naming = name_in(tokens, at, end, index)
        if naming is not None:
            yield naming
        at = max(end, at + 1)


def _continues(tokens: list[Token], first: int, at: int, high: int) -> bool:
    token = tokens[at]
    if at > first and tokens[at - 1].low.endswith(("'s", "s'")):
        return False
    if token.kind == "C":
        return token.low not in _NEVER or at == first
    if token.low in _PARTICLES and token.kind == "w":
        return at + 1 < high and tokens[at + 1].kind == "C" and at > first
    return False


def name_in(tokens: list[Token], first: int, last: int, sentence: int) -> Naming | None:
    """The name inside a run of capitalised words, its titles and nation set apart."""
    start = first
    for at in range(last - 2, first - 1, -1):
        # "Post Editor-in-Chief Ana Lima", "DNC Chairwoman Ana Lima": all up to the role is title.
        if tokens[at].low in ROLES or tokens[at].low.endswith(("-in-chief", "-general")):
            start = at + 1
            break
    titles = [token.text for token in tokens[first:start]]
    while start < last and (tokens[start].low in TITLES or _is_demonym(tokens, start, last)):
        titles.append(tokens[start].text)
        start += 1
    if start == last:
        return None
    if last - start > 2 and not gender_of([tokens[start].low]) and gender_of([tokens[start + 1].low]):
        # "Farmer Bill Rudd", "Verleger Karl Brandt": a role that the list of titles does not hold.
        titles.append(tokens[start].text)
        start += 1
    parts = [_clean(token.text) for token in tokens[start:last]]
    glued = GLUED.match(parts[-1])
    if glued:
        parts = [parts[-1][glued.end() :]]
    if parts[-1] in ("Jr.", "Sr.", "Jr", "Sr") and len(parts) > 1:
        parts.pop()
    if not parts or not parts[-1] or len(parts) > 6:
        return None
    return Naming(start, last, sentence, parts, titles)


def _clean(word: str) -> str:
    return word[:-2] if word.endswith(("'s", "’s")) else word.rstrip("'")


def _is_demonym(tokens: list[Token], at: int, last: int) -> bool:
    """`Belarusian Defense Minister`: an adjective of nation before a title."""
    low = tokens[at].low
    return (
        at + 1 < last
        and low.endswith(("ian", "ean", "ish", "ese", "can", "man", "rench", "aeli", "aqi", "ani"))
        and tokens[at + 1].low in TITLES
    )


def _group(namings: list[Naming]) -> list[Person]:
    people: list[Person] = []
    by_surname: dict[str, list[Person]] = {}
    by_head: dict[str, list[Person]] = {}
    for naming in sorted(namings, key=lambda n: (-len(n.parts), n.first)):
        person = _match(naming, by_surname, by_head)
        if person is None:
            person = Person(" ".join(naming.parts), naming.parts)
            people.append(person)
            by_surname.setdefault(person.surname, []).append(person)
            by_head.setdefault(person.surname[:3], []).append(person)
        naming.person = person
        person.spellings.add(" ".join(naming.parts))
    return people


def _match(
    naming: Naming, by_surname: dict[str, list[Person]], by_head: dict[str, list[Person]]
) -> Person | None:
    surname = naming.parts[-1].lower()
    bearers = by_surname.get(surname, [])
    if len(naming.parts) == 1:
        gender = gender_of(naming.titles)
        agreeing = [p for p in bearers if not gender or gender_of(p.parts[:1]) in ("", gender)]
        return agreeing[0] if len(agreeing) == 1 else None
    for person in bearers:
        if person.parts == naming.parts or (
            len(person.parts) > 1 and _given_fits(person.parts, naming.parts)
        ):
            return person
    for person in by_head.get(surname[:3], ()):
        if len(person.parts) > 1 and _one_person(person, naming):
            return person
    return None


def _one_person(person: Person, naming: Naming) -> bool:
    """Two spellings of one name; inside one document, alike given names before one surname are enough."""
    if person.surname != naming.parts[-1].lower():
        return same_person(person.name, " ".join(naming.parts)).same
    genders = {gender_of(person.parts[:1]), gender_of(naming.parts[:1])} - {""}
    alike = same_person(person.name, " ".join(naming.parts))
    return alike.same or (alike.score >= _ALIKE and len(genders) < 2)


def _given_fits(first: list[str], second: list[str]) -> bool:
    """`Alan Q. Smith`, `Alan Smith` and `A. Smith` can be one person."""
    a, b = first[0].lower().rstrip("."), second[0].lower().rstrip(".")
    return a == b or (min(len(a), len(b)) == 1 and a[0] == b[0])


def _learn(frame: Frame, naming: Naming) -> None:
    """Roles, nation and gender from what stands around a name."""
    person = naming.person
    if person is None:
        return
    person.mentions += 1
    person.titled = person.titled or any(t.lower() in TITLES for t in naming.titles)
    person.gender = person.gender or gender_of(naming.titles) or gender_of(person.parts[:1])
    for title in naming.titles:
        _note_word(person, title)
    sentence = frame.sentences[naming.sentence]
    tokens = frame.tokens
    at = naming.first - len(naming.titles) - 1
    steps = 0
    # "Texas senator Ana Lima", "the Ukrainian president, Ana Lima", "the leader of the party, Ana Lima".
    comma = at >= sentence.first and tokens[at].text == ","
    at -= comma
    words: list[Token] = []
    while (
        at >= sentence.first and steps < 9 and tokens[at].kind in "wC" and tokens[at].low not in SUBORDINATORS
    ):
        words.append(tokens[at])
        if tokens[at].low in ("the", "a", "an", "his", "her", "their"):
            break
        if not comma and tokens[at].low in PREPOSITIONS:
            words.pop()
            break
        at -= 1
        steps += 1
    else:
        words = [] if comma and at >= sentence.first else words
    roles = [w.low for w in words if w.low in ROLES]
    if roles and (comma or words[0].low in ROLES):
        for word in words:
            _note_word(person, word.text)
    _learn_after(frame, naming, person)


def _is_body(person: Person) -> bool:
    """Whether a name is that of an organisation, a place or a group."""
    low = [part.lower() for part in person.parts]
    if any(part in ORGANISATIONS or part in GROUPS for part in low):
        return True
    if any(low[-1].endswith(ending) for ending in ("americans", "voters", "officials")):
        return True
    last = person.parts[-1]
    if len(low) == 1 and ((last.isupper() and len(last) > 1) or _CAMEL.match(last)):
        return True
    return len(low) == 1 and low[0].endswith(("icans", "ians", "crats", "eans", "ese", "ists"))


def _learn_after(frame: Frame, naming: Naming, person: Person) -> None:
    """`Ana Lima, the Brazilian president, ...`."""
    tokens, high = frame.tokens, frame.sentences[naming.sentence].last
    at = naming.last
    if at >= high or tokens[at].text != ",":
        return
    words: list[Token] = []
    for token in tokens[at + 1 : min(at + 9, high)]:
        if token.kind not in "wCN" or token.low in SUBORDINATORS:
            break
        words.append(token)
    lead = words[0].low if words else ""
    if (
        lead in ("the", "a", "an", "former", "his", "her", "who")
        or lead in ROLES
        or (words and words[-1].low in ROLES)
    ):
        for word in words:
            if word.low in PREPOSITIONS and word.low != "of":
                break
            _note_word(person, word.text)


def _note_word(person: Person, word: str) -> None:
    low = _clean(word).lower()
    if low in ROLES:
        person.roles.add(low)
        person.titled = True
        person.gender = person.gender or gender_of([low])
    elif (
        word[:1].isupper()
        and low not in TITLES
        and low not in GROUPS
        and not person.nation
        and low not in _NEVER
    ):
        person.nation = nation_of(low)
