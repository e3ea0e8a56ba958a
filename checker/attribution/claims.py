"""Source, cue and content of every attributed claim of a document, as character spans.

Per sentence, every reporting word looks for its subject and its content; quotations are then given to the
best cue, carried over, chained over paragraphs, or left without a source. The method follows what the
literature on quote extraction found to work without a parser (reporting-verb lexicon, position of the
quotation relative to the cue, one carry-over inside a paragraph) with the rules named in `Claim.rule`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import StrEnum

from checker.attribution.cues import PHRASES, Class, Cue, Form, forms_for
from checker.attribution.grammar import (
    DAYS,
    DETERMINERS,
    PLURALS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    is_adverb,
    is_verb,
)
from checker.attribution.subjects import Subject, subject_left, subject_right
from checker.attribution.tokens import INLINE, Frame, Sentence, Token
from checker.records import Span

__all__ = ["Claim", "Layout", "find_claims"]


class Layout(StrEnum):
    """How much of a claim's content stands between quotation marks."""

    DIRECT = "direct"
    MIXED = "mixed"
    INDIRECT = "indirect"


@dataclass(frozen=True, slots=True)
class Claim:
    """One attributed claim; empty `source` means that nobody could be named."""

    layout: Layout
    content: tuple[Span, ...]
    source: Span | None = None
    name: Span | None = None
    cue: Span | None = None
    word: Cue | None = None
    via: Span | None = None
    addressee: Span | None = None
    flags: tuple[str, ...] = ()
    rule: str = ""
    confidence: float = 0.5
    sentence: int = -1


@dataclass(slots=True)
class _Site:
    """A reporting word with its subject, before it is known what its content is."""

    first: int
    last: int
    word: Cue
    left: Subject | None = None
    right: Subject | None = None
    content: tuple[int, int] | None = None
    lead: tuple[int, int] | None = None
    after: bool = False
    flags: set[str] = field(default_factory=set)
    quotes: list[int] = field(default_factory=list)
    rule: str = ""


_PHRASES = [
    (re.compile(pattern + r"\Z"), Cue(lemma, role, form, nominal=True, bare=True))
    for pattern, lemma, role, form in PHRASES
]
_ACCORDING = Cue("according to", Class.NEUTRAL, Form.PREPOSITION)
_COMPLEMENTIZERS = frozenset("that whether if how why what where when who which".split())
_LONG = 4
_NEAR = 8
_SAYING = frozenset((Class.NEUTRAL, Class.DISTANCING, Class.FACTIVE))
_MINDFUL = frozenset((Class.ATTITUDE, Class.FINDING, Class.STAND, Class.FACTIVE, Class.EVALUATIVE))
_REACH = 16
_IF = frozenset(("if", "unless", "suppose"))
_NO_SUBJECT = frozenset(
    "that this there which what nothing something everything anything everyone nobody".split()
)
_LEADS = frozenset("when while after before as if although though asked since because once until".split())
_FIRST_PERSON = frozenset(("i", "we"))
_INFINITIVE = frozenset(
    "promise vow pledge swear threaten offer agree volunteer refuse decline want hope expect intend plan seek decide "
    "urge order ask tell warn request instruct beg encourage claim propose prefer wish call advise implore plead"
    " guarantee undertake fear".split()
)


def find_claims(frame: Frame, language: str = "en") -> list[Claim]:
    """Every attributed claim in the order of its content."""
    builder = _Builder(frame, language)
    for index in range(len(frame.sentences)):
        builder.sentence(index)
    return builder.finish()


class _Builder:
    def __init__(self, frame: Frame, language: str) -> None:
        self.frame = frame
        self.tokens = frame.tokens
        self.forms = forms_for(language)
        self.claims: list[Claim] = []
        self.taken: dict[int, int] = {}
        self.pending: int | None = None

    # -- one sentence ---------------------------------------------------------------------------------

    def sentence(self, index: int) -> None:
        """Claims of one sentence."""
        sentence = self.frame.sentences[index]
        sites = [site for site in self._sites(sentence) if self._give_subject(site, sentence)]
        self._inherit(sites, sentence)
        self._attach_quotes(sites, sentence)
        self._contents(sites, sentence)
        for position, site in enumerate(sites):
            if not self._nested(position, sites):
                self._emit(site, sites, index)
        self._according(index, sentence)
        self._labelled(index, sentence)
        self._carry(index, sentence)

    def _sites(self, sentence: Sentence) -> list[_Site]:
        sites: list[_Site] = []
        at = sentence.first
        while at < sentence.last:
            site = self._site(at, sentence.last)
            if site is not None:
                sites.append(site)
                at = site.last
            else:
                at += 1
        return sites

    def _site(self, at: int, high: int) -> _Site | None:
        token = self.tokens[at]
        if token.kind not in "wC":
            return None
        if token.low in _PHRASE_HEADS:
            for width in (5, 4, 3, 2, 1):
                if at + width <= high:
                    words = " ".join(t.low for t in self.tokens[at : at + width])
                    for pattern, cue in _PHRASES:
                        if pattern.match(words):
                            form = Form.GERUND if token.low.endswith("ing") else cue.form
                            return _Site(at, at + width, replace(cue, form=form))
        word = self.forms.get(token.low)
        if word is None or (token.kind == "C" and not self._inverts(at)):
            return None
        return _Site(at, at + 1, word)

    def _inverts(self, at: int) -> bool:
        """A capitalised cue opens its sentence and is followed by a name: `Continued Stone: "..."`."""
        first = at == 0 or self.tokens[at - 1].kind in "PQ"
        return first and at + 1 < len(self.tokens) and self.tokens[at + 1].kind == "C"

    def _give_subject(self, site: _Site, sentence: Sentence) -> bool:
        tokens = self.tokens
        low = self._floor(site.first, sentence.first)
        site.left = subject_left(tokens, site.first, low)
        previous = tokens[site.first - 1] if site.first > sentence.first else None
        if self._may_invert(site, previous):
            site.right = subject_right(tokens, site.last - 1, sentence.last)
        if site.word.form is Form.GERUND:
            progressive = site.left is not None and site.left.progressive
            if not progressive:
                site.left = None
                return previous is not None and (
                    previous.text in ",—–"
                    or previous.kind == "Q"
                    or previous.low in ("by", "and", "while", "before", "after")
                    or previous.kind == "w"
                )
        if site.left is not None and not self._plausible(site, site.left):
            site.left = None
        if previous is not None and previous.low in ("to",):
            return False
        return (
            site.left is not None
            or site.right is not None
            or (previous is not None and previous.low in ("and", "but", "then"))
        )

    def _may_invert(self, site: _Site, previous: Token | None) -> bool:
        """Whether the subject may follow: after a quotation, a comma, or at the start (`Added Ruiz: ...`)."""
        if site.word.told or site.word.form is Form.GERUND:
            return False
        if previous is None or previous.kind == "Q" or is_adverb(previous):
            return True
        speech = site.word.role in (Class.NEUTRAL, Class.DISTANCING, Class.FACTIVE)
        return previous.text in ",—–-:" and speech

    def _floor(self, at: int, first: int) -> int:
        """The first token behind the last long quotation or strong mark before `at`."""
        for index in range(at - 1, first - 1, -1):
            token = self.tokens[index]
            if token.text in ";:" or (token.kind == "Q" and token.low != INLINE):
                return index + 1
        return first

    def _plausible(self, site: _Site, subject: Subject) -> bool:
        head = self.tokens[subject.last - 1]
        if head.low in _NO_SUBJECT or head.low.endswith(("'s", "s'")):
            return False
        if site.word.form is Form.BASE and not subject.modal:
            if not self._plural(subject):
                return False
        if subject.passive and site.word.form is not Form.GERUND:
            return False
        if head.low == "it" and site.word.lemma in ("find", "show", "feel", "see", "know"):
            return False
        if not site.word.nounish:
            return True
        nearest = self.tokens[site.first - 1]
        if site.word.form is Form.PRESENT:
            clear = head.kind == "C" or head.low in SUBJECT_PRONOUNS
            opens = self.tokens[site.last] if site.last < len(self.tokens) else head
            told = opens.kind == "Q" or opens.low == "that" or opens.text == ":"
            return (
                nearest is head
                and self._opens_content(site)
                and (clear or (told and subject.last - subject.first > 1))
            )
        if site.word.form is Form.BASE:
            return (
                head.low in ("they", "we", "i", "who", "you")
                or nearest.low in ("did", "do", "will", "would", "not", "people", "voters", "critics")
                or head.low.endswith("s")
                and self._opens_content(site)
            ) and self._opens_content(site)
        return True

    def _plural(self, subject: Subject) -> bool:
        head = self.tokens[subject.last - 1]
        helper = self.tokens[subject.last].low
        if helper in ("do", "did", "will", "does", "didn't", "don't", "doesn't", "won't"):
            return True
        return (
            head.low in PLURALS
            or head.low.endswith("s")
            or head.low == "who"
            or subject.relative
            or any(t.low == "and" for t in self.tokens[subject.first : subject.last])
            or any(
                self.tokens[subject.first + k].low in PLURALS
                for k in range(min(2, subject.last - subject.first))
            )
        )

    def _opens_content(self, site: _Site) -> bool:
        if site.last >= len(self.tokens):
            return False
        token = self.tokens[site.last]
        if token.kind == "Q" or token.text in ":,":
            return True
        if token.kind == "C":
            return True
        return (
            token.low in _COMPLEMENTIZERS
            or token.low in DETERMINERS
            or token.low in SUBJECT_PRONOUNS
            or token.low in ("to", "not", "there", "on", "in")
        )

    # -- subjects handed on ---------------------------------------------------------------------------

    def _inherit(self, sites: list[_Site], sentence: Sentence) -> None:
        """Participles and second verbs take the subject of the sentence."""
        kept: list[_Site] = []
        for site in sites:
            if site.left is None and site.right is None:
                site.left = self._sentence_subject(site, kept, sentence)
                site.rule = "inherited"
                if site.left is None:
                    continue
            kept.append(site)
        sites[:] = kept

    def _sentence_subject(self, site: _Site, before: list[_Site], sentence: Sentence) -> Subject | None:
        saying = [o for o in before if o.word.role in _SAYING and not o.word.nounish]
        for other in reversed(saying or before):
            subject = other.left or other.right
            if subject is not None and other.last <= site.first:
                return replace(subject, clause=site.first, passive=False, negated=False, modal=False)
        low = self._floor(site.first, sentence.first)
        for at in range(low, site.first):
            token = self.tokens[at]
            if is_verb(token) or token.kind == "w" and token.low.endswith("ed"):
                subject = subject_left(self.tokens, at, low)
                if subject is None:
                    return None
                head = self.tokens[subject.last - 1]
                if head.low in _NO_SUBJECT or head.low == "it":
                    return None
                return replace(subject, clause=site.first, passive=False, negated=False, modal=False)
        return None

    # -- quotations -----------------------------------------------------------------------------------

    def _attach_quotes(self, sites: list[_Site], sentence: Sentence) -> None:
        """Give each quotation of the sentence to its best cue."""
        for at in range(sentence.first, sentence.last):
            if self.tokens[at].kind != "Q" or self._is_title(at, sentence):
                continue
            scored = [
                (score, -abs(site.first - at), k)
                for k, site in enumerate(sites)
                if (score := self._fit(site, at, sentence)) > 0
            ]
            if not scored:
                continue
            site = sites[self._outer(max(scored)[2], sites, at)]
            site.quotes.append(at)
            if site.first > at:
                site.after = True

    def _outer(self, chosen: int, sites: list[_Site], at: int) -> int:
        """The saying around a believing, when the quotation follows both."""
        while sites[chosen].first < at and self._nested(chosen, sites):
            chosen -= 1
        return chosen

    def _nested(self, position: int, sites: list[_Site]) -> bool:
        """`He said he believes it is "..."`: the saying is what counts, not the believing inside it."""
        if position == 0:
            return False
        site, outer = sites[position], sites[position - 1]
        start = self._clause_start(site)
        near = 0 <= start - outer.last <= _NEAR
        if (
            not near
            or site.rule == "inherited"
            or outer.word.role not in _SAYING
            or site.word.role not in _MINDFUL
        ):
            return False
        if site.left is None or self.tokens[site.left.last - 1].low not in SUBJECT_PRONOUNS:
            return False
        return not any(t.text in ",;:—" for t in self.tokens[outer.last : start])

    def _fit(self, site: _Site, at: int, sentence: Sentence) -> float:
        """How well a cue fits a quotation; 0 when it cannot."""
        if site.first > at:
            return self._fit_after(site, at)
        return self._fit_before(site, at)

    def _fit_after(self, site: _Site, at: int) -> float:
        """`"...", X said` and `"...", said X`."""
        tokens = self.tokens
        start = at + 1
        comma = tokens[start].text in ",—–-" if start < len(tokens) else False
        start += comma
        ends = self._ends_open(at) or comma
        if (
            site.word.role in (Class.STAND, Class.FINDING)
            or site.word.form is Form.GERUND
            and site.left is None
        ):
            return 0
        if (
            site.right is not None
            and site.first - start <= 2
            and all(is_adverb(t) for t in tokens[start : site.first])
        ):
            return 10 if ends else 3
        subject = site.left
        if subject is None or site.rule == "inherited":
            return 0
        lead = [
            t
            for t in tokens[start : subject.clause]
            if not (is_adverb(t) or t.low in ("and", "but", "as", "is", "what", "how", "so", "the", "way"))
        ]
        if any(t.kind == "Q" and t.low != INLINE for t in tokens[start : site.first]):
            return 0
        if not lead:
            return 9.5 if ends else 2.5
        if ends and len(lead) <= 8 and not any(is_verb(t) for t in lead):
            return 6
        return 0

    def _fit_before(self, site: _Site, at: int) -> float:
        """`X said, "..."`, `X said that the plan was "..."`."""
        tokens = self.tokens
        between = tokens[site.last : at]
        if any(t.kind == "Q" and t.end - t.start > 60 for t in between):
            # "A", he said, "B": the cue that served the first part serves the second.
            own = [q for q in site.quotes if q < site.first]
            middle = [t for t in between if t.kind == "Q" and t.end - t.start > 60]
            return (
                5
                if own and len(middle) == len([q for q in site.quotes if q > site.first])
                else 1
                if site.quotes
                else 0.5
            )
        if not between:
            return 9
        mark = between[-1].text
        own = any(q < site.first for q in site.quotes)
        if mark == ":":
            return 8.5
        if mark in ",—–":
            return 8 if own or len(between) < 14 else 4
        if site.after and not own:
            return 0
        score = 7 - min(len(between), 40) * 0.1
        if site.word.role in (Class.STAND, Class.FINDING, Class.ATTITUDE):
            score -= 2
        return max(score, 0.5)

    def _ends_open(self, at: int) -> bool:
        inner = self.frame.quotes[self.tokens[at].quote].inner
        return (
            self.frame.text[max(inner.end - 1, 0) : inner.end]
            in (",", "?", "!", "—", "–", "-", "…", "'", "’", ".")
            or inner.end > inner.start
            and self.frame.text[inner.end - 1] in '”"'
        )

    def _words(self, at: int) -> int:
        inner = self.frame.quotes[self.tokens[at].quote].inner
        return len(inner.of(self.frame.text).split())

    def _is_title(self, at: int, sentence: Sentence) -> bool:
        """Titles of works, nicknames and so-called words are no speech."""
        quote = self.frame.quotes[self.tokens[at].quote]
        words = quote.inner.of(self.frame.text).split()
        if not words:
            return True
        before = [t.low for t in self.tokens[max(at - 4, sentence.first) : at]]
        last = before[-1] if before else ""
        if last in ("so-called", "nicknamed", "aka", "entitled", "titled", "headlined", "dubbed", "named"):
            return True
        capitals = sum(w[0].isupper() or w.lower() in _SMALL for w in words)
        if capitals == len(words) and len(words) <= 8:
            if (
                any(word in _WORKS for word in before)
                or last in ("on", "of", "in", "the", "and")
                or last.endswith("'s")
            ):
                return True
            if (
                len(words) > 1
                and words[-1][-1] not in ",.?!…"
                and last not in ("that", "said", "says", ",", ":")
            ):
                return True
        neighbours = self.tokens[at - 1 : at] + self.tokens[at + 1 : at + 2]
        return (
            len(words) <= 2
            and len(neighbours) == 2
            and all(t.kind == "C" for t in neighbours)
            and at > sentence.first
        )

    # -- content --------------------------------------------------------------------------------------

    def _contents(self, sites: list[_Site], sentence: Sentence) -> None:
        for index, site in enumerate(sites):
            if site.quotes and site.after:
                site.content = self._content_left(site, sites, sentence)
            elif site.quotes:
                site.content = self._content_right(site, sites, index, sentence)
                site.lead = self._content_lead(site, sites, sentence)
            elif self._trails(site, sentence):
                site.after = True
                site.content = self._content_left(site, sites, sentence)
            else:
                site.content = self._content_right(site, sites, index, sentence)

    def _clause_start(self, site: _Site) -> int:
        subject = site.left if site.left is not None and site.rule != "inherited" else None
        if subject is None:
            return site.first
        return min(subject.clause, site.first)

    def _trails(self, site: _Site, sentence: Sentence) -> bool:
        """`The plan is dead, he said on Monday.`: the clause stands before the cue."""
        start = self._clause_start(site)
        while start > sentence.first and (
            is_adverb(self.tokens[start - 1]) or self.tokens[start - 1].low in ("as",)
        ):
            start -= 1
        if start <= sentence.first + 2 or self.tokens[start - 1].text not in ",—–":
            return False
        if site.rule == "inherited" or site.word.role not in (
            Class.NEUTRAL,
            Class.DISTANCING,
            Class.FACTIVE,
            Class.ATTITUDE,
            Class.COMMISSIVE,
        ):
            return False
        if site.word.lemma in ("tell", "ask", "describe", "show", "know", "want", "learn"):
            return False
        end = site.right.last if site.right is not None and site.left is None else site.last
        follows = self.tokens[end] if end < sentence.last else None
        lead = self.tokens[sentence.first]
        if lead.low in PREPOSITIONS | _LEADS:
            if not any(is_verb(t) for t in self.tokens[sentence.first : start]) or lead.low in _LEADS:
                return False
        if follows is None or follows.text in ".?!,;" or follows.low in DAYS:
            return True
        if follows.low in ("in", "on", "during", "at", "after", "to", "of", "before", "from"):
            return not any(t.low == "that" for t in self.tokens[end : end + 8])
        return False

    def _content_lead(self, site: _Site, sites: list[_Site], sentence: Sentence) -> tuple[int, int] | None:
        """`These sources, they said, "all agree"`: the unquoted beginning of what was said."""
        start = self._clause_start(site)
        framed = start > sentence.first + 1 and self.tokens[start - 1].text in ",—–"
        if not framed or site.rule == "inherited" or self.tokens[site.last].text not in ",—–":
            return None
        lead = self.tokens[sentence.first]
        if lead.low in PREPOSITIONS | _LEADS or any(q < site.first for q in site.quotes):
            return None
        first = self.frame.quotes[self.tokens[site.quotes[0]].quote].inner.of(self.frame.text)[:1]
        if not first.islower():
            return None
        return self._content_left(site, sites, sentence)

    def _content_left(self, site: _Site, sites: list[_Site], sentence: Sentence) -> tuple[int, int] | None:
        end = self._clause_start(site)
        while end > sentence.first and (
            self.tokens[end - 1].text in ",—–-"
            or is_adverb(self.tokens[end - 1])
            or self.tokens[end - 1].low in ("as", "and", "but")
        ):
            end -= 1
        start = sentence.first
        for other in sites:
            if other is not site and other.first < site.first and other.content is not None:
                low = max(other.content[1], other.last)
                start = max(start, low if low < end else start)
        for at in range(end - 1, start, -1):
            if self.tokens[at].text == ";":
                start = at + 1
                break
        while start < end and (
            self.tokens[start].low in ("and", "but", "so", "yet", "or") or self.tokens[start].text in ",—–;:."
        ):
            start += 1
        quotes = [q for q in site.quotes if q < site.first]
        if quotes and end <= quotes[-1]:
            end = quotes[-1] + 1
        return (start, end) if start < end else None

    def _content_right(
        self, site: _Site, sites: list[_Site], index: int, sentence: Sentence
    ) -> tuple[int, int] | None:
        high = self._ceiling(site, sites, index, sentence)
        start = site.last
        if site.right is not None and site.left is None:
            start = site.right.name[1] if site.right.name else site.right.last
        quotes = [q for q in site.quotes if start <= q < high]
        start = self._content_start(site, start, high, quotes)
        if start is None or start >= high:
            return None
        while high > start and self.tokens[high - 1].text in ".,;:—–-!?":
            high -= 1
        return (start, high) if high > start else None

    def _ceiling(self, site: _Site, sites: list[_Site], index: int, sentence: Sentence) -> int:
        """Where the content of a cue must end: the next clause that reports, or the sentence's end."""
        for other in sites[index + 1 :]:
            start = self._clause_start(other)
            if start <= site.last:
                continue
            previous = self.tokens[start - 1]
            if other.quotes and other.after:
                return max(min(other.quotes), site.last)
            if (
                any(q > other.last and q in other.quotes for q in other.quotes)
                or other.word.form is Form.GERUND
                or other.rule == "inherited"
            ):
                if previous.text in ",—–;" or previous.low in ("and", "but", "then", "while"):
                    return start - 1
                if previous.kind == "Q":
                    return start
            if previous.text in ";" or previous.low in ("but", "while"):
                return start - 1
            if previous.low == "and" and self.tokens[start - 2].text in ",":
                return start - 2
        for at in range(site.last, sentence.last - 1):
            if self.tokens[at].text == ";":
                return at
            if (
                self.tokens[at].low == "according"
                and self.tokens[at + 1].low == "to"
                and self.tokens[at - 1].text == ","
            ):
                return at - 1
        return sentence.last

    def _content_start(self, site: _Site, start: int, high: int, quotes: list[int]) -> int | None:
        tokens = self.tokens
        at = start
        while at < high and (
            is_adverb(tokens[at]) and tokens[at].low not in ("not", "all", "either", "both", "first")
        ):
            at += 1
        if at >= high:
            return None
        if quotes:
            before = tokens[quotes[0] - 1]
            if (
                quotes[0] == at
                or before.text in ":,—–"
                and (self._words(quotes[0]) >= _LONG or before.text == ":")
            ):
                return quotes[0]
        limit = min(
            high,
            at
            + (_REACH if site.word.told or tokens[at].low in PREPOSITIONS or tokens[at].low in DAYS else 8),
        )
        for k in range(at, limit):
            if tokens[k].kind == "Q" and tokens[k].end - tokens[k].start > 30 or tokens[k].text in ";:":
                break
            if (
                tokens[k].low == "that"
                and tokens[k].kind == "w"
                and k + 1 < high
                and not is_verb(tokens[k + 1])
            ):
                return k + 1
            if k > at and (is_verb(tokens[k]) and tokens[k].kind == "w"):
                break
        token = tokens[at]
        if token.low == "that" and is_verb(tokens[min(at + 1, high - 1)]):
            return at if site.word.bare or site.word.nominal else None
        if token.low in _COMPLEMENTIZERS:
            return at
        if site.word.told:
            return self._after_addressee(site, at, high, quotes)
        if token.low == "to" or token.low == "not" and at + 1 < high and tokens[at + 1].low == "to":
            return (
                at
                if site.word.lemma in _INFINITIVE
                or site.word.role is Class.NEUTRAL
                and site.word.lemma == "call for"
                else (quotes[0] if quotes else None)
            )
        if token.text == ":":
            return at + 1
        if token.low in DAYS or token.low in PREPOSITIONS:
            return self._after_adverbial(site, at, high, quotes)
        if token.kind == "P" and token.text not in "$€£#":
            return quotes[0] if quotes else None
        if site.word.nominal or quotes:
            return at
        return at if site.word.bare and high - at >= 3 else None

    def _after_addressee(self, site: _Site, at: int, high: int, quotes: list[int]) -> int | None:
        tokens = self.tokens
        for k in range(at, min(high, at + 12)):
            token = tokens[k]
            if token.kind == "Q" and k > at:
                return k
            if k > at and (
                token.low in _COMPLEMENTIZERS
                or token.low == "to"
                and k + 1 < high
                and tokens[k + 1].kind == "w"
            ):
                return k
            if k > at and token.low in SUBJECT_PRONOUNS and token.low not in ("you", "it"):
                return k
            if token.text in ",:":
                return quotes[0] if quotes else None
            if k > at and token.low in DETERMINERS and tokens[k - 1].low not in PREPOSITIONS:
                return k
        if quotes:
            return quotes[0]
        return at if site.word.nominal and site.word.lemma != "tell" else None

    def _after_adverbial(self, site: _Site, at: int, high: int, quotes: list[int]) -> int | None:
        tokens = self.tokens
        k = at
        while k < min(high, at + 14):
            token = tokens[k]
            if k > at and (token.low in SUBJECT_PRONOUNS or token.low == "there"):
                return k
            if token.text == "," and k + 1 < high:
                return quotes[0] if quotes else (k + 1 if k + 3 < high else None)
            if (
                k > at
                and tokens[k - 1].low in DAYS
                and (token.kind == "C" or token.low in DETERMINERS)
                and token.low not in DAYS
            ):
                return k
            k += 1
        if quotes:
            return quotes[0] if not site.word.bare else at
        return None

    # -- results --------------------------------------------------------------------------------------

    def _emit(self, site: _Site, sites: list[_Site], index: int) -> None:
        if site.content is None:
            return
        subject = self._subject_of(site)
        if subject is None:
            return
        first, last = site.content
        held = [q for q in range(first, last) if self.tokens[q].kind == "Q"]
        quotes = [q for q in site.quotes if q not in self.taken]
        if not quotes and not self._worth(site, subject, held):
            return
        spans, layout = self._spans(site, first, last, quotes)
        if site.lead is not None:
            spans, layout = (self.frame.between(*site.lead), *spans), Layout.MIXED
        for q in (*quotes, *(h for h in held if h not in self.taken)):
            self.taken[q] = len(self.claims)
        name = self.frame.between(*subject.name) if subject.name else None
        self.claims.append(
            Claim(
                layout,
                spans,
                source=self.frame.between(subject.first, subject.last),
                name=name,
                cue=self.frame.between(site.first, site.last),
                word=site.word,
                flags=self._flags(site, subject, index),
                rule=self._rule(site, layout),
                confidence=self._confidence(site, layout),
                sentence=index,
            )
        )

    def _subject_of(self, site: _Site) -> Subject | None:
        if site.after and site.quotes and site.right is not None:
            start = (
                max(q for q in site.quotes if q < site.first) + 1
                if any(q < site.first for q in site.quotes)
                else site.first
            )
            gap = [t for t in self.tokens[start : site.first] if t.kind != "P" and not is_adverb(t)]
            if not gap:
                return site.right
        if site.left is not None or site.right is None:
            return site.left
        end = site.right.last
        return (
            site.right if site.after or (end < len(self.tokens) and self.tokens[end].text in ":,") else None
        )

    def _worth(self, site: _Site, subject: Subject, held: list[int]) -> bool:
        """Whether an unquoted claim is clear enough to be reported speech."""
        assert site.content is not None
        first, last = site.content
        if last - first < 2 and not held:
            return False
        if subject.modal and site.word.role is not Class.NEUTRAL:
            return False
        if site.left is None and not site.after:
            return False
        head = self.tokens[subject.last - 1].low
        if site.rule == "inherited" and site.word.form is not Form.GERUND and site.word.nounish:
            return False
        return head not in ("you",)

    def _spans(
        self, site: _Site, first: int, last: int, quotes: list[int]
    ) -> tuple[tuple[Span, ...], Layout]:
        parts = [q for q in quotes if not first <= q < last]
        inside = [q for q in range(first, last) if self.tokens[q].kind == "Q"]
        spans = [self.frame.between(first, last)]
        words = [t for t in self.tokens[first:last] if t.kind in "wCN"]
        if inside and not words:
            layout = Layout.DIRECT
            spans = [self._quote_span(q) for q in inside]
        elif inside and quotes:
            layout = Layout.MIXED
            whole = self._ends_open(first) or self.tokens[first - 1].text in ":,"
            if (
                inside[0] == first
                and self._words(first) >= _LONG
                and not site.after
                and first in quotes
                and whole
            ):
                spans, layout = [self._quote_span(first)], Layout.DIRECT
            elif site.after and inside[-1] == last - 1 and self.tokens[inside[-1] - 1].text in ".:":
                spans, layout = [self._quote_span(inside[-1])], Layout.DIRECT
        else:
            layout = Layout.INDIRECT if not inside else Layout.MIXED
        spans += [self._quote_span(q) for q in parts]
        return tuple(sorted(set(spans))), layout

    def _quote_span(self, at: int) -> Span:
        return self.frame.quotes[self.tokens[at].quote].span

    def _flags(self, site: _Site, subject: Subject, index: int) -> tuple[str, ...]:
        sentence = self.frame.sentences[index]
        flags = set(site.flags)
        if subject.negated:
            flags.add("negated_cue")
        if subject.modal:
            flags.add("modal_cue")
        clause = self.tokens[sentence.first : site.first]
        if (
            clause
            and any(t.low in _IF for t in clause[:1])
            or any(
                t.low == "if" for t in self.tokens[max(subject.clause - 2, sentence.first) : subject.clause]
            )
        ):
            flags.add("hypothetical")
        lead = " ".join(t.low for t in clause[:6])
        if lead.startswith(
            ("it is not true that", "it's not true that", "it was not true that", "it is false that")
        ):
            flags.add("negated_cue")
        if site.last < len(self.tokens) and self.tokens[site.last].low == "neither":
            flags.add("negated_content")
        if site.word.role is Class.NEGATING:
            flags.add("denial")
        if site.word.role in (Class.ATTITUDE, Class.STAND):
            flags.add("attitude")
        if site.word.role is Class.EVALUATIVE:
            flags.add("evaluation")
        return tuple(sorted(flags))

    def _rule(self, site: _Site, layout: Layout) -> str:
        side = "after" if site.after else "before"
        return f"{layout.value}-cue-{side}" + ("-inherited" if site.rule == "inherited" else "")

    def _confidence(self, site: _Site, layout: Layout) -> float:
        base = {Layout.DIRECT: 0.95, Layout.MIXED: 0.9, Layout.INDIRECT: 0.8}[layout]
        return base - (0.1 if site.rule == "inherited" else 0) - (0.05 if site.word.nounish else 0)

    def _according(self, index: int, sentence: Sentence) -> None:
        """`According to X, ...` and `..., according to X`; a claim that has a speaker gets X as its `via`."""
        tokens = self.tokens
        for at in range(sentence.first, sentence.last - 2):
            if tokens[at].low != "according" or tokens[at + 1].low != "to":
                continue
            end = at + 2
            while (
                end < sentence.last
                and end - at < 14
                and tokens[end].text not in ",;:—–."
                and tokens[end].kind != "Q"
                and tokens[end].low
                not in ("that", "who", "which", "released", "published", "conducted", "obtained")
            ):
                end += 1
            if end == at + 2:
                continue
            source = self.frame.between(at + 2, end)
            mine = [
                k
                for k, c in enumerate(self.claims)
                if c.sentence == index and c.layout is not Layout.INDIRECT
            ]
            if mine and at > sentence.first + 2 and self.claims[mine[-1]].source:
                self.claims[mine[-1]] = replace(self.claims[mine[-1]], via=source)
                continue
            self._according_content(index, sentence, at, end, source)

    def _according_content(self, index: int, sentence: Sentence, at: int, end: int, source: Span) -> None:
        tokens = self.tokens
        lead = at - 1 if at > sentence.first and tokens[at - 1].text in ",—–" else at
        if lead - sentence.first >= 3:
            first, last = sentence.first, lead
            comma = end < sentence.last and tokens[end].text == ","
            if (
                comma
                and any(t.text == "," for t in tokens[sentence.first : lead]) is False
                and tokens[lead - 1].low in ("which", "that", "who")
            ):
                first, last = end + 1, sentence.last
            elif comma and tokens[lead - 1].low in ("which", "that", "and", "but", "because"):
                first, last = end + 1, sentence.last
        else:
            first, last = end, sentence.last
        while first < last and tokens[first].text in ",—–:":
            first += 1
        while last > first and tokens[last - 1].text in ".,;":
            last -= 1
        if last - first < 1:
            return
        quotes = [q for q in range(first, last) if tokens[q].kind == "Q" and q not in self.taken]
        site = _Site(at, at + 2, _ACCORDING, after=first < at)
        spans, layout = self._spans(site, first, last, quotes)
        for q in quotes:
            self.taken[q] = len(self.claims)
        self.claims.append(
            Claim(
                layout,
                spans,
                source=source,
                cue=self.frame.between(at, at + 2),
                word=_ACCORDING,
                rule=f"{layout.value}-according-to",
                confidence=0.85,
                sentence=index,
            )
        )

    def _labelled(self, index: int, sentence: Sentence) -> None:
        """`Ms Ames: "..."`: a name, a colon and a quotation."""
        tokens = self.tokens
        for at in range(sentence.first + 2, min(sentence.last, sentence.first + 14)):
            if tokens[at].kind != "Q" or tokens[at - 1].text != ":" or at in self.taken:
                continue
            end = at - 1
            start = sentence.first
            for k in range(end - 1, start, -1):
                if tokens[k].text in "-–—.;" and tokens[k].kind == "P":
                    start = k + 1
                    break
            label = tokens[start:end]
            if not label or any(is_verb(t) for t in label) or not any(t.kind == "C" for t in label):
                return
            self.taken[at] = len(self.claims)
            self.claims.append(
                Claim(
                    Layout.DIRECT,
                    (self._quote_span(at),),
                    source=self.frame.between(start, end),
                    cue=self.frame.between(end, end + 1),
                    rule="direct-label",
                    confidence=0.85,
                    sentence=index,
                )
            )
            return

    # -- quotations without a cue of their own --------------------------------------------------------

    def _carry(self, index: int, sentence: Sentence) -> None:
        """Hand quotations that stand alone to the speaker of the quotation before them."""
        alone = all(t.kind in "QP" for t in self.tokens[sentence.first : sentence.last])
        for at in range(sentence.first, sentence.last):
            token = self.tokens[at]
            if token.kind != "Q" or at in self.taken:
                continue
            owner = self._earlier_owner(index, at, alone)
            if owner is not None:
                claim = self.claims[owner]
                self.claims[owner] = replace(claim, content=(*claim.content, self._quote_span(at)))
                self.taken[at] = owner
            elif self._words(at) >= _LONG and alone:
                self.taken[at] = len(self.claims)
                self.claims.append(
                    Claim(
                        Layout.DIRECT,
                        (self._quote_span(at),),
                        rule="no-source",
                        confidence=0.3,
                        sentence=index,
                    )
                )

    def _earlier_owner(self, index: int, at: int, alone: bool) -> int | None:
        quote = self.tokens[at].quote
        sentence = self.frame.sentences[index]
        earlier = self._last_quote(at)
        if quote > 0 and self.frame.quotes[quote - 1].chained and earlier is not None:
            return self.taken.get(earlier)
        if not alone or index == 0:
            return None
        before = self.frame.sentences[index - 1]
        if before.paragraph == sentence.paragraph:
            held = [
                q for q in range(before.first, before.last) if self.tokens[q].kind == "Q" and q in self.taken
            ]
            if held and self.claims[self.taken[held[-1]]].layout is not Layout.INDIRECT:
                return self.taken[held[-1]]
        return None

    def _last_quote(self, at: int) -> int | None:
        for k in range(at - 1, max(at - 400, -1), -1):
            if self.tokens[k].kind == "Q":
                return k
        return None

    def finish(self) -> list[Claim]:
        """All claims, ordered by content."""
        return sorted(self.claims, key=lambda claim: (claim.content[0], claim.cue or Span(0, 0)))


_PHRASE_HEADS = frozenset(
    "rules ruled ruling points pointed pointing calls called calling makes made making leaves left leaving goes went "
    "going puts put shoots shot fires fired hits hit snaps snapped chimes chimed spells spelled lays laid speaks spoke "
    "speaking talks talked talking weighs weighed lashes lashed expresses expressed expressing voices voiced voicing "
    "argues argued sees saw took taking takes remains remained is was are were am".split()
)
_SMALL = frozenset("of the a an and in on to for with at by from".split())
_WORKS = frozenset(
    "film book song show series movie album novel play documentary magazine program programme called titled entitled "
    "episode column podcast essay article paper report poem painting sitcom".split()
)
