"""Recordings become transcripts: each fetched once, deleted, and what cannot be heard is not asked for for ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest

from connector.config.quality import SpeechSettings
from connector.errors import Forbidden, Unfit, Unreachable
from connector.pipeline.running import held
from connector.pipeline.talks import listening
from connector.provider import Recording
from connector.quality.fetching import Bounds
from connector.quality.reading import files
from connector.quality.transcript import Transcript
from connector.records import Call
from connector.store.engine import Store
from connector.store.talk import transcripts
from tests.pipeline.talking import HANDLED, Speaking, talking


class Recorded(Speaking):
    """Knows where recordings lie, but no words."""

    def recordings(self, calls: Sequence[Call]) -> Iterator[Recording]:
        return iter([Recording(call.id, f"https://rec.example.ru/{call.id}.mp3") for call in calls if call.id < "105"])


class Engine:
    name = "fake"

    def transcribe(self, call: str, file: Path) -> Transcript:
        if file.read_text() == "102":
            raise Unfit("nothing was understood")
        return Transcript(call, files.said(HANDLED), self.name)


def test_what_is_heard_and_what_is_not(sqlite_store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench = talking(sqlite_store)
    bench.provider = Recorded(bench.provider.world, {})  # type: ignore[attr-defined]
    fetched: list[Path] = []

    @contextmanager
    def fetch(url: str, bounds: Bounds) -> Iterator[Path]:
        name = url.rpartition("/")[2].removesuffix(".mp3")
        assert bounds == Bounds(("rec.example.ru",), 50_000_000, 60.0)
        if name == "103":
            raise Forbidden("not public", where="recording")
        if name == "104":
            raise Unreachable("away", where="recording")
        fetched.append(tmp_path / f"{name}.mp3")
        fetched[-1].write_text(name)
        try:
            yield fetched[-1]
        finally:
            fetched[-1].unlink()

    monkeypatch.setattr(listening, "fetched", fetch)
    settings = SpeechSettings(model=tmp_path, hosts=("rec.example.ru",), keep=tmp_path / "kept")
    with held(bench) as fence:
        done = listening.hear_recordings(bench, fence, settings, Engine())
    assert done.heard == 2
    assert {problem.split(":")[0] for problem in done.problems} == {"call 102", "call 103", "call 104"}
    with bench.store.read() as conn:
        kept = transcripts.get(conn, bench.account, ["100", "101", "102", "103", "104"])
        asked = {id: transcripts.row_of(conn, bench.account, id) for id in ("102", "103", "104")}
    assert [(one.call, one.source) for one in kept] == [("100", "fake"), ("101", "fake")]
    assert all("916" not in one.body for one in kept)
    assert {id: row and row.asked for id, row in asked.items()} == {"102": 1, "103": 1, "104": 0}
    assert not any(path.exists() for path in fetched)
    assert sorted(path.name for path in (tmp_path / "kept").iterdir()) == ["100.mp3", "101.mp3"]
