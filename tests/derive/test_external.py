"""Imported rows as facts: whose, when, how much; and nothing counted twice beside the fields of the deal."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.derive import Sales, derive
from connector.derive.external import FACTS_OF, TOLD_BY, technique_key, trainings
from connector.fact import STANDS
from connector.kpi.kinds import KINDS, STANDING
from connector.records import Client, External
from tests.derive.ground import at, deal, dossier, facts, move, owner, sales

DEAL = deal(created_at=at("2026-09-01T10:00"))
WON = move("won", "2026-09-10T12:00")


def row(what: Any = "payment", when: str = "2026-09-20T12:00", id: str = "k1", **more: Any) -> External:
    base: dict[str, Any] = {"deal": "deal:1"}
    if what in ("payment", "refund", "invoice"):
        base |= {"amount": 500_00, "currency": "RUB"}
    elif what == "script":
        base |= {"number": 7.0, "items": 10.0}
    elif what != "training":
        base |= {"number": 0.9}
    if what in ("technique", "training"):
        base |= {"technique": "SPIN"}
    return External(id=id, what=what, at=at(when), **(base | more))


def won(*rows: External, rules: Sales | None = None, **parts: Any) -> dict[str, Any]:
    return facts(rules, **({"deals": (DEAL,), "moves": (WON,), "externals": rows} | parts))


def test_every_kind_of_row_makes_the_facts_it_says() -> None:
    for what, kinds in FACTS_OF.items():
        rows, rules = (row(what), row(what, id="k2", reason="брак ")), sales(refund_excused_reasons=("Брак",))
        told = won(*rows, rules=rules).items()
        made = {fact.kind for key, fact in told if key.endswith(("|external:k1", "|external:k2"))}
        assert made == set(kinds)
        assert set(kinds) <= set(KINDS)
    assert {kind for kinds in TOLD_BY.values() for kind in kinds} <= set(KINDS)


def test_a_payment_is_the_owners_of_its_day() -> None:
    handed = (owner("502", "501", "2026-09-15T10:00"),)
    before, after = (
        won(row(when=when), owners=handed)["payment|external:k1"] for when in ("2026-09-14T10:00", "2026-09-15T10:00")
    )
    assert (before.user, after.user) == ("501", "502")
    assert (after.amount, after.day, after.deal, after.client, after.pipeline) == (
        500_00, date(2026, 9, 15), "1", "contact:7", "1",
    )  # fmt: skip
    assert after.confidence == "exact"


def test_the_person_named_wins_over_the_owner() -> None:
    assert won(row(user_id="503"))["payment|external:k1"].user == "503"


@pytest.mark.parametrize(("what", "kind"), [("rating", "rating"), ("refund", "refund_booked"), ("invoice", "invoice")])
def test_what_a_client_says_of_a_sale_is_the_sellers(what: str, kind: str) -> None:
    handed = (owner("502", "501", "2026-09-15T10:00"),)
    assert won(row(what), owners=handed)[f"{kind}|external:k1"].user == "501"


def test_a_rating_is_of_the_day_on_which_its_deal_closed() -> None:
    """K-07, as one from a field; without a deal that is closed it is of the day on which it was given."""
    rated = won(row("rating", "2026-10-03T12:00", user_id="503"))["rating|external:k1"]
    assert (rated.day, rated.due_at, rated.user) == (date(2026, 9, 10), at("2026-10-03T12:00"), "503")
    undecided = won(row("rating", "2026-10-03T12:00"), deals=(deal(outcome="open"),), moves=())["rating|external:k1"]
    assert undecided.day == date(2026, 10, 3)
    assumed = won(row("rating", user_id="503"), moves=())["rating|external:k1"]
    assert assumed.confidence == "assumed", "when it was closed is not known for sure"


def test_money_is_converted_at_the_rate_of_its_day_or_says_that_there_is_none() -> None:
    paid = won(row(currency="USD", id="u"), row(currency="EUR", id="e"))
    assert paid["payment|external:u"].amount == 500_00 * 90
    assert (paid["payment|external:e"].amount, paid["payment|external:e"].note) == (None, "no_rate:EUR")


def test_a_refund_lies_in_the_month_of_its_sale_and_once_more_where_it_was_made() -> None:
    made = won(row("refund", "2026-10-03T12:00"))
    back, booked = made["refund|external:k1"], made["refund_booked|external:k1"]
    assert (back.day, back.number, back.due_at) == (date(2026, 9, 10), 23, at("2026-10-03T12:00"))
    assert (booked.day, booked.amount, booked.omitted) == (date(2026, 10, 3), 500_00, None)


@pytest.mark.parametrize(
    ("when", "outcome", "why"),
    [
        ("2026-12-09T12:00", "won", None),
        ("2026-12-10T12:00", "won", "late_refund"),
        ("2026-09-20T12:00", "lost", "not_won"),
    ],
)
def test_a_refund_too_late_or_of_no_sale_takes_nothing_back(when: str, outcome: Any, why: str | None) -> None:
    made = won(row("refund", when), deals=(deal(outcome=outcome),), moves=(move(outcome, "2026-09-10T12:00"),))
    assert made["refund|external:k1"].omitted == why
    assert made["refund_booked|external:k1"].omitted is None


def test_a_refund_of_no_deal_is_of_no_sale() -> None:
    own = facts(key="external:k1", externals=(row("refund", deal=None, user_id="501"),))
    assert (own["refund|external:k1"].omitted, own["refund_booked|external:k1"].user) == ("no_deal", "501")


@pytest.mark.parametrize(
    ("paid", "left"), [(None, 500_00), (0, 500_00), (200_00, 300_00), (500_00, None), (600_00, None)]
)
def test_an_invoice_stands_at_what_is_unpaid_and_is_gone_once_nothing_is(paid: int | None, left: int | None) -> None:
    due = at("2026-09-30T00:00")
    found = won(row("invoice", paid=paid, due_at=due)).get("invoice|external:k1")
    assert (found and (found.amount, found.day, found.due_at)) == (left and (left, STANDS, due))
    assert "invoice" in STANDING


def test_an_invoice_over_nothing_is_none() -> None:
    assert "invoice|external:k1" not in won(row("invoice", amount=None))


def test_a_script_is_so_many_items_of_so_many() -> None:
    made = won(row("script"))
    assert (made["script_passed|external:k1"].number, made["script_items|external:k1"].number) == (7, 10)


@pytest.mark.parametrize(
    ("trained", "name", "user", "why"),
    [
        ("2026-09-20T12:00", "spin ", "501", None),
        ("2026-09-01T12:00", "SPIN", "501", None),
        ("2026-09-20T12:01", "SPIN", "501", "before_training"),
        ("2026-09-01T12:00", "SPIN", "502", "before_training"),
        ("2026-09-01T12:00", "BANT", "501", "before_training"),
    ],
)
def test_a_technique_counts_from_the_persons_own_training_in_it(
    trained: str, name: str, user: str, why: str | None
) -> None:
    taught = trainings([row("training", trained, deal=None, user_id=user, technique=name)])
    assert won(row("technique"), rules=replace(sales(), trainings=taught))["technique|external:k1"].omitted == why


def test_without_any_training_no_use_counts() -> None:
    assert won(row("technique"))["technique|external:k1"].omitted == "before_training"


def test_the_first_training_counts() -> None:
    twice = [row("training", when, user_id="501") for when in ("2026-09-05T10:00", "2026-09-03T10:00")]
    assert trainings(twice) == {("501", "spin"): at("2026-09-03T10:00")}
    assert technique_key("  Работа  с Ценой ") == "работа с ценой"


def test_an_undone_row_is_left_out_as_such() -> None:
    undone = won(row("refund", "2026-12-31T12:00"), gone={"external:k1": at("2026-09-21T12:00")})
    assert {undone[f"{kind}|external:k1"].omitted for kind in ("refund", "refund_booked")} == {"undone"}


def test_a_row_of_a_deal_that_counts_nowhere_counts_nowhere() -> None:
    assert won(row(), gone={"deal:1": at("2026-09-21T12:00")})["payment|external:k1"].omitted == "deleted"
    service = won(row(), deals=(deal(pipeline="3"),), moves=())
    assert service["payment|external:k1"].omitted == "service_pipeline"


def test_a_row_of_a_merged_deal_is_its_survivors() -> None:
    both = (deal("1"), deal("2", owner_id="503"))
    made = won(row(), deals=both, moves=(), gone={"deal:1": at("2026-09-21T12:00")}, merged={"deal:1": "deal:2"})
    paid = made["payment|external:k1"]
    assert (paid.deal, paid.user, paid.omitted) == ("2", "503", None)


def test_a_row_of_a_client_is_of_his_company() -> None:
    known = (Client(id="contact:7", company="company:8"), Client(id="company:8"))
    rows = tuple(
        row("payment", deal=None, client=ref, user_id="501", id=ref) for ref in ("contact:7", "company:8", "contact:9")
    )
    made = facts(clients=known, externals=rows)
    told = [made[f"payment|external:{one.id}"].client for one in rows]
    assert told == ["company:8", "company:8", "contact:9"]


RATED = deal(fields={"CSAT": 2, "CSAT date": "2026-09-11", "Refund": "100", "Refund date": "2026-09-12"})


def test_an_import_counts_instead_of_the_deals_field_never_beside_it() -> None:
    made = won(row("rating", number=5.0), row("refund", id="k2"), deals=(RATED,))
    assert {key: fact.omitted for key, fact in made.items() if fact.kind in ("rating", "refund")} == {
        "rating|deal:1": "imported",
        "rating|external:k1": None,
        "refund|deal:1": "imported",
        "refund|external:k2": None,
    }


def test_the_field_counts_again_once_the_import_is_undone_and_for_other_kinds_and_deals() -> None:
    undone = won(row("rating"), deals=(RATED,), gone={"external:k1": at("2026-09-21T12:00")})
    assert (undone["rating|deal:1"].omitted, undone["rating|external:k1"].omitted) == (None, "undone")
    assert won(row("payment"), deals=(RATED,))["rating|deal:1"].omitted is None
    other = won(row("rating", deal=None, user_id="501"), deals=(RATED,))
    assert other["rating|deal:1"].omitted is None


def test_several_imported_rows_of_one_deal_all_count() -> None:
    paid = won(*(row(id=str(n)) for n in range(3)))
    assert [fact.omitted for fact in paid.values() if fact.kind == "payment"] == [None] * 3


WHATS = st.sampled_from(sorted(FACTS_OF))


@given(st.lists(WHATS, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter_and_keys_are_unique(whats: list[Any], dice: random.Random) -> None:
    rows = [row(what, id=f"k{n}", user_id=None if n % 2 else "502") for n, what in enumerate(whats)]
    shuffled = dice.sample(rows, len(rows))
    told, again = (
        derive(dossier(deals=(RATED,), moves=(WON,), externals=tuple(one)), sales()) for one in (rows, shuffled)
    )
    assert told == again
    assert len({fact.key for fact in told}) == len(told)
    counted = [(fact.kind, fact.deal) for fact in told if fact.kind == "rating" and fact.omitted is None]
    assert len(counted) == max(1, whats.count("rating"))


@given(st.integers(0, 400))
def test_a_refund_is_late_exactly_after_the_window(days: int) -> None:
    made = External(id="k1", what="refund", at=at("2026-09-10T12:00") + timedelta(days=days), deal="deal:1", amount=1)
    assert (won(made)["refund|external:k1"].omitted == "late_refund") == (days > 90)


@pytest.mark.parametrize(
    ("amount", "paid", "part"),
    [
        (1000_00, None, 0), (1000_00, 0, 0), (1000_00, 250_00, 0.25), (1000_00, 1000_00, 1), (1000_00, 1200_00, 1),
        (0, 5, None), (None, None, None),
    ],
)  # fmt: skip
def test_an_invoice_is_told_as_sent_with_the_part_that_was_paid(
    amount: int | None, paid: int | None, part: float | None
) -> None:
    due = at("2026-10-15T00:00")
    sent = won(row("invoice", amount=amount, paid=paid, due_at=due))["billed|external:k1"]
    assert (sent.number, sent.amount, sent.due_at) == (part, amount, due)
    assert sent.day == sent.at.date() and sent.kind not in STANDING
    assert won(row("invoice", due_at=None))["billed|external:k1"].due_at == sent.at
