"""oversee: how an account runs: its streams and runs, what waits to be written, what was written. Asks no CRM."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from connector.kpi.definition import Language, Text
from connector.pipeline.bench import Workbench
from connector.pipeline.closing import history_of
from connector.pipeline.standing import Standing, standing
from connector.pipeline.switching import Level, Stands, levels_of, switchable_of
from connector.pipeline.trust.freezing import drifts_of
from connector.pipeline.writing import preview_of
from connector.records import User
from connector.store import accounts
from connector.store.crm import records, refusals
from connector.store.sent import ledger, outbox, switches
from connector.store.sent.ledger import Entry
from connector.store.sent.outbox import Queued
from connector.store.tables import ClosingRow, SwitchRow
from connector.writeback.preview import Change

ROWS = 25
LISTED = 12
"""Changes of a level that are looked at before it is switched on."""


@dataclass(frozen=True, slots=True)
class WouldWrite:
    """Cards, deals and tasks touched; the first changes of them, of how many."""

    touched: int
    first: tuple[Change, ...] = ()
    changes: int = 0


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


def would_write(bench: Workbench, language: Language) -> Mapping[str, WouldWrite]:
    """By level: what a run would touch now, if it was switched on; of a level that the file bars, nothing."""
    told = preview_of(bench, language=language, settings=switchable_of(bench)).shown
    if told is None:
        return {}
    first: dict[str, list[Change]] = {level: [] for level in told.targets}
    for change in told.changes:
        if len(first[change.level]) < LISTED:
            first[change.level].append(change)
    counts = Counter(change.level for change in told.changes)
    return {level: WouldWrite(n, tuple(first[level]), counts[level]) for level, n in told.targets.items()}


def holding_still(bench: Workbench) -> list[tuple[Text, tuple[str, ...]]]:
    """Changes of the CRM that nobody has accepted yet, each with the KPIs that it holds still."""
    rows = drifts_of(bench, only_open=True).rows
    return [(Text(**json.loads(row.text)), tuple(json.loads(row.kpis))) for row in rows]
