"""Web pages: main text by trafilatura, date and outlet from the page's own metadata."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from checker.errors import InputError
from checker.readers.encoding import decode
from checker.readers.prose import Prose, document_of
from checker.readers.registry import ReadOptions
from checker.readers.sandbox import parse_apart
from checker.records import Document, Problem, Row

__all__ = ["parse", "read"]

_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([\w-]{2,30})", re.IGNORECASE)
_META = re.compile(r"<meta\s([^>]{1,1000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]{1,40})\s*=\s*(?:\"([^\"]{0,900})\"|'([^']{0,900})')")
_LINKED_DATA = re.compile(
    r"<script[^>]{0,200}application/ld\+json[^>]{0,100}>(.{1,200000}?)</script>", re.I | re.S
)
_TIME = re.compile(r"<time[^>]{0,200}datetime=[\"']([^\"']{8,40})[\"']", re.IGNORECASE)
_DATES = (
    "article:published_time",
    "datepublished",
    "date",
    "dc.date",
    "dc.date.issued",
    "pubdate",
    "sailthru.date",
)
_OUTLETS = ("og:site_name", "application-name", "publisher")
_LEAST_LETTERS = 80


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """The article of one page, parsed in a child process.

    Raises:
        InputError: The page holds no article or cannot be parsed.
    """
    yield from document_of(parse_apart("webpage", path), path, options)


def parse(path: Path) -> Prose:
    """Text and metadata of a page.

    Raises:
        InputError: The file is no page, or no article is found on it.
    """
    import trafilatura

    page = _decoded(path.read_bytes())
    if "<" not in page[:20_000]:
        raise InputError("the file is no web page, whatever its name says; give it the suffix .txt")
    meta = _metadata(page)
    # trafilatura drops the marks of <q> and breaks the line there.
    quoted = re.sub(r"<q(?:\s[^>]{0,200})?>", "“", page, flags=re.IGNORECASE)
    quoted = re.sub(r"</q\s*>", "”", quoted, flags=re.IGNORECASE)
    found: Any = trafilatura.bare_extraction(
        quoted,
        include_comments=False,
        include_tables=False,
        date_extraction_params={"extensive_search": False, "original_date": True},
    )
    text = found.text or "" if found else ""
    if sum(c.isalpha() for c in text) < _LEAST_LETTERS:
        raise InputError("no article was found on the page; save its text as .txt")
    title = meta.get("title") or found.title or ""
    lines = [line.strip() for line in text.split("\n")]
    if title and title.strip() not in lines[:3]:
        lines.insert(0, title.strip())
    return Prose(
        "\n\n".join(line for line in lines if line),
        title=title,
        author=meta.get("author") or found.author or "",
        outlet=meta.get("outlet") or found.sitename or "",
        url=_web(meta.get("url") or found.url or ""),
        published=meta.get("date") or found.date or "",
        language=meta.get("language", "")[:2].lower(),
    )


def _decoded(data: bytes) -> str:
    if not data.strip():
        raise InputError("the file is empty")
    decoded = decode(data)
    declared = _CHARSET.search(data[:5000])
    if declared and decoded.doubt:
        try:
            return data.decode(declared[1].decode("ascii"))
        except (LookupError, ValueError):
            return decoded.text
    return decoded.text


def _metadata(page: str) -> dict[str, str]:
    """Date, outlet, author and address that the page states about itself."""
    found: dict[str, str] = {}
    for match in _LINKED_DATA.finditer(page):
        _from_linked_data(match[1], found)
    named: dict[str, str] = {}
    for match in _META.finditer(page):
        pairs = {m[1].lower(): html.unescape(m[2] or m[3] or "") for m in _ATTRIBUTE.finditer(match[1])}
        key = (pairs.get("property") or pairs.get("name") or pairs.get("itemprop") or "").lower()
        named.setdefault(key, pairs.get("content", ""))
    for target, keys in (
        ("date", _DATES),
        ("outlet", _OUTLETS),
        ("author", ("author",)),
        ("url", ("og:url",)),
    ):
        for key in keys:
            if named.get(key):
                found.setdefault(target, named[key])
    if "date" not in found and (moment := _TIME.search(page)):
        found["date"] = moment[1]
    if "date" in found:
        found["date"] = found["date"][:10]
    language = re.search(r"<html[^>]{0,200}\blang=[\"']?([a-zA-Z]{2})", page[:5000])
    if language:
        found["language"] = language[1]
    return found


def _from_linked_data(source: str, found: dict[str, str]) -> None:
    try:
        data = json.loads(source)
    except (ValueError, RecursionError):
        return
    for node in _nodes(data):
        if isinstance(node.get("datePublished"), str):
            found.setdefault("date", node["datePublished"])
        if isinstance(node.get("headline"), str):
            found.setdefault("title", html.unescape(node["headline"]))
        for target, key in (("outlet", "publisher"), ("author", "author")):
            name = _name(node.get(key))
            if name:
                found.setdefault(target, name)


def _nodes(data: Any) -> Iterator[dict[str, Any]]:
    items = data if isinstance(data, list) else [data]
    for item in items[:50]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            if isinstance(graph, list):
                yield from (node for node in graph[:50] if isinstance(node, dict))


def _name(value: Any) -> str:
    if isinstance(value, list):
        value = value[0] if value else None
    if isinstance(value, dict):
        value = value.get("name")
    return value if isinstance(value, str) else ""


def _web(address: str) -> str:
    return address if urlsplit(address).scheme in ("http", "https") else ""
