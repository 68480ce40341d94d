"""When an enquiry qualified, and when it was decided at all."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from connector.fact import Fact
from tests.derive.ground import at, deal, facts, into, lead, move, sales

RULES = sales(qualified_stages=("quote",), conversion_window_days=30, own_leads=True)
HOUR = 3600


def derived(**parts: Any) -> dict[str, Fact]:
    return {f.kind: f for f in facts(**({"rules": RULES} | parts)).values() if f.kind.startswith("lead_")}


def of_deal(*moves: Any, outcome: Any = "open", **more: Any) -> tuple[float | None, float | None]:
    """Hours from Tuesday 1 September 10:00 until it qualified (calendar) and was decided (working)."""
    found = derived(deals=(deal(outcome=outcome, **more),), moves=moves)
    return tuple(  # type: ignore[return-value]
        None if (number := found[f"lead_{kind}"].number) is None else number / HOUR
        for kind in ("qualified", "processed")
    )


@pytest.mark.parametrize(
    ("name", "moves", "more", "hours"),
    [
        ("not yet", (into("talk", "2026-09-01T12:00"),), {}, (None, None)),
        ("qualified", (into("quote", "2026-09-02T10:00"),), {}, (24, 9)),
        ("in a later stage", (into("bill", "2026-09-02T10:00"),), {}, (24, 9)),
        ("won at once", (into("won", "2026-09-01T20:00"),), {"outcome": "won"}, (10, 8)),
        ("and back", (into("quote", "2026-09-01T12:00"), into("talk", "2026-09-01T13:00")), {}, (2, 2)),
        (
            "lost for a reason",
            (into("lost", "2026-09-01T12:00"),),
            {"outcome": "lost", "loss_reason_id": "78"},
            (None, 2),
        ),
        (
            "lost for another",
            (into("lost", "2026-09-01T12:00"),),
            {"outcome": "lost", "loss_reason_id": "79"},
            (None, 2),
        ),
        ("lost for none", (into("lost", "2026-09-01T12:00"),), {"outcome": "lost"}, (None, None)),
        (
            "qualified, then lost",
            (into("quote", "2026-09-01T12:00"), into("lost", "2026-09-01T14:00")),
            {"outcome": "lost", "loss_reason_id": "78"},
            (2, 2),
        ),
        (
            "lost, then opened again",
            (into("lost", "2026-09-01T12:00"), into("talk", "2026-09-01T14:00")),
            {},
            (None, None),
        ),
    ],
)
def test_an_enquiry_qualifies_once_and_is_decided_by_that_or_by_a_loss(
    name: str, moves: Any, more: Any, hours: Any
) -> None:
    assert of_deal(*moves, **more) == hours, name


def test_they_are_the_enquirys_and_have_its_window() -> None:
    found = derived(leads=(lead("5", owner_id="502"),), deals=(deal(lead_id="5", outcome="open"),))
    assert {(f.user, f.lead, f.deal) for f in found.values()} == {("502", "5", "1")}
    assert found["lead_qualified"].due_at == at("2026-10-01T10:00")
    assert found["lead_processed"].due_at is None


def test_a_lead_that_was_converted_qualified() -> None:
    converted = replace(move("won", "2026-09-01T15:00", "lead:5"), stage_id="9/won", pipeline_id="9")
    found = derived(leads=(lead("5", outcome="won", stage_id="9/won", pipeline_id="9"),), moves=(converted,))
    assert found["lead_qualified"].number == found["lead_processed"].number == 5 * HOUR
    silent = derived(leads=(lead("5", outcome="won", stage_id="9/won", closed_at=at("2026-09-01T13:00")),))
    assert (silent["lead_qualified"].number, silent["lead_qualified"].confidence) == (3 * HOUR, "assumed")


def test_the_first_of_lead_and_deals_decides_and_those_that_count_nowhere_do_not() -> None:
    deals = (
        deal("1", "open", lead_id="5"),
        deal("2", "open", lead_id="5"),
        deal("3", "open", pipeline="3", lead_id="5"),
    )
    moves = tuple(into("quote", f"2026-09-01T1{hour}:00", f"deal:{id}") for id, hour in (("1", 6), ("2", 4), ("3", 2)))
    found = derived(leads=(lead("5"),), deals=deals, moves=moves)
    assert found["lead_qualified"].number == 4 * HOUR
    gone = derived(leads=(lead("5"),), deals=deals, moves=moves, gone={"deal:2": at("2026-09-09T10:00")})
    assert gone["lead_qualified"].number == 6 * HOUR


def test_an_unsorted_lead_decides_nothing_itself() -> None:
    unsorted = lead("uid", deal="deal:1", outcome="won", closed_at=at("2026-09-01T12:00"))
    assert derived(leads=(unsorted,), deals=(deal(outcome="open"),))["lead_qualified"].number is None


def test_without_configured_stages_nothing_qualifies() -> None:
    for rules in (sales(), sales(qualified_stages=("нет такого",))):
        assert derived(rules=rules, deals=(deal(),)).keys() == {"lead_won"}


@pytest.mark.parametrize(
    ("name", "parts", "told"),
    [
        ("lost as junk", {"leads": (lead("5", outcome="lost", loss_reason_id="77"),)}, ["junked|lead:5"]),
        ("its deal", {"deals": (deal("2", "lost", loss_reason_id="77"),)}, ["junked|deal:2"]),
        ("lost for a reason", {"leads": (lead("5", outcome="lost", loss_reason_id="78"),)}, []),
        ("a good one beside it", {"leads": (lead("5"),), "deals": (deal(lead_id="5"),)}, []),
        ("a service's", {"deals": (deal("2", "lost", loss_reason_id="77", pipeline="3"),)}, []),
        (
            "gone",
            {"leads": (lead("5", outcome="lost", loss_reason_id="77"),), "gone": {"lead:5": at("2026-09-20T10:00")}},
            [],
        ),
    ],
)
def test_junk_is_told_once_it_left_the_enquiries(name: str, parts: dict[str, Any], told: list[str]) -> None:
    found = facts(RULES, **parts)
    junked = [fact for fact in found.values() if fact.kind == "junked"]
    assert [fact.key for fact in junked] == told, name
    for one in junked:
        asked = found[f"enquiry|{one.key.partition('|')[2]}"]
        assert (asked.omitted, one.omitted, one.number, one.due_at) == ("junk", None, None, None)
        assert (one.at, one.day, one.user, one.client, one.source) == (
            asked.at, asked.day, asked.user, asked.client, asked.source,
        )  # fmt: skip
