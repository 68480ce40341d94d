"""When the office works: by when its people do things."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from connector.first_run.seen import Proposal, Seen
from connector.kpi.text import Text

ENOUGH = 200
_EDGE = 0.02
"""The part of all actions outside of the hours, at each end."""
_WEEK = Text("пн вт ср чт пт сб вс", "Mon Tue Wed Thu Fri Sat Sun")
_WORKED = 0.25
"""A weekday with so much of the busiest one's actions is worked."""


def hours(seen: Seen) -> Iterator[Proposal]:
    """Opening and closing by the hour, and the days of the week."""
    actions = [at.astimezone(seen.zone) for at in _actions(seen)]
    days = Counter(at.isoweekday() for at in actions)
    if len(actions) < ENOUGH:
        few = Text(
            f"событий мало: {len(actions)}; взято обычное", f"few events: {len(actions)}; the usual value is used"
        )
        yield Proposal("office_hours", "09:00-18:00", few, sure=False)
        return
    busy = max(days.values())
    worked = tuple(day for day in range(1, 8) if days[day] >= busy * _WORKED)
    by_hour = Counter(at.hour for at in actions if at.isoweekday() in worked)
    first, last = _inside(by_hour)
    told = Text(
        f"96 из 100 действий людей с {first}:00 до {last}:00, {len(actions)} действий",
        f"96 of 100 actions of people between {first}:00 and {last}:00, {len(actions)} actions",
    )
    yield Proposal("office_hours", f"{first:02}:00-{last:02}:00", told)
    ru, en = (", ".join(f"{name} {days[day]}" for day, name in enumerate(told.split(), 1)) for told in _WEEK)
    yield Proposal("working_days", worked, Text(f"действий по дням недели: {ru}", f"actions by weekday: {en}"))


def _actions(seen: Seen) -> Iterator[datetime]:
    """Calls out and in that somebody took, and deals entered by hand: robots have no hours."""
    yield from (
        call.at for call in seen.calls if call.user_id is not None and (call.answered or call.direction == "out")
    )
    people = {user.id for user in seen.users}
    yield from (deal.created_at for deal in seen.deals if deal.created_by in people)


def _inside(by_hour: Counter[int]) -> tuple[int, int]:
    """The hours that hold all but the edges."""
    total, before, first = sum(by_hour.values()), 0, 0
    for first in range(24):
        if before + by_hour[first] > total * _EDGE:
            break
        before += by_hour[first]
    after, last = 0, 24
    while last > first + 1 and after + by_hour[last - 1] <= total * _EDGE:
        after += by_hour[last - 1]
        last -= 1
    return first, last
