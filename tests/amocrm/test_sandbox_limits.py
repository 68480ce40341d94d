"""Seven a second, 429 in HTML, and the block for those who do not listen."""

from __future__ import annotations

import requests

from providers.amocrm.sandbox.limits import PATIENCE, Throttle
from tests.amocrm.small import opened


class Clock:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def statuses(throttle: Throttle, count: int) -> list[int]:
    answers = [throttle.stop(counts=True) for _ in range(count)]
    return [200 if answer is None else answer.status for answer in answers]


def test_seven_at_once_then_one_each_seventh_of_a_second() -> None:
    clock = Clock()
    throttle = Throttle(paced=True, monotonic=clock)
    assert statuses(throttle, 9) == [200] * 7 + [429] * 2
    clock.now += 1 / 7 + 1e-6
    assert statuses(throttle, 2) == [200, 429]
    clock.now += 3600
    assert statuses(throttle, 8) == [200] * 7 + [429], "an idle hour saves up no more than a second"


def test_an_even_pace_is_never_refused() -> None:
    clock = Clock()
    throttle = Throttle(paced=True, monotonic=clock)
    for _ in range(700):
        assert throttle.stop(counts=True) is None
        clock.now += 1 / 7


def test_hammering_on_blocks_everything_until_forgiven() -> None:
    clock = Clock()
    throttle = Throttle(paced=True, monotonic=clock)
    assert statuses(throttle, 7 + PATIENCE)[-1] == 429
    clock.now += 3600
    blocked = throttle.stop(counts=False)
    assert blocked is not None and blocked.status == 403 and b"nginx" in blocked.body
    throttle.forgive()
    assert throttle.stop(counts=True) is None


def test_slow_offenders_are_not_blocked() -> None:
    clock = Clock()
    throttle = Throttle(paced=True, monotonic=clock)
    for _ in range(5 * PATIENCE):
        statuses(throttle, 8)
        clock.now += 1
    assert not throttle.blocked and throttle.refusals == 5 * PATIENCE


def test_the_wire_says_429_in_html_and_the_token_endpoint_is_blocked_too() -> None:
    with opened(paced=True) as amo:
        answers = [amo.get("account") for _ in range(12)]
        limited = [answer for answer in answers if answer.status_code == 429]
        assert limited and limited[0].headers["Content-Type"].startswith("text/html")
        assert "Retry-After" not in limited[0].headers
        amo.sandbox.throttle.blocked = True
        for address in ("/api/v4/account", "/oauth2/access_token", "/"):
            answer = requests.post(amo.sandbox.base_url + address, timeout=10)
            assert answer.status_code == 403 and b"<center>nginx" in answer.content
