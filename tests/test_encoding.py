from __future__ import annotations

import pytest

from checker.errors import InputError, LockedFileError
from checker.readers.encoding import decode

ENGLISH = "speaker,text\nZoë Müller,“We’ll pay £5 – no more…” she said.\n"
RUSSIAN = "speaker,text\nАнна Мятная,Мост откроют в мае. Он будет стоить сто рублей.\n"
UKRAINIAN = "speaker,text\nГанна М’ятна,Міст відкриють у травні. Її ґанок теж.\n"


@pytest.mark.parametrize("text", [ENGLISH, RUSSIAN, UKRAINIAN])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marked_and_plain_unicode_is_read_without_a_doubt(text: str, encoding: str) -> None:
    """UTF-8 with and without its mark, UTF-16 and UTF-32 with theirs give the text back."""
    decoded = decode(text.encode(encoding))
    assert (text, "") == (decoded.text, decoded.doubt)


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_its_zeros(encoding: str) -> None:
    """Every second byte being NUL gives UTF-16 away."""
    assert ENGLISH == decode(ENGLISH.encode(encoding)).text


def test_western_windows_text_is_read_as_cp1252_with_a_doubt() -> None:
    """Curly quotes, pound signs and accents of a Windows file come out right, and the reader is told."""
    decoded = decode(ENGLISH.encode("cp1252"))
    assert (ENGLISH, "cp1252") == (decoded.text, decoded.encoding)
    assert "cp1252" in decoded.doubt


@pytest.mark.parametrize("text", [RUSSIAN, UKRAINIAN])
def test_cyrillic_windows_text_is_read_as_cp1251(text: str) -> None:
    """Cyrillic of a Windows file is not mistaken for accents."""
    decoded = decode(text.encode("cp1251"))
    assert (text, "cp1251") == (decoded.text, decoded.encoding)


def test_koi8_is_not_taken_for_cp1251() -> None:
    """Cyrillic in another code page is left to the detector, which knows it."""
    assert RUSSIAN == decode((RUSSIAN * 4).encode("koi8-r")).text[: len(RUSSIAN)]


def test_a_named_encoding_is_obeyed() -> None:
    """What the user says wins over the ladder."""
    assert "ж" == decode("ж".encode("koi8-r"), encoding="koi8-r").text


@pytest.mark.parametrize("encoding", ["no-such-code", "ascii"])
def test_a_wrong_encoding_is_an_error_that_says_so(encoding: str) -> None:
    """An unknown or unfit encoding is named in the message."""
    with pytest.raises(InputError, match=encoding):
        decode("ж".encode(), encoding=encoding)


def test_a_stray_nul_does_not_make_plain_text_utf_16() -> None:
    """One NUL among letters leaves the file in UTF-8."""
    assert "speaker,te\x00xt\n" == decode(b"speaker,te\x00xt\n").text


def test_an_encrypted_office_document_is_locked() -> None:
    """The signature of a protected document gives the advice to save a copy without a password."""
    data = bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 64 + "EncryptedPackage".encode("utf-16-le")
    with pytest.raises(LockedFileError, match="password"):
        decode(data)


@pytest.mark.parametrize("data", [b"%PDF-1.7 x", b"PK\x03\x04", b"\x1f\x8b\x08", b"\x01\x02\x03" * 99])
def test_what_is_not_text_is_refused(data: bytes) -> None:
    """Known signatures and control characters end in an input error instead of garbage."""
    with pytest.raises(InputError):
        decode(data)
