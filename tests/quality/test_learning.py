"""Lift beside before, and beside untrained colleagues; verdicts only where the data allow one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from connector.quality.learning import Rate, Training, Tried, against, lift, newcombe

AT = datetime(2026, 9, 1, tzinfo=UTC)
DONE = AT + timedelta(days=60)
TRAINED = Training("501", "СПИН", "needs", AT)


def tried(user: str, days: float, passed: int, n: int) -> list[Tried]:
    return [Tried(user, AT + timedelta(days=days, minutes=k), k < passed) for k in range(n)]


def test_newcombe_by_the_textbook() -> None:
    """Newcombe 1998, table II (a), method 10, at 95 %: 56/70 - 48/80: 0.0524 ... 0.3339; at 90 % it is narrower."""
    told = newcombe(Rate(56, 70), Rate(48, 80))
    assert told is not None
    value, low, high = told
    assert value == pytest.approx(0.2)
    assert 0.0524 < low < value < high < 0.3339
    assert newcombe(Rate(0, 0), Rate(1, 2)) is None


@pytest.mark.parametrize(
    ("own", "colleagues", "verdict"),
    [
        (((4, 20), (16, 20)), ((10, 40), (10, 40)), "grew"),
        (((4, 20), (16, 20)), ((8, 40), (32, 40)), "unchanged"),
        (((16, 20), (4, 20)), ((10, 40), (10, 40)), "fell"),
        (((4, 20), (6, 20)), ((10, 40), (10, 40)), "unchanged"),
        (((2, 9), (9, 9)), ((10, 40), (10, 40)), "too_little"),
        (((4, 20), (16, 20)), ((0, 0), (0, 0)), "grew"),
    ],
)
def test_verdicts(own: tuple[tuple[int, int], ...], colleagues: tuple[tuple[int, int], ...], verdict: str) -> None:
    calls = tried("501", -10, *own[0]) + tried("501", 14, *own[1])
    calls += tried("502", -10, *colleagues[0]) + tried("502", 14, *colleagues[1])
    told = lift(TRAINED, calls, [TRAINED], DONE)
    assert told.verdict == verdict
    assert told.over


def test_only_the_weeks_that_count() -> None:
    """The week right after, and what is older than 28 days, say nothing; trained colleagues are no yardstick."""
    calls = [*tried("501", -29, 5, 5), *tried("501", 3, 5, 5), *tried("501", 36, 5, 5), *tried("502", -3, 9, 9)]
    also = Training("502", "СПИН", "needs", AT + timedelta(days=20))
    told = lift(TRAINED, calls, [TRAINED, also], AT + timedelta(days=10))
    assert (told.before.n, told.after.n, told.colleagues_before.n) == (0, 0, 0)
    assert not told.over
    later = Training("502", "СПИН", "needs", AT + timedelta(days=40))
    assert lift(TRAINED, calls, [TRAINED, later], DONE).colleagues_before.n == 9


def test_a_difference_of_differences_is_wider_than_one_difference() -> None:
    alone, both = newcombe(Rate(16, 20), Rate(4, 20)), against(Rate(16, 20), Rate(4, 20), Rate(10, 20), Rate(10, 20))
    assert alone is not None
    assert both is not None
    assert both[0] == pytest.approx(alone[0])
    assert both[2] - both[1] > alone[2] - alone[1]
