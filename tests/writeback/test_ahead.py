"""A forecast on a card: rounded until noise causes no write, and gone where nothing vouches for it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from connector.config import WritebackSettings
from connector.moment import Period
from connector.targets.pace import Pace
from connector.wishes import UpsertCard, Written
from connector.writeback.ahead import Ahead
from connector.writeback.plan import Known, plan

NOW = datetime(2026, 9, 18, 9, tzinfo=UTC)
PACE = Pace(
    plan=Decimal(400_000), fact=Decimal(1000), share=Decimal("0.5"), expected=Decimal(200_000), pace=None,
    attainment=None, left=Decimal(399_000), days_gone=10, days_left=10, per_day=Decimal(39_900),
)  # fmt: skip


def ahead(low: str = "312345.67", high: str = "1234567.8", chance: str = "0.62") -> Ahead:
    return Ahead(Decimal(low), Decimal(high), Decimal(chance))


def cards(told: Ahead | None, written: dict[str, Written] | None = None) -> list[UpsertCard]:
    settings = WritebackSettings(kpi_card="on", deal_fields="off", tasks="off")
    known = Known(
        Period.parse("2026-09"), NOW, "UTC", NOW.date(), settings, names={"501": "Anna"}, paces={"user:501": PACE},
        ahead={} if told is None else {"user:501": told}, written={"card:501:2026-09": written or {}},
    )  # fmt: skip
    return [wish for wish in plan(known) if isinstance(wish, UpsertCard)]


@pytest.mark.parametrize(
    ("told", "interval", "percent"),
    [
        (ahead(), "312 000 … 1 230 000", "60"),
        (ahead("0", "94.6", "0.004"), "0 … 95", "5"),
        (ahead("998.4", "99960", "0.999"), "998 … 100 000", "95"),
    ],
)
def test_it_is_told_to_what_anybody_knows(told: Ahead, interval: str, percent: str) -> None:
    assert (told.interval, told.percent) == (interval, percent)


def test_noise_writes_nothing_and_a_day_s_change_waits_for_its_day() -> None:
    [first] = cards(ahead())
    assert (first.values["KPI_FORECAST"], first.values["KPI_CHANCE"]) == ("312 000 … 1 230 000", "60")
    for age, told, writes in (
        (timedelta(days=2), ahead("312399", "1232000", "0.58"), False),
        (timedelta(hours=3), ahead("350000", "1232000", "0.7"), False),
        (timedelta(hours=21), ahead("350000", "1232000", "0.7"), True),
        (timedelta(days=2), None, True),
    ):
        before = {code: Written(wanted=value, shown=value, at=NOW - age) for code, value in first.values.items()}
        assert bool(cards(told, before)) is writes, told


def test_without_a_past_that_vouches_the_fields_stay_empty() -> None:
    [card] = cards(None)
    assert "KPI_FORECAST" not in card.values and "KPI_CHANCE" not in card.values
