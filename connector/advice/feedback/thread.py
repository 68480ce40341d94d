"""One task for a head from its beginning to its end: why, to whom, what came of it. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from connector.advice.feedback.effect import Effect
from connector.advice.feedback.reply import TALKED, Reply

State = Literal["open", "closed", "answered", "measured"]


@dataclass(frozen=True, slots=True)
class Thread:
    """`id` is what the marker shows, `[kpi#1a2b3c4d]`. `measure_on`: from when on the KPI can be measured again."""

    id: str
    key: str
    rule: str
    user: str
    name: str
    kpi: str
    head: str
    title: str
    text: str
    at: datetime
    due_at: datetime
    link: str = ""
    closed_at: datetime | None = None
    reply: Reply | None = None
    effect: Effect | None = None
    measure_on: date | None = None

    @property
    def state(self) -> State:
        """How far it has come."""
        if self.effect is not None:
            return "measured"
        if self.reply is not None:
            return "answered"
        return "closed" if self.closed_at is not None else "open"

    @property
    def waits(self) -> bool:
        """Whether it is going to be measured."""
        return self.effect is None and self.reply is not None and self.reply.answer in TALKED
