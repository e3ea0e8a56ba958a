"""Lines of a page that are no article: decided by shape, never by one word, and marked instead of deleted."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from checker.records import Span

__all__ = ["Layout", "find_layout"]

_IMPERATIVE = re.compile(
    r"(?:please )?(?:subscribe|sign up|log in|register|follow us|like us|join us|click|tap|read more"
    r"|read also|share (?:this|on|via)|also read|see also|more on"
    r"|get (?:real time|the latest|our|unlimited|email)"
    r"|download (?:the|our)|support (?:our|independent)|donate|contact us|watch (?:the|more|live)|listen to"
    r"|print this|email this|save this|skip to|back to top|view comments|leave a comment|advertisement"
    r"|related(?: articles| stories)?:?$|recommended|trending|most read|you (?:may|might) also like"
    r"|don.t miss|load more|continue reading|story continues below|sponsored|cookie|we use cookies"
    r"|accept (?:all|cookies)|manage (?:cookies|preferences)|terms of (?:use|service)"
    r"|privacy policy|all rights reserved|copyright|©"
    r"|\(c\) \d{4})\b",
    re.IGNORECASE,
)
_NEWSLETTER = re.compile(
    r"\b(?:newsletter|inbox|subscri\w+|push notifications?|on your? device)\b", re.IGNORECASE
)
_DIGITS = re.compile(r"[\d\s.,:/|+kKmM-]+")
_SHARES = re.compile(
    r"\d[\d.,]*\s?[kKmM]?\s+(?:shares?|comments?|views?|likes?|tweets?|reads?)\b.*", re.IGNORECASE
)
_RULED = re.compile(r"[-–—=*_~•·\s]*(?:[A-Za-z]+[ A-Za-z]{0,18})?[-–—=*_~•·\s]*")
_CAPTION = re.compile(
    r"(?:photo|image|picture|caption|credit|video|graphic|file photo|illustration|source)s?\s*(?:by|credit)?"
    r"\s*[:/©]"
    r"|.{0,200}\((?:photo|image|ap photo|afp|getty|reuters/)[^)\n]{0,80}\)$"
    r"|.{0,120}(?:/|via )(?:getty images|afp|reuters)\.?$",
    re.IGNORECASE,
)
_AD = re.compile(
    r"[-–—\s*]*(?:advertisements?|ad|anzeige|publicité|publicidad|реклама)[-–—\s*]*", re.IGNORECASE
)
_MOST_WORDS = 25
_HEADING_WORDS = 14
_QUOTES = "\"'“”„«»‘’‹›"
_BYLINE = re.compile(r"(?:by|von|par|por) [A-Z][^\n]{2,80}", re.IGNORECASE)
_LABEL = re.compile(r"[^:\n]{1,60}:\s*$")


@dataclass(frozen=True, slots=True)
class Layout:
    """Lines that are not prose: boilerplate by class, and headings, both in order."""

    boilerplate: tuple[Span, ...]
    headings: tuple[Span, ...]
    skipped: tuple[tuple[str, int], ...]


def find_layout(text: str) -> Layout:
    """Boilerplate and headings of a text whose paragraphs are lines."""
    boilerplate: list[Span] = []
    headings: list[Span] = []
    counts: Counter[str] = Counter()
    lines = [Span(*m.span()) for m in re.finditer(r"[^\n]+", text) if not m[0].isspace()]
    for index, span in enumerate(lines):
        line = span.of(text).strip()
        kind = _kind(line)
        if kind:
            boilerplate.append(span)
            counts[kind] += 1
        elif _is_heading(line, first=index == 0, alone=len(lines) == 1):
            headings.append(span)
    return Layout(tuple(boilerplate), tuple(headings), tuple(sorted(counts.items())))


def _kind(line: str) -> str:
    if line[:1] in _QUOTES or len(line.split()) > _MOST_WORDS:
        return ""
    if _AD.fullmatch(line):
        return "advertisement"
    if _DIGITS.fullmatch(line) or _SHARES.fullmatch(line):
        return "counter"
    if _RULED.fullmatch(line) and line[0] in "-–—=*_~•·" and line[-1] in "-–—=*_~•·":
        return "advertisement" if any(c.isalpha() for c in line) else "rule"
    if _IMPERATIVE.match(line):
        return "newsletter" if _NEWSLETTER.search(line) else "navigation"
    if _CAPTION.match(line):
        return "caption"
    if _BYLINE.fullmatch(line) and len(line.split()) <= 10 and line[-1] not in ".!?":
        return "byline"
    return ""


def _is_heading(line: str, *, first: bool, alone: bool) -> bool:
    words = line.split()
    if alone or len(words) > (_HEADING_WORDS + 10 if first else _HEADING_WORDS) or _LABEL.match(line):
        return False
    if line[0] in _QUOTES + "-–—•*" or line[-1] in ".!?…:;,”\"'»":
        return False
    return line[0].isupper() or line[0].isdigit() or line[0] == "#"
