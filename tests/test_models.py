"""The models' claims: rows of unit length, scores in one order, nothing loaded that was not asked for."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from unittest.mock import MagicMock

import numpy as np
import pytest
from huggingface_hub.errors import HfHubHTTPError

import checker
from checker.errors import ModelError
from checker.models import Embedder, PairScorer, _columns, load_embedder, load_pair_scorer

WEIGHTS = Path(checker.__file__).parent / "weights"
TAX = "We will not raise taxes."
TAX_DENIED = "We will raise taxes."
FISH = "The fishing fleet returned to the harbour before the storm."


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    """The shipped bi-encoder."""
    return load_embedder(threads=2)


@pytest.fixture(scope="module")
def scorer() -> PairScorer:
    """The shipped cross-encoder."""
    return load_pair_scorer(threads=2)


def copy_model(role: str, target: Path) -> Path:
    """A copy of a shipped model that a test may damage."""
    return Path(shutil.copytree(WEIGHTS / role, target / role))


def test_rows_have_unit_length(embedder: Embedder) -> None:
    """Every embedding is a unit vector of the stated dimension, the empty text's too."""
    rows = embedder.encode([TAX, FISH, ""])
    assert (3, embedder.dimension) == rows.shape
    assert np.float32 == rows.dtype
    np.testing.assert_allclose(1.0, np.linalg.norm(rows, axis=1), atol=1e-5)


def test_same_topic_is_nearer_than_another(embedder: Embedder) -> None:
    """Statements about one question are more similar than statements about two."""
    tax, denied, fish = embedder.encode([TAX, TAX_DENIED, FISH])
    assert tax @ denied > 0.5 > tax @ fish


def test_company_does_not_change_a_vector(embedder: Embedder) -> None:
    """A text has exactly the same vector alone, among others, repeated and in another order."""
    alone = embedder.encode([TAX])[0]
    among = embedder.encode([FISH * 20, TAX, "", TAX])
    assert alone.tobytes() == among[1].tobytes() == among[3].tobytes()


def test_company_does_not_change_a_score(scorer: PairScorer) -> None:
    """A pair has exactly the same scores alone and among others."""
    alone = scorer.score([(TAX, TAX_DENIED)])[0]
    among = scorer.score([(FISH * 20, FISH), (TAX, TAX_DENIED), (FISH, TAX)])[1]
    assert alone.tobytes() == among.tobytes()


def test_scores_are_distributions_in_stated_order(scorer: PairScorer) -> None:
    """Columns are entailment, neutral, contradiction and sum to one."""
    scores = scorer.score(
        [("The bridge and the road were closed.", "The bridge was closed."), (TAX, FISH), (TAX, TAX_DENIED)]
    )
    np.testing.assert_allclose(1.0, scores.sum(axis=1), atol=1e-5)
    assert [0, 1, 2] == scores.argmax(axis=1).tolist()


@pytest.mark.parametrize(
    "labels", [["contradiction", "entailment", "neutral"], ["NEUTRAL", "Contradiction", "Entailment"]]
)
def test_label_order_is_read_from_the_model(labels: list[str], tmp_path: Path) -> None:
    """A label map in another order moves the columns, in whatever letter case it is written."""
    folder = copy_model("nli", tmp_path)
    config = json.loads((folder / "config.json").read_text())
    config["id2label"] = dict(enumerate(labels))
    (folder / "config.json").write_text(json.dumps(config))
    place = {label.lower(): number for number, label in enumerate(labels)}
    shipped = load_pair_scorer().score([(TAX, TAX_DENIED)])[0]
    renamed = load_pair_scorer(str(folder)).score([(TAX, TAX_DENIED)])[0]
    order = [place[name] for name in ("entailment", "neutral", "contradiction")]
    np.testing.assert_allclose(shipped[order], renamed, rtol=1e-6)


@pytest.mark.parametrize(
    "labels", [{0: "LABEL_0", 1: "LABEL_1", 2: "LABEL_2"}, {0: "entailment", 1: "not_entailment"}, {}]
)
def test_unknown_labels_are_refused(labels: dict[int, str]) -> None:
    """A model whose labels are not those of three-way NLI is refused with its labels named."""
    with pytest.raises(ModelError, match="entailment, neutral, contradiction is needed"):
        _columns(labels, "some model")


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    """A model file that is not the one named in its config is never opened."""
    folder = copy_model("embedding", tmp_path)
    with (folder / "model.onnx").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(ModelError, match="SHA-256 differs"):
        load_embedder(str(folder))


def test_weights_in_other_files_are_refused(tmp_path: Path) -> None:
    """A graph that names another file for its weights is refused, even with the right hash."""
    folder = copy_model("embedding", tmp_path)
    data = b"\x0a\x08location\x12\x0a/etc/hosts"
    (folder / "model.onnx").write_bytes(data)
    config = json.loads((folder / "config.json").read_text())
    config["sha256"] = hashlib.sha256(data).hexdigest()
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="one file"):
        load_embedder(str(folder))


@pytest.mark.parametrize("broken", ["config.json", "tokenizer.json", "model.onnx"])
def test_broken_files_end_in_one_message(broken: str, tmp_path: Path) -> None:
    """Each of the three files, when broken, is named in the error."""
    folder = copy_model("nli", tmp_path)
    (folder / broken).write_text("{")
    with pytest.raises(ModelError, match=broken):
        load_pair_scorer(str(folder))


def test_roles_are_not_exchanged() -> None:
    """The bi-encoder is refused where a cross-encoder is needed."""
    with pytest.raises(ModelError, match=r"a model for .embedding."):
        load_pair_scorer(str(WEIGHTS / "embedding"))


def test_unknown_device_is_refused(tmp_path: Path) -> None:
    """A device that does not exist is named together with those that do."""
    with pytest.raises(ModelError, match="auto, cpu, cuda, mps"):
        load_embedder(str(tmp_path), device="abacus")


def test_nothing_in_gives_nothing_out(embedder: Embedder, scorer: PairScorer) -> None:
    """Empty input gives arrays with no rows and the usual columns."""
    assert (0, embedder.dimension) == embedder.encode([]).shape
    assert (0, 3) == scorer.score([]).shape
    assert [] == embedder.count_tokens([])


def test_long_texts_are_cut_at_the_longer_side(scorer: PairScorer) -> None:
    """Beyond the limit the longer text loses its end; the shorter one is read whole."""
    long = "We will not raise taxes. " * 200
    limit = scorer.max_tokens
    cut, start = scorer._joined([5] * 1000, [7] * 10)  # type: ignore[attr-defined]
    assert (limit + 3, 10, limit - 10 + 2) == (len(cut), cut.count(7), start)
    turned, start = scorer._joined([5] * 10, [7] * 1000)  # type: ignore[attr-defined]
    assert (limit + 3, 10, 12) == (len(turned), turned.count(5), start)
    even, _ = scorer._joined([5] * 1000, [7] * 1000)  # type: ignore[attr-defined]
    assert abs(even.count(5) - even.count(7)) <= 1
    assert scorer.score([(long, TAX_DENIED)]).shape == (1, 3)


def test_hostile_text_is_scored(embedder: Embedder, scorer: PairScorer) -> None:
    """Lone surrogates, control characters and special tokens in a text break nothing."""
    hostile = ["\ud800 lone", "\x00\x1b[31m", "[SEP] [CLS] [MASK]", "a" * 100_000, "\u202e\u200b"]
    assert np.isfinite(embedder.encode(hostile)).all()
    assert np.isfinite(scorer.score([(text, TAX) for text in hostile])).all()


def test_progress_counts_to_the_end(embedder: Embedder) -> None:
    """Progress rises to the number of texts."""
    seen: list[tuple[int, int]] = []
    embedder.encode(
        [f"Sentence number {i}." for i in range(70)], progress=lambda done, of: seen.append((done, of))
    )
    assert (70, 70) == seen[-1]
    assert sorted(seen) == seen


def test_default_models_import_no_torch() -> None:
    """Embedding and scoring with the shipped models loads neither torch nor sentence-transformers."""
    code = (
        "import sys; from checker.models import load_embedder, load_pair_scorer; "
        "load_embedder().encode(['a']); load_pair_scorer().score([('a', 'b')]); "
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'sklearn'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "[]\n" == done.stdout


def test_name_that_cannot_be_loaded_is_a_model_error(tmp_path: Path) -> None:
    """A folder without a model ends in one message that names it and says what to give instead."""
    with pytest.raises(ModelError, match="safetensors"):
        load_pair_scorer(str(tmp_path), device="cpu")


class _RecordingLibrary:
    """Stands for sentence-transformers: notes how it was asked, finds nothing."""

    def __init__(self) -> None:
        self.asked: list[bool] = []

    def CrossEncoder(self, name: str, *, local_files_only: bool, **_: object) -> None:  # noqa: N802
        self.asked.append(local_files_only)
        raise OSError("not found")


@pytest.mark.parametrize(
    ("error", "local_only", "reason"),
    [
        (ConnectionError("no network"), True, "model hub cannot be reached"),
        (HfHubHTTPError("404", response=MagicMock()), False, "not found"),
    ],
)
def test_an_unreachable_hub_is_asked_once(
    error: Exception, local_only: bool, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name that no folder has is fetched where the hub answers; else only this machine is searched."""
    library = _RecordingLibrary()
    monkeypatch.setitem(sys.modules, "sentence_transformers", library)

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("huggingface_hub.HfApi.model_info", fail)
    with pytest.raises(ModelError, match=rf"--nli-model 'nobody/nothing'.*{reason}"):
        load_pair_scorer("nobody/nothing")

    assert [local_only] == library.asked
