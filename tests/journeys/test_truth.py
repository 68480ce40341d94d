"""Every KPI equals the planted truth, for every seller and month, on both CRMs and both databases."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import report_of
from connector.pipeline.reading import sweep_and_derive, sync_and_derive
from connector.pretend.company import LEAVER, watch
from connector.pretend.happenings import Company
from connector.pretend.people import SELLERS
from tests.journeys.conftest import Open
from tests.truth import Key, Truth, Value, public

WAYS = [
    pytest.param("amocrm", {"filter_on": True}, id="amocrm with the paid filter"),
    pytest.param("amocrm", {"filter_on": False}, id="amocrm with the filter ignored"),
    pytest.param("bitrix24", {"mode": "classic"}, id="bitrix24 with leads"),
    pytest.param("bitrix24", {"mode": "simple"}, id="bitrix24 without leads"),
]


def plans(truth_months: list[str]) -> dict[tuple[int, str], int]:
    return {(seller.id, month): seller.plan for seller in SELLERS for month in truth_months}


def measured(bench: Workbench, months: list[str]) -> dict[Key, Any]:
    found: dict[Key, Any] = {}
    for month in months:
        for result in report_of(bench, Period.parse(month)).results:
            kind, _, subject = result.subject.partition(":")
            if kind == "user":
                found[result.kpi, int(subject), month] = result.value
    return found


def agrees(value: Decimal | None, true: Value) -> bool:
    """Exact, but for the places in which a quotient is written."""
    if value is None or true is None:
        return value is None and true is None
    return abs(Fraction(value) - true) <= Fraction(1, 10**6)


def left_and_did_nothing(key: Key, true: Value) -> bool:
    """Who left the company is in no report of a month in which nothing of his is counted."""
    return key[1] == LEAVER and not true


@pytest.mark.parametrize(("provider", "switches"), WAYS)
def test_every_kpi_of_everyone_in_every_month(
    journey: Open, plan: Company, provider: str, switches: dict[str, Any]
) -> None:
    observes = provider == "bitrix24"
    looks = [*watch(plan), plan.end] if observes else [plan.end - timedelta(minutes=1), plan.end]
    box, bench = journey(provider, now=looks[0], **switches)
    for moment in looks:  # what stands at the end is known where somebody looked before
        box.advance(moment)
        sync_and_derive(bench)
        if observes:
            sweep_and_derive(bench)
    truth = Truth(plan, plan.end, plans(Truth(plan, plan.end).months()))
    found = measured(bench, truth.months())
    wrong = {
        key: (found.get(key, "not reported"), true and float(true))
        for key, true in public(truth).items()
        if not (agrees(found[key], true) if key in found else left_and_did_nothing(key, true))
    }
    assert not wrong, f"{len(wrong)} of {len(public(truth))} differ: {dict(list(wrong.items())[:25])}"
