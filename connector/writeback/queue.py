"""Wishes into the outbox, in one transaction: what a newer wish replaces goes, what nobody wishes any more goes too."""

from __future__ import annotations

from collections.abc import Sequence

from connector.config import WritebackSettings
from connector.store.engine import Store
from connector.store.leases import Fence
from connector.store.sent import outbox
from connector.store.sent.outbox import Put
from connector.wishes import AddTask, Wish
from connector.writeback.target import ALL_LEVELS, level_of


def queue(  # noqa: PLR0913  the room's door, all by name
    store: Store,
    account: int,
    wishes: Sequence[Wish],
    *,
    fence: Fence,
    settings: WritebackSettings,
    run: int,
    now: int,
    whole: bool = True,
    force: bool = False,
) -> Put:
    """Queue the wishes of levels that are on. `now`: epoch milliseconds.

    `whole`: these are all there are, so that what else waits is withdrawn, levels switched off included.
    `force`: what was rejected or given up is tried again. Raises Busy where the account is no longer ours.
    """
    on = [wish for wish in wishes if getattr(settings, level_of(wish)) == "on"]
    with store.write() as conn:
        fence.check(conn)
        return outbox.put(
            conn,
            account,
            [(wish, level_of(wish), rule_of(wish)) for wish in on],
            run=run,
            now=now,
            whole=ALL_LEVELS if whole else (),
            force=force,
        )


def rule_of(wish: Wish) -> str:
    """Why it is wished, for the ledger: the level, or the rule of advice that a task's key names."""
    if isinstance(wish, AddTask):
        return wish.key.rpartition("#")[2].partition("@")[0]
    return level_of(wish)
