"""Rows of facts as the store hands them over, made by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from connector.health.quality import Look
from connector.moment import to_ms

NOON = datetime(2026, 9, 10, 9, tzinfo=UTC)
LIMITS = {
    "connected_call_seconds": 10, "successful_call_seconds": 60, "meaningful_call_seconds": 180,
    "lead_norm_seconds": 900, "callback_seconds": 1200, "conversion_window_seconds": 90 * 86400,
    "step_window_seconds": 30 * 86400, "return_days": 180, "reactivation_days": 365, "csat_good_from": 4,
    "score_good_from": 0.8, "as_of": to_ms(datetime(2026, 10, 1, tzinfo=UTC)),
    "hour_ago": to_ms(datetime(2026, 10, 1, tzinfo=UTC)) - 3_600_000,
}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """Every column a look may ask for."""

    key: str
    kind: str
    at: int = to_ms(NOON)
    dossier: str = "contact:1"
    day: int = 20260910
    user_id: str | None = "501"
    client: str | None = "contact:1"
    deal_id: str | None = None
    lead_id: str | None = None
    call_id: str | None = None
    pipeline_id: str | None = "1"
    source: str | None = None
    amount: int | None = None
    number: float | None = None
    other: float | None = None
    stage: str | None = None
    due_at: int | None = None
    confidence: str = "exact"
    omitted: str | None = None
    note: str | None = None


@dataclass
class Rows:
    """Numbers the rows it makes."""

    made: list[Row] = field(default_factory=list)

    def add(self, kind: str, **more: Any) -> Row:
        number = len(self.made) + 1
        at = more.pop("when", None)
        base: dict[str, Any] = {"key": f"{kind}|deal:{number}", "kind": kind}
        if at is not None:
            base["at"] = to_ms(at)
        if kind in ("win", "loss"):
            base["deal_id"] = str(number)
        row = Row(**(base | more))
        self.made.append(row)
        return row

    def look(self) -> Look:
        return Look(self.made, NOON, "Europe/Moscow", "RUB", LIMITS)
