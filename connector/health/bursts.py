"""What one person did at one go: events of a person so close together that they are one act. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from connector.kpi.definition import Text
from connector.records import Ref


class Event(NamedTuple):
    """Something a person did to a record, and how it is shown."""

    at: datetime
    user: str
    ref: Ref
    text: Text


def bursts(events: Iterable[Event], least: int, window: timedelta) -> Iterator[Sequence[Event]]:
    """Each stretch in which a person touched `least` different records or more within any `window`, by person and time.

    Windows that overlap are one stretch; an event belongs to it only if some such window holds it.
    """
    by_user: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        by_user[event.user].append(event)
    for user in sorted(by_user):
        yield from _stretches(sorted(by_user[user], key=lambda event: (event.at, event.ref)), least, window)


def _stretches(ordered: Sequence[Event], least: int, window: timedelta) -> Iterator[Sequence[Event]]:
    begin, last, first = 0, -1, -1
    for place, event in enumerate(ordered):
        while event.at - ordered[begin].at > window:
            begin += 1
        if len({one.ref for one in ordered[begin : place + 1]}) < least:
            continue
        if first >= 0 and begin > last:
            yield ordered[first : last + 1]
            first = begin
        first = begin if first < 0 else first
        last = place
    if first >= 0:
        yield ordered[first : last + 1]
