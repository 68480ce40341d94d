"""When months may be closed and how long a closing stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest

from connector.errors import BadConfig
from connector.kpi.closing import closable_from, ended_since, month_of, watches
from connector.moment import Period, WorkCalendar

MOSCOW = WorkCalendar("Europe/Moscow")


@pytest.mark.parametrize(
    ("month", "grace", "first"),
    [
        ("2026-08", 5, date(2026, 9, 8)),
        ("2026-08", 0, date(2026, 9, 1)),
        ("2026-08", 1, date(2026, 9, 2)),
        ("2026-12", 1, date(2027, 1, 12)),  # New Year's holidays
        ("2026-04", 5, date(2026, 5, 9)),  # the first of May is none, the eighth is the fifth
    ],
)
def test_so_many_working_days_after_the_end(month: str, grace: int, first: date) -> None:
    assert closable_from(Period.parse(month), MOSCOW, grace) == first


def test_an_office_that_never_opens_closes_its_month_after_a_year() -> None:
    never = WorkCalendar("UTC", working_days=(), country="")
    assert closable_from(Period.parse("2026-08"), never, 5) == date(2027, 9, 2)


def test_a_month_is_a_month() -> None:
    assert month_of(Period.parse("2026-08")).label == "2026-08"
    for other in ("2026-W34", "2026-08-01", "2026-08-01..2026-08-31", "2026-08-01..2026-09-30"):
        with pytest.raises(BadConfig, match=f"{other}: only a month is closed, such as 2026-08"):
            month_of(Period.parse(other))


@pytest.mark.parametrize(
    ("connected", "today", "months"),
    [
        (date(2026, 8, 15), date(2026, 8, 31), []),
        (date(2026, 8, 15), date(2026, 9, 1), ["2026-08"]),
        (date(2026, 8, 31), date(2026, 11, 1), ["2026-08", "2026-09", "2026-10"]),
        (date(2026, 12, 1), date(2027, 1, 31), ["2026-12"]),
    ],
)
def test_only_what_ended_since_the_account_was_connected(connected: date, today: date, months: list[str]) -> None:
    assert [month.label for month in ended_since(connected, today)] == months


@dataclass(frozen=True)
class Told:
    period: str
    what: str
    as_of: int


CLOSED, REOPENED, AGAIN = Told("2026-08", "closed", 10), Told("2026-08", "reopened", 20), Told("2026-08", "closed", 30)
OTHER = Told("2026-09", "closed", 25)


@pytest.mark.parametrize(
    ("history", "span", "watched"),
    [
        ([], (0, 100), []),
        ([CLOSED], (0, 100), [(CLOSED, 10, 100)]),
        ([CLOSED], (15, 17), [(CLOSED, 15, 17)]),
        ([CLOSED], (0, 10), []),
        ([CLOSED], (0, 11), [(CLOSED, 10, 11)]),
        ([CLOSED, REOPENED], (0, 100), [(CLOSED, 10, 20)]),
        ([CLOSED, REOPENED], (20, 100), []),
        ([CLOSED, REOPENED, AGAIN], (0, 100), [(CLOSED, 10, 20), (AGAIN, 30, 100)]),
        ([CLOSED, OTHER], (0, 100), [(CLOSED, 10, 100), (OTHER, 25, 100)]),
        ([CLOSED, REOPENED, OTHER], (5, 22), [(CLOSED, 10, 20)]),
    ],
)
def test_a_closing_stands_until_its_month_is_opened(
    history: list[Told], span: tuple[int, int], watched: list[tuple[Told, int, int]]
) -> None:
    assert watches(history, *span) == watched
