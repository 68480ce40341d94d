"""Transcripts in, scored, told to KPIs: once each, by the newest word, forgotten in time."""

from __future__ import annotations

import json
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.errors import BadConfig, Unreachable
from connector.kpi.telling import explanation as telling
from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.cycling import cycle
from connector.pipeline.measuring import explanation_of
from connector.pipeline.talks import scoring
from connector.pipeline.talks.scoring import score_talks
from connector.pipeline.talks.shown import shown, standing
from connector.pipeline.talks.transcripts import forget, import_transcripts, purge
from connector.quality.checklists import load
from connector.quality.local.scorer import LocalScorer
from connector.quality.score import Score
from connector.store.engine import Store
from connector.store.talk import transcripts
from tests.pipeline.shop import facts, result
from tests.pipeline.talking import GIVEN_UP, HANDLED, Speaking, again, talking

SEPTEMBER = Period.parse("2026-09")


def handled(bench: Workbench, user: str = "501") -> tuple[Decimal | None, int]:
    told = result(bench, "objection_handling", f"user:{user}")
    return told.value, told.n


def words_of(bench: Workbench, *calls: str) -> list[str]:
    with bench.store.read() as conn:
        return [one.body for one in transcripts.get(conn, bench.account, calls)]


def test_words_of_the_crm_become_kpis_with_proof(store: Store) -> None:
    bench = talking(store)
    assert handled(bench) == (None, 0)
    done = score_talks(bench)
    assert (done.came, done.scored, done.told, done.void, done.problems) == (12, 12, 12, {}, [])
    assert handled(bench) == (1, 5)
    assert handled(bench, "502") == (0, 5)
    script = result(bench, "script_compliance")
    assert script.value is not None
    assert script.value > (result(bench, "script_compliance", "user:502").value or 0)
    told = explanation_of(bench, "objection_handling", SEPTEMBER, user="502")
    assert [item.links["call:101"] for item in told.items if "call:101" in item.links] == ["call:101"]
    [proof] = next(item.evidence for item in told.items if "call:101" in item.links)
    assert (proof.criterion, proof.answer, proof.scorer) == ("objection:expensive", "no", LocalScorer.name)
    assert "дорого" in proof.quotes[0].quote
    assert proof.quotes[0].turn == 3
    text = telling.as_text(told)
    assert "objection:expensive: нет · «" in text
    assert "(реплика 4)" in text
    first = json.loads(telling.as_json(told))["facts"][0]["evidence"][0]
    assert first["quotes"][0]["turn"] == 3


def test_a_second_run_does_nothing_again(sqlite_store: Store) -> None:
    bench = talking(sqlite_store)
    score_talks(bench)
    before = facts(bench)
    done = score_talks(bench)
    assert (done.came, done.scored, done.told) == (0, 0, 0)
    assert facts(bench) == before


def test_the_whole_flow_scores_and_a_crm_without_words_is_asked_again_later(sqlite_store: Store) -> None:
    bench = talking(sqlite_store, words={})
    provider = bench.provider
    assert isinstance(provider, Speaking)
    first = cycle(bench)
    assert first.scoring is not None
    assert first.scoring.came == 0
    assert len(provider.asked) == 12
    cycle(bench)
    assert len(provider.asked) == 12
    provider.words = {"100": HANDLED}
    now = bench.clock
    bench.clock = lambda: now() + timedelta(hours=7)
    told = cycle(bench).scoring
    assert told is not None
    assert (told.came, told.scored) == (1, 1)
    assert handled(bench) == (1, 1)


def test_nothing_is_asked_without_the_section_or_with_the_scorer_off(sqlite_store: Store) -> None:
    bench = again(talking(sqlite_store), scorer="off")
    assert score_talks(bench).came == 0
    bench.settings = bench.settings.model_copy(update={"quality": None})
    assert cycle(bench).scoring is None
    assert score_talks(bench).came == 0, "nor by a command"
    assert bench.provider.asked == []  # type: ignore[attr-defined]


def test_kept_words_are_masked_and_purged_and_scores_stay(sqlite_store: Store) -> None:
    bench = talking(sqlite_store)
    score_talks(bench)
    [body] = words_of(bench, "100")
    assert "916" not in body
    assert "[ТЕЛЕФОН]" in body
    assert "Анна" not in body
    now = bench.clock
    bench.clock = lambda: now() + timedelta(days=31)
    assert purge(bench) == 12
    assert words_of(bench, "100", "101") == []
    told = shown(bench, "100")
    assert told.purged
    assert told.turns == ()
    assert told.scores
    done = score_talks(bench)
    assert (done.came, done.scored) == (0, 0)
    assert handled(bench) == (1, 5)


def test_unmasked_where_the_setting_says_so_and_one_call_forgotten(sqlite_store: Store) -> None:
    bench = again(talking(sqlite_store), mask=False)
    score_talks(bench)
    assert "916 123-45-67" in words_of(bench, "100")[0]
    forget(bench, "100")
    assert words_of(bench, "100") == []
    with pytest.raises(BadConfig, match="no transcript"):
        forget(bench, "100")


class Other:
    """Says of every call what it is told to."""

    name = "other@1"

    def __init__(self, made: Any) -> None:
        self.made = made

    def score(self, transcript: Any, checklist: Any) -> Score:
        return self.made(transcript, checklist)  # type: ignore[no-any-return]


def flipped(transcript: Any, checklist: Any) -> Score:
    """The opposite of what the local one finds."""
    told = LocalScorer().score(transcript, checklist)
    turn = {"yes": "no", "no": "yes", "not_applicable": "not_applicable"}
    found = tuple(type(one)(one.criterion, turn[one.answer], one.counts, one.evidence) for one in told.found)  # type: ignore[arg-type]
    return Score(told.call, told.checklist, "other@1", found)


def test_the_newest_scorer_wins_and_nothing_counts_twice(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = talking(store)
    score_talks(bench)
    monkeypatch.setattr(scoring, "scorer_of", lambda _: Other(flipped))
    done = score_talks(bench)
    assert (done.scored, done.told) == (12, 12)
    assert handled(bench) == (0, 5)
    assert handled(bench, "502") == (1, 5)
    assert [one.scorer for one in shown(bench, "100").scores] == ["other@1", LocalScorer.name]
    assert {(scorer, count) for scorer, _, count, _ in standing(bench).scorers} == {
        (LocalScorer.name, 12),
        ("other@1", 12),
    }


def test_a_new_version_of_the_checklist_scores_again(sqlite_store: Store, tmp_path: Path) -> None:
    bench = talking(sqlite_store)
    score_talks(bench)
    from importlib import resources

    text = resources.files("connector.quality.checklists").joinpath("starter_ru.toml").read_text("utf-8")
    own, version = tmp_path / "own.toml", load()[0].version
    own.write_text(text.replace(f"version = {version}", f"version = {version + 1}", 1), "utf-8")
    done = score_talks(again(bench, checklist=own))
    assert done.scored == 12
    labels = [one.checklist for one in shown(bench, "100").scores]
    assert [label.rpartition("@")[2] for label in labels] == [str(version + 1), str(version)]
    assert handled(bench) == (1, 5)


def test_a_scorer_that_does_not_answer_leaves_calls_for_later(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = talking(sqlite_store)
    asked: list[str] = []

    def away(transcript: Any, checklist: Any) -> Score:
        asked.append(transcript.call)
        if len(asked) > 2:
            raise Unreachable("no answer", where="llm")
        return flipped(transcript, checklist)

    monkeypatch.setattr(scoring, "scorer_of", lambda _: Other(away))
    done = score_talks(bench)
    assert (done.scored, len(asked), done.waiting) == (2, 5, 10)
    assert "not scored yet" in done.problems[0]
    monkeypatch.setattr(scoring, "scorer_of", lambda _: Other(flipped))
    assert score_talks(bench).scored == 10


def test_calls_that_are_gone_count_no_more(sqlite_store: Store) -> None:
    bench = talking(sqlite_store)
    score_talks(bench)
    from connector.records import Call
    from connector.store.crm import records

    with bench.store.write() as conn:
        records.mark_gone(conn, bench.account, Call, ["100"], now=bench.now())
    score_talks(bench)
    assert handled(bench) == (1, 4)


def test_files_find_their_calls(sqlite_store: Store, tmp_path: Path) -> None:
    bench = talking(sqlite_store, words={})
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    (folder / "call-100.txt").write_text(HANDLED, "utf-8")
    (folder / "deep" / "2026-09-01_u1_in.txt").write_text(GIVEN_UP, "utf-8")
    (folder / "x.json").write_text(json.dumps({"call": 102, "turns": [{"role": "agent", "text": "Да"}]}), "utf-8")
    (folder / "nobody.txt").write_text(HANDLED, "utf-8")
    (folder / "100_101.txt").write_text(HANDLED, "utf-8")
    (folder / "again_100.txt").write_text(HANDLED, "utf-8")
    (folder / "bad.srt").write_text("x", "utf-8")
    (folder / "sound.mp3").write_bytes(b"ID3")
    done = import_transcripts(bench, folder)
    assert (done.new, done.same) == (3, 0)
    assert {one.file: one.why.split(":")[0] for one in done.bad} == {
        "nobody.txt": "nobody", "100_101.txt": "may be of several calls", "bad.srt": "no cue such as 00",
        "call-100.txt": "another file is of call 100 too",
    }  # fmt: skip
    assert import_transcripts(bench, folder / "x.json").same == 1
    done_scoring = score_talks(bench)
    assert (done_scoring.scored, done_scoring.void) == (2, {"few_words": 1})
    assert handled(bench) == (1, 1)
    assert handled(bench, "502") == (0, 1)
    with pytest.raises(BadConfig, match="no such file"):
        import_transcripts(bench, tmp_path / "none")


def test_the_past_knows_no_scores(sqlite_store: Store) -> None:
    bench = talking(sqlite_store)
    before = from_ms(bench.now())
    score_talks(bench)
    told = result(bench, "objection_handling", "user:501", as_of=before)
    assert (told.value, told.reason) == (None, "no_source")
