"""The lists say of every file of the two packages whether it is tried, and by which tests."""

from __future__ import annotations

import ast

from tests.mutants.changes import changes
from tests.mutants.patching import ROOT
from tests.mutants.stand_for import LEFT_OUT, STAND_FOR

FILES = {
    str(path.relative_to(ROOT)): path.read_text("utf-8")
    for package in ("kpi", "derive")
    for path in (ROOT / "connector" / package).rglob("*.py")
}


def test_every_file_that_decides_something_is_tried_or_left_out_for_a_reason() -> None:
    deciding = {file for file, text in FILES.items() if changes(ast.parse(text))}
    assert deciding - STAND_FOR.keys() - LEFT_OUT.keys() == set(), "name their tests in tests/mutants/stand_for.py"


def test_no_file_stands_in_both_lists_and_each_is_there() -> None:
    assert not STAND_FOR.keys() & LEFT_OUT.keys()
    assert STAND_FOR.keys() | LEFT_OUT.keys() <= FILES.keys()


def test_every_file_that_is_tried_has_tests() -> None:
    for file, tests in STAND_FOR.items():
        assert tests, file
        assert [test for test in tests if not (ROOT / test).is_file()] == []
