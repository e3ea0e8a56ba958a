"""Buckets give what one run gives, wherever they are judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.buckets import Bucket, merge, read_outcome, result_path, run_bucket, split
from checker.cache import Cache
from checker.errors import InputError, UsageError
from checker.pipeline import Models, Record, assemble, judge_statements
from checker.records import Mode, Statement
from checker.settings import Scope, Settings
from tests.doubles import RuleScorer, WordEmbedder, day, statement

SETTINGS = Settings(similarity=0.1, neighbours=50)
TOPICS = ("the fuel tax", "the old port", "the school meals", "the northern border")


def _statements() -> list[Statement]:
    said = ("We will never touch {}.", "We will change {} soon.", "Nobody asked about {}.", "I saw {}.")
    own = [
        statement(form.format(topic), speaker=speaker, said_on=day(f"20{10 + n}-01-0{1 + m}"))
        for speaker in ("Ana", "Bo", "Cy", "Di")
        for n, topic in enumerate(TOPICS[: 2 if speaker == "Di" else 4])
        for m, form in enumerate(said)
    ]
    report = statement(
        "They changed the old port.", speaker="Daily", mode=Mode.REPORT, said_on=day("2020-01-01")
    )
    return [*own, report]


def _models() -> Models:
    return Models(WordEmbedder(), RuleScorer())


def _by_buckets(buckets: list[Bucket], folder: Path, statements: list[Statement]):
    outcomes = []
    for number, bucket in enumerate(buckets):
        target = folder / f"{number}.json"
        run_bucket(bucket, SETTINGS, _models(), screen=None, cache=Cache(None), target=target)
        outcomes.append(read_outcome(target, {s.id: s for s in statements}, SETTINGS))
    return merge(outcomes)


def _seen(findings):
    """All of a finding but the topic's name, which is given within a bucket."""
    return [
        (
            *(f.pair.key, f.score, f.band, f.lead, f.verdict),
            *(f.judgment.forward, f.judgment.backward, f.judgment.evidence),
        )
        for f in findings
        if f.band != "below"
    ]


@pytest.mark.parametrize("size", [4, 8, 20, 1000])
def test_buckets_together_find_what_one_run_finds(size, tmp_path):
    """The same findings in the same order and the same counts, however the speakers are parted."""
    statements = _statements()
    whole = judge_statements(statements, SETTINGS, _models(), screen=None, cache=Cache(None))
    parted = _by_buckets(split(statements, size=size), tmp_path, statements)

    assert _seen(whole.findings) == _seen(parted.findings) != []
    assert (whole.possible, whole.near, whole.wanted, whole.judged) == (
        parted.possible,
        parted.near,
        parted.wanted,
        parted.judged,
    )
    assert [p.key for p in whole.held] == [p.key for p in parted.held]


@pytest.mark.parametrize("size", [8, 20])
def test_pairs_are_folded_over_the_borders_of_buckets(size, tmp_path):
    """A report that two speakers share is in two buckets; what shares it goes under one lead all the same."""
    statements = _statements()
    record = Record(tuple(statements), (), (), (), {})
    cards = (WordEmbedder.card, RuleScorer.card)
    whole = judge_statements(statements, SETTINGS, _models(), screen=None, cache=Cache(None))
    parted = _by_buckets(split(statements, size=size), tmp_path, statements)
    one, other = (assemble(record, outcome, SETTINGS, cards) for outcome in (whole, parted))

    assert _seen(one.findings) == _seen(other.findings)
    assert one.counts == other.counts
    assert 0 < one.counts["leads"] < one.counts["shown"]


def test_every_statement_is_in_a_bucket_and_reports_in_all():
    """No speaker is parted unless there are too many statements; then each share holds all of them."""
    statements = _statements()
    small = split(statements, size=16)

    assert {s.id for s in statements} == {s.id for bucket in small for s in bucket.statements}
    assert all(any(s.mode is Mode.REPORT for s in bucket.statements) for bucket in small)
    shares = [b for b in split(statements, size=2) if b.shares > 1]
    assert {(0, 2), (1, 2)} == {(b.share, b.shares) for b in shares}
    assert 17 == len(shares[0].statements)


def test_the_heaviest_bucket_comes_first():
    """What takes longest is begun first, so that no worker waits for it at the end."""
    weights = [bucket.weight for bucket in split(_statements(), size=16)]

    assert sorted(weights, reverse=True) == weights


def test_a_result_is_named_after_all_that_shapes_it(tmp_path):
    """Another cut, model, share or text gives another file; the same run finds its own."""
    bucket = split(_statements(), size=1000)[0]
    name = result_path(tmp_path, bucket, SETTINGS, ("a", "b"), 50)
    others = [
        result_path(tmp_path, bucket, Settings(similarity=0.2), ("a", "b"), 50),
        result_path(tmp_path, bucket, SETTINGS, ("a", "c"), 50),
        result_path(tmp_path, bucket, SETTINGS, ("a", "b"), 5000),
        result_path(tmp_path, Bucket(bucket.statements, 0, 2), SETTINGS, ("a", "b"), 50),
        result_path(tmp_path, Bucket(bucket.statements[1:]), SETTINGS, ("a", "b"), 50),
    ]

    assert name == result_path(tmp_path, bucket, SETTINGS, ("a", "b"), 50)
    assert 6 == len({name, *others})


def test_a_damaged_result_is_named(tmp_path):
    """A half-written file ends in one message, not in findings that lack a bucket."""
    (tmp_path / "bucket.json").write_text('{"judgments": [')

    with pytest.raises(InputError, match=r"bucket\.json"):
        read_outcome(tmp_path / "bucket.json", {}, SETTINGS)


def test_options_that_need_everything_in_one_place_are_refused(tmp_path):
    """The Ray engine says which option to change before it starts anything."""
    from checker.cluster import check_on_ray

    record = Record((), (), (), (), {})
    for settings in (Settings(scope=Scope.ALL), Settings(pairs_out=tmp_path), Settings(budget_minutes=1)):
        with pytest.raises(UsageError, match="--engine ray"):
            check_on_ray(record, settings)


def test_two_ray_workers_find_what_one_process_finds(tmp_path, monkeypatch):
    """A local cluster of two workers gives the local engine's findings, and a second run only reads files."""
    pytest.importorskip("ray", reason="the extra 'ray' is not installed: pip install statement-checker[ray]")
    from checker.cluster import check_on_ray
    from checker.pipeline import check_record, load_models

    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    record = Record(tuple(_statements()), (), (), (), {})
    settings = Settings(similarity=0.3, cache=False, workers=2, maybe=0.05)
    local = check_record(record, settings, load_models(settings), cache=Cache(None))
    there = check_on_ray(record, settings, folder=tmp_path, bucket_size=16)

    assert _seen(local.findings) == _seen(there.findings) != []
    assert local.counts == there.counts
    assert 4 == len(list(tmp_path.glob("bucket-*.json")))
    monkeypatch.setattr("checker.cluster._ray", lambda: 1 / 0)
    assert _seen(there.findings) == _seen(
        check_on_ray(record, settings, folder=tmp_path, bucket_size=16).findings
    )
