"""Writing into the sandbox as a portal takes it: no-ops, coercion, errors, tasks, smart processes. Fact sheet 4."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from providers.bitrix24.sandbox import Sandbox
from tests.bitrix24.tiny import END, Rest, tiny


@pytest.fixture
def box() -> Iterator[Sandbox]:
    with Sandbox(tiny(), paced=False) as sandbox:
        yield sandbox


@pytest.fixture
def rest(box: Sandbox) -> Rest:
    return Rest(box.webhook_url)


def field(rest: Rest, name: str, type: str, **more: Any) -> Any:
    return rest("crm.deal.userfield.add", fields={"FIELD_NAME": name, "USER_TYPE_ID": type, **more})


def test_an_update_that_changes_nothing_is_not_saved(box: Sandbox, rest: Rest) -> None:
    before = rest("crm.item.get", entityTypeId=2, id=7001)["item"]
    box.portal.now += timedelta(hours=1)
    same = rest("crm.item.update", entityTypeId=2, id=7001, fields={"title": "Первая ", "noSuchField": 1})["item"]
    assert same == before
    changed = rest("crm.item.update", entityTypeId=2, id=7001, fields={"title": "Иная"})["item"]
    assert (changed["title"], changed["updatedBy"]) == ("Иная", 1)
    assert changed["updatedTime"] == "2026-09-30T16:00:00+03:00"
    assert [(w["method"], w["changed"], w["at"]) for w in box.written] == [
        ("crm.item.update", False, END + timedelta(hours=1)),
        ("crm.item.update", True, END + timedelta(hours=1)),
    ]


def test_old_updates_answer_true_and_never_change_the_pipeline(rest: Rest) -> None:
    assert rest("crm.deal.update", id=7001, fields={"TITLE": "Иная", "CATEGORY_ID": 1, "UF_CRM_1700000001": "3.456"})
    deal = rest("crm.deal.get", id=7001)
    assert (deal["TITLE"], deal["CATEGORY_ID"], deal["UF_CRM_1700000001"]) == ("Иная", "0", "3.46")
    assert rest.error("crm.deal.update", id=1, fields={"TITLE": "x"}) == (400, "")


def test_a_stage_moved_by_rest_leaves_its_step(rest: Rest) -> None:
    rest("crm.item.update", entityTypeId=2, id=7001, fields={"categoryId": 1, "stageId": "C1:EXECUTING"})
    rest("crm.item.update", entityTypeId=2, id=7001, fields={"stageId": "C1:WON"})
    steps = rest("crm.stagehistory.list", entityTypeId=2, filter={"OWNER_ID": 7001})["items"]
    assert [(s["TYPE_ID"], s["STAGE_ID"]) for s in steps] == [(5, "C1:EXECUTING"), (3, "C1:WON")]
    wrong = rest.error("crm.item.update", entityTypeId=2, id=7001, fields={"stageId": "NOWHERE"})
    assert wrong == (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")


def test_values_are_kept_as_their_types_have_it(rest: Rest) -> None:
    for name, type in (("D", "double"), ("I", "integer"), ("S", "string"), ("B", "boolean"), ("T", "datetime")):
        field(rest, f"KPI_{name}", type)
    written = {
        "ufCrmKpiD": "5.10",
        "ufCrmKpiI": "7",
        "UF_CRM_KPI_S": " текст ",
        "ufCrmKpiB": True,
        "ufCrmKpiT": "2026-09-01T10:00:00+05:00",
    }
    shown = rest("crm.item.update", entityTypeId=2, id=7001, fields=written)["item"]
    assert (shown["ufCrmKpiD"], shown["ufCrmKpiI"], shown["ufCrmKpiS"], shown["ufCrmKpiB"]) == (5.1, 7, "текст", "Y")
    assert shown["ufCrmKpiT"] == "2026-09-01T08:00:00+03:00"
    cleared = rest("crm.item.update", entityTypeId=2, id=7001, fields={"ufCrmKpiD": "", "ufCrmKpiS": None})["item"]
    assert (cleared["ufCrmKpiD"], cleared["ufCrmKpiS"]) == (None, None)
    for bad in ({"ufCrmKpiD": "много"}, {"ufCrmKpiT": "вчера"}, {"ufCrmKpiI": "nan"}, {"assignedById": 99}):
        error = rest.error("crm.item.update", entityTypeId=2, id=7001, fields={"title": "нет", **bad})
        assert error == (400, "CRM_FIELD_ERROR_VALUE_NOT_VALID")


def test_custom_fields_by_both_families_of_methods(rest: Rest) -> None:
    number = field(rest, "kpi_score", "double", EDIT_FORM_LABEL={"ru": "KPI: балл"})
    (row,) = rest("crm.deal.userfield.list", filter={"FIELD_NAME": "UF_CRM_KPI_SCORE"})
    assert (row["ID"], row["EDIT_FORM_LABEL"], row["SETTINGS"]) == (str(number), "KPI: балл", [])
    (config,) = rest(
        "userfieldconfig.list", moduleId="crm", filter={"entityId": "CRM_DEAL", "fieldName": "UF_CRM_KPI_SCORE"}
    )["fields"]
    assert (config["id"], config["editFormLabel"]) == (str(number), {"ru": "KPI: балл"})
    for name in ("KPI_SCORE", "UF_CRM_KPI_SCORE", "UF_KPI_SCORE"):
        fields = {"FIELD_NAME": name, "USER_TYPE_ID": "double"}
        assert rest.error("crm.deal.userfield.add", fields=fields) == (400, "ERROR_CORE")
    told = {"entityId": "CRM_DEAL", "fieldName": "UF_CRM_KPI_SCORE", "userTypeId": "double"}
    assert rest.error("userfieldconfig.add", moduleId="crm", field=told) == (400, "")
    assert "уже существует" in rest.raw("userfieldconfig.add", moduleId="crm", field=told)["error_description"]
    for wrong in ({"FIELD_NAME": "X" * 60, "USER_TYPE_ID": "double"}, {"FIELD_NAME": "Y", "USER_TYPE_ID": "colour"}):
        assert rest.error("crm.deal.userfield.add", fields=wrong) == (400, "ERROR_CORE")
    assert rest.error("crm.deal.userfield.add", fields={"USER_TYPE_ID": "double"}) == (400, "")


def test_only_an_administrator_makes_fields(box: Sandbox, rest: Rest) -> None:
    box.switches.admin = False
    assert rest("profile")["ADMIN"] is False
    fields = {"FIELD_NAME": "A", "USER_TYPE_ID": "double"}
    assert rest.error("crm.deal.userfield.add", fields=fields) == (400, "")


def test_a_smart_process_and_its_elements(box: Sandbox, rest: Rest) -> None:
    made = rest("crm.type.add", fields={"title": "KPI менеджера", "isStagesEnabled": "N"})["type"]
    kind, entity = made["entityTypeId"], f"CRM_{made['id']}"
    assert kind != made["id"]
    told = {
        "entityId": entity,
        "fieldName": f"UF_{entity}_PLAN",
        "userTypeId": "double",
        "editFormLabel": {"ru": "План"},
    }
    assert rest("userfieldconfig.add", moduleId="crm", field=told)["field"]["entityId"] == entity
    wrong = rest.error("userfieldconfig.add", moduleId="crm", field={**told, "fieldName": "UF_CRM_PLAN"})
    assert wrong == (400, "")
    name = next(n for n, f in rest("crm.item.fields", entityTypeId=kind)["fields"].items() if f["isDynamic"])
    fields = {"title": "Сентябрь", name: 100, "assignedById": 501, "xmlId": "kpi-501-2026-09"}
    item = rest("crm.item.add", entityTypeId=kind, fields=fields)["item"]
    assert (item[name], item["assignedById"], item["createdBy"]) == (100, 501, 1)
    found = rest("crm.item.list", entityTypeId=kind, filter={"xmlId": "kpi-501-2026-09"})["items"]
    assert [row["id"] for row in found] == [item["id"]]
    assert rest("crm.type.list", filter={"title": "KPI менеджера"})["types"][0]["entityTypeId"] == kind
    assert rest("crm.type.getByEntityTypeId", entityTypeId=kind)["type"]["id"] == made["id"]
    assert rest("crm.item.delete", entityTypeId=kind, id=item["id"]) == []
    assert rest.error("crm.item.get", entityTypeId=kind, id=item["id"]) == (400, "NOT_FOUND")
    broken = rest.raw("crm.type.list", order={"ID": "ASC"})
    assert (broken["error"], "`I_D`" in broken["error_description"]) == (100, True)
    box.switches.forbid_types = True
    assert rest.error("crm.type.add", fields={"title": "Ещё"}) == (400, "CREATE_DYNAMIC_TYPE_RESTRICTED")


def test_an_import_judges_each_item_alone(rest: Rest) -> None:
    data = [{"title": "а"}, {"title": "б", "stageId": "NOWHERE"}, {"title": "в"}]
    items = rest("crm.item.batchImport", entityTypeId=2, data=data)["items"]
    assert [("item" in told) for told in items] == [True, False, True]
    assert items[1]["error"] == "CRM_FIELD_ERROR_VALUE_NOT_VALID"
    error = rest.error("crm.item.batchImport", entityTypeId=2, data=[{"title": str(n)} for n in range(21)])
    assert error == (400, "MAX_IMPORT_BATCH_SIZE_EXCEEDED")


def test_tasks_are_asked_in_capitals_and_answered_in_camel_case(rest: Rest) -> None:
    fields = {
        "TITLE": "Поговорить",
        "RESPONSIBLE_ID": 501,
        "DEADLINE": "2026-10-01T18:00:00+03:00",
        "UF_CRM_TASK": ["D_7001"],
        "TAGS": ["kpi-1"],
        "DESCRIPTION": "почему [kpi:abc]",
    }
    made = rest("tasks.task.add", fields=fields)["task"]
    assert (made["id"], made["status"], made["createdBy"], made["ufCrmTask"]) == ("1", "2", "1", ["D_7001"])
    assert (made["group"], made["auditorsData"], made["tags"]) == ([], [], {"1": {"id": 1, "title": "kpi-1"}})
    assert made["responsible"]["name"] == "Анна Белова"
    rest("tasks.task.add", fields={"TITLE": "Другая", "RESPONSIBLE_ID": 501})
    (found,) = rest("tasks.task.list", filter={"TAG": "kpi-1"})["tasks"]
    assert found["id"] == "1"
    assert "ufCrmTask" not in found
    (found,) = rest("tasks.task.list", filter={"<ID": 2}, select=["ID", "UF_CRM_TASK"])["tasks"]
    assert found == {"id": "1", "ufCrmTask": ["D_7001"]}
    assert [t["id"] for t in rest("tasks.task.list")["tasks"]] == ["2", "1"]
    assert rest.error("tasks.task.list", order={"createdDate": "asc"}) == (400, "0")


def test_tasks_are_completed_changed_and_gone(box: Sandbox, rest: Rest) -> None:
    rest("tasks.task.add", fields={"TITLE": "Раз", "RESPONSIBLE_ID": 501})
    box.portal.now += timedelta(hours=1)
    done = rest("tasks.task.complete", taskId=1)["task"]
    assert (done["status"], done["closedBy"], done["closedDate"]) == ("5", "1", "2026-09-30T16:00:00+03:00")
    assert rest.error("tasks.task.complete", taskId=1) == (400, "1048582")
    assert rest("tasks.task.update", taskId=1, fields={"TITLE": "Два"})["task"]["title"] == "Два"
    assert rest.error("tasks.task.update", taskId=1, fields={}) == (400, 100)
    changed = rest("tasks.task.list", filter={">=CHANGED_DATE": "2026-09-30T16:00:00+03:00"})["tasks"]
    assert len(changed) == 1
    assert rest("tasks.task.get", taskId=1, select=["ID", "STATUS"])["task"] == {"id": "1", "status": "5"}
    rest("tasks.task.delete", taskId=1)
    assert rest.error("tasks.task.get", taskId=1) == (400, "1048582")
    assert rest.error("tasks.task.add", fields={"TITLE": "Без исполнителя"}) == (400, "ERROR_CORE")


def test_to_dos_comments_and_notices(box: Sandbox, rest: Rest) -> None:
    at = "2026-10-01T10:00:00+03:00"
    made = rest("crm.activity.todo.add", ownerTypeId=2, ownerId=7001, deadline=at, title="Позвонить", responsibleId=501)
    todo = rest("crm.activity.get", id=made["id"])
    assert (todo["TYPE_ID"], todo["PROVIDER_ID"], todo["DEADLINE"]) == ("6", "CRM_TODO", at)
    assert rest.error("crm.activity.todo.add", ownerTypeId=2, ownerId=1, deadline=at) == (400, "OWNER_NOT_FOUND")
    assert rest.error("crm.activity.todo.add", ownerTypeId=2, ownerId=7001) == (400, 100)
    wrong = rest.error("crm.activity.todo.add", ownerTypeId=2, ownerId=7001, deadline="завтра")
    assert wrong == (400, "WRONG_DATETIME_FORMAT")
    comment = {"ENTITY_ID": 7001, "ENTITY_TYPE": "deal", "COMMENT": "текст"}
    assert rest("crm.timeline.comment.add", fields=comment) == 1
    assert rest.error("crm.timeline.comment.add", FIELDS=comment) == (400, "INVALID_ARG_VALUE")
    first = rest("im.notify.system.add", USER_ID=501, MESSAGE="раз", TAG="a", CLIENT_ID="kpi")
    second = rest("im.notify.system.add", USER_ID=501, MESSAGE="два", TAG="a", CLIENT_ID="kpi")
    assert first < second
    assert list(box.portal.notices) == [second]
    assert rest.error("im.notify.system.add", USER_ID=501, MESSAGE="три", TAG="a") == (400, "CLIENT_ID_EMPTY")
