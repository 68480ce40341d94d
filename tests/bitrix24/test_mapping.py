"""Documented payloads in, records out."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from connector.records import (
    Call,
    Client,
    Deal,
    Lead,
    LossReason,
    Meeting,
    Move,
    Pipeline,
    Record,
    Stage,
    Task,
    User,
)
from providers.bitrix24.lists import lanes_of
from providers.bitrix24.mapping import activity, crm, directory, sift
from providers.bitrix24.mapping.crm import Reading
from providers.bitrix24.mapping.fields import customs, keep
from tests.bitrix24.conftest import payload

CUSTOMS = customs(payload("item_fields")["fields"], payload("userfields"))


def test_a_deal() -> None:
    kept, missing = keep(("CSAT", "UF_CRM_2_1639669411830", "ufCrm_1721244707107", "refund", "Нет такого"), CUSTOMS)
    assert missing == ("Нет такого",)
    assert crm.deal(payload("deal"), Reading(kept=kept)) == Deal(
        id="7001",
        updated_at=datetime(2026, 9, 1, 21, 10, tzinfo=UTC),
        created_at=datetime(2026, 9, 1, 9, tzinfo=UTC),
        created_by="502",
        owner_id="501",
        pipeline_id="2",
        stage_id="C2:PREPARATION",
        outcome="open",
        amount=99990,
        currency="USD",
        company="company:801",
        contacts=("contact:701", "contact:702"),
        lead_id="12",
        source="CALL",
        fields={
            "CSAT": "5",
            "UF_CRM_2_1639669411830": "2026-09-01",
            "ufCrm_1721244707107": True,
            "refund": "1000.50|RUB",
        },
    )


def test_the_planned_date_is_kept_where_it_is_wanted_and_gives_way_to_a_custom_field_of_its_name() -> None:
    own = {"closedate": {"type": "datetime", "title": "Дата завершения", "upperName": "CLOSEDATE"}}
    custom = {"ufCrm_7": {"type": "date", "title": "Дата завершения", "upperName": "UF_CRM_7"}}
    kept, missing = keep(("closedate", "Дата завершения"), customs(own | custom, []))
    assert ([one.name for one in kept], missing) == (["closedate", "ufCrm_7"], ())
    row = {**payload("deal"), "closedate": "2026-10-05T03:00:00+03:00"}
    assert crm.deal(row, Reading(kept=kept[:1])).fields == {"closedate": "2026-10-05T00:00:00+00:00"}
    assert "closedate" not in [one.name for one in CUSTOMS], "the portal tells no such field"


def test_a_title_is_asked_for_and_looked_at_only_where_tests_have_words() -> None:
    assert Reading().extra == ()
    watching = Reading(test_words=("тест",))
    assert watching.extra == ("title",)
    for read, row in ((crm.deal, payload("deal")), (crm.lead, payload("lead"))):
        named = {**row, "title": "Тест формы"}
        assert [read(named, how).test for how in (Reading(), watching)] == [False, True]
        assert not read({**row, "title": "Окна"}, watching).test
    asked = [
        lane.fixed["select"]
        for kind in (Lead, Deal)
        for lane in lanes_of(kind, classic=True, names=False, extra=watching.extra)
    ]
    assert all("title" in fields for fields in asked) and len(asked) == 2
    plain = [lane.fixed["select"] for lane in lanes_of(Lead, classic=True, names=False, extra=("ufCrm_7",))]
    assert not {"title", "ufCrm_7"} & set(plain[0])


def test_a_won_deal_is_closed_when_it_moved_not_when_people_planned() -> None:
    deal = crm.deal(payload("deal_won"), Reading(currency="KZT"))
    assert (deal.outcome, deal.closed_at) == ("won", datetime(2026, 9, 30, 20, 45, tzinfo=UTC))
    assert (deal.amount, deal.currency, deal.owner_id, deal.created_by) == (0, "KZT", None, None)
    assert (deal.company, deal.contacts, deal.lead_id, deal.source, deal.link()) == (None, (), None, None, None)


def test_an_outcome_that_is_not_told_comes_from_the_stage() -> None:
    row = {**payload("deal_won"), "stageSemanticId": None}
    assert crm.deal(row, Reading()).outcome == "open"
    lost = crm.deal(row, Reading(outcomes={"WON": "lost"}))
    assert (lost.outcome, lost.loss_reason_id) == ("lost", "WON")


@pytest.mark.parametrize(
    ("opportunity", "currency", "minor"), [("1000000.00", "RUB", 100000000), (0.29, "RUB", 29), (500, "JPY", 500)]
)
def test_amounts_are_exact(opportunity: Any, currency: str, minor: int) -> None:
    row = {**payload("deal"), "opportunity": opportunity, "currencyId": currency}
    assert crm.deal(row, Reading()).amount == minor


def test_no_amount_is_not_zero() -> None:
    assert crm.deal({**payload("deal"), "opportunity": None}, Reading()).amount is None


def test_a_lead_of_a_web_form_was_entered_by_nobody() -> None:
    assert crm.lead(payload("lead"), Reading()) == Lead(
        id="12",
        updated_at=datetime(2026, 9, 1, 7, tzinfo=UTC),
        created_at=datetime(2026, 9, 1, 6, tzinfo=UTC),
        owner_id="501",
        pipeline_id="lead",
        stage_id="lead/JUNK",
        outcome="lost",
        closed_at=datetime(2026, 9, 1, 7, 0, 1, tzinfo=UTC),
        loss_reason_id="lead/JUNK",
        source="WEBFORM",
    )


def test_moves_as_numbers_and_as_text() -> None:
    first, second = (crm.move(row, "deal") for row in payload("stage_history")["items"])
    assert first == Move(
        id="deal-35",
        updated_at=datetime(2024, 4, 25, 11, 59, 11, tzinfo=UTC),
        of="deal:21",
        at=datetime(2024, 4, 25, 11, 59, 11, tzinfo=UTC),
        pipeline_id="0",
        stage_id="NEW",
        outcome="open",
    )
    assert (second.id, second.pipeline_id, second.outcome) == ("deal-36", "2", "won")
    lead = crm.move(payload("lead_history")["items"][0], "lead")
    assert (lead.id, lead.of, lead.pipeline_id, lead.stage_id) == ("lead-35", "lead:12", "lead", "lead/JUNK")


def test_stages_of_leads_and_deals_do_not_collide() -> None:
    stages, refused = sift(Stage, payload("status_list"), directory.stage)
    assert refused == []
    assert [(s.id, s.pipeline_id, s.outcome) for s in stages if isinstance(s, Stage)] == [
        ("lead/NEW", "lead", "open"),
        ("lead/JUNK", "lead", "lost"),
        ("NEW", "0", "open"),
        ("WON", "0", "won"),
        ("C2:APOLOGY", "2", "lost"),
    ]
    reasons = [reason for s in stages if isinstance(s, Stage) and (reason := directory.loss_reason(s))]
    assert LossReason(id="C2:APOLOGY", name="Дорого") in reasons
    assert len(reasons) == 2


def test_people_and_departments() -> None:
    active, left = (directory.user(row, "1") for row in payload("users"))
    assert (active.name, active.active, active.admin, active.team_ids) == ("Вадим Валеев", True, True, ("1",))
    assert (left.name, left.active, left.admin, left.zone) == ("#3", False, False, "Asia/Yekaterinburg")
    root, sales = (directory.team(row) for row in payload("departments"))
    assert (root.parent_id, root.head_ids, sales.parent_id, sales.head_ids) == (None, (), "1", ("3",))


def test_rates_are_exact_and_dated_and_a_zero_is_no_rate() -> None:
    from connector.records import Rate

    rates, refused = sift(Rate, payload("currencies"), lambda row: directory.rate(row, date(2026, 9, 1)))
    assert [(rate.id, rate.rate) for rate in rates if isinstance(rate, Rate)] == [
        ("USD@2026-09-01", "92.5"),
        ("KZT@2026-09-01", "0.1735"),
    ]
    assert [refusal.reason for refusal in refused] == ["XXX has no rate"]
    assert directory.base_currency(payload("currencies")) == "RUB"


def test_the_default_pipeline_is_number_zero() -> None:
    assert directory.pipeline({"id": 0, "name": "Продажи", "isDefault": "Y"}) == Pipeline(id="0", name="Продажи")


def test_a_call_hangs_on_its_deal_first() -> None:
    owner = {"7943": {"ID": "7943", "OWNER_ID": "7001", "OWNER_TYPE_ID": "2"}}
    assert activity.call(payload("call"), owner, lambda phone: f"#{phone[-4:]}") == Call(
        id="7",
        at=datetime(2026, 3, 10, 10, 19, 38, tzinfo=UTC),
        direction="in",
        answered=True,
        seconds=95,
        user_id="1269",
        on=("deal:7001", "contact:797"),
        unique="externalCall.716f.1773130779",
    )


def test_a_number_is_kept_hashed_where_nothing_else_tells_whose_call_it_was() -> None:
    row = {**payload("call"), "CRM_ENTITY_TYPE": None, "CRM_ENTITY_ID": "0", "CRM_ACTIVITY_ID": None}
    call = activity.call(row, {}, lambda phone: f"#{phone[-4:]}")
    assert call is not None
    assert (call.on, call.phone) == ((), "#4568")


@pytest.mark.parametrize(("kind", "direction"), [("1", "out"), ("2", "in"), ("3", "in"), ("4", "out")])
def test_directions(kind: str, direction: str) -> None:
    call = activity.call({**payload("call"), "CALL_TYPE": kind, "CALL_FAILED_CODE": "304"}, {}, str)
    assert call is not None
    assert (call.direction, call.answered, call.on) == (direction, False, ("contact:797",))


def test_an_informational_call_is_none_and_an_unknown_one_is_reported() -> None:
    rows = [{**payload("call"), "CALL_TYPE": "5"}, {**payload("call"), "CALL_TYPE": "9"}]
    records, refused = sift(Call, rows, lambda row: activity.call(row, {}, str))
    assert records == []
    assert [(refusal.id, refusal.kind) for refusal in refused] == [("7", "call")]
    assert '"CALL_TYPE":"9"' in refused[0].raw


def test_a_refused_call_keeps_no_number_and_no_words() -> None:
    row = {**payload("call"), "CALL_TYPE": "9", "COMMENT": "просила Мария", "CALL_RECORD_URL": "https://x/79061234568"}
    _, [refused] = sift(Call, [row], lambda row: activity.call(row, {}, str))
    for secret in ("9061234568", "Мария", "https"):
        assert secret not in refused.raw + refused.reason
    for kept in ('"CALL_TYPE":"9"', '"CRM_ENTITY_ID":"797"', '"CALL_START_DATE":"2026-03-10T13:19:38+03:00"'):
        assert kept in refused.raw, "it can still be told what is odd about it"


@pytest.mark.parametrize(
    ("kind", "read", "row"),
    [
        (Client, lambda row: crm.contact(row, Reading()), {"id": 0, "name": "Мария", "lastName": "Петрова"}),
        (Client, lambda row: crm.company(row, Reading()), {"id": 0, "title": "ИП Петрова", "fm": [{"value": "Мария"}]}),
        (Deal, lambda row: crm.deal(row, Reading()), {"id": 7, "title": "Мария Петрова", "ufCrm_1689": "Мария"}),
        (User, directory.user, {"ID": "0", "NAME": "Мария", "EMAIL": "m@x.ru", "PERSONAL_MOBILE": "+79061234568"}),
        (Task, activity.task, {"ufCrmTask": ["C_7"], "title": "Позвонить: Мария", "responsible": {"name": "Петрова"}}),
        (Meeting, activity.meeting, {"SUBJECT": "Мария", "COMMUNICATIONS": [{"VALUE": "79061234568"}]}),
    ],
)
def test_no_refused_row_keeps_anything_personal(kind: type[Record], read: Any, row: dict[str, Any]) -> None:
    _, [refused] = sift(kind, [row], read)
    for secret in ("Мария", "Петрова", "9061234568", "m@x.ru"):
        assert secret not in refused.raw + refused.reason


def test_a_call_activity_stands_in_for_the_statistics() -> None:
    call = activity.call_activity(payload("activity"))
    assert (call.id, call.seconds, call.answered, call.direction) == ("activity-20", 95, True, "out")
    assert (call.on, call.unique, call.user_id) == (("deal:15",), "externalCall.1", "505")
    missed = activity.call_activity({**payload("activity"), "SETTINGS": {"MISSED_CALL": True}})
    assert (missed.answered, missed.seconds) == (False, 0)


def test_when_a_meeting_was_done() -> None:
    row = payload("activity")
    assert activity.meeting(row).done_at == datetime(2020, 9, 27, 10, 30, tzinfo=UTC)
    assert activity.meeting({**row, "COMPLETED": "N"}).done_at is None
    late = (datetime(2020, 9, 27, 10, 28, 35, tzinfo=UTC) + timedelta(days=8)).isoformat()
    assert activity.meeting({**row, "LAST_UPDATED": late}).done_at == datetime(2020, 9, 27, 10, 28, 35, tzinfo=UTC)


def test_a_task_of_ours_is_known_by_its_tag() -> None:
    task = activity.task(payload("task"))
    assert task == Task(
        id="8017",
        updated_at=datetime(2025, 6, 5, 13, 15, 55, tzinfo=UTC),
        user_id="547",
        created_at=datetime(2025, 6, 4, 13, 15, 55, tzinfo=UTC),
        due_at=datetime(2025, 10, 24, 16, tzinfo=UTC),
        done_at=datetime(2025, 6, 5, 13, tzinfo=UTC),
        done_exact=True,
        on=("deal:10", "lead:4", "company:5"),
        ours=True,
    )


def test_a_task_whose_end_is_not_told_ended_with_its_last_change() -> None:
    task = activity.task({**payload("task"), "closedDate": None})
    assert task is not None
    assert (task.done_at, task.done_exact) == (task.updated_at, False)


@pytest.mark.parametrize("bound", [False, [], None, "", ["T80_6"]])
def test_people_s_other_tasks_are_not_sales(bound: Any) -> None:
    assert activity.task({**payload("task"), "tags": [], "ufCrmTask": bound}) is None


@pytest.mark.parametrize(
    "broken", [{"createdTime": ""}, {"opportunity": "много"}, {"id": None}, {"stageSemanticId": "Z"}]
)
def test_a_bad_row_is_reported_and_the_others_go_on(broken: dict[str, Any]) -> None:
    rows = [{**payload("deal"), **broken}, payload("deal_won")]
    records, refused = sift(Deal, rows, lambda row: crm.deal(row, Reading()))
    assert [record.id for record in records] == ["7002"]
    assert len(refused) == 1
    assert refused[0].reason


def test_names_only_where_they_are_wanted() -> None:
    row = {"id": 701, "name": "Анна", "lastName": "Ким", "companyId": 801}
    assert crm.contact(row, Reading()).name is None
    named = crm.contact(row, Reading(keep_names=True))
    assert (named.name, named.link()) == ("Анна Ким", "company:801")
    assert crm.company({"id": 801, "title": "ООО"}, Reading(keep_names=True)).name == "ООО"


def test_the_crms_own_activities_are_apart_from_tasks() -> None:
    """Both are there in Bitrix24, and are late apart (K-21)."""
    row = {"ID": "20", "RESPONSIBLE_ID": "5", "OWNER_ID": "7", "OWNER_TYPE_ID": "2"}
    assert activity.todo(row).activity and activity.meeting(row).activity
    task = activity.task({"id": "30", "responsibleId": "5", "ufCrmTask": ["D_7"], "status": "2"})
    assert task is not None and not task.activity
