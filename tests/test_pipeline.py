from __future__ import annotations

from pathlib import Path

import pytest

from checker.cache import Cache
from checker.embed import embed
from checker.errors import InputError, SettingsError, StoppedError
from checker.pipeline import Models, check_record, new_statement, open_cache, prepare
from checker.records import Band, Mode
from checker.settings import Settings
from tests.doubles import RuleScorer, WordEmbedder, statement

RECORD = """text,speaker,said_on,mode
We will never raise the fuel tax.,Alexandr Petrov,2019-03-01,quote
We will raise the fuel tax in May.,Alexander Petrov,2021-03-01,quote
The fuel tax rose in May.,Daily News,2021-05-02,report
The fuel tax is dear.,Bo Berg,2020-01-01,quote
"""


def _prepare(folder: Path, text: str = RECORD, **changes):
    (folder / "record.csv").write_text(text, "utf-8")
    return prepare([folder / "record.csv"], Settings(**changes))


def _check(record, **changes):
    settings = Settings(similarity=0.1, maybe=0.05, show=0.1, context_weight=0.0, **changes)
    return check_record(record, settings, Models(WordEmbedder(), RuleScorer()), cache=Cache(None))


def test_denominators_add_up(tmp_path: Path):
    """Statements by speaker and mode add up to those read, and the bands to the pairs judged."""
    result = _check(_prepare(tmp_path))

    assert 4 == result.counts["statements"] == sum(sum(m.values()) for m in result.by_speaker.values())
    assert result.counts["pairs_judged"] == sum(result.counts[b] for b in ("shown", "maybe", "below"))
    assert result.counts["pairs_judged"] == len(result.judged)
    assert all(finding.band is not Band.BELOW for finding in result.findings)
    shown = [finding for finding in result.findings if finding.band is Band.SHOW]
    assert result.counts["shown"] == len(shown)
    assert result.counts["leads"] == sum(not finding.lead for finding in shown)
    assert 0 < result.counts["leads"] < result.counts["shown"]


def test_two_spellings_of_a_speaker_meet_and_the_merge_is_told(tmp_path: Path):
    """Spellings of one name are one speaker, the result names the merge, and it can be switched off."""
    merged = _check(_prepare(tmp_path))
    apart = _check(_prepare(tmp_path, merge_speakers=False))

    assert 1 == len(merged.merges)
    assert any("never" in f.pair.earlier.text and "May" in f.pair.later.text for f in merged.judged)
    assert () == apart.merges
    assert not any(
        f.pair.earlier.speaker != f.pair.later.speaker and not f.pair.is_report_pair for f in apart.judged
    )


def test_one_speaker_can_be_asked_for_and_keeps_the_reports(tmp_path: Path):
    """With a speaker named, other speakers are left out and reported facts stay."""
    record = _prepare(tmp_path, speaker=("Bo Berg",))

    assert {"Bo Berg", "Daily News"} == {s.speaker for s in record.statements}


def test_an_unknown_speaker_is_an_error_that_lists_those_read(tmp_path: Path):
    """Asking for somebody who is not in the record names who is."""
    with pytest.raises(InputError, match=r"no statement by Nobody; speakers read: .*Bo Berg"):
        _prepare(tmp_path, speaker=("Nobody",))


def test_the_report_is_named_after_its_one_file(tmp_path: Path):
    """A report over one file carries that file's name."""
    assert "record" == _check(_prepare(tmp_path)).name


def test_agreement_over_years_is_a_result_too(tmp_path: Path):
    """Two dates, one position: the pair is listed as held, earlier first."""
    text = "text,speaker,said_on\nThe port stays ours.,Ana Lima,2010\nOurs the port stays.,Ana Lima,2019\n"
    settings = Settings(similarity=0.1, context_weight=0.0)
    agreeing = Models(WordEmbedder(), RuleScorer(lambda a, b: (0.9, 0.05, 0.05)))
    result = check_record(_prepare(tmp_path, text), settings, agreeing, cache=Cache(None))

    assert ["The port stays ours."] == [pair.earlier.text for pair in result.held]
    assert [("2010", "2019", 0)] == [(str(p.first), str(p.last), p.between) for p in result.positions]
    assert 0 == result.counts["shown"]


def test_a_new_quote_takes_the_record_s_spelling_and_its_date(tmp_path: Path):
    """The speaker of a new quote is matched to the record, and a date that is none is refused."""
    record = _prepare(tmp_path)
    asked = new_statement(record, "We pay.", speaker="President Alexander Petrov", said_on="2024-02-25")

    assert asked.speaker in {s.speaker for s in record.statements}
    assert (Mode.QUOTE, "2024-02-25") == (asked.mode, str(asked.said_on))
    with pytest.raises(SettingsError, match="said-on 'yesterdayish'"):
        new_statement(record, "We pay.", speaker="Ana", said_on="yesterdayish")


@pytest.mark.parametrize(
    "line",
    [
        "Ana Lima,The Iron Baker",
        "Ana Lima;The Iron Baker;Lima, Ana",
        "Ana Lima,The Iron Baker\nBo Berg,Berg; the elder\nCy Cole,Cole",
    ],
)
def test_aliases_name_one_speaker(tmp_path: Path, line: str):
    """Names on one line of the alias file are one speaker, under the first of them."""
    (tmp_path / "names.csv").write_text(f"{line}\n", "utf-8")
    text = "text,speaker\nWe pay.,Ana Lima\nWe never pay.,The Iron Baker\n"
    record = _prepare(tmp_path, text, aliases=tmp_path / "names.csv")

    assert {"Ana Lima"} == {s.speaker for s in record.statements}


def test_an_alias_for_two_persons_is_refused(tmp_path: Path):
    """One name cannot stand for two persons; the message names the row."""
    (tmp_path / "names.csv").write_text("Ana Lima,Boss\nBo Berg,Boss\n", "utf-8")
    with pytest.raises(InputError, match=r"row 2: 'Boss' stands for Ana Lima and Bo Berg"):
        _prepare(tmp_path, aliases=tmp_path / "names.csv")


def test_an_alias_file_that_is_no_text_is_named(tmp_path: Path):
    """The message says which of the files given is meant."""
    (tmp_path / "names.csv").write_bytes(b"PK\x03\x04")
    with pytest.raises(InputError, match=r"names\.csv: the file is not text"):
        _prepare(tmp_path, aliases=tmp_path / "names.csv")


def test_a_stopped_run_without_a_usable_cache_says_why_nothing_is_kept(tmp_path: Path, monkeypatch):
    """Who computed for an hour must not read that nothing new was computed."""
    (tmp_path / "file").write_text("")
    monkeypatch.setattr("checker.pipeline.default_cache_path", lambda: tmp_path / "file" / "cache.sqlite")

    with pytest.raises(StoppedError, match=r"kept: nothing; .*no cache in this run"), open_cache(Settings()):
        raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (2000, "stopped; kept: 512 embeddings; the same command goes on from there"),
        (200, "stopped; nothing new was computed that could be kept"),
    ],
)
def test_a_run_that_is_stopped_says_what_is_kept(tmp_path: Path, monkeypatch, texts: int, told: str):
    """Ctrl-C keeps every small portion that was done, one line names it, and the next run begins there."""
    monkeypatch.setattr("checker.pipeline.default_cache_path", lambda: tmp_path / "cache.sqlite")

    class Interrupted(WordEmbedder):
        def encode(self, texts, *, progress=None):
            if len(self.embedded) == (512 if len(statements) > 512 else 0):
                raise KeyboardInterrupt
            return super().encode(texts)

    statements = [statement(f"We pay {n}.") for n in range(texts)]
    with pytest.raises(StoppedError) as stopped, open_cache(Settings()) as cache:
        embed(statements, Interrupted(), cache=cache)
    assert told == str(stopped.value)
    assert 130 == stopped.value.exit_status
    again = WordEmbedder()
    with open_cache(Settings()) as cache:
        embed(statements, again, cache=cache)
    assert texts - 512 * (texts > 512) == len(again.embedded)


def test_without_a_cache_a_stop_says_that_nothing_is_kept():
    """Who switched the cache off is not told that the next run goes on."""
    told = "nothing is kept, as the run had no cache"
    with pytest.raises(StoppedError, match=told), open_cache(Settings(cache=False)):
        raise KeyboardInterrupt


def test_a_pair_that_readers_dismissed_is_left_out_and_counted(tmp_path: Path):
    """A pair labelled consistent leaves the lists, is counted, and comes back when its text changes."""
    from checker.labels import Answer, label_of
    from checker.pipeline import without_dismissed
    from checker.store import LabelStore

    result = _check(_prepare(tmp_path))
    settings = Settings(labels=tmp_path / "labels.sqlite")
    first = result.findings[0]
    with LabelStore(tmp_path / "labels.sqlite") as store:
        store.add([label_of(first, Answer.CONSISTENT, reader="ana")])
    after = without_dismissed(result, settings)
    changed = _check(_prepare(tmp_path, RECORD.replace("fuel tax", "petrol tax")))

    assert first.pair.key not in {f.pair.key for f in after.findings}
    assert 1 == after.counts["dismissed"]
    assert len(result.findings) - 1 == len(after.findings)
    assert len(changed.findings) == len(without_dismissed(changed, settings).findings)
