from decimal import Decimal

import pytest

from connector.writeback.spell import spell, whole_up


@pytest.mark.parametrize(
    ("unit", "value", "told"),
    [
        ("money", "1200000.00", "1200000"), ("money", "1200000.50", "1200000.5"), ("money", "0.005", "0.01"),
        ("money", "1E+6", "1000000"), ("money", "100", "100"), ("share", "0.005", "1"), ("share", "0.0049", "0"),
        ("share", "1.5", "150"), ("count", "10", "10"), ("minutes", "7.5", "8"), ("minutes", "0.4", "0"),
        ("score", "4.66", "4.7"), ("score", "5.00", "5"), ("count", "-0.2", "0"),
    ],
)  # fmt: skip
def test_numbers_are_spelled_the_same_way_always(unit, value, told):
    assert spell(unit, Decimal(value)) == told


def test_nothing_to_measure_is_nothing_written():
    assert spell("money", None) is None


def test_what_is_left_is_rounded_up():
    assert [whole_up(Decimal(v)) for v in ("1.01", "1", "0")] == ["2", "1", "0"]
