"""Quotation marks of every convention, matched into quotations with exact offsets.

A stack scanner per paragraph: curly, straight, low, angle and corner marks, doubled apostrophes of wire
feeds, single marks where a document quotes with them, and speech dashes. Nested quotations belong to the
outer one. A mark left open at the end of a paragraph chains to the next paragraph when that one opens with
the same mark; otherwise the quotation ends with its paragraph and is marked as unclosed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace

from checker.records import Span

__all__ = ["Quotation", "find_quotations", "paragraphs"]

_CLOSING: dict[str, tuple[str, ...]] = {
    "“": ("”", '"'),
    "„": ("“", "”"),
    "«": ("»",),
    "»": ("«",),
    "‹": ("›",),
    "›": ("‹",),
    "‚": ("‘", "’"),
    "‘": ("’",),
    "「": ("」",),
    "『": ("』",),
    '"': ('"', "”"),
    "''": ("''",),
    "``": ("''",),
    "'": ("'",),
    "”": ("”",),
}
_MARK = re.compile(r"``|''|[“”„«»‹›‚‘’「」『』\"']")
_PARAGRAPH = re.compile(r"[^\n]+")
_CLIPPED = re.compile(r"(?:em|til|tis|twas|cause|n|bout|round|\d0s)\b", re.IGNORECASE)
_DASH_LINE = re.compile(r"[ \t]*[—–―][ \u00a0]?(?=[^\W_]|[¡¿«“\"])")
_DASH_CUT = re.compile(r"(?<=\S)[ \u00a0]?[—–―](?=\S)|(?<=[,.!?…]) [—–―] (?=\S)|[ \u00a0][—–―](?=\S)")
# Where a closing mark is missing, a comma and a clause that reports show where it belongs.
_CUE_BEHIND = re.compile(
    r"[,?!](?= (?:(?:(?:Mr|Mrs|Ms|Dr)\.? )?[A-Z][\w’'-]{1,30}(?: [A-Z][\w’'-]{1,30}){0,3}|he|she|they) "
    r"(?:said|says|added|told|wrote|replied|asked|explained|continued)\b)"
)
_SINGLES = frozenset("'‘‚’")
_BEFORE_OPENING = "([{—–-/:“„«‘‚\"'¿¡\u00a0\u202f\x01"


@dataclass(frozen=True, slots=True)
class Quotation:
    """One stretch between quotation marks: `span` with its marks, `inner` without them.

    `chained` means that it goes on in the next quotation of the list (a new paragraph of the same quote);
    `closed` is false when no closing mark was found.
    """

    span: Span
    inner: Span
    mark: str
    closed: bool = True
    chained: bool = False


@dataclass(slots=True)
class _Open:
    mark: str
    at: int
    width: int


def paragraphs(text: str) -> list[Span]:
    """The lines of a text that hold anything but white space."""
    return [Span(*m.span()) for m in _PARAGRAPH.finditer(text) if not m[0].isspace()]


def find_quotations(text: str, *, dashes: bool = False) -> list[Quotation]:
    """Outermost quotations in order; nested ones are part of the outer.

    `dashes` adds lines of dialogue that open with a dash, a convention of some languages only.
    """
    single = _quotes_with_singles(text)
    reverse = _angles_point_in(text)
    found: list[Quotation] = []
    for paragraph in paragraphs(text):
        _chain(found, text, paragraph)
        found += _scan(text, paragraph, single=single, reverse=reverse)
    return _with_dashes(text, found) if dashes else found


def _quotes_with_singles(text: str) -> bool:
    """Whether single marks are the document's first level: it opens more with them than with double ones."""
    doubles = sum(text.count(mark) for mark in "“„«「»") + text.count('"') // 2 + text.count("''") // 2
    singles = sum(
        1 for m in re.finditer(r"(?<![\w'])['‘](?=\w)(?!\d0s)", text) if _opens_here(text, m.start(), 1)
    )
    return singles > doubles


def _angles_point_in(text: str) -> bool:
    """Whether »this« is the document's style, told by the first guillemet."""
    first = min((at for at in (text.find("«"), text.find("»")) if at >= 0), default=-1)
    return first >= 0 and text[first] == "»"


def _chain(found: list[Quotation], text: str, paragraph: Span) -> None:
    """Mark the last quotation as going on when it was left open and this paragraph reopens its mark."""
    if not found or found[-1].closed:
        return
    last = found[-1]
    head = text[paragraph.start : paragraph.end].lstrip()[:2]
    if head.startswith(last.mark) and not text[last.span.end : paragraph.start].strip():
        found[-1] = replace(last, chained=True)


def _scan(text: str, paragraph: Span, *, single: bool, reverse: bool) -> Iterator[Quotation]:
    stack: list[_Open] = []
    inside: list[Quotation] = []
    for match in _MARK.finditer(text, paragraph.start, paragraph.end):
        mark, at = match[0], match.start()
        # A curly opening mark is plain even where double marks are the rule, as in headlines.
        if mark in _SINGLES and not single and (stack if mark == "‘" else not _in_single(stack)):
            continue
        depth = _closes(stack, text, at, mark)
        if depth is not None:
            outer = stack[depth]
            del stack[depth:]
            if at > outer.at + outer.width:
                inside.append(_quotation(text, outer, at, len(mark)))
            if not stack:
                yield from inside[-1:]
                inside = []
        elif _may_open(mark, reverse=reverse) and _opens_here(text, at, len(mark)):
            stack.append(_Open(mark, at, len(mark)))
    yield from _unclosed(text, [o for o in stack if o.mark not in _SINGLES], inside, paragraph.end)


def _in_single(stack: list[_Open]) -> bool:
    return len(stack) == 1 and stack[0].mark == "‘"


def _may_open(mark: str, *, reverse: bool) -> bool:
    if mark in "«»":
        return mark == ("»" if reverse else "«")
    if mark in "‹›":
        return mark == ("›" if reverse else "‹")
    return mark in _CLOSING and mark != "’"


def _opens_here(text: str, at: int, width: int) -> bool:
    before = text[at - 1] if at else "\n"
    after = text[at + width] if at + width < len(text) else "\n"
    mark = text[at]
    if mark in "“„«»‹›「『":
        return True
    if after.isspace() and not (mark == '"' and before.isspace()):
        return False
    if mark in _SINGLES and width == 1 and _CLIPPED.match(text, at + 1):
        return False
    if mark == '"' and before.isdigit():
        return False
    return before.isspace() or before in _BEFORE_OPENING or (mark in "‘‚" and not before.isalnum())


def _closes(stack: list[_Open], text: str, at: int, mark: str) -> int | None:
    """Index of the open mark that this one closes, innermost first."""
    for depth in range(len(stack) - 1, max(len(stack) - 4, -1), -1):
        opened = stack[depth]
        if mark not in _CLOSING[opened.mark]:
            continue
        if opened.mark in _SINGLES and _is_apostrophe(text, at):
            return None
        if mark == '"' and _looks_opening(text, at):
            continue
        return depth
    return None


def _looks_opening(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return before.isspace() and not after.isspace() and after not in ".,;:!?)"


def _is_apostrophe(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    if before.isalnum() and after.isalnum():
        return True
    if before.isspace():
        return True
    if before.lower() == "s" and after == " ":
        # "the workers' union will fight,' he said": a possessive when a better close follows on the line.
        rest = text[at + 1 : at + 400].split("\n", 1)[0]
        following = rest.lstrip()[:1]
        return following.islower() and re.search(r"[,.?!…]['’](?!\w)", rest) is not None
    return False


def _quotation(text: str, opened: _Open, at: int, width: int, *, closed: bool = True) -> Quotation:
    start, end = opened.at + opened.width, at
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Quotation(Span(opened.at, at + width), Span(start, end), opened.mark, closed)


def _unclosed(text: str, left: list[_Open], inside: list[Quotation], end: int) -> Iterator[Quotation]:
    """Quotations whose end is missing, each up to the next mark; lone single marks were apostrophes."""
    outer: list[Quotation] = []
    for quote in sorted(inside, key=lambda quote: quote.span):
        while outer and outer[-1].span.start >= quote.span.start:
            outer.pop()
        if not outer or outer[-1].span.end <= quote.span.start:
            outer.append(quote)
    starts = sorted([*(o.at for o in left), *(q.span.start for q in outer), end])
    for opened in left:
        stop = starts[bisect_right(starts, opened.at)]
        cue = _CUE_BEHIND.search(text, opened.at + opened.width, stop)
        quote = _quotation(text, opened, cue.start() + 1 if cue else stop, 0, closed=False)
        if len(quote.inner.of(text)) > 1:
            outer.append(replace(quote, span=Span(opened.at, quote.inner.end)))
    yield from sorted(outer, key=lambda quote: quote.span)


def _with_dashes(text: str, found: list[Quotation]) -> list[Quotation]:
    """Add lines of dialogue that open with a dash; there must be two of them, or a cue dash inside one."""
    lines = [m for p in paragraphs(text) if (m := _DASH_LINE.match(text, p.start, p.end))]
    if not lines:
        return found
    starts = [quote.span.start for quote in found]
    spoken: list[Quotation] = []
    for match in lines:
        end = text.find("\n", match.end())
        end = len(text) if end < 0 else end
        index = bisect_right(starts, end) - 1
        if index >= 0 and found[index].span.end > match.start():
            continue
        spoken += _dash_parts(text, match.end(), end, alone=len(lines) < 2)
    return sorted([*found, *spoken], key=lambda quote: quote.span)


def _dash_parts(text: str, start: int, end: int, *, alone: bool) -> Iterator[Quotation]:
    cuts = [Span(*m.span()) for m in _DASH_CUT.finditer(text, start, end)]
    if alone and not cuts:
        return
    edges = [Span(start, start), *cuts, Span(end, end)]
    for index in range(0, len(edges) - 1, 2):
        head, tail = edges[index].end, edges[index + 1].start
        while head < tail and text[head] in " .,;:":
            head += 1
        inner = Span(head, tail)
        if inner.of(text).strip():
            yield Quotation(inner, inner, "—")
