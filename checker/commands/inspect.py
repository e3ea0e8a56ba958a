"""Commands that look at single statements and pairs: why, ask, score, detectors, models."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Annotated

import typer

from checker.commands.record import Quiet, SettingsFile, Statements, bare_id, record_of
from checker.errors import UsageError
from checker.records import Evidence, Finding, Statement

__all__ = ["ask", "detectors", "models", "score", "why"]

EmbeddingModel = Annotated[str | None, typer.Option(help="Another embedding model than the shipped one.")]
NliModel = Annotated[str | None, typer.Option(help="Another NLI cross-encoder than the shipped one.")]
Device = Annotated[str | None, typer.Option(help="Where named models run: auto, cpu, cuda or mps.")]


def why(
    first: Annotated[
        str, typer.Argument(metavar="ID_A", help="Id of a statement or of a pair, or its first letters.")
    ],
    second: Annotated[
        str | None, typer.Argument(metavar="ID_B", help="Id of the other statement; none after a pair's.")
    ] = None,
    statements: Statements = None,
    settings: SettingsFile = None,
    embedding_model: EmbeddingModel = None,
    nli_model: NliModel = None,
    device: Device = None,
) -> None:
    """Every step for one pair: similarity, scores, evidence, verdict, and which cut it missed.

    Example: checker why sbcd sfgh --statements statements/

    Example: checker why pbcd
    """
    from checker.explain import explain
    from checker.pipeline import load_models, open_cache, prepare
    from checker.settings import load_settings

    chosen = load_settings(settings, embedding_model=embedding_model, nli_model=nli_model, device=device)
    record = prepare(record_of(statements), chosen)
    with open_cache(chosen) as cache:
        explanation = explain(record, bare_id(first), second, chosen, load_models(chosen), cache=cache)
    _print_finding(explanation.finding)
    print("\nEvidence of each detector:")
    for name, found in explanation.evidence.items():
        print(f"  {name}: " + ("; ".join(_evidence(e) for e in found) or "silent"))
    print("\nCuts missed: " + ("; ".join(explanation.missed) or "none, the pair is shown"))


def ask(
    text: Annotated[str, typer.Argument(help="The new statement, in the speaker's words.")],
    speaker: Annotated[str, typer.Option("--speaker", help="Who said it.")],
    said_on: Annotated[str | None, typer.Option("--said-on", help="When it was said.")] = None,
    statements: Statements = None,
    limit: Annotated[int, typer.Option(min=1, help="How many pairs to print.")] = 5,
    settings: SettingsFile = None,
    embedding_model: EmbeddingModel = None,
    nli_model: NliModel = None,
    device: Device = None,
) -> None:
    """One new quote against the whole record, the pairs that most deserve a look first.

    Example: checker ask "We will never raise taxes" --speaker "Jane Doe"
    """
    from checker.escape import for_terminal
    from checker.explain import ask as ask_record
    from checker.pipeline import load_models, new_statement, open_cache, prepare
    from checker.plurals import how_many
    from checker.settings import load_settings

    if not text.strip():
        raise UsageError("the quote is empty; write the new statement in quotation marks")
    if not speaker.strip():
        raise UsageError("--speaker is empty; give the name of who said it")
    chosen = load_settings(settings, embedding_model=embedding_model, nli_model=nli_model, device=device)
    record = prepare(record_of(statements), chosen)
    asked = new_statement(record, text, speaker=speaker, said_on=said_on or "")
    with open_cache(chosen) as cache:
        findings = ask_record(record, asked, chosen, load_models(chosen), cache=cache)
    speakers = record.speakers
    if asked.speaker not in speakers:
        print(
            f"The record has no statement by {for_terminal(speaker)}; reports alone are compared. "
            f"Speakers read: {for_terminal(', '.join(speakers[:20])) or 'none'}."
        )
    near = how_many(len(findings), "statement is", "statements are")
    end = f"; the first {limit}:" if len(findings) > limit else ":" if findings else "."
    print(f"{near} close enough to compare{end}")
    for finding in findings[:limit]:
        print()
        _print_finding(finding)


def score(
    pairs: Annotated[Path, typer.Argument(help="CSV or TSV file with columns a and b.")],
    output: Annotated[Path, typer.Option("--output", "-o", help="CSV file to write.")],
    settings: SettingsFile = None,
    embedding_model: EmbeddingModel = None,
    nli_model: NliModel = None,
    device: Device = None,
    quiet: Quiet = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="List every note about the input.")
    ] = False,
) -> None:
    """Judge a list of pairs: columns a and b, optional speaker, a_date, b_date, a_mode, b_mode.

    Example: checker score pairs.csv -o scored.csv
    """
    from checker.console import print_problems, show_progress
    from checker.files import keep_inputs, make_folder, write_atomically
    from checker.pipeline import load_models, open_cache
    from checker.plurals import how_many
    from checker.scoring import read_pairs, score_pairs, scored_table
    from checker.settings import load_settings

    chosen = load_settings(settings, embedding_model=embedding_model, nli_model=nli_model, device=device)
    keep_inputs([output], [pairs])
    rows, problems = read_pairs(pairs, chosen)
    with open_cache(chosen) as cache, show_progress(quiet=quiet) as progress:
        findings = score_pairs(rows, chosen, load_models(chosen), cache=cache, progress=progress)
    make_folder(output.parent)
    write_atomically(output, scored_table(rows, findings))
    if not quiet:
        print_problems(problems, verbose=verbose)
        left = sum(finding is None for finding in findings)
        print(f"{how_many(len(rows) - left, 'pair')} judged, {left} left without a score: {output}")


def detectors(
    explain: Annotated[str | None, typer.Option("--explain", help="Say what one detector does.")] = None,
) -> None:
    """The kinds of evidence, or one of them explained with an example and its blind spots.

    Example: checker detectors --explain negation
    """
    from checker.detectors.registry import DETECTORS

    if explain is None:
        for name, detector in DETECTORS.items():
            print(f"{name:14} {detector.SUMMARY}")
        return
    if explain not in DETECTORS:
        raise UsageError(f"--explain: no detector '{explain}'; known are {', '.join(DETECTORS)}")
    print(inspect.getdoc(DETECTORS[explain]) or DETECTORS[explain].SUMMARY)


def models(embedding_model: EmbeddingModel = None, nli_model: NliModel = None, device: Device = None) -> None:
    """The models a run would use, with the hash of their weights and their licence.

    Example: checker models
    """
    from checker.pipeline import load_models
    from checker.settings import load_settings

    chosen = load_settings(None, embedding_model=embedding_model, nli_model=nli_model, device=device)
    loaded = load_models(chosen)
    for card in (loaded.embedder.card, loaded.scorer.card):
        print(f"{card.role:10} {card.name}  licence {card.licence or 'not stated'}  sha256 {card.sha256}")


def _print_finding(finding: Finding) -> None:
    from checker.escape import for_terminal
    from checker.renderers.said import about_words, direction_names

    judgment, verdict = finding.judgment, finding.verdict
    for side in (finding.pair.earlier, finding.pair.later):
        print(f"{side.id}  {_said(side)}\n  {for_terminal(side.text)}")
        if side.target_time is not None:
            print(f"  about {for_terminal(about_words(side.target_time))}")
    name = "probability" if finding.calibrated else "score (uncalibrated)"
    print(f"{name} {finding.score:.2f}, similarity {finding.pair.similarity:.2f}, band {finding.band}")
    print(
        f"relation: {verdict.relation}; shift: {verdict.shift}; kinds: {', '.join(verdict.kinds) or 'none'}"
    )
    if verdict.grade:
        print(f"proposed grade: {verdict.grade} ({'; '.join(verdict.grade_reasons) or 'no reason found'})")
    directions = direction_names(finding.pair)
    for direction, scores in zip(directions, (judgment.forward, judgment.backward), strict=True):
        print(
            f"{direction}: entailment {scores.entailment:.2f}, neutral {scores.neutral:.2f}, "
            f"contradiction {scores.contradiction:.2f}"
        )
    for feature, share in finding.contributions:
        print(f"  {'raised' if share > 0 else 'lowered'} by {feature}: {share:+.2f} log-odds")
    for note in (*verdict.caveats, *verdict.unknowns):
        print(f"  note: {for_terminal(note)}")


def _said(statement: Statement) -> str:
    from checker.escape import for_terminal

    who = for_terminal(statement.speaker)
    return f"{who}, {statement.said_on or 'undated'} ({statement.mode})"


def _evidence(evidence: Evidence) -> str:
    from checker.escape import for_terminal

    return f"{evidence.effect} {evidence.strength:.2f}: {for_terminal(evidence.explanation)}"
