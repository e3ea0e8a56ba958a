"""The report as one HTML file that needs nothing else and opens from disk.

Only our own style and script may run: the page's policy names them by their hashes. Everything foreign
passes `escape` on its way into the template, and the page works without its script, less the filters.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from importlib.resources import files

from jinja2 import Environment, StrictUndefined, Template
from markupsafe import Markup

from checker.escape import visible
from checker.records import Band, CheckResult, Finding, Mode
from checker.renderers.folding import MORE_PAIRS, MORE_PAIRS_WORDS, listing, sharing_words, stack_words
from checker.renderers.timeline import WIDTH, dot_label, timelines
from checker.renderers.webpage_views import make_card, make_row
from checker.renderers.words import (
    LIMITS,
    capital,
    count_words,
    group_words,
    heading,
    number,
    position_words,
    summary_words,
    topic_of,
)

__all__ = ["SUFFIX", "render"]

SUFFIX = ".html"


def render(result: CheckResult) -> bytes:
    """The whole page."""
    shown = [finding for finding in result.findings if finding.band is Band.SHOW]
    near = [finding for finding in result.findings if finding.band is Band.MAYBE]
    listed, close = listing(shown), listing(near, first=len(shown) + 1)
    style, script = _asset("page.css"), _asset("page.js")
    page = _template().render(
        result=result,
        title=f"Possible conflicts in {result.name}",
        summary=summary_words(result),
        policy=_policy(style, script),
        # Our own files, and nothing of the result in them.
        style=Markup(style),  # noqa: S704
        script=Markup(script),  # noqa: S704
        leads=[make_card(placed) for placed in listed.leads],
        folded=[make_card(placed) for placed in listed.folded],
        near=[make_card(placed) for placed in (*close.leads, *close.folded)],
        stack_words=stack_words,
        sharing_words=sharing_words,
        more=(MORE_PAIRS, MORE_PAIRS_WORDS),
        options=_options([*shown, *near]),
        lines=timelines(result, shown),
        width=WIDTH,
        label=dot_label,
        heading=heading,
        position_words=position_words,
        capital=capital,
        record=[make_row(statement) for statement in result.statements],
        counts=count_words(result.counts),
        speakers=_speakers(result),
        settings=_settings(result),
        models=[(card.role, card.name, card.sha256, card.licence) for card in result.models],
        limits=LIMITS,
    )
    return page.encode()


@cache
def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_finalize)
    return environment.from_string(_asset("page.html"))


def _finalize(value: object) -> object:
    """Every printed value but finished HTML shows its unseen characters; autoescape does the rest."""
    return value if isinstance(value, Markup) else visible(str(value))


def _asset(name: str) -> str:
    return files("checker.renderers").joinpath("page", name).read_text("utf-8")


def _policy(style: str, script: str) -> str:
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "base-uri 'none'; form-action 'none'"
    )


def _hash(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _options(findings: list[Finding]) -> dict[str, list[str]]:
    pairs = [finding.pair for finding in findings]
    return {
        "speakers": sorted({side.speaker for pair in pairs for side in (pair.earlier, pair.later)}),
        "topics": sorted({topic_of(pair) for pair in pairs}),
        "kinds": sorted({kind for finding in findings for kind in finding.verdict.kinds}),
        "groups": sorted({group_words(pair) for pair in pairs}),
    }


def _speakers(result: CheckResult) -> list[list[str]]:
    rows = []
    for name, modes in result.by_speaker.items():
        figures = [modes.get(mode.value, 0) for mode in Mode]
        rows.append([name or "not named", *map(str, figures), str(sum(figures))])
    return rows


def _settings(result: CheckResult) -> list[tuple[str, str]]:
    cuts = result.thresholds
    return [
        ("similarity, to be compared", number(cuts.similarity)),
        ("score, to be a near miss", number(cuts.maybe)),
        ("score, to be shown", number(cuts.show)),
        *result.settings,
    ]
