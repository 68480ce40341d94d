"""Rates from files and from an address: whose word stands, what a failing bank may not break, and that none is one."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from connector.config import AccountSettings
from connector.errors import BadConfig, Broken, Refused, Unreachable
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.rates import LARGEST, fetch_rates, import_rates, missing_rates, rates_of
from connector.pipeline.reading import sync_and_derive
from connector.records import Deal, Pipeline, Rate, Stage, User
from connector.store import facts, notices
from connector.store.clock import quotes
from connector.store.engine import Store
from connector.testing import FakeProvider
from connector.testing.world import World
from tests.sync.worlds import enroll

NOW = datetime(2026, 9, 14, 9, tzinfo=UTC)
DAY = date(2026, 9, 14)
TABLE = (
    '<?xml version="1.0" encoding="windows-1251"?><ValCurs Date="{day}"><Valute><CharCode>USD</CharCode>'
    "<Nominal>1</Nominal><Name>Доллар</Name><Value>{rate}</Value></Valute></ValCurs>"
)


class Bank:
    """Serves tables on a local port; `rates` by day as it is asked for, `status` and `raw` to misbehave."""

    def __init__(self) -> None:
        self.rates: dict[str, str] = {}
        self.asked: list[str] = []
        self.status, self.raw = 200, b""
        bank = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                day = self.path.partition("date_req=")[2]
                bank.asked.append(day)
                body = bank.raw or TABLE.format(day=day.replace("/", "."), rate=bank.rates.get(day, "90,0000")).encode(
                    "cp1251"
                )
                self.send_response(bank.status)
                if bank.status == 302:
                    self.send_header("Location", "http://127.0.0.1:1/elsewhere")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/daily.asp"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@pytest.fixture
def bank() -> Iterator[Bank]:
    made = Bank()
    yield made
    made.server.shutdown()
    made.server.server_close()


def foreign(id: str, won: datetime, currency: str = "USD") -> Deal:
    return Deal(
        id=id, created_at=won - timedelta(hours=1), updated_at=won, owner_id="501", pipeline_id="1", stage_id="1/142",
        outcome="won", closed_at=won, amount=1000_00, currency=currency, contacts=("contact:1",),
    )  # fmt: skip


def bench_of(store: Store, bank: Bank | None = None, own: tuple[Rate, ...] = (), **rates: str) -> Workbench:
    world = World(NOW)
    stages = (
        Stage(id="1/1", name="Новая", pipeline_id="1"),
        Stage(id="1/142", name="Успех", pipeline_id="1", outcome="won"),
    )
    for record in (User(id="501", name="Анна"), Pipeline(id="1", name="Продажи"), *stages, *own):
        world.add(record)
    world.put(foreign("1", NOW - timedelta(days=3)), foreign("2", NOW - timedelta(days=2)), foreign("3", NOW, "GBP"))
    told: dict[str, Any] = {"name": "acme", "provider": "fake", "currency": "RUB", "rates": rates}
    if bank is not None:
        told["rates_from"] = {"url": bank.url}
    settings = AccountSettings.model_validate(told)
    return Workbench(settings, store, enroll(store), FakeProvider(world), lambda: NOW)


def won(bench: Workbench) -> dict[str, int | None]:
    """What each win is worth, by deal."""
    with bench.store.read() as conn:
        found = facts.read(conn, bench.account, ["contact:1"])
    return {fact.deal or "": fact.amount for fact in found if fact.kind == "win"}


def told(bench: Workbench) -> list[str]:
    with bench.store.read() as conn:
        return [one.text for one in notices.all(conn, bench.account) if one.code == "rates_from"]


def test_nobody_is_asked_unless_configured_and_a_missing_rate_is_never_one(store: Store) -> None:
    bench = bench_of(store)
    sync_and_derive(bench)
    assert won(bench) == {"1": None, "2": None, "3": None}
    assert missing_rates(bench) == [(DAY, "GBP"), (date(2026, 9, 12), "USD"), (date(2026, 9, 11), "USD")]
    with pytest.raises(BadConfig, match="rates_from"):
        fetch_rates(bench, Period.parse("2026-09"))


def test_a_sync_asks_for_today_and_the_days_that_lack_a_rate_once(store: Store, bank: Bank) -> None:
    bank.rates = {"11/09/2026": "90,0000", "12/09/2026": "91,0000"}
    bench = bench_of(store, bank)
    sync_and_derive(bench)
    assert bank.asked == ["14/09/2026", "12/09/2026", "11/09/2026"]
    assert won(bench) == {"1": 90_000_00, "2": 91_000_00, "3": None}
    assert missing_rates(bench) == [(DAY, "GBP")]
    assert sync_and_derive(bench).facts_added == 0
    assert len(bank.asked) == 3


def test_the_crms_own_rate_comes_first_and_the_configurations_before_it(store: Store, bank: Bank) -> None:
    own = Rate(id="USD@2026-09-12", currency="USD", day=date(2026, 9, 12), rate="70")
    bench = bench_of(store, bank, (own,), GBP="100")
    sync_and_derive(bench)
    assert won(bench) == {"1": 90_000_00, "2": 70_000_00, "3": 100_000_00}
    listed = [(one.currency, one.rate, one.source) for one in rates_of(bench, Period.parse("2026-09-12..2026-09-13"))]
    assert listed == [("GBP", "100", "config"), ("USD", "70", "crm")]


def test_a_file_fills_the_gap_at_the_next_sync(store: Store, tmp_path: Path) -> None:
    bench = bench_of(store)
    sync_and_derive(bench)
    file = tmp_path / "rates.csv"
    file.write_text("Валюта;Дата;Курс\nUSD;11.09.2026;90\nGBP;01.09.2026;120\n", "cp1251")
    assert (import_rates(bench, file), import_rates(bench, file)) == (2, 0)
    sync_and_derive(bench)
    assert won(bench) == {"1": 90_000_00, "2": 90_000_00, "3": 120_000_00}


def test_a_file_with_a_bad_line_gives_nothing(store: Store, tmp_path: Path) -> None:
    bench = bench_of(store)
    file = tmp_path / "rates.csv"
    file.write_text("currency,day,rate\nUSD,2026-09-11,90\nUSD,2026-09-12,-1\nUSD,soon,1\n")
    with pytest.raises(BadConfig, match=r"line 3: .*\n.*line 4: "):
        import_rates(bench, file)
    with pytest.raises(BadConfig, match="No such file"):
        import_rates(bench, tmp_path / "none.csv")
    assert rates_of(bench, Period.parse("2026-09")) == []


FAILURES: list[tuple[dict[str, Any], type[Exception]]] = [
    ({"status": 302}, Refused),
    ({"status": 404}, Refused),
    ({"status": 503}, Broken),
    ({"raw": b"<html>maintenance</html>"}, Broken),
    ({"raw": b'<ValCurs Date="14.09.2026"/>'}, Broken),
    ({"raw": TABLE.format(day="20.09.2026", rate="90").encode("cp1251")}, Broken),
    ({"raw": b"x" * (LARGEST + 1)}, Broken),
]


@pytest.mark.parametrize(("failing", "error"), FAILURES)
def test_a_failing_bank_stops_no_sync_and_is_told(
    sqlite_store: Store, bank: Bank, monkeypatch: pytest.MonkeyPatch, failing: dict[str, Any], error: type[Exception]
) -> None:
    monkeypatch.setattr("connector.http.calls.time.sleep", lambda _: None)
    for name, value in failing.items():
        setattr(bank, name, value)
    bench = bench_of(sqlite_store, bank)
    assert sync_and_derive(bench).problems == []
    assert won(bench) == {"1": None, "2": None, "3": None}
    assert len(told(bench)) == 1
    asked = len(bank.asked)
    sync_and_derive(bench)
    assert len(bank.asked) == asked, "a bank that failed is left alone for an hour"
    with pytest.raises(error):
        fetch_rates(bench, Period.parse("2026-09-14"))
    bank.status, bank.raw = 200, b""
    bench.clock = lambda: NOW + timedelta(hours=2)
    sync_and_derive(bench)
    assert told(bench) == []
    assert won(bench)["1"] == 90_000_00


def test_nobody_at_the_address(sqlite_store: Store, bank: Bank) -> None:
    bench = bench_of(sqlite_store, bank)
    bank.server.server_close()
    with pytest.raises(Unreachable):
        fetch_rates(bench, Period.parse("2026-09-14"))


def test_a_period_is_fetched_up_to_today_and_no_day_twice(sqlite_store: Store, bank: Bank) -> None:
    bench = bench_of(sqlite_store, bank)
    assert fetch_rates(bench, Period.parse("2026-09-10..2026-09-20")) == 5
    assert fetch_rates(bench, Period.parse("2026-09")) == 9
    assert len(bank.asked) == len(set(bank.asked)) == 14
    with bench.store.read() as conn:
        assert {one.source for one in quotes.all(conn, bench.account)} == {"127.0.0.1"}


@pytest.mark.parametrize(
    "url", ["http://www.cbr.ru/x.asp", "https://cbr.ru/x.asp?d=1", "ftp://x/y", "file:///etc/passwd", "https://u:p@x/y"]
)
def test_only_safe_addresses_are_configured(url: str) -> None:
    with pytest.raises(ValueError, match="https:// address"):
        AccountSettings.model_validate({"name": "a", "provider": "b", "rates_from": {"url": url}})
