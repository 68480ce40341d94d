"""What an undo put back no longer counts as written."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connector.moment import to_ms
from connector.store import accounts
from connector.store.engine import Store
from connector.store.sent import outbox, standing
from connector.wishes import AddTask, CloseTask, SetFields, Wish

NOW = datetime(2026, 9, 15, 9, tzinfo=UTC)


@pytest.fixture
def account(sqlite_store: Store) -> int:
    with sqlite_store.write() as conn:
        return accounts.enroll(conn, "moscow", "fake")


def sent(store: Store, account: int, wish: Wish, level: str, run: int, **more: str) -> None:
    """Queued, sent in this run, and done."""
    now = to_ms(NOW)
    with store.write() as conn:
        outbox.put(conn, account, [(wish, level, "rule")], run=run, now=now)
        (row,) = outbox.get(conn, account, [wish.key]).values()
        outbox.claim(conn, account, row, run=run, now=now)
        outbox.settle(conn, account, wish.key, "done", now=now, **more)


def test_what_was_put_back_is_told_apart(sqlite_store: Store, account: int) -> None:
    task = AddTask(
        key="task:user:501:revenue#behind@1", marker="[kpi#1]", user_id="511", title="t", text="t", due_at=NOW
    )
    sent(sqlite_store, account, SetFields(key="deal:1#a", deal_id="1", values={"A": "1"}), "deal_fields", 3)
    sent(sqlite_store, account, SetFields(key="deal:2#a", deal_id="2", values={"A": "1"}), "deal_fields", 3)
    sent(sqlite_store, account, task, "tasks", 3, crm_id="61")
    sent(sqlite_store, account, SetFields(key="deal:3#a", deal_id="3", values={"A": "1"}), "deal_fields", 4)
    sent(sqlite_store, account, SetFields(key="undo:3:deal:1#c", deal_id="1", values={"A": None}), "undo", 5)
    sent(sqlite_store, account, CloseTask(key="undo:3:task:61#close", task_id="61", text="t"), "undo", 5)
    with sqlite_store.read() as conn:
        assert dict(standing.counts(conn, account)) == {
            ("deal_fields", "done"): 2, ("deal_fields", "undone"): 1, ("tasks", "undone"): 1, ("undo", "done"): 2,
        }  # fmt: skip


def test_what_stands_again_after_an_undo_of_the_undo_is_done_and_completed_tasks_are_not(
    sqlite_store: Store, account: int
) -> None:
    task = AddTask(key="task:user:501:r#behind@1", marker="[kpi#1]", user_id="511", title="t", text="t", due_at=NOW)
    sent(sqlite_store, account, SetFields(key="deal:1#a", deal_id="1", values={"A": "1"}), "deal_fields", 3)
    sent(sqlite_store, account, SetFields(key="deal:2#a", deal_id="2", values={"A": "1"}), "deal_fields", 3)
    sent(sqlite_store, account, task, "tasks", 3, crm_id="61")
    sent(sqlite_store, account, SetFields(key="undo:3:deal:1#c", deal_id="1", values={"A": None}), "undo", 5)
    sent(sqlite_store, account, SetFields(key="undo:3:deal:2#c", deal_id="2", values={"A": None}), "undo", 5)
    sent(sqlite_store, account, CloseTask(key="undo:3:task:61#close", task_id="61", text="t"), "undo", 5)
    sent(sqlite_store, account, SetFields(key="undo:5:deal:1#d", deal_id="1", values={"A": "1"}), "undo", 6)
    with sqlite_store.read() as conn:
        assert dict(standing.counts(conn, account)) == {
            ("deal_fields", "done"): 1, ("deal_fields", "undone"): 1, ("tasks", "undone"): 1,
            ("undo", "done"): 3, ("undo", "undone"): 1,
        }  # fmt: skip
    sent(sqlite_store, account, SetFields(key="undo:6:deal:1#e", deal_id="1", values={"A": None}), "undo", 12)
    with sqlite_store.read() as conn:
        assert standing.counts(conn, account)["deal_fields", "undone"] == 2, "put back once more"
