"""A rate that becomes known touches the clients whose facts it speaks to, and nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy.engine import Connection

from connector.fact import Fact
from connector.provider import Account, Page
from connector.records import Deal, Price, Rate
from connector.store import accounts, facts
from connector.store.clock import quotes
from connector.store.clock.quotes import Quoted
from connector.store.crm import dossiers, records
from connector.store.engine import Store

TOLD = datetime(2026, 9, 1, tzinfo=UTC)
SEPTEMBER = date(2026, 9, 10)


def deal(id: str, currency: str | None, **more: Any) -> Deal:
    return Deal(
        id=id,
        created_at=TOLD,
        pipeline_id="1",
        stage_id="1",
        amount=100,
        currency=currency,
        contacts=(f"contact:{id}",),
        **more,
    )


def win(id: str, day: date = SEPTEMBER, note: str | None = None) -> dict[str, list[Fact]]:
    at = TOLD + timedelta(days=(day - TOLD.date()).days)
    return {f"contact:{id}": [Fact(key=f"win|deal:{id}", kind="win", at=at, day=day, user="501", note=note)]}


def ground(conn: Connection) -> int:
    account = accounts.enroll(conn, "one", "fake")
    accounts.describe(conn, account, Account("1", "one", "UTC", "RUB", "host"), "UTC", "RUB")
    price = Price(id="p", of="deal:4", at=TOLD, amount=1, before=1, currency="RUB", currency_before="USD")
    deals = (
        deal("1", "RUB"), deal("2", "USD"), deal("3", None), deal("4", "RUB"), deal("5", "EUR"),
        deal("6", "RUB", fields={"Refund": "100|USD"}), deal("7", "USD"),
    )  # fmt: skip
    records.save_page(conn, account, Deal, Page(deals, "c", TOLD), now=1)
    records.save_page(conn, account, Price, Page((price,), "c", TOLD), now=1)
    for id in "123456":
        facts.replace(conn, account, win(id), known_at=1)
    facts.replace(conn, account, win("7", date(2026, 8, 31)), known_at=1)
    dirty(conn, account)
    return account


def dirty(conn: Connection, account: int) -> list[str]:
    found = dossiers.take_dirty(conn, account, 100)
    dossiers.clear_dirty(conn, account, found)
    return found


def test_only_facts_from_that_day_on_in_that_currency_are_derived_anew(store: Store) -> None:
    with store.write() as conn:
        account = ground(conn)

        def tell(day: date, value: str) -> list[str]:
            rate = Rate(id=f"USD@{day}", currency="USD", day=day, rate=value)
            records.save_page(conn, account, Rate, Page((rate,), "c", TOLD), now=2)
            return dirty(conn, account)

        assert tell(date(2026, 9, 1), "90") == ["contact:2", "contact:4", "contact:6"]
        assert tell(date(2026, 9, 1), "90") == []
        assert tell(date(2026, 9, 11), "91") == []
        assert tell(date(2026, 9, 10), "91") == ["contact:2", "contact:4", "contact:6"]
        assert tell(date(2026, 8, 1), "80") == ["contact:2", "contact:4", "contact:6", "contact:7"]


def test_quotes_are_kept_once_and_a_files_word_stands(store: Store) -> None:
    def usd(rate: str, source: str, day: date = SEPTEMBER) -> Quoted:
        return Quoted("USD", day, rate, source)

    with store.write() as conn:
        account = ground(conn)
        assert quotes.add(conn, account, [usd("90", "csv"), Quoted("GBP", SEPTEMBER, "100", "csv")], now=2) == 2
        assert dirty(conn, account) == ["contact:2", "contact:4", "contact:6"]
        assert quotes.add(conn, account, [usd("90.0", "csv"), usd("95", "www.cbr.ru")], now=3) == 0
        assert dirty(conn, account) == []
        sunday = SEPTEMBER + timedelta(days=3)
        assert quotes.add(conn, account, [usd("95", "www.cbr.ru", sunday)], now=3) == 1
        assert quotes.add(conn, account, [usd("96", "csv", sunday), usd("91", "csv")], now=4) == 2
        assert quotes.all(conn, account) == [
            Quoted("GBP", SEPTEMBER, "100", "csv"), usd("91", "csv"), usd("96", "csv", sunday),
        ]  # fmt: skip
        assert quotes.asked(conn, account, "www.cbr.ru") == set()
        assert quotes.asked(conn, account, "csv") == {SEPTEMBER, sunday}


def test_days_without_a_rate(store: Store) -> None:
    with store.write() as conn:
        account = ground(conn)
        facts.replace(conn, account, win("2", note="no_rate:USD"), known_at=2)
        facts.replace(conn, account, win("7", date(2026, 8, 31), "no_rate:USD"), known_at=2)
        facts.replace(conn, account, win("5", note="no_rate:EUR"), known_at=2)
        facts.replace(conn, account, win("5"), known_at=3)
        assert quotes.days_without(conn, account) == [(SEPTEMBER, "USD"), (date(2026, 8, 31), "USD")]
