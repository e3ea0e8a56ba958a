from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest

from checker.errors import ModelError
from checker.features import features
from checker.flag import Combiner, flag, listed, load_combiner, score
from checker.records import Band, Effect, Evidence, Judgment, NliScores, Pair, Relation, Subject, Thresholds
from checker.subject import subject_of
from checker.verdicts import verdict
from tests.doubles import day, statement


def _judgment(contradiction: float, *evidence: Evidence, text: str = "We will cut taxes.") -> Judgment:
    rest = (1 - contradiction) / 2
    scores = NliScores(rest, rest, contradiction)
    earlier = statement("We will raise taxes.", said_on=day("2019-01-01"))
    pair = Pair(earlier, statement(text, said_on=day("2024-01-01")), similarity=0.6)
    return Judgment(pair, scores, scores, evidence)


PLAIN = Combiner(0.0, {"nli.contradiction.mean": 1.0, "odd.raises": 2.0, "odd.lowers": -2.0})


def test_the_score_is_the_logistic_function_of_the_weighted_features():
    """With weight one on the contradiction's log-odds alone, the score is the contradiction itself."""
    value, _ = score(_judgment(0.8), PLAIN)

    assert value == pytest.approx(0.8, abs=0.001)


def test_evidence_raises_and_lowers_and_is_listed_with_its_share():
    """Evidence moves the score its way, and the finding lists how much it added in log-odds."""
    up = Evidence("odd", "raises it", 0.5, Effect.RAISES)
    down = Evidence("odd", "lowers it", 0.5, Effect.LOWERS)
    raised, shares = score(_judgment(0.5, up), PLAIN)
    lowered, _ = score(_judgment(0.5, down), PLAIN)

    assert lowered < 0.5 < raised
    assert ("odd.raises", 1.0) in shares


def test_a_note_and_an_unknown_feature_weigh_nothing():
    """Evidence that only notes, or that the combiner has no weight for, leaves the score alone."""
    note = Evidence("odd", "a remark", 1.0, Effect.NOTES)
    unknown = Evidence("new", "never weighed", 1.0, Effect.RAISES)

    assert score(_judgment(0.4), PLAIN) == score(_judgment(0.4, note, unknown), PLAIN)
    assert "new.raises" in features(_judgment(0.4, unknown))


@pytest.mark.parametrize(
    ("text", "shared", "missing"),
    [
        ("We will cut taxes.", True, False),
        ("The dam is safe.", False, False),
        ("It was a disaster.", False, True),
    ],
)
def test_features_tell_whether_both_sides_speak_of_one_thing(text: str, shared: bool, missing: bool):
    """A word of substance in common, no such word, and a side that names nothing are told apart."""
    values = features(_judgment(0.9, text=text))

    assert shared == (values["subject.shared"] > 0)
    assert missing == ("subject.missing" in values)
    assert shared == ("nli.unshared" not in values)


def test_the_subject_found_when_judging_is_the_one_that_counts():
    """What a judgment holds is taken as it is; only where it holds nothing are the words looked at."""
    unseen = _judgment(0.9)
    seen = replace(unseen, subject=Subject(0, missing=True))

    assert Subject(0, missing=True) == subject_of(seen)
    assert subject_of(unseen).shared > 0
    assert "subject.missing" in features(seen)


def test_a_word_and_a_pronoun_are_a_thin_subject():
    """One word and a pronoun leave open what is meant; a second word of substance, or the context, tells."""
    thin, full = "They want it taxed.", "They want the farmers taxed."

    assert "subject.thin" in features(_judgment(0.9, text=thin))
    assert "subject.thin" not in features(_judgment(0.9, text=full))


def test_the_sentences_around_a_statement_can_say_what_it_is_about():
    """'It was a disaster.' after a sentence on taxes speaks of taxes."""
    vague = replace(statement("It was a disaster."), before="They raised taxes twice.")
    pair = Pair(statement("We will raise taxes."), vague, similarity=0.6)
    values = features(Judgment(pair, NliScores(0, 0, 1), NliScores(0, 0, 1), ()))

    assert "subject.missing" not in values
    assert values["subject.shared"] > 0


def test_findings_come_highest_score_first_each_in_its_band():
    """The cuts decide the bands and the score decides the order."""
    judgments = [_judgment(c, text=f"We will cut {c} taxes.") for c in (0.2, 0.9, 0.6)]
    findings = flag(judgments, combiner=PLAIN, thresholds=Thresholds(0.3, 0.5, 0.8))

    assert [Band.SHOW, Band.MAYBE, Band.BELOW] == [f.band for f in findings]


def test_a_verdict_is_worked_out_only_for_what_is_looked_at(monkeypatch):
    """Pairs below the cuts have a place in the order, and no verdict until one asks."""
    asked = []
    monkeypatch.setattr("checker.flag.verdict", lambda j, *a, **k: asked.append(j) or verdict(j, *a, **k))
    judgments = [_judgment(c, text=f"We will cut {c} taxes.") for c in (0.2, 0.9, 0.3, 0.25)]
    findings = flag(judgments, combiner=PLAIN, thresholds=Thresholds(0.3, 0.5, 0.8))

    assert [0.9] == [finding.judgment.forward.contradiction for finding in listed(findings)]
    assert 1 == len(asked) < len(findings) == len(list(findings))


def test_a_part_of_the_order_is_in_order():
    """Findings can be taken by place, from the end, and in slices, and are the same each time."""
    judgments = [_judgment(c, text=f"We will cut {c} taxes.") for c in (0.2, 0.9, 0.6)]
    findings = flag(judgments, combiner=PLAIN, thresholds=Thresholds())

    assert list(findings)[1:] == list(findings[1:]) == [findings[1], findings[-1]]


def test_the_order_does_not_depend_on_the_order_of_reading():
    """Equal scores are ordered by similarity and then by the pair's key, never by position."""
    judgments = [_judgment(0.5, text=f"We will cut tax {n}.") for n in range(5)]
    thresholds = Thresholds()

    one, other = (flag(j, combiner=PLAIN, thresholds=thresholds) for j in (judgments, judgments[::-1]))

    assert list(one) == list(other)


def test_extreme_scores_stay_within_bounds():
    """A model that is certain does not push the log-odds to infinity, nor does one that sees nothing."""
    sure, blind = (features(_judgment(c))["nli.contradiction.mean"] for c in (1.0, 0.0))

    assert math.isclose(5.0, sure, abs_tol=0.01)
    assert features(_judgment(0.05))["nli.contradiction.mean"] == blind


def test_the_shipped_combiner_loads():
    """The package's own combiner is readable and weighs the model's contradiction upwards."""
    assert load_combiner().weights["nli.contradiction.mean"] > 0


@pytest.mark.parametrize(
    "content", ["", "[]", '{"weights": 3}', json.dumps({"intercept": "x", "weights": {}})]
)
def test_a_broken_combiner_is_named(tmp_path: Path, content: str):
    """A combiner that cannot be used ends in a model error that names the file."""
    path = tmp_path / "combiner.json"
    path.write_text(content, "utf-8")

    with pytest.raises(ModelError, match=r"combiner\.json: not a usable combiner"):
        load_combiner(path)


@pytest.mark.parametrize(("show", "relation"), [(0.55, Relation.CONTRADICTION), (0.8, Relation.TENSION)])
def test_the_verdict_goes_by_the_cuts_of_the_run(show: float, relation: Relation):
    """One score is read as a contradiction or a tension, as the run's own cut for showing says."""
    (finding,) = flag([_judgment(0.7)], combiner=PLAIN, thresholds=Thresholds(0.3, 0.5, show))

    assert relation is finding.verdict.relation
