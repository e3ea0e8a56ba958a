"""The same work on many machines: Ray actors that hold the models and take buckets of speakers.

Ray is used narrowly. An actor is one process with one core and the models; a task is one bucket; a result is
a file, so a worker that dies costs one bucket and a run that is broken off goes on from the files it finds.
There is no group-by, no shuffle and no vector in Ray's object store. Usage reports are switched off.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from checker.buckets import Bucket, merge, read_outcome, result_path, run_bucket, split
from checker.errors import CheckerError, OutputError, UsageError
from checker.evidence import code_version
from checker.flag import load_combiner
from checker.models import load_embedder, load_pair_scorer
from checker.pipeline import Models, Record, assemble, load_models, open_cache, screen_for
from checker.plurals import how_many
from checker.progress import Progress, silent
from checker.records import CheckResult
from checker.screen import load_screen
from checker.settings import Scope, Settings

__all__ = ["check_on_ray"]

_Job = tuple[Bucket, Path]
_TRIES = 3


def check_on_ray(
    record: Record,
    settings: Settings,
    *,
    folder: Path | None = None,
    bucket_size: int = 2000,
    progress: Progress = silent,
) -> CheckResult:
    """The same findings as the local engine, from Ray workers.

    Args:
        folder: Where result files go; every worker must see it. `buckets` in the output folder by default.

    Raises:
        UsageError: Ray is not installed, or an option needs all pairs in one place.
        OutputError: A worker's result file cannot be seen from here.
    """
    _check(settings)
    cards = load_models(settings)
    hashes = (
        *(cards.embedder.card.sha256, cards.scorer.card.sha256),
        *(load_combiner(settings.combiner).card.sha256, load_screen().digest, code_version()),
    )
    target = (folder or settings.output / "buckets").resolve()
    whole = len(record.statements)
    jobs = [
        (bucket, result_path(target, bucket, settings, hashes, whole))
        for bucket in split(record.statements, size=bucket_size)
    ]
    left = [job for job in jobs if not job[1].exists()]
    progress("buckets", len(jobs) - len(left), len(jobs))
    if left:
        for done, _ in enumerate(_worked(left, settings, whole), start=len(jobs) - len(left) + 1):
            progress("buckets", done, len(jobs))
    by_id = {statement.id: statement for statement in record.statements}
    paths = [path for _, path in jobs]
    _check_whole(paths, target)
    outcome = merge(read_outcome(path, by_id, settings) for path in paths)
    return assemble(record, outcome, settings, (cards.embedder.card, cards.scorer.card))


def _check(settings: Settings) -> None:
    if settings.scope is Scope.ALL:
        raise UsageError("--engine ray works by speaker; use --scope speaker or speaker+reports, or local")
    if settings.pairs_out is not None:
        raise UsageError("--engine ray keeps findings only; --pairs-out needs --engine local")
    if settings.budget_minutes is not None:
        raise UsageError("--engine ray knows no --budget-minutes; stop it with Ctrl-C and start it again")


def _check_whole(paths: Sequence[Path], folder: Path) -> None:
    # Listed, as a network folder may go on denying a file that was asked for before it was there.
    seen = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    lost = sum(path.name not in seen for path in paths)
    if lost:
        raise OutputError(
            f"{folder}: {lost:,} of {how_many(len(paths), 'bucket')} left no result here; "
            "give all machines one folder for -o, then run the same command again"
        )


def _ray() -> Any:
    # Read when Ray is imported; must stand before.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    os.environ.setdefault("RAY_DEDUP_LOGS", "1")
    try:
        import ray
    except ImportError as error:
        raise UsageError("--engine ray needs Ray: pip install 'statement-checker[ray]'") from error
    return ray


def _worked(jobs: Sequence[_Job], settings: Settings, whole: int) -> Iterator[Path]:
    """The paths of results as they are done; each idle worker takes the heaviest bucket left."""
    ray = _ray()
    started = not ray.is_initialized()
    if started:
        address = os.environ.get("RAY_ADDRESS")
        own = {} if address else {"num_cpus": settings.workers or os.cpu_count()}
        # Named, as Ray would else join whatever cluster was last started on this machine.
        ray.init(address=address or "local", include_dashboard=False, log_to_driver=False, **own)
    try:
        count = settings.workers or int(ray.cluster_resources().get("CPU", 1))
        worker = ray.remote(num_cpus=1, max_restarts=_TRIES, max_task_retries=_TRIES)(_Worker)
        idle = [worker.remote(settings, whole) for _ in range(min(count, len(jobs)))]
        waiting = list(jobs)
        busy: dict[Any, tuple[Any, Path]] = {}
        while waiting or busy:
            while waiting and idle:
                actor = idle.pop()
                bucket, path = waiting.pop(0)
                busy[actor.run.remote(bucket, str(path))] = (actor, path)
            (done,), _ = ray.wait(list(busy), num_returns=1)
            actor, path = busy.pop(done)
            _wait_for(ray, done)
            idle.append(actor)
            yield path
    finally:
        if started:
            ray.shutdown()


def _wait_for(ray: Any, task: Any) -> None:
    try:
        ray.get(task)
    except ray.exceptions.RayTaskError as error:
        # Ray's own words are the worker's whole traceback.
        if isinstance(error.cause, CheckerError):
            raise error.cause from error
        raise


class _Worker:
    """One process with its models and one thread; the cache is this machine's."""

    def __init__(self, settings: Settings, whole: int) -> None:
        self._settings = settings
        self._screen = screen_for(whole, settings)
        self._models = Models(
            load_embedder(settings.embedding_model or None, device=settings.device, threads=1, lazy=True),
            load_pair_scorer(settings.nli_model or None, device=settings.device, threads=1, lazy=True),
        )

    def run(self, bucket: Bucket, target: str) -> float:
        """Judge one bucket; gives the seconds it took."""
        start = time.monotonic()
        with open_cache(self._settings) as cache:
            run_bucket(
                bucket, self._settings, self._models, screen=self._screen, cache=cache, target=Path(target)
            )
        return time.monotonic() - start
