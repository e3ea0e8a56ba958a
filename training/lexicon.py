"""Word tables for the rules: opposites, synonyms, verbs with their forms, places, people and frames."""

from __future__ import annotations

__all__ = [
    "ABLE_TO_REFUSE",
    "ADDED",
    "ALTERNATIVES",
    "BASE_OF",
    "CLAIMED",
    "COUNTED",
    "DENIED",
    "DESCRIBED",
    "OTHER_ACTORS",
    "PAST_OF",
    "PEOPLE",
    "PLACES",
    "SYNONYMS",
    "THIRD_OF",
    "TRUE",
    "TURNED",
    "WEAKER",
]


def _both_ways(pairs: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for pair in pairs.split(","):
        left, right = pair.strip().split("/")
        found.setdefault(left, right)
        found.setdefault(right, left)
    return found


def _one_way(pairs: str) -> dict[str, str]:
    return dict(pair.strip().split("/") for pair in pairs.split(","))


TURNED = _both_ways(
    "raise/lower, raised/lowered, increase/decrease, increased/decreased, support/oppose, "
    "supported/opposed, supports/opposes, win/lose, accept/reject, accepted/rejected, agree/disagree, "
    "agreed/disagreed, create/destroy, created/destroyed, succeed/fail, opened/closed, buy/sell, love/hate, "
    "strengthen/weaken, strengthened/weakened, expand/shrink, expanded/shrank, protect/endanger, "
    "protected/endangered, trust/distrust, encourage/discourage, encouraged/discouraged, remember/forget, "
    "approve/disapprove, approved/disapproved, improve/worsen, improved/worsened, defend/attack, "
    "defended/attacked, praise/condemn, praised/condemned, ban/permit, embrace/shun, hire/fire, hired/fired, "
    "save/squander, started/ended, accelerate/delay, ease/tighten, grow/shrink"
)
"""Verbs and their opposites; read only after a word that calls for a verb."""

DESCRIBED = _both_ways(
    "higher/lower, stronger/weaker, better/worse, safer/riskier, largest/smallest, possible/impossible, "
    "easy/difficult, legal/illegal, proud/ashamed, more than/less than, went up/went down, go up/go down, "
    "going up/going down, in favor of/against, important/unimportant, necessary/unnecessary, fair/unfair, "
    "true/false, safe/dangerous, strong/weak, best/worst, biggest/smallest, highest/lowest, "
    "increasing/decreasing, rising/falling, optimistic/pessimistic, popular/unpopular, "
    "successful/unsuccessful, wonderful/terrible, confident/doubtful, responsible/irresponsible, "
    "willing/unwilling, able/unable, honest/dishonest, expensive/cheap, faster/slower, "
    "older/younger, good/bad"
)
"""Adjectives and phrases and their opposites; the part of speech is plain from the word alone."""

SYNONYMS = _both_ways(
    "children/kids, significant/important, rapidly/quickly, each year/every year, companies/businesses, "
    "ensure/make sure, get rid of/do away with, right now/at this moment, across the country/nationwide, "
    "around the world/across the globe, tonight/this evening, in this country/here at home, "
    "totally/completely, huge/massive, incredible/amazing, purchase/buy, teachers/educators, "
    "physicians/doctors, wealthy/rich, attempted/tried, has to/needs to"
) | _one_way(
    "the American people/Americans, "
    "numerous/many, folks/people, a lot of/a great deal of, in order to/so as to, have to/need to, "
    "very/extremely, every single/every, assist/help, terrific/great, tremendous/enormous, begin/start, "
    "began/started, big/large, for a long time/for years, dollars/bucks, fix/repair, difficult/hard, "
    "terrible/awful, smart/clever, discuss/talk about, choose/pick, attempt/try, frequently/often, "
    "nearly/almost, the United States/America, is going to/will, are going to/will, I'm going to/I will, "
    "we're going to/we will, they're going to/they will, fellow citizens/countrymen, "
    "men and women/people, health care/medical care, elderly/old, police officers/cops, farmers/growers, "
    "in fact/actually, absolutely/entirely, finally/at last, I believe/I think, I'm/I am, we're/we are, "
    "it's important/it matters, don't/do not, doesn't/does not, didn't/did not, can't/cannot, "
    "won't/will not, isn't/is not, wasn't/was not, aren't/are not, today/these days, nation/country"
)
"""Near synonyms that fit the same place in a sentence."""

_REGULAR = (
    "accept achieve add agree allow announce appoint approve ask attack back believe block call cause change "
    "close continue create decide deliver deserve destroy earn enact endorse expand expect extend face favor "
    "finish follow fulfill help hire honor ignore impose improve include increase inherit intend introduce "
    "invest join kill lack launch like live look love lower maintain move need offer open oppose order own "
    "pass plan pledge prefer prevent produce promise propose protect provide push raise reach receive "
    "recognize recommend reduce reject release remain remember remove repeal represent require respect "
    "restore save secure serve share sign solve start stay strengthen suffer support talk treat trust use "
    "vote walk want waste welcome work worry"
)
_IRREGULAR = (
    "begin/began bring/brought build/built buy/bought come/came fall/fell feel/felt fight/fought "
    "find/found get/got give/gave go/went grow/grew hear/heard hold/held keep/kept know/knew lead/led "
    "leave/left lose/lost make/made meet/met pay/paid rise/rose run/ran say/said see/saw sell/sold send/sent "
    "speak/spoke spend/spent stand/stood stop/stopped take/took tell/told think/thought try/tried "
    "understand/understood win/won write/wrote carry/carried plan/planned commit/committed study/studied"
)


def _past(base: str) -> str:
    return base + ("d" if base.endswith("e") else "ed")


def _third(base: str) -> str:
    if base.endswith("y") and base[-2] not in "aeo":
        return base[:-1] + "ies"
    return base + ("es" if base.endswith(("s", "sh", "ch", "x", "o")) else "s")


PAST_OF = {base: _past(base) for base in _REGULAR.split()} | dict(
    pair.split("/") for pair in _IRREGULAR.split()
)
THIRD_OF = {base: _third(base) for base in PAST_OF}
BASE_OF = {past: base for base, past in PAST_OF.items()} | {third: base for base, third in THIRD_OF.items()}
_DEEDS = (
    "accept allow announce appoint approve attack back block build carry change close commit continue "
    "deliver enact endorse expand extend fight finish follow fulfill give help hire honor improve "
    "increase introduce invest join keep lead lower maintain make meet move offer open pass pay produce "
    "propose protect provide raise recognize recommend reduce reject release remove repeal represent "
    "respect restore save secure send serve share sign solve speak spend stand stop strengthen support "
    "take talk tell treat vote work write"
)
ABLE_TO_REFUSE = frozenset(_DEEDS.split())
"""Verbs of deeds that a person can refuse or fail to do."""

_STATES = (
    "Alabama Alaska Arizona California Colorado Connecticut Delaware Florida Illinois Indiana Iowa Kansas "
    "Kentucky Louisiana Maine Maryland Massachusetts Michigan Minnesota Mississippi Missouri Montana "
    "Nebraska Nevada Ohio Oklahoma Oregon Pennsylvania Tennessee Texas Utah Vermont Virginia Wisconsin "
    "Wyoming Hawaii Idaho"
)
_COUNTRIES = (
    "Iran Iraq Russia China Mexico Canada Germany France Japan Vietnam Israel Syria Afghanistan Cuba India "
    "Poland Ukraine Britain Italy Spain Egypt Libya Pakistan Brazil Venezuela Australia Turkey Greece Yemen"
)
_CITIES = (
    "Chicago Detroit Boston Philadelphia Houston Atlanta Baltimore Cleveland Denver Miami Seattle Dallas "
    "Pittsburgh Milwaukee Phoenix Memphis Charlotte"
)
PLACES = tuple(tuple(names.split()) for names in (_STATES, _COUNTRIES, _CITIES))
"""States, countries and cities: a place is only ever exchanged for one of its kind."""

_PEOPLE = (
    "Barack_Obama Bill_Clinton Ronald_Reagan Jimmy_Carter Richard_Nixon John_Kennedy Donald_Trump "
    "Joe_Biden Mitt_Romney John_McCain John_Kerry Al_Gore Bob_Dole Bernie_Sanders Elizabeth_Warren "
    "Marco_Rubio Ted_Cruz John_Kasich Chris_Christie Rick_Perry Newt_Gingrich Rick_Santorum Mike_Huckabee "
    "Nancy_Pelosi Mitch_McConnell Paul_Ryan Dick_Cheney Michael_Dukakis Walter_Mondale Amy_Klobuchar "
    "Pete_Buttigieg Michael_Bloomberg Mike_Pence Joe_Lieberman Howard_Dean Sarah_Palin Tim_Kaine "
    "Hillary_Clinton"
)
PEOPLE = tuple(name.replace("_", " ") for name in _PEOPLE.split())
OTHER_ACTORS = (
    "My opponent",
    "The governor",
    "The mayor",
    "The other candidate",
    "The previous administration",
    "The senator",
    "My predecessor",
    "The opposition",
    "The minister",
    "The chairman",
    "The party leadership",
    "The committee",
    "The attorney general",
    "The speaker",
    "A former president",
    "The council",
)

COUNTED = {
    "everyone": "no one",
    "everybody": "nobody",
    "everything": "nothing",
    "no one": "everyone",
    "nobody": "everybody",
    "nothing": "everything",
    "none of the": "all of the",
    "none of us": "all of us",
    "none of them": "all of them",
    "all of the": "none of the",
    "all of us": "none of us",
    "all of them": "none of them",
    "all of our": "none of our",
    "all of these": "none of these",
    "all the": "none of the",
    "all our": "none of our",
    "all these": "none of these",
    "all those": "none of those",
    "all Americans": "no Americans",
    "all nations": "no nations",
    "all people": "no people",
    "we all": "none of us",
    "every": "no",
    "always": "never",
    "both of": "neither of",
}

WEAKER = {
    "must": "may",
    "will": "might",
    "always": "sometimes",
    "most": "some",
    "everyone": "someone",
    "everybody": "somebody",
    "everything": "something",
    "extremely": "fairly",
    "definitely": "probably",
    "certainly": "possibly",
    "completely": "partly",
    "entirely": "partly",
    "totally": "partly",
    "billions": "millions",
    "millions": "thousands",
    "a majority of": "some",
    "know that": "suspect that",
    "many": "some",
}
"""A word and one it outdoes; the stronger sentence entails the weaker, not the other way."""

ALTERNATIVES = {
    "all of": "only some of",
    "all the": "only some of the",
    "all our": "only some of our",
    "all Americans": "only some Americans",
    "every": "not every",
    "everyone": "not everyone",
    "everybody": "not everybody",
    "everything": "not everything",
    "always": "only rarely",
    "completely": "only partly",
    "entirely": "only partly",
    "totally": "only partly",
    "most of": "only a few of",
    "millions of": "only a handful of",
    "thousands of": "only a handful of",
    "hundreds of": "only a handful of",
    "a majority of": "only a minority of",
    "many": "hardly any",
}
"""A word of degree and one that cannot hold beside it."""

DENIED = (
    "It is not true that",
    "It is simply false that",
    "It is a myth that",
    "It is plainly untrue that",
    "It was never the case that",
    "I reject the idea that",
    "They are wrong when they say that",
    "It is not the case that",
    "I do not accept that",
    "The record disproves the claim that",
    "It would be false to say that",
    "I deny that",
    "There is no truth in the claim that",
    "The facts contradict the claim that",
    "Contrary to what was said,",
)
CLAIMED = (
    "My opponent claims that",
    "Some people say that",
    "The other side believes that",
    "It has been suggested that",
    "A newspaper wrote that",
    "Critics say that",
    "One commentator argued that",
    "They want you to believe that",
    "A reporter asked me whether I had heard that",
    "There is a rumor that",
    "One of the witnesses told the committee that",
    "A caller on the radio said that",
    "The lobbyists keep saying that",
    "Some experts think that",
    "An old pamphlet of theirs says that",
    "A leaflet on the windscreen says that",
)
TRUE = (
    "It is true that",
    "The fact is that",
    "As everybody knows,",
    "As I have said before,",
    "It is well known that",
    "I can confirm that",
    "As the report showed,",
    "The truth is that",
    "There is no doubt that",
    "I want to make it clear that",
    "As I told the committee,",
    "It turns out that",
    "Nobody can deny that",
    "It cannot be disputed that",
    "As we learned last week,",
    "No one doubts that",
    "It is not a secret that",
)
ADDED = (
    "and I said so at the time",
    "and I have the letters to show it",
    "as we heard again this week",
    "and nobody in this room should be surprised by that",
    "as the papers reported at length",
    "and my family talked about it for days",
    "which did not please everybody",
    "and that is only part of the story",
    "as I told a hall full of people in the spring",
    "and the hearing lasted until midnight",
    "and I never made a secret of it",
    "as the chairman mentioned on Tuesday",
    "and the neighbors can tell you the same",
    "though some would rather not hear it",
    "and there is more to come",
    "as you can read on page nine of the report",
    "and I am glad to be asked about it",
    "and no one on this stage has said otherwise",
    "which took us a good while to understand",
    "and it was raining that day as well",
    "as my mother used to say",
    "and the cameras were there",
    "and I want to thank the volunteers",
    "as a matter of public record",
)
