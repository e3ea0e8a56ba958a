from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.embed import embed
from checker.pair import in_order, omissions, pair
from checker.records import Mode
from checker.settings import Scope
from tests.doubles import WordEmbedder, day, statement


def _vectors(statements):
    from checker.cache import Cache

    return embed(statements, WordEmbedder(), cache=Cache(None))


def _texts(pairing):
    return {frozenset((p.earlier.text, p.later.text)) for p in pairing.pairs}


def test_two_speakers_do_not_meet():
    """Statements of different speakers are not compared unless all against all is asked for."""
    both = [statement("taxes will rise", speaker="Ana"), statement("taxes will fall", speaker="Bo")]

    assert () == pair(both, _vectors(both)).pairs
    assert 1 == len(pair(both, _vectors(both), scope=Scope.ALL).pairs)


def test_reports_meet_speakers_but_not_each_other():
    """A reported fact is compared with what a speaker said, never with another report."""
    words = [
        statement("taxes will never rise", speaker="Ana"),
        statement("taxes rise in May", speaker="Daily", mode=Mode.REPORT),
        statement("taxes rise again", speaker="Weekly", mode=Mode.REPORT),
    ]

    assert {
        frozenset(("taxes will never rise", "taxes rise in May")),
        frozenset(("taxes will never rise", "taxes rise again")),
    } == _texts(pair(words, _vectors(words), similarity=0.0))
    assert () == pair(words, _vectors(words), scope=Scope.SPEAKER).pairs


def _by(speaker, text, *flags):
    own = statement(text, speaker=speaker)
    return replace(own, attribution=replace(own.attribution, flags=flags))


def test_words_of_an_uncertain_speaker_meet_reports_only():
    """A guessed speaker's words are not held against other words of that speaker."""
    words = [
        _by("Ana", "taxes will rise", "uncertain"),
        _by("Ana", "taxes will fall"),
        _by("Ana", "taxes will stay", "uncertain"),
        statement("taxes rose", speaker="Daily", mode=Mode.REPORT),
    ]

    reports = {frozenset((s.text, "taxes rose")) for s in words[:3]}
    assert reports == _texts(pair(words, _vectors(words), similarity=0.0))
    assert 6 == len(pair(words, _vectors(words), similarity=0.0, scope=Scope.ALL).pairs)
    assert any("2 statements have an uncertain speaker" in n for n in omissions(words, Scope.SPEAKER, 0, 0))


def test_words_of_nobody_known_meet_nothing():
    """Statements without a speaker are no person's record."""
    words = [
        _by("", "taxes will rise", "uncertain"),
        _by("", "taxes will fall", "uncertain"),
        statement("taxes rose", speaker="Daily", mode=Mode.REPORT),
    ]

    assert () == pair(words, _vectors(words), similarity=0.0).pairs
    assert ("2 statements have no known speaker: not compared.",) == omissions(
        [replace(s, said_on=day("2020-01-01")) for s in words], Scope.SPEAKER, 0, 0
    )


def test_earlier_first_whatever_the_order_of_reading():
    """The earlier statement of a pair comes first, and an undated one comes last."""
    new, old = statement("b", said_on=day("2024-02-25")), statement("a", said_on=day("2019-11-17"))
    undated = statement("c")

    assert (old, new) == in_order(new, old)
    assert (new, undated) == in_order(undated, new)


def test_a_crowd_of_own_sentences_does_not_push_reports_out():
    """The nearest reports are kept apart from the nearest statements of the speaker."""
    crowd = [statement(f"taxes will rise number {n}", speaker="Ana") for n in range(8)]
    words = [*crowd, statement("taxes went up", speaker="Daily", mode=Mode.REPORT)]

    with_report = [p for p in pair(words, _vectors(words), neighbours=1).pairs if p.is_report_pair]

    assert with_report


def test_the_budget_keeps_the_most_similar_pairs_and_says_what_it_left_out():
    """With room for one pair the nearest one is judged, and the report can name the others' number."""
    words = [statement(t) for t in ("taxes will rise soon", "taxes will rise later", "taxes may fall")]

    pairing = pair(words, _vectors(words), similarity=0.0, max_pairs=1)

    assert {frozenset(("taxes will rise soon", "taxes will rise later"))} == _texts(pairing)
    notes = omissions(words, Scope.SPEAKER, pairing.near, len(pairing.pairs))
    assert "Left out as the least promising ones beyond --max-pairs: 2 of 3 near pairs." in notes


def test_near_pairs_that_are_forgotten_early_are_counted(monkeypatch: pytest.MonkeyPatch):
    """Where memory holds only some of them, the report still tells how many there were."""
    words = [
        statement(f"taxes will rise in year {n}", speaker=who)
        for who in ("Ana", "Bo", "Cy")
        for n in range(4)
    ]
    whole = pair(words, _vectors(words), similarity=0.0)
    monkeypatch.setattr("checker.pair._HELD", 8)
    held = pair(words, _vectors(words), similarity=0.0)

    assert 18 == whole.near == held.near > len(held.pairs)


def test_one_lone_statement_gives_no_pair():
    """A single statement is no error: there is nothing to compare."""
    alone = [statement("taxes will rise")]

    assert (0, ()) == (pair(alone, _vectors(alone)).possible, pair(alone, _vectors(alone)).pairs)


def test_the_neighbouring_sentence_brings_statements_together():
    """A statement that names its topic only in the sentence before it meets others on that topic."""
    bare = statement("That will happen over my dead body.", before="Will you raise fuel taxes?")
    other = statement("Fuel taxes will go up.", said_on=day("2020-01-01"))
    from checker.cache import Cache

    plain = _vectors([bare, other])
    seen = embed([bare, other], WordEmbedder(), cache=Cache(None), context_weight=0.5)

    assert seen.similarity(0, 1) > plain.similarity(0, 1)


@given(st.lists(st.integers(0, 5), min_size=2, max_size=30), st.integers(1, 4))
def test_pairs_are_the_same_whatever_the_order_of_rows(kinds, neighbours):
    """Reading the rows in another order gives the same pairs."""
    words = ["fuel tax", "tax cut", "border wall", "border open", "school books", "school meals"]
    rows = [statement(f"{words[kind]} {index}") for index, kind in enumerate(kinds)]
    turned = rows[::-1]

    assert _texts(pair(rows, _vectors(rows), neighbours=40)) == _texts(
        pair(turned, _vectors(turned), neighbours=40)
    )


def test_tiles_give_what_the_whole_matrix_gives(monkeypatch: pytest.MonkeyPatch):
    """Cutting the product into tiles of three rows loses and adds nothing."""
    rows = [statement(f"number {n} about tax {n % 3}") for n in range(10)]
    vectors = _vectors(rows)
    whole = _texts(pair(rows, vectors, similarity=0.3, neighbours=50))
    expected = {
        frozenset((rows[i].text, rows[j].text))
        for i in range(10)
        for j in range(i)
        if vectors.similarity(i, j) >= 0.3
    }
    monkeypatch.setattr("checker.nearest._TILE", 3)

    assert expected == whole
    assert whole == _texts(pair(rows, vectors, similarity=0.3, neighbours=50))


def test_one_sentence_deep_in_a_long_text_is_enough_to_meet():
    """A statement of many sentences is near another when one of its parts is."""
    long = statement("The choir sang an old song. " * 200 + "We sell the port.", said_on=day("2019-01-01"))
    short = statement("We sell the port.", said_on=day("2020-01-01"))
    (found,) = pair([long, short], _vectors([long, short]), similarity=0.2).pairs

    assert (long, short) == (found.earlier, found.later)


def test_of_equal_promise_the_nearest_come_first():
    """A pair with many nearer ones beside it has worse prospects, however the record is read."""
    words = [statement(f"the port {'and the road ' * (n % 3)}of {n} ships") for n in range(9)]

    def first_pairs(said, count: int) -> set[frozenset[str]]:
        vectors = _vectors(said)
        return _texts(
            pair(said, vectors, similarity=0.0, max_pairs=count, rate=lambda one, _, cosines: 0.0 * cosines)
        )

    vectors = _vectors(words)
    every = pair(words, vectors, similarity=0.0).pairs
    behind = {
        frozenset((p.earlier.text, p.later.text)): max(
            sum(side in (q.earlier, q.later) and q.similarity > p.similarity for q in every)
            for side in (p.earlier, p.later)
        )
        for p in every
    }
    for count in (3, 7, 20):
        chosen = first_pairs(words, count)
        assert chosen == first_pairs(words[::-1], count)
        left = behind.keys() - chosen
        assert max(behind[ends] for ends in chosen) <= min(behind[ends] for ends in left)


def test_promise_outweighs_a_few_places():
    """What promises much is looked at before what is merely near."""
    words = [statement(text) for text in ("the port is old", "the port is new", "the port of the east")]

    def rate(first, second, cosines):
        return np.where(cosines == cosines.min(), 1.0, 0.0)

    found = pair(words, _vectors(words), similarity=0.0, max_pairs=1, rate=rate).pairs
    least = min(pair(words, _vectors(words), similarity=0.0).pairs, key=lambda p: p.similarity)

    assert [least.similarity] == [p.similarity for p in found]
