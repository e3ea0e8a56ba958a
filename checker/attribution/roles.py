"""Words that say what a person is: roles, titles, nationalities, and hints at gender."""

from __future__ import annotations

from checker.attribution.grammar import word_set

__all__ = [
    "GENERIC_ROLES",
    "GROUPS",
    "HEADS",
    "ORGANISATIONS",
    "PUBLISHERS",
    "ROLES",
    "TITLES",
    "gender_of",
    "nation_of",
    "roles_alike",
]


# Offices that stand for the one who runs a state, party or body; news text uses them for one another.
HEADS = word_set(
    "president leader dictator ruler strongman autocrat premier chancellor incumbent head chief chairman "
    "chairwoman chair"
)
# Words that can mean any person lately named.
GENERIC_ROLES = word_set(
    "official politician man woman statesman stateswoman candidate nominee lawmaker legislator veteran "
    "newcomer hopeful figure speaker executive author expert activist native billionaire businessman "
    "businesswoman mogul tycoon magnate frontrunner front-runner contender challenger democrat republican "
    "conservative liberal star actor actress singer democrat octogenarian septuagenarian"
)
ROLES = (
    HEADS
    | GENERIC_ROLES
    | word_set(
        "minister senator governor mayor secretary ambassador envoy diplomat general colonel major "
        "captain commander admiral sergeant lieutenant judge justice prosecutor attorney lawyer counsel "
        "spokesman spokeswoman spokesperson director manager adviser advisor aide strategist pollster "
        "consultant analyst professor researcher scientist historian economist author writer journalist "
        "reporter columnist editor anchor host correspondent congressman congresswoman representative "
        "deputy delegate councilman councilwoman commissioner sheriff officer detective agent inspector "
        "doctor physician nurse teacher pastor priest bishop archbishop cardinal pope rabbi imam king "
        "queen prince princess duke emperor sultan emir vice coach player founder co-founder owner "
        "partner member organizer coordinator chief-executive ceo cfo treasurer speaker whip ex-president "
        "ex-minister negotiator campaigner student farmer worker resident neighbour neighbor witness "
        "mother father wife husband son daughter brother sister friend survivor supporter critic opponent "
        "rival lieutenant-general vice-president co-chair co-author principal superintendent trustee "
        "regulator banker trader investor fellow scholar philosopher poet painter musician filmmaker "
        "producer comedian"
    )
)
TITLES = word_set(
    "staff mr. mrs. ms. dr. prof. sen. sens. rep. reps. gov. gen. lt. col. maj. capt. sgt. rev. hon. adm. "
    "pres. mr mrs ms dr sen rep gov gen sir lady lord dame president vice prime minister senator "
    "congressman congresswoman governor mayor secretary chancellor premier ambassador king queen prince "
    "princess pope cardinal archbishop bishop judge justice professor general colonel major captain "
    "sergeant lieutenant commander admiral officer detective sheriff chief chairman chairwoman speaker "
    "majority minority leader deputy foreign defense defence interior finance former ex- first attorney "
    "solicitor representative commissioner director herr frau monsieur madame señor señora sheikh sultan "
    "emir rabbi imam pastor father brother sister coach candidate presidential republican democratic "
    "democrat gop frontrunner front-runner nominee state federal national security press adviser advisor "
    "spokesman spokeswoman congresswoman councilman councilwoman assemblyman executive acting interim"
)
ORGANISATIONS = word_set(
    "university party committee house street department times post news council court senate congress "
    "states union bank center centre institute foundation association company corporation inc corp group "
    "network agency ministry office bureau service commission board school college hospital church "
    "campaign administration government journal tribune herald magazine press league club team police "
    "army force forces navy coalition alliance organization organisation organisations federation society "
    "authority fund pac parliament assembly cabinet embassy kremlin pentagon coalition movement project "
    "initiative act bill law treaty agreement accord day week conference summit convention primary caucus "
    "caucuses debate award prize tower hotel airport station road avenue square park river lake mountain "
    "island islands city county district region province republic kingdom sea ocean bay gulf war twitter "
    "facebook google youtube instagram reuters associated bbc cnn nbc abc cbs fox msnbc npr politico "
    "breitbart u.s. u.s u.k. u.n. eu nato gop dnc rnc fbi cia irs epa poll survey report study website "
    "show program"
)
PUBLISHERS = word_set(
    "agency newspaper daily magazine broadcaster channel website newswire network radio outlet weekly"
)
GROUPS = word_set(
    "officials police authorities government ministers leaders lawmakers senators critics supporters "
    "aides advisers advisors protesters democrats republicans voters people experts analysts sources "
    "prosecutors investigators researchers reporters journalists lawyers attorneys families residents "
    "witnesses activists organizers campaign company firm agency party union group committee commission "
    "court council board team department ministry administration opposition parliament army military "
    "media newspaper report study poll survey statement document organisation organization embassy office "
    "newspapers networks studies polls reports"
)
_FEMALE = word_set(
    "arianna tiffany ghazala kristan colleen megan danielle kayla lauren vanessa crystal tara tracey "
    "cindy brenda robin wanda bridget hope sheila denise sherry kristin kirsten lori tina connie bonnie "
    "tammy hannah abigail samantha natasha alexandra victoria veronica elena jill beth carrie penny peggy "
    "sally wilma estelle fiona harriet imogen jasmine mrs. ms. mrs ms lady dame queen princess madame "
    "frau señora actress congresswoman chairwoman spokeswoman businesswoman councilwoman stateswoman "
    "woman mother wife daughter sister girl widow she her hers herself mary anna anne ann maria elizabeth "
    "hillary svetlana angela theresa nancy susan sarah laura julia emma olga elena irina natalia natalya "
    "tatiana katarina catherine kate karen linda barbara patricia jennifer jessica lisa michelle melania "
    "ivanka carly kamala ursula marine margaret diana sandra donna carol ruth sharon deborah rachel "
    "rebecca amy emily megyn kelly loretta valerie jane janet joan judith kim debbie cecilia cecile huma "
    "claire clara sofia sophie isabel isabella lucia rosa teresa ana eva ella nina vera ingrid astrid "
    "greta christine christina heather nicole stephanie katherine kathleen elise alice helen grace amanda "
    "melissa julie joyce marie pauline monika petra sabine ursula giorgia marta magdalena ewa beata yulia "
    "ksenia daria maya fatima aisha priya leila lena dilma cristina michele condoleezza madeleine sonia "
    "benazir aung jacinda sanna mette kaja maia oprah beyonce wendy tracy molly gloria eleanor america "
    "gina salma zoe selenis lupita meryl chelsea tammy kirsten kellyanne brit jeanne lindsay ashley erin "
    "andrea paula bianca carmen dolores inés lucía sofía"
)
_MALE = word_set(
    "trayvon dinesh tommy jeffery marty thom khizr florent reed dan dave doug greg josh ken kyle luke "
    "matt nate nick pete phil ron russ todd travis trent wade walt zach barry brad brent chad clint cory "
    "curtis darren derek dustin dwight earl eddie ernest floyd gerald gilbert glen grant herbert ian ivan "
    "jake joel jordan karim erik jay jess jesse kirk kurt lance leroy lloyd lyle malcolm marcus marvin "
    "maurice mel milton morgan nelson norman omer percy ray reginald rex rodney roland ross rudy sherman "
    "stan stewart stuart theodore theo vernon vince virgil wallace warren wesley willie winston mr. mr "
    "sir lord king prince monsieur herr señor businessman congressman chairman spokesman statesman "
    "councilman father husband son brother boy he his him himself man john james robert michael william "
    "david richard joseph thomas charles donald alexander alexandr vladimir volodymyr volodimir viktor "
    "barack george bill ted marco jeb ben rand chris christopher mike paul mark steven stephen andrew "
    "peter daniel matthew anthony kevin brian edward ronald timothy jason jeffrey jeff ryan jacob gary "
    "nicholas eric jonathan larry justin scott brandon benjamin samuel gregory frank patrick raymond jack "
    "dennis jerry tyler aaron jose henry adam douglas nathan zachary kyle walter harold carl jeremy keith "
    "roger arthur terry sean bernie mitt newt joe martin lincoln rick lindsey jim tom tim sam bob fred "
    "harry hugo ivan sergei dmitry boris igor oleg pavel yuri nikolai mikhail emmanuel françois jean "
    "pierre louis angel juan carlos luis pedro miguel javier fernando alejandro diego hans klaus wolfgang "
    "olaf friedrich helmut gerhard karl heinrich silvio matteo giuseppe mario luca marco giovanni recep "
    "benjamin binyamin mahmoud mohammed muhammad ahmed ali hassan omar bashar xi jinping narendra imran "
    "shinzo fumio rishi jeremy nigel gordon tony keir rahm reince corey paulo luiz jair jose josé nicolás "
    "gustavo andrés enrique vicente felipe mitch chuck lou glenn rush sean orrin ken kenneth ralph roy "
    "eugene russell bruce wayne alan juan bobby billy philip johnny jimmy howard craig evan simon neil "
    "leonard oscar victor hugh max leo felix otto pyotr aleksandr alyaksandr andrei anatoly konstantin "
    "jorge rafael antonio francisco julian reinhold stefan jan tomasz donaldo marek petr viktar"
)
_DEMONYM_ENDINGS = ("ian", "ean", "ish", "ese", "an", "ch", "i", "ic", "er", "k")


def gender_of(words: list[str]) -> str:
    """`f`, `m` or empty, from titles and the commonest given names."""
    for word in words:
        low = word.lower()
        if low in _FEMALE:
            return "f"
        if low in _MALE:
            return "m"
    return ""


def nation_of(word: str) -> str:
    """A rough stem that a country and its adjective share: Belarus, Belarusian -> belar."""
    low = word.lower()
    irregular = _IRREGULAR_NATIONS.get(low)
    if irregular:
        return irregular
    return low[:5]


_IRREGULAR_NATIONS = {
    "french": "franc",
    "dutch": "nethe",
    "german": "germa",
    "british": "brita",
    "english": "engla",
    "spanish": "spain",
    "us": "ameri",
    "u.s.": "ameri",
    "polish": "polan",
    "turkish": "turke",
    "swiss": "switz",
    "chinese": "china",
    "greek": "greec",
    "irish": "irela",
    "welsh": "wales",
    "scottish": "scotl",
    "danish": "denma",
    "moscow": "russi",
    "kyiv": "ukrai",
    "kiev": "ukrai",
    "minsk": "belar",
}


def roles_alike(first: str, second: str) -> bool:
    """Whether two role words can mean one office."""
    return first == second or (first in HEADS and second in HEADS)
