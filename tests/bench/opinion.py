"""The monthly trial of the second opinion at full size: what it costs, and that none of it holds a transaction open.

BENCH_DEALS: how many deals of 200 people in 17 months (100 000). The store is not asked: what it gives is drawn.
"""

from __future__ import annotations

import os
import time
from zoneinfo import ZoneInfo

from connector.moment import WorkCalendar
from connector.pipeline.history import Past
from connector.pipeline.planning.opinion import Material, reckoned
from tests.targets.opinion.dealers import LABELS, Trade, dealers

PEOPLE, DAYS = 200, 510


def main() -> None:
    """Print the row of docs/benchmarks.md."""
    deals = int(os.environ.get("BENCH_DEALS", "100000"))
    team = dealers(0, Trade(leads=deals / PEOPLE / DAYS), people=PEOPLE)
    seen = Past(team.people, {one.user: one.name for one in team.people})
    zone = ZoneInfo("Europe/Moscow")
    began = time.perf_counter()
    worth = reckoned("bench", LABELS[-1], Material(seen, team.lives, WorkCalendar(zone.key), zone))
    took = time.perf_counter() - began
    print(f"{len(team.lives)} deals of {PEOPLE} people, {worth.persons} person-months: {took:.1f} s", flush=True)
