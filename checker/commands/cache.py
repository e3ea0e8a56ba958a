"""Commands about what machines computed: look at it, cut it down."""

from __future__ import annotations

from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(
    help="Embeddings and scores kept between runs; deleting them costs time only.", no_args_is_help=True
)

_MEGABYTE = 10**6


@app.command()
def info() -> None:
    """Where the cache is, how large, and when it was last used.

    Example: checker cache info
    """
    from checker.cache import Cache, default_cache_path

    with Cache(default_cache_path()) as cache:
        found = cache.info()
    kept = f"{found.vectors} embeddings, {found.scores} scores, {found.judgments} judged pairs"
    print(f"{found.path}: {found.size / _MEGABYTE:.1f} MB, {kept}")
    if found.last_used:
        print(f"Used between {found.last_used[0]} and {found.last_used[1]}")
    for note in cache.notes:
        typer.echo(note, err=True)


@app.command()
def prune(
    megabytes: Annotated[float, typer.Option("--to", min=0, help="Largest size to leave; 0 empties it.")] = 0,
) -> None:
    """Drop what was used longest ago until the cache fits.

    Example: checker cache prune --to 500
    """
    from checker.cache import Cache, default_cache_path

    with Cache(default_cache_path()) as cache:
        freed = cache.prune(int(megabytes * _MEGABYTE))
        print(f"{cache.path}: {freed / _MEGABYTE:.1f} MB freed, {cache.info().size / _MEGABYTE:.1f} MB left")
    for note in cache.notes:
        typer.echo(note, err=True)
