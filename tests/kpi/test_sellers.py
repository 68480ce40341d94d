"""Whose days a team's worked days are: who carries a target or sells, heads and admins by a target of their own."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from msgspec.structs import replace

from connector.fact import Fact
from connector.kpi.catalogue import ALL
from connector.kpi.engine import Report, report
from connector.kpi.explain import Explanation, explain
from connector.kpi.team_plan import labels
from connector.kpi.telling.explanation import as_text
from connector.moment import Period, to_ms
from connector.records import Team, User
from connector.result import Plan, Result
from connector.store.agreed import plans
from connector.store.crm import memberships
from connector.store.engine import Store
from tests.kpi.ground import NOW, TEAMS, USERS, ZONE, account, fact, know, save, win
from tests.kpi.test_measure import some

SEPTEMBER = Period.parse("2026-09")  # 22 working days
HEAD = User(id="510", name="Глава", team_ids=("700",))
ADMIN = User(id="511", name="Админ", admin=True, team_ids=("700",))
STOREMAN = User(id="512", name="Склад", team_ids=("700",))
LED = tuple(replace(team, head_ids=("510",)) if team.id == "700" else team for team in TEAMS)
ANNA, BORIS = "501", "502"


def call(user: str, when: str = "2026-09-10T12:00") -> Fact:
    return fact("call_out", when=when, user=user, number=100)


def plan(user: str, period: str = "2026-09", value: int = 1000, **more: Any) -> Plan:
    return Plan(subject=f"user:{user}", kpi="revenue", period=period, value=Decimal(value), author="a", **more)


class Ground:
    def __init__(self, store: Store, facts: Iterable[Fact] = (), agreed: Iterable[Plan] = ()) -> None:
        self.store = store
        with store.write() as conn:
            self.number = account(conn, (*USERS, HEAD, ADMIN, STOREMAN), LED)
            know(conn, self.number, facts)
            plans.add(conn, self.number, list(agreed), now=10)

    def told(self, period: Period = SEPTEMBER, **more: Any) -> Report:
        with self.store.read() as conn:
            return report(conn, self.number, period, **({"zone": ZONE, "now": NOW} | more))

    def of(self, subject: str, kpi: str = "calls_per_day", **more: Any) -> Result:
        [found] = [one for one in self.told(**more).results if (one.subject, one.kpi) == (subject, kpi)]
        return found

    def proof(self, kpi: str = "calls_per_day", team: str = "700", **more: Any) -> Explanation:
        with self.store.read() as conn:
            return explain(conn, self.number, kpi, SEPTEMBER, **({"zone": ZONE, "now": NOW, "team": team} | more))


def sides(one: Result) -> tuple[Decimal | None, Decimal | None]:
    return one.numerator, one.denominator


CASES: list[tuple[str, list[Fact], list[Plan], tuple[int, int]]] = [
    ("who calls", [call(ANNA), call(BORIS)], [], (2, 44)),
    ("who only sold has called nobody on his days", [call(ANNA), win(user=BORIS)], [], (1, 44)),
    ("who only met", [call(ANNA), fact("meeting", user=BORIS)], [], (1, 44)),
    ("who did nothing and has no target is no seller", [call(ANNA)], [], (1, 22)),
    ("a target without anything done is a zero that counts", [call(ANNA)], [plan(BORIS)], (1, 44)),
    ("a target of nothing is none", [call(ANNA)], [plan(BORIS, value=0)], (1, 22)),
    ("a target of a pipeline is one", [call(ANNA)], [plan(BORIS, pipeline="7")], (1, 44)),
    ("another month's is none", [call(ANNA)], [plan(BORIS, "2026-08")], (1, 22)),
    ("a head's calls are left out on both sides", [call(ANNA), call("510"), call("510")], [], (1, 22)),
    ("an admin's too", [call(ANNA), call("511")], [], (1, 22)),
    ("a head who sells, where nobody has a target", [call(ANNA), call("510"), win(user="510")], [], (2, 44)),
    ("not where others have one", [call(ANNA), call("510"), win(user="510")], [plan(ANNA)], (1, 22)),
    ("a head with a target", [call(ANNA), call("510")], [plan("510")], (2, 44)),
    ("an admin with a target", [call(ANNA)], [plan("511")], (1, 44)),
    ("an enquiry alone makes no seller of calls", [call(ANNA), fact("enquiry", user=BORIS)], [], (1, 22)),
    ("nobody sells: whoever may", [], [], (0, 66)),
    ("nobody but the head did anything: his calls are not theirs", [call("510")], [], (0, 66)),
]  # fmt: skip


@pytest.mark.parametrize(("what", "facts", "agreed", "expected"), CASES, ids=[case[0] for case in CASES])
def test_a_teams_days_are_its_sellers(
    sqlite_store: Store, what: str, facts: list[Fact], agreed: list[Plan], expected: tuple[int, int]
) -> None:
    ground = Ground(sqlite_store, facts, agreed)
    found = ground.of("team:700")
    assert sides(found) == expected
    assert found.value == Decimal(expected[0]) / Decimal(expected[1])
    proof = ground.proof()
    assert sides(proof.result) == expected and proof.result.value == found.value
    assert len(proof.items) == expected[0]
    assert sum(one.days for one in proof.worked) == expected[1]


def test_a_person_is_told_by_his_own_days_whoever_he_is(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store, [call(ANNA), call("510")], [plan(ANNA)])
    assert [sides(ground.of(f"user:{user}")) for user in (ANNA, "510", "511")] == [(1, 22), (1, 22), (0, 22)]


def test_the_company_is_the_sum_of_its_teams(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store, [call(ANNA), call("503"), call("510")])
    told = {who: sides(ground.of(f"team:{who}")) for who in ("1", "700", "701")}
    assert told == {"1": (2, 44), "700": (1, 22), "701": (1, 22)}


def test_who_counts_by_what_the_kpi_itself_counts(sqlite_store: Store) -> None:
    talk = fact("call_in", user="512", number=600)
    ground = Ground(sqlite_store, [call(ANNA), talk])
    assert sides(ground.of("team:700", "revenue_per_day")) == (0, 44)
    assert sides(ground.of("team:700", "talk_minutes_per_day")) == (700, 44)


def test_a_seller_stays_one_in_every_team_he_was_in(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store, [call(ANNA, "2026-09-03T12:00"), call(BORIS)])
    moved = to_ms(datetime(2026, 9, 14, 10, tzinfo=UTC))  # a Monday: 10 of 22 working days are before the 15th
    with sqlite_store.write() as conn:
        anna = replace(USERS[0], team_ids=("701",))
        save(conn, ground.number, [anna], now=moved)
        memberships.observe(conn, ground.number, [anna], now=moved)
    told = {who: sides(ground.of(f"team:{who}")) for who in ("1", "700", "701")}
    assert told == {"1": (2, 44), "700": (2, 32), "701": (0, 12)}
    days = {who: [(one.name, one.days) for one in ground.proof(team=who).worked] for who in told}
    assert days == {
        "1": [("Анна", 22), ("Борис", 22)], "700": [("Анна", 10), ("Борис", 22)], "701": [("Анна", 12)],
    }  # fmt: skip
    assert "Отработанные дни: Анна 10, Борис 22" in as_text(ground.proof(team="700"))
    assert not ground.proof("calls").worked


def test_a_leavers_days_end_when_he_was_switched_off(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store, [call(ANNA, "2026-09-03T12:00"), call(BORIS)])
    with sqlite_store.write() as conn:
        seen = to_ms(datetime(2026, 9, 4, 15, tzinfo=UTC))
        save(conn, ground.number, [replace(USERS[0], active=False)], now=seen)
    assert sides(ground.of("team:700")) == (2, 4 + 22)
    assert sides(ground.of("team:700", as_of=seen - 1))[1] == 4 + 4
    assert sides(ground.of("team:701")) == (0, 22)  # 509 left before and did nothing
    october = Period.parse("2026-10")
    assert ground.of("team:700", period=october, now=to_ms(datetime(2026, 11, 2, tzinfo=UTC))).denominator == 66 - 22


def test_who_is_promoted_later_changes_no_month_before(sqlite_store: Store) -> None:
    """Anna is made an admin on 2 November, Boris the head of the team: in September both were sellers."""
    ground = Ground(sqlite_store, [call(ANNA), call(BORIS), call(BORIS, "2026-11-10T12:00")])
    promoted, later = (to_ms(datetime(2026, 11, day, 10, tzinfo=UTC)) for day in (2, 30))
    before = sides(ground.of("team:700", now=later))
    with sqlite_store.write() as conn:
        save(conn, ground.number, [replace(USERS[0], admin=True)], now=promoted)
        save(conn, ground.number, [replace(LED[1], head_ids=("510", BORIS))], now=promoted)
    assert before == sides(ground.of("team:700", now=later)) == sides(ground.of("team:700", as_of=later)) == (2, 44)
    assert sides(ground.proof().result) == (2, 44)
    november: dict[str, Any] = {"period": Period.parse("2026-11"), "now": later}
    assert ground.of("team:700", **november).numerator == 0


def test_who_comes_back_was_away_in_between(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store, [call(ANNA, "2026-09-03T12:00"), call(BORIS)])
    seen, back = (to_ms(datetime(2026, *day, 12, tzinfo=UTC)) for day in ((9, 4), (12, 1)))
    with sqlite_store.write() as conn:
        save(conn, ground.number, [replace(USERS[0], active=False)], now=seen)
        save(conn, ground.number, [USERS[0]], now=back)
    assert sides(ground.of("team:700", now=back)) == sides(ground.of("team:700", as_of=back - 1)) == (2, 4 + 22)


MANAGED = (*TEAMS, Team(id="702", name="Сервис", parent_id="700"))


def managed(ground: Ground, heads: dict[str, str]) -> None:
    """Team 702 under 700; `heads`: the team of each head, by id."""
    with ground.store.write() as conn:
        teams = [replace(team, head_ids=tuple(id for id, led in heads.items() if led == team.id)) for team in MANAGED]
        save(conn, ground.number, teams)


def head(id: str, team: str) -> User:
    return User(id=id, name=id, team_ids=(team,))


def placed(ground: Ground, *heads: User) -> None:
    with ground.store.write() as conn:
        save(conn, ground.number, heads)
        memberships.observe(conn, ground.number, heads, now=0)
    managed(ground, {one.id: one.team_ids[0] for one in heads} | {"510": "700"})


def told_of(ground: Ground, *teams: str) -> dict[str, tuple[Decimal | None, Decimal | None]]:
    return {team: sides(ground.of(f"team:{team}")) for team in teams}


def test_whether_a_head_plays_is_told_by_the_plans_of_his_own_team(sqlite_store: Store) -> None:
    """Vera's plan, in another team, does not turn the best seller of a team without plans into an onlooker."""
    acts = [call(ANNA), call("510"), win(user="510"), call("503")]
    ground = Ground(sqlite_store, acts, [plan("503")])
    assert told_of(ground, "700", "701", "1") == {"700": (2, 44), "701": (1, 22), "1": (3, 66)}
    assert [one.user for one in ground.proof(team="1").worked] == [ANNA, "503", "510"]


def test_who_leads_all_teams_plays_where_nobody_under_him_has_a_plan(sqlite_store: Store) -> None:
    acts = [call("520"), win(user="520"), call(ANNA)]
    ground = Ground(sqlite_store, acts)
    placed(ground, head("520", "1"))
    assert told_of(ground, "700", "1") == {"700": (1, 22), "1": (2, 44)}
    with sqlite_store.write() as conn:
        plans.add(conn, ground.number, [plan("503")], now=20)
    assert told_of(ground, "700", "701", "1") == {"700": (1, 22), "701": (0, 22), "1": (1, 44)}


def test_a_team_above_another_takes_its_sellers_as_they_are(sqlite_store: Store) -> None:
    """Over 702, where nobody has a plan, stands 700, where Anna has: the head of 702 plays in both, that of 700 not."""
    acts = [call(who) for who in ("510", "520", "521")] + [win(user=who) for who in ("510", "520")]
    ground = Ground(sqlite_store, acts, [plan(ANNA)])
    placed(ground, head("520", "702"))
    with sqlite_store.write() as conn:
        save(conn, ground.number, [head("521", "702")])
        memberships.observe(conn, ground.number, [head("521", "702")], now=0)
    assert told_of(ground, "702", "700", "1") == {"702": (2, 44), "700": (2, 66), "1": (2, 66)}


def test_what_is_not_told_by_the_day_is_of_everybody(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store, [call(ANNA), call("510")], [plan(ANNA)])
    told = [ground.of(f"team:{team}", kpi).value for team in ("700", "1") for kpi in ("calls", "calls_per_day")]
    assert told == [2, Decimal(1) / 22, 2, Decimal(1) / 22]


def test_teams_that_are_under_each_other_have_sellers_too(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store, [call(ANNA), call("503")])
    with sqlite_store.write() as conn:
        save(conn, ground.number, [Team(id="700", name="Розница", parent_id="701")])
        save(conn, ground.number, [Team(id="701", name="Опт", parent_id="700")])
    assert told_of(ground, "700", "701") == {"700": (2, 44), "701": (2, 44)}


def test_idle_teams_add_no_days_to_a_company_that_sells(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store, [call("503")])
    assert told_of(ground, "700", "701", "1") == {"700": (0, 66), "701": (1, 22), "1": (1, 22)}


IDLE = [("after the month", (2026, 10, 5), 66), ("on a day of it", (2026, 9, 4), 48), ("before it", (2026, 8, 20), 44)]


@pytest.mark.parametrize(("left", "september"), [one[1:] for one in IDLE], ids=[one[0] for one in IDLE])
def test_who_might_have_sold_is_told_as_of_the_month(
    sqlite_store: Store, left: tuple[int, int, int], september: int
) -> None:
    """Nobody did anything: the days of all who were there then, whoever of them is there today."""
    ground = Ground(sqlite_store)
    later = to_ms(datetime(2026, 12, 1, tzinfo=UTC))
    with sqlite_store.write() as conn:
        save(conn, ground.number, [replace(USERS[0], active=False)], now=to_ms(datetime(*left, 15, tzinfo=UTC)))
    assert ground.of("team:700", now=later).denominator == september
    assert ground.of("team:700", period=Period.parse("2026-11"), now=later).denominator == 40


def test_who_came_after_the_month_could_not_have_sold_in_it(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store)
    later = to_ms(datetime(2026, 12, 1, tzinfo=UTC))
    for id, day in (("530", (1970, 1, 1)), ("531", (2026, 9, 30)), ("532", (2026, 10, 1))):
        with sqlite_store.write() as conn:
            save(conn, ground.number, [head(id, "700")], now=to_ms(datetime(*day, 12, tzinfo=UTC)))
    found = ground.proof(now=later)
    assert {one.user for one in found.worked} == {ANNA, BORIS, "512", "530", "531"}


WEEKS = [
    ("2026-W36", {"2026-W36", "2026-08", "2026-09"}),
    ("2026-09", {"2026-09"}),
    ("2026-09-30", {"2026-09-30", "2026-09"}),
    ("2026-11-15..2027-02-01", {"2026-11-15..2027-02-01", "2026-11", "2026-12", "2027-01", "2027-02"}),
    ("2026-12-01..2026-12-31", {"2026-12-01..2026-12-31", "2026-12"}),
]


@pytest.mark.parametrize(("period", "expected"), WEEKS)
def test_a_target_of_the_month_holds_in_its_weeks(period: str, expected: set[str]) -> None:
    found = list(labels(Period.parse(period)))
    assert set(found) == expected and len(found) == len(expected) and found[0] == period


def test_the_last_version_of_a_plan_is_in_force(sqlite_store: Store) -> None:
    ground = Ground(sqlite_store, [call(ANNA, "2026-08-31T12:00")], [plan(BORIS, "2026-08")])
    week = Period.parse("2026-W36")
    assert sides(ground.of("team:700", period=week)) == (1, 10)
    with sqlite_store.write() as conn:
        plans.add(conn, ground.number, [plan(BORIS, "2026-08", 0, reason="уволен")], now=20)
    assert sides(ground.of("team:700", period=week)) == (1, 5)
    assert sides(ground.of("team:700", period=week, as_of=15)) != (1, 5)


@pytest.mark.parametrize("seed", range(3))
def test_a_team_lies_between_its_sellers(sqlite_store: Store, seed: int) -> None:
    chance = random.Random(seed)
    facts = [replace(one, user=chance.choice([ANNA, BORIS, "510", "511"])) for one in some(chance, 200)]
    ground = Ground(sqlite_store, facts, [plan(ANNA)] * (seed % 2))
    told = {(one.subject, one.kpi): one for one in ground.told().results}
    for kpi in (one for one in ALL.values() if one.days):
        team, proof = told["team:700", kpi.key], ground.proof(kpi.key)
        theirs = [told[f"user:{one.user}", kpi.key] for one in proof.worked]
        assert (team.value, team.denominator) == (proof.result.value, sum(one.days for one in proof.worked))
        assert team.numerator == sum(one.numerator or 0 for one in theirs)
        values = [one.value for one in theirs if one.value is not None]
        assert team.value is not None and min(values) <= team.value <= max(values)
