"""How fast a run is beside what one would write today with sentence-transformers, in one run on one machine.

Ours and theirs take turns, each cold start in a process of its own, so that whatever else the machine does
hits both; ratios are medians of the turns. Processor seconds stand beside wall seconds, as they say more on a
shared machine. Theirs: `SentenceTransformer.encode`, `util.paraphrase_mining` for each speaker and
`CrossEncoder.predict`, both directions, float32, on the pairs that ours proposes.

    python -m benchmarks.speed pairs --nli-model FLOAT_FOLDER
    python -m benchmarks.speed worked --nli-model FLOAT_FOLDER --embedding-model FLOAT_FOLDER
    python -m benchmarks.speed record --statements FILE.jsonl.gz --count 1000 --speaker "A Name"
    python -m benchmarks.speed record --statements FILE.jsonl.gz --count 10000 --exhaustive \
        --nli-model FLOAT_FOLDER --embedding-model FLOAT_FOLDER
    python -m benchmarks.speed pairing --count 10000
    python -m benchmarks.speed ray --statements FILE.jsonl.gz --count 10000
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.validation import rows_of
from checker.models import load_pair_scorer

_ROOT = Path(__file__).resolve().parent.parent
_LAYERS, _HIDDEN = 6, 384


def main() -> None:
    """Read the options and print one benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("pairs", "worked", "record", "pairing", "ray", "baseline"))
    parser.add_argument("--nli-model", help="float cross-encoder folder, for theirs")
    parser.add_argument("--embedding-model", help="float bi-encoder folder, for theirs")
    parser.add_argument("--ours-nli", help="our cross-encoder folder, if not the shipped one")
    parser.add_argument("--statements", type=Path, help="JSON lines with speaker, text, date")
    parser.add_argument("--speaker", default="", help="only this speaker's statements")
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument(
        "--whole",
        type=int,
        default=0,
        metavar="N",
        help="draw whole speakers, none above a third, from the record of N statements: as thick as that one",
    )
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--exhaustive", action="store_true", help="also run without the screen and compare")
    parser.add_argument("--sample", type=int, default=2000, help="pairs from which theirs is estimated")
    options = parser.parse_args()
    if options.what != "baseline":
        _print_machine()
    benchmarks = {
        "pairs": pairs,
        "worked": worked,
        "record": record,
        "pairing": pairing,
        "ray": workers,
        "baseline": baseline,
    }
    benchmarks[options.what](options)


def pairs(options: argparse.Namespace) -> None:
    """Passes a second of both cross-encoders on the same pairs, their decisions, our share of the peak."""
    from sentence_transformers import CrossEncoder

    given = _authored_pairs(options.count)
    ours = load_pair_scorer(options.ours_nli, threads=options.threads)
    theirs = CrossEncoder(options.nli_model, device="cpu", max_length=256)
    _limit_torch(options.threads)
    lengths = [
        a + b + 3
        for a, b in zip(*(ours.count_tokens(side) for side in zip(*given, strict=True)), strict=True)
    ]
    print(f"{len(given)} pairs, tokens a pair: {_spread(lengths)}")
    rates: dict[str, list[tuple[float, float]]] = defaultdict(list)
    found: dict[str, Any] = {}
    peaks = []
    for _ in range(options.turns):
        peaks.append(int8_peak())
        for name, score in (("ours", ours.score), ("theirs", _predict(theirs))):
            found[name], wall, busy = _timed(lambda score=score: score(given))
            rates[name].append((wall, busy))
    _print_rates(rates, len(given))
    equal = (found["ours"].argmax(axis=1) == found["theirs"].argmax(axis=1)).mean()
    print(f"three-way decisions equal: {equal:.1%}")
    operations = sum(operations_of(length) for length in lengths)
    busy = statistics.median(b for _, b in rates["ours"])
    peak = statistics.median(peaks)
    print(
        f"int8 peak of one core {peak / 1e12:.2f} Tops; ours reaches {operations / busy / 1e12:.3f} Tops a "
        f"core, {operations / busy / peak:.0%} of it"
    )


def operations_of(tokens: int) -> float:
    """Integer and float operations of one pass: linear layers and attention products."""
    linear = 12 * _HIDDEN**2 * _LAYERS * tokens
    return 2.0 * (linear + 2 * tokens * tokens * _HIDDEN * _LAYERS)


def int8_peak(*, rows: int = 1024, size: int = 1024) -> float:
    """Operations a second of one core in one large u8 x s8 product through the same runtime."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    chance = np.random.default_rng(0)
    weight = numpy_helper.from_array(chance.integers(-127, 127, (size, size)).astype(np.int8), "w")
    node = helper.make_node("MatMulInteger", ["a", "w"], ["y"])
    a = helper.make_tensor_value_info("a", TensorProto.UINT8, [rows, size])
    y = helper.make_tensor_value_info("y", TensorProto.INT32, [rows, size])
    graph = helper.make_graph([node], "peak", [a], [y], [weight])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    set_ = onnxruntime.SessionOptions()
    set_.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), set_, providers=["CPUExecutionProvider"]
    )
    given = {"a": chance.integers(0, 255, (rows, size)).astype(np.uint8)}
    best = min(_busy(lambda: session.run(None, given)) for _ in range(15))
    return 2 * rows * size * size / best


def worked(options: argparse.Namespace) -> None:
    """The worked example from a cold start to the finished report, beside the plain script; warm too."""
    with tempfile.TemporaryDirectory() as scratch:
        ours = [*_checker(options, Path(scratch)), str(_ROOT / "statements")]
        proposed = _proposed(ours, Path(scratch))
        theirs = _theirs(options, proposed)
        turns: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        for turn in range(options.turns):
            cache = Path(scratch) / f"cache{turn}"
            turns["ours, cold"].append(_process(ours, cache))
            turns["ours, again"].append(_process([*ours, "--show", "0.6"], cache))
            turns["theirs, cold"].append(_process(theirs, cache))
    _print_processes(turns)


def record(options: argparse.Namespace) -> None:
    """A record of many statements: cold, with new thresholds, with one in a hundred added.

    Theirs would take hours on a long record, so it encodes and mines the whole record, judges a sample of
    the pairs that ours looks at, and is scaled to all of them: an estimate, printed as one.
    """
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        more = max(1, options.count // 100)
        rows = _rows(options.statements, options.speaker)
        if options.whole:
            rows = _whole_speakers(rows[: options.whole], options.count + more)
        _write(folder / "base.jsonl", rows[: options.count])
        _write(folder / "more.jsonl", rows[: options.count + more])
        command = _checker(options, folder)
        cache = folder / "cache"
        turns = {
            "cold": [_process([*command, str(folder / "base.jsonl")], cache)],
            "new thresholds": [_process([*command, "--show", "0.6", str(folder / "base.jsonl")], cache)],
            f"{more} added": [_process([*command, str(folder / "more.jsonl")], cache)],
        }
        base = _counts(folder)
        _print_processes(turns)
        print(", ".join(f"{name} {value}" for name, value in base.items()))
        if options.exhaustive:
            _compare_exhaustive(command, folder, cache)
            if options.nli_model:
                _estimate_theirs(options, folder, turns["cold"][0][0])


def _compare_exhaustive(command: Sequence[str], folder: Path, cache: Path) -> None:
    _process([*command, str(folder / "base.jsonl")], cache)
    screened = _bands(folder)
    listed = ["--pairs-out", str(folder / "pairs.csv")]
    seconds = _process([*command, "--exhaustive", *listed, str(folder / "base.jsonl")], cache)
    whole = _bands(folder)
    print(f"exhaustive, after the cold run's cache: {seconds[0]:.1f} s")
    for band in ("show", "maybe"):
        wanted = {key for key, found in whole.items() if found == band}
        kept = sum(key in screened for key in wanted)
        print(f"{band}: {kept} of {len(wanted)} kept" + (f" ({kept / len(wanted):.1%})" if wanted else ""))


def _estimate_theirs(options: argparse.Namespace, folder: Path, ours: float) -> None:
    found = _listed_pairs(folder / "pairs.csv")
    if not found:
        print("no pair was judged: nothing to estimate theirs from")
        return
    chosen = np.random.default_rng(1).permutation(len(found))[: options.sample]
    lines = (folder / "base.jsonl").read_text("utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    spent = []
    for pairs in ([], [found[place] for place in chosen]):
        target = folder / "theirs.json"
        target.write_text(json.dumps({"texts": texts, "pairs": pairs}), "utf-8")
        spent.append(_process(_theirs(options, target), folder / "theirs")[0])
    whole = spent[0] + (spent[1] - spent[0]) * len(found) / len(chosen)
    print(f"theirs: {spent[0]:.0f} s to encode and mine, {spent[1] - spent[0]:.0f} s for {len(chosen)} pairs")
    print(f"estimate for all {len(found)} pairs: {whole:.0f} s, {whole / ours:.1f} times ours, cold")


def pairing(options: argparse.Namespace) -> None:
    """Exact pairing of one block beside `paraphrase_mining`, on clustered random vectors."""
    from sentence_transformers import util

    from checker.nearest import nearest_within
    from checker.vectors import Vectors

    vectors = _clustered(options.count)
    import torch

    _limit_torch(options.threads)
    tensor = torch.from_numpy(vectors)
    both: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for _ in range(options.turns):
        block = Vectors(vectors, np.arange(len(vectors)))
        found, *ours = _timed(lambda block=block: nearest_within(block, np.arange(len(vectors)), 0.5, 20))
        mined, *theirs = _timed(
            lambda: util.paraphrase_mining_embeddings(tensor, top_k=20, max_pairs=len(vectors) * 20)
        )
        both["ours"].append((ours[0], ours[1]))
        both["theirs"].append((theirs[0], theirs[1]))
    near = {frozenset((int(a), int(b))) for score, a, b in mined if score >= 0.5}
    got = {frozenset((int(a), int(b))) for a, b in zip(*found, strict=True)}
    _print_rates(both, len(vectors) * (len(vectors) - 1) // 2)
    print(f"pairs from 0.5: theirs {len(near)}, of these ours has {len(near & got)}; ours {len(got)}")


def workers(options: argparse.Namespace) -> None:
    """One Ray worker, two, and the local engine on the same record of many speakers, each from nothing."""
    with tempfile.TemporaryDirectory() as scratch:
        turns: dict[str, list[tuple[float, float, float]]] = defaultdict(list)
        found: dict[str, dict[str, str]] = {}
        ways = {f"ray, {n}": ["--engine", "ray", "--workers", str(n)] for n in (1, 2)} | {"local": []}
        base = Path(scratch) / "base.jsonl"
        _write(base, _rows(options.statements, options.speaker)[: options.count])
        for turn in range(options.turns):
            for name, more in ways.items():
                folder = Path(scratch) / f"{name}{turn}"
                command = [*_checker(options, folder), *more, str(base)]
                turns[name].append(_process(command, folder / "cache"))
                found[name] = _bands(folder)
    _print_processes(turns)
    for name, bands in found.items():
        same = len(bands.items() & found["local"].items())
        print(f"{name}: {len(bands)} findings, {same} as the local engine")


def baseline(options: argparse.Namespace) -> None:
    """Theirs, alone in a process: read, encode, mine, judge both ways; without pairs all but the judging."""
    from sentence_transformers import CrossEncoder, SentenceTransformer, util

    _limit_torch(options.threads)
    rows = json.loads(options.statements.read_text("utf-8"))
    texts, given = rows["texts"], [tuple(pair) for pair in rows["pairs"]]
    vectors = SentenceTransformer(options.embedding_model, device="cpu").encode(texts, convert_to_tensor=True)
    util.paraphrase_mining_embeddings(vectors)
    model = CrossEncoder(options.nli_model, device="cpu", max_length=256)
    if given:
        model.predict([*given, *[(b, a) for a, b in given]], show_progress_bar=False)


def _print_machine() -> None:
    known = Path("/proc/cpuinfo")
    name, flags = platform.processor(), ""
    if known.exists():
        fields = dict(
            (part.strip() for part in line.split(":", 1))
            for line in known.read_text().splitlines()
            if ":" in line
        )
        name = fields.get("model name", name)
        flags = ", ".join(f for f in ("avx512_vnni", "avx_vnni", "amx_int8") if f in fields.get("flags", ""))
    load = ", ".join(f"{value:.1f}" for value in os.getloadavg())
    print(f"{name}; int8 units: {flags or 'none'}; cores {os.cpu_count()}; load when begun {load}")


def _checker(options: argparse.Namespace, folder: Path) -> list[str]:
    command = [sys.executable, "-m", "checker", "check", "-q", "-o", str(folder / "out"), "--format", "json"]
    return [*command, "--nli-model", options.ours_nli] if options.ours_nli else command


def _process(command: Sequence[str], cache: Path) -> tuple[float, float, float]:
    """Wall seconds, processor seconds and peak memory in MB of a process."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "PYTHONPATH": str(_ROOT)}
    # An installed program has its byte code beside it; so has this one from the second process on.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    start = time.perf_counter()
    child = os.posix_spawn(sys.executable, command, environment)
    _, status, used = os.wait4(child, 0)
    wall = time.perf_counter() - start
    if status:
        raise SystemExit(f"{' '.join(command)} ended with status {os.waitstatus_to_exitcode(status)}")
    return wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def _proposed(command: Sequence[str], scratch: Path) -> Path:
    """The texts of the worked example and the pairs that ours judges, for theirs to read."""
    listed = scratch / "pairs.csv"
    _process([*command, "--pairs-out", str(listed)], scratch / "first")
    found = _listed_pairs(listed)
    target = scratch / "pairs.json"
    texts = list(dict.fromkeys(text for pair in found for text in pair))
    target.write_text(json.dumps({"texts": texts, "pairs": found}), "utf-8")
    return target


def _listed_pairs(path: Path) -> list[tuple[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return [(row["earlier_text"], row["later_text"]) for row in csv.DictReader(file)]


def _theirs(options: argparse.Namespace, given: Path) -> list[str]:
    models = ["--nli-model", options.nli_model, "--embedding-model", options.embedding_model]
    threads = ["--threads", str(options.threads)]
    return [
        sys.executable,
        "-m",
        "benchmarks.speed",
        "baseline",
        "--statements",
        str(given),
        *models,
        *threads,
    ]


def _rows(path: Path, speaker: str) -> list[dict[str, Any]]:
    chosen = [row for row in rows_of(path) if not speaker or row["speaker"] == speaker]
    np.random.default_rng(0).shuffle(chosen)  # type: ignore[arg-type]
    return chosen


def _whole_speakers(rows: Sequence[dict[str, Any]], count: int) -> list[dict[str, Any]]:
    """All rows of speakers, one speaker after the other in the order of their first rows, then mixed."""
    by_speaker = defaultdict(list)
    for row in rows:
        by_speaker[row["speaker"]].append(row)
    chosen = [row for own in by_speaker.values() if len(own) <= count / 3 for row in own][:count]
    np.random.default_rng(0).shuffle(chosen)  # type: ignore[arg-type]
    return chosen


def _write(path: Path, rows: Sequence[dict[str, Any]]) -> None:
    kept = ({"speaker": r["speaker"], "text": r["text"], "date": r.get("date") or ""} for r in rows)
    path.write_text("".join(json.dumps(row) + "\n" for row in kept), "utf-8")


def _report(folder: Path) -> dict[str, Any]:
    (path,) = (folder / "out").glob("base.json")
    return dict(json.loads(path.read_text("utf-8")))


def _counts(folder: Path) -> dict[str, int]:
    return {name: value for name, value in _report(folder)["counts"].items() if isinstance(value, int)}


def _bands(folder: Path) -> dict[str, str]:
    return {finding["pair"]: finding["band"] for finding in _report(folder)["findings"]}


def _authored_pairs(count: int) -> list[tuple[str, str]]:
    rows = []
    for path in sorted((_ROOT / "training" / "pairs").glob("*.jsonl")):
        rows += [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    np.random.default_rng(2).shuffle(rows)  # type: ignore[arg-type]
    return [(row["a"], row["b"]) for row in rows[:count]]


def _predict(model: Any) -> Callable[[Sequence[tuple[str, str]]], Any]:
    return lambda given: np.asarray(model.predict(list(given), show_progress_bar=False))


def _limit_torch(threads: int) -> None:
    import torch

    torch.set_num_threads(threads)


def _clustered(count: int) -> Any:
    chance = np.random.default_rng(0)
    centres = chance.standard_normal((max(1, count // 10), _HIDDEN)).astype(np.float32)
    noise = chance.standard_normal((count, _HIDDEN)).astype(np.float32)
    rows = centres[chance.integers(0, len(centres), count)] + 0.8 * noise
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def _timed(act: Callable[[], Any]) -> tuple[Any, float, float]:
    wall, busy = time.perf_counter(), time.process_time()
    result = act()
    return result, time.perf_counter() - wall, time.process_time() - busy


def _busy(act: Callable[[], Any]) -> float:
    start = time.thread_time()
    act()
    return time.thread_time() - start


def _print_rates(rates: dict[str, list[tuple[float, float]]], amount: int) -> None:
    for name, found in rates.items():
        walls, busies = zip(*found, strict=True)
        print(
            f"{name:8} {amount / statistics.median(walls):12,.0f} a second (wall), "
            f"{amount / statistics.median(busies):12,.0f} a processor second; wall seconds {_spread(walls)}"
        )
    for at, name in enumerate(("wall", "processor")):
        turns = [t[at] / o[at] for o, t in zip(rates["ours"], rates["theirs"], strict=True)]
        print(f"theirs / ours, {name}: {_spread(turns)}")


def _print_processes(turns: dict[str, list[tuple[float, float, float]]]) -> None:
    for name, found in turns.items():
        wall, busy, memory = (statistics.median(column) for column in zip(*found, strict=True))
        print(f"{name:16} wall {wall:8.1f} s, processor {busy:8.1f} s, peak memory {memory:6.0f} MB")
    names = list(turns)
    for first, other in [(names[0], name) for name in names[1:]]:
        shares = [b[1] / a[1] for a, b in zip(turns[first], turns[other], strict=True)]
        walls = [b[0] / a[0] for a, b in zip(turns[first], turns[other], strict=True)]
        print(f"{other} / {first}: processor {_spread(shares)}, wall {_spread(walls)}")


def _spread(values: Sequence[float]) -> str:
    return f"{min(values):.3g} - {statistics.median(values):.3g} - {max(values):.3g}"


if __name__ == "__main__":
    main()
