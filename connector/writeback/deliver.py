"""The outbox into the CRM: look, say that we send, send, record. Exactly once as far as a CRM lets one.

    recover | look for lost tasks | claim (committed) | provider.apply | settle (each alone) | look again

A crash or a lost answer at any of these points leaves a row that says what may have happened. Fields are repeated,
because the provider reads before it writes; a task is looked for by its marker before it is created again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import groupby

import msgspec
from sqlalchemy.engine import Connection

from connector.config import WritebackSettings
from connector.errors import KpiError, NeedsPerson, TryLater
from connector.provider import Provider
from connector.store import notices
from connector.store.engine import Store
from connector.store.leases import Fence
from connector.store.sent import ledger, outbox
from connector.store.sent.outbox import Queued, State
from connector.wishes import AddTask, Delivered, SetFields, UpsertCard, Wish
from connector.writeback.budget import DAY, Budget, Purse, budget
from connector.writeback.loops import HOUR, held_until
from connector.writeback.report import DeliveryReport
from connector.writeback.target import ALL_LEVELS, CARD_ID, LEVELS, TASKS, target_of
from connector.writeback.verdict import Case, Fields, Verdict, judge, looked_up, lost

BATCH = 50
"""Wishes in one claim: what both CRMs take in one call."""
TURNS: tuple[State, State] = ("unknown", "planned")
LOOPING = "written again and again within an hour; something may be changing it back"
CAPPED = "write_capped"
"""The notice of a day's cap, by the setting's name."""
Progress = Callable[[int, int], None]
"""Told (done, total) after each batch."""


def deliver(  # noqa: PLR0913  the room's door: what it works on, and who may stop it, all by name
    store: Store,
    account: int,
    provider: Provider,
    *,
    fence: Fence,
    settings: WritebackSettings,
    run: int,
    now: Callable[[], int],
    progress: Progress | None = None,
    stop: Callable[[], bool] = lambda: False,
    still: Callable[[str], bool] = lambda _level: True,
    told: Callable[[], None] = lambda: None,
    attended: bool = False,
) -> DeliveryReport:
    """Send what is queued at levels that are on, and finish what an undo left. `now`: epoch milliseconds.

    `still`: asked before each batch whether its level may be written yet; what may not be any more waits.
    `told`: called where heads got tasks, or may have got them, before the rest is sent: cards tell of these, and may
    be queued anew. So are those that told of a task which is known by now not to be there.
    `attended`: a person asked for it, so only the run's caps hold; what goes out by itself keeps to the day's too.

    An error of the CRM that ends the run early is in the report; the store's own errors, and Busy, are raised.
    """
    courier = Courier(store, account, provider, fence, run, now, progress, stop, still)
    levels = {level for level in ALL_LEVELS if getattr(settings, level) == "on"}
    means = courier.means(settings, attended=attended)
    report = courier.carry({*levels & {TASKS}, "undo"}, means)
    if report.stopped or isinstance(report.error, TryLater | NeedsPerson):
        return report
    if report.levels.get(TASKS):
        told()
    refused, report.error = report.error, None  # no right to tasks is none of the others' trouble
    courier.carry(levels - {TASKS}, means)
    report.error = report.error or refused
    return report


@dataclass(slots=True)
class Courier:
    """One run's delivery."""

    store: Store
    account: int
    provider: Provider
    fence: Fence
    run: int
    now: Callable[[], int]
    progress: Progress | None = None
    stop: Callable[[], bool] = lambda: False
    still: Callable[[str], bool] = lambda _level: True
    report: DeliveryReport = field(init=False)

    def __post_init__(self) -> None:
        self.report = DeliveryReport(self.run)

    def means(self, settings: WritebackSettings, *, attended: bool) -> Budget:
        """What may be written now, by the caps and by what was written within 24 hours."""
        if attended:
            return budget(settings, None)
        with self.store.read() as conn:
            return budget(settings, ledger.sums(conn, self.account, self.now() - DAY))

    def carry(self, levels: Collection[str], means: Budget | None = None) -> DeliveryReport:
        """Everything that is ready, within the means; without any, what undoing left: that is free."""
        with self._write() as conn:
            self.report.recovered += outbox.recover(conn, self.account, now=self.now())
        self._look(levels)
        for state in TURNS:  # a newer wish for a target goes out only after the older one is known
            if self.report.error is None:
                self._send(self._due(levels, state, means))
        self._look(levels)
        self._close(levels, means)
        return self.report

    def _due(self, levels: Collection[str], state: State, means: Budget | None) -> list[Queued]:
        """What goes out now; the means shrink by it."""
        states: Collection[State] = outbox.WAITING if state == "planned" else (state,)
        with self.store.read() as conn:
            rows = outbox.ready(conn, self.account, states=states, levels=levels, now=self.now())
            air = outbox.ready(conn, self.account, states=outbox.FLYING, levels=levels, now=self.now())
        unresolved = {target_of(row.wish) for row in air} if state != "unknown" else set()
        chosen = []
        for row in rows:
            lost_task = state == "unknown" and isinstance(row.wish, AddTask)
            if not lost_task and target_of(row.wish) not in unresolved and (means is None or means.afford(row)):
                chosen.append(row)
        return chosen

    def _send(self, rows: Sequence[Queued]) -> None:
        batches = list(_batches(rows))
        done = 0
        for batch in batches:
            if self.report.error is not None or self.stop():
                self.report.stopped = self.report.error is None
                return
            if self.report.in_storm(batch[0].level) or not self._allowed(batch[0].level):
                continue
            self._send_batch(batch)
            done += len(batch)
            if self.progress:
                self.progress(done, len(rows))

    def _allowed(self, level: str) -> bool:
        """A person may switch a level off while a long run writes; what an undo puts back belongs to none."""
        return level == "undo" or self.still(level)

    def _send_batch(self, rows: Sequence[Queued]) -> None:
        cases = self._claim(rows)
        silence = "the provider told no outcome"
        error: KpiError | None = None
        answers = self._answers([case.row.wish for case in cases.values()])
        for told in answers:
            if isinstance(told, KpiError):
                error, silence = told, str(told)
            elif case := cases.pop(told.key, None):
                self._settle(case, judge(case, told))
        self.report.error = error
        for case in cases.values():
            self._settle(case, lost(case, silence), counted=not isinstance(error, TryLater | NeedsPerson))

    def _answers(self, wishes: Sequence[Wish]) -> Iterator[Delivered | KpiError]:
        """The provider's outcomes; an error that ends them is the last one."""
        if not wishes:
            return
        try:
            yield from self.provider.apply(wishes)
        except KpiError as error:
            yield error

    def _claim(self, rows: Sequence[Queued]) -> dict[str, Case]:
        """Commit that these are being sent, with what we last wrote as it is known now; leave out who is in a loop."""
        cases: dict[str, Case] = {}
        with self._write() as conn:
            now = self.now()
            known = ledger.latest(conn, self.account, [target_of(row.wish) for row in rows])
            looping = self._looping(conn, rows, now)
            for row in rows:
                target = target_of(row.wish)
                if target in looping:
                    self._hold_back(conn, row, target, looping[target], now)
                    continue
                fresh = replace(row, wish=_up_to_date(row.wish, known.get(target, {})))
                outbox.claim(conn, self.account, fresh, run=self.run, now=now)
                sent = replace(fresh, state="sending", tries=row.tries + 1, sent_at=now)
                cases[row.key] = Case(sent, self.run, now, row.state == "unknown", known.get(target, {}))
        return cases

    def _looping(self, conn: Connection, rows: Sequence[Queued], now: int) -> dict[str, int]:
        """Targets that go round in a loop, and when the next write may go out. Undo is no loop."""
        targets = [target_of(row.wish) for row in rows if row.level != "undo" and row.state != "unknown"]
        written = ledger.writes(conn, self.account, targets, now - HOUR)
        until = {target: held_until(target, some) for target, some in written.items()}
        return {target: moment for target, moment in until.items() if moment is not None}

    def _hold_back(self, conn: Connection, row: Queued, target: str, until: int, now: int) -> None:
        outbox.settle(conn, self.account, row.key, row.state, now=now, not_before=until, message=LOOPING)
        notices.add(conn, self.account, "write_loop", target, LOOPING, now=now)
        self.report.looping.append(target)

    def _settle(self, case: Case, verdict: Verdict, *, counted: bool = True) -> None:
        """The ledger and the row, in one transaction, if the account is still ours."""
        with self._write() as conn:
            ledger.append(conn, self.account, verdict.entries)
            tries = case.row.tries - (not counted)
            values: dict[str, object] = {"message": verdict.message, "not_before": verdict.not_before, "tries": tries}
            if verdict.crm_id is not None:
                values["crm_id"] = verdict.crm_id
            outbox.settle(conn, self.account, case.row.key, verdict.state, now=case.now, **values)
            if case.row.message == LOOPING and verdict.state in ("done", "noop"):
                notices.clear(conn, self.account, "write_loop", target_of(case.row.wish))
        self.report.count(case.row, verdict)

    def _look(self, levels: Collection[str]) -> None:
        """Look for the tasks whose answers were lost. Not being able to look is no reason to send again."""
        with self.store.read() as conn:
            rows = outbox.ready(conn, self.account, states=outbox.LOST, levels=levels, now=self.now())
        for row in rows:
            if self.report.error is not None or self.stop():
                return
            if isinstance(row.wish, AddTask):
                self._look_for(row, row.wish)

    def _look_for(self, row: Queued, wish: AddTask) -> None:
        try:
            crm_id = self.provider.find(wish)
        except KpiError as error:
            self.report.error = error
            return
        case = Case(row, self.run, self.now(), was_unknown=True)
        verdict = looked_up(case, crm_id)
        self._settle(case, verdict)
        self.report.found += verdict.state == "done"

    def _close(self, levels: Collection[str], means: Budget | None) -> None:
        """Say what is left, and what a person should know."""
        with self._write() as conn:
            now = self.now()
            for (level, state), n in outbox.counts(conn, self.account).items():
                if level in levels and state in (*outbox.WAITING, *outbox.FLYING):
                    self.report.waiting[level] += n
            for level, counts in self.report.levels.items():
                self._tell_refusals(conn, level, counts["rejected"], counts.total(), now)
            if means is not None:
                self._tell_cap(conn, means.of(TASKS if TASKS in levels else ""), levels, now)

    def _tell_cap(self, conn: Connection, purse: Purse, levels: Collection[str], now: int) -> None:
        """The day's cap stopped it: a person is asked. Said until it goes on by itself, or nothing waits any more."""
        waiting = sum(self.report.waiting[level] for level in levels)
        told = (
            f"[account.writeback] {purse.setting} = {purse.cap}: as many were written within 24 hours; {waiting} wait "
            "till they are over. If it is right, `kpi push` goes on now, or raise the cap; if it is not, switch the "
            "level off: `kpi undo RUN` puts back what a run wrote"
        )
        if purse.held:
            notices.add(conn, self.account, CAPPED, purse.setting, told, now=now)
        elif purse.day is not None or not waiting:
            notices.clear(conn, self.account, CAPPED, purse.setting)

    def _tell_refusals(self, conn: Connection, level: str, rejected: int, total: int, now: int) -> None:
        if self.report.in_storm(level):
            self.report.paused.append(level)
        if 20 * rejected > total:
            reason = next(p.message for p in self.report.problems if p.level == level and p.state == "rejected")
            told = f"the CRM refused {rejected} of {total} writes, for example: {reason}"
            notices.add(conn, self.account, "write_rejected", level, told, now=now)
        elif not rejected:
            notices.clear(conn, self.account, "write_rejected", level)

    @contextmanager
    def _write(self) -> Iterator[Connection]:
        """A transaction that first makes sure that the account is still ours. Raises Busy."""
        with self.store.write() as conn:
            self.fence.check(conn)
            yield conn


def _batches(rows: Sequence[Queued]) -> Iterator[list[Queued]]:
    """Wishes of one sort together, at most BATCH, no target twice in one; undo before all else."""
    sorts = list(LEVELS)
    ordered = sorted(rows, key=lambda row: (row.level != "undo", sorts.index(type(row.wish)), row.level))
    for _, alike in groupby(ordered, key=lambda row: (row.level, type(row.wish))):
        batch: dict[str, Queued] = {}
        for row in alike:
            if len(batch) == BATCH or target_of(row.wish) in batch:
                yield list(batch.values())
                batch = {}
            batch[target_of(row.wish)] = row
        yield list(batch.values())


def _up_to_date(wish: Wish, known: Fields) -> Wish:
    """The wish with `last` as the ledger knows it now: others may have been delivered since it was planned."""
    if not isinstance(wish, SetFields | UpsertCard):
        return wish
    last = {
        name: known[name].after if name in known and known[name].status != "conflict" else wish.last.get(name)
        for name in wish.values
        if name in known or name in wish.last
    }
    if isinstance(wish, UpsertCard) and CARD_ID in known:
        return msgspec.structs.replace(wish, last=last, crm_id=known[CARD_ID].after)
    return msgspec.structs.replace(wish, last=last)
