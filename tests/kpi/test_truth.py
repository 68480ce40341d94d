"""Every KPI of the pretend company, derived from neutral records, equals what its plan says, on both databases."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from connector.config import Rules
from connector.derive import compile, derive
from connector.kpi.engine import report
from connector.kpi.explain import explain
from connector.moment import Period, to_ms
from connector.money import Rates
from connector.pretend.company import build
from connector.pretend.happenings import Company, Hired
from connector.pretend.people import SELLERS
from connector.records import LossReason, Pipeline, User
from connector.result import Plan
from connector.store import cursors, facts
from connector.store.agreed import plans
from connector.store.engine import Store
from tests.kpi.ground import account, dossiers
from tests.truth import Truth, public


@pytest.fixture(scope="module")
def company() -> Company:
    return build()


def rules(company: Company) -> Rules:
    return Rules(
        sales_pipelines=company.sales_pipelines,
        junk_reasons=(company.junk_reason,),
        csat_field=company.csat_field,
        csat_date_field=company.csat_date_field,
        refund_amount_field=company.refund_amount_field,
        refund_date_field=company.refund_date_field,
    )


def filled(store: Store, company: Company, months: list[str]) -> int:
    """The account with all facts and plans."""
    names = {"100": "Продажи", "101": "Допродажи", "102": "Сервис"}
    sales = compile(
        rules(company),
        zone=company.zone,
        currency=company.currency,
        pipelines={id: Pipeline(id=id, name=name) for id, name in names.items()},
        stages={},
        loss_reasons={company.junk_reason: LossReason(id=company.junk_reason, name=company.junk_reason)},
        rates=Rates.of([], {currency: rate for currency, rate in company.rates}),  # type: ignore[misc]
        user_ids=(),
    )
    people = [
        User(id=str(x.user), name=x.name, team_ids=(str(x.team),)) for x in company.happenings if isinstance(x, Hired)
    ]
    found = {dossier.key: derive(dossier, sales) for dossier in dossiers(company, company.end)}
    agreed = [
        Plan(subject=f"user:{seller.id}", kpi="revenue", period=month, value=seller.plan)  # type: ignore[arg-type]
        for seller in SELLERS
        for month in months
    ]
    with store.write() as conn:
        number = account(conn, users=people)
        facts.replace(conn, number, found, known_at=0)
        plans.add(conn, number, agreed, now=0)
        cursors.advance(conn, number, "deal", cursor="", told_at=to_ms(company.end), rows=0)
        cursors.finish(conn, number, "deal", now=0)  # from then on what stands is seen
    return number


def test_every_kpi_of_everyone_in_every_month(store: Store, company: Company) -> None:
    months = Truth(company, company.end).months()
    truth = Truth(company, company.end, {(seller.id, month): seller.plan for seller in SELLERS for month in months})
    number, now, known = filled(store, company, months), to_ms(company.end), rules(company)
    found: dict[tuple[str, int, str], Any] = {}
    with store.read() as conn:
        for month in months:
            told = report(conn, number, Period.parse(month), zone=company.zone, now=now, rules=known)
            found |= {(result.kpi, int(user), month): result for user, result in told.of("user")}
    wrong = {key: (found[key], true) for key, true in public(truth).items() if not same(found[key].value, true)}
    assert not wrong
    assert len(public(truth)) > 1000
    with store.read() as conn:
        for (kpi, user, month), result in list(found.items())[::7]:
            proof = explain(
                conn, number, kpi, Period.parse(month), user=str(user), zone=company.zone, now=now, rules=known
            )
            assert proof.result == result


def same(value: Any, true: Any) -> bool:
    if value is None or true is None:
        return value is true
    return abs(Fraction(value) - true) < Fraction(1, 10**9)
