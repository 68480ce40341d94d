"""Whom a command means: an id, a name in any case, a part that only one has; of several it names all."""

from __future__ import annotations

import pytest

from connector.errors import BadConfig
from connector.pipeline.whom import LISTED, listed, meant, whom
from connector.records import User
from connector.store.crm import records
from connector.store.engine import Store
from tests.pipeline.shop import opened

PEOPLE = [
    User(id="501", name="Анна Белова"),
    User(id="502", name="Анна  Белкина"),
    User(id="503", name="Анна"),
    User(id="504", name="Борис Громов", active=False),
    User(id="анна", name="Робот"),
    User(id="507", name="Жанна Ильина"),
]


@pytest.mark.parametrize(
    ("told", "exactly", "found"),
    [
        ("501", False, ["501"]),
        ("АННА БЕЛОВА", False, ["501"]),
        ("анна белкина", False, ["502"]),
        ("Анна", False, ["503", "анна"]),
        ("бел", False, ["501", "502"]),
        ("анн", False, ["501", "502", "503"]),  # not Жанна: whose word begins so comes first
        ("анна б", False, ["501", "502"]),
        ("жан", False, ["507"]),
        ("льин", False, ["507"]),
        ("громов", False, ["504"]),
        ("громов", True, []),
        ("борис громов", True, ["504"]),
        ("Иван", False, []),
        (" ", False, []),
    ],
)
def test_who_is_meant(told: str, exactly: bool, found: list[str]) -> None:
    assert [one.id for one in meant(PEOPLE, told, exactly=exactly)] == found


def test_in_an_account_one_is_found_several_are_named_and_a_stranger_stays(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    assert [whom(bench, told) for told in ("501", "anna", "BOR", "999")] == ["501", "501", "502", "999"]
    assert whom(bench, "BOR", exactly=True) == "BOR"


def test_of_several_all_are_named_with_their_ids(sqlite_store: Store) -> None:
    bench = opened(sqlite_store)
    with sqlite_store.write() as conn:
        records.keep(conn, bench.account, [User(id="503", name="Annabel")], now=bench.now())
    with pytest.raises(BadConfig, match=r"'ann' may be Anna \(501\), Annabel \(503\); say the id"):
        whom(bench, "ann")
    assert whom(bench, "anna") == "501", "a whole name is no part of another one"


def test_a_long_list_is_cut() -> None:
    many = [User(id=str(n), name=f"N{n:02}") for n in range(LISTED + 3)]
    assert listed(many).endswith("N19 (19) and 3 more")
