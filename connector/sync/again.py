"""Read again what changed lately: an edit that commits hours after the moment it bears is behind every cursor.

    cursors of whole kinds -> set back, in one transaction -> pull -> rows that differ are stored, the cursors are ahead

Killed anywhere, the next pull goes on from where the cursors then stand: it reads more, and loses nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from connector.moment import from_ms
from connector.provider import Provider, ReadsAgain
from connector.records import KINDS, Record
from connector.store import cursors
from connector.store.engine import Store
from connector.store.leases import Fence
from connector.sync.confirmed import Shield, unshielded
from connector.sync.progress import Progress, SyncReport
from connector.sync.pull import pull_account

AGAIN = timedelta(days=7)
"""How late a change may become visible; nights that were missed are made up for by the next. Of the pretend company a
week costs as many requests as a day (docs/reliability.md), as every list has to be asked anyway."""


def read_again(
    store: Store,
    account: int,
    provider: Provider,
    *,
    fence: Fence | None,
    now: Callable[[], int],
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
    shield: Shield = unshielded,
) -> SyncReport:
    """Pull once more what changed in the last days, of the kinds that are followed by moments and were read whole.

    Raises as `pull_account`.
    """
    kinds = _set_back(store, account, provider, fence, now())
    if not kinds:
        return SyncReport()
    return pull_account(
        store, account, provider, fence=fence, now=now, progress=progress, stop=stop, only=kinds, shield=shield
    )


def _set_back(store: Store, account: int, provider: Provider, fence: Fence | None, now: int) -> list[type[Record]]:
    """The kinds to be read again; their cursors stand earlier from now on."""
    if not isinstance(provider, ReadsAgain):
        return []
    kinds = []
    with store.write() as conn:
        if fence is not None:
            fence.check(conn)
        known = cursors.all(conn, account)
        for kind in (kind for kind in KINDS if kind in provider.can.kinds):
            row = known.get(kind.kind)
            if row is None or row.cursor is None or row.whole_at is None or row.problem is not None:
                continue
            earlier = provider.earlier(kind, row.cursor, from_ms(now) - AGAIN)
            if earlier is not None:
                cursors.set_back(conn, account, kind.kind, earlier)
                kinds.append(kind)
    return kinds
