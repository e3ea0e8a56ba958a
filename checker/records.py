"""The nouns: every record that travels between the steps, frozen and without input or output.

A step takes records and gives records. Nothing here opens a file, loads a model or knows a format,
so every other module may import this one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

__all__ = [
    "UNCERTAIN",
    "Attribution",
    "Band",
    "CheckResult",
    "Document",
    "Effect",
    "Entry",
    "Evidence",
    "Finding",
    "FlipGrade",
    "HeldPosition",
    "Judgment",
    "Kind",
    "Mode",
    "ModelCard",
    "NliScores",
    "Pair",
    "Precision",
    "Problem",
    "Relation",
    "Row",
    "Severity",
    "Shift",
    "Source",
    "Span",
    "Stance",
    "Statement",
    "Subject",
    "Thresholds",
    "Topic",
    "Verdict",
    "When",
    "pair_key",
    "statement_id",
]

# Consonants only: no spreadsheet reads such an id as a number, a date or a formula.
_ID_LETTERS = "bcdfghjkmnpqrstvwxz"
_ID_LENGTH = 12
UNCERTAIN = "uncertain"
"""The flag of an attribution whose speaker is a guess or not known."""


class Mode(StrEnum):
    """How the words reached us: verbatim, in reported speech, or as a fact the outlet states itself."""

    QUOTE = "quote"
    INDIRECT = "indirect"
    REPORT = "report"


class Stance(StrEnum):
    """Whether the speaker holds the view, reports somebody else's, or rejects it."""

    HELD = "held"
    REPORTED = "reported"
    REJECTED = "rejected"


class Precision(StrEnum):
    """How exactly a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    PERIOD = "period"
    UNKNOWN = "unknown"


class Kind(StrEnum):
    """What a statement does: states, promises, predicts, judges or denies."""

    FACT = "fact"
    PROMISE = "promise"
    PREDICTION = "prediction"
    OPINION = "opinion"
    DENIAL = "denial"


class Relation(StrEnum):
    """First axis of a verdict: can both statements hold at once?"""

    CONTRADICTION = "contradiction"
    TENSION = "tension"
    COMPATIBLE = "compatible"
    UNRELATED = "unrelated"


class Shift(StrEnum):
    """Second axis of a verdict: did the speaker's position move between the two dates?"""

    HELD = "held"
    SOFTENED = "softened"
    HARDENED = "hardened"
    REVERSED = "reversed"
    EXPIRED = "expired"
    NONE = "none"


class FlipGrade(StrEnum):
    """A grade proposed to an editor, who decides."""

    NO_FLIP = "no flip"
    HALF_FLIP = "half flip"
    FULL_FLOP = "full flop"


class Band(StrEnum):
    """Where a finding goes: listed, listed as a near miss, or only counted."""

    SHOW = "show"
    MAYBE = "maybe"
    BELOW = "below"


class Effect(StrEnum):
    """Whether a piece of evidence makes a conflict more likely, less likely, or only deserves mention."""

    RAISES = "raises"
    LOWERS = "lowers"
    NOTES = "notes"


class Severity(StrEnum):
    """How much a problem with the input cost: a skipped row or file, or only a doubtful value."""

    SKIPPED = "skipped"
    DOUBTFUL = "doubtful"
    INFO = "info"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open range of character offsets, `text[start:end]`, into a text named by its owner."""

    start: int
    end: int

    def of(self, text: str) -> str:
        """The characters this span covers in `text`."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class When:
    """A day or a period, both ends included; an open end is `None`.

    `written` is the expression as found, `how` says how it became a date
    (`column`, `dateline`, `metadata`, or the name of a resolver rule).
    """

    start: date | None
    end: date | None
    precision: Precision = Precision.DAY
    written: str = ""
    how: str = ""

    def __str__(self) -> str:
        if self.start is None and self.end is None:
            return "unknown date"
        if self.precision is Precision.YEAR and self.start:
            return f"{self.start.year:04d}"
        if self.precision is Precision.MONTH and self.start:
            return f"{self.start.year:04d}-{self.start.month:02d}"
        if self.precision is Precision.DAY and self.start:
            return self.start.isoformat()
        return f"{self.start or '…'} to {self.end or '…'}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a statement was published and which file it was read from."""

    outlet: str = ""
    title: str = ""
    url: str = ""
    published_on: When | None = None
    document: str = ""
    sha256: str = ""
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is said to have said it: source, cue and mode of one content span.

    `candidates` is filled when the speaker is uncertain; `speaker` is then the best guess or empty.
    `via` is a second layer ("X said, according to Y"): X is the speaker, Y the `via`.
    """

    speaker: str
    speaker_as_written: str = ""
    cue: str = ""
    mode: Mode = Mode.QUOTE
    stance: Stance = Stance.HELD
    via: str = ""
    candidates: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    confidence: float = 1.0
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """One attributed statement, the unit that is embedded, paired and judged.

    `text` is verbatim. `span` indexes the stored text of the document it was cut from.
    `before` and `after` are neighbouring sentences, `heading` is the line above them; `context` is what the
    input gave as context.
    `said_on` is when it was said, `target_time` the date or period it is about.
    `origin` names file and row for messages; `extra` carries unknown columns through untouched.
    """

    id: str
    text: str
    attribution: Attribution
    said_on: When | None = None
    target_time: When | None = None
    kind: Kind | None = None
    source: Source = Source()
    span: Span | None = None
    before: str = ""
    after: str = ""
    heading: str = ""
    context: str = ""
    position: int | None = None
    language: str = ""
    note: str = ""
    origin: str = ""
    repeats: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()

    def __hash__(self) -> int:
        """That of the id: what detectors remember of a statement is asked for many times a pair."""
        return hash(self.id)

    @property
    def speaker(self) -> str:
        """Canonical name of the speaker; in a report, the outlet."""
        return self.attribution.speaker

    @property
    def is_attributed(self) -> bool:
        """Whether the speaker is certain enough for the words to be held against his other words."""
        own = self.attribution
        return bool(own.speaker) and not own.candidates and UNCERTAIN not in own.flags

    @property
    def mode(self) -> Mode:
        """Quote, indirect speech or reported fact."""
        return self.attribution.mode

    @property
    def surroundings(self) -> str:
        """Context given by the input, or the heading and the neighbouring sentences, as one text."""
        return self.context or " ".join(part for part in (self.heading, self.before, self.after) if part)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a table, its columns already under their standard names; values are untouched text."""

    fields: Mapping[str, str]
    document: str
    row: int
    sha256: str = ""
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Document:
    """Running text with what is known about it; offsets of statements cut from it index `text`.

    `turns` are speaker turns of a transcript as (speaker label, span of the words).
    `skipped` counts dropped boilerplate lines by class.
    """

    text: str
    document: str
    sha256: str = ""
    title: str = ""
    author: str = ""
    outlet: str = ""
    url: str = ""
    published_on: When | None = None
    language: str = ""
    turns: tuple[tuple[str, Span], ...] = ()
    boilerplate: tuple[Span, ...] = ()
    headings: tuple[Span, ...] = ()
    skipped: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with the input: which file, where in it, what, and what to do."""

    document: str
    where: str
    what: str
    advice: str = ""
    severity: Severity = Severity.SKIPPED

    def __str__(self) -> str:
        place = f"{self.document}, {self.where}" if self.where else self.document
        return f"{place}: {self.what}" + (f" ({self.advice})" if self.advice else "")


Entry = Row | Document


@dataclass(frozen=True, slots=True)
class Pair:
    """Two statements on one topic, earlier first; `similarity` is the cosine of their embeddings."""

    earlier: Statement
    later: Statement
    similarity: float
    topic: str = ""

    @property
    def key(self) -> str:
        """Order-free key of the two speakers and texts; survives re-reading, lapses when a text changes."""
        return pair_key(self.earlier, self.later)

    @property
    def same_speaker(self) -> bool:
        """Whether one person said both."""
        return self.earlier.speaker == self.later.speaker

    @property
    def is_ordered(self) -> bool:
        """Whether both dates are known and the earlier one ends before the later one begins."""
        earlier, later = self.earlier.said_on, self.later.said_on
        if earlier is None or later is None or earlier.end is None or later.start is None:
            return False
        return earlier.end < later.start

    @property
    def side_names(self) -> tuple[str, str]:
        """What evidence calls the two statements; after their order in time only where the dates tell it."""
        return ("earlier", "later") if self.is_ordered else ("first", "second")

    @property
    def side_places(self) -> tuple[str, str]:
        """The same behind words of a side: “won” earlier, or “won” in the first statement."""
        one, other = self.side_names
        return (one, other) if self.is_ordered else (f"in the {one} statement", f"in the {other} one")

    @property
    def is_report_pair(self) -> bool:
        """Whether one side is a fact that an outlet reports: a class of its own."""
        return Mode.REPORT in (self.earlier.mode, self.later.mode)


@dataclass(frozen=True, slots=True)
class NliScores:
    """Probabilities of the three NLI classes for one direction (premise, then hypothesis); they sum to 1."""

    entailment: float
    neutral: float
    contradiction: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one detector found: the words on both sides and one sentence a fact-checker understands.

    Spans index `text` of the earlier and the later statement. `strength` is in 0..1;
    `effect` says which way it pulls; `kind` names the kind of conflict or caveat.
    """

    detector: str
    explanation: str
    strength: float
    effect: Effect = Effect.RAISES
    kind: str = ""
    earlier_spans: tuple[Span, ...] = ()
    later_spans: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Subject:
    """Whether two statements can be seen to speak of one thing.

    `shared` counts words of substance and names that both have, up to three; `missing` when one of them names
    nothing that it is about; `thin` when one names a single thing and leaves the rest to an "it" or "they".
    """

    shared: int
    missing: bool = False
    thin: bool = False


@dataclass(frozen=True, slots=True)
class Judgment:
    """All that is known about a pair, nothing decided.

    `forward` takes the earlier statement as premise, `backward` the later one. With `one_way` the model was
    asked in the forward direction only, because the other could not matter; `backward` then repeats it.
    `subject` is `None` where nobody has looked yet.
    """

    pair: Pair
    forward: NliScores
    backward: NliScores
    evidence: tuple[Evidence, ...] = ()
    one_way: bool = False
    subject: Subject | None = None

    @property
    def contradiction(self) -> float:
        """Mean contradiction score of both directions, 0..1, uncalibrated."""
        return (self.forward.contradiction + self.backward.contradiction) / 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """The proposed reading of a pair on two axes, with its reasons and what the tool did not know."""

    relation: Relation
    shift: Shift = Shift.NONE
    kinds: tuple[str, ...] = ()
    grade: FlipGrade | None = None
    grade_reasons: tuple[str, ...] = ()
    caveats: tuple[str, ...] = ()
    unknowns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A judged pair with its combined score, verdict and band.

    `score` is in 0..1 and only ranks; it is a probability when `calibrated` is true.
    `contributions` are (feature name, signed share of the score), largest first.
    `lead` is the key of the higher finding that has one of the two statements too and that this one is
    listed under; a lead, and a finding that nobody has ranked among others yet, has none.
    """

    judgment: Judgment
    verdict: Verdict
    score: float
    band: Band
    calibrated: bool = False
    contributions: tuple[tuple[str, float], ...] = ()
    lead: str = ""

    @property
    def pair(self) -> Pair:
        """The pair that was judged."""
        return self.judgment.pair


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The cuts in force: cosine similarity for comparing, scores for `maybe` and `show`, all 0..1."""

    similarity: float = 0.30
    maybe: float = 0.35
    show: float = 0.55


@dataclass(frozen=True, slots=True)
class ModelCard:
    """Which model ran: role (`embedding`, `nli`), name, SHA-256 of its weights, and its licence."""

    role: str
    name: str
    sha256: str
    licence: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """A group of statements on one subject, named by its distinctive words."""

    name: str
    statement_ids: tuple[str, ...]
    central_id: str = ""


@dataclass(frozen=True, slots=True)
class HeldPosition:
    """One position of a speaker over time: statements in the order of their dates, first and last sighting.

    `between` counts the other dates it was seen on; word-for-word repeats are sightings too, so a run may
    have more dates than statements.
    """

    speaker: str
    statement_ids: tuple[str, ...]
    first: When
    last: When
    between: int = 0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """Everything a renderer may use, denominators and omissions included.

    `findings` are in rank order, hold the bands `show` and `maybe` only, and name their leads;
    `counts` are whole numbers by name (`statements`, `pairs_possible`, `pairs_compared`,
    `pairs_judged`, `shown`, `leads` among these, `maybe`, `below` ...); `by_speaker` gives statements per
    speaker and mode;
    `omissions` are sentences on what was not compared and why.
    `settings` are the options in force as printable pairs, in a fixed order.
    `judged` holds every judged pair in rank order, those below the cuts included.
    `held` are pairs on different dates that agree, `positions` the runs that these make up.
    """

    name: str
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]
    counts: Mapping[str, int]
    by_speaker: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    topics: tuple[Topic, ...] = ()
    held: tuple[Pair, ...] = ()
    omissions: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    merges: tuple[tuple[str, tuple[str, ...]], ...] = ()
    inputs: tuple[tuple[str, str], ...] = ()
    models: tuple[ModelCard, ...] = ()
    thresholds: Thresholds = Thresholds()
    settings: tuple[tuple[str, str], ...] = ()
    run_date: date | None = None
    version: str = ""
    judged: Sequence[Finding] = ()
    positions: tuple[HeldPosition, ...] = ()


def _letters(*parts: str) -> str:
    digest = hashlib.sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()
    # Letters are the lowest digits; what stands above them is cut off at once, as long division is slow.
    number = int.from_bytes(digest, "big") % len(_ID_LETTERS) ** _ID_LENGTH
    letters = []
    for _ in range(_ID_LENGTH):
        number, remainder = divmod(number, len(_ID_LETTERS))
        letters.append(_ID_LETTERS[remainder])
    return "".join(letters)


def statement_id(speaker: str, said_on: When | None, text: str) -> str:
    """A short id of speaker, date and text that is the same in every run."""
    return "s" + _letters(speaker, str(said_on or ""), " ".join(text.split()))


def pair_key(first: Statement, second: Statement) -> str:
    """An order-free key of two statements' speakers and texts."""
    sides = sorted(f"{s.speaker}\x1e{' '.join(s.text.split())}" for s in (first, second))
    return "p" + _letters(*sides)
