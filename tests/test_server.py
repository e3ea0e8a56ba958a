"""The review server answers our own page and nobody else, and says saved only when it is."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checker.labels import Answer, Sampling, counted, new_id
from checker.review import next_pairs
from checker.store import LabelStore
from checker.web.guard import HEADERS, LARGEST_BODY, Guard
from tests.desks import make_world

pytest.importorskip("starlette", reason="the review page needs the extra review")
testclient = pytest.importorskip("starlette.testclient", reason="testing the server needs httpx")

from checker.web.server import Desk, make_app

PORT, TOKEN = 41234, "t" * 43
HOME = f"127.0.0.1:{PORT}"
GOOD = {"host": HOME, "x-checker-token": TOKEN, "origin": f"http://{HOME}", "sec-fetch-site": "same-origin"}
FINDINGS, TRUTH = make_world(1, pairs=60)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A session of ten pairs."""
    draws = next_pairs(FINDINGS, [], count=10, strategy="stratified", reader="ann")
    with LabelStore(tmp_path / "labels.sqlite") as store:
        yield Desk(draws, store, "ann", "nli:abc")


@pytest.fixture
def client(desk: Desk) -> Any:
    """The server in this process; an error inside it is the test's error."""
    return testclient.TestClient(make_app(desk, Guard(PORT, TOKEN)), base_url=f"http://{HOME}")


def label(desk: Desk, number: int = 0, **more: object) -> dict[str, object]:
    """A request that our page would send."""
    values: dict[str, object] = {
        "id": new_id(),
        "pair": desk.draws[number].finding.pair.key,
        "answer": "conflict",
    }
    return values | {"kind": "", "note": ""} | more


def post(client: Any, path: str, body: object, **headers: str | None) -> Any:
    """Send JSON with the headers of our page, less those given as `None`."""
    sent = {
        name: value
        for name, value in (GOOD | {"content-type": "application/json"} | headers).items()
        if value
    }
    return client.post(path, content=json.dumps(body).encode(), headers=sent)


def test_an_answer_is_saved_with_how_its_pair_was_drawn(client: Any, desk: Desk) -> None:
    """The reply names the row and only then the score; the label holds draw, scores, model and note."""
    reply = post(client, "/api/label", label(desk, note="=ask", kind="timing"))
    draw, saved = desk.draws[0], desk.store.labels()[0]
    assert (200, 1, draw.finding.score) == (reply.status_code, reply.json()["row"], reply.json()["score"])
    assert (Answer.CONFLICT, "ann", "=ask", "timing") == (saved.answer, saved.reader, saved.note, saved.kind)
    assert (Sampling.STRATIFIED, draw.probability, draw.stratum, draw.population) == (
        saved.sampling,
        saved.probability,
        saved.stratum,
        saved.population,
    )
    assert "nli:abc" == saved.model


def test_the_cards_hold_no_score(client: Any, desk: Desk) -> None:
    """A reader is blind to what the tool thinks."""
    reply = client.get("/api/cards", headers=GOOD)
    assert 10 == len(reply.json()["cards"])
    assert {"pair", "first", "second"} == set(reply.json()["cards"][0])
    assert "score" not in json.dumps(reply.json()["cards"])
    assert str(desk.store.path.resolve()) in reply.json()["place"]


def test_a_repeated_request_is_one_row_and_undo_is_another(client: Any, desk: Desk) -> None:
    """A page that is unsure sends again; an undo that arrives twice undoes once."""
    body = label(desk)
    assert post(client, "/api/label", body).json() == post(client, "/api/label", body).json()
    for _ in range(2):
        assert 200 == post(client, "/api/undo", {"label": body["id"]}).status_code
    assert [2, 0] == [len(desk.store.labels()), len(counted(desk.store.labels()))]


def test_a_save_that_fails_is_said_and_can_be_repeated(client: Any, desk: Desk, monkeypatch: Any) -> None:
    """A full disk gives an error the page can show, and the same request succeeds later."""
    body = label(desk, note="x" * 5000)
    db = desk.store._connection()
    db.execute(f"PRAGMA max_page_count = {db.execute('PRAGMA page_count').fetchone()[0]}")
    refused = post(client, "/api/label", body)
    assert 507 == refused.status_code
    assert "disk is full" in refused.json()["error"]
    assert 200 == post(client, "/api/label", body).status_code


def test_every_page_carries_the_policy(client: Any) -> None:
    """No inline script, no foreign source, no frame, nothing kept by the browser; errors too."""
    for path in ("/", "/review.css", "/review.js", "/api/cards", "/nowhere"):
        reply = client.get(path, headers={"host": HOME})
        assert {name: reply.headers.get(name) for name in HEADERS} == dict(HEADERS)
        assert "access-control-allow-origin" not in reply.headers
        assert "set-cookie" not in reply.headers


HOSTS = [HOME, f"localhost:{PORT}", f"[::1]:{PORT}", "127.0.0.1", "localhost", f"evil.example:{PORT}", ""]
HOSTS += [f"127.0.0.1.evil.example:{PORT}", f"127.0.0.1:{PORT + 1}", f"LOCALHOST:{PORT}", f"{HOME}\n{HOME}"]
ORIGINS = [
    None,
    f"http://{HOME}",
    f"http://localhost:{PORT}",
    "null",
    "http://evil.example",
    f"https://{HOME}",
]
ORIGINS += [f"http://{HOME}.evil.example", f"http://evil.example:{PORT}", f"http://127.0.0.1:{PORT + 1}"]
SITES = [None, "same-origin", "none", "same-site", "cross-site"]
METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"]
TOKENS = [TOKEN, None, "wrong", TOKEN[:-1]]


def test_of_all_combinations_exactly_the_listed_ones_pass() -> None:
    """Host, Origin, Sec-Fetch-Site, method, token and cookie: 23,760 requests for data or a change."""
    passed = set()
    guard = Guard(PORT, TOKEN)
    combinations = list(product(METHODS, HOSTS, ORIGINS, SITES, TOKENS[:3], [None, f"token={TOKEN}"]))
    for method, host, origin, site, token, cookie in combinations:
        given = {
            "host": host,
            "origin": origin,
            "sec-fetch-site": site,
            "x-checker-token": token,
            "cookie": cookie,
        }
        headers = {name: value for name, value in given.items() if value is not None}
        headers |= {"content-type": "application/json", "content-length": "20"}
        if guard.refuse(method, headers, needs_token=True) is None:
            passed.add((method, host, origin, site, token))
    hosts, sites = set(HOSTS[:3]), {None, "same-origin", "none"}
    allowed = set(product(["GET", "HEAD"], hosts, ORIGINS, sites, [TOKEN]))
    allowed |= set(product(["POST"], hosts, ORIGINS[1:3], sites, [TOKEN]))
    assert allowed == passed
    assert 7000 < len(combinations)


@pytest.mark.parametrize("method", METHODS)
def test_refused_requests_change_nothing_through_the_whole_server(
    client: Any, desk: Desk, method: str
) -> None:
    """What the guard refuses never reaches the labels, and no GET has an effect."""
    body = json.dumps(label(desk)).encode()
    for path, host, origin, token in product(
        ["/api/label", "/api/undo", "/"], HOSTS[:6], ORIGINS[:5], TOKENS[:3]
    ):
        given = {"host": host, "origin": origin, "x-checker-token": token, "content-type": "application/json"}
        if (method, path, host, token) in {
            ("POST", "/api/label", h, TOKEN) for h in HOSTS[:3]
        } and origin in ORIGINS[1:3]:
            continue
        sent = {name: value for name, value in given.items() if value is not None}
        reply = client.request(method, path, content=body if method == "POST" else None, headers=sent)
        assert reply.status_code < 500
    assert [] == desk.store.labels()


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/label", {}),
        ("/api/label", []),
        ("/api/label", {"id": "lbad", "pair": "x", "answer": "conflict"}),
        ("/api/label", {"answer": "perhaps"}),
        ("/api/label", {"note": "x" * 5001}),
        ("/api/label", {"note": 7}),
        ("/api/label", {"pair": "pxxxxxxxxxxxx"}),
        ("/api/undo", {"label": None}),
        ("/api/undo", {"label": "../../etc/passwd"}),
    ],
)
def test_a_request_that_our_page_would_not_send_is_refused(
    client: Any, desk: Desk, path: str, body: Any
) -> None:
    """Each wrong field is a plain refusal."""
    full = label(desk) | body if isinstance(body, dict) and path == "/api/label" and body else body
    assert 400 == post(client, path, full).status_code
    assert [] == desk.store.labels()


def test_a_body_that_is_too_long_or_lies_about_its_length_is_refused(client: Any, desk: Desk) -> None:
    """64 KiB are enough for any answer."""
    assert 413 == post(client, "/api/label", label(desk, note="x" * LARGEST_BODY)).status_code
    headers = GOOD | {"content-type": "application/json", "content-length": "5"}
    long = client.post("/api/label", content=b"[" * (LARGEST_BODY + 1), headers=headers)
    assert 400 == long.status_code
    assert 415 == post(client, "/api/label", label(desk), **{"content-type": "text/plain"}).status_code


@given(content=st.binary(max_size=2000) | st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(
        st.sampled_from(["id", "pair", "answer", "note", "kind", "label"]) | st.text(), inner, max_size=6
    ),
    max_leaves=12,
).map(lambda value: json.dumps(value).encode()))  # fmt: skip
@settings(max_examples=200, deadline=None)
def test_no_body_breaks_the_server(content: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Whatever is sent with a valid token, the answer is ours and the labels stay as they were."""
    draws = next_pairs(FINDINGS, [], count=2, strategy="random", reader="ann")
    with LabelStore(tmp_path_factory.mktemp("fuzz") / "labels.sqlite") as store:
        client = testclient.TestClient(
            make_app(Desk(draws, store, "ann"), Guard(PORT, TOKEN)), base_url=f"http://{HOME}"
        )
        for path in ("/api/label", "/api/undo"):
            reply = client.post(path, content=content, headers=GOOD | {"content-type": "application/json"})
            assert reply.status_code in (200, 400)
            assert isinstance(reply.json(), dict)
        assert [] == store.labels()


def test_hostile_words_come_as_words(tmp_path: Path) -> None:
    """A quote's invisible characters are shown as marks, and the JSON is not a page."""
    from checker.labels import Sampling as Drawn
    from checker.review import Draw
    from tests.builders import hostile_finding

    with LabelStore(tmp_path / "labels.sqlite") as store:
        desk = Desk([Draw(hostile_finding(), Drawn.RANDOM, 1.0)], store, "ann")
        client = testclient.TestClient(make_app(desk, Guard(PORT, TOKEN)), base_url=f"http://{HOME}")
        reply = client.get("/api/cards", headers=GOOD)
    assert "application/json" == reply.headers["content-type"]
    assert "⟨U+200B⟩" in reply.json()["cards"][0]["first"]["text"]
