"""judge: plans that the evidence speaks against, proposed once a day; a head approves or declines, and it is kept.

plans, forecasts, days, enquiries | propose | kept    the head | approve or decline | a new version of the plan
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from connector.advice.correction import Key, Proposal, proposals
from connector.decoding import decoded
from connector.errors import BadConfig
from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.directory import Directory
from connector.pipeline.measuring import learned_at
from connector.pipeline.planning.evidence import cases_of
from connector.result import Plan
from connector.store import cursors, leases, notices
from connector.store.agreed import contests, plans, replans
from connector.store.agreed.replans import Kept, State

NOTICE = "plan_correction"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A proposal with its number, how it stands, and who may decide over it (names with ids)."""

    id: int
    proposal: Proposal
    at: datetime
    state: State
    by: str | None
    reason: str
    decided_at: datetime | None
    deciders: tuple[str, ...]


def look_daily(bench: Workbench, fence: leases.Fence) -> None:
    """Once a day of the running month, for whoever holds the lease: forecasts of everybody take a while."""
    today = bench.today()
    with bench.store.read() as conn:
        last = cursors.get(conn, bench.account, NOTICE)
    if last is not None and last.cursor == today.isoformat():
        return
    with bench.store.write() as conn:
        fence.check(conn)
        _propose(bench, conn, Period.month(today))
        cursors.advance(conn, bench.account, NOTICE, cursor=today.isoformat(), told_at=bench.now(), rows=0)


@dataclass(frozen=True, slots=True)
class Looked:
    """Everything proposed for a period, the newest first. `vouched`: chances came true before; else nothing is new."""

    found: tuple[Proposed, ...]
    vouched: bool


def propose(bench: Workbench, period: Period) -> Looked:
    """Look now and keep what is new; nothing for a period that is over."""
    with bench.store.write() as conn:
        contests.lock(conn, bench.account)
        sure = _propose(bench, conn, period)
    return Looked(tuple(proposed(bench, period)), sure)


def proposed(bench: Workbench, period: Period | None = None, *, only_open: bool = False) -> list[Proposed]:
    """What was proposed, the newest first."""
    with bench.store.read() as conn:
        return proposed_in(bench, conn, period, only_open=only_open)


def proposed_in(
    bench: Workbench, conn: Connection, period: Period | None = None, *, only_open: bool = False
) -> list[Proposed]:
    """The same within a reading that goes on."""
    people = Directory.read(conn, bench.account)
    found = replans.all(conn, bench.account, period=period.label if period else None)
    return [_told(one, people) for one in found if one.state == "proposed" or not only_open]


def decide(
    bench: Workbench, number: int, what: Literal["approved", "declined"], *, by: str | None, reason: str
) -> Proposed:
    """The head's decision; approved, it is the plan from now on, and what was agreed on first stays beside it.

    `by`: a user of the CRM, by id; left out: the one head there is. Raises BadConfig where he may not, gives no reason,
    or comes too late: the plan was changed, the period is over, or it is decided.
    """
    if not reason.strip():
        raise BadConfig([f"proposal {number}: a reason is missing; it stays in the plan's history"])
    with bench.store.write() as conn:
        contests.lock(conn, bench.account)
        kept = _waiting(bench, conn, number)
        people, proposal = Directory.read(conn, bench.account), _proposal(kept)
        who = by or _only_head(people, number, kept.subject)
        people.refuse("decide", who, kept.subject.removeprefix("user:"))
        now = learned_at(bench, conn)
        if what == "approved":
            plans.add(conn, bench.account, [_as_plan(proposal, people.name(who), reason)], now=now)
        replans.decide(conn, bench.account, number, what, by=who, reason=reason, now=now)
        _notify(bench, conn)
        (done,) = (one for one in replans.all(conn, bench.account, period=kept.period) if one.id == number)
        return _told(done, people)


def _propose(bench: Workbench, conn: Connection, period: Period) -> bool:
    """What was overtaken is put aside, what is new is kept; returns whether chances came true before."""
    now, sure = learned_at(bench, conn), True
    known = replans.all(conn, bench.account, period=period.label)
    if from_ms(now) >= period.bounds(bench.zone())[1]:
        found: Sequence[Proposal] = ()
    else:
        cases, sure = cases_of(bench, conn, period)
        decided = {one.key for one in known if one.state in ("approved", "declined")}
        found = proposals(cases, vouched=sure, settled=decided)
    fresh = {_key(one): one for one in found}
    for one in known:
        same = fresh.get(one.key)
        if one.state == "proposed" and (same is None or same.version != _proposal(one).version):
            replans.decide(conn, bench.account, one.id, "overtaken", by=None, reason="", now=now)
        elif one.state == "proposed":
            del fresh[one.key]
    for key, proposal in fresh.items():
        replans.add(conn, bench.account, key, proposal, now=now)
    _notify(bench, conn)
    return sure


def _notify(bench: Workbench, conn: Connection) -> None:
    """One notice a proposal that waits, and none of those that do not."""
    notices.clear(conn, bench.account, NOTICE)
    for one in replans.all(conn, bench.account):
        if one.state == "proposed":
            told = _proposal(one)
            text = (
                f"a correction of the plan is proposed: {told.name}, {told.kpi} {told.period}, {told.was:f} -> "
                f"{told.value:f} (no. {one.id}); `kpi plan corrections -p {told.period}` shows why"
            )
            notices.add(conn, bench.account, NOTICE, f"{one.subject}:{one.kpi}:{one.period}", text, now=bench.now())


def _key(one: Proposal) -> Key:
    return one.subject, one.kpi, one.period


def _proposal(one: Kept) -> Proposal:
    return decoded(one.body, Proposal)


def _told(one: Kept, people: Directory) -> Proposed:
    able = people.deciders(one.subject.removeprefix("user:"))
    return Proposed(one.id, _proposal(one), one.at, one.state, one.by, one.reason, one.decided_at, able)


def _waiting(bench: Workbench, conn: Connection, number: int) -> Kept:
    """One that may still be decided. Raises BadConfig."""
    kept = next((one for one in replans.all(conn, bench.account) if one.id == number), None)
    if kept is None:
        raise BadConfig([f"proposal {number}: there is none; `kpi plan corrections` names them"])
    if kept.state != "proposed":
        raise BadConfig([f"proposal {number}: it is {kept.state} already; `kpi plan set` changes a plan at any time"])
    plan = plans.current(conn, bench.account, kept.period).get((kept.subject, kept.kpi))
    if plan is None or plan.version != _proposal(kept).version:
        raise BadConfig([f"proposal {number}: the plan was changed since; `kpi plan corrections` looks anew"])
    if from_ms(bench.now()) >= Period.parse(kept.period).bounds(bench.zone())[1]:
        raise BadConfig([f"proposal {number}: {kept.period} is over; a plan is never changed backwards"])
    return kept


def _only_head(people: Directory, number: int, subject: str) -> str:
    owner = subject.removeprefix("user:")
    able = people.ids(owner)
    if len(able) != 1:
        names = ", ".join(people.deciders(owner)) or "nobody"
        raise BadConfig([f"proposal {number}: --by: who decides? There are: {names}"])
    return able[0]


def _as_plan(one: Proposal, author: str, reason: str) -> Plan:
    return Plan(subject=one.subject, kpi=one.kpi, period=one.period, value=one.value, author=author, reason=reason)
