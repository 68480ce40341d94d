"""Which KPIs of the catalogue have a model, and why others have none."""

from __future__ import annotations

import pytest

from connector.kpi.catalogue import ALL
from connector.targets.likely.shape import shape_of


@pytest.mark.parametrize(
    ("key", "shape"),
    [
        ("revenue", "revenue"),
        ("won_deals", "count"),
        ("calls", "count"),
        ("meetings", "count"),
        ("new_clients", "count"),
        ("reschedules", "count"),
        ("win_rate", "share"),
        ("objection_handling", "share"),
        ("missed_call_share", "share"),
        ("average_deal", "average"),
        ("median_deal", "no_model"),
        ("margin", "no_model"),
        ("lead_response_minutes", "no_model"),
        ("refund_share", "ripens"),
        ("contacted_clients", "no_model"),
        ("talk_minutes", "no_side"),
        ("deals_without_next_step", "standing"),
        ("lead_won_share", "ripens"),
    ],
)
def test_the_model_follows_from_the_formula(key: str, shape: str) -> None:
    assert shape_of(ALL[key]) == shape
