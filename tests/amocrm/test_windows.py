"""Events are read in windows of time; a crowded one is left after a first look, not after forty pages."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import pytest

from providers.amocrm.client import Rows
from providers.amocrm.cursor import At
from providers.amocrm.reading import windows

TOLD = datetime(2026, 9, 1, tzinfo=UTC)
EVERY, COUNT = 30, 60_000


class Crowd:
    """Events at these moments, newest first, as amoCRM pages them."""

    def __init__(self, moments: Sequence[int]) -> None:
        self.moments, self.asked = moments, 0

    def __call__(self, params: Any) -> Rows:
        self.asked += 1
        start, end = params["filter[created_at][from]"], params["filter[created_at][to]"]
        first, beyond = bisect_left(self.moments, start), bisect_right(self.moments, end)
        page, limit = params["page"], params["limit"]
        some = range(beyond - 1, first - 1, -1)[(page - 1) * limit : page * limit]
        rows = [{"id": f"e{n:06}", "created_at": self.moments[n]} for n in some]
        return Rows(rows, more=page * limit < beyond - first, told_at=TOLD)


def office_hours() -> list[int]:
    """Ten hours on five days of seven, an event every thirty seconds."""
    days = [day for day in range(100) if day % 7 < 5]
    return [day * 86_400 + 9 * 3600 + n * EVERY for day in days for n in range(1200)]


@pytest.mark.parametrize(
    ("moments", "most"), [(range(0, EVERY * COUNT, EVERY), 1.05), (office_hours(), 1.1)], ids=["evenly", "office hours"]
)
def test_everything_is_read_once_and_few_requests_are_wasted(moments: Sequence[int], most: float) -> None:
    crowd = Crowd(moments)
    seen = [row["id"] for turn in windows(crowd, At(), since=0, until=moments[-1]) for row in turn.rows]
    assert sorted(set(seen)) == [f"e{n:06}" for n in range(len(moments))]
    assert crowd.asked < most * len(moments) / 100
