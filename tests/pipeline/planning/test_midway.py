"""Plans of a running month: measured until this morning, drawn to its end, told where the past vouches."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connector.kpi.catalogue import ALL
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.planning import midway
from connector.pipeline.planning.ahead import with_chances
from connector.pipeline.planning.midway import insides
from connector.pipeline.planning.plans import agree, people_plans
from connector.pipeline.planning.trying import try_all
from connector.pipeline.showing import shown
from connector.records import Absence
from connector.result import Plan
from connector.store.clock import absences
from connector.store.engine import Store
from connector.targets.backtest import Backtest
from connector.targets.planning.prorating import Prorated
from connector.targets.planning.telling import people as telling
from connector.targets.telling import backtest_text
from connector.targets.telling import tested_json as json_of
from connector.web import locale
from connector.web.views import plan as plan_view
from connector.web.views.board import board
from connector.web.views.figures import Pen
from tests.pipeline.months import at
from tests.pipeline.objections import half_a_year

SEPTEMBER, OCTOBER = Period.parse("2026-09"), Period.parse("2026-10")
PLANS = {"revenue": "400000", "won_deals": "6", "win_rate": "0.3", "average_deal": "45000", "median_deal": "5"}


@pytest.fixture
def bench(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch) -> Workbench:
    """The pretended half year is too short for its trials to vouch: here they are taken to."""
    month = half_a_year(sqlite_store, "2026-09-18T09:00")
    for period in (SEPTEMBER, OCTOBER):
        for kpi, value in PLANS.items():
            agree(month.bench, Plan(subject="user:501", kpi=kpi, period=period.label, value=Decimal(value)))
    monkeypatch.setattr(Backtest, "vouches", property(lambda told: True))
    return month.bench


def test_what_is_done_before_this_morning_is_the_least_that_can_come(bench: Workbench) -> None:
    with bench.store.read() as conn:
        found = insides(bench, conn, [ALL[key] for key in PLANS], SEPTEMBER)
    assert set(found) == {"won_deals", "win_rate", "average_deal"}, "revenue has a model of its own, medians have none"
    with bench.store.read() as conn:
        done = midway._done(bench, conn, [ALL["won_deals"]], SEPTEMBER, at("2026-09-18T00:00").date())["won_deals"]
    assert done["502"].hits > 0
    assert all(found["won_deals"].drawn[user].min() >= tally.hits for user, tally in done.items())
    assert {cut for one in found.values() for cut, _ in one.trials} == {0.3, 0.6}


def test_it_is_looked_at_once_a_local_day(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    with bench.store.read() as conn:
        first = insides(bench, conn, [ALL["won_deals"]], SEPTEMBER)
        monkeypatch.setattr(midway, "_learned", None)
        monkeypatch.setattr(midway, "_done", None)
        assert insides(bench, conn, [ALL["won_deals"]], SEPTEMBER)["won_deals"] is first["won_deals"]


@pytest.mark.parametrize(("period", "told"), [(SEPTEMBER, True), (OCTOBER, True), (Period.parse("2026-08"), False)])
def test_a_person_s_plans_have_their_chances_and_classes(bench: Workbench, period: Period, told: bool) -> None:
    [anna] = with_chances(bench, period, people_plans(bench, period, user="501"))
    known = {row.kpi.key: row.ahead for row in anna.rows if row.ahead is not None}
    assert set(known) == ({"revenue", "won_deals", "win_rate", "average_deal"} if told else set())
    for one in known.values():
        assert one.low <= one.middle <= one.high and 0 <= one.chance <= 1
    text, machine = telling.as_text([anna], "en"), telling.as_json(anna)
    assert ("Chance" in text) is told
    assert {row["kpi"] for row in machine["kpis"] if row["chance"] is not None} == set(known)
    assert all((row["class"] is None) == (row["forecast_80"] is None) for row in machine["kpis"])


def test_what_they_were_worth_is_told(bench: Workbench) -> None:
    found = try_all(bench, OCTOBER, kpis=["won_deals", "median_deal"])
    assert {key: [cut for cut, _ in tried] for key, tried in found.insides.items()} == {"won_deals": [0.3, 0.6]}
    for language, said in (("ru", "внутри месяца, прошло 60"), ("en", "within the month, 60")):
        assert backtest_text(found, language).count(said) == 1  # type: ignore[arg-type]
    told = {one["kpi"]: one["inside"] for one in json_of(found)["kpis"]}
    assert told["median_deal"] == [] and [one["cut"] for one in told["won_deals"]] == [0.3, 0.6]
    assert all(one["n"] > 0 and one["scores"][1]["method"] == "run_rate" for one in told["won_deals"])


def test_without_a_past_that_vouches_there_is_none(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Backtest, "vouches", property(lambda told: False))
    [anna] = with_chances(bench, SEPTEMBER, people_plans(bench, SEPTEMBER, user="501"))
    assert all(row.ahead is None for row in anna.rows)
    assert "Chance" not in telling.as_text([anna], "en")


def test_pages_tell_them_beside_the_fact(bench: Workbench) -> None:
    seen = shown(bench, SEPTEMBER)
    pen = Pen.of(seen.report, "en")
    lines = plan_view.others(seen, "user:501", pen)
    assert {one.title for one in lines} == {ALL[key].title("en") for key in ("won_deals", "win_rate", "average_deal")}
    assert all("–" in one.forecast and one.chance and one.kind and one.href for one in lines)
    assert plan_view.others(seen, "user:502", pen) == ()
    told = {line.name: line.others for line in board(seen, ["501", "502"], ["700"], [], "en").people}
    assert lines in told.values()
    assert shown(bench, OCTOBER).insides == {}


@pytest.mark.parametrize(("first", "last"), [(1, 11), (1, 30), (14, 30)])
def test_pages_hold_him_against_what_his_days_leave_as_the_plans_do(bench: Workbench, first: int, last: int) -> None:
    away = Absence.of("501", "vacation", SEPTEMBER.start.replace(day=first), SEPTEMBER.start.replace(day=last))
    with bench.store.write() as conn:
        absences.take(conn, bench.account, [away], source="csv", now=bench.now())
    [anna] = with_chances(bench, SEPTEMBER, people_plans(bench, SEPTEMBER, user="501"))
    rows, seen = {row.kpi.key: row for row in anna.rows}, shown(bench, SEPTEMBER)
    pen = Pen.of(seen.report, "en")
    lines = {one.href: one for one in plan_view.others(seen, "user:501", pen)}
    for key in PLANS:
        found, ahead = lines.get(pen.href(key, "user:501")), rows[key].ahead
        assert (found is None) == (ahead is None or key == "revenue"), key
        if found is not None and ahead is not None:
            assert found.chance == plan_view.chance(ahead.chance, "en")
            assert found.by_days == by_days(rows[key].prorated, "6")
    block, row = plan_view.block(seen, "user:501", pen, "revenue"), rows["revenue"]
    assert block is not None and row.prorated is not None and row.prorated.value < 400_000
    pace, own = seen.paces["user:501", "revenue"], row.own_pace
    assert pace.plan == row.prorated.value
    assert own is None or (pace.expected, pace.per_day) == (own.expected, own.per_day)
    assert block.by_days == by_days(row.prorated, locale.figure(Decimal(400_000), "money", pen.currency, "en"))
    assert ("501" in seen.outlooks) is (pace.plan > 0), "nothing is expected of whom no day is left"


def by_days(less: Prorated | None, full: str) -> str:
    return "" if less is None else f"by the days worked: {less.days} of {less.whole}; agreed: {full}"
