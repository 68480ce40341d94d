"""Procrastinate's tables come with our database, once, and follow the installed version."""

from __future__ import annotations

import pytest

from connector.errors import StoreTrouble
from connector.fleet import schema
from connector.store.engine import open_store
from connector.store.migrate import HEAD, version
from tests.fleet.conftest import Fleet, rows, run

MARK = "select obj_description('procrastinate_jobs'::regclass)"


def test_made_once_noted_and_brought_up_to_date(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store(fleet.url)
    try:
        schema.prepare(store)
        [(mark,)] = rows(store, MARK)
        assert mark == schema._scripts()[-1].name
        schema.prepare(store)
        with store.read() as conn:
            assert version(conn) == HEAD  # ours beside it is untouched
        newer = fleet.folder / "99.00.00_01_pre_more.sql"
        newer.write_text("alter table procrastinate_jobs add column more text; select '%s', ':x';")
        known = schema._scripts()
        monkeypatch.setattr(schema, "_scripts", lambda: [*known, newer])
        schema.prepare(store)
        assert rows(store, MARK) == [(newer.name,)]
        run(store, "update procrastinate_jobs set more = 'there'")
        monkeypatch.setattr(schema, "_scripts", lambda: known)
        with pytest.raises(StoreTrouble, match="a newer Procrastinate"):
            schema.prepare(store)
    finally:
        store.dispose()
