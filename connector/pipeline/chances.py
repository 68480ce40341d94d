"""Once a day: how likely open deals are to be won, by what became of those before them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec
from sqlalchemy.engine import Connection

from connector.kpi.chance import Stay, chances
from connector.moment import to_ms
from connector.pipeline.bench import Workbench
from connector.records import Move
from connector.store import chances as store
from connector.store.chances import End

A_DAY = 86_400_000


def refresh(bench: Workbench, conn: Connection) -> None:
    """Reckon them anew where the last are older than a day."""
    last = store.latest(conn, bench.account)
    if last is not None and bench.now() - last.at < A_DAY:
        return
    found = chances(stays(store.moves(conn, bench.account), store.ends(conn, bench.account), bench.now()))
    store.keep(conn, bench.account, msgspec.json.encode(found).decode(), now=bench.now())


def stays(moves: list[Move], ends: Mapping[str, End], now: int) -> Iterator[Stay]:
    """Each stage that a deal came to, once, and how long after that it ended; entries after the end are none."""
    entered: dict[tuple[str, str], int] = {}
    for move in moves:
        if move.outcome == "open":
            key, at = (move.of.partition(":")[2], move.stage_id), to_ms(move.at)
            entered[key] = min(at, entered.get(key, at))
    for (deal, stage), at in sorted(entered.items()):
        end = ends.get(deal)
        if end is None:
            continue
        last = now if end.kind == "open_deal" else end.at
        if last >= at:
            outcome = {"win": "won", "loss": "lost"}.get(end.kind, "open")
            yield Stay(stage, (last - at) / A_DAY, outcome)  # type: ignore[arg-type]  # one of the three
