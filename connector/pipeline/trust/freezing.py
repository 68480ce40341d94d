"""Drifts as people ask for them, and what they hold still: a frozen KPI is told as it was known before its drift."""

from __future__ import annotations

import getpass
from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
from sqlalchemy.engine import Connection

from connector.decoding import decoded
from connector.errors import BadConfig
from connector.health import drift_words
from connector.health.frozen import FROZEN, freeze, thaw_moments
from connector.health.world import World, adopted
from connector.kpi.definition import Text
from connector.kpi.engine import Report
from connector.kpi.explain import Explanation
from connector.moment import Period, to_ms
from connector.pipeline.bench import Workbench
from connector.store import notices, worlds
from connector.store.tables import DriftRow

NOTICE = "drift"


@dataclass(frozen=True, slots=True)
class Drifts:
    """The drifts of an account, the newest last."""

    account: str
    rows: tuple[DriftRow, ...]


def drifts_of(bench: Workbench, *, only_open: bool = False) -> Drifts:
    """What changed since the first sync, and what of it waits to be accepted."""
    with bench.store.read() as conn:
        return Drifts(bench.settings.name, tuple(worlds.all(conn, bench.account, only_open=only_open)))


def accept(bench: Workbench, what: str) -> int:
    """A person has looked: by number, code, code/subject or "all"; returns how many. Raises BadConfig for none."""
    with bench.store.write() as conn:
        waiting = worlds.all(conn, bench.account, only_open=True)
        meant = [
            row for row in waiting if what in ("all", str(row.id), row.code, row.subject, f"{row.code}/{row.subject}")
        ]
        if not meant:
            have = ", ".join(f"{row.id} ({row.code}/{row.subject})" for row in waiting) or "none"
            raise BadConfig([f"{bench.settings.name}: no drift {what!r} waits; there are: {have}"])
        accepted, seen = both(conn, bench.account) or (World(), World())
        for row in meant:
            accepted = adopted(accepted, seen, row.subject)
        worlds.accept(conn, bench.account, [row.id or 0 for row in meant], getpass.getuser(), now=bench.now())
        keep(conn, bench, accepted, seen)
        tell(conn, bench)
    return len(meant)


def frozen_kpis(bench: Workbench, as_of: int | None = None) -> dict[str, int]:
    """The KPIs that a drift holds still, now or at a past moment, with the last sound moment of each (epoch ms)."""
    with bench.store.read() as conn:
        return thaw_moments((row.kpis, row.since) for row in worlds.freezing(conn, bench.account, as_of=as_of))


def sound_until(bench: Workbench, kpi: str, period: Period, as_of: int | None) -> int | None:
    """As of when (epoch ms) the facts of a KPI are those of the number that is shown; None: as they are now."""
    moment = frozen_kpis(bench, as_of).get(kpi)
    return as_of if moment is None else moment if as_of is None else min(moment, as_of)


def marked(told: Explanation, *, frozen: bool) -> Explanation:
    """The proof of a number that is held still says so."""
    if not frozen:
        return told
    return replace(told, result=msgspec.structs.replace(told.result, enough=False, reason=FROZEN))


def held_still(bench: Workbench, report: Report, again: Callable[[int], Report], as_of: int | None) -> Report:
    """The report with frozen KPIs as they were known; `again` computes it as of a moment (epoch ms)."""
    moments = {key: at for key, at in frozen_kpis(bench, as_of).items() if as_of is None or at <= as_of}
    moments = {key: at for key, at in moments.items() if any(kpi.key == key for kpi in report.kpis)}
    if not moments:
        return report
    then = {
        (result.kpi, result.subject): result
        for at in sorted(set(moments.values()))
        for result in again(at).results
        if moments.get(result.kpi) == at
    }
    begins, ends = (to_ms(at) for at in report.period.bounds(bench.zone()))
    results = freeze(report.results, moments, then, begins=begins, ends=ends)
    return replace(report, results=results)


def tell(conn: Connection, bench: Workbench) -> None:
    """A notice for each open drift, with what to do."""
    notices.clear(conn, bench.account, NOTICE)
    for row in worlds.all(conn, bench.account, only_open=True):
        text = drift_words.notice(row.id or 0, Text(*worlds.listed(row.text)), worlds.listed(row.kpis))
        notices.add(
            conn, bench.account, NOTICE, f"{row.code}/{row.subject}", text(bench.settings.language), now=bench.now()
        )


def both(conn: Connection, account: int) -> tuple[World, World] | None:
    """The world as accepted and as seen last; None before the first sync."""
    kept = worlds.load(conn, account)
    if kept is None:
        return None
    return decoded(kept.accepted, World), decoded(kept.seen, World)


def keep(conn: Connection, bench: Workbench, accepted: World, seen: World) -> None:
    """Both, as of now."""
    first, second = (msgspec.json.encode(one, order="sorted").decode() for one in (accepted, seen))
    worlds.keep(conn, bench.account, worlds.Kept(first, second, bench.now()))
