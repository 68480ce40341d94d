"""One refresher of an account's token at a time, among threads, processes and machines; death sets the way free."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.pool import NullPool

from connector.errors import Busy, StoreTrouble
from connector.store.engine import POSTGRESQL, Store
from connector.store.trouble import told_in_words

PAUSE = 0.05
_LOCK_CLASS = 19280
"""Keeps our advisory locks apart from others' in the same database."""


@contextmanager
def alone(store: Store, account: int, file: Path, wait: float) -> Iterator[None]:
    """Hold the lock of this file and, on PostgreSQL, where machines share an account, one in the database.

    Waits at most `wait` seconds, then raises Busy. No transaction is open meanwhile. Raises StoreTrouble.
    """
    until = time.monotonic() + wait
    with _file(file, until):
        if store.dialect == "sqlite":
            yield
            return
        engine = sa.create_engine(store.url, poolclass=NullPool, isolation_level="AUTOCOMMIT", connect_args=POSTGRESQL)
        with told_in_words(store.where):
            conn = engine.connect()
        try:
            _advisory(conn, account, until)
            yield
        finally:
            conn.close()  # the lock goes with the connection


@contextmanager
def _file(path: Path, until: float) -> Iterator[None]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreTrouble(
            f"the lock file cannot be made ({error.strerror or error})",
            where=str(path),
            done="no token was spent",
            todo="free some space, or give this user write access to the folder",
        ) from error
    try:
        while not _try_lock(handle):
            _again(until, "another process")
        yield
    finally:
        os.close(handle)  # the lock goes with it


def _advisory(conn: sa.Connection, account: int, until: float) -> None:
    query = sa.text("select pg_try_advisory_lock(:class, :account)")
    while not conn.execute(query, {"class": _LOCK_CLASS, "account": account}).scalar():
        _again(until, "another machine")


def _again(until: float, who: str) -> None:
    if time.monotonic() >= until:
        raise Busy(f"{who} is renewing this account's token", todo="nothing: it is tried again by itself")
    time.sleep(PAUSE)


if sys.platform == "win32":
    import msvcrt

    def _try_lock(handle: int) -> bool:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(handle: int) -> bool:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
