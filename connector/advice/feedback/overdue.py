"""One record whose time ran out: what waits, whose it is, since when. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from connector.records import Ref

What = Literal["stuck_deal", "unanswered_lead", "missed_call"]


@dataclass(frozen=True, slots=True)
class Overdue:
    """`ref`: the record that is told of once; `about`: the card it can be seen on, with its address. `at`: since when
    it waits; `due_at`: when its time was over.
    """

    what: What
    ref: Ref
    user: str
    at: datetime
    due_at: datetime
    about: Ref | None = None
    link: str = ""
