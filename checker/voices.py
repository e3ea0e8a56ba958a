"""Whose view a stretch of a statement is: the speaker's own, one he reports, or one he rejects.

A leaf for the detectors. "My opponents say taxes will rise" holds nothing about taxes; "it is nonsense that
taxes will rise" asserts the opposite.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from checker.alignment import READ_LIMIT, Word, stem, words
from checker.clauses import Clause, main_verb, read_clauses
from checker.lexicon import group_words, word_list
from checker.records import Mode, Span, Stance, Statement

__all__ = ["Claim", "Voice", "claims_of", "stance_at", "voices_of"]

_OTHERS = frozenset(stem(word) for word in group_words("voices", "others"))
_PRONOUNS = group_words("voices", "pronouns")
_REPORTING = group_words("voices", "reporting")
_CLAIMS = group_words("voices", "claims")
_REJECTING = group_words("voices", "rejecting")
_VERDICTS = frozenset(v for v in group_words("voices", "verdicts") if " " not in v)
_TWO_WORD_VERDICTS = frozenset(v for v in group_words("voices", "verdicts") if " " in v)
_HARSH = group_words("voices", "harsh words")
_DENYING_CUES = group_words("voices", "denying cues")
_SENTENCE_END = re.compile(r"[.?!;\n]")
_SAYING = frozenset({"say", "claim", "suggest", "declare", "pretend", "assert", "think", "believe"})
_SELF = frozenset({"i", "we", "my", "our"})
_STATING = frozenset(
    ["will", "would", "can", "could", "may", "might", "should", "must", "has", "had", "is", "was", "does"]
)
_SKIPPED = frozenset(
    [
        "will",
        "would",
        "can",
        "could",
        "may",
        "always",
        "often",
        "also",
        "still",
        "now",
        "just",
        "keep",
        "kept",
        "have",
        "has",
        "had",
        "do",
        "does",
    ]
)


@dataclass(frozen=True, slots=True)
class Voice:
    """A span that is not the speaker's own claim, its stance, and the words that say so, if any do."""

    span: Span
    stance: Stance
    marks: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Claim:
    """A clause that commits the speaker; `rejected_by` is set when he rejects it, which turns it."""

    clause: Clause
    rejected_by: Voice | None = None

    def is_negated(self, index: int) -> bool:
        """Whether the speaker denies the word at `index`, his rejection counted in."""
        return self.clause.is_negated(index) != (self.rejected_by is not None)


def claims_of(statement: Statement) -> tuple[Claim, ...]:
    """The clauses that say what the speaker holds: no questions, no conditions, nobody else's view."""
    own = statement.attribution
    return _claims(statement.text, statement.mode, own.stance, own.cue.lower())


# Every detector asks for the claims of both sides.
@lru_cache(maxsize=16_384)
def _claims(text: str, mode: Mode, stance: Stance, cue: str) -> tuple[Claim, ...]:
    voices = _voices(text, mode, stance, cue)
    claims = []
    for clause in read_clauses(text):
        middle = clause.words[len(clause.words) // 2].span.start
        whose = stance_at(voices, middle)
        if clause.question or whose is Stance.REPORTED or (clause.is_conditional and whose is Stance.HELD):
            continue
        rejecting = [v for v in voices if v.stance is Stance.REJECTED and v.span.start <= middle < v.span.end]
        claims.append(Claim(clause, rejecting[0] if whose is Stance.REJECTED else None))
    return tuple(claims)


def voices_of(statement: Statement) -> tuple[Voice, ...]:
    """The reported and rejected stretches of a statement; what they leave over is held."""
    own = statement.attribution
    return _voices(statement.text, statement.mode, own.stance, own.cue.lower())


def _voices(text: str, mode: Mode, stance: Stance, cue: str) -> tuple[Voice, ...]:
    whole = Span(0, min(len(text), READ_LIMIT))
    if stance is not Stance.HELD:
        return (Voice(whole, stance, ()),)
    if mode is Mode.REPORT:
        return ()
    if mode is Mode.INDIRECT and _is_denial(cue) and not _denies(text):
        return (Voice(whole, Stance.REJECTED, ()),)
    return _in_text(text, mode is Mode.INDIRECT)


def _is_denial(cue: str) -> bool:
    return any(part in _DENYING_CUES for part in (cue, *cue.split()))


def _denies(text: str) -> bool:
    """Whether a paraphrase holds the denial itself, so that its cue ("denied") says it a second time."""
    first = next(iter(read_clauses(text)), None)
    verb = main_verb(first) if first else None
    return first is not None and verb is not None and first.is_negated(verb)


def stance_at(voices: Sequence[Voice], offset: int) -> Stance:
    """Whose view the character at `offset` belongs to; the innermost voice decides."""
    covering = [v for v in voices if v.span.start <= offset < v.span.end]
    return min(covering, key=lambda v: v.span.end - v.span.start).stance if covering else Stance.HELD


@lru_cache(maxsize=16_384)
def _in_text(text: str, indirect: bool) -> tuple[Voice, ...]:
    found: list[Voice] = []
    for sentence in _sentences(text):
        rejection = _rejection(sentence, text)
        if rejection is not None:
            found.append(rejection)
            continue
        report = _report(sentence, text, indirect)
        if report is not None:
            found.append(report)
        elif found and found[-1].stance is Stance.REPORTED and _is_bare_verdict(sentence):
            marks = tuple(w.span for w in sentence if w.text in _VERDICTS)
            found[-1] = Voice(found[-1].span, Stance.REJECTED, marks)
    return tuple(found)


def _sentences(text: str) -> list[list[Word]]:
    sentences: list[list[Word]] = [[]]
    end = 0
    for word in words(text):
        if sentences[-1] and _SENTENCE_END.search(text, end, word.span.start):
            sentences.append([])
        sentences[-1].append(word)
        end = word.span.end
    return [sentence for sentence in sentences if sentence]


def _rejection(sentence: list[Word], text: str) -> Voice | None:
    texts = [word.text for word in sentence]
    for index, word in enumerate(texts):
        size = (
            2
            if " ".join(texts[index : index + 2]) in _TWO_WORD_VERDICTS
            else int(word in _VERDICTS or word in _HARSH)
        )
        if size and not _is_negated_verdict(texts, index):
            span = _judged(sentence, texts, index, size)
            if span is not None:
                return Voice(span, Stance.REJECTED, _marks(sentence[index : index + size]))
        if word in _REJECTING and any(t in _CLAIMS for t in texts[index + 1 : index + 5]):
            at = next(i for i in range(index + 1, index + 5) if texts[i] in _CLAIMS)
            if at + 2 < len(texts) and texts[at + 1] in {"that", "of", "about"}:
                return Voice(
                    _span(sentence[at + 2 :]), Stance.REJECTED, _marks([sentence[index], sentence[at]])
                )
    return None


def _is_negated_verdict(texts: list[str], index: int) -> bool:
    return any(t in {"not", "no", "never"} for t in texts[max(0, index - 3) : index])


def _judged(sentence: list[Word], texts: list[str], index: int, size: int) -> Span | None:
    """What the verdict word at `index` judges: the clause after "that", or the supposition before it."""
    after = index + size
    if texts[after : after + 1] == ["that"] and after + 2 < len(texts) and texts[index] not in _HARSH:
        return _span(sentence[after + 1 :])
    if texts[after : after + 1] == ["of"]:
        after += 2  # "it would be absurd of me to say"
    if texts[after : after + 1] == ["to"] and after + 3 < len(texts):
        return _span(sentence[after + 2 :]) if texts[after + 1] in _SAYING else None
    if index < 4 or not any(t in {"is", "are", "was"} for t in texts[max(0, index - 4) : index]):
        return None
    verb = max(i for i in range(max(0, index - 4), index) if texts[i] in {"is", "are", "was"})
    if texts[0] in {"if", "when"} and any(t in _REPORTING for t in texts[:verb]):
        told = next(i for i, t in enumerate(texts) if t in _REPORTING)
        end = verb - 1 if texts[verb - 1] in {"it", "that", "this"} else verb
        return _span(sentence[told + 1 : end]) if end > told + 1 else None
    claimed = [i for i, t in enumerate(texts[:verb]) if t in _CLAIMS]
    if claimed and claimed[0] + 2 < verb and texts[claimed[0] + 1] in {"that", "of", "about"}:
        return _span(sentence[claimed[0] + 2 : verb])
    return None


def _report(sentence: list[Word], text: str, indirect: bool) -> Voice | None:
    texts = [word.text for word in sentence]
    if texts[:2] == ["according", "to"] and len(texts) > 4 and texts[2] not in {"me", "my", "our", "us"}:
        comma = text.find(",", sentence[1].span.end, sentence[-1].span.end)
        rest = [word for word in sentence if word.span.start > comma > 0]
        return Voice(_span(rest), Stance.REPORTED, _marks(sentence[:2])) if rest else None
    if len(texts) > 4 and texts[-1] in _REPORTING and texts[-2] in _PRONOUNS and not indirect:
        return Voice(_span(sentence[:-2]), Stance.REPORTED, _marks(sentence[-2:]))
    for index, word in enumerate(sentence[:14]):
        if word.text not in _REPORTING or index == 0:
            continue
        source = _source(sentence, index, indirect)
        rest = sentence[index + 1 :]
        if source is None or not _opens_claim([w.text for w in rest]):
            continue
        return Voice(_span(_until_own_view(rest)), Stance.REPORTED, _marks([*source, word]))
    return None


def _source(sentence: list[Word], verb: int, indirect: bool) -> list[Word] | None:
    for index in range(verb - 1, max(-1, verb - 6), -1):
        word = sentence[index]
        if word.text in {"who", "which", "as", "to", "that", "what"}:
            return None
        if word.text in _SELF | {"you", "not", "never", "nobody"}:
            return None
        if word.text in _PRONOUNS:
            return None if indirect and word.text in {"he", "she"} else [word]
        if word.stem in _OTHERS:
            return [word]
        if word.capital and index and word.text not in _SKIPPED:
            return [word]
    return None


def _opens_claim(rest: list[str]) -> bool:
    """Whether the words after a reporting verb are a statement of their own, not an object or an aim."""
    if rest[:1] in (["me"], ["us"], ["you"], ["him"], ["her"], ["them"], ["people"]):
        rest = rest[1:]
    if rest[:1] == ["it"] and len(rest) > 2 and _is_finite(rest[1]):
        return True  # "some say it costs too much", not "they said it in May"
    long_enough = len(rest) >= 3 or (len(rest) == 2 and rest[0] in _PRONOUNS | _SELF)
    return long_enough and rest[0] not in {
        "about",
        "to",
        "in",
        "of",
        "for",
        "something",
        "so",
        "hello",
        "it",
        "who",
        "and",
    }


def _is_finite(word: str) -> bool:
    """Whether a word after "it" is its verb: "costs", not "this", "across" or "always"."""
    return word in _STATING or (word.endswith("s") and word not in word_list("function"))


def _until_own_view(rest: list[Word]) -> list[Word]:
    for index, word in enumerate(rest):
        if index > 1 and word.text in {"but", "yet", "however"}:
            return rest[:index]
    return rest


def _is_bare_verdict(sentence: list[Word]) -> bool:
    return (
        len(sentence) <= 7
        and any(w.text in _VERDICTS for w in sentence)
        and not any(w.text in {"not", "no", "never"} for w in sentence)
    )


def _span(part: Sequence[Word]) -> Span:
    return Span(part[0].span.start, part[-1].span.end)


def _marks(part: Sequence[Word]) -> tuple[Span, ...]:
    return tuple(dict.fromkeys(word.span for word in part))
