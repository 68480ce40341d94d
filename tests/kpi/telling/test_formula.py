"""The texts follow the definition: what it says is said, what changes in it changes in them."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config import Rules
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Measure, Where
from connector.kpi.evaluate import evaluate
from connector.kpi.fold import gather
from connector.kpi.telling.formula import formula, reasons, settings
from connector.kpi.telling.words import REASONS
from tests.kpi.ground import LIMITS, Row
from tests.kpi.test_measure import some

FORMULAS = {
    "revenue": "total amount of wins",
    "average_deal": "total amount of wins [amount > 0] / number of wins [amount > 0]",
    "plan_attainment": "total amount of wins / plan (revenue)",
    "new_clients": "number of wins [the client's purchase number = 1]",
    "calls": "number of outgoing calls + number of answered incoming calls",
    "calls_to_deals": "number of wins / (number of outgoing calls + number of answered incoming calls)",
    "win_rate": "number of wins / (number of wins + number of losses)",
    "lead_response_minutes": (
        "(median (working seconds until the answer) of enquiries and enquiries handed over "
        "[working seconds until the answer ≥ 0]; where more than 5 % wait: median by Kaplan-Meier "
        "(working seconds until the answer) of enquiries and enquiries handed over, the unfinished still waiting) / 60"
    ),
    "lead_answered_in_norm": (
        "number of enquiries and enquiries handed over [working seconds until the answer ≤ lead_norm_seconds] / "
        "(number of enquiries and enquiries handed over [working seconds until the answer ≥ 0] + "
        "number of enquiries and enquiries handed over "
        "[working seconds until the answer: none yet, end of the norm ≤ the report's moment])"
    ),
    "revenue_per_day": "total amount of wins / days worked",
    "calls_per_day": "(number of outgoing calls + number of answered incoming calls) / days worked",
    "meetings_per_day": "number of meetings held / days worked",
    "plan_coverage": "total amount of open deals / what is left of the plan (revenue)",
    "lead_response_p90": (
        "90th percentile (working seconds until the answer) of enquiries and enquiries handed over "
        "[working seconds until the answer ≥ 0] / 60"
    ),
    "deal_cycle_estimate": (
        "median by Kaplan-Meier (seconds until it was closed) of deals created, the unfinished still waiting / 86400"
    ),
    "overdue_task_share": "number of open tasks [deadline ≤ the report's moment] / number of open tasks",
    "refund_share": "total amount of refunds [day of the refund ≤ the report's moment] / total amount of wins",
}


@pytest.mark.parametrize(("key", "text"), FORMULAS.items())
def test_the_formula_is_what_the_definition_says(key: str, text: str) -> None:
    assert formula(ALL[key], "en") == text


def test_no_two_definitions_read_the_same() -> None:
    for language in ("ru", "en"):
        assert len({formula(kpi, language) for kpi in ALL.values()}) == len(ALL)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        Measure(("loss",)),
        Measure(("win", "loss")),
        Measure(("win",), take="sum"),
        Measure(("win",), take="sum", of="number"),
        Measure(("win",), take="quantile"),
        Measure(("win",), take="clients"),
        Measure(("win",), (Where("amount", "ge", 0),)),
        Measure(("win",), (Where("amount", "gt", 0),)),
        Measure(("win",), (Where("amount", "gt", 1),)),
        Measure(("win",), (Where("number", "gt", 0),)),
        Measure(("win",), (Where("amount", "unknown"),)),
    ],
)
def test_another_definition_is_another_text(other: Measure) -> None:
    texts = {formula(replace(ALL["won_deals"], top=(one,)), "ru") for one in (*ALL["won_deals"].top, other)}
    assert len(texts) == 2


@pytest.mark.parametrize(
    ("key", "codes"),
    [
        ("revenue", ("no_source", "no_deals", "no_rate")),
        ("average_deal", ("no_source", "no_deals", "few_data", "no_rate")),
        ("median_deal", ("no_source", "no_deals", "few_data", "no_rate")),
        ("plan_attainment", ("no_source", "no_plan", "no_rate")),
        ("meetings", ("no_source", "no_meetings")),
        ("refund_share", ("no_source", "no_deals", "few_data", "no_rate")),
    ],
)
def test_the_reasons_there_can_be(key: str, codes: tuple[str, ...]) -> None:
    assert reasons(ALL[key]) == codes


@given(st.sampled_from(sorted(ALL)), st.integers(0, 10**6), st.integers(0, 60))
def test_no_value_has_a_reason_that_is_not_listed(key: str, seed: int, count: int) -> None:
    kpi, facts = ALL[key], [Row(told) for told in some(random.Random(seed), count) if told.omitted is None]
    result = evaluate(kpi, "user:1", "2026-09", gather(kpi, facts, LIMITS), currency="RUB")
    assert result.reason is None or result.reason in reasons(kpi)
    assert set(reasons(kpi)) <= set(REASONS)


def test_settings_are_the_thresholds_it_names() -> None:
    assert settings(ALL["lead_answered_in_norm"]) == {"lead_norm_seconds": 900}
    assert settings(ALL["lead_answered_in_norm"], Rules(lead_norm_minutes=5)) == {"lead_norm_seconds": 300}
    assert settings(ALL["refund_share"]) == {}
