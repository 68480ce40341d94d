"""An enquiry that got another owner before its answer: his clock starts when it was given to him (K-06a)."""

from __future__ import annotations

from typing import Any

import pytest

from connector.fact import Fact
from connector.records import Owner
from tests.derive.ground import at, call, deal, facts, lead, move, owner, sales

OPEN = deal(outcome="open", created_at=at("2026-08-11T10:00"))


def given(user: str | None, when: str, of: str = "deal:1", before: str = "501", how: Any = "exact") -> Owner:
    return Owner(id=f"o{when}{of}", of=of, at=at(when), user_id=user, before=before, how=how)


def handed(*parts: Any, **more: Any) -> dict[str, Fact]:
    """The clocks of later owners, by user."""
    changes = tuple(one for one in parts if isinstance(one, Owner))
    calls = tuple(one for one in parts if not isinstance(one, Owner))
    base: dict[str, Any] = {"deals": (OPEN,), "owners": changes, "calls": calls}
    found = facts(**(base | more))
    return {fact.user or "": fact for fact in found.values() if fact.kind == "handed"}


def test_the_clock_of_a_later_owner_starts_when_it_was_given_to_him() -> None:
    told = facts(
        deals=(OPEN,), owners=(owner("502", "501", "2026-08-11T12:00"),), calls=(call("2026-08-11T12:10", 95),)
    )
    first, second = told["enquiry|deal:1"], told["handed|deal:1|502"]
    assert (first.user, first.number, first.at) == ("501", 130 * 60, at("2026-08-11T10:00"))
    assert (second.user, second.number, second.at) == ("502", 10 * 60, at("2026-08-11T12:00"))
    assert (second.due_at, second.day.isoformat()) == (at("2026-08-11T12:15"), "2026-08-11")
    assert (second.deal, second.client, second.confidence) == ("1", "contact:7", "exact")


def test_it_waits_in_his_working_time_and_still_where_nobody_answers() -> None:
    one = handed(given("502", "2026-08-14T17:55"))["502"]
    assert (one.number, one.due_at) == (None, at("2026-08-17T09:10"))
    late = handed(given("502", "2026-08-14T17:55"), call("2026-08-17T09:04", 60))["502"]
    assert late.number == 9 * 60


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("answered before", (call("2026-08-11T11:00", 95), given("502", "2026-08-11T12:00"))),
        ("at the answer", (call("2026-08-11T12:00", 95), given("502", "2026-08-11T12:00"))),
        ("as it came", (given("501", "2026-08-11T10:00", before="502"),)),
        ("to nobody", (given(None, "2026-08-11T12:00"),)),
        ("to the same", (given("501", "2026-08-11T12:00"),)),
        ("of another deal", (given("502", "2026-08-11T12:00", of="deal:9"),)),
    ],
)
def test_where_nobody_else_waits(name: str, parts: Any) -> None:
    assert not handed(*parts), name


def test_everybody_has_one_clock() -> None:
    changes = [given("502", "2026-08-11T11:00"), given("503", "2026-08-11T12:00", before="502"),
               given("501", "2026-08-11T13:00", before="503"), given("502", "2026-08-11T14:00")]  # fmt: skip
    told = handed(*changes, call("2026-08-11T15:00", 95))
    assert {user: (fact.number or 0) / 3600 for user, fact in told.items()} == {"502": 4, "503": 3}


def test_what_is_closed_waits_for_nobody() -> None:
    lost = deal(outcome="lost", created_at=at("2026-08-11T10:00"), loss_reason_id="78")
    moves = (move("lost", "2026-08-11T12:00", source="open"),)
    assert not handed(given("502", "2026-08-11T12:00"), deals=(lost,), moves=moves)
    assert set(handed(given("502", "2026-08-11T11:59"), deals=(lost,), moves=moves)) == {"502"}


def test_the_lead_and_its_deals_are_one_enquiry() -> None:
    came = lead("5", created_at=at("2026-08-11T10:00"))
    sold = deal(outcome="open", lead_id="5", created_at=at("2026-08-11T11:00"))
    told = handed(
        given("502", "2026-08-11T10:30", of="lead:5"), given("503", "2026-08-11T12:00"), leads=(came,), deals=(sold,)
    )
    assert {user: fact.key for user, fact in told.items()} == {"502": "handed|lead:5|502", "503": "handed|lead:5|503"}


def test_what_counts_nowhere_is_left_out_for_later_owners_too() -> None:
    own = deal(outcome="open", created_at=at("2026-08-11T10:00"), created_by="501")
    made = deal(outcome="open", created_at=at("2026-08-11T10:00"), created_by="502")
    change = given("502", "2026-08-11T12:00")
    assert handed(change, deals=(own,))["502"].omitted == "own_lead"
    assert handed(change, deals=(made,))["502"].omitted == "own_lead"
    assert handed(change, deals=(made,), rules=sales(own_leads=True))["502"].omitted is None
    assert handed(change, gone={"deal:1": at("2026-09-01T10:00")})["502"].omitted == "deleted"


def test_it_is_as_sure_as_the_change_that_we_saw() -> None:
    change = given("502", "2026-08-11T12:00", how="observed")
    since = {"deal:1": at("2026-08-11T10:01")}
    assert handed(change, rules=sales("observed"), since=since)["502"].confidence == "observed"
    assert handed(change, rules=sales("observed"))["502"].confidence == "assumed"
