"""Who may work on an account: one row, one holder, and a version that fences off whoever slept through his lease.

The row is the truth on both databases; a process that dies lets it run out (or is seen to be dead, on this machine),
a process that froze wakes up, checks its fence inside its next transaction, and cannot commit.
"""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from connector.errors import Busy, StoreTrouble
from connector.store.engine import Store
from connector.store.upsert import table

LEASE = table("lease")
SECONDS = 60.0
"""How long a lease holds that nobody renews."""
PROCESS = "process {0} on {1}"
FASTER = "a process that was faster"
Clock = Callable[[], datetime]


class Fence:
    """The right to work on an account, as of one version of its lease."""

    def __init__(self, account: int, version: int, holder: str) -> None:
        self.account, self.version, self.holder = account, version, holder

    def check(self, conn: Connection) -> None:
        """Raises Busy where another holder took over. To be called in the transaction that commits.

        The row stays share-locked until then, so that nobody can take over between this look and the commit.
        """
        query = sa.select(LEASE.c.version, LEASE.c.holder).where(LEASE.c.account == self.account)
        row = conn.execute(query.with_for_update(read=True)).one_or_none()
        if row is None or row.version != self.version:
            heir = spoken(row.holder) if row else "someone who removed it"
            raise Busy(
                f"the lease of this account was taken over by {heir}",
                done="nothing of this step was stored",
                todo="look for a second process, or for a machine that slept",
            )


def this_process() -> str:
    """A holder's name by which others on this machine can see whether it still lives."""
    return f"{socket.gethostname()}/{_pid_space()}/{os.getpid()}"


def host_and_process(holder: str) -> tuple[str, str]:
    """The machine, or the container, and the process's number there; "" for what a name does not tell."""
    host, _, rest = holder.partition("/")
    return host, rest.rpartition("/")[2]


def spoken(holder: str) -> str:
    """As people are told of it: `process 3989 on vm`; any other name as it is."""
    host, pid = host_and_process(holder)
    return PROCESS.format(pid, host) if host and pid.isdigit() else holder


@contextmanager
def hold(
    store: Store, account: int, holder: str, *, seconds: float = SECONDS, clock: Clock = lambda: datetime.now(UTC)
) -> Iterator[Fence]:
    """Hold the account's lease, renewed by a thread of its own. Raises Busy, with the moment it may be free."""
    fence = _take(store, account, holder, seconds, clock())
    over = threading.Event()
    heart = threading.Thread(target=_beat, args=(store, fence, seconds, clock, over), name="lease", daemon=True)
    heart.start()
    try:
        yield fence
    finally:
        over.set()
        heart.join()
        _renew(store, fence, 0)


def _take(store: Store, account: int, holder: str, seconds: float, now: datetime) -> Fence:
    """Insert the row, or step over a lease that is over; the condition on its version lets one of several win."""
    until = _ms(now + timedelta(seconds=seconds))
    try:
        with store.write() as conn:
            row = conn.execute(sa.select(LEASE).where(LEASE.c.account == account)).one_or_none()
            if row is None:
                conn.execute(LEASE.insert().values(account=account, holder=holder, version=1, until=until))
                return Fence(account, 1, holder)
            if holds(row.holder, row.until, now):
                raise _busy(row.holder, row.until)
            taken = conn.execute(
                LEASE.update()
                .where(LEASE.c.account == account, LEASE.c.version == row.version)
                .values(holder=holder, version=row.version + 1, until=until)
            )
            if taken.rowcount == 0:
                raise _busy(FASTER, until)
            return Fence(account, row.version + 1, holder)
    except IntegrityError:
        raise _busy(FASTER, until) from None


def holds(holder: str, until: int, now: datetime) -> bool:
    """Whether such a lease keeps others out."""
    return until > _ms(now) and not _dead(holder)


def _busy(holder: str, until: int) -> Busy:
    busy = Busy(
        f"{spoken(holder)} works on this account",
        done="nothing was done",
        todo="wait for it to finish, or stop it",
        retry_at=datetime.fromtimestamp(until / 1000, UTC),
    )
    busy.ours = holder == this_process()
    return busy


def _beat(store: Store, fence: Fence, seconds: float, clock: Clock, over: threading.Event) -> None:
    """Renew three times a lease. A database that is busy for one beat costs nothing; a lost lease ends the beating."""
    while not over.wait(seconds / 3):
        try:
            if not _renew(store, fence, _ms(clock() + timedelta(seconds=seconds))):
                return
        except StoreTrouble:
            continue


def _renew(store: Store, fence: Fence, until: int) -> bool:
    """Move the end of our own lease; False where it is no longer ours. 0 gives it up."""
    with store.write() as conn:
        renewed = conn.execute(
            LEASE.update().where(LEASE.c.account == fence.account, LEASE.c.version == fence.version).values(until=until)
        )
    return renewed.rowcount == 1


def _dead(holder: str) -> bool:
    """Whether the holder is a process of this machine that is no more; anything else counts as alive."""
    host, _, rest = holder.partition("/")
    space, _, pid = rest.rpartition("/")
    if host != socket.gethostname() or not space or space != _pid_space() or not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (OSError, OverflowError):
        return False
    return False


def _pid_space() -> str:
    """Process numbers mean something only inside one namespace: two containers may both have a number 7."""
    try:
        return Path("/proc/self/ns/pid").readlink().name
    except OSError:
        return ""


def _ms(at: datetime) -> int:
    return int(at.timestamp() * 1000)
