"""Keys of wishes that put a run back are read as they are spelled, and no other key is taken for one."""

from __future__ import annotations

import pytest

from connector.store.sent import undo_key


@pytest.mark.parametrize(
    ("key", "meant"),
    [
        ("undo:3:deal:7001#1a2b", (3, "deal:7001")),
        ("undo:12:card:501:2026-09#close", (12, "card:501:2026-09")),
        ("undo:3:task:91", (3, "task:91")),
        ("deal:7001#1a2b", None),
        ("undoing:3:deal:7001", None),
        ("", None),
    ],
)
def test_the_run_and_the_target(key: str, meant: tuple[int, str] | None) -> None:
    assert undo_key.read(key) == meant
    if meant is not None:
        assert key.startswith(undo_key.beginning(meant[0]) + meant[1])
