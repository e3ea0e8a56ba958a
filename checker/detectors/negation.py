"""One side affirms what the other negates, about the same predicate and the same things.

Flags: "We will raise the retirement age." / "We will never raise the retirement age."
Leaves alone: "I will run without fail." / "I will run." - a double negation binds, it does not negate; and
"We do not win at trade any more." / "We are going to win at trade." - a state now against a hope;
a denial under a condition ("we cannot win unless ..."), a duty not met ("we must" / "we cannot"), an adjunct
("without a plan"), and one preposition that leads to different things ("a list for hips" / "none for eyes").
Flags too what was never to come ("there will be no new taxes") and then did ("we introduced a new tax").
Blind spots: irony; negation by meaning alone ("over my dead body"); clauses nested more than one deep;
a thing and a part or kind of it; predicates said in other words (see `opposites` and `events`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from checker.alignment import Word, content_words, name_marks, stem, weigh
from checker.clauses import (
    AHEAD,
    TOLD,
    Clause,
    Negation,
    Role,
    Tense,
    is_content,
    main_verb,
    read_clauses,
    role_of,
    subjects_meet,
    tenses_meet,
)
from checker.lexicon import group_words, word_list
from checker.records import Effect, Evidence, Pair, Span
from checker.voices import Claim, claims_of

__all__ = ["NAME", "SUMMARY", "detect"]

NAME = "negation"
SUMMARY = "One statement affirms what the other negates."

_OPINION = group_words("grammar", "opinion verbs")
_VAGUE_OBJECTS = frozenset({"that", "this", "it", "them", "those", "these", "him", "her", "you", "what"})
# "They must stop spending" takes for granted that they spend.
_PRESUPPOSING = frozenset({"stop", "ceas", "avoid", "quit"})
# Weight of content words up to which a statement is read as one bare clause ("I will run").
_SHORT = 2.5
_ENDING = group_words("grammar", "ending verbs")
_AUXILIARIES = group_words("grammar", "auxiliaries")
_BETWEEN = group_words("grammar", "transparent") | _AUXILIARIES | {"to", "going"}
_BRINGING = frozenset(stem(word) for word in group_words("negation", "bringing about"))
_NARROWING = frozenset(
    {"on", "for", "in", "from", "of", "at", "under", "until", "before", "without", "unless"}
)
_APART = _NARROWING | {"against", "about", "to", "with", "over", "by", "into", "that", "which"}
_BEING = frozenset({"is", "are", "was", "were", "be", "been", "being"})
_NONE = frozenset({"no", "nobody", "nothing", "none"})
_COMPARING = frozenset({"more", "less", "as", "than", "better", "worse", "enough", "too"})
_SINGLING = frozenset({"one", "single", "a", "any"})
_ABILITY = frozenset({"can", "cannot", "can't", "can’t", "could", "couldn't", "couldn’t"})
_JUDGING = frozenset({"should", "shouldn't", "ought"})
_DUTY = frozenset({"must", "should", "need", "needs", "have", "has", "got", "ought", "willing"})
# Characters between a clause and the proviso that belongs to it ("we will not win, if ...").
_NEAR = 3
_ELSEWHERE = frozenset({"other", "else", "elsewhere", "less", "fewer", "twice"})
_PROVISO = frozenset({"if", "unless", "until", "when", "because"})
_LIMITING = frozenset({"with", "without", "based", "until", "unless"})
_ARTICLES = frozenset({"a", "an", "the", "this", "these", "those", "that"})
_LEADING = frozenset({"for", "of", "about", "against", "on", "at", "in", "from", "to", "into", "as", "by"})
_RELATIVE = frozenset({"who", "which", "whose", "how", "why", "where"})
_ENDING_STEMS = frozenset(stem(word) for word in _ENDING)
# Weight of content on each side that the other lacks, from which on they speak of different things.
_ASTRAY = 3.0
_CARRYING = group_words("negation", "carrying")


@dataclass(frozen=True, slots=True)
class _Focus:
    """The word that a negation hits, in its claim, and the words that negate it."""

    claim: Claim
    index: int
    marks: tuple[Span, ...]

    @property
    def word(self) -> Word:
        return self.claim.clause.words[self.index]


def detect(pair: Pair) -> Iterator[Evidence]:
    """Evidence that one side negates the other, the strongest clash only."""
    earlier, later = claims_of(pair.earlier), claims_of(pair.later)
    found = [
        *_clashes(pair, _one_sided(pair.earlier.text, earlier), later, negated_first=True),
        *_clashes(pair, _one_sided(pair.later.text, later), earlier, negated_first=False),
        *_broken_absences(pair, earlier, later),
    ]
    if found:
        yield max(found, key=lambda evidence: evidence.strength)


def _broken_absences(pair: Pair, earlier: tuple[Claim, ...], later: tuple[Claim, ...]) -> Iterator[Evidence]:
    """What was never to come ("there will be no new taxes", "no troops will be sent") and then did."""
    for claim in earlier:
        if claim.clause.tense is not Tense.FUTURE or claim.rejected_by is not None:
            continue
        absent = _absent(claim.clause)
        for other in later if absent else ():
            word = _brought(claim.clause, absent, other)
            if word is not None:
                no = next(w.span for w in claim.clause.words if w.text == "no")
                yield _evidence(pair, _Focus(claim, absent, (no,)), word, 0.6, negated_first=True)


def _absent(clause: Clause) -> int:
    """Index of the noun in "there will be no ..." or "no ... will be done", or 0."""
    texts = [word.text for word in clause.words]
    if "no" not in texts:
        return 0
    no = texts.index("no")
    if no and texts[:3] != ["there", "will", "be"]:
        return 0
    nouns = (i for i, w in enumerate(clause.words) if no < i <= no + 3 and weigh((w.stem,)) == 1)
    return next((i for i in nouns if is_content(clause.words[i])), 0)


def _brought(clause: Clause, absent: int, other: Claim) -> Word | None:
    """The noun in a clause that tells of the deed, where nothing narrows the absence to another thing."""
    noun, told = clause.words[absent].stem, other.clause
    places = [i for i, w in enumerate(told.words) if w.stem == noun]
    if not places or told.negations or told.tense not in TOLD or other.rejected_by is not None:
        return None
    after = clause.words[absent + 1 :]
    narrowed = next((i for i, w in enumerate(after) if w.text in _NARROWING), len(after))
    stems = {w.stem for w in told.words}
    if any(is_content(w) and w.stem not in stems for w in after[narrowed:]):
        return None
    verbs = {w.stem for w in after[:narrowed] if is_content(w)} & stems
    deeds = frozenset(verbs) if clause.words[0].text == "no" else _BRINGING
    return next((told.words[i] for i in places if _is_done_to(told.words, i, deeds)), None)


def _is_done_to(part: tuple[Word, ...], index: int, deeds: frozenset[str]) -> bool:
    """Whether the noun is the object of one of the verbs, or their subject in the passive."""
    after = part[index + 1 :]
    if after and is_content(after[0]) and after[0].stem not in deeds and not after[0].text.endswith("ly"):
        return False  # "the tax repeal"
    verb = next((i for i in range(index - 1, max(-1, index - 6), -1) if part[i].stem in deeds), None)
    if verb is not None:
        return not any(
            w.text in _APART or w.stem in _ENDING or w.text in _ENDING or w.text.endswith("ing")
            for w in part[verb + 1 : index]
        )
    heads = not any(w.text in _APART for w in part[:index][-4:])
    passive = next((i for i, w in enumerate(after) if w.text in _BEING), None)
    return heads and passive is not None and any(w.stem in deeds for w in after[passive : passive + 5])


def _one_sided(text: str, claims: tuple[Claim, ...]) -> Iterator[_Focus]:
    """What a side negates without affirming it elsewhere ("we did not lose, we won the war" contrasts)."""
    provisos = tuple(c for c in read_clauses(text) if _is_proviso(c))
    for focus in _foci(claims, provisos):
        if not any(_affirmed(focus, claim) is not None for claim in claims if claim is not focus.claim):
            yield focus


def _is_proviso(clause: Clause) -> bool:
    return clause.opener in _PROVISO and [w.text for w in clause.words[:2]] != ["because", "of"]


def _foci(claims: tuple[Claim, ...], provisos: tuple[Clause, ...]) -> Iterator[_Focus]:
    for claim in claims:
        clause = claim.clause
        even = clause.words[-1].text == "even"  # "even if"
        if not even and any(clause.span.end <= p.span.start <= clause.span.end + _NEAR for p in provisos):
            continue
        for negation in clause.negations:
            if negation.words[0].stem in _PRESUPPOSING and clause.tense in {Tense.MODAL, Tense.ORDER}:
                continue
            if not _denies(clause, negation):
                continue
            yield from _focus(claim, negation.begins, tuple(word.span for word in negation.words))
        verb = main_verb(clause)
        above = tuple(word.span for word in clause.inherited)
        if claim.rejected_by is not None:
            above = claim.rejected_by.marks
        if above and verb is not None and claim.is_negated(verb):
            yield _Focus(claim, verb, above)


def _denies(clause: Clause, negation: Negation) -> bool:
    """Whether the clause itself is denied, not an adjunct ("without a plan", ", not a path to it")."""
    word = negation.words[0].text
    if word == "without":
        return False
    index = clause.words.index(negation.words[0])
    after = clause.words[index + 1 : index + 2]
    if word == "no" and after:
        return after[0].span.start == negation.words[0].span.end + 1  # "No, my plan is ..." answers
    if word != "not":
        return True
    if any(w.text in _SINGLING for w in clause.words[index + 1 : index + 2]):
        return True
    return any(w.text in _AUXILIARIES for w in clause.words[max(0, index - 2) : index])


def _focus(claim: Claim, begins: int, marks: tuple[Span, ...]) -> Iterator[_Focus]:
    """The word that the negation governs: nothing but transparent words and auxiliaries may stand between."""
    own = claim.clause.words
    for index in range(begins, len(own)):
        word = own[index]
        if index < begins + 2 and word.text in {"of", "us", "them", "you"}:
            continue
        if word.text in _BETWEEN or word.stem in _OPINION:
            continue
        if not is_content(word):
            return
        if word.text in word_list("light") and role_of(claim.clause, index) is not Role.VERB:
            continue
        if word.text[0].isdigit():
            return
        if claim.is_negated(index) and not word.capital:
            yield _Focus(claim, index, marks)
        return


def _clashes(
    pair: Pair, foci: Iterator[_Focus], others: tuple[Claim, ...], *, negated_first: bool
) -> Iterator[Evidence]:
    short = all(weigh({w.stem for w in content_words(s.text)}) <= _SHORT for s in (pair.earlier, pair.later))
    for focus in foci:
        for other in others:
            first, second = (focus.claim, other) if negated_first else (other, focus.claim)
            if not tenses_meet(first.clause, second.clause, focus.word.stem):
                continue
            index = _affirmed(focus, other)
            if index is None:
                continue
            if not subjects_meet(first.clause, second.clause) and not _turned_about(focus, other, index):
                continue
            if not _one_object(focus, other, index) or _parts_ways(focus, other, index):
                continue
            strength = _strength(focus, other, short=short)
            if strength:
                word = other.clause.words[index]
                yield _evidence(pair, focus, word, strength, negated_first=negated_first)


def _affirmed(focus: _Focus, other: Claim) -> int | None:
    role = role_of(focus.claim.clause, focus.index)
    for index, word in enumerate(other.clause.words):
        if word.stem != focus.word.stem or not is_content(word) or other.is_negated(index):
            continue
        if any(w.text in _NONE for w in other.clause.words[index + 1 : index + 2]):
            return None  # "made no judgment" does not affirm the making
        reach = 4 if role is Role.VERB else 8
        before = other.clause.words[max(0, index - reach) : index]
        if any(w.stem in _ENDING_STEMS or w.text in _ENDING for w in before):
            return None
        if any(w.text in _COMPARING for w in before[-4:]):
            return None
        return index if role_of(other.clause, index) is role else None
    return None


def _one_object(focus: _Focus, other: Claim, index: int) -> bool:
    """Whether the words next after both predicates can be one object: shared, or absent on a side."""
    here, there = focus.claim.clause.words, other.clause.words
    own, theirs = _next(here, focus.index), _next(there, index)
    if own is None or theirs is None:
        return True
    return own.stem in {w.stem for w in there} or theirs.stem in {w.stem for w in here}


def _parts_ways(focus: _Focus, other: Claim, index: int) -> bool:
    """Whether the wording lets both hold: of others, as a duty not met, as a mere aim, in a compound."""
    here, there = focus.claim.clause.words, other.clause.words
    if other.clause.opener in _RELATIVE or _limited(here, focus.index) - _limited(there, index):
        return True
    if focus.word.text in word_list("light") and _object(here, focus.index) != _object(there, index):
        return True
    if _led_apart(here[focus.index + 1 :], there[index + 1 :], here, there):
        return True
    if _led_apart(here[: focus.index], there[:index], here, there):
        return True
    judged = _comes_after(_JUDGING, here, focus.index) and not _comes_after(_JUDGING, there, index)
    if judged and other.clause.tense not in AHEAD:
        return True
    elsewhere = [{w.text for w in side} & _ELSEWHERE for side in (here, there)]
    return (
        elsewhere[0] != elsewhere[1]
        or (_comes_after(_ABILITY, here, focus.index) and _comes_after(_DUTY, there, index))
        or (_hangs_loose(there, index) and not _hangs_loose(here, focus.index))
        or (
            role_of(other.clause, index) not in {Role.VERB, Role.COMPLEMENT}
            and _compound(here, focus.index) != _compound(there, index)
        )
    )


def _limited(part: tuple[Word, ...], index: int) -> set[str]:
    """Words after the verb that deny it under a condition only ("not win with such a man")."""
    named = {w.text for w, n in pairwise(part[index + 1 :]) if is_content(n) or n.text in _ARTICLES}
    return named & _LIMITING


def _object(part: tuple[Word, ...], index: int) -> str:
    following = _next(part, index)
    return following.stem if following else ""


def _led_apart(
    one: tuple[Word, ...], two: tuple[Word, ...], here: tuple[Word, ...], there: tuple[Word, ...]
) -> bool:
    """Whether one preposition leads to different things ("a list for hips", "no list for eyes")."""
    own, theirs = _led(one), _led(two)
    stems = {w.stem for w in here}, {w.stem for w in there}
    return any(
        own[word].isdisjoint(stems[1]) and theirs[word].isdisjoint(stems[0])
        for word in own.keys() & theirs.keys()
    )


def _comes_after(table: frozenset[str], part: tuple[Word, ...], index: int) -> bool:
    """Whether one of the four words before is of a table: what is able, due, or right or wrong to be done."""
    return any(w.text in table for w in part[max(0, index - 4) : index])


def _led(part: tuple[Word, ...]) -> dict[str, set[str]]:
    """The stems that each preposition leads to, up to the next one."""
    led: dict[str, set[str]] = {}
    current = ""
    for word in part:
        if word.text in _LEADING:
            current = word.text
        elif current and is_content(word):
            led.setdefault(current, set()).add(word.stem)
    return led


def _hangs_loose(part: tuple[Word, ...], index: int) -> bool:
    """Whether the verb is an infinitive that its clause does not carry ("in place to help it grow")."""
    before = part[max(0, index - 2) : index]
    to = next((i for i, w in enumerate(before, index - len(before)) if w.text == "to"), 0)
    return to > 0 and not any(w.text in _CARRYING for w in part[max(0, to - 2) : to])


def _compound(part: tuple[Word, ...], index: int) -> str:
    """Stem of the noun that the word next to it qualifies ("insurance company"), or nothing."""
    after = part[index + 1 : index + 2]
    return after[0].stem if after and is_content(after[0]) and not after[0].text.endswith("ed") else ""


def _turned_about(focus: _Focus, other: Claim, index: int) -> bool:
    """Whether one side says in the passive what the other says in the active: "built it", "it was built"."""
    sides = ((focus.claim.clause, focus.index, other.clause), (other.clause, index, focus.claim.clause))
    for passive, verb, active in sides:
        done_to = passive.subject and any(w.text in _BEING for w in passive.words[max(0, verb - 3) : verb])
        if done_to and active.subject == "first" and role_of(passive, verb) is Role.VERB:
            stems = [w.stem for w in active.words]
            place = stems.index(focus.word.stem)
            return passive.subject in stems[place + 1 : place + 6]
    return False


def _next(words: tuple[Word, ...], index: int) -> Word | None:
    return next((word for word in words[index + 1 : index + 5] if is_content(word)), None)


def _strength(focus: _Focus, other: Claim, *, short: bool) -> float:
    """By the share of other content words in common; bare clauses need one subject and a telling verb."""
    here, there = focus.claim.clause, other.clause
    own = {word.stem for word in here.words if is_content(word)} - {focus.word.stem}
    others = {word.stem for word in there.words if is_content(word)} - {focus.word.stem}
    rest, smaller = weigh(own & others), min(weigh(own), weigh(others))
    if max(weigh(own), weigh(others)) <= 0.5:
        telling = weigh((focus.word.stem,)) == 1 and here.subject == there.subject != "" and short
        vague = any(word.text in _VAGUE_OBJECTS for word in (*here.words, *there.words))
        return 0.5 if telling and not vague else 0.0
    if min(weigh(own - others), weigh(others - own)) >= _ASTRAY:
        return 0.0
    share = rest / smaller if smaller else 0.0
    open_subject = 1.0 if here.subject == there.subject else 0.8
    return 0.0 if rest < 0.9 or share < 0.5 else open_subject * min(0.9, 0.3 + 0.6 * share)


def _evidence(pair: Pair, focus: _Focus, affirmed: Word, strength: float, *, negated_first: bool) -> Evidence:
    negating = tuple(dict.fromkeys((*focus.marks, focus.word.span)))
    affirming = (affirmed.span,)
    earlier, later = (negating, affirming) if negated_first else (affirming, negating)
    one, other = pair.side_names
    verbs = ("negates", "affirms") if negated_first else ("affirms", "negates")
    return Evidence(
        detector=NAME,
        explanation=(
            f"The {one} statement {verbs[0]} ({name_marks(pair.earlier.text, earlier)}) "
            f"what the {other} one {verbs[1]} ({name_marks(pair.later.text, later)})."
        ),
        strength=round(strength, 2),
        effect=Effect.RAISES,
        kind="negation",
        earlier_spans=earlier,
        later_spans=later,
    )
