"""What `check --compare-to` prints: changes against an earlier JSON report."""

from __future__ import annotations

import json
from pathlib import Path

from checker.compare import Change, compare_reports
from checker.errors import InputError
from checker.escape import for_terminal
from checker.records import CheckResult
from checker.renderers.jsondoc import document

__all__ = ["print_comparison", "read_report"]

_LISTED = 20


def read_report(path: Path) -> dict[str, object]:
    """An earlier JSON report.

    Raises:
        InputError: The file cannot be read or is no JSON object.
    """
    named, advice = f"--compare-to {path}", "give a file that --format json wrote"
    try:
        report = json.loads(path.read_bytes())
    except OSError as error:
        raise InputError(f"{named}: cannot be read ({error.strerror}); check the name") from error
    except (ValueError, RecursionError) as error:
        raise InputError(f"{named}: not JSON ({error}); {advice}") from error
    if not isinstance(report, dict):
        raise InputError(f"{named}: not a JSON report; {advice}")
    return report


def print_comparison(earlier: dict[str, object], result: CheckResult) -> None:
    """What appeared, vanished or moved since the earlier report, and why."""
    found = compare_reports(earlier, document(result))
    print("\nAgainst the earlier report:")
    for line in found.runs:
        print(f"  {for_terminal(line)}")
    for word, changes in (("appeared", found.appeared), ("vanished", found.vanished), ("moved", found.moved)):
        print(f"{len(changes)} {word}" + (":" if changes else ""))
        for change in changes[:_LISTED]:
            print(f"  {for_terminal(_line(change))}")
        if len(changes) > _LISTED:
            print(f"  and {len(changes) - _LISTED} more")
    print(f"{found.unchanged} unchanged")


def _line(change: Change) -> str:
    places = f"{change.before or '-'} to {change.after or '-'}"
    return f"{change.pair} {change.heading}, rank {places}: {'; '.join(change.why)}"
