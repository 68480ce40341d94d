"""A big, plain company for benchmarks: many deals and calls, spread evenly, nothing planted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from connector.pretend.happenings import ROBOT, Called, ClientCame, Company, Enquired, Happening, Moved
from connector.pretend.people import SALES, SELLERS, founding

START = datetime(2026, 1, 1, tzinfo=UTC)


def build(deals: int = 100_000, calls_each: int = 3, seconds_apart: int = 150) -> Company:
    """So many deals, each with its client, `calls_each` calls, and every third one won."""
    told = [*founding(START - timedelta(days=1)), *_stories(deals, calls_each, seconds_apart)]
    told.sort(key=lambda happening: happening.at)
    end = START + timedelta(seconds=seconds_apart * (deals + 1) + 86_400 * 4)
    return Company(START, end, "Europe/Moscow", "RUB", tuple(told))


def _stories(deals: int, calls_each: int, apart: int) -> Iterator[Happening]:
    for n in range(deals):
        at = START + timedelta(seconds=apart * n)
        seller, deal, contact = SELLERS[n % len(SELLERS)].id, 1_000_001 + n, 2_000_001 + n
        yield ClientCame(at, contact, None, f"+7916{contact:07d}", seller)
        yield Enquired(
            at, deal, f"Заявка {deal}", contact, None, seller, ROBOT, SALES, "Сайт", amount=(n % 90 + 10) * 100_000
        )
        for k in range(calls_each):
            called = at + timedelta(minutes=7 + 60 * k)
            yield Called(
                called, 3_000_001 + n * calls_each + k, "out", True, 20 + (n + 31 * k) % 300, seller, contact, deal
            )
        yield Moved(at + timedelta(minutes=12), deal, "contacted", seller)
        if n % 3 == 0:
            yield Moved(at + timedelta(days=2), deal, "won", seller)
