"""What is read of a closed month: facts learned in the span, and those whose time came in what was not judged yet."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connector.kpi.catalogue import ALL
from connector.kpi.corrections.reading import alike, lives
from connector.moment import Period, to_ms
from connector.store.engine import Store
from tests.kpi.ground import account, fact, know, seen

AUGUST = Period.parse("2026-08")
KPI = ALL["lead_answered_in_norm"]
DUE = "2026-08-20T12:00"


def ms(text: str) -> int:
    return to_ms(datetime.fromisoformat(text).replace(tzinfo=UTC))


WINDOW = (ms("2026-09-08T09:00"), ms("2026-09-30T09:00"))
BEFORE, BETWEEN, WITHIN, AFTER = "2026-08-25T12:00", "2026-09-06T12:00", "2026-09-10T12:00", "2026-10-02T12:00"
SPANS = [
    (None, {WITHIN}),
    (ms("2026-09-05T09:00"), {BETWEEN, WITHIN}),
    (ms("2026-09-12T09:00"), {WITHIN}),
]


@pytest.mark.parametrize(("unread", "found"), SPANS, ids=["all judged", "judged less far", "judged further"])
def test_whose_time_came_since_the_data_was_judged(sqlite_store: Store, unread: int | None, found: set[str]) -> None:
    some = [
        fact("enquiry", when=DUE, key=due, due_at=datetime.fromisoformat(due).replace(tzinfo=UTC))
        for due in (BEFORE, BETWEEN, WITHIN, AFTER)
    ]
    with sqlite_store.write() as conn:
        number = account(conn)
        know(conn, number, some, at=1)
        limits = seen(number, "2026-08", at=WINDOW[1]).limits
        read = lives(conn, number, AUGUST, [KPI], WINDOW, limits, unread=unread)
    assert {life.fact.key for life in read} == found


def test_what_was_learned_in_the_span_is_read_with_its_other_version(sqlite_store: Store) -> None:
    """A fact that left the month: in it is only the version that ended, where it went stands in another month."""
    with sqlite_store.write() as conn:
        number = account(conn)
        know(conn, number, [fact("enquiry", when=DUE, key="moved")], at=1)
        know(conn, number, [fact("enquiry", when="2026-09-02T12:00", key="moved")], at=WINDOW[0] + 1)
        know(conn, number, [fact("enquiry", when="2026-08-03T12:00", key="stays")], at=1, dossier="contact:2")
        limits = seen(number, "2026-08", at=WINDOW[1]).limits
        read = lives(conn, number, AUGUST, [KPI], WINDOW, limits)
    assert [(life.fact.key, life.since, life.until) for life in read] == [
        ("moved", 1, WINDOW[0] + 1),
        ("moved", WINDOW[0] + 1, None),
    ]


def test_kpis_that_credit_alike_are_read_together() -> None:
    groups = alike([ALL["revenue"], ALL["average_deal"], ALL["revenue"].credited("now")])
    assert [len(group) for group in groups] == [2, 1]
