"""pull | save: what changed in the CRM since the stored cursors, into the store, a page a transaction.

    for each wave of kinds:  cursors -> streams (threads) -> page -> one transaction: fence, rows, cursor -> progress

Pages that wait for the store go in together. A crash anywhere re-reads at most the pages that were on their way. What
ends one stream does not end the others, unless it concerns the whole account.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from contextlib import closing
from dataclasses import dataclass, replace

from connector.errors import Refused, TryLater, Unreachable
from connector.provider import KeepsNames, Provider
from connector.records import (
    Call,
    Client,
    Deadline,
    Deal,
    Done,
    Lead,
    LossReason,
    Meeting,
    Message,
    Move,
    Owner,
    Pipeline,
    Price,
    Rate,
    Record,
    Removal,
    Stage,
    Task,
    Team,
    User,
)
from connector.store import cursors, notices
from connector.store.crm import memberships, records
from connector.store.engine import Store
from connector.store.leases import Fence
from connector.store.tables import CursorRow
from connector.sync import streams
from connector.sync.confirmed import Shield, unshielded
from connector.sync.progress import Progress, SyncReport
from connector.sync.together import Bundle

WAVES: tuple[tuple[type[Record], ...], ...] = (
    (Team, User, Pipeline, Stage, LossReason, Rate),
    (Client,),
    (Lead, Deal),
    (Move, Owner, Price, Removal, Call, Message, Meeting, Task, Done, Deadline),
)
"""What names comes before what is named: then most links resolve at once. Within a wave the order does not matter."""

UNREADABLE = "unreadable"
"""The code of the notice about a kind that the CRM refuses to show."""


@dataclass(frozen=True, slots=True)
class _Pull:
    """What stays the same during one run."""

    store: Store
    account: int
    provider: Provider
    fence: Fence | None
    now: Callable[[], int]
    progress: Progress | None
    stop: Callable[[], bool]
    known: dict[str, CursorRow]
    asked_before: int
    report: SyncReport
    shield: Shield


def pull_account(  # noqa: PLR0913 - what to read, by what right, how it is told
    store: Store,
    account: int,
    provider: Provider,
    *,
    fence: Fence | None,
    now: Callable[[], int],
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
    only: Collection[type[Record]] | None = None,
    shield: Shield = unshielded,
) -> SyncReport:
    """Read every kind the provider gives, or those of `only`. `stop` is asked between pages.

    Raises NeedsPerson (the account stands still), Busy (the lease was lost), StoreTrouble. A kind that is refused or
    that fails for now is told in the report, and the others are read.
    """
    with store.read() as conn:
        known = cursors.all(conn, account)
    run = _Pull(store, account, provider, fence, now, progress, stop, known, provider.requests, SyncReport(), shield)
    for wave in WAVES:
        kinds = [kind for kind in wave if kind in provider.can.kinds and (only is None or kind in only)]
        if kinds and not _read_wave(run, kinds):
            break
    else:
        _read_names(run, only)
    run.report.requests = provider.requests - run.asked_before
    return run.report


def _read_names(run: _Pull, only: Collection[type[Record]] | None) -> None:
    """Whom and what rows named that no directory held when this run began."""
    behind = run.provider.behind() if isinstance(run.provider, KeepsNames) else frozenset()
    kinds = [kind for kind in WAVES[0] if kind in behind and (only is None or kind in only)]
    if kinds:
        _read_wave(run, kinds)


def _read_wave(run: _Pull, kinds: list[type[Record]]) -> bool:
    """Whether to go on with the next wave: not if stopped, and not if nothing of this one could be reached."""
    unread = set(kinds)
    starts = {kind: (row.cursor if (row := run.known.get(kind.kind)) else None) for kind in kinds}
    pages = 0
    with closing(streams.read(run.provider, starts, run.stop)) as arrivals:
        for kind, item in arrivals:
            if isinstance(item, Bundle):
                _save(run, kind, item)
                pages += len(item.pages)
            else:
                unread.discard(kind)
                _end(run, kind, item)
    run.report.stopped = bool(unread)
    later = [run.report.later.get(kind.kind) for kind in kinds]
    return not unread and (pages > 0 or not all(isinstance(error, Unreachable) for error in later))


def _save(run: _Pull, kind: type[Record], bundle: Bundle) -> None:
    """One transaction: the fence, the rows, the cursor, who is in which team."""
    now, page = run.now(), bundle.as_page()
    page = replace(page, records=run.shield(page.records))
    with run.store.write() as conn:
        saved = records.save_page(
            conn,
            run.account,
            kind,
            page,
            now=now,
            shown_at=bundle.pages[0].told_at,
            observe_owner=run.provider.can.owner_history == "observed",
            observe_price=run.provider.can.price_history == "observed",
            observe_deadline=run.provider.can.deadline_history == "observed",
            fence=run.fence,
        )
        users = [record for record in page.records if isinstance(record, User)]
        if users:
            memberships.observe(conn, run.account, users, now=now)
    run.report.add(kind, page, saved)
    if run.progress is not None:
        rows = run.report.rows[kind.kind]
        run.progress(kind.kind, rows, page.total, run.provider.requests - run.asked_before)


def _end(run: _Pull, kind: type[Record], error: BaseException | None) -> None:
    """A stream is over. What concerns this kind alone is noted; everything else stops the run."""
    if error is None:
        _finish(run, kind)
    elif isinstance(error, Refused):
        run.report.forbidden[kind.kind] = error
        with run.store.write() as conn:
            if run.fence is not None:
                run.fence.check(conn)
            cursors.complain(conn, run.account, kind.kind, str(error))
            notices.add(conn, run.account, UNREADABLE, kind.kind, str(error), now=run.now())
    elif isinstance(error, TryLater):
        run.report.later[kind.kind] = error
    else:
        raise error


def _finish(run: _Pull, kind: type[Record]) -> None:
    """Read to its end; a kind that was refused before is readable again."""
    row = run.known.get(kind.kind)
    if (row is None or row.whole_at is None) and not run.stop():
        with run.store.write() as conn:
            if run.fence is not None:
                run.fence.check(conn)
            cursors.finish(conn, run.account, kind.kind, now=run.now())
    if row is not None and row.problem is not None:
        with run.store.write() as conn:
            notices.clear(conn, run.account, UNREADABLE, kind.kind)
