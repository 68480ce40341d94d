"""Days away are no shortfall: the plan and the pace that a rule looks at are those of the days that he worked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from connector.advice.rules import advise
from connector.config import Rules
from connector.kpi.engine import Report
from connector.pipeline.advice import weekly
from connector.pipeline.looking import View
from connector.pipeline.measuring import learned_at
from connector.pipeline.wanting import current_report
from connector.records import Absence
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.clock import absences
from connector.store.engine import Store
from tests.kpi.ground import save, win
from tests.pipeline.advice.test_following import HEADED
from tests.pipeline.months import Month

PLAN = 4_000_000
WON = {"501": 18, "502": 54, "503": 54}
"""Deals of 50 000 by the 22nd: of the plan's eighty 54 were expected; of who worked five days of twelve, eighteen."""


@pytest.fixture
def month(sqlite_store: Store) -> Month:
    made = Month(sqlite_store, "2026-08-28T07:00")
    with sqlite_store.write() as conn:
        agreed = [
            Plan(subject=f"user:{user}", kpi="revenue", period="2026-09", value=Decimal(PLAN), author="head")
            for user in WON
        ]
        plans.add(conn, made.bench.account, agreed, now=learned_at(made.bench, conn))
        save(conn, made.bench.account, HEADED, now=1)
    for user, deals in WON.items():
        some = [win(50_000, user, when=f"2026-09-{1 + n % 21:02}T12:00") for n in range(deals)]
        made.learn(some, "2026-09-22T06:00", dossier=f"contact:{user}")
    return made


def on_vacation(month: Month) -> None:
    away = Absence.of("501", "vacation", date(2026, 9, 1), date(2026, 9, 14))
    with month.bench.store.write() as conn:
        absences.take(conn, month.bench.account, [away], source="csv", now=learned_at(month.bench, conn))


def looked(month: Month) -> tuple[View, list[str]]:
    with month.bench.store.read() as conn:
        report: Report = current_report(month.bench)
        view = View(month.bench, conn, report)
        found = advise(view.situation())
    return view, [one.title.split(":")[0] for one in found.tasks]


def test_who_sold_as_much_a_day_as_was_agreed_is_not_behind_for_a_vacation(
    month: Month, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weekly, "barred_kpis", lambda bench, about: {})
    assert looked(month)[1] == ["Анна"], "without one he is"
    on_vacation(month)
    view, told = looked(month)
    assert told == []
    with month.bench.store.read() as conn:
        own = View(month.bench, conn, current_report(month.bench)).situation().paces["user:501"]
    assert (own.plan, own.days_left) == (Decimal("2181818.18"), 7)
    assert own.pace is not None and own.pace > Decimal("0.95")
    assert view.paces["user:501"].plan == PLAN, "the card shows both"


def test_not_where_plans_are_not_prorated(month: Month, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weekly, "barred_kpis", lambda bench, about: {})
    month.adopt(prorate_plans=False)
    on_vacation(month)
    assert not Rules(prorate_plans=False).prorate_plans
    assert looked(month)[1] == ["Анна"]
