"""The rig itself: without a fault everything holds, and each invariant notices what it is there for."""

from __future__ import annotations

from tests.faults.rig import Rig


def test_without_a_fault_everything_holds(rig: Rig) -> None:
    assert rig.golden is not None
    rig.run(neighbour=True)
    rig.settle()
