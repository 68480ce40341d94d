"""Numbers of facts as people read them."""

from __future__ import annotations

import pytest

from connector.kpi.kinds import KINDS, STANDING


@pytest.mark.parametrize(
    ("kind", "number", "ru", "en"),
    [
        ("enquiry", 1944, "ответ через 32,4 раб. мин", "answered in 32.4 working min"),
        ("callback", 90, "перезвонили через 1,5 раб. мин", "returned in 1.5 working min"),
        ("cycle", 86400 * 10.25, "10,2 дн.", "10.2 days"),
        ("cycle", 86400 * 10_000, "10000,0 дн.", "10000.0 days"),
        ("rating", 4.5, "оценка 4,5", "score 4.5"),
        ("win", 2, "покупка № 2", "purchase no. 2"),
        ("payment", 2, "", ""),
    ],
)
def test_numbers_have_the_decimal_sign_of_the_language(kind: str, number: float, ru: str, en: str) -> None:
    assert (KINDS[kind].says(number, "ru"), KINDS[kind].says(number, "en")) == (ru, en)


def test_what_stands_and_what_is_counted_in_working_time() -> None:
    """Said twice, so that a slip shows: what stands counts at a period's end, what waits is timed by the office."""
    assert {kind for kind, one in KINDS.items() if one.standing} == {
        "open_deal", "open_expected", "open_quiet", "open_task", "invoice",
    }  # fmt: skip
    assert {"open_deal", "open_expected", "open_quiet", "open_task", "invoice"} == STANDING
    assert {kind for kind, one in KINDS.items() if one.working} == {"enquiry", "handed", "lead_processed", "callback"}
