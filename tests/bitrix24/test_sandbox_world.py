"""What happens in the company, in Bitrix24's terms: leads, deals, history, calls, meetings, people, directories."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from connector.pretend import company as pretend
from connector.pretend.happenings import (
    Called,
    Deleted,
    Enquired,
    MeetingHeld,
    Moved,
    Reassigned,
    Restored,
)
from providers.bitrix24.sandbox import Sandbox
from providers.bitrix24.sandbox.stages import code_for
from tests.bitrix24.tiny import END, Rest, tiny

EXPENSIVE, SPAM = code_for("Дорого"), code_for("Спам")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(tiny(), paced=False) as sandbox:
        yield sandbox


@pytest.fixture
def rest(box: Sandbox) -> Rest:
    return Rest(box.webhook_url)


def history(rest: Rest, kind: int, owner: int) -> list[tuple[Any, ...]]:
    rows = rest("crm.stagehistory.list", entityTypeId=kind, filter={"OWNER_ID": owner})["items"]
    word = "STATUS" if kind == 1 else "STAGE"
    return [(row["TYPE_ID"], row[f"{word}_ID"], row[f"{word}_SEMANTIC_ID"]) for row in rows]


def test_an_enquiry_is_a_lead_until_it_is_contacted(rest: Rest) -> None:
    leads = {row["id"]: row for row in rest("crm.item.list", entityTypeId=1)["items"]}
    assert {id: row["stageId"] for id, row in leads.items()} == {
        7001: "CONVERTED", 7002: "JUNK", 7003: "CONVERTED", 7004: "CONVERTED", 7005: "NEW",
    }  # fmt: skip
    assert (leads[7001]["contactId"], leads[7001]["companyId"]) == (20001, 50001)
    assert leads[7002]["dateClosed"] == "2026-09-08T10:00:00+03:00"
    assert leads[7005]["contactId"] == 0
    deal = rest("crm.item.get", entityTypeId=2, id=7001)["item"]
    assert (deal["leadId"], deal["createdTime"]) == (7001, "2026-09-02T11:30:00+03:00")
    assert rest("crm.settings.mode.get") == 1


def test_the_steps_of_a_lead_and_of_its_deal(rest: Rest) -> None:
    assert history(rest, 1, 7001) == [(1, "NEW", "P"), (3, "CONVERTED", "S")]
    assert history(rest, 1, 7002) == [(1, "NEW", "P"), (3, "JUNK", "F")]
    assert history(rest, 2, 7001) == [(1, "NEW", "P"), (2, "PREPARATION", "P"), (3, "WON", "S")]


def test_simple_mode_knows_deals_only() -> None:
    with Sandbox(tiny(), paced=False, mode="simple") as sandbox:
        rest = Rest(sandbox.webhook_url)
        assert rest("crm.settings.mode.get") == 2
        assert rest("crm.item.list", entityTypeId=1)["items"] == []
        stages = {row["id"]: row["stageId"] for row in rest("crm.item.list", entityTypeId=2)["items"]}
        assert stages == {7001: "WON", 7002: SPAM, 7003: f"C1:{EXPENSIVE}", 7005: "NEW"}
        assert rest("crm.item.get", entityTypeId=2, id=7001)["item"]["createdTime"] == "2026-09-02T11:00:00+03:00"


def test_only_the_steps_of_the_present_pipeline_are_told(box: Sandbox, rest: Rest) -> None:
    assert history(rest, 2, 7003) == [(5, "C1:EXECUTING", "P"), (3, f"C1:{EXPENSIVE}", "F")]
    box.happen(Moved(END, 7003, "won", 501, pipeline=100))
    # the first two are those of September 9th, seen again
    assert history(rest, 2, 7003) == [(1, "NEW", "P"), (2, "PREPARATION", "P"), (5, "NEW", "P"), (3, "WON", "S")]


def test_the_lost_reason_is_the_stage_and_stages_are_prefixed_by_pipeline(rest: Rest) -> None:
    for entity, prefix in (("DEAL_STAGE", ""), ("DEAL_STAGE_1", "C1:")):
        stages = rest("crm.status.list", filter={"ENTITY_ID": entity}, order={"SORT": "ASC"})
        assert [(row["STATUS_ID"].removeprefix(prefix), row["SEMANTICS"]) for row in stages] == [
            ("NEW", None), ("PREPARATION", None), ("EXECUTING", None), ("WON", "S"), ("LOSE", "F"),
            (SPAM, "F"), (EXPENSIVE, "F"),
        ]  # fmt: skip
        assert all(row["STATUS_ID"].startswith(prefix) for row in stages)
        assert {row["NAME"] for row in stages} >= {"Спам", "Дорого"}
    leads = {row["STATUS_ID"]: row["NAME"] for row in rest("crm.status.list", filter={"ENTITY_ID": "STATUS"})}
    assert leads["JUNK"] == "Спам"


def test_history_numbers_may_be_text(rest: Rest) -> None:
    with Sandbox(tiny(), paced=False, history_text=True) as sandbox:
        row = Rest(sandbox.webhook_url)("crm.stagehistory.list", entityTypeId=2)["items"][0]
    assert (row["ID"], row["TYPE_ID"], row["OWNER_ID"], row["CATEGORY_ID"]) == ("1", "1", "7001", "0")
    assert rest("crm.stagehistory.list", entityTypeId=2)["items"][0]["ID"] == 1


def test_pipelines_currencies_and_sources(rest: Rest) -> None:
    pipelines = rest("crm.category.list", entityTypeId=2)["categories"]
    assert [(p["id"], p["name"], p["isDefault"]) for p in pipelines] == [(1, "Допродажи", "N"), (0, "Продажи", "Y")]
    assert "originId" not in pipelines[1]
    money = {row["CURRENCY"]: (row["AMOUNT"], row["AMOUNT_CNT"], row["BASE"]) for row in rest("crm.currency.list")}
    assert money == {"RUB": ("1.0000", "1", "Y"), "USD": ("90.0000", "1", "N")}
    assert rest("crm.item.get", entityTypeId=2, id=7003)["item"]["currencyId"] == "GBP"
    sources = {row["STATUS_ID"]: row["NAME"] for row in rest("crm.status.list", filter={"ENTITY_ID": "SOURCE"})}
    assert sources[rest("crm.item.get", entityTypeId=1, id=7002)["item"]["sourceId"]] == "Выставка"
    assert rest("crm.item.get", entityTypeId=1, id=7001)["item"]["sourceId"] == "WEB"
    kinds = {row["ID"]: row["SEMANTIC_INFO"] for row in rest("crm.status.entity.types")}
    assert kinds["DEAL_STAGE_1"]["FINAL_SUCCESS_FIELD"] == "C1:WON"
    assert kinds["SOURCE"] == []


def test_people_and_departments(rest: Rest) -> None:
    people = {row["ID"]: row for row in rest("user.get")}
    assert (people["511"]["ACTIVE"], people["501"]["ACTIVE"]) == (False, True)
    assert people["501"]["UF_DEPARTMENT"] == [700]
    assert people["501"]["TIMESTAMP_X"] == {}
    assert {row["ID"] for row in rest("user.get", FILTER={"ACTIVE": True})} == {"1", "501"}
    assert {row["ID"] for row in rest("user.get", FILTER={"ACTIVE": "N"})} == {"511"}
    assert [row["ID"] for row in rest("user.get", sort="ID", order="DESC", select=["ID"])] == ["511", "501", "1"]
    assert "total" not in rest.raw("user.get", FILTER={"ID": 99})
    assert rest("user.current")["ID"] == "1"
    assert rest("profile")["ADMIN"] is True
    departments = rest("department.get")
    assert departments == [
        {"ID": "1", "NAME": "Компания", "SORT": 500},
        {"ID": "700", "NAME": "Розница", "SORT": 500, "PARENT": "1", "UF_HEAD": "511"},
    ]
    assert [row["ID"] for row in rest("department.get", PARENT=1)] == ["700"]


def test_robots_act_as_the_integrations_user(rest: Rest) -> None:
    assert rest("crm.item.get", entityTypeId=1, id=7001)["item"]["createdBy"] == 1
    assert rest("crm.item.get", entityTypeId=1, id=7002)["item"]["createdBy"] == 501


def test_calls_name_client_or_lead_and_their_activity_the_deal(box: Sandbox, rest: Rest) -> None:
    calls = rest("voximplant.statistic.get", SORT="ID", ORDER="ASC")
    shown = [
        (c["CALL_ID"], c["CALL_TYPE"], c["CALL_DURATION"], c["CALL_FAILED_CODE"], c["CRM_ENTITY_TYPE"]) for c in calls
    ]
    assert shown == [
        ("externalCall.901", "1", "0", "603", "CONTACT"),
        ("externalCall.900", "1", "60", "200", "LEAD"),
        ("externalCall.902", "2", "0", "304", "CONTACT"),
    ]
    assert [c["ID"] for c in calls] == ["1", "2", "3"]  # as they came, whatever the company calls them
    answered = rest("crm.activity.get", id=calls[1]["CRM_ACTIVITY_ID"])
    assert (answered["OWNER_TYPE_ID"], answered["OWNER_ID"], answered["DIRECTION"]) == ("1", "7001", "2")
    bound = rest("crm.activity.binding.list", activityId=calls[1]["CRM_ACTIVITY_ID"])
    assert bound == [{"entityTypeId": 1, "entityId": 7001}, {"entityTypeId": 3, "entityId": 20001}]
    box.happen(Called(END, 910, "in", False, 0, 501, 20002, 7003), Called(END, 920, "out", True, 9, 501, 20001))
    late = rest("voximplant.statistic.get", FILTER={">ID": 3}, SORT="ID", ORDER="ASC")
    missed = rest("crm.activity.get", id=late[0]["CRM_ACTIVITY_ID"])
    assert (missed["OWNER_TYPE_ID"], missed["OWNER_ID"], missed["COMPLETED"]) == ("2", "7003", "N")
    assert missed["SETTINGS"] == {"MISSED_CALL": True}
    assert answered["SETTINGS"] == []
    assert (late[1]["CRM_ENTITY_TYPE"], late[1]["CRM_ENTITY_ID"]) == ("COMPANY", "50001")


def test_call_statistics_take_sort_and_order_as_text_and_count_in_any_case(rest: Rest) -> None:
    ids = [row["ID"] for row in rest("voximplant.statistic.get", SORT="CALL_START_DATE", ORDER="DESC")]
    assert ids == ["3", "2", "1"]
    found = rest.raw("voximplant.statistic.get", FILTER={"><CALL_DURATION": [1, 100]}, order={"ID": "DESC"}, start=-1)
    assert ([row["ID"] for row in found["result"]], found["total"]) == (["2"], 1)


def test_a_meeting_is_done_when_it_was_marked(box: Sandbox, rest: Rest) -> None:
    (meeting,) = rest("crm.activity.list", filter={"TYPE_ID": 1})
    assert (meeting["COMPLETED"], meeting["STATUS"], meeting["LAST_UPDATED"]) == ("Y", "2", "2026-09-04T13:00:00+03:00")
    assert (meeting["START_TIME"], meeting["OWNER_TYPE_ID"]) == ("2026-09-04T12:00:00+03:00", "2")
    assert (meeting["DESCRIPTION"], meeting["PROVIDER_PARAMS"]) == ("Обсудили", [])
    box.happen(MeetingHeld(END, 61, 501, "Снова"))
    assert rest("crm.activity.list", filter={">=LAST_UPDATED": "2026-09-30T15:00:00+03:00"})[0]["ID"] == meeting["ID"]


def test_activities_are_found_by_what_they_are_bound_to(rest: Rest) -> None:
    bound = rest("crm.activity.list", filter={"BINDINGS": [{"OWNER_TYPE_ID": 3, "OWNER_ID": 20001}]})
    assert [row["TYPE_ID"] for row in bound] == ["2", "2", "1", "2"]
    assert rest("crm.activity.list", filter={"BINDINGS": {"OWNER_TYPE_ID": 2, "OWNER_ID": 1}}) == []


def test_a_deleted_deal_vanishes_and_comes_back_whole(box: Sandbox, rest: Rest) -> None:
    assert rest.error("crm.item.get", entityTypeId=2, id=7004) == (400, "NOT_FOUND")
    assert history(rest, 2, 7004) == []
    call = rest("voximplant.statistic.get", FILTER={"ID": 3})[0]["CRM_ACTIVITY_ID"]
    assert rest("crm.activity.get", id=call)["OWNER_TYPE_ID"] == "3"
    box.happen(Restored(END, 7004, 501))
    assert rest("crm.item.get", entityTypeId=2, id=7004)["item"]["stageId"] == "PREPARATION"
    assert len(history(rest, 2, 7004)) == 2
    assert rest("crm.activity.get", id=call)["OWNER_TYPE_ID"] == "2"


def test_activities_that_hang_on_nothing_else_go_with_the_deal(box: Sandbox, rest: Rest) -> None:
    made = rest("crm.activity.todo.add", ownerTypeId=2, ownerId=7001, deadline="2026-10-01T10:00:00+03:00")["id"]
    box.happen(Deleted(END, 7001, 501))
    assert rest.error("crm.activity.get", id=made) == (400, "")
    box.happen(Restored(END, 7001, 501))
    assert rest("crm.activity.get", id=made)["OWNER_ID"] == "7001"


def test_owners_change_and_leave_no_history(box: Sandbox, rest: Rest) -> None:
    before = history(rest, 2, 7001)
    box.happen(Reassigned(END, 7001, 511, 1), Reassigned(END, 7005, 511, 1))
    deal = rest("crm.item.get", entityTypeId=2, id=7001)["item"]
    assert (deal["assignedById"], deal["updatedBy"], deal["updatedTime"]) == (511, 1, "2026-09-30T15:00:00+03:00")
    assert rest("crm.item.get", entityTypeId=1, id=7005)["item"]["assignedById"] == 511
    assert history(rest, 2, 7001) == before


def test_a_refund_may_be_a_money_field() -> None:
    with Sandbox(tiny(), paced=False, money_refunds=True) as sandbox:
        rest = Rest(sandbox.webhook_url)
        assert rest("crm.item.get", entityTypeId=2, id=7001)["item"]["ufCrm_1700000003"] == "500|RUB"
        labels = {f["FIELD_NAME"]: (f["EDIT_FORM_LABEL"], f["USER_TYPE_ID"]) for f in rest("crm.deal.userfield.list")}
    assert labels["UF_CRM_1700000003"] == ("Сумма возврата", "money")
    assert labels["UF_CRM_1700000002"] == ("Дата оценки", "datetime")


@pytest.mark.parametrize("mode", ["classic", "simple"])
def test_advancing_in_steps_ends_where_one_leap_does(mode: Any) -> None:
    plan = pretend.build()
    with Sandbox(plan, paced=False, mode=mode) as leap, Sandbox(plan, paced=False, mode=mode, now=plan.start) as steps:
        while steps.now < plan.end:
            steps.advance(min(plan.end, steps.now + (plan.end - plan.start) / 37))
        assert steps.portal.items[2].rows == leap.portal.items[2].rows
        assert steps.portal.items[1].rows == leap.portal.items[1].rows
        assert steps.portal.calls.rows == leap.portal.calls.rows
        assert steps.portal.activities.rows == leap.portal.activities.rows
        assert steps.portal.histories[2].seen.rows == leap.portal.histories[2].seen.rows
        assert steps.portal.calls.ids == list(range(1, len(steps.portal.calls) + 1))


def test_every_enquiry_of_the_company_is_there(box: Sandbox) -> None:
    plan = pretend.build()
    enquired = {h.deal for h in plan.happenings if isinstance(h, Enquired)}
    with Sandbox(plan, paced=False) as sandbox:
        assert set(sandbox.portal.items[1].ids) == enquired
        assert all(item.lead == item.id for item in sandbox.portal.items[2].rows.values())
