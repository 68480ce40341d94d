from __future__ import annotations
import sqlalchemy as sa
from connector.store.engine import Store


def test_a_write_is_read(store: Store) -> None:
    with store.write() as conn:
        conn.execute(sa.text("insert into dirty (account, dossier) values (1, 'deal:1')"))
    with store.read() as conn:
        assert conn.execute(sa.text("select dossier from dirty")).scalar() == "deal:1"
