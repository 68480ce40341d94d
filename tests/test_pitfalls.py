"""Defects found in other products, each by its number (kpi/pitfalls.md, D1-D15): none of them is ours.

D8 and D9 are in test_moment.py, D11 in kpi/test_dated.py, D13 in journeys/test_health.py: the last test here looks.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from connector.fact import Fact
from connector.kpi.catalogue import ALL
from connector.kpi.engine import Report, report
from connector.kpi.telling.formula import formula
from connector.moment import Period, WorkCalendar
from connector.records import Deal
from connector.result import Plan, Result
from connector.store.agreed import plans
from connector.store.engine import Store
from connector.targets.pace import pace
from connector.testing import FakeProvider
from tests.derive.ground import deal, facts, move, sales
from tests.kpi.ground import NOW, ZONE, account, know, save, win
from tests.sync.worlds import company, differences, enroll, sync

SEPTEMBER = Period.parse("2026-09")
CALENDAR = WorkCalendar(ZoneInfo(ZONE))


def told(store: Store, number: int, period: Period = SEPTEMBER, **more: Any) -> Report:
    with store.read() as conn:
        return report(conn, number, period, **({"zone": ZONE, "now": NOW} | more))


def measured(store: Store, some: list[Fact], period: Period = SEPTEMBER) -> Report:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, some)
    return told(store, number, period)


def of(found: Report, kpi: str, subject: str = "user:501") -> Result:
    [result] = [one for one in found.results if (one.subject, one.kpi) == (subject, kpi)]
    return result


AVERAGES = [kpi for kpi in ALL.values() if kpi.bottom and kpi.top[0].take == "sum" and kpi.bottom[0].take == "count"]


def test_d1_the_text_is_made_of_what_is_computed(sqlite_store: Store) -> None:
    """D1: an "average" that sums, "days to close" of another delay. One object makes the number and its text."""
    assert AVERAGES
    for kpi in ALL.values():
        above, *below = formula(kpi, "en").split(" / ")
        assert above
        assert len(below) >= bool(kpi.bottom or kpi.days or kpi.plan), kpi.key
    some = [win(100), win(300)]
    twice = [replace(one, key=one.key + "'", deal=f"{one.deal}'") for one in some]
    once = measured(sqlite_store, some)
    with sqlite_store.write() as conn:
        know(conn, 1, some + twice)
    assert of(once, "average_deal").value == of(told(sqlite_store, 1), "average_deal").value == 200
    assert of(told(sqlite_store, 1), "revenue").value == 800


def test_d2_who_has_nothing_left_is_measured_anew(store: Store) -> None:
    """D2: a person without rows kept his last value for ever."""
    sold = win(500)
    with store.write() as conn:
        number = account(conn)
        know(conn, number, [sold])
    before = told(store, number)
    with store.write() as conn:
        know(conn, number, [replace(sold, user="502")], at=10)
    after = told(store, number)
    assert (of(before, "revenue").value, of(after, "revenue").value) == (500, 0)
    assert of(after, "average_deal").value is None
    assert of(after, "revenue", "user:502").value == 500


@pytest.mark.parametrize("plan", [None, Decimal(0)])
def test_d4_no_plan_is_no_nought(sqlite_store: Store, plan: Decimal | None) -> None:
    """D4: a target of 0 was 0 % attained, and drew the team's mean down."""
    with sqlite_store.write() as conn:
        number = account(conn)
        know(conn, number, [win(500), win(300, user="502")])
        agreed = {"501": plan, "502": Decimal(600)}
        some = [
            Plan(subject=f"user:{user}", kpi="revenue", period="2026-09", value=value, author="boss")
            for user, value in agreed.items()
            if value is not None
        ]
        plans.add(conn, number, some, now=0)
    found = told(sqlite_store, number)
    mine = of(found, "plan_attainment")
    assert (mine.value, mine.reason) == (None, "no_plan")
    assert of(found, "plan_attainment", "user:502").value == Decimal("0.5")
    if plan is not None:
        assert (
            pace(plan, Decimal(500), SEPTEMBER, SEPTEMBER.bounds(ZONE)[1], CALENDAR, ZoneInfo(ZONE)).attainment is None
        )


@given(st.integers(0, 60 * 24 * 3600))
def test_d5_every_moment_is_in_exactly_one_month(second: int) -> None:
    """D5: `<= end date` on a moment loses the last day; `<` with the next day's midnight does not."""
    at = datetime(2026, 8, 20, tzinfo=UTC) + timedelta(seconds=second)
    months = [Period.parse(f"2026-{month:02}") for month in (8, 9, 10)]
    holding = [month for month in months for start, end in [month.bounds(ZONE)] if start <= at < end]
    assert len(holding) == 1
    assert months[0].bounds(ZONE)[1] == months[1].bounds(ZONE)[0]


def test_d5_the_last_second_of_the_month_counts(sqlite_store: Store) -> None:
    found = measured(sqlite_store, [win(7, when="2026-09-30T20:59:59"), win(9, when="2026-09-30T21:00:00")])
    assert of(found, "revenue").value == 7


@given(st.integers(1, 30), st.integers(0, 23))
def test_d6_a_running_month_is_held_against_its_own_working_time(day: int, hour: int) -> None:
    """D6: 30 days were compared with 31, and a running month with a full one."""
    at = datetime(2026, 9, day, hour, tzinfo=UTC)
    stand = pace(Decimal(22), Decimal(0), SEPTEMBER, at, CALENDAR, ZoneInfo(ZONE))
    assert stand.days_gone + stand.days_left == CALENDAR.working_days(SEPTEMBER.start, SEPTEMBER.end) == 22
    assert abs(stand.expected - stand.days_gone) <= 1


def test_d7_a_missing_rate_is_named_and_never_one(sqlite_store: Store) -> None:
    """D7: `IfNull(rate, 1)` made a pound a rouble."""
    told_facts = facts(deals=(deal(amount=900_00, currency="GBP"),))
    [sold] = [one for one in told_facts.values() if one.kind == "win"]
    assert (sold.amount, sold.note) == (None, "no_rate:GBP")
    found = measured(sqlite_store, [replace(sold, user="501")])
    assert (of(found, "revenue").value, of(found, "revenue").reason, of(found, "revenue").n) == (0, "no_rate", 0)
    assert of(found, "won_deals").value == 1
    assert found.omitted["no_rate:GBP"] == 1


@settings(max_examples=25)
@given(st.dictionaries(st.sampled_from(["501", "502", "503"]), st.integers(1, 99), min_size=2))
def test_d10_a_shared_deal_is_shared_and_not_copied(weights: dict[str, int]) -> None:
    """D10: a deal of three counted three times."""
    whole = sum(weights.values())
    split = ", ".join(f"{user}: {weight}/{whole}" for user, weight in weights.items())
    found = facts(sales(credit="split", split_field="Деление"), deals=(deal(fields={"Деление": split}),))
    parts = [one for one in found.values() if one.kind == "win_part"]
    [sold] = [one for one in found.values() if one.kind == "win"]
    assert sum(one.amount or 0 for one in parts) == sold.amount
    assert sum(one.number or 0 for one in parts) == pytest.approx(1)


def test_d12_lost_leads_stay_in_the_denominator_and_are_watched() -> None:
    """D12: who lost his leads got more of them. Losing lowers the rate; whatever can be pushed has a KPI against it."""
    [rate] = [kpi for kpi in ALL.values() if kpi.key == "win_rate"]
    assert "loss" in {kind for measure in rate.bottom for kind in measure.kinds}
    known = {kpi.key for kpi in ALL.values()}
    assert [
        kpi.key for kpi in ALL.values() if kpi.direction != "neither" and kpi.counter not in known - {kpi.key}
    ] == []


def test_d14_a_move_from_a_stage_to_itself_is_none() -> None:
    """D14: an echo of a synchronisation counted as a move."""
    won = move("won", "2026-09-10T12:00", source="open")
    echo = move("won", "2026-09-25T12:00", source="won")
    plain, echoed = (facts(deals=(deal(),), moves=moves) for moves in ((won,), (won, echo)))
    assert plain == echoed


def test_d15_a_deletion_is_not_undone_by_an_old_page(store: Store) -> None:
    """D15: the deletion was dated by when it was read, so an older version of the record brought it back."""
    world = company(20)
    number = enroll(store)
    sync(store, number, FakeProvider(world))
    old = world.all(Deal)["3"]
    world.tick()
    world.delete(Deal, "3")
    sync(store, number, FakeProvider(world))
    with store.write() as conn:
        save(conn, number, [old])
    assert differences(store, number, world) == []


def test_every_pitfall_has_its_test() -> None:
    here = Path(__file__).parent
    named: set[str] = set()
    for path in here.rglob("test_*.py"):
        text = path.read_text("utf-8")
        named |= set(re.findall(r"\bD(\d+)\b", text)) | set(re.findall(r"test_d(\d+)_", text))
    assert {str(number) for number in range(1, 16)} <= named
