"""What every fact rests on: where any of it changes, all is derived anew."""

from __future__ import annotations

import pytest

from connector.config import AccountSettings
from connector.pipeline import deriving
from connector.pipeline.bench import Workbench
from connector.store.crm import dossiers
from connector.store.engine import Store
from connector.testing import FakeProvider
from connector.testing.world import START
from tests.sync.worlds import company, enroll, sync


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    provider = FakeProvider(company(3))
    account = enroll(sqlite_store)
    sync(sqlite_store, account, provider)
    settings = AccountSettings.model_validate({"name": "acme", "provider": "fake", "timezone": "Europe/Moscow"})
    return Workbench(settings, sqlite_store, account, provider, lambda: START)


def soiled(bench: Workbench) -> bool:
    """Whether adopting the rules makes dossiers dirty that were all clean."""
    with bench.store.write() as conn:
        dossiers.clear_dirty(conn, bench.account, dossiers.take_dirty(conn, bench.account, 10_000))
        deriving.adopt_rules(bench, conn)
        return bool(dossiers.take_dirty(conn, bench.account, 1))


def test_the_same_rules_and_meaning_leave_what_was_derived(bench: Workbench) -> None:
    assert soiled(bench)
    assert not soiled(bench)


def test_another_meaning_derives_all_anew(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    soiled(bench)
    monkeypatch.setattr(deriving, "DERIVE_VERSION", deriving.DERIVE_VERSION + 1)
    assert soiled(bench)
    assert not soiled(bench)


def test_another_calendar_derives_all_anew(bench: Workbench, monkeypatch: pytest.MonkeyPatch) -> None:
    soiled(bench)
    monkeypatch.setattr(deriving, "version", {"holidays": "999.0"}.__getitem__)
    assert soiled(bench)
    assert not soiled(bench)
