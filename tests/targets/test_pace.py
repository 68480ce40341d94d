from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.moment import Period, WorkCalendar
from connector.targets.pace import Today, pace, this_morning, today

MOSCOW = "Europe/Moscow"
CALENDAR = WorkCalendar(MOSCOW, "09:00-18:00", country="RU")
SEPTEMBER = Period.parse("2026-09")  # 22 working days, no holidays


def at(day: int, hour: int = 0, minute: int = 0) -> datetime:
    return datetime(2026, 9, day, hour, minute, tzinfo=ZoneInfo(MOSCOW))


def found(plan: int, fact: int, moment: datetime):
    return pace(Decimal(plan), Decimal(fact), SEPTEMBER, moment, CALENDAR, MOSCOW)


def test_half_of_the_working_time_and_half_of_the_plan_is_a_pace_of_one():
    middle = found(2_200_000, 1_100_000, at(16))  # 11 of 22 days are over
    assert (middle.share, middle.pace, middle.attainment) == (Decimal("0.5"), Decimal(1), Decimal("0.5"))
    assert (middle.expected, middle.left) == (Decimal(1_100_000), Decimal(1_100_000))
    assert (middle.days_gone, middle.days_left, middle.per_day) == (11, 11, Decimal(100_000))


def test_a_weekend_moves_nothing():
    assert found(100, 40, at(12, 10)) == found(100, 40, at(13, 23, 59))


def test_within_a_day_the_share_grows_with_office_hours_only():
    before, noon, late = (found(100, 10, at(16, hour)).share for hour in (8, 12, 23))
    assert before == Decimal("0.5")
    assert noon == Decimal("0.515152")  # 3 of 9 hours of one of 22 days
    assert late == Decimal("0.545455")


def test_today_is_left_until_its_office_closes():
    assert found(100, 10, at(16, 17)).days_left == 11
    assert found(100, 10, at(16, 18)).days_left == 10


def test_before_any_working_time_there_is_no_pace():
    early = found(100, 0, at(1))
    assert early.pace is None
    assert early.expected == 0
    assert early.per_day == Decimal("4.55")


def test_before_the_period_its_beginning_counts():
    assert found(100, 0, datetime(2026, 8, 3, tzinfo=UTC)) == found(100, 0, at(1))


def test_after_the_period_the_pace_is_the_attainment_and_no_day_is_left():
    over = found(200, 150, datetime(2027, 1, 1, tzinfo=UTC))
    assert (over.share, over.pace, over.attainment) == (Decimal(1), Decimal("0.75"), Decimal("0.75"))
    assert (over.days_left, over.per_day, over.left) == (0, None, Decimal(50))


def test_no_plan_to_speak_of():
    nothing = found(0, 100, at(16))
    assert (nothing.pace, nothing.attainment, nothing.left) == (None, None, Decimal(0))


def test_a_reached_plan_asks_for_nothing_more():
    assert found(100, 130, at(16)).per_day == 0


def test_a_calendar_without_work_does_not_divide_by_zero():
    idle = WorkCalendar(MOSCOW, "09:00-18:00", working_days=(), country="")
    running = pace(Decimal(10), Decimal(1), SEPTEMBER, at(16), idle, MOSCOW)
    assert (running.pace, running.days_left, running.per_day) == (None, 0, None)


@pytest.mark.parametrize("hour", [0, 9, 15, 23])
def test_this_morning_is_the_same_all_day(hour):
    assert this_morning(at(16, hour, 59), MOSCOW) == at(16)


@given(st.integers(0, 30 * 24 * 60), st.integers(0, 30 * 24 * 60), st.integers(1, 10**9), st.integers(0, 10**9))
def test_share_and_expectation_only_grow_and_never_leave_their_bounds(first, second, plan, fact):
    start = SEPTEMBER.bounds(MOSCOW)[0]
    earlier, later = (
        pace(Decimal(plan), Decimal(fact), SEPTEMBER, start + timedelta(minutes=m), CALENDAR, MOSCOW)
        for m in sorted((first, second))
    )
    assert 0 <= earlier.share <= later.share <= 1
    assert 0 <= earlier.expected <= later.expected <= plan
    assert earlier.days_gone + earlier.days_left == 22
    if earlier.pace is not None and later.pace is not None:
        assert earlier.pace >= later.pace


def left(plan: int, fact: int, done: int, day: int = 16, *, whole: bool = False) -> Today | None:
    return today(found(plan, fact, at(day)), Decimal(done), whole=whole)


def test_what_is_left_today_is_the_mornings_part_without_what_came_since():
    """11 working days are left: what came today makes this day's part no smaller, only what is left of it."""
    for done, rest in ((0, 100_000), (30_000, 70_000), (100_000, 0), (250_000, 0)):
        told = left(2_200_000, 1_100_000 + done, done)
        assert told == Today(needed=Decimal(100_000), done=Decimal(done), left=Decimal(rest))


def test_what_was_taken_back_today_is_to_be_brought_again():
    assert left(2_200_000, 1_090_000, -10_000) == Today(
        needed=Decimal(100_000), done=Decimal(-10_000), left=Decimal(110_000)
    )


def test_of_what_is_counted_one_by_one_a_day_needs_whole_ones():
    told = left(100, 45, 5, whole=True)  # 60 were left this morning, 5.45 a day
    assert told is not None and (told.needed, told.left) == (Decimal(6), Decimal(1))
    money = left(100, 45, 5)
    assert money is not None and money.needed == Decimal("5.46")


def test_nothing_is_left_of_a_day_before_which_the_plan_was_reached_nor_after_the_last():
    assert left(100, 100, 0) is None
    assert left(100, 120, 20) is None
    assert left(100, 120, 30) is not None, "it was reached today: the day's part is done"
    assert today(found(100, 10, datetime(2027, 1, 1, tzinfo=UTC)), Decimal(0), whole=False) is None
