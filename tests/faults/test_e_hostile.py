"""E. Hostile input, as far as it is no matter of one room: what nothing in the program may do with it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKES_CODE = re.compile(
    r"^\s*(?:import|from)\s+(?:pickle|marshal|shelve|dill|yaml)\b|(?<![\w.])(?:eval|exec|__import__)\(", re.M
)


@pytest.mark.parametrize("line", ["import pickle", "  from yaml import load", "x = eval(text)", "exec(text)"])
def test_what_is_looked_for_is_found(line: str) -> None:
    assert MAKES_CODE.search(line)


def test_e15_nothing_makes_code_of_what_it_reads() -> None:
    """TOML, JSON and CSV make values alone; nothing is pickled, and no text of a configuration is evaluated."""
    files = [path for room in ("connector", "providers", "migrations") for path in (ROOT / room).rglob("*.py")]
    assert len(files) > 300
    assert [str(path) for path in files if MAKES_CODE.search(path.read_text("utf-8"))] == []
