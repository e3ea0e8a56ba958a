from __future__ import annotations

from dataclasses import replace

from checker.cache import Cache
from checker.evidence import evidence_names, find_evidence, from_json, to_json
from checker.records import Effect, Evidence, Pair, Span
from tests.doubles import day, statement


def _pair(earlier: str = "We will never sell the port.", later: str = "We sell the port.") -> Pair:
    sides = statement(earlier, said_on=day("2019-01-01")), statement(later, said_on=day("2024-01-01"))
    return Pair(*sides, similarity=0.5)


def _find(pairs: list[Pair], cache: Cache) -> list[tuple[Evidence, ...]]:
    return find_evidence(pairs, evidence_names(pairs), cache)


def test_evidence_survives_being_written():
    """Every field of a piece of evidence comes back as it was."""
    one = Evidence("negation", "“never” – \U0001f600", 0.25, Effect.LOWERS, "x", (Span(1, 2),), (Span(0, 4),))

    assert (one, replace(one, kind="")) == from_json(to_json([one, replace(one, kind="")]))


def test_a_second_look_asks_no_detector(tmp_path, monkeypatch):
    """What was found once is read from the cache, the same to the letter."""
    pairs = [_pair(), _pair("Taxes rise.", "Taxes never rise.")]
    with Cache(tmp_path / "cache.sqlite") as cache:
        first = _find(pairs, cache)
    monkeypatch.setattr("checker.evidence.detect_all", lambda pair: 1 / 0)
    with Cache(tmp_path / "cache.sqlite") as cache:
        again = _find(pairs, cache)

    assert first == again
    assert any(first)


def test_a_pair_turned_round_is_another_pair():
    """Which statement came first is part of what evidence rests on."""
    pair = _pair()
    one, other = evidence_names([pair, replace(pair, earlier=pair.later, later=pair.earlier)])

    assert one != other


def test_a_changed_statement_is_looked_at_again(tmp_path, monkeypatch):
    """Another date, context or source is another pair, though the words are the same."""
    looked = []
    monkeypatch.setattr("checker.evidence.detect_all", lambda pair: looked.append(pair) or ())
    pair = _pair()
    other = replace(pair, later=replace(pair.later, said_on=day("2024-01-02")))
    with Cache(tmp_path / "cache.sqlite") as cache:
        _find([pair], cache)
        _find([pair, other], cache)

    assert [pair, other] == looked


def test_another_row_in_the_file_changes_nothing(monkeypatch, tmp_path):
    """The file's name and hash are no part of what is known about a pair."""
    looked = []
    monkeypatch.setattr("checker.evidence.detect_all", lambda pair: looked.append(pair) or ())
    pair = _pair()
    grown = replace(pair.later, source=replace(pair.later.source, sha256="b" * 64, document="more.csv"))
    with Cache(tmp_path / "cache.sqlite") as cache:
        _find([pair], cache)
        _find([replace(pair, later=grown)], cache)

    assert [pair] == looked
