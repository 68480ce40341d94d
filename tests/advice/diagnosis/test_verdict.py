"""What is called weak, strong, the same or unknown, and how much more it would take."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.advice.diagnosis.verdict import enough, judge


@pytest.mark.parametrize(
    ("below", "gap", "n", "needed", "finding", "more"),
    [
        (0.95, 0.2, 100, 80, "confirmed", None),
        (0.95, 0.05, 100, None, "level", None),
        (0.85, 0.2, 100, 150, "likely", 50),
        (0.7, 0.2, 100, 150, "few", 50),
        (0.7, 0.2, 100, 90, "level", None),
        (0.05, -0.2, 100, None, "strength", None),
        (0.99, 0.5, 12, 15, "few", 8),
        (0.99, 0.5, 12, 60, "few", 48),
    ],
)
def test_cases(below: float, gap: float, n: int, needed: int | None, finding: str, more: int | None) -> None:
    told = judge(below, gap, n, 20, needed)
    assert (told.finding, told.needed, told.speaks) == (finding, more, finding in ("confirmed", "likely"))


@given(st.floats(0.05, 0.5), st.floats(0.15, 0.6), st.floats(2, 500))
def test_a_larger_difference_takes_less(reference: float, part: float, strength: float) -> None:
    small, large = (
        enough(reference * share, reference, reference * (1 - reference), strength) for share in (part, part * 1.5)
    )
    assert small is not None
    assert large is not None
    assert 0 < large <= small


def test_what_would_not_matter_is_never_settled() -> None:
    assert enough(0.01, 0.2, 0.16, 50) is None
    assert enough(-0.1, 0.2, 0.16, 50) is None


def test_two_conversions_of_the_literature() -> None:
    """20 % against 30 % takes about 290 a person on two sides; beside a known team, on one side, fewer."""
    found = enough(0.1, 0.3, 0.16, 0)
    assert found is not None
    assert 60 <= found <= 150
