"""How this portal behaves where portals differ, or where the documents leave two answers open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

SCOPES = frozenset({"crm", "user", "department", "telephony", "task", "im", "userfieldconfig", "placement", "calendar"})


@dataclass(slots=True)
class Switches:
    """All may be changed between requests."""

    mode: Literal["classic", "simple"] = "classic"
    """With leads, or deals only."""
    enterprise: bool = False
    """5 requests a second and 250 saved up, instead of 2 and 50."""
    paced: bool = True
    """Count the limits, in real time."""
    operating_mode: Literal["inner", "batch"] = "inner"
    """Whether a batch is charged by its commands (docs) or as a whole (measured on a box)."""
    operating_limit: float = 480.0
    operating_cost: Mapping[str, float] = field(default_factory=dict)
    """Seconds charged for a call of a method; the real time where not named."""
    operating_told: bool = True
    """False: a box, whose `time` knows nothing of it."""
    history_text: bool = False
    """Stage history gives its numbers as text."""
    money_refunds: bool = False
    """The refund amount is a money field, `1000|RUB`, instead of a double."""
    plain_dates: bool = False
    """Filters do not understand ISO dates and drop the condition."""
    forbid_types: bool = False
    """The plan has no more smart processes."""
    commercial: bool = True
    """False: REST answers ACCESS_DENIED to everything, as after the end of the subscription."""
    call_statistics: bool = True
    """False: the user may not see the call statistics."""
    transcripts: bool = True
    """False: the processing of calls is switched off, and their transcripts with it."""
    admin: bool = True
    """Whether the webhook's user is an administrator."""
    scopes: frozenset[str] = SCOPES
    calendars: Mapping[int, Sequence[Mapping[str, str]]] = field(default_factory=dict)
    """Events that keep people busy, by user, as calendar.accessibility.get tells them."""
