"""Reporting words in a sentence, each with the noun phrase that governs it."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from checker.attribution.cues import PHRASES, Class, Cue, Form, forms_for
from checker.attribution.grammar import (
    DETERMINERS,
    PLURALS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    is_adverb,
    is_day,
    is_verb,
    word_set,
)
from checker.attribution.subjects import Subject, subject_left, subject_right
from checker.attribution.tokens import INLINE, Frame, Sentence, Token

__all__ = ["MINDFUL", "SAYING", "Site", "clause_start", "find_sites", "floor", "looks_past", "nested"]

SAYING = frozenset((Class.NEUTRAL, Class.DISTANCING, Class.FACTIVE))
# What people hold in mind; inside a saying it is part of what was said.
MINDFUL = frozenset((Class.ATTITUDE, Class.FINDING, Class.STAND, Class.FACTIVE, Class.EVALUATIVE))
COMPLEMENTIZERS = word_set("that whether if how why what where when who which")
_PHRASE_HEADS = frozenset(phrase.split()[0] for phrase in PHRASES)
_LONGEST_PHRASE = 5
_LONGEST_NAME = 5
_NEAR = 8
_FOREIGN_AUXILIARIES = word_set(
    "a ont avait avaient ha han había havia hat haben hatte hatten heeft hebben har hade"
)
_NO_SUBJECT = word_set("that this there which what nothing something everything anything everyone nobody")
_DO = word_set("do did will does didn't don't doesn't won't")
_OPENS = word_set("to not there on in")
_CLEAR_BEFORE = word_set("did do will would not people voters critics")
_MEMBERS = word_set("those voters people respondents caucus-goers anyone anybody everyone")


@dataclass(slots=True)
class Site:
    """A reporting word (tokens `first` to `last`, half-open) and what is found out about it.

    `left` and `right` are subjects before and after it; `inherited` means that `left` was taken from the
    sentence. `quotes` are the tokens of quotations given to it, `content` and `lead` the tokens of what was
    said, `after` whether the cue follows it, `agent_end` the end of "by X" behind a passive.
    """

    first: int
    last: int
    word: Cue
    left: Subject | None = None
    right: Subject | None = None
    inherited: bool = False
    after: bool = False
    quotes: list[int] = field(default_factory=list)
    agent_end: int | None = None
    content: tuple[int, int] | None = None
    lead: tuple[int, int] | None = None


def find_sites(frame: Frame, sentence: Sentence, language: str) -> list[Site]:
    """The reporting words of a sentence that have a subject, in order."""
    forms = forms_for(language)
    found: list[Site] = []
    at = sentence.first
    while at < sentence.last:
        low = frame.tokens[at].low
        if low not in forms and low not in _PHRASE_HEADS and not low.endswith("ed"):
            at += 1
            continue
        site = _site(frame.tokens, at, sentence.last, forms)
        at = site.last if site else at + 1
        if site is not None and _give_subject(frame, site, sentence):
            found.append(site)
    return _inherit(frame, found, sentence)


def floor(tokens: list[Token], at: int, first: int) -> int:
    """The first token behind the last spoken quotation or strong mark before `at`."""
    for index in range(at - 1, first - 1, -1):
        token = tokens[index]
        if token.text in (";", ":") or (token.kind == "Q" and token.low != INLINE):
            return index + 1
    return first


def clause_start(site: Site) -> int:
    """First token of the clause that a cue and its subject form."""
    if site.left is None or site.inherited:
        return site.first
    return min(site.left.clause, site.first)


def nested(frame: Frame, sites: list[Site], position: int) -> bool:
    """`He said he believes it is "..."`: the saying is what counts, not the believing inside it."""
    if position == 0:
        return False
    site, outer = sites[position], sites[position - 1]
    start = clause_start(site)
    if not 0 <= start - outer.last <= _NEAR or site.inherited or site.left is None:
        return False
    if outer.word.role not in SAYING or site.word.role not in MINDFUL:
        return False
    if frame.tokens[site.left.last - 1].low not in SUBJECT_PRONOUNS:
        return False
    return not any(t.text in (",", ";", ":", "—") for t in frame.tokens[outer.last : start])


def _site(tokens: list[Token], at: int, high: int, forms: dict[str, Cue]) -> Site | None:
    token = tokens[at]
    if token.kind not in "wC":
        return None
    if token.low in _PHRASE_HEADS:
        phrase = _phrase(tokens, at, high)
        if phrase is not None:
            return phrase
    word = forms.get(token.low)
    if word is not None and word.foreign and at and tokens[at - 1].low in _FOREIGN_AUXILIARIES:
        return Site(at - 1, at + 1, word)
    if word is None and _is_fresh_verb(tokens, at):
        return Site(at, at + 1, Cue(token.low, Class.NEUTRAL, Form.PAST))
    if word is None or (token.kind == "C" and not _opens_sentence(tokens, at)):
        return None
    return Site(at, at + 1, word)


def _is_fresh_verb(tokens: list[Token], at: int) -> bool:
    """A past form unknown to the lexicon beside a spoken quotation (`"Go," Mr Ames barked.`)."""
    if not looks_past(tokens[at]) or at < 1 or at + 1 >= len(tokens):
        return False
    follows, start = tokens[at + 1], at - 1
    if tokens[start].kind == "Q" and tokens[start].low != INLINE:
        return follows.kind == "C"
    if follows.text not in (".", ",", ";") and follows.low not in (
        "in",
        "on",
        "at",
        "to",
        "from",
        "during",
        "and",
    ):
        return False
    while (
        start > 0
        and at - start <= _LONGEST_NAME
        and tokens[start].kind in "wC"
        and not is_verb(tokens[start])
    ):
        if tokens[start].low in ("he", "she", "they"):
            break
        start -= 1
    named = start < at - 1 or tokens[start].low in ("he", "she", "they")
    start -= tokens[start].low in ("he", "she", "they")
    return named and tokens[start].kind == "Q" and tokens[start].low != INLINE


def _phrase(tokens: list[Token], at: int, high: int) -> Site | None:
    for width in range(min(_LONGEST_PHRASE, high - at), 0, -1):
        cue = PHRASES.get(" ".join(t.low for t in tokens[at : at + width]))
        if cue is not None:
            return Site(at, at + width, cue)
    return None


def _opens_sentence(tokens: list[Token], at: int) -> bool:
    """`Continued Ms Ruiz: "..."`."""
    first = at == 0 or tokens[at - 1].kind in "PQ"
    return first and at + 1 < len(tokens) and tokens[at + 1].kind == "C"


def _give_subject(frame: Frame, site: Site, sentence: Sentence) -> bool:
    """Look left and right; true when there is a subject or one can be inherited."""
    tokens = frame.tokens
    previous = tokens[site.first - 1] if site.first > sentence.first else None
    if previous is not None and previous.low == "to":
        return False
    site.left = subject_left(tokens, site.first, floor(tokens, site.first, sentence.first))
    if _may_invert(site, previous):
        site.right = subject_right(tokens, site.last - 1, sentence.last)
    if site.word.form is Form.GERUND:
        return _is_participle(tokens, site, previous)
    if site.left is not None and site.left.passive:
        _take_agent(tokens, site, sentence.last)
    if site.left is not None and not _plausible(tokens, site, site.left):
        site.left = None
    if _is_noun(tokens, site):
        return False
    behind_comma = previous is not None and previous.text == ","
    if site.right is not None and behind_comma and _ends_clause(tokens, site.right):
        site.left = None
    coordinated = previous is not None and previous.low in ("and", "but", "then")
    return site.left is not None or site.right is not None or coordinated


def _take_agent(tokens: list[Token], site: Site, high: int) -> None:
    """`Reporters were told by X that ...`: X is the source."""
    if site.word.role not in SAYING or site.last >= high or tokens[site.last].low != "by":
        return
    agent = subject_right(tokens, site.last, high)
    if agent is not None and site.left is not None:
        site.left = replace(agent, clause=site.left.clause)
        site.agent_end = agent.name[1] if agent.name else agent.last


def _may_invert(site: Site, previous: Token | None) -> bool:
    """Whether the subject may follow: after a quotation, a comma, or at the start (`Added Ruiz: ...`)."""
    if site.word.lemma == "ask" and previous is not None and previous.kind == "Q":
        return site.word.form is not Form.GERUND
    if site.word.told or site.word.form is Form.GERUND or site.word.role not in SAYING | {Class.COMMISSIVE}:
        return False
    return (
        previous is None
        or previous.kind == "Q"
        or is_adverb(previous)
        or previous.text in (",", "—", "–", "-", ":")
    )


def _ends_clause(tokens: list[Token], subject: Subject) -> bool:
    """`..., said Ana Lima, who ...`: a name after the cue and then a mark, not a verb."""
    end = subject.last
    phrase = tokens[subject.first : end]
    plural = phrase[-1].low.endswith("s") or phrase[-1].low in PLURALS
    named = plural or phrase[0].low in DETERMINERS or any(t.kind == "C" for t in phrase)
    follows = tokens[end] if end < len(tokens) else None
    return named and (
        follows is None
        or follows.text in (",", ".", ";", ":", ")", "—")
        or follows.kind == "Q"
        or follows.low in ("who", "like", "familiar")
    )


def _is_participle(tokens: list[Token], site: Site, previous: Token | None) -> bool:
    """`..., saying that`, `by saying`, `she is saying`, `with many voters saying`."""
    if site.left is not None and site.left.progressive:
        return _plausible(tokens, site, replace(site.left, passive=False))
    if previous is None:
        return False
    own = site.left is not None and previous.kind in "wC" and previous.low not in PREPOSITIONS
    if own and site.left is not None and site.word.role in SAYING and _names_speaker(tokens, site.left):
        return _opens_content(tokens, site)
    site.left = None
    return (
        previous.text in (",", "—", "–")
        or previous.kind == "Q"
        or previous.low in ("by", "and", "while", "before", "after")
    )


def _names_speaker(tokens: list[Token], subject: Subject) -> bool:
    head = tokens[subject.last - 1]
    return (
        head.kind == "C"
        or head.low in PLURALS
        or head.low in ("percent", "%")
        or (head.low.endswith("s") and subject.last - subject.first > 1)
    )


def _plausible(tokens: list[Token], site: Site, subject: Subject) -> bool:
    head = tokens[subject.last - 1]
    if head.low in _NO_SUBJECT or head.low.endswith(("'s", "s'")):
        return False
    if subject.relative and (head.low in _MEMBERS or head.low == "those"):
        return False
    if subject.passive and site.word.form is not Form.GERUND:
        return False
    if site.word.form is Form.BASE and not subject.modal and not _plural(tokens, subject):
        return False
    if head.low == "it" and site.word.lemma in ("find", "show", "feel", "see", "know"):
        return False
    return not site.word.nounish or _plausible_noun(tokens, site, subject, head)


def _is_noun(tokens: list[Token], site: Site) -> bool:
    """`pledged delegates`, `the states`: a form of a cue that stands for a thing."""
    follows = tokens[site.last] if site.last < len(tokens) else tokens[site.first]
    if site.word.lemma == "state" and site.word.form in (Form.BASE, Form.PRESENT):
        before = tokens[site.first - 1] if site.first else follows
        counted = before.kind == "N" or before.text == "," or before.low in DETERMINERS | PREPOSITIONS
        return counted or (follows.low != "that" and follows.text != ":" and follows.kind != "Q")
    if site.word.lemma == "go on":
        return not (follows.kind in "QP" or follows.low in ("to", "that", "about"))
    return site.word.lemma == "pledge" and follows.low in ("delegates", "delegate", "support")


def _plausible_noun(tokens: list[Token], site: Site, subject: Subject, head: Token) -> bool:
    """A form that is a noun as often needs a clear subject beside it and content behind it."""
    nearest = tokens[site.first - 1]
    if site.word.form is Form.PRESENT:
        clear = head.kind == "C" or head.low in SUBJECT_PRONOUNS
        opens = tokens[site.last] if site.last < len(tokens) else head
        told = opens.kind == "Q" or opens.low == "that" or opens.text == ":"
        before = tokens[subject.clause - 1] if subject.clause else head
        beside = nearest is head or nearest.text == ","
        if beside and clear and (before.kind == "Q" or before.text == ","):
            return True
        return (
            beside and _opens_content(tokens, site) and (clear or (told and subject.last - subject.first > 1))
        )
    if site.word.form is Form.BASE:
        clear = (
            head.low in ("they", "we", "i", "who", "you")
            or nearest.low in _CLEAR_BEFORE
            or head.low.endswith("s")
        )
        return clear and _opens_content(tokens, site)
    return True


def _plural(tokens: list[Token], subject: Subject) -> bool:
    phrase = tokens[subject.first : subject.last]
    inner = next((k for k, t in enumerate(phrase) if k and t.low in PREPOSITIONS), len(phrase))
    head = phrase[inner - 1]
    if tokens[subject.last].low in _DO or head.low in PLURALS or head.low.endswith("s") or subject.relative:
        return True
    if head.kind == "N" or head.text == "%":
        return True
    return any(t.low == "and" for t in phrase) or any(t.low in PLURALS for t in phrase[:2])


def _opens_content(tokens: list[Token], site: Site) -> bool:
    if site.last >= len(tokens):
        return False
    token = tokens[site.last]
    if token.kind in "QC" or token.text in (":", ","):
        return True
    return token.low in COMPLEMENTIZERS | DETERMINERS | SUBJECT_PRONOUNS | _OPENS


def _inherit(frame: Frame, sites: list[Site], sentence: Sentence) -> list[Site]:
    """Participles and second verbs take the subject of the sentence."""
    kept: list[Site] = []
    for site in sites:
        if site.left is None and (site.right is None or not _reachable(frame.tokens, site)):
            site.left = _sentence_subject(frame, site, kept, sentence)
            site.inherited = site.left is not None
        if site.left is not None or site.right is not None:
            kept.append(site)
    return kept


def _reachable(tokens: list[Token], site: Site) -> bool:
    """Whether a subject after the cue can be its own: something said stands before, or a colon follows."""
    previous = tokens[site.first - 1] if site.first else None
    if previous is None or previous.kind == "Q" or previous.text in (",", "—", "–", "-"):
        return True
    assert site.right is not None  # noqa: S101 - narrowed by the caller
    return site.right.last < len(tokens) and tokens[site.right.last].text in (":", ",")


def _sentence_subject(frame: Frame, site: Site, before: list[Site], sentence: Sentence) -> Subject | None:
    saying = [other for other in before if other.word.role in SAYING and not other.word.nounish]
    for other in reversed(saying or before):
        subject = other.left or other.right
        if subject is not None and other.last <= site.first:
            return _handed_on(subject, site)
    near = floor(frame.tokens, site.first, sentence.first)
    for low in dict.fromkeys((near, sentence.first)):
        for at in range(low, site.first):
            token = frame.tokens[at]
            if is_day(frame.tokens, at) or not (is_verb(token) or looks_past(token)):
                continue
            subject = subject_left(frame.tokens, at, low)
            if subject is not None and frame.tokens[subject.last - 1].low not in _NO_SUBJECT | {"it"}:
                return _handed_on(subject, site)
    return None


def looks_past(token: Token) -> bool:
    """Whether a lower-case word has the ending of a regular past."""
    return token.kind == "w" and token.low.endswith("ed")


def _handed_on(subject: Subject, site: Site) -> Subject:
    return replace(subject, clause=site.first, passive=False, negated=False, modal=False, progressive=False)
