"""What targets and forecasts learn from is whose the revenue is by the account's rule."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

import pytest

from connector.pipeline.history import past
from connector.pipeline.outlooks import months
from connector.store.engine import Store
from tests.kpi.ground import fact, win
from tests.pipeline.months import AUGUST, Month

SOLD = win(1000, "501", when="2026-08-20T12:00", key="win|deal:1", deal="1", owner_now="502", creator="503")
PARTS = [
    fact(
        "win_part", "2026-08-20T12:00:00", user=user, amount=part * 1000_00, number=part, key=f"win_part|deal:1|{user}"
    )
    for user, part in (("501", 0.6), ("502", 0.4))
]


@pytest.mark.parametrize(
    ("credit", "sold"),
    [
        ("event", {"501": 1000}),
        ("now", {"502": 1000}),
        ("creator", {"503": 1000}),
        ("split", {"501": 600, "502": 400}),
    ],
)
def test_sales_are_of_whom_the_rule_credits(
    sqlite_store: Store, credit: Literal["event", "now", "creator", "split"], sold: dict[str, int]
) -> None:
    """A plan was held against one person's revenue and its forecast made of another's."""
    month = Month(sqlite_store, credit=credit)
    month.learn([SOLD, *PARTS], "2026-08-25T09:00")
    with sqlite_store.read() as conn:
        before = past(month.bench, conn, "2026-09").people
        running = months(month.bench, conn, AUGUST, {})
    assert {one.user: one.months[-1].revenue for one in before} == sold
    assert {user: one.revenue for user, one in running.items()} == sold


@pytest.mark.parametrize(("before", "ripe"), [("2026-09", (0, 0)), ("2026-10", (1, 1))])
def test_a_past_month_is_not_predicted_from_what_came_after_it(
    store: Store, before: str, ripe: tuple[int, int]
) -> None:
    """A backtest of July learned from June's enquiries what they became in August, and vouched for its chances."""
    month, came = Month(store, "2026-12-31T09:00"), fact("lead_won", "2026-06-25T10:00:00").at
    due = came + timedelta(days=90)
    led = fact("lead_won", "2026-06-25T10:00:00", number=40 * 86_400, due_at=due, key="lead_won|deal:1")
    month.learn([led, win(1000, "501", when="2026-06-20T12:00", key="win|deal:2")], "2026-12-30T09:00")
    with store.read() as conn:
        [person] = past(month.bench, conn, "2027-01").people
    assert [(one.cohort_leads, one.cohort_wins) for one in person.months if one.label == "2026-06"] == [(1, 1)]
    known = person.until(before).months
    assert [(one.cohort_leads, one.cohort_wins) for one in known if one.label == "2026-06"] == [ripe]
