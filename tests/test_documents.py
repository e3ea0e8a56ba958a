"""Articles, pages, PDFs, Word files, subtitles and transcripts become documents."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest

from checker.errors import InputError, LockedFileError
from checker.read import read
from checker.readers.boilerplate import find_layout
from checker.readers.registry import ReadOptions
from checker.readers.sandbox import parse_apart
from checker.readers.transcript import find_turns
from checker.records import Document, Problem, When

BODY = (
    "HELSBURG – President Ana Lima denied that she would resign. “I will stay until 2027,” she said.",
    "Her opponent said the plan was a bad joke and would fail in the parliament, where nobody wants it.",
    "“We will vote no,” said opposition leader Jan Kowal. “That is certain.”",
    "Parliament passed the budget in March 2019 with 120 votes, and the ministry spent it all on roads.",
)
PAGE = """<!doctype html><html lang="en"><head><title>Lima will stay</title>
<meta property="og:site_name" content="The Daily Test">
<script type="application/ld+json">{{"@type": "NewsArticle", "headline": "Lima will stay",
"datePublished": "2019-11-17T10:00:00Z", "author": {{"name": "Jane Q. Reporter"}}}}</script></head>
<body><nav><a href="/">Home</a></nav><article><h1>Lima will stay</h1>{body}</article>
<footer>© 2019</footer></body></html>"""


def _one(path: Path, options: ReadOptions | None = None) -> tuple[Document, list[Problem]]:
    entries, problems, _ = read([path], options)
    assert isinstance(entries[0], Document)
    return entries[0], problems


def _written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def _pdf(path: Path, lines: list[str]) -> Path:
    """A one-page PDF with text, written by hand."""
    drawn = " T* ".join(f"({line}) Tj" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 50 700 Td {drawn} ET".encode("latin-1")
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"xref\n0 6\n0000000000 65535 f \n" + table
    out += b"trailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % out.index(b"xref")
    path.write_bytes(out)
    return path


def test_a_page_gives_its_text_date_author_and_outlet(tmp_path: Path) -> None:
    """Metadata come from the page itself, and the marks of <q> survive."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in BODY).replace("a bad joke", "<q>a bad joke</q>")
    document, problems = _one(_written(tmp_path, "a.html", PAGE.format(body=body)))

    assert ("Lima will stay", "Jane Q. Reporter", "The Daily Test") == (
        document.title,
        document.author,
        document.outlet,
    )
    assert "2019-11-17" == str(document.published_on)
    assert "metadata" == (document.published_on.how if document.published_on else "")
    assert "“a bad joke”" in document.text
    assert "Home" not in document.text
    assert [] == problems


def test_a_pdf_gives_its_paragraphs(tmp_path: Path) -> None:
    """Hard-wrapped lines are joined and hyphens of line ends removed."""
    lines = ["The mayor said that the bridge is safe and will be opened in the sum-", "mer of next year."]
    document, _ = _one(_pdf(tmp_path / "a.pdf", lines))
    assert (
        "The mayor said that the bridge is safe and will be opened in the summer of next year."
        == document.text
    )


def test_a_word_document_gives_its_paragraphs(tmp_path: Path) -> None:
    """Paragraphs stand in order, one a line."""
    docx = pytest.importorskip("docx")
    made = docx.Document()
    for paragraph in BODY:
        made.add_paragraph(paragraph)
    made.save(str(tmp_path / "a.docx"))
    assert "\n\n".join(BODY) == _one(tmp_path / "a.docx")[0].text


def test_markdown_loses_its_marks_and_keeps_its_front_matter(tmp_path: Path) -> None:
    """Title, date and outlet are read from front matter; emphasis and links become words."""
    front = "---\ntitle: A day\ndate: 2020-05-04\noutlet: The Post\n---\n"
    source = f"{front}# Heading\n\nHe **said** [so](https://example.org) twice.\n"
    document, _ = _one(_written(tmp_path, "a.md", source))
    assert "Heading\n\nHe said so twice." == document.text
    assert ("A day", "The Post", "2020-05-04") == (
        document.title,
        document.outlet,
        str(document.published_on),
    )


SRT = """1
00:00:01,000 --> 00:00:03,000
JANE DOE: I will never raise
taxes again.

2
00:00:03,000 --> 00:00:05,000
[applause]
>> JOHN ROE, REPORTER: Are you sure?
"""
VTT = """WEBVTT

00:01.000 --> 00:03.000
<v Jane Doe>I will never raise taxes again.</v>

00:03.000 --> 00:05.000
<v John Roe>Are you <b>sure</b>?
"""


@pytest.mark.parametrize(("name", "source"), [("a.srt", SRT), ("a.vtt", VTT)])
def test_subtitles_give_speaker_turns(tmp_path: Path, name: str, source: str) -> None:
    """Labels and voice tags name the speaker, tags and notes of sounds are gone."""
    document, _ = _one(_written(tmp_path, name, source))
    turns = [(speaker, span.of(document.text)) for speaker, span in document.turns]
    assert [("Jane Doe", "I will never raise taxes again."), ("John Roe", "Are you sure?")] == turns


def test_rolling_captions_are_not_repeated(tmp_path: Path) -> None:
    """Automatic captions repeat the line before; it is kept once."""
    cues = "00:01.000 --> 00:02.000\nwe will build\n\n00:02.000 --> 00:03.000\nwe will build\nthe bridge.\n"
    document, problems = _one(_written(tmp_path, "a.vtt", f"WEBVTT\n\n{cues}"))
    assert "we will build the bridge." == document.text
    assert any("no speaker is named" in problem.what for problem in problems)


TRANSCRIPT = """Debate of 3 March 2020

MODERATOR: Welcome to you both.
ANA LIMA: Thank you. I will not raise taxes.
JAN KOWAL (PH): She raised them twice.
ANA LIMA: That is false.
"""


def test_a_transcript_is_told_by_its_labels() -> None:
    """Labelled lines become turns, notes in brackets do not belong to the name."""
    assert ["Moderator", "Ana Lima", "Jan Kowal", "Ana Lima"] == [name for name, _ in find_turns(TRANSCRIPT)]


def test_an_article_with_a_colon_is_no_transcript() -> None:
    """A few lines that happen to hold a colon do not make a conversation."""
    assert () == find_turns(
        "Mr Ward: “No.”\n\nThe council met. It was a long day for all of them.\n\nNote: closed."
    )


def test_the_publication_date_comes_from_the_document_before_the_option(tmp_path: Path) -> None:
    """A date line wins over --published, which stands in where there is none."""
    day = When(date(2021, 1, 1), date(2021, 1, 1), how="option")
    dated = _written(tmp_path, "a.txt", "17 November 2019\n\nThe mayor said that all is well today.")
    undated = _written(tmp_path, "b.txt", "The mayor said that all is well today.")
    assert "2019-11-17" == str(_one(dated, ReadOptions(published=day))[0].published_on)
    assert "2021-01-01" == str(_one(undated, ReadOptions(published=day))[0].published_on)
    document, problems = _one(undated)
    assert document.published_on is None
    assert any("no publication date" in problem.what for problem in problems)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("- Advertisement -", "advertisement"),
        ("0 1,905", "counter"),
        ("1,204 shares", "counter"),
        ("Subscribe to our newsletter", "newsletter"),
        ("Get real time updates directly on you device, subscribe now.", "newsletter"),
        ("Read more: the tram that never came", "navigation"),
        ("Photo: A. Person/Agency", "caption"),
        ("By Jane Q. Reporter", "byline"),
    ],
)
def test_furniture_is_known_by_its_shape(line: str, kind: str) -> None:
    """Lines that are no article are marked and counted by class."""
    layout = find_layout(f"The mayor spoke to the crowd.\n\n{line}\n\nThen she left the hall.")
    assert [(kind, 1)] == list(layout.skipped)


@pytest.mark.parametrize(
    "line",
    [
        "“Subscribe to our newsletter,” said the mayor.",
        "Subscribe is what the mayor told each of the two thousand people who had come to hear her speak on "
        "the square in front of the old town hall on Monday evening.",
        "The minister read more than ten letters aloud.",
    ],
)
def test_speech_and_prose_are_no_furniture(line: str) -> None:
    """A word alone never makes a line furniture, and a quoted one stays."""
    assert () == find_layout(f"The mayor spoke to the crowd.\n\n{line}").skipped


def _bad_files(folder: Path) -> dict[str, Path]:
    import pypdf

    blank, locked = pypdf.PdfWriter(), pypdf.PdfWriter()
    for writer in (blank, locked):
        writer.add_blank_page(200, 200)
    locked.encrypt("secret")
    blank.write(folder / "scan.pdf")
    locked.write(folder / "locked.pdf")
    _written(folder, "empty.txt", "")
    _written(folder, "page.txt", "<!DOCTYPE html><html><body>hello</body></html>")
    _written(folder, "lie.pdf", "hello")
    _written(folder, "lie.docx", "hello")
    _written(folder, "menu.html", "<html><body><nav>home</nav></body></html>")
    _written(folder, "huge.txt", "He said “no way at all”. " * 900_000)
    _written(folder, "binary.txt", bytes(range(256)) * 50)
    _written(folder, "none.srt", "no times here")
    return {path.name: path for path in folder.iterdir()}


def _zipped(**members: str) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in members.items():
            archive.writestr(name.replace("__", "/"), content)
    return packed.getvalue()


_PARQUET = b"PAR1" + bytes(range(200)) + b"PAR1"
_WRONG = {
    "": "the file is empty",
    "zip": "but a zip archive; unpack it first",
    "word": "but a Word document; give it the suffix .docx",
    "book": "but a workbook; give it the suffix .xlsx",
    "epub": "but an e-book; save its text as .txt",
    "cut": "damaged or cut off; fetch it again, or open it and save it anew",
    "parquet": "but a Parquet table; give it the suffix .parquet",
    "letters": "but plain text; give it the suffix .txt or .csv",
    "slides": "but a presentation; save its words as .txt",
    "pdf": "but a PDF document; give it the suffix .pdf",
    "page": "but a web page; give it the suffix .html",
    "words": "but plain text; give it the suffix .txt or .csv",
    "noise": "whatever its name says",
}
_CONTENT = {
    "": b" \n",
    "zip": _zipped(hello="hello"),
    "word": _zipped(word__document="<w/>"),
    "book": _zipped(xl__workbook="<w/>"),
    "epub": _zipped(**{"META-INF__container.xml": "<c/>"}),
    "cut": _zipped(hello="hello")[:-30],
    "parquet": _PARQUET,
    "letters": b"PAR1,PAR2\n1,2\n",
    "slides": _zipped(ppt__presentation="<p/>"),
    "pdf": b"%PDF-1.4\n%%EOF",
    "page": b"<!DOCTYPE html><html><body>hello</body></html>",
    "words": "Wörter, nothing more.".encode(),
    "noise": bytes(range(256)),
}
_OWN = {".xlsx": "book", ".docx": "word", ".pdf": "pdf", ".parquet": "parquet"}


@pytest.mark.parametrize("suffix", [".xlsx", ".docx", ".pdf", ".parquet"])
@pytest.mark.parametrize("kind", _WRONG)
def test_a_file_under_a_false_name_is_told_by_what_it_is(tmp_path: Path, suffix: str, kind: str) -> None:
    """The message says in plain words what the file is instead; one of the right kind is damaged."""
    if suffix == ".parquet":
        pytest.importorskip("pyarrow")
    with pytest.raises(InputError) as caught:
        read([_written(tmp_path, f"lie{suffix}", _CONTENT[kind])])
    told = _WRONG["cut"] if kind == _OWN[suffix] else _WRONG[kind]
    assert str(caught.value).startswith(f"lie{suffix}: the ")
    assert str(caught.value).endswith(told)
    assert "Error" not in str(caught.value)


@pytest.mark.parametrize("content", [_PARQUET[:-4], b"PAR1\x15"])
def test_a_parquet_table_that_is_cut_off_is_damaged(tmp_path: Path, content: bytes) -> None:
    """Without its end it is still known by its beginning."""
    pytest.importorskip("pyarrow")
    with pytest.raises(InputError, match=r"the Parquet table is damaged or cut off"):
        read([_written(tmp_path, "a.parquet", content)])


@pytest.mark.parametrize("start", ["PAR1", "PAR1 is the first of two parts. Ana Lima said: “No.”\n"])
def test_a_text_may_begin_like_a_parquet_table(tmp_path: Path, start: str) -> None:
    """Four letters do not make an article a table."""
    (article,) = read([_written(tmp_path, "a.txt", start)])[0]
    assert start.strip() == article.text.strip()


def test_a_parquet_table_with_damaged_words_is_told(tmp_path: Path) -> None:
    """Bytes that are no text inside a table whose frame is whole end in one message too."""
    parquet = pytest.importorskip("pyarrow.parquet")
    arrow = pytest.importorskip("pyarrow")
    broken = arrow.array([b"\xff\xfe"]).view(arrow.string())
    path = tmp_path / "a.parquet"
    parquet.write_table(arrow.table({"text": broken, "speaker": ["Ana"]}), path)
    with pytest.raises(InputError, match=r"a\.parquet: the Parquet table is damaged"):
        read([path])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("scan.pdf", "holds no text, only pictures"),
        ("empty.txt", "is empty"),
        ("page.txt", "is a web page"),
        ("lie.pdf", "is no PDF"),
        ("lie.docx", "is no Word document"),
        ("menu.html", "no article was found"),
        ("huge.txt", "characters, more than any article"),
        ("binary.txt", "binary data"),
        ("none.srt", "no subtitle with times"),
    ],
)
def test_a_bad_file_is_named_with_what_is_wrong(tmp_path: Path, name: str, words: str) -> None:
    """Each file that cannot be read ends in one message that names it and says why."""
    path = _bad_files(tmp_path)[name]
    with pytest.raises(InputError, match=words) as caught:
        read([path])
    assert str(caught.value).startswith(name)


def test_an_encrypted_pdf_is_locked(tmp_path: Path) -> None:
    """A password is asked for by its own error."""
    path = _bad_files(tmp_path)["locked.pdf"]
    with pytest.raises(LockedFileError, match="password"):
        read([path])


def test_bad_files_do_not_stop_the_others(tmp_path: Path) -> None:
    """The good file of a folder is read, each bad one is a problem that names it."""
    bad = set(_bad_files(tmp_path))
    _written(tmp_path, "good.txt", "The mayor said that all is well.")
    entries, problems, _ = read([tmp_path])
    assert ["good.txt"] == [entry.document for entry in entries]
    assert bad <= {problem.document for problem in problems}


def test_unbalanced_marks_are_pointed_out(tmp_path: Path) -> None:
    """A file whose marks do not come in pairs is read with a doubt."""
    _, problems = _one(_written(tmp_path, "a.txt", 'Mr Ames said: "I will never go. He left.'))
    assert any("unbalanced" in problem.what for problem in problems)


def test_garbled_letters_are_pointed_out(tmp_path: Path) -> None:
    """Text saved in one encoding and read in another is read with a doubt."""
    _, problems = _one(_written(tmp_path, "a.txt", "Mr Ames said: â€œI will never go.â€\u009d He left."))
    assert any("garbled" in problem.what for problem in problems)


def test_a_parser_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    """The child process is killed at its limit and the file is named as the reason."""
    path = _pdf(tmp_path / "a.pdf", ["hello"])
    with pytest.raises(InputError, match=r"longer than|stopped"):
        parse_apart("pdf", path, seconds=0)


def test_a_parser_that_eats_memory_is_stopped(tmp_path: Path) -> None:
    """With next to no memory the child fails alone, and the message says so."""
    pytest.importorskip("resource")
    path = _pdf(tmp_path / "a.pdf", ["hello"])
    with pytest.raises(InputError, match=r"memory|damaged"):
        parse_apart("pdf", path, memory=1024**2)
