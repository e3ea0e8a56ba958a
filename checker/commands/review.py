"""The command `review`: a local page to read and label pairs, one key an answer."""

from __future__ import annotations

import html
import os
import secrets
import shutil
import socket
import tempfile
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from checker.commands.labels import LabelFile, Reader, open_labels
from checker.commands.record import Quiet, SettingsFile, Statements
from checker.commands.tune import judged
from checker.plurals import how_many

if TYPE_CHECKING:
    from checker.records import CheckResult
    from checker.review import Draw

__all__ = ["review"]


def review(
    statements: Statements = None,
    count: Annotated[int, typer.Option("--next", min=1, max=2000, help="How many pairs.")] = 50,
    strategy: Annotated[
        str, typer.Option(help="uncertain (learns most), random or stratified (these alone estimate rates).")
    ] = "stratified",
    reader: Reader = "desk",
    labels: LabelFile = None,
    listed: Annotated[
        bool, typer.Option("--list", help="Print the pairs instead of opening a page.")
    ] = False,
    open_page: Annotated[bool, typer.Option("--open/--no-open", help="Open the page in the browser.")] = True,
    idle_minutes: Annotated[float, typer.Option(min=0.1, help="End after so long without a request.")] = 60.0,
    settings: SettingsFile = None,
    quiet: Quiet = False,
) -> None:
    """Read the next pairs and answer by key; scores stay hidden until you have answered.

    Example: checker review --next 50 --strategy stratified --reader ann
    """
    from checker.review import check_strategy, next_pairs
    from checker.settings import load_settings
    from checker.web.server import Desk, make_app, serve

    check_strategy(strategy)
    chosen = load_settings(settings)
    result = judged(statements, chosen, quiet=quiet)
    with open_labels(labels) as store:
        draws = next_pairs(
            result.judged, store.labels(), count=count, strategy=strategy, reader=reader, cut=chosen.show
        )
        print(f"{how_many(len(draws), 'pair')}, drawn {strategy}, for {reader}")
        if listed or not draws:
            _print_pairs(draws)
            return
        from checker.web.guard import Guard

        desk = Desk(draws, store, reader, _model(result))
        token = secrets.token_urlsafe(32)
        with socket.create_server(("127.0.0.1", 0)) as listener:
            port = listener.getsockname()[1]
            app = make_app(desk, Guard(port, token))
            with _private_link(f"http://127.0.0.1:{port}/#{token}") as link:
                print(f"Open {link} if no browser opens. Ctrl-C ends; every saved answer is kept.")
                if open_page:
                    webbrowser.open(link.as_uri())
                # Ctrl-C is how a session ends, not how it fails.
                with suppress(KeyboardInterrupt):
                    serve(app, port_socket=listener, desk=desk, idle_minutes=idle_minutes)
        print(store.describe())


@contextmanager
def _private_link(address: str) -> Iterator[Path]:
    """A file that only this user can read and that leads to the page.

    On a command line every user of the machine could read the token.
    """
    folder = Path(tempfile.mkdtemp(prefix="checker-"))
    path = folder / "review.html"
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            target = html.escape(address, quote=True)
            file.write('<!doctype html><meta charset="utf-8"><meta name="referrer" content="no-referrer">')
            file.write(f'<meta http-equiv="refresh" content="0;url={target}"><a href="{target}">Review</a>\n')
        yield path
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _model(result: CheckResult) -> str:
    """Short names of the models the scores come from."""
    return " ".join(f"{card.role}:{card.sha256[:12]}" for card in result.models)


def _print_pairs(draws: list[Draw]) -> None:
    from checker.escape import for_terminal

    for draw in draws:
        pair = draw.finding.pair
        print(for_terminal(f"{pair.key}  {pair.earlier.text} / {pair.later.text}"))
