"""The rig itself: without a fault everything holds, and each invariant notices what it is there for."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from connector.pipeline.writing import push
from tests.faults import invariants
from tests.faults.company import END
from tests.faults.conftest import Copy
from tests.faults.killing import what_is_left
from tests.faults.rig import CRMS, Rig, opened


def test_without_a_fault_everything_holds(rig: Rig) -> None:
    assert rig.golden is not None
    rig.run(neighbour=True)
    rig.settle()


def test_what_a_kill_leaves_is_told_apart_by_anything_that_outlives_it(rig: Rig) -> None:
    """A row, a file, a write of the CRM's: any of them makes it another state; a look changes nothing."""
    rig.quiet()
    seen = [what_is_left(rig), what_is_left(rig)]
    assert seen[0] == seen[1]
    with rig.bench.store.write() as conn:
        conn.execute(sa.text("update cursor set rows = rows + 1 where kind = 'deal'"))
    seen.append(what_is_left(rig))
    (rig.folder / "acme.journal").write_bytes(b"intent")
    seen.append(what_is_left(rig))
    rig.box.written.append({"method": "POST", "path": "tasks"})
    seen.append(what_is_left(rig))
    assert len(set(seen)) == 4


@pytest.mark.parametrize("crm", CRMS)
def test_a_card_made_twice_is_noticed(crm: str, copied: Copy, tmp_path: Path) -> None:
    """I2 knows each CRM's cards by what tells them apart there."""
    with copied(crm, "sqlite", END) as url, opened(crm, url, tmp_path, writeback="on") as rig:
        push(rig.bench)
        assert invariants.writes_doubled(rig) == []
        with rig.bench.store.read() as conn:
            wished = conn.execute(sa.text("select count(*) from outbox where level = 'kpi_card' and state = 'done'"))
            count = wished.scalar_one()
        made = [row for row in rig.box.written if invariants.cards_of(row)]
        rig.box.written.extend(made)
        assert len(invariants.writes_doubled(rig)) == count > 1
