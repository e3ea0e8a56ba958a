from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from checker.cache import Cache
from checker.errors import InputError, MissingColumnError
from checker.pipeline import Models
from checker.scoring import read_pairs, score_pairs, scored_table
from checker.settings import Settings
from tests.doubles import RuleScorer, WordEmbedder

MODELS = Models(WordEmbedder(), RuleScorer())


def _score(path: Path):
    rows = read_pairs(path)
    findings = score_pairs(rows, Settings(), MODELS, cache=Cache(None))
    return list(csv.DictReader(io.StringIO(scored_table(rows, findings).decode("utf-8"), newline="")))


def _file(folder: Path, text: str) -> Path:
    path = folder / "pairs.csv"
    path.write_text(text, "utf-8")
    return path


def test_each_row_comes_back_in_order_with_its_own_columns_and_a_score(tmp_path: Path):
    """Rows keep their order and their other columns, and the pair that conflicts scores higher."""
    text = "id,a,b\n1,We never pay.,We pay.\n2,We pay.,We pay soon.\n"
    first, second = _score(_file(tmp_path, text))

    assert ("1", "2") == (first["id"], second["id"])
    assert float(first["score"]) > float(second["score"])
    assert {"relation", "shift", "kinds", "similarity", "contradiction"} <= set(first)


def test_the_earlier_date_goes_first_whichever_column_holds_it(tmp_path: Path):
    """Swapping the columns of a dated pair changes nothing in its verdict."""
    straight = "a,b,a_date,b_date\nWe never pay.,We pay.,2019-01-01,2021-01-01\n"
    turned = "b,a,b_date,a_date\nWe never pay.,We pay.,2019-01-01,2021-01-01\n"
    one, two = _score(_file(tmp_path, straight))[0], _score(_file(tmp_path, turned))[0]

    assert (one["score"], one["shift"]) == (two["score"], two["shift"])


def test_a_row_with_an_empty_side_is_kept_and_left_blank(tmp_path: Path):
    """Nothing is lost: the row stands in the output without a score."""
    rows = _score(_file(tmp_path, "a,b\nWe pay.,\nWe pay.,We never pay.\n"))

    assert "" == rows[0]["score"]
    assert rows[1]["score"]


def test_a_missing_column_is_named_with_those_found(tmp_path: Path):
    """The message says which column lacks and which there are."""
    with pytest.raises(MissingColumnError, match=r"no column 'b'; columns found: a, c"):
        read_pairs(_file(tmp_path, "a,c\nx,y\n"))


def test_a_missing_file_is_an_input_error(tmp_path: Path):
    """A wrong path ends in one message that names it."""
    with pytest.raises(InputError, match=r"absent\.csv: cannot be read"):
        read_pairs(tmp_path / "absent.csv")


def test_an_unknown_mode_counts_as_a_quote(tmp_path: Path):
    """A mode that nobody knows does not stop the list."""
    rows = _score(_file(tmp_path, "a,b,a_mode\nWe pay.,We never pay.,sung\n"))

    assert rows[0]["score"]
