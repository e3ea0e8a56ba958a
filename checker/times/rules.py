"""The rules: each a pattern that starts at a telling word, and the function that says what it means.

Words around an expression ("since", "by the end of", "between ... and") are the work of
`checker.times.mentions`. A rule that does not apply raises `LookupError` or `ValueError`; one that
lacks its anchor gives an unknown time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from checker.numerals import SMALL_NUMBER
from checker.times.anchors import Anchor, Found, NoAnchorError
from checker.times.days import (
    read_bare_month,
    read_day_month,
    read_day_of_month,
    read_feast,
    read_foreign_weekday,
    read_full_date,
    read_iso,
    read_month_near_year,
    read_month_year,
    read_near_month,
    read_numeric,
    read_weekday,
    read_weekday_number,
)
from checker.times.periods import unknown
from checker.times.spans import (
    read_ago,
    read_always,
    read_bare_year,
    read_century,
    read_decade,
    read_deictic,
    read_event,
    read_first_days,
    read_in_units,
    read_later,
    read_named_event,
    read_near_unit,
    read_quarter,
    read_season,
    read_season_of_year,
    read_soon,
    read_span_of_units,
    read_to_go,
    read_vague_units,
    read_within,
    read_years,
)
from checker.times.words import (
    DECADE_NAMES,
    FOREIGN_DAY,
    FOREIGN_MONTH,
    FOREIGN_NEAR,
    MONTH,
    SHORT_DAY,
    WEEKDAY,
)

__all__ = ["RULES", "STARTER", "Rule", "rules_at"]

Resolve = Callable[[re.Match[str], Anchor], Found]


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of expression: its name, its pattern and what it means."""

    name: str
    pattern: re.Pattern[str]
    resolve: Resolve

    def apply(self, text: str, position: int, anchor: Anchor) -> tuple[int, Found] | None:
        """End of the expression at `position` and its meaning, or nothing."""
        match = self.pattern.match(text, position)
        if match is None:
            return None
        try:
            return match.end(), self.resolve(match, anchor)
        except NoAnchorError:
            return match.end(), Found(unknown(), ("unanchored",))
        except (LookupError, ValueError, OverflowError):
            return None


_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_YEAR = r"(?P<y>(?:18|19|20)\d\d)"
_M = rf"(?P<m>{MONTH})\b\.?"
_NEAR = r"(?P<near>last|this|next|past|previous|coming|current|following|same|that)"
_UNIT = r"(?P<unit>day|week|fortnight|month|quarter|year|decade|century)"
_UNITS = r"(?P<unit>day|week|fortnight|month|quarter|year|decade|centurie|century|centuries)s?"
_NUMBER = rf"(?P<n>{SMALL_NUMBER})"
_S = r"\s{1,3}"


_EVENT = (
    r"(?:elections?|re-?elections?|polls?|vote|ballot|referendum|primar(?:y|ies)|campaign|candidac(?:y|ies)|"
    r"term|mandate|presidency|"
    r"premiership|parliament|legislature|summit|games|olympics|season|tournament|war|inauguration|midterms?)"
)
_EVENT_KIND = (
    r"(?:presidential|parliamentary|general|local|municipal|regional|federal|mayoral|snap|legislative|european|"
    r"first|second|third|fourth|fifth|final|current|present|next|last|coming|upcoming|previous|midterm)"
)
_OWNER = r"(?:these|this|my|our|his|her|their|the|your)"
# To stand as a candidate: the verb with what it is for, or bare at the end of a clause that looks ahead.
_OFFICE = (
    r"(?:office|president|vice|governor|mayor|chancellor|senat(?:e|or)|congress|parliament|re-?election|"
    r"(?:a|another|my|his|her)\s{1,3}(?:\w{3,8}\s{1,3})?(?:term|mandate))"
)
_RUN = (
    r"(?:run|running|stand|standing)\s{1,3}(?:(?:again\s{1,3})?for\s{1,3}(?:the\s{1,3})?"
    + _OFFICE
    + r"\b|again\b)|(?:(?<=\bto\s)|(?<=\bwill\s)|(?<=\bnot\s)|(?<=[’']ll\s))(?:run|stand)"
    r"(?=\s{0,2}(?:[.,;!?\"'”’»]|$|without\sfail))"
)


def _rule(name: str, pattern: str, resolve: Resolve, *, case: bool = False) -> Rule:
    return Rule(name, re.compile(pattern, 0 if case else re.I), resolve)


_WD = rf"(?:(?P<w>{WEEKDAY}|{SHORT_DAY})\b\.?,?{_S}(?:the{_S})?)?"
_FM = rf"(?P<m>{FOREIGN_MONTH})\b"
_DE = rf"(?:del?{_S})?"
_TWO = r"(?P<a>[0-3]?\d)(?P<sep>[/.])(?P<b>[0-3]?\d)(?P=sep)"
_OF_YEAR = rf"(?P<near>last|this|next|the{_S}same|that){_S}year\b"
_SPAN_NEAR = r"(?P<near>last|past|previous|next|coming|following)"
_FIRST = rf"(?P<first>(?:the|my|our|his|her|their){_S}first{_S})?(?:the{_S}next{_S})?"
_FEW_NEAR = r"(?P<near>this|last|next|coming|past)"
_ORDINAL = r"(?:st|nd|rd|th)"
_SEASON = "(?P<s>spring|summer|autumn|fall|winter)"
_DECADE = (
    r"(?:(?P<full>(?:18|19|20)\d0)['’]?s|(?P<short>[1-9]0)['’]?s|(?P<name>"
    + DECADE_NAMES.replace(" ", "|")
    + "))"
)
_DEICTIC_WORD = (
    rf"(?P<word>the{_S}day{_S}(?:before{_S}yesterday|after{_S}tomorrow)|yesterday|tomorrow|today|tonight|"
    rf"last{_S}night|this{_S}(?:morning|afternoon|evening))"
)
_NOT_COUNTED = rf"(?![\d.,:]\d|\d|\s{{0,2}}%|{_S}(?:per|percent|million|billion|people|points|thousand)\b)"
_QUARTER = r"(?:Q(?P<q>[1-4])|(?P<q2>first|second|third|fourth|1st|2nd|3rd|4th)\s{1,3}quarter)"

RULES = (
    _rule("iso date", rf"{_YEAR}-(?P<m>0[1-9]|1[0-2])-(?P<d>[0-3]\d)(?![\d-])", read_iso),
    _rule("iso date", rf"{_YEAR}/(?P<m>0?[1-9]|1[0-2])/(?P<d>[0-3]?\d)(?![\d/])", read_iso),
    _rule("iso month", rf"{_YEAR}-(?P<m>0[1-9]|1[0-2])(?P<d>)(?![\d-])", read_iso),
    _rule("numeric date", rf"{_TWO}(?P<y>(?:19|20)\d\d)(?![\d/])", read_numeric),
    _rule("numeric date", rf"{_TWO.replace('[/.]', '/')}(?P<y>\d\d)(?![\d/])", read_numeric),
    _rule("day month year", rf"{_WD}{_DAY}{_S}(?:of{_S})?{_M},?{_S}{_YEAR}(?!\d)", read_full_date),
    _rule("month day year", rf"{_WD}{_M}{_S}{_DAY}(?:,\s{{0,2}}|{_S}){_YEAR}(?!\d)", read_full_date),
    _rule("foreign date", rf"(?P<w>){_DAY}{_S}{_DE}{_FM}{_S}{_DE}{_YEAR}(?!\d)", read_full_date),
    _rule("month of a near year", rf"{_M},?{_S}(?:of{_S})?{_OF_YEAR}", read_month_near_year),
    _rule("month year", rf"{_M},?{_S}(?:of{_S})?{_YEAR}(?!\d)", read_month_year),
    _rule("month day", rf"{_WD}{_M}{_S}(?P<d>[0-3]?\d){_ORDINAL}?{_NOT_COUNTED}\b", read_day_month),
    _rule("day month", rf"{_WD}(?P<d>[0-3]?\d){_ORDINAL}?{_S}(?:of{_S})?{_M}(?!\w)", read_day_month),
    _rule("foreign day month", rf"(?P<w>)(?P<d>[0-3]?\d)(?:\.|er|º)?{_S}{_DE}{_FM}", read_day_month),
    _rule(
        "weekday (day)",
        rf"(?:{_FEW_NEAR}{_S})?(?P<w>{WEEKDAY}|{FOREIGN_DAY})"
        rf"(?:\s{{0,2}}\(\s?(?P<d>[0-3]?\d){_ORDINAL}?\.?\s?\)|,?{_S}(?:the{_S})?(?P<d2>[0-3]?\d){_ORDINAL}\b)",
        read_weekday_number,
    ),
    _rule("weekday", rf"(?:{_FEW_NEAR}{_S})?(?P<w>{WEEKDAY})\b", read_weekday),
    _rule(
        "foreign weekday",
        rf"(?:(?P<before>{FOREIGN_NEAR}){_S})?(?P<w>{FOREIGN_DAY})(?!\w|\sgras)(?:{_S}(?P<after>{FOREIGN_NEAR})(?!\w))?",
        read_foreign_weekday,
    ),
    _rule("day", rf"{_DEICTIC_WORD}\b", read_deictic),
    _rule(
        "quarter",
        rf"{_QUARTER}\b(?:,?{_S}(?:of{_S})?(?:{_YEAR}(?!\d)|(?P<near>last|this|next){_S}year\b))?",
        read_quarter,
    ),
    _rule("season of a year", rf"{_SEASON}{_S}(?:of{_S})?{_YEAR}(?!\d)", read_season_of_year),
    _rule("season", rf"{_FEW_NEAR}{_S}{_SEASON}\b(?!{_S}(?:of|in|to|olympics|games)\b)", read_season),
    _rule(
        "feast",
        rf"(?:{_FEW_NEAR}{_S})?(?P<f>christmas(?:{_S}(?:day|eve))?|new{_S}year['’]s{_S}(?:eve|day))\b(?:,?{_S}{_YEAR}(?!\d))?",
        read_feast,
    ),
    _rule("last or next units", rf"{_SPAN_NEAR}{_S}{_NUMBER}{_S}{_UNITS}\b", read_span_of_units),
    _rule(
        "recent units",
        rf"(?P<near>recent|coming|past|next){_S}(?P<unit>day|week|month|year|decade)s\b",
        read_vague_units,
    ),
    _rule(
        "near unit",
        rf"{_NEAR}{_S}(?:(?:calendar|financial|fiscal|school){_S})?(?P<unit>weekend|week|month|quarter|year|decade|century|fortnight|day)\b"
        rf"(?!{_S}(?:when|that)\b)",
        read_near_unit,
    ),
    _rule(
        "near month", rf"(?P<near>last|this|next|past|coming|following){_S}(?P<m>{MONTH})\b", read_near_month
    ),
    _rule(
        "units ago", rf"{_NUMBER}{_S}{_UNITS}{_S}(?P<way>ago|back|from{_S}(?:now|today)|hence)\b", read_ago
    ),
    _rule(
        "units later",
        rf"{_NUMBER}{_S}{_UNITS}{_S}(?P<way>later|earlier|before|afterwards?|after{_S}that)\b",
        read_later,
    ),
    _rule(
        "units to go",
        rf"{_NUMBER}{_S}{_UNITS}{_S}(?:to{_S}go|away|left|off)\b"
        rf"(?={_S}(?:until|till|before|to{_S}the)\b|\s?[.,;]|$)",
        read_to_go,
    ),
    _rule("within units", rf"within{_S}{_FIRST}{_NUMBER}{_S}{_UNITS}\b", read_within),
    _rule("first hundred days", rf"first{_S}(?:100|hundred){_S}days\b", read_first_days),
    _rule(
        "in units",
        rf"in{_S}(?:(?:about|just){_S})?{_NUMBER}{_S}{_UNITS}(?:[’']{_S}time)?\b(?!{_S}(?:of|ago|at|prison|jail|office|power|or)\b)",
        read_in_units,
    ),
    _rule("soon", rf"(?:soon|in{_S}the{_S}near{_S}future|shortly)\b(?!{_S}after)", read_soon),
    _rule("years", rf"{_YEAR}(?P<sep>\s?[-–—]\s?|/)(?P<tail>(?:18|19|20)\d\d|\d\d)(?![\d/-])", read_years),
    _rule("decade", rf"{_DECADE}\b", read_decade),
    _rule("century", rf"(?P<d>1[5-9]|2[01])(?:th|st){_S}century\b", read_century),
    _rule(
        "event",
        rf"(?P<the>{_OWNER}){_S}(?P<kind>(?:\[?{_EVENT_KIND}\]?{_S}){{0,3}})(?P<event>{_EVENT})\b",
        read_event,
    ),
    _rule("event", r"re-?elections?\b", read_named_event),
    _rule("event", _RUN, read_named_event),
    _rule("year", rf"{_YEAR}(?!\d)", read_bare_year),
    _rule(
        "day of month",
        rf"the{_S}(?P<d>[0-3]?\d){_ORDINAL}\b(?!{_S}(?:[a-z]{{3,}}|[A-Z]))",
        read_day_of_month,
        case=True,
    ),
    _rule("month", rf"(?P<m>{MONTH})\b", read_bare_month),
    _rule("always", r"(?:never|always|ever|forever|at\sno\stime|at\sall\stimes)\b", read_always),
)

_UNIT_WORDS = r"(?:day|week|fortnight|month|quarter|year|decade|centur)"
# Words at which a rule may start; frequent ones only where what follows makes it worth a try.
STARTER = re.compile(
    rf"(?<!\w)(?=\w)(?:\d|{WEEKDAY}|{SHORT_DAY}|{FOREIGN_DAY}|{FOREIGN_NEAR}|{MONTH}|Q[1-4]\b|"
    rf"(?:last|this|next|past|previous|coming|current|following|same|that|recent)(?=\s{{1,3}}\w)|"
    rf"(?:yesterday|tomorrow|today|tonight|soon|shortly|within|never|always|ever|forever|at\s(?:no|all)\stime)|"
    rf"(?:first|second|third|fourth)(?=\s{{1,3}}(?:quarter|100|hundred))|"
    rf"(?:spring|summer|autumn|fall|winter)(?=\s{{1,3}}(?:of|\d))|christmas|new\syear['’]|"
    rf"(?:{DECADE_NAMES.replace(' ', '|')})|"
    rf"the(?=\s{{1,3}}(?:day\s|\d\d?{_ORDINAL}))|{_OWNER}(?=\s{{1,3}}\[?(?:{_EVENT_KIND}|{_EVENT})\b)|"
    r"re-?election|(?:run|stand)(?:ning|ing)?\b|"
    rf"in(?=\s{{1,3}}(?:the\snear|(?:(?:about|just)\s)?{SMALL_NUMBER}\s{{1,3}}{_UNIT_WORDS}))|"
    rf"{SMALL_NUMBER}(?=\s{{1,3}}{_UNIT_WORDS}))",
    re.I,
)

_DIGITS_ONLY = frozenset(
    ["iso date", "iso month", "numeric date", "foreign date", "foreign day month", "years", "century", "year"]
)
_DIGITS_TOO = frozenset(["day month year", "day month", "units ago", "units later", "decade"])
_DIGIT_RULES = tuple(rule for rule in RULES if rule.name in _DIGITS_ONLY | _DIGITS_TOO)
_WORD_RULES = tuple(rule for rule in RULES if rule.name not in _DIGITS_ONLY)


def rules_at(character: str) -> tuple[Rule, ...]:
    """The rules that may begin with a character: a digit opens a third of them, a letter the rest."""
    return _DIGIT_RULES if character.isdigit() else _WORD_RULES
