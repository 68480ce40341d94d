"""What a ticked box says once, and what it says no more."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connector.contest.card import Box, Mark, mark_of, said, ticked
from connector.contest.values import Contest, Ruling, Verdict
from connector.records import Deal

AT = datetime(2026, 9, 1, tzinfo=UTC)
TICKED = Mark("deal:1", "501", True, "a double")
EMPTY = Mark("deal:1", "501", False, "a double")


def contest(number: int = 1, what: Any = None, **more: Any) -> Contest:
    verdicts = () if what is None else (Verdict(what=what, by="510", reason="x", at=AT),)
    ruling = Ruling(about="deal:1", user="501")
    return Contest(**({"id": number, "ruling": ruling, "by": "501", "reason": "x", "at": AT, "via": "card",
                       "verdicts": verdicts} | more))  # fmt: skip


@pytest.mark.parametrize(
    ("mark", "known", "still", "opened", "withdrawn", "emptied"),
    [
        (TICKED, (), (), True, (), ()),
        (EMPTY, (), (), False, (), ()),
        (TICKED, (contest(),), (1,), False, (), ()),
        (EMPTY, (contest(),), (1,), False, (1,), (1,)),
        (TICKED, (contest(what="declined"),), (1,), False, (), ()),
        (EMPTY, (contest(what="declined"),), (1,), False, (), (1,)),
        (TICKED, (contest(what="declined"),), (), True, (), ()),
        (TICKED, (contest(1, "declined"), contest(2)), (2,), False, (), ()),
        (TICKED, (contest(via="cli"),), (), True, (), ()),
        (Mark("deal:1", None, True, ""), (), (), False, (), ()),
    ],
)
def test_what_follows_from_a_card(
    mark: Mark, known: Any, still: Any, opened: bool, withdrawn: Any, emptied: Any
) -> None:
    found = said([mark], known, still)
    assert (found.opened, found.withdrawn, found.emptied) == ((mark,) if opened else (), withdrawn, emptied)


@pytest.mark.parametrize("value", [True, 1, "1", "Y", "true", "Да", ["1"], (True,)])
def test_ticked(value: Any) -> None:
    assert ticked(value)


@pytest.mark.parametrize("value", [None, False, 0, "0", "N", "false", "", [], "Нет"])
def test_not_ticked(value: Any) -> None:
    assert not ticked(value)


def test_a_deal_says_whose_it_is_and_what_is_wrong() -> None:
    deal = Deal(id="1", created_at=AT, pipeline_id="1", stage_id="1", owner_id="501", fields={"A": "Y", "B": " wrong "})
    assert mark_of(deal, Box("A", "B")) == Mark("deal:1", "501", True, "wrong")
    assert mark_of(deal, Box("C", "D")) == Mark("deal:1", "501", False, "")
