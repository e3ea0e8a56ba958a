"""Findings that share a statement are listed as one, and none is lost by it."""

from __future__ import annotations

import itertools
import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from checker.commands.comparing import read_report
from checker.compare import compare_reports
from checker.fold import fold
from checker.labels import Answer, label_of
from checker.packet import packet
from checker.pipeline import without_dismissed
from checker.records import Band, Finding
from checker.renderers import folding, jsondoc, table
from checker.renderers.folding import listing, sharing_words, stack_words
from checker.renderers.words import own_words
from checker.settings import Settings
from checker.store import LabelStore
from tests.builders import day, make_finding, make_result, make_statement, shared_finding, tax_finding
from tests.test_jsondoc import SCHEMA

WORDS = {
    letter: make_statement(f"Statement {letter} on the harbour.", said_on=day(2000 + n))
    for n, letter in enumerate("ABCDEFGH")
}


def found(pair: str, score: float = 0.8, band: Band = Band.SHOW) -> Finding:
    """A finding between two of the lettered statements."""
    return make_finding(WORDS[pair[0]], WORDS[pair[1]], score=score, band=band)


def ranked(pairs: str) -> tuple[Finding, ...]:
    """Findings in this order, folded."""
    return fold(found(pair, 0.99 - 0.01 * n) for n, pair in enumerate(pairs.split()))


def leads(findings: tuple[Finding, ...]) -> dict[str, str]:
    """Each folded pair in letters, and the lead it is under."""
    letters = {statement.id: letter for letter, statement in WORDS.items()}
    names = {f.pair.key: letters[f.pair.earlier.id] + letters[f.pair.later.id] for f in findings}
    return {names[f.pair.key]: names[f.lead] for f in findings if f.lead}


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("AB CD", {}),
        ("AB AC", {"AC": "AB"}),
        ("AB BC", {"BC": "AB"}),
        # The middle of the chain is folded, so its own other end is free to lead.
        ("AB BC CD", {"BC": "AB"}),
        ("BC AB CD", {"AB": "BC", "CD": "BC"}),
        ("AB CD BC", {"BC": "AB"}),
        # Both statements are taken, each by another lead: the higher one has it.
        ("AB CD AD", {"AD": "AB"}),
        ("CD AB AD", {"AD": "CD"}),
        # One vague statement that clashes with everything is one thing to look at.
        ("AH BH CH DH", {"BH": "AH", "CH": "AH", "DH": "AH"}),
        # What clashes without it is another.
        ("AH BH BC", {"BH": "AH"}),
    ],
)
def test_a_pair_goes_under_the_highest_lead_that_has_one_of_its_statements(
    order: str, expected: dict[str, str]
):
    """Chains, stars and pairs between two leads each end where a reader would look for them."""
    assert expected == leads(ranked(order))


PAIRS = st.lists(
    st.sampled_from(["".join(pair) for pair in itertools.combinations("ABCDEFGH", 2)]), unique=True
)


@given(PAIRS)
def test_nothing_is_lost_and_no_order_changes(pairs: list[str]):
    """All findings stay in their order and as they were, and leads share no statement with one another."""
    before = [found(pair) for pair in pairs]
    after = fold(before)
    on_their_own = [f for f in after if not f.lead]
    sides = [side.id for f in on_their_own for side in (f.pair.earlier, f.pair.later)]

    assert before == [replace(finding, lead="") for finding in after]
    assert len(set(sides)) == len(sides)
    assert fold(after) == after


@given(PAIRS)
def test_a_folded_pair_shares_a_statement_with_its_lead_and_comes_after_it(pairs: list[str]):
    """No chain leads to a lead that has neither statement, and no lead is itself folded."""
    after = fold(found(pair) for pair in pairs)
    places = {f.pair.key: (place, f) for place, f in enumerate(after)}

    for place, finding in enumerate(after):
        if finding.lead:
            above, lead = places[finding.lead]
            assert above < place
            assert "" == lead.lead
            assert {lead.pair.earlier.id, lead.pair.later.id} & {
                finding.pair.earlier.id,
                finding.pair.later.id,
            }


def test_near_misses_are_folded_among_themselves():
    """A near miss goes under a near miss, never under a finding that is shown."""
    findings = fold([found("AB"), found("BC", 0.4, Band.MAYBE), found("CD", 0.38, Band.MAYBE)])

    assert {"CD": "BC"} == leads(findings)


def test_the_listing_adds_up_and_keeps_the_ranks():
    """Leads and folded pairs together are all findings, each once, at the rank of its score."""
    listed = listing(ranked("AB BC CD DE EF AC"), first=3)

    assert [3, 5, 7] == [placed.rank for placed in listed.leads]
    assert [4, 8, 6] == [placed.rank for placed in listed.folded]
    assert listed.all_folded == sum(len(placed.under) for placed in listed.leads)
    assert [3, 4, 5, 6, 7, 8] == [placed.rank for placed in listed.cards]


def test_a_capped_listing_links_to_what_has_a_card():
    """Of each kind the highest get a card, and what has none is named by its rank alone."""
    listed = listing(ranked("AB CD AE AF EF"), most=1)

    assert (1, 1, 3, 2) == (len(listed.leads), len(listed.folded), listed.all_leads, listed.all_folded)
    assert [(3, True), (4, False)] == [(rank, bool(key)) for rank, key in listed.leads[0].under]


def test_each_statement_of_a_folded_pair_names_the_lead_that_has_it():
    """A pair between two leads names both, each at its own side."""
    (folded,) = listing(ranked("AB CD BD")).folded

    assert [1, 2] == [also and also.rank for also in folded.also]
    assert 1 == (folded.lead and folded.lead.rank)


def test_the_numbers_are_told_where_they_differ():
    """A summary says how many findings stand on statements of their own, in good grammar, or nothing."""
    assert " (2 of them on statements of their own)" == own_words(make_result(*ranked("AB CD AC")))
    assert " (1 of them on statements of its own)" == own_words(make_result(*ranked("AB AC")))
    assert "" == own_words(make_result(*ranked("AB CD")))
    assert stack_words(1, 1).startswith("1 finding is on statements of its own. 1 more pair shares a ")
    assert "3 findings are on statements of their own. 2 more pairs share a " in stack_words(3, 2)


def test_one_wording_tells_what_shares_a_statement():
    """Every report takes the number and its noun from the same words."""
    assert "1 more pair shares a statement with" == sharing_words(1)
    assert "1,204 more pairs share a statement with" == sharing_words(1204)
    written = [
        path.name
        for path in Path(folding.__file__).parent.rglob("*")
        if path.suffix in (".py", ".html") and "more pairs share" in path.read_text("utf-8")
    ]
    assert ["folding.py"] == written


def test_the_json_document_names_each_finding_s_lead():
    """A lead has null, a folded finding the pair of its lead, and the document keeps to its schema."""
    data = json.loads(jsondoc.render(make_result(tax_finding(), shared_finding())))

    assert [None, tax_finding().pair.key] == [finding["lead"] for finding in data["findings"]]
    assert (2, 1) == (data["counts"]["shown"], data["counts"]["leads"])
    assert [] == [error.message for error in Draft202012Validator(SCHEMA).iter_errors(data)]


def test_the_table_names_each_finding_s_lead():
    """The column is empty for a lead."""
    rows = table.rows(table.render(make_result(tax_finding(), shared_finding())))

    assert ["", tax_finding().pair.key] == [row["lead"] for row in rows]


def test_a_report_from_before_can_be_compared(tmp_path: Path):
    """A JSON report of version 1.1, which knows no leads, reads as before, and folding moves nothing."""
    new = jsondoc.document(make_result(tax_finding(), shared_finding()))
    old = json.loads(json.dumps(new))
    old["schema_version"] = "1.1"
    del old["counts"]["leads"]
    for finding in old["findings"]:
        del finding["lead"]
    path = tmp_path / "old.json"
    path.write_text(json.dumps(old), "utf-8")
    compared = compare_reports(read_report(path), new)

    assert ((), (), (), 2) == (compared.appeared, compared.vanished, compared.moved, compared.unchanged)


def test_a_packet_is_about_its_pair_alone():
    """The packet of a folded pair names no lead that is not in it, and holds the whole card."""
    findings = fold([tax_finding(), shared_finding()])
    result = make_result(*findings)
    for whole in (result, replace(result, judged=findings)):
        files = packet(whole, shared_finding().pair.key)

        assert None is json.loads(files["finding.json"])["findings"][0]["lead"]
        assert "Under finding" not in files["finding.md"].decode()
        assert "also in finding" not in files["finding.md"].decode()


def test_what_stood_under_a_dismissed_lead_leads(tmp_path: Path):
    """When readers call a lead consistent, the next pair of its statements leads, and the counts add up."""
    settings = Settings(labels=tmp_path / "labels.sqlite")
    result = make_result(*ranked("AB BC BD EF"))
    with LabelStore(tmp_path / "labels.sqlite") as store:
        store.add([label_of(result.findings[0], Answer.CONSISTENT, reader="ana")])
    after = without_dismissed(result, settings)

    assert {"BC": "AB", "BD": "AB"} == leads(result.findings)
    assert {"BD": "BC"} == leads(after.findings)
    assert (3, 2, 0, 1) == tuple(after.counts[name] for name in ("shown", "leads", "maybe", "dismissed"))
