"""Last month's cards follow late changes until the grace is over, then they show what was closed (rule C14)."""

from __future__ import annotations

from decimal import Decimal

import pytest
from msgspec.structs import replace

from connector.moment import to_ms
from connector.pipeline.closing import close_month, reopen_month
from connector.pipeline.wanting import current_report, wanted
from connector.result import Plan
from connector.store.engine import Store
from connector.wishes import UpsertCard
from tests.kpi.ground import win
from tests.late import slip_in
from tests.pipeline.months import AUGUST, Month, at

SALE = win(1000, when="2026-08-20T12:00", key="win|deal:1", deal="1")


@pytest.fixture
def month(sqlite_store: Store) -> Month:
    made = Month(sqlite_store, "2026-08-25T09:00")
    made.learn([SALE])
    agree(made, 2000)
    return made


def agree(month: Month, value: int) -> None:
    plan = Plan(subject="user:501", kpi="revenue", period="2026-08", value=Decimal(value))
    with month.bench.store.write() as conn:
        slip_in(conn, month.bench.account, plan, at=to_ms(month.now))


def card(month: Month) -> dict[str, str | None] | None:
    """Anna's card of August as it is wanted."""
    wishes = wanted(month.bench, current_report(month.bench)).wishes
    cards = [one for one in wishes if isinstance(one, UpsertCard) and (one.user_id, one.period) == ("501", "2026-08")]
    return dict(cards[0].values) if cards else None


def shown(month: Month) -> str | None:
    found = card(month)
    return None if found is None else found["KPI_FACT"]


def change(month: Month, roubles: int, when: str) -> None:
    month.learn([replace(SALE, amount=roubles * 100)], when)


def test_until_the_grace_is_over_it_follows(month: Month) -> None:
    change(month, 900, "2026-09-07T20:59")
    assert shown(month) == "900"
    month.now = at("2026-09-07T21:00")
    assert card(month) is None


def test_the_grace_is_the_settings(month: Month) -> None:
    month.bench.settings = month.settings(close_grace_days=1)
    month.now = at("2026-09-01T20:59")
    assert shown(month) == "1000"
    month.now = at("2026-09-01T21:00")
    assert card(month) is None


def test_a_closed_month_shows_what_was_closed(month: Month) -> None:
    month.now = at("2026-09-08T09:00")
    month.read()
    close_month(month.bench, AUGUST, author="x")
    closed = card(month)
    assert closed is not None
    change(month, 5, "2026-09-12T09:00")
    agree(month, 4000)
    assert card(month) == closed
    reopen_month(month.bench, AUGUST, author="x", reason="y")
    assert shown(month) == "5"
    assert card(month) != closed
