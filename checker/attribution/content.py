"""What was said: the stretch of the sentence, before or after a cue, that is its content."""

from __future__ import annotations

from checker.attribution.attach import LONG, ends_open, length
from checker.attribution.cues import Class, Form
from checker.attribution.grammar import (
    DETERMINERS,
    PREPOSITIONS,
    SUBJECT_PRONOUNS,
    is_adverb,
    is_day,
    is_verb,
    word_set,
)
from checker.attribution.sites import COMPLEMENTIZERS, Site, clause_start
from checker.attribution.tokens import INLINE, Frame, Sentence

__all__ = ["CLAIM_NOUNS", "find_contents"]

_DASHES = (",", "—", "–")
_STOPS = (".", ",", ";", ":", "—", "–", "-", "!", "?")
_LEADS = word_set("when while after before as if although though asked since because once until")
# With these a sentence opens that the quotation ends.
_BINDING = word_set("while if although because since unless as")
_ASKED = word_set("asked pressed questioned speaking reached told")
_DANGLING = word_set("in which and but that who while as according to")
_KEPT_ADVERBS = word_set("not all either both first")
_PLACES = word_set("in on during at after to of before from")
_INFINITIVE = word_set(
    "promise vow pledge swear threaten offer agree volunteer refuse decline want hope expect intend plan "
    "seek decide urge order ask tell warn request instruct beg encourage claim propose prefer wish call "
    "advise implore plead guarantee undertake fear"
)
_NEVER_TRAILS = word_set("tell ask describe show know want learn")
CLAIM_NOUNS = word_set(
    "claim claims report reports allegation allegations accusation accusations idea notion suggestion "
    "rumour rumours rumor rumors charge charges story stories assertion assertions belief theory view"
)
_OBJECTS = word_set("it him them me us you")
_TRAILING = (Class.NEUTRAL, Class.DISTANCING, Class.FACTIVE, Class.ATTITUDE, Class.COMMISSIVE)
_REACH = 16
_SHORT_REACH = 8
_ADDRESSEE = 12
_ADVERBIAL = 14


def find_contents(frame: Frame, sites: list[Site], sentence: Sentence) -> None:
    """Set `content` (and `lead`, `after`) of every site of a sentence."""
    for index, site in enumerate(sites):
        if not site.after and not site.quotes:
            site.after = _trails(frame, site, sentence)
        if site.after and not site.quotes and _is_framed(frame, site, sentence):
            site.after, site.lead = False, _content_left(frame, site, sites, sentence)
            site.content = _content_right(frame, site, sites[index + 1 :], sentence)
            continue
        if site.after:
            site.content = _content_left(frame, site, sites, sentence)
            continue
        site.content = _content_right(frame, site, sites[index + 1 :], sentence)
        if site.quotes:
            site.lead = _lead(frame, site, sites, sentence)


def _trails(frame: Frame, site: Site, sentence: Sentence) -> bool:
    """`The plan is dead, he said on Monday.`: the clause stands before the cue."""
    tokens = frame.tokens
    start = clause_start(site)
    while start > sentence.first and (is_adverb(tokens[start - 1]) or tokens[start - 1].low == "as"):
        start -= 1
    if start <= sentence.first + 2 or tokens[start - 1].text not in _DASHES:
        return False
    if site.inherited or site.word.role not in _TRAILING or site.word.lemma in _NEVER_TRAILS:
        return False
    lead = tokens[sentence.first].low
    if lead in _LEADS and not _main_clause_before(frame, sentence, start):
        return False
    if lead in PREPOSITIONS and not any(is_verb(t) for t in tokens[sentence.first : start]):
        return False
    end = site.right.last if site.right is not None and site.left is None else site.last
    if end >= sentence.last or tokens[end].text in (".", "?", "!", ",", ";") or is_day(tokens, end):
        return True
    return tokens[end].low in _PLACES and not any(t.low == "that" for t in tokens[end : end + 8])


def _main_clause_before(frame: Frame, sentence: Sentence, start: int) -> bool:
    """`As a woman, Ms Malik raised less suspicion, he said`: a clause stands between the last two commas."""
    commas = [k for k in range(sentence.first, start - 1) if frame.tokens[k].text == ","]
    return bool(commas) and start - commas[-1] > 4 and _verb_near(frame, commas[-1] + 2, start - 1)


def _is_framed(frame: Frame, site: Site, sentence: Sentence) -> bool:
    """`The plan, he said, would fail`: the cue stands between the subject and the verb of what was said."""
    tokens = frame.tokens
    start = clause_start(site)
    if (
        site.last + 2 >= sentence.last
        or tokens[site.last].text not in _DASHES
        or tokens[start - 1].text not in _DASHES
    ):
        return False
    left = tokens[sentence.first : start]
    goes_on = is_verb(tokens[site.last + 1]) or tokens[site.last + 1].low.endswith("ed")
    return goes_on and not any(is_verb(t) and t.kind == "w" for t in left)


def _lead(frame: Frame, site: Site, sites: list[Site], sentence: Sentence) -> tuple[int, int] | None:
    """`These sources, they said, "all agree"`: the unquoted beginning of what was said."""
    tokens = frame.tokens
    start = clause_start(site)
    if start <= sentence.first + 1 or tokens[start - 1].text not in _DASHES or site.inherited:
        return None
    if tokens[site.last].text not in _DASHES or tokens[sentence.first + 1].low in _ASKED:
        return None
    first = frame.quotes[tokens[site.quotes[0]].quote].inner.of(frame.text)[:1]
    belongs = first.islower() or tokens[sentence.first].low in _BINDING
    return _content_left(frame, site, sites, sentence) if belongs else None


def _content_left(frame: Frame, site: Site, sites: list[Site], sentence: Sentence) -> tuple[int, int] | None:
    tokens = frame.tokens
    end = clause_start(site)
    as_put = False
    while end > sentence.first and (
        tokens[end - 1].text in (*_DASHES, "-")
        or is_adverb(tokens[end - 1])
        or tokens[end - 1].low in ("as", "and", "but")
    ):
        as_put = as_put or tokens[end - 1].low == "as"
        end -= 1
    start = sentence.first
    for other in sites:
        if other is not site and other.first < site.first and other.content is not None:
            low = max(other.content[1], other.last)
            start = max(start, low if low < end else start)
    for at in range(end - 1, start, -1):
        if tokens[at].text == ";":
            start = at + 1
            break
    while start < end and (
        tokens[start].low in ("and", "but", "so", "yet", "or") or tokens[start].text in (*_STOPS, "*")
    ):
        start += 1
    quotes = [q for q in site.quotes if q < site.first]
    if quotes and end <= quotes[-1]:
        end = quotes[-1] + 1
    if quotes and quotes[0] > start and (as_put or _stands_alone(frame, quotes[0])):
        start = quotes[0]
    return (start, end) if start < end else None


def _stands_alone(frame: Frame, at: int) -> bool:
    """A long quotation behind a comma or dash: what comes before it is the reporter's."""
    return frame.tokens[at - 1].text in (*_DASHES, "-", ":") and length(frame, at) >= LONG


def _content_right(
    frame: Frame, site: Site, following: list[Site], sentence: Sentence
) -> tuple[int, int] | None:
    tokens = frame.tokens
    high = _ceiling(frame, site, following, sentence)
    start = site.agent_end or site.last
    if site.right is not None and site.left is None:
        start = site.right.name[1] if site.right.name else site.right.last
    quotes = [q for q in site.quotes if start <= q < high]
    high = _clause_end(frame, site, start, high, sentence)
    first = _content_start(frame, site, start, high, quotes)
    if first is None:
        return None
    while high > first and (tokens[high - 1].text in _STOPS or tokens[high - 1].low in _DANGLING):
        high -= 1
    return (first, high) if high > first else None


def _ceiling(frame: Frame, site: Site, following: list[Site], sentence: Sentence) -> int:
    """Where the content of a cue must end: the next clause that reports, or the sentence's end."""
    tokens = frame.tokens
    for other in following:
        start = clause_start(other)
        if start <= site.last:
            continue
        if other.quotes and other.after:
            return max(min(other.quotes), site.last)
        cut = _cut_before(frame, other, start)
        if cut is not None:
            return cut
    for at in range(site.last, sentence.last - 1):
        if tokens[at].text == ";":
            return at
        if tokens[at].low == "according" and tokens[at + 1].low == "to" and tokens[at - 1].text == ",":
            return at - 1
    return sentence.last


def _clause_end(frame: Frame, site: Site, start: int, high: int, sentence: Sentence) -> int:
    """Where a subordinate clause of reporting ends: `While X said the plan was "bad", he ...`."""
    tokens = frame.tokens
    opening = clause_start(site) - 1
    leads = opening >= sentence.first and tokens[opening].low in _LEADS
    leads = leads or (tokens[sentence.first].low in _LEADS and clause_start(site) - sentence.first <= 2)
    relative = site.left is not None and site.left.relative
    if not (leads or relative) or site.inherited:
        return _before_new_verb(frame, site, high)
    for at in range(start + 2, high - 1):
        opens = tokens[at + 1].kind == "C" or tokens[at + 1].low in DETERMINERS | SUBJECT_PRONOUNS
        if tokens[at].text == "," and (opens or (relative and at > max(site.quotes, default=start))):
            return at
        if tokens[at].kind == "Q" and ends_open(frame, at) and opens and tokens[at].low != INLINE:
            return at + 1
    return high


def _before_new_verb(frame: Frame, site: Site, high: int) -> int:
    """`called it "a joke" and left the room`: the second verb is no content."""
    for at in site.quotes:
        joined = at + 2 < high and frame.tokens[at + 1].low in ("and", "but")
        if joined and _verb_near(frame, at + 2, at + 3):
            return at + 1
        inner = frame.quotes[frame.tokens[at].quote].inner.of(frame.text)
        if (
            inner.endswith(",")
            and at + 1 < high
            and frame.tokens[at + 1].kind == "w"
            and at == site.quotes[-1]
        ):
            # The comma inside the marks ends the speech; what follows is the reporter's.
            return at + 1
    return high


def _cut_before(frame: Frame, other: Site, start: int) -> int | None:
    previous = frame.tokens[start - 1]
    parallel = any(q > other.last for q in other.quotes) or other.word.form is Form.GERUND or other.inherited
    if parallel and (previous.text in (*_DASHES, ";") or previous.low in ("and", "but", "then", "while")):
        return start - 1
    if parallel and previous.kind == "Q":
        return start
    if previous.text == ";" or previous.low in ("but", "while"):
        return start - 1
    if previous.low == "and" and frame.tokens[start - 2].text == ",":
        return start - 2
    return None


def _content_start(frame: Frame, site: Site, start: int, high: int, quotes: list[int]) -> int | None:
    tokens = frame.tokens
    at = start
    while at < high and is_adverb(tokens[at]) and tokens[at].low not in _KEPT_ADVERBS:
        at += 1
    if at >= high:
        return None
    complement = _that(frame, site, at, high)
    if quotes and (quotes[0] == at or _introduced(frame, quotes[0], complement)):
        return quotes[0]
    if complement is not None:
        return complement
    named = _named_claim(frame, site, at, high)
    if named is not None:
        return named
    token = tokens[at]
    if token.low in COMPLEMENTIZERS:
        return at if token.low != "that" or site.word.bare or site.word.nominal else None
    if token.low == "to" or (token.low == "not" and at + 1 < high and tokens[at + 1].low == "to"):
        takes = site.word.lemma in _INFINITIVE or site.word.lemma == "call for"
        return at if takes else (quotes[0] if quotes else None)
    if site.word.told:
        return _after_addressee(frame, site, at, high, quotes)
    if token.text == ":":
        return at + 1 if at + 1 < high else None
    if is_day(tokens, at) or token.low in PREPOSITIONS:
        return _after_adverbial(frame, site, at, high, quotes)
    framed = tokens[clause_start(site) - 1].text in _DASHES and not site.inherited
    if token.text in _DASHES and (
        framed or (site.word.bare and not quotes and _verb_near(frame, at + 1, high))
    ):
        return at + 1 if quotes or high - at > 3 else None
    if token.kind == "P" and token.text not in "$€£#":
        return quotes[0] if quotes else None
    return _plain_start(frame, site, at, high, quotes)


def _named_claim(frame: Frame, site: Site, at: int, high: int) -> int | None:
    """`described as "nonsense" the claim that ...`: the claim is what stands behind its "that"."""
    if site.word.role not in (Class.NEGATING, Class.EVALUATIVE) and site.word.lemma != "describe":
        return None
    for k in range(at, min(high - 2, at + _ADDRESSEE)):
        if frame.tokens[k].low in CLAIM_NOUNS and frame.tokens[k + 1].low == "that":
            return k + 2
    return None


def _introduced(frame: Frame, at: int, complement: int | None) -> bool:
    """Whether only circumstances stand between the cue and a whole quotation: `said on Monday, "We ..."`."""
    mark = frame.tokens[at - 1].text
    if complement is not None and complement < at - 1:
        return False
    goes_on = frame.quotes[frame.tokens[at].quote].inner.of(frame.text)[:1].islower()
    return mark == ":" or (mark in _DASHES and length(frame, at) >= LONG and not goes_on)


def _plain_start(frame: Frame, site: Site, at: int, high: int, quotes: list[int]) -> int | None:
    """A noun phrase or a clause without "that"."""
    tokens = frame.tokens
    if quotes:
        return at
    if tokens[at].low in _OBJECTS and (at + 1 >= high or not _verb_near(frame, at + 1, at + 3)):
        return None
    if site.word.nominal:
        return at
    return at if site.word.bare and high - at >= 3 and _verb_near(frame, at, min(high, at + _REACH)) else None


def _verb_near(frame: Frame, first: int, last: int) -> bool:
    return any(
        is_verb(t) or (t.kind == "w" and t.low.endswith(("ed", "s")) and not t.low.endswith(("ss", "'s")))
        for t in frame.tokens[first:last]
    )


def _that(frame: Frame, site: Site, at: int, high: int) -> int | None:
    """The token behind the "that" which opens the content, past an addressee or adverbial."""
    tokens = frame.tokens
    far = site.word.told or tokens[at].low in PREPOSITIONS or is_day(tokens, at)
    for k in range(at, min(high, at + (_REACH if far else _SHORT_REACH))):
        token = tokens[k]
        if (token.kind == "Q" and token.low != INLINE) or token.text in (";", ":"):
            return None
        if token.low == "that" and token.kind == "w" and k + 1 < high and not is_verb(tokens[k + 1]):
            return k + 1
        if k > at and is_verb(token) and token.kind == "w":
            return None
    return None


def _after_addressee(frame: Frame, site: Site, at: int, high: int, quotes: list[int]) -> int | None:
    tokens = frame.tokens
    for k in range(at, min(high, at + _ADDRESSEE)):
        token = tokens[k]
        if k > at and (token.kind == "Q" or token.low in COMPLEMENTIZERS):
            return k
        if k > at and token.low == "to" and k + 1 < high and tokens[k + 1].kind == "w":
            return k
        if k > at and token.low in SUBJECT_PRONOUNS and token.low not in ("you", "it"):
            return k
        if token.text in (",", ":"):
            return quotes[0] if quotes else None
        if k > at and token.low in DETERMINERS and tokens[k - 1].low not in PREPOSITIONS:
            return k
    if quotes:
        return quotes[0]
    return at if site.word.nominal and site.word.lemma != "tell" else None


def _behind_relative(frame: Frame, at: int, high: int) -> int | None:
    """`said of X, who had left, that ...`: past the clause about X."""
    end = next((k for k in range(at, high) if frame.tokens[k].text == ","), None)
    if end is None or end + 2 >= high or frame.tokens[end + 1].low != "that":
        return None
    return end + 2


def _after_adverbial(frame: Frame, site: Site, at: int, high: int, quotes: list[int]) -> int | None:
    tokens = frame.tokens
    for k in range(at, min(high, at + _ADVERBIAL)):
        token = tokens[k]
        if k > at and (token.low in SUBJECT_PRONOUNS or token.low == "there"):
            return k
        if token.text == "," and k + 1 < high and tokens[k + 1].low in ("who", "whose", "which"):
            return _behind_relative(frame, k + 1, high)
        if token.text == "," and k + 1 < high:
            return quotes[0] if quotes else (k + 1 if k + 3 < high and site.word.bare else None)
        opens = token.kind == "C" or token.low in DETERMINERS
        if k > at and is_day(tokens, k - 1) and opens and not is_day(tokens, k):
            return k
    if quotes:
        return quotes[0] if not site.word.bare else at
    return None
