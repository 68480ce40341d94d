"""Imports: idempotent by key, undone without deleting, on both databases."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from connector.errors import BadConfig
from connector.provider import Page
from connector.records import Client, Deal, External, Record
from connector.store import accounts, imports
from connector.store.crm import dossiers, records
from connector.store.engine import Store
from connector.store.upsert import table
from connector.testing.world import START

DEALS = [
    Deal(id=str(n), created_at=START, pipeline_id="1", stage_id="1/1", contacts=(f"contact:{n}",)) for n in range(3)
]


def row(key: str, amount: int = 100, what: Any = "payment", **more: Any) -> External:
    base: dict[str, Any] = {"deal": "deal:1", "amount": amount, "currency": "RUB"}
    return External(id=key, what=what, at=START, **(base | more))


def save(store: Store, account: int, kind: type[Record], some: list[Any]) -> None:
    with store.write() as conn:
        records.save_page(conn, account, kind, Page(some, "end", START), now=1)


class Shop:
    """An account with three deals, to import into."""

    def __init__(self, store: Store) -> None:
        self.store = store
        with store.write() as conn:
            self.account = accounts.enroll(conn, "acme", "fake")
        save(store, self.account, Deal, list(DEALS))
        self.clean()

    def take(self, *rows: External, now: int = 1000, source: str = "f.csv") -> imports.Taken:
        with self.store.write() as conn:
            return imports.take(conn, self.account, rows, author="anna", source=source, digest="d", now=now)

    def undo(self, number: int | None, now: int = 1000) -> imports.Undone:
        assert number is not None
        with self.store.write() as conn:
            return imports.undo(conn, self.account, number, author="boris", now=now)

    def held(self) -> dict[str, tuple[Any, ...]]:
        """What every key that is not gone says, read as derive reads it."""
        with self.store.read() as conn:
            tops = {"contact:0", "contact:1", "contact:2"} | {f"external:k{n}" for n in range(9)} | {"company:9"}
            found = dossiers.load(conn, self.account, sorted(tops))
        return {
            one.id: (one.what, one.amount, one.deal, one.user_id, box.key)
            for box in found
            for one in box.externals
            if one.ref not in box.gone
        }

    def clean(self) -> list[str]:
        """The dirty dossiers, which are clean afterwards."""
        with self.store.write() as conn:
            dirty = dossiers.take_dirty(conn, self.account, 1000)
            dossiers.clear_dirty(conn, self.account, dirty)
        return dirty

    def whats(self, as_of: int | None = None) -> set[str]:
        with self.store.read() as conn:
            return set(imports.whats(conn, self.account, as_of=as_of))


@pytest.fixture
def shop(store: Store) -> Iterator[Shop]:
    yield Shop(store)


def test_rows_are_held_by_their_deals_client_or_by_themselves(shop: Shop) -> None:
    save(shop.store, shop.account, Client, [Client(id="contact:2", company="company:9")])
    shop.clean()
    alone = row("k2", deal=None, user_id="501")
    assert shop.take(row("k1"), alone, row("k3", deal=None, client="contact:2"))[1:] == (3, 0, 0)
    assert {key: told[-1] for key, told in shop.held().items()} == {
        "k1": "contact:1",
        "k2": "external:k2",
        "k3": "company:9",
    }
    assert shop.clean() == ["company:9", "contact:1", "external:k2"]


def test_the_same_again_is_no_import(shop: Shop) -> None:
    shop.take(row("k1"), row("k2"))
    shop.clean()
    assert shop.take(row("k2"), row("k1"), source="another.csv", now=5000) == (None, 0, 0, 2)
    assert shop.clean() == []


def test_a_changed_row_replaces_and_another_is_left(shop: Shop) -> None:
    shop.take(row("k1"), row("k2"))
    assert shop.take(row("k1", 200), row("k2"), row("k3"))[1:] == (1, 1, 1)
    assert {key: told[1] for key, told in shop.held().items()} == {"k1": 200, "k2": 100, "k3": 100}


def test_undoing_brings_back_what_was_replaced_and_keeps_what_a_later_one_said(shop: Shop) -> None:
    first = shop.take(row("k1", 1), row("k2", 1)).id
    second = shop.take(row("k1", 2), row("k3", 2)).id
    third = shop.take(row("k3", 3)).id
    assert shop.undo(second) == (0, 1, 1)
    assert {key: told[1] for key, told in shop.held().items()} == {"k1": 1, "k2": 1, "k3": 3}
    assert shop.undo(first) == (2, 0, 0)
    assert shop.undo(third) == (1, 0, 0)
    assert shop.held() == {}


def test_an_undone_import_is_not_undone_twice_and_none_of_another_account_is(shop: Shop) -> None:
    number = shop.take(row("k1")).id
    shop.undo(number)
    with pytest.raises(BadConfig, match="boris has undone it"):
        shop.undo(number)
    with pytest.raises(BadConfig, match="there is none"):
        shop.undo(77)
    with shop.store.write() as conn, pytest.raises(BadConfig, match="there is none"):
        imports.undo(conn, shop.account + 1, number or 0, author="x", now=1)


def test_import_undo_and_import_within_one_millisecond_and_with_a_clock_that_goes_back(shop: Shop) -> None:
    for now in (1000, 1000, 900, 1000):
        taken = shop.take(row("k1"), now=now)
        assert taken.new == 1
        assert set(shop.held()) == {"k1"}
        shop.undo(taken.id, now=now)
        assert shop.held() == {}
    assert shop.take(row("k1"), now=5).new == 1
    assert set(shop.held()) == {"k1"}


def test_nothing_is_ever_deleted(shop: Shop) -> None:
    shop.undo(shop.take(row("k1", 1)).id)
    shop.take(row("k1", 2))
    with shop.store.read() as conn:
        counted = {name: conn.execute(sa.select(sa.func.count()).select_from(table(name))).scalar() for name in
                   ("import", "imported")}  # fmt: skip
        told = [(one.id, one.undone_by, one.new) for one in imports.all(conn, shop.account)]
    assert counted == {"import": 2, "imported": 2}
    assert told == [(2, None, 1), (1, "boris", 1)]


def test_what_was_imported_is_a_source_from_then_until_it_is_undone(shop: Shop) -> None:
    first = shop.take(row("k1"), now=1000).id
    shop.take(row("k2", what="rating", number=5.0), now=2000)
    shop.undo(first, now=3000)
    moments = {999: set(), 1000: {"payment"}, 2000: {"payment", "rating"}, 3000: {"rating"}, None: {"rating"}}
    assert {moment: shop.whats(moment) for moment in moments} == moments


def test_a_training_makes_uses_of_techniques_dirty_wherever_they_are(shop: Shop) -> None:
    shop.take(row("k1", what="technique", technique="SPIN"), row("k2", deal="deal:2"))
    shop.clean()
    taught = shop.take(row("k5", deal=None, user_id="501", what="training", technique="SPIN"))
    assert shop.clean() == ["contact:1", "external:k5"]
    with shop.store.read() as conn:
        assert [one.id for one in imports.trainings(conn, shop.account)] == ["k5"]
    shop.undo(taught.id)
    assert shop.clean() == ["contact:1", "external:k5"]
    with shop.store.read() as conn:
        assert imports.trainings(conn, shop.account) == []


def test_a_row_follows_its_deal_to_another_client(shop: Shop) -> None:
    shop.take(row("k1"))
    save(shop.store, shop.account, Client, [Client(id="contact:1", company="company:9")])
    assert shop.held()["k1"][-1] == "company:9"


KEYS = [f"k{n}" for n in range(4)]
FILE = st.dictionaries(st.sampled_from(KEYS), st.integers(1, 3), min_size=1, max_size=4)
STEP = st.one_of(FILE, st.integers(0, 5))
"""A file to import, or which of the imports so far to undo."""


class Model:
    """What must hold, said without a database: of every key the newest version not undone."""

    def __init__(self) -> None:
        self.files: list[dict[str, int]] = []
        self.standing: list[bool] = []

    def held(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for told, stands in zip(self.files, self.standing, strict=True):
            found |= told if stands else {}
        return found

    def take(self, told: dict[str, int]) -> bool:
        held = self.held()
        fresh = {key: amount for key, amount in told.items() if held.get(key) != amount}
        if fresh:
            self.files.append(fresh)
            self.standing.append(True)
        return bool(fresh)


@settings(max_examples=40, deadline=timedelta(seconds=20))
@given(steps=st.lists(STEP, max_size=9), dice=st.randoms(use_true_random=False))
def test_any_order_of_imports_and_undoings_is_as_the_rule_says(
    migrated_sqlite: Any, steps: list[Any], dice: random.Random
) -> None:
    import shutil
    import tempfile

    from connector.store.engine import open_store

    with tempfile.TemporaryDirectory() as folder:
        shutil.copy(migrated_sqlite, f"{folder}/kpi.db")
        opened = open_store(f"sqlite:///{folder}/kpi.db")
        walk(Shop(opened), steps, dice)
        opened.dispose()


def walk(shop: Shop, steps: list[Any], dice: random.Random) -> None:
    model = Model()
    for step in steps:
        if isinstance(step, dict):
            rows = [row(key, amount) for key, amount in step.items()]
            taken = shop.take(*dice.sample(rows, len(rows)))
            assert (taken.id is not None) == model.take(step)
        elif step < len(model.standing) and model.standing[step]:
            shop.undo(step + 1)
            model.standing[step] = False
        assert {key: told[1] for key, told in shop.held().items()} == model.held()


def test_a_long_walk_on_both_databases(store: Store) -> None:
    dice = random.Random(7)
    steps: list[Any] = []
    for _ in range(60):
        keys = dice.sample(KEYS, dice.randint(1, 4))
        steps.append({key: dice.randint(1, 3) for key in keys} if dice.random() < 0.6 else dice.randrange(30))
    walk(Shop(store), steps, dice)
