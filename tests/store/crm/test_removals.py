"""Gone or there, whichever order the news comes in."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from connector.moment import to_ms
from connector.records import Client, Deal, Record, Removal, Stage, Task, User
from connector.store.crm import dossiers, records
from connector.store.engine import Store
from tests.store.crm.test_records import NOW, account, at, call, clean, deal, homes, move, save

__all__ = ["account"]


def removal(of: str, minutes: float, what: Any = "deleted", **more: Any) -> Removal:
    return Removal(id=f"{of}@{minutes}", of=of, at=at(minutes), what=what, **more)


CASES: list[tuple[list[Record], bool]] = [
    ([deal(minutes=0), removal("deal:1", 5)], True),
    ([deal(minutes=5), removal("deal:1", 5)], True),
    ([deal(minutes=6), removal("deal:1", 5)], False),
    ([deal(minutes=0), deal(minutes=6, amount=6), removal("deal:1", 5)], False),
    ([deal(minutes=0), removal("deal:1", 5), removal("deal:1", 7, "restored")], False),
    ([deal(minutes=0), removal("deal:1", 5), removal("deal:1", 7, "restored"), removal("deal:1", 9)], True),
    ([deal(minutes=0), removal("deal:1", 5, "merged", into="deal:2")], True),
]


@pytest.mark.parametrize(("told", "gone"), CASES)
def test_in_every_order_the_last_event_decides(store: Store, account: int, told: list[Record], gone: bool) -> None:
    for order in permutations(told):
        with store.write() as conn:
            for record in (*order, *order):
                save(conn, account, record)
            assert records.live_ids(conn, account, Deal) == (set() if gone else {"1"}), order
            conn.exec_driver_sql("delete from record")


def test_a_deletion_is_counted_once_and_shown_in_the_dossier(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal(company="company:8"))
        clean(conn, account)
        assert save(conn, account, removal("deal:1", 5)).gone == 1
        assert clean(conn, account) == ["company:8"]
        assert save(conn, account, removal("deal:1", 5)).gone == 0
        assert clean(conn, account) == []
        (dossier,) = dossiers.load(conn, account, ["company:8"])
        assert dossier.gone == {"deal:1": at(5)}
        assert [kept.id for kept in dossier.deals] == ["1"]


def test_a_change_after_the_deletion_brings_it_back(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal(), removal("deal:1", 5))
        clean(conn, account)
        save(conn, account, deal(minutes=8))
        assert records.live_ids(conn, account, Deal) == {"1"}
        assert clean(conn, account) == ["deal:1"]


def test_what_was_merged_hangs_on_the_other_with_all_it_had(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Client(id="contact:1"), Client(id="contact:2", company="company:8"))
        save(conn, account, deal(contacts=("contact:1",)), move("m", "deal:1"), call("c", "contact:1"))
        clean(conn, account)
        save(conn, account, removal("contact:1", 5, "merged", into="contact:2"))
        assert clean(conn, account) == ["company:8", "contact:1"]
        (dossier,) = dossiers.load(conn, account, ["company:8"])
        assert dossier.merged == {"contact:1": "contact:2"}
        assert homes(conn, account, "company:8", "contact:1") == {
            "company:8": ["contact:1", "contact:2", "deal:1", "move:m", "call:c"],
            "contact:1": [],
        }
        save(conn, account, removal("contact:1", 9, "restored"))
        assert homes(conn, account, "contact:1") == {"contact:1": ["contact:1", "deal:1", "move:m", "call:c"]}
        assert dossiers.load(conn, account, ["company:8"])[0].merged == {}


def test_an_old_page_does_not_undo_a_merge(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Client(id="contact:1", updated_at=at(0)), Client(id="contact:2", updated_at=at(0)))
        save(conn, account, removal("contact:1", 5, "merged", into="contact:2"))
        save(conn, account, Client(id="contact:1", updated_at=at(3), company="company:9"))
        assert homes(conn, account, "contact:2", "company:9") == {
            "contact:2": ["contact:1", "contact:2"],
            "company:9": [],
        }


def test_a_task_is_removed_under_the_name_it_shares_with_a_meeting(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Task(id="61"))
        save(conn, account, removal("task:61", 5))
        assert records.live_ids(conn, account, Task) == set()


def test_the_sweep_marks_and_unmarks(store: Store, account: int) -> None:
    now = to_ms(at(90))
    with store.write() as conn:
        save(conn, account, deal("1"), deal("2"), deal("3"))
        clean(conn, account)
        assert records.mark_gone(conn, account, Deal, ["1", "2", "9"], now=now) == 2
        assert records.mark_gone(conn, account, Deal, ["1", "2"], now=now + 1) == 0
        assert records.live_ids(conn, account, Deal) == {"3"}
        assert clean(conn, account) == ["deal:1", "deal:2"]
        assert records.mark_back(conn, account, Deal, ["2", "3"], now=now + 2) == 1
        assert records.live_ids(conn, account, Deal) == {"2", "3"}
        save(conn, account, removal("deal:2", 5))
        assert records.live_ids(conn, account, Deal) == {"2", "3"}
        save(conn, account, deal("1", minutes=100))
        assert records.live_ids(conn, account, Deal) == {"1", "2", "3"}


def test_a_directory_entry_shown_again_is_back(store: Store, account: int) -> None:
    user = User(id="501", name="Anna")
    with store.write() as conn:
        save(conn, account, user, told=0)
        records.mark_gone(conn, account, User, ["501"], now=to_ms(at(10)))
        save(conn, account, user, told=5)
        assert records.live_ids(conn, account, User) == set()
        save(conn, account, user, told=20, shown_at=at(9))  # the first of several pages that went in together
        assert records.live_ids(conn, account, User) == set()
        assert save(conn, account, user, told=20).same == 1
        assert records.live_ids(conn, account, User) == {"501"}


def test_directories_keep_what_is_gone(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Stage(id="s", name="Old", pipeline_id="p"))
        assert records.mark_gone(conn, account, Stage, ["s"], now=NOW) == 1
        assert records.directory(conn, account, Stage)["s"].name == "Old"
        assert clean(conn, account) == []
