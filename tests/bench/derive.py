"""Records to facts: `derive` alone, and the whole step with reading dossiers from the store and writing facts to it.

A sandbox's account read once into SQLite, without pace. CPU time of one process, as `derive` is pure; records are those
in the dossiers. The asked 40 000 a second a core are of `derive`; the whole step is told beside it.
"""

from __future__ import annotations

import gc
import os
import time

from connector.cli import RARELY
from connector.derive import derive
from connector.fact import Dossier
from connector.pipeline.bench import Workbench
from connector.pipeline.deriving import BATCH, adopt_rules, derive_touched
from connector.pipeline.pulling import begin
from connector.pipeline.running import held, recorded
from connector.store.crm import dossiers
from connector.sync import pull
from tests.bench.reading import DEALS, opened, served

ASKED = 40_000
SHELVES = [name for name in Dossier.__struct_fields__ if name not in ("key", "rulings", "gone", "merged", "since")]


def main() -> None:
    gc.set_threshold(*RARELY)  # as in every process of ours
    print(f"{DEALS} deals, {3 * DEALS} calls; SQLite; load {os.getloadavg()[0]:.1f}; of CPU time, {ASKED:,} asked")
    print(
        f"{'crm':<10}{'records':>9}{'facts':>9}{'derive, s':>11}{'records/s':>11}{'with store, s':>15}{'records/s':>11}"
    )
    for crm in os.environ.get("BENCH_CRMS", "amocrm bitrix24").split():
        with served(crm, paced=False) as (base, secret, _), opened(crm, base, secret, paced=False) as bench:
            show(crm, bench)


def show(crm: str, bench: Workbench) -> None:
    bench.meet()
    begin(bench)
    with held(bench) as fence, recorded(bench, "sync") as done:
        report = pull.pull_account(bench.store, bench.account, bench.provider, fence=fence, now=bench.now)
        assert not report.problems, report.problems
        records, alone = by_itself(bench)
        started = time.process_time()
        derive_touched(bench, fence, done)
        whole = time.process_time() - started
    print(
        f"{crm:<10}{records:>9,}{done.facts_added:>9,}{alone:>11.2f}{records / alone:>11,.0f}"
        f"{whole:>15.2f}{records / whole:>11,.0f}",
        flush=True,
    )


def by_itself(bench: Workbench) -> tuple[int, float]:
    """How many records lie in the dossiers that wait, and the seconds that `derive` alone takes for them."""
    with bench.store.write() as conn:
        sales = adopt_rules(bench, conn)
    records, spent = 0, 0.0
    with bench.store.read() as conn:
        keys = dossiers.take_dirty(conn, bench.account, 10 * DEALS)
        for start in range(0, len(keys), BATCH):
            some = list(dossiers.load(conn, bench.account, keys[start : start + BATCH]))
            records += sum(len(getattr(one, shelf)) for one in some for shelf in SHELVES)
            started = time.process_time()
            for dossier in some:
                derive(dossier, sales)
            spent += time.process_time() - started
    return records, spent


if __name__ == "__main__":
    main()
