"""One run over an account: the lease that makes it ours, and its row in the run history."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from connector.errors import KpiError
from connector.pipeline.bench import Workbench
from connector.redact import redact
from connector.store import leases, runs

log = logging.getLogger("kpi.run")
Stop = Callable[[], bool]


def never() -> bool:
    """Nobody asked to stop."""
    return False


@dataclass(slots=True)
class Synced:
    """What a sync or a sweep came to."""

    run: int
    rows: dict[str, int] = field(default_factory=dict)
    changed: int = 0
    """Of these rows those that were never seen, or say something else than they did."""
    gone: int = 0
    requests: int = 0
    dossiers: int = 0
    facts_added: int = 0
    facts_ended: int = 0
    writes: int = 0
    refused: int = 0
    """Rows that could not be read; they are kept raw and stand in `kpi status`."""
    problems: list[str] = field(default_factory=list)
    stopped: bool = False


@contextmanager
def held(bench: Workbench) -> Iterator[leases.Fence]:
    """The account is ours: who else wants it is told that it is busy."""
    with leases.hold(bench.store, bench.account, leases.this_process(), clock=bench.clock) as fence:
        yield fence


def introduced(bench: Workbench, what: str) -> None:
    """The CRM said who it is, and how late it is there. Where it does not, that is a run that failed.

    A run begins after it otherwise: before it the CRM's time, by which runs are dated, may not be known.
    """
    try:
        bench.meet()
    except Exception:
        with recorded(bench, what):
            raise


@contextmanager
def recorded(bench: Workbench, what: str) -> Iterator[Synced]:
    """A row in the run history, closed with what was done also when it fails. Whoever begins one holds the account, so
    that one without an end was cut off."""
    with bench.store.write() as conn:
        runs.cut_off(conn, bench.account, now=bench.now())
        done = Synced(runs.start(conn, bench.account, what, now=bench.now()))
    log.info("%s %s: run %s begins", bench.settings.name, what, done.run)
    began = bench.clock()
    before, error = bench.provider.requests, None
    try:
        yield done
    except KpiError as problem:
        error = str(problem)
        raise
    except BaseException as surprise:
        error = f"{type(surprise).__name__}: {redact(str(surprise))}"
        raise
    finally:
        done.requests = bench.provider.requests - before
        told = [*done.problems, *(["stopped on request"] if done.stopped else [])]
        with bench.store.write() as conn:
            runs.end(
                conn,
                done.run,
                now=bench.now(),
                error=error or "; ".join(told) or None,
                requests=done.requests,
                rows=sum(done.rows.values()),
                changed=done.changed,
                writes=done.writes,
            )
        log.info(
            "%s %s: run %s %s after %.1f s: %s requests, %s rows, %s changed, %s writes",
            bench.settings.name,
            what,
            done.run,
            "failed" if error else "ended",
            (bench.clock() - began).total_seconds(),
            done.requests,
            sum(done.rows.values()),
            done.changed,
            done.writes,
        )
