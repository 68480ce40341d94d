"""No plan backwards: from when on it is too late, what needs a reason, and when the guard sleeps."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from connector.config import Rules
from connector.errors import BadConfig
from connector.moment import to_ms
from connector.result import Plan
from connector.store import cursors, terms
from connector.store.agreed import closings, plans
from connector.store.engine import Store
from connector.store.terms import Terms
from tests.kpi.ground import ZONE, account

READ = to_ms(datetime(2026, 6, 1, tzinfo=UTC))


def at(text: str) -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=UTC))


def plan(value: int = 100, period: str = "2026-08", **more: str) -> Plan:
    return Plan(subject="user:501", kpi="revenue", period=period, value=Decimal(value), **more)


@pytest.fixture
def number(sqlite_store: Store) -> int:
    return opened(sqlite_store)


def opened(store: Store) -> int:
    """An account that was read to the end; its rules are the usual ones until it adopts others."""
    with store.write() as conn:
        made = account(conn)
        cursors.advance(conn, made, "deal", cursor="x", told_at=READ, rows=0)
        cursors.finish(conn, made, "deal", now=READ)
    return made


def refused(sqlite_store: Store, number: int, one: Plan, now: str) -> str | None:
    """Why a plan is not taken; what `add` does agrees with what `refusals` says."""
    with sqlite_store.write() as conn:
        told = plans.refusals(conn, number, [one], now=at(now))
    try:
        with sqlite_store.write() as conn:
            plans.add(conn, number, [one], now=at(now))
    except BadConfig as error:
        assert [str(error)] == [one.text for one in told]
        return told[0].why
    assert told == []
    return None


@pytest.mark.parametrize(
    ("now", "reason", "why"),
    [
        ("2026-07-01T09:00", "", None),
        ("2026-08-31T20:59", "", None),
        ("2026-08-31T21:00", "", "no_reason"),
        ("2026-08-31T21:00", "the contract came on paper", None),
        ("2026-09-07T20:59", "late", None),
        ("2026-09-07T21:00", "late", "over"),
        ("2027-03-01T09:00", "late", "over"),
    ],
)
def test_the_first_plan_of_a_month(sqlite_store: Store, number: int, now: str, reason: str, why: str | None) -> None:
    """Midnight in Moscow ends the month, and five working days later the grace; a late one needs a reason."""
    assert refused(sqlite_store, number, plan(reason=reason), now) == why


@pytest.mark.parametrize(
    ("now", "reason", "why"),
    [
        ("2026-07-20T09:00", "", "no_reason"),
        ("2026-07-20T09:00", " \t", "no_reason"),
        ("2026-07-20T09:00", "a new territory", None),
        ("2026-08-20T09:00", "a new territory", None),
        ("2026-09-07T20:59", "a new territory", None),
        ("2026-09-07T21:00", "a new territory", "over"),
    ],
)
def test_a_change_is_a_version_with_a_reason(
    sqlite_store: Store, number: int, now: str, reason: str, why: str | None
) -> None:
    assert refused(sqlite_store, number, plan(), "2026-07-01T09:00") is None
    assert refused(sqlite_store, number, plan(200, reason=reason, author="vera"), now) == why
    with sqlite_store.read() as conn:
        known = plans.versions(conn, number, "user:501", "revenue", "2026-08")
    assert [one.value for one in known] == ([100] if why else [100, 200])


def test_what_changes_nothing_is_never_refused(sqlite_store: Store, number: int) -> None:
    assert refused(sqlite_store, number, plan(), "2026-07-01T09:00") is None
    assert refused(sqlite_store, number, plan(), "2027-07-01T09:00") is None


def test_a_closed_month_is_closed_within_its_grace_too_and_opening_it_does_not_give_the_grace_back(
    sqlite_store: Store, number: int
) -> None:
    late = plan(reason="late")
    with sqlite_store.write() as conn:
        closings.close(conn, number, "2026-08", [], {}, now=at("2026-09-02T09:00"), author="x")
    assert refused(sqlite_store, number, late, "2026-09-03T09:00") == "closed"
    with sqlite_store.write() as conn:
        closings.reopen(conn, number, "2026-08", now=at("2026-09-04T09:00"), author="x", reason="y")
    assert refused(sqlite_store, number, late, "2026-09-08T09:00") == "over"
    assert refused(sqlite_store, number, late, "2026-09-04T10:00") is None


def test_a_change_is_dated_after_what_a_closing_has_seen(sqlite_store: Store, number: int) -> None:
    """July is closed at noon; a plan of August set by a clock that is behind counts from after that."""
    with sqlite_store.write() as conn:
        closings.close(conn, number, "2026-07", [], {}, now=at("2026-08-10T12:00"), author="x")
        plans.add(conn, number, [plan()], now=at("2026-08-10T11:00"))
        plans.add(conn, number, [plan(200, reason="r", author="a")], now=at("2026-08-09T11:00"))
        first, second = plans.versions(conn, number, "user:501", "revenue", "2026-08")
    assert first.at is not None
    assert second.at is not None
    assert to_ms(first.at) == at("2026-08-10T12:00") + 1 <= to_ms(second.at)


def test_the_grace_is_that_of_the_rules_in_force(sqlite_store: Store, number: int) -> None:
    rules = Rules(close_grace_days=0, holidays="").model_dump_json()
    with sqlite_store.write() as conn:
        terms.adopt(conn, number, Terms(rules=rules, zone=ZONE, currency="RUB"), now=at("2026-08-01T00:00"))
    assert refused(sqlite_store, number, plan(reason="late"), "2026-08-31T20:59") is None
    assert refused(sqlite_store, number, plan(200, reason="late", author="a"), "2026-08-31T21:00") == "over"


@pytest.mark.parametrize("period", ["2026-13", "soon", ""])
def test_what_is_no_period_is_refused(sqlite_store: Store, number: int, period: str) -> None:
    assert refused(sqlite_store, number, plan(period=period), "2026-07-01T09:00") == "no_period"


def test_before_anything_was_read_history_may_be_brought_and_reading_anew_does_not_bring_that_time_back(
    sqlite_store: Store,
) -> None:
    with sqlite_store.write() as conn:
        made = account(conn)
    assert refused(sqlite_store, made, plan(period="2025-03"), "2026-07-01T09:00") is None
    with sqlite_store.write() as conn:
        terms.adopt(conn, made, Terms(rules=Rules().model_dump_json(), zone=ZONE, currency="RUB"), now=READ)
        assert all(one.whole_at is None for one in cursors.all(conn, made).values())  # as `kpi sync --full` leaves it
    assert refused(sqlite_store, made, plan(200, period="2025-03", reason="r"), "2026-07-01T09:00") == "over"


def test_one_that_is_refused_takes_the_others_along(sqlite_store: Store, number: int) -> None:
    fine = plan(period="2026-10")
    with pytest.raises(BadConfig), sqlite_store.write() as conn:
        plans.add(conn, number, [fine, plan(period="2026-01", reason="r")], now=at("2026-09-20T09:00"))
    with sqlite_store.read() as conn:
        assert plans.current(conn, number, "2026-10") == {}


def test_a_plan_of_one_pipeline_is_a_plan_of_its_own(store: Store) -> None:
    number = opened(store)
    piped = Plan(subject="user:501", kpi="revenue", period="2026-08", pipeline="11", value=Decimal(30))
    with store.write() as conn:
        assert plans.add(conn, number, [plan(), piped], now=at("2026-07-01T09:00")) == 2
        whole = plans.current(conn, number, "2026-08")
        assert [one.value for one in whole.values()] == [100]
        assert [(one.pipeline, one.value) for one in plans.agreed(conn, number, "2026-08")] == [("", 100), ("11", 30)]
        assert plans.versions(conn, number, "user:501", "revenue", "2026-08", pipeline="11")[0].value == 30


def test_both_databases_refuse_the_same(store: Store) -> None:
    number = opened(store)
    assert refused(store, number, plan(), "2026-08-01T09:00") is None
    assert refused(store, number, plan(200, author="a"), "2026-08-02T09:00") == "no_reason"
    assert refused(store, number, plan(200, author="a", reason="r"), "2026-08-02T09:00") is None
    assert refused(store, number, plan(300, author="a", reason="r"), "2026-09-20T09:00") == "over"
