"""Two reports of one record set side by side: what appeared, vanished or moved, and why.

Works on two documents of the JSON output, whichever versions wrote them, and on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from checker.errors import InputError

__all__ = ["Change", "Comparison", "compare_reports"]

_CUTS = ("similarity", "maybe", "show")


@dataclass(frozen=True, slots=True)
class Change:
    """One pair that appeared, vanished, or changed rank or band, and why.

    Ranks are those of the two reports, `None` where the pair is not in one of them.
    """

    pair: str
    heading: str
    before: int | None
    after: int | None
    band_before: str
    band_after: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """All changes from an earlier report to a later one, and what differs between the runs themselves."""

    appeared: tuple[Change, ...]
    vanished: tuple[Change, ...]
    moved: tuple[Change, ...]
    unchanged: int
    runs: tuple[str, ...]


def compare_reports(before: Mapping[str, Any], after: Mapping[str, Any]) -> Comparison:
    """What changed between two JSON reports.

    Raises:
        InputError: One of them is no JSON report.
    """
    try:
        old, new = _findings(before), _findings(after)
        runs = tuple(_run_changes(before, after))
        changes = {key: _change(key, old.get(key), new.get(key), before, after) for key in old | new}
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise InputError(
            f"not a JSON report of checker ({error}); give a file that --format json wrote"
        ) from error
    ordered = sorted(changes.values(), key=lambda c: (c.after or 10**9, c.before or 10**9, c.pair))
    moved = [
        c for c in ordered if c.before and c.after and (c.before, c.band_before) != (c.after, c.band_after)
    ]
    return Comparison(
        appeared=tuple(c for c in ordered if c.before is None),
        vanished=tuple(c for c in ordered if c.after is None),
        moved=tuple(moved),
        unchanged=sum(1 for c in ordered if c.before and c.after) - len(moved),
        runs=runs,
    )


def _findings(report: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    return {str(finding["pair"]): finding for finding in report["findings"]}


def _change(
    key: str,
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Change:
    shown = new or old or {}
    return Change(
        pair=key,
        heading=str(shown.get("heading", "")),
        before=int(old["rank"]) if old else None,
        after=int(new["rank"]) if new else None,
        band_before=str(old["band"]) if old else "",
        band_after=str(new["band"]) if new else "",
        why=tuple(_reasons(old, new, before, after)),
    )


def _reasons(
    old: Mapping[str, Any] | None,
    new: Mapping[str, Any] | None,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
) -> Iterator[str]:
    """Why this pair changed, from the most to the least direct cause."""
    if old and new:
        yield from _moved_because(old, new, before, after)
        return
    finding, other, word = (new, before, "new") if new else (old, after, "gone")
    if finding is None:
        return
    known = {statement["id"] for statement in other["statements"]}
    missing = [finding[side] for side in ("earlier", "later") if finding[side] not in known]
    if missing:
        yield f"{word} statement {' and '.join(missing)}"
        return
    lowest = {name: float(other["thresholds"][name]) for name in _CUTS}
    if float(finding["score"]) < lowest["maybe"]:
        yield f"its score {finding['score']:.2f} lies below the other run's maybe cut {lowest['maybe']:.2f}"
    elif float(finding["similarity"]) < lowest["similarity"]:
        similarity = float(finding["similarity"])
        yield f"its similarity {similarity:.2f} lies below the other run's cut {lowest['similarity']:.2f}"
    else:
        yield from _general(before, after)


def _moved_because(
    old: Mapping[str, Any], new: Mapping[str, Any], before: Mapping[str, Any], after: Mapping[str, Any]
) -> Iterator[str]:
    if old["score"] != new["score"]:
        yield f"score {old['score']:.2f}, now {new['score']:.2f}"
        yield from _general(before, after)
    elif old["band"] != new["band"]:
        yield f"cuts moved: {old['band']}, now {new['band']}"
    elif old["rank"] != new["rank"]:
        yield "other pairs came before it or went"


def _general(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """Causes that concern a whole run and may have moved any pair."""
    found = False
    for name, changed in (("another model", _models), ("other settings", _settings)):
        if changed(before) != changed(after):
            found = True
            yield name
    if before.get("checker_version") != after.get("checker_version"):
        found = True
        yield f"another version ({before.get('checker_version')}, now {after.get('checker_version')})"
    if not found:
        yield "other pairs or context changed what was compared or how it scored"


def _run_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[str]:
    """What differs between the runs: statements, cuts, settings, models, version."""
    old, new = ({statement["id"] for statement in report["statements"]} for report in (before, after))
    if old != new:
        yield f"statements: {len(new - old)} new, {len(old - new)} gone"
    for name in _CUTS:
        cuts = [float(report["thresholds"][name]) for report in (before, after)]
        if cuts[0] != cuts[1]:
            yield f"{name} cut: {cuts[0]:.2f}, now {cuts[1]:.2f}"
    past, present = _settings(before), _settings(after)
    for name in sorted(past.keys() | present.keys()):
        if name not in _CUTS and past.get(name) != present.get(name):
            yield f"{name}: {past.get(name, 'not set')}, now {present.get(name, 'not set')}"
    yield from _model_changes(_models(before), _models(after))
    if before.get("checker_version") != after.get("checker_version"):
        yield f"version: {before.get('checker_version')}, now {after.get('checker_version')}"


def _model_changes(old: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]) -> Iterator[str]:
    past = dict(old)
    for role, digest in new:
        if past.get(role) != digest:
            yield f"{role} model: {past.get(role, 'none')[:12]}, now {digest[:12]}"


def _models(report: Mapping[str, Any]) -> list[tuple[str, str]]:
    return sorted((str(model["role"]), str(model["sha256"])) for model in report.get("models", ()))


def _settings(report: Mapping[str, Any]) -> dict[str, str]:
    entries = {str(entry["name"]): str(entry["value"]) for entry in report.get("settings", ())}
    entries.pop("command", None)  # says the same once more, with this run's file names
    return entries
