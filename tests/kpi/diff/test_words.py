"""How a change is written."""

from __future__ import annotations

from decimal import Decimal

import pytest

from connector.kpi.diff.words import signed


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("0", "days", "0,0"),
        ("0.04", "days", "≈ 0"),
        ("-0.04", "days", "≈ 0"),
        ("-0.06", "days", "−0,1"),
        ("2", "count", "+2"),
        ("-0.001", "money", "≈ 0"),
        ("-110000", "money", "−110 000,00"),
        ("-0.0004", "share", "≈ 0"),
    ],
)
def test_a_change_has_a_sign_unless_it_is_too_little_to_be_seen(value: str, unit: str, text: str) -> None:
    assert signed(Decimal(value), unit, "RUB", "ru").replace("\u00a0", " ") == text
