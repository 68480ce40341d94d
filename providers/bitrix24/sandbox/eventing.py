"""Who is told of what, and the queue of events that nobody has taken yet. Fact sheet 5.

A body for an online handler is made here; carrying it there is the test's own affair, as the vendor's servers do it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlencode

from providers.bitrix24.sandbox.portal import MEMBER_ID

APPLICATION_TOKEN = "51856fefc120afa4b628cc82d3935cce"  # noqa: S105 - of the pretend application


@dataclass(slots=True)
class Waiting:
    """A changed object: one row however often it changed. `parcel`: who took it and has not said that he has it."""

    id: int
    event: str
    object: str
    parcel: str = ""


@dataclass(slots=True)
class Eventing:
    """`bound`: (event, handler), the handler of offline ones is empty."""

    bound: set[tuple[str, str]] = field(default_factory=set)
    queue: dict[tuple[str, str], Waiting] = field(default_factory=dict)
    _count: int = 0

    def happened(self, event: str, object: str) -> None:
        """Into the queue, where anybody asked for that."""
        if (event, "") in self.bound and (event, object) not in self.queue:
            self._count += 1
            self.queue[event, object] = Waiting(self._count, event, object)

    def take(self, limit: int, parcel: str, *, clear: bool) -> list[Waiting]:
        """Rows that nobody has; gone at once where the asker wants that."""
        free = [row for row in self.queue.values() if not row.parcel][:limit]
        for row in free:
            if clear:
                del self.queue[row.event, row.object]
            else:
                row.parcel = parcel
        return free

    def clear(self, parcel: str) -> None:
        """The taker has them."""
        for row in [row for row in self.queue.values() if row.parcel == parcel]:
            del self.queue[row.event, row.object]


def body(event: str, id: str, domain: str, *, token: str = APPLICATION_TOKEN, member: str = MEMBER_ID) -> bytes:
    """What the queue server posts for a changed card."""
    told = {
        "event": event,
        "data[FIELDS][ID]": id,
        "ts": "1736405807",
        "auth[domain]": domain,
        "auth[member_id]": member,
        "auth[application_token]": token,
    }
    return urlencode(told).encode()
