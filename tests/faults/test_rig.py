"""The rig itself: without a fault everything holds, and each invariant notices what it is there for."""

from __future__ import annotations

from tests.faults import invariants
from tests.faults.conftest import Golden, Open


def test_without_a_fault_everything_holds(rigged: Open, golden) -> None:
    rig = rigged()
    rig.run(neighbour=True)
    rig.settle()
    assert invariants.digest(rig.bench) == golden(rig.crm).digest
    assert invariants.numbers(rig.bench) == golden(rig.crm).numbers
