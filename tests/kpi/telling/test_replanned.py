"""A plan that was changed is told with the one agreed on first: in reports, proofs and for a team's sum."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

from connector.kpi.engine import Report, report
from connector.kpi.explain import Explanation, explain
from connector.kpi.telling.explanation import as_json, as_text
from connector.kpi.telling.render import as_json as report_json
from connector.kpi.telling.table import as_table
from connector.moment import Period
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.engine import Store
from tests.kpi.ground import NOW, ZONE, account, know, win

SEPTEMBER = Period.parse("2026-09")
DAY = 86_400_000
CHANGED = NOW - 10 * DAY


def plan(value: int, user: str = "501", **more: str) -> Plan:
    return Plan(subject=f"user:{user}", kpi="revenue", period="2026-09", value=Decimal(value), **more)  # type: ignore[arg-type]


@pytest.fixture
def number(sqlite_store: Store) -> int:
    with sqlite_store.write() as conn:
        made = account(conn)
        know(conn, made, [win(500), win(100, user="502")])
        plans.add(conn, made, [plan(1000), plan(200, "502")], now=NOW - 40 * DAY)
        plans.add(conn, made, [plan(800, author="vera", reason="left for the fair")], now=CHANGED)
    return made


def told(store: Store, number: int, as_of: int | None = None) -> Report:
    with store.read() as conn:
        return report(conn, number, SEPTEMBER, zone=ZONE, now=NOW, as_of=as_of)


def proof(store: Store, number: int, **who: str) -> Explanation:
    with store.read() as conn:
        return explain(conn, number, "plan_attainment", SEPTEMBER, zone=ZONE, now=NOW, **who)  # type: ignore[arg-type]


def test_both_attainments_stand_side_by_side(sqlite_store: Store, number: int) -> None:
    found = {one.subject: one for one in told(sqlite_store, number).results if one.kpi == "plan_attainment"}
    anna, boris, retail = (found[who] for who in ("user:501", "user:502", "team:700"))
    assert (anna.value, anna.against_first) == (Decimal("0.625"), Decimal("0.5"))
    assert (boris.value, boris.first_plan, boris.against_first) == (Decimal("0.5"), None, None)
    assert (retail.value, retail.first_plan, retail.against_first) == (Decimal("0.6"), 1200, Decimal("0.5"))


def test_a_change_counts_from_its_moment(sqlite_store: Store, number: int) -> None:
    before = told(sqlite_store, number, CHANGED - 1)
    [anna] = [one for one in before.results if (one.kpi, one.subject) == ("plan_attainment", "user:501")]
    assert (anna.denominator, anna.first_plan) == (1000, None)


def test_the_report_says_so(sqlite_store: Store, number: int) -> None:
    text = as_table(told(sqlite_store, number), "en", width=300)
    line = next(line for line in text.splitlines() if line.startswith("The plan was changed"))
    assert "Анна Plan attainment 50.0\u00a0% (1,000.00 → 800.00)" in line
    assert "Борис" not in line
    rows = {(one["kpi"], one["user"]["id"]): one for one in json.loads(report_json(told(sqlite_store, number)))["kpis"]}
    assert rows["plan_attainment", "501"]["first_plan"] == "1000.00"
    assert rows["plan_attainment", "501"]["against_first"] == 0.5


def test_the_proof_tells_who_changed_it_when_and_why(sqlite_store: Store, number: int) -> None:
    text = as_text(proof(sqlite_store, number, user="501"), "en", zone=ZONE)
    assert "Of the plan agreed on first (1,000.00): 50.0\u00a0%" in text
    assert "  version 2 · 800.00 · 2026-09-21 03:00 · vera · left for the fair" in text
    versions = json.loads(as_json(proof(sqlite_store, number, user="501")))["plans"]
    assert [(one["version"], one["value"], one["author"]) for one in versions] == [
        (1, "1000", "config"),
        (2, "800", "vera"),
    ]


def test_a_teams_proof_has_the_plans_it_is_the_sum_of(sqlite_store: Store, number: int) -> None:
    text = as_text(proof(sqlite_store, number, team="700"), "ru", zone=ZONE)
    assert "  user:501 · версия 2" in text
    assert "  user:502 · версия 1" in text


def test_an_unchanged_plan_is_not_mentioned(sqlite_store: Store, number: int) -> None:
    assert "версия" not in as_text(proof(sqlite_store, number, user="502"), "ru", zone=ZONE)
