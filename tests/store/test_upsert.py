"""Sets of rows: however many of them one statement takes, the same is stored."""

from __future__ import annotations

from typing import Any

import pytest

from connector.records import Deal
from connector.store import upsert
from connector.store.crm import dossiers, records
from connector.store.engine import Store
from tests.store.crm.test_records import account, deal, save
from tests.sync.worlds import digest

__all__ = ["account"]
MANY = 2 * upsert.AT_ONCE + 7


def kept(store: Store, account: int) -> tuple[str, list[str]]:
    """After a page of new records and one of which some are new, some older, some changed."""
    with store.write() as conn:
        save(conn, account, *(deal(str(n), 10, contacts=(f"contact:{n % 9}",)) for n in range(MANY)))
        told = save(conn, account, *(deal(str(n), n % 3 * 10, amount=n) for n in range(7, MANY + 7)))
        assert (told.new, told.new + told.changed + told.same) == (7, MANY)
        assert len(records.live_ids(conn, account, Deal)) == MANY + 7
        dirty = dossiers.take_dirty(conn, account, 10_000)
        some = [(account, name) for name in dirty]
        upsert.many(conn, dossiers._soil_one, [*some, *some])  # what is there stays as it is
        assert dossiers.take_dirty(conn, account, 10_000) == dirty
    return digest(store), dirty


def test_rows_go_in_many_at_once_as_they_do_one_by_one(
    store: Store, account: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    together = kept(store, account)
    with store.write() as conn:
        for name in ("record", "dirty", "cursor"):
            conn.exec_driver_sql(f"delete from {name}")
    monkeypatch.setattr(upsert, "_several", lambda *_: None)
    assert kept(store, account) == together


def test_an_old_sqlite_takes_them_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh: Any = upsert._several.__wrapped__
    assert fresh(dossiers._soil_one, "sqlite").count("(?, ?)") == upsert.AT_ONCE
    assert fresh(records._amend, "sqlite") is None
    assert fresh(dossiers._soil_one, "postgresql") is None
    monkeypatch.setattr("sqlite3.sqlite_version_info", (3, 31, 1))
    assert fresh(dossiers._soil_one, "sqlite") is None
