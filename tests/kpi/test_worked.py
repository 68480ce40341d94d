"""Worked days: the office's calendar, without absences, from hire to leaving, up to a moment."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config import Rules
from connector.derive.clocks import Clocks, clocks, days_away
from connector.kpi.worked import days, employed, office_days, worked_days
from connector.moment import DAY, Period, local_day, to_ms
from connector.provider import Page
from connector.records import Absence, Team, User
from connector.store import accounts
from connector.store.clock import absences
from connector.store.crm import memberships, records
from connector.store.engine import Store

ZONE = ZoneInfo("Europe/Moscow")
JUNE = Period.parse("2026-06")
OVER = datetime(2026, 7, 2, tzinfo=ZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def away(what: Any, first: str, last: str | None = None, user: str = "501") -> Absence:
    return Absence.of(user, what, date.fromisoformat(first), date.fromisoformat(last or first))


CASES = [
    # June 2026: 21 working days (the 12th is a holiday)
    ("nothing known", [], OVER, 21),
    ("a vacation over a weekend and the holiday", [away("vacation", "2026-06-08", "2026-06-14")], OVER, 17),
    (
        "overlapping absences count once",
        [away("sick", "2026-06-01", "2026-06-03"), away("other", "2026-06-03")],
        OVER,
        18,
    ),
    ("away before and after", [away("vacation", "2026-05-20", "2026-07-20")], OVER, 0),
    ("hired in the period, that day included", [away("hired", "2026-06-15")], OVER, 12),
    ("hired on a Sunday", [away("hired", "2026-06-14")], OVER, 12),
    ("hired later", [away("hired", "2026-07-01")], OVER, 0),
    ("left in the period, the last day included", [away("left", "2026-06-11")], OVER, 9),
    ("left before", [away("left", "2026-05-31")], OVER, 0),
    ("left on the last day", [away("left", "2026-06-30")], OVER, 21),
    ("hired and left again", [away("hired", "2026-06-03"), away("left", "2026-06-05")], OVER, 3),
    ("before the period", [], at("2026-05-31T23:59"), 0),
    ("before the first opening", [], at("2026-06-01T08:59:59"), 0),
    ("from the first opening on", [], at("2026-06-01T09:00"), 1),
    ("in the evening", [], at("2026-06-01T23:00"), 1),
    ("on a Sunday", [], at("2026-06-07T12:00"), 5),
    ("on a day away", [away("sick", "2026-06-02")], at("2026-06-02T12:00"), 1),
    ("on the day after leaving", [away("left", "2026-06-02")], at("2026-06-03T12:00"), 2),
    ("on the last day of the period", [], at("2026-06-30T10:00"), 21),
    ("an absence of a hundred years", [away("other", "2026-06-15", "2126-06-15")], OVER, 9),
    ("a stranger's absence", [away("sick", "2026-06-01", "2026-06-30", user="502")], OVER, 21),
]


def made(known: list[Absence], **more: Any) -> Clocks:
    base: dict[str, Any] = {"users": {}, "teams": {}, "stays": {}}
    return clocks(Rules(), ZONE, away=days_away(known), **(base | more))


@pytest.mark.parametrize(("what", "known", "until", "expected"), CASES, ids=[case[0] for case in CASES])
def test_worked_days(what: str, known: list[Absence], until: datetime, expected: int) -> None:
    assert days(made(known), "501", JUNE, until, ZONE, employed(known)) == expected


day = st.dates(date(2026, 5, 20), date(2026, 7, 10))


@given(st.lists(st.tuples(day, st.integers(0, 20)), max_size=4), day, day, day, st.integers(0, 23))
def test_the_sum_is_that_of_its_days(
    gone: list[tuple[date, int]], hired: date, left: date, today: date, hour: int
) -> None:
    known = [Absence.of("501", "vacation", first, first + n * DAY) for first, n in gone]
    known += [Absence.of("501", "hired", hired, hired), Absence.of("501", "left", left, left)]
    moved = to_ms(at("2026-06-10T15:00"))
    rules = Rules(office=({"team": "2", "working_days": (6, 7)},))  # type: ignore[arg-type]
    team = {"2": Team(id="2", name="Выходные")}
    told = clocks(
        rules, ZONE, users={}, teams=team, stays={"501": [("1", 0, moved), ("2", moved, None)]}, away=days_away(known)
    )
    until = datetime(today.year, today.month, today.day, hour, tzinfo=ZONE)
    by_hand = 0
    for n in range(30):
        one = JUNE.start + n * DAY
        ours = told.of("501", datetime(one.year, one.month, one.day, tzinfo=ZONE))
        opens = ours.opens(one)
        by_hand += hired <= one <= left and opens is not None and (one < today or (one == today and opens <= until))
    if today != date(2026, 6, 10):  # the day of the transfer itself is told by the clock of the moment
        assert days(told, "501", JUNE, until, ZONE, employed(known)) == by_hand


def page(*told: Any) -> Page:
    return Page(told, "{}", at("2026-06-01T00:00"))


def test_from_the_store_as_known_then(store: Store) -> None:
    vacation = away("vacation", "2026-06-01", "2026-06-14")
    rules = Rules(office=({"team": "Юг", "working_days": (1, 2)},))  # type: ignore[arg-type]
    users = [User(id="501", name="А", team_ids=("7",)), User(id="502", name="Б")]
    with store.write() as conn:
        account = accounts.enroll(conn, "a", "fake")
        records.save_page(conn, account, Team, page(Team(id="7", name="Юг")), now=1000)
        records.save_page(conn, account, User, page(*users), now=1000)
        memberships.observe(conn, account, users, now=1000)
        absences.take(conn, account, [vacation], source="csv", now=5000)

    def told(as_of: int | None) -> dict[str, int]:
        with store.read() as conn:
            return worked_days(
                conn, account, ["501", "502", "999"], JUNE, until=OVER, rules=rules, zone=ZONE, as_of=as_of
            )

    assert told(None) == told(5000) == {"501": 6, "502": 21, "999": 21}
    assert told(4999) == {"501": 10, "502": 21, "999": 21}


def test_offices_are_those_of_the_teams_as_they_were_called_then(store: Store) -> None:
    rules = Rules(office=({"team": "Юг", "working_days": (1, 2)},))  # type: ignore[arg-type]
    with store.write() as conn:
        account = accounts.enroll(conn, "a", "fake")
        records.save_page(conn, account, Team, page(Team(id="7", name="Юг")), now=1000)
        records.save_page(conn, account, User, page(User(id="501", name="А", team_ids=("7",))), now=1000)
        records.save_page(conn, account, Team, page(Team(id="7", name="Север")), now=5000)

    def told(as_of: int | None) -> int:
        with store.read() as conn:
            return worked_days(conn, account, ["501"], JUNE, until=OVER, rules=rules, zone=ZONE, as_of=as_of)["501"]

    assert (told(4999), told(5000), told(None)) == (10, 21, 21)


def test_a_day_is_the_accounts_even_where_reaction_time_is_personal(store: Store) -> None:
    far = User(id="501", name="А", zone="Asia/Vladivostok")
    with store.write() as conn:
        account = accounts.enroll(conn, "a", "fake")
        records.save_page(conn, account, User, page(far), now=1000)
    morning = at("2026-06-01T03:00")  # 10:00 in Vladivostok
    assert local_day(morning, ZONE) == JUNE.start
    with store.read() as conn:
        told = worked_days(conn, account, ["501"], JUNE, until=morning, rules=Rules(person_zones=True), zone=ZONE)
    assert told == {"501": 0}


def test_office_days_are_all_of_the_period_whoever_was_away(sqlite_store: Store) -> None:
    users = [User(id="501", name="А", team_ids=("7",)), User(id="502", name="Б")]
    rules = Rules(office=({"team": "Юг", "working_days": (1, 2)},), person_zones=True)  # type: ignore[arg-type]
    with sqlite_store.write() as conn:
        account = accounts.enroll(conn, "a", "fake")
        records.save_page(conn, account, Team, page(Team(id="7", name="Юг")), now=1000)
        records.save_page(conn, account, User, page(*users), now=1000)
        memberships.observe(conn, account, users, now=1000)
        absences.take(conn, account, [away("vacation", "2026-06-01", "2026-06-14")], source="csv", now=1000)
        absences.take(conn, account, [away("left", "2026-06-15", user="502")], source="csv", now=1000)
        told = office_days(conn, account, ["501", "502"], JUNE, rules=rules, zone=ZONE)
    assert told == {"501": 10, "502": 21}


SWITCHED = to_ms(at("2026-06-11T18:00"))
MORNING = to_ms(at("2026-06-16T09:30"))
DAY_MS = 86_400_000
ON_AGAIN = [(True, 1000), (False, SWITCHED)]  # the 12th is a holiday, the 15th a Monday
GONE: list[tuple[str, list[tuple[bool, int]], list[Absence], int | None, int]] = [
    ("still there", [(True, 1000)], [], None, 21),
    ("switched off: that day is his last one", [(True, 1000), (False, SWITCHED)], [], None, 9),
    ("seen switched off twice", [(True, 1000), (False, SWITCHED), (False, SWITCHED + 9 * 86_400_000)], [], None, 9),
    ("not known to be then", [(True, 1000), (False, SWITCHED)], [], SWITCHED - 1, 21),
    ("known to be from that moment on", [(True, 1000), (False, SWITCHED)], [], SWITCHED, 9),
    ("switched on again", [(True, 1000), (False, SWITCHED), (True, SWITCHED + 1)], [], None, 21),
    ("on again on a Tuesday: away in between", [*ON_AGAIN, (True, MORNING)], [], None, 21 - 1),
    ("and off once more", [*ON_AGAIN, (True, MORNING), (False, MORNING + DAY_MS)], [], None, 9 + 2),
    ("not known to be on again then", [*ON_AGAIN, (True, MORNING)], [], MORNING - 1, 9),
    ("an absence of months", [*ON_AGAIN, (True, MORNING + 90 * DAY_MS)], [], None, 9),
    ("before he was hired anew", [*ON_AGAIN, (True, MORNING)], [away("hired", "2026-06-15")], None, 11),
    ("never seen switched on: nobody knows when", [(False, 1000)], [], None, 21),
    ("his last day was told", [(True, 1), (False, SWITCHED)], [away("left", "2026-06-04")], None, 4),
    ("a later one too", [(True, 1), (False, SWITCHED)], [away("left", "2026-06-16")], None, 11),
    ("only his first was", [(True, 1), (False, SWITCHED)], [away("hired", "2026-06-10")], None, 2),
]


@pytest.mark.parametrize(("what", "seen", "told", "as_of", "expected"), GONE, ids=[case[0] for case in GONE])
def test_who_is_switched_off_works_no_more(
    sqlite_store: Store, what: str, seen: list[tuple[bool, int]], told: list[Absence], as_of: int | None, expected: int
) -> None:
    with sqlite_store.write() as conn:
        account = accounts.enroll(conn, "a", "fake")
        for number, (active, since) in enumerate(seen):
            user = User(id="501", name=f"А{number}", active=active)
            records.save_page(conn, account, User, page(user, User(id="502", name="Б")), now=since)
        absences.take(conn, account, told, source="csv", now=1)
        days = worked_days(conn, account, ["501", "502"], JUNE, until=OVER, rules=Rules(), zone=ZONE, as_of=as_of)
    assert days == {"501": expected, "502": 21}


@pytest.mark.parametrize(
    ("back", "as_of", "expected"),
    [(None, None, 9), (None, SWITCHED - 1, 21), (None, SWITCHED, 9), (MORNING, None, 20), (MORNING, MORNING - 1, 9)],
)
def test_who_is_not_in_the_crm_any_more_works_no_more(
    sqlite_store: Store, back: int | None, as_of: int | None, expected: int
) -> None:
    with sqlite_store.write() as conn:
        account = accounts.enroll(conn, "a", "fake")
        records.save_page(conn, account, User, page(User(id="501", name="А"), User(id="502", name="Б")), now=1000)
        records.mark_gone(conn, account, User, ["501"], now=SWITCHED)
        if back is not None:
            records.mark_back(conn, account, User, ["501"], now=back)
        days = worked_days(conn, account, ["501", "502"], JUNE, until=OVER, rules=Rules(), zone=ZONE, as_of=as_of)
    assert days == {"501": expected, "502": 21}
