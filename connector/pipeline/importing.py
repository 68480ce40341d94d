"""What people and programs bring | save | derive: imports of facts that the CRM lacks, and taking them back."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from hashlib import blake2b

from sqlalchemy import Connection

from connector.brought.facts.files import Rows
from connector.brought.facts.known import Known, clients_of, deal_of, readable
from connector.brought.facts.rows import judge
from connector.errors import BadConfig, Busy, KpiError
from connector.moment import from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.deriving import derive_now
from connector.pipeline.measuring import learned_at
from connector.pipeline.running import Synced, held
from connector.records import Client, Deal, External, User
from connector.sheet import BadLine, Line
from connector.store import imports, leases
from connector.store.crm import links, records
from connector.store.tables import ImportRow

Wait = Callable[[float], None]
PATIENCE = 30.0
"""Seconds for which a command waits for a sync to let go of the account."""
_PAUSE = 0.25
NOTHING = imports.Taken(None, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of rows: `bad` names every bad one, and then none was taken. `synced`: what was derived of them, None
    where nothing had to be; `problem`: why that must wait for the next run.
    """

    taken: imports.Taken = NOTHING
    bad: tuple[BadLine, ...] = ()
    ignored: tuple[str, ...] = ()
    synced: Synced | None = None
    problem: str = ""


def import_facts(
    bench: Workbench,
    rows: Rows,
    data: bytes,
    *,
    author: str,
    source: str,
    dry_run: bool = False,
    patience: float = PATIENCE,
    wait: Wait = time.sleep,
) -> Brought:
    """All rows or none; the same again changes nothing. Raises Busy where somebody else keeps the account."""
    seen = _looked_at(bench, rows)
    if dry_run or seen.bad or not (seen.taken.new or seen.taken.changed):
        return seen  # nothing to take: nobody need be waited for
    with held_soon(bench, patience, wait) as fence:
        with bench.store.write() as conn:
            fence.check(conn)
            made, bad = _judged(bench, conn, rows.lines)
            if bad:
                return Brought(bad=tuple(bad), ignored=rows.ignored)
            digest, now = blake2b(data, digest_size=16).hexdigest(), learned_at(bench, conn)
            taken = imports.take(conn, bench.account, made, author=author, source=source, digest=digest, now=now)
        brought = Brought(taken, ignored=rows.ignored)
        return brought if taken.id is None else _derived(bench, fence, brought)


def undo_import(
    bench: Workbench, number: int, *, author: str, patience: float = PATIENCE, wait: Wait = time.sleep
) -> tuple[imports.Undone, Brought]:
    """Take an import back, and derive what it touched. Raises BadConfig where there is none, or it is undone."""
    with held_soon(bench, patience, wait) as fence:
        with bench.store.write() as conn:
            fence.check(conn)
            undone = imports.undo(conn, bench.account, number, author=author, now=learned_at(bench, conn))
        return undone, _derived(bench, fence, Brought())


def imports_of(bench: Workbench) -> list[ImportRow]:
    """Every import, the newest first."""
    with bench.store.read() as conn:
        return imports.all(conn, bench.account)


def versions_of(bench: Workbench, key: str) -> list[tuple[ImportRow, External]]:
    """Every version of an imported row, the newest first. Raises BadConfig for a key that no import names."""
    with bench.store.read() as conn:
        found = imports.versions(conn, bench.account, key.removeprefix("import:"))
    if not found:
        raise BadConfig([f"{bench.settings.name}: no import ever brought a row with the key {key!r}"])
    return found


@contextmanager
def held_soon(bench: Workbench, patience: float, wait: Wait) -> Iterator[leases.Fence]:
    """The account's lease, waited for so many seconds. Raises Busy after that."""
    with ExitStack() as stack:
        yield _entered(stack, bench, patience, wait)


def _entered(stack: ExitStack, bench: Workbench, patience: float, wait: Wait) -> leases.Fence:
    waited = 0.0
    while True:
        try:
            return stack.enter_context(held(bench))
        except Busy:
            if waited >= patience:
                raise
        wait(_PAUSE)
        waited += _PAUSE


def _looked_at(bench: Workbench, rows: Rows) -> Brought:
    """What taking them would do, and every row that is bad for any reason."""
    with bench.store.read() as conn:
        made, bad = _judged(bench, conn, rows.lines)
        found = imports.compare(conn, bench.account, made)
    every = tuple(sorted((*rows.bad, *bad), key=lambda one: one.line))
    would = NOTHING if every else imports.Taken(None, len(found.new), len(found.changed), found.same)
    return Brought(would, bad=every, ignored=rows.ignored)


def _judged(bench: Workbench, conn: Connection, lines: Sequence[Line]) -> tuple[list[External], list[BadLine]]:
    """The records of the rows as far as they are good, by what the account knows."""
    users = records.directory(conn, bench.account, User)
    if not users:
        raise BadConfig([f"{bench.settings.name}: nobody is known yet; run `kpi sync` first"])
    deals = {(Deal.kind, id) for line in lines if (id := deal_of(line.cells)) is not None and readable(id)}
    clients = {(Client.kind, ref) for line in lines for ref in clients_of(line.cells) if readable(ref)}
    keys = {key for line in lines if readable(key := line.get("key"))}
    there = links.fetch(conn, bench.account, deals | clients, ())
    known = Known(
        zone=bench.zone(),
        currency=bench.currency(),
        now=from_ms(bench.now()),
        users=users,
        deals={id for kind, id in there if kind == Deal.kind},
        clients={id for kind, id in there if kind == Client.kind},
        held={key: row.what for key, row in imports.live(conn, bench.account, keys).items()},
    )
    return judge(lines, known)


def _derived(bench: Workbench, fence: leases.Fence, brought: Brought) -> Brought:
    """The rows are kept whatever becomes of deriving them: what is dirty is derived by the next run."""
    try:
        return replace(brought, synced=derive_now(bench, fence, "import"))
    except KpiError as error:
        return replace(brought, problem=f"kept, not derived yet: {error}")
