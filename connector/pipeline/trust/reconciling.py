"""The store beside the CRM as it is at this moment: everything is read again, nothing is changed.

ours of the period | all of theirs, from the beginning | counts beside counts | records beside records | wins | revenue
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.engine import Connection

from connector.errors import Refused
from connector.health.reconcile import Counted, Difference, Outside, Span, beside, compare, outside, tally, within
from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.running import Stop, held, never
from connector.records import Call, Deal, Gone, Lead, Record, User
from connector.store import cursors
from connector.store.asked import inspection
from connector.store.crm import records
from connector.store.upsert import chunks
from connector.sync.progress import Progress

KINDS: tuple[type[Record], ...] = (User, Lead, Deal, Call)
AT_ONCE = 50


@dataclass(slots=True)
class Reconciled:
    """Both sides of a period. Money in minor units; `revenue` is what the KPI of everyone together holds."""

    account: str
    period: Period
    at: datetime
    currency: str
    link_to: Callable[[str], str]
    counts: list[Counted] = field(default_factory=list)
    differences: list[Difference] = field(default_factory=list)
    outside: list[Outside] = field(default_factory=list)
    revenue: int = 0
    skipped: dict[str, str] = field(default_factory=dict)
    """Kinds that could not be compared, and why."""
    stopped: bool = False

    @property
    def differs(self) -> bool:
        """Whether anything is left that is not a rule at work."""
        unlike = any(one.ours != one.theirs for one in self.counts)
        lost = any(one.why == "no_fact" for one in self.outside)
        return unlike or lost or self.stopped or bool(self.differences or self.skipped)


@dataclass(slots=True)
class _Side:
    """The records of one kind that matter to the period, by id, on both sides."""

    ours: dict[str, Record]
    theirs: dict[str, Record] = field(default_factory=dict)
    unreadable: list[str] = field(default_factory=list)


def reconcile(
    bench: Workbench, period: Period, *, calls: bool = True, progress: Progress | None = None, stop: Stop = never
) -> Reconciled:
    """Read users, leads, deals and calls from the CRM and hold them beside the store. Takes the account's lease."""
    with held(bench):
        bench.meet()
        done = Reconciled(bench.settings.name, period, from_ms(bench.now()), bench.currency(), bench.provider.link_to)
        span = period.bounds(bench.zone())
        won: dict[str, Deal] = {}
        for kind in KINDS if calls else KINDS[:-1]:
            if kind not in bench.provider.can.kinds:
                continue
            side = _both_sides(bench, kind, span, done, progress, stop)
            if side is not None:
                _hold(bench, kind, side, span, done)
                won |= {id: one for id, one in side.theirs.items() if isinstance(one, Deal) and _won(one, span)}
        _to_revenue(bench, won, period, done)
    return done


def _both_sides(
    bench: Workbench, kind: type[Record], span: Span, done: Reconciled, progress: Progress | None, stop: Stop
) -> _Side | None:
    """What both have of the period; None where it could not be read to its end."""
    with bench.store.read() as conn:
        side = _Side({one.id: one for one in inspection.live(conn, bench.account, kind) if within(one, span)})
    try:
        ended = _read_theirs(bench, kind, span, side, progress, stop)
    except Refused as error:
        done.skipped[kind.kind] = str(error)
        return None
    done.stopped = done.stopped or not ended
    return side if ended else None


def _read_theirs(
    bench: Workbench, kind: type[Record], span: Span, side: _Side, progress: Progress | None, stop: Stop
) -> bool:
    """All of the kind, from the beginning: no filter by time that could quietly leave something out."""
    rows, before = 0, bench.provider.requests
    for page in bench.provider.pull(kind, None):
        if stop():
            return False
        side.unreadable += [one.id for one in page.refused]
        for one in page.records:
            if isinstance(one, kind) and (within(one, span) or one.id in side.ours):
                side.theirs[one.id] = one
        rows += len(page.records)
        if progress is not None:
            progress(kind.kind, rows, page.total, bench.provider.requests - before)
    return True


def _hold(bench: Workbench, kind: type[Record], side: _Side, span: Span, done: Reconciled) -> None:
    """Records beside records; who is missing over there is asked for by id before it is said."""
    gone, unsure = _confirm(bench, kind, side)
    with bench.store.read() as conn:
        row = cursors.get(conn, bench.account, kind.kind)
        _complete(conn, bench.account, kind, side)
    read_until = from_ms(row.told_at) if row is not None and row.told_at is not None else None
    done.counts += beside(tally(side.ours.values(), span), tally(side.theirs.values(), span))
    for id in sorted(side.ours.keys() | side.theirs.keys(), key=lambda id: (len(id), id)):
        found = compare(side.ours.get(id), side.theirs.get(id), read_until)
        if found is not None and not (found.how == "missing_there" and id not in gone):
            done.differences.append(found)
    done.differences += [Difference(kind.kind, id, "unconfirmed") for id in unsure]
    done.differences += [Difference(kind.kind, id, "unreadable") for id in sorted(set(side.unreadable))]


def _confirm(bench: Workbench, kind: type[Record], side: _Side) -> tuple[set[str], list[str]]:
    """Ids that the CRM says are gone, and those it says nothing of; what it shows after all is theirs too."""
    gone: set[str] = set()
    missing = sorted(side.ours.keys() - side.theirs.keys())
    if missing and kind is Lead and not _listable(bench, kind):
        side.theirs |= {id: side.ours[id] for id in missing}  # dealt with, it left the list: that says nothing
        return gone, []
    for ids in chunks(missing, AT_ONCE):
        try:
            for answer in bench.provider.fetch(kind, ids):
                if isinstance(answer, Gone):
                    gone.add(answer.id)
                elif answer.id in side.ours:
                    side.theirs[answer.id] = answer
        except Refused:
            continue
    return gone, [id for id in missing if id not in gone and id not in side.theirs]


def _listable(bench: Workbench, kind: type[Record]) -> bool:
    """Whether what the CRM does not list is not there."""
    try:
        next(iter(bench.provider.ids(kind)), None)
    except Refused:
        return False
    return True


def _complete(conn: Connection, account: int, kind: type[Record], side: _Side) -> None:
    """What we have of theirs that is not of this period by our own knowledge."""
    strange = side.theirs.keys() - side.ours.keys()
    alive = records.live_ids(conn, account, kind) if strange else set()
    side.ours |= records.get(conn, account, kind, [id for id in strange if id in alive])


def _won(deal: Deal, span: Span) -> bool:
    return deal.outcome == "won" and deal.closed_at is not None and span[0] <= deal.closed_at < span[1]


def _to_revenue(bench: Workbench, won: dict[str, Deal], period: Period, done: Reconciled) -> None:
    """From the CRM's wins to the revenue that is reported."""
    first, end = period.days()
    with bench.store.read() as conn:
        facts = inspection.wins(conn, bench.account, first, end, list(won))
    done.outside = outside(won, facts, first, end, bench.currency())
    done.revenue = sum(fact.amount or 0 for fact in facts if fact.omitted is None and first <= fact.day < end)
