"""Clauses without a parser: where they end, their subject and tense, and what is negated."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.clauses import Clause, Role, Tense, main_verb, read_clauses, role_of, subjects_meet, tenses_meet


def _clause(text: str) -> Clause:
    return read_clauses(text)[0]


def _denied(text: str, word: str) -> bool:
    for clause in read_clauses(text):
        for index, found in enumerate(clause.words):
            if found.text == word:
                return clause.is_negated(index)
    raise AssertionError(f"{word} is not in {text}")


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("We will never raise taxes.", "raise"),
        ("I won't sign.", "sign"),
        ("No one will drag us west.", "drag"),
        ("They refuse to sign.", "sign"),
        ("He failed to pay.", "pay"),
        ("I do not think that we should leave.", "leave"),
        ("She denied that they met.", "met"),
        ("Nothing was decided.", "decided"),
        ("We ruled out selling the port.", "selling"),
        ("They left without paying.", "paying"),
    ],
)
def test_negation_reaches_the_predicate(text: str, word: str):
    """Plain, implicit and raised negation all reach the verb they deny."""
    assert _denied(text, word) is True


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("I will run without fail.", "run"),
        ("We will not fail to respond.", "respond"),
        ("There is no doubt that we will win.", "win"),
        ("Not only will we build it.", "build"),
        ("We did not come, but we will sign.", "sign"),
        ("We never refuse to help.", "help"),
        ("I could not agree more.", "agree"),
        ("We will sign, and they will not.", "sign"),
    ],
)
def test_what_looks_negative_and_is_not(text: str, word: str):
    """Double negation cancels out, idioms negate nothing, and a negation ends with its clause."""
    assert _denied(text, word) is False


@pytest.mark.parametrize(
    ("text", "tense"),
    [
        ("We will sign.", Tense.FUTURE),
        ("We are going to sign.", Tense.FUTURE),
        ("We signed.", Tense.PAST),
        ("We have never met.", Tense.PERFECT),
        ("We are safe.", Tense.PRESENT),
        ("We could sign.", Tense.MODAL),
        ("We have to sign.", Tense.MODAL),
        ("The vote in May is free.", Tense.PRESENT),
    ],
)
def test_tense_is_read_from_the_auxiliaries(text: str, tense: Tense):
    """A clause is placed in time by its auxiliaries and verb forms; the month of May is no modal."""
    assert tense is _clause(text).tense


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("I sign.", "first"),
        ("Our party will sign.", "first"),
        ("You sign.", "second"),
        ("They sign.", "third"),
        ("Next year we will sign.", "first"),
        ("From May they are signing.", "third"),
        ("This year brought a treaty.", "third"),
    ],
)
def test_the_person_of_the_subject(text: str, subject: str):
    """Speaker, addressee and others are told apart."""
    assert subject == _clause(text).subject


def test_questions_and_conditions_are_known():
    """A question states nothing and an if-clause only supposes."""
    question, condition = _clause("Will they raise taxes?"), _clause("If they raise taxes, we leave.")

    assert question.question is True
    assert condition.is_conditional is True
    assert [False, True] == [clause.question for clause in read_clauses("We won. Who lost?")]


def test_a_promise_meets_a_later_past_but_a_past_no_later_hope():
    """Order matters: what was promised can be told later, what was done is not undone by a plan."""
    ahead, past = _clause("We will sign."), _clause("We did not sign.")

    assert tenses_meet(ahead, past) is True
    assert tenses_meet(past, ahead) is False


def test_a_state_now_does_not_meet_a_hope():
    """A lack now and a win later can both be true; an attitude is another matter."""
    now, hope = _clause("We do not win."), _clause("We will win.")

    assert tenses_meet(now, hope) is False
    assert tenses_meet(now, hope, "support") is True


def test_speakers_and_others_are_not_one_subject():
    """What they do says nothing about what I do; a noun may be the pronoun's."""
    assert subjects_meet(_clause("I pay."), _clause("They pay.")) is False
    assert subjects_meet(_clause("The mayor will pay."), _clause("He will pay.")) is True


@pytest.mark.parametrize(
    ("text", "word", "role"),
    [
        ("We will raise taxes.", "raise", Role.VERB),
        ("Taxes will be raised.", "raised", Role.VERB),
        ("The dam is safe.", "safe", Role.COMPLEMENT),
        ("We have a plan.", "plan", Role.POSSESSION),
        ("There is no plan.", "plan", Role.POSSESSION),
    ],
)
def test_the_role_of_a_word(text: str, word: str, role: Role):
    """The words before it tell whether a word is verb, complement or possession."""
    clause = _clause(text)
    index = [w.text for w in clause.words].index(word)

    assert role is role_of(clause, index)


def test_the_main_verb_follows_the_auxiliary():
    """The first word with content after the auxiliaries is the predicate."""
    clause = _clause("The ministry will never again sell weapons.")
    index = main_verb(clause)

    assert index is not None
    assert "sell" == clause.words[index].text


@given(st.text(max_size=300))
def test_clauses_keep_the_words_in_order(text: str):
    """Whatever the text, clauses hold its words once, in order, inside the text."""
    starts = [word.span.start for clause in read_clauses(text) for word in clause.words]

    assert sorted(starts) == starts
    assert all(0 <= c.span.start < c.span.end <= len(text) for c in read_clauses(text))
