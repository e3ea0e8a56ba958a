from __future__ import annotations

import random

from checker.cache import Cache
from checker.embed import embed
from checker.topics import find_topics
from tests.doubles import WordEmbedder, statement

FUEL = [statement(t) for t in ("The fuel tax rises.", "The fuel tax will rise again.", "A fuel tax hurts.")]
PORT = [statement(t) for t in ("Nobody sells the port.", "The port is sold.")]
ALONE = [statement("Choirs sang beautifully yesterday evening.")]


def _topics(statements):
    return _topics_with(Cache(None), statements)


def _topics_with(cache, statements):
    vectors = embed(statements, WordEmbedder(), cache=Cache(None))
    return find_topics(statements, vectors.means(range(len(statements))), cache=cache, cut=0.6)


def test_statements_on_one_subject_form_one_topic_named_by_its_words():
    """Groups follow the subject, and a topic's name holds the word its statements share."""
    topics = _topics([*FUEL, *PORT, *ALONE])
    names = {one: topic.name for topic in topics for one in topic.statement_ids}

    assert 1 == len({names[s.id] for s in FUEL})
    assert names[FUEL[0].id] != names[PORT[0].id]
    assert "fuel" in names[FUEL[0].id]
    assert "port" in names[PORT[0].id]


def test_topics_do_not_depend_on_the_order_of_reading():
    """Shuffled rows give equal topics, names and central statements."""
    statements = [*FUEL, *PORT, *ALONE]
    shuffled = random.Random(3).sample(statements, len(statements))

    assert _topics(statements) == _topics(shuffled)


def test_every_statement_has_exactly_one_topic():
    """There is no bin of left-overs: a statement near no other is a topic of its own."""
    topics = _topics([*FUEL, *PORT, *ALONE])
    members = [identifier for topic in topics for identifier in topic.statement_ids]

    assert sorted(members) == sorted(s.id for s in [*FUEL, *PORT, *ALONE])
    assert any(topic.statement_ids == (ALONE[0].id,) for topic in topics)


def test_beyond_what_linkage_can_hold_the_rest_joins_the_nearest_group(monkeypatch):
    """With room for few statements, those left out of the linkage still land in a topic."""
    monkeypatch.setattr("checker.topics._MOST", 3)
    topics = _topics([*FUEL, *PORT, *ALONE])

    assert 6 == sum(len(topic.statement_ids) for topic in topics)


def test_words_read_before_give_the_same_names(tmp_path, monkeypatch):
    """A second run takes the content words from the cache and reads no text again."""
    with Cache(tmp_path / "cache.sqlite") as cache:
        first = _topics_with(cache, [*FUEL, *PORT])
    monkeypatch.setattr("checker.readings.content_words", lambda text: 1 / 0)
    with Cache(tmp_path / "cache.sqlite") as cache:
        again = _topics_with(cache, [*FUEL, *PORT])

    assert first == again


def test_no_statements_give_no_topics():
    """An empty list is no error."""
    assert () == _topics([])
