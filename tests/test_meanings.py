"""Antonyms, semantic fields, commitments and the word lists behind them."""

from __future__ import annotations

import pytest

from checker.alignment import words
from checker.commitments import commitment_of, condition_in
from checker.lexicon import by_first_word, word_groups, word_list, word_pairs
from checker.meanings import field_words, opposed_terms, predicate_relation, shared_fields


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("we support it", "we opposed it"),
        ("in favour of the dam", "against the dam"),
        ("raise", "slashed"),
        ("our allies", "our enemies"),
        ("withdraw from the pact", "ratify the pact"),
    ],
)
def test_opposites_are_found_in_any_form(one: str, other: str):
    """Words and phrases meet their opposites by stem, in either order."""
    assert list(opposed_terms(words(one), words(other)))
    assert list(opposed_terms(words(other), words(one)))


def test_unrelated_words_are_not_opposed():
    """Two words of different lines are no opposites."""
    assert [] == list(opposed_terms(words("we support it"), words("we sold it")))


@pytest.mark.parametrize(
    ("verb", "told", "relation"),
    [
        ("raise", "they raised it", 1),
        ("raise", "they increased it", 1),
        ("raise", "they cut it", -1),
        ("raise", "it rained", 0),
    ],
)
def test_a_verb_is_found_again_or_turned_round(verb: str, told: str, relation: int):
    """A report can say the same verb, a like one, its opposite or neither."""
    assert relation == predicate_relation(words(verb)[0], words(told))[0]


def test_fields_join_texts_that_share_no_word():
    """Tanks and an invasion are one field though no letter is shared."""
    assert "force and war" in shared_fields("We will not move tanks.", "The invasion began at dawn.")
    assert [] == shared_fields("The choir sang.", "The invasion began.")


def test_doings_are_told_from_subjects():
    """Only a doing can be a reported event; a tank alone is none."""
    found = {f.word.text: f.doing for f in field_words("Tanks attacked at dawn.")["force and war"]}

    assert {"tanks": False, "attacked": True} == found


@pytest.mark.parametrize(
    ("text", "level"),
    [
        ("I will run without fail", 5),
        ("We will never sell", 5),
        ("We will build it", 4),
        ("We intend to build it", 3),
        ("We might build it", 2),
        ("Many things could change", 1),
        ("We have not decided", 1),
    ],
)
def test_the_scale_of_commitment(text: str, level: int):
    """From bound to open in five steps; an explicit phrase beats the auxiliary beside it."""
    found = commitment_of(words(text))

    assert found is not None
    assert level == found.level


@pytest.mark.parametrize("text", ["The dam is safe", "We met in May", ""])
def test_a_plain_statement_commits_to_nothing(text: str):
    """Facts, months and silence bind nobody."""
    assert commitment_of(words(text)) is None


def test_conditions_are_marked_and_idioms_are_not():
    """Words such as "as long as" attach a condition, "as if" does not."""
    text = "We stay as long as it pays"
    found = condition_in(words(text))

    assert found is not None
    assert "as long as" == found.of(text)
    assert condition_in(words("He talks as if nothing happened")) is None


def test_word_lists_are_clean():
    """No list is empty, no opposite stands on both sides of its line, and every field has doings."""
    assert all(left and right and not set(left) & set(right) for left, right in word_pairs("opposites"))
    assert all(any(word.startswith("!") for word in members) for members in word_groups("fields").values())
    assert "never" in word_list("function")


def test_phrases_stand_under_their_first_word_longest_first():
    """So that a reader takes the longest phrase that fits."""
    found = by_first_word(["no doubt", "not only", "no doubt about it", "hardly"])

    assert {"no": 2, "not": 1, "hardly": 1} == {first: len(phrases) for first, phrases in found.items()}
    assert [("no", "doubt", "about", "it"), ("no", "doubt")] == found["no"]
