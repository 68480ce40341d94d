"""What was measured, and against what."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Literal

import msgspec

from connector.fact import Confidence

Unit = Literal["money", "count", "share", "minutes", "days", "score"]


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """One KPI of one subject in one period.

    `value` is None only where there is nothing to measure, and then `reason` says why; too little data keeps the value
    with `enough` False. Money is in units of the account's currency (Decimal), shares are 0..1, times are minutes.
    `subject` is `user:501`, `team:700` or `account`.
    """

    kpi: str
    subject: str
    period: str
    unit: Unit
    value: Decimal | None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    n: int = 0
    interval: tuple[Decimal, Decimal] | None = None
    enough: bool = False
    confidence: Confidence = "exact"
    reason: str | None = None
    ripening: int = 0
    """Facts too young to be judged yet: they count nowhere until their window is over, or may still change the value
    (`Kpi.provisional`); of a median those that still wait (`Kpi.waits`).
    """
    assumed: int = 0
    """Of `n` and the numerator's facts, those whose owner, moment or amount is assumed."""
    first_plan: Decimal | None = None
    """Of a share of a plan that was changed since: the plan agreed on first; the denominator is the one in force."""

    @property
    def against_first(self) -> Decimal | None:
        """The share of the plan agreed on first, where it was changed since."""
        return self.numerator / self.first_plan if self.numerator is not None and self.first_plan else None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """The value agreed for a subject, a KPI and a period; a later version counts from its moment on.

    `pipeline` (an id): it is measured on the facts of that one only; "" for all. The subject of the company's plan is
    `account`.
    """

    subject: str
    kpi: str
    period: str
    value: Decimal
    """In the KPI's unit: money in currency units."""
    pipeline: str = ""
    version: int = 1
    author: str = "config"
    reason: str = ""
    at: datetime | None = None
