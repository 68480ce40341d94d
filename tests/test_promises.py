"""Every test and every benchmark that the documents name exists, and every benchmark is told of."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
NAMED = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
DOCUMENTS = ("docs/reliability.md", "docs/security.md")
TO_RUN = re.compile(r"tests\.bench (\w+)")


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_test_that_is_named_exists(document: str) -> None:
    named = NAMED.findall((ROOT / document).read_text("utf-8"))
    assert len(named) > 15
    missing = [f"{path}::{test}" for path, test in named if not _exists(ROOT / path, test)]
    assert missing == []


def test_every_benchmark_that_is_named_exists_and_every_one_is_told_of() -> None:
    told = [(ROOT / one).read_text("utf-8") for one in ("docs/benchmarks.md", "tests/faults/catalogue.py")]
    there = re.findall(r'"(\w+)": \1\.main', (ROOT / "tests/bench/__main__.py").read_text("utf-8"))
    assert len(there) > 10
    assert set(TO_RUN.findall("\n".join(told))) == set(there)


def _exists(path: Path, test: str) -> bool:
    if not path.exists():
        return False
    functions = {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}
    return not test or test in functions
