"""Once a day: how likely open deals are to be won, by what became of those before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy.engine import Connection

from connector.decoding import decoded
from connector.kpi.chance import A_DAY, Outcome, Stay, chances, passed
from connector.moment import Period, from_ms, local_day, to_ms
from connector.pipeline.bench import Workbench
from connector.records import Move
from connector.store import chances as store
from connector.store.chances import End
from connector.store.leases import Fence
from connector.targets.opinion.verdict import Kept, Verdict

if TYPE_CHECKING:
    from connector.pipeline.planning.opinion import Material

_OUTCOMES: Mapping[str, Outcome] = {"win": "won", "loss": "lost"}
LEAST = 150
"""Days of wins before the first month of which a forecast could be tried is over."""


def refresh(bench: Workbench, fence: Fence) -> None:
    """Reckon them anew where the last are older than a day; nobody waits for it with a transaction open."""
    with bench.store.read() as conn:
        last = store.latest(conn, bench.account)
        month = _month(bench, bench.now())
        if last is not None and bench.now() - last.at < A_DAY and _month(bench, last.at) == month:
            return  # within a month, as nobody's forecast may change its kind in it
        ends, moves = store.ends(conn, bench.account), store.moves(conn, bench.account)
        before = None if last is None else decoded(last.body, Kept).verdict
        due = _due(before, month)
        material = _gathered(bench, conn, ends, month) if due else None
    found = chances(stays(moves, ends, bench.now()))
    worth = before if not due else None if material is None else _reckoned(bench, month, material)
    kept = Kept(found.every, found.stages, found.leaving, worth)
    with bench.store.write() as conn:
        fence.check(conn)
        store.keep(conn, bench.account, msgspec.json.encode(kept).decode(), now=bench.now())


def _month(bench: Workbench, at: int) -> str:
    """The label of the month in which a moment (epoch ms) lies."""
    return Period.month(local_day(from_ms(at), bench.zone())).label


def _due(before: Verdict | None, month: str) -> bool:
    """Whether the open deals are to be tried as an opinion on the running month: once a month, daily until there is
    enough.
    """
    return not (before is not None and before.month == month and before.enough)


def _gathered(bench: Workbench, conn: Connection, ends: Mapping[str, End], month: str) -> Material | None:
    """What a trial looks at; None before wins reach back far enough, and where nobody sold."""
    wins = [end.at for end in ends.values() if end.kind == "win"]
    if not wins or max(wins) - min(wins) < LEAST * A_DAY:
        return None
    from connector.pipeline.history import past
    from connector.pipeline.planning.opinion import gathered  # numpy takes a while to load

    seen = past(bench, conn, month)
    return gathered(bench, conn, seen) if seen.people else None


def _reckoned(bench: Workbench, month: str, material: Material) -> Verdict | None:
    from connector.pipeline.planning import opinion

    return opinion.reckoned(bench.settings.name, month, material)


def stays(moves: list[Move], ends: Mapping[str, End], now: int) -> Iterator[Stay]:
    """Each stage that a deal came to, once, when it went on and when it ended; entries after the end are none."""
    entries: dict[str, list[tuple[int, str]]] = {}
    for move in moves:
        if move.outcome == "open":
            entries.setdefault(move.of.partition(":")[2], []).append((to_ms(move.at), move.stage_id))
    for deal, theirs in sorted(entries.items()):
        if (end := ends.get(deal)) is not None:
            last = now if end.kind == "open_deal" else end.at
            yield from passed(sorted(theirs), last, _OUTCOMES.get(end.kind, "open"))
