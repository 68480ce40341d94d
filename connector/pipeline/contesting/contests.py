"""Contests: somebody says a record is wrong, his head decides, and what is agreed to be wrong counts nowhere from then.

The past keeps its numbers: deciding makes facts end and begin at that moment, so months closed before get a dated
correction. Nothing is printed here; the command line and the web page call the same functions.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from connector.contest.values import Contest, Verdict, Via
from connector.errors import BadConfig, KpiError
from connector.fact import Fact
from connector.moment import from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.contesting.contested import (
    Asked,
    facts_of,
    meant,
    narrowed,
    overlapping,
    refuse_uncounted,
    soil,
)
from connector.pipeline.deriving import derive_now
from connector.pipeline.directory import Directory
from connector.pipeline.importing import PATIENCE, held_soon
from connector.pipeline.measuring import learned_at
from connector.pipeline.running import Synced
from connector.store import leases
from connector.store.agreed import contests

Wait = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Said:
    """Who says so (a user of the CRM, by id), why, and by which door he came."""

    by: str
    reason: str
    via: Via = "cli"


@dataclass(frozen=True, slots=True)
class Opened:
    """`new` False: it was open already, and nothing was added."""

    contest: Contest
    new: bool


@dataclass(frozen=True, slots=True)
class Decided:
    """`new` False: that was the decision already. `problem`: why what follows from it waits for the next run."""

    contest: Contest
    new: bool
    synced: Synced | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A contest for people: whose, the facts it means as they stand, and who may decide (names with ids)."""

    contest: Contest
    owner: str
    facts: tuple[Fact, ...]
    deciders: tuple[str, ...]
    link: str
    names: Mapping[str, str]
    """Of everybody who decided, by id."""


def open_contest(bench: Workbench, asked: Asked, said: Said) -> Opened:
    """A contest by its owner; while one of his over any of the same facts is open, that one.

    Raises BadConfig where none of it is in his numbers or counts, and without a reason.
    """
    with bench.store.write() as conn:
        contests.lock(conn, bench.account)
        Directory.read(conn, bench.account).refuse("open", said.by, said.by)
        ruling, found = meant(bench, conn, said.by, asked)
        if (already := overlapping(bench, conn, said.by, found)) is not None:
            return Opened(already, new=False)
        if not said.reason.strip():
            raise BadConfig(["a reason is missing: say what is wrong with the record"])
        refuse_uncounted(asked, found)
        at = _moment(bench, conn)
        made = Contest(id=0, ruling=ruling, by=said.by, reason=said.reason, at=at, via=said.via, kpi=asked.kpi)
        return Opened(contests.add(conn, bench.account, made, ticked=said.via == "card"), new=True)


def decide(
    bench: Workbench,
    number: int,
    what: Literal["accepted", "declined"],
    said: Said,
    *,
    kpi: str | None = None,
    patience: float = PATIENCE,
    wait: Wait = time.sleep,
) -> Decided:
    """The head's decision, and what follows from it in the facts; a later one undoes an earlier one.

    The same again changes nothing. `kpi`: accept only what this KPI counts. Raises BadConfig where he may not or gives
    no reason, and Busy while somebody else keeps the account.
    """
    if not said.reason.strip():
        raise BadConfig([f"contest {number}: a reason is missing; it stays in the history"])
    with held_soon(bench, patience, wait) as fence:
        with bench.store.write() as conn:
            fence.check(conn)
            contest = _existing(bench, conn, number)
            Directory.read(conn, bench.account).refuse("decide", said.by, contest.ruling.user)
            kinds = narrowed(bench, conn, contest, kpi)
            if contest.verdicts and (contest.state, contest.verdicts[-1].kinds) == (what, kinds):
                return Decided(contest, new=False)
            contest = _decided(bench, conn, contest, what, said, kinds)
        return _derived(bench, fence, contest)


def withdraw(bench: Workbench, number: int, said: Said) -> Decided:
    """Its owner takes it back while nobody has decided. Raises BadConfig."""
    with bench.store.write() as conn:
        contests.lock(conn, bench.account)
        contest = _existing(bench, conn, number)
        Directory.read(conn, bench.account).refuse("withdraw", said.by, contest.ruling.user)
        if contest.state == "withdrawn":
            return Decided(contest, new=False)
        if contest.state != "open":
            raise BadConfig([f"contest {number}: it is {contest.state}; only a head's new decision changes that"])
        return Decided(_decided(bench, conn, contest, "withdrawn", said), new=True)


def contests_of(bench: Workbench, *, only_open: bool = False, user: str | None = None) -> list[Shown]:
    """Every contest, the newest first, with the facts that it means."""
    with bench.store.read() as conn:
        people = Directory.read(conn, bench.account)
        found = contests.all(conn, bench.account, user=user)
        return [_shown(bench, conn, one, people) for one in found if one.state == "open" or not only_open]


def contest_of(bench: Workbench, number: int) -> Shown:
    """One of them. Raises BadConfig where there is none."""
    with bench.store.read() as conn:
        return _shown(bench, conn, _existing(bench, conn, number), Directory.read(conn, bench.account))


def _existing(bench: Workbench, conn: Connection, number: int) -> Contest:
    found = contests.get(conn, bench.account, number)
    if found is None:
        raise BadConfig([f"contest {number}: there is none of this account; `kpi contest list` names them"])
    return found


def _decided(
    bench: Workbench,
    conn: Connection,
    contest: Contest,
    what: Literal["accepted", "declined", "withdrawn"],
    said: Said,
    kinds: tuple[str, ...] = (),
) -> Contest:
    at = _moment(bench, conn)
    verdict = Verdict(what=what, by=said.by, reason=said.reason, at=at, via=said.via, kinds=kinds)
    soil(bench, conn, contest.ruling.about)
    return contests.decide(conn, bench.account, contest, verdict)


def _moment(bench: Workbench, conn: Connection) -> datetime:
    """Later than every opening and decision before it, whatever the clock says."""
    return from_ms(max(learned_at(bench, conn), contests.newest(conn, bench.account) + 1))


def _derived(bench: Workbench, fence: leases.Fence, contest: Contest) -> Decided:
    """The decision is kept whatever becomes of deriving: what is dirty is derived by the next run."""
    try:
        return Decided(contest, new=True, synced=derive_now(bench, fence, "contest"))
    except KpiError as error:
        return Decided(contest, new=True, problem=f"kept, not derived yet: {error}")


def _shown(bench: Workbench, conn: Connection, contest: Contest, people: Directory) -> Shown:
    owner = contest.ruling.user
    found = tuple(facts_of(bench, conn, contest.ruling))
    link = bench.provider.link_to(contest.ruling.about)
    names = {verdict.by: people.name(verdict.by) for verdict in contest.verdicts}
    return Shown(contest, people.name(owner), found, people.deciders(owner), link, names)
