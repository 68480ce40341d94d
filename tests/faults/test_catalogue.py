"""Each of the 110 scenarios has a test, here or elsewhere, or a reason; no test that is named is missing."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from tests.faults.catalogue import ELSEWHERE, all_ids

HERE, TESTS = Path(__file__).parent, Path(__file__).parents[1]
NAMED = re.compile(r"(?:def test_|\")((?:[a-g]\d\d_)+)")
"""`def test_b08_…`, `def test_c01_c02_…`, and cases of a table: `Case("a02_reset", …`."""


def here() -> set[str]:
    """Ids that tests of the rig are named by."""
    found: set[str] = set()
    for path in sorted(HERE.glob("test_[a-g]_*.py")):
        for names in NAMED.findall(path.read_text("utf-8")):
            found |= {one.upper() for one in names.strip("_").split("_")}
    return found


def functions(path: Path) -> set[str]:
    return {node.name for node in ast.parse(path.read_text("utf-8")).body if isinstance(node, ast.FunctionDef)}


def test_every_scenario_has_a_test_or_a_reason() -> None:
    assert len(all_ids()) == 110
    mentioned = here() | {id for id, entry in ELSEWHERE.items() if entry.tests or entry.why}
    assert [id for id in all_ids() if id not in mentioned] == []
    assert mentioned - set(all_ids()) == set(), "ids that the catalogue does not have"


@pytest.mark.parametrize("id", sorted(ELSEWHERE))
def test_every_test_that_is_named_exists(id: str) -> None:
    for node in ELSEWHERE[id].tests:
        path, _, name = node.partition("::")
        assert (TESTS / path).exists(), node
        assert name in functions(TESTS / path), node


def test_a_reason_is_a_sentence_of_its_own() -> None:
    for id, entry in ELSEWHERE.items():
        assert entry.tests or len(entry.why) > 40, id
