"""Half a year of three sellers: Anna handles few objections, and deals with handled ones are won oftener."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np

from connector.fact import Fact
from connector.moment import local_day
from connector.store.engine import Store
from tests.kpi.ground import ZONE
from tests.pipeline.months import Month

HANDLED = {"501": 0.2, "502": 0.75, "503": 0.7}
NOW = "2026-10-05T09:00"


def half_a_year(store: Store, now: str = NOW) -> Month:
    """April to September, synced in October or before; objections are scored in a field."""
    month = Month(store, now, objection_field="Возражения", refund_amount_field="Возврат", close_months="manual")
    rng = np.random.default_rng(11)
    month.learn([one for number in range(360) for one in _deal(number, rng) if one.at < month.now])
    return month


def _deal(number: int, rng: np.random.Generator) -> list[Fact]:
    user = ("501", "502", "503")[number % 3]
    at = datetime(2026, 4, 1, 8, tzinfo=UTC) + timedelta(days=number // 2, hours=number % 7)
    handled = bool(rng.random() < HANDLED[user])
    won = bool(rng.random() < (0.5 if handled else 0.12))
    amount = int(np.exp(rng.normal(np.log(50_000), 0.3))) * 100
    answer = float(rng.integers(60, 1800)) if rng.random() < 0.9 else None

    def fact(kind: str, after: int = 0, **more: Any) -> Fact:
        when = at + timedelta(days=after)
        base: dict[str, Any] = {
            "key": f"{kind}|deal:{number}", "deal": str(number), "client": f"contact:{number}", "pipeline": "1",
            "source": "site" if number % 2 else "cold", "confidence": "exact",
        }  # fmt: skip
        return Fact(kind=kind, at=when, day=local_day(when, ZONE), user=user, **base | more)

    made = [
        fact("enquiry", number=answer, due_at=at + timedelta(minutes=15)),
        fact("lead_won", number=5 * 86400.0 if won else None, due_at=at + timedelta(days=20)),
        fact("created", amount=amount, number=0.0),
        fact("objection", 1, number=1.0 if handled else 0.25),
    ]
    if won:
        made.append(fact("win", 5, amount=amount, number=1.0))
    if won and number % 30 == 0:
        made.append(fact("refund", 5, amount=amount // 2, number=3.0, due_at=at + timedelta(days=8)))
    return made
