"""A patch makes of the module that was imported the one that was changed, wherever its functions have gone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import pytest

from tests.mutants.patching import Changed, patch

TEXT = """
from functools import cache
LIMIT = 3
def over(a):
    return a > LIMIT
def all_over(some):
    return [over(a) for a in some]
@cache
def kept(a):
    return a + 1
class Two:
    @property
    def number(self):
        return 2
    @staticmethod
    def least(a, b):
        return min(a, b)
"""


def plain(old: str, new: str) -> str:
    """The text with one thing changed, as changes are written."""
    return ast.unparse(ast.parse(TEXT.replace(old, new)))


@pytest.fixture
def module() -> Iterator[Any]:
    made = ModuleType("patched_here")
    exec(TEXT, made.__dict__)
    sys.modules["patched_here"] = made
    yield made
    del sys.modules["patched_here"]


@pytest.mark.parametrize(
    ("old", "new", "asked", "before", "after"),
    [
        ("a > LIMIT", "a >= LIMIT", "over(3)", False, True),
        ("over(a) for a", "not over(a) for a", "all_over([5])", [True], [False]),
        ("a + 1", "a - 1", "kept(1)", 2, 0),
        ("return 2", "return 3", "Two().number", 2, 3),
        ("min(a", "max(a", "Two.least(1, 2)", 1, 2),
    ],
)
def test_a_function_changes_where_it_is(
    module: Any, old: str, new: str, asked: str, before: object, after: object
) -> None:
    held = dict(module.__dict__)
    made = patch("patched_here.py", TEXT, plain(old, new))
    assert made is not None
    if asked != "kept(1)":  # what a cache holds stays: nothing was asked when patches are applied
        assert eval(asked, held) == before
    assert made.apply()
    assert eval(asked, held) == after


@pytest.mark.parametrize(
    ("old", "new"), [("LIMIT = 3", "LIMIT = 4"), ("class Two:", "class Two(int):"), ("@cache", ""), ("x", "x")]
)
def test_what_is_no_functions_body_needs_the_import(old: str, new: str) -> None:
    assert patch("patched_here.py", TEXT, plain(old, new)) is None


def test_what_was_called_as_it_was_imported_needs_the_import() -> None:
    changed = plain("a > LIMIT", "a >= LIMIT")
    assert patch("connector/kpi/look.py", TEXT, changed) is not None
    assert patch("connector/kpi/families/cohort.py", TEXT, changed) is None


def test_a_function_that_is_not_there_is_not_changed(module: Any) -> None:
    del module.over
    made = patch("patched_here.py", TEXT, plain("a > LIMIT", "a >= LIMIT"))
    assert made is not None
    assert not made.apply()


def test_an_import_finds_the_changed_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "meta_path", [Changed("connector/money.py", "LIMIT = 4"), *sys.meta_path])
    monkeypatch.delitem(sys.modules, "connector.money", raising=False)
    import connector.money

    found: Any = sys.modules["connector.money"]
    monkeypatch.delitem(sys.modules, "connector.money")
    assert (found.LIMIT, connector.money is found) == (4, True)
