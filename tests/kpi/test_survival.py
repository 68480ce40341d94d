"""Kaplan-Meier against a worked example of the literature, and what must hold for any waits."""

from __future__ import annotations

import math
from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.kpi.survival import interval, time_until

REMISSION = [(n, n not in (9, 11, 17, 19, 20, 25, 32, 34, 35)) for n in (7, 9, 11, 13, 16, 17, 19, 20, 22, 23, 25)]
REMISSION += [(6, True)] * 3 + [(6, False), (10, True), (10, False), (32, False), (32, False), (34, False), (35, False)]
"""Weeks in remission of 21 patients (Freireich and others, 1963): the median is 23 weeks."""

WAITS = st.lists(st.tuples(st.integers(0, 50), st.booleans()), max_size=40)


def test_the_textbook_median() -> None:
    assert len(REMISSION) == 21
    assert time_until(REMISSION) == 23
    assert time_until(REMISSION, 0.25) == 13
    assert time_until(REMISSION, 0.9) is None


def test_the_textbook_interval_has_no_upper_end() -> None:
    assert interval(REMISSION) is None
    assert interval([*REMISSION, *[(40, True)] * 30]) is not None


@pytest.mark.parametrize(
    ("waits", "known"),
    [
        ([], None),
        ([(5, False)], None),
        ([(5, True)], 5),
        ([(5, True), (7, False)], 5),
        ([(5, False), (7, True)], 7),
        ([(1, True), (2, False), (3, False), (4, False)], None),
        ([(5, True), (5, False)], 5),
        ([(time, True) for time in (0, 0, 1, 1, 2, 3, 3, 3, 3, 3)], 2),
    ],
)
def test_what_is_known_of_few(waits: list[tuple[float, bool]], known: float | None) -> None:
    assert time_until(waits) == known


@given(st.lists(st.integers(0, 100), min_size=1, max_size=40))
def test_with_nobody_waiting_it_is_a_median(times: list[int]) -> None:
    found = time_until([(time, True) for time in times])
    assert found is not None
    below = sorted(times)[(len(times) - 1) // 2]
    assert found == below <= median(times)


@given(WAITS)
def test_who_still_waits_never_shortens_it(waits: list[tuple[int, bool]]) -> None:
    over = [wait for wait in waits if wait[1]]
    dropped, kept = time_until(over), time_until(waits)
    assert kept is None or (dropped is not None and kept >= dropped)


@given(WAITS, st.randoms())
def test_order_does_not_matter_and_the_interval_holds_the_median(waits: list[tuple[int, bool]], chance) -> None:  # type: ignore[no-untyped-def]
    mixed = list(waits)
    chance.shuffle(mixed)
    assert time_until(mixed) == time_until(waits)
    ends, middle = interval(waits), time_until(waits)
    if ends is not None and middle is not None:
        assert ends[0] <= Decimal(middle) <= ends[1]


def brookmeyer_crowley(n: int, quantile: float) -> tuple[int | None, int | None]:
    """Of n waits that end at 1, 2 ... n: S(k) = 1 - k/n, and Greenwood's sum is 1/(n - k) - 1/n."""
    low = high = None
    for k in range(1, n):
        share, width = 1 - k / n, 1.6448536 * math.sqrt(1 / (n - k) - 1 / n) / abs(math.log(1 - k / n))
        low = k if low is None and share ** math.exp(width) <= 1 - quantile else low
        high = k if high is None and share ** math.exp(-width) <= 1 - quantile else high
    return low, high


@pytest.mark.parametrize("n", [20, 40, 100])
@pytest.mark.parametrize("quantile", [0.25, 0.5, 0.75])
def test_the_interval_where_it_can_be_written_down(n: int, quantile: float) -> None:
    assert interval([(k, True) for k in range(1, n + 1)], quantile) == brookmeyer_crowley(n, quantile)


def test_who_waits_beyond_the_end_widens_nothing_below_it() -> None:
    waits = [(k, True) for k in range(1, 31)] + [(40, False)] * 10
    assert interval(waits) == brookmeyer_crowley(40, 0.5) == (15, 25)
    assert time_until(waits, 0.75) == 30
    assert time_until(waits, 0.76) is None


def test_an_interval_that_is_known_at_one_end_only_is_none() -> None:
    assert interval([(k, True) for k in range(1, 11)] + [(40, False)] * 8) is None
    assert interval([]) is None
    assert interval([(5, True)]) == (5, 5)


def test_ends_of_an_interval_are_told_to_a_millionth() -> None:
    waits = [(n + 1 / 3, True) for n in range(30)]
    low, high = interval(waits) or (Decimal(0), Decimal(0))
    assert {end % 1 for end in (low, high)} == {Decimal("0.333333")}
