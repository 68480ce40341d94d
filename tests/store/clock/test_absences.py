"""Absences in two times: what is known now, what was known then, and nothing twice. Memberships as spans likewise."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from connector.records import Absence, User
from connector.store import accounts
from connector.store.clock import absences
from connector.store.crm import memberships
from connector.store.crm.stays import stays
from connector.store.engine import Store

JULY = Absence.of("501", "vacation", date(2026, 7, 6), date(2026, 7, 19))
ILL = Absence.of("502", "sick", date(2026, 7, 1), date(2026, 7, 3))
CAME = Absence.of("503", "hired", date(2026, 7, 13), date(2026, 7, 13))


def took(store: Store, told: list[Absence], *, now: int, **more: Any) -> tuple[int, int]:
    with store.write() as conn:
        account = accounts.enroll(conn, "a", "fake")
        return absences.take(conn, account, told, **({"source": "csv"} | more), now=now)


def known(store: Store, as_of: int | None = None) -> list[Absence]:
    with store.read() as conn:
        return [one for one, _ in absences.known(conn, 1, as_of=as_of)]


def test_the_same_again_changes_nothing(store: Store) -> None:
    assert took(store, [JULY, ILL, JULY], now=1000) == (2, 0)
    assert took(store, [ILL, JULY], now=2000) == (0, 0)
    assert known(store) == [JULY, ILL]


def test_a_file_adds_to_the_last_one_unless_it_is_the_whole(store: Store) -> None:
    took(store, [JULY, ILL], now=1000)
    assert took(store, [CAME], now=2000) == (1, 0)
    assert known(store) == [JULY, ILL, CAME]
    assert took(store, [ILL], now=3000, whole=True) == (0, 2)
    assert known(store) == [ILL]


def test_what_was_known_then_stays_known(store: Store) -> None:
    took(store, [JULY], now=1000)
    took(store, [ILL], now=2000, whole=True)
    moments = {999: [], 1000: [JULY], 1999: [JULY], 2000: [ILL], None: [ILL]}
    assert {moment: known(store, moment) for moment in moments} == moments


def test_a_day_of_hire_is_corrected_not_doubled(store: Store) -> None:
    took(store, [CAME, JULY], now=1000)
    sooner = Absence.of("503", "hired", date(2026, 7, 6), date(2026, 7, 6))
    assert took(store, [sooner], now=2000) == (1, 1)
    assert known(store) == [JULY, sooner]


def test_sources_do_not_end_one_another(store: Store) -> None:
    took(store, [JULY], now=1000)
    assert took(store, [JULY], now=2000, source="crm", whole=True) == (1, 0)
    assert took(store, [], now=3000, source="crm", whole=True) == (0, 1)
    assert known(store) == [JULY]


@pytest.mark.parametrize(
    ("within", "ended"),
    [
        ((date(2026, 7, 19), date(2026, 8, 1)), 1),
        ((date(2026, 7, 20), date(2026, 8, 1)), 0),
        ((date(2026, 6, 1), date(2026, 7, 6)), 1),
        ((date(2026, 6, 1), date(2026, 7, 5)), 0),
    ],
)
def test_only_what_the_asked_days_touch_is_ended(store: Store, within: tuple[date, date], ended: int) -> None:
    took(store, [JULY], now=1000)
    assert took(store, [], now=2000, whole=True, within=within) == (0, ended)


def test_memberships_as_they_were_known(store: Store) -> None:
    with store.write() as conn:
        account = accounts.enroll(conn, "a", "fake")
        memberships.observe(conn, account, [User(id="501", name="А", team_ids=("1",))], now=1000)
        memberships.observe(conn, account, [User(id="501", name="А", team_ids=("2",))], now=2000)
    with store.read() as conn:
        assert stays(conn, account) == {"501": [("1", 0, 2000), ("2", 2000, None)]}
        assert stays(conn, account, as_of=1999) == {"501": [("1", 0, None)]}
        assert stays(conn, account, as_of=2000) == {"501": [("1", 0, 2000), ("2", 2000, None)]}
