"""Reconciliation and the drift guard over both pretend CRMs: what is planted is named, what is in order is not."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa

from connector.cli.demo import DEMO_NOW
from connector.health import reconcile_telling
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import report_of
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.trust.freezing import drifts_of
from connector.pipeline.trust.gaming import gaming_of
from connector.pipeline.trust.health import quality_of
from connector.pipeline.trust.reconciling import Reconciled, reconcile
from connector.pretend.company import END
from connector.pretend.happenings import Deleted, PipelineMade, Priced
from connector.provider import Page
from connector.records import Call, Deal
from connector.store.crm import records
from tests.journeys.conftest import Open

AUGUST = Period.parse("2026-08")
MONTHS = [Period.parse(f"2026-{month:02}") for month in range(4, 10)]
BOTH = pytest.mark.parametrize("provider", ["amocrm", "bitrix24"])


def wins(bench: Workbench) -> list[Deal]:
    """Deals that the cards say were won in August, by id."""
    start, end = AUGUST.bounds(bench.zone())
    with bench.store.read() as conn:
        deals = records.directory(conn, bench.account, Deal).values()
    won = [d for d in deals if d.outcome == "won" and d.closed_at is not None and start <= d.closed_at < end]
    return sorted((d for d in won if d.amount), key=lambda d: int(d.id))


def count(done: Reconciled, what: str) -> tuple[int, int]:
    return next((one.ours, one.theirs) for one in done.counts if one.what == what)


@BOTH
def test_in_order_nothing_differs_and_planted_differences_are_named(journey: Open, provider: str) -> None:
    box, bench = journey(provider, now=DEMO_NOW)
    sync_and_derive(bench)
    clean = reconcile(bench, AUGUST)
    assert (clean.differences, clean.differs, clean.skipped) == ([], False, {})
    assert count(clean, "deals_won") == (len(clean_wins(clean)), len(clean_wins(clean)))
    lost_here, edited, gone, repriced = wins(bench)[:4]
    tamper(bench, lost_here, edited)
    box.happen(
        Deleted(DEMO_NOW + timedelta(minutes=1), int(gone.id), 501),
        Priced(DEMO_NOW + timedelta(minutes=1), int(repriced.id), 12_300, 501),
    )
    box.advance(DEMO_NOW + timedelta(hours=1))
    done = reconcile(bench, AUGUST)
    told = {one.id: one for one in done.differences if one.kind == "deal"}
    assert set(told) == {lost_here.id, edited.id, gone.id, repriced.id}
    assert {id: one.how for id, one in told.items()} == {
        lost_here.id: "missing_here", edited.id: "differs", gone.id: "missing_there", repriced.id: "differs",
    }  # fmt: skip
    amounts = {c.field: (c.ours, c.theirs) for c in told[edited.id].changes}
    assert amounts["amount"] == (1, edited.amount)
    assert told[repriced.id].later
    assert not told[lost_here.id].later
    assert done.differs
    text = reconcile_telling.as_text(done)
    assert all(bench.provider.link_to(f"deal:{id}") in text for id in told)
    assert reconcile_telling.as_json(done)["differs"] is True


def clean_wins(done: Reconciled) -> range:
    return range(count(done, "deals_won")[1])


def tamper(bench: Workbench, lost: Deal, edited: Deal) -> None:
    """What our own store might have got wrong: a row lost, an amount misread."""
    wrong = msgspec.json.encode(msgspec.structs.replace(edited, amount=1)).decode()
    with bench.store.write() as conn:
        conn.execute(sa.text("delete from record where kind = 'deal' and id = :id"), {"id": lost.id})
        conn.execute(
            sa.text("update record set body = :body where kind = 'deal' and id = :id"), {"body": wrong, "id": edited.id}
        )


@BOTH
def test_a_silent_zero_is_caught(journey: Open, provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """D13: a filter turned round gives an empty list and no error; every KPI of calls would be 0."""
    _, bench = journey(provider, now=DEMO_NOW)
    honest = bench.provider.pull

    def blind(kind: Any, cursor: str | None) -> Iterator[Page]:
        for page in honest(kind, cursor):
            yield page if kind is not Call else Page((), page.cursor, page.told_at)

    monkeypatch.setattr(type(bench.provider), "pull", lambda self, kind, cursor: blind(kind, cursor))
    sync_and_derive(bench)
    monkeypatch.undo()
    done = reconcile(bench, AUGUST)
    ours, theirs = count(done, "calls_out")
    assert (ours, theirs > 100) == (0, True)
    assert done.differs
    assert {one.how for one in done.differences} == {"missing_here"}
    assert not any(one.later for one in done.differences)
    without = reconcile(bench, AUGUST, calls=False)
    assert not without.differs


@BOTH
def test_every_win_of_the_crm_is_in_the_revenue_or_says_why(journey: Open, provider: str) -> None:
    _, bench = journey(provider, now=DEMO_NOW)
    sync_and_derive(bench)
    reasons = set()
    for month in MONTHS:
        done = reconcile(bench, month, calls=False)
        assert not done.differs, (month.label, done.differences[:3])
        reasons |= {one.why.partition(":")[0] for one in done.outside}
    assert {"service_pipeline", "no_rate", "no_amount"} <= reasons
    assert "no_fact" not in reasons


@BOTH
def test_the_pretend_company_is_not_accused_and_drifts_nowhere(journey: Open, provider: str) -> None:
    box, bench = journey(provider, now=DEMO_NOW - timedelta(days=40))
    for _ in range(4):
        sync_and_derive(bench)
        box.advance(box.now + timedelta(days=10))
    sync_and_derive(bench)
    assert drifts_of(bench).rows == ()
    assert [one for month in MONTHS for one in gaming_of(bench, month).suspicions] == []
    codes = {one.code for month in MONTHS for one in quality_of(bench, month).findings}
    assert {"deals_without_step", "wins_without_amount", "amounts_without_rate"} <= codes
    assert not codes & {"unknown_stages", "pipelines_without_win", "field_missing", "unreadable_rows"}


@BOTH
def test_a_new_pipeline_is_noted_and_calls_that_stop_freeze_what_rests_on_them(journey: Open, provider: str) -> None:
    box, bench = journey(provider, now=END - timedelta(days=1))
    sync_and_derive(bench)
    box.happen(PipelineMade(END, 77, "Опт"))
    box.advance(END + timedelta(days=9))  # the company's story is over: nobody calls any more
    for _ in range(2):  # the first one only learns what time it is
        sync_and_derive(bench)
    found = {row.code: row.accepted_by for row in drifts_of(bench).rows}
    assert found == {"pipeline_added": "noted", "calls_stopped": None}
    september = {(r.kpi, r.subject): r for r in report_of(bench, MONTHS[-1]).results}
    october = {(r.kpi, r.subject): r for r in report_of(bench, Period.parse("2026-10")).results}
    assert september["calls", "user:501"].value
    assert (october["calls", "user:501"].value, october["calls", "user:501"].reason) == (None, "frozen")
    assert october["won_deals", "user:501"].reason != "frozen"
