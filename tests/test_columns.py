from __future__ import annotations

import pytest

from checker.errors import MissingColumnError, SettingsError
from checker.readers.columns import ALIASES, STANDARD, map_columns, row_of
from checker.readers.registry import ReadOptions

NOTHING_SAID = ReadOptions()


@pytest.mark.parametrize(
    ("header", "names"),
    [
        (["speaker", "text"], ("speaker", "text")),
        (["Quote", "Author", "Date", "Link"], ("text", "speaker", "said_on", "url")),
        (["Who", "STATEMENT", "claimDate"], ("speaker", "text", "said_on")),
        (["claimant", "Claim Reviewed", "date-said"], ("speaker", "text", "said_on")),
        (["person", "utterance", "source", "headline"], ("speaker", "text", "outlet", "title")),
        (["автор", "цитата", "дата"], ("speaker", "text", "said_on")),
        ([" Speaker ", "Text", "Said on", "Target time"], ("speaker", "text", "said_on", "target_time")),
    ],
)
def test_usual_names_map_to_standard_ones(header: list[str], names: tuple[str, ...]) -> None:
    """The names people give their columns are understood without regard to case, spaces and hyphens."""
    assert names == map_columns(header, NOTHING_SAID).names


def test_renamings_are_told_and_standard_names_are_not() -> None:
    """Only what was mapped is worth a word."""
    assert "'Quote' as text" == map_columns(["Quote", "Speaker"], NOTHING_SAID).renamed


def test_a_standard_name_wins_over_an_alias() -> None:
    """With both `quote` and `text`, the text is the text and the quote is carried through."""
    assert ("", "text", "speaker") == map_columns(["quote", "text", "speaker"], NOTHING_SAID).names


def test_of_two_columns_of_one_name_the_first_counts() -> None:
    """A doubled column is carried through, never silently merged."""
    assert ("text", "", "speaker") == map_columns(["text", "text", "speaker"], NOTHING_SAID).names


def test_the_user_s_mapping_wins() -> None:
    """A column named by the user is taken, whatever else would fit."""
    options = ReadOptions(columns={"Remark": "text", "Redner": "speaker"})
    assert ("speaker", "text", "") == map_columns(["Redner", "Remark", "text"], options).names


def test_mapping_to_an_unknown_column_is_a_settings_error() -> None:
    """A misspelt standard name is answered with the list of them."""
    with pytest.raises(SettingsError, match=r"'spekaer' is no standard column; standard are .*speaker"):
        map_columns(["a", "b"], ReadOptions(columns={"a": "spekaer"}))


@pytest.mark.parametrize(
    ("header", "missing", "hint"),
    [
        (["speeker", "text"], "'speaker'", "'speeker' the speaker"),
        (["speaker", "quotes"], "'text'", "'quotes' the text"),
        (["Speaker's name", "statement text"], "'text'|'speaker'", "Speaker's name|statement text"),
        (["foo", "bar"], "'text' and 'speaker'", "Rename a column"),
    ],
)
def test_a_missing_column_is_named_with_the_nearest(header: list[str], missing: str, hint: str) -> None:
    """The message names what is missing, lists what was found and suggests the likeliest column."""
    with pytest.raises(MissingColumnError, match=missing) as caught:
        map_columns(header, NOTHING_SAID)
    message = str(caught.value)
    assert all(f"'{name}'" in message for name in header)
    assert any(part in message for part in hint.split("|"))


def test_no_alias_stands_for_two_columns() -> None:
    """Every other name means one standard column only."""
    every = [name for standard in STANDARD for name in (standard, *ALIASES[standard])]
    assert sorted(set(every)) == sorted(every)


def test_a_lone_surrogate_is_replaced() -> None:
    """Half a character, which no file can be written with, is replaced and reported."""
    columns = map_columns(["speaker", "text"], NOTHING_SAID)
    row, problems = row_of(["A", "x\ud800y"], columns, document="a.jsonl", row=3, options=NOTHING_SAID)
    assert "x\ufffdy" == row.fields["text"]
    assert ["row 3"] == [problem.where for problem in problems]
