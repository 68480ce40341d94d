from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from providers.amocrm.spelling import Decision, Slot, decide, encoded, normal, shown

ZONE = ZoneInfo("Europe/Moscow")
SLOTS = {"N": Slot(1, "numeric"), "T": Slot(2, "text"), "D": Slot(3, "date"), "F": Slot(4, "checkbox")}


@pytest.mark.parametrize(
    ("type_", "a", "b"),
    [
        ("numeric", "87.50", "87.5"), ("numeric", " 087,5 ", "87.5"), ("numeric", "100", "100.00"),
        ("text", " да ", "да"), ("text", "", None), ("text", "  ", None), ("checkbox", "0", None),
        ("checkbox", "True", "1"),
        ("date", "2026-09-01T10:00:00", "2026-09-01"), ("numeric", "inf", "inf"), ("numeric", "n/a", "n/a"),
    ],
)  # fmt: skip
def test_the_same_to_amocrm_is_the_same_here(type_: str, a: str, b: str | None) -> None:
    assert normal(a, type_) == normal(b, type_)


@pytest.mark.parametrize(
    ("wanted", "current", "last", "write", "theirs"),
    [
        ({"N": "5"}, {"N": None}, {}, {"N": "5"}, ()),
        ({"N": "5.0"}, {"N": "5"}, {}, {}, ()),
        ({"N": "6"}, {"N": "5"}, {"N": "5.00"}, {"N": "6"}, ()),
        ({"N": "6"}, {"N": "7"}, {"N": "5"}, {}, ("N",)),
        ({"N": "6"}, {"N": "7"}, {}, {}, ("N",)),
        ({"N": "6", "T": "x"}, {"N": "7", "T": None}, {}, {"T": "x"}, ("N",)),
        ({"T": None}, {"T": "x"}, {"T": "x"}, {"T": None}, ()),
        ({"T": None}, {"T": "чужое"}, {"T": "x"}, {}, ("T",)),
        ({"T": "x"}, {"T": None}, {"T": "x"}, {"T": "x"}, ()),
        ({"T": None}, {"T": None}, {}, {}, ()),
    ],
)
def test_humans_win(wanted: Any, current: Any, last: Any, write: Any, theirs: Any) -> None:
    assert decide(wanted, current, last, SLOTS) == Decision(write, theirs)


def test_what_is_sent_and_what_comes_back() -> None:
    told = {"N": "87.50", "T": " в норме ", "D": "2026-09-01", "F": "1"}
    sent = encoded(told, SLOTS, ZONE)
    assert sent == [
        {"field_id": 1, "values": [{"value": "87.5"}]},
        {"field_id": 2, "values": [{"value": "в норме"}]},
        {"field_id": 3, "values": [{"value": 1788210000}]},
        {"field_id": 4, "values": [{"value": True}]},
    ]
    back = shown({"custom_fields_values": sent}, SLOTS, ZONE)
    assert back["D"] == "2026-09-01"
    assert decide(told, back, {}, SLOTS) == Decision({}, ())


def test_emptying() -> None:
    assert encoded({"N": None, "F": None}, SLOTS, ZONE) == [
        {"field_id": 1, "values": None},
        {"field_id": 4, "values": [{"value": False}]},
    ]


@pytest.mark.parametrize(
    "row", [{}, {"custom_fields_values": None}, {"custom_fields_values": [{"field_id": 1, "values": []}]}]
)
def test_an_empty_card(row: Any) -> None:
    assert shown(row, SLOTS, ZONE) == {"N": None, "T": None, "D": None, "F": None}
