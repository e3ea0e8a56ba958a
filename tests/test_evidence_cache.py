from __future__ import annotations

from dataclasses import replace

import pytest

from checker.cache import Cache
from checker.evidence import (
    code_version,
    from_json,
    hopeless_places,
    keep_hopeless,
    keep_judgments,
    kept_judgments,
    pair_names,
    to_json,
)
from checker.judge import judge
from checker.records import Effect, Evidence, Judgment, NliScores, Pair, Span, Subject
from tests.doubles import RuleScorer, day, statement


def _pair(earlier: str = "We will never sell the port.", later: str = "We sell the port.") -> Pair:
    sides = statement(earlier, said_on=day("2019-01-01")), statement(later, said_on=day("2024-01-01"))
    return Pair(*sides, similarity=0.5)


def _judge(pairs: list[Pair], cache: Cache) -> list[Judgment]:
    return judge(pairs, RuleScorer(), cache=cache)


def _count_looks(monkeypatch) -> list[Pair]:
    looked: list[Pair] = []
    monkeypatch.setattr("checker.evidence.detect_all", lambda pair: looked.append(pair) or ())
    return looked


def test_evidence_survives_being_written():
    """Every field of a piece of evidence comes back as it was."""
    one = Evidence("negation", "“never” – \U0001f600", 0.25, Effect.LOWERS, "x", (Span(1, 2),), (Span(0, 4),))

    assert (one, replace(one, kind="")) == from_json(to_json([one, replace(one, kind="")]))


def test_a_judgment_survives_being_kept(tmp_path):
    """Scores to the last bit, evidence, subject and direction come back with the pair that asks."""
    scores = NliScores(0.1, 0.2, 0.7), NliScores(1 / 3, 1 / 3, 1 / 3)
    evidence = (Evidence("dates", "“May” \udc80", 0.5, Effect.LOWERS, "x", (Span(1, 2),)),)
    both = Judgment(_pair(), *scores, evidence, subject=Subject(2, thin=True))
    one_way = Judgment(_pair(), scores[0], scores[0], one_way=True, subject=Subject(0, missing=True))
    with Cache(tmp_path / "cache.sqlite") as cache:
        keep_judgments([b"both", b"one way"], [both, one_way], cache)
        found = kept_judgments([both.pair] * 3, [b"one way", b"neither", b"both"], cache)

    assert {0: one_way, 2: both} == found


def test_what_is_hopeless_needs_no_row_of_its_own(tmp_path, monkeypatch):
    """It is known in any list of its speaker's pairs, to the same judge; turned round it is another pair."""
    monkeypatch.setattr("checker.evidence._MANY", 1)
    pairs = [_pair(), _pair("Taxes rise."), _pair("Ports close.")]
    turned = replace(pairs[1], earlier=pairs[1].later, later=pairs[1].earlier)
    others = [pairs[2], turned, pairs[1]]

    def known(asked: list[Pair], judge: str) -> list[int]:
        return hopeless_places(asked, pair_names(asked, judge), judge, cache).tolist()

    with Cache(tmp_path / "cache.sqlite") as cache:
        keep_hopeless(pairs, pair_names(pairs, "m"), [1, 2], "m", cache)

        assert [1, 2] == known(pairs, "m")
        assert [0, 2] == known(others, "m")
        assert [] == known(pairs, "another judge")
        assert [] == known([], "m")


def test_a_second_look_asks_neither_detector_nor_model(tmp_path, monkeypatch):
    """What was found once is read from the cache, the same to the letter."""
    pairs = [_pair(), _pair("Taxes rise.", "Taxes never rise.")]
    with Cache(tmp_path / "cache.sqlite") as cache:
        first = _judge(pairs, cache)
    monkeypatch.setattr("checker.evidence.detect_all", lambda pair: 1 / 0)
    monkeypatch.setattr("checker.evidence.common_subject", lambda pair: 1 / 0)
    scorer = RuleScorer()
    with Cache(tmp_path / "cache.sqlite") as cache:
        again = judge(pairs, scorer, cache=cache)

    assert first == again
    assert [] == scorer.scored
    assert any(judgment.evidence for judgment in first)


def test_the_pair_asked_about_is_the_pair_given(tmp_path):
    """A judgment from the cache carries this run's similarity and topic, not those of an earlier run."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        _judge([_pair()], cache)
        (again,) = _judge([replace(_pair(), similarity=0.25, topic="ports")], cache)

    assert (0.25, "ports") == (again.pair.similarity, again.pair.topic)


def test_a_pair_turned_round_is_another_pair():
    """Which statement came first is part of what a judgment rests on, and so is who judges."""
    pair = _pair()
    one, other = pair_names([pair, replace(pair, earlier=pair.later, later=pair.earlier)], "m")

    assert one != other
    assert pair_names([pair], "m") != pair_names([pair], "n")


def test_a_changed_statement_is_looked_at_again(tmp_path, monkeypatch):
    """Another date, context or source is another pair, though the words are the same."""
    looked = _count_looks(monkeypatch)
    pair = _pair()
    others = [
        replace(pair, later=replace(pair.later, said_on=day("2024-01-02"))),
        replace(pair, later=replace(pair.later, heading="The port")),
    ]
    with Cache(tmp_path / "cache.sqlite") as cache:
        _judge([pair], cache)
        _judge([pair, *others], cache)

    assert pair == looked[0]
    assert sorted(others, key=repr) == sorted(looked[1:], key=repr)


def test_a_date_that_goes_missing_takes_the_order_from_what_was_kept(tmp_path):
    """Evidence kept while the order was known is not given where it no longer is."""
    pair = _pair("I will attend the summit.", "I will not attend the summit.")
    undated = replace(pair, later=replace(pair.later, said_on=None))
    with Cache(tmp_path / "cache.sqlite") as cache:
        dated_first, undated_next, dated_again = (
            [evidence.explanation for evidence in _judge([asked], cache)[0].evidence]
            for asked in (pair, undated, pair)
        )

    assert dated_first == dated_again
    assert any("earlier" in text for text in dated_first)
    assert undated_next
    assert not any("earlier" in text or "later" in text for text in undated_next)


@pytest.mark.parametrize("name", ["records.py", "detectors/negation.py", "lexicon/words.txt"])
@pytest.mark.parametrize("place", ["checker", "web/checker", "commands/readers/checker"])
def test_changed_code_or_words_find_everything_anew(tmp_path, monkeypatch, place, name):
    """What was found under other code, what a pair's sides are called included, has another name.

    So it is wherever the package is installed.
    """
    monkeypatch.setattr("checker.evidence._PACKAGE", tmp_path / place)
    changed = tmp_path / place / name
    changed.parent.mkdir(parents=True, exist_ok=True)
    versions = set()
    for text in ("earlier", "first", "earlier"):
        changed.write_text(text, "utf-8")
        versions.add(code_version.__wrapped__())

    assert 2 == len(versions)


def test_another_row_in_the_file_changes_nothing(monkeypatch, tmp_path):
    """The file's name and hash are no part of what is known about a pair."""
    looked = _count_looks(monkeypatch)
    pair = _pair()
    grown = replace(pair.later, source=replace(pair.later.source, sha256="b" * 64, document="more.csv"))
    with Cache(tmp_path / "cache.sqlite") as cache:
        _judge([pair], cache)
        _judge([replace(pair, later=grown)], cache)

    assert [pair] == looked
