"""The key of a wish that puts a run back, `undo:3:deal:7001#1a2b`: the run that is undone, and what it had written to.

Spelled and read here alone: the ledger, the counts for people and undoing itself go by it. Pure.
"""

from __future__ import annotations

UNDO = "undo"
"""How such a key begins; also the level of these wishes."""


def beginning(run: int) -> str:
    """How the keys of all that puts this run back begin; the target follows."""
    return f"{UNDO}:{run}:"


def read(key: str) -> tuple[int, str] | None:
    """The run that is undone and the target; None for the key of any other wish."""
    kind, _, rest = key.partition("#")[0].partition(":")
    if kind != UNDO:
        return None
    run, _, target = rest.partition(":")
    return int(run), target
