"""The HTML report is one file that fetches nothing and runs nothing but our own script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from html.parser import HTMLParser

import pytest

from checker.escape import visible
from checker.records import Band, CheckResult
from checker.renderers import webpage
from tests.builders import (
    FORMULA,
    HOSTILE,
    LONG,
    empty_result,
    hostile_finding,
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


class _Page(HTMLParser):
    """Tags with their attributes, and the text a reader sees."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.script = ""
        self._within = ""
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._within = tag
        self.text += "\n" if tag == "br" else ""

    def handle_endtag(self, tag: str) -> None:
        self._within = ""

    def handle_data(self, data: str) -> None:
        if self._within in ("script", "style"):
            self.script += data if self._within == "script" else ""
        else:
            self.text += data

    def named(self, tag: str) -> list[dict[str, str | None]]:
        """Attributes of every such tag."""
        return [attributes for name, attributes in self.tags if name == tag]


def page(result: CheckResult) -> _Page:
    """The parsed page of a result."""
    return _Page(webpage.render(result))


def test_page_equals_the_kept_file() -> None:
    """The page is, byte for byte, the one that was looked at and kept."""
    content = webpage.render(make_result(*KEPT))
    assert kept("holt.html", content) == content


def test_policy_allows_our_style_and_script_only() -> None:
    """Nothing is allowed but two hashes, and the script's hash is that of the script in the page."""
    read = page(make_result())
    policy = next(m["content"] or "" for m in read.named("meta") if m.get("http-equiv"))
    digest = base64.b64encode(hashlib.sha256(read.script.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; ")
    assert f"script-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_hostile_words_add_no_tag_and_no_address() -> None:
    """Statements that try every format bring no script, handler, image, frame or foreign address."""
    read = page(make_result(hostile_finding()))
    assert 1 == len(read.named("script"))
    assert not {"img", "iframe", "object", "embed", "link", "base"} & {name for name, _ in read.tags}
    assert not [key for _, attributes in read.tags for key in attributes if key.startswith(("on", "style"))]
    addresses = {attributes["href"] or "" for attributes in read.named("a")}
    ours = ("#", "https://post.example/a?", "https://x.example/%29%5D%28y#:~:text=%3DHYPERLINK")
    assert [] == [address for address in addresses if not address.startswith(ours)]


@pytest.mark.parametrize("words", [HOSTILE, FORMULA, LONG, "A | B <b>", "`odd` | topic", "-1+1"])
def test_words_are_shown_exactly(words: str) -> None:
    """A reader sees hostile and very long words as they were said."""
    assert visible(words).casefold() in page(make_result()).text.casefold()


def test_conflicting_words_are_marked() -> None:
    """The evidence's words are marked on both sides."""
    content = webpage.render(make_result(tax_finding())).decode()
    assert "“I will <mark>never</mark> raise the income tax.”" in content
    assert "We <mark>are going to</mark> raise the income tax." in content


def test_filters_know_every_finding() -> None:
    """Each finding carries what the filters need, with dates as days."""
    facts = json.loads(page(make_result(report_finding())).named("article")[0]["data-facts"] or "")
    assert {
        "speakers": ["Daily Sample", "Mara Holt"],
        "topic": "bridge",
        "kinds": ["event"],
        "group": "quote against reported fact",
        "dates": [["2020-03-01", "2020-03-01"], ["2022-02-01", "2022-02-28"]],
        "score": 0.7,
        "similarity": 0.62,
    } == facts


def test_timeline_draws_statements_reports_and_findings() -> None:
    """A topic's line has a dot for the quote, a square for the report and an arc to the finding."""
    content = webpage.render(make_result(report_finding())).decode()
    line = re.search(r"<svg.*?</svg>", content, re.DOTALL)
    assert line
    assert 1 == line.group().count("<circle")
    assert 1 == line.group().count("<rect")
    assert f'<a href="#{report_finding().pair.key}" aria-label="Bridge: said 1 March 2020' in line.group()


def test_pairs_that_share_a_statement_follow_under_a_heading_of_their_own() -> None:
    """Leads come first with links to what is under them; a folded card names its lead and its side."""
    content = webpage.render(make_result(tax_finding(), shared_finding(), report_finding())).decode()
    keys = [article["id"] for article in _Page(content.encode()).named("article")]
    lead, folded = tax_finding().pair.key, shared_finding().pair.key
    assert [lead, report_finding().pair.key, folded] == keys
    assert f'1 more pair shares a statement with this one: <a href="#{folded}">2</a>.' in content
    assert f'Under finding <a href="#{lead}">1</a>, which has one of these two statements already.' in content
    assert f'Later: said 25 February 2024 (also in finding <a href="#{lead}">1</a>)' in content
    assert "2 findings are on statements of their own. 1 more pair shares a statement" in content
    assert (
        content.index('id="findings-title"')
        < content.index('id="more-title"')
        < content.index(folded + '" c')
    )


def test_near_misses_that_share_a_statement_stand_in_their_own_part() -> None:
    """A near miss under another one follows it among the near misses, at its rank."""
    first = near_finding()
    second = make_finding(first.pair.earlier, make_statement("Taxes fell."), score=0.38, band=Band.MAYBE)
    content = webpage.render(make_result(tax_finding(), first, second)).decode()
    assert f'1 more pair shares a statement with this one: <a href="#{second.pair.key}">3</a>.' in content
    assert "More pairs of these statements" not in content


def test_every_inner_link_has_its_target() -> None:
    """Links inside the page lead somewhere, and no id is given twice."""
    read = page(make_result(*KEPT))
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]
    assert len(set(ids)) == len(ids)
    wanted = {(a["href"] or "")[1:] for a in read.named("a") if (a["href"] or "").startswith("#")}
    assert set() == wanted - set(ids)


@pytest.mark.parametrize("count", [0, 1])
def test_empty_results_say_so(count: int) -> None:
    """Without findings the page says that there are none."""
    read = page(empty_result(*[make_statement("Alone.")][:count]))
    assert "No pair reached the cut for being shown." in read.text
    assert "There is nothing to compare" in read.text


def test_copied_quote_names_speaker_date_and_source() -> None:
    """What the button copies can be pasted into an article as it is."""
    read = page(make_result(tax_finding()))
    assert (
        "“I will never raise the income tax.” (Mara Holt said, 17 November 2019; "
        "The Example Post, A promise | repeated, published 17 November 2019)"
    ) == read.named("button")[1]["data-copy"]


def test_words_that_a_template_would_obey_are_only_words() -> None:
    """A statement in the template's own language is shown, not run."""
    finding = make_finding(make_statement("{{ 7 * 7 }} {% if %}"), make_statement("It is 49."))
    assert "{{ 7 * 7 }} {% if %}" in page(make_result(finding)).text


def test_a_position_held_over_time_is_told_with_its_statements() -> None:
    """The page says since when a position was held and links every statement of it."""
    result = make_result()
    page = webpage.render(result).decode()

    assert "held from 17 November 2019 to 2021, said on 3 dates in this record: <a" in page
    assert all(f'href="#{key}"' in page for key in result.positions[0].statement_ids)
