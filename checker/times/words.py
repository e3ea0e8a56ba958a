"""Names of months and weekdays, in English and in eight more languages, and the patterns made from them."""

from __future__ import annotations

__all__ = [
    "DECADE_NAMES",
    "FOREIGN_DAY",
    "FOREIGN_LAST",
    "FOREIGN_MONTH",
    "FOREIGN_NEAR",
    "FOREIGN_NEXT",
    "MONTH",
    "MONTHS",
    "SEASONS",
    "SHORT_DAY",
    "WEEKDAY",
    "WEEKDAYS",
    "month_of",
    "near_offset",
    "weekday_of",
    "word_set",
]

_ENGLISH_MONTHS = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
    "september sept sep", "october oct", "november nov", "december dec",
)  # fmt: skip
_FOREIGN_MONTHS = (
    "januar jänner janvier enero janeiro gennaio января января січня студзеня stycznia",
    "februar février fevrier febrero fevereiro febbraio февраля лютого лютага lutego",
    "märz mars marzo março marco марта березня сакавіка marca",
    "avril abril aprile апреля квітня красавіка kwietnia",
    "mai mayo maio maggio мая травня maja",
    "juni juin junio junho giugno июня червня чэрвеня czerwca",
    "juli juillet julio julho luglio июля липня ліпеня lipca",
    "août aout agosto августа серпня жніўня sierpnia",
    "septembre septiembre setembro settembre сентября вересня верасня września",
    "oktober octobre octubre outubro ottobre октября жовтня кастрычніка października",
    "novembre noviembre novembro ноября листопада лістапада listopada",
    "dezember décembre decembre diciembre dezembro dicembre декабря грудня снежня grudnia",
)
_ENGLISH_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SHORT_DAYS = ("mon", "tue tues", "wed", "thu thur thurs", "fri", "sat", "sun")
_FOREIGN_DAYS = (
    "montag lundi lunes segunda-feira lunedì понедельник понеділок панядзелак poniedziałek",
    "dienstag mardi martes terça-feira martedì вторник вівторок аўторак wtorek",
    "mittwoch mercredi miércoles quarta-feira mercoledì среду середу серада środę środa",
    "donnerstag jeudi jueves quinta-feira giovedì четверг четвер чацвер czwartek",
    "freitag vendredi viernes sexta-feira venerdì пятницу пятница п'ятницю пятніцу piątek",
    "samstag sonnabend samedi sábado sabato субботу суббота суботу sobotę sobota",
    "sonntag dimanche domingo domenica воскресенье неділю нядзелю niedzielę niedziela",
)


def _numbered(groups: tuple[str, ...], first: int) -> dict[str, int]:
    return {word: number for number, group in enumerate(groups, first) for word in group.split()}


MONTHS = _numbered(_ENGLISH_MONTHS, 1) | _numbered(_FOREIGN_MONTHS, 1)
WEEKDAYS = _numbered(_ENGLISH_DAYS, 0) | _numbered(_SHORT_DAYS, 0) | _numbered(_FOREIGN_DAYS, 0)
SEASONS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}


def _pattern(groups: tuple[str, ...]) -> str:
    words = sorted({word for group in groups for word in group.split()}, key=len, reverse=True)
    return "(?:" + "|".join(words) + ")"


MONTH = _pattern(_ENGLISH_MONTHS)
WEEKDAY = _pattern(_ENGLISH_DAYS)
SHORT_DAY = _pattern(_SHORT_DAYS)
FOREIGN_MONTH = _pattern(_FOREIGN_MONTHS)
FOREIGN_DAY = _pattern(_FOREIGN_DAYS)


DECADE_NAMES = "twenties thirties forties fifties sixties seventies eighties nineties"
_LAST = (
    "letzten vergangenen dernier passé pasado passado último scorso прошлое прошлую прошлый минулої минулу"
)
_NEXT = "nächsten kommenden prochain próximo prossimo следующее следующую будущее наступну наступної"
FOREIGN_LAST = frozenset(_LAST.split())
FOREIGN_NEXT = frozenset(_NEXT.split())
FOREIGN_NEAR = "|".join(sorted(FOREIGN_LAST | FOREIGN_NEXT, key=len, reverse=True))
_OFFSETS = {"last": -1, "past": -1, "previous": -1, "this": 0, "current": 0, "same": 0, "that": 0}


def near_offset(word: str) -> int:
    """How many units away "last", "this" and "next" are."""
    return _OFFSETS.get(word.lower(), 1)


def month_of(word: str) -> int:
    """Number of a month, 1 to 12, from its name or abbreviation."""
    return MONTHS[word.lower().rstrip(".")]


def weekday_of(word: str) -> int:
    """Number of a weekday, Monday being 0, from its name or abbreviation."""
    return WEEKDAYS[word.lower().rstrip(".")]


def word_set(words: str) -> frozenset[str]:
    """A set out of words parted by spaces."""
    return frozenset(words.split())
