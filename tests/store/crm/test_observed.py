"""Stored bodies are compared by their last bytes: that must be what comparing the fields is."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from connector.records import Deal
from connector.store.crm.observed import same_fields
from connector.store.encoding import row

AT = datetime(2026, 9, 1, tzinfo=UTC)
TEXTS = st.sampled_from(["", "1", "fields", '","fields":{', '"}}', "}"])
FIELDS = st.recursive(TEXTS, lambda inner: st.dictionaries(TEXTS, inner, max_size=2), max_leaves=5)


def body(fields: dict[str, Any], name: str = "") -> str:
    deal = Deal(id="1", created_at=AT, pipeline_id="31", stage_id="31/1", source=name or None, fields=fields)
    return row(1, deal, 0)[0].body


@given(st.dictionaries(TEXTS, FIELDS, max_size=3), st.dictionaries(TEXTS, FIELDS, max_size=3), TEXTS)
def test_bodies_agree_from_their_fields_on_where_the_fields_do(
    one: dict[str, Any], other: dict[str, Any], name: str
) -> None:
    assert same_fields(body(one, name), body(other)) == (json.dumps(one) == json.dumps(other))


def test_a_field_that_was_the_first_or_the_last() -> None:
    assert same_fields(body({}), body({}, "x"))
    assert not same_fields(body({}), body({"CSAT": "5"}))
    assert not same_fields(body({"CSAT": "5"}), body({}))
    assert not same_fields(body({"CSAT": "5"}), body({"x": {"fields": {"CSAT": "5"}}}))
