"""Files on this machine: who may read them, where the key lies, how much room there is, how old the last backup is."""

from __future__ import annotations

import os
import resource
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from connector.pipeline.doctor.check import Check
from connector.store.engine import Store

FREE = 500_000_000
HANDLES = 1024
OLD = timedelta(days=7)
REMOTE = frozenset({"nfs", "nfs4", "cifs", "smb3", "smbfs", "9p", "fuse.sshfs"})
"""File systems on which SQLite's -wal does not work."""


def modes(config: Path, folder: Path, store: Store, key: Path | None) -> Iterator[Check]:
    """Nobody but the owner reads the database, the key, the journals; nobody else writes the configuration."""
    secret = [key] if key is not None else []
    if store.dialect == "sqlite":
        secret += [Path(f"{store.where}{end}") for end in ("", "-wal", "-shm")]
    secret += [*folder.glob("*.tokens"), *folder.glob("kpi.erased"), *(folder / "backups").glob("*")]
    open_to_others = [path for path in secret if path.exists() and _mode(path) & 0o077]
    if open_to_others:
        named = ", ".join(str(path) for path in open_to_others)
        yield Check("file modes", "bad", f"others may read {named}", f"chmod 600 {' '.join(map(str, open_to_others))}")
    else:
        yield Check("file modes", "ok", "database, key and journals are their owner's alone")
    if config.exists() and _mode(config) & 0o022:
        yield Check("file modes", "bad", f"others may change {config}", f"chmod go-w {config}")
    if folder.exists() and _mode(folder) & 0o002:
        yield Check("file modes", "bad", f"everybody may write into {folder}", f"chmod o-w {folder}")


def key(path: Path | None, store: Store) -> Iterator[Check]:
    """A copy of the folder should not hold both what is sealed and what opens it."""
    if path is None:
        yield Check("key", "ok", "comes by KPI_KEY")
    elif store.dialect == "sqlite" and path.absolute().parent == Path(store.where).absolute().parent:
        todo = "set store.key_file to a place that backups of the folder do not take along, or use KPI_KEY"
        yield Check("key", "warn", f"{path.name} lies beside the database: whoever copies the folder has both", todo)
    else:
        yield Check("key", "ok", f"lies apart from the database, in {path}")


def no_key(path: Path | None) -> Iterator[Check]:
    """Of a database that cannot be asked: it may have one elsewhere, or none yet."""
    said = f"{path} is not there, and the database cannot be asked whether it was begun with a key"
    yield Check("key", "warn", said, "mend the database first, then run kpi doctor again")


def room(folder: Path) -> Iterator[Check]:
    """Disk, file handles, and whether the disk is one of this machine."""
    folder = next(one for one in (folder.absolute(), *folder.absolute().parents) if one.exists())
    free = shutil.disk_usage(folder).free
    told = f"{free / 1e9:.1f} GB free"
    yield Check("disk", "ok", told) if free >= FREE else Check("disk", "bad", told, "free at least 0.5 GB")
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    few = 0 <= soft < HANDLES
    yield Check("open files", "warn" if few else "ok", f"at most {soft}", f"ulimit -n {HANDLES}" if few else "")
    kind = _file_system(folder)
    if kind in REMOTE:
        yield Check("disk", "bad", f"{folder} is on {kind}: SQLite loses data there", "use a disk of this machine")


def backups(folder: Path, now: datetime) -> Iterator[Check]:
    """The newest file of `kpi backup`, where it is made by default."""
    made = [datetime.fromtimestamp(path.stat().st_mtime, UTC) for path in folder.glob("kpi-*")]
    if not made or now - max(made) > OLD:
        said = f"the last one in {folder} is of {max(made):%Y-%m-%d}" if made else f"there is none in {folder}"
        yield Check("backup", "warn", said, "kpi backup, every night")
    else:
        yield Check("backup", "ok", f"the last one is of {max(made):%Y-%m-%d %H:%M} UTC")


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def _file_system(folder: Path) -> str:
    """By the longest mount point above it; empty where the system does not tell."""
    try:
        mounts = [line.split() for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    except OSError:
        return ""
    here = f"{folder.absolute()}{os.sep}"
    above = [(len(one[1]), one[2]) for one in mounts if len(one) > 2 and here.startswith(one[1].rstrip("/") + "/")]
    return max(above, default=(0, ""))[1]
