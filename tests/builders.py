"""Records made by hand for the tests of the outputs."""

from __future__ import annotations

from datetime import date

from checker.fold import fold
from checker.records import (
    Attribution,
    Band,
    CheckResult,
    Effect,
    Evidence,
    Finding,
    FlipGrade,
    HeldPosition,
    Judgment,
    Mode,
    ModelCard,
    NliScores,
    Pair,
    Precision,
    Problem,
    Relation,
    Severity,
    Shift,
    Source,
    Span,
    Statement,
    Thresholds,
    Topic,
    Verdict,
    When,
    statement_id,
)

HOSTILE = (
    "**We** <script>alert('x')</script> will | never |\n# raise [taxes](http://evil.example) "
    "![[embed]] ==now== %%gone%% `code` \u202etxt\u202c \u200b\x1b[31m $x$ "
    "http://evil.example me@evil.example"
)
FORMULA = '=HYPERLINK("http://evil.example","click")'
LONG = " ".join(f"Sentence number {n} says that the bridge stays open." for n in range(1000))


def day(year: int, month: int = 1, of_month: int = 1) -> When:
    """A known day."""
    at = date(year, month, of_month)
    return When(at, at)


def year(at: int) -> When:
    """A known year."""
    return When(date(at, 1, 1), date(at, 12, 31), Precision.YEAR)


def make_statement(
    text: str,
    *,
    said_on: When | None = None,
    speaker: str = "Mara Holt",
    mode: Mode = Mode.QUOTE,
    outlet: str = "The Example Post",
    url: str = "",
    context: str = "",
    before: str = "",
    title: str = "",
) -> Statement:
    """A statement with its id."""
    return Statement(
        id=statement_id(speaker, said_on, text),
        text=text,
        attribution=Attribution(speaker=speaker, mode=mode, cue="said"),
        said_on=said_on,
        source=Source(outlet=outlet, title=title, url=url, published_on=said_on),
        context=context,
        before=before,
        origin="record.csv, row 2",
    )


def spans(text: str, *words: str) -> tuple[Span, ...]:
    """Where the words stand in the text."""
    return tuple(Span(text.index(word), text.index(word) + len(word)) for word in words)


def make_finding(
    earlier: Statement,
    later: Statement,
    *,
    score: float = 0.81,
    band: Band = Band.SHOW,
    topic: str = "taxes",
    evidence: tuple[Evidence, ...] = (),
    verdict: Verdict | None = None,
    calibrated: bool = False,
) -> Finding:
    """A finding with plain scores."""
    pair = Pair(earlier, later, similarity=0.624, topic=topic)
    judgment = Judgment(pair, NliScores(0.02, 0.07, 0.91), NliScores(0.05, 0.1, 0.85), evidence)
    return Finding(
        judgment,
        verdict or Verdict(Relation.CONTRADICTION),
        score,
        band,
        calibrated=calibrated,
        contributions=(("contradiction", 0.62), ("negation", 0.25), ("different_day", -0.06)),
    )


def tax_finding() -> Finding:
    """A quote against a quote, with evidence of every effect and a full verdict."""
    earlier = make_statement(
        "I will never raise the income tax.",
        said_on=day(2019, 11, 17),
        url="https://post.example/a?x=1&y=2",
        before="On money he was plain.",
        title="A promise | repeated",
    )
    later = make_statement(
        "We are going to raise the income tax.",
        said_on=day(2024, 2, 25),
        speaker="Mara Holt",
        mode=Mode.INDIRECT,
        outlet="Daily Sample",
        context="Asked about the budget.",
    )
    evidence = (
        Evidence(
            "negation",
            "Only the earlier statement denies raising the tax.",
            0.9,
            kind="negation",
            earlier_spans=spans(earlier.text, "never"),
            later_spans=spans(later.text, "are going to"),
        ),
        Evidence("dates", "The two were said years apart.", 0.3, effect=Effect.LOWERS),
        Evidence("commitment", "A budget year may change a promise.", 0.2, effect=Effect.NOTES),
    )
    verdict = Verdict(
        Relation.CONTRADICTION,
        Shift.REVERSED,
        kinds=("negation", "promise"),
        grade=FlipGrade.FULL_FLOP,
        grade_reasons=("polarity turned", "commitment kept"),
        caveats=("The later words are indirect speech.",),
        unknowns=("Whether the same tax is meant.",),
    )
    return make_finding(earlier, later, evidence=evidence, verdict=verdict)


def report_finding() -> Finding:
    """A quote against a fact that an outlet reports."""
    earlier = make_statement("Our trucks will never cross that bridge.", said_on=day(2020, 3, 1))
    later = make_statement(
        "Trucks of the company crossed the bridge.",
        said_on=When(date(2022, 2, 1), date(2022, 2, 28), Precision.MONTH),
        speaker="Daily Sample",
        mode=Mode.REPORT,
        outlet="Daily Sample",
        url="https://daily.example/bridge",
    )
    return make_finding(
        earlier, later, topic="bridge", score=0.7, verdict=Verdict(Relation.TENSION, kinds=("event",))
    )


def shared_finding() -> Finding:
    """A lower pair that has the later statement of `tax_finding` too."""
    earlier = make_statement("Nobody here wants a higher income tax.", said_on=day(2021, 6, 3))
    later = tax_finding().pair.later
    evidence = (
        Evidence(
            "negation",
            "Only the earlier statement denies it.",
            0.6,
            earlier_spans=spans(earlier.text, "Nobody"),
        ),
    )
    verdict = Verdict(Relation.TENSION, kinds=("negation",))
    return make_finding(earlier, later, score=0.65, evidence=evidence, verdict=verdict)


def hostile_finding() -> Finding:
    """Two statements that try every format."""
    earlier = make_statement(HOSTILE, said_on=year(2021), speaker="A | B <b>", url="javascript:alert(1)")
    later = make_statement(FORMULA, speaker="A | B <b>", outlet="-1+1", url="https://x.example/)](y")
    return make_finding(earlier, later, topic="`odd` | topic", score=0.6, evidence=())


def long_finding() -> Finding:
    """A statement of 50,000 characters, its conflict in the middle."""
    earlier = make_statement(LONG, said_on=day(2018))
    later = make_statement("The bridge is closed.", said_on=day(2023))
    at = LONG.index("number 500 ")
    evidence = Evidence(
        "opposites", "Open against closed.", 0.8, earlier_spans=(Span(at, at + 10),), later_spans=()
    )
    return make_finding(earlier, later, topic="bridge", score=0.58, evidence=(evidence,))


def near_finding() -> Finding:
    """A pair between the two cuts."""
    earlier = make_statement("Taxes are too low.", said_on=year(2015))
    later = make_statement("Taxes are high enough.", said_on=year(2016))
    return make_finding(
        earlier, later, score=0.4, band=Band.MAYBE, verdict=Verdict(Relation.TENSION, Shift.SOFTENED)
    )


def make_result(
    *findings: Finding, name: str = "holt", statements: tuple[Statement, ...] = ()
) -> CheckResult:
    """A whole result around some findings, with every optional part filled."""
    some = findings or (tax_finding(), report_finding(), hostile_finding(), long_finding(), near_finding())
    listed = fold(some)
    record = {s.id: s for f in listed for s in (f.pair.earlier, f.pair.later)}
    first = tax_finding().pair.earlier
    held = make_statement("The income tax stays as it is.", said_on=day(2020, 5, 5))
    again = make_statement("We leave the income tax alone.", said_on=year(2021))
    record.update({s.id: s for s in (*statements, first, held, again)})
    everything = tuple(record.values())
    shown = sum(f.band is Band.SHOW for f in listed)
    return CheckResult(
        name=name,
        statements=everything,
        findings=listed,
        counts={
            "statements": len(everything),
            "pairs_possible": 45,
            "pairs_compared": 12,
            "pairs_judged": 12,
            "shown": shown,
            "leads": sum(f.band is Band.SHOW and not f.lead for f in listed),
            "maybe": len(listed) - shown,
            "below": 12 - len(listed),
        },
        by_speaker=_by_speaker(everything),
        topics=_topics(listed),
        held=(Pair(first, held, 0.7, "taxes"), Pair(held, again, 0.6, "taxes")),
        positions=(
            HeldPosition(held.speaker, (first.id, held.id, again.id), day(2019, 11, 17), year(2021), 1),
        ),
        omissions=("3 statements in other languages were not compared.",),
        problems=(Problem("record.csv", "row 9", "no text", "fill the cell", Severity.SKIPPED),),
        merges=(("Mara Holt", ("M. Holt", "Mara Holt")),),
        inputs=(("record.csv", "ab" * 32),),
        models=(ModelCard("nli", "small-nli", "cd" * 32, "Apache-2.0"),),
        thresholds=Thresholds(),
        settings=(("scope", "speaker+reports"), ("command", "checker check record.csv")),
        run_date=date(2025, 1, 2),
        version="0.1.0",
    )


def empty_result(*statements: Statement) -> CheckResult:
    """A result without findings, of no or a few statements."""
    counts = {"statements": len(statements), "pairs_possible": 0, "pairs_judged": 0, "shown": 0, "maybe": 0}
    return CheckResult(name="empty", statements=statements, findings=(), counts=counts)


def _by_speaker(statements: tuple[Statement, ...]) -> dict[str, dict[str, int]]:
    table: dict[str, dict[str, int]] = {}
    for statement in statements:
        modes = table.setdefault(statement.speaker, {})
        modes[statement.mode.value] = modes.get(statement.mode.value, 0) + 1
    return table


def _topics(findings: tuple[Finding, ...]) -> tuple[Topic, ...]:
    members: dict[str, dict[str, None]] = {}
    for finding in findings:
        ids = members.setdefault(finding.pair.topic, {})
        ids.update(dict.fromkeys((finding.pair.earlier.id, finding.pair.later.id)))
    return tuple(Topic(name, tuple(ids), next(iter(ids))) for name, ids in members.items())
