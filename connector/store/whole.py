"""Whether an SQLite file is as long as its database: what was cut off is met only by whoever reads a page of it."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy.engine import Connection

from connector.store.engine import Store
from connector.store.trouble import Damaged


def check_length(store: Store, conn: Connection) -> None:
    """Raises Damaged where the file and its -wal together cannot hold all pages; `conn` reads this store.

    SQLite is asked, and the file only looked up: whoever opens and closes it drops the locks that this process has on
    it (https://www.sqlite.org/howtocorrupt.html, 2.2). Pages that are not yet carried over lie in the -wal.
    """
    if store.dialect != "sqlite":
        return
    pages, size = (int(conn.exec_driver_sql(f"pragma {one}").scalar_one()) for one in ("page_count", "page_size"))
    there = sum(path.stat().st_size for path in map(Path, (store.where, f"{store.where}-wal")) if path.exists())
    if there < pages * size:
        raise Damaged("the file is damaged (its end is cut off)", where=store.where)
