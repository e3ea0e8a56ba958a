"""Every attributed claim of a document, sentence by sentence.

Reporting words look for their subject and their content; quotations are given to the best cue, carried
over inside a paragraph, chained over paragraphs, or left without a source. No parser is needed: what the
literature on quote extraction found to work without one (a verb lexicon and the position of cue and
quotation) is here as named rules.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from checker.attribution.attach import LONG, attach_quotations, ends_open, is_title, length
from checker.attribution.claim import Claim, Layout
from checker.attribution.content import CLAIM_NOUNS, find_contents
from checker.attribution.cues import Class
from checker.attribution.grammar import VERBS, is_adverb, is_verb, word_set
from checker.attribution.orphans import (
    ACCORDING,
    LABEL,
    according,
    introduced_by,
    is_orphan,
    label_before,
    labelled,
    owner_of,
    quote_span,
    stands_alone,
)
from checker.attribution.sites import SAYING, Site, find_sites, nested
from checker.attribution.subjects import Subject
from checker.attribution.tokens import Frame, Sentence
from checker.records import UNCERTAIN, Span

__all__ = ["Claim", "Layout", "find_claims"]

_IF = word_set("if unless suppose")
_UNTRUE = tuple(
    f"it {verb} {word} that" for verb in ("is", "was", "'s") for word in ("not true", "false", "untrue")
)
_COMPLEMENTS = word_set("to that whether he she they it there we i")
_CLAUSE_REACH = 12
_REJECTING = (
    *(
        "nonsense",
        "absurd",
        "lie",
        "false",
        "untrue",
        "fake",
        "rubbish",
        "baseless",
        "ridiculous",
        "unfounded",
    ),
    *("fabricat", "propaganda", "groundless", "slander", "invention", "hoax", "myth"),
)
_CONFIDENCE = {Layout.DIRECT: 0.95, Layout.MIXED: 0.9, Layout.INDIRECT: 0.8}
_WEAK = frozenset((Class.ATTITUDE, Class.STAND, Class.FINDING, Class.EVALUATIVE))


def find_claims(frame: Frame, language: str = "en") -> list[Claim]:
    """Every attributed claim in the order of its content."""
    builder = _Builder(frame, language)
    for index in range(len(frame.sentences)):
        builder.read(index)
    found = [claim for claim in builder.claims if claim.content]
    return sorted(found, key=lambda claim: (claim.content[0], claim.cue or Span(0, 0)))


class _Builder:
    def __init__(self, frame: Frame, language: str) -> None:
        self.frame = frame
        self.tokens = frame.tokens
        self.language = language
        self.claims: list[Claim] = []
        # Token of a quotation -> index of the claim that holds it.
        self.taken: dict[int, int] = {}
        self.sites: list[Site] = []
        # Token of each quotation, by its index.
        self.places = [at for at, token in enumerate(self.tokens) if token.kind == "Q"]

    def read(self, index: int) -> None:
        """Add the claims of one sentence."""
        sentence = self.frame.sentences[index]
        before, self.sites = self.sites, find_sites(self.frame, sentence, self.language)
        if self._labelled(index, sentence):
            return
        sites = self.sites
        attach_quotations(self.frame, sites, sentence)
        find_contents(self.frame, sites, sentence)
        for position, site in enumerate(sites):
            if not nested(self.frame, sites, position):
                self._add(site, index)
        self._according(index, sentence)
        self._announced(index, sentence, before)
        self._orphans(index, sentence)

    def _add(self, site: Site, index: int) -> None:
        subject = self._subject(site)
        if site.content is None or subject is None:
            return
        held = [q for q in range(*site.content) if self.tokens[q].kind == "Q"]
        quotes = [q for q in site.quotes if q not in self.taken]
        if self._rejects(site):
            quotes = [q for q in quotes if site.content[0] <= q < site.content[1]]
        if not quotes and not self._is_clear(site, subject, held):
            return
        spans, layout = self._spans(site, site.content, quotes)
        if site.lead is not None:
            spans = (self.frame.between(*site.lead), *spans)
            layout = Layout.MIXED if held or quotes else Layout.INDIRECT
        spans = (*self._chained_before(quotes), *spans)
        # A quotation inside may be another cue's own.
        owned = {q for other in self.sites if other is not site for q in other.quotes}
        for q in (*quotes, *(h for h in held if h not in owned)):
            self.taken.setdefault(q, len(self.claims))
        side = "after" if site.after else "before"
        self.claims.append(
            Claim(
                layout,
                spans,
                source=self.frame.between(subject.first, subject.last),
                name=self.frame.between(*subject.name) if subject.name else None,
                cue=self.frame.between(site.first, site.last),
                word=site.word,
                flags=self._flags(site, subject, index),
                rule=f"{layout.value}-cue-{side}" + ("-inherited" if site.inherited else ""),
                confidence=_CONFIDENCE[layout] - 0.1 * site.inherited - 0.05 * site.word.nounish,
                sentence=index,
            )
        )

    def _chained_before(self, quotes: list[int]) -> tuple[Span, ...]:
        """Earlier paragraphs of one long quotation, held back until its last one named the speaker."""
        first = self.tokens[quotes[0]].quote if quotes else 0
        chain: list[int] = []
        while first > 0 and self.frame.quotes[first - 1].chained:
            first -= 1
            chain.append(self.places[first])
        waiting = self.taken.get(chain[0]) if chain else None
        if waiting is None or self.claims[waiting].source is not None:
            return ()
        held = self.claims[waiting]
        self.claims[waiting] = replace(held, content=())
        for at in chain:
            self.taken[at] = len(self.claims)
        return held.content

    def _subject(self, site: Site) -> Subject | None:
        """The subject after the cue when only the quotation stands between, else the one before it."""
        if site.right is None:
            return site.left
        before = [q for q in site.quotes if q < site.first]
        if before and all(t.kind == "P" or is_adverb(t) for t in self.tokens[before[-1] + 1 : site.first]):
            return site.right
        if site.left is not None:
            return site.left
        end = site.right.last
        introduces = end < len(self.tokens) and self.tokens[end].text in (":", ",")
        return site.right if site.after or introduces else None

    def _is_clear(self, site: Site, subject: Subject, held: list[int]) -> bool:
        """Whether a claim without a quotation of its own is clear enough to be reported speech."""
        first, last = site.content or (0, 0)
        if (last - first < 2 and not held) or (site.left is None and not site.after):
            return False
        if site.word.silent and not held:
            return False
        if subject.modal or self.tokens[subject.last - 1].low == "you":
            return False
        if site.inherited and (
            site.word.role not in SAYING | {Class.DIRECTIVE, Class.COMMISSIVE} or site.word.nounish
        ):
            return False
        return not (site.word.weak and not self._has_complement(site, first, last))

    def _has_complement(self, site: Site, first: int, last: int) -> bool:
        """Whether the content opens as a clause or an infinitive, not as a bare noun."""
        opening = self.tokens[first].low
        if self.tokens[first - 1].low == "that" or opening in _COMPLEMENTS:
            return True
        reach = min(last, first + _CLAUSE_REACH)
        return site.word.bare and any(is_verb(t) and t.kind == "w" for t in self.tokens[first + 1 : reach])

    def _spans(
        self, site: Site, content: tuple[int, int], quotes: list[int]
    ) -> tuple[tuple[Span, ...], Layout]:
        first, last = content
        inside = [q for q in range(first, last) if self.tokens[q].kind == "Q"]
        spans = [self.frame.between(first, last)]
        words = any(t.kind in "wCN" for t in self.tokens[first:last])
        layout = Layout.INDIRECT if not inside else Layout.MIXED
        if inside and not words:
            spans, layout = [quote_span(self.frame, q) for q in inside], Layout.DIRECT
        elif inside and quotes and not site.after and first in quotes and self._is_whole(first):
            spans, layout = [quote_span(self.frame, first)], Layout.DIRECT
        spans += [quote_span(self.frame, q) for q in quotes if not first <= q < last]
        return tuple(sorted(set(spans))), layout

    def _is_whole(self, at: int) -> bool:
        """`said, "...," and left`: speech that is complete before the sentence goes on."""
        marks = (self.tokens[at - 1].text, self.tokens[at + 1].text if at + 1 < len(self.tokens) else "")
        spoken = ends_open(self.frame, at) or marks[0] == ":" or marks[1] in (",", ".", ";")
        exclaimed = quote_span(self.frame, at).of(self.frame.text).rstrip("\"”»'’").endswith(("!", "?"))
        return spoken and (exclaimed or length(self.frame, at) >= LONG)

    def _flags(self, site: Site, subject: Subject, index: int) -> tuple[str, ...]:
        sentence = self.frame.sentences[index]
        clause = self.tokens[sentence.first : site.first]
        opening = " ".join(t.low for t in clause[:6]).replace("it's", "it 's")
        before = self.tokens[max(subject.clause - 2, sentence.first) : subject.clause]
        follows = self.tokens[site.last].low if site.last < len(self.tokens) else ""
        flags = {
            "negated_cue": subject.negated or opening.startswith(_UNTRUE),
            "modal_cue": subject.modal,
            "hypothetical": any(t.low in _IF for t in (*clause[:1], *before)),
            "negated_content": follows == "neither",
            "rejects": self._rejects(site),
            "denial": site.word.role is Class.NEGATING,
            "attitude": site.word.role in (Class.ATTITUDE, Class.STAND),
            "evaluation": site.word.role is Class.EVALUATIVE,
        }
        return tuple(sorted(name for name, holds in flags.items() if holds))

    def _rejects(self, site: Site) -> bool:
        """`called the claim absurd that ...`, `described as "nonsense" the report that ...`."""
        if site.content is None or site.after or self.tokens[site.content[0] - 1].low != "that":
            return False
        between = self.frame.text[self.tokens[site.last - 1].end : self.tokens[site.content[0]].start].lower()
        return any(t.low in CLAIM_NOUNS for t in self.tokens[site.last : site.content[0]]) and any(
            word in between for word in _REJECTING
        )

    def _according(self, index: int, sentence: Sentence) -> None:
        """`According to X, ...`; a quoted claim that has a speaker gets X as its `via`."""
        for at, end, content in according(self.frame, sentence):
            source = self.frame.between(at + 2, end)
            mine = self._quoted_claims(index)
            if mine and at > sentence.first + 2 and self.claims[mine[-1]].source:
                self.claims[mine[-1]] = replace(self.claims[mine[-1]], via=source)
            elif content is not None:
                self._add_according(index, at, source, content)

    def _quoted_claims(self, index: int) -> list[int]:
        """Indices of the claims of one sentence, the last read, that hold quoted words."""
        found = []
        for k in range(len(self.claims) - 1, -1, -1):
            if self.claims[k].sentence != index:
                break
            if self.claims[k].layout is not Layout.INDIRECT:
                found.append(k)
        return found[::-1]

    def _add_according(self, index: int, at: int, source: Span, content: tuple[int, int]) -> None:
        quotes = [q for q in range(*content) if self.tokens[q].kind == "Q" and q not in self.taken]
        site = Site(at, at + 2, ACCORDING, after=content[0] < at)
        spans, layout = self._spans(site, content, quotes)
        for q in quotes:
            self.taken[q] = len(self.claims)
        cue = self.frame.between(at, at + 2)
        rule = f"{layout.value}-according-to"
        self.claims.append(
            Claim(layout, spans, source, cue=cue, word=ACCORDING, rule=rule, confidence=0.85, sentence=index)
        )

    def _announced(self, index: int, sentence: Sentence, before: list[Site]) -> None:
        """A quotation on a line of its own whose cue ends the line before with a colon."""
        at = sentence.first
        announced = index > 0 and self.tokens[at].kind == "Q" and self.tokens[at - 1].text == ":"
        if not announced or at in self.taken:
            return
        named = [site for site in before if (site.left or site.right) and site.word.role in SAYING]
        if named:
            site = named[-1]
            subject = site.right if site.left is None else site.left
            cue: tuple[int, int] | None = (site.first, site.last)
            source = (subject.first, subject.last) if subject else None
        else:
            source = introduced_by(self.frame, self.frame.sentences[index - 1], at)
            cue = (at - 1, at)
        if source is not None and cue is not None:
            self._add_orphan(index, at, source, cue=cue, rule="direct-colon-before")

    def _labelled(self, index: int, sentence: Sentence) -> bool:
        """The words of a headline or turn behind `NAME:`; true when that is all the sentence holds."""
        opens = index == 0 or self.frame.sentences[index - 1].paragraph != sentence.paragraph
        colon = labelled(self.frame, sentence)
        label = self.tokens[sentence.first].text
        shouted = label.isupper() and len(label) > 2
        if colon is None or not (shouted or (opens and self._is_headline(sentence))):
            return False
        last = sentence.last
        while last > colon + 2 and self.tokens[last - 1].text in (".", ","):
            last -= 1
        site = Site(colon, colon + 1, LABEL)
        quotes = [q for q in range(colon + 1, last) if self.tokens[q].kind == "Q"]
        spans, layout = self._spans(site, (colon + 1, last), quotes)
        if layout is Layout.INDIRECT and not any(t.low in VERBS for t in self.tokens[colon + 1 : last]):
            return False
        self.taken |= dict.fromkeys(quotes, len(self.claims))
        source, cue = self.frame.between(sentence.first, colon), self.frame.between(colon, colon + 1)
        rule = f"{layout.value}-name-colon"
        self.claims.append(
            Claim(layout, spans, source, cue=cue, word=LABEL, rule=rule, confidence=0.75, sentence=index)
        )
        return True

    def _is_headline(self, sentence: Sentence) -> bool:
        """Whether a line is written like a headline: most of its longer words have a capital."""
        words = [t for t in self.frame.tokens_in(sentence) if t.kind in "wC" and len(t.text) > 3]
        return sum(t.kind == "C" for t in words) > 0.7 * len(words)

    def _orphans(self, index: int, sentence: Sentence) -> None:
        """Quotations without a reporting word of their own."""
        for at in range(sentence.first, sentence.last):
            if self.tokens[at].kind != "Q" or at in self.taken:
                continue
            label = label_before(self.frame, sentence, at) or introduced_by(self.frame, sentence, at)
            owner = owner_of(self.frame, index, at, self.taken, self.claims)
            if label is not None:
                self._add_orphan(index, at, label, cue=(label[1], label[1] + 1), rule="direct-label")
            elif owner is not None:
                claim = self.claims[owner]
                self.claims[owner] = replace(claim, content=(*claim.content, quote_span(self.frame, at)))
                self.taken[at] = owner
            elif (spoken := self._spoken_before(index, sentence)) is not None:
                self.taken[at] = len(self.claims)
                self.claims.append(
                    replace(
                        spoken,
                        content=(quote_span(self.frame, at),),
                        flags=tuple(sorted({*spoken.flags, UNCERTAIN})),
                        via=None,
                        rule="direct-next-paragraph",
                        confidence=0.6,
                    )
                )
            elif is_orphan(self.frame, sentence, at) and not is_title(self.frame, at, sentence):
                self._add_orphan(index, at, None, cue=None, rule="no-source")

    def _spoken_before(self, index: int, sentence: Sentence) -> Claim | None:
        """The claim of the paragraph before, when both are one person's speech: `"We stay," X said.` first.

        Measured on training articles, five in six such quotations go on with the same person's words, too
        few to be certain; a question is mostly answered by another.
        """
        before = self.frame.sentences[index - 1].paragraph if index else -1
        if before != sentence.paragraph - 1 or not stands_alone(self.frame, sentence):
            return None
        spoken = [c for c in self._claims_of(index - 1, before) if c.layout is not Layout.INDIRECT]
        if len(spoken) != 1 or spoken[0].source is None or spoken[0].cue is None:
            return None
        opening = self.frame.text[spoken[0].content[0].start - 1 : spoken[0].content[0].start]
        asks = self.frame.inner(spoken[0].content[-1]).of(self.frame.text).endswith("?")
        led = spoken[0].layout is Layout.DIRECT and opening in ("", "\n") and not asks
        return spoken[0] if led and spoken[0].cue.start >= spoken[0].content[0].end else None

    def _claims_of(self, index: int, paragraph: int) -> Iterator[Claim]:
        for claim in reversed(self.claims):
            if self.frame.sentences[claim.sentence].paragraph < paragraph:
                return
            if claim.content and claim.sentence <= index:
                yield claim

    def _add_orphan(
        self, index: int, at: int, source: tuple[int, int] | None, *, cue: tuple[int, int] | None, rule: str
    ) -> None:
        self.taken[at] = len(self.claims)
        self.claims.append(
            Claim(
                Layout.DIRECT,
                (quote_span(self.frame, at),),
                source=self.frame.between(*source) if source else None,
                cue=self.frame.between(*cue) if cue else None,
                rule=rule,
                confidence=0.85 if source else 0.3,
                sentence=index,
            )
        )
