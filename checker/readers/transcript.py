"""Speaker turns in a transcript: lines that start with `NAME:` or `>> NAME, TITLE:`."""

from __future__ import annotations

import re
from collections import Counter

from checker.records import Span

__all__ = ["clean_label", "find_turns"]

_LABEL = re.compile(
    r"^[ \t]*(?:>>\s*)?(?:\[?\d{1,2}:\d{2}(?::\d{2})?\]?\s*)?"
    r"(?P<name>(?:[^\W\d_][\w.’'()/-]{0,30}|Q|A)(?: [^\W\d_(][\w.’'()/-]{0,30}){0,5}(?:, [^\n:]{2,60})?)"
    r"(?: \([^)\n]{1,40}\))?:[ \t]+(?=\S)",
    re.MULTILINE,
)
_NOTE = re.compile(
    r"\s*\((?:ph|voice-over|voiceover|through translator|on camera|off mike|via telephone|continuing)\)", re.I
)
_NO_NAME = frozenset(
    (
        *(
            "note",
            "update",
            "correction",
            "source",
            "photo",
            "image",
            "video",
            "caption",
            "read",
            "more",
            "related",
        ),
        *(
            "editor's",
            "published",
            "updated",
            "by",
            "date",
            "time",
            "location",
            "where",
            "when",
            "what",
            "who",
        ),
        *("why", "how", "example", "question", "answer", "warning", "advertisement", "subject"),
    )
)
_LEAST_TURNS = 3
_LEAST_SHARE = 0.6


def find_turns(text: str) -> tuple[tuple[str, Span], ...]:
    """The turns as (label, span of the words); empty when the text is no transcript.

    A transcript has at least three labelled lines and most of its text under them.
    """
    labels = [m for m in _LABEL.finditer(text) if _is_name(m["name"])]
    if len(labels) < _LEAST_TURNS or not _covers(text, labels) or not _recurs(labels):
        return ()
    turns = []
    for match, end in zip(labels, [*(m.start() for m in labels[1:]), len(text)], strict=True):
        words = text[match.end() : end].rstrip()
        if words:
            turns.append((clean_label(match["name"]), Span(match.end(), match.end() + len(words))))
    return tuple(turns)


def clean_label(label: str) -> str:
    """The name in a label, without its title, notes and shouting capitals."""
    name = _NOTE.sub("", label).split(",")[0].strip()
    return name.title() if name.isupper() and len(name) > 3 else name


def _is_name(name: str) -> bool:
    bare = name.split(",")[0]
    words = bare.split()
    if bare.lower() in _NO_NAME or words[0].lower() in _NO_NAME:
        return False
    return all(word[0].isupper() or word in ("de", "van", "von", "der", "la", "al") for word in words)


def _covers(text: str, labels: list[re.Match[str]]) -> bool:
    return len(text) - labels[0].start() >= _LEAST_SHARE * len(text)


def _recurs(labels: list[re.Match[str]]) -> bool:
    """Whether somebody speaks twice, as in any conversation."""
    return Counter(m["name"] for m in labels).most_common(1)[0][1] > 1
