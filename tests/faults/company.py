"""A company small enough to be read in a second: forty enquiries until HALF, what changed until END."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connector.pretend.happenings import (
    ROBOT,
    Called,
    ClientCame,
    Company,
    Deleted,
    Enquired,
    Happening,
    Hired,
    MeetingHeld,
    MeetingPlanned,
    Moved,
    PipelineMade,
    Priced,
    Reassigned,
    Restored,
    TeamMade,
)

START = datetime(2026, 9, 1, 6, tzinfo=UTC)
HALF = datetime(2026, 9, 16, 12, tzinfo=UTC)
END = datetime(2026, 9, 17, 12, tzinfo=UTC)
ANNA, BORIS, HEAD, ADMIN = 501, 502, 511, 1
FIRST = 7001
DEALS = 40
PHONE = "+7 916 555-{:02d}-{:02d}"


def phones() -> list[str]:
    """Of every client, the way it is written and its last digits alone: none may be found anywhere."""
    written = [PHONE.format(n // 100, n % 100) for n in range(1, DEALS // 2 + 1)]
    return [*written, *("".join(filter(str.isdigit, one))[1:] for one in written)]


def company() -> Company:
    told = [*_founding(), *_first_half(), *_second_half()]
    told.sort(key=lambda one: one.at)
    return Company(START, END, "Europe/Moscow", "RUB", tuple(told))


def _founding() -> Iterator[Happening]:
    yield TeamMade(START, 700, "Розница")
    yield Hired(START, ADMIN, "Администратор", 700, admin=True)
    yield Hired(START, HEAD, "Ирина Лаврова", 700, head=True)
    yield Hired(START, ANNA, "Анна Белова", 700)
    yield Hired(START, BORIS, "Борис Громов", 700)
    yield PipelineMade(START, 100, "Продажи")
    yield PipelineMade(START, 101, "Допродажи")
    for n in range(1, DEALS // 2 + 1):
        company = 50000 + n if n % 4 == 0 else None
        yield ClientCame(START + n * timedelta(minutes=1), 20000 + n, company, PHONE.format(n // 100, n % 100), ANNA)


def _first_half() -> Iterator[Happening]:
    for n in range(DEALS):
        deal, contact, owner = FIRST + n, 20001 + n // 2, (ANNA, BORIS)[n % 2]
        at = START + timedelta(hours=1 + 7 * n, minutes=n)
        yield Enquired(at, deal, f"Заявка {deal}", contact, None, owner, ROBOT, 100, "Сайт", amount=10_000_00 + n * 100)
        yield Called(at + timedelta(minutes=4), 90000 + n, "out", True, 60 + n, owner, contact, deal)
        yield Moved(at + timedelta(minutes=9), deal, "contacted", owner)
        if n % 3 == 0:
            yield Moved(at + timedelta(hours=3), deal, "won", owner)
        elif n % 3 == 1:
            yield Moved(at + timedelta(hours=3), deal, "lost", owner, reason="Дорого")
    yield MeetingPlanned(HALF - timedelta(hours=9), 61, ANNA, FIRST + 2, HALF + timedelta(hours=2))
    yield Deleted(HALF - timedelta(hours=5), FIRST + 5, ANNA)


def _second_half() -> Iterator[Happening]:
    """A day's work: moved, won, priced, handed over, deleted, brought back, new ones."""
    at = HALF + timedelta(hours=1)
    yield MeetingHeld(at, 61, ANNA, "Договорились")
    for step, n in enumerate((2, 8, 11, 14)):
        yield Moved(at + timedelta(minutes=step), FIRST + n, "won", (ANNA, BORIS)[n % 2])
    yield Priced(at + timedelta(minutes=10), FIRST + 17, 55_000_00, BORIS)
    yield Reassigned(at + timedelta(minutes=20), FIRST + 20, BORIS, HEAD)
    yield Deleted(at + timedelta(minutes=30), FIRST + 23, BORIS)
    yield Restored(at + timedelta(minutes=40), FIRST + 5, ADMIN)
    for n in range(DEALS, DEALS + 5):
        deal, contact = FIRST + n, 20001 + n % 10
        yield Enquired(
            at + timedelta(hours=1, minutes=n), deal, f"Заявка {deal}", contact, None, ANNA, ROBOT, 100, "Сайт"
        )
        yield Called(at + timedelta(hours=1, minutes=n + 3), 90000 + n, "out", True, 61, ANNA, contact, deal)
        yield Moved(at + timedelta(hours=2, minutes=n), deal, "contacted", ANNA)
