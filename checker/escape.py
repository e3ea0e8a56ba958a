"""One door per output format: hostile text goes in, the same words come out and do nothing.

Invisible and direction-changing characters would let a reader see other words than were said, so
they are shown as marks such as `⟨U+202E⟩` in everything that is looked at (markdown, HTML, terminal).
CSV, XLSX and JSON carry the exact text.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import partial

__all__ = [
    "for_cell",
    "for_html",
    "for_markdown",
    "for_sheet",
    "for_terminal",
    "guarded_name",
    "has_right_to_left",
    "hidden",
    "isolated",
    "unguard_cell",
    "visible",
]

# Offsets of marked words, as (start, end).
Marks = Sequence[tuple[int, int]]

# Sentinels for the edges of marked words and for an empty comment; `visible` frees these characters first.
_OPEN, _CLOSE, _COMMENT = "\x01", "\x02", "\x03"
_SENTINELS = re.compile("[\x01-\x03]")

# Controls but tab and newline, line separators, lone surrogates, non-characters, and what Unicode calls
# default ignorable, less the variation selectors that emoji need.
_UNSEEN = re.compile(
    "[\x00\x04-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f"
    "\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufdd0-\ufdef\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
_MARK = re.compile("⟨(U\\+[0-9A-F]{4,6})⟩")
_JOINERS = "\u200c\u200d"
_DIRECTION_MARKS = "\u200e\u200f\u061c"
_OPENERS = {
    "\u202a": "\u202c",
    "\u202b": "\u202c",
    "\u2066": "\u2069",
    "\u2067": "\u2069",
    "\u2068": "\u2069",
}
_BIDI = re.compile("[\n\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


def has_right_to_left(text: str) -> bool:
    """Whether the text holds letters of a script written from right to left."""
    return _RIGHT_TO_LEFT.search(text) is not None


def isolated(shown: str) -> str:
    """Finished text that does not turn the words around it, even if it runs from right to left."""
    return f"\u2068{shown}\u2069" if has_right_to_left(shown) else shown


def visible(text: str) -> str:
    """The text with line feeds as line ends and every character that a reader could not see shown as a mark.

    Kept are joiners inside scripts and emoji that need them, direction marks in right-to-left text, and
    paired direction controls; overrides and unpaired controls are always marked.
    """
    return _reveal(_free_sentinels(text))


def hidden(text: str) -> tuple[str, ...]:
    """Code points of the characters that `visible` would mark, for outputs that keep the exact text."""
    shown = set(_MARK.findall(visible(text))) - set(_MARK.findall(text))
    return tuple(sorted(shown, key=lambda name: int(name[2:], 16)))


def _free_sentinels(text: str) -> str:
    return _SENTINELS.sub(lambda found: _label(found.group()), text)


def _label(character: str) -> str:
    return f"⟨U+{ord(character):04X}⟩"


def _reveal(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not _UNSEEN.search(text):
        return text
    keep = _paired_controls(text)
    if has_right_to_left(text):
        keep.update(found.start() for found in re.finditer(f"[{_DIRECTION_MARKS}]", text))
    return _UNSEEN.sub(partial(_mark, keep=keep), text)


def _mark(found: re.Match[str], *, keep: set[int]) -> str:
    at, character = found.start(), found.group()
    if at in keep or (character in _JOINERS and _joins(found.string, at)):
        return character
    return _label(character)


def _joins(text: str, at: int) -> bool:
    before = text[max(at - 2, 0) : at].rstrip(_OPEN + _CLOSE)[-1:]
    sides = before, text[at + 1 : at + 3].lstrip(_OPEN + _CLOSE)[:1]
    return all(side > "\x7f" and not _UNSEEN.match(side) for side in sides)


def _paired_controls(text: str) -> set[int]:
    """Offsets of embeddings and isolates that are opened and closed, well nested, on one line."""
    keep: set[int] = set()
    opened: list[tuple[int, str]] = []
    for found in _BIDI.finditer(text):
        character = found.group()
        if character == "\n":
            opened.clear()
        elif character in _OPENERS:
            opened.append((found.start(), _OPENERS[character]))
        elif opened and opened[-1][1] == character:
            keep |= {opened.pop()[0], found.start()}
    return keep


def _with_sentinels(text: str, marks: Marks) -> str:
    """Visible text with a sentinel at each edge of the marked words."""
    pieces, at = [], 0
    for start, end in _joined(text, marks):
        pieces += [_free_sentinels(text[at:start]), _OPEN, _free_sentinels(text[start:end]), _CLOSE]
        at = end
    return _reveal("".join([*pieces, _free_sentinels(text[at:])]))


def _joined(text: str, marks: Marks) -> list[tuple[int, int]]:
    """The marks in order, without blank edges; neighbours are one mark."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(marks):
        start, end = max(start, 0), min(end, len(text))
        while start < end and text[start].isspace():
            start += 1
        while end > start and text[end - 1].isspace():
            end -= 1
        if start >= end:
            continue
        if joined and not text[joined[-1][1] : start].strip():
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined


# --- markdown -------------------------------------------------------------------------------------
_MD_ALWAYS = re.compile(r"[\\`*_{\[\]<>|~$&^#=]")
# Obsidian comments, dataview fields and bare web addresses; e-mail addresses and emoji names are
# recognised in the finished text, so there only an empty comment keeps the parts apart.
_MD_PERCENT = re.compile(r"%(?=%)|(?<=[%{])%")
_MD_COLON = re.compile(r":(?=//|:)|(?<=:):|(?<=mailto):|(?<=xmpp):", re.IGNORECASE)
_MD_WWW = re.compile(r"(?<=www)\.", re.IGNORECASE)
_MD_EMAIL = re.compile(r"(?<=[\w.+-])@(?=\w)")
_MD_EMOJI = re.compile(r":(?=([a-z0-9_+-]{1,40}):)")
_MD_LINE = re.compile(r"^([\x01\x02]*)(?:([-+]|:(?=-))|(\d{1,9})(?=[.)]))", re.MULTILINE)
# Looking behind keeps a long run of spaces within a line from being tried from each of its spaces.
_MD_EDGE_SPACE = re.compile(r"\A\s+|^[^\S\n]+|(?<![^\S\n])[^\S\n]+$", re.MULTILINE)


def for_markdown(text: str, *, marks: Marks = (), line_break: str = "<br>") -> str:
    """The text as one inline piece of CommonMark that GitHub and Obsidian show exactly as said.

    It may stand in a paragraph, a block quote or a table cell. Words at `marks` come out bold.
    """
    shown = _with_sentinels(text, marks)
    shown = _MD_EMOJI.sub(_split_emoji, shown)
    shown = _MD_EMAIL.sub(_COMMENT + "@", shown)
    shown = _MD_ALWAYS.sub(r"\\\g<0>", shown)
    shown = _MD_PERCENT.sub(r"\\%", shown)
    shown = _MD_COLON.sub(r"\\:", shown)
    shown = _MD_WWW.sub(r"\\.", shown)
    shown = _MD_LINE.sub(_escape_line_start, shown)
    shown = _MD_EDGE_SPACE.sub(_entities, shown)
    return _bold(shown.replace(_COMMENT, "<!-- -->")).replace("\n", line_break)


def _split_emoji(found: re.Match[str]) -> str:
    name = found.group(1)
    return ":" + _COMMENT if name in ("+1", "-1") or any(c.isalpha() for c in name) else ":"


def _escape_line_start(found: re.Match[str]) -> str:
    sentinels, sign, digits = found.groups()
    # The point or bracket after the digits follows the match, so the backslash goes before it.
    return f"{sentinels}\\{sign}" if sign else f"{sentinels}{digits}\\"


def _entities(found: re.Match[str]) -> str:
    return "".join(f"&#{ord(character)};" for character in found.group())


def _bold(shown: str) -> str:
    """`**` where CommonMark takes it as emphasis, else the HTML tag that means the same."""
    if _OPEN not in shown:
        return shown
    pieces = re.split(f"[{_OPEN}{_CLOSE}]", shown)
    result = pieces[0]
    for inside, after in zip(pieces[1::2], pieces[2::2], strict=True):
        stars = _flanks(inside[:1], result[-1:]) and _flanks(inside[-1:], after[:1]) and "\n" not in inside
        result += (f"**{inside}**" if stars else f"<strong>{inside}</strong>") + after
    return result


def _flanks(inner: str, outer: str) -> bool:
    """CommonMark's flanking rule: next to punctuation inside, only space or punctuation may stand outside."""
    return not _is_punctuation(inner) or not outer or outer.isspace() or _is_punctuation(outer)


def _is_punctuation(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS" if character else False


# --- HTML and terminal ----------------------------------------------------------------------------
def for_html(text: str, *, marks: Marks = (), tag: str = "mark") -> str:
    """The text as HTML text or quoted attribute value; words at `marks` stand in an element `tag`."""
    escaped = html.escape(_with_sentinels(text, marks), quote=True)
    return escaped.replace(_OPEN, f"<{tag}>").replace(_CLOSE, f"</{tag}>")


def for_terminal(text: str) -> str:
    """One line without control characters: C0, DEL and C1 as hex escapes, other unseen ones as marks."""
    shown = re.sub("[\x00-\x1f\x7f-\x9f]", lambda found: _backslashed(found.group()), text)
    return visible(shown)


def _backslashed(character: str) -> str:
    return {"\n": "\\n", "\r": "\\r", "\t": "\\t"}.get(character, f"\\x{ord(character):02x}")


# --- tables ---------------------------------------------------------------------------------------
_FORMULA_SIGNS = tuple("=+-@\t\r\n|%＝＋－＠")
_GUARD = "'"
_PARTING = re.compile(r"[\s%]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_XML_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")


def for_cell(text: str, *, guard: bool = True) -> str:
    """The text as a CSV cell that no spreadsheet runs as a formula: such a one gets an apostrophe in front.

    A text that starts with an apostrophe itself is left alone; whoever writes the table records which
    cells were guarded, so that `unguard_cell` gives back the exact text.
    """
    text = _SURROGATE.sub(lambda found: _label(found.group()), text)
    return _GUARD + text if guard and text.lstrip(" \u00a0\ufeff").startswith(_FORMULA_SIGNS) else text


def guarded_name(column: str) -> str:
    """A column's name in the cell that lists the guarded ones: spaces, which part the names, are `%20`."""
    return _PARTING.sub(lambda found: "".join(f"%{byte:02X}" for byte in found.group().encode()), column)


def unguard_cell(cell: str) -> str:
    """The exact text of a cell that was recorded as guarded."""
    return cell.removeprefix(_GUARD)


def for_sheet(text: str) -> str:
    """The text in the escape form of XLSX, where a control character is written `_x001B_`."""
    escaped = _XML_ILLEGAL.sub(lambda found: f"_x{ord(found.group()):04X}_", text)
    return _SURROGATE.sub(lambda found: _label(found.group()), escaped)
