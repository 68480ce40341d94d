"""What a number is judged by besides its facts: plans of a period, what is left of them, how far the data reaches."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from connector.config import Rules
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Kpi, Measure, Text
from connector.kpi.evaluate import Given
from connector.kpi.fold import Cell, Gathered
from connector.kpi.frame import Frame, data_until, frame, plans_for, told_until
from connector.kpi.measure import Cells
from connector.moment import Period
from connector.records import Call, Deal
from connector.result import Plan
from connector.store import cells, cursors
from connector.store.engine import Store
from tests.kpi.ground import NOW, ZONE, account, fact, know, save, seen, win

WON, LOST = Measure(("win",)), Measure(("loss",))
KPI = Kpi("own", "count", Text("Своё", "Own"), Text("Своё", "Own"), (WON,))


def framed(period: str = "2026-09", **more: Any) -> Frame:
    """An account without plans, of a period that is over."""
    told = {
        "account": 1, "name": "moscow", "currency": "RUB", "period": Period.parse(period), "zone": ZONE,
        "rules": Rules(), "judged_at": NOW, "as_of": None, "look": seen(1, period), "agreed": {}, "first": {},
        "catalogue": ALL, "sources": None, "observed_from": 0, "history_from": None,
    }  # fmt: skip
    return Frame(**(told | more))


def plan(period: str, value: int, subject: str = "user:501", pipeline: str = "") -> Plan:
    return Plan(subject=subject, kpi="revenue", period=period, value=Decimal(value), pipeline=pipeline)


# Plans


@pytest.mark.parametrize(
    ("period", "known", "agreed"),
    [
        ("2026-09", {"2026-09": 300}, 300),
        ("2026-07-01..2026-09-30", {"2026-07": 1, "2026-08": 2, "2026-09": 4}, 7),
        ("2026-07-01..2026-09-30", {"2026-07": 1, "2026-09": 4}, None),
        ("2026-07-01..2026-09-30", {"2026-07-01..2026-09-30": 100}, 100),
        ("2026-07-01..2026-09-30", {"2026-07-01..2026-09-30": 100, "2026-07": 1, "2026-08": 2, "2026-09": 4}, 100),
        ("2026-09-01..2026-09-30", {"2026-09": 300}, 300),
        ("2026-08-01..2026-09-30", {"2026-08": 100, "2026-09": 300}, 400),
        ("2026-08-01..2026-09-30", {"2026-09": 300}, None),
        ("2026-W36", {"2026-09": 300}, None),
        ("2026-W36", {"2026-W36": 70}, 70),
    ],
)
def test_a_period_has_its_own_plan_or_that_of_all_its_months(
    period: str, known: dict[str, int], agreed: int | None
) -> None:
    asked: list[str] = []

    def told(label: str) -> list[list[Plan]]:
        asked.append(label)
        return [[plan(label, known[label])]] if label in known else []

    found = plans_for(told, Period.parse(period), -1)
    assert found == ({} if agreed is None else {("user:501", "revenue"): agreed})
    assert len(asked) == len(set(asked))  # a month is asked for once, itself not as one of several


def test_a_plan_that_was_changed_is_known_as_it_is_and_as_it_was_first() -> None:
    several = [[plan("2026-09", value) for value in (1, 2, 3)], [plan("2026-09", 9, pipeline="11")]]
    both = [plans_for(lambda label: several, Period.parse("2026-09"), place) for place in (-1, 0)]
    assert both == [{("user:501", "revenue"): 3}, {("user:501", "revenue"): 1}]


def cell(total: int) -> dict[str | None, Cell]:
    return {"501": Cell(total, total), "502": Cell(total, total)}


@pytest.mark.parametrize(
    ("reached", "left"),
    [(0, 100), (30_00, 40), (50_00, 0), (90_00, 0)],
)
def test_of_a_plan_that_is_over_fulfilled_nothing_is_left(reached: int, left: int) -> None:
    """K-21, what is still to be sold: of both people together, in units, never less than nothing."""
    kpi = replace(KPI, plan="revenue", left=True)
    at = framed(agreed={("team:700", "revenue"): Decimal(100)}, first={("team:700", "revenue"): Decimal(70)})
    (revenue,) = at.reached(kpi)
    given = at.given(kpi, "team:700", ["501", "502"], {revenue: cell(reached)}, {})
    assert (given.plan, given.first) == (left, None)


@pytest.mark.parametrize(
    ("kpi", "measures"),
    [
        (KPI, ()),
        (replace(KPI, plan="revenue"), ()),
        (replace(KPI, left=True), ()),
        (replace(KPI, plan="revenue", left=True), ALL["revenue"].top),
    ],
)
def test_what_was_reached_is_asked_for_only_where_something_of_a_plan_is_left(kpi: Kpi, measures: object) -> None:
    assert framed().reached(kpi) == framed().beside(kpi) == measures


@pytest.mark.parametrize(("first", "told"), [(100, None), (70, 70), (None, None)])
def test_the_plan_agreed_on_first_is_told_where_it_was_another(first: int | None, told: int | None) -> None:
    key = ("user:501", "revenue")
    at = framed(agreed={key: Decimal(100)}, first={} if first is None else {key: Decimal(first)})
    given = at.given(ALL["plan_attainment"], "user:501", ["501"], {}, {})
    assert (given.plan, given.first) == (100, told)
    judged = at.judge(ALL["plan_attainment"], "user:501", Gathered(Cell(5000, 1), Cell(), Cell(), 0), given)
    assert (judged.value, judged.first_plan) == (Decimal("0.5"), told)


def test_a_plan_agreed_on_first_is_not_told_of_what_has_no_source() -> None:
    at = framed(sources=frozenset({"call"}))
    judged = at.judge(ALL["plan_attainment"], "user:501", GATHERED, Given(Decimal(5), first=Decimal(4)))
    assert (judged.reason, judged.first_plan) == ("no_source", None)


def test_days_worked_are_those_of_all_its_people_where_a_kpi_asks_for_them() -> None:
    days: Mapping[str, int] = {"501": 20, "502": 3, "503": 100}
    at, people = framed(), ["501", "502", "509"]
    assert at.given(replace(KPI, days=True), "team:1", people, {}, days).days == 23
    assert at.given(KPI, "team:1", people, {}, days).days is None


def test_what_may_mute_a_kpi_is_counted_on_both_its_sides() -> None:
    kpi = ALL["csat"]
    assert kpi.muted
    found: Cells = {one: cell(3) for one in kpi.muted.top} | {one: cell(30) for one in kpi.muted.bottom}
    told = framed().given(kpi, "team:1", ["501", "502"], found, {}).told
    assert told and [one.total for one in told] == [6 * len(kpi.muted.top), 60 * len(kpi.muted.bottom)]
    assert framed().beside(kpi) == (*kpi.muted.top, *kpi.muted.bottom)
    assert framed().given(KPI, "team:1", ["501"], found, {}).told is None


# Judged


GATHERED = Gathered(Cell(30, 30), Cell(60, 60), Cell(), 0)


@pytest.mark.parametrize(
    ("since", "start", "early"),
    [
        (None, "2026-09", False),
        (date(2025, 9, 2), "2026-09", True),
        (date(2025, 9, 1), "2026-09", False),
        (date(2020, 1, 1), "2026-09", False),
        (date(2026, 9, 1), "2026-09", True),
    ],
)
def test_in_the_first_year_of_history_every_client_looks_new(since: date | None, start: str, early: bool) -> None:
    """K-03: whoever bought before the first record we have looks like a new client, for a year."""
    at, kpi = framed(start, history_from=since), replace(KPI, lookback=True)
    result = at.judge(kpi, "user:501", GATHERED, Given())
    assert (result.value, result.enough, result.reason) == (30, not early, "short_history" if early else None)
    assert at.judge(KPI, "user:501", GATHERED, Given()).enough
    few = at.judge(replace(kpi, minimum=31), "user:501", GATHERED, Given())
    assert (few.enough, few.reason) == (False, "few_data")


END = seen().stood_at


@pytest.mark.parametrize(
    ("observed", "known"), [(None, False), (0, True), ((END or 0) - 1, True), (END, True), ((END or 0) + 1, False)]
)
def test_what_stood_before_anybody_looked_is_not_known(observed: int | None, known: bool) -> None:
    kpi = replace(KPI, top=(Measure(("open_task",)),))
    result = framed(observed_from=observed).judge(kpi, "user:501", GATHERED, Given())
    assert (result.value, result.reason) == ((30, None) if known else (None, "not_observed"))
    assert framed(observed_from=observed).judge(KPI, "user:501", GATHERED, Given()).value == 30


def test_what_stands_in_a_period_that_goes_on_is_seen_now() -> None:
    kpi = replace(KPI, top=(Measure(("open_task",)),))
    at = framed("2026-10", observed_from=None)
    assert at.look.stood_at is None
    assert at.judge(kpi, "user:501", GATHERED, Given()).value == 30


# How far the data reaches


def read(number: int, conn: Any, kind: str, at: int) -> None:
    when = fact("x").at
    if kind == "deal":
        save(conn, number, [Deal(id="1", created_at=when, pipeline_id="1", stage_id="1")], now=at)
    else:
        save(conn, number, [Call(id="1", at=when, direction="out", answered=True, seconds=1)], now=at)


def test_the_data_reaches_as_far_as_the_slowest_stream_that_matters(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        assert told_until(conn, number, NOW) == NOW  # people alone say nothing of what happened
        read(number, conn, "deal", NOW - 5000)
        assert told_until(conn, number, NOW) == NOW - 5000
        read(number, conn, "call", NOW - 9000)
        assert told_until(conn, number, NOW) == NOW - 9000


@pytest.mark.parametrize(("kept", "until"), [(None, NOW - 5000), (NOW - 7000, NOW - 7000), (NOW, NOW - 5000)])
def test_what_was_not_derived_yet_is_in_no_number(sqlite_store: Store, kept: int | None, until: int) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        read(number, conn, "deal", NOW - 5000)
        if kept is not None:
            cells.keep(conn, number, cells.Book(kept, {}))
        assert data_until(conn, number, NOW) == until


@pytest.mark.parametrize(
    ("more", "judged"),
    [
        ({}, NOW - 5000),
        ({"as_of": NOW - 9000}, NOW - 9000),
        ({"as_of": NOW - 9000, "reached": NOW - 9500}, NOW - 9500),
        ({"as_of": NOW - 9000, "reached": NOW}, NOW - 9000),
        ({"reached": NOW - 9500}, NOW - 5000),
    ],
)
def test_the_past_is_judged_as_far_as_the_data_did_reach_then(
    sqlite_store: Store, more: dict[str, int], judged: int
) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        read(number, conn, "deal", NOW - 5000)
        assert frame(conn, number, Period.parse("2026-09"), zone=ZONE, now=NOW, **more).judged_at == judged


def history(conn: Any, number: int, **more: Any) -> date | None:
    return frame(conn, number, Period.parse("2026-09"), zone=ZONE, now=NOW, **more).history_from


def test_history_begins_with_the_first_fact_that_was_known_or_as_the_rules_say(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        assert history(conn, number) is None
        know(conn, number, [win(when="2026-01-31T12:00")], at=100)
        know(conn, number, [win(when="2024-12-01T12:00")], at=200, dossier="contact:2")
        assert (history(conn, number), history(conn, number, as_of=150)) == (date(2024, 12, 1), date(2026, 1, 31))
        assert history(conn, number, rules=Rules(history_start="2019-05-06")) == date(2019, 5, 6)


def test_what_stands_is_seen_since_deals_were_read_whole(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number, period = account(conn), Period.parse("2026-09")
        assert frame(conn, number, period, zone=ZONE, now=NOW).observed_from is None
        cursors.finish(conn, number, "deal", now=77)
        assert frame(conn, number, period, zone=ZONE, now=NOW).observed_from == 77
