"""SRT and WebVTT subtitles: the words as paragraphs, with speaker turns where the cues name speakers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from checker.errors import InputError
from checker.readers.encoding import decode
from checker.readers.prose import Prose, document_of
from checker.readers.registry import ReadOptions
from checker.readers.transcript import clean_label
from checker.records import Document, Problem, Row, Severity, Span

__all__ = ["read"]

_TIME = r"(?:\d{1,3}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMES = re.compile(rf"[ \t]*{_TIME}[ \t]*-->[ \t]*{_TIME}")
_VOICE = re.compile(r"<v(?:\.[\w.]{1,40})?[ \t]+([^>\n]{1,80})>")
_TAG = re.compile(r"</?[a-zA-Z0-9][^>\n]{0,80}>|\{\\[^}\n]{0,40}\}")
_NOTE = re.compile(r"[\[(♪][^\])♪\n]{0,60}[\])♪]")
_LABEL = re.compile(r"(?:>>\s*)?([A-Z][\w.’' -]{1,40}?(?:, [^:\n]{2,40})?):\s+(?=\S)")
_END = '.?!…”"'

_Turn = tuple[str, str]


def read(path: Path, options: ReadOptions) -> Iterator[Row | Document | Problem]:
    """The document of one subtitle file.

    Raises:
        InputError: The file holds no cue with times.
    """
    data = path.read_bytes()
    if not data.strip():
        raise InputError("the file is empty")
    decoded = decode(data, encoding=options.encoding)
    turns = _joined(_voices(_cues(decoded.text)))
    if not turns:
        raise InputError("the file holds no subtitle with times; is it really .srt or .vtt?")
    text, spans = _laid_out(turns)
    named = tuple((name, span) for name, span in spans if name)
    if not named:
        yield Problem(
            path.name,
            "",
            "no speaker is named in the subtitles",
            "write NAME: before the words",
            Severity.DOUBTFUL,
        )
    doubts = (decoded.doubt,) if decoded.doubt else ()
    yield from document_of(Prose(text, turns=named, doubts=doubts), path, options)


def _cues(text: str) -> Iterator[list[str]]:
    """Text lines of each cue, without repeats of rolling captions."""
    lines: list[str] = []
    inside = False
    last: list[str] = []
    for line in [*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), "0:00:00.0 --> 0:00:00.0"]:
        if _TIMES.match(line):
            if inside:
                fresh = _without_repeats(_without_index(lines), last)
                last = _without_index(lines) or last
                yield fresh
            lines, inside = [], True
        elif inside and not line.startswith(("NOTE", "STYLE", "REGION")):
            lines.append(line.strip())


def _without_index(lines: list[str]) -> list[str]:
    kept = [line for line in lines if line]
    return kept[:-1] if kept and kept[-1].isdigit() else kept


def _without_repeats(lines: list[str], last: list[str]) -> list[str]:
    for width in range(min(len(lines), len(last)), 0, -1):
        if lines[:width] == last[-width:]:
            return lines[width:]
    return lines


def _voices(cues: Iterator[list[str]]) -> Iterator[_Turn]:
    """(speaker or empty, words) pieces; a voice tag, a label or a dash begins a new one."""
    for lines in cues:
        for line in lines:
            pieces = _VOICE.split(line)
            if pieces[0].strip():
                yield _labelled(pieces[0])
            for name, words in zip(pieces[1::2], pieces[2::2], strict=True):
                yield clean_label(name.strip()), _clean(words)


def _labelled(line: str) -> _Turn:
    line = _clean(line)
    match = _LABEL.match(line)
    if match:
        return clean_label(match[1]), line[match.end() :]
    if line.startswith(("- ", ">> ")):
        return "\x00", line[2:].strip(" >")
    return "", line


def _clean(line: str) -> str:
    return " ".join(_NOTE.sub(" ", _TAG.sub("", line)).split())


def _joined(pieces: Iterator[_Turn]) -> list[_Turn]:
    """Pieces of one speaker in one paragraph; without names, a paragraph ends with a sentence."""
    turns: list[_Turn] = []
    for name, words in pieces:
        if not words:
            continue
        goes_on = turns and (name == "" or name == turns[-1][0])
        if goes_on and (turns[-1][0] not in ("", "\x00") or turns[-1][1][-1] not in _END):
            turns[-1] = (turns[-1][0], f"{turns[-1][1]} {words}")
        else:
            turns.append((name, words))
    return turns


def _laid_out(turns: list[_Turn]) -> tuple[str, list[tuple[str, Span]]]:
    parts: list[str] = []
    spans: list[tuple[str, Span]] = []
    at = 0
    for name, words in turns:
        shown = "" if name == "\x00" else name
        prefix = f"{shown}: " if shown else ""
        spans.append((shown, Span(at + len(prefix), at + len(prefix) + len(words))))
        parts.append(prefix + words)
        at += len(prefix) + len(words) + 1
    return "\n".join(parts), spans
