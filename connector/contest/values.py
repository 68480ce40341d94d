"""What is contested, what was decided over it, and what deriving is told of it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Literal

import msgspec

What = Literal["accepted", "declined", "withdrawn"]
State = Literal["open", "accepted", "declined", "withdrawn"]
Via = Literal["cli", "card", "web"]
"""By which door somebody came: `card` is a checkbox on the deal in the CRM."""
CONTESTED = "contested"
"""Why a fact counts nowhere after its contest was accepted."""


class Ruling(msgspec.Struct, frozen=True, kw_only=True):
    """Facts that count nowhere by a decision: the one with this key, or all of one person from one record.

    `about`: the record, `deal:7001` or `call:55`. `fact`: its key, and then nothing else is meant. `kinds`: only facts
    of these kinds, empty for all. `user`: whose numbers are meant.
    """

    about: str
    user: str
    fact: str | None = None
    kinds: tuple[str, ...] = ()

    def covers(self, key: str, kind: str, users: Collection[str | None], records: Collection[str | None]) -> bool:
        """Whether a fact is meant: `users` whom it is credited to, `records` the ids of its deal, lead and call.

        Whoever means a win means its parts, by whomever it is shared.
        """
        if self.fact is not None:
            return self.fact in (key, _whole(key, kind))
        kinds = {kind, _whole(key, kind).partition("|")[0]}
        if self.user not in users or (self.kinds and kinds.isdisjoint(self.kinds)):
            return False
        of, _, id = self.about.partition(":")
        return self.about in key.split("|") or (of in ("deal", "lead", "call") and id in records)


def _whole(key: str, kind: str) -> str:
    """The key of the win that `win_part|deal:7001|501` is a part of; of other kinds their own."""
    return f"win|{key.split('|')[1]}" if kind == "win_part" else key


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """One decision over a contest; the newest is in force. `kinds`: what of it is excluded, where that was narrowed."""

    what: What
    by: str
    """The user who decided, by id."""
    reason: str
    at: datetime
    via: Via = "cli"
    kinds: tuple[str, ...] = ()


class Contest(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody says that a record is wrong in his numbers. `kpi`: in which one, where he named it."""

    id: int
    ruling: Ruling
    """What would count nowhere if it is accepted."""
    by: str
    reason: str
    at: datetime
    via: Via = "cli"
    kpi: str | None = None
    verdicts: tuple[Verdict, ...] = ()
    """The oldest first."""

    @property
    def state(self) -> State:
        """What the newest decision says."""
        return self.verdicts[-1].what if self.verdicts else "open"

    @property
    def in_force(self) -> Ruling | None:
        """What is excluded, None unless the newest decision accepts it."""
        if self.state != "accepted":
            return None
        return msgspec.structs.replace(self.ruling, kinds=self.verdicts[-1].kinds or self.ruling.kinds)
