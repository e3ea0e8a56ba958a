"""The JSON output keeps to its published schema and holds every text exactly."""

from __future__ import annotations

import json
from importlib.resources import files

import pytest
from jsonschema import Draft202012Validator

from checker.records import CheckResult
from checker.renderers import jsondoc
from tests.builders import HOSTILE, LONG, empty_result, make_finding, make_result, make_statement
from tests.expected_files import kept

SCHEMA = json.loads(files("checker.renderers").joinpath("report.schema.json").read_text("utf-8"))


def test_the_schema_is_a_schema_of_this_version() -> None:
    """The published schema is valid itself and names the version that is written."""
    Draft202012Validator.check_schema(SCHEMA)
    assert jsondoc.SCHEMA_VERSION == SCHEMA["properties"]["schema_version"]["const"]


@pytest.mark.parametrize(
    "result",
    [make_result(), empty_result(), empty_result(make_statement("Alone."))],
    ids=["full", "none", "one"],
)
def test_documents_keep_to_the_schema(result: CheckResult) -> None:
    """Every document, with or without findings, is valid."""
    data = json.loads(jsondoc.render(result))
    assert [] == [error.message for error in Draft202012Validator(SCHEMA).iter_errors(data)]


def test_document_equals_the_kept_file() -> None:
    """The document is, byte for byte, the one that was read and kept."""
    content = jsondoc.render(make_result(*make_result().findings[:3]))
    assert kept("holt.json", content) == content


def test_each_statement_is_a_line_of_its_own() -> None:
    """What is read back is the document, odd signs included, and a line more is a statement more."""
    lines = []
    for result in (
        empty_result(),
        empty_result(make_statement("Alone.")),
        empty_result(make_statement(HOSTILE)),
    ):
        written = jsondoc.render(result)
        assert jsondoc.document(result) == json.loads(written)
        lines.append(written.count(b"\n"))

    assert [lines[0] + 2] * 2 == lines[1:]


def test_texts_are_exact() -> None:
    """Hostile and very long texts come back character by character."""
    texts = {statement["text"] for statement in json.loads(jsondoc.render(make_result()))["statements"]}
    assert {HOSTILE, LONG} <= texts


def test_a_lone_surrogate_is_escaped() -> None:
    """Half a character, which UTF-8 cannot hold, comes back as it was."""
    finding = make_finding(make_statement("half \ud800 sign"), make_statement("whole"))
    data = json.loads(jsondoc.render(make_result(finding)).decode("utf-8"))
    assert "half \ud800 sign" == data["statements"][0]["text"]


def test_scores_have_two_decimals() -> None:
    """Scores are written no finer than they are stable."""
    assert 0.62 == json.loads(jsondoc.render(make_result()))["findings"][0]["similarity"]
