"""undo: what would return, told before anything does; and putting a run back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from connector.errors import BadConfig
from connector.kpi.text import Language
from connector.pipeline.bench import Workbench
from connector.pipeline.directory import Directory
from connector.pipeline.running import Stop, held, never, recorded
from connector.pipeline.writing import Pushed
from connector.store import runs
from connector.store.sent import ledger
from connector.writeback import undo as undoing
from connector.writeback.preview import Preview, preview


@dataclass(frozen=True, slots=True)
class Returning:
    """What an undo of `run` would put back, where nobody has changed it since."""

    run: int
    at: int
    """When it wrote (epoch ms)."""
    undid: int | None
    """The run that it undid, where it was an undo itself: whose values return."""
    shown: Preview
    superseded: int
    """Fields that a later run wrote again: they stay."""
    completed: int
    """Tasks that it completed, being an undo: they stay completed."""


def returning(bench: Workbench, undone: int, language: Language) -> Returning | None:
    """By the ledger alone, nothing is asked of the CRM. None where this account has nothing of that run.

    Raises BadConfig where nothing returns because it did already.
    """
    with bench.store.read() as conn:
        entries = ledger.of_run(conn, bench.account, undone)
        if not entries:
            return None
        latest = ledger.latest(conn, bench.account, {entry.target for entry in entries})
        undoings = ledger.undoings(conn, bench.account, undone)
        users = Directory.read(conn, bench.account).users
    wishes, superseded = undoing.restoring(undone, entries, latest, language)
    if undoings and not wishes:
        raise _already(bench, undone, undoings)
    names = {id: user.name for id, user in users.items()}
    return Returning(
        run=undone,
        at=entries[0].at,
        undid=undoing.undid(entries),
        shown=preview(wishes, bench.settings.writeback, names, language),
        superseded=len(superseded),
        completed=sum(entry.field == ledger.CLOSED for entry in entries),
    )


def _already(bench: Workbench, undone: int, undoings: Sequence[int]) -> BadConfig:
    """Every second undoing of one run brings back what it wrote."""
    name, last = bench.settings.name, undoings[-1]
    if len(undoings) % 2:
        return BadConfig([f"{name}: run {undone} is undone already, by run {last}"])
    return BadConfig([f"{name}: what run {undone} wrote stands again by run {last}; to put it back: `kpi undo {last}`"])


def nothing_of(benches: Sequence[Workbench], run: int) -> BadConfig:
    """Why none of these accounts has anything to undo of it: it wrote nothing, or never was."""
    theirs = [bench.settings.name for bench in benches if _has(bench, run)]
    if theirs:
        return BadConfig([f"{', '.join(theirs)}: run {run} wrote nothing; `kpi runs` lists the runs"])
    names = ", ".join(bench.settings.name for bench in benches)
    return BadConfig([f"{names}: there is no run {run}; `kpi runs` lists the runs"])


def _has(bench: Workbench, run: int) -> bool:
    with bench.store.read() as conn:
        return runs.began(conn, bench.account, run)


def undo_run(bench: Workbench, undone: int, *, stop: Stop = never) -> Pushed:
    """Put back what one run wrote, where nobody changed it since. Raises BadConfig where it wrote nothing, never was,
    or is undone already.
    """
    if returning(bench, undone, bench.settings.language) is None:
        raise nothing_of([bench], undone)
    with held(bench) as fence:
        bench.meet()
        with recorded(bench, "undo") as run:
            told = undoing.undo(
                bench.store,
                bench.account,
                bench.provider,
                undone,
                fence=fence,
                run=run.run,
                now=bench.now,
                language=bench.settings.language,
                stop=stop,
            )
            run.writes = told.written
            if told.error is not None:
                raise told.error
    return Pushed(run=run.run, delivery=told)
