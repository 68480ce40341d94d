"""After a sync the numbers are kept; a report from them is the report from the facts."""

from __future__ import annotations

from datetime import timedelta

import pytest

from connector.config import AccountSettings
from connector.kpi.engine import report
from connector.moment import Period, to_ms
from connector.pipeline import counting, reading
from connector.pipeline.bench import Workbench
from connector.store import accounts, cells
from connector.store.crm import dossiers
from connector.store.engine import Store
from connector.testing import FakeProvider
from connector.testing.world import START
from tests.sync.worlds import company

LATER = START + timedelta(days=40)


@pytest.fixture
def bench(store: Store) -> Workbench:
    settings = AccountSettings.model_validate({"name": "acme", "provider": "fake", "timezone": "Europe/Moscow"})
    with store.write() as conn:
        account = accounts.enroll(conn, "acme", "fake")
    return Workbench(settings, store, account, FakeProvider(company(3)), lambda: LATER)


def test_a_report_is_the_same_with_cells_and_without(bench: Workbench) -> None:
    reading.sync_and_derive(bench)
    periods = [Period.month(day.date()) for day in (START, LATER)]
    with bench.store.write() as conn:
        book = cells.book(conn, bench.account)
        assert book is not None
        assert book.tallies

        def told() -> list[object]:
            assert book is not None
            return [
                report(conn, bench.account, one, zone=bench.zone(), now=book.moment, rules=bench.settings.rules)
                for one in periods
            ]

        kept = told()
        cells.forget(conn, bench.account)
        assert kept == told()


def test_a_quiet_sync_moves_the_moment_on(bench: Workbench) -> None:
    reading.sync_and_derive(bench)
    with bench.store.read() as conn:
        before = cells.book(conn, bench.account)
    assert before is not None
    reading.sync_and_derive(bench)
    with bench.store.read() as conn:
        after = cells.book(conn, bench.account)
    assert after is not None
    assert after.tallies == before.tallies
    assert before.moment <= after.moment <= to_ms(LATER) + 1000


def test_where_much_changes_nothing_is_kept_meanwhile(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    reading.sync_and_derive(bench)
    monkeypatch.setattr(counting, "MANY", 1)
    with bench.store.write() as conn:
        dossiers.soil(conn, bench.account, ["a"])
        counting.begin(bench, conn)
        assert cells.book(conn, bench.account) is not None
        dossiers.soil(conn, bench.account, ["b", "c"])
        counting.begin(bench, conn)
        assert cells.book(conn, bench.account) is None
    reading.sync_and_derive(bench)
    with bench.store.read() as conn:
        assert cells.book(conn, bench.account) is not None


def test_other_rules_are_other_tallies(bench: Workbench) -> None:
    reading.sync_and_derive(bench)
    with bench.store.read() as conn:
        before = cells.book(conn, bench.account)
    bench.settings = bench.settings.model_copy(
        update={"rules": bench.settings.rules.model_copy(update={"successful_call_seconds": 90})}
    )
    reading.sync_and_derive(bench)
    with bench.store.read() as conn:
        after = cells.book(conn, bench.account)
    assert before and after
    assert before.tallies.keys() != after.tallies.keys()
