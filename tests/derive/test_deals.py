"""The standing last win, whose it was, what it was worth: the cases that tell right from nearly right."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from msgspec.structs import replace

from connector.fact import Fact
from connector.records import Client, Move
from tests.derive.ground import at, deal, facts, move, owner, price, sales

WON = move("won", "2026-09-10T12:00", source="open")


def win(**parts: Any) -> Fact:
    return facts(**({"deals": (deal(),), "moves": (WON,)} | parts))["win|deal:1"]


def test_a_win_is_its_owners_at_the_moment_it_was_won() -> None:
    fact = win(
        deals=(deal(owner_id="502", source="Сайт", lead_id="5"),), owners=(owner("502", "501", "2026-09-20T10:00"),)
    )
    assert fact == Fact(
        key="win|deal:1",
        kind="win",
        at=at("2026-09-10T12:00"),
        day=date(2026, 9, 10),
        user="501",
        client="contact:7",
        deal="1",
        lead="5",
        pipeline="1",
        source="Сайт",
        amount=100_000_00,
        number=1,
        owner_now="502",
        due_at=at("2026-12-09T12:00"),
    )


def test_a_close_tells_who_else_may_be_credited() -> None:
    """Who made the last move into the outcome, not the one before it that was taken back."""
    moves = (
        replace(WON, by="501"),
        move("open", "2026-09-12T10:00", source="won"),
        replace(move("won", "2026-09-20T12:00", source="open"), by="503"),
    )
    fact = win(deals=(deal(created_by="502"),), moves=moves)
    assert (fact.user, fact.owner_now, fact.actor, fact.creator) == ("501", "501", "503", "502")
    assert win(moves=()).actor is None


def test_reassigned_before_the_win_counts_for_the_new_owner() -> None:
    changes = (owner("503", "501", "2026-09-09T10:00"), owner("502", "503", "2026-09-11T10:00"))
    assert win(deals=(deal(owner_id="502"),), owners=changes).user == "503"


def test_reassigned_in_the_very_second_of_the_win_counts_for_the_new_owner() -> None:
    assert win(owners=(owner("502", "501", "2026-09-10T12:00"),)).user == "502"


def test_reopened_and_won_again_is_one_win_at_the_last_entry() -> None:
    moves = (WON, move("open", "2026-09-20T12:00", source="won"), move("won", "2026-10-05T09:00", source="open"))
    assert [f.at for key, f in facts(deals=(deal(),), moves=moves).items() if key.startswith("win")] == [
        at("2026-10-05T09:00")
    ]


def test_without_the_stage_it_came_from_the_previous_move_tells() -> None:
    moves = (
        move("open", "2026-09-01T10:00"),
        move("won", "2026-09-10T12:00"),
        move("won", "2026-09-15T12:00", id="moved within the won ones"),
    )
    assert win(moves=moves).at == at("2026-09-10T12:00")


def test_a_move_from_a_stage_to_itself_is_an_artefact() -> None:
    echo = move("won", "2026-09-25T12:00", source="won")
    assert win(moves=(WON, echo)).at == at("2026-09-10T12:00")


def test_a_move_within_the_won_stages_is_no_entry() -> None:
    other = Move(id="m", of="deal:1", at=at("2026-09-25T12:00"), pipeline_id="2", stage_id="2/won", outcome="won")
    for told in (other, replace(other, from_stage_id="1/won", from_outcome="won")):
        assert win(moves=(WON, told)).at == at("2026-09-10T12:00")


def test_reopened_and_lost_is_a_loss_and_no_win() -> None:
    moves = (WON, move("open", "2026-09-12T10:00", source="won"), move("lost", "2026-09-24T15:00", source="open"))
    found = facts(deals=(deal(outcome="lost", loss_reason_id="78"),), moves=moves)
    assert "win|deal:1" not in found
    assert found["loss|deal:1"].at == at("2026-09-24T15:00")
    assert found["loss|deal:1"].omitted is None
    assert found["loss|deal:1"].amount is None


def test_reopened_and_still_open_is_neither() -> None:
    moves = (WON, move("open", "2026-09-12T10:00", source="won"))
    assert {f.kind for f in facts(deals=(deal(outcome="open"),), moves=moves).values()} == {
        "created", "enquiry", "lead_won", "open_deal", "open_quiet",
    }  # fmt: skip


@pytest.mark.parametrize("more", [{"loss_reason_id": "77"}, {"stage_id": "1/spam"}])
def test_lost_as_junk_counts_nowhere(more: dict[str, str]) -> None:
    found = facts(deals=(deal(outcome="lost", **more),))
    assert found.pop("junked|deal:1").omitted is None  # but in the share of what was removed
    kinds = ("created", "enquiry", "lead_won", "loss")
    assert {key: f.omitted for key, f in found.items()} == {f"{kind}|deal:1": "junk" for kind in kinds}


def test_deleted_after_the_win_is_shown_but_not_counted() -> None:
    assert win(gone={"deal:1": at("2026-10-03T12:00")}).omitted == "deleted"


def test_merged_into_another_is_not_deleted() -> None:
    gone = {"deal:1": at("2026-10-03T12:00")}
    assert win(gone=gone, merged={"deal:1": "deal:2"}).omitted == "merged"


def test_the_service_pipeline_sells_nothing() -> None:
    assert win(deals=(deal(pipeline="3"),)).omitted == "service_pipeline"
    assert win(rules=sales(sales_pipelines=()), deals=(deal(pipeline="3"),)).omitted is None


@pytest.mark.parametrize(
    ("more", "number"),
    [
        ({}, 0),
        ({"loss_reason_id": "78"}, 2),
        ({"loss_reason_id": "79"}, 1),
        ({"loss_reason_id": "80"}, 1),
        ({"loss_reason_id": "1/lost", "stage_id": "1/lost"}, 2),
    ],
)
def test_a_loss_tells_how_well_its_reason_is_stated(more: dict[str, str], number: int) -> None:
    rules = sales(other_reasons=("Другое", "80"))
    assert facts(rules, deals=(deal(outcome="lost", **more),))["loss|deal:1"].number == number


def test_a_lost_stage_may_be_the_other_reason() -> None:
    told = deal(outcome="lost", loss_reason_id="1/lost", stage_id="1/lost")
    assert facts(sales(other_reasons=("lost",)), deals=(told,))["loss|deal:1"].number == 1


@pytest.mark.parametrize("amount", [0, None])
def test_a_win_without_amount_is_a_win(amount: int | None) -> None:
    fact = win(deals=(deal(amount=amount),))
    assert (fact.amount, fact.note, fact.omitted) == (0, "no_amount", None)


@pytest.mark.parametrize(
    ("when", "day"),
    [
        ("2026-06-30T23:30", date(2026, 6, 30)),
        ("2026-07-01T00:30", date(2026, 7, 1)),
        ("2026-07-31T23:59:59", date(2026, 7, 31)),
        ("2026-08-01T00:00", date(2026, 8, 1)),
    ],
)
def test_the_day_is_that_of_the_accounts_zone(when: str, day: date) -> None:
    assert win(moves=(move("won", when, source="open"),)).day == day


def test_the_amount_is_that_of_the_win() -> None:
    edits = (price(80_000_00, 5, "2026-09-09T10:00"), price(20_000_00, 80_000_00, "2026-09-29T12:00"))
    assert win(deals=(deal(amount=20_000_00),), prices=edits).amount == 80_000_00
    assert win(deals=(deal(amount=20_000_00),), prices=edits[1:]).amount == 80_000_00


@pytest.mark.parametrize("later", [1000_00, 90_000_00])
def test_a_currency_set_after_the_win_leaves_what_was_won(later: int) -> None:
    """1000 USD at 90, then the currency alone becomes RUB, or the deal is entered again as 90 000 RUB."""
    seen = price(later, 1000_00, "2026-10-01T10:00", how="observed", currency="RUB", currency_before="USD")
    told = deal(amount=later, currency="RUB")
    fact = win(rules=sales("observed"), deals=(told,), prices=(seen,), since={"deal:1": at("2026-08-01T10:00")})
    assert (fact.amount, fact.confidence, fact.note) == (90_000_00, "observed", None)


def test_a_currency_set_before_the_win_counts() -> None:
    seen = price(1000_00, 1000_00, "2026-08-02T10:00", how="observed", currency="RUB", currency_before="USD")
    told = deal(amount=1000_00, currency="RUB")
    assert win(rules=sales("observed"), deals=(told,), prices=(seen,)).amount == 1000_00


def test_where_the_crm_tells_amounts_without_what_currency_stood_it_is_that_of_the_change() -> None:
    told = price(5_00, 1000_00, "2026-10-01T10:00", currency="USD")
    assert win(deals=(deal(amount=5_00, currency="USD"),), prices=(told,)).amount == 90_000_00


def test_another_currency_at_the_rate_of_the_day_or_not_at_all() -> None:
    assert win(deals=(deal(amount=1_000_00, currency="USD"),)).amount == 90_000_00
    pounds = win(deals=(deal(amount=900_00, currency="GBP"),))
    assert (pounds.amount, pounds.note, pounds.omitted) == (None, "no_rate:GBP", None)


def test_without_any_move_the_crms_closing_moment_is_assumed() -> None:
    closed = deal(closed_at=at("2026-09-11T10:00"), updated_at=at("2026-09-30T10:00"))
    fact = win(deals=(closed,), moves=())
    assert (fact.at, fact.confidence) == (at("2026-09-11T10:00"), "assumed")
    fact = win(deals=(deal(updated_at=at("2026-09-30T10:00")),), moves=())
    assert (fact.at, fact.confidence) == (at("2026-09-30T10:00"), "assumed")


@pytest.mark.parametrize(
    ("since", "confidence"),
    [("2026-09-10T12:00", "observed"), ("2026-09-10T12:01", "assumed"), (None, "assumed")],
)
def test_an_owner_we_could_only_watch_is_as_sure_as_we_were_there(since: str | None, confidence: str) -> None:
    seen = {"deal:1": at(since)} if since else {}
    watched = (owner("502", "501", "2026-09-20T10:00", how="observed"),)
    fact = win(rules=sales("observed"), deals=(deal(owner_id="502"),), owners=watched, since=seen)
    assert (fact.user, fact.confidence) == ("501", confidence)


def test_what_the_crm_tells_exactly_needs_no_watching() -> None:
    assert win(since={"deal:1": at("2027-01-01T00:00")}).confidence == "exact"


def test_wins_of_a_client_are_numbered_and_only_the_standing_ones() -> None:
    deals = tuple(deal(str(n), pipeline="3" if n == 2 else "1") for n in range(1, 12))
    moves = tuple(move("won", f"2026-09-{20 - n % 3:02}T12:00", f"deal:{n}", f"m{n}", "open") for n in range(1, 12))
    found = facts(deals=deals, moves=moves, gone={"deal:5": at("2026-10-01T00:00")})
    order = [f.deal for f in sorted(found.values(), key=lambda f: f.number or 0) if f.kind == "win" and f.number]
    assert order == ["8", "11", "1", "4", "7", "10", "3", "6", "9"]  # by day, then by id as a number
    assert found["win|deal:2"].number is found["win|deal:5"].number is None


def test_a_purchase_knows_how_long_after_the_one_before_it_was() -> None:
    deals = tuple(deal(str(n), pipeline="3" if n == 2 else "1") for n in range(1, 5))
    whens = ("2026-09-10T12:00", "2026-09-11T12:00", "2026-09-13T00:00", "2026-09-14T00:00")
    moves = tuple(move("won", when, f"deal:{n}", f"m{n}", "open") for n, when in enumerate(whens, 1))
    found = facts(deals=deals, moves=moves)
    assert [found[f"win|deal:{n}"].other for n in (1, 2, 3, 4)] == [None, None, 2.5, 1]


def test_a_company_and_its_people_are_one_client() -> None:
    deals = (deal("1", company="company:3"), deal("2", contacts=("contact:7",)), deal("3", contacts=("contact:8",)))
    moves = tuple(move("won", f"2026-09-1{n}T12:00", f"deal:{n}", f"m{n}", "open") for n in (1, 2, 3))
    known = (Client(id="contact:7", company="company:3"), Client(id="company:3"))
    found = facts(key="company:3", deals=deals, moves=moves, clients=known)
    assert [(found[f"win|deal:{n}"].client, found[f"win|deal:{n}"].number) for n in (1, 2, 3)] == [
        ("company:3", 1),
        ("company:3", 2),
        ("contact:8", 1),
    ]


def test_a_merged_client_lives_on_in_the_other() -> None:
    assert win(merged={"contact:7": "contact:9", "contact:9": "contact:11"}).client == "contact:11"
    assert win(merged={"contact:7": "contact:9", "contact:9": "contact:7"}).client in ("contact:7", "contact:9")


def test_a_deal_without_client_has_no_ordinal() -> None:
    fact = win(key="deal:1", deals=(deal(contacts=()),))
    assert (fact.client, fact.number) == (None, None)


def test_a_win_tells_until_when_it_may_be_given_back() -> None:
    won = move("won", "2026-09-10T12:00", source="open")
    fact = facts(sales(refund_window_days=30), deals=(deal(),), moves=(won,))["win|deal:1"]
    assert fact.due_at == at("2026-10-10T12:00")


def lost(rules: Any = None, **parts: Any) -> Fact:
    base = {"deals": (deal(outcome="lost"),), "moves": (move("lost", "2026-09-10T12:00", source="open"),)}
    return facts(rules, **(base | parts))["loss|deal:1"]


def test_a_loss_is_as_sure_as_its_moment_and_its_owner() -> None:
    assert lost().confidence == "exact"
    assert lost(moves=()).confidence == "assumed"
    assert lost(sales("observed"), since={"deal:1": at("2026-09-01T10:00")}).confidence == "observed"
    assert lost(sales("observed")).confidence == "assumed"
