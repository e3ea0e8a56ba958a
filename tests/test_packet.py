"""A packet holds what a desk publishes and asks, in neutral words."""

from __future__ import annotations

import json
from dataclasses import replace
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from checker.errors import InputError
from checker.packet import find_finding, packet
from tests.builders import (
    hostile_finding,
    make_finding,
    make_result,
    make_statement,
    report_finding,
    tax_finding,
)
from tests.expected_files import kept

KEY = tax_finding().pair.key


@pytest.mark.parametrize(
    "name", ["finding.md", "request-for-comment.md", "corrections.csv", "claimreview.json"]
)
def test_files_equal_the_kept_ones(name: str) -> None:
    """Each file is, byte for byte, the one that was read and kept."""
    content = packet(make_result(tax_finding()), KEY)[name]
    assert kept(f"packet.{name}", content) == content


def test_the_request_is_a_question_and_not_a_charge() -> None:
    """The letter gives both quotes, asks whether they are right, and says nothing about conflict."""
    letter = packet(make_result(tax_finding()), KEY)["request-for-comment.md"].decode()
    assert "To: Mara Holt" in letter
    assert "“I will never raise the income tax.”" in letter
    assert "Are the words given correctly and completely?" in letter
    for word in ("conflict", "contradict", "lie", "lied", "false", "flip", "score"):
        assert word not in letter.casefold().replace("believe", "")


def test_a_report_is_put_to_the_speaker_as_a_report() -> None:
    """Where one side is a reported fact, the speaker is asked whether the report is correct."""
    letter = packet(make_result(report_finding()), report_finding().pair.key)[
        "request-for-comment.md"
    ].decode()
    assert "To: Mara Holt\n" in letter
    assert "Is the report correct?" in letter


def test_the_correction_log_is_empty() -> None:
    """Only the header stands in the log."""
    log = packet(make_result(tax_finding()), KEY)["corrections.csv"]
    assert b"date,what was wrong,what it says now,decided by\n" == log


def test_private_notes_and_other_statements_stay_at_home() -> None:
    """A packet that is mailed on carries neither the desk's notes nor the rest of the record."""
    finding = tax_finding()
    earlier = replace(finding.pair.earlier, note="our source inside", extra=(("tip", "secret"),))
    marked = replace(finding, judgment=replace(finding.judgment, pair=replace(finding.pair, earlier=earlier)))
    whole = b"".join(packet(make_result(marked, report_finding()), KEY).values())
    for words in (b"our source inside", b"secret", b"Our trucks"):
        assert words not in whole


def test_the_finding_keeps_to_the_schema() -> None:
    """The machine-readable part is a report of one finding."""
    schema = json.loads(files("checker.renderers").joinpath("report.schema.json").read_text("utf-8"))
    data = json.loads(packet(make_result(), KEY)["finding.json"])
    assert [] == [error.message for error in Draft202012Validator(schema).iter_errors(data)]
    assert 1 == len(data["findings"])


def test_hostile_words_make_a_packet_too() -> None:
    """Whatever was said, the packet is made and obeys none of it."""
    letter = packet(make_result(), hostile_finding().pair.key)["request-for-comment.md"].decode()
    assert "<script>" not in letter
    assert "\n#" not in letter


def test_an_id_may_be_shortened_but_not_be_unclear() -> None:
    """The first letters will do where only one pair has them."""
    result = make_result(tax_finding(), report_finding())
    assert KEY == find_finding(result, KEY[:4]).pair.key
    with pytest.raises(InputError, match="2 pairs have ids that start with 'p'"):
        find_finding(result, "p")
    with pytest.raises(InputError, match="no judged pair has the id 'x'"):
        find_finding(result, "x")
    with pytest.raises(InputError, match="is a statement; give the id of a pair"):
        find_finding(result, result.statements[0].id)
    with pytest.raises(InputError, match="no judged pair has the id ''"):
        find_finding(result, "")


def test_a_pair_below_the_cuts_has_a_packet() -> None:
    """Every judged pair can be looked at, shown or not."""
    below = make_finding(make_statement("One."), make_statement("Two."))
    result = replace(make_result(tax_finding()), judged=(tax_finding(), below))
    assert below.pair.key == find_finding(result, below.pair.key).pair.key
