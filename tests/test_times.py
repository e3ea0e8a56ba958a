"""Time expressions in prose: what they are resolved to, and what is none."""

from __future__ import annotations

import re
import sys
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.errors import MissingExtraError
from checker.records import Attribution, Kind, Mode, Precision, Source, Statement, When
from checker.times import (
    Aspect,
    Tense,
    aspect,
    find_times,
    is_beside,
    kind_of,
    parse_date,
    second_opinion,
    target_time,
)
from checker.times.rules import RULES

SUNDAY = date(2024, 2, 25)


def _one(text: str, said: date | None = SUNDAY, **options: Tense | When | None) -> str:
    """The single time of a text in figures, or how many there are."""
    found = find_times(text, said, **options)  # type: ignore[arg-type]
    return str(found[0].when) if len(found) == 1 else f"{len(found)} times"


def _statement(text: str, *, said: date | None = SUNDAY, **others: object) -> Statement:
    said_on = When(said, said) if said else None
    return Statement("s1", text, Attribution("Mara Holt", mode=Mode.QUOTE), said_on=said_on, **others)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("this Sunday (25)", "2024-02-25"),
        ("Friday (1)", "2024-03-01"),
        ("next Friday (1)", "2024-03-01"),
        ("last week", "2024-02-12 to 2024-02-18"),
        ("next week", "2024-02-26 to 2024-03-03"),
        ("In March last year", "2023-03"),
        ("last March", "2023-03"),
        ("in 2022", "2022"),
        ("next year", "2025"),
        ("the 1990s", "1990-01-01 to 1999-12-31"),
        ("mid-2019", "2019-05-02 to 2019-08-31"),
        ("by the end of 2025", "… to 2025-12-31"),
        ("third quarter of 2023", "2023-07-01 to 2023-09-30"),
        ("last summer", "2023-06-01 to 2023-08-31"),
        ("since 1994", "1994-01-01 to …"),
        ("neste domingo (25)", "2024-02-25"),
        ("am Sonntag", "2024-02-25"),
        ("dimanche dernier", "2024-02-18"),
    ],
)
def test_expressions_that_date_libraries_miss_become_the_wanted_period(text: str, wanted: str):
    """Each row that was measured against date libraries gives the day or interval a reader would give."""
    assert wanted == _one(text)


@pytest.mark.parametrize(
    ("text", "said", "wanted"),
    [
        ("this Sunday (25)", date(2024, 2, 27), "2024-02-25"),
        ("this Sunday", date(2024, 2, 27), "2024-03-03"),
        ("Thursday (29)", date(2024, 3, 2), "2024-02-29"),
        ("Sunday (25)", date(2024, 3, 2), "2024-02-25"),
        ("last Sunday", SUNDAY, "2024-02-18"),
        ("next month", date(2024, 12, 31), "2025-01"),
        ("tomorrow", date(2024, 2, 28), "2024-02-29"),
        ("this spring", date(2013, 10, 10), "2013-03-01 to 2013-05-31"),
    ],
)
def test_the_day_of_speaking_decides(text: str, said: date, wanted: str):
    """The same words mean other days when they were said on other days."""
    assert wanted == _one(text, said)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("We signed it on 4 May 2016.", "2016-05-04"),
        ("It fell on Jan. 1, 2020, at noon.", "2020-01-01"),
        ("Sent 2024-02-25T10:00 from Minsk.", "2024-02-25"),
        ("Geboren am 3. März 1950.", "1950-03-03"),
        ("El 25 de febrero de 2024 votamos.", "2024-02-25"),
        ("Голосовали 25 февраля 2024 года.", "2024-02-25"),
        ("It ran from 2015 to 2019.", "2015-01-01 to 2019-12-31"),
        ("between March and June 2020", "2020-03-01 to 2020-06-30"),
        ("He reigned 1994–2020.", "1994-01-01 to 2020-12-31"),
        ("two and a half years ago", "2021"),
        ("within 100 days", "2024-02-25 to 2024-06-04"),
        ("over the next five years", "2024-02-25 to 2029-02-25"),
        ("early next month", "2024-03-01 to 2024-03-11"),
        ("in the late 1980s", "1986-08-31 to 1989-12-31"),
        ("before the end of 2018", "… to 2018-12-31"),
        ("before 2015", "… to 2014-12-31"),
        ("after 2015", "2016-01-01 to …"),
        ("until 2030", "… to 2030-12-31"),
        ("the 20th century", "1901-01-01 to 2000-12-31"),
        ("the 2020 presidential elections", "2020"),
        ("the day after tomorrow", "2024-02-27"),
        ("in Q3 2023", "2023-07-01 to 2023-09-30"),
        ("at Christmas 2020", "2020-12-25"),
        ("We voted on Thursday.", "2024-02-22"),
        ("We will vote on Thursday.", "2024-02-29"),
        ("I resigned in May.", "2023-05"),
        ("It will open in May.", "2024-05"),
        ("the second half of 2021", "2021-07-03 to 2021-12-31"),
        ("on 25/02/2024", "2024-02-25"),
        ("on 25.02.2024", "2024-02-25"),
    ],
)
def test_each_kind_of_expression_is_resolved(text: str, wanted: str):
    """Absolute, relative, bounded and joined expressions become the period they name."""
    assert wanted == _one(text)


@pytest.mark.parametrize(
    "text",
    [
        "We may march on the capital.",
        "He may run, and as March on Parliament began he left.",
        "Mr. May met April Smith.",
        "A decision by Mrs May was awaited by May itself and Mrs May.",
        "64% of the voters, now and then",
        "It came second in the first round.",
        "The house has 2,020 rooms and cost $2020.",
        "No. 1995 flew an F-2000.",
        "In 1900 cases we found 2000 people.",
        "We sat in the sun and wed the thu.",
        "The flight takes 2 hours at 1990 km.",
    ],
)
def test_words_that_only_look_like_dates_stay_words(text: str):
    """Verbs, names, sums and labels are no times, apart from months that a preposition makes one."""
    found = [mention for mention in find_times(text, SUNDAY) if mention.when.how != "month"]

    assert [] == found


def test_a_weekday_that_does_not_fit_its_number_stays_open():
    """A Wednesday the 29th is found but unresolved where the 29th is a Thursday, and marked inconsistent."""
    mention = find_times("Wednesday (29)", SUNDAY)[0]

    assert ("inconsistent",) == mention.flags
    assert not mention.resolved


def test_a_date_in_figures_with_two_readings_gives_its_year_and_both():
    """03/04/2024 is known to the year only, and both days are offered."""
    mention = find_times("03/04/2024", SUNDAY)[0]

    assert "2024" == str(mention.when)
    assert ["2024-04-03", "2024-03-04"] == [str(when) for when in mention.alternatives]


def test_times_of_a_story_count_from_the_time_named_last():
    """Words such as "two years later" hang on the time before them, not on the day of speaking."""
    text = "He came in 1994. Two years later he was president, and that year he changed the law."

    assert ["1994", "1996", "1996"] == [str(mention.when) for mention in find_times(text, SUNDAY)]


def test_times_before_the_text_can_be_handed_in():
    """The caller gives the time named before, for a text that begins with "a year later"."""
    last = When(date(2009, 1, 1), date(2009, 12, 31), Precision.YEAR)

    assert "2010" == _one("a year later", last=last)


def test_without_a_day_of_speaking_relative_times_are_found_but_open():
    """Absolute times are resolved without a reference; "next year" is marked unanchored."""
    found = find_times("In 2022 and next year", None)

    assert ["2022", "unknown date"] == [str(mention.when) for mention in found]
    assert ("unanchored",) == found[1].flags


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("I will run in these elections.", "event"),
        ("I stay until the end of my term.", "until"),
        ("We will never leave.", "unbounded"),
        ("In recent years it rained.", "vague"),
        ("Since 1994 nothing changed.", "since"),
        ("We finish by 2030.", "by"),
    ],
)
def test_flags_say_how_a_time_bounds_its_sentence(text: str, flag: str):
    """Event references, open ends and vague times carry their flag."""
    assert flag in find_times(text, SUNDAY)[0].flags


def test_a_tense_given_by_the_caller_wins():
    """The same weekday lies behind in the past tense and ahead in the future tense."""
    assert "2024-02-22" == _one("on Thursday", tense=Tense.PAST)
    assert "2024-02-29" == _one("on Thursday", tense=Tense.FUTURE)


@pytest.mark.parametrize(
    ("cell", "wanted"),
    [
        ("4 May 2016", "2016-05-04"),
        ("2016-05", "2016-05"),
        ("1998", "1998"),
        ("03/04/2020", "None"),
        ("soon", "None"),
    ],
)
def test_a_table_cell_gives_one_date_or_none(cell: str, wanted: str):
    """A delimited text is a date only when it holds exactly one certain time."""
    assert wanted == str(parse_date(cell))


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("vor zwei Wochen", "de", "2024-02-05 to 2024-02-11"),
        ("marzo de 2020", "es", "2020-03"),
        ("hier", "fr", "2024-02-24"),
    ],
)
def test_other_languages_get_a_second_opinion_from_a_library(text: str, language: str, wanted: str):
    """A delimited expression in another language is resolved by dateparser, as exactly as it was written."""
    pytest.importorskip("dateparser")

    assert wanted == str(second_opinion(text, SUNDAY, language=language))


def test_prose_and_english_get_no_second_opinion():
    """English has our own rules, and long texts are never searched."""
    assert None is second_opinion("last March", SUNDAY, language="en")
    assert None is second_opinion(
        "wir haben das alles schon vor langer Zeit einmal gesagt", SUNDAY, language="de"
    )


def test_a_missing_library_names_its_extra(monkeypatch: pytest.MonkeyPatch):
    """Without dateparser the error says which extra to install."""
    monkeypatch.setitem(sys.modules, "dateparser.date", None)

    with pytest.raises(MissingExtraError, match="dates"):
        second_opinion("vor zwei Wochen", SUNDAY, language="de")


def test_a_sentence_with_a_date_is_no_cell():
    """Prose around a date is not taken for a date column."""
    assert None is parse_date("On the whole, the committee was content with the year 1998 and its wine.")


@pytest.mark.parametrize(
    ("statement", "wanted"),
    [
        (
            _statement("I will run.", target_time=When(date(2025, 1, 1), date(2025, 12, 31), Precision.YEAR)),
            "2025",
        ),
        (_statement("Next year I will run."), "2025"),
        (
            _statement("I will run in these elections.", context="Ahead of the 2020 presidential elections"),
            "2020",
        ),
        (_statement("I will run in these elections."), "None"),
        (_statement("I will never run again."), "None"),
    ],
)
def test_a_statement_is_about_the_time_that_its_column_words_or_neighbours_name(
    statement: Statement, wanted: str
):
    """The column wins, then the words, then for a vague event a year beside it; otherwise it is not known."""
    assert wanted == str(target_time(statement))


def test_a_heading_names_the_year_of_a_vague_event():
    """A year in a heading handed in dates "these elections"."""
    statement = _statement("I will run in these elections.", source=Source(title="x"))

    assert "2020" == str(target_time(statement, context="2020 presidential elections"))


ASIDE = "The mayor, whose re-election in 2019 was contested, opened a bridge."


@pytest.mark.parametrize(
    ("text", "around", "wanted"),
    [
        ("I'm going to run.", {"before": "She said she will run for re-election in 2025."}, "2025"),
        ("I will stand in these [presidential] elections.", {"heading": "The 2026 vote"}, "2026"),
        ("My candidacy is settled.", {"heading": "2025 presidential elections"}, "2025"),
        ("Re-election matters to her.", {"before": f"She hopes for re-election in 2026. {ASIDE}"}, "2026"),
        ("Re-election matters to her.", {"before": ASIDE}, "None"),
        ("I will run.", {"before": "Her re-election in 2020 was contested."}, "None"),
        ("The next elections are near.", {"after": "The 2020 vote was watched by many."}, "None"),
        ("Our last elections were fair.", {"after": "The 2020 vote was watched by many."}, "2020"),
        ("I stay until the end of my term.", {"before": "The 2025 elections are near."}, "None"),
        (
            "I will win the presidential election.",
            {"before": "The parliamentary elections of 2026 are near."},
            "None",
        ),
        ("We will run the company.", {"before": "The election in 2025 is near."}, "None"),
        ("The bridge is safe.", {"heading": "2025 presidential elections"}, "None"),
    ],
)
def test_the_year_of_an_event_is_taken_from_beside_the_words(text: str, around: dict[str, str], wanted: str):
    """The year must belong to the same kind of event, fit the tense, and stand in no aside on the past."""
    assert wanted == str(target_time(_statement(text, **around)))


@pytest.mark.parametrize(
    ("around", "written"),
    [
        ({"heading": "2025 presidential elections"}, "2025 presidential elections"),
        ({"before": "She hopes for re-election in 2025."}, "re-election in 2025"),
    ],
)
def test_a_year_found_beside_the_words_says_where(around: dict[str, str], written: str):
    """The words that tie the year to the event are kept, and it is marked as not the statement's own."""
    found = target_time(_statement("I will win my re-election.", **around))

    assert found is not None
    assert is_beside(found)
    assert written == found.written


def test_a_time_in_the_words_wins_over_the_heading():
    """What the statement says itself is never overruled by what stands beside it."""
    found = target_time(_statement("I will run in 2026.", heading="2025 presidential elections"))

    assert found is not None
    assert "2026" == str(found)
    assert not is_beside(found)


def test_nearer_sentences_date_an_event_before_farther_ones():
    """Of two elections named before a statement, the one in the sentence next to it counts."""
    before = "The elections of 2025 come first. Then the elections of 2029 follow."

    assert "2029" == str(target_time(_statement("I will run.", before=before)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("There is still a year to go until the next elections.", "2025"),
        ("The vote is two years away.", "2026"),
        ("The vote was two years away.", "None"),
        ("We have three months left until the vote.", "2024-05"),
    ],
)
def test_what_is_left_until_an_event_is_a_time_ahead(text: str, wanted: str):
    """A distance to something that is still to come counts from the day of speaking."""
    assert wanted == str(target_time(_statement(text)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("He cannot “leave tomorrow”.", "None"),
        ("I can't just quit tomorrow.", "None"),
        ("I will leave tomorrow.", "2024-02-26"),
    ],
)
def test_a_day_that_stands_for_any_time_soon_is_no_target(text: str, wanted: str):
    """That somebody cannot do a thing "tomorrow" is not about one day."""
    assert wanted == str(target_time(_statement(text)))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I will never raise taxes.", Aspect.PROMISE),
        ("We're not going to change the law.", Aspect.PROMISE),
        ("I guarantee that pensions are paid.", Aspect.PROMISE),
        ("Prices will fall next year.", Aspect.PREDICTION),
        ("They are likely to lose.", Aspect.PREDICTION),
        ("We'll see.", Aspect.PREDICTION),
        ("We always pay our debts.", Aspect.HABIT),
        ("Every year we plant trees.", Aspect.HABIT),
        ("We signed the treaty.", Aspect.PAST_EVENT),
        ("He has never met the banker.", Aspect.PAST_EVENT),
        ("The army is small.", Aspect.STANDING_STATE),
        ("Our friends, our enemies.", Aspect.UNKNOWN),
    ],
)
def test_verbs_tell_promise_prediction_habit_event_and_state_apart(text: str, wanted: Aspect):
    """Tense, person and adverbs decide how a sentence stands in time."""
    assert wanted is aspect(text)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("I will build the road.", Kind.PROMISE),
        ("The euro will collapse.", Kind.PREDICTION),
        ("I never met that man.", Kind.DENIAL),
        ("I think the law is a disaster.", Kind.OPINION),
        ("The road was built in 1990.", Kind.FACT),
    ],
)
def test_a_statement_promises_predicts_denies_judges_or_states(text: str, wanted: Kind):
    """The kind is read from the words."""
    assert wanted is kind_of(_statement(text))


def test_a_kind_given_by_the_input_wins():
    """What a person wrote into the table is not overruled."""
    assert Kind.OPINION is kind_of(_statement("I will build the road.", kind=Kind.OPINION))


WORDS = (
    "in|March|may|2019|-|the|end|of|last|year|Sunday|(25)|by|31|ago|two|weeks|between|and|1994|/|Q3|early|"
    "until|my|term|99|centuries|next|9999|0|a|decade|later|ё|февраля|domingo|within|999|.|\n"
)
PIECES = st.lists(st.sampled_from(WORDS.split("|")), max_size=40)


@settings(max_examples=300, deadline=None)
@given(PIECES.map(" ".join) | st.text(max_size=200), st.dates() | st.none())
def test_any_text_on_any_day_gives_ordered_spans_and_periods(text: str, said: date | None):
    """Nothing raises an error; spans lie inside the text in order, and periods start before they end."""
    found = find_times(text, said)
    ends = [0]

    for mention in found:
        assert 0 <= mention.span.start < mention.span.end <= len(text)
        assert mention.when.written == mention.span.of(text)
        assert mention.span.end > ends[-1]
        ends.append(mention.span.end)
        if mention.when.start and mention.when.end:
            assert mention.when.start <= mention.when.end


@pytest.mark.parametrize(
    "unit", ["the end of ", "2019-", "a week ", "May ", "1", " ", "last next this ", "Sunday ("]
)
def test_the_work_grows_with_the_length_of_the_text(unit: str, monkeypatch: pytest.MonkeyPatch):
    """Rules are tried at most once each per word, however the text repeats itself."""
    tried: list[int] = []

    class Counting:
        """A rule that notes where it is tried."""

        def __init__(self, rule: object) -> None:
            self.rule = rule

        def __getattr__(self, name: str) -> object:
            return getattr(self.rule, name)

        def apply(self, text: str, position: int, anchor: object) -> object:
            """Try the rule."""
            tried.append(position)
            return self.rule.apply(text, position, anchor)  # type: ignore[attr-defined]

    counting = tuple(Counting(rule) for rule in RULES)
    monkeypatch.setattr("checker.times.mentions.rules_at", lambda character: counting)
    text = unit * 200
    find_times(text, SUNDAY)

    assert len(tried) <= len(RULES) * len(re.findall(r"\w+", text))
