"""Tokens of a document with every quotation folded into one, so that sentences keep their frame.

`“We met twice. It was fine,” Ms Ames said.` becomes `QUOTE Ms Ames said .`; offsets are the document's.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass

from checker.attribution.quotes import Quotation
from checker.records import Span
from checker.text import fold, sentences

__all__ = ["INLINE", "Frame", "Sentence", "Token", "frame"]

INLINE = "inline"
_INLINE_LENGTH = 40
_SPOKEN_ENDS = (",", ".", "?", "!", "—", "…", "")
_BEFORE_TITLES = frozenset(("of", "on", "in", "for", "from", "the"))
_MOST_TOKENS = 200
_STRAY = 7
_STRAY_CUES = frozenset(
    ("said", "says", "added", "wrote", "tweeted", "continued", "asked", "replied", "explained")
)
_HEAD, _BODY = "\x02", "\x01"
_TOKEN = re.compile(
    r"(?P<Q>\x02\x01*)"
    r"|(?P<C>(?:Mr|Mrs|Ms|Dr|Prof|Sen|Sens|Rep|Reps|Gov|Gen|Lt|Col|Maj|Capt|Sgt|Rev|Hon|Adm|Jr|Sr|St|Pres)\.(?=[\s,])"
    r"|(?:[A-Z]\.)+(?:[A-Z]\b)?)"
    r"|(?P<N>[$€£]?\d+(?:[.,]\d+)*(?:%|[a-z]\w{0,3})?)"
    r"|(?P<w>[^\W\d_](?:[^\W_]|[\u0300-\u036f])*(?:['’-](?:[^\W_]|[\u0300-\u036f])+)*)"
    r"|(?P<P>[^\w\s])"
)


@dataclass(slots=True, eq=False)
class Token:
    """One token: kind is Q (quotation), C (capitalised word), w (other word), N (number) or P (mark).

    `quote` is the index of the quotation that a Q token stands for.
    """

    start: int
    end: int
    text: str
    low: str
    kind: str
    quote: int = -1


@dataclass(slots=True)
class Sentence:
    """Tokens `first` to `last` (half-open) of one sentence; `paragraph` counts the lines of the document."""

    span: Span
    first: int
    last: int
    paragraph: int


@dataclass(slots=True)
class Frame:
    """A document cut into quotations, tokens and sentences; `capitals` counts its capitalised words."""

    text: str
    quotes: list[Quotation]
    tokens: list[Token]
    sentences: list[Sentence]
    capitals: Counter[str]

    def inner(self, span: Span) -> Span:
        """The words of a quotation without its marks; any other span as it is."""
        at = bisect_left(self.quotes, span.start, key=lambda quote: quote.span.start)
        found = self.quotes[at] if at < len(self.quotes) else None
        return found.inner if found is not None and found.span == span else span

    def tokens_in(self, sentence: Sentence) -> list[Token]:
        """The tokens of one sentence."""
        return self.tokens[sentence.first : sentence.last]

    def between(self, first: int, last: int) -> Span:
        """Character span of tokens `first` to `last`, half-open."""
        return Span(self.tokens[first].start, self.tokens[last - 1].end)


def frame(text: str, quotes: list[Quotation], dropped: list[Span] | None = None) -> Frame:
    """Cut a text; spans in `dropped` (sorted) yield no sentence."""
    tokens = list(_tokens(_shadow(text, quotes)))
    index = 0
    for token in tokens:
        if token.kind == "Q":
            token.quote = index
            index += 1
    _mark_inline(text, quotes, tokens)
    cut = _sentences(text, quotes, tokens)
    if dropped:
        cut = [s for s in cut if not any(d.start <= s.span.start < d.end for d in dropped)]
    return Frame(text, quotes, tokens, cut, Counter(token.low for token in tokens if token.kind == "C"))


def _mark_inline(text: str, quotes: list[Quotation], tokens: list[Token]) -> None:
    """Quotations that are words of the running sentence (nicknames, titles) become `low == INLINE`."""
    for at, token in enumerate(tokens[:-1]):
        if token.kind != "Q":
            continue
        inner = quotes[token.quote].inner.of(text)
        following = tokens[at + 1]
        short = len(inner) < _INLINE_LENGTH and inner[-1:] not in _SPOKEN_ENDS
        title = (at > 0 and tokens[at - 1].low in _BEFORE_TITLES) or tokens[at - 1].low.endswith("'s")
        short = short or (title and inner[-1:] == "," and all(w[:1].isupper() for w in inner.split()))
        token.low = INLINE if short and following.kind in "wC" else ""


def _sentences(text: str, quotes: list[Quotation], tokens: list[Token]) -> list[Sentence]:
    found: list[Sentence] = []
    starts = [token.start for token in tokens]
    line, at = 0, 0
    for span in sentences(text, closed=[quote.span for quote in quotes]):
        line += text.count("\n", at, span.start) > 0
        at = span.start
        first, last = bisect_left(starts, span.start), bisect_left(starts, span.end)
        if found and found[-1].paragraph == line and _is_stray_cue(tokens, first, last):
            span, first = Span(found[-1].span.start, span.end), found.pop().first
        # Nobody writes such sentences; a file without stops must not cost time by the square.
        for start in range(first, last, _MOST_TOKENS):
            end = min(start + _MOST_TOKENS, last)
            here = span if last - first <= _MOST_TOKENS else Span(tokens[start].start, tokens[end - 1].end)
            found.append(Sentence(here, start, end, line))
    return found


def _is_stray_cue(tokens: list[Token], first: int, last: int) -> bool:
    """`"We will stay." Ms Ames said.`: a full stop inside the marks has cut off the cue."""
    if not 0 < first < last <= first + _STRAY or tokens[first - 1].kind != "Q":
        return False
    words = [token for token in tokens[first:last] if token.kind != "P"]
    named = all(t.kind == "C" for t in words[:-1]) or (
        len(words) == 2 and words[0].low in ("he", "she", "they")
    )
    return len(words) > 1 and named and words[-1].low in _STRAY_CUES


def _shadow(text: str, quotes: list[Quotation]) -> str:
    folded = fold(text).replace(_HEAD, " ").replace(_BODY, " ")
    parts: list[str] = []
    at = 0
    for quote in quotes:
        width = quote.span.end - quote.span.start
        parts += (folded[at : quote.span.start], _HEAD, _BODY * (width - 1))
        at = quote.span.end
    return "".join([*parts, folded[at:]])


def _tokens(shadow: str) -> list[Token]:
    found = []
    for match in _TOKEN.finditer(shadow):
        word = match[0]
        kind = match.lastgroup or "P"
        if kind == "w" and word[0].isupper():
            kind = "C"
        found.append(Token(match.start(), match.end(), word, word.lower(), kind))
    return found
