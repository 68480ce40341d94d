"""How a win is shared: whatever people write, the parts are the whole."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.derive.parts import apportion, sharers
from connector.fact import Fact
from tests.derive.ground import at, deal, facts, move, sales

RULES = sales(split_field="Деление")
WON = move("won", "2026-09-10T12:00", source="open")


def parts(told: Any, **more: Any) -> dict[str | None, Fact]:
    deals = (deal(fields={"Деление": told}, **more),)
    return {f.user: f for f in facts(RULES, deals=deals, moves=(WON,)).values() if f.kind == "win_part"}


HALVES = {"501": Fraction(3, 5), "502": Fraction(2, 5)}
THIRDS = {"501": Fraction(1, 3), "502": Fraction(1, 3), "503": Fraction(1, 3)}


@pytest.mark.parametrize(
    ("told", "shares"),
    [
        ("501: 60, 502: 40", HALVES),
        ("501:60,502:40", HALVES),
        ("502 - 40%; 501 - 60 %", HALVES),
        ("Анна Ким 60 %; Борис 40 %", HALVES),
        ("анна  ким=60/борис=40", HALVES),
        ("501: 60\nБорис: 40", HALVES),
        ("501: 33,3, 502: 33,3, 503: 33,3", THIRDS),
        ("501: 33.33; 502: 33.33; 503: 33.33;", THIRDS),
        ("501: 20, 502: 40, Анна Ким: 40", HALVES),
        ("501: 100, 502: 0", {"501": Fraction(1)}),
        (["501: 60", "502: 40"], HALVES),
        ([{"value": "501: 60, 502: 40"}], HALVES),
        ({"501": 60, "Борис": 40}, HALVES),
        ("501: 60, 502: 30", None),
        ("501: 60, 502: 60", None),
        ("501: 60, 999: 40", None),
        ("501: 60, Олег: 40", None),  # two of that name
        ("501: 60, 502: 40 и премия", None),
        ("пополам", None),
        ("60, 40", None),
        ("501: 0", None),
        (5, None),
    ],
)
def test_shares_are_read_however_they_are_written(told: Any, shares: Any) -> None:
    assert sharers(told, RULES) == shares


def test_a_win_is_shared_by_percent() -> None:
    found = parts("501: 60, 502: 40", amount=100_01)
    assert {user: (f.amount, f.number, f.note, f.key) for user, f in found.items()} == {
        "501": (60_01, 0.6, None, "win_part|deal:1|501"),
        "502": (40_00, 0.4, None, "win_part|deal:1|502"),
    }
    assert all((f.at, f.deal, f.client, f.omitted) == (WON.at, "1", "contact:7", None) for f in found.values())


@pytest.mark.parametrize(("told", "note"), [(None, None), ("", None), ("пополам", "split_unreadable")])
def test_without_a_readable_split_all_is_the_owners(told: Any, note: str | None) -> None:
    (found,) = parts(told).values()
    assert (found.user, found.amount, found.number, found.note) == ("501", 100_000_00, 1, note)


def test_what_has_no_rate_or_amount_is_shared_all_the_same() -> None:
    unpriced = parts("501: 60, 502: 40", currency="GBP")
    assert {(f.amount, f.note) for f in unpriced.values()} == {(None, "no_rate:GBP")}
    assert [f.note for f in parts("пополам", currency="GBP").values()] == ["no_rate:GBP"]
    assert {(f.amount, f.note) for f in parts("501: 60, 502: 40", amount=0).values()} == {(0, "no_amount")}


def test_a_loss_is_not_shared_and_a_deleted_win_counts_for_nobody() -> None:
    told = deal(outcome="lost", fields={"Деление": "501: 60, 502: 40"})
    assert not any(key.startswith("win_part") for key in facts(RULES, deals=(told,)))
    gone = facts(RULES, deals=(deal(),), gone={"deal:1": at("2026-10-01T10:00")})
    assert gone["win_part|deal:1|501"].omitted == "deleted"


@given(
    st.integers(-(10**15), 10**15),
    st.dictionaries(st.text("0123456789", min_size=1), st.integers(1, 1000), min_size=1, max_size=9),
)
def test_the_parts_are_exactly_the_whole_and_none_is_a_unit_off(amount: int, weights: dict[str, int]) -> None:
    shares = {user: Fraction(weight, sum(weights.values())) for user, weight in weights.items()}
    found = apportion(amount, shares)
    assert sum(part or 0 for part in found.values()) == amount
    assert all(abs((found[user] or 0) - amount * share) < 1 for user, share in shares.items())
    assert apportion(amount, dict(reversed(shares.items()))) == found


@given(st.text() | st.lists(st.text()) | st.dictionaries(st.text(), st.integers()) | st.none() | st.floats())
def test_whatever_stands_in_the_field_somebody_has_all_of_the_win(told: Any) -> None:
    found = parts(told)
    assert sum(f.amount or 0 for f in found.values()) == 100_000_00
    assert sum(f.number or 0 for f in found.values()) == pytest.approx(1)
