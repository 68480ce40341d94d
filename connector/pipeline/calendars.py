"""Whose working time runs when: adopted before deriving, and absences as people bring them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection

from connector.brought.absences import read_csv
from connector.derive.clocks import Clocks
from connector.errors import BadConfig, Refused, TryLater
from connector.kpi.clocks import clocks_of
from connector.moment import local_day
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import learned_at
from connector.provider import TellsAbsences
from connector.records import Absence, User
from connector.redact import redact
from connector.store import cursors, notices
from connector.store.clock import absences, clocks
from connector.store.crm import records
from connector.store.leases import Fence

BACK, AHEAD = timedelta(days=92), timedelta(days=183)
NOTICE = "absences"


def adopt_clocks(bench: Workbench, conn: Connection) -> Clocks:
    """Everybody's working time as known now; where somebody's changed, his dossiers and no others are derived anew."""
    told = clocks_of(conn, bench.account, bench.settings.rules, bench.zone())
    clocks.adopt(conn, bench.account, told.marks)
    return told


def bring_absences(bench: Workbench, fence: Fence) -> None:
    """Once a day, from a CRM that tells it: who is away from a quarter ago to half a year ahead.

    What fails stops no sync: a notice tells of it, and it is tried again the next day.
    """
    provider, today = bench.provider, local_day(bench.clock(), bench.zone())
    with bench.store.read() as conn:
        last = cursors.get(conn, bench.account, Absence.kind)
    if not isinstance(provider, TellsAbsences) or (last is not None and last.cursor == today.isoformat()):
        return
    first, end = today - BACK, today + AHEAD
    try:
        told, problem = provider.absences(first, end), ""
    except (Refused, TryLater) as error:
        told, problem = None, redact(str(error))
    if told is None and not problem:
        return
    with bench.store.write() as conn:
        fence.check(conn)
        now = learned_at(bench, conn)
        notices.clear(conn, bench.account, NOTICE)
        if problem:
            notices.add(conn, bench.account, NOTICE, Absence.kind, f"absences of the CRM: {problem}", now=now)
        if told is not None:
            absences.take(conn, bench.account, told, source="crm", now=now, whole=True, within=(first, end))
        cursors.advance(
            conn, bench.account, Absence.kind, cursor=today.isoformat(), told_at=bench.now(), rows=len(told or ())
        )


def import_absences(bench: Workbench, file: Path, *, whole: bool = False) -> absences.Taken:
    """Absences, hires and leavings of a CSV; nothing is taken while a line is wrong, the same file twice is one.

    `whole`: the file is all there is; what earlier ones said and it does not is no longer so.
    """
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadConfig([f"{file}: {error.strerror}"]) from None
    with bench.store.write() as conn:
        users = records.directory(conn, bench.account, User)
        if not users:
            raise BadConfig([f"{bench.settings.name}: nobody is known yet; run `kpi sync` first"])
        told = read_csv(data, users)
        if told.bad:
            raise BadConfig([f"{file}: line {bad.line}: {bad.problem}" for bad in told.bad])
        return absences.take(conn, bench.account, told.absences, source="csv", now=learned_at(bench, conn), whole=whole)


def absences_of(bench: Workbench) -> tuple[list[tuple[Absence, str]], Mapping[str, str]]:
    """What is known of whom, each with its source, and people's names by id."""
    with bench.store.read() as conn:
        users = records.directory(conn, bench.account, User)
        return absences.known(conn, bench.account), {id: user.name for id, user in users.items()}
