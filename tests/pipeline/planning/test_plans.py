"""A person's set with plans, facts and pace, as pages and the command line get it; and what the check says of it."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest

from connector.config import AccountSettings
from connector.errors import BadConfig
from connector.kpi.catalogue import ALL
from connector.moment import Period, to_ms
from connector.pipeline.closing import close_month
from connector.pipeline.planning.check import check_plans
from connector.pipeline.planning.likely import suggest_all
from connector.pipeline.planning.plans import agree, cascade_of, history_told, people_plans, person_plan, sets_told
from connector.records import Absence, Pipeline, User
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.clock import absences
from connector.store.engine import Store
from connector.targets.backtest import Backtest
from connector.targets.planning.person import PlannedKpi
from connector.targets.planning.telling import people as telling
from connector.targets.planning.telling import trees
from connector.targets.telling import as_json, as_text
from tests.kpi.ground import fact, save, win
from tests.late import slip_in
from tests.pipeline.months import AUGUST, SEPTEMBER, Month, at
from tests.pipeline.objections import half_a_year

RETAIL = {
    "name": "Розница",
    "goal": "Выручка +20 %",
    "teams": ["Розница"],
    "kpis": {"revenue": 50, "outgoing_calls": 20, "win_rate": 30},
}
FACTS = [
    win(600, when="2026-08-10T12:00", key="win|deal:1", deal="1", pipeline="11"),
    win(300, when="2026-08-11T12:00", key="win|deal:2", deal="2", pipeline="12"),
    fact("loss", when="2026-08-12T12:00", key="loss|deal:3", deal="3"),
    *[fact("call_out", "2026-08-13T12:00", number=90, call=str(n), key=f"call_out|call:{n}") for n in range(40)],
]


def configure(month: Month, *sets: dict[str, Any], **more: Any) -> None:
    told = month.settings().model_dump(mode="json", by_alias=True) | {"kpi_set": list(sets)} | more
    month.bench.settings = AccountSettings.model_validate(told)


def plan(value: float, kpi: str = "revenue", who: str = "user:501", **more: str) -> Plan:
    return Plan(subject=who, kpi=kpi, period="2026-08", value=Decimal(str(value)), **more)


@pytest.fixture
def month(sqlite_store: Store) -> Month:
    """The middle of August: 11 of 21 working days are over on the evening of the 17th."""
    made = Month(sqlite_store, "2026-08-01T09:00")
    with sqlite_store.write() as conn:
        save(conn, made.bench.account, [Pipeline(id="11", name="Продажи"), Pipeline(id="12", name="Допродажи")])
    for one in (plan(1000), plan(100, "outgoing_calls"), plan(0.5, "win_rate"), plan(500, pipeline="Допродажи")):
        agree(made.bench, one)
    made.learn(FACTS, "2026-08-17T18:00")
    configure(made, RETAIL)
    return made


def rows(month: Month, user: str = "501", period: Period = AUGUST) -> dict[str, PlannedKpi]:
    found = person_plan(month.bench, user, period).rows
    return {row.kpi.key + (f"@{row.pipeline[1]}" if row.pipeline else ""): row for row in found}


def away(month: Month, *some: Absence) -> None:
    with month.bench.store.write() as conn:
        absences.take(conn, month.bench.account, some, source="csv", now=to_ms(month.now))


def test_a_set_stands_in_its_order_and_other_plans_after_it(month: Month) -> None:
    told = person_plan(month.bench, "501", AUGUST)
    assert (told.name, told.running) == ("Анна", True)
    assert told.set is not None
    assert told.set.goal == "Выручка +20 %"
    assert [row.kpi.key for row in told.rows] == ["revenue", "outgoing_calls", "win_rate", "revenue"]
    assert [row.weight for row in told.rows] == [50, 20, 30, None]


def test_fact_attainment_and_pace_of_the_plan_in_force(month: Month) -> None:
    revenue = rows(month)["revenue"]
    assert revenue.result is not None
    assert revenue.pace is not None
    assert (revenue.result.value, revenue.reached(Decimal(1000))) == (900, Decimal("0.9"))
    assert (revenue.pace.days_left, revenue.pace.left) == (11, 100)
    text = telling.as_text([person_plan(month.bench, "501", AUGUST)], "en")
    [line] = [one for one in text.splitlines() if "Revenue" in one and "900" in one and "90.0" in one]
    assert ("working day" in text, line.split("│")[-2].strip()[:1]) == (True, "9"), "a hundred in eleven days"
    assert rows(month)["win_rate"].pace is None


def test_a_plan_of_one_pipeline_is_measured_on_its_facts_alone(month: Month) -> None:
    piped = rows(month)["revenue@Допродажи"]
    assert piped.result is not None
    assert (piped.result.value, piped.current and piped.current.value) == (300, 500)
    assert piped.weight is None


def test_calls_are_of_no_pipeline(month: Month) -> None:
    with pytest.raises(BadConfig, match="its facts are of no pipeline"):
        agree(month.bench, plan(10, "outgoing_calls", pipeline="11"))
    with pytest.raises(BadConfig, match="pipeline 'Нет' is not there; there are: Продажи"):
        agree(month.bench, plan(10, pipeline="Нет"))


def test_a_changed_plan_keeps_its_first_one(month: Month) -> None:
    agree(month.bench, plan(800, author="vera", reason="a client left"))
    revenue = rows(month)["revenue"]
    assert revenue.first is not None
    assert (revenue.first.value, [one.author for one in revenue.versions]) == (1000, ["config", "vera"])
    assert (revenue.reached(Decimal(800)), revenue.reached(revenue.first.value)) == (Decimal("1.125"), Decimal("0.9"))


@pytest.mark.parametrize(
    ("what", "first", "last", "days"),
    [
        ("vacation", "2026-08-03", "2026-08-07", 16),
        ("hired", "2026-08-17", "2026-08-17", 11),
        ("left", "2026-08-14", "2026-08-14", 10),
        ("vacation", "2026-07-01", "2026-08-31", 0),
    ],
)
def test_a_plan_by_the_days_that_can_be_worked(month: Month, what: Any, first: str, last: str, days: int) -> None:
    away(month, Absence.of("501", what, at(f"{first}T00:00").date(), at(f"{last}T00:00").date()))
    less = rows(month)["revenue"].prorated
    assert less is not None
    assert (less.full, less.days, less.whole) == (1000, days, 21)
    assert less.value == round(Decimal(1000) * days / 21, 2)
    assert rows(month)["win_rate"].prorated is None
    configure(month, RETAIL, rules={"prorate_plans": False})
    assert rows(month)["revenue"].prorated is None


def test_who_was_switched_off_has_no_day_left(month: Month) -> None:
    """Nobody said that he left: the day on which the CRM was seen to have let him go is the last of his plan too."""
    gone = User(id="501", name="Анна", team_ids=("700",), active=False)
    with month.bench.store.write() as conn:
        save(conn, month.bench.account, [gone], now=to_ms(at("2026-08-06T12:00")))
    revenue = rows(month)["revenue"]
    assert revenue.prorated is not None and revenue.own_pace is not None
    assert (revenue.prorated.days, revenue.own_pace.share, revenue.own_pace.days_left) == (4, 1, 0)


def test_ones_own_pace_runs_on_ones_own_days(month: Month) -> None:
    """After a week away everything is left to the days that he is there: the plan by days is due by those."""
    away(month, Absence.of("501", "vacation", at("2026-08-03T00:00").date(), at("2026-08-07T00:00").date()))
    revenue = rows(month)["revenue"]
    assert revenue.pace is not None
    assert revenue.own_pace is not None
    assert (revenue.pace.share, revenue.own_pace.share) == (Decimal("0.47619"), Decimal("0.3125"))
    assert revenue.own_pace.plan == revenue.prorated.value if revenue.prorated else False


def test_what_is_left_is_left_to_ones_own_days(month: Month) -> None:
    """Sixty calls in eleven days are six a day; of his plan by days 31.43 in the five that he is there are seven."""
    away(month, Absence.of("501", "vacation", at("2026-08-18T00:00").date(), at("2026-08-25T00:00").date()))
    told = person_plan(month.bench, "501", AUGUST)
    calls = told.rows[1]
    assert calls.pace is not None
    assert calls.own_pace is not None
    assert (calls.pace.days_left, calls.own_pace.days_left) == (11, 5)
    lines = telling.as_text([told], "en").splitlines()
    [line] = [one for one in lines if calls.kpi.title("en") in one]
    assert line.split("│")[-2].strip() == "7"


def test_the_score_of_a_running_month_is_by_pace_and_of_one_that_is_over_by_attainment(month: Month) -> None:
    told = person_plan(month.bench, "501", AUGUST)
    assert told.index is not None
    assert [row.achieved for row in told.rows[:2]] == [
        Decimal("1.2"),
        pytest.approx(Decimal("0.84"), abs=Decimal("0.001")),
    ]
    month.now = at("2026-09-03T09:00")
    month.read()
    over = person_plan(month.bench, "501", AUGUST)
    assert [row.achieved for row in over.rows[:2]] == [Decimal("0.9"), Decimal("0.4")]
    assert over.index is not None
    win_rate = over.rows[2].achieved
    assert win_rate == Decimal("1.2")
    assert over.index.value == Decimal("0.9") * Decimal("0.5") + Decimal("0.4") * Decimal("0.2") + win_rate * Decimal(
        "0.3"
    )


def test_a_closed_month_keeps_the_plan_that_it_was_closed_with(month: Month) -> None:
    month.now = at("2026-09-08T09:00")
    month.read()
    close_month(month.bench, AUGUST, author="x")
    month.now = at("2026-09-20T09:00")
    with month.bench.store.write() as conn:
        slip_in(conn, month.bench.account, plan(1, reason="r"), at=to_ms(month.now))
    revenue = rows(month)["revenue"]
    assert [one.value for one in revenue.versions] == [1000]


def test_everybody_with_a_set_or_a_plan_is_there_by_name(month: Month) -> None:
    assert [one.user for one in people_plans(month.bench, AUGUST)] == ["501"]
    agree(month.bench, plan(10, who="team:700"))
    agree(month.bench, plan(10, who="user:503"))
    assert [one.name for one in people_plans(month.bench, AUGUST)] == ["Анна", "Вера"]
    assert [one.user for one in people_plans(month.bench, AUGUST, team="Опт")] == ["503"]
    assert [one.user for one in people_plans(month.bench, AUGUST, user="борис")] == ["502"]
    with pytest.raises(BadConfig, match="nobody"):
        people_plans(month.bench, AUGUST, user="Никто")
    with pytest.raises(BadConfig, match="only a month"):
        people_plans(month.bench, Period.parse("2026-W33"))


def test_it_is_told_to_people_and_machines(month: Month) -> None:
    agree(month.bench, plan(800, author="vera", reason="a client left"))
    away(month, Absence.of("501", "vacation", at("2026-08-03T00:00").date(), at("2026-08-07T00:00").date()))
    told = person_plan(month.bench, "501", AUGUST)
    text = telling.as_text([told], "en")
    for part in ("Goal: Выручка +20 %", "first: 1,000", "from 800, 16/21 d", "Score of the set: ", "by their pace"):
        assert part in text
    body = json.loads(json.dumps(telling.as_json(told)))
    assert body["kpis"][0]["prorated"] == {"value": "609.52", "from": "800.00", "days": 16, "of_days": 21}
    assert body["kpis"][0]["first_plan"] == "1000.00"
    assert body["kpis"][3]["pipeline"] == {"id": "12", "name": "Допродажи"}


def test_versions_and_sets_are_told(month: Month) -> None:
    agree(month.bench, plan(800, author="vera", reason="a client left"))
    told = history_told(month.bench, AUGUST, user="Анна", kpi="revenue")
    text = trees.history_text(told.plans, told.kpis, told.names, "RUB", "ru", told.zone)
    assert "Анна · Выручка · Допродажи · 2026-08" in text
    assert "  версия 2 · 800,00 · 2026-08-17 21:00 · vera · a client left" in text
    sets = sets_told(month.bench)
    assert "50\u00a0%  Выручка (revenue, финансовый)" in trees.sets_text("a", sets.sets, sets.kpis, sets.names, "ru")


# check


def codes(month: Month) -> set[tuple[str, str, str]]:
    return {(one.grade, one.code, one.kpi) for one in check_plans(month.bench, AUGUST).findings}


def test_the_check_tells_what_is_missing_and_what_does_not_add_up(month: Month) -> None:
    configure(month, RETAIL, {"name": "Ещё", "goal": "g", "teams": ["700"], "kpis": {"csat": 1}})
    agree(month.bench, plan(5000, who="account"))
    agree(month.bench, plan(0.5, "successful_call_share"))
    many = plan(30, "win_rate", "user:502")
    with pytest.raises(BadConfig, match="30 % is written as"):
        agree(month.bench, many)
    with month.bench.store.write() as conn:  # as an earlier version took it
        plans.add(conn, month.bench.account, [many], now=0)
    found = codes(month)
    assert {("error", "two_sets", ""), ("error", "no_family", ""), ("error", "no_counter", "outgoing_calls")} <= found
    assert ("warning", "mismatch", "revenue") in found
    assert ("warning", "no_plan", "revenue") in found
    assert ("error", "share", "win_rate") in found


@pytest.mark.parametrize("key", ["plan_attainment", "plan_coverage"])
def test_what_is_held_against_the_plan_of_another_lacks_that_plan(month: Month, key: str) -> None:
    """Attainment of a plan that nobody agreed on is no KPI; whose revenue is in the set is told of it there."""
    agree(month.bench, plan(0.3, "win_rate", "user:502"))
    configure(month, RETAIL | {"kpis": {key: 50, "win_rate": 50}})
    [said] = [one for one in check_plans(month.bench, AUGUST).findings if one.code == "no_plan"]
    assert (said.kpi, said.text.en) == (key, f"no plan for 2026-08: revenue ({key}): Борис")
    assert said.path == ("kpi_set", 0, "kpis", key)
    agree(month.bench, plan(1000, who="user:502"))
    assert ("warning", "no_plan", key) not in codes(month)
    configure(month, RETAIL | {"kpis": {key: 50, "revenue": 50}})
    agree(month.bench, plan(7, "meetings", "user:503"))
    configure(month, RETAIL | {"teams": [], "all": True, "kpis": {key: 50, "revenue": 50}})
    assert [kpi for _, code, kpi in sorted(codes(month)) if code == "no_plan"] == ["revenue"]


def test_a_configuration_that_is_not_in_force_is_an_error_with_its_place(month: Month) -> None:
    written = [
        {"user": "501", "kpi": "revenue", "period": "2026-08", "value": 1},
        {"user": "Никто", "kpi": "revenue", "period": "2026-08", "value": 1},
        {"user": "501", "kpi": "revenues", "period": "2026-08", "value": 1},
    ]
    configure(month, RETAIL, plan=written)
    found = [one for one in check_plans(month.bench, AUGUST).findings if one.path[:1] == ("plan",)]
    assert [(one.code, one.path) for one in found] == [
        ("refused", ("plan", 0)),
        ("unreadable", ("plan", 1)),
        ("unreadable", ("plan", 2)),
    ]
    assert "a reason is missing" in found[0].text.en and "не названа причина" in found[0].text.ru
    assert "'revenues' — не показатель" in found[2].text.ru


def test_chances_are_of_the_plan_by_the_days_that_are_left(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, month = half_a_year(sqlite_store).bench, Period.parse("2026-10")
    monkeypatch.setattr(Backtest, "vouches", property(lambda told: True))
    agree(bench, Plan(subject="user:501", kpi="revenue", period=month.label, value=Decimal(400_000)))
    (whole,) = [one.text.en for one in check_plans(bench, month).findings if one.code == "chances"]
    away = Absence.of("501", "vacation", month.start, month.end)
    with sqlite_store.write() as conn:
        absences.take(conn, bench.account, [away], source="csv", now=bench.now())
    assert "chances" not in [one.code for one in check_plans(bench, month).findings], f"none of no days: {whole}"


def test_chances_are_only_told_where_the_past_vouches_for_them(month: Month) -> None:
    assert ("note", "not_vouched", "") in codes(month)


def test_a_plan_beyond_reach_and_one_that_anybody_reaches_are_told_with_their_chance(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The pretended half year is too short for its backtest to vouch: here it is taken to."""
    bench = half_a_year(sqlite_store).bench
    month = Period.parse("2026-10")
    for user, value in (("501", 30_000_000), ("502", 50_000), ("503", 400_000)):
        agree(bench, Plan(subject=f"user:{user}", kpi="revenue", period=month.label, value=Decimal(value)))
    assert [one.code for one in check_plans(bench, month).findings] == ["not_vouched"]
    monkeypatch.setattr(Backtest, "vouches", property(lambda told: True))
    high, low, every = check_plans(bench, month).findings
    assert (every.code, every.kpi) == ("chances", "revenue")
    assert every.text.en.count(";") == 2 and "unrealistic" in every.text.en and "слишком лёгкий" in every.text.ru
    assert (high.code, high.subject, low.code, low.subject) == ("unrealistic", "user:501", "too_easy", "user:502")
    assert high.chance is not None
    assert low.chance is not None
    assert high.chance < 0.2 < 0.9 < low.chance
    assert "reached with a chance of < 1 %" in high.text.en.replace("\u00a0", " ")
    assert "60 %" in high.todo.en


def test_plans_of_other_kpis_have_chances_too_or_say_why_not(
    sqlite_store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = half_a_year(sqlite_store).bench
    month = Period.parse("2026-10")
    planned = {"won_deals": "500", "win_rate": "0.01", "average_deal": "1", "median_deal": "5", "lead_won_share": "0.2"}
    for kpi, value in planned.items():
        agree(bench, Plan(subject="user:501", kpi=kpi, period=month.label, value=Decimal(value)))
    before = {one.code: one.about.en for one in check_plans(bench, month).findings}
    assert set(before) == {"not_vouched", "unlikely"}
    monkeypatch.setattr(Backtest, "vouches", property(lambda told: True))
    found = {(one.code, one.kpi): one for one in check_plans(bench, month).findings if one.code != "unlikely"}
    assert ("unrealistic", "won_deals") in found
    assert ("too_easy", "win_rate") in found
    assert ("too_easy", "average_deal") in found
    assert {key for code, key in found if code == "chances"} == {"won_deals", "win_rate", "average_deal"}
    suggested = suggest_all(bench, month)
    assert {one.kpi: one.why for one in suggested.others} == {
        "average_deal": None, "lead_won_share": "ripens", "median_deal": "no_model", "win_rate": None,
        "won_deals": None,
    }  # fmt: skip
    for language in ("ru", "en"):
        text = as_text(suggested, language)
        assert all(ALL[kpi].title(language) in text for kpi in planned)
    told = {one["kpi"]: one for one in as_json(suggested)["kpis"]}
    assert told["won_deals"]["targets"][0]["class"] and told["median_deal"]["why"]["en"]
    assert [one.kpi for one in suggest_all(bench, month, kpis=["calls", "revenue"]).others] == ["calls"]
    with pytest.raises(BadConfig, match="no KPI"):
        suggest_all(bench, month, kpis=["cals"])


def test_a_wrong_key_is_told_what_it_may_have_meant(month: Month) -> None:
    near = "'revnue' is no KPI; near it: revenue, "
    with pytest.raises(BadConfig, match=near):
        agree(month.bench, plan(1, "revnue"))
    with pytest.raises(BadConfig, match=near):
        cascade_of(month.bench, AUGUST, "revnue")
    with pytest.raises(BadConfig, match=near):
        history_told(month.bench, AUGUST, kpi="revnue")
    with pytest.raises(BadConfig, match=near):
        suggest_all(month.bench, AUGUST, kpis=["revnue"])
    assert history_told(month.bench, AUGUST, kpi="csat").plans == []


def test_the_cascade_of_what_is_no_sum_is_refused(month: Month) -> None:
    with pytest.raises(BadConfig, match="no sum"):
        cascade_of(month.bench, SEPTEMBER, "win_rate")
    assert cascade_of(month.bench, AUGUST, "revenue").top.summed == 1000
