"""A draft ClaimReview (schema.org, JSON-LD) for each finding that is shown, for an editor to finish.

The later statement is the claim under review; the earlier one stands in the text and as citation. There
is no rating, no author and no date of publication: those are an editor's to give, and
`creativeWorkStatus` says that it is a draft.
"""

from __future__ import annotations

import json
from typing import Any

from checker.records import Band, CheckResult, Finding, Mode, Precision, Statement, When
from checker.renderers.links import safe_url
from checker.renderers.said import when_words
from checker.renderers.words import heading, mode_words, source_words, why

__all__ = ["SUFFIX", "draft", "render"]

SUFFIX = ".claimreview.json"


def render(result: CheckResult) -> bytes:
    """All drafts as one JSON-LD document."""
    drafts = [draft(finding) for finding in result.findings if finding.band is Band.SHOW]
    document = {"@context": "https://schema.org", "@graph": drafts}
    return json.dumps(document, ensure_ascii=False, indent=1).encode("utf-8", "backslashreplace") + b"\n"


def draft(finding: Finding) -> dict[str, Any]:
    """The draft for one finding."""
    pair = finding.pair
    return {
        "@type": "ClaimReview",
        "identifier": pair.key,
        "creativeWorkStatus": "Draft",
        "name": heading(pair),
        "claimReviewed": pair.later.text,
        "reviewBody": _body(finding),
        "itemReviewed": _claim(pair.later),
        "citation": _quotation(pair.earlier),
    }


def _body(finding: Finding) -> str:
    earlier, later = finding.pair.earlier, finding.pair.later
    return (
        "Draft for an editor, not a verdict. "
        f"{_told(earlier)} {_told(later)} "
        f"Why the two are set side by side: {why(finding)}"
    )


def _told(statement: Statement) -> str:
    words = f"“{statement.text}”" if statement.mode is Mode.QUOTE else statement.text
    return f"{when_words(statement.said_on)}, {mode_words(statement)}: {words} [{source_words(statement)}]."


def _claim(statement: Statement) -> dict[str, Any]:
    return _known(
        {
            "@type": "Claim",
            "identifier": statement.id,
            "text": statement.text,
            "author": _author(statement),
            "datePublished": _date(statement.said_on),
            "appearance": _article(statement),
        }
    )


def _quotation(statement: Statement) -> dict[str, Any]:
    """The earlier statement: a `Quotation` if verbatim, else a `Claim`."""
    return _known(
        {
            "@type": "Quotation" if statement.mode is Mode.QUOTE else "Claim",
            "identifier": statement.id,
            "text": statement.text,
            "creator": _author(statement),
            "dateCreated": _date(statement.said_on),
            "isPartOf": _article(statement),
        }
    )


def _author(statement: Statement) -> dict[str, Any] | None:
    if not statement.speaker:
        return None
    kind = "Organization" if statement.mode is Mode.REPORT else "Person"
    return {"@type": kind, "name": statement.speaker}


def _article(statement: Statement) -> dict[str, Any] | None:
    source = statement.source
    article = _known(
        {
            "@type": "CreativeWork",
            "url": safe_url(source.url),
            "name": source.title,
            "publisher": {"@type": "Organization", "name": source.outlet} if source.outlet else None,
            "datePublished": _date(source.published_on),
        }
    )
    return article if len(article) > 1 else None


def _date(when: When | None) -> str:
    """The date as ISO 8601 lets it be: day, month or year; nothing for a period or what is not known."""
    if when is None or when.start is None or when.precision in (Precision.PERIOD, Precision.UNKNOWN):
        return ""
    return str(when)


def _known(fields: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value}
