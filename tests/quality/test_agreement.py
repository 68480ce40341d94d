"""Textbook values, and what muting asks for."""

from __future__ import annotations

from collections.abc import Hashable

import pytest

from connector.quality.agreement import Agreement, agreement, cohen, gwet, krippendorff, muted

Pair = tuple[Hashable, Hashable]


def pairs(table: dict[tuple[str, str], int]) -> list[Pair]:
    return [cell for cell, count in table.items() for _ in range(count)]


def test_cohen_by_the_textbook() -> None:
    """Grants read by two readers: 20 yes/yes, 5 yes/no, 10 no/yes, 15 no/no: 0.4 (po 0.7, pe 0.5)."""
    told = pairs({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15})
    assert cohen(told) == pytest.approx(0.4)


def test_gwet_does_not_collapse() -> None:
    """118 yes/yes, 5 and 2 apart, 0 no/no of 125 (Gwet 2008): kappa just below 0, AC1 0.94."""
    told = pairs({("y", "y"): 118, ("y", "n"): 5, ("n", "y"): 2})
    assert cohen(told) == pytest.approx(-0.0234, abs=1e-3)
    assert gwet(told) == pytest.approx(0.9408, abs=1e-3)


def test_krippendorff_by_the_textbook() -> None:
    """Krippendorff 2011, example C: four observers, twelve units, missing data: nominal alpha 0.743."""
    observers = (
        "1 2 3 3 2 1 4 1 2 . . .", "1 2 3 3 2 2 4 1 2 5 . 3", ". 3 3 3 2 3 4 2 2 5 1 .", "1 2 3 3 2 4 4 1 2 5 1 .",
    )  # fmt: skip
    rows = [row.split() for row in observers]
    units = [[row[unit] for row in rows if row[unit] != "."] for unit in range(12)]
    assert krippendorff(units) == pytest.approx(0.743, abs=1e-3)


def test_krippendorff_of_two() -> None:
    """Example A: two observers, binary, ten units: 0.095."""
    one, other = ["0", "1", "0", "0", "0", "0", "0", "0", "1", "0"], ["1", "1", "1", "0", "0", "1", "0", "0", "0", "0"]
    assert krippendorff(zip(one, other, strict=True)) == pytest.approx(0.095, abs=1e-3)


def test_where_nothing_can_be_said() -> None:
    assert cohen([]) is None
    assert cohen([("y", "y")] * 30) is None
    assert gwet([("y", "y")] * 30) is None
    assert krippendorff([["y"], ["n"]]) is None
    assert agreement([]) == Agreement(0, None, None, None, None, None)


def test_an_interval_holds_its_kappa_and_is_the_same_again() -> None:
    told = pairs({("y", "y"): 20, ("y", "n"): 5, ("n", "y"): 10, ("n", "n"): 15})
    one = agreement(told)
    assert one.kappa is not None
    assert one.low is not None
    assert one.high is not None
    assert one.low < one.kappa < one.high
    assert agreement(told) == one


def test_muting_asks_for_calls_and_for_a_kappa() -> None:
    bad = pairs({("y", "y"): 8, ("y", "n"): 6, ("n", "y"): 6, ("n", "n"): 5})
    good = pairs({("y", "y"): 10, ("n", "n"): 10})
    found = {
        "bad": agreement(bad),
        "few": agreement(bad[:10]),
        "good": agreement(good),
        "all": agreement(good[:1] * 30),
    }
    assert muted(found, 0.4, 20) == {"bad"}
