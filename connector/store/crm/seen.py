"""When an account was first read, who joined after that, and who was there in a period: the CRM tells no day of hiring,
but we saw him come.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Sequence
from itertools import pairwise

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from connector.records import User
from connector.store.crm import versions
from connector.store.crm.records import RECORD

A_DAY = 86_400_000


def first_read(conn: Connection, account: int) -> int | None:
    """When the first people of the account became known (epoch ms): no number is older than that. None: never yet."""
    ours = (RECORD.c.account == account, RECORD.c.kind == User.kind)
    first = conn.execute(sa.select(sa.func.min(RECORD.c.first_seen)).where(*ours)).scalar()
    return None if first is None else int(first)


def newcomers(conn: Connection, account: int) -> dict[str, int]:
    """By user, when he was first seen (epoch ms): of those who came more than a day after the first of all."""
    first = first_read(conn, account)
    if first is None:
        return {}
    ours = (RECORD.c.account == account, RECORD.c.kind == User.kind)
    rows = conn.execute(sa.select(RECORD.c.id, RECORD.c.first_seen).where(*ours, RECORD.c.first_seen > first + A_DAY))
    return {id: at for id, at in rows}


def there(conn: Connection, account: int, start: int, end: int, as_of: int | None = None) -> frozenset[str]:
    """Who was switched on at any moment of [start, end) (epoch ms); who was there at the first reading was so before.

    `as_of` (epoch ms): as it was known then.
    """
    words: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for id, since, active in versions.switches(conn, account, as_of):
        words[id].append((since, active))
    first = min((some[0][0] for some in words.values()), default=0)
    return frozenset(id for id, some in words.items() if _on(some, start, end, first + A_DAY))


def _on(words: Sequence[tuple[int, bool]], start: int, end: int, came: int) -> bool:
    """Whether any of somebody's words in order of time says so of [start, end); until `came` nobody is a newcomer."""
    since, active = words[0]
    dated = [(0 if since <= came else since, active), *words[1:], (sys.maxsize, False)]
    return any(on and since < end and until > start for (since, on), (until, _) in pairwise(dated))
