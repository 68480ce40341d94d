"""A first read that broke off accuses nobody and writes nothing; a month's last evening still reaches its card."""

from __future__ import annotations

import pytest

from connector.cli.demo import DEMO_NOW
from connector.moment import Period
from connector.pipeline.cycling import cycle
from connector.pipeline.measuring import report_of
from connector.pretend.happenings import Moved
from connector.pretend.people import moscow
from connector.records import Deal
from connector.store.crm import records
from providers.bitrix24.sandbox.faults import Fails
from tests.journeys.conftest import Open


@pytest.mark.parametrize("provider", ["amocrm", "bitrix24"])
def test_nothing_is_written_on_half_a_truth(journey: Open, provider: str) -> None:
    box, bench = journey(provider, now=DEMO_NOW)
    if provider == "amocrm":
        box.faults.html(502, path="contacts/notes", times=None)
    else:
        box.faults.add(Fails("QUERY_LIMIT_EXCEEDED", "Too many requests", 503), "voximplant.statistic.get", times=None)
    first = cycle(bench)
    assert first.synced.problems
    assert "call" in first.pushed.unready
    assert not box.written
    calls = [r for r in report_of(bench, Period.parse("2026-09")).results if r.kpi == "calls"]
    assert {(r.value, r.reason) for r in calls} == {(None, "no_source")}
    box.faults.clear()
    second = cycle(bench)
    assert not second.pushed.unready
    assert box.written


def test_a_win_of_the_last_evening_reaches_the_months_card(journey: Open) -> None:
    box, bench = journey("amocrm", now=moscow(2026, 8, 31, 20))
    cycle(bench)
    august = {r.subject: r.value for r in report_of(bench, Period.parse("2026-08")).results if r.kpi == "won_deals"}
    with bench.store.read() as conn:
        deals = records.directory(conn, bench.account, Deal)
    mine = min(int(d.id) for d in deals.values() if d.outcome == "open" and d.owner_id == "501" and d.amount)
    box.happen(Moved(moscow(2026, 8, 31, 23, 55), mine, "won", 501))
    written = len(box.written)
    box.advance(moscow(2026, 9, 1, 9))
    cycle(bench)
    after = {r.subject: r.value for r in report_of(bench, Period.parse("2026-08")).results if r.kpi == "won_deals"}
    assert after["user:501"] == (august["user:501"] or 0) + 1
    changed = [w for w in box.written[written:] if w["method"] == "PATCH" and "elements" in w["path"]]
    assert changed, "the card of August is rewritten"
