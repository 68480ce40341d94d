"""Half-open periods in the account's zone; working time by interval arithmetic over the production calendar."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.moment import Period, WorkCalendar, day_number, from_ms, local_day, skew, to_ms

MSK = ZoneInfo("Europe/Moscow")
OFFICE = WorkCalendar("Europe/Moscow")
SHOP = WorkCalendar("America/New_York", "00:00-24:00", range(1, 8), "")


def instants(first: int, before: int) -> st.SearchStrategy[datetime]:
    start, end = datetime(first, 1, 1, tzinfo=UTC), datetime(before, 1, 1, tzinfo=UTC)
    return st.timedeltas(timedelta(0), end - start).map(lambda since: start + since)


def msk(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=MSK).astimezone(UTC)


@pytest.mark.parametrize(
    ("text", "start", "end", "months"),
    [
        ("2026-09", "2026-09-01", "2026-10-01", ("2026-09",)),
        ("2026-12", "2026-12-01", "2027-01-01", ("2026-12",)),
        ("2024-02", "2024-02-01", "2024-03-01", ("2024-02",)),
        ("2026-W01", "2025-12-29", "2026-01-05", ()),
        ("2026-W53", "2026-12-28", "2027-01-04", ()),
        ("2026-09-03", "2026-09-03", "2026-09-04", ()),
        ("2026-01-01..2026-02-28", "2026-01-01", "2026-03-01", ("2026-01", "2026-02")),
        (" 2026-11-01..2027-01-31 ", "2026-11-01", "2027-02-01", ("2026-11", "2026-12", "2027-01")),
        ("2026-01-01..2026-02-27", "2026-01-01", "2026-02-28", ()),
        ("2026-Q1", "2026-01-01", "2026-04-01", ("2026-01", "2026-02", "2026-03")),
        ("2026-Q4", "2026-10-01", "2027-01-01", ("2026-10", "2026-11", "2026-12")),
        ("2026-08..2026-09", "2026-08-01", "2026-10-01", ("2026-08", "2026-09")),
        ("2026-W40..2026-W41", "2026-09-28", "2026-10-12", ()),
        ("2026-Q2..2026-07-15", "2026-04-01", "2026-07-16", ()),
        ("2026-09-15..2026-09", "2026-09-15", "2026-10-01", ()),
    ],
)
def test_a_period_is_read_from_text(text: str, start: str, end: str, months: tuple[str, ...]) -> None:
    period = Period.parse(text)
    assert (period.start.isoformat(), period.end.isoformat()) == (start, end)
    assert period.months() == months
    assert period.label == text.strip()


@pytest.mark.parametrize("text", ["2026-Q3", "2026q3", "2026Q3", " 2026-q3"])
def test_a_quarter_is_written_in_more_than_one_way_and_named_in_one(text: str) -> None:
    assert Period.parse(text) == Period.parse("2026-Q3")
    assert Period.parse(f"{text}..2026q4").label == "2026-Q3..2026-Q4"


@pytest.mark.parametrize("text", ["2026-09-03..2026-09-01", "2026-Q3..2026-06", "2026-09-10..2026-W36"])
def test_of_a_reversed_span_it_is_said_that_it_is_reversed(text: str) -> None:
    first, last = text.split("..")
    with pytest.raises(ValueError, match=f"its end {last} is before its start {first}"):
        Period.parse(text)


@pytest.mark.parametrize(
    "text",
    [
        *("", "2026", "2026-13", "2025-W53", "2026-02-30", "yesterday", "9999-12", "20260903", "2026-Q5", "2026-Q0"),
        *("2026-09..", "..2026-09", "2026-09..2026-10..2026-11", "2026-01-01..2026-02-30", "2026-W3601"),
    ],
)
def test_what_is_no_period_is_refused_with_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match=r"2026-W36 \(week\)"):
        Period.parse(text)


def test_days_and_bounds_are_half_open_in_the_accounts_zone() -> None:
    september = Period.parse("2026-09")
    assert september.days() == (20260901, 20261001)
    assert september.bounds("Europe/Moscow") == (
        datetime(2026, 8, 31, 21, tzinfo=UTC),
        datetime(2026, 9, 30, 21, tzinfo=UTC),
    )


def test_the_month_ends_at_local_midnight() -> None:
    assert local_day(msk("2026-08-31T23:59:59"), "Europe/Moscow") == date(2026, 8, 31)
    assert local_day(msk("2026-09-01T00:00:00"), MSK) == date(2026, 9, 1)
    assert Period.month(date(2026, 9, 30)) == Period.parse("2026-09")


def test_almaty_moved_its_clock_in_march_2024() -> None:
    assert local_day(datetime(2024, 2, 28, 18, 30, tzinfo=UTC), "Asia/Almaty") == date(2024, 2, 29)
    assert local_day(datetime(2024, 3, 1, 18, 30, tzinfo=UTC), "Asia/Almaty") == date(2024, 3, 1)


@given(instants(1970, 2200))
def test_instants_survive_the_store(at: datetime) -> None:
    stored = from_ms(to_ms(at))
    assert timedelta(0) <= at - stored < timedelta(milliseconds=1)
    assert to_ms(stored) == to_ms(at)


def test_day_numbers_sort_like_days() -> None:
    assert day_number(date(2026, 12, 31)) == 20261231 < day_number(date(2027, 1, 1)) == 20270101


# D8: a clock time carried over the days off is a bug of others. 4 September 2026 is a Friday.
@pytest.mark.parametrize(
    ("start", "deadline"),
    [
        ("2026-09-05T15:00:00", "2026-09-07T09:30:00"),  # Saturday afternoon
        ("2026-09-06T00:00:00", "2026-09-07T09:30:00"),
        ("2026-09-04T19:00:00", "2026-09-07T09:30:00"),  # Friday evening
        ("2026-09-04T17:45:00", "2026-09-07T09:15:00"),  # 15 minutes left on Friday
        ("2026-09-04T17:30:00", "2026-09-04T18:00:00"),  # exactly at closing
        ("2026-09-04T18:00:00", "2026-09-07T09:30:00"),
        ("2026-09-07T08:59:59", "2026-09-07T09:30:00"),
        ("2026-09-07T03:00:00", "2026-09-07T09:30:00"),  # at night
        ("2026-09-07T09:00:00", "2026-09-07T09:30:00"),
        ("2026-11-02T18:30:00", "2026-11-03T09:30:00"),
        ("2026-11-03T16:45:00", "2026-11-05T09:15:00"),  # short day before Unity Day, which is a Wednesday
        ("2025-12-30T17:59:00", "2026-01-12T09:29:00"),  # over the New Year: 31 December and 9 January are off
        ("2024-04-26T18:30:00", "2024-04-27T09:30:00"),  # a working Saturday
    ],
)
def test_the_clock_starts_at_the_next_opening(start: str, deadline: str) -> None:
    at, due = msk(start), OFFICE.after(msk(start), 1800)
    assert due.astimezone(MSK).isoformat()[:19] == deadline
    assert OFFICE.seconds(at, due) == 1800


def test_nothing_to_wait_for_is_the_next_moment_of_work() -> None:
    assert OFFICE.after(msk("2026-09-07T10:00:00"), 0) == msk("2026-09-07T10:00:00")
    assert OFFICE.after(msk("2026-09-05T10:00:00"), 0) == msk("2026-09-07T09:00:00")


@pytest.mark.parametrize(("year", "days", "short"), [(2023, 247, 3), (2024, 248, 5), (2025, 247, 4), (2026, 247, 4)])
def test_russian_years_have_the_official_days_and_hours(year: int, days: int, short: int) -> None:
    first, end = date(year, 1, 1), date(year + 1, 1, 1)
    assert OFFICE.working_days(first, end) == days
    span = Period.parse(f"{first}..{end - timedelta(days=1)}").bounds(MSK)
    assert OFFICE.seconds(*span) == (days * 9 - short) * 3600


@pytest.mark.parametrize(
    ("day", "working"),
    [("2024-04-27", True), ("2024-12-28", True), ("2025-11-01", True), ("2026-01-09", False), ("2026-12-31", False)],
)
def test_transfers_and_working_saturdays(day: str, working: bool) -> None:
    assert OFFICE.is_working(date.fromisoformat(day)) is working


def test_the_configuration_wins_over_the_calendar() -> None:
    office = WorkCalendar(MSK, "10:00-19:00", (1, 2), "RU", ("2026-09-07",), ("2026-09-13", "2026-09-07"))
    assert office.is_working(date(2026, 9, 7))  # both: worked
    assert office.opens(date(2026, 9, 13)) == msk("2026-09-13T10:00:00")
    assert office.closes(date(2026, 9, 13)) == msk("2026-09-13T19:00:00")
    assert office.opens(date(2026, 9, 9)) is None
    assert office.working_days(date(2026, 9, 7), date(2026, 9, 14)) == 3


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": "18:00-09:00"},
        {"hours": "09:00-25:00"},
        {"hours": "nine"},
        {"country": "ZZ"},
        {"days_off": ["2026-13-01"]},
    ],
)
def test_hours_days_and_countries_that_do_not_exist_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        WorkCalendar("Europe/Moscow", **wrong)  # type: ignore[arg-type]


def test_around_the_clock_counts_real_seconds_over_a_change_of_clocks() -> None:
    spring = datetime(2026, 3, 8, 5, tzinfo=UTC)  # New York: 23 hours that day
    assert SHOP.seconds(spring, spring + timedelta(hours=23)) == 23 * 3600
    assert SHOP.closes(date(2026, 3, 8)) == spring + timedelta(hours=23)


INSTANTS = instants(2024, 2028)


@given(INSTANTS, INSTANTS, INSTANTS)
def test_working_time_adds_up_over_splits(one: datetime, two: datetime, three: datetime) -> None:
    start, middle, end = sorted((one, two, three))
    for calendar in (OFFICE, SHOP):
        assert calendar.seconds(start, end) == calendar.seconds(start, middle) + calendar.seconds(middle, end)


@given(INSTANTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_working_time_is_never_negative_nor_longer_than_time(start: datetime, span: timedelta) -> None:
    worked = OFFICE.seconds(start, start + span)
    assert 0 <= worked <= span.total_seconds() + 1
    assert OFFICE.seconds(start + span, start) == 0 or span == timedelta(0)


@given(INSTANTS)
def test_a_closed_office_works_not_at_all(start: datetime) -> None:
    day = start.astimezone(MSK).date()
    opens, closes = OFFICE.opens(day), OFFICE.closes(day)
    midnight = msk(f"{day}T00:00:00")
    if opens is None or closes is None:
        assert OFFICE.seconds(midnight, midnight + timedelta(days=1)) == 0
    else:
        assert OFFICE.seconds(midnight, opens) == OFFICE.seconds(closes, midnight + timedelta(days=1)) == 0


@given(INSTANTS.map(lambda at: at.replace(microsecond=0)), st.integers(1, 10_000_000))
def test_the_deadline_is_the_first_moment_with_so_much_work_behind(start: datetime, seconds: int) -> None:
    due = OFFICE.after(start, seconds)
    assert OFFICE.seconds(start, due) == seconds
    assert OFFICE.seconds(start, due - timedelta(seconds=1)) == seconds - 1


def test_absurd_instants_are_the_ends_of_the_calendar() -> None:
    assert OFFICE.seconds(datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, tzinfo=UTC)) > 0
    assert OFFICE.after(datetime(9999, 12, 31, tzinfo=UTC), 1800).year == 2100
    assert WorkCalendar("UTC", working_days=(), country="").after(datetime(2026, 1, 1, tzinfo=UTC), 1).year == 2100


def test_a_year_costs_no_more_than_a_day() -> None:
    """D9: interval arithmetic, not seconds or days counted one by one. What it takes is in docs/benchmarks.md."""

    def calls(end: datetime) -> int:
        made = 0

        def count(_frame: object, event: str, _arg: object) -> None:
            nonlocal made
            made += event in ("call", "c_call")

        OFFICE.seconds(start, end)
        sys.setprofile(count)
        try:
            OFFICE.seconds(start, end)
        finally:
            sys.setprofile(None)
        return made

    start = datetime(2025, 1, 10, tzinfo=UTC)
    assert calls(datetime(2025, 12, 30, tzinfo=UTC)) <= calls(datetime(2025, 1, 11, tzinfo=UTC)) + 1


AWAY = st.sets(st.dates(date(2025, 12, 20), date(2026, 1, 31)), max_size=10)


@given(instants(2025, 2026), st.timedeltas(timedelta(0), timedelta(days=60)), AWAY)
def test_time_away_is_not_worked(start: datetime, span: timedelta, away: set[date]) -> None:
    mine, end = OFFICE.without(away), start + span
    lost = sum(
        OFFICE.seconds(max(start, opens), min(end, closes))
        for day in away
        if (opens := OFFICE.opens(day)) is not None and (closes := OFFICE.closes(day)) is not None
    )
    assert mine.seconds(start, end) == OFFICE.seconds(start, end) - lost
    assert OFFICE.without(()) is OFFICE


def test_absences_come_together_and_leave_the_office_as_it_was() -> None:
    monday, tuesday = date(2026, 9, 7), date(2026, 9, 8)
    both = OFFICE.without({monday}).without({tuesday})
    assert [both.is_working(day) for day in (monday, tuesday, date(2026, 9, 9))] == [False, False, True]
    assert OFFICE.is_working(monday)
    assert both.after(msk("2026-09-05T15:00:00"), 1800) == msk("2026-09-09T09:30:00")


def test_the_holidays_are_loaded_only_where_needed() -> None:
    code = "import sys, connector.moment as m; m.WorkCalendar('UTC', country=''); sys.exit('holidays' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0.2, "+0 s"),
        (-1.6, "-2 s"),
        (59.4, "+59 s"),
        (120, "+2 min"),
        (-305, "-5 min 5 s"),
        (12_000, "+3 h 20 min"),
        (86_400, "+1 d"),
        (86_460, "+1 d"),
        (-26_107_200, "-302 d 4 h"),
    ],
)
def test_a_skew_is_told_in_units_that_a_person_reads(seconds: float, told: str) -> None:
    assert skew(seconds) == told
