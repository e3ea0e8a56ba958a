"""The threshold desk as one HTML file that needs nothing else: sliders, live figures, charts and pairs.

Only our own style and script may run, which the page's policy names by their hashes; nothing is fetched.
The script repeats the sums of `estimates`, and a test in a browser holds the two together.
"""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from typing import Any

import numpy as np
from jinja2 import Environment, StrictUndefined
from markupsafe import Markup
from numpy.typing import NDArray

from checker.desk import Desk, sweep
from checker.escape import visible
from checker.estimates import Estimate
from checker.plurals import how_many
from checker.records import Finding, Statement, Thresholds
from checker.tune import LEAST_CONFLICTS, LEAST_LABELS

__all__ = ["desk_page"]

_UNIT = 10_000
_MOST_TEXTS = 1500
_LONGEST = 600


def desk_page(desk: Desk, present: Thresholds, *, pace: float = 40.0) -> bytes:
    """The page; the words of the 1,500 highest-scored pairs are in it, the figures count all."""
    style, script = _asset("desk.css"), _asset("desk.js")
    calibrated = bool(desk.findings) and desk.findings[0].calibrated
    page: str = _template().render(
        policy=f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'",
        # Our own files, and JSON in which no tag can begin.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        data=Markup(_data(desk, present, pace, "probability" if calibrated else "score")),  # noqa: S704
        scale="probability" if calibrated else "score",
        pairs=how_many(len(desk.score), "judged pair"),
        labels=how_many(len(desk.sample), "label"),
        conflicts=desk.conflicts,
        left_out=", ".join(f"{reason} ({count})" for reason, count in desk.left_out),
        few=_few(desk),
        pace=f"{pace:g}",
        least_similarity=f"{np.floor(desk.similarity.min() * 20) / 20 if len(desk.similarity) else 0:.2f}",
        similarity=present.similarity,
        cuts=sweep(desk, similarity=present.similarity, pace=pace, steps=[n / 10 for n in range(1, 10)]),
        count=_count,
    )
    return page.encode("utf-8", "replace")


def _data(desk: Desk, present: Thresholds, pace: float, scale: str) -> str:
    sample = desk.sample
    document = {
        "similarity": _packed(desk.similarity),
        "score": _packed(desk.score),
        "labels": [
            {"row": int(row), "conflict": bool(conflict), "group": int(group), "weight": float(weight)}
            for row, conflict, group, weight in zip(
                desk.rows, sample.conflict, sample.group, sample.weight, strict=True
            )
        ],
        "texts": _texts(desk),
        "present": {"similarity": present.similarity, "maybe": present.maybe, "show": present.show},
        "pace": pace,
        "scale": scale,
    }
    text = json.dumps(document, ensure_ascii=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _texts(desk: Desk) -> dict[str, dict[str, str]]:
    highest = np.argsort(-desk.score, kind="stable")[:_MOST_TEXTS]
    return {str(int(row)): _pair(desk.findings[row]) for row in highest}


def _pair(finding: Finding) -> dict[str, str]:
    pair = finding.pair
    return {"key": pair.key, "earlier": _words(pair.earlier), "later": _words(pair.later)}


def _words(statement: Statement) -> str:
    text = visible(statement.text)
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f"{statement.said_on or 'undated'}, {visible(statement.speaker)}: {shown}"


def _packed(values: NDArray[np.float64]) -> str:
    """The values in ten-thousandths as 16-bit numbers in base64; a cut falls between them as in the tool."""
    whole = np.clip(np.floor(values * _UNIT + 1e-6), 0, _UNIT).astype("<u2")
    return base64.b64encode(whole.tobytes()).decode()


def _few(desk: Desk) -> str:
    if len(desk.sample) >= LEAST_LABELS and desk.conflicts >= LEAST_CONFLICTS:
        return ""
    return (
        f"These are few labels: from {LEAST_LABELS}, with {LEAST_CONFLICTS} conflicts, cuts are recommended."
    )


def _count(estimate: Estimate) -> str:
    if estimate.value is None:
        return "unknown"
    return f"{estimate.value:.0f} ({estimate.low:.0f} to {estimate.high:.0f})"


def _template() -> Any:
    environment = Environment(autoescape=True, undefined=StrictUndefined)
    return environment.from_string(_asset("desk.html"))


def _asset(name: str) -> str:
    return files("checker.web").joinpath(name).read_text("utf-8")


def _hash(content: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
