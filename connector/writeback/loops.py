"""Who is written to again and again: a robot that changes our values back, or makes new ones of them. Pure.

A deal's numbers move about once a day, so three writes within an hour are a loop. The card of a seller moves with each
of his deals: there only what was written before within the hour tells that something changes it back, and a great many
writes, whatever they say, that our numbers feed themselves.
"""

from __future__ import annotations

from collections.abc import Sequence

from connector.store.sent.ledger import Wrote
from connector.writeback.target import is_card

HOUR = 3_600_000
MOST = 3
"""Writes to one deal within an hour; the next one waits."""
MOST_ON_CARDS = 20
"""The same of a card."""
AGAIN = MOST - 1
"""Writes of what a card has shown before within the hour."""


def held_until(target: str, writes: Sequence[Wrote]) -> int | None:
    """When the next write to it may go out (epoch ms); None: now. `writes`: those of the last hour, oldest first."""
    if not is_card(target):
        return _after(writes, MOST)
    return _after(writes, MOST_ON_CARDS) or _after(_again(writes), AGAIN)


def _again(writes: Sequence[Wrote]) -> list[Wrote]:
    seen: set[tuple[str, str | None]] = set()
    found = []
    for one in writes:
        if seen & one.values:
            found.append(one)
        seen |= one.values
    return found


def _after(writes: Sequence[Wrote], most: int) -> int | None:
    return writes[-most].at + HOUR if len(writes) >= most else None
