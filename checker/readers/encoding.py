"""Bytes to text by a fixed ladder, so that the same bytes give the same words everywhere.

Byte order mark, strict UTF-8, the NUL pattern of UTF-16, then single-byte Windows code pages. A general
detector comes last: it calls Western bytes Asian too readily and does not prefer the common code pages.
"""

from __future__ import annotations

import codecs
import io
from dataclasses import dataclass
from pathlib import Path

from checker.errors import InputError, LockedFileError
from checker.readers.kinds import kind_of

__all__ = ["Decoded", "decode", "read_text"]

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    # UTF-32 little-endian starts with the mark of UTF-16, so it is tried first.
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_SAMPLE = 100_000
# Bytes that are letters or typographic marks of Western European text in cp1252.
_WESTERN_MARKS = b"\x80\x85\x91\x92\x93\x94\x95\x96\x97\xa0\xa3\xa7\xab\xb0\xbb\xbf"
_WESTERN = frozenset(range(0xC0, 0x100)) | frozenset(_WESTERN_MARKS)
_MOST_WESTERN_SHARE = 0.15


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text with the encoding it was read in; `doubt` is a sentence when the choice is not certain."""

    text: str
    encoding: str
    doubt: str = ""


def decode(data: bytes, *, encoding: str | None = None) -> Decoded:
    """The text in `data`; `encoding` overrules the ladder.

    Raises:
        InputError: The bytes are not text, or not in the named encoding.
        LockedFileError: The bytes are an encrypted office document.
    """
    if encoding:
        return Decoded(_strictly(data, encoding), encoding)
    for mark, name in _BOMS:
        if data.startswith(mark):
            return Decoded(_strictly(data, name), name)
    _refuse_binary(data)
    wide = _wide_encoding(data)
    if wide:
        return Decoded(_strictly(data, wide), wide)
    try:
        return Decoded(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _single_byte(data)


def read_text(path: Path, *, encoding: str | None = None) -> Decoded:
    """The text of a file that is named alone, not among others; every error names it.

    Raises:
        InputError: The file cannot be read or is not text.
        LockedFileError: It is an encrypted office document.
    """
    try:
        return decode(path.read_bytes(), encoding=encoding)
    except OSError as error:
        raise InputError(f"{path}: cannot be read ({error.strerror}); check the name") from error
    except InputError as error:
        raise type(error)(f"{path}: {error}") from error


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except LookupError as error:
        raise InputError(f"'{encoding}' is no known encoding; try utf-8 or cp1252") from error
    except ValueError as error:
        raise InputError(
            f"the file is not valid {encoding}; save it as UTF-8 or name its encoding"
        ) from error


def _refuse_binary(data: bytes) -> None:
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise LockedFileError("the document is protected by a password; save a copy without one")
        raise InputError("the file is an old office document; save it as .xlsx or .csv")
    if kind := kind_of(io.BytesIO(data)):
        raise InputError(f"the file is not text but {kind}")
    sample = data[:_SAMPLE]
    controls = sum(sample.count(byte) for byte in range(1, 32) if byte not in b"\t\n\v\f\r\x1a\x1b")
    if controls > len(sample) // 20 + 1:
        raise InputError("the file holds binary data, not text")


def _wide_encoding(data: bytes) -> str:
    """UTF-16 without a mark: nearly every second byte is NUL in Western text, on one side only."""
    sample = data[: _SAMPLE - _SAMPLE % 2]
    half = len(sample) // 2
    # Five characters of plain text with one stray NUL must not look like UTF-16.
    if half < 4 or len(data) % 2:
        return ""
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if odd > half * 0.3 and even < half * 0.05:
        return "utf-16-le"
    if even > half * 0.3 and odd < half * 0.05:
        return "utf-16-be"
    return ""


def _single_byte(data: bytes) -> Decoded:
    sample = data[:_SAMPLE]
    high = [byte for byte in sample if byte >= 0x80]
    letters = len(high) + sum(chr(byte).isalpha() for byte in sample if byte < 0x80)
    if set(high) <= _WESTERN and len(high) <= _MOST_WESTERN_SHARE * max(letters, 1):
        return Decoded(data.decode("cp1252", "replace"), "cp1252", _guessed("cp1252"))
    detected = _cyrillic(sample) or _detected(sample)
    if detected:
        return Decoded(data.decode(detected, "replace"), detected, _guessed(detected))
    return Decoded(data.decode("cp1252", "replace"), "cp1252", _guessed("cp1252"))


def _guessed(encoding: str) -> str:
    return f"the file is not UTF-8; it was read as {encoding}, look for odd letters"


def _cyrillic(sample: bytes) -> str:
    """`cp1251` when the high bytes form words that are all lower-case Cyrillic after the first letter."""
    text = sample.decode("cp1251", "replace")
    words = ["".join(c for c in word if c.isalpha()) for word in text.split()]
    cyrillic = [word for word in words if word and all("\u0400" <= c <= "\u04ff" for c in word)]
    # The same bytes read as KOI8-R or ISO-8859-5 would swap the cases or give capitals throughout.
    well_formed = sum(word[1:].islower() or len(word) == 1 for word in cyrillic)
    mixed = sum(1 for w in words if w and w not in cyrillic and any("\u0400" <= c <= "\u04ff" for c in w))
    if len(cyrillic) >= 2 and well_formed >= 0.8 * len(cyrillic) and mixed <= 0.2 * len(cyrillic):
        return "cp1251"
    return ""


def _detected(sample: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(sample).best()
    return best.encoding if best else ""
