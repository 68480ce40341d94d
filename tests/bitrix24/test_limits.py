"""Until when a method is closed, told in all the ways the portal has."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from providers.bitrix24.limits import Limits

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        ({"operating_reset_at": (NOW + timedelta(seconds=90)).timestamp()}, 90),
        ({"operating_reset_at": (NOW + timedelta(seconds=90)).isoformat()}, 90),
        ({"operating_reset_at": str((NOW + timedelta(seconds=90)).timestamp())}, 90),
        ({"operating_reset_at": (NOW + timedelta(days=9)).timestamp()}, 600),
        ({"operating_reset_at": 0}, 1),
        ({"operating_reset_at": "soon"}, 60),
        ({"operating_reset_at": None}, 60),
        ({}, 60),
        (None, 60),
        ([], 60),
    ],
)
def test_how_long_a_method_stays_closed(told: Any, seconds: int) -> None:
    limits = Limits()
    until = limits.close("crm.item.list", told, NOW)
    assert until == NOW + timedelta(seconds=seconds)
    assert limits.opens(["user.get", "crm.item.list"], NOW) == until
    assert limits.opens(["user.get"], NOW) is None
    assert limits.opens(["crm.item.list"], until) is None


def test_earlier_answers_tell_what_a_refusal_does_not() -> None:
    limits = Limits()
    limits.learn("m", {"operating": 1.5, "operating_reset_at": (NOW + timedelta(seconds=300)).timestamp()}, NOW)
    limits.learn("m", {"operating": 2.5}, NOW)
    assert limits.close("m", None, NOW) == NOW + timedelta(seconds=300)
    assert limits.used == {"m": 2.5}
