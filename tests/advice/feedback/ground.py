"""Weeks with people and counts as a test needs them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from connector.advice.case import Situation
from connector.advice.feedback.rules import KPIS
from connector.advice.feedback.weeks import Weeks, windows
from connector.kpi.catalogue import ALL
from connector.moment import Period, WorkCalendar, local_day
from connector.records import Team, User
from connector.result import Result

ZONE = "Europe/Moscow"
NOW = datetime(2026, 9, 16, 9, 30, tzinfo=UTC)
HEAD = User(id="510", name="Галина Седова", team_ids=("700",))
SELLERS = {id: User(id=id, name=name, team_ids=("700",)) for id, name in (
    ("501", "Анна Иванова"), ("502", "Борис Петров"), ("503", "Вера Орлова"), ("504", "Глеб Ершов"),
)}  # fmt: skip
TEAMS = {"700": Team(id="700", name="Отдел продаж", head_ids=("510",))}
Shares = dict[str, tuple[float, int]]
"""By user: the KPI's value and of how many."""


def result(kpi: str, user: str, value: float, n: int, period: str = "2026-09") -> Result:
    unit = ALL[kpi].unit
    told = Decimal(str(value))
    return Result(kpi=kpi, subject=f"user:{user}", period=period, unit=unit, value=told, n=n, enough=True)


def weeks(now: dict[str, Shares], before: dict[str, Shares] | None = None, at: datetime = NOW) -> Weeks:
    """By KPI, then by user."""
    this, last = windows(local_day(at, ZONE))
    results, earlier = (
        {(kpi, f"user:{user}"): result(kpi, user, *told) for kpi, some in given.items() for user, told in some.items()}
        for given in (now, before or {})
    )
    kpis = {key: ALL[key] for key in KPIS}
    return Weeks(this, last, kpis, results, earlier, dict.fromkeys(SELLERS, frozenset(SELLERS)))


def situation(seen: Weeks | None, at: datetime = NOW, **more: Any) -> Situation:
    users = {**SELLERS, "510": HEAD}
    return Situation(
        period=Period.month(local_day(at, ZONE)), now=at, zone=ZONE, calendar=WorkCalendar(ZONE), currency="RUB",
        users=more.pop("users", users), teams=more.pop("teams", TEAMS), paces={}, weeks=seen, **more,
    )  # fmt: skip
