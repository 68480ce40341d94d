"""F. A rule that wants everything written anew: the program stops at a day's caps and asks, a person goes on."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from connector.pipeline.cycling import cycle
from connector.pipeline.writing import push
from connector.store import notices
from connector.store.sent import ledger
from tests.faults.company import END
from tests.faults.conftest import Copy
from tests.faults.rig import CRMS, Rig, opened

CAPS = {"max_writes": 4, "max_writes_a_day": 10, "max_tasks": 1, "max_tasks_a_day": 0}
LEVELS = dict.fromkeys(("deal_fields", "kpi_card", "tasks"), "on")


def written(rig: Rig) -> int:
    with rig.bench.store.read() as conn:
        return sum(ledger.sums(conn, rig.bench.account, 0).values())


def asked(rig: Rig) -> set[str]:
    with rig.bench.store.read() as conn:
        return {one.subject for one in notices.all(conn, rig.bench.account) if one.code == "write_capped"}


@pytest.mark.parametrize("crm", CRMS)
def test_f09_turns_of_the_clock_keep_to_a_days_caps_and_a_person_goes_on(
    crm: str, copied: Copy, tmp_path: Path
) -> None:
    settings = {"writeback": LEVELS | CAPS}
    with copied(crm, "sqlite", END) as url, opened(crm, url, tmp_path, settings=settings) as rig:
        for _ in range(5):
            rig.box.advance(rig.box.now + timedelta(minutes=5))
            cycle(rig.bench)
        assert (written(rig), asked(rig)) == (10, {"max_writes_a_day", "max_tasks_a_day"})
        push(rig.bench)
        assert written(rig) == 15, "four more, and a task"
