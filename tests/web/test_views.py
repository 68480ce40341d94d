"""What pages make of values: red only on evidence, five numbers at most, charts that say what their proof says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.official import official_explanation
from connector.pipeline.showing import PLANNED, Shown, months_of, running_month, shown
from connector.result import Result
from connector.targets.forecast import Forecast
from connector.targets.outlook import Morning, Outlook
from connector.web import locale
from connector.web.views import charts, plan
from connector.web.views.board import board
from connector.web.views.figures import Pen
from connector.web.views.person import MOST, PROCESS, Beside, TodayLine, headline, person_page
from connector.web.views.summary import summary
from tests.web.ground import ADMIN, ANNA, BORIS, HEAD

SEPTEMBER = Period.parse("2026-09")


@pytest.fixture(scope="module")
def seen(company: Workbench) -> Shown:
    return shown(company, SEPTEMBER)


def outlook(*, high: float, surprise: float, chance: float = 0.02) -> Outlook:
    """This morning and the last, alike."""
    morning = Morning(0.7, 3000.0, 3, Forecast(3000.0, 4000.0, high, chance, 0.7), surprise)
    return Outlook(10000.0, morning, morning, own=True)


def block(seen: Shown, ahead: Outlook | None) -> plan.PlanBlock:
    pen = Pen({kpi.key: kpi for kpi in seen.report.kpis}, "RUB", "en", "2026-09")
    with_it = replace(seen, outlooks={} if ahead is None else {ANNA: ahead})
    found = plan.block(with_it, f"user:{ANNA}", pen, PLANNED)
    assert found is not None
    return found


def test_a_team_measured_by_its_peoples_plans_attains_what_its_kpi_says(seen: Shown) -> None:
    """Only Anna has a plan: Boris' sales are nobody's attainment, on the board as in the report (rule C9)."""
    said = {who: one for (who, kpi), one in seen.results.items() if kpi == "plan_attainment" and one.value is not None}
    teams = [who for who in said if who.startswith("team:")]
    assert teams
    for who in teams:
        attained = seen.paces[who, "revenue"].attainment
        assert attained is not None and float(attained) == pytest.approx(float(said[who].value or 0))
    for line in summary(seen, "en").lines:
        assert line.attained in (locale.NONE, "30.0%")


def test_red_only_where_chance_does_not_explain_it(seen: Shown) -> None:
    assert block(seen, outlook(high=5000, surprise=0.001)).behind
    unknown = block(seen, None)
    assert (unknown.behind, unknown.note) == (False, unknown.note) and "may well be chance" in unknown.note
    lucky = block(seen, outlook(high=5000, surprise=0.1))
    assert not lucky.behind and "early to judge" in lucky.note
    reachable = block(seen, outlook(high=11000, surprise=0.001, chance=0.15))
    assert not reachable.behind
    hopeless = block(seen, outlook(high=5000, surprise=0.4))
    assert not hopeless.behind and "talk about the plan" in hopeless.note


def test_a_plan_tells_what_is_left_for_each_day(seen: Shown) -> None:
    told = block(seen, outlook(high=8123, surprise=0.2, chance=0.34))
    assert (told.fact, told.plan, told.left) == ("3,000\u00a0₽", "10,000\u00a0₽", "7,000\u00a0₽")
    assert told.attained == "30.0%" and told.per_day and told.chance == "35%"
    assert told.forecast == "3,000\u00a0₽–8,120\u00a0₽"
    assert block(seen, outlook(high=8123, surprise=0.2, chance=0.01)).chance == "below 5%"
    assert 0.29 < told.share < 0.31 and 0 < told.gone < 1


def test_five_numbers_at_most_and_the_agreed_ones_first() -> None:
    keys = [PLANNED, "calls", "meetings", "new_deals", "quotes", "won_deals", *PROCESS, "win_rate", "csat"]
    results = {
        key: Result(kpi=key, subject="user:1", period="2026-09", unit="count", value=Decimal(1), n=1) for key in keys
    }
    assert headline(results, []) == [PLANNED, PROCESS[0], "win_rate", "csat"]
    assert headline(results, ["calls", "meetings"])[:3] == [PLANNED, "calls", "meetings"]
    assert len(headline(results, ["calls", "meetings", "new_deals", "quotes", "won_deals"])) == MOST
    dark = {key: replace_reason(one) for key, one in results.items() if key != PLANNED} | {PLANNED: results[PLANNED]}
    assert headline(dark, []) == [PLANNED]


def replace_reason(one: Result) -> Result:
    return Result(kpi=one.kpi, subject=one.subject, period=one.period, unit="count", value=None, reason="no_source")


def test_who_is_behind_comes_first_and_nobody_is_ranked(seen: Shown) -> None:
    told = board(
        replace(seen, outlooks={ANNA: outlook(high=5000, surprise=0.001)}), [BORIS, ANNA, HEAD], ["700"], (), "en"
    )
    assert [line.name for line in told.people] == ["Anna", seen.everyone.users[BORIS]]
    assert [line.plan.behind for line in told.people if line.plan] == [True]
    calm = board(seen, [ANNA, BORIS], [], (), "en")
    assert [line.name for line in calm.people] == sorted(line.name for line in calm.people)


def test_the_line_ends_where_the_number_is(seen: Shown, company: Workbench) -> None:
    proof = official_explanation(company, PLANNED, SEPTEMBER, user=ANNA)
    drawn = charts.pace_chart(seen, f"user:{ANNA}", proof, company.calendar(), "en")
    until = [value for value in drawn["fact"] if value is not None]
    assert until[-1] == float(seen.results[f"user:{ANNA}", PLANNED].value or 0) == 3000.0
    assert len(until) == seen.today.day and len(drawn["labels"]) == 30
    assert drawn["plan"][-1] == 10000.0 and drawn["plan"] == sorted(drawn["plan"])
    assert drawn["band"] is None and len(drawn["table"]["rows"]) == 30


def test_a_trend_and_a_comparison_have_their_intervals(company: Workbench, seen: Shown) -> None:
    kpi = next(one for one in seen.report.kpis if one.key == "win_rate")
    periods = (Period.parse("2026-08"), SEPTEMBER)
    results = months_of(company, ("win_rate",), periods)[f"user:{ANNA}"]
    drawn = charts.trend_chart(results, kpi, "RUB", "en")
    assert drawn["labels"] == ["Aug", "Sep"] and drawn["values"] == [None, 100.0]
    assert drawn["low"][1] < 100 <= drawn["high"][1]
    assert (drawn["unit"], charts.trend_chart(results, kpi, "RUB", "ru")["unit"]) == (["", "%"], ["", "\u00a0%"])
    found = {ANNA: seen.results[f"user:{ANNA}", "win_rate"], BORIS: seen.results[f"user:{BORIS}", "win_rate"]}
    beside = charts.compare_chart(found, seen.everyone.users, kpi, "RUB", "en")
    assert len(beside["labels"]) == len(beside["values"]) == len(beside["table"]["rows"]) == 2


def test_the_running_month_is_the_accounts(company: Workbench) -> None:
    assert running_month(company) == Period.month(from_ms(company.now()).date()) == SEPTEMBER


def test_on_the_first_of_a_month_a_teams_people_are_seen_before_they_have_a_plan_or_a_sale(seen: Shown) -> None:
    """Whoever leads a team, and whoever is in none, is no seller whose plan is missing."""
    first = replace(seen, results={}, paces={}, plans={}, outlooks={})
    told = board(first, [ANNA, BORIS, HEAD, ADMIN], [], (), "en", {ANNA, ADMIN})
    assert [(line.plan, bool(line.edit)) for line in told.people] == [(None, False), (None, True)]
    assert [name for name, _ in told.unplanned] == ["Admin"]
    over = replace(first, now=first.now + timedelta(days=40))
    assert not board(over, [ANNA, BORIS], [], (), "en").people, "a month that is over has no seller to wait for"


@pytest.mark.parametrize(("days", "young"), [(1, True), (3, True), (4, False), (29, False), (40, False)])
def test_a_board_of_a_month_that_has_hardly_begun_says_that_it_judges_nobody(
    seen: Shown, days: int, young: bool
) -> None:
    at = datetime(2026, 9, 1, 9, tzinfo=UTC) + timedelta(days=days - 1)
    early = replace(seen, now=at)
    told = board(early, [ANNA, BORIS], [], (), "en").young
    assert told == (f"Day {days} of the month: too little data to judge anybody yet." if young else "")


def test_on_a_day_off_each_working_day_to_come_is_told(seen: Shown, company: Workbench) -> None:
    proof = official_explanation(company, PLANNED, SEPTEMBER, user=ANNA)
    off, on = (
        person_page(seen, ANNA, proof, Beside((), (), (), (), day=day), own=True, language="en")
        for day in (None, {PLANNED: Decimal(80)})
    )
    assert (off.today, off.working) == ((TodayLine("Revenue", "875 ₽".replace(" ", "\u00a0")),), False)
    assert on.working and [line.note for line in on.today] == ["80\u00a0₽ of 885\u00a0₽ done"]
