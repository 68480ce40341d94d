"""A call whose scoring takes the whole program with it delays the numbers of the others, but not for ever (C12)."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from connector.config.quality import SpeechSettings
from connector.errors import BadConfig, Busy, TryLater
from connector.pipeline.bench import Workbench
from connector.pipeline.running import held
from connector.pipeline.talks import listening, scoring
from connector.pipeline.talks import transcripts as taking
from connector.pipeline.talks.scoring import score_talks
from connector.quality.fetching import Bounds
from connector.quality.local.scorer import LocalScorer
from connector.quality.reading import files
from connector.quality.transcript import Transcript
from connector.store.engine import Store
from connector.store.talk import transcripts
from connector.store.talk.transcripts import LIVES
from tests.pipeline.shop import result
from tests.pipeline.talking import HANDLED, talking
from tests.pipeline.talks.test_listening import Recorded

FORK = multiprocessing.get_context("fork")
DEADLY = "103"


class Deadly(LocalScorer):
    """As if memory ran out in the middle of one call."""

    def score(self, transcript: Any, checklist: Any) -> Any:
        if transcript.call == DEADLY:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().score(transcript, checklist)


def run(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> int | None:
    """The step in a process of its own, when the lease of whoever was killed is over."""
    monkeypatch.setattr(scoring, "scorer_of", lambda settings: Deadly())
    bench.store.dispose()
    child = FORK.Process(target=score_talks, args=(bench,))
    child.start()
    child.join(60)
    with bench.store.write() as conn:
        conn.exec_driver_sql("delete from lease")
    return child.exitcode


def test_killed_three_times_it_is_let_be_and_the_others_are_scored(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = talking(sqlite_store)
    ends = [run(bench, monkeypatch) for _ in range(LIVES + 1)]
    assert ends == [-signal.SIGKILL] * LIVES + [0]
    assert result(bench, "objection_handling", "user:501").n == 5
    assert result(bench, "objection_handling", "user:502").n == 4, "all but the deadly one"
    with bench.store.read() as conn:
        told = conn.exec_driver_sql("select call_id, void from call_score where void != ''").all()
    assert [tuple(one) for one in told] == [(DEADLY, "ends_program")]
    assert run(bench, monkeypatch) == 0, "nor is it tried again"


def test_who_does_not_answer_in_time_has_killed_nobody(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    class Away(LocalScorer):
        def score(self, transcript: Any, checklist: Any) -> Any:
            raise TryLater("the model is away")

    bench = talking(sqlite_store)
    monkeypatch.setattr(scoring, "scorer_of", lambda settings: Away())
    for _ in range(LIVES + 1):
        assert score_talks(bench).scored == 0
    monkeypatch.undo()
    assert score_talks(bench).scored == 12


def test_who_slept_through_his_lease_leaves_the_count_of_lives_to_the_next(sqlite_store: Store) -> None:
    bench = talking(sqlite_store)
    with pytest.raises(Busy), held(bench) as fence, taking.at_risk(bench, fence, [DEADLY]):
        with bench.store.write() as conn:
            conn.exec_driver_sql("update lease set version = version + 1")
        raise TryLater("the model is away")
    with bench.store.read() as conn:
        row = transcripts.row_of(conn, bench.account, DEADLY)
    assert row is not None and row.begun == 1, "what the next holder counts is his"


class Killed(BaseException):
    """As if the process had died: nothing of ours may catch it."""


class Ears:
    name = "fake"

    def __init__(self) -> None:
        self.heard: list[str] = []

    def transcribe(self, call: str, file: Path) -> Transcript:
        self.heard.append(call)
        if call == DEADLY:
            raise Killed
        return Transcript(call, files.said(HANDLED), self.name)


class Deaf:
    name = "fake"

    def transcribe(self, call: str, file: Path) -> Transcript:
        raise BadConfig(["account.quality.speech.model: there is no model.bin"])


def test_a_recording_that_ends_the_program_is_let_be_too(
    sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @contextmanager
    def fetch(url: str, bounds: Bounds) -> Iterator[Path]:
        (tmp_path / "call.mp3").touch()
        yield tmp_path / "call.mp3"

    bench, ears = talking(sqlite_store), Ears()
    bench.provider = Recorded(bench.provider.world, {})  # type: ignore[attr-defined]
    monkeypatch.setattr(listening, "fetched", fetch)
    settings = SpeechSettings(model=tmp_path, hosts=("rec.example.ru",))

    def hear(engine: Any = ears) -> listening.Heard:
        with held(bench) as fence:
            return listening.hear_recordings(bench, fence, settings, engine)

    for _ in range(LIVES + 1):  # a setting that is wrong costs nobody a life
        with pytest.raises(BadConfig):
            hear(Deaf())
    for _ in range(LIVES):
        with pytest.raises(Killed):
            hear()
    done = hear()
    assert ears.heard.count(DEADLY) == LIVES
    assert done.problems == ["let be, as hearing them ended the program each time: 1 recordings (103)"]
    with bench.store.read() as conn:
        assert {one.call for one in transcripts.get(conn, bench.account, ["100", "101", "102", "103", "104"])} == {
            "100", "101", "102", "104",
        }  # fmt: skip
