"""Every way in which PHP says nothing, yes, a map, a date."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as st

from providers.bitrix24 import php


@pytest.mark.parametrize(
    ("value", "read"),
    [([], {}), ({}, {}), (None, {}), ("", {}), ({"a": 1}, {"a": 1}), ([7, 8], {"0": 7, "1": 8})],
)
def test_a_map_is_read_whichever_way_it_was_written(value: Any, read: dict[str, Any]) -> None:
    assert php.table(value) == read


@pytest.mark.parametrize(("value", "read"), [([], []), ({}, []), (None, []), ({"5": "a", "9": "b"}, ["a", "b"])])
def test_a_list_is_read_whichever_way_it_was_written(value: Any, read: list[Any]) -> None:
    assert php.rows(value) == read


@pytest.mark.parametrize("value", [5, "text", True])
def test_what_is_neither_map_nor_list_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="was expected"):
        php.table(value)
    with pytest.raises(ValueError, match="was expected"):
        php.rows(value)


@pytest.mark.parametrize(
    ("value", "read"),
    [("Y", True), ("N", False), (1, True), ("0", False), (True, True), ("true", True), ("", False), (None, None)],
)
def test_yes_and_no(value: Any, read: bool | None) -> None:
    assert php.truth(value) is read


def test_another_word_is_neither_yes_nor_no() -> None:
    with pytest.raises(ValueError, match="neither"):
        php.truth("perhaps")


@pytest.mark.parametrize("value", [None, "", 0, "0", [], {}, False])
def test_no_link(value: Any) -> None:
    assert php.key(value) is None


@pytest.mark.parametrize("value", [{}, "", None, [], "0000-00-00 00:00:00"])
def test_no_date(value: Any) -> None:
    assert php.instant(value) is None
    assert php.day(value) is None


def test_a_midnight_with_an_offset_stays_on_its_day() -> None:
    assert php.day("2026-09-01T03:00:00+03:00") == "2026-09-01"
    assert php.day("2026-09-01T00:00:00+03:00") == "2026-09-01"
    assert php.day("24.08.2023 13:19:39") == "2023-08-24"


def test_an_instant_is_utc_and_needs_an_offset() -> None:
    assert php.instant("2026-09-01T00:30:00+03:00") == datetime(2026, 8, 31, 21, 30, tzinfo=UTC)
    with pytest.raises(ValueError, match="zone"):
        php.instant("2026-09-01 00:30:00")


@pytest.mark.parametrize("value", ["NaN", "1e999999", "abc", "Infinity"])
def test_what_is_no_number(value: str) -> None:
    if value == "1e999999":
        assert php.number(value) == Decimal("1e999999")
        return
    with pytest.raises(ValueError, match="not a number"):
        php.number(value)


def test_a_query_says_yes_and_no_as_the_portal_does() -> None:
    assert php.query({"fields": {"A": True, "B": False, "C": None, "D": []}}) == (
        "fields%5BA%5D=Y&fields%5BB%5D=N&fields%5BC%5D=&fields%5BD%5D%5B%5D="
    )
    assert php.plain(Decimal("1E+3")) == "1000"


@given(st.dictionaries(st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8"))))
def test_a_query_is_encoded_exactly_once(parameters: dict[str, str]) -> None:
    assert dict(parse_qsl(php.query(parameters), keep_blank_values=True)) == parameters
