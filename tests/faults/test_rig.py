"""The rig itself: without a fault everything holds, and each invariant notices what it is there for."""

from __future__ import annotations

import sqlalchemy as sa

from tests.faults.killing import what_is_left
from tests.faults.rig import Rig


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
