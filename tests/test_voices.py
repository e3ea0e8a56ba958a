"""Whose view a stretch of a statement is: held, reported or rejected."""

from __future__ import annotations

import pytest

from checker.records import Attribution, Mode, Stance, Statement
from checker.voices import claims_of, stance_at, voices_of


def _statement(
    text: str, *, mode: Mode = Mode.QUOTE, cue: str = "", stance: Stance = Stance.HELD
) -> Statement:
    return Statement("s", text, Attribution("Mara Holt", mode=mode, cue=cue, stance=stance))


def _found(text: str) -> list[tuple[str, Stance]]:
    return [(voice.span.of(text), voice.stance) for voice in voices_of(_statement(text))]


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("My opponents say we will raise taxes.", "we will raise taxes"),
        ("According to the press, I am ill.", "I am ill"),
        ("Some people think the dam is too high.", "the dam is too high"),
        ("They say the port is broken, but it works.", "the port is broken"),
        ("The tax will rise, they say.", "The tax will rise"),
        ("Some people say it costs too much.", "it costs too much"),
        ("Some people say it is too much.", "it is too much"),
    ],
)
def test_a_view_of_others_is_reported(text: str, content: str):
    """Named sources, people and "they" with a verb of saying hold what follows."""
    assert [(content, Stance.REPORTED)] == _found(text)


@pytest.mark.parametrize(
    ("text", "content"),
    [
        ("It is nonsense that we are leaving.", "we are leaving"),
        ("The claim that we sold the port is false.", "we sold the port"),
        ("I reject the idea that the schools are failing.", "the schools are failing"),
        ("They say we will leave. That's a lie.", "we will leave"),
        ("If someone says that they dragged us west, it is nonsense.", "that they dragged us west"),
        ("It is not true that we sold weapons.", "we sold weapons"),
    ],
)
def test_a_view_called_nonsense_is_rejected(text: str, content: str):
    """A verdict word, a rejected claim or a supposition called nonsense turns the polarity."""
    assert [(content, Stance.REJECTED)] == _found(text)


@pytest.mark.parametrize(
    "text",
    [
        "I say we will win the cup.",
        "As I said, the tax will rise.",
        "It is not a lie that we sold weapons.",
        "The ministers who say little do much.",
        "They said it across the whole country.",
        "They said it this very morning.",
        "They said it always and everywhere.",
        "People want work.",
        "",
    ],
)
def test_the_speakers_own_words_are_held(text: str):
    """His own saying, a negated rejection or a verb without a claim leaves the text his."""
    assert [] == _found(text)


def test_a_denying_cue_rejects_a_paraphrase():
    """Reported as denied, X is rejected; the same cue before verbatim words rejects nothing."""
    text = "Lemland is building an alliance."
    indirect = voices_of(_statement(text, mode=Mode.INDIRECT, cue="denied"))

    assert [Stance.REJECTED] == [voice.stance for voice in indirect]
    assert () == voices_of(_statement(text, mode=Mode.QUOTE, cue="denied"))


@pytest.mark.parametrize(
    ("cue", "text"),
    [
        ("denied", "The alliance is not there to attack anybody."),
        ("ruled out", "The charter will not be changed before the vote."),
        ("rejected", "Lemland has never threatened its neighbours."),
    ],
)
def test_a_paraphrase_that_denies_itself_is_held(cue: str, text: str):
    """Where the text holds the denial that its cue names, it is the speaker's view, not turned twice."""
    assert () == voices_of(_statement(text, mode=Mode.INDIRECT, cue=cue))


def test_the_attribution_decides_first():
    """A stance given with the statement covers all of it."""
    text = "The port is sold."
    (voice,) = voices_of(_statement(text, stance=Stance.REPORTED))

    assert text == voice.span.of(text)
    assert Stance.REPORTED is stance_at((voice,), 5)


def test_a_report_has_no_voices():
    """What an outlet states, it states itself."""
    assert () == voices_of(_statement("They say the port is sold.", mode=Mode.REPORT))


def test_claims_leave_out_questions_conditions_and_others_views():
    """Only what the speaker commits himself to is a claim; a rejected view counts turned round."""
    text = "Will it rain? If it rains, we stay. They say we lost. It is nonsense that we sold out."
    claims = claims_of(_statement(text))

    assert ["we stay", "It is nonsense", "we sold out"] == [
        claim.clause.span.of(text).removeprefix("that ") for claim in claims
    ]
    assert claims[-1].rejected_by is not None
    assert claims[-1].is_negated(1) is True
