"""The two models: texts to unit vectors, and ordered pairs of texts to NLI scores.

The shipped int8 models run through onnxruntime, one thread a run and as many runs as there are cores. Inputs
of equal length share a run, so that nothing is padded; the ranges of the int8 activations are part of the
graph. So a score never depends on the company a pair is scored in. A model file of format 1 takes its ranges
at run time, from everything in a batch: there each input is run alone.

The models read their card at once and their weights when first asked: a run that finds everything in the
cache opens none. Any other model is loaded by sentence-transformers, which is imported only then.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from checker.errors import ModelError
from checker.records import ModelCard

__all__ = ["Embedder", "PairScorer", "Progress", "load_embedder", "load_pair_scorer", "opening"]

Progress = Callable[[int, int], None]
"""Told how many of how many inputs are done; never called more than once per few dozen inputs."""

_WEIGHTS = Path(__file__).parent / "weights"
_LABELS = ("entailment", "neutral", "contradiction")
_DEVICES = ("auto", "cpu", "cuda", "mps")
# Tokens in one run: below 200 the weights are read too often, above 500 the activations leave the core's own
# cache; between, speed hardly changes.
_BATCH_TOKENS = 256
_KEPT_TEXTS = 100_000
_HUB_SECONDS = 10.0

_Row = tuple[list[int], int]
"""Token ids, and the place where the second text starts."""


class Embedder(Protocol):
    """Turns texts into vectors; tokens beyond `max_tokens` are not read."""

    card: ModelCard
    dimension: int
    max_tokens: int

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """Rows of unit length, shape (n, dimension)."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text, to be compared with `max_tokens`."""
        ...


class PairScorer(Protocol):
    """Scores ordered pairs; of two texts that together exceed `max_tokens` the longer one is cut."""

    card: ModelCard
    max_tokens: int

    def score(
        self, pairs: Sequence[tuple[str, str]], *, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        """Softmaxed scores of (premise, hypothesis): entailment, neutral, contradiction, shape (n, 3)."""
        ...

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text; two texts are read whole when their sum is at most `max_tokens`."""
        ...


def load_embedder(
    name_or_folder: str | None = None,
    *,
    device: str = "auto",
    threads: int | None = None,
    lazy: bool = False,
) -> Embedder:
    """The shipped bi-encoder, or one named by the user.

    Args:
        name_or_folder: A folder in our own format, or whatever sentence-transformers can load.
        device: `auto`, `cpu`, `cuda` or `mps`; the int8 models always run on the processor.
        threads: How many texts to encode at a time; all available cores by default.
        lazy: Read the card of a model in our format now and its weights when first needed.

    Raises:
        ModelError: The model cannot be found, read or trusted.
    """
    folder = _own_folder(name_or_folder, "embedding")
    if folder:
        embedder = _OnnxEmbedder(folder, threads)
        if not lazy:
            embedder.open()
        return embedder
    return _SentenceEmbedder(str(name_or_folder), _checked_device(device))


def load_pair_scorer(
    name_or_folder: str | None = None,
    *,
    device: str = "auto",
    max_tokens: int | None = None,
    threads: int | None = None,
    lazy: bool = False,
) -> PairScorer:
    """The shipped cross-encoder, or one named by the user; see `load_embedder`.

    Args:
        name_or_folder: A folder in our own format, or a three-way NLI cross-encoder.
        device: `auto`, `cpu`, `cuda` or `mps`.
        max_tokens: Reads fewer tokens of a pair than the model could.
        threads: How many pairs to score at a time; all available cores by default.
        lazy: See `load_embedder`.

    Raises:
        ModelError: The model cannot be found, read or trusted, or its labels are not those of NLI.
    """
    folder = _own_folder(name_or_folder, "nli")
    if folder:
        scorer = _OnnxPairScorer(folder, threads, max_tokens)
        if not lazy:
            scorer.open()
        return scorer
    return _SentencePairScorer(str(name_or_folder), _checked_device(device), max_tokens)


@contextmanager
def opening(scorer: PairScorer) -> Iterator[None]:
    """Reads a scorer's files beside what is done in this context; what is wrong with them is told on use."""
    with ThreadPoolExecutor(1) as beside:
        if isinstance(scorer, _OnnxPairScorer):
            beside.submit(scorer.open)
        yield


def _own_folder(name_or_folder: str | None, role: str) -> Path | None:
    if name_or_folder is None:
        return _WEIGHTS / role
    folder = Path(name_or_folder)
    return folder if (folder / "model.onnx").is_file() else None


def _checked_device(device: str) -> str | None:
    if device not in _DEVICES:
        raise ModelError(f"device {device!r} is not known; use one of {', '.join(_DEVICES)}")
    return None if device == "auto" else device


def _columns(labels: Mapping[int, str], name: str) -> list[int]:
    """Positions of entailment, neutral and contradiction among a model's own labels."""
    found = {}
    for position, label in labels.items():
        for wanted in _LABELS:
            if label.lower().startswith(wanted[:6]):
                found[wanted] = int(position)
    if len(found) != 3 or sorted(found.values()) != list(range(len(labels))):
        raise ModelError(
            f"{name}: its labels are {', '.join(labels.values()) or 'not given'}; a three-way NLI model "
            "labelled entailment, neutral, contradiction is needed"
        )
    return [found[wanted] for wanted in _LABELS]


def _softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


class _OnnxModel:
    """A model in our own format: model.onnx, tokenizer.json, config.json."""

    _least = 1
    """Inputs in the smallest run; a lone one is doubled where the runtime would sum it in another order."""

    def __init__(self, folder: Path, role: str, threads: int | None) -> None:
        self.config = _read_config(folder, role)
        self.card = ModelCard(
            role, self.config["name"], self.config["sha256"], self.config.get("licence", "")
        )
        self._folder = folder
        self._threads = threads or _available_cores()
        self._alone = int(self.config.get("format", 1)) < 2
        self._known: dict[str, list[int]] = {}

    @cached_property
    def _session(self) -> Any:
        return _open_session(_verified(self._folder, self.config["sha256"]), self._folder)

    @cached_property
    def _tokenizer(self) -> Any:
        return _open_tokenizer(self._folder)

    @cached_property
    def _marks(self) -> tuple[int, int]:
        return self._tokenizer.token_to_id("[CLS]"), self._tokenizer.token_to_id("[SEP]")

    @cached_property
    def _inputs(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self._session.get_inputs())

    def open(self) -> None:
        """Read the files now instead of when they are first needed."""
        _ = self._tokenizer, self._session

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._ids(texts)]

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        """Tokens of each text; a text is tokenised once, however often it is asked for."""
        missing = [text for text in dict.fromkeys(texts) if text not in self._known]
        if len(self._known) + len(missing) > _KEPT_TEXTS:
            self._known = {text: self._known[text] for text in set(texts) & self._known.keys()}
        for at in range(0, len(missing), 1024):
            part = missing[at : at + 1024]
            # Lone surrogates come from broken files and cannot cross into the tokenizer.
            clean = [text.encode("utf-8", "replace").decode("utf-8") for text in part]
            found = self._tokenizer.encode_batch_fast(clean, add_special_tokens=False)
            self._known |= {text: one.ids for text, one in zip(part, found, strict=True)}
        return [self._known[text] for text in texts]

    def _run_batch(self, rows: Sequence[_Row]) -> NDArray[np.float32]:
        if len(rows) < self._least:
            return self._run_batch([*rows, *rows])[: len(rows)]
        tokens = np.array([ids for ids, _ in rows], dtype=np.int64)
        starts = np.array([[second] for _, second in rows])
        kinds = (np.arange(tokens.shape[1]) >= starts).astype(np.int64)
        feed = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": kinds}
        wanted = {name: value for name, value in feed.items() if name in self._inputs}
        return np.asarray(self._session.run(None, wanted)[0], dtype=np.float32)

    def _run(
        self, lengths: Sequence[int], row: Callable[[int], _Row], width: int, progress: Progress | None
    ) -> NDArray[np.float32]:
        """Outputs of the rows that `row` builds when their turn comes, shape (lengths, width)."""
        results = np.zeros((len(lengths), width), dtype=np.float32)
        batches = _equal_lengths(lengths, alone=self._alone)
        if not batches:
            return results
        self.open()

        def fill(batch: Sequence[int]) -> int:
            results[batch] = self._run_batch([row(number) for number in batch])
            return len(batch)

        done = told = 0
        with ThreadPoolExecutor(self._threads) as pool:
            try:
                for count in pool.map(fill, batches):
                    done += count
                    if progress and (done - told >= 32 or done == len(lengths)):
                        told = done
                        progress(done, len(lengths))
            except BaseException:
                # Ctrl-C must not wait for every batch that stands in line.
                pool.shutdown(wait=False, cancel_futures=True)
                raise
        return results


def _equal_lengths(lengths: Sequence[int], *, alone: bool) -> list[list[int]]:
    """Positions in batches of one length and about `_BATCH_TOKENS` tokens, longest first."""
    order = sorted(range(len(lengths)), key=lambda number: (-lengths[number], number))
    batches: list[list[int]] = []
    for number in order:
        length = lengths[number]
        room = 1 if alone else max(1, _BATCH_TOKENS // max(length, 1))
        if batches and lengths[batches[-1][0]] == length and len(batches[-1]) < room:
            batches[-1].append(number)
        else:
            batches.append([number])
    return batches


class _OnnxEmbedder(_OnnxModel):
    """The int8 bi-encoder; pooling and normalising are part of its graph."""

    # onnxruntime takes the mean over tokens by another kernel when there is one text: the last bit differs.
    _least = 2

    def __init__(self, folder: Path, threads: int | None) -> None:
        super().__init__(folder, "embedding", threads)
        self.dimension = int(self.config["dimension"])
        self.max_tokens = int(self.config["max_length"]) - 2

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        distinct = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        tokens = self._ids(list(distinct))
        first, last = self._marks

        def row(number: int) -> _Row:
            ids = [first, *tokens[number][: self.max_tokens], last]
            return ids, len(ids)

        lengths = [min(len(ids), self.max_tokens) + 2 for ids in tokens]
        vectors = self._run(lengths, row, self.dimension, progress)
        return vectors[[distinct[text] for text in texts]] if texts else vectors


class _OnnxPairScorer(_OnnxModel):
    """The int8 cross-encoder."""

    def __init__(self, folder: Path, threads: int | None, max_tokens: int | None) -> None:
        super().__init__(folder, "nli", threads)
        labels = {int(k): str(v) for k, v in self.config["id2label"].items()}
        self._order = _columns(labels, str(folder))
        limit = int(self.config["max_length"]) - 3
        self.max_tokens = min(limit, max_tokens) if max_tokens else limit

    def score(
        self, pairs: Sequence[tuple[str, str]], *, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        texts = list(dict.fromkeys(text for pair in pairs for text in pair))
        tokens = dict(zip(texts, self._ids(texts), strict=True))

        def row(number: int) -> _Row:
            premise, hypothesis = pairs[number]
            return self._joined(tokens[premise], tokens[hypothesis])

        lengths = [min(len(tokens[a]) + len(tokens[b]), self.max_tokens) + 3 for a, b in pairs]
        return _softmax(self._run(lengths, row, 3, progress)[:, self._order])

    def _joined(self, premise: list[int], hypothesis: list[int]) -> _Row:
        # The longer text is cut first, as tokenizers do with `longest_first`.
        room = self.max_tokens - min(len(premise), self.max_tokens - self.max_tokens // 2)
        hypothesis = hypothesis[:room]
        premise = premise[: self.max_tokens - len(hypothesis)]
        first, last = self._marks
        start = [first, *premise, last]
        return [*start, *hypothesis, last], len(start)


def _read_config(folder: Path, role: str) -> dict[str, Any]:
    try:
        config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelError(f"{folder}: config.json cannot be read ({error}); export the model again") from error
    if isinstance(config, dict) and config.get("role") != role:
        raise ModelError(f"{folder}: this is a model for {config.get('role')!r}, one for {role!r} is needed")
    needed = {"sha256", "max_length", "name", "dimension" if role == "embedding" else "id2label"}
    missing = sorted(needed - config.keys()) if isinstance(config, dict) else sorted(needed)
    if missing:
        raise ModelError(f"{folder}: config.json lacks {', '.join(missing)}; export the model again")
    return dict(config)


def _verified(folder: Path, wanted: str) -> bytes:
    """The bytes of model.onnx, if they are the ones that config.json names and hold all weights."""
    try:
        data = (folder / "model.onnx").read_bytes()
    except OSError as error:
        raise ModelError(f"{folder}: model.onnx cannot be read ({error.strerror})") from error
    if hashlib.sha256(data).hexdigest() != wanted:
        raise ModelError(
            f"{folder}: model.onnx is not the file that config.json names (SHA-256 differs); fetch both again"
        )
    # Key of an external tensor's file name in the protobuf: such a graph could read any file here.
    if b"\x0a\x08location" in data:
        raise ModelError(f"{folder}: model.onnx keeps weights in other files; export it as one file")
    return data


def _open_session(data: bytes, folder: Path) -> Any:
    import onnxruntime

    onnxruntime.disable_telemetry_events()
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    if _may_saturate():
        # Trades speed for the same scores; where it is not needed it costs more than half the speed.
        options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no parent class
        raise ModelError(f"{folder}: onnxruntime cannot load model.onnx ({error})") from error


def _may_saturate() -> bool:
    """Whether 8-bit products may overflow their 16 bits: on x86 without VNNI, as far as can be told."""
    try:
        return "vnni" not in Path("/proc/cpuinfo").read_text("utf-8", "replace")
    except OSError:
        return True


def _open_tokenizer(folder: Path) -> Any:
    from tokenizers import Tokenizer

    try:
        tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    except Exception as error:  # tokenizers raises bare Exception
        raise ModelError(f"{folder}: tokenizer.json cannot be read ({error})") from error
    tokenizer.no_truncation()
    tokenizer.no_padding()
    if None in (tokenizer.token_to_id("[CLS]"), tokenizer.token_to_id("[SEP]")):
        raise ModelError(f"{folder}: its tokenizer has no [CLS] and [SEP]; only BERT-like models can be used")
    return tokenizer


def _available_cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:
        return os.cpu_count() or 1


_OPTIONS = {"SentenceTransformer": "--embedding-model", "CrossEncoder": "--nli-model"}


def _load_sentence_model(kind: str, name: str, device: str | None) -> Any:
    """A SentenceTransformer or CrossEncoder from safetensors, never with code of the model's own."""
    try:
        import sentence_transformers
    except ImportError as error:
        raise ModelError(f"{name}: sentence-transformers is needed to load it ({error})") from error
    is_folder = Path(name).is_dir()
    reached = not is_folder and _hub_answers(name)
    try:
        return getattr(sentence_transformers, kind)(
            name,
            device=device,
            trust_remote_code=False,
            local_files_only=not reached,
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # every layer below raises its own kind
        if is_folder or reached:
            reason = str(error).strip().split("\n")[0]
        else:
            reason = "no such folder, no usable copy on this machine, and the model hub cannot be reached"
        raise ModelError(
            f"{_OPTIONS[kind]} {name!r}: the model cannot be loaded ({reason}); give a folder with "
            "safetensors weights, or a model name while the model hub or its local cache can be reached"
        ) from error


def _hub_answers(name: str) -> bool:
    """Whether the model hub can be reached: asked once, as loading itself asks for three minutes."""
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    try:
        HfApi().model_info(name, timeout=_HUB_SECONDS)
    except HfHubHTTPError:
        return True  # an answer all the same; a short name is only completed further down
    except Exception:  # no network, offline mode, or no name the hub could know
        return False
    return True


def _hash_weights(module: Any) -> str:
    import torch

    digest = hashlib.sha256()
    for name, tensor in sorted(module.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().reshape(-1).view(torch.uint8).numpy().tobytes())
    return digest.hexdigest()


def _count_with(tokenizer: Any, texts: Sequence[str]) -> list[int]:
    if not texts:
        return []
    return [len(ids) for ids in tokenizer(list(texts), add_special_tokens=False, verbose=False)["input_ids"]]


class _SentenceEmbedder:
    """Any bi-encoder that sentence-transformers loads."""

    def __init__(self, name: str, device: str | None) -> None:
        self._model = _load_sentence_model("SentenceTransformer", name, device)
        self.card = ModelCard("embedding", Path(name).name, _hash_weights(self._model))
        self.dimension = int(self._model.get_embedding_dimension())
        self.max_tokens = int(self._model.max_seq_length or 512) - 2

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return _count_with(self._model.tokenizer, texts)

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        parts = [np.zeros((0, self.dimension), dtype=np.float32)]
        for at in range(0, len(texts), 1024):
            part = list(texts[at : at + 1024])
            parts.append(self._model.encode(part, normalize_embeddings=True, show_progress_bar=False))
            if progress:
                progress(at + len(part), len(texts))
        return np.concatenate(parts).astype(np.float32)


class _SentencePairScorer:
    """Any three-way NLI cross-encoder that sentence-transformers loads."""

    def __init__(self, name: str, device: str | None, max_tokens: int | None) -> None:
        self._model = _load_sentence_model("CrossEncoder", name, device)
        labels = {int(k): str(v) for k, v in (self._model.config.id2label or {}).items()}
        self._order = _columns(labels, name)
        self.card = ModelCard("nli", Path(name).name, _hash_weights(self._model))
        limit = min(int(self._model.max_length or 512), 512) - 3
        self.max_tokens = min(limit, max_tokens) if max_tokens else limit
        self._model.max_length = self.max_tokens + 3

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return _count_with(self._model.tokenizer, texts)

    def score(
        self, pairs: Sequence[tuple[str, str]], *, progress: Progress | None = None
    ) -> NDArray[np.float32]:
        parts = [np.zeros((0, 3), dtype=np.float32)]
        for at in range(0, len(pairs), 1024):
            part = list(pairs[at : at + 1024])
            logits = self._model.predict(part, apply_softmax=False, show_progress_bar=False)
            parts.append(_softmax(np.asarray(logits, dtype=np.float32)[:, self._order]))
            if progress:
                progress(at + len(part), len(pairs))
        return np.concatenate(parts)
