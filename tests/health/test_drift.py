"""Differences of two worlds, and which KPIs each of them touches."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.config import Rules
from connector.health.drift import Drift, differences, emptied
from connector.health.drift_words import told
from connector.health.fields import configured, fills
from connector.health.frozen import freeze, settled, thaw_moments, touched
from connector.health.world import FieldSeen, StageSeen, World, adopted, improved
from connector.kpi.catalogue import ALL
from connector.result import Result

BASE = World(
    pipelines={"1": "Продажи", "2": "Сервис"},
    stages={
        "1/1": StageSeen("Новая", "1", "open"),
        "1/142": StageSeen("Успех", "1", "won"),
        "1/143": StageSeen("Отказ", "1", "lost"),
        "2/142": StageSeen("Готово", "2", "won"),
    },
    fields={"csat_field": FieldSeen("CSAT", True, 80, 100)},
)
NAMES = st.dictionaries(st.sampled_from("123"), st.sampled_from(["Продажи", "Сервис", "Опт"]))
STAGES = st.dictionaries(
    st.sampled_from(["1/1", "1/2", "2/1", "2/142"]),
    st.builds(StageSeen, st.sampled_from("AB"), st.sampled_from("12"), st.sampled_from(["open", "won", "lost"])),
)
WORLDS = st.builds(World, pipelines=NAMES, stages=STAGES)


def keys(drift: Drift, **rules: Any) -> set[str]:
    return set(touched(drift, ALL.values(), Rules(**rules)))


@given(one=WORLDS, other=WORLDS)
def test_adopting_every_difference_leaves_none(one: World, other: World) -> None:
    assert differences(one, one) == []
    left = one
    for drift in differences(one, other):
        left = adopted(left, other, drift.subject)
    assert [d for d in differences(left, other) if d.subject in {x.subject for x in differences(one, other)}] == []


@given(one=WORLDS, other=WORLDS)
def test_every_difference_has_words_in_both_languages(one: World, other: World) -> None:
    for drift in differences(one, other):
        assert all("None" not in text and "{" not in text for text in told(drift))


def test_a_pipeline_that_comes_brings_its_stages_silently() -> None:
    more = World(pipelines=BASE.pipelines | {"3": "Опт"}, stages=BASE.stages | {"3/1": StageSeen("Новая", "3", "open")},
                 fields=BASE.fields)  # fmt: skip
    [drift] = differences(BASE, more)
    assert (drift.code, drift.subject) == ("pipeline_added", "pipeline:3")
    assert differences(adopted(BASE, more, drift.subject), more) == []


@pytest.mark.parametrize(
    ("filled", "of", "alarm"),
    [(30, 100, True), (39, 100, True), (41, 100, False), (5, 20, False), (0, 30, True), (80, 100, False)],
)
def test_a_field_is_emptied_under_half_and_beyond_chance(filled: int, of: int, alarm: bool) -> None:
    assert emptied(FieldSeen("CSAT", True, 80, 100), FieldSeen("CSAT", True, filled, of)) is alarm


def test_a_rarely_filled_field_that_is_empty_for_a_while_is_no_drift() -> None:
    assert not emptied(FieldSeen("Возврат", True, 3, 100), FieldSeen("Возврат", True, 0, 100))


def test_the_baseline_of_a_field_rises_and_never_falls() -> None:
    better = World(fields={"csat_field": FieldSeen("CSAT", True, 95, 100)})
    worse = World(fields={"csat_field": FieldSeen("CSAT", True, 50, 100)})
    assert improved(BASE, better).fields["csat_field"].filled == 95
    assert improved(BASE, worse).fields["csat_field"].filled == 80
    renamed = World(fields={"csat_field": FieldSeen("Оценка", True, 1, 100)})
    assert improved(BASE, renamed).fields["csat_field"].name == "Оценка"
    assert differences(BASE, renamed)[-1:] == [] or differences(BASE, renamed)[-1].code != "field_emptied"


def test_which_kpis_each_drift_touches() -> None:
    outcome = Drift(code="stage_outcome", subject="stage:1/142", before="won", after="lost", outcome="lost")
    assert {"revenue", "win_rate", "average_deal", "calls_to_deals"} <= keys(outcome)
    assert not {"calls", "meetings", "lead_response_minutes"} & keys(outcome)
    renamed = Drift(code="stage_renamed", subject="stage:1/143", before="Спам", after="Мусор", outcome="lost")
    assert keys(renamed) == set()
    assert {"win_rate", "lead_answered_in_norm"} <= keys(renamed, junk_reasons=("спам",))
    assert "revenue" not in keys(renamed, junk_reasons=("спам",))
    added = Drift(code="pipeline_added", subject="pipeline:3", after="Опт")
    assert {"revenue", "lead_answered_in_norm", "new_deals"} <= keys(added)
    assert "calls" not in keys(added)
    assert keys(added, sales_pipelines=("Продажи",)) == set()
    removed = Drift(code="pipeline_removed", subject="pipeline:2", before="Сервис")
    assert keys(removed, sales_pipelines=("Продажи",)) == set()
    assert "revenue" in keys(removed, sales_pipelines=("сервис",))
    vanished = Drift(code="field_vanished", subject="field:csat_date_field", before="Дата оценки")
    assert {"csat", "csat_response"} == keys(vanished, csat_field="CSAT", csat_date_field="Дата оценки")
    shared = Drift(code="field_vanished", subject="field:split_field", before="Деление")
    assert {"revenue", "won_deals", "plan_attainment"} <= keys(shared, split_field="Деление", credit="split")
    assert not {"calls", "new_deals", "repeat_share"} & keys(shared, split_field="Деление", credit="split")
    assert keys(shared, split_field="Деление") == set()
    hoped = Drift(code="field_emptied", subject="field:expected_close_field", before="80%", after="0%", pipeline="Ждём")
    assert keys(hoped, expected_close_field="Ждём") == {"expected_pipeline", "expected_plan_coverage"}
    wanted = Drift(code="field_vanished", subject="field:required_fields/ИНН", before="ИНН")
    assert keys(wanted, required_fields=("ИНН", "Адрес")) == {"card_completeness"}
    stopped = Drift(code="calls_stopped", subject="telephony", before="40", after="0")
    assert {"calls", "successful_call_share", "lead_response_minutes"} <= keys(stopped)
    assert "revenue" not in keys(stopped)
    flat = Drift(code="calls_flat", subject="telephony", after="0")
    assert {"successful_call_share", "lead_response_minutes"} <= keys(flat)
    assert not {"calls", "outgoing_calls", "calls_to_deals", "revenue"} & keys(flat)


def test_each_required_field_is_watched() -> None:
    """One of them gone from the CRM lowers everybody's card (K-37) without anybody having done anything."""
    rules = Rules(required_fields=("ИНН", "Адрес"), csat_field="CSAT")
    assert configured(rules) == {"csat_field": "CSAT", "required_fields/ИНН": "ИНН", "required_fields/Адрес": "Адрес"}
    assert [(one.key, one.rare) for one in fills(rules, [])] == [
        ("csat_field", False), ("required_fields/ИНН", True), ("required_fields/Адрес", True)
    ]  # fmt: skip
    gone = Drift(code="field_vanished", subject="field:required_fields/ИНН", before="ИНН")
    assert not settled(gone, rules)
    assert settled(gone, Rules(required_fields=("Адрес",)))


def test_the_configuration_may_have_answered() -> None:
    added = Drift(code="pipeline_added", subject="pipeline:3", after="Опт")
    assert not settled(added, Rules())
    assert settled(added, Rules(sales_pipelines=("опт",)))
    assert settled(added, Rules(sales_pipelines=("3",)))
    emptied_field = Drift(code="field_emptied", subject="field:csat_field", before="80%", after="0%", pipeline="CSAT")
    assert not settled(emptied_field, Rules(csat_field="CSAT"))
    assert settled(emptied_field, Rules(csat_field="Оценка"))
    assert settled(emptied_field, Rules())


def result(value: int | None, kpi: str = "revenue", **more: Any) -> Result:
    base: dict[str, Any] = {"subject": "user:501", "period": "2026-09", "unit": "money", "enough": True, "n": 3}
    return Result(kpi=kpi, value=value, **(base | more))  # type: ignore[arg-type]


def test_what_a_frozen_report_shows() -> None:
    now, then = result(90), {("revenue", "user:501"): result(100)}
    other = result(5, "calls")
    shown = freeze([now, other], {"revenue": 50}, then, begins=10, ends=99)
    assert [(r.value, r.enough, r.reason) for r in shown] == [(100, False, "frozen"), (5, True, None)]
    [late] = freeze([now], {"revenue": 50}, then, begins=50, ends=99)
    assert (late.value, late.reason) == (None, "frozen")
    [new_person] = freeze([now], {"revenue": 50}, {}, begins=10, ends=99)
    assert (new_person.value, new_person.reason) == (None, "frozen")
    [empty] = freeze([now], {"revenue": 50}, {("revenue", "user:501"): result(0, n=0)}, begins=10, ends=99)
    assert (empty.value, empty.reason) == (None, "frozen")
    [over] = freeze([result(100)], {"revenue": 50}, then, begins=10, ends=50)
    assert (over.value, over.reason) == (100, None)
    [rewritten] = freeze([now], {"revenue": 50}, then, begins=10, ends=50)
    assert (rewritten.value, rewritten.reason) == (100, "frozen")


def test_the_earliest_drift_counts() -> None:
    assert thaw_moments([(("a", "b"), 7), (("b", "c"), 3)]) == {"a": 7, "b": 3, "c": 3}
