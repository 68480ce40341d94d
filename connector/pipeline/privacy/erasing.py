"""erase: somebody's personal data out of here for good; and again, should an older backup bring them back."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy.engine import Connection

from connector.errors import Busy
from connector.pipeline.bench import Workbench
from connector.pipeline.privacy.personal import whom_of
from connector.pipeline.running import held
from connector.records import Call, Client, Record, Ref, User
from connector.store.agreed import closings
from connector.store.private import erased, erasing, unread
from connector.store.private.erased import Ledger, Shield, mark_of, phone_ref

FILE = "kpi.erased"
"""The list of marks beside the database."""


@dataclass(frozen=True, slots=True)
class Erasure:
    """What was destroyed: rows by sort. `mark` stands for the person in the record of it."""

    account: str
    mark: str
    counts: dict[str, int] = field(default_factory=dict)


def erase(bench: Workbench, ref: Ref, folder: Path, *, author: str, reason: str) -> Erasure:
    """A client or one of our own people, by `contact:701`, `company:801`, `user:501`. Raises BadConfig for nobody.

    The mark is on the disk before anything is changed: whatever comes back later is bare at once.
    """
    from connector.pipeline import deriving  # every command looks for whom to erase again, hardly any finds one

    with held(bench) as fence:
        with bench.store.read() as conn:
            whom = whom_of(bench, conn, ref)
            calls = _calls(conn, bench, whom)
        marks = _marks(bench, ref, whom, calls)
        Ledger(folder / FILE).add(bench.settings.name, marks)
        with bench.store.write() as conn:
            fence.check(conn)
            counts = _out(conn, bench, whom, calls, marks)
            mark = mark_of(bench.key, bench.settings.name, ref)
            row = {"mark": mark, "at": bench.now(), "author": author, "reason": reason, "counts": counts}
            erasing.destroyed(conn, bench.account, row)
        deriving.derive_now(bench, fence, "erase")
    erasing.pack(bench.store)
    return Erasure(bench.settings.name, mark, counts)


def again(bench: Workbench, folder: Path) -> list[Erasure]:
    """Erasures that this database does not know of: it was restored from an older backup. While somebody else works
    on the account they are his affair: he opened it too.
    """
    told = Ledger(folder / FILE).all().get(bench.settings.name, set())
    if not told or not bench.key:
        return []
    with bench.store.read() as conn:
        missing = told - erased.marks(conn, bench.account)
        refs = erasing.refs(conn, bench.account) if missing else []
    if not missing:
        return []
    named = [ref for ref in refs if mark_of(bench.key, bench.settings.name, ref) in missing]
    try:
        done = [
            erase(bench, ref, folder, author="kpi", reason="erased before, a backup brought it back") for ref in named
        ]
    except Busy:
        return []
    with bench.store.write() as conn:
        erased.add(conn, bench.account, missing, now=bench.now())
    return done


def _calls(conn: Connection, bench: Workbench, whom: Record) -> list[Call]:
    if not isinstance(whom, Client):
        return []
    return erasing.calls_of(conn, bench.account, whom.id, whom.phones)


def _marks(bench: Workbench, ref: Ref, whom: Record, calls: list[Call]) -> set[str]:
    phones = {*whom.phones, *(call.phone for call in calls if call.phone)} if isinstance(whom, Client) else set()
    return {mark_of(bench.key, bench.settings.name, one) for one in (ref, *map(phone_ref, phones))}


def _out(conn: Connection, bench: Workbench, whom: Client | User, calls: list[Call], marks: set[str]) -> dict[str, int]:
    """One transaction: marked, bare, and every text about him without his name."""
    erasing.secretly(conn)
    now, counts = bench.now(), Counter[str]()
    erased.add(conn, bench.account, marks, now=now)
    shield = Shield(bench.key, bench.settings.name, erased.marks(conn, bench.account))
    names = {whom.name} if whom.name else set()
    if isinstance(whom, User):
        names |= erasing.names_before(conn, bench.account, whom.id)
        counts.update(erasing.person(conn, bench.account, whom, shield))
        instead = f"#{whom.id}"
    else:
        counts["transcript"] = erasing.talks(conn, bench.account, [call.id for call in calls], now=now)
        instead = "…"
    counts["record"] = erasing.bare(conn, bench.account, shield, [whom, *calls], now=now)
    counts["unread"] = unread.forget(conn, bench.account, whom, [call.id for call in calls])
    sealed = closings.sealed(conn, bench.account)
    counts.update(erasing.scrub(conn, bench.account, names - {instead}, instead))
    closings.seal_anew(conn, sealed)
    return {name: count for name, count in sorted(counts.items()) if count}
