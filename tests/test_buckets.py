"""Buckets give what one run gives, wherever they are judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from checker.buckets import Bucket, merge, read_outcome, result_path, run_bucket, split
from checker.cache import Cache
from checker.errors import InputError, ModelError, OutputError, UsageError
from checker.nearest import nearest_within
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


def _work_here(monkeypatch, *, writing: bool = True) -> list[Path]:
    """Ray's part is done in this process by rules; gives the buckets worked on as they come."""
    worked: list[Path] = []

    def work(jobs, settings, whole):
        for bucket, path in jobs:
            worked.append(path)
            if writing:
                run_bucket(bucket, settings, _models(), screen=None, cache=Cache(None), target=path)
            yield path

    monkeypatch.setattr("checker.cluster._worked", work)
    return worked


def test_a_combiner_fitted_anew_is_asked_about_every_bucket(tmp_path, monkeypatch):
    """A result keeps the pairs that one combiner listed; another one in the same file lists others."""
    from checker.cluster import check_on_ray
    from checker.flag import SHIPPED

    worked = _work_here(monkeypatch)
    record = Record(tuple(_statements()), (), (), (), {})
    combiner = tmp_path / "combiner.json"
    settings = Settings(similarity=0.1, neighbours=50, combiner=combiner)
    texts = [SHIPPED.read_text("utf-8"), SHIPPED.read_text("utf-8") + "\n"]
    for text in (texts[0], texts[0], texts[1]):
        combiner.write_text(text, "utf-8")
        check_on_ray(record, settings, folder=tmp_path / "out", bucket_size=16)

    assert 8 == len(worked) == len(set(worked))


def test_results_that_nobody_here_can_see_are_an_error(tmp_path, monkeypatch):
    """Workers that wrote to disks of their own must not look like a record without conflicts."""
    from checker.cluster import check_on_ray

    _work_here(monkeypatch, writing=False)
    record = Record(tuple(_statements()), (), (), (), {})
    with pytest.raises(OutputError, match="4 of 4 buckets left no result here"):
        check_on_ray(record, SETTINGS, folder=tmp_path, bucket_size=16)


def test_a_workers_error_is_told_in_its_own_words():
    """What a worker cannot do ends in one message, not in the worker's traceback."""
    exceptions = pytest.importorskip("ray.exceptions", reason="the extra 'ray' is not installed")
    from checker.cluster import _wait_for

    class FailingRay:
        @staticmethod
        def get(task):
            raise exceptions.RayTaskError(
                "run", "Traceback: ...", ModelError("no combiner")
            ).as_instanceof_cause()

    FailingRay.exceptions = exceptions
    with pytest.raises(ModelError) as raised:
        _wait_for(FailingRay, None)
    assert "no combiner" == str(raised.value)


def test_without_an_address_no_other_cluster_is_joined(monkeypatch):
    """Where a cluster runs on this machine, Ray would join it and refuse the number of cores."""
    from checker.cluster import _worked

    class StoppingRay:
        is_initialized = staticmethod(lambda: False)

        @staticmethod
        def init(**given):
            raise InputError(str(given["address"]))

    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.setattr("checker.cluster._ray", lambda: StoppingRay)
    with pytest.raises(InputError, match=r"^local$"):
        list(_worked([(Bucket(()), Path())], SETTINGS, 1))


def test_what_is_to_be_noted_is_noted_once(tmp_path, monkeypatch):
    """All shares of a speaker pair the same statements; what they note of that is told once."""
    monkeypatch.setattr("checker.pair.EXACT_UP_TO", 3)
    monkeypatch.setattr("checker.pair.nearest_by_index", lambda *given: (*nearest_within(*given), 0.99))
    ana = [s for s in _statements() if s.speaker == "Ana"]
    shares = split(ana, size=2)

    assert 2 == len(shares)
    assert 1 == len(_by_buckets(shares, tmp_path, ana).notes)


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
