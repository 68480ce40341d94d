"""When a turn is due, how urgent it is, and when one that failed comes again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config import AccountSettings
from connector.errors import Brake, Busy, KpiError, Limited, Reauthorise, Unreachable
from connector.fleet import rota
from connector.moment import to_ms
from connector.store.tables.work import TurnRow

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)
MINUTE = 60_000
MOSCOW = ZoneInfo("Europe/Moscow")


def settings(**more: object) -> AccountSettings:
    return AccountSettings.model_validate({"name": "a", "provider": "fake"} | more)


def row(**more: object) -> TurnRow:
    told = {"account": 1, "what": "cycle", "due_at": to_ms(NOW) + 5 * MINUTE, "failures": 0, "slow": False}
    return TurnRow(**(told | more))


@given(st.integers(0, 2**41), st.integers(1, 31 * 86400), st.integers(1, 10_000))
def test_the_next_slot_is_within_one_interval_and_the_slots_lie_an_interval_apart(now: int, every: int, n: int) -> None:
    slot = rota.slot_after(now, every * 1000, n)
    assert now < slot <= now + every * 1000
    assert rota.slot_after(slot, every * 1000, n) == slot + every * 1000


@pytest.mark.parametrize("count", [2, 10, 300, 1000])
def test_however_many_accounts_no_moment_is_crowded(count: int) -> None:
    every, now = 5 * MINUTE, to_ms(NOW)
    slots = sorted(rota.slot_after(now, every, n) for n in range(1, count + 1))
    gaps = [b - a for a, b in zip(slots, [*slots[1:], slots[0] + every], strict=True)]
    assert max(gaps) < 2.7 * every / count
    fifths = [sum(1 for slot in slots if (slot - now) * 5 // every == n) for n in range(5)]
    assert max(fifths) - min(fifths) <= 4


def test_nights_and_mornings_are_the_accounts_own() -> None:
    told = settings(
        sweep_at="03:30",
        digest={"daily_at": "09:00", "weekly_on": 1, "weekly_at": "08:00", "to": [{"user": "1", "email": "a@b.ru"}],
                "smtp": {"host": "localhost", "port": 25, "security": "none", "sender": "k@b.ru"}},
    )  # fmt: skip
    now = to_ms(NOW)  # a Tuesday
    at = {what: rota.next_due(what, told, MOSCOW, 1, now) for what in rota.sorts(told)}
    night = to_ms(datetime(2026, 9, 2, 0, 30, tzinfo=UTC))
    assert night <= at["sweep"] < night + rota.NIGHT
    assert at["daily"] == to_ms(datetime(2026, 9, 2, 6, 0, tzinfo=UTC))
    assert at["weekly"] == to_ms(datetime(2026, 9, 7, 5, 0, tzinfo=UTC))
    assert rota.next_due("sweep", told, MOSCOW, 1, at["sweep"]) == at["sweep"] + 24 * 60 * MINUTE
    assert set(rota.sorts(settings())) == {"cycle", "hooks", "sweep"}


def test_the_sweeps_of_one_night_are_spread_over_an_hour() -> None:
    night = to_ms(datetime(2026, 9, 2, 0, 30, tzinfo=UTC))
    sweeps = sorted(rota.next_due("sweep", settings(), MOSCOW, n, to_ms(NOW)) - night for n in range(1, 301))
    assert sweeps[0] >= 0 and sweeps[-1] < rota.NIGHT
    assert max(b - a for a, b in pairwise(sweeps)) < 2.7 * rota.NIGHT / 300


@given(st.integers(1, 1000), st.integers(0, 3 * 86_400_000))
def test_a_sweep_is_due_once_a_night(n: int, later: int) -> None:
    now = to_ms(NOW) + later
    due = rota.next_due("sweep", settings(), MOSCOW, n, now)
    assert now < due <= now + 24 * 60 * MINUTE
    assert rota.next_due("sweep", settings(), MOSCOW, n, due) == due + 24 * 60 * MINUTE


def test_the_most_overdue_is_the_most_urgent() -> None:
    now = to_ms(NOW)
    often_late = rota.urgency(row(due_at=now - 30_000), 60, now)  # late since 18 s
    seldom_late = rota.urgency(row(due_at=now - 100_000), 7200, now)  # has 22 minutes yet
    assert often_late > seldom_late


def test_hooks_come_before_what_is_not_late_and_after_what_is() -> None:
    now = to_ms(NOW)
    hooks = rota.urgency(row(what="hooks", due_at=now - 30 * 24 * 60 * MINUTE), 300, now)
    assert hooks > rota.urgency(row(due_at=now - 30_000), 300, now)
    assert hooks < rota.urgency(row(due_at=now - 10 * MINUTE), 300, now)


def test_what_is_slow_is_less_urgent_than_whatever_is_quick() -> None:
    now = to_ms(NOW)
    waited = rota.urgency(row(slow=True, due_at=now - 30 * 24 * 60 * MINUTE), 300, now)
    assert waited < rota.urgency(row(due_at=now + 60 * MINUTE), 86_400, now)
    assert rota.urgency(row(what="sweep", due_at=0), 300, now) < rota.urgency(row(due_at=0), 300, now)
    far = to_ms(datetime(2080, 1, 1, tzinfo=UTC))
    assert -(2**31) < rota.urgency(row(slow=True, due_at=far), 1, far) < 2**31


BUSY = Busy("held", retry_at=NOW + timedelta(minutes=1))
LIMITED = Limited("429", retry_at=NOW + timedelta(minutes=40))


@pytest.mark.parametrize(
    ("result", "failures", "due", "after"),
    [
        (rota.Result(1), 4, 5, 0),
        (rota.Result(130, cut=True), 0, 0, 0),
        (rota.Result(1, error=BUSY), 0, 1, 0),
        (rota.Result(1, error=Busy("held")), 3, 5, 0),
        (rota.Result(1, error=Unreachable("no answer")), 0, 5, 1),
        (rota.Result(1, error=Unreachable("no answer")), 1, 10, 2),
        (rota.Result(1, error=Unreachable("no answer")), 2, 20, 3),
        (rota.Result(1, error=Unreachable("no answer")), 30, 60, 31),
        (rota.Result(1, error=LIMITED), 0, 40, 1),
        (rota.Result(1, error=Reauthorise("dead")), 0, 15, 1),
        (rota.Result(1, error=KpiError("bug"), surprise=True), 0, 15, 1),
    ],
)
def test_when_it_comes_again(result: rota.Result, failures: int, due: int, after: int) -> None:
    told = rota.followed(row(failures=failures), result, 300, to_ms(NOW))
    assert (told.due_at - to_ms(NOW)) / MINUTE == due
    assert told.failures == after
    assert (told.error is None) is (after == 0)


@pytest.mark.parametrize(
    ("error", "minutes"),
    [(Unreachable("no answer"), 5), (Reauthorise("dead"), 15), (Brake("half is missing"), 24 * 60)],
)
def test_a_night_that_failed_is_tried_again_the_same_night(error: KpiError, minutes: int) -> None:
    """But for the brake: whoever looks again would list every id again for the same question to a person."""
    sweep = row(what="sweep", due_at=to_ms(NOW) + 24 * 60 * MINUTE)
    told = rota.followed(sweep, rota.Result(1, error=error), 300, to_ms(NOW))
    assert told.due_at - to_ms(NOW) == minutes * MINUTE


def test_who_took_long_or_is_new_waits_with_the_slow() -> None:
    assert rota.lane(row()) == "quick"
    assert rota.lane(row(slow=True)) == rota.lane(row(what="sweep")) == "slow"
    assert rota.followed(row(), rota.Result(rota.SLOW), 300, 0).slow
    assert not rota.followed(row(slow=True), rota.Result(rota.SLOW - 1), 300, 0).slow
