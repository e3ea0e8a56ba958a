"""Trains the cross-encoder from a recipe; killed and started again, it goes on where it stopped.

A plain loop instead of sentence-transformers' CrossEncoderTrainer, for three measured reasons on a CPU
with bf16 units: batches sorted by token length inside blocks (no padding to speak of), eager attention
(the fused CPU kernel's backward pass was 6 times slower here), and dropout masks from a byte generator
(torch's serial `bernoulli_` took a quarter of each step). Targets are distributions, not class numbers.

With `--minutes` the learning rate falls with the time that is left, so that a run on a busy machine ends
decayed; its record tells how many of the planned steps it made.

    python -m training.train_nli --recipe training/recipes/first.json --start MODEL --data SETS --out RUN
"""

from __future__ import annotations

import argparse
import json
import math
import platform
import random
import subprocess
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn
from transformers import AutoModelForSequenceClassification, AutoTokenizer

from benchmarks.validation import HELD_OUT_WRITERS, MEASURED_AUTHORED, authored_set, labelled_set, measure
from training.mix import Example, build_mix

ID2LABEL = {0: "entailment", 1: "neutral", 2: "contradiction"}
_BLOCK = 50  # batches whose examples are sorted together by length


class ByteDropout(nn.Module):
    """Dropout whose mask comes from random bytes; its rate is rounded to a 256th."""

    def __init__(self, rate: float, rng: np.random.Generator) -> None:
        super().__init__()
        self.cut, self.rng = round(rate * 256), rng

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        """The values, a share of them zeroed and the rest scaled up while training."""
        if not self.training:
            return values
        mask = torch.frombuffer(bytearray(self.rng.bytes(values.numel())), dtype=torch.uint8)
        keep = (mask >= self.cut).to(values.device, values.dtype) * (256 / (256 - self.cut))
        return values * keep.view(values.shape)


def load_model(start: str) -> tuple[Any, Any]:
    """The model with a three-way head and its tokenizer."""
    model = AutoModelForSequenceClassification.from_pretrained(
        start,
        num_labels=3,
        id2label=ID2LABEL,
        label2id={name: i for i, name in ID2LABEL.items()},
        dtype=torch.float32,
        attn_implementation="eager",
        attention_probs_dropout_prob=0.0,
        use_safetensors=True,
    )
    return model, AutoTokenizer.from_pretrained(start)


def use_byte_dropout(model: nn.Module, rng: np.random.Generator) -> None:
    """Replaces every active dropout layer in place."""
    for module in list(model.modules()):
        for name, child in list(module.named_children()):
            if isinstance(child, nn.Dropout) and child.p > 0:
                setattr(module, name, ByteDropout(child.p, rng))


def plan_batches(lengths: Sequence[int], *, batch: int, passes: int, seed: int) -> list[list[int]]:
    """Example numbers of every step of the run: shuffled, sorted by length inside blocks of batches."""
    rng = random.Random(seed)
    steps: list[list[int]] = []
    for _ in range(passes):
        order = list(range(len(lengths)))
        rng.shuffle(order)
        for at in range(0, len(order), batch * _BLOCK):
            block = sorted(order[at : at + batch * _BLOCK], key=lengths.__getitem__)
            cut = [block[i : i + batch] for i in range(0, len(block), batch)]
            rng.shuffle(cut)
            steps += cut
    return steps


def encode(
    tokenizer: Any, pairs: Sequence[tuple[str, str]], max_length: int
) -> list[tuple[list[int], list[int]]]:
    """Token ids and segment ids of each pair."""
    found = []
    for at in range(0, len(pairs), 2000):
        part = pairs[at : at + 2000]
        out = tokenizer(
            [a for a, _ in part], [b for _, b in part], truncation="longest_first", max_length=max_length
        )
        found += list(zip(out["input_ids"], out["token_type_ids"], strict=True))
    return found


def pad(rows: Sequence[tuple[list[int], list[int]]], device: torch.device) -> dict[str, torch.Tensor]:
    """One batch as tensors, padded to its longest row."""
    width = max(len(ids) for ids, _ in rows)
    ids = torch.zeros((len(rows), width), dtype=torch.long)
    kinds, mask = torch.zeros_like(ids), torch.zeros_like(ids)
    for i, (tokens, segments) in enumerate(rows):
        ids[i, : len(tokens)] = torch.tensor(tokens)
        kinds[i, : len(tokens)] = torch.tensor(segments)
        mask[i, : len(tokens)] = 1
    batch = {"input_ids": ids, "token_type_ids": kinds, "attention_mask": mask}
    return {name: tensor.to(device) for name, tensor in batch.items()}


def rate_at(step: int, left: float, *, peak: float, warmup: int) -> float:
    """Learning rate of a step: linear rise, then in proportion to the share of the run that is left."""
    return peak * min((step + 1) / warmup, max(0.0, left))


def score_pairs(model: Any, tokenizer: Any, pairs: Sequence[tuple[str, str]]) -> np.ndarray:
    """Softmaxed scores of ordered pairs in the order of ID2LABEL, shape (n, 3)."""
    model.eval()
    rows = encode(tokenizer, pairs, 256)
    order = sorted(range(len(rows)), key=lambda i: len(rows[i][0]))
    scores = np.zeros((len(rows), 3), dtype=np.float32)
    with torch.inference_mode(), torch.autocast(model.device.type, dtype=torch.bfloat16):
        for at in range(0, len(order), 64):
            part = order[at : at + 64]
            logits = model(**pad([rows[i] for i in part], model.device)).logits
            scores[part] = torch.softmax(logits.float(), -1).cpu().numpy()
    model.train()
    return scores


def validate(
    model: Any, tokenizer: Any, *, data: Path, pairs: Path, hold_out: Sequence[str]
) -> dict[str, Any]:
    """Metrics on sets of other origin and on those writers kept for measuring that were held out."""
    names = (
        "mnli-dev_matched",
        "polinc-dev",
        "prosecco-dev",
        "rte3-dev",
        "emergent-dev",
        "fever_symmetric-dev",
    )
    sets = [labelled_set(data, name, limit=3000) for name in names]
    for writers in (HELD_OUT_WRITERS, MEASURED_AUTHORED):
        if unseen := [name for name in writers if name in hold_out]:
            sets.append(authored_set(pairs, unseen))
    return {s.name: measure(s, lambda p: score_pairs(model, tokenizer, p)).as_dict() for s in sets}


def _commit() -> str:
    try:
        return subprocess.run(
            ["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=True
        ).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        return ""


def _write_json(path: Path, value: Mapping[str, Any]) -> None:
    part = path.with_suffix(".part")
    part.write_text(json.dumps(value, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    part.replace(path)


def _save_state(out: Path, model: Any, optimizer: Any, step: int, spent: float) -> None:
    part = out / "state.part"
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict(), "step": step, "spent": spent}
    torch.save(state, part)
    part.replace(out / "state.pt")


def _load_state(out: Path, model: Any, optimizer: Any, device: torch.device) -> tuple[int, float]:
    if not (out / "state.pt").exists():
        return 0, 0.0
    state = torch.load(out / "state.pt", map_location=device, weights_only=True)
    model.load_state_dict(state["model"])
    optimizer.load_state_dict(state["optimizer"])
    return int(state["step"]), float(state["spent"])


def _optimizer(model: nn.Module, decay: float) -> torch.optim.Optimizer:
    named = [(n, p) for n, p in model.named_parameters() if p.requires_grad]
    plain = [p for n, p in named if p.ndim < 2 or "LayerNorm" in n]
    decayed = [p for n, p in named if not (p.ndim < 2 or "LayerNorm" in n)]
    groups = [{"params": decayed, "weight_decay": decay}, {"params": plain, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=0.0, fused=True)


def train_step(model: Any, optimizer: Any, batch: dict[str, torch.Tensor], targets: torch.Tensor) -> float:
    """One update; gives the loss."""
    with torch.autocast(model.device.type, dtype=torch.bfloat16):
        logits = model(**batch).logits
    loss = torch.sum(-targets * torch.log_softmax(logits.float(), -1), -1).mean()
    loss.backward()
    nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    return float(loss.detach())


def _targets(examples: Sequence[Example], smoothing: float) -> torch.Tensor:
    hard = torch.tensor([e.target for e in examples])
    return hard * (1 - smoothing) + smoothing / 3


class Threads:
    """Picks one thread or all, whichever has lately been faster.

    Beside other work on a small machine, operators split over all cores wait for the slowest core.
    """

    def __init__(self, most: int, *, every: int = 60, probe: int = 5) -> None:
        self.counts = (most, 1) if most > 1 else (1,)
        self.every, self.probe = every, probe
        self.work, self.spent = dict.fromkeys(self.counts, 0), dict.fromkeys(self.counts, 0.0)
        self.best = self.counts[0]
        self.started = 0.0

    def begin(self, step: int) -> None:
        """Sets the number of threads of this step."""
        at = step % self.every
        if at == 0:
            self.work, self.spent = dict.fromkeys(self.counts, 0), dict.fromkeys(self.counts, 0.0)
        if at == self.probe * len(self.counts):
            self.best = max(self.counts, key=lambda n: self.work[n] / max(self.spent[n], 1e-9))
        self.now = self.counts[at // self.probe] if at < self.probe * len(self.counts) else self.best
        torch.set_num_threads(self.now)
        self.started = time.monotonic()

    def end(self, tokens: int) -> None:
        """Notes how long this step took."""
        self.work[self.now] += tokens
        self.spent[self.now] += time.monotonic() - self.started


def _steps_left(plan: Sequence[list[int]], done: int) -> Iterator[tuple[int, list[int]]]:
    yield from ((step, plan[step]) for step in range(done, len(plan)))


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Trains, saves the float model under `out/model` and gives the run's record."""
    recipe = json.loads(options.recipe.read_text(encoding="utf-8"))
    threads = Threads(options.threads)
    torch.manual_seed(recipe["seed"])
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model, tokenizer = load_model(options.start)
    model.to(device).train()
    for name, parameter in model.named_parameters():
        parameter.requires_grad = not any(part in name for part in recipe.get("frozen", []))
    noise = np.random.Generator(np.random.SFC64(recipe["seed"]))
    use_byte_dropout(model, noise)
    examples = build_mix(recipe, data=options.data, pairs=options.pairs, made=options.made)
    rows = encode(tokenizer, [(e.premise, e.hypothesis) for e in examples], recipe["max_length"])
    targets = _targets(examples, recipe["label_smoothing"])
    plan = plan_batches(
        [len(ids) for ids, _ in rows], batch=recipe["batch"], passes=recipe["passes"], seed=recipe["seed"]
    )
    optimizer = _optimizer(model, recipe.get("weight_decay", 0.01))
    options.out.mkdir(parents=True, exist_ok=True)
    done, before = _load_state(options.out, model, optimizer, device)
    print(f"{len(examples)} examples, {len(plan)} steps, {done} done, on {device}", flush=True)
    started, losses = time.monotonic(), []
    for step, numbers in _steps_left(plan, done):
        # Seeded by step, so that a resumed run drops the same values as an unbroken one.
        noise.bit_generator.state = np.random.SFC64([recipe["seed"], step]).state
        spent = before + time.monotonic() - started
        left = min(1 - step / len(plan), 1 - spent / 60 / options.minutes if options.minutes else 1.0)
        if left <= 0:
            break
        for group in optimizer.param_groups:
            group["lr"] = rate_at(step, left, peak=recipe["rate"], warmup=recipe["warmup"])
        batch = pad([rows[i] for i in numbers], device)
        threads.begin(step)
        losses.append(train_step(model, optimizer, batch, targets[numbers].to(device)))
        threads.end(batch["input_ids"].numel())
        if (step + 1) % 50 == 0:
            speed = (step + 1 - done) * recipe["batch"] / (time.monotonic() - started)
            lately = f"loss {np.mean(losses[-50:]):.3f} {speed:.0f}/s, {left:.1%} left"
            print(f"{step + 1}/{len(plan)} {lately}, {threads.best} threads", flush=True)
        if (step + 1) % options.save_every == 0:
            _save_state(options.out, model, optimizer, step + 1, before + time.monotonic() - started)
    steps = done + len(losses)
    _save_state(options.out, model, optimizer, steps, before + time.monotonic() - started)
    model.save_pretrained(options.out / "model", safe_serialization=True)
    tokenizer.save_pretrained(options.out / "model")
    held = recipe.get("authored", {}).get("hold_out", [])
    record = {
        "recipe": recipe,
        "start": Path(options.start).name,
        "commit": _commit(),
        "examples": dict(sorted(Counter(e.source for e in examples).items())),
        "steps": steps,
        "steps_planned": len(plan),
        "final_loss": float(np.mean(losses[-200:])) if losses else math.nan,
        "seconds": round(before + time.monotonic() - started),
        "device": f"{device} {platform.processor()} torch {torch.__version__}",
        "results": validate(model, tokenizer, data=options.data, pairs=options.pairs, hold_out=held),
    }
    _write_json(options.out / "record.json", record)
    return record


def parse_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--recipe", type=Path, required=True, help="JSON file of mix and settings")
    parser.add_argument("--start", required=True, help="folder of the model to start from (safetensors)")
    parser.add_argument("--data", type=Path, required=True, help="folder of labelled sets, *.jsonl.gz")
    parser.add_argument("--pairs", type=Path, default=Path("training/pairs"), help="folder of authored pairs")
    parser.add_argument("--made", type=Path, help="folder of pairs made from real statements")
    parser.add_argument("--out", type=Path, required=True, help="run folder, e.g. training/runs/first")
    parser.add_argument("--threads", type=int, default=2, help="most threads to use")
    parser.add_argument(
        "--minutes", type=float, help="end within this time, the learning rate falling in step"
    )
    parser.add_argument("--save-every", type=int, default=200, help="steps between checkpoints")
    return parser.parse_args()


def main() -> None:
    """Runs the command line."""
    record = run(parse_options())
    for name, result in record["results"].items():
        print(f"{name:24} " + "  ".join(f"{k} {v:.3f}" for k, v in result.items() if isinstance(v, float)))


if __name__ == "__main__":
    main()
