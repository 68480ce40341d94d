"""undo: what would return, told before anything does; and putting a run back."""

from __future__ import annotations

from dataclasses import dataclass

from connector.errors import BadConfig
from connector.kpi.text import Language
from connector.pipeline.bench import Workbench
from connector.pipeline.directory import Directory
from connector.pipeline.running import Stop, held, never, recorded
from connector.pipeline.writing import Pushed
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
    """By the ledger alone, nothing is asked of the CRM. None where this account has nothing of that run."""
    with bench.store.read() as conn:
        entries = ledger.of_run(conn, bench.account, undone)
        if not entries:
            return None
        latest = ledger.latest(conn, bench.account, {entry.target for entry in entries})
        users = Directory.read(conn, bench.account).users
    wishes, superseded = undoing.restoring(undone, entries, latest, language)
    names = {id: user.name for id, user in users.items()}
    return Returning(
        run=undone,
        at=entries[0].at,
        undid=undoing.undid(entries),
        shown=preview(wishes, bench.settings.writeback, names, language),
        superseded=len(superseded),
        completed=sum(entry.field == ledger.CLOSED for entry in entries),
    )


def undo_run(bench: Workbench, undone: int, *, stop: Stop = never) -> Pushed:
    """Put back what one run wrote, where nobody changed it since. Raises BadConfig for a run that wrote nothing."""
    with bench.store.read() as conn:
        if not ledger.of_run(conn, bench.account, undone):
            raise BadConfig([f"{bench.settings.name}: run {undone} wrote nothing; `kpi runs` lists the runs"])
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
