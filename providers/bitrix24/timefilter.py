"""Whether the portal's filter on time does what it should. Fact sheet 3.2.

It is watched, as the vendor's own readers disagree on its format: rows older than asked for mean that it is ignored, a
newest row that it should have let through and did not means that it drops rows. Then the other format is tried, then
the list is read whole, and a note says so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo

from providers.bitrix24 import php
from providers.bitrix24.cursor import at
from providers.bitrix24.lane import Lane, Leg, Row, Stretch

OVERLAP = timedelta(minutes=2)
"""Changes that were being committed when the last pass began."""
_SLACK = timedelta(seconds=1)
_ISO, _PLAIN, _NONE = range(3)


@dataclass(slots=True)
class TimeFilters:
    """What is known of each list's filter in this process."""

    noticed: Callable[[str], None]
    formats: dict[str, int] = field(default_factory=dict)
    """List → how times are written to it: ISO with offset, plain portal time, not at all."""
    trusted: set[str] = field(default_factory=set)
    """Lists whose filter has stood a test."""

    def trusts(self, lane: Lane) -> bool:
        """Whether a witness is needed no more."""
        return lane.name in self.trusted

    def since(self, lane: Lane, mark: int | None, zone: tzinfo | None) -> str | None:
        """The moment to ask from, overlap included, as this list understands it; None: without a condition."""
        style = self.formats.get(lane.name, _ISO)
        if mark is None or not lane.changed or style == _NONE:
            return None
        moment = (at(mark) - OVERLAP).astimezone(zone).replace(microsecond=0)
        return moment.isoformat() if style == _ISO else moment.strftime("%Y-%m-%d %H:%M:%S")

    def believes(self, leg: Leg, mark: int | None, stretch: Stretch, told_at: datetime) -> bool:
        """Whether the time filter did what it should; where not, the next format is taken and nothing is used."""
        name = leg.lane.name
        if leg.since is None or mark is None:
            return True
        asked = at(mark) - OVERLAP
        if any((_changed(leg.lane, row) or told_at) < asked - _SLACK for row in stretch.rows):
            self._distrust(name, "is ignored")
            return True  # more rows than asked for: nothing is missing
        newest = _changed(leg.lane, stretch.newest) if stretch.newest else None
        if newest and not stretch.rows and asked + _SLACK < newest < told_at - _SLACK:
            self._distrust(name, "leaves out rows that changed")
            return False
        if leg.witness:
            self.trusted.add(name)
        return True

    def _distrust(self, name: str, what: str) -> None:
        """Write times in the next format from now on; after the last one, leave them out."""
        self.trusted.discard(name)
        self.formats[name] = min(self.formats.get(name, _ISO) + 1, _NONE)
        if self.formats[name] == _NONE:
            self.noticed(f"the portal's time filter for {name} {what}: they are read whole every time")


def _changed(lane: Lane, row: Row) -> datetime | None:
    try:
        return php.instant(row.get(lane.changed_in_rows or lane.changed))
    except ValueError:
        return None
