"""Stays on stages from moves: the first entry counts, and what came after the end is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from connector.kpi.chance import Stay
from connector.moment import to_ms
from connector.pipeline.chances import stays
from connector.records import Move, Outcome
from connector.store.chances import End

START = datetime(2026, 9, 1, tzinfo=UTC)


def move(deal: int, stage: str, day: float, outcome: Outcome = "open") -> Move:
    at = START + timedelta(days=day)
    return Move(id=f"{deal}{stage}{day}", of=f"deal:{deal}", at=at, pipeline_id="1", stage_id=stage, outcome=outcome)


def end(kind: str, day: float) -> End:
    return End(kind, to_ms(START + timedelta(days=day)))


def test_each_stage_once_until_the_end() -> None:
    moves = [
        move(1, "A", 0), move(1, "B", 2), move(1, "A", 3), move(1, "won", 10, "won"),
        move(2, "A", 1), move(2, "lost", 4, "lost"), move(2, "B", 6),
        move(3, "A", 5), move(9, "A", 0),
    ]  # fmt: skip
    ends = {"1": end("win", 10), "2": end("loss", 4), "3": end("open_deal", 5)}
    now = to_ms(START + timedelta(days=20))
    assert list(stays(moves, ends, now)) == [
        Stay("A", 10, "won", 2, "B"), Stay("B", 8, "won", 1, "A"), Stay("A", 3, "lost"), Stay("A", 15, "open")
    ]  # fmt: skip
