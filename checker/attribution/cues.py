"""The reporting words: which verb forms and phrases make somebody the source of a claim, and how.

Data in code, grouped by what the word does to the claim. English verbs are inflected by rule with a table of
exceptions; other languages list their forms. Counts behind the choice: twenty verbs introduce about four in
five quotes in news text, eighty reach nine in ten; indirect speech has a long thin tail.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from itertools import product

from checker.attribution.grammar import word_set

__all__ = ["PHRASES", "Class", "Cue", "Form", "forms_for"]


class Class(StrEnum):
    """What a reporting word does to the claim."""

    NEUTRAL = "neutral"
    DISTANCING = "distancing"
    NEGATING = "negating"
    FACTIVE = "factive"
    COMMISSIVE = "commissive"
    DIRECTIVE = "directive"
    EVALUATIVE = "evaluative"
    ATTITUDE = "attitude"
    STAND = "stand"
    FINDING = "finding"


class Form(StrEnum):
    """Which form of the verb stands in the text."""

    PAST = "past"
    PRESENT = "present"
    BASE = "base"
    GERUND = "gerund"
    PARTICIPLE = "participle"
    PREPOSITION = "preposition"


@dataclass(frozen=True, slots=True)
class Cue:
    """One form of a reporting word.

    `nounish`: the form is a noun as often ("claims", "reports") and needs a clear subject.
    `told`: a person addressed may stand between the cue and the claim.
    `nominal`: a bare noun phrase can be its content ("rejected the plan").
    `bare`: a clause without "that" can follow ("said he would").
    `silent`: without quoted words it reports nothing.
    `weak`: without quoted words it reports speech only when a clause or an infinitive follows.
    """

    lemma: str
    role: Class
    form: Form
    nounish: bool = False
    told: bool = False
    nominal: bool = False
    bare: bool = False
    weak: bool = False
    foreign: bool = False
    silent: bool = False


_VERBS: dict[Class, str] = {
    Class.NEUTRAL: (
        "say tell add write state note explain announce reply respond answer tweet retweet comment remark "
        "observe continue report declare mention describe recall ask conclude repeat reiterate joke quip "
        "testify post emphasize emphasise stress underline elaborate begin summarize interject blog text "
        "email recount relate clarify specify signal indicate suggest hint imply predict estimate "
        "forecast caution inform brief advise remind assure echo chant shout yell scream exclaim whisper "
        "mutter intone opine muse wonder inquire query quote cite read argue reason contend conjecture "
        "speculate proclaim pronounce disclose outline detail characterize characterise refer sum quoth "
        "gush boast brag crow marvel"
    ),
    Class.DISTANCING: "claim allege insist maintain assert profess contend purport protest complain",
    Class.NEGATING: "deny reject dismiss refute repudiate rebut dispute contradict disavow disclaim",
    Class.FACTIVE: (
        "admit acknowledge reveal confirm concede confess show realize realise learn discover know"
    ),
    Class.COMMISSIVE: "promise vow pledge swear threaten offer guarantee agree volunteer propose undertake",
    Class.DIRECTIVE: (
        "urge demand order warn request recommend advocate implore plead beg insist instruct encourage "
        "exhort challenge appeal direct"
    ),
    Class.EVALUATIVE: (
        "call brand label dub denounce condemn criticize criticise praise blame accuse attack mock slam "
        "blast decry deride deplore lament welcome hail applaud tout ridicule rebuke chide assail "
        "lambaste laud portray depict compare thank congratulate question defend downplay bemoan rail "
        "chastise scold berate commend credit fault"
    ),
    Class.ATTITUDE: (
        "think believe hope expect fear feel want doubt worry wish assume suspect consider favor favour "
        "prefer intend plan regret see view"
    ),
    Class.STAND: "endorse support oppose back decline refuse seek decide",
    Class.FINDING: "find determine rule",
}
_IRREGULAR: dict[str, tuple[str, ...]] = {
    "say": ("says", "said", "said", "saying"),
    "tell": ("tells", "told", "told", "telling"),
    "write": ("writes", "wrote", "written", "writing"),
    "swear": ("swears", "swore", "sworn", "swearing"),
    "think": ("thinks", "thought", "thought", "thinking"),
    "feel": ("feels", "felt", "felt", "feeling"),
    "know": ("knows", "knew", "known", "knowing"),
    "see": ("sees", "saw", "seen", "seeing"),
    "show": ("shows", "showed", "shown", "showing"),
    "find": ("finds", "found", "found", "finding"),
    "begin": ("begins", "began", "begun", "beginning"),
    "read": ("reads", "read", "read", "reading"),
    "seek": ("seeks", "sought", "sought", "seeking"),
    "undertake": ("undertakes", "undertook", "undertaken", "undertaking"),
    "forecast": ("forecasts", "forecast", "forecast", "forecasting"),
    "beg": ("begs", "begged", "begged", "begging"),
    "plan": ("plans", "planned", "planned", "planning"),
    "quip": ("quips", "quipped", "quipped", "quipping"),
    "brag": ("brags", "bragged", "bragged", "bragging"),
    "rebut": ("rebuts", "rebutted", "rebutted", "rebutting"),
    "admit": ("admits", "admitted", "admitted", "admitting"),
    "regret": ("regrets", "regretted", "regretted", "regretting"),
    "refer": ("refers", "referred", "referred", "referring"),
    "sum": ("sums", "summed", "summed", "summing"),
    "dub": ("dubs", "dubbed", "dubbed", "dubbing"),
    "prefer": ("prefers", "preferred", "preferred", "preferring"),
    "slam": ("slams", "slammed", "slammed", "slamming"),
    "quoth": ("quoth", "quoth", "quoth", "quoth"),
    "label": ("labels", "labeled", "labeled", "labeling"),
    "signal": ("signals", "signaled", "signaled", "signaling"),
    "blog": ("blogs", "blogged", "blogged", "blogging"),
}
_NOUNISH = word_set(
    "claim claims report reports state states note notes comment comments call calls question questions "
    "answer answers promise promises demand demands request requests order orders offer offers remark "
    "remarks tweet tweets post posts text texts email emails blog blogs quote quotes signal signals hint "
    "hints estimate estimates forecast forecasts appeal appeals challenge challenges warning finding "
    "findings feeling reasoning writing writings reading readings beginning meaning thinking plan plans "
    "view views fear fears hope hopes doubt doubts worry worries wish wishes attack attacks blame credit "
    "fault praise protest protests pledge pledges vow vows threat query queries detail details label "
    "labels brand brands brief briefs read reason reasons stress support supports dispute disputes refuse "
    "decline declines show shows rule rules ruling polling welcome joke jokes quip quips sum sums boast "
    "boasts chant chants shout shouts echo echoes complaint regret regrets laud mock back backs backing "
    "see sees slam rebuke rebukes whisper rail rails direct post compare outline outlines cite felt found "
    "told thought written learned known seen posts posted estimated planned ruled read challenged stated "
    "accused suspect suspects favor favors favour thanks preferred purported alleged considered labeled "
    "order ordered offered directed insists"
) - frozenset(
    [
        "felt",
        "found",
        "told",
        "thought",
        "written",
        "learned",
        "known",
        "seen",
        "posted",
        "planned",
        "ruled",
        "stated",
        "insists",
        "offered",
    ]
)
_TOLD = word_set(
    "tell inform remind assure advise warn urge ask order instruct beg implore challenge promise "
    "brief text email encourage exhort direct show caution request"
)
_BARE = word_set(
    "say claim insist note add argue think believe hope fear feel suggest predict announce report "
    "maintain admit acknowledge explain assert declare state contend allege confirm concede reveal vow "
    "promise pledge swear know tell tweet write reply repeat reiterate stress indicate estimate warn "
    "assume suspect complain joke show find conclude testify reason doubt wish expect remark recall "
    "observe mention speculate guarantee boast assure remind inform disclose agree determine worry learn "
    "realize decide"
)
_NOT_NOMINAL = word_set(
    "say begin continue reply respond think hope remark wonder quip joke read feel know see learn realize "
    "realise sum crow marvel reason opine muse answer post text email blog add tell worry agree show find "
    "conclude interject testify gush brag boast brief insist note observe rule direct want plan complain "
    "swear stress speculate volunteer elaborate back offer protest whisper mutter view refer appeal plead "
    "rail order write"
)

# Several words that work as one cue: alternatives with |, a word that may be missing with ?; lemma and role.
_PHRASES: tuple[tuple[str, str, Class], ...] = (
    ("rules|ruled|ruling out", "rule out", Class.NEGATING),
    ("argues|argued|arguing against", "argue against", Class.NEGATING),
    ("sees|saw no reason|need", "see no reason", Class.NEGATING),
    ("takes|took|taking issue with", "take issue", Class.NEGATING),
    ("points|pointed|pointing out", "point out", Class.FACTIVE),
    ("points|pointed|pointing to", "point to", Class.NEUTRAL),
    ("calls|called|calling for|on|upon", "call for", Class.DIRECTIVE),
    ("makes|made|making it? very|quite|perfectly? clear|plain", "make clear", Class.NEUTRAL),
    ("leaves|left|leaving no|little doubt", "leave no doubt", Class.NEUTRAL),
    (
        "goes|went|going on to say|add|explain|note|tell|state|describe|call|claim|argue",
        "go on to say",
        Class.NEUTRAL,
    ),
    ("goes|went on|further", "go on", Class.NEUTRAL),
    ("puts|put it", "put it", Class.NEUTRAL),
    ("shoots|shot|fires|fired|hits|hit|snaps|snapped back", "shoot back", Class.NEUTRAL),
    ("chimes|chimed|weighs|weighed in", "chime in", Class.NEUTRAL),
    ("spells|spelled|lays|laid out", "spell out", Class.NEUTRAL),
    ("speaks|spoke|speaking|talks|talked|talking about|of", "speak about", Class.NEUTRAL),
    ("lashes|lashed out", "lash out", Class.EVALUATIVE),
    ("expresses|expressed|expressing", "express", Class.ATTITUDE),
    ("voices|voiced|voicing", "voice", Class.ATTITUDE),
    (
        "remains|remained|is|was|are|were|am "
        "confident|convinced|certain|sure|hopeful|optimistic|concerned|worried|skeptical|sceptical|afraid|proud|glad",
        "be confident",
        Class.ATTITUDE,
    ),
)


def _expanded(pattern: str) -> Iterator[str]:
    choices = [
        [*word.rstrip("?").split("|"), ""] if word.endswith("?") else word.split("|")
        for word in pattern.split()
    ]
    for words in product(*choices):
        yield " ".join(word for word in words if word)


PHRASES: dict[str, Cue] = {
    phrase: Cue(
        lemma, role, Form.GERUND if phrase.split()[0].endswith("ing") else Form.PAST, nominal=True, bare=True
    )
    for pattern, lemma, role in _PHRASES
    for phrase in _expanded(pattern)
}
# Other languages: forms only, past and present third person, inverted or not.
_FOREIGN: dict[str, str] = {
    "de": (
        "sagte sagten sagt sagen erklärte erklärten erklärt betonte betont meinte meint fügte behauptete "
        "behauptet schrieb schreibt kündigte versprach verspricht warnte warnt forderte fordert "
        "antwortete antwortet bestätigte bestätigt berichtete berichtet äußerte räumte gab teilte stellte "
        "rief dementierte bestritt bestreitet verneinte gestand nannte bezeichnete"
    ),
    "fr": (
        "dit déclaré déclare déclara affirmé affirme affirma expliqué explique expliqua ajouté ajoute "
        "ajouta assuré assure assura annoncé annonce annonça répondu répond répondit estimé estime estima "
        "souligné souligne rappelé rappelle écrit lancé lance lança précisé précise précisa indiqué "
        "indique confié confie promis promet nié nie démenti dément admis admet reconnu reconnaît martelé "
        "martèle"
    ),
    "es": (
        "dijo dice declaró declara afirmó afirma explicó explica añadió añade aseguró asegura anunció "
        "anuncia respondió responde señaló señala indicó indica sostuvo sostiene manifestó manifiesta "
        "advirtió advierte prometió promete negó niega admitió admite reconoció reconoce insistió insiste "
        "escribió escribe comentó contestó preguntó subrayó recordó reiteró"
    ),
    "pt": (
        "disse diz declarou declara afirmou afirma explicou explica acrescentou acrescenta anunciou "
        "anuncia respondeu responde ressaltou destacou garantiu prometeu promete negou nega admitiu "
        "admite reconheceu escreveu comentou contou lembrou"
    ),
    "it": (
        "disse dice detto dichiarato dichiara dichiarò affermato afferma affermò spiegato spiega spiegò "
        "aggiunto aggiunge aggiunse annunciato annuncia annunciò risposto risponde rispose sottolineato "
        "sottolinea promesso promette negato nega smentito ammesso ammette scritto scrive"
    ),
    "ru": (
        "сказал сказала сказали заявил заявила заявили говорит сообщил сообщила сообщили отметил отметила "
        "подчеркнул подчеркнула добавил добавила пояснил пояснила объяснил объяснила написал написала "
        "ответил ответила обещал обещала пообещал пообещала отрицал отрицает признал признала рассказал "
        "рассказала считает опроверг опровергла"
    ),
    "uk": (
        "сказав сказала заявив заявила заявили говорить повідомив повідомила зазначив зазначила "
        "підкреслив підкреслила додав додала пояснив пояснила написав написала відповів відповіла обіцяв "
        "пообіцяв заперечив визнав визнала розповів розповіла вважає"
    ),
    "pl": (
        "powiedział powiedziała mówi stwierdził stwierdziła oświadczył oświadczyła dodał dodała "
        "podkreślił podkreśliła zapowiedział zapowiedziała napisał napisała odpowiedział odpowiedziała "
        "zaprzeczył przyznał przyznała"
    ),
    "nl": (
        "zei zegt zeggen verklaarde verklaart voegde schreef schrijft beloofde ontkende antwoordde "
        "benadrukte vindt"
    ),
    "sv": (
        "säger sade sa förklarade förklarar skrev skriver lovade förnekade svarade berättade berättar menar"
    ),
}
_FOREIGN_NEGATING = word_set(
    "dementierte bestritt bestreitet verneinte nié nie démenti dément negó niega negou nega negato nega "
    "smentito отрицал отрицает опроверг опровергла заперечив zaprzeczył ontkende förnekade"
)

# Measured on training articles: without quoted words, about half of these report no speech.
_SILENT = word_set(
    "want know seek plan feel intend encourage begin continue decide call see view direct advise back "
    "favor favour detail maintain assume attack challenge advocate volunteer order"
)
# With a bare noun as object, over half of these report no speech.
_WEAK = word_set(
    "find know seek support call want pledge think show attack plan feel maintain favor favour advocate "
    "advise assume intend detail determine consider encourage back challenge compare voice state propose "
    "oppose allege defend question repeat demand express estimate begin see view direct appeal order cite "
    "agree decide refuse hope expect believe fear doubt worry wish suspect prefer regret realize learn "
    "discover threaten offer volunteer undertake back mock embrace applaud outline signal describe "
    "mention promise report suggest read"
)


def _inflect(lemma: str) -> tuple[str, str, str, str]:
    irregular = _IRREGULAR.get(lemma)
    if irregular:
        return irregular[0], irregular[1], irregular[2], irregular[3]
    if re.search(r"(?:s|sh|ch|x|z)$", lemma):
        third = lemma + "es"
    elif re.search(r"[^aeiou]y$", lemma):
        third = lemma[:-1] + "ies"
    else:
        third = lemma + "s"
    if lemma.endswith("e"):
        return third, lemma + "d", lemma + "d", lemma[:-1] + "ing"
    if re.search(r"[^aeiou]y$", lemma):
        return third, lemma[:-1] + "ied", lemma[:-1] + "ied", lemma + "ing"
    return third, lemma + "ed", lemma + "ed", lemma + "ing"


def _entries(lemma: str, role: Class) -> dict[str, Cue]:
    third, past, participle, gerund = _inflect(lemma)
    forms = {
        lemma: Form.BASE,
        third: Form.PRESENT,
        participle: Form.PARTICIPLE,
        past: Form.PAST,
        gerund: Form.GERUND,
    }
    return {
        form: Cue(
            lemma,
            role,
            kind,
            nounish=form in _NOUNISH,
            told=lemma in _TOLD,
            nominal=lemma not in _NOT_NOMINAL,
            bare=lemma in _BARE,
            weak=lemma in _WEAK,
            silent=lemma in _SILENT,
        )
        for form, kind in forms.items()
    }


def _english() -> dict[str, Cue]:
    forms: dict[str, Cue] = {}
    for role, lemmas in _VERBS.items():
        for lemma in lemmas.split():
            forms.update(_entries(lemma, role))
    return forms


def _foreign(language: str) -> dict[str, Cue]:
    return {
        form: Cue(
            form,
            Class.NEGATING if form in _FOREIGN_NEGATING else Class.NEUTRAL,
            Form.PAST,
            bare=True,
            foreign=True,
        )
        for form in _FOREIGN.get(language, "").split()
    }


@cache
def forms_for(language: str) -> dict[str, Cue]:
    """Inflected form -> cue for a two-letter language code; English when there is no table for it."""
    return _foreign(language) if language in _FOREIGN else _english()
