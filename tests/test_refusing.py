"""A row that is kept because it could not be read tells what was odd about it, and nothing of anybody."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.records import Refusal
from connector.refusing import HIDDEN, LONGEST_RAW, LONGEST_REASON, refusal


def of(row: Any, error: Exception) -> Refusal:
    return refusal("call", "9", row, error, lambda name: name not in ("id", "ids", "on"))


def test_what_may_be_personal_is_hidden_and_the_rest_is_kept() -> None:
    row = {
        "id": 9, "ids": [7, 8], "on": {"id": 3, "name": "Мария"}, "phone": "+79161234567", "empty": None, "none": "",
        "more": [{"id": 5, "inn": 7701234567}], "yes": True,
    }  # fmt: skip
    told = of(row, ValueError("'9' is no type"))
    assert (told.kind, told.id, told.reason) == ("call", "9", "'9' is no type")
    assert told.raw == (
        '{"id":9,"ids":[7,8],"on":{"id":3,"name":"…"},"phone":"…","empty":null,"none":"",'
        '"more":[{"id":"…","inn":"…"}],"yes":true}'
    )


@pytest.mark.parametrize("text", ["+79161234567", "  Мария Петрова ", 'О\'Нил\n"Рога"', 79161234567])
def test_an_error_that_quotes_it_does_not_tell_it_either(text: Any) -> None:
    told = of({"id": 9, "phone": text}, ValueError(f"{text!r} is not a date"))
    assert re.fullmatch(rf"['\" ]*{HIDDEN}['\" ]* is not a date", told.reason)


@pytest.mark.parametrize("row", [None, 5, "+79161234567", [["Мария"]]])
def test_of_what_is_no_object_nothing_is_kept(row: Any) -> None:
    assert of(row, TypeError("no object")).raw == "{}"


def test_what_lacks_is_named_and_the_longest_is_cut() -> None:
    told = of({"id": "x" * 2 * LONGEST_RAW}, KeyError("at"))
    assert (told.reason, len(told.raw)) == ("no 'at'", LONGEST_RAW)
    assert len(of({}, ValueError("x" * 2 * LONGEST_REASON)).reason) == LONGEST_REASON
    assert of({}, ArithmeticError()).reason == "ArithmeticError"


DEEP = st.recursive(st.just("+79161234567"), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(DEEP)
def test_however_deep_it_lies(value: Any) -> None:
    told = refusal("call", "9", {"id": 1, "it": value}, ValueError(f"odd: {value!r}"), lambda name: name != "id")
    assert "9161234567" not in told.raw + told.reason
