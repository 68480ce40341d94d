"""Events are read in windows of time; a crowded one is left after a first look, not after forty pages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from providers.amocrm.client import Rows
from providers.amocrm.cursor import At
from providers.amocrm.reading import windows

TOLD = datetime(2026, 9, 1, tzinfo=UTC)
EVERY, COUNT = 30, 60_000


class Crowd:
    """An event every thirty seconds, newest first, as amoCRM pages them."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, params: Any) -> Rows:
        self.asked += 1
        start, end = params["filter[created_at][from]"], params["filter[created_at][to]"]
        ids = range(min(end // EVERY, COUNT - 1), max(-(-start // EVERY), 0) - 1, -1)
        page, limit = params["page"], params["limit"]
        some = ids[(page - 1) * limit : page * limit]
        rows = [{"id": f"e{n:06}", "created_at": n * EVERY} for n in some]
        return Rows(rows, more=page * limit < len(ids), told_at=TOLD)


def test_everything_is_read_once_and_few_requests_are_wasted() -> None:
    crowd = Crowd()
    seen = [row["id"] for turn in windows(crowd, At(), since=0, until=EVERY * COUNT) for row in turn.rows]
    assert sorted(set(seen)) == [f"e{n:06}" for n in range(COUNT)]
    assert crowd.asked < 1.15 * COUNT / 100
