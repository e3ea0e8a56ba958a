"""From the mention in the text to the person: names, roles, pronouns; candidates where it is in doubt.

Antecedents of a pronoun are people who have spoken, carry a title or role, or are the subject of a
sentence near by; a bare role ("the president") goes to the bearer of the role who spoke last, not to the
one named last, and its nationality must agree. What stays open is said to be open: an empty speaker with
candidates.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from checker.attribution.claim import Claim, Layout
from checker.attribution.grammar import (
    ADVERBS,
    DETERMINERS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    is_adverb,
    is_verb,
    word_set,
)
from checker.attribution.people import GLUED, Inventory, Naming, Person, find_people, name_in
from checker.attribution.roles import GENERIC_ROLES, GROUPS, ROLES, gender_of, nation_of, roles_alike
from checker.attribution.sites import looks_past
from checker.attribution.tokens import Frame, Token
from checker.records import Span

__all__ = ["Resolution", "resolve_speakers"]

_GENDERED = {"he": "m", "she": "f"}
_FIRST = frozenset(("i", "we"))
_FAR = 8
_PLACE = 3
_REMEMBERED = 100
_NEAR = 4
_OTHERS = word_set("second third fourth another other senior unnamed former local top")
_PARTY = frozenset(("they", "it"))


@dataclass(frozen=True, slots=True)
class Resolution:
    """Who is meant, how that was found, and who else could be.

    `narrowed` is the mention when it is smaller than the noun phrase (a name glued to another word).
    """

    speaker: str
    candidates: tuple[str, ...] = ()
    confidence: float = 1.0
    rule: str = ""
    via: str = ""
    narrowed: Span | None = None


def resolve_speakers(frame: Frame, claims: list[Claim], *, author: str = "") -> list[Resolution]:
    """One resolution for each claim, in order."""
    return _Resolver(frame, author).run(claims)


class _Resolver:
    def __init__(self, frame: Frame, author: str) -> None:
        self.frame = frame
        self.people: Inventory = find_people(frame)
        self.author = author
        self.spoken: list[tuple[int, Person]] = []
        self.focus: dict[int, Person] = {}
        self.groups: list[tuple[int, str]] = []
        self.starts = {token.start: at for at, token in enumerate(frame.tokens)}

    def run(self, claims: list[Claim]) -> list[Resolution]:
        """Resolve in reading order, so that who spoke last is known."""
        starts = [(claim.source or claim.content[0]).start for claim in claims]
        order = sorted(range(len(claims)), key=starts.__getitem__)
        found: dict[int, Resolution] = {}
        for k in order:
            found[k] = self.resolve(claims[k])
        return [found[k] for k in range(len(claims))]

    def resolve(self, claim: Claim) -> Resolution:
        """Who made one claim."""
        if claim.source is None:
            return Resolution("", self._recent_names(claim), 0.2, "none")
        span = claim.name or claim.source
        tokens = self._tokens(span)
        if not tokens:
            return Resolution("", (), 0.2, "none")
        if len(tokens) == 1 and tokens[0].low in SUBJECT_PRONOUNS:
            return self._pronoun(claim, tokens[0])
        naming = self._naming(tokens, claim.sentence)
        if naming is not None:
            return self._named(claim, naming)
        return self._described(claim, tokens)

    def _tokens(self, span: Span) -> list[Token]:
        first = self.starts.get(span.start)
        if first is None:
            return []
        last = first
        while last < len(self.frame.tokens) and self.frame.tokens[last].start < span.end:
            last += 1
        return self.frame.tokens[first:last]

    def _recent_names(self, claim: Claim) -> tuple[str, ...]:
        names: list[str] = []
        for sentence in range(claim.sentence, max(claim.sentence - 4, -1), -1):
            for person in self._people_in(sentence):
                if person.name not in names:
                    names.append(person.name)
        return tuple(names[:3])

    # -- names ----------------------------------------------------------------------------------------

    def _naming(self, tokens: list[Token], sentence: int) -> Naming | None:
        """The name at the head of a noun phrase; none when the head is a common noun ("Trump's lawyer")."""
        head: list[Token] = []
        for token in tokens:
            if (token.low in PREPOSITIONS and head) or token.text in ",(—–":
                break
            if token.low == "and" and head:
                break
            head.append(token)
        while head and head[-1].kind != "C":
            if head[-1].kind == "w" and head[-1].low not in ADVERBS:
                return None
            head.pop()
        if not head:
            return None
        first = len(head)
        while first > 0 and (head[first - 1].kind == "C" or head[first - 1].kind == "Q"):
            if head[first - 1].low.endswith(("'s", "s'")) and first < len(head):
                break
            first -= 1
        while first < len(head) and head[first].kind == "Q":
            first += 1
        run = [t for t in head[first:] if t.low not in DETERMINERS]
        if not run:
            return None
        naming = name_in(run, 0, len(run), sentence)
        if (
            naming is None
            or run[-1].low.endswith(("'s", "s'"))
            or all(p.lower() in ROLES for p in naming.parts)
        ):
            return None
        return naming

    def _named(self, claim: Claim, naming: Naming) -> Resolution:
        glued, narrowed = self._unglue(claim)
        if glued:
            found = self._plain_name(claim, naming)
            return replace(found, via=glued, narrowed=narrowed)
        return self._plain_name(claim, naming)

    def _unglue(self, claim: Claim) -> tuple[str, Span | None]:
        """`BELTASmith stated`: a name run together with the agency before it."""
        if claim.source is None:
            return "", None
        written = claim.source.of(self.frame.text)
        match = GLUED.match(written)
        if match is None or " " in written or written[match.end() :].lower() not in self.people.by_surname:
            return "", None
        return match[0], Span(claim.source.start + match.end(), claim.source.end)

    def _plain_name(self, claim: Claim, naming: Naming) -> Resolution:
        people = self.people.named(naming.parts, naming.titles)
        written = " ".join(naming.parts)
        if not people:
            return Resolution(written, (), 0.9, "name")
        person = people[0]
        if len(people) == 1:
            self._note(claim, person)
            return Resolution(person.name, (), 1.0, "name")
        near = self._nearest_of(people, claim.sentence)
        names = tuple(sorted(p.name for p in people))
        if near is not None:
            self._note(claim, near)
            return Resolution(near.name, names, 0.6, "surname-by-paragraph")
        return Resolution("", names, 0.3, "surname-shared")

    def _nearest_of(self, people: list[Person], sentence: int) -> Person | None:
        """The bearer of a shared surname whose full name stands in this paragraph or the one before."""
        paragraph = self.frame.sentences[sentence].paragraph
        for at in range(sentence, -1, -1):
            if self.frame.sentences[at].paragraph < paragraph - 1:
                return None
            for naming in reversed(self.people.by_sentence.get(at, [])):
                if naming.person in people and len(naming.parts) > 1:
                    return naming.person
        return None

    def _note(self, claim: Claim, person: Person) -> None:
        person.spoke += 1
        self.spoken.append((claim.sentence, person))
        if claim.layout is not Layout.INDIRECT:
            self.focus[claim.sentence] = person
        self.focus.setdefault(claim.sentence, person)

    # -- pronouns -------------------------------------------------------------------------------------

    def _pronoun(self, claim: Claim, token: Token) -> Resolution:
        if token.low in _FIRST:
            return Resolution(self.author, (), 0.5, "first-person")
        gender = _GENDERED.get(token.low, "")
        if not gender:
            return self._party(claim, token)
        ranked = self._antecedents(claim, token, gender)
        if not ranked:
            return Resolution("", self._recent_names(claim), 0.2, "pronoun-open")
        person = ranked[0]
        others = tuple(p.name for p in ranked[1:3])
        self._note(claim, person)
        sure = not others
        return Resolution(
            person.name, () if sure else (person.name, *others), 0.9 if sure else 0.7, "pronoun"
        )

    def _antecedents(self, claim: Claim, token: Token, gender: str) -> list[Person]:
        """People a pronoun can stand for, best first; those of the nearest sentence that has any."""
        for sentence in range(claim.sentence, max(claim.sentence - _FAR, -1), -1):
            limit = token.start if sentence == claim.sentence else None
            people = [p for p in self._subjects_first(sentence, limit) if p.gender in ("", gender)]
            people = [p for p in people if not p.body]
            likely = [p for p in people if p.spoke or p.titled or p.gender == gender]
            likely = likely or [p for p in people if len(p.parts) > 1 and self._acts(p, sentence)]
            certain = [p for p in likely if p.gender == gender]
            if likely and not certain and not likely[0].titled and self._certain_near(sentence, gender):
                # `Ms Ruiz ...` two sentences back is likelier to be "she" than a bare surname here.
                continue
            if likely:
                return [p for p in likely if p is likely[0] or p.gender == gender]
        return []

    def _acts(self, person: Person, sentence: int) -> bool:
        namings = self.people.by_sentence.get(sentence, [])
        return any(n.person is person and self._rank(n) == 0 for n in namings)

    def _certain_near(self, sentence: int, gender: str) -> bool:
        near = range(sentence - 1, max(sentence - _NEAR, -1), -1)
        return any(p.gender == gender and (p.spoke or p.titled) for at in near for p in self._people_in(at))

    def _subjects_first(self, sentence: int, limit: int | None) -> list[Person]:
        """People of one sentence: who spoke in it, then in order of mention."""
        people: list[Person] = []
        speaker = self.focus.get(sentence)
        if speaker is not None and limit is None:
            people.append(speaker)
        for person in self._people_in(sentence, limit):
            if person not in people:
                people.append(person)
        return people

    def _people_in(self, sentence: int, limit: int | None = None) -> list[Person]:
        """People named in a sentence: subjects of a verb first, owners ("Lima's") and places last."""
        ranked: list[tuple[int, int, Person]] = []
        for order, naming in enumerate(self.people.by_sentence.get(sentence, [])):
            start = self.frame.tokens[naming.first].start
            if naming.person is None or naming.person.body or (limit is not None and start >= limit):
                continue
            rank = self._rank(naming)
            if rank < _PLACE:
                ranked.append((rank, order, naming.person))
        found: list[Person] = []
        for _, _, person in sorted(ranked, key=lambda item: item[:2]):
            if person not in found:
                found.append(person)
        return found

    def _rank(self, naming: Naming) -> int:
        tokens = self.frame.tokens
        before = (
            tokens[naming.first - len(naming.titles) - 1].low if naming.first > len(naming.titles) else ""
        )
        if (
            before in ("in", "at", "to", "from")
            and naming.person
            and not (naming.person.titled or naming.person.spoke)
        ):
            return _PLACE
        if tokens[naming.last - 1].low.endswith(("'s", "s'")):
            return 2
        follows = tokens[naming.last] if naming.last < len(tokens) else None
        acts = follows is not None and (is_verb(follows) or looks_past(follows) or is_adverb(follows))
        return 0 if acts and before not in PREPOSITIONS else 1

    def _party(self, claim: Claim, token: Token) -> Resolution:
        """`they` and `it` stand for the body or group that spoke last."""
        near = [name for sentence, name in self.groups if claim.sentence - sentence <= 4]
        if token.low in _PARTY and near:
            return Resolution(near[-1], (), 0.6, "group-pronoun")
        return Resolution("", self._recent_names(claim), 0.2, "pronoun-open")

    # -- descriptions ---------------------------------------------------------------------------------

    def _described(self, claim: Claim, tokens: list[Token]) -> Resolution:
        """A role or group without a name."""
        words = [t for t in tokens if t.kind in "wC"]
        head = self._head(words)
        definite = bool(words) and words[0].low in ("the", "this", "that")
        definite = definite and not any(w.low in _OTHERS for w in words)
        written = self._bare(tokens)
        possessed = any(
            t.low.endswith(("'s", "s'")) or t.low in ("his", "her", "their", "its") for t in words
        )
        if not definite or possessed or head not in ROLES or any(t.low in ("for", "to") for t in words):
            if head in GROUPS or head.endswith("s"):
                self.groups.append((claim.sentence, written))
            return Resolution(written, (), 0.8, "description")
        bearers = self._bearers(head, words, claim.sentence)
        if not bearers:
            return Resolution("", self._recent_names(claim), 0.2, "role-open")
        person = bearers[0]
        self._note(claim, person)
        names = tuple(p.name for p in bearers[:3]) if len(bearers) > 1 and not person.spoke > 1 else ()
        return Resolution(person.name, names, 0.85 if not names else 0.65, "role")

    def _head(self, words: list[Token]) -> str:
        head = ""
        for word in words:
            if word.low in PREPOSITIONS and head:
                break
            head = word.low
        return head

    def _bare(self, tokens: list[Token]) -> str:
        start = tokens[0].end if tokens[0].low in ("the", "a", "an") and len(tokens) > 1 else tokens[0].start
        return " ".join(self.frame.text[start : tokens[-1].end].split())

    def _bearers(self, head: str, words: list[Token], sentence: int) -> list[Person]:
        """Who can be meant by a role: those who spoke last first, then those named last."""
        nations = [
            nation_of(w.text) for w in words if w.kind == "C" and w.low not in ROLES and w.low != "the"
        ]
        gender = gender_of([head])
        ranked: list[Person] = []
        for person in self._by_recency(sentence):
            if person.body or (gender and person.gender not in ("", gender)):
                continue
            if nations and person.nation and person.nation not in nations:
                continue
            bears = any(roles_alike(head, role) for role in person.roles)
            known = person.spoke > 0 and (person.titled or bool(person.gender))
            if bears or (known and (head in GENERIC_ROLES or not person.roles)):
                ranked.append(person)
        return ranked

    def _by_recency(self, sentence: int) -> Iterable[Person]:
        seen: list[Person] = []
        for _, person in self.spoken[: -_REMEMBERED - 1 : -1]:
            if person not in seen:
                seen.append(person)
        for at in range(sentence, max(sentence - _REMEMBERED, -1), -1):
            for person in self._people_in(at):
                if person not in seen:
                    seen.append(person)
        return seen
