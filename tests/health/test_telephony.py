"""Telephony: strong evidence is found, and whatever chance or a quiet week does is not."""

from __future__ import annotations

import random
from datetime import date, timedelta

import pytest

from connector.health.telephony import Day, changes

FIRST = date(2026, 8, 3)


def usual(n: int, calls: int = 40, answered: float = 0.5, short: float = 0.2, seed: int = 1) -> list[Day]:
    dice = random.Random(seed)
    days = []
    for place in range(n):
        out = max(1, round(dice.gauss(calls, calls**0.5)))
        talked = sum(dice.random() < answered for _ in range(out))
        days.append(
            Day(FIRST + timedelta(days=place), out + 5, out, talked, sum(dice.random() < short for _ in range(talked)),
                3.0 if talked else None, 400.0 if talked else None)
        )  # fmt: skip
    return days


def codes(days: list[Day]) -> list[str]:
    return [one.code for one in changes(days, lambda day: 123)]


def test_three_working_days_of_silence() -> None:
    days = usual(20)
    silent = [Day(FIRST + timedelta(days=20 + n)) for n in range(3)]
    [found] = changes(days + silent, lambda day: 777)
    assert (found.code, found.subject, found.after, found.until) == ("calls_stopped", "telephony", "0", 777)
    assert codes(days + silent[:2]) == []
    week = [Day(FIRST + timedelta(days=20 + n)) for n in range(9)]
    assert [one.until for one in changes(days + week, lambda day: (day - FIRST).days)] == [19]
    assert codes([*days, silent[0], days[0]._replace(calls=1, out=1, talked=0), silent[2]]) == []


def test_few_calls_a_day_may_stop_by_chance() -> None:
    assert codes([*usual(20, calls=3), *(Day(FIRST + timedelta(days=20 + n)) for n in range(3))]) == []


def test_talk_times_that_are_all_zero_or_all_the_same() -> None:
    zero = [day._replace(talked=0, short=0, least=None, most=None) for day in usual(3, seed=2)]
    same = [day._replace(short=0, least=60.0, most=60.0) for day in usual(3, seed=2)]
    [found] = changes(usual(20) + zero, lambda day: None)
    assert (found.code, found.after) == ("calls_flat", "0")
    [found] = changes(usual(20) + same, lambda day: None)
    assert (found.code, found.after) == ("calls_flat", "60")
    always = [day._replace(least=60.0, most=60.0, short=0) for day in usual(23)]
    assert codes(always) == []


def test_shares_that_jump() -> None:
    assert codes(usual(20) + usual(3, answered=0.95, seed=3)) == ["calls_answered"]
    assert codes(usual(20) + usual(3, short=0.85, seed=3)) == ["calls_short"]
    assert codes(usual(20) + usual(3, answered=0.62, seed=3)) == []
    two = usual(20) + usual(2, answered=0.95, seed=3)
    assert codes([*two, usual(1)[0]]) == []


@pytest.mark.parametrize("seed", range(40))
def test_no_false_alarm_in_a_usual_year(seed: int) -> None:
    year = usual(250, calls=30, seed=seed)
    assert [codes(year[: n + 23]) for n in range(227)] == [[]] * 227


def test_too_little_history_says_nothing() -> None:
    assert codes([*usual(9), *(Day(FIRST + timedelta(days=9 + n)) for n in range(3))]) == []
