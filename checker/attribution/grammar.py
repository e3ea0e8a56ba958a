"""Small closed word classes that let a noun phrase be told from what stands around it."""

from __future__ import annotations

from checker.attribution.tokens import Token

__all__ = [
    "ADVERBS",
    "AUXILIARIES",
    "BE",
    "CONJUNCTIONS",
    "DAYS",
    "DETERMINERS",
    "NEGATIONS",
    "PLURALS",
    "PREPOSITIONS",
    "SUBJECT_PRONOUNS",
    "SUBORDINATORS",
    "VERBS",
    "is_adverb",
    "is_day",
    "is_verb",
    "word_set",
]


def word_set(entries: str) -> frozenset[str]:
    """The words of a string as a set."""
    return frozenset(entries.split())


DETERMINERS = word_set(
    "the a an this that these those his her its their our my your some many several few most both all "
    "every each another other one two three four five six seven no any more such much either neither half "
    "dozens hundreds"
)
PREPOSITIONS = word_set(
    "of in on at by for from with to into onto over under about against between among during after before "
    "since until through throughout across behind beyond near off out toward towards upon via within "
    "without around despite following including regarding concerning amid besides beside like unlike per"
)
SUBORDINATORS = word_set(
    "that which who whom whose when while where because although though if unless whether as than since "
    "after before until whereas once so lest what why how"
)
CONJUNCTIONS = word_set("and or but nor yet plus")
BE = word_set("is was are were be been being am 's 're wasn't isn't weren't aren't get gets got")
AUXILIARIES = BE | word_set(
    "has have had having hasn't haven't hadn't will would could should may might must shall can cannot won't "
    "wouldn't couldn't shouldn't can't do does did doesn't don't didn't also"
)
NEGATIONS = word_set(
    "not never n't hasn't haven't hadn't won't wouldn't couldn't can't cannot doesn't don't didn't wasn't "
    "isn't weren't aren't neither hardly barely"
)
ADVERBS = word_set(
    "also then later once now still again even often always never ever just already soon further once "
    "twice instead meanwhile however though too only simply then not since yesterday today long first "
    "either all both ahead earlier back elsewhere else well quite rather perhaps maybe sometimes himself "
    "herself themselves itself though merely thus therefore hence more openly nearly almost afterward "
    "afterwards recently tonight so at_times"
)
_NO_ADVERB = word_set(
    "family rally reply ally supply july italy assembly early only bully daily weekly monthly kelly emily "
    "billy sally molly reilly elderly friendly likely lonely beverly grizzly monopoly anomaly"
)
SUBJECT_PRONOUNS = word_set(
    "he she they i we you it who everyone nobody somebody someone anyone everybody none il elle ils er "
    "sie ella él ele ela он она они він вона він"
)
PLURALS = word_set(
    "people many some most others both few several all men women police children media critics those "
    "these we they you i public majority voters staff team data researchers one"
)
DAYS = word_set(
    "monday tuesday wednesday thursday friday saturday sunday yesterday today tonight tomorrow january "
    "february march april may june july august september october november december last this next earlier "
    "later jan feb aug sept oct nov dec recently afterward afterwards then again"
)
_CONTRACTED = word_set("he's she's it's that's there's who's what's here's")
_ALSO_NAMES = word_set("jan april may june july august mar sep")
VERBS = AUXILIARIES | word_set(
    "made make makes took take takes went go goes came come comes got gets became become becomes ran run "
    "runs won win wins lost lose loses met meet meets held hold holds kept keep keeps left leaves gave "
    "give gives brought put set led leads stood stands sat fell rose spoke began begins helped use used "
    "uses let lets let's needs need needed seems seemed seem appears appeared appear says said tells told "
    "wants wanted works worked lives lived believes knows thinks thought knew heard hears spent spend "
    "pays paid sent built turned turns moved moves looked looks including saying according include "
    "includes included remains remained plays played joined calls voted votes talked talks defeated "
    "visited signed attended served beat beats drew draws gets hit keeps"
)


def is_day(tokens: list[Token], at: int) -> bool:
    """Whether a token names a day or month or counts from today; `Jan Kowal` and `April Ryan` are people."""
    low = tokens[at].low
    if low not in DAYS:
        return False
    if low not in _ALSO_NAMES or tokens[at].kind != "C":
        return True
    return at + 1 >= len(tokens) or tokens[at + 1].kind != "C"


def is_adverb(token: Token) -> bool:
    """Whether a token can stand between a subject and its verb without changing either."""
    low = token.low
    return low in ADVERBS or (
        token.kind == "w" and low.endswith("ly") and len(low) > 4 and low not in _NO_ADVERB
    )


def is_verb(token: Token) -> bool:
    """Whether a token is one of the frequent finite verbs or holds one ("he'll"); a guess by list."""
    low = token.low
    return low in VERBS or low.endswith(("'ll", "'re", "'ve", "'d", "'m")) or low in _CONTRACTED
