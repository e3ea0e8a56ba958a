"""A run with the screen, the clock and the second direction, by models that are rules."""

from __future__ import annotations

from dataclasses import replace

import pytest

from checker.cache import Cache
from checker.pipeline import Models, Record, check_record, judge_statements, screen_for
from checker.records import Band
from checker.screen import Screen
from checker.settings import Settings
from tests.doubles import RuleScorer, WordEmbedder, day, statement

SETTINGS = Settings(similarity=0.1, neighbours=50)


def _statements():
    said = (
        "We will never sell the port.",
        "We will sell the port soon.",
        "The port is old.",
        "I like the port.",
    )
    return tuple(statement(text, said_on=day(f"201{n}-01-01")) for n, text in enumerate(said))


def _screen(**given) -> Screen:
    defaults = {"plain": {"negation in one": 1.0}, "cut": 0.5, "second_from": 0.0}
    return Screen(0.0, **{**defaults, **given})


def _judged(screen, settings=SETTINGS, scorer=None):
    models = Models(WordEmbedder(), scorer or RuleScorer())
    return judge_statements(_statements(), settings, models, screen=screen, cache=Cache(None))


def test_dropped_pairs_are_counted_and_never_judged():
    """The screen keeps what it finds promising, counts the rest, and asks the model about none of it."""
    scorer = RuleScorer()
    outcome = _judged(_screen(), scorer=scorer)

    assert (6, 3, 3) == (outcome.near, outcome.screened, outcome.judged)
    assert all("never" in premise or "never" in hypothesis for premise, hypothesis in scorer.scored)


def test_pairs_of_little_promise_are_never_looked_at():
    """Below the floor no evidence counts: such pairs are dropped, and counted with the others."""
    outcome = _judged(_screen(floor=0.5, cut=-9.0))

    assert (6, 3, 3) == (outcome.near, outcome.screened, outcome.judged)


def test_the_budget_takes_the_most_promising_pairs():
    """With room for one pair, promise decides and not similarity."""
    settings = replace(SETTINGS, max_pairs=1)
    screen = _screen(plain={"numbers differ": 0.0, "negation in one": 1.0, "shared words": -0.01}, cut=-9.0)
    outcome = _judged(screen, settings)

    assert (6, 0, 1, 1) == (outcome.near, outcome.screened, outcome.wanted, outcome.judged)
    (finding,) = outcome.findings
    assert "never" in finding.pair.earlier.text


def test_what_is_listed_was_asked_both_ways():
    """A pair that reaches a cut on one direction alone is asked again before it is listed."""
    scorer = RuleScorer(lambda a, b: (0.0, 0.3, 0.7) if a < b else (0.0, 0.5, 0.5))
    outcome = _judged(_screen(cut=-9.0, second_from=0.99), replace(SETTINGS, maybe=0.2, show=0.9), scorer)
    listed = [f for f in outcome.findings if f.band is not Band.BELOW]

    assert listed
    assert not any(f.judgment.one_way for f in listed)


def test_asking_the_other_way_repeats_nothing(monkeypatch):
    """Neither the first direction nor the evidence is worked out again, also where nothing is kept."""
    looked = []
    monkeypatch.setattr("checker.evidence.detect_all", lambda pair: looked.append(pair.key) or ())
    scorer = RuleScorer(lambda a, b: (0.0, 0.3, 0.7) if a < b else (0.0, 0.5, 0.5))
    outcome = _judged(_screen(cut=-9.0, second_from=0.99), replace(SETTINGS, maybe=0.2, show=0.9), scorer)
    listed = [f for f in outcome.findings if f.band is not Band.BELOW]

    assert 6 + len(listed) == len(scorer.scored) == len(set(scorer.scored)) > 6
    assert 6 == len(looked) == len(set(looked))


def test_a_new_cut_asks_no_model(tmp_path):
    """With other thresholds everything comes from the cache, evidence included."""
    record = Record(_statements(), (), (), (), {})
    with Cache(tmp_path / "cache.sqlite") as cache:
        check_record(record, SETTINGS, Models(WordEmbedder(), RuleScorer()), cache=cache)
    embedder, scorer = WordEmbedder(), RuleScorer()
    with Cache(tmp_path / "cache.sqlite") as cache, pytest.MonkeyPatch.context() as patch:
        patch.setattr("checker.evidence.detect_all", lambda pair: 1 / 0)
        result = check_record(record, replace(SETTINGS, show=0.9), Models(embedder, scorer), cache=cache)

    assert ([], []) == (embedder.embedded, scorer.scored)
    assert 6 == result.counts["pairs_judged"]


def test_one_statement_more_costs_its_own_pairs_only(tmp_path):
    """What was known stays known when the record grows."""
    before = _statements()
    more = statement("Nobody will buy the port.", said_on=day("2020-01-01"))
    with Cache(tmp_path / "cache.sqlite") as cache:
        check_record(
            Record(before, (), (), (), {}), SETTINGS, Models(WordEmbedder(), RuleScorer()), cache=cache
        )
        embedder, scorer = WordEmbedder(), RuleScorer()
        check_record(Record((*before, more), (), (), (), {}), SETTINGS, Models(embedder, scorer), cache=cache)

    assert [more.text] == embedder.embedded
    assert all(more.text in pair for pair in scorer.scored)


def test_the_pairs_that_the_budget_left_out_are_counted():
    """Near pairs are judged, dropped by the look, over the budget or out of time: the counts add up."""
    record = Record(_statements(), (), (), (), {})
    models = Models(WordEmbedder(), RuleScorer())
    counts = check_record(record, replace(SETTINGS, max_pairs=2), models, cache=Cache(None)).counts
    parts = ("pairs_screened", "pairs_over_budget", "pairs_unreached", "pairs_judged")

    assert 4 == counts["pairs_over_budget"]
    assert counts["pairs_compared"] == sum(counts[name] for name in parts)


def test_a_run_out_of_time_says_what_it_left(monkeypatch):
    """When the minutes are over, the report counts the pairs that were not judged."""
    settings = replace(SETTINGS, budget_minutes=1.5)
    clock = iter([0.0, 1e9])
    monkeypatch.setattr("checker.pipeline.time.monotonic", lambda: next(clock))
    models = Models(WordEmbedder(), RuleScorer())
    result = check_record(Record(_statements(), (), (), (), {}), settings, models, cache=Cache(None))

    assert (0, 6, 0) == tuple(
        result.counts[name] for name in ("pairs_judged", "pairs_unreached", "pairs_over_budget")
    )
    assert any("Not reached within 1.5 min: 6 of 6 pairs;" in note for note in result.omissions)


def test_a_small_record_is_judged_whole():
    """The screen is for large records, and never when everything is asked for."""
    assert screen_for(45, SETTINGS) is None
    assert screen_for(10_000, replace(SETTINGS, exhaustive=True)) is None
    assert screen_for(10_000, SETTINGS) is not None
