"""Whose working time runs when: the office of one's team at the moment, absences taken out, own zones where agreed."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from connector.config import Rules
from connector.derive.clocks import Clocks, Stay, clocks, days_away
from connector.moment import DAY, to_ms
from connector.records import Absence, Team, User
from tests.derive.ground import at, deal, facts, lead, owner, sales
from tests.derive.ground import call as phoned

TEAMS = {
    "1": Team(id="1", name="Отдел Юг"),
    "2": Team(id="2", name="Ростов", parent_id="1"),
    "3": Team(id="3", name="Восток"),
    "4": Team(id="4", name="Москва"),
}
USERS = {
    "501": User(id="501", name="Анна", team_ids=("2",), zone="Asia/Vladivostok"),
    "502": User(id="502", name="Борис", team_ids=("4",)),
    "503": User(id="503", name="Вера", team_ids=("4", "3")),
}
OFFICES = (
    {"team": "отдел юг", "hours": "11:00-20:00"},
    {"team": "3", "zone": "Asia/Vladivostok", "working_days": (1, 2, 3, 4, 5, 6)},
)
MOVED: dict[str, list[Stay]] = {
    "502": [("4", 0, to_ms(at("2026-09-08T00:00"))), ("1", to_ms(at("2026-09-08T00:00")), None)]
}


def made(stays: dict[str, list[Stay]] | None = None, away: Any = None, **rules: Any) -> Clocks:
    settings = Rules(**({"holidays": "", "office": OFFICES} | rules))
    return clocks(settings, "Europe/Moscow", users=USERS, teams=TEAMS, stays=stays or {}, away=away)


CASES = [
    # whose, when, and the end of a working hour that begins at that moment
    (None, "2026-09-07T08:00", "2026-09-07T10:00"),
    ("999", "2026-09-07T08:00", "2026-09-07T10:00"),
    ("502", "2026-09-07T08:00", "2026-09-07T10:00"),
    ("501", "2026-09-07T08:00", "2026-09-07T12:00"),  # the team above has an office
    ("503", "2026-09-07T08:00", "2026-09-07T09:00"),  # 15:00 in Vladivostok; the team without an office decides nothing
    ("503", "2026-09-11T12:00", "2026-09-12T03:00"),  # Friday 19:00 there -> Saturday 10:00 there
]


@pytest.mark.parametrize(("user", "start", "hour_later"), CASES)
def test_the_clock_of_ones_office(user: str | None, start: str, hour_later: str) -> None:
    assert made().of(user, at(start)).after(at(start), 3600) == at(hour_later)


@pytest.mark.parametrize(
    ("when", "opens"), [("2026-09-07T23:59", "09:00"), ("2026-09-08T00:00", "11:00"), ("1999-01-01T00:00", "09:00")]
)
def test_a_transfer_changes_the_clock_from_its_moment_on(when: str, opens: str) -> None:
    assert made(MOVED).of("502", at(when)).opens(date(2026, 9, 9)) == at(f"2026-09-09T{opens}")


def test_who_left_every_team_works_by_the_account() -> None:
    left = made({"501": [("2", 0, to_ms(at("2026-09-08T00:00")))]})
    assert left.of("501", at("2026-09-07T12:00")).opens(date(2026, 9, 7)) == at("2026-09-07T11:00")
    assert left.of("501", at("2026-09-08T12:00")).opens(date(2026, 9, 8)) == at("2026-09-08T09:00")


def test_of_several_offices_the_first_configured_counts() -> None:
    both = made({"502": [("3", 0, None), ("1", 0, None)]})
    assert both.of("502", at("2026-09-07T12:00")).opens(date(2026, 9, 7)) == at("2026-09-07T11:00")


def test_teams_that_stand_in_a_ring_have_no_office() -> None:
    ring = {"7": Team(id="7", name="A", parent_id="8"), "8": Team(id="8", name="B", parent_id="7")}
    rules = Rules(holidays="", office=({"team": "Отдел Юг", "hours": "11:00-20:00"},))  # type: ignore[arg-type]
    told = clocks(rules, "Europe/Moscow", users={}, teams=TEAMS | ring, stays={"501": [("7", 0, None)]})
    assert told.spans == {}


def test_an_office_of_no_team_is_told() -> None:
    assert made(office=({"team": "Запад", "hours": "10:00-19:00"},)).unknown == ("rules.office: 'Запад' is no team",)


def test_days_away_are_not_worked_even_where_the_office_opens_for_them() -> None:
    days = [date(2026, 9, 7), date(2026, 9, 12)]
    away = made(away={"502": days}, working_extra=("2026-09-12",)).of("502", at("2026-09-04T12:00"))
    assert away.seconds(at("2026-09-04T17:00"), at("2026-09-08T10:00")) == 2 * 3600
    assert not any(away.is_working(day) for day in days)
    assert made(working_extra=("2026-09-12",)).of("502", at("2026-09-04T12:00")).is_working(date(2026, 9, 12))


def test_own_zones_only_where_agreed() -> None:
    nine = datetime.fromisoformat("2026-09-07T11:00+10:00")
    assert made(person_zones=True).of("501", nine).opens(date(2026, 9, 7)) == nine
    assert made().of("501", nine).opens(date(2026, 9, 7)) == at("2026-09-07T11:00")


@pytest.mark.parametrize("odd", ["Nowhere/City", "", "../etc", "Europe"])
def test_a_zone_that_is_none_is_left_out(odd: str) -> None:
    users = {"501": User(id="501", name="Анна", zone=odd)}
    told = clocks(Rules(holidays="", person_zones=True), "Europe/Moscow", users=users, teams={}, stays={})
    assert told.spans == {}


def test_marks_tell_whose_clock_changed() -> None:
    before, after = made(MOVED), made(MOVED, away={"502": [date(2026, 9, 9)]})
    assert {user for user in before.marks | after.marks if before.marks.get(user) != after.marks.get(user)} == {"502"}
    assert set(before.marks) == {"501", "502", "503"}
    assert made().marks == made().marks


def test_an_enquiry_is_timed_by_the_office_of_whoever_had_it_then() -> None:
    told = clocks(
        Rules(holidays="", office=OFFICES, lead_norm_minutes=60),  # type: ignore[arg-type]
        "Europe/Moscow", users=USERS, teams=TEAMS, stays=MOVED, away={"501": [date(2026, 9, 7)]},
    )  # fmt: skip
    timed = sales(clocks=told, holidays="", lead_norm_minutes=60)
    asked = {"created_at": at("2026-09-07T08:00"), "contacts": ("contact:7",)}
    found = facts(
        timed,
        leads=(lead("9", created_at=at("2026-09-07T08:00"), owner_id="501"),),
        deals=(deal("1", "open", owner_id="502", **asked), deal("2", "open", owner_id="501", **asked)),
        owners=(owner("501", "502", "2026-09-07T09:00", of="deal:2"),),
        calls=(phoned("2026-09-08T12:30", 95),),
    )
    assert found["enquiry|deal:1"].number == (9 + 3.5) * 3600
    assert found["enquiry|deal:2"].user == "502"
    assert found["enquiry|lead:9"].number == 1.5 * 3600
    assert found["enquiry|lead:9"].due_at == at("2026-09-08T12:00")


def absence(first: date, last: date, what: str = "vacation", user: str = "502") -> Absence:
    return Absence(id=f"{user}{first}", user_id=user, first=first, last=last, what=what)  # type: ignore[arg-type]


def test_days_away_are_told_with_both_their_ends_and_ten_years_at_most() -> None:
    monday, friday = date(2026, 9, 7), date(2026, 9, 11)
    away = days_away([absence(monday, friday), absence(friday, friday), absence(monday, monday, user="501")])
    assert away == {"502": {date(2026, 9, day) for day in range(7, 12)}, "501": {monday}}
    assert days_away([absence(monday, friday, "hired"), absence(monday, friday, "left")]) == {}
    for_ever = days_away([absence(monday, date(9999, 12, 31))])["502"]
    assert (min(for_ever), max(for_ever), len(for_ever)) == (monday, monday + 3660 * DAY, 3661)


def test_stretches_of_days_are_cut_at_the_first_morning_of_another_clock() -> None:
    def opens(told: Clocks, user: str | None = "502") -> list[tuple[int, int, str]]:
        found = told.days(user, date(2026, 9, 7), date(2026, 9, 14), "Europe/Moscow")
        return [(one.day, end.day, f"{clock.opens(one):%H}") for one, end, clock in found]

    def moved(when: str) -> dict[str, list[Stay]]:
        return {"502": [("4", 0, to_ms(at(when))), ("1", to_ms(at(when)), None)]}

    assert opens(made(MOVED)) == [(7, 8, "06"), (8, 14, "08")]  # in UTC
    assert opens(made(moved("2026-09-08T00:01"))) == [(7, 9, "06"), (9, 14, "08")]
    assert opens(made(moved("2026-09-07T00:00"))) == [(7, 14, "08")]
    assert opens(made(moved("2026-09-14T00:00"))) == [(7, 14, "06")]
    assert opens(made(MOVED), None) == opens(made(MOVED), "999") == [(7, 14, "06")]
