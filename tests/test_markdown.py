"""The markdown report holds what an editor needs and does nothing else."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from checker.escape import visible
from checker.records import CheckResult
from checker.renderers import markdown
from checker.ticks import read_ticks
from tests.builders import (
    FORMULA,
    HOSTILE,
    LONG,
    empty_result,
    hostile_finding,
    long_finding,
    make_finding,
    make_result,
    make_statement,
    near_finding,
    report_finding,
    tax_finding,
)
from tests.expected_files import kept

OUR_TAGS = {"a", "details", "summary", "p", "br", "strong"}


def body(result: CheckResult) -> str:
    """The report without its front matter."""
    return markdown.render(result).decode().split("---\n", 2)[2]


def tokens(source: str) -> list[Token]:
    """All tokens of the page as GitHub's dialect reads it, inline ones included."""
    parser = MarkdownIt("gfm-like", {"html": True, "linkify": False})
    return [part for token in parser.parse(source) for part in (token, *(token.children or ()))]


class _Words(HTMLParser):
    """Text and tags of rendered HTML, with line breaks as line feeds."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.words, self.tags = "", set[str]()
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.words += "\n" if tag == "br" else ""

    def handle_data(self, data: str) -> None:
        self.words += data


def words_of(source: str) -> str:
    """What a reader of the rendered page sees."""
    return _Words(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(source)).words


def test_report_equals_the_kept_file() -> None:
    """The whole report is, byte for byte, the one that was read and kept."""
    content = markdown.render(make_result(tax_finding(), report_finding(), hostile_finding(), near_finding()))
    assert kept("holt.md", content) == content


def test_equal_results_give_equal_bytes() -> None:
    """Two results made alike render alike."""
    assert markdown.render(make_result()) == markdown.render(make_result())


def test_heading_names_topic_and_both_dates_earlier_first() -> None:
    """A reader knows from the heading what it is about and when both were said."""
    assert "### 1. Taxes: said 17 November 2019, said 25 February 2024" in body(make_result(tax_finding()))


def test_a_report_is_worded_as_a_report() -> None:
    """A fact that an outlet states is never called something said."""
    page = body(make_result(report_finding()))
    assert "### 1. Bridge: said 1 March 2020, reported February 2022" in page
    assert "quote against reported fact" in page
    assert "reported by Daily Sample" in page
    assert "check the report before you hold the words against it" in page


def test_conflicting_words_are_bold() -> None:
    """The evidence's words stand in bold on both sides."""
    page = body(make_result(tax_finding()))
    assert "| “I will **never** raise the income tax.” | We **are going to** raise the income tax. |" in page


def test_differing_words_are_bold_where_no_evidence_points_at_words() -> None:
    """Without evidence the words that differ are marked."""
    finding = make_finding(make_statement("I will sign the law."), make_statement("I will stop the law."))
    assert "“I will **sign** the law.” | “I will **stop** the law.”" in body(make_result(finding))


def test_an_undated_pair_claims_no_order() -> None:
    """Without a date neither side is called the earlier one."""
    page = body(make_result(hostile_finding()))
    assert "said at an unknown date" in page
    assert "Earlier:" not in page


@pytest.mark.parametrize("words", [HOSTILE, FORMULA, "A | B <b>", "`odd` | topic", "-1+1"])
def test_hostile_words_are_shown_exactly(words: str) -> None:
    """A reader of the rendered page sees the words as they were said."""
    assert visible(words).casefold() in words_of(body(make_result(hostile_finding()))).casefold()


def test_hostile_words_make_nothing_active() -> None:
    """The rendered page holds our own tags, our own links and no image or code."""
    parts = tokens(body(make_result(hostile_finding())))
    tags = set().union(*(_Words(p.content).tags for p in parts if p.type in ("html_block", "html_inline")))
    assert tags <= OUR_TAGS
    assert {"image", "code_inline", "fence", "code_block"}.isdisjoint(part.type for part in parts)
    addresses = [str(part.attrs["href"]) for part in parts if part.type == "link_open"]
    assert addresses
    assert all(
        address.startswith(("#%5Ep", "https://x.example/%29%5D%28y#:~:text=")) for address in addresses
    )


def test_a_long_statement_is_cut_nowhere() -> None:
    """Of 50,000 characters the part around the conflict is shown first, and the whole is there too."""
    page = body(make_result(long_finding()))
    assert LONG in words_of(page)
    first = next(line for line in page.splitlines() if line.startswith("> "))
    assert "Sentence **number 500** says" in first
    assert first.startswith("> […] ")
    assert first.endswith(" […]")


def test_boxes_are_keyed_by_the_pair() -> None:
    """A machine finds each pair's boxes, and no statement can forge such a key."""
    forged = make_finding(
        make_statement("<!-- pair: pbbbbbbbbbbbb -->\n- [x] conflict"), make_statement("Something else.")
    )
    page = body(make_result(tax_finding(), forged))
    keys = re.findall(r"^<!-- pair: (p[a-z]{12}) -->\n\n- \[ \] conflict\n- \[ \] cons", page, re.MULTILINE)
    assert [tax_finding().pair.key, forged.pair.key] == keys
    assert "\n<!-- pair: pbbbbbbbbbbbb" not in page
    assert "- [x]" not in page


def test_ticks_are_read_back_as_labels(tmp_path: Path) -> None:
    """What a reader ticks and notes comes back for that pair; boxes within a quote are words."""
    boxes = f"<!-- pair: {'p' + 'b' * 12} -->\n- [x] conflict\n\nNote: forged\n<!-- end of pair -->"
    forged = make_finding(make_statement(boxes), make_statement("Something else." + " More." * 200))
    page = markdown.render(make_result(forged, tax_finding())).decode()
    before, after = page.split(f"<!-- pair: {tax_finding().pair.key} -->")
    after = after.replace("- [ ] consistent", "- [x] consistent", 1).replace("Note:", "Note: another tax", 1)
    path = tmp_path / "holt.md"
    path.write_text(f"{before}<!-- pair: {tax_finding().pair.key} -->{after}", "utf-8")
    read = read_ticks(path, reader="A")
    assert [(tax_finding().pair.key, "consistent", "another tax")] == [
        (label.pair, label.answer, label.note) for label in read.labels
    ]
    assert () == read.problems


def test_scores_say_what_they_are() -> None:
    """An uncalibrated score is called so, a calibrated one a probability."""
    plain, calibrated = tax_finding(), replace(tax_finding(), calibrated=True)
    assert "score 0.81 (uncalibrated, 0 to 1)" in body(make_result(plain))
    assert "probability 0.81 (calibrated on labels)" in body(make_result(calibrated))


def test_a_record_of_one_statement_says_that_nothing_was_compared() -> None:
    """One lone statement gives a report that says why it is empty."""
    page = body(empty_result(make_statement("Alone.")))
    assert "1 statement read, 0 pairs judged: 0 possible conflicts shown" in page
    assert "There is nothing to compare" in page
    assert "No pair reached the cut for being shown." in page


def test_many_findings_are_capped_with_a_pointer() -> None:
    """Past the cap the report says how many there are and where to find them."""
    many = [
        make_finding(make_statement(f"Bridge {n} stays open."), make_statement(f"Bridge {n} is shut."))
        for n in range(markdown.MOST_FINDINGS + 5)
    ]
    page = body(make_result(*many))
    assert "The first 100 of 105 findings follow; write them all as a table with `--format csv`." in page
    assert markdown.MOST_FINDINGS == page.count("<!-- pair: ")


def test_every_part_of_the_run_is_told() -> None:
    """Omissions, problems, merged names, models, inputs, cuts and the command are all in the report."""
    page = words_of(body(make_result()))
    for words in (
        "3 statements in other languages were not compared.",
        "record.csv, row 9: no text (fill the cell)",
        "Mara Holt: written as M. Holt, Mara Holt",
        "cd" * 32,
        "ab" * 32,
        "speaker+reports",
        "checker check record.csv",
        "Positions held",
        "Mara Holt: held from 17 November 2019 to 2021, said on 3 dates in this record.",
        "Near misses",
    ):
        assert words in page


def test_front_matter_survives_a_hostile_name() -> None:
    """The name of the record cannot end the front matter or add a field."""
    page = markdown.render(make_result(name='x"\n---\nevil: 1')).decode()
    assert page.startswith('---\ntitle: "Possible conflicts in x\\"\\n---\\nevil: 1"\nstatements: ')
