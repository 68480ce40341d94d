"""A copy of the whole database that is proven to open, and the way back.

SQLite is copied by its own backup call, page by page in one snapshot, while others read and write: `cp` of a live WAL
database loses whatever still lies in the -wal (measured: everything). PostgreSQL is dumped by its own pg_dump. The key
that seals tokens is in neither: keep it elsewhere, a backup without it opens no account.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import sqlalchemy as sa

from connector import crash
from connector.errors import BadConfig, Busy, StoreTrouble
from connector.store.engine import Store
from connector.store.holding import Kept, accounts_in
from connector.store.place import log_alone
from connector.store.secret.sealing import sync_folder

STAMP = "%Y%m%d-%H%M%S"
DUMP = ".dump"
DAMAGED = ".damaged"
"""How the file ends that stood in the database's place and could not be read."""
WITHOUT = "KPI_UPGRADE_WITHOUT_BACKUP"
PAGES = -1
"""How much of SQLite is copied in one step: everything, in one snapshot. Tests that kill in the middle take less."""
_LONGEST = 6 * 3600
"""Seconds a dump may take."""


@dataclass(frozen=True, slots=True)
class Backup:
    """A file that was looked through: `schema` None where there is none; `counts`: rows by table.

    `accounts`: whose data it holds; nothing is known of a dump of PostgreSQL before it is restored.
    """

    path: Path
    bytes: int
    schema: str | None
    counts: dict[str, int]
    accounts: tuple[Kept, ...] = ()


def back_up(store: Store, to: Path, *, now: datetime, name: str = "kpi") -> Backup:
    """A new file in the folder `to`, its owner's alone, verified before it gets its name. Raises StoreTrouble."""
    end = ".db" if store.dialect == "sqlite" else DUMP
    path = to / f"{name}-{now.strftime(STAMP)}{end}"
    draft = to / f".{path.name}.part"
    with _in_words(path):
        to.mkdir(mode=0o700, parents=True, exist_ok=True)
        _tidy(to, name, now)
        os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        try:
            if store.dialect == "sqlite":
                _copy(Path(store.where), draft)
            else:
                _dump(store, draft)
            looked = verify(draft)
            with draft.open("rb") as file:
                os.fsync(file.fileno())
            crash.step()
            draft.rename(path)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(to)
    return replace(looked, path=path)


def _tidy(folder: Path, name: str, now: datetime) -> None:
    """Away with halves and journals that killed backups left: as large as the database, and nobody sees them."""
    for half in folder.glob(f".{name}-*.part*"):
        with suppress(FileNotFoundError):  # another backup that is just done renames its own
            if now.timestamp() - half.stat().st_mtime > _LONGEST:
                half.unlink()


def verify(path: Path) -> Backup:
    """Look the whole file through. Raises StoreTrouble where it is no backup, damaged, or of a newer version."""
    if not path.is_file():
        raise StoreTrouble("there is no such backup", where=str(path), todo="name the file that `kpi backup` made")
    with path.open("rb") as file:
        dumped = file.read(5) == b"PGDMP"
    return _verified_dump(path) if dumped else _verified_copy(path)


def restore(path: Path, store: Store, *, now: datetime) -> tuple[Backup, Path | None]:
    """Put a verified backup in the database's place; what stood there is kept aside first, and where is returned.

    All or nothing: a crash in the middle leaves the database as it was. Raises Busy while somebody works on an account
    or only has the database open, BadConfig for PostgreSQL, whose own tool does this.
    """
    if store.dialect != "sqlite":
        raise BadConfig([
            "restore: a PostgreSQL database is restored by its own tool: stop every kpi, then "
            f"pg_restore --clean --if-exists --no-owner --dbname DATABASE {path}; erasures made since are made again "
            "at the next start, and tokens renewed since come back from the journals beside the configuration"
        ])  # fmt: skip
    looked = verify(path)
    target = Path(store.where).absolute()
    _nobody_works(store, now)
    store.dispose()
    if log_alone(target):
        return looked, _instead(path, target, now)
    _alone(target)
    if not _whole(target):
        return looked, _instead(path, target, now)
    aside = back_up(store, target.parent, now=now, name="before-restore").path
    store.dispose()
    _alone(target)
    with _in_words(target):
        _copy(path, target)
    return looked, aside


def _whole(path: Path) -> bool:
    try:
        _verified_copy(path)
    except StoreTrouble:
        return False
    return True


def _instead(path: Path, target: Path, now: datetime) -> Path | None:
    """In place of what cannot be read, so nothing can be written into it either: that is kept as it is, its log too."""
    aside = target.with_name(f"before-restore-{now.strftime(STAMP)}{DAMAGED}")
    draft = target.with_name(f".{aside.name}.part")
    alone = log_alone(target)
    there = not alone and not _empty(target)
    with _in_words(target):
        os.close(os.open(draft, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
        try:
            _copy(path, draft)
            for end in ("-wal", "-shm", "-journal"):
                with suppress(FileNotFoundError):  # else it would be played into the one that comes
                    target.with_name(f"{target.name}{end}").rename(aside.with_name(f"{aside.name}{end}"))
            if there:
                os.link(target, aside)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        sync_folder(target.parent)
    if alone:
        return aside.with_name(f"{aside.name}-wal")
    return aside if there else None


def _empty(path: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{path.as_uri()}?immutable=1", uri=True)) as conn:
            return conn.execute("select 1 from sqlite_master").fetchone() is None
    except sqlite3.DatabaseError:
        return False


def before_migration(store: Store, schema: str, *, now: datetime) -> Path | None:
    """A backup before the schema changes: beside the SQLite file, of PostgreSQL in the working directory.

    None for PostgreSQL where `KPI_UPGRADE_WITHOUT_BACKUP` says that there is another backup; StoreTrouble where it does
    not say so and pg_dump is not at hand.
    """
    name = f"before-upgrade-of-{schema}"
    if store.dialect == "sqlite":
        return back_up(store, Path(store.where).absolute().parent, now=now, name=name).path
    if os.environ.get(WITHOUT):
        return None
    if shutil.which("pg_dump") is not None:
        return back_up(store, Path.cwd(), now=now, name=name).path
    raise StoreTrouble(
        f"the schema must go on from {schema}, and a backup cannot be made before: there is no pg_dump",
        where=store.where,
        done="it was left as it is",
        todo=f"install the server's client tools, or make a backup yourself and set {WITHOUT}=1",
    )


def _copy(source: Path, target: Path) -> None:
    """The backup call holds one snapshot of the source, and writes the target in one transaction.

    The target is one file afterwards, without a -wal beside it; whoever opens it next switches to WAL again.
    """
    address = f"{source.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=15)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=PAGES, progress=crash.step)
        new.execute("pragma journal_mode = delete")


def _alone(path: Path) -> None:
    """SQLite leaves its WAL only for who alone has the file open: `kpi run` between two turns holds no lease."""
    try:
        with closing(sqlite3.connect(path, timeout=1)) as conn:
            conn.execute("pragma journal_mode = delete")
    except sqlite3.OperationalError as error:
        raise Busy(
            f"another program has this database open ({error})",
            done="nothing was changed",
            todo="stop `kpi run` and every other kpi first",
        ) from error
    except sqlite3.DatabaseError:
        return  # damaged: it is no file that anybody works with


def _verified_copy(path: Path) -> Backup:
    with _in_words(path), closing(sqlite3.connect(f"{path.absolute().as_uri()}?immutable=1", uri=True)) as conn:
        said = [row[0] for row in conn.execute("pragma integrity_check")]
        if said != ["ok"]:
            raise _damaged(path, "; ".join(said[:3]))
        names = [row[0] for row in conn.execute("select name from sqlite_master where type = 'table' order by name")]
        counts = {name: int(conn.execute(f'select count(*) from "{name}"').fetchone()[0]) for name in names}  # noqa: S608 - names of its own tables
        schema = None
        if counts.pop("alembic_version", 0):
            schema = str(conn.execute("select version_num from alembic_version").fetchone()[0])
        if schema is None or "account" not in counts:
            raise _damaged(path, "it holds no tables of this program")
        _known(path, schema)
        accounts = accounts_in(conn)
    return Backup(path, path.stat().st_size, schema, counts, accounts)


def _known(path: Path, schema: str) -> None:
    from connector.store.migrate import HEAD  # it makes backups itself

    if schema > HEAD:
        raise StoreTrouble(
            f"a newer version of this program made the backup (schema {schema}, known is {HEAD})",
            where=str(path),
            done="nothing was changed",
            todo="install that version",
        )


def _dump(store: Store, target: Path) -> None:
    """The password goes by the environment: a command line can be read by everybody on the machine."""
    url = sa.make_url(store.url).set(drivername="postgresql")
    said = url.set(password=None).render_as_string(hide_password=False)
    environ = os.environ | ({"PGPASSWORD": str(url.password)} if url.password else {})
    _run("pg_dump", "--format=custom", "--no-owner", "--file", str(target), "--dbname", said, environ=environ)


def _verified_dump(path: Path) -> Backup:
    """That its table of contents reads and names our tables; rows are counted only where it is restored."""
    listed = _run("pg_restore", "--list", str(path))
    tables = [line.split(" TABLE DATA ")[1].split()[1] for line in listed.splitlines() if " TABLE DATA " in line]
    if "account" not in tables:
        raise _damaged(path, "it holds no tables of this program")
    return Backup(path, path.stat().st_size, None, {})


def _run(tool: str, *arguments: str, environ: dict[str, str] | None = None) -> str:
    found = shutil.which(tool)
    if found is None:
        raise StoreTrouble(
            f"{tool} is not installed here",
            done="nothing was backed up",
            todo=f"install PostgreSQL's client tools, or run {tool} where they are",
        )
    done = subprocess.run(  # noqa: S603 - our own arguments, no shell
        [found, *arguments], env=environ, capture_output=True, text=True, timeout=_LONGEST, check=False
    )
    if done.returncode:
        raise StoreTrouble(f"{tool} failed: {done.stderr.strip()[:500]}", done="nothing was backed up")
    return done.stdout


def _nobody_works(store: Store, now: datetime) -> None:
    from connector.store.leases import LEASE, holds, spoken

    try:
        with store.read() as conn:
            held = [row for row in conn.execute(sa.select(LEASE)) if holds(row.holder, row.until, now)]
    except StoreTrouble:
        return  # damaged, or nothing yet; whether somebody has it open is seen nevertheless
    if held:
        raise Busy(
            f"{spoken(held[0].holder)} works on an account of this database",
            done="nothing was changed",
            todo="stop `kpi run` and every other kpi first",
        )


def _damaged(path: Path, what: str) -> StoreTrouble:
    return StoreTrouble(f"this is no whole backup: {what}", where=str(path), done="nothing was changed")


@contextmanager
def _in_words(path: Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        if getattr(error, "sqlite_errorcode", None) == sqlite3.SQLITE_FULL:
            raise StoreTrouble(
                "the disk is full", where=str(path), done="nothing was changed", todo="free some space and run it again"
            ) from error
        raise _damaged(path, str(error)) from error
    except OSError as error:
        raise StoreTrouble(
            f"the file cannot be read or written ({error.strerror or error})",
            where=str(path),
            done="nothing was changed",
        ) from error
