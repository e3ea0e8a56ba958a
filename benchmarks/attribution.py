"""Attribution against gold: content spans, speakers and cues, beside a baseline, and articles per second.

    python benchmarks/attribution.py GOLD [--limit N] [--second] [--errors KIND]

GOLD is a JSONL file, gzipped or not, or a folder of `x.json` beside `x.txt`. The form is one JSON object
per line with `text` and `attributions`; each attribution has `source`, `cue` and `content`, lists of
`{start, end}` into `text`, and `kind` (`direct`, `mixed` or `indirect`). An optional `speaker` names the
person. Lines with `primary` false are a second annotator's copy: left out, or, with `--second`, measured as
if they were a system, which shows what two people agree on.

What counts: a content span is exact when it equals a gold span but for quotation marks, stops and spaces at
its edges; it overlaps when at least half of it lies in gold content (precision) or half of the gold span in
found content (recall). A speaker is right when its mention overlaps the gold source of that content; a
relative "who" stands for the noun before it, and of "X said, according to Y" both X and Y are the mention.
Indirect speech is right when cue and source both overlap those of one gold claim. The person is right when
the name given equals the gold `speaker` (only in files that have it).
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from checker.attribution.claim import Claim
from checker.attribution.claims import find_claims
from checker.attribution.language import DASH_LANGUAGES, language_of
from checker.attribution.quotes import find_quotations
from checker.attribution.speakers import resolve_speakers
from checker.attribution.tokens import frame
from checker.records import Span

EDGE = " \n\t\"'“”„«»‹›‘’`.,;:!?—–-…()"
RELATIVE = ("who", "that", "which")
System = Callable[[dict[str, Any]], list["Found"]]


@dataclass(frozen=True)
class Found:
    """One attributed claim, gold or found, as spans; `kind` is direct, mixed or indirect."""

    kind: str
    source: tuple[Span, ...]
    cue: tuple[Span, ...]
    content: tuple[Span, ...]
    speaker: str = ""

    @property
    def quoted(self) -> bool:
        """Whether any of it stands between quotation marks."""
        return self.kind != "indirect"


@dataclass
class Count:
    """Right answers, answers given, answers wanted (which may be met by another number of hits)."""

    right: int = 0
    given: int = 0
    met: int = 0
    wanted: int = 0

    def line(self, name: str) -> str:
        """One row of the table."""
        if not self.wanted:
            return f"{name:44} P {self.right / max(self.given, 1):.3f}   ({self.right}/{self.given})"
        precision = self.right / self.given if self.given else 0.0
        recall = self.met / self.wanted if self.wanted else 0.0
        f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
        counts = f"{self.right}/{self.given}, {self.met}/{self.wanted}"
        return f"{name:44} P {precision:.3f}  R {recall:.3f}  F1 {f1:.3f}   ({counts})"


def articles(path: Path) -> Iterator[dict[str, Any]]:
    """The gold articles of a JSONL file, gzipped or not, or of a folder of `x.json` beside `x.txt`."""
    if path.is_dir():
        for file in sorted(path.glob("*.json")):
            text = file.with_suffix(".txt").read_text("utf-8").strip("\n ")
            yield {**json.loads(file.read_text("utf-8")), "text": text}
        return
    data = path.read_bytes()
    lines = (gzip.decompress(data) if path.suffix == ".gz" else data).decode("utf-8")
    for line in lines.split("\n"):
        if line.strip():
            yield json.loads(line)


def _spans(entries: Iterable[dict[str, int]]) -> tuple[Span, ...]:
    return tuple(Span(entry["start"], entry["end"]) for entry in entries)


def gold(article: dict[str, Any]) -> list[Found]:
    """The gold claims of an article."""
    return [
        Found(
            _kind(article["text"], a),
            _spans(a["source"]),
            _spans(a["cue"]),
            _spans(a["content"]),
            a.get("speaker", ""),
        )
        for a in article["attributions"]
        if a["content"]
    ]


def _kind(text: str, entry: dict[str, Any]) -> str:
    """The kind given, but for wire feeds whose doubled apostrophes were not seen as quotation marks."""
    parts = [span.of(text).strip() for span in _spans(entry["content"])]
    if entry["kind"] != "indirect" or not any("''" in part for part in parts):
        return str(entry["kind"])
    return "direct" if all(p.startswith("''") and p.rstrip(".,").endswith("''") for p in parts) else "mixed"


def ours(article: dict[str, Any]) -> list[Found]:
    """What the checker's rules find."""
    text = article["text"]
    language = language_of(text)
    framed = frame(text, find_quotations(text, dashes=language in DASH_LANGUAGES))
    claims = find_claims(framed, language)
    people = resolve_speakers(framed, claims)
    return [_found(claim, person.speaker) for claim, person in zip(claims, people, strict=True)]


def _found(claim: Claim, speaker: str) -> Found:
    return Found(
        claim.layout.value,
        tuple(span for span in (claim.source, claim.via) if span),
        (claim.cue,) if claim.cue else (),
        claim.content,
        speaker,
    )


def baseline(article: dict[str, Any]) -> list[Found]:
    """A regular expression for quotation marks and the nearest capitalised words outside them."""
    text = article["text"]
    quotes = [Span(*m.span()) for m in re.finditer(r"“[^”\n]+”|\"[^\"\n]+\"|''[^\n]+?''", text)]
    names = [
        Span(*m.span())
        for m in re.finditer(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*", text)
        if not any(q.start <= m.start() < q.end for q in quotes)
    ]
    found = []
    for quote in quotes:
        if len(quote.of(text).split()) < 4:
            continue
        nearest = min(names, key=lambda n: max(n.start - quote.end, quote.start - n.end), default=None)
        found.append(Found("direct", (nearest,) if nearest else (), (), (quote,)))
    return found


def trim(text: str, span: Span) -> Span:
    """A span without marks and spaces at its edges and without a leading "that"."""
    start, end = span.start, span.end
    while start < end and text[start] in EDGE:
        start += 1
    if text[start:end].lower().startswith("that "):
        start += 5
    while start < end and text[start] in EDGE:
        start += 1
    while end > start and text[end - 1] in EDGE:
        end -= 1
    return Span(start, end)


def shared(first: Span, second: Span) -> int:
    """Characters two spans have in common."""
    return max(0, min(first.end, second.end) - max(first.start, second.start))


def covered(span: Span, by: Iterable[Span]) -> bool:
    """Whether at least half of a span lies in others."""
    return 2 * sum(shared(span, other) for other in by) >= max(span.end - span.start, 1)


def same_source(text: str, given: Found, wanted: Found) -> bool:
    """Whether the mention found is the mention wanted."""
    for a in given.source:
        for b in wanted.source:
            if shared(a, b):
                return True
            if b.of(text).lower() in RELATIVE and 0 <= b.start - a.end <= 40:
                return True
            if a.of(text).lower() in RELATIVE and 0 <= a.start - b.end <= 40:
                return True
    return False


def overlaps(first: tuple[Span, ...], second: tuple[Span, ...]) -> bool:
    """Whether any of the spans meet."""
    return any(shared(a, b) for a in first for b in second)


class Score:
    """Counts of one system over a file."""

    def __init__(self) -> None:
        self.exact, self.overlap, self.speaker = Count(), Count(), Count()
        self.where_matched, self.indirect, self.indirect_content = Count(), Count(), Count()
        self.person, self.long_quotes = Count(), Count()
        self.errors: list[tuple[str, str]] = []

    def add(self, article: dict[str, Any], given: list[Found], wanted: list[Found]) -> None:
        """Count one article."""
        text = article["text"]
        self._contents(text, [g for g in given if g.quoted], [w for w in wanted if w.quoted])
        self._speakers(text, given, wanted)
        self._quotes(text, given, wanted)
        self._indirect(text, given, wanted)
        if any(w.speaker for w in wanted):
            self._persons(given, wanted)

    def _contents(self, text: str, given: list[Found], wanted: list[Found]) -> None:
        found = {trim(text, s) for g in given for s in g.content}
        asked = {trim(text, s) for w in wanted for s in w.content}
        self.exact.given += len(found)
        self.exact.wanted += len(asked)
        self.exact.right += len(found & asked)
        self.exact.met += len(found & asked)
        self.overlap.given += len(found)
        self.overlap.wanted += len(asked)
        for span in found:
            hit = covered(span, asked)
            self.overlap.right += hit
            if not hit:
                self._note("extra", text, span, span, None, None)
        for span in asked:
            hit = covered(span, found)
            self.overlap.met += hit
            if not hit:
                self._note("missed", text, span, span, None, None)

    def _speakers(self, text: str, given: list[Found], wanted: list[Found]) -> None:
        for claim in given:
            for span in claim.content if claim.quoted and claim.source else ():
                mates = [w for w in wanted if covered(span, w.content)]
                self.speaker.given += 1
                right = any(same_source(text, claim, w) for w in mates)
                self.speaker.right += right
                if any(w.source for w in mates):
                    self.where_matched.given += 1
                    self.where_matched.right += right
                if not right:
                    wrong = mates[0].source[0] if mates and mates[0].source else None
                    kind = "wrong" if wrong else "nogold"
                    self._note(kind, text, span, span, claim.source[0], wrong)
        for claim in wanted:
            for span in claim.content if claim.quoted and claim.source else ():
                met = any(same_source(text, g, claim) for g in given if covered(span, g.content))
                self.speaker.wanted += 1
                self.speaker.met += met
                if not met:
                    self._note("unspoken", text, span, span, None, claim.source[0])

    def _quotes(self, text: str, given: list[Found], wanted: list[Found]) -> None:
        """Stretches of four words or more between quotation marks, whoever drew the borders around them."""
        for quote in find_quotations(text):
            span = quote.inner
            if len(span.of(text).split()) < 4:
                continue
            named = [g for g in given if g.source and covered(span, g.content)]
            mates = [w for w in wanted if w.source and covered(span, w.content)]
            right = any(same_source(text, g, w) for g in named for w in mates)
            self.long_quotes.given += bool(named and mates)
            self.long_quotes.right += bool(named and mates and right)
            self.long_quotes.wanted += bool(mates)
            self.long_quotes.met += right
            if mates and not right:
                kind = "quote-wrong" if named else "quote-open"
                self._note(kind, text, span, span, named[0].source[0] if named else None, mates[0].source[0])

    def _indirect(self, text: str, given: list[Found], wanted: list[Found]) -> None:
        for claim in given:
            if claim.quoted or not claim.source:
                continue
            mates = [w for w in wanted if overlaps(claim.cue, w.cue)]
            self.indirect.given += 1
            right = any(same_source(text, claim, w) for w in mates)
            self.indirect.right += right
            self.indirect_content.given += 1
            self.indirect_content.right += any(covered(s, w.content) for w in wanted for s in claim.content)
            if not right:
                kind = "cue-source" if mates else "no-cue"
                self._note(kind, text, claim.cue[0], claim.content[0], claim.source[0], None)
        for claim in wanted:
            if claim.quoted or not claim.source or not claim.cue:
                continue
            met = any(overlaps(g.cue, claim.cue) and same_source(text, g, claim) for g in given)
            self.indirect.wanted += 1
            self.indirect.met += met
            self.indirect_content.wanted += 1
            self.indirect_content.met += any(covered(s, g.content) for g in given for s in claim.content)
            if not met:
                self._note("lost", text, claim.cue[0], claim.cue[0], claim.source[0], None)

    def _persons(self, given: list[Found], wanted: list[Found]) -> None:
        for claim in given:
            if not claim.speaker:
                continue
            mates = [w for w in wanted if any(covered(s, w.content) for s in claim.content)]
            self.person.given += 1
            self.person.right += any(w.speaker == claim.speaker for w in mates)
        for claim in wanted:
            if not claim.speaker:
                continue
            self.person.wanted += 1
            self.person.met += any(
                g.speaker == claim.speaker for g in given if any(covered(s, g.content) for s in claim.content)
            )

    def _note(
        self, kind: str, text: str, at: Span, content: Span, given: Span | None, wanted: Span | None
    ) -> None:
        around = (
            text[max(at.start - 160, 0) : at.start] + "<<" + at.of(text) + ">>" + text[at.end : at.end + 160]
        )
        who = f"[{given.of(text) if given else ''}] gold [{wanted.of(text) if wanted else ''}]"
        self.errors.append((kind, f"{who} {' '.join(around.split())}"))

    def table(self, name: str) -> str:
        """The rows of one system."""
        rows = [
            name,
            self.exact.line("  direct+mixed content, exact"),
            self.overlap.line("  direct+mixed content, overlap"),
            self.speaker.line("  direct+mixed speaker mention"),
            self.where_matched.line("    the same, where gold has a source"),
            self.long_quotes.line("  speaker mention of quotes of >= 4 words"),
            self.indirect.line("  indirect cue and source"),
            self.indirect_content.line("  indirect content, overlap"),
        ]
        if self.person.wanted:
            rows.append(self.person.line("  person"))
        return "\n".join(rows)


def second_readings(entries: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], list[Found]]]:
    """Each article that two people annotated, with the second's claims."""
    first = {entry["doc_id"]: entry for entry in entries if entry.get("primary", True)}
    for entry in entries:
        if not entry.get("primary", True) and entry["doc_id"] in first:
            yield first[entry["doc_id"]], gold(entry)


def main(arguments: list[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--limit", type=int)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--second", action="store_true", help="measure a second annotator as if a system")
    parser.add_argument(
        "--errors", help="list cases: extra, missed, wrong, unspoken, no-cue, cue-source, lost"
    )
    options = parser.parse_args(arguments)
    entries = list(articles(options.gold))
    if options.second:
        score = Score()
        for article, claims in second_readings(entries):
            score.add(article, claims, gold(article))
        sys.stdout.write(score.table("second annotator against the first") + "\n")
        return
    chosen = [e for e in entries if e.get("primary", True)][options.skip :][: options.limit]
    for name, system in (("rules", ours), ("baseline: quotation marks + nearest name", baseline)):
        score = Score()
        started = time.process_time()
        answers = [system(article) for article in chosen]
        seconds = time.process_time() - started
        for article, claims in zip(chosen, answers, strict=True):
            score.add(article, claims, gold(article))
        rate = len(chosen) / seconds if seconds else 0.0
        sys.stdout.write(score.table(f"{name}: {len(chosen)} articles, {rate:.0f} articles/s") + "\n")
        if options.errors and system is ours:
            for kind, line in score.errors:
                if kind == options.errors:
                    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
