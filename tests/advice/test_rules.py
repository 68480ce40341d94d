from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from connector.advice.rules import Evidence, Situation, advise, head_of
from connector.moment import Period, WorkCalendar
from connector.records import Team, User
from connector.result import Result
from connector.targets.forecast import Forecast
from connector.targets.outlook import Morning, Outlook
from connector.targets.pace import pace, this_morning
from connector.wishes import Raised

ZONE = "Europe/Moscow"
CALENDAR = WorkCalendar(ZONE)
PERIOD = Period.parse("2026-09")
NOW = datetime(2026, 9, 16, 9, 30, tzinfo=UTC)  # 11 of 22 working days are over
SNAPSHOTS = Path(__file__).parent / "snapshots"
PEOPLE = {
    "501": User(id="501", name="Анна Иванова", team_ids=("700",)),
    "502": User(id="502", name="Борис Петров", team_ids=("700",)),
    "510": User(id="510", name="Галина Седова", team_ids=("700",)),
}
TEAMS = {"700": Team(id="700", name="Отдел продаж", head_ids=("510",))}


def result(kpi: str, user: str, value: str, interval: tuple[str, str] | None = None) -> Result:
    ends = (Decimal(interval[0]), Decimal(interval[1])) if interval else None
    unit = "money" if kpi == "revenue" else "count"
    return Result(
        kpi=kpi, subject=f"user:{user}", period="2026-09", unit=unit, value=Decimal(value), interval=ends, n=8
    )


def situation(facts: dict[str, str], won: int = 8, now: datetime = NOW, plan: str = "2500000", **more) -> Situation:
    users = more.pop("users", PEOPLE)
    results = {}
    for user, fact in facts.items():
        results["revenue", f"user:{user}"] = result("revenue", user, fact)
        results["won_deals", f"user:{user}"] = result("won_deals", user, str(won))
    paces = {
        f"user:{user}": pace(Decimal(plan), Decimal(fact), PERIOD, this_morning(now, ZONE), CALENDAR, ZONE)
        for user, fact in facts.items()
    }
    return Situation(
        period=PERIOD, now=now, zone=ZONE, calendar=CALENDAR, currency="RUB", users=users,
        teams=more.pop("teams", TEAMS), paces=paces, results=more.pop("results", results), **more,
    )  # fmt: skip


def full(language: str) -> Situation:
    records = [
        Evidence(f"сделка {7000 + n}, «Предложение», 12 дней", f"https://acme/deal/{7000 + n}") for n in range(7)
    ]
    told = situation(
        {"501": "640000.40", "502": "1400000"},
        won=120,
        evidence={"501": records},
        left_out={"501": ["2 сделки без суммы", "1 сделка в GBP: нет курса"]},
        usual_per_day={"501": Decimal(95_000)},
    )
    results = {**told.results, ("revenue", "user:501"): result("revenue", "501", "640000.40", ("410000", "905000"))}
    return replace(told, results=results, language=language)


@pytest.mark.parametrize("language", ["ru", "en"])
def test_the_text_as_it_stands(language):
    (task,) = advise(full(language)).tasks
    told = f"{task.title}\n\n{task.text}\n".replace("\u00a0", "~")
    assert told == (SNAPSHOTS / f"behind_plan.{language}.txt").read_text("utf-8")


def test_the_task_goes_to_the_head_with_a_marker_that_ends_the_text():
    (task,) = advise(full("ru")).tasks
    assert (task.user_id, task.key) == ("510", "task:user:501:revenue#behind_plan@2026-09-16")
    assert task.text.endswith(f"\n\n{task.marker}")
    assert task.marker.startswith("[kpi#")
    assert task.due_at == datetime(2026, 9, 21, 15, tzinfo=UTC)  # three working days on, 18:00 in Moscow


def test_a_long_list_of_what_is_left_out_is_cut_and_counted():
    lines = [f"сделка {n}: нет суммы" for n in range(9)]
    (task,) = advise(situation({"501": "1"}, left_out={"501": lines})).tasks
    assert "сделка 4" in task.text
    assert "сделка 5" not in task.text
    assert "– и ещё 4" in task.text


def test_the_same_day_gives_the_same_task_and_the_next_one_another():
    first, again = (advise(situation({"501": "1"}, now=NOW + timedelta(hours=h))).tasks[0] for h in (0, 3))
    later = advise(situation({"501": "1"}, now=NOW + timedelta(days=1))).tasks[0]
    assert first.key == again.key
    assert first.marker == again.marker
    assert later.marker != first.marker


def test_at_eight_tenths_of_the_pace_nothing_is_raised_and_just_under_it_is():
    assert advise(situation({"501": "1000000"}, won=4000)).tasks == ()
    assert len(advise(situation({"501": "999000"}, won=4000)).tasks) == 1


@pytest.mark.parametrize(
    ("day", "won", "raised"),
    [(7, 30, False), (8, 7, False), (8, 8, True), (14, 0, False), (15, 0, True)],
)
def test_there_must_be_enough_data(day, won, raised):
    """5 working days are over on the 8th, 10 on the 15th."""
    at = datetime(2026, 9, day, 9, tzinfo=UTC)
    told = situation({"501": "1000", "502": "1400000"}, won, at)
    busy = replace(told, results={**told.results, ("won_deals", "user:502"): result("won_deals", "502", "40")})
    assert any("user:501" in task.key for task in advise(busy).tasks) is raised


def test_a_plausible_revenue_at_the_expected_level_accuses_nobody():
    told = situation({"501": "640000"})
    wide = {**told.results, ("revenue", "user:501"): result("revenue", "501", "640000", ("100000", "1300000"))}
    assert advise(replace(told, results=wide)).tasks == ()


def test_the_fewer_the_deals_the_larger_the_gap_must_be():
    """Half of what was expected: with 60 wins that is hardly chance, with 20 it may well be."""
    assert len(advise(situation({"501": "625000"}, won=60)).tasks) == 1
    assert advise(situation({"501": "625000"}, won=20)).tasks == ()


def test_nothing_at_all_is_behind_only_beside_others_who_sell():
    """Where nobody sold anything it is not one person who is behind, or the data are."""
    assert advise(situation({"501": "0", "502": "0"}, won=0)).tasks == ()
    told = situation({"501": "0", "502": "1400000"}, won=20)
    [task] = advise(told).tasks
    assert "user:501" in task.key
    few = replace(told, results={**told.results, ("won_deals", "user:502"): result("won_deals", "502", "2")})
    assert advise(few).tasks == (), "two deals were expected: none of two is chance"


def test_nothing_to_measure_is_no_finding():
    told = situation({"501": "0"})
    nothing = Result(kpi="revenue", subject="user:501", period="2026-09", unit="money", value=None, reason="no wins")
    assert advise(replace(told, results={("revenue", "user:501"): nothing})).tasks == ()


def test_no_plan_no_task():
    assert advise(situation({"501": "0"}, plan="0")).tasks == ()


def test_after_the_period_is_over_it_is_too_late_to_talk():
    assert advise(situation({"501": "1"}, now=datetime(2026, 10, 6, 9, tzinfo=UTC))).tasks == ()


def test_who_left_gets_no_task():
    gone = {**PEOPLE, "501": User(id="501", name="Анна Иванова", active=False, team_ids=("700",))}
    told = situation({"501": "1"}, users=gone)
    assert (advise(told).tasks, advise(told).notices) == ((), ())


def test_without_a_head_it_is_a_notice():
    got = advise(situation({"501": "1"}, teams={"700": Team(id="700", name="Отдел")}))
    assert got.tasks == ()
    assert [(notice.code, notice.subject) for notice in got.notices] == [("no_head", "user:501")]


def test_a_head_that_is_behind_answers_to_the_head_above():
    teams = {
        "700": Team(id="700", name="Отдел", parent_id="1", head_ids=("510",)),
        "1": Team(id="1", name="Компания", head_ids=("500",)),
    }
    users = {**PEOPLE, "500": User(id="500", name="Директор")}
    told = situation({"510": "1"}, users=users, teams=teams)
    assert [task.user_id for task in advise(told).tasks] == ["500"]


def test_a_deactivated_head_is_passed_over_and_a_circle_of_teams_ends():
    teams = {
        "700": Team(id="700", name="A", parent_id="701", head_ids=("510",)),
        "701": Team(id="701", name="B", parent_id="700"),
    }
    users = {**PEOPLE, "510": User(id="510", name="Галина", active=False)}
    assert head_of(PEOPLE["501"], situation({}, users=users, teams=teams)) is None


def test_an_open_task_a_fresh_one_and_a_cooled_one():
    def silent(at: datetime, closed_at: datetime | None) -> bool:
        past = Raised(subject="user:501", kpi="revenue", head="510", at=at, closed_at=closed_at)
        return not advise(situation({"501": "1"}, raised=[past])).tasks

    long_ago, lately = NOW - timedelta(days=40), NOW - timedelta(days=13)
    assert silent(long_ago, None)
    assert silent(long_ago, NOW + timedelta(days=1))
    assert silent(long_ago, lately)
    assert silent(lately, lately)
    assert not silent(long_ago, NOW - timedelta(days=14))


def test_the_eighth_of_a_week_waits_and_the_largest_gaps_go_first():
    users = {str(n): User(id=str(n), name=f"Продавец {n}", team_ids=("700",)) for n in range(1, 10)}
    facts = {str(n): str(10_000 * n) for n in range(9, 0, -1)}
    got = advise(situation(facts, users=users | PEOPLE))
    assert [task.key.split(":")[2] for task in got.tasks] == ["1", "2", "3", "4", "5", "6", "7"]
    assert set(got.silent) == {"user:8", "user:9"}


@limits(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.lists(st.integers(0, 1_500_000), min_size=12, max_size=12)), max_size=25),
    st.lists(st.integers(0, 30), min_size=40, max_size=40),
)
def test_limits_hold_whatever_the_days_bring(days, closing):
    """Twelve sellers, two heads, jumps of some days, tasks closed after some days: no limit is ever broken."""
    users = {str(n): User(id=str(n), name=f"П{n}", team_ids=("700" if n % 3 else "701",)) for n in range(1, 13)}
    users |= {"510": User(id="510", name="Г"), "511": User(id="511", name="Д")}
    teams = {
        "700": Team(id="700", name="A", head_ids=("510",)),
        "701": Team(id="701", name="B", head_ids=("511",)),
    }
    now, raised = datetime(2026, 9, 1, 6, tzinfo=UTC), []
    for jump, facts in days:
        now += timedelta(days=jump)
        if not PERIOD.start <= now.date() < PERIOD.end:
            break
        told = situation(
            {str(n): str(fact) for n, fact in enumerate(facts, 1)}, now=now, users=users, teams=teams, raised=raised
        )
        for task in advise(told).tasks:
            assert now.date().day > 7  # five working days of quiet
            subject = task.key.removeprefix("task:").partition("#")[0].rpartition(":")[0]
            mine = [old for old in raised if old.subject == subject]
            assert all(old.closed_at <= now for old in mine)
            assert all(now - max(old.at, old.closed_at) >= timedelta(days=14) for old in mine)
            stays = timedelta(days=closing[len(raised) % len(closing)])
            raised.append(Raised(subject=subject, kpi="revenue", head=task.user_id, at=now, closed_at=now + stays))
        for head in ("510", "511"):
            week = [old for old in raised if old.head == head and now - old.at < timedelta(days=7)]
            assert len(week) <= 7


def test_forecasts_that_the_past_vouches_for_decide_instead() -> None:
    def outlook(today: float, before: float, chance: float = 0.0) -> Outlook:
        ends = Forecast(1.0, 2.0, 3.0, chance, 0.5)
        return Outlook(100.0, Morning(0.5, 1.0, 1, ends, today), Morning(0.45, 1.0, 1, ends, before), own=True)

    told = situation({"501": "640000"}, won=200)
    assert advise(told).tasks
    for mornings, raised in (((0.005, 0.005), True), ((0.005, 0.05), False), ((0.3, 0.005), False)):
        assert bool(advise(replace(told, outlooks={"501": outlook(*mornings)})).tasks) is raised
    reachable = outlook(0.005, 0.005, chance=0.15)
    assert not advise(replace(told, outlooks={"501": reachable})).tasks
