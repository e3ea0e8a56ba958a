"""How inputs share a run, and when anything is loaded at all."""

from __future__ import annotations

import numpy as np
import pytest

from checker.models import _BATCH_TOKENS, _equal_lengths, load_embedder, load_pair_scorer


def test_inputs_of_one_length_share_a_run():
    """Every input is in one batch, a batch has one length, and long inputs come first."""
    lengths = [5, 9, 5, 300, 9, 9, 5]
    batches = _equal_lengths(lengths, alone=False)

    assert [[3], [1, 4, 5], [0, 2, 6]] == batches


def test_batches_are_bounded_by_tokens():
    """A run holds about so many tokens, and at least one input however long it is."""
    batches = _equal_lengths([64] * 9 + [10_000], alone=False)

    assert [1, 4, 4, 1] == [len(batch) for batch in batches]
    assert _BATCH_TOKENS == 4 * 64


def test_a_model_that_scales_by_the_batch_runs_each_input_alone():
    """Ranges taken at run time span a batch, so there a batch is one input."""
    assert [[0], [1], [2]] == _equal_lengths([4, 4, 4], alone=True)


@pytest.mark.parametrize("load", [load_embedder, load_pair_scorer])
def test_a_lazy_model_has_its_card_and_opens_nothing(load, monkeypatch):
    """The hash that names results in the cache is known before any weight is read."""
    monkeypatch.setattr("checker.models._open_session", lambda *_: 1 / 0)
    monkeypatch.setattr("checker.models._open_tokenizer", lambda *_: 1 / 0)
    model = load(lazy=True)

    assert 64 == len(model.card.sha256)
    assert model.max_tokens > 100


def test_a_text_is_tokenised_once(monkeypatch):
    """Counting, embedding and embedding again ask the tokenizer once for each distinct text."""
    model = load_embedder(threads=1)
    asked: list[str] = []

    class Watched:
        def __init__(self, inner):
            self.inner = inner

        def encode_batch_fast(self, texts, **options):
            asked.extend(texts)
            return self.inner.encode_batch_fast(texts, **options)

    monkeypatch.setitem(model.__dict__, "_tokenizer", Watched(model._tokenizer))
    model._marks = (101, 102)
    model.count_tokens(["one text", "another", "one text"])
    first = model.encode(["one text", "another"])
    again = model.encode(["another", "one text"])

    assert ["one text", "another"] == asked
    np.testing.assert_array_equal(first, again[::-1])


@pytest.mark.parametrize("load", [load_embedder, load_pair_scorer])
def test_texts_of_one_length_share_a_run_and_keep_their_bits(load):
    """Alone or with others of the same length, an input has the same result to the last bit."""
    model = load(threads=1)
    texts = [f"We will {verb} the {thing}." for verb in ("sell", "keep", "buy") for thing in ("port", "farm")]
    asked = texts if load is load_embedder else [(text, texts[0]) for text in texts]
    run = model.encode if load is load_embedder else model.score

    assert run(asked).tobytes() == b"".join(run([one]).tobytes() for one in asked)


def test_full_precision_is_asked_for_only_without_vnni(monkeypatch, tmp_path):
    """The costly switch is set where products overflow or where nothing is known of the processor."""
    from checker.models import _may_saturate

    def answer(flags: str | None) -> bool:
        def read(self, *_, **__):
            if flags is None:
                raise OSError
            return flags

        monkeypatch.setattr("checker.models.Path.read_text", read)
        return _may_saturate()

    assert (False, True, True) == (answer("flags: avx2 avx512_vnni"), answer("flags: avx2"), answer(None))
