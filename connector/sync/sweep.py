"""Find what vanished, or came back, without a word: compare ids, then ask for each that differs.

    live ids -> the CRM's ids -> brake -> fetch each missing one -> Gone? -> tombstone

Nothing is ever deleted because a list did not show it: a list may be cut, filtered or short of rights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from connector.errors import Brake, Refused, TryLater
from connector.moment import from_ms
from connector.provider import Page, Provider
from connector.records import Client, Deal, Gone, Lead, Record
from connector.store import cursors, records
from connector.store.engine import Store
from connector.store.leases import Fence
from connector.store.upsert import chunks
from connector.sync.progress import Progress

SWEPT: tuple[type[Record], ...] = (Deal, Lead, Client)
FEW = 20
SHARE = 50
"""One in so many: more than FEW and more than 2 % missing at once is not believable without a person's word."""
AT_ONCE = 50
MOST_FOUND = 2000
"""Records nobody told us of that one sweep reads; more than that is the work of a full sync."""


@dataclass(slots=True)
class SweepReport:
    """What a sweep came to: ids compared by kind, records gone, records found (back, or never told of)."""

    checked: dict[str, int] = field(default_factory=dict)
    gone: int = 0
    found: int = 0
    requests: int = 0
    problems: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)
    """Kinds that the CRM gives no list of ids of, and its words."""
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class _Difference:
    """Of one kind: ids only we have, ids only the CRM has, and how many we have."""

    kind: type[Record]
    missing: list[str]
    unknown: list[str]
    ours: int


@dataclass(frozen=True, slots=True)
class _Sweep:
    store: Store
    account: int
    provider: Provider
    fence: Fence | None
    now: Callable[[], int]
    progress: Progress | None
    stop: Callable[[], bool]
    asked_before: int
    report: SweepReport


def sweep_account(
    store: Store,
    account: int,
    provider: Provider,
    *,
    fence: Fence | None,
    now: Callable[[], int],
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
    confirmed: bool = False,
) -> SweepReport:
    """Compare every deal, lead and client. `confirmed`: a person says that so many deletions are real.

    Raises Brake, with nothing changed, where too many are missing; Busy, NeedsPerson, StoreTrouble as `pull_account`.
    A kind whose ids cannot be read to their end is left alone and told in the report.
    """
    run = _Sweep(store, account, provider, fence, now, progress, stop, provider.requests, SweepReport())
    kinds = [kind for kind in SWEPT if kind in provider.can.kinds]
    differences = [found for kind in kinds if (found := _compare(run, kind)) is not None]
    if not confirmed:
        _brake(differences)
    for difference in differences:
        _settle(run, difference)
    run.report.requests = provider.requests - run.asked_before
    return run.report


def _compare(run: _Sweep, kind: type[Record]) -> _Difference | None:
    """Ours are read first: what is made meanwhile can then only look unknown, never missing."""
    if run.stop():
        run.report.stopped = True
        return None
    with run.store.read() as conn:
        ours = records.live_ids(conn, run.account, kind)
    try:
        theirs = set(run.provider.ids(kind))
    except Refused as error:  # such a kind has no list of what there is; not comparing it is no failure
        run.report.skipped[kind.kind] = str(error)
        return None
    except TryLater as error:
        run.report.problems.append(f"{kind.kind}: not compared: {error}")
        return None
    run.report.checked[kind.kind] = len(ours)
    if run.progress is not None:
        run.progress(kind.kind, len(theirs), None, run.provider.requests - run.asked_before)
    return _Difference(kind, sorted(ours - theirs), sorted(theirs - ours), len(ours))


def _brake(differences: Sequence[_Difference]) -> None:
    too_many = [d for d in differences if len(d.missing) > max(FEW, d.ours // SHARE)]
    if too_many:
        told = ", ".join(f"{len(d.missing)} of {d.ours} {d.kind.kind} records" for d in too_many)
        raise Brake(
            f"the CRM no longer lists {told}",
            done="nothing was marked as deleted",
            todo="look whether the access still shows them all; if they are really deleted: kpi sweep --yes",
        )


def _settle(run: _Sweep, difference: _Difference) -> None:
    """Ask for each id that differs; what stands unanswered stays as it is."""
    unknown = difference.unknown[:MOST_FOUND]
    if len(unknown) < len(difference.unknown):
        left = len(difference.unknown) - len(unknown)
        run.report.problems.append(f"{difference.kind.kind}: {left} more are unknown here: run a full sync")
    for ids in chunks(difference.missing + unknown, AT_ONCE):
        if run.stop():
            run.report.stopped = True
            return
        try:
            answers = [answer for answer in run.provider.fetch(difference.kind, ids) if answer.id in ids]
        except (TryLater, Refused) as error:
            run.report.problems.append(f"{difference.kind.kind}: not every difference could be checked: {error}")
            return
        _keep(run, difference.kind, answers)


def _keep(run: _Sweep, kind: type[Record], answers: Sequence[Record | Gone]) -> None:
    """What the CRM said of each id, in one transaction."""
    gone = [answer.id for answer in answers if isinstance(answer, Gone)]
    there = [answer for answer in answers if not isinstance(answer, Gone)]
    with run.store.write() as conn:
        if run.fence is not None:
            run.fence.check(conn)
        run.report.gone += records.mark_gone(conn, run.account, kind, gone, now=run.now())
        row = cursors.get(conn, run.account, kind.kind)
        if there and row is not None and row.cursor is not None:
            # asked for by id: neither the stream's cursor moves nor the moment that its data is as of
            page = Page(records=there, cursor=row.cursor, told_at=from_ms(row.told_at or 0))
            saved = records.save_page(
                conn,
                run.account,
                kind,
                page,
                now=run.now(),
                observe_owner=run.provider.can.owner_history == "observed",
                observe_price=run.provider.can.price_history == "observed",
                fence=run.fence,
            )
            back = records.mark_back(conn, run.account, kind, [answer.id for answer in there], now=run.now())
            run.report.found += saved.new + back
