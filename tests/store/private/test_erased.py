"""The list of erasures beside the database: no mark is lost by what a full disk left of the one before."""

from __future__ import annotations

from pathlib import Path

import pytest

from connector.store.private.erased import Ledger

A, B, C = "a" * 32, "b" * 32, "c" * 32


@pytest.mark.parametrize("left", [b"acme bbbbbbbbbb", b"acme", "акме".encode()[:3], f"acme {B}".encode()])
def test_what_a_full_disk_cut_does_not_swallow_the_next_mark(tmp_path: Path, left: bytes) -> None:
    ledger = Ledger(tmp_path / "kpi.erased")
    ledger.add("acme", [A])
    with ledger.path.open("ab") as file:
        file.write(left)
    ledger.add("acme", [B])
    ledger.add("acme", [C])
    assert ledger.all() == {"acme": {A, B, C}}


def test_a_mark_is_kept_once(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "kpi.erased")
    for _ in range(2):
        ledger.add("acme", [B, A])
    assert ledger.path.read_text("utf-8") == f"acme {A}\nacme {B}\n"
