"""The review page in a real browser, against the real server, by keys alone and under attack."""

from __future__ import annotations

import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from checker.labels import Answer, counted
from checker.store import LabelStore

playwright = pytest.importorskip("playwright.sync_api", reason="browser tests need playwright")
pytest.importorskip("uvicorn", reason="the review page needs the extra review")
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome") or ""
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="browser tests need Chromium on the path")
ROOT = Path(__file__).parent.parent.parent

SERVER = """
import socket, sys
from pathlib import Path
from checker.commands.review import _private_link
from checker.review import Draw, next_pairs
from checker.store import LabelStore
from checker.web.guard import Guard
from checker.web.server import Desk, make_app, serve
from checker.labels import Sampling
from tests.builders import hostile_finding
from tests.desks import make_world

findings, _ = make_world(1, pairs=50)
draws = [Draw(hostile_finding(), Sampling.RANDOM, 0.1, "all", 50)]
draws += next_pairs(findings, [], count=5, strategy="random", reader="ann")
listener = socket.create_server(("127.0.0.1", int(sys.argv[2])))
port = listener.getsockname()[1]
with LabelStore(Path(sys.argv[1])) as store, _private_link(f"http://127.0.0.1:{port}/#{sys.argv[3]}") as link:
    print(port, link, flush=True)
    desk = Desk(draws, store, "ann")
    serve(make_app(desk, Guard(port, sys.argv[3])), port_socket=listener, desk=desk, idle_minutes=5)
"""
TOKEN = "k" * 43


class Running:
    """A review server of its own process, which can be stopped and started again at the same port."""

    def __init__(self, folder: Path) -> None:
        self.labels = folder / "labels.sqlite"
        self.port = 0
        self.start()

    def start(self) -> None:
        """Start, at the same port as before."""
        command = [sys.executable, "-c", SERVER, str(self.labels), str(self.port), TOKEN]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        port, link = self.process.stdout.readline().split()  # type: ignore[union-attr]
        self.port, self.link = int(port), Path(link)
        # A signal that comes before the server listens to signals may be lost.
        with socket.create_connection(("127.0.0.1", self.port), timeout=90) as asked:
            asked.sendall(b"GET / HTTP/1.0\r\n\r\n")
            asked.recv(1)

    def stop(self, by: int = signal.SIGINT) -> None:
        """End it, kindly or not."""
        self.process.send_signal(by)
        self.process.communicate(timeout=90)

    def saved(self) -> list[Answer | None]:
        """The answers that count, read from the disk."""
        with LabelStore(self.labels) as store:
            return [label.answer for label in counted(store.labels())]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    """A running server."""
    running = Running(tmp_path)
    yield running
    if running.process.poll() is None:
        running.stop(signal.SIGKILL)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium, in which a foreign name points at this machine."""
    rules = "--host-resolver-rules=MAP rebind.example 127.0.0.1, MAP evil.example 127.0.0.1"
    with playwright.sync_playwright() as driver:
        flags = ["--no-sandbox", "--disable-gpu", rules, "--no-proxy-server"]
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=flags)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser: Any, server: Running) -> Iterator[Any]:
    """The review page, opened through the private file."""
    context = browser.new_context()
    opened = context.new_page()
    opened.noise = []
    opened.on("pageerror", lambda error: opened.noise.append(str(error)))
    opened.on("dialog", lambda dialog: (opened.noise.append(dialog.message), dialog.dismiss()))
    opened.goto(server.link.as_uri())
    playwright.expect(opened.locator("#progress")).to_have_text("Pair 1 of 6")
    yield opened
    context.close()


def expect_text(page: Any, selector: str, words: str) -> None:
    """Wait until an element's words hold these."""
    playwright.expect(page.locator(selector)).to_contain_text(words)


def test_pairs_are_read_and_answered_by_keys_alone(page: Any, server: Running) -> None:
    """One key an answer; a tick and the score come only after it is saved; undo takes it back."""
    assert "score" not in page.locator("main").inner_text().lower().split("keys")[0]
    page.keyboard.press("1")
    expect_text(page, "#last", "✓ Saved as row 1: conflict. The tool's score was 0.60")
    page.keyboard.press("2")
    expect_text(page, "#last", "✓ Saved as row 2: consistent")
    page.keyboard.press("3")
    expect_text(page, "#progress", "Pair 4 of 6")
    page.keyboard.press("u")
    expect_text(page, "#last", "✓ Taken back")
    expect_text(page, "#progress", "Pair 3 of 6")
    page.keyboard.press("s")
    expect_text(page, "#progress", "Pair 4 of 6")
    assert [Answer.CONFLICT, Answer.CONSISTENT] == server.saved()
    assert [] == page.noise


def test_keys_in_a_text_field_are_words(page: Any, server: Running) -> None:
    """A note may hold any letter; leaving the field by Esc brings the keys back."""
    page.keyboard.press("n")
    page.keyboard.type("1 must ask u")
    expect_text(page, "#progress", "Pair 1 of 6")
    page.keyboard.press("Escape")
    page.keyboard.press("1")
    expect_text(page, "#last", "✓ Saved as row 1")
    with LabelStore(server.labels) as store:
        assert "1 must ask u" == store.labels()[0].note


def test_the_buttons_work_and_name_their_keys(page: Any, server: Running) -> None:
    """Whoever uses a mouse sees the keys on the buttons."""
    page.get_by_role("button", name="2 Consistent").click()
    expect_text(page, "#last", "consistent")
    page.get_by_role("button", name="u Undo").click()
    expect_text(page, "#last", "Taken back")
    assert [] == server.saved()


def test_the_token_leaves_the_address_and_a_reload_goes_on(page: Any) -> None:
    """Neither the address bar nor the history of the page holds the token."""
    assert TOKEN not in page.url
    page.reload()
    playwright.expect(page.locator("#progress")).to_have_text("Pair 1 of 6")


def test_answers_given_while_the_server_is_gone_are_kept_and_sent_again(page: Any, server: Running) -> None:
    """The page turns to an alarm, counts what waits in the title, survives a reload, and loses nothing."""
    page.keyboard.press("1")
    expect_text(page, "#last", "row 1")
    server.stop(signal.SIGKILL)
    page.keyboard.press("2")
    page.keyboard.press("1")
    expect_text(page, "#alarm", "2 answer(s) wait here")
    assert "(2 not saved) Review" == page.title()
    server.start()
    expect_text(page, "#last", "✓ Saved as row 3")
    playwright.expect(page.locator("#alarm")).to_be_hidden()
    assert "Review" == page.title()
    assert [Answer.CONFLICT, Answer.CONSISTENT, Answer.CONFLICT] == server.saved()


def test_hostile_words_are_words(page: Any) -> None:
    """Markup in a quote is read, not obeyed."""
    assert "<script>alert('x')</script>" in page.locator("#first blockquote").inner_text()
    assert 0 == page.locator("main script, main img, main iframe, main a").count()
    assert [] == page.noise


def test_ending_removes_the_private_file(server: Running) -> None:
    """Ctrl-C ends the server and leaves no token behind."""
    assert 0o600 == server.link.stat().st_mode & 0o777
    assert 0o700 == server.link.parent.stat().st_mode & 0o777
    server.stop()
    assert not server.link.exists()


ATTACKS = Path(__file__).with_name("attacks.js").read_text("utf-8")


@pytest.mark.parametrize("host", ["127.0.0.1", "rebind.example"])
def test_a_foreign_page_can_neither_read_nor_change_anything(
    browser: Any, server: Running, host: str
) -> None:
    """Twelve attacks from another site, straight at the port and through a name made to point here."""

    class Foreign(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>foreign</title>")

        def log_message(self, *_: object) -> None:
            return

    foreign = HTTPServer(("127.0.0.1", 0), Foreign)
    threading.Thread(target=foreign.serve_forever, daemon=True).start()
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"http://evil.example:{foreign.server_port}/")
    script = ATTACKS.replace("HOST", host).replace("PORT", str(server.port))
    outcomes = dict(page.evaluate(script))
    assert 12 == len(outcomes)
    assert set(outcomes.values()) <= {"refused", "sent blindly"}, outcomes
    if host == "rebind.example":
        # The page of the rebound name itself: Origin and Host agree, and both are not ours.
        page.goto(f"http://rebind.example:{server.port}/")
        assert "wrong host" in page.content()
        inner = page.evaluate("async () => (await fetch('/api/cards')).status")
        assert 421 == inner
    context.close()
    foreign.shutdown()
    assert [] == server.saved()


def test_the_page_fits_a_telephone(browser: Any, server: Running) -> None:
    """Nothing is wider than a small screen, however long a word is."""
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(server.link.as_uri())
    playwright.expect(page.locator("#progress")).to_have_text("Pair 1 of 6")
    assert 360 >= page.evaluate("document.documentElement.scrollWidth")
    assert re.search("Earlier", page.locator("#first").inner_text())
    context.close()
