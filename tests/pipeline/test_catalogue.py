"""Own KPIs go wherever the catalogue's go, and the past is told by the definitions of its time."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.config import KpiSettings, lines
from connector.errors import BadConfig
from connector.kpi.catalogue import ALL
from connector.kpi.engine import Report
from connector.pipeline.catalogue import catalogue_of, lacking, linted, sections_of, written
from connector.pipeline.closing import close_month, verified
from connector.pipeline.measuring import diff_of, explanation_of, import_plans, plans_of, report_of
from connector.pipeline.official import closing_of, official_report
from connector.records import Pipeline
from connector.store import notices
from connector.store.engine import Store
from tests.kpi.ground import fact, save, win
from tests.pipeline.months import AUGUST, SEPTEMBER, Month, at

LONG = {"key": "long_calls", "count": {"of": "call_out", "where": ["number >= 180"]}, "counter": "win_rate"}
BIG = {"key": "big_wins", "count": {"of": "win", "where": ["amount >= 1000"]}}


def month(store: Store, *own: dict[str, Any], **rules: Any) -> Month:
    made = Month(store, **rules)
    configure(made, *own)
    return made


def configure(made: Month, *own: dict[str, Any]) -> None:
    """The configuration's own KPIs are these, and a sync has seen it."""
    told = tuple(KpiSettings.model_validate(one) for one in own)
    made.bench.settings = made.settings().model_copy(update={"kpi": told})
    made.adopt_as_it_is()


def value(report: Report, kpi: str, user: str = "501") -> Decimal | None:
    (found,) = [one.value for one in report.results if (one.kpi, one.subject) == (kpi, f"user:{user}")]
    return found


def test_they_are_reported_proved_compared_and_planned(store: Store, tmp_path: Path) -> None:
    made = month(store, LONG, BIG)
    made.learn([fact("call_out", number=n) for n in (10, 180, 181)])
    before = made.now
    made.learn([fact("call_out", number=n) for n in (10, 180)], "2026-09-15T09:00")
    report = report_of(made.bench, SEPTEMBER)
    assert [kpi.key for kpi in report.kpis] == [*ALL, "long_calls", "big_wins"]
    assert value(report, "long_calls") == 1
    assert value(report_of(made.bench, SEPTEMBER, as_of=before), "long_calls") == 2
    proof = explanation_of(made.bench, "long_calls", SEPTEMBER, user="501")
    assert ([item.number for item in proof.items], [item.why for item in proof.left_out]) == ([180], ["condition"])
    found = diff_of(made.bench, "long_calls", SEPTEMBER, user="501", since=before)
    assert (found.before.value, found.after.value) == (2, 1)
    plan = tmp_path / "plans.csv"
    plan.write_text("user,kpi,period,value\n501,long_calls,2026-09,100\n", "utf-8")
    assert import_plans(made.bench, plan) == 1
    assert [one.kpi for one in plans_of(made.bench, SEPTEMBER)] == ["long_calls"]
    plan.write_text("user,kpi,period,value\n501,longest,2026-09,100\n", "utf-8")
    with pytest.raises(BadConfig, match=r"'longest' is no KPI; near it: .*long_calls"):
        import_plans(made.bench, plan)


def test_a_past_moment_has_the_definitions_of_its_time_and_new_kpis_by_todays(store: Store) -> None:
    made = month(store, LONG)
    made.learn([fact("call_out", number=n) for n in (70, 180)])
    then = made.now
    made.now = at("2026-09-20T09:00")
    configure(made, LONG | {"count": {"of": "call_out", "where": ["number >= 60"]}}, BIG)
    assert value(report_of(made.bench, SEPTEMBER), "long_calls") == 2
    past = report_of(made.bench, SEPTEMBER, as_of=then)
    assert value(past, "long_calls") == 1
    assert value(past, "big_wins") == 0
    configure(made)
    assert catalogue_of(made.bench) is ALL
    assert "long_calls" in catalogue_of(made.bench, int(then.timestamp() * 1000))


def test_a_closed_month_keeps_them_when_the_configuration_drops_them(store: Store) -> None:
    made = month(store, BIG)
    made.learn([fact("win", "2026-08-10T09:00", amount=200_000)])
    close_month(made.bench, AUGUST, author="a", force=True)
    made.now = at("2026-09-20T09:00")
    configure(made)
    closing = closing_of(made.bench, AUGUST)
    assert closing is not None
    assert verified(made.bench, closing)
    assert value(official_report(made.bench, AUGUST), "big_wins") == 1
    assert all(kpi.key != "big_wins" for kpi in official_report(made.bench, SEPTEMBER).kpis)


def test_names_are_resolved_and_what_the_crm_lacks_is_no_source_a_notice_and_a_finding(store: Store) -> None:
    made = month(store, {"key": "opt", "count": {"of": "win", "pipeline": "Опт"}}, BIG | {"key": "x1"})
    with made.bench.store.write() as conn:
        save(conn, made.bench.account, [Pipeline(id="11", name="опт")])
    assert catalogue_of(made.bench)["opt"].top[0].where[0].than == ("11",)
    configure(made, {"key": "retail", "count": {"of": "win", "pipeline": "Розница"}})
    made.learn([win(2000, pipeline="11")])
    (result,) = [
        one for one in report_of(made.bench, SEPTEMBER).results if one.kpi == "retail" and "501" in one.subject
    ]
    assert (result.value, result.reason) == (None, "no_source")
    with made.bench.store.read() as conn:
        assert lacking(made.bench, conn) == {"retail": "воронки Розница в аккаунте нет; есть: опт"}
    found = linted(made.bench, 0, lines('[[account]]\n[[account.kpi]]\nkey = "retail"\ncount = {}'))
    assert [(one.line, one.key, one.flaw.grade) for one in found.findings] == [(4, "retail", "missing")]
    assert (found.good, found.failed) == (0, True)


def test_after_a_sync_status_tells_of_them(store: Store) -> None:
    from connector.pipeline.agreeing import tell_notes

    made = month(store, {"key": "retail", "count": {"of": "win", "pipeline": "Розница"}})
    with made.bench.store.write() as conn:
        save(conn, made.bench.account, [Pipeline(id="11", name="Опт")])
    tell_notes(made.bench)
    with made.bench.store.read() as conn:
        told = [(one.subject, one.text) for one in notices.all(conn, made.bench.account) if one.code == "own_kpi"]
    assert told == [("retail", "воронки Розница в аккаунте нет; есть: Опт")]


def test_what_cannot_be_computed_stops_whoever_did_not_read_the_file(sqlite_store: Store) -> None:
    made = month(sqlite_store, {"key": "x1", "count": "call_outt"})
    with pytest.raises(BadConfig, match="call_outt is no kind of facts"):
        report_of(made.bench, SEPTEMBER)


def test_sections_are_kept_as_they_were_written() -> None:
    told = [
        KpiSettings.model_validate(one)
        for one in (LONG, BIG, {"key": "c1", "conversion": {"from": "talk", "to": "win", "window": "7d"}})
    ]
    assert sections_of(written(told)) == told


def test_lint_warns_of_a_source_that_was_never_met(store: Store) -> None:
    made = month(store, {"key": "x1", "count": {"of": "win", "source": ["site", "Site"]}})
    read = lines("")
    assert [one.flaw.code for one in linted(made.bench, 0, read).findings] == []
    made.learn([win(2000, source="site"), win(2000, source=None)])
    (found,) = linted(made.bench, 0, read).findings
    assert (found.flaw.code, found.flaw.grade) == ("new_source", "warning")
    assert found.flaw.text.en == "the source Site has not been met yet; met were: site"
