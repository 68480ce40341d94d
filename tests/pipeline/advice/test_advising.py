"""From facts to advice on both databases: the article's example, the same on every run, and what is refused."""

from __future__ import annotations

import re
from decimal import Decimal

import pytest

from connector.advice.diagnosis.gap import FACTORS
from connector.advice.recommendation import json_of as recommend_json
from connector.advice.recommendation import telling as recommend_telling
from connector.errors import BadConfig
from connector.moment import Period
from connector.pipeline.advice.advising import advise_people, try_factor
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.asked import enquiries, monthly
from connector.store.asked.enquiries import Span
from connector.store.engine import Store
from connector.targets.series import months_before
from tests.pipeline.objections import half_a_year

OCTOBER = Period.parse("2026-10")


def test_weak_objection_handling_becomes_the_kpi_to_set(store: Store) -> None:
    """The article: trouble with objections, so raise the share of successful calls with objections handled."""
    bench = half_a_year(store).bench
    told = advise_people(bench, OCTOBER)
    anna, others = told.people[0], told.people[1:]
    assert (anna.name, anna.team) == ("Анна", "Все")
    [weak] = [one for one in anna.chosen if one.candidate.kpi.key == "objection_handling"]
    assert (weak.role, weak.candidate.verdict.finding) == ("grow", "confirmed")
    assert weak.candidate.now < 0.35 < 0.6 < weak.candidate.team
    assert weak.candidate.now < weak.candidate.target.value < weak.candidate.team
    effect = weak.candidate.effect
    assert effect is not None
    assert effect.tie
    assert 0 < effect.low <= effect.minor <= effect.high
    proofs = (anna.evidence or {})["objection_handling"]
    assert len(proofs) == 5
    assert all("возражение" in proof.text and "deal" in proof.link for proof in proofs)
    assert not any(
        one.role == "grow" and one.candidate.kpi.key == "objection_handling" for some in others for one in some.chosen
    )
    for person in told.people:
        assert sum(one.weight for one in person.chosen) == 100
        assert sum(part.minor for part in person.diagnosis.parts) == person.diagnosis.gap
        assert len(person.chosen) <= 5
    text = recommend_telling.as_text(told)
    assert "поднять долю успешных звонков с отработкой возражений" in text
    assert "это связь, не доказанная причина" in text
    assert "raise the share of successful calls with objections handled" in recommend_telling.as_text(told, "en")
    assert advise_people(bench, OCTOBER) == told
    assert recommend_json.as_json(told)["people"][0]["set"][0]["kpi"] == "revenue"


def test_the_days_to_come_of_a_running_month_are_not_worked(sqlite_store: Store) -> None:
    """In the middle of September, October is advised on: enquiries a day are those of the days that are over.

    Two a day for three people are 0.93 a working day; with September's other days as worked it would be 0.83.
    """
    bench = half_a_year(sqlite_store, "2026-09-11T20:00").bench
    anna = advise_people(bench, OCTOBER, user="501").people[0].diagnosis.estimate
    assert anna.own.leads == pytest.approx(0.93, abs=0.05)


def test_a_plan_is_a_second_reference(sqlite_store: Store) -> None:
    bench = half_a_year(sqlite_store).bench
    some = [
        Plan(subject="user:501", kpi=kpi, period="2026-10", value=value)
        for kpi, value in (("revenue", 2_000_000), ("average_deal", 60_000))
    ]
    with bench.store.write() as conn:
        plans.add(conn, bench.account, some, now=bench.now())
    anna, boris = advise_people(bench, OCTOBER).people[:2]
    assert boris.against_plan is None
    told = anna.against_plan
    assert told is not None
    assert sum(part.minor for part in told.parts) == told.gap > 0
    assert told.reference.size == 60_000
    assert {part.factor for part in told.parts if part.minor} == {"leads", "size"}
    assert told.wanted == pytest.approx(2_000_000)


def test_what_is_missing_to_a_plan_is_the_plan_less_what_is_expected(sqlite_store: Store) -> None:
    """Of revenue as its plan is told, before refunds; what is written adds up, and more is never told as a loss."""
    bench = half_a_year(sqlite_store).bench
    with bench.store.write() as conn:
        plan = Plan(subject="user:501", kpi="revenue", period="2026-10", value=Decimal(2_000_000))
        plans.add(conn, bench.account, [plan], now=bench.now())
    told = advise_people(bench, OCTOBER, user="501")
    anna = told.people[0]
    expected = next(one.candidate.now for one in anna.chosen if one.role == "result")
    assert anna.diagnosis.estimate.own.kept < 1, "some of it goes back"
    assert anna.against_plan is not None
    assert anna.against_plan.gap == pytest.approx((2_000_000 - expected) * 100, abs=1)
    text = recommend_telling.as_text(told, "en")
    line = next(one for one in text.splitlines() if "own plan" in one)
    plan_told, mean, short, leads = (int(one.replace(",", "")) for one in re.findall(r"RUB ([\d,]+\d)", line))
    assert (plan_told, mean + short, leads) == (2_000_000, 2_000_000, short)
    assert re.search(r"enquiries a day ([\d.]+) \(the plan takes ([\d.]+)\), −RUB", line), line
    assert mean == pytest.approx(expected, abs=5_000)
    assert " is expected on average, weight" in text


def test_one_factor_moved(sqlite_store: Store) -> None:
    bench = half_a_year(sqlite_store).bench
    told = try_factor(bench, OCTOBER, "анна", "conversion", 0.5)
    assert 0 < told.effect.low < told.effect.minor < told.effect.high
    assert told.effect.deals is not None
    same = try_factor(bench, OCTOBER, "501", "conversion", told.now)
    assert (same.effect.minor, same.effect.low, same.effect.high) == (0, 0, 0)
    assert "Анна, октябрь 2026: конверсия в продажу" in recommend_telling.what_if_text(told)
    assert recommend_json.what_if_json(told)["effect"]["minor"] == told.effect.minor


@pytest.mark.parametrize(
    ("period", "user", "says"),
    [
        ("2026-W40", None, "advice is for a month"),
        ("2026-10", "Жора", "there are: Анна (501)"),
        ("2024-01", None, "won"),
    ],
)
def test_what_cannot_be_advised(sqlite_store: Store, period: str, user: str | None, says: str) -> None:
    bench = half_a_year(sqlite_store).bench
    with pytest.raises(BadConfig, match=says.replace("(", r"\(").replace(")", r"\)")):
        advise_people(bench, Period.parse(period), user=user)


@pytest.mark.parametrize(("factor", "value"), [("luck", 1), ("conversion", 1.5), ("size", 0), ("leads", float("nan"))])
def test_what_cannot_be_tried(sqlite_store: Store, factor: str, value: float) -> None:
    bench = half_a_year(sqlite_store).bench
    with pytest.raises(BadConfig):
        try_factor(bench, OCTOBER, "501", factor, value)
    assert set(FACTORS) == {"leads", "contact", "conversion", "size", "kept"}


def test_what_is_read(store: Store) -> None:
    """Two databases count alike: answered of judged, refunded of won, ripe ones, good conversations."""
    bench = half_a_year(store).bench
    span = Span.of(bench.account, months_before("2026-10", 6), bench.now())
    with bench.store.read() as conn:
        answered = enquiries.answered(conn, span)
        back, part = enquiries.refunded(conn, span)
        ripe = enquiries.ripe(conn, span)
        good = enquiries.done_well(conn, span, "objection", 0.8)
        quick = enquiries.in_norm(conn, span, 900)
        amounts = enquiries.amounts(conn, span)
        won = monthly.wins(conn, bench.account, span.first, span.end, as_of=None)
    assert sum(one.n for one in answered) == 360
    assert 0.8 < sum(one.hits for one in answered) / 360 < 1
    assert sum(one.n for one in back) == len(won)
    assert 0.45 < part <= 0.51
    assert len(good) == len(amounts) == len(quick) == 360
    assert {one.record for one in ripe} <= quick.keys()
