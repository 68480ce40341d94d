"""E. Hostile input, as far as it is no matter of one room: what nothing in the program may do with it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEVER = {"pickle", "marshal", "shelve", "dill", "yaml", "lxml"}
"""Modules that make code of what they read, or follow references in it."""


def imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]


def called(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_e15_nothing_makes_code_of_what_it_reads() -> None:
    """TOML, JSON and CSV make values alone; nothing is pickled, and no text of a configuration is evaluated."""
    found, looked = [], 0
    for room in ("connector", "providers", "migrations"):
        for path in (ROOT / room).rglob("*.py"):
            tree = ast.parse(path.read_text("utf-8"))
            looked += 1
            found += [f"{path}: {name}" for name in imported(tree) if name in NEVER]
            found += [f"{path}: {name}()" for name in called(tree) if name in ("eval", "exec", "__import__")]
    assert looked > 300
    assert found == []
