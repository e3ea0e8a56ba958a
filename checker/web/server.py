"""The review page's local server: cards out, answers in, nothing else (extra `review`).

Scores are not in the cards; a reader sees them only after the answer was saved. An answer is acknowledged
only once it is in the label store, and one that is sent again under its id is saved once.
"""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from checker.errors import CheckerError, MissingExtraError
from checker.escape import visible
from checker.labels import Answer, label_of
from checker.records import Statement
from checker.review import Draw
from checker.store import LabelStore
from checker.web.guard import HEADERS, LARGEST_BODY, Guard

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response

__all__ = ["Desk", "make_app", "serve"]

_LABEL_ID = re.compile(r"l[bcdfghjkmnpqrstvwxz]{16}\Z")
_LONGEST = {"kind": 200, "note": 5000}
_STATIC = {
    "/": ("review.html", "text/html; charset=utf-8"),
    "/review.css": ("review.css", "text/css; charset=utf-8"),
    "/review.js": ("review.js", "text/javascript; charset=utf-8"),
}


@dataclass(slots=True)
class Desk:
    """One reader's session: the drawn pairs, the store, and when somebody last asked for anything."""

    draws: Sequence[Draw]
    store: LabelStore
    reader: str
    model: str = ""
    last_seen: float = field(default_factory=time.monotonic)

    def cards(self) -> dict[str, Any]:
        """The pairs to read, without their scores."""
        return {"place": self.store.describe(), "cards": [_card(draw) for draw in self.draws]}

    def label(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Save an answer.

        Raises:
            ValueError: The request is not one of ours.
            OutputError: The answer could not be saved.
        """
        draw = next((d for d in self.draws if d.finding.pair.key == body.get("pair")), None)
        if draw is None:
            raise ValueError("no such pair in this session")
        label = label_of(
            draw.finding,
            Answer(str(body.get("answer"))),
            reader=self.reader,
            id=_label_id(body.get("id")),
            origin="review",
            sampling=draw.sampling,
            probability=draw.probability,
            stratum=draw.stratum,
            population=draw.population,
            model=self.model,
            **{name: _words(body.get(name, ""), name) for name in _LONGEST},
        )
        event = self.store.add([label])[0]
        scale = "probability" if draw.finding.calibrated else "score"
        scores = {"score": draw.finding.score, "similarity": draw.finding.pair.similarity, "scale": scale}
        return {"row": event.number, "answer": str(event.label.answer), **scores}

    def undo(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """Take back an answer of this reader; one that is taken back already stays so.

        Raises:
            ValueError: The request is not one of ours.
            OutputError: It could not be saved.
        """
        target = self.store.undo(self.reader, label_id=_label_id(body.get("label")))
        return {"undone": target.id if target else ""}


def make_app(desk: Desk, guard: Guard) -> Starlette:
    """The server as an ASGI application.

    Raises:
        MissingExtraError: Starlette is not installed.
    """
    try:
        from starlette.applications import Starlette
        from starlette.responses import Response
        from starlette.routing import Route
    except ImportError as error:
        raise _missing(error) from error

    def reply(status: int, content: bytes, kind: str) -> Response:
        return Response(content, status, {**HEADERS, "Content-Type": kind})

    def answer(status: int, document: Mapping[str, Any]) -> Response:
        return reply(status, json.dumps(document).encode(), "application/json")

    async def everything(request: Request) -> Response:
        """Every path and method comes through here, so nothing is answered before the guard has looked."""
        path, method = request.url.path, request.method
        refused = guard.refuse(method, _headers(request), needs_token=path not in _STATIC)
        if refused:
            return answer(refused[0], {"error": refused[1]})
        desk.last_seen = time.monotonic()
        if path in _STATIC and method != "POST":
            name, kind = _STATIC[path]
            return reply(200, files("checker.web").joinpath(name).read_bytes(), kind)
        if path == "/api/cards" and method != "POST":
            return answer(200, desk.cards())
        act = {"/api/label": desk.label, "/api/undo": desk.undo}.get(path) if method == "POST" else None
        if act is None:
            return answer(404, {"error": "nothing here"})
        body = await _body(request)
        if body is None:
            return answer(400, {"error": "not a JSON object of the right size"})
        try:
            return answer(200, act(body))
        except ValueError as error:
            return answer(400, {"error": str(error)})
        except CheckerError as error:
            return answer(507, {"error": str(error)})

    methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
    return Starlette(routes=[Route("/{path:path}", everything, methods=methods)])


def serve(app: Starlette, *, port_socket: Any, desk: Desk, idle_minutes: float) -> None:
    """Answer until interrupted, or until nobody asked for anything for so long.

    Raises:
        MissingExtraError: uvicorn is not installed.
    """
    try:
        import uvicorn
    except ImportError as error:
        raise _missing(error) from error
    # No access log: it would hold what is being looked at.
    config = uvicorn.Config(
        app,
        log_level="error",
        access_log=False,
        server_header=False,
        lifespan="off",
        ws="none",
        proxy_headers=False,
    )
    server = uvicorn.Server(config)

    def watch() -> None:
        while not server.should_exit:
            time.sleep(1)
            if time.monotonic() - desk.last_seen > idle_minutes * 60:
                server.should_exit = True

    threading.Thread(target=watch, daemon=True).start()
    server.run(sockets=[port_socket])


def _headers(request: Request) -> dict[str, str]:
    """Headers by name in lower case; one that comes twice is none that we send, and counts as neither."""
    values: dict[str, str] = {}
    for name, value in request.headers.items():
        values[name] = "\n".join((values[name], value)) if name in values else value
    return values


async def _body(request: Request) -> dict[str, Any] | None:
    content = b""
    async for chunk in request.stream():
        content += chunk
        if len(content) > LARGEST_BODY:
            return None
    try:
        document = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return document if isinstance(document, dict) else None


def _card(draw: Draw) -> dict[str, Any]:
    pair = draw.finding.pair
    return {"pair": pair.key, "first": _side(pair.earlier), "second": _side(pair.later)}


def _side(statement: Statement) -> dict[str, str]:
    source = statement.source
    fields = {
        "speaker": statement.speaker,
        "said_on": str(statement.said_on or ""),
        "mode": statement.mode.value,
        "text": statement.text,
        "context": statement.surroundings,
        "outlet": source.outlet,
        "title": source.title,
        "url": source.url,
    }
    return {name: visible(value) for name, value in fields.items()}


def _label_id(value: object) -> str:
    if not isinstance(value, str) or not _LABEL_ID.match(value):
        raise ValueError("not a label id")
    return value


def _words(value: object, name: str) -> str:
    if not isinstance(value, str) or len(value) > _LONGEST[name]:
        raise ValueError(f"{name} must be text of at most {_LONGEST[name]} characters")
    return value


def _missing(error: ImportError) -> MissingExtraError:
    return MissingExtraError(
        "the review page needs starlette and uvicorn, which are not installed; "
        f"run pip install 'statement-checker[review]' ({error.name})"
    )
