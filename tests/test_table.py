"""CSV output opens in a spreadsheet without running anything, and reads back exactly."""

from __future__ import annotations

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from checker.renderers import table
from tests.builders import (
    FORMULA,
    HOSTILE,
    LONG,
    empty_result,
    make_finding,
    make_result,
    make_statement,
    tax_finding,
)
from tests.expected_files import kept


def cells(content: bytes) -> list[list[str]]:
    """All cells below the header."""
    return list(csv.reader(io.StringIO(content.decode(), newline="")))[1:]


def test_table_equals_the_kept_file() -> None:
    """The table is, byte for byte, the one that was read and kept."""
    content = table.render(make_result(*make_result().findings[:3]))
    assert kept("holt.csv", content) == content


def test_no_cell_starts_a_formula() -> None:
    """A spreadsheet finds no cell to run, and the guard is recorded."""
    row = cells(table.render(make_result()))[2]
    assert [] == [cell for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert "later_text later_outlet" == row[-1]


def test_texts_read_back_exactly() -> None:
    """Formulas, hostile and very long texts come back character by character."""
    texts = {row["earlier_text"] for row in table.rows(table.render(make_result()))}
    texts |= {row["later_text"] for row in table.rows(table.render(make_result()))}
    assert {HOSTILE, FORMULA, LONG} <= texts


@given(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"), min_size=1))
def test_any_text_reads_back(earlier: str, later: str) -> None:
    """Whatever is said survives being written and read."""
    finding = make_finding(make_statement(earlier), make_statement(later))
    row = table.rows(table.render(make_result(finding)))[0]
    assert (earlier, later) == (row["earlier_text"], row["later_text"])


def test_a_result_without_findings_is_an_empty_table() -> None:
    """No finding, no row."""
    assert [] == table.rows(table.render(empty_result()))


def test_render_pairs_holds_all_scores() -> None:
    """Every judged pair is listed with the scores of both directions."""
    row = table.rows(table.render_pairs([tax_finding()]))[0]
    assert "0.910000" == row["forward_contradiction"]
    assert "0.050000" == row["backward_entailment"]
    assert "0.624000" == row["similarity"]
    assert tax_finding().pair.key == row["pair"]
