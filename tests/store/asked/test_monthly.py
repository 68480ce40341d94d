"""What targets and advice learn from is what the KPIs count: cohorts by their window."""

from __future__ import annotations

from datetime import timedelta

from connector.fact import Fact
from connector.moment import to_ms
from connector.store.asked import enquiries, monthly
from connector.store.asked.enquiries import Span
from connector.store.engine import Store
from tests.kpi.ground import account, fact, know

DAY = 86_400
NOW = to_ms(fact("x", "2026-12-31T00:00:00").at)


def asked(days: int | None) -> Fact:
    """An enquiry of September with a window of ninety days, won after so many."""
    came = fact("lead_won", "2026-09-01T10:00:00")
    number = None if days is None else days * DAY
    return fact("lead_won", "2026-09-01T10:00:00", number=number, due_at=came.at + timedelta(days=90))


def test_a_win_after_the_window_is_no_conversion(store: Store) -> None:
    """As in K-15: two of three were said to be won where the KPI said one of three."""
    with store.write() as conn:
        number = account(conn)
        know(conn, number, [asked(90), asked(91), asked(None)])
        [found] = monthly.asked(conn, number, 20260901, 20261001, as_of=None, ripe_at=NOW)
        ripe = enquiries.ripe(conn, Span.of(number, ["2026-09"], NOW))
    assert (found.ripe, found.won) == (3, 1)
    assert sorted(one.won for one in ripe) == [False, False, True]
