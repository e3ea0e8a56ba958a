"""ClaimReview drafts use schema.org's terms and claim no verdict."""

from __future__ import annotations

import json
from typing import Any

import pytest

from checker.records import CheckResult
from checker.renderers import claimreview
from tests.builders import HOSTILE, empty_result, hostile_finding, make_result, report_finding, tax_finding
from tests.expected_files import kept

# Properties of the types used and of their parents, from schema.org's own pages.
_THING = {"@type", "identifier", "name", "url", "description"}
_WORK = _THING | {
    "author", "citation", "creator", "creativeWorkStatus", "dateCreated", "datePublished", "isPartOf",
    "publisher", "text",
}  # fmt: skip
TERMS = {
    "ClaimReview": _WORK | {"claimReviewed", "reviewBody", "itemReviewed"},
    "Claim": _WORK | {"appearance", "firstAppearance"},
    "Quotation": _WORK | {"spokenByCharacter"},
    "CreativeWork": _WORK,
    "Person": _THING,
    "Organization": _THING,
}


def drafts(result: CheckResult) -> list[dict[str, Any]]:
    """The drafts as read by a machine."""
    document = json.loads(claimreview.render(result))
    assert "https://schema.org" == document["@context"]
    graph: list[dict[str, Any]] = document["@graph"]
    return graph


def nodes(value: Any) -> list[dict[str, Any]]:
    """Every typed node within a value."""
    if isinstance(value, dict):
        return [value, *(node for part in value.values() for node in nodes(part))]
    return [node for part in value for node in nodes(part)] if isinstance(value, list) else []


def test_drafts_equal_the_kept_file() -> None:
    """The drafts are, byte for byte, those that were read and kept."""
    content = claimreview.render(make_result(tax_finding(), report_finding(), hostile_finding()))
    assert kept("holt.claimreview.json", content) == content


def test_every_term_is_one_of_schema_org() -> None:
    """Each node has a known type and only properties that schema.org gives that type."""
    for node in nodes(drafts(make_result())):
        assert set() == set(node) - TERMS[node["@type"]]


def test_a_draft_is_marked_and_rates_nothing() -> None:
    """An editor sees that it is a draft, and no rating, author or date is made up."""
    for draft in drafts(make_result()):
        assert "Draft" == draft["creativeWorkStatus"]
        assert draft["reviewBody"].startswith("Draft for an editor, not a verdict.")
        assert {"reviewRating", "author", "datePublished"}.isdisjoint(draft)


def test_later_statement_is_reviewed_and_the_earlier_is_cited() -> None:
    """The claim is the later statement; the earlier one stands in the text and as citation."""
    (draft,) = drafts(make_result(tax_finding()))
    assert "We are going to raise the income tax." == draft["claimReviewed"]
    assert "2024-02-25" == draft["itemReviewed"]["datePublished"]
    assert "I will never raise the income tax." == draft["citation"]["text"]
    assert "Quotation" == draft["citation"]["@type"]
    assert "“I will never raise the income tax.”" in draft["reviewBody"]


def test_an_outlet_s_report_has_an_organisation_as_author() -> None:
    """What an outlet reports is never put into a person's mouth."""
    (draft,) = drafts(make_result(report_finding()))
    assert {"@type": "Organization", "name": "Daily Sample"} == draft["itemReviewed"]["author"]
    assert "2022-02" == draft["itemReviewed"]["datePublished"]


def test_hostile_words_are_exact_and_unsafe_addresses_are_left_out() -> None:
    """The words are as said, and a script is no address."""
    (draft,) = drafts(make_result(hostile_finding()))
    assert HOSTILE == draft["citation"]["text"]
    assert "url" not in draft["citation"]["isPartOf"]


@pytest.mark.parametrize("result", [empty_result()])
def test_no_finding_no_draft(result: CheckResult) -> None:
    """An empty result gives an empty graph."""
    assert [] == drafts(result)
