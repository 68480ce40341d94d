"""Who a report is about: names, who is active, and teams by the days of the period, now and as it was known."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from connector.errors import BadConfig
from connector.kpi.people import People, people, stranger, titled, titled_of
from connector.kpi.spans import COMPANY
from connector.moment import Period, to_ms
from connector.records import Team, User
from connector.said import in_language
from connector.store.crm import memberships
from connector.store.engine import Store
from tests.kpi.ground import NOW, TEAMS, USERS, ZONE, account, save

SEPTEMBER = Period.parse("2026-09")
MIDDLE = to_ms(datetime(2026, 9, 14, 10, tzinfo=UTC))


def told(conn: Connection, number: int, period: str = "2026-09", **more: Any) -> People:
    return people(conn, number, Period.parse(period), ZONE, **({"now": NOW} | more))


SOME = People({"1": "Яна", "2": "Анна", "3": "Борис", "4": "Анна"}, frozenset({"1", "4"}), {}, {})


@pytest.mark.parametrize(
    ("with_facts", "shown"),
    [([], ["4", "1"]), (["2"], ["2", "4", "1"]), ([None, "1"], ["4", "1"]), (["A"], ["A", "4", "1"])],
)
def test_everyone_active_or_with_facts_is_shown_by_name(with_facts: list[str | None], shown: list[str]) -> None:
    assert SOME.shown(with_facts) == shown


TEAMED = People({}, frozenset(), {"a1": "Опт", "7": "опт", "8": "Розница", "9": "A1"}, {})


@pytest.mark.parametrize(("name", "id"), [("розница", "8"), ("8", "8"), ("7", "7")])
def test_a_team_is_found_by_its_name_or_id_however_written(name: str, id: str) -> None:
    assert TEAMED.team(name) == id


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("ОПТ", r"'ОПТ' names several teams, give the id; there are: опт \(7\), Розница \(8\), A1 \(9\), Опт \(a1\)"),
        ("a1", "names several teams"),
        ("нет", "'нет' is no team; there are: "),
    ],
)
def test_a_name_of_none_or_of_several_is_refused_with_those_there_are(name: str, what: str) -> None:
    with pytest.raises(BadConfig, match=what):
        TEAMED.team(name)


WHOLE = {COMPANY: "The whole company", "8": "Розница"}


def test_the_company_over_all_teams_goes_by_its_name_in_both_languages() -> None:
    whole = People({}, frozenset(), WHOLE, {})
    assert [whole.team(name) for name in ("вся компания", "the whole company", COMPANY)] == [COMPANY] * 3
    assert People({}, frozenset(), WHOLE | {"9": "Вся компания"}, {}).team("Вся компания") == "9"
    with pytest.raises(BadConfig, match="is no team"):
        TEAMED.team("Вся компания")
    assert titled(WHOLE, "ru") == {COMPANY: "Вся компания", "8": "Розница"}
    assert titled(WHOLE, "en") == WHOLE
    assert titled_of(f"team:{COMPANY}", "x", "ru") == "Вся компания"
    assert [titled_of(other, "x", "ru") for other in ("team:8", f"user:{COMPANY}")] == ["x", "x"]


def test_the_company_comes_last_of_the_teams_there_are_and_has_its_russian_name() -> None:
    alone = {COMPANY: WHOLE[COMPANY]}
    for teams, have in ((alone, ""), (alone | {"z": "Юг"}, "Юг (z), ")):
        with pytest.raises(BadConfig) as refused:
            People({}, frozenset(), teams, {}).team("x")
        (problem,) = refused.value.problems
        assert in_language(problem, "ru") == f"team: 'x' — такой команды нет; есть: {have}Вся компания (company)"


def test_where_there_is_no_team_that_is_said() -> None:
    with pytest.raises(BadConfig, match="'x' is no team; there are: none"):
        People({}, frozenset(), {}, {}).team("x")


def test_an_id_of_nobody_is_refused_with_those_there_are() -> None:
    assert stranger("9", {"2": "Яна", "1": "Анна"}).problems == [
        "user: '9' is nobody of this account; there are: Анна (1), Яна (2)"
    ]
    assert stranger("9", {}).problems == [
        "user: '9' is nobody of this account: nobody was read yet, `kpi sync` does it"
    ]


def test_the_account_as_it_is(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        found = told(conn, account(conn))
    assert found.users == {one.id: one.name for one in USERS}
    assert found.active == {"501", "502", "503"}
    assert found.teams == {one.id: one.name for one in TEAMS}
    assert found.members == {"1": {"501", "502", "503", "509"}, "700": {"501", "502"}, "701": {"503", "509"}}


def test_who_has_no_dated_membership_was_always_in_his_teams(sqlite_store: Store) -> None:
    """CRMs tell where people are, not since when: until a move is seen they were there all along."""
    with sqlite_store.write() as conn:
        number = account(conn)
        save(conn, number, [*USERS, User(id="504", name="Глеб", team_ids=("700",))])
        found = told(conn, number, "2020-01")
    assert found.members["700"] == {"501", "502", "504"}
    assert not found.parts.of


def test_nobody_is_in_a_team_twice_and_an_empty_team_is_one(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        save(conn, number, [*TEAMS, Team(id="702", name="Пустой", parent_id="1")])
        found = told(conn, number)
    assert found.members["702"] == frozenset()


def gone(conn: Connection, number: int, at: int) -> None:
    """501 leaves the company at this moment: the CRM tells of him no more."""
    save(conn, number, [User(id="501", name="Анна", active=False)], now=at)
    memberships.observe(conn, number, [User(id="501", name="Анна", active=False)], now=at)


def test_who_left_during_the_period_was_in_the_team_on_the_days_before(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        gone(conn, number, MIDDLE)
        now, later, then = told(conn, number), told(conn, number, "2026-10"), told(conn, number, as_of=MIDDLE - 1)
    assert ("501" in now.members["700"], "501" in later.members["700"]) == (True, False)
    assert [str(part.start) for part in now.parts.of["501"]] == ["2026-09-01", "2026-09-15"]
    assert ("501" in now.active, "501" in then.active) == (False, True)
    assert not then.parts.of


def test_of_days_that_have_not_come_the_teams_of_today_hold(sqlite_store: Store) -> None:
    """A move of the 14th begins on the 15th; on the 14th nobody has moved within the month yet."""
    with sqlite_store.write() as conn:
        number = account(conn)
        gone(conn, number, MIDDLE)
        same_day, next_day = told(conn, number, now=MIDDLE + 1), told(conn, number, now=MIDDLE + 86_400_000)
    assert not same_day.parts.of
    assert [str(part.start) for part in next_day.parts.of["501"]] == ["2026-09-01", "2026-09-15"]


def test_the_past_is_told_by_the_names_known_then(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        save(conn, number, [User(id="501", name="Анна Б.", team_ids=("700",))], now=2000)
        save(conn, number, [User(id="505", name="Даша", team_ids=("700",))], now=2000)
        memberships.observe(conn, number, [User(id="505", name="Даша", team_ids=("700",))], now=2000)
        save(conn, number, [Team(id="703", name="Сервис")], now=2000)
        now, then = told(conn, number), told(conn, number, as_of=1999)
    assert (now.users["501"], then.users["501"]) == ("Анна Б.", "Анна")
    assert (now.users.get("505"), then.users.get("505")) == ("Даша", None)
    assert "505" in now.members["700"] and "505" not in then.members["700"]
    assert ("703" in now.teams, "703" in then.teams) == (True, False)


def test_working_days_weigh_the_parts_of_whoever_moved(sqlite_store: Store) -> None:
    with sqlite_store.write() as conn:
        number = account(conn)
        gone(conn, number, MIDDLE)
        found = told(conn, number, working=lambda start, end: (end - start).days)
    assert sorted(found.parts.weight.values()) == [14, 16]


HEADED = [("2026-09", None, {"501", "502"}), ("2026-10", None, {"501", "502", "503"}), ("2026-10", MIDDLE - 1, {"501"}),
          ("2020-01", None, {"501"})]  # fmt: skip


@pytest.mark.parametrize(("period", "as_of", "leads"), HEADED)
def test_who_leads_is_told_as_of_the_end_of_the_period(
    sqlite_store: Store, period: str, as_of: int | None, leads: set[str]
) -> None:
    """A head from the first reading on, an admin made as September ended, and one at that moment; before anything was
    read the first word holds.
    """
    with sqlite_store.write() as conn:
        number = account(conn)
        save(conn, number, [Team(id="700", name="Розница", parent_id="1", head_ids=("501",))])
        made = to_ms(datetime(2026, 9, 30, 21, tzinfo=UTC))  # midnight in Moscow
        save(conn, number, [User(id="502", name="Борис", admin=True, team_ids=("700",))], now=made - 1)
        save(conn, number, [User(id="503", name="Вера", admin=True, team_ids=("701",))], now=made)
        assert told(conn, number, period, now=made + 1, as_of=as_of).leads == leads
