"""D11: a transfer or a leaving never rewrites what a team did, and nobody's sale is two teams' sale."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from sqlalchemy.engine import Connection

from connector.kpi.engine import Report, report
from connector.kpi.explain import explain
from connector.moment import Period, to_ms
from connector.records import User
from connector.result import Plan
from connector.store import cursors
from connector.store.agreed import plans
from connector.store.crm import memberships
from connector.store.engine import Store
from tests.kpi.ground import NOW, USERS, ZONE, account, fact, know, save, win

SEPTEMBER = Period.parse("2026-09")
MOVED = to_ms(datetime(2026, 9, 14, 10, tzinfo=UTC))
"""A Monday, so the 15th is the first day in the new team; 10 of 22 working days are before it."""


def move(conn: Connection, number: int, user: User, *teams: str, at: int = MOVED) -> None:
    """From a moment on in these teams."""
    moved = [replace(user, team_ids=teams)]
    save(conn, number, moved, now=at)
    memberships.observe(conn, number, moved, now=at)


def told(conn: Connection, number: int, **more: Any) -> Report:
    return report(conn, number, SEPTEMBER, zone=ZONE, now=NOW, **more)


def values(found: Report, kpi: str) -> dict[str, Decimal | None]:
    return {one.subject: one.value for one in found.results if one.kpi == kpi and one.value is not None}


def test_each_team_has_what_its_people_did_in_it(store: Store) -> None:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, [
            win(1000, when="2026-09-03T12:00", key="a"), win(200, when="2026-09-14T12:00", key="b"),
            win(70, when="2026-09-14T21:30", key="c"), win(5000, user="502", key="d"), win(9, user="503", key="e"),
        ])  # fmt: skip
        move(conn, number, USERS[0], "701")
        found = told(conn, number)
    assert values(found, "revenue") == {
        "user:501": 1270, "user:502": 5000, "user:503": 9, "team:700": 6200, "team:701": 79, "team:1": 6279,
    }  # fmt: skip
    assert values(found, "median_deal")["team:701"] == Decimal("39.5")
    days = {one.subject: one.denominator for one in found.results if one.kpi == "revenue_per_day"}
    assert days == {
        "user:501": 22, "user:502": 22, "user:503": 22, "team:700": 10 + 22, "team:701": 12 + 22, "team:1": 66,
    }  # fmt: skip


def test_the_proof_of_a_team_is_its_days(store: Store) -> None:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, [win(1000, when="2026-09-03T12:00", key="a"), win(70, when="2026-09-20T12:00", key="b")])
        move(conn, number, USERS[0], "701")
        for team, worth in (("700", 1000), ("701", 70), ("1", 1070)):
            proof = explain(conn, number, "revenue", SEPTEMBER, zone=ZONE, now=NOW, team=team)
            assert proof.result.value == worth
            assert sum(item.amount or 0 for item in proof.items) == worth * 100
        proof = explain(conn, number, "revenue", SEPTEMBER, zone=ZONE, now=NOW, user="501")
        assert proof.result.value == 1070


def test_a_leaver_stays_in_what_was_and_only_there(store: Store) -> None:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, [win(1000, when="2026-09-03T12:00", key="a"), win(70, when="2026-09-20T12:00", key="b")])
        move(conn, number, replace(USERS[0], active=False))
        found = values(told(conn, number), "revenue")
    assert (found["team:700"], found["team:1"], found["user:501"]) == (1000, 1000, 1070)


def test_a_plan_goes_with_its_days(store: Store) -> None:
    with store.write() as conn:
        number = account(conn)
        plan = Plan(subject="user:501", kpi="revenue", period="2026-09", value=Decimal(2200), author="a")
        plans.add(conn, number, [plan], now=0)
        know(conn, number, [win(500, when="2026-09-03T12:00", key="a"), win(240, when="2026-09-20T12:00", key="b")])
        move(conn, number, USERS[0], "701")
        shares = {
            one.subject: (one.numerator, one.denominator)
            for one in told(conn, number).results
            if one.kpi == "plan_attainment" and one.value is not None
        }
    assert shares == {"user:501": (740, 2200), "team:700": (500, 1000), "team:701": (240, 1200), "team:1": (740, 2200)}


def test_what_stands_is_the_last_teams(store: Store) -> None:
    with store.write() as conn:
        number = account(conn)
        cursors.finish(conn, number, "deal", now=0)
        know(conn, number, [fact("open_deal", amount=100_00)])
        move(conn, number, USERS[0], "701")
        found = values(told(conn, number), "pipeline_amount")
    assert (found["user:501"], found["team:701"], found["team:700"]) == (100, 100, 0)


def test_the_past_is_told_by_who_was_known_where(store: Store) -> None:
    with store.write() as conn:
        number = account(conn)
        know(conn, number, [win(1000, when="2026-09-20T12:00", key="a")])
        move(conn, number, USERS[0], "701")
        before = values(told(conn, number, as_of=MOVED - 1), "revenue")
        after = values(told(conn, number), "revenue")
    assert (before["team:700"], after["team:701"]) == (1000, 1000)
    assert "team:700" not in after or after["team:700"] == 0


hops = st.lists(
    st.tuples(st.sampled_from(["700", "701", ""]), st.integers(1, 29)), max_size=4, unique_by=lambda hop: hop[1]
)
wins = st.lists(st.tuples(st.sampled_from(["501", "502"]), st.integers(1, 30), st.integers(1, 10**6)), max_size=12)


class Undone(Exception):
    """Nothing of an example stays."""


@settings(
    max_examples=min(25, settings().max_examples),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(hops, hops, wins)
def test_every_sale_is_one_teams_or_nobodys(
    sqlite_store: Store, one: list[tuple[str, int]], two: list[tuple[str, int]], sold: list[tuple[str, int, int]]
) -> None:
    teams: dict[str, list[tuple[int, str]]] = {"501": [(0, "700")], "502": [(0, "700")]}
    with suppress(Undone), sqlite_store.write() as conn:
        number = account(conn)
        for n, (user, day, worth) in enumerate(sold):
            know(conn, number, [win(worth, user=user, when=f"2026-09-{day:02}T12:00", key="w")], dossier=f"contact:{n}")
        for user, some in (("501", one), ("502", two)):
            for team, day in sorted(some, key=lambda hop: hop[1]):
                at = to_ms(datetime(2026, 9, day, 9, tzinfo=UTC))
                teams[user].append((day, team))
                move(conn, number, next(u for u in USERS if u.id == user), *([team] if team else []), at=at)
        found = values(told(conn, number, kpis=["revenue"]), "revenue")
        raise Undone
    by_hand: dict[str, int] = {}
    for user, day, worth in sold:
        team = [name for since, name in teams[user] if since < day][-1]
        by_hand[team] = by_hand.get(team, 0) + worth
    for team in ("700", "701"):
        assert (found.get(f"team:{team}") or 0) == by_hand.get(team, 0)
    assert (found.get("team:1") or 0) == by_hand.get("700", 0) + by_hand.get("701", 0)
    assert sum(found.get(f"user:{user}") or 0 for user in ("501", "502")) == sum(worth for _, _, worth in sold)
