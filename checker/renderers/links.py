"""Addresses that are safe to write into a report, with the passage they should open at."""

from __future__ import annotations

import re
from urllib.parse import quote, urlsplit

from checker.records import Mode, Statement

__all__ = ["safe_url", "source_url"]

# A longer passage is named by its first and last words, as the text fragment syntax allows.
_WHOLE_UP_TO = 80
_EDGE_WORDS = 5
_UNSAFE = re.compile(r"[^A-Za-z0-9!#$%&*+,./:;=?@_~-]|%(?![0-9A-Fa-f]{2})")


def safe_url(url: str) -> str:
    """The address with all but plain characters percent-encoded, or nothing if it is no web address."""
    url = url.strip()
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    if parts.scheme.lower() not in ("http", "https") or not parts.netloc:
        return ""
    return _UNSAFE.sub(lambda found: quote(found.group(), safe="", errors="replace"), url)


def source_url(statement: Statement) -> str:
    """The source's address; for a verbatim quote with a text fragment that opens it at the words."""
    url = safe_url(statement.source.url)
    words = statement.text.split()
    if not url or not words or statement.mode is not Mode.QUOTE:
        return url
    text = " ".join(words)
    if len(text) <= _WHOLE_UP_TO or len(words) < 2 * _EDGE_WORDS:
        passage = _encoded(text)
    else:
        passage = f"{_encoded(' '.join(words[:_EDGE_WORDS]))},{_encoded(' '.join(words[-_EDGE_WORDS:]))}"
    return f"{url}{'' if '#' in url else '#'}:~:text={passage}"


def _encoded(text: str) -> str:
    # The hyphen is part of the syntax and quote() leaves it alone.
    return quote(text, safe="", errors="replace").replace("-", "%2D")
