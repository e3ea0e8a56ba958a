"""Every output format shows the words exactly as said and obeys none of them."""

from __future__ import annotations

import csv
import html
import io
import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from checker.escape import (
    for_cell,
    for_html,
    for_markdown,
    for_sheet,
    for_terminal,
    hidden,
    isolated,
    unguard_cell,
    visible,
)

# Any text, with the characters that formats obey made likely.
HOSTILE = st.text(
    st.one_of(
        st.sampled_from(
            "*_`[]()<>|~=%#^$&:@!{}\\+-.0 1\n\r\tawx/;'\"\u202e\u2066\u2069\u200b\u200d\x1b\x00\x01\x02"
        ),
        st.characters(codec=None),
    ),
    max_size=60,
)
EXAMPLES = (
    "**not bold** __nor this__ `code` ~~gone~~ ==marked== %%hidden%% ^block",
    "<script>alert(1)</script><img src=x onerror=alert(1)><!-- gone -->",
    "[click](http://evil.example) ![x](y) [[note]] ![[embed]] [^1] http://evil.example www.evil.example",
    "mail me@evil.example or mailto:me@evil.example :smile: :thumbs_up: at 10:30:15 key:: value",
    "| a | b |\n|---|---|\n| 1 | 2 |",
    "a\n:-:\nb\n===\nc\n---",
    "# heading\n> quote\n- item\n+ item\n1. item\n2) item\n    code\n```\nfence",
    "$$x$$ $y$ {{ liquid }} {% raw %}",
    " leading and trailing \u00a0",
    "&amp; &lt;b&gt; &#42; \\* \\| a\\|b",
    "שלום \u2067עולם\u2069 and \u202eevil\u202c and \u2069loose",
    "=cmd|' /C calc'!A0",
    "\x1b[31mred\x1b[0m \x9b2J \x07",
)


def rendered_markdown(source: str) -> str:
    """Text of the one paragraph that GitHub's dialect makes of the source; fails on any active node."""
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    tokens = parser.parse(source)
    if not tokens:
        return ""
    assert ["paragraph_open", "inline", "paragraph_close"] == [token.type for token in tokens]
    text = ""
    for node in tokens[1].children or []:
        if node.type == "html_inline":
            assert node.content in ("<br>", "<!-- -->", "<strong>", "</strong>")
            text += "\n" if node.content == "<br>" else ""
        elif node.type in ("strong_open", "strong_close"):
            assert node.markup == "**"
        else:
            assert node.type in ("text", "text_special")
            text += node.content
    return text


@given(HOSTILE)
@example("")
@example(" ")
@example("\n")
@example("\r\n \n")
def test_markdown_shows_any_text_and_nothing_else(text: str) -> None:
    """A paragraph made of any text renders as that text, with no active node."""
    assert visible(text) == rendered_markdown(for_markdown(text))


@pytest.mark.parametrize("text", EXAMPLES)
def test_markdown_shows_the_known_tricks_as_words(text: str) -> None:
    """Each trick that some dialect would obey renders as its own words."""
    assert visible(text) == rendered_markdown(for_markdown(text))


@given(HOSTILE, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=3))
def test_marks_change_no_words(text: str, marks: list[tuple[int, int]]) -> None:
    """Bold marks anywhere leave the words as they are."""
    assert visible(text) == rendered_markdown(for_markdown(text, marks=marks))


@given(st.text("ab .,!*\"'«»-", min_size=1, max_size=20), st.data())
def test_marked_words_are_bold_and_only_they(text: str, data: st.DataObject) -> None:
    """Whatever stands around a mark, exactly the marked words are bold."""
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    page = MarkdownIt("commonmark").renderInline(for_markdown(text, marks=[(start, end)]))
    bold = re.findall(r"<strong>(.*?)</strong>", page)
    assert [text[start:end].strip()] * bool(text[start:end].strip()) == [html.unescape(part) for part in bold]


@pytest.mark.parametrize(
    ("text", "marks", "source"),
    [
        ("never again", [(0, 5)], "**never** again"),
        ("unable", [(2, 6)], "un**able**"),
        ('said "no"now', [(5, 9)], 'said <strong>"no"</strong>now'),
        ("two words", [(0, 4), (4, 9)], "**two words**"),
        ("past the end", [(9, 99)], "past the **end**"),
    ],
)
def test_marks_become_stars_where_they_work(text: str, marks: list[tuple[int, int]], source: str) -> None:
    """Bold is written with stars, or as a tag where stars would not be taken as emphasis."""
    assert source == for_markdown(text, marks=marks)


@given(HOSTILE)
def test_a_table_row_keeps_its_cells(text: str) -> None:
    """Any text in a table cell leaves the table with two columns and shows as itself."""
    source = f"| A | B |\n|---|---|\n| {for_markdown(text)} | end |\n"
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(source)
    cells = [tokens[i + 1] for i, token in enumerate(tokens) if token.type == "td_open"]
    assert 2 == len(cells)
    words = "".join(
        "\n" if node.content == "<br>" else "" if node.type == "html_inline" else node.content
        for node in cells[0].children or []
    )
    assert visible(text) == words
    assert "end" == cells[1].content


@pytest.mark.parametrize("trick", ["==", "%%", "[[", "http://", "www.", "::", "{{", "{%", "```"])
def test_markdown_source_never_holds_what_a_dialect_looks_for(trick: str) -> None:
    """Dialects that read the source itself, such as Obsidian's, find none of their signs."""
    assert trick not in for_markdown(f"a {trick}b{trick} c")


def test_hidden_characters_are_named() -> None:
    """Where the exact text is kept, what it hides can be told."""
    assert ("U+0000", "U+200B", "U+202E") == hidden("a\u202eb\u200b\x00\u202e")
    assert () == hidden("plain ⟨U+202E⟩")


@pytest.mark.parametrize("filler", [" ", "\t", ":", "a:", "@", "1", "\u2067", "\u202e", "=", "\n"])
def test_long_runs_of_one_sign_are_escaped_too(filler: str) -> None:
    """A text made to be slow is done in one pass: 60,000 signs, each format."""
    text = "x" + filler * 60_000 + "x"
    assert visible(text) == for_markdown(text, line_break="\n").replace("\\", "").replace("<!-- -->", "")
    assert visible(text) == html.unescape(for_html(text))
    assert for_terminal(text).startswith("x")


def test_right_to_left_words_do_not_turn_their_neighbours() -> None:
    """Words that run from right to left are isolated, others are left as they are."""
    assert "\u2068שלום\u2069" == isolated("שלום")
    assert "peace" == isolated("peace")


class _Page(HTMLParser):
    """Collects the text and the tags of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words = ""
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        self.words += data


@given(HOSTILE)
def test_html_shows_any_text_and_nothing_else(text: str) -> None:
    """A page made of any text holds that text and no tag but the mark."""
    page = _Page()
    page.feed(f"<p>{for_html(text, marks=[(1, 4)])}</p>")
    page.close()
    assert visible(text) == page.words
    assert page.tags <= {"p", "mark"}


@given(HOSTILE)
def test_terminal_text_holds_no_control_character(text: str) -> None:
    """Nothing printed can move the cursor, change colours or turn the reading direction."""
    assert [] == re.findall("[\x00-\x1f\x7f-\x9f\u202d\u202e\ud800-\udfff\u2028]", for_terminal(text))


def test_terminal_text_stays_readable() -> None:
    """Escapes are shown in the form programmers know."""
    assert r"\x1b[31mred\x9b" == for_terminal("\x1b[31mred\x9b")


@given(st.text(st.one_of(st.sampled_from("=+-@\t\r\n'\",;"), st.characters(codec="utf-8")), max_size=40))
def test_csv_cells_read_back_exactly(text: str) -> None:
    """A cell written with the guard and read back without it is the text, character by character."""
    cell = for_cell(text)
    sheet = io.StringIO(newline="")
    csv.writer(sheet).writerow([cell, "x"])
    back = next(csv.reader(io.StringIO(sheet.getvalue(), newline="")))[0]
    assert text == (unguard_cell(back) if cell != text else back)


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\n=1", " =1", "＝1"])
def test_no_csv_cell_starts_a_formula(sign: str) -> None:
    """Every start that a spreadsheet runs is guarded by an apostrophe."""
    assert f"'{sign}" == for_cell(sign)


@pytest.mark.parametrize("plain", ["never", "'quoted'", "1 - 2", "", "«да»"])
def test_plain_cells_stay_exact(plain: str) -> None:
    """A text that no spreadsheet runs is not changed."""
    assert plain == for_cell(plain)


@pytest.mark.parametrize(
    ("text", "sheet"), [("a\x1bb", "a_x001B_b"), ("_x001B_", "_x005F_x001B_"), ("plain_x", "plain_x")]
)
def test_sheet_text_uses_the_format_s_own_escapes(text: str, sheet: str) -> None:
    """Control characters are written as XLSX writes them, and a text that looks like such is kept apart."""
    assert sheet == for_sheet(text)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\u202eb", "a⟨U+202E⟩b"),
        ("a\u2067b\u2069c", "a\u2067b\u2069c"),
        ("a\u2069b", "a⟨U+2069⟩b"),
        ("a\u200bb", "a⟨U+200B⟩b"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("👩\u200d🚒", "👩\u200d🚒"),
        ("a\u200fb", "a⟨U+200F⟩b"),
        ("שלום\u200f!", "שלום\u200f!"),
        ("a\r\nb\rc", "a\nb\nc"),
        ("\ud800", "⟨U+D800⟩"),
        ("\x01\x02\x03", "⟨U+0001⟩⟨U+0002⟩⟨U+0003⟩"),
    ],
)
def test_unseen_characters_are_shown_unless_the_script_needs_them(text: str, shown: str) -> None:
    """A reader sees every character that could hide or turn words."""
    assert shown == visible(text)
