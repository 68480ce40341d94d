"""A turn ends in time, and is noted however it ends."""

from __future__ import annotations

from connector.fleet.turns import Alarm


def test_the_alarm_rings_at_its_time_and_goes_on_ringing() -> None:
    now = [0.0]
    alarm = Alarm(lambda: False, 10, lambda: now[0])
    assert not alarm() and not alarm.rang
    now[0] = 10.0
    assert alarm() and alarm.rang
    now[0] = 0.0
    assert alarm()


def test_an_alarm_that_nobody_heard_did_not_ring() -> None:
    now = [0.0]
    alarm = Alarm(lambda: False, 10, lambda: now[0])
    now[0] = 11.0
    assert not alarm.rang


def test_without_a_time_only_the_stop_counts() -> None:
    stopping = [False]
    alarm = Alarm(lambda: stopping[0], None)
    assert not alarm()
    stopping[0] = True
    assert alarm()
