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
from checker.records import CheckResult, Topic
from checker.renderers import jsondoc, markdown
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
    shared_finding,
    tax_finding,
)
from tests.expected_files import kept

KEPT = (tax_finding(), report_finding(), shared_finding(), hostile_finding(), near_finding())
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
    content = markdown.render(make_result(*KEPT))
    assert kept("holt.md", content) == content


def test_equal_results_give_equal_bytes() -> None:
    """Two results made alike render alike."""
    assert markdown.render(make_result()) == markdown.render(make_result())


def test_topics_and_what_is_in_no_row_add_up_to_the_statements_read() -> None:
    """Statements alone on their topic, and those in none, are counted below the table."""
    sides = [replace(make_statement(f"We pay {n}."), id=f"s{n}") for n in range(7)]
    topics = (Topic("pay", ("s0", "s1", "s2")), Topic("more", ("s3",)), Topic("less", ("s4",)))
    page = body(replace(empty_result(*sides), topics=topics))
    assert "| pay | 3 |" in page
    alone, outside = "2 statements alone on a topic", "2 statements compared with no other and so in no topic"
    assert f"Not listed: {alone}, {outside}." in page


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


def test_ticks_in_folded_cards_are_read_back(tmp_path: Path) -> None:
    """A pair under another one is answered for itself."""
    key = shared_finding().pair.key
    page = markdown.render(make_result(tax_finding(), shared_finding())).decode()
    before, after = page.split(f"<!-- pair: {key} -->")
    after = after.replace("- [ ] conflict", "- [x] conflict", 1).replace("Note:", "Note: the same again", 1)
    path = tmp_path / "holt.md"
    path.write_text(f"{before}<!-- pair: {key} -->{after}", "utf-8")
    path.with_suffix(".json").write_bytes(jsondoc.render(make_result(tax_finding(), shared_finding())))
    (label,) = read_ticks(path, reader="A").labels
    assert (key, "conflict", "the same again") == (label.pair, label.answer, label.note)
    assert label.first
    assert shared_finding().pair.earlier.text == label.first.text


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


def test_pairs_that_share_a_statement_follow_the_findings_on_their_own() -> None:
    """Leads come first, each with links to what is under it; a folded card names its lead and its side."""
    lead, folded = tax_finding().pair.key, shared_finding().pair.key
    page = body(make_result(tax_finding(), shared_finding(), report_finding()))
    headings = re.findall(r"^(### \d|## Findings|## More pairs of these statements)", page, re.MULTILINE)
    assert ["## Findings", "### 1", "### 3", "## More pairs of these statements", "### 2"] == headings
    assert f"1 more pair shares a statement with this one: [2](#^{folded})." in page
    assert f"Under finding [1](#^{lead}), which has one of these two statements already." in page
    assert f"Later: said 25 February 2024 (also in finding [1](#^{lead})) |" in page
    assert "| Earlier: said 3 June 2021 | " in page


def test_a_folded_card_holds_what_a_reader_needs() -> None:
    """Exact words, dates, sources, evidence and boxes are all in the shorter card."""
    page = body(make_result(tax_finding(), shared_finding()))
    card = page.split("## More pairs of these statements")[1].split("## Near misses")[0]
    for words in (
        "“**Nobody** here wants a higher income tax.” | We are going to raise the income tax. |",
        "said 3 June 2021",
        "The Example Post, published 3 June 2021",
        "context: Asked about the budget.",
        "Only the earlier statement denies it (negation)",
        "score 0.65",
        f"<!-- pair: {shared_finding().pair.key} -->\n\n- [ ] conflict",
    ):
        assert words in card
    assert "Can both hold at once?" not in card
    assert "no shift proposed" not in card.casefold()


def test_a_long_context_stands_once() -> None:
    """The context of a shared statement is in the lead's card and not in the folded one's."""
    long = replace(tax_finding().pair.later, context="Asked about the budget. " * 40)
    findings = [
        replace(f, judgment=replace(f.judgment, pair=replace(f.pair, later=long)))
        for f in (tax_finding(), shared_finding())
    ]
    assert 1 == body(make_result(*findings)).count("Context of the later statement")


def test_a_long_context_stands_where_the_other_lead_has_no_card() -> None:
    """Past the cap a lead shows nothing, so a pair under another one keeps the context they share."""
    first = make_statement("The bridge is open.")
    last = make_statement("The ferry is shut.", context="Asked about the harbour. " * 40)
    others = [
        make_finding(make_statement(f"Road {n} is open."), make_statement(f"Road {n} is shut."), score=0.9)
        for n in range(markdown.MOST_FINDINGS - 1)
    ]
    findings = [
        make_finding(first, make_statement("The bridge is shut."), score=0.95),
        *others,
        make_finding(make_statement("The ferry is open."), last, score=0.85),
        make_finding(first, last, score=0.8),
    ]
    page = body(make_result(*findings))
    assert f"(also in finding {markdown.MOST_FINDINGS + 1})" in page
    assert 1 == len(re.findall(r"Context of the \w+ statement", page))


def test_the_numbers_of_a_folded_report_add_up() -> None:
    """The summary, the words above the findings, the table of counts and the cards tell the same figures."""
    page = body(make_result(tax_finding(), shared_finding(), report_finding(), near_finding()))
    assert "3 possible conflicts shown (2 of them on statements of their own), 1 near miss." in page
    assert (
        "2 findings are on statements of their own. 1 more pair shares a statement with one of these" in page
    )
    assert "| findings shown | 3 |\n| of these on statements of their own | 2 |" in page
    assert 3 == page.count("<!-- pair: ")
    assert "| [1](#^" in page.split("## Topics")[1]


def test_hostile_words_do_nothing_in_a_folded_card() -> None:
    """A pair under another one shows its words as exactly, and obeys as little."""
    lead, again = hostile_finding(), make_statement(f"{HOSTILE} again", speaker="A | B <b>")
    folded = make_finding(again, lead.pair.later, topic="`odd` | topic", score=0.5)
    source = body(make_result(lead, folded))
    parts = tokens(source)
    tags = set().union(*(_Words(p.content).tags for p in parts if p.type in ("html_block", "html_inline")))
    assert "## More pairs of these statements" in source
    assert tags <= OUR_TAGS
    assert {"image", "code_inline", "fence", "code_block"}.isdisjoint(part.type for part in parts)
    assert visible(f"{HOSTILE} again").casefold() in words_of(source).casefold()


def test_many_folded_pairs_are_capped_with_a_pointer() -> None:
    """Leads and folded pairs have a cap each; past it a lead names the rank alone."""
    first = make_statement("The bridge is open.")
    many = [
        make_finding(first, make_statement(f"Bridge {n} is shut.")) for n in range(markdown.MOST_FINDINGS + 6)
    ]
    page = body(make_result(*many))
    assert "The first 100 of 105 such pairs follow; write them all as a table with `--format csv`." in page
    assert markdown.MOST_FINDINGS + 1 == page.count("<!-- pair: ")
    assert "), 102, 103, 104, 105, 106." in page


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
