"""Hostile words in every field of a result do nothing in any output."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Mapping
from html.parser import HTMLParser
from importlib.util import find_spec
from typing import Any

import pytest
from markdown_it import MarkdownIt
from openpyxl import load_workbook

from checker.packet import packet
from checker.records import CheckResult, Source, Statement
from checker.renderers import claimreview, jsondoc, markdown, spreadsheet, table, webpage
from checker.renderers.links import safe_url
from tests.builders import make_result, report_finding, tax_finding

STRINGS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r\n=1",
    '=HYPERLINK("http://evil.example","x")',
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "' onmouseover='alert(1)",
    "</title><script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    "]]><!--<script>-->",
    "--><script>alert(1)</script><!--",
    "<!-- pair: pbbbbbbbbbbbb -->",
    "{{ 7*7 }}{% raw %}",
    "${7*7}#{7*7}",
    "[x](javascript:alert(1))",
    "![x](http://evil.example/x.png)",
    "<http://evil.example>",
    "http://evil.example www.evil.example me@evil.example",
    "[x]: http://evil.example",
    "[^1] [[note]] ![[embed]] ==mark== %%gone%% ^block #tag",
    "| a | b |\n|---|---|",
    "a | b \\| c \\",
    "---\ntitle: x\n---",
    "# heading\n===\n- [x] conflict",
    "> [!note]\n> callout",
    "1. item\n    code\n```\nfence",
    "`code` **bold** __bold__ ~~gone~~ $$x$$ \\(x\\)",
    "&lt;b&gt; &amp; &#42; &nbsp;",
    "\x1b]0;title\x07\x1b[2J\x9b31m",
    "\u202ereversed\u202c \u2066open \u2069\u2069closed",
    "zero\u200bwidth \ufeffbom \u2060joiner \u00adhyphen",
    "\x00nul \x01one \x02two \x03three \x7fdel \x85nel",
    "\ud800 half",
    "\u2028line \u2029paragraph",
    "_x001B_ _x0041_",
    "a" * 5000,
    "שלום עולם \u200f",
    "👩\u200d🚒 é e\u0301",
    "NULL",
    "",
    " ",
    "\n\n",
)
# GitHub makes links of bare addresses; the parser does so too where this library is there.
LINKIFY = find_spec("linkify_it") is not None


def filled(value: Any, words: str) -> Any:
    """The value with every free text replaced; ids, enums, dates and numbers stay."""
    if type(value) is str:
        return words
    if isinstance(value, Statement | Source) or dataclasses.is_dataclass(value):
        names = {field.name for field in dataclasses.fields(value)} - {"id", "central_id", "statement_ids"}
        changes = {name: filled(getattr(value, name), words) for name in names}
        return dataclasses.replace(value, **changes)
    if isinstance(value, tuple):
        return tuple(filled(item, words) for item in value)
    return value


def hostile(words: str) -> CheckResult:
    """A full result in which everything foreign is the same words."""
    result = filled(make_result(tax_finding(), report_finding()), words)
    counts: Mapping[str, int] = make_result(tax_finding()).counts
    return dataclasses.replace(result, counts=counts, by_speaker={words: {"quote": 1}})


def leaving(page: _Tags, words: str) -> list[str]:
    """Addresses outside the page, but for the source's own where the words are a web address."""
    addresses = [a.get("href") or "#" for tag, a in page.tags if tag == "a"]
    source = safe_url(words)
    return [a for a in addresses if not a.startswith("#") and not (source and a.startswith(source))]


class _Tags(HTMLParser):
    """Tags and attributes of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("words", STRINGS)
def test_markdown_obeys_no_field(words: str) -> None:
    """Rendered, the report has our own tags and inner links only, and one box for each of our answers."""
    content = markdown.render(hostile(words)).decode()
    assert content.startswith('---\ntitle: "')
    body = content.split("\n---\n", 1)[1]
    page = _Tags(MarkdownIt("gfm-like", {"html": True, "linkify": LINKIFY}).render(body))
    foreign = [(tag, a) for tag, a in page.tags if tag in ("img", "script", "svg", "code", "pre", "s", "em")]
    assert [] == foreign
    assert [] == leaving(page, words)
    assert [] == [key for _, a in page.tags for key in a if key.startswith("on")]
    assert 2 == body.count("\n- [ ] conflict\n")
    assert 0 == body.count("\n- [x]")


@pytest.mark.parametrize("words", STRINGS)
def test_html_obeys_no_field(words: str) -> None:
    """The page has one script, ours, no handler, and no link that leaves it."""
    page = _Tags(webpage.render(hostile(words)).decode())
    assert 1 == sum(tag == "script" for tag, _ in page.tags)
    assert not {"img", "iframe", "object", "embed", "link", "base"} & {tag for tag, _ in page.tags}
    assert [] == [key for _, a in page.tags for key in a if key.startswith("on") or key == "style"]
    assert [] == leaving(page, words)


@pytest.mark.parametrize("words", STRINGS)
def test_tables_obey_no_field(words: str) -> None:
    """No cell is a formula, in CSV or XLSX, and both are read back."""
    result = hostile(words)
    book = load_workbook(io.BytesIO(spreadsheet.render(result)))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert {"s"} == {cell.data_type for cell in cells if cell.value is not None}
    for content in (table.render(result), table.render_pairs(result.findings)):
        for line in table.rows(content):
            assert words.replace("\ud800", "⟨U+D800⟩") == line["earlier_text"]
        assert not any(b',"' + sign in content for sign in (b"=", b"+", b"-", b"@", b"\t", b"\r", b"\n"))


@pytest.mark.parametrize("words", STRINGS)
def test_json_holds_every_field_exactly(words: str) -> None:
    """Both JSON outputs are read back with the words as they were."""
    result = hostile(words)
    assert {words} == {s["text"] for s in json.loads(jsondoc.render(result))["statements"]}
    assert {words} == {d["claimReviewed"] for d in json.loads(claimreview.render(result))["@graph"]}


@pytest.mark.parametrize("words", STRINGS)
def test_packets_obey_no_field(words: str) -> None:
    """The letter and the finding of a packet have no foreign link, picture or tag."""
    result = hostile(words)
    files = packet(result, result.findings[0].pair.key)
    for name in ("finding.md", "request-for-comment.md"):
        parser = MarkdownIt("gfm-like", {"html": True, "linkify": LINKIFY})
        page = _Tags(parser.render(files[name].decode()))
        assert not {"img", "script", "svg", "code", "pre"} & {tag for tag, _ in page.tags}
        assert [] == leaving(page, words)
