"""Which reporting word a quotation belongs to, and which quotations are no speech at all."""

from __future__ import annotations

from checker.attribution.cues import Class, Form
from checker.attribution.grammar import PREPOSITIONS, is_adverb, is_verb, word_set
from checker.attribution.sites import Site, nested
from checker.attribution.tokens import INLINE, Frame, Sentence

__all__ = ["LONG", "MARKS", "attach_quotations", "ends_open", "is_title", "length"]

LONG = 4
MARKS = (",", "—", "–", "-")
_DISTANT = 14
_REACH_AFTER = 50
_REACH_BEFORE = 90
_FAR_LEAD = 8
_SPOKEN_ENDS = tuple(",?!—–-….'’”\"")
_SMALL = word_set("of the a an and in on to for with at by from")
_WORKS = word_set(
    "film book song show series movie album novel play documentary magazine program programme called "
    "titled entitled episode column podcast essay article paper report poem painting sitcom"
)
_NAMES = word_set("so-called nicknamed aka entitled titled headlined dubbed named")
_PASSED_OVER = word_set("and but as is what how so the way")
_BEFORE_TITLES = word_set("on of in the and with to for at from by")
_INTRODUCED = word_set("that said says , :")
_OPENERS = word_set("when while after before as if although though asked since because once until")


def attach_quotations(frame: Frame, sites: list[Site], sentence: Sentence) -> None:
    """Give each quotation of a sentence to its best cue."""
    for at in range(sentence.first, sentence.last):
        if frame.tokens[at].kind != "Q" or is_title(frame, at, sentence):
            continue
        scored = [
            (score, -abs(site.first - at), position)
            for position, site in enumerate(sites)
            if (score := _fit(frame, site, at, sentence)) > 0
        ]
        if not scored:
            continue
        chosen = max(scored)[2]
        while sites[chosen].first < at and nested(frame, sites, chosen):
            chosen -= 1
        sites[chosen].quotes.append(at)
        sites[chosen].after = sites[chosen].after or sites[chosen].first > at


def length(frame: Frame, at: int) -> int:
    """Words of the quotation at a token."""
    return len(frame.quotes[frame.tokens[at].quote].inner.of(frame.text).split())


def ends_open(frame: Frame, at: int) -> bool:
    """Whether a quotation ends with the comma or full stop that speech has inside its marks."""
    inner = frame.quotes[frame.tokens[at].quote].inner
    return inner.of(frame.text).endswith(_SPOKEN_ENDS)


def _fit(frame: Frame, site: Site, at: int, sentence: Sentence) -> float:
    """How well a cue fits a quotation; 0 when it cannot."""
    if site.first > at:
        return _fit_after(frame, site, at, sentence) if site.first - at <= _REACH_AFTER else 0
    return _fit_before(frame, site, at) if at - site.last <= _REACH_BEFORE else 0


def _fit_after(frame: Frame, site: Site, at: int, sentence: Sentence) -> float:
    """`"...", X said` and `"...", said X`."""
    tokens = frame.tokens
    start = at + 1 + (tokens[at + 1].text in (*MARKS, "'", "’"))
    ends = ends_open(frame, at) or start == at + 2
    if site.word.role in (Class.STAND, Class.FINDING) or (
        site.word.form is Form.GERUND and site.left is None
    ):
        return 0
    if not _can_be_spoken(frame, at, sentence):
        return 0
    if (
        site.right is not None
        and site.first - start <= 2
        and all(is_adverb(t) for t in tokens[start : site.first])
    ):
        return 10 if ends else 3
    if site.left is None and site.right is not None and tokens[site.first - 1].text == ",":
        # `The plan was "a joke" from the start, said Ms Ruiz`.
        return 5
    if site.left is None or site.inherited or site.left.first <= at:
        return 0
    if any(t.kind == "Q" and t.low != INLINE for t in tokens[start : site.first]):
        return 0
    gap = tokens[start : site.left.clause]
    lead = [t for t in gap if not (is_adverb(t) or t.low in _PASSED_OVER)]
    if any(t.low in ("and", "but") for t in gap):
        return 2
    if not lead:
        return 9.5 if ends else 2.5
    if ends and len(lead) <= _FAR_LEAD and not any(is_verb(t) for t in lead):
        return 6
    return 0


def _can_be_spoken(frame: Frame, at: int, sentence: Sentence) -> bool:
    """Words quoted in an opening clause are no content (`Recalling the "bad days," the paper said ...`)."""
    if at == sentence.first or frame.tokens[at - 1].text in (",", ":", "—", "–", "-"):
        return True
    before = frame.tokens[sentence.first + 1 : at]
    if any(t.text == "," or (is_verb(t) and t.kind == "w") for t in before):
        return True
    lead = frame.tokens[sentence.first].low
    return not (lead in _OPENERS or lead.endswith("ing") or (lead in PREPOSITIONS and lead != "of"))


def _fit_before(frame: Frame, site: Site, at: int) -> float:
    """`X said, "..."`, `X said that the plan was "..."`."""
    between = frame.tokens[site.last : at]
    own = any(q < site.first for q in site.quotes)
    spoken = [t for t in between if t.kind == "Q" and t.low != INLINE]
    if spoken:
        # "A", he said, "B": the cue that served the first part serves the second.
        if own and len(spoken) == sum(q > site.first for q in site.quotes):
            return 5
        return 1 if site.quotes else 0.5
    if not between:
        return 9
    if between[-1].text == ":":
        return 8.5
    if between[-1].text in MARKS:
        return 8 if own or len(between) < _DISTANT else 4
    if site.after and not own:
        return 0
    score = 7 - min(len(between), 40) * 0.1
    if site.word.role in (Class.STAND, Class.FINDING, Class.ATTITUDE):
        score -= 2
    return max(score, 0.5)


def is_title(frame: Frame, at: int, sentence: Sentence) -> bool:
    """Titles of works, nicknames and so-called words are no speech."""
    words = frame.quotes[frame.tokens[at].quote].inner.of(frame.text).split()
    if not words:
        return True
    before = [t.low for t in frame.tokens[max(at - 4, sentence.first) : at]]
    last = before[-1] if before else ""
    if last in _NAMES:
        return True
    if len(words) <= 8 and all(w[0].isupper() or w.lower() in _SMALL for w in words):
        if last in _BEFORE_TITLES or last.endswith("'s") or any(w in _WORKS for w in before):
            return True
        if len(words) > 1 and words[-1][-1] not in ",.?!…" and last not in _INTRODUCED:
            return True
    if at + 1 >= sentence.last or words[-1][-1] in ",.?!…":
        return False
    around = frame.tokens[at - 1 : at] + frame.tokens[at + 1 : at + 2]
    nickname = len(words) <= 2 and len(around) == 2 and all(t.kind == "C" for t in around)
    return nickname and at > sentence.first
