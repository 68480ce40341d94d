"""Whose working time runs when: adopted before deriving, and absences as people bring them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection

from connector.derive.clocks import Clocks
from connector.errors import BadConfig
from connector.kpi.clocks import clocks_of
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import learned_at
from connector.records import Absence, User
from connector.store import absences, clocks, records
from connector.brought.absences import read_csv


def adopt_clocks(bench: Workbench, conn: Connection) -> Clocks:
    """Everybody's working time as known now; where somebody's changed, his dossiers and no others are derived anew."""
    told = clocks_of(conn, bench.account, bench.settings.rules, bench.zone())
    clocks.adopt(conn, bench.account, told.marks)
    return told


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
