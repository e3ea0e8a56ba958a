"""The time left that a log is told."""

from __future__ import annotations

from checker.console import _Lines


class _Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


def _told(steps, capsys, **given) -> list[str]:
    clock = _Clock()
    lines = _Lines(clock, **given)
    for at, done in steps:
        clock.now = at
        lines("judging", done, 1000)
    return capsys.readouterr().err.splitlines()


def test_what_the_cache_answered_says_nothing_about_the_rest(capsys):
    """Half the pairs were known at once; the other half go by the pace they are computed at."""
    steps = [(0.0, 500), *((5.0 * n, 500 + 5 * n) for n in range(1, 20))]

    last = _told(steps, capsys)[-1]
    assert last.startswith("judging: 590 of 1000, about 7 min left")


def test_a_line_comes_at_most_every_ten_seconds(capsys):
    """However often work reports, a log gets a line now and then."""
    assert 3 == len(_told([(n / 10, n) for n in range(1, 321)], capsys))


def test_work_that_stands_still_promises_nothing(capsys):
    """Without any progress there is no time left to tell."""
    assert ["judging: 7 of 1000"] == _told([(0.0, 7), (11.0, 7)], capsys)


def test_no_more_time_is_told_than_the_budget_leaves(capsys):
    """A run that its budget will stop says when; one that ends before says what is left to do."""
    steps = [(5.0 * n, 5 * n) for n in range(20)]

    assert _told(steps, capsys, budget_minutes=5)[-1].endswith("of 1000, the time given ends in 4 min")
    assert _told(steps, capsys, budget_minutes=60)[-1].endswith("of 1000, about 15 min left")
