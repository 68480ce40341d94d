"""Find what vanished, or came back, without a word: compare ids, then ask for each that differs.

    live ids -> the CRM's ids -> brake -> fetch each missing one -> Gone? -> tombstone; then each unknown one

Nothing is ever deleted because a list did not show it: a list may be cut, filtered or short of rights.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from connector.errors import Brake, Refused, TryLater
from connector.provider import Provider
from connector.records import Client, Deal, Lead, Record, User
from connector.store.crm import records, refusals
from connector.store.engine import Store
from connector.store.leases import Fence
from connector.store.upsert import chunks
from connector.sync.asking import Answers, ask
from connector.sync.confirmed import Keeper, Shield, unshielded
from connector.sync.progress import Progress

SWEPT: tuple[type[Record], ...] = (Deal, Lead, Client, User)
FEW = 20
SHARE = 50
"""One in so many: more than FEW and more than 2 % missing at once is not believable without a person's word."""
FEW_PEOPLE = 3
SHARE_OF_PEOPLE = 5
"""The same of people, of whom there are few: amoCRM drops whoever left from its list, and no list proves itself."""
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
    refused: int = 0
    """Records that the CRM has and that could not be read; why is kept with the refused rows."""
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
    keeper: Keeper


def sweep_account(  # noqa: PLR0913 - what to compare, by what right, how it is told
    store: Store,
    account: int,
    provider: Provider,
    *,
    fence: Fence | None,
    now: Callable[[], int],
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
    confirmed: bool = False,
    shield: Shield = unshielded,
) -> SweepReport:
    """Compare every deal, lead, client and user. `confirmed`: a person says that so many deletions are real.

    Raises Brake, with nothing changed, where too many are missing; Busy, NeedsPerson, StoreTrouble as `pull_account`.
    A kind whose ids cannot be read to their end is left alone and told in the report.
    """
    keeper = Keeper(store, account, provider, fence, now, shield)
    run = _Sweep(store, account, provider, fence, now, progress, stop, provider.requests, SweepReport(), keeper)
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
    too_many = [d for d in differences if len(d.missing) > _believed(d)]
    if too_many:
        told = ", ".join(f"{len(d.missing)} of {d.ours} {d.kind.kind} records" for d in too_many)
        raise Brake(
            f"the CRM no longer lists {told}",
            done="nothing was marked as deleted",
            todo="look whether the access still shows them all; if they are really deleted: kpi sweep --yes",
        )


def _believed(difference: _Difference) -> int:
    """How many may be missing without a person's word."""
    few, share = (FEW_PEOPLE, SHARE_OF_PEOPLE) if difference.kind is User else (FEW, SHARE)
    return max(few, difference.ours // share)


def _settle(run: _Sweep, difference: _Difference) -> None:
    """Ask for each id that differs, those we may count too much first; what stands unanswered stays as it is.

    What was refused before is not asked for night after night: the stream brings it once it is another.
    """
    kind, report = difference.kind, run.report
    with run.store.read() as conn:
        refused = refusals.ids(conn, run.account, kind)
    unknown = [id_ for id_ in difference.unknown if id_ not in refused]
    if len(unknown) > MOST_FOUND:
        report.problems.append(f"{kind.kind}: {len(unknown) - MOST_FOUND} more are unknown here: run a full sync")
    for ids in (*chunks(difference.missing, AT_ONCE), *chunks(unknown[:MOST_FOUND], AT_ONCE)):
        if run.stop():
            report.stopped = True
            return
        answers = ask(run.provider, kind, ids)
        _keep(run, kind, answers)
        problem = f"{kind.kind}: not every difference could be checked: {answers.error}"
        if answers.error is not None and problem not in report.problems:
            report.problems.append(problem)
        if isinstance(answers.error, TryLater):
            return


def _keep(run: _Sweep, kind: type[Record], answers: Answers) -> None:
    kept = run.keeper.keep(kind, answers.told)
    run.keeper.refuse(kind, answers.unreadable)
    run.report.gone += kept.gone
    run.report.found += kept.found
    run.report.refused += len(answers.unreadable)
