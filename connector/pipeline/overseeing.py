"""oversee: how an account runs: its streams and runs, what waits to be written, what was written. Asks no CRM."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from connector.kpi.definition import Text
from connector.pipeline.bench import Workbench
from connector.pipeline.closing import history_of
from connector.pipeline.standing import Standing, standing
from connector.pipeline.switching import Level, Stands, levels_of
from connector.pipeline.trust.freezing import drifts_of
from connector.pipeline.writing import preview_of
from connector.records import User
from connector.store import accounts
from connector.store.crm import records, refusals
from connector.store.sent import ledger, outbox, switches
from connector.store.sent.ledger import Entry
from connector.store.sent.outbox import Queued
from connector.store.tables import ClosingRow, SwitchRow

ROWS = 25


@dataclass(frozen=True, slots=True)
class Overseen:
    """Everything an admin looks at. `host`: of the CRM; `share`: the part of its limit in use now."""

    provider: str
    host: str
    limits: str
    share: float
    requests: int
    """Since the account was opened by this process."""
    standing: Standing
    refused: int
    waiting: tuple[Queued, ...]
    written: tuple[Entry, ...]
    closings: tuple[ClosingRow, ...]
    levels: Mapping[Level, Stands]
    switches: tuple[SwitchRow, ...]
    """Levels that people switched, the newest first."""
    users: Mapping[str, User]


def overseen(bench: Workbench) -> Overseen:
    """As it stands now."""
    with bench.store.read() as conn:
        row = accounts.get(conn, bench.account)
        refused = len(refusals.all(conn, bench.account))
        waiting = outbox.unsettled(conn, bench.account, ROWS)
        switched = switches.recent(conn, bench.account, ROWS)
        written = ledger.recent(conn, bench.account, ROWS)
        users = records.directory(conn, bench.account, User)
    return Overseen(
        provider=bench.settings.provider,
        host=row.host or "",
        limits=bench.provider.can.limits,
        share=bench.share_of_limit(),
        requests=bench.provider.requests,
        standing=standing(bench),
        refused=refused,
        waiting=tuple(waiting),
        written=tuple(written),
        closings=tuple(history_of(bench)[-ROWS:]),
        levels=levels_of(bench),
        switches=tuple(switched),
        users=users,
    )


def would_write(bench: Workbench) -> Mapping[str, int]:
    """By level: how many cards, deals and tasks a run would touch now, if it was switched on."""
    told = preview_of(bench).shown
    return {} if told is None else dict(told.targets)


def holding_still(bench: Workbench) -> list[tuple[Text, tuple[str, ...]]]:
    """Changes of the CRM that nobody has accepted yet, each with the KPIs that it holds still."""
    rows = drifts_of(bench, only_open=True).rows
    return [(Text(**json.loads(row.text)), tuple(json.loads(row.kpis))) for row in rows]
