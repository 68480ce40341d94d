"""What targets and forecasts learn from is whose the revenue is by the account's rule."""

from __future__ import annotations

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
