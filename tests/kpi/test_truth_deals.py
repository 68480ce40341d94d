"""The KPIs of deals of the pretend company, where everything is configured, equal what its plan says."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

from connector.config import Rules
from connector.derive import Sales, compile, derive
from connector.kpi.engine import report
from connector.moment import Period, to_ms
from connector.money import Rates
from connector.pretend import happenings as h
from connector.pretend.company import build
from connector.records import LossReason, Pipeline, Stage, User
from connector.store import cursors, facts
from connector.store.engine import Store
from tests.kpi.ground import account, dossiers
from tests.truth import Truth
from tests.truth_deals import VAGUE, DealsTruth

OUTCOMES = {"won": "won", "lost": "lost"}
STAGES = {
    word: Stage(id=word, name=word, pipeline_id="100", outcome=OUTCOMES.get(word, "open"), sort=sort)  # type: ignore[arg-type]
    for sort, word in enumerate(h.STAGES)
}


@pytest.fixture(scope="module")
def company() -> h.Company:
    return build()


def rules(company: h.Company) -> Rules:
    return Rules(
        sales_pipelines=company.sales_pipelines,
        junk_reasons=(company.junk_reason,),
        other_reasons=VAGUE,
        qualified_stages=("proposal",),
        quote_stage="proposal",
        key_steps=("contacted > proposal",),
        step_window_days=14,
        return_days=30,
        reactivation_days=20,
        stuck_after_days=3,
    )


def sales(company: h.Company) -> Sales:
    names = {"100": "Продажи", "101": "Допродажи", "102": "Сервис"}
    return compile(
        rules(company),
        zone=company.zone,
        currency=company.currency,
        pipelines={id: Pipeline(id=id, name=name) for id, name in names.items()},
        stages=STAGES,
        loss_reasons={name: LossReason(id=name, name=name) for name in (company.junk_reason, *VAGUE)},
        rates=Rates.of([], {currency: rate for currency, rate in company.rates}),  # type: ignore[misc]
        user_ids=(),
    )


def filled(store: Store, company: h.Company) -> int:
    """The account with all facts, watched to the end."""
    found = {dossier.key: derive(dossier, sales(company)) for dossier in dossiers(company, company.end)}
    people = [
        User(id=str(x.user), name=x.name, team_ids=(str(x.team),)) for x in company.happenings if isinstance(x, h.Hired)
    ]
    with store.write() as conn:
        number = account(conn, users=people)
        facts.replace(conn, number, found, known_at=0)
        cursors.advance(conn, number, "deal", cursor="", told_at=to_ms(company.end), rows=0)
        cursors.finish(conn, number, "deal", now=0)  # from then on what stands is seen
    return number


def test_every_kpi_of_deals_of_everyone_in_every_month(store: Store, company: h.Company) -> None:
    truth = Truth(company, company.end)
    values = DealsTruth(truth).values
    number, now, known = filled(store, company), to_ms(company.end), rules(company)
    found: dict[tuple[str, int, str], Any] = {}
    with store.read() as conn:
        for month in truth.months():
            told = report(conn, number, Period.parse(month), zone=company.zone, now=now, rules=known)
            found |= {(result.kpi, int(user), month): result for user, result in told.of("user")}
    wrong = {key: (found[key], true) for key, true in values.items() if not same(found[key].value, true)}
    assert not wrong
    filled_in = {kpi for (kpi, _, _), value in values.items() if value}
    assert len(values) > 500
    assert filled_in == {kpi for kpi, _, _ in values}, "each has something to get wrong"


def same(value: Any, true: Any) -> bool:
    if value is None or true is None:
        return value is true
    return abs(Fraction(value) - true) < Fraction(1, 10**9)
