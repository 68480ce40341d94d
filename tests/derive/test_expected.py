"""Open deals by the moment they are hoped to be won (K-18)."""

from __future__ import annotations

from typing import Any

import pytest

from connector.fact import STANDS
from tests.derive.ground import at, deal, facts, sales


@pytest.mark.parametrize(
    ("told", "due", "omitted"),
    [
        ("2026-10-05", "2026-10-05T00:00", None),
        ("05.10.2026 18:30", "2026-10-05T18:30", None),
        ("soon", None, "unreadable"),
    ],
)
def test_an_open_deal_is_expected_when_its_field_says(told: Any, due: str | None, omitted: str | None) -> None:
    found = facts(sales(expected_close_field="Ждём"), deals=(deal(outcome="open", fields={"Ждём": told}),))
    fact, stands = found["open_expected|deal:1"], found["open_deal|deal:1"]
    assert (fact.due_at, fact.omitted, fact.day) == (due and at(due), omitted, STANDS)
    assert (fact.amount, fact.user, fact.stage, fact.at) == (stands.amount, stands.user, stands.stage, stands.at)


@pytest.mark.parametrize(
    ("outcome", "fields", "rule"),
    [("open", {"Ждём": ""}, "Ждём"), ("open", {}, "Ждём"), ("won", {"Ждём": "2026-10-05"}, "Ждём"),
     ("open", {"Ждём": "2026-10-05"}, None)],
)  # fmt: skip
def test_nothing_is_expected_of_other_deals(outcome: Any, fields: dict[str, Any], rule: str | None) -> None:
    found = facts(sales(expected_close_field=rule), deals=(deal(outcome=outcome, fields=fields),))
    assert not [key for key in found if key.startswith("open_expected")]
