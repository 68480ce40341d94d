"""Stages named in the rules, by name or id, in every pipeline that has them; what means nothing is told."""

from __future__ import annotations

from typing import Any

import pytest

from connector.config import Rules
from connector.derive.ladder import Ladder, ladder
from connector.records import Stage
from tests.derive.ground import STAGES, sales


def made(stages: dict[str, Stage] = STAGES, **rules: Any) -> Ladder:
    return ladder(Rules(holidays="", **rules), stages)


def test_a_stage_and_all_that_come_after_it_qualify_but_no_lost_one() -> None:
    assert made(qualified_stages=("1/QUOTE",)).qualified == {"1/quote", "1/bill", "1/won"}
    assert made(qualified_stages=(" bill ",)).qualified == {f"{p}/{w}" for p in "1239" for w in ("bill", "won")}
    assert made(qualified_stages=("1/won",)).qualified == {"1/won"}
    assert made(qualified_stages=("1/lost",)).qualified == {"1/lost"}


def test_a_stage_beside_it_does_not_come_after_it() -> None:
    beside = Stage(id="1/beside", name="Рядом", pipeline_id="1", outcome="open", sort=STAGES["1/quote"].sort)
    assert made(STAGES | {beside.id: beside}, qualified_stages=("1/quote",)).qualified == {"1/quote", "1/bill", "1/won"}


def test_a_step_needs_both_stages_in_one_pipeline() -> None:
    (step,) = made(key_steps=("1/talk > bill",)).steps
    assert step == ("1/talk > bill", {"1/talk"}, {"1/talk", "1/quote", "1/bill", "1/won"}, {"1/bill", "1/won"})
    assert made(key_steps=("1/talk > 2/bill", "talk", "talk > nowhere", "lost > won", "talk > lost")).unknown == tuple(
        f"rules.key_steps: {title!r} names no two stages of one pipeline"
        for title in ("1/talk > 2/bill", "talk", "talk > nowhere", "lost > won", "talk > lost")
    )


def test_deals_begin_in_the_lowest_open_stage_or_unaccepted() -> None:
    unsorted = Stage(id="1/unsorted", name="Неразобранное", pipeline_id="1", sort=-1, unsorted=True)
    assert made(STAGES | {unsorted.id: unsorted}).first == {"1/unsorted", "1/new", "2/new", "3/new", "9/new"}


def test_norms_of_single_stages_are_by_id() -> None:
    assert made(stuck_by_stage={"1/new": 2, "talk": 9}).stuck == {"1/new": 2} | {f"{p}/talk": 9 for p in "1239"}


def test_unknown_names_are_told() -> None:
    rules = {"qualified_stages": ("a",), "quote_stage": "b", "stuck_by_stage": {"c": 5}}
    assert made(**rules).unknown == tuple(
        f"rules.{key}: {name!r} is no stage"
        for key, name in (("qualified_stages", "a"), ("quote_stage", "b"), ("stuck_by_stage", "c"))
    )
    assert sales(**rules).unknown == made(**rules).unknown
    assert sales(other_reasons=("Никакая",)).unknown == (
        "rules.other_reasons: 'Никакая' is no loss reason and no lost stage",
    )


@pytest.mark.parametrize(
    "changed",
    [
        {"key_steps": ("talk > quote",)},
        {"quote_stage": "talk"},
        {"qualified_stages": ("talk",)},
        {"stuck_by_stage": {"talk": 1}},
    ],
)
def test_another_meaning_has_another_mark(changed: Any) -> None:
    assert made().mark != made(**changed).mark
    renamed = {
        id: (Stage(id=id, name="x", pipeline_id="1") if id == "1/talk" else stage) for id, stage in STAGES.items()
    }
    assert made(**changed).mark != made(renamed, **changed).mark
    assert sales().mark != sales(**changed).mark
