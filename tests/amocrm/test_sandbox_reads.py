"""The shapes, nulls, links and pages of crm/amocrm sections 0 and 3."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest

from connector.pretend.happenings import Renamed
from tests.amocrm.small import (
    ADMIN,
    ANNA,
    BACK,
    BORIS,
    DOLLARS,
    GONE,
    HEAD,
    OPEN,
    REOPENED,
    SALES,
    SERVICE,
    TRASHED,
    WAITING,
    WON,
    Client,
    at,
    opened,
    unix,
)


@pytest.fixture(scope="module")
def amo() -> Iterator[Client]:
    with opened() as client:
        yield client


def test_a_won_deal_has_every_key_and_null_of_the_documentation(amo: Client) -> None:
    lead = amo.read(f"leads/{WON}?with=contacts,loss_reason,source_id")
    assert lead.pop("_links")["self"]["href"] == f"{amo.sandbox.base_url}/api/v4/leads/{WON}"
    embedded = lead.pop("_embedded")
    values = {value["field_name"]: value for value in lead.pop("custom_fields_values")}
    assert lead == {
        "id": WON, "name": "Станок", "price": 46333, "responsible_user_id": BORIS, "group_id": 700, "status_id": 142,
        "pipeline_id": SALES, "loss_reason_id": None, "created_by": 0, "updated_by": 0, "created_at": unix(1),
        "updated_at": unix(7), "closed_at": unix(4), "closest_task_at": None, "is_deleted": False, "score": None,
        "account_id": 31000001, "labor_cost": None, "source_id": 9001,
    }  # fmt: skip
    assert [company["id"] for company in embedded["companies"]] == [801]
    assert [(contact["id"], contact["is_main"]) for contact in embedded["contacts"]] == [(701, True)]
    assert embedded["loss_reason"] == [] and embedded["tags"] == []
    assert values["CSAT"]["field_type"] == "numeric" and values["CSAT"]["values"] == [{"value": "5"}]
    assert values["Дата оценки"]["values"] == [{"value": unix(6)}]
    assert values["Сумма возврата"]["values"] == [{"value": "1500.5"}]
    assert values["Дата возврата"]["values"] == [{"value": unix(7)}]


def test_a_lost_deal_keeps_its_reason_as_an_array_and_the_moment_of_its_last_close(amo: Client) -> None:
    lead = amo.read(f"leads/{REOPENED}?with=loss_reason,contacts")
    assert (lead["status_id"], lead["closed_at"], lead["custom_fields_values"]) == (143, unix(11), None)
    [reason] = lead["_embedded"]["loss_reason"]
    assert (reason["id"], reason["name"]) == (lead["loss_reason_id"], "Дорого")
    assert "source_id" not in lead, "source_id comes only when asked for"


def test_another_currency_sets_the_select_field(amo: Client) -> None:
    lead = amo.read(f"leads/{DOLLARS}")
    [field] = lead["custom_fields_values"]
    assert (field["field_name"], field["field_type"], lead["price"]) == ("Валюта", "select", 5000)
    assert field["values"][0]["value"] == "USD" and isinstance(field["values"][0]["enum_id"], int)
    assert lead["pipeline_id"] == SERVICE


def test_the_trash_is_listed_only_with_only_deleted_and_nearly_all_null(amo: Client) -> None:
    assert TRASHED not in amo.ids("leads") and BACK in amo.ids("leads")
    [stub] = amo.rows("leads?with=only_deleted")
    filled = {key: value for key, value in stub.items() if value is not None and not key.startswith("_")}
    assert filled == {
        "id": TRASHED,
        "updated_by": ANNA,
        "updated_at": unix(13),
        "is_deleted": True,
        "account_id": 31000001,
    }
    assert amo.get(f"leads/{TRASHED}").status_code == 204
    assert amo.get("leads/1").status_code == 204, "an unknown id is 204, not 404"


def test_an_enquiry_waits_in_unsorted_until_its_first_move(amo: Client) -> None:
    [item] = amo.rows("leads/unsorted")
    assert (item["category"], item["pipeline_id"], item["created_at"]) == ("sip", SALES, unix(17))
    assert [lead["id"] for lead in item["_embedded"]["leads"]] == [WAITING]
    assert item["metadata"]["duration"] == "0" and item["metadata"]["phone"] == 79160000002
    assert amo.read(f"leads/unsorted/{item['uid']}")["uid"] == item["uid"]
    assert amo.get("leads/unsorted/0123").status_code == 404
    assert amo.read("leads/unsorted/summary")["categories"]["sip"] == {"total": 1}
    [pipeline] = [row for row in amo.rows("leads/pipelines") if row["id"] == SALES]
    unsorted_status = next(stage["id"] for stage in pipeline["_embedded"]["statuses"] if stage["type"] == 1)
    assert amo.read(f"leads/{WAITING}")["status_id"] == unsorted_status


def test_won_and_lost_have_the_same_ids_in_every_pipeline(amo: Client) -> None:
    body = amo.read("leads/pipelines")
    pipelines = body["_embedded"]["pipelines"]
    assert body["_total_items"] == 2 and "next" not in body["_links"]
    assert [(row["id"], row["name"], row["is_main"]) for row in pipelines] == [
        (SALES, "Продажи", True),
        (SERVICE, "Сервис", False),
    ]
    stages = [[stage["id"] for stage in row["_embedded"]["statuses"]] for row in pipelines]
    assert all(ids[-2:] == [142, 143] for ids in stages)
    assert not set(stages[0][:4]) & set(stages[1][:4])
    assert amo.read(f"leads/pipelines/{SALES}")["name"] == "Продажи"
    assert len(amo.rows(f"leads/pipelines/{SALES}/statuses")) == 6


def test_people_of_the_account(amo: Client) -> None:
    body = amo.read("users?with=role,group")
    assert (body["_total_items"], body["_page_count"]) == (5, 1)
    users = {user["id"]: user for user in body["_embedded"]["users"]}
    assert not users[GONE]["rights"]["is_active"] and users[ANNA]["rights"]["is_active"]
    assert users[ADMIN]["rights"]["is_admin"] and not users[HEAD]["rights"]["is_admin"]
    assert users[HEAD]["_embedded"] == {
        "roles": [{"id": 1, "name": "Руководитель"}],
        "groups": [{"id": 700, "name": "Розница"}],
    }
    assert amo.read(f"users/{ANNA}")["name"] == "Анна Белова"


def test_the_account_gives_parts_only_when_asked(amo: Client) -> None:
    plain = amo.read("account")
    assert "_embedded" not in plain and "is_api_filter_enabled" not in plain
    assert (plain["currency"], plain["customers_mode"], plain["current_user_id"]) == ("RUB", "disabled", ADMIN)
    full = amo.read("account?with=users_groups,task_types,datetime_settings,is_api_filter_enabled,version")
    assert full["is_api_filter_enabled"] is True
    assert full["_embedded"]["datetime_settings"]["timezone"] == "Europe/Moscow"
    assert full["_embedded"]["datetime_settings"]["timezone_offset"] == "+03:00"
    assert [group["id"] for group in full["_embedded"]["users_groups"]] == [0, 700]
    assert {kind["code"] for kind in full["_embedded"]["task_types"]} == {"FOLLOW_UP", "MEETING"}


def test_calls_hang_on_the_deal_or_on_the_contact(amo: Client) -> None:
    notes = amo.rows("leads/notes?filter[note_type][]=call_out")
    assert [(note["id"], note["entity_id"]) for note in notes] == [(90001, WON), (90002, WON)]
    missed, talked = notes
    assert (missed["params"]["link"], missed["params"]["call_status"], missed["params"]["duration"]) == (None, 6, 0)
    assert (talked["params"]["call_status"], talked["params"]["duration"]) == (4, 61)
    assert talked["params"]["call_responsible"] == talked["created_by"] == ANNA
    assert talked["created_at"] == unix(1.2)
    assert amo.ids("contacts/notes") == [90003, 90004]
    assert amo.ids("contacts/702/notes") == [90003, 90004] and amo.ids("contacts/701/notes") == []
    assert amo.read("contacts/702/notes/90003")["note_type"] == "call_in"
    assert amo.rows("companies/notes") == []


def test_a_task_without_result_has_an_empty_array(amo: Client) -> None:
    held, planned = amo.rows("tasks?order[id]=asc")
    assert (held["id"], held["is_completed"], held["result"]) == (61, True, {"text": "Договорились"})
    assert (held["entity_type"], held["entity_id"], held["task_type_id"]) == ("leads", WON, 2)
    assert (held["created_at"], held["updated_at"], held["complete_till"]) == (unix(3), unix(27), unix(26))
    assert (planned["id"], planned["is_completed"], planned["result"]) == (62, False, [])
    assert amo.read(f"leads/{OPEN}")["closest_task_at"] == unix(60)
    assert amo.read(f"leads/{OPEN}")["updated_at"] == unix(25), "a task is no update of its deal"
    assert amo.read("tasks/61")["id"] == 61 and amo.get("tasks/1").status_code == 204


def test_contacts_and_companies_show_their_links_when_asked(amo: Client) -> None:
    contact = amo.read("contacts/702?with=leads")
    assert {lead["id"] for lead in contact["_embedded"]["leads"]} == {REOPENED, BACK, WAITING, DOLLARS}
    [phone] = contact["custom_fields_values"]
    assert (phone["field_code"], phone["field_type"]) == ("PHONE", "multitext")
    assert phone["values"][0]["value"] == "+7 916 000-00-02" and phone["values"][0]["enum_code"] == "WORK"
    company = amo.read("companies/801?with=contacts,leads")
    assert [row["id"] for row in company["_embedded"]["contacts"]] == [701]
    assert {row["id"] for row in company["_embedded"]["leads"]} == {WON, OPEN}
    assert "leads" not in amo.read("contacts/702")["_embedded"]
    links = amo.rows(f"leads/{WON}/links")
    assert {(row["to_entity_type"], row["to_entity_id"]) for row in links} == {("contacts", 701), ("companies", 801)}


def test_events_tell_the_whole_story_newest_first(amo: Client) -> None:
    events = amo.rows(f"events?filter[entity]=lead&filter[entity_id][]={WON}")
    moments = [event["created_at"] for event in events]
    assert moments == sorted(moments, reverse=True)
    assert [event["type"] for event in reversed(events)][:6] == [
        "lead_added",
        "outgoing_call",
        "outgoing_call",
        "lead_status_changed",
        "sale_field_changed",
        "lead_status_changed",
    ]
    by_type = {event["type"]: event for event in reversed(events)}
    won = by_type["lead_status_changed"]
    assert won["value_after"] == [{"lead_status": {"id": 142, "pipeline_id": SALES}}]
    assert (won["created_by"], won["created_at"], won["entity_type"]) == (ANNA, unix(4), "lead")
    assert by_type["entity_responsible_changed"]["value_before"] == [{"responsible_user": {"id": ANNA}}]
    assert by_type["entity_responsible_changed"]["value_after"] == [{"responsible_user": {"id": BORIS}}]
    assert by_type["sale_field_changed"]["value_after"] == [{"sale_field_value": {"sale": 46333}}]
    assert by_type["outgoing_call"]["value_after"] == [{"note": {"id": 90002}}]
    assert isinstance(won["id"], str) and len(won["id"]) == 26
    assert amo.read(f"events/{won['id']}") == won
    assert amo.rows(f"events?filter[id]={won['id']}") == [won]
    scored = [event for event in events if event["type"] == "custom_field_501001_value_changed"]
    assert scored[0]["value_after"][0]["custom_field_value"]["text"] == "5" and scored[0]["created_by"] == 0


def test_events_of_trash_and_tasks(amo: Client) -> None:
    told = amo.rows("events?filter[type]=lead_deleted,lead_restored")
    assert [(event["type"], event["entity_id"], event["value_after"]) for event in told] == [
        ("lead_restored", BACK, []),
        ("lead_deleted", BACK, []),
        ("lead_deleted", TRASHED, []),
    ]
    [done] = amo.rows("events?filter[type][]=task_completed")
    assert (done["entity_type"], done["entity_id"], done["created_by"], done["created_at"]) == (
        "task",
        61,
        ANNA,
        unix(27),
    )
    assert done["_embedded"]["entity"]["_links"]["self"]["href"].endswith("/api/v4/tasks/61")
    [named] = amo.rows("events?filter[type]=lead_restored&with=lead_name")
    assert named["_embedded"]["entity"]["name"] == "Дрель"


def test_loss_reasons_hold_the_junk_reason(amo: Client) -> None:
    assert [row["name"] for row in amo.rows("leads/loss_reasons")] == ["Спам", "Дорого"]


def test_custom_fields_are_counted_and_filtered(amo: Client) -> None:
    body = amo.read("leads/custom_fields?limit=2")
    assert (body["_total_items"], body["_page_count"]) == (5, 3)
    assert body["_links"]["last"]["href"].endswith("page=3")
    assert len(amo.walk("leads/custom_fields?limit=2")) == 5
    assert [row["name"] for row in amo.rows("leads/custom_fields?filter[type][0]=select")] == ["Валюта"]
    assert [row["code"] for row in amo.rows("contacts/custom_fields")] == ["PHONE", "EMAIL"]
    assert amo.read("leads/custom_fields/501001")["enums"] is None
    assert {row["id"] for row in amo.rows("leads/custom_fields/groups")} == {"default", "statistic"}


def test_pages_link_to_each_other_and_end_without_next(amo: Client) -> None:
    first, second = amo.read("leads?limit=4&order[id]=asc"), amo.read("leads?limit=4&page=2&order[id]=asc")
    assert "page=2" in first["_links"]["next"]["href"] and "limit=4" in first["_links"]["next"]["href"]
    assert "prev" not in first["_links"] and "_total_items" not in first
    assert set(second["_links"]) == {"self", "first", "prev"} and second["_page"] == 2
    assert amo.get("leads?limit=4&page=3").status_code == 204
    assert len(amo.walk("leads?limit=1")) == 6


def test_limits_are_clamped(amo: Client) -> None:
    assert len(amo.rows("leads?limit=1000")) == 6
    assert "limit=1000" in amo.read("leads?limit=1000")["_links"]["self"]["href"]
    assert amo.get("leads?limit=0").status_code == 400
    assert amo.get("leads?page=x").status_code == 400


def test_events_over_the_limit_fall_back_to_fifty() -> None:
    with opened() as amo:
        amo.sandbox.happen(*(_rename(hour) for hour in range(80)))
        assert len(amo.rows("events?limit=100")) == 100
        assert len(amo.rows("events?limit=250")) == 50
    with opened(events_over=250) as amo:
        amo.sandbox.happen(*(_rename(hour) for hour in range(80)))
        assert len(amo.rows("events?limit=250")) > 100


def _rename(hour: int) -> Renamed:
    return Renamed(at(30) + timedelta(minutes=hour), OPEN, f"Имя {hour}", ADMIN)


def test_a_terminal_page_may_still_link_to_nothing() -> None:
    with opened(terminal_204=True) as amo:
        assert "next" in amo.read("leads?limit=3&page=2")["_links"]
        assert amo.get("leads?limit=3&page=3").status_code == 204
        assert "next" not in amo.read("leads?limit=4&page=2")["_links"], "a short page does not"


def test_wrong_addresses_and_verbs(amo: Client) -> None:
    missing = amo.get("nope")
    assert missing.status_code == 404 and missing.headers["Content-Type"] == "application/problem+json"
    assert missing.json()["detail"] == "Cannot GET /api/v4/nope"
    assert amo.send("PUT", "leads").status_code == 405
    assert amo.get("customers").status_code == 426 and amo.get("customers/notes").status_code == 426


def test_headers_carry_the_sandboxs_clock_and_a_request_id(amo: Client) -> None:
    answer = amo.get("leads")
    assert answer.headers["Date"] == "Fri, 04 Sep 2026 09:00:00 GMT"
    assert re.fullmatch(r"[0-9a-f]{32}", answer.headers["X-Request-Id"])
    assert answer.headers["Content-Type"] == "application/hal+json"


def test_kommo_gives_minor_units() -> None:
    with opened(kommo=True) as amo:
        amo.sandbox.world.leads.rows[WON].amount = 4_633_350
        lead = amo.read(f"leads/{WON}")
        assert (lead["price"], lead["price_with_minor_units"]) == (46333, 46333.5)


def test_switched_off_lists_are_empty(amo: Client) -> None:
    for path in ("catalogs", "webhooks", "leads/tags", "sources"):
        assert amo.get(path).status_code == 204
    assert {row["key"] for row in amo.rows("events/types")} >= {"lead_added", "lead_status_changed"}
    assert [row["id"] for row in amo.rows("roles")] == [1, 2]
