"""The two models: texts to unit vectors, and ordered pairs of texts to NLI scores.

The shipped int8 models run through onnxruntime, one text or pair a run and one thread a run. A batch would
be at most a fifth faster, but int8 activations take their range from everything in a batch, so scores would
depend on the company a pair is scored in; alone, they never do. Any other model is loaded by
sentence-transformers, which is imported only then.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from checker.errors import ModelError
from checker.records import ModelCard

__all__ = ["Embedder", "PairScorer", "Progress", "load_embedder", "load_pair_scorer"]

Progress = Callable[[int, int], None]
"""Told how many of how many inputs are done; never called more than once per few dozen inputs."""

_WEIGHTS = Path(__file__).parent / "weights"
_LABELS = ("entailment", "neutral", "contradiction")
_DEVICES = ("auto", "cpu", "cuda", "mps")
_CHUNK = 32

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
    name_or_folder: str | None = None, *, device: str = "auto", threads: int | None = None
) -> Embedder:
    """The shipped bi-encoder, or one named by the user.

    Args:
        name_or_folder: A folder in our own format, or whatever sentence-transformers can load.
        device: `auto`, `cpu`, `cuda` or `mps`; the int8 models always run on the processor.
        threads: How many texts to encode at a time; all available cores by default.

    Raises:
        ModelError: The model cannot be found, read or trusted.
    """
    folder = _own_folder(name_or_folder, "embedding")
    if folder:
        return _OnnxEmbedder(folder, threads)
    return _SentenceEmbedder(str(name_or_folder), _checked_device(device))


def load_pair_scorer(
    name_or_folder: str | None = None,
    *,
    device: str = "auto",
    max_tokens: int | None = None,
    threads: int | None = None,
) -> PairScorer:
    """The shipped cross-encoder, or one named by the user; see `load_embedder`.

    Args:
        name_or_folder: A folder in our own format, or a three-way NLI cross-encoder.
        device: `auto`, `cpu`, `cuda` or `mps`.
        max_tokens: Reads fewer tokens of a pair than the model could.
        threads: How many pairs to score at a time; all available cores by default.

    Raises:
        ModelError: The model cannot be found, read or trusted, or its labels are not those of NLI.
    """
    folder = _own_folder(name_or_folder, "nli")
    if folder:
        return _OnnxPairScorer(folder, threads, max_tokens)
    return _SentencePairScorer(str(name_or_folder), _checked_device(device), max_tokens)


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

    def __init__(self, folder: Path, role: str, threads: int | None) -> None:
        self.config = _read_config(folder, role)
        self.card = ModelCard(
            role, self.config["name"], self.config["sha256"], self.config.get("licence", "")
        )
        self._session = _open_session(_verified(folder, self.config["sha256"]), folder)
        self._tokenizer = _open_tokenizer(folder)
        self._first, self._last = (self._tokenizer.token_to_id(t) for t in ("[CLS]", "[SEP]"))
        self._threads = threads or _available_cores()

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return [len(ids) for ids in self._ids(texts)]

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        found: list[list[int]] = []
        for at in range(0, len(texts), 1024):
            # Lone surrogates come from broken files and cannot cross into the tokenizer.
            clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts[at : at + 1024]]
            found += [e.ids for e in self._tokenizer.encode_batch_fast(clean, add_special_tokens=False)]
        return found

    def _run_one(self, ids: list[int], first_part: int) -> NDArray[np.float32]:
        tokens = np.array([ids], dtype=np.int64)
        kinds = (np.arange(len(ids)) >= first_part)[np.newaxis].astype(np.int64)
        feed = {"input_ids": tokens, "attention_mask": np.ones_like(tokens), "token_type_ids": kinds}
        return np.asarray(self._session.run(None, feed)[0][0], dtype=np.float32)

    def _run(
        self, count: int, row: Callable[[int], _Row], width: int, progress: Progress | None
    ) -> NDArray[np.float32]:
        """Outputs of the numbered rows, each built when its turn comes, shape (count, width)."""
        results = np.zeros((count, width), dtype=np.float32)

        def fill(start: int) -> int:
            end = min(start + _CHUNK, count)
            for number in range(start, end):
                results[number] = self._run_one(*row(number))
            return end - start

        done = 0
        with ThreadPoolExecutor(self._threads) as pool:
            for finished in pool.map(fill, range(0, count, _CHUNK)):
                done += finished
                if progress:
                    progress(done, count)
        return results


class _OnnxEmbedder(_OnnxModel):
    """The int8 bi-encoder; pooling and normalising are part of its graph."""

    def __init__(self, folder: Path, threads: int | None) -> None:
        super().__init__(folder, "embedding", threads)
        self.dimension = int(self.config["dimension"])
        self.max_tokens = int(self.config["max_length"]) - 2

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        distinct = {text: number for number, text in enumerate(dict.fromkeys(texts))}
        tokens = self._ids(list(distinct))

        def row(number: int) -> _Row:
            ids = [self._first, *tokens[number][: self.max_tokens], self._last]
            return ids, len(ids)

        vectors = self._run(len(tokens), row, self.dimension, progress)
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

        return _softmax(self._run(len(pairs), row, 3, progress)[:, self._order])

    def _joined(self, premise: list[int], hypothesis: list[int]) -> _Row:
        # The longer text is cut first, as tokenizers do with `longest_first`.
        room = self.max_tokens - min(len(premise), self.max_tokens - self.max_tokens // 2)
        hypothesis = hypothesis[:room]
        premise = premise[: self.max_tokens - len(hypothesis)]
        start = [self._first, *premise, self._last]
        return [*start, *hypothesis, self._last], len(start)


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
    # Without VNNI, 8-bit products saturate; this trades speed for the same scores there.
    options.add_session_config_entry("session.x64quantprecision", "1")
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime's own errors share no parent class
        raise ModelError(f"{folder}: onnxruntime cannot load model.onnx ({error})") from error


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


def _load_sentence_model(kind: str, name: str, device: str | None) -> Any:
    """A SentenceTransformer or CrossEncoder from safetensors, never with code of the model's own."""
    try:
        import sentence_transformers
    except ImportError as error:
        raise ModelError(f"{name}: sentence-transformers is needed to load it ({error})") from error
    try:
        return getattr(sentence_transformers, kind)(
            name,
            device=device,
            trust_remote_code=False,
            local_files_only=Path(name).is_dir(),
            model_kwargs={"use_safetensors": True},
        )
    except Exception as error:  # every layer below raises its own kind
        reason = str(error).strip().split("\n")[0]
        raise ModelError(
            f"model {name!r} cannot be loaded ({reason}); give a folder with safetensors weights, or a "
            "model name while the model hub or its local cache can be reached"
        ) from error


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
