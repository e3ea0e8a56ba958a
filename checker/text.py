"""Sentences, words and a folded shadow of a text, all with offsets into the text as it stands.

Nothing here changes a text: every span satisfies `span.of(text) == text[span.start:span.end]`,
and `fold` gives a string of the same length, so that what is found in it can be cut from the original.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from checker.records import Span

__all__ = ["fold", "sentences", "words"]

_FOLDED = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000\t", " "),
        **dict.fromkeys("’‘ʼ′‛`´＇", "'"),
        **dict.fromkeys("“„«‟", "“"),
        **dict.fromkeys("”»″", "”"),
        **dict.fromkeys("\u2010\u2011\ufe63\uff0d", "-"),
    }
)

_WORD = re.compile(
    r"\d+(?:[.,]\d+)*(?:[^\W\d_]|[\u0300-\u036f])*"
    r"|(?:[A-Z]\.){2,}"
    r"|(?:[^\W_]|[\u0300-\u036f])+(?:['’‑-](?:[^\W_]|[\u0300-\u036f])+)*"
)


def _table(entries: str) -> frozenset[str]:
    return frozenset(entries.split())


# A full stop after these never ends a sentence.
_TITLES = _table(
    "mr mrs ms mx dr prof rev fr hon gen lt col maj capt cmdr cpl sgt adm sen rep reps sens gov atty "
    "pres supt insp det st mt ft messrs mme mlle vs viz cf no nos art fig figs vol pp approx ca "
    "e.g i.e hr frau bzw z.b u.a d.h bspw sr sra srta dra mgr hl nr abs"
)
_NUMBERED = _table("no nos art fig figs vol abs nr")
# A full stop after these ends a sentence only when the next word is a usual first word.
_OFTEN_INSIDE = _table(
    "u.s u.k u.n e.u u.s.a d.c n.y l.a p.m a.m ph.d inc corp co ltd llc bros jr sr etc al est pct dept "
    "jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun ave blvd rd "
    "ala ariz ark calif colo conn del fla ga ill ind kan ky la md mass mich minn miss mo mont neb nev okla "
    "ore pa tenn tex va vt wash wis wyo usw"
)
_STARTERS = _table(
    "the he she it they we i you a an in on at but and or so if as when while after before since this that "
    "these those there his her its their our my for from by with to now then however although though "
    "asked according another both what who why how where one two some many most all no not yet still "
    "also meanwhile earlier later last"
)
# `“Why?” Mr Jones asked.` is one sentence although a capital follows the mark.
_SAYERS = re.compile(
    r"(?:(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen)\.? )?[^\W\d_a-z][\w.'’-]*(?: [^\W\d_a-z][\w.'’-]*){0,4} "
    r"(?:said|says|asked|asks|replied|wrote|added|told|tweeted|answered|wondered|exclaimed|shouted|demanded"
    r"|continued|declared|responded)\b"
)
_MONTHS_AFTER_ORDINAL = re.compile(
    r"\s+(?:Januar|Februar|März|April|Mai|Juni|Juli|August|September|Oktober|November|Dezember)\b"
)
_STOP = re.compile(r"\n+|[.!?…]+|[。！？]+")
_CLOSERS = "\"”’'»›)]}“«"
_SPACED_CLOSERS = (" »", "\u00a0»", "\u202f»")
_OPENERS = "\"“‘„«»‚‹([{'¿¡—–- \t\u00a0\u202f"
_QUOTE_MARK = re.compile(r"[“”„«»\"\n]")
_MATCH = {"“": "”", "„": "“", "«": "»", "»": "«"}


def fold(text: str) -> str:
    """The text with spaces, apostrophes, double quotation marks and hyphens in one canonical form each.

    Length is preserved, letters keep their case, and « and » read as an opening and a closing mark.
    """
    return text.translate(_FOLDED)


def words(text: str) -> list[Span]:
    """The words and numbers of a text; inner apostrophes, hyphens and digit separators belong to them."""
    return [Span(*match.span()) for match in _WORD.finditer(text)]


def sentences(text: str, *, closed: Sequence[Span] | None = None) -> list[Span]:
    """The sentences of a text without the white space around them, in linear time.

    A line break always ends one. Nothing is split inside a quotation that is closed on its line,
    nor inside the spans given as `closed` (sorted), which then replace the search for quotations.
    """
    held = list(_quotations(text)) if closed is None else list(closed)
    found: list[Span] = []
    start = 0
    for cut in _cuts(text, held):
        span = _trim(text, start, cut)
        start = cut
        if span is not None:
            found.append(span)
    last = _trim(text, start, len(text))
    return [*found, last] if last is not None else found


def _cuts(text: str, held: list[Span]) -> Iterator[int]:
    """Offsets just behind the end of each sentence."""
    index = 0
    for match in _STOP.finditer(text):
        while index < len(held) and held[index].end <= match.start():
            index += 1
        inside = index < len(held) and held[index].start < match.start()
        if match[0][0] == "\n":
            if not inside or held[index].end <= match.end():
                yield match.end()
            continue
        end = _past_closers(text, match.end())
        if inside and held[index].end > end:
            continue
        if _ends_here(text, match, end):
            yield end


def _past_closers(text: str, at: int) -> int:
    end = at
    while end < len(text) and text[end] in _CLOSERS and end - at < 4:
        end += 1
    # French leaves a space before its closing mark.
    return end + 2 if text[end : end + 2] in _SPACED_CLOSERS else end


def _ends_here(text: str, stop: re.Match[str], end: int) -> bool:
    following = text[end : end + 80]
    if not following or following.isspace() or stop[0][0] in "。！？":
        return True
    if not following[0].isspace():
        # "began.Lukashenko": a space lost in copying.
        glued = (
            following[:2].istitle() and following[:2].isalpha() and len(stop[0]) == 1 and end == stop.end()
        )
        return glued and text[max(stop.start() - 3, 0) : stop.start()].islower()
    head = following.lstrip(_OPENERS)
    if not head or following.lstrip(" \t\u00a0\u202f")[:1] == "\n":
        return True
    if head[0].islower():
        return False
    if stop[0] == ".":
        return _full_stop_ends(text, stop.start(), following, head)
    return not (end > stop.end() and _SAYERS.match(head))


def _full_stop_ends(text: str, at: int, following: str, head: str) -> bool:
    word = _word_before(text, at)
    bare = word.lower().lstrip("(“\"'‘[")
    if not bare:
        return True
    if bare in _TITLES:
        # "No. 10" and "Art. 5" hold together, "He said no. Then" does not.
        return bare in _NUMBERED and word.islower() and not head[0].isdigit()
    starts = re.match(r"\w+", head)
    usual = bool(starts and starts[0].lower() in _STARTERS and starts[0] != "I")
    if bare in _OFTEN_INSIDE:
        return usual
    if len(bare) == 1 and bare.isalpha() and bare != "i":
        return usual and word.isupper()
    if bare.isdigit() and len(bare) <= 2:
        return _MONTHS_AFTER_ORDINAL.match(following) is None
    return True


def _word_before(text: str, at: int) -> str:
    start = at
    while start > 0 and at - start < 12 and not text[start - 1].isspace():
        start -= 1
    return text[start:at]


def _trim(text: str, start: int, end: int) -> Span | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if start < end else None


def _quotations(text: str) -> Iterator[Span]:
    """Outermost quotations that open and close on one line."""
    opened: int | None = None
    wanted = ""
    for match in _QUOTE_MARK.finditer(text):
        mark = match[0]
        if mark == "\n":
            opened = None
        elif opened is None:
            if mark == '"' and not _may_open(text, match.start()):
                continue
            wanted = '"' if mark == '"' else _MATCH.get(mark, "")
            opened = match.start() if wanted else None
        elif (mark == wanted or wanted + mark == "“”") and not (
            mark == '"' and _may_open(text, match.start())
        ):
            yield Span(opened, match.end())
            opened = None


def _may_open(text: str, at: int) -> bool:
    before = text[at - 1] if at else " "
    after = text[at + 1] if at + 1 < len(text) else " "
    return (before.isspace() or before in "([{—–-“‘") and not after.isspace()
