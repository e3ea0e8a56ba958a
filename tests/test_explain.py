from __future__ import annotations

from dataclasses import replace

import pytest

from checker.cache import Cache
from checker.errors import InputError
from checker.explain import ask, explain, find_statement
from checker.pipeline import Models, Record, new_statement
from checker.records import Mode
from checker.settings import Settings
from tests.doubles import RuleScorer, WordEmbedder, day, statement

MODELS = Models(WordEmbedder(), RuleScorer())


def _record(*statements):
    return Record(tuple(statements), (), (), (), {})


OLD = statement("We will never raise the fuel tax.", said_on=day("2019-01-01"))
NEW = statement("We will raise the fuel tax in May.", said_on=day("2021-01-01"))
FAR = statement("Choirs sang beautifully yesterday evening.", said_on=day("2020-01-01"))
MILD = statement("A fuel tax is a tax.", said_on=day("2022-01-01"))
OTHER = statement("We will raise the fuel tax.", speaker="Bo Berg", said_on=day("2020-01-01"))


def _explain(first, second, **changes):
    record = _record(OLD, NEW, FAR, MILD, OTHER)
    return explain(record, first, second, Settings(**changes), MODELS, cache=Cache(None))


def test_a_shown_pair_missed_no_cut_and_comes_earlier_first():
    """Whatever the order of the ids, the earlier statement is first and a shown pair has no missed cut."""
    explanation = _explain(NEW.id, OLD.id, show=0.3, maybe=0.2)

    assert (OLD, NEW) == (explanation.finding.pair.earlier, explanation.finding.pair.later)
    assert () == explanation.missed


def test_every_detector_answers_or_is_silent():
    """The explanation lists each registered detector, the silent ones too."""
    from checker.detectors.registry import DETECTORS

    assert list(DETECTORS) == list(_explain(OLD.id, NEW.id).evidence)


@pytest.mark.parametrize(
    ("second", "changes", "words"),
    [
        (FAR.id, {"similarity": 0.9}, "similarity .* lies below the cut of 0.90"),
        (OTHER.id, {}, "two speakers are compared only with scope = all"),
        (MILD.id, {"maybe": 0.99, "show": 0.99}, "score .* lies below the cut of 0.99"),
    ],
)
def test_each_missed_cut_is_named(second, changes, words):
    """A pair that is not shown says which cut it missed and by what number."""
    import re

    missed = "; ".join(_explain(OLD.id, second, **changes).missed)

    assert re.search(words, missed)


@pytest.mark.parametrize(("speaker", "words"), [("Ana", "an uncertain speaker"), ("", "an unknown speaker")])
def test_words_that_nobody_is_sure_of_are_out_of_scope(speaker, words):
    """`why` says that a pair was not compared because of who may have said it."""
    sides = [
        replace(s, attribution=replace(s.attribution, speaker=speaker, flags=("uncertain",)))
        for s in (OLD, NEW)
    ]
    missed = explain(_record(*sides), OLD.id, NEW.id, Settings(), MODELS, cache=Cache(None)).missed

    assert any(words in note for note in missed)


def test_a_pair_outside_the_nearest_neighbours_says_so():
    """A pair that is similar enough but crowded out names the setting that did it."""
    crowd = [statement(f"{side.text} Point {n}.") for side in (OLD, NEW) for n in range(3)]
    record = _record(OLD, NEW, *crowd)
    settings = Settings(neighbours=1, similarity=0.0)
    explanation = explain(record, OLD.id, NEW.id, settings, MODELS, cache=Cache(None))

    assert "nearest (neighbours)" in "; ".join(explanation.missed)


def test_a_pair_is_found_by_the_id_that_the_report_gives_it():
    """One id, whole or its beginning, names both statements and explains the same pair."""
    whole = _explain(OLD.id, NEW.id)
    key = whole.finding.pair.key

    assert whole == _explain(key, None) == _explain(key[:6], None)


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("p", None, "'p' fits .* pairs; write more"),
        ("pzzz", None, "no pair 'pzzz' among those near enough to compare"),
        ("", None, "no pair ''"),
        (OLD.id, None, "is a statement; give the id of another one too"),
        ("pzzz", OLD.id, "no statement 'pzzz'.*; if it is a pair's id, give it alone"),
    ],
)
def test_an_id_of_the_wrong_kind_is_told(first, second, words):
    """A statement's id alone, a pair's id beside another, and an unknown one each say what to give."""
    with pytest.raises(InputError, match=words):
        _explain(first, second)


def test_ids_may_be_shortened_while_they_are_unique():
    """The first letters of an id are enough when only one statement has them."""
    assert OLD == find_statement(_record(OLD, NEW), OLD.id[:6])


@pytest.mark.parametrize(("identifier", "words"), [("zzz", "no statement 'zzz'"), ("s", "fits 2 statements")])
def test_an_unknown_or_ambiguous_id_is_an_input_error(identifier, words):
    """Both mistakes end in a message that says what to write instead."""
    with pytest.raises(InputError, match=words):
        find_statement(_record(OLD, NEW), identifier)


def test_the_same_statement_twice_is_refused():
    """A statement cannot be compared with itself."""
    with pytest.raises(InputError, match="the same statement"):
        _explain(OLD.id, OLD.id)


def test_a_new_quote_meets_the_record_of_its_speaker():
    """Only pairs of the new quote come back, the conflict first, under the record's spelling of the name."""
    record = _record(OLD, FAR, OTHER, statement("The fuel tax rose.", speaker="Daily", mode=Mode.REPORT))
    asked = new_statement(record, "We will raise the fuel tax at once.", speaker="Ana Lima", said_on="2024")
    findings = ask(record, asked, Settings(similarity=0.1), MODELS, cache=Cache(None))

    assert OLD == findings[0].pair.earlier
    assert all(asked in (f.pair.earlier, f.pair.later) for f in findings)
    assert OTHER not in {f.pair.earlier for f in findings}


def test_a_new_quote_meets_all_near_it_however_many_others_are_nearer_to_each_other():
    """The budget of pairs is for a whole record; none of it is lost to pairs without the new quote."""
    port = [statement(f"The port town sells port number {n} again.") for n in range(12)]
    record = _record(*port, statement("Fish. " * 200 + "We sell the port."), OLD, OTHER)
    asked = new_statement(record, "We will raise the port tax at once.", speaker="Ana Lima")
    settings = Settings(similarity=0.1, max_pairs=60)
    found = ask(record, asked, settings, MODELS, cache=Cache(None))
    again = ask(record, asked, replace(settings, max_pairs=600_000), MODELS, cache=Cache(None))

    assert 14 == len(found)
    assert [f.pair for f in found] == [f.pair for f in again]
    assert {s.text for s in (*record.statements[:-1], asked)} == {
        side.text for f in found for side in (f.pair.earlier, f.pair.later)
    }
