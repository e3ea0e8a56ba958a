"""Commands about what machines computed: look at it, cut it down."""

from __future__ import annotations

import re
from typing import Annotated

import typer

from checker.errors import UsageError

__all__ = ["app"]

app = typer.Typer(
    help="Embeddings and scores kept between runs; deleting them costs time only.", no_args_is_help=True
)

_MEGABYTE = 10**6
_UNITS = {"": _MEGABYTE, "K": 10**3, "M": _MEGABYTE, "G": 10**9, "T": 10**12}
_SIZE = re.compile(r"(\d{1,9}(?:\.\d{1,9})?)\s*(?:([KMGT])B?)?", re.IGNORECASE | re.ASCII)


@app.command()
def info() -> None:
    """Where the cache is, how large, and when it was last used.

    Example: checker cache info
    """
    from checker.cache import Cache, default_cache_path
    from checker.plurals import how_many

    with Cache(default_cache_path()) as cache:
        found = cache.info()
    kept = (
        f"{how_many(found.vectors, 'embedding')}, {how_many(found.scores, 'score')}, "
        f"{how_many(found.judgments, 'judged pair')}"
    )
    print(f"{found.path}: {found.size / _MEGABYTE:.1f} MB, {kept}")
    if found.last_used:
        print(f"Used between {found.last_used[0]} and {found.last_used[1]}")
    for note in cache.notes:
        typer.echo(note, err=True)


@app.command()
def prune(
    to: Annotated[
        str | None,
        typer.Option("--to", help="Largest size to leave: 500MB, 2GB, or megabytes."),
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Empty it.")] = False,
) -> None:
    """Drop what was used longest ago until the cache fits.

    Example: checker cache prune --to 500MB
    """
    most = _most(to, everything=everything)
    from checker.cache import Cache, default_cache_path

    with Cache(default_cache_path()) as cache:
        freed = cache.prune(most)
        print(f"{cache.path}: {freed / _MEGABYTE:.1f} MB freed, {cache.info().size / _MEGABYTE:.1f} MB left")
    for note in cache.notes:
        typer.echo(note, err=True)


def _most(to: str | None, *, everything: bool) -> int:
    """The bytes to leave at most.

    Raises:
        UsageError: Nothing was asked for, or two things at once, or no size that can be read.
    """
    if everything and to is None:
        return 0
    if everything or to is None:
        raise UsageError("say how much to leave, such as --to 500MB, or empty the cache with --all")
    size = _SIZE.fullmatch(to.strip())
    if size is None:
        raise UsageError(f"--to '{to}': no size; write it as 500MB or 2GB, or as a number of megabytes")
    most = int(float(size[1]) * _UNITS[(size[2] or "").upper()])
    if most == 0:
        raise UsageError(f"--to '{to}' would leave nothing; to empty the cache write --all")
    return most
