"""Whether another `kpi run` serves the same accounts: told to whoever starts one, and to who runs already.

Told once the other one has said so again: what a killed one said last stands for a minute, and where that one ran in
a container that was started anew, nobody can look whether its process lives.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from connector.errors import KpiError
from connector.moment import from_ms, to_ms
from connector.pipeline.bench import Workbench
from connector.store import daemons
from connector.store.daemons import SECONDS, Daemon
from connector.store.leases import this_process

log = logging.getLogger("kpi.run")


@contextmanager
def seen(benches: Sequence[Workbench], every: float = SECONDS / 3) -> Iterator[None]:
    """This process says that it serves these accounts for as long as the block runs.

    Where the block ends by an exception nothing is waited for: what was said runs out by itself.
    """
    over, presence = threading.Event(), Presence(benches)
    presence.say()
    thread = threading.Thread(target=_keep_saying, args=(presence, every, over), name="beside", daemon=True)
    thread.start()
    try:
        yield
    except BaseException:
        over.set()
        raise
    over.set()
    thread.join()
    presence.leave()


def _keep_saying(presence: Presence, every: float, over: threading.Event) -> None:
    while not over.wait(every):
        presence.say()


class Presence:
    """One process, and which others it was told of.

    A database that is away is told of by every turn, not here, and waited for once, not account by account.
    """

    def __init__(self, benches: Sequence[Workbench], holder: str | None = None) -> None:
        self._benches = benches
        self._holder = holder or this_process()
        self._since = to_ms(benches[0].clock()) if benches else 0
        self._met: dict[tuple[int, str], int] = {}
        """Whom it met, by account, and until when each was believed then; 0 once it was told."""

    def say(self) -> None:
        """That it serves them; whoever else does is told once."""
        me = Daemon(self._holder, self._since)
        for bench in self._benches:
            try:
                with bench.store.write() as conn:
                    others = daemons.beat(conn, bench.account, me, bench.clock())
            except KpiError:
                return
            for other in others:
                until = self._met.setdefault((bench.account, other.holder), other.until)
                if until not in (0, other.until):
                    self._met[bench.account, other.holder] = 0
                    self._tell(bench, other)

    def leave(self) -> None:
        """It serves them no more."""
        for bench in self._benches:
            try:
                with bench.store.write() as conn:
                    daemons.leave(conn, bench.account, Daemon(self._holder, self._since))
            except KpiError:
                return

    def _tell(self, bench: Workbench, other: Daemon) -> None:
        log.warning(
            "%s: another `kpi run` serves this account too: host %s, process %s, since %s, heard of %d s ago; nothing "
            "is done twice, as one waits for the other; stop one of them unless both are meant",
            bench.settings.name,
            other.host,
            other.process,
            from_ms(other.since).isoformat(timespec="seconds"),
            max(0, to_ms(bench.clock()) - other.until + SECONDS * 1000) // 1000,
        )
