"""What is left out by the rules is counted, and so are wins whose amount was changed."""

from __future__ import annotations

import pytest

from connector.health import quality_excluded
from connector.health.finding import Finding
from tests.health.rows import Rows


def only(found: list[Finding]) -> tuple[str, int, int | None, list[str | None]]:
    [one] = found
    assert not one.effects, "what counts nowhere distorts nothing"
    return one.code, one.count, one.of, [example.ref for example in one.examples]


def test_calls_with_our_own_numbers_are_counted_among_calls() -> None:
    rows = Rows()
    rows.add("call_out", key="call_out|call:1", omitted="internal", number=5.0)
    rows.add("call_in", key="call_in|call:2", omitted="redial")
    rows.add("call_missed", key="call_missed|call:3")
    rows.add("win", omitted="internal")
    assert only(quality_excluded.internal_calls(rows.look())) == ("internal_calls", 1, 3, ["contact:1"])


@pytest.mark.parametrize(("code", "why"), [("tests", "test"), ("robot_deals", "robot")])
def test_records_that_are_left_out_are_counted_once_each(code: str, why: str) -> None:
    rows = Rows()
    rows.add("win", deal_id="1", omitted=why)
    rows.add("created", deal_id="1", omitted=why)
    rows.add("enquiry", lead_id="5", omitted=why)
    rows.add("call_out", key="call_out|call:9", deal_id="1", omitted=why)
    rows.add("win", deal_id="2")
    rows.add("win", deal_id="3", omitted="junk")
    found = only(getattr(quality_excluded, code)(rows.look()))
    assert found == (code, 3, 5, ["deal:1", "lead:5", "call:9"])


def test_live_amounts_that_were_changed_are_listed() -> None:
    rows = Rows()
    rows.add("win", amount=5, note="changed_after_win")
    rows.add("win", amount=5, note="changed_after_win", omitted="test")
    rows.add("win", amount=5, note="no_amount")
    assert only(quality_excluded.amounts_changed(rows.look())) == ("amounts_changed", 1, 2, ["deal:1"])


def test_nothing_left_out_is_no_finding() -> None:
    rows = Rows()
    rows.add("win", amount=5)
    for check in (quality_excluded.internal_calls, quality_excluded.tests, quality_excluded.robot_deals,
                  quality_excluded.amounts_changed):  # fmt: skip
        assert check(rows.look()) == []
