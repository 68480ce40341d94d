"""A month is closed: its numbers are frozen with their proof, by a person or once the grace is over; or opened again.

may it be closed? | measure as of now, judged as far as the data reaches | hash the facts | freeze

What is learned later is dated later.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from connector.kpi import proof
from connector.kpi.closing import ended_since, month_of
from connector.kpi.definition import Kpi
from connector.kpi.look import look
from connector.kpi.people import people
from connector.moment import Period, from_ms, local_day
from connector.pipeline.bench import Workbench, log
from connector.pipeline.catalogue import catalogue_of
from connector.pipeline.closable import Unclosable, first_day, may_close, until
from connector.pipeline.measuring import report_of, terms_of, unready
from connector.pipeline.running import held
from connector.result import Result
from connector.store import cursors
from connector.store.agreed import closings
from connector.store.agreed.closings import Frozen
from connector.store.tables import ClosingRow

BY_ITSELF = "kpi run"
"""The author of closings that nobody asked for."""


@dataclass(frozen=True, slots=True)
class Closed:
    """What a closing came to: which version of which month, how many numbers, when (in the account's zone)."""

    period: str
    version: int
    values: int
    at: datetime


def close_month(bench: Workbench, period: Period, *, author: str, reason: str = "", force: bool = False) -> Closed:
    """Freeze every number of the month. Raises Unclosable where it may not be closed yet; `force`: before the grace."""
    with held(bench):
        may_close(bench, month_of(period), force=force)
        return _close(bench, period, author, reason)


def close_due(bench: Workbench) -> list[Closed]:
    """The months whose grace is over, for whoever holds the lease; those that a person opened again are left to him."""
    if bench.settings.rules.close_months == "manual" or unready(bench):
        return []
    with bench.store.read() as conn:
        known = {row.period for row in closings.history(conn, bench.account)}
        connected = min(row.whole_at for row in cursors.all(conn, bench.account).values() if row.whole_at is not None)
    today = local_day(from_ms(min(bench.now(), until(bench))), bench.zone())
    months = ended_since(local_day(from_ms(connected), bench.zone()), today)
    due = [month for month in months if month.label not in known and first_day(bench, month) <= today]
    done = [_close(bench, month, BY_ITSELF, "") for month in due]
    for one in done:
        log.info("%s: %s is closed: %d numbers", bench.settings.name, one.period, one.values)
    return done


def reopen_month(bench: Workbench, period: Period, *, author: str, reason: str) -> ClosingRow:
    """The month follows changes again; what was frozen stays. Raises Unclosable where it is not closed."""
    with held(bench), bench.store.write() as conn:
        if closings.current(conn, bench.account, period.label) is None:
            raise Unclosable("open", period.label)
        now = max(bench.now(), closings.floor(conn, bench.account))
        closings.reopen(conn, bench.account, period.label, now=now, author=author, reason=reason)
        return closings.history(conn, bench.account, period.label)[-1]


def history_of(bench: Workbench) -> list[ClosingRow]:
    """Who closed and opened what, when and why."""
    with bench.store.read() as conn:
        return closings.history(conn, bench.account)


def verified(bench: Workbench, closing: ClosingRow) -> bool:
    """Whether the frozen values are what was frozen, and the facts of that moment still hash to the same."""
    month = Period.parse(closing.period)
    with bench.store.read() as conn:
        if not closings.untouched(conn, closing):
            return False
        values = closings.values(conn, closing)
    rules, _, _ = terms_of(bench, closing.as_of)
    kpis = {key: kpi.credited(rules.credit) for key, kpi in catalogue_of(bench, closing.as_of).items()}
    same = [one for one in values if one.result.kpi in kpis and kpis[one.result.kpi].version == one.formula]
    seals = _seals(bench, month, (closing.as_of, closing.reached), kpis, [one.result for one in same])
    return all(seals[one.result.kpi, one.result.subject] == one.digest for one in same)


def _close(bench: Workbench, month: Period, author: str, reason: str) -> Closed:
    with bench.store.read() as conn:
        now = max(bench.now(), closings.floor(conn, bench.account))
    reached = min(now, until(bench))
    report = report_of(bench, month, as_of=from_ms(now), reached=reached)
    kpis = {kpi.key: kpi for kpi in report.kpis}
    seals = _seals(bench, month, (now, reached), kpis, report.results)
    names = {f"user:{id}": name for id, name in report.users.items()}
    names |= {f"team:{id}": name for id, name in report.teams.items()}
    values = [
        Frozen(
            result=result,
            name=names[result.subject],
            formula=kpis[result.kpi].version,
            digest=seals[result.kpi, result.subject],
        )
        for result in report.results
    ]
    with bench.store.write() as conn:
        version = closings.close(
            conn, bench.account, month.label, values, report.omitted, now=now, author=author, reason=reason,
            reached=reached,
        )  # fmt: skip
    return Closed(month.label, version, len(values), from_ms(now).astimezone(bench.zone()))


def _seals(
    bench: Workbench, month: Period, then: tuple[int, int | None], kpis: Mapping[str, Kpi], results: Iterable[Result]
) -> Mapping[tuple[str, str], str]:
    """The hashes of the facts behind these numbers, by KPI and subject, as of a moment and judged by how far the data
    reached then.
    """
    as_of, reached = then
    rules, zone, _ = terms_of(bench, as_of)
    with bench.store.read() as conn:
        seen = look(bench.account, month, zone=zone, judged_at=reached or as_of, as_of=as_of, rules=rules)
        added = proof.sums(conn, seen, dict.fromkeys(one for kpi in kpis.values() for one in kpi.measures))
        members = people(conn, bench.account, month, zone, now=as_of, as_of=as_of).members
    found = {}
    for result in results:
        what, _, id = result.subject.partition(":")
        whose = {id} if what == "user" else members.get(id, frozenset())
        found[result.kpi, result.subject] = proof.seal(kpis[result.kpi], whose, added)
    return found
