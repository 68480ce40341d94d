"""Another key is noticed where no token is sealed, and before anything is read with it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from connector.errors import WrongKey
from connector.store.engine import Store, open_store
from connector.store.private import erased
from connector.store.secret import key_mark
from connector.store.secret.sealing import seal

KEY, OTHER = Fernet.generate_key(), Fernet.generate_key()


def hold(store: Store, key: bytes, *, anew: bool = False) -> None:
    with store.write() as conn:
        key_mark.hold(conn, key, where=store.where, now=1, anew=anew)


def known(store: Store, key: bytes = KEY) -> bool:
    with store.read() as conn:
        return key_mark.check(conn, key, where=store.where)


def test_the_first_key_is_noted_and_every_other_one_refused(store: Store) -> None:
    assert not known(store)
    hold(store, KEY)
    hold(store, KEY)
    assert known(store)
    with pytest.raises(WrongKey, match="wrong key for this database: it was begun with another one"):
        known(store, OTHER)
    with pytest.raises(WrongKey):
        hold(store, OTHER)
    assert known(store)


def test_told_so_it_goes_on_with_another_one(store: Store) -> None:
    hold(store, KEY)
    for _ in range(2):
        hold(store, OTHER, anew=True)
    assert known(store, OTHER)
    with pytest.raises(WrongKey):
        known(store)


def test_a_database_of_before_gets_the_key_that_opens_its_tokens_and_no_other(store: Store) -> None:
    with store.write() as conn:
        conn.execute(
            sa.text("insert into token values (1, 1, :sealed, 'good', null, '')"), {"sealed": seal(KEY, b"a pair")}
        )
        assert key_mark.begun(conn)
    with pytest.raises(WrongKey):
        hold(store, OTHER)
    assert not known(store)
    hold(store, KEY)
    assert known(store)


def test_what_was_made_with_a_key_shows_that_there_was_one(store: Store) -> None:
    with store.write() as conn:
        assert not key_mark.begun(conn)
        erased.add(conn, 1, ["m" * 32], now=1)
        assert key_mark.begun(conn)
        assert erased.marks(conn, 1) == {"m" * 32}


def test_the_mark_is_no_mark_of_an_erased_person(store: Store) -> None:
    hold(store, KEY)
    with store.read() as conn:
        assert key_mark.begun(conn) and erased.marks(conn, 1) == frozenset()


def test_of_machines_that_begin_with_keys_of_their_own_one_is_heard(store: Store) -> None:
    keys = [Fernet.generate_key() for _ in range(4)]

    def begin(key: bytes) -> bool:
        mine = open_store(store.url, migrate=False)
        try:
            hold(mine, key)
        except WrongKey:
            return False
        finally:
            mine.dispose()
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(begin, keys)) == [False, False, False, True]
