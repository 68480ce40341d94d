"""Accounts, cursors, plans, notices, runs, memberships and results."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from connector.errors import BadConfig, NeedsPerson, StoreTrouble
from connector.provider import Account
from connector.records import User
from connector.result import Plan, Result
from connector.store import accounts, cursors, notices, results, runs
from connector.store.agreed import plans
from connector.store.crm import dossiers, memberships
from connector.store.engine import Store

ACME = Account(
    id="31000001", name="Acme", zone="Europe/Moscow", currency="RUB", host="acme.amocrm.ru", clock_offset=1.5
)


@pytest.fixture
def account(store: Store) -> int:
    with store.write() as conn:
        return accounts.enroll(conn, "moscow", "amocrm")


# accounts


def test_an_account_is_enrolled_once(store: Store, account: int) -> None:
    with store.write() as conn:
        assert accounts.enroll(conn, "moscow", "amocrm") == account
        assert accounts.enroll(conn, "kazan", "bitrix24") != account
        assert accounts.find(conn, "moscow") == account
        assert accounts.find(conn, "omsk") is None
        with pytest.raises(BadConfig, match="holds data of amocrm"):
            accounts.enroll(conn, "moscow", "bitrix24")
        with pytest.raises(StoreTrouble, match="no account number 99"):
            accounts.get(conn, 99)


def test_a_token_of_another_account_is_refused(store: Store, account: int) -> None:
    with store.write() as conn:
        accounts.describe(conn, account, ACME, "Europe/Moscow", "RUB")
        accounts.describe(conn, account, ACME, "Asia/Omsk", "RUB")
        row = accounts.get(conn, account)
        assert (row.remote_id, row.zone, row.clock_offset) == ("31000001", "Asia/Omsk", 1.5)
        other = Account(id="7", name="Other", zone=None, currency=None, host="other.amocrm.ru")
        with pytest.raises(NeedsPerson, match=r"moscow: the access given belongs to account 7 \(other.amocrm.ru\)"):
            accounts.describe(conn, account, other, "UTC", "RUB")
        assert accounts.get(conn, account).host == "acme.amocrm.ru"


def test_other_rules_make_every_dossier_dirty(store: Store, account: int) -> None:
    with store.write() as conn:
        conn.exec_driver_sql(
            "insert into record (account, kind, id, body, hash, first_seen, changed_at, dossier)"
            f" values ({account}, 'deal', '1', '', '', 1, 1, 'deal:1')"
        )
        assert accounts.adopt_rules(conn, account, "a")
        dossiers.clear_dirty(conn, account, ["deal:1"])
        assert not accounts.adopt_rules(conn, account, "a")
        assert dossiers.take_dirty(conn, account, 9) == []
        assert accounts.adopt_rules(conn, account, "b")
        assert dossiers.take_dirty(conn, account, 9) == ["deal:1"]


# cursors


def test_a_cursor_moves_and_its_time_never_goes_back(store: Store, account: int) -> None:
    with store.write() as conn:
        assert cursors.get(conn, account, "deal") is None
        cursors.advance(conn, account, "deal", cursor="a", told_at=20, rows=3)
        cursors.advance(conn, account, "deal", cursor="b", told_at=10, rows=4)
        row = cursors.all(conn, account)["deal"]
        assert (row.cursor, row.told_at, row.rows) == ("b", 20, 7)
        cursors.forget(conn, account, "deal")
        row = cursors.all(conn, account)["deal"]
        assert (row.cursor, row.told_at, row.rows) == (None, 20, 7)


def test_a_problem_stays_until_a_page_comes(store: Store, account: int) -> None:
    with store.write() as conn:
        cursors.complain(conn, account, "call", "no right\0 to calls")
        cursors.advance(conn, account, "deal", cursor="a", told_at=20, rows=3)
        cursors.complain(conn, account, "deal", "no right to deals")
        found = cursors.all(conn, account)
        assert (found["call"].problem, found["call"].cursor) == ("no right to calls", None)
        assert (found["deal"].problem, found["deal"].cursor, found["deal"].rows) == ("no right to deals", "a", 3)
        cursors.advance(conn, account, "call", cursor="a", told_at=20, rows=0)
        assert cursors.all(conn, account)["call"].problem is None


# plans


def plan(value: str, **more: Any) -> Plan:
    given: dict[str, Any] = {"subject": "user:501", "kpi": "revenue", "period": "2026-09"}
    return Plan(value=Decimal(value), **(given | more))


def test_a_plan_changes_by_a_new_version(store: Store, account: int) -> None:
    with store.write() as conn:
        assert plans.add(conn, account, [plan("2.5E+6"), plan("10", kpi="meetings")], now=10) == 2
        assert plans.add(conn, account, [plan("2500000.00")], now=20) == 0
        assert plans.add(conn, account, [plan("3000000", author="anna", reason="new line")], now=30) == 1
        now, then = plans.current(conn, account, "2026-09"), plans.current(conn, account, "2026-09", as_of=29)
        assert [(p.value, p.version) for p in now.values()] == [(Decimal(10), 1), (Decimal(3000000), 2)]
        assert then["user:501", "revenue"].value == Decimal(2500000)
        assert plans.current(conn, account, "2026-10") == {}
        assert [p.author for p in plans.versions(conn, account, "user:501", "revenue", "2026-09")] == ["config", "anna"]


def test_the_configuration_repeated_does_not_undo_a_person(store: Store, account: int) -> None:
    with store.write() as conn:
        plans.add(conn, account, [plan("100")], now=1)
        plans.add(conn, account, [plan("120", author="anna")], now=2)
        assert plans.add(conn, account, [plan("100")], now=3) == 0
        assert plans.add(conn, account, [plan("100", author="anna")], now=4) == 1
        assert plans.add(conn, account, [plan("110")], now=5) == 1
        assert plans.current(conn, account, "2026-09")["user:501", "revenue"].value == Decimal(110)


def test_one_plan_twice_in_one_call(store: Store, account: int) -> None:
    with store.write() as conn:
        assert plans.add(conn, account, [plan("1"), plan("2"), plan("2")], now=1) == 2


# notices


def test_a_notice_is_news_once(store: Store, account: int) -> None:
    with store.write() as conn:
        assert notices.add(conn, account, "no_rate", "GBP", "no rate for GBP", now=1)
        assert not notices.add(conn, account, "no_rate", "GBP", "no rate for GBP: 3 deals", now=2)
        assert notices.add(conn, account, "no_rate", "USD", "no rate\0 for USD", now=3)
        newest, oldest = notices.all(conn, account)
        assert (newest.subject, newest.text) == ("USD", "no rate for USD")
        assert (oldest.count, oldest.first_at, oldest.last_at, oldest.text) == (2, 1, 2, "no rate for GBP: 3 deals")
        assert notices.clear(conn, account, "no_rate", "GBP") == 1
        assert notices.clear(conn, account, "no_rate") == 1
        assert notices.add(conn, account, "no_rate", "GBP", "again", now=4)


# runs


def test_runs_begin_and_end(store: Store, account: int) -> None:
    with store.write() as conn:
        assert runs.latest(conn, account) is None
        first = runs.start(conn, account, "sync", now=1)
        runs.end(conn, first, now=5, requests=7, rows=100, changed=3)
        second = runs.start(conn, account, "push", now=6)
        runs.end(conn, second, now=7, error="Refused\0")
        third = runs.start(conn, account, "sync", now=8)
        assert [row.id for row in runs.recent(conn, account, 2)] == [third, second]
        sync, push = runs.latest(conn, account), runs.latest(conn, account, "push")
        assert sync is not None and push is not None
        assert (sync.id, sync.ended_at, push.error, push.writes) == (third, None, "Refused", 0)


def test_runs_stand_as_they_began_whatever_the_clock_said(store: Store, account: int) -> None:
    with store.write() as conn:
        begun = [runs.start(conn, account, "sync", now=now) for now in (9, 5, 5, 4)]
        assert [row.id for row in runs.recent(conn, account, 9)] == begun[::-1]


def test_the_first_run_that_ended_well_is_the_first_by_number_whatever_the_clock_said(
    store: Store, account: int
) -> None:
    with store.write() as conn:
        assert runs.first_ended(conn, account, "sync") is None
        for end, error in ((20, "refused"), (16, None), (4, None)):
            runs.end(conn, runs.start(conn, account, "sync", now=1), now=end, error=error)
        assert runs.first_ended(conn, account, "sync") == 16


# memberships


def user(id: str, *teams: str) -> User:
    return User(id=id, name=id, team_ids=teams)


def test_membership_is_dated(store: Store, account: int) -> None:
    with store.write() as conn:
        memberships.observe(conn, account, [user("501", "t1"), user("502", "t1", "t2"), user("503")], now=100)
        memberships.observe(conn, account, [user("501", "t2")], now=200)
        memberships.observe(conn, account, [user("501", "t2"), user("502", "t2")], now=300)
        assert memberships.teams_of(conn, account, 50) == {"501": {"t1"}, "502": {"t1", "t2"}}
        assert memberships.teams_of(conn, account, 199) == {"501": {"t1"}, "502": {"t1", "t2"}}
        assert memberships.teams_of(conn, account, 200) == {"501": {"t2"}, "502": {"t1", "t2"}}
        assert memberships.teams_of(conn, account, 300) == {"501": {"t2"}, "502": {"t2"}}


def test_who_comes_back_is_back(store: Store, account: int) -> None:
    with store.write() as conn:
        for now, teams in ((100, ("t1",)), (200, ()), (200, ("t1",)), (300, ()), (400, ("t1",))):
            memberships.observe(conn, account, [user("501", *teams)], now=now)
        held = [now for now in (100, 200, 300, 400) if "501" in memberships.teams_of(conn, account, now)]
        assert held == [100, 200, 400]


# results


def result(subject: str, period: str = "2026-09", **more: Any) -> Result:
    return Result(kpi="revenue", subject=subject, period=period, unit="money", value=Decimal("1.50"), **more)


def test_results_of_a_period_are_replaced(store: Store, account: int) -> None:
    wide = result("user:502", interval=(Decimal(1), Decimal(2)), reason="ого", n=3)
    with store.write() as conn:
        results.save(conn, account, [result("user:501"), wide, result("user:501", "2026-08")], now=1)
        results.save(conn, account, [wide], now=2)
        assert results.load(conn, account, "2026-09") == [wide]
        assert results.load(conn, account, "2026-08") == [result("user:501", "2026-08")]
        assert results.computed_at(conn, account, "2026-09") == 2
        assert results.computed_at(conn, account, "2027-01") is None
        results.save(conn, account, [], now=3)
        conn.exec_driver_sql("update result set body = '{}'")
        with pytest.raises(StoreTrouble, match="stored result cannot be read"):
            results.load(conn, account, "2026-09")
