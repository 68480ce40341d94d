"""Writes: all or nothing, echoes, history, bumps, and the traps of crm/amocrm section 4."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.amocrm.small import (
    ANNA,
    BORIS,
    GONE,
    OPEN,
    REOPENED,
    SALES,
    SERVICE,
    WAITING,
    WON,
    Client,
    opened,
    unix,
)

NOW = unix(72)
CSAT, CURRENCY = 501001, 501005


@pytest.fixture
def amo() -> Iterator[Client]:
    with opened() as client:
        yield client


def test_a_patch_changes_what_it_names_and_tells_history(amo: Client) -> None:
    body = [
        {"id": WON, "request_id": "kpi-1", "custom_fields_values": [{"field_id": CSAT, "values": [{"value": "4.50"}]}]},
        {"id": OPEN, "price": 700, "responsible_user_id": ANNA},
    ]
    answer = amo.write("PATCH", "leads", body)
    first, second = answer["_embedded"]["leads"]
    assert (first["id"], first["request_id"], first["updated_at"]) == (WON, "kpi-1", NOW)
    assert second["id"] == OPEN and "request_id" not in second, "unnamed items are not always echoed"
    lead = amo.read(f"leads/{WON}")
    assert (lead["updated_at"], lead["updated_by"], lead["price"]) == (NOW, 1, 46333)
    values = {value["field_id"]: value["values"] for value in lead["custom_fields_values"]}
    assert values[CSAT] == [{"value": "4.5"}], "numbers lose their trailing zeros"
    assert len(values) == 4, "fields that were not named stay"
    told = [event["type"] for event in amo.rows(f"events?filter[created_at][from]={NOW}")]
    assert set(told) == {"custom_field_501001_value_changed", "sale_field_changed", "entity_responsible_changed"}
    assert [row["path"] for row in amo.sandbox.written] == ["/api/v4/leads"]
    assert amo.sandbox.written[0]["body"] == body and amo.sandbox.written[0]["at"] == amo.sandbox.now


def test_the_same_value_again_leaves_no_history_but_bumps(amo: Client) -> None:
    amo.write("PATCH", f"leads/{WON}", {"custom_fields_values": [{"field_id": CSAT, "values": [{"value": 5}]}]})
    assert amo.rows(f"events?filter[created_at][from]={NOW}") == []
    assert amo.read(f"leads/{WON}")["updated_at"] == NOW


def test_null_empties_a_field(amo: Client) -> None:
    amo.write("PATCH", f"leads/{WON}", {"custom_fields_values": [{"field_id": CSAT, "values": None}]})
    shown = amo.read(f"leads/{WON}")["custom_fields_values"]
    assert CSAT not in {value["field_id"] for value in shown}


def test_one_bad_item_and_nothing_of_the_batch_is_done(amo: Client) -> None:
    bad = [
        {"id": OPEN, "name": "Другое имя"},
        {"id": WON, "request_id": "x", "custom_fields_values": [{"field_id": 1, "values": [{"value": "1"}]}]},
        {"id": 4242, "name": "Нет такой"},
    ]
    errors = amo.errors("PATCH", "leads", bad)
    assert errors == {"x": {("NotSupportedChoice", "custom_fields_values.0.field_id")}, "2": {("225", "id")}}
    assert amo.read(f"leads/{OPEN}")["name"] == "Токарный станок"
    assert amo.sandbox.written == [] and amo.sandbox.refused[0]["status"] == 400


@pytest.mark.parametrize(
    ("item", "code", "path"),
    [
        ({"account_id": 1}, "FieldNotExpected", "account_id"),
        ({"is_deleted": False}, "FieldNotExpected", "is_deleted"),
        ({"responsible_user_id": GONE}, "NotSupportedChoice", "responsible_user_id"),
        ({"responsible_user_id": 999}, "NotSupportedChoice", "responsible_user_id"),
        ({"responsible_user_id": 0}, "NotSupportedChoice", "responsible_user_id"),
        ({"created_by": 999}, "NotSupportedChoice", "created_by"),
        ({"status_id": 12345}, "NotSupportedChoice", "status_id"),
        ({"pipeline_id": 12345, "status_id": 142}, "NotSupportedChoice", "pipeline_id"),
        ({"pipeline_id": SERVICE}, "FieldMissing", "status_id"),
        ({"loss_reason_id": 5}, "NotSupportedChoice", "loss_reason_id"),
        ({"price": "100"}, "InvalidType", "price"),
        ({"name": 5}, "InvalidType", "name"),
        ({"name": None}, "NotNullable", "name"),
    ],
)
def test_bad_keys_of_a_deal(amo: Client, item: dict[str, object], code: str, path: str) -> None:
    assert (code, path) in amo.errors("PATCH", "leads", [{"id": WON, **item}])["0"]


@pytest.mark.parametrize(
    ("entry", "code", "path"),
    [
        ({"field_id": CSAT, "values": [{"value": "пять"}]}, "InvalidType", "values.0.value"),
        ({"field_id": CSAT, "values": [{"value": None}]}, "NotNullable", "values.0.value"),
        ({"field_id": CSAT, "values": []}, "NotBlank", "values"),
        ({"field_id": CSAT}, "FieldMissing", "values"),
        ({"field_id": CSAT, "values": [{"value": 1}, {"value": 2}]}, "TooMany", "values"),
        ({"field_id": CSAT, "field_name": "CSAT", "values": [{"value": 1}]}, "FieldNotExpected", "field_name"),
        ({"field_id": CSAT, "field_type": "numeric", "values": None}, "FieldNotExpected", "field_type"),
        (
            {"field_id": CSAT, "values": [{"value": 1, "is_computed": False}]},
            "FieldNotExpected",
            "values.0.is_computed",
        ),
        ({"field_id": CURRENCY, "values": [{"value": "XXX"}]}, "NotSupportedChoice", "values.0.value"),
        ({"field_id": CURRENCY, "values": [{"enum_id": 5}]}, "NotSupportedChoice", "values.0.enum_id"),
        (
            {"field_id": CURRENCY, "values": [{"value": "USD", "enum_id": 77002, "enum_code": None}]},
            "FieldNotExpected",
            "values.0.enum_code",
        ),
        ({"field_code": "NOPE", "values": [{"value": "1"}]}, "NotSupportedChoice", "field_code"),
        ({"values": [{"value": "1"}]}, "36b4f074-a4b4-4a5e-9d3c-7f7f4e5a0f0e", ""),
    ],
)
def test_bad_values_of_fields(amo: Client, entry: dict[str, object], code: str, path: str) -> None:
    found = amo.errors("PATCH", "leads", [{"id": WON, "custom_fields_values": [entry]}])
    assert found == {"0": {(code, f"custom_fields_values.0.{path}")}}


def test_what_was_read_cannot_simply_be_sent_back(amo: Client) -> None:
    read = amo.read(f"leads/{WON}")
    codes = {code for code, _ in amo.errors("PATCH", "leads", [read])["0"]}
    assert "FieldNotExpected" in codes


def test_moving_closing_and_reopening(amo: Client) -> None:
    amo.write("PATCH", f"leads/{OPEN}", {"status_id": 143, "loss_reason_id": 32})
    lost = amo.read(f"leads/{OPEN}")
    assert (lost["status_id"], lost["closed_at"], lost["loss_reason_id"]) == (143, NOW, 32)
    first = amo.rows(f"leads/pipelines/{SALES}/statuses")[1]["id"]
    amo.write("PATCH", f"leads/{OPEN}", {"status_id": first})
    again = amo.read(f"leads/{OPEN}")
    assert (again["status_id"], again["closed_at"], again["loss_reason_id"]) == (first, None, None)
    assert len(amo.rows("events?filter[type]=lead_status_changed&filter[created_by]=1")) == 2


def test_any_patch_takes_a_deal_out_of_unsorted(amo: Client) -> None:
    before = amo.read(f"leads/{WAITING}")["status_id"]
    assert amo.errors("PATCH", "leads", [{"id": WAITING, "status_id": before}]) == {
        "0": {("NotSupportedChoice", "status_id")}
    }
    amo.write("PATCH", "leads", [{"id": WAITING, "name": "Кто-то"}])
    assert amo.read(f"leads/{WAITING}")["status_id"] != before
    assert amo.rows("leads/unsorted") == []


def test_an_enquiry_is_accepted_or_declined(amo: Client) -> None:
    [item] = amo.rows("leads/unsorted")
    amo.write("POST", f"leads/unsorted/{item['uid']}/accept", {"user_id": BORIS})
    assert amo.read(f"leads/{WAITING}")["responsible_user_id"] == BORIS
    assert amo.send("DELETE", f"leads/unsorted/{item['uid']}/decline").status_code == 404
    with opened() as other:
        [item] = other.rows("leads/unsorted")
        other.write("DELETE", f"leads/unsorted/{item['uid']}/decline", None)
        assert other.get(f"leads/{WAITING}").status_code == 204
        assert WAITING in other.ids("leads?with=only_deleted")


def test_new_deals_contacts_and_companies(amo: Client) -> None:
    made = amo.write("POST", "companies", [{"name": "Завод"}])["_embedded"]["companies"]
    phone = {"field_code": "PHONE", "values": [{"value": "89160000009", "enum_code": "WORK"}]}
    person = {
        "first_name": "Пётр",
        "custom_fields_values": [phone],
        "_embedded": {"companies": [{"id": made[0]["id"]}]},
    }
    [contact] = amo.write("POST", "contacts", [person])["_embedded"]["contacts"]
    deal = {
        "name": "Новая",
        "price": 10,
        "_embedded": {"contacts": [{"id": contact["id"]}], "tags": [{"name": "опт"}]},
    }
    [lead] = amo.write("POST", "leads", [deal])["_embedded"]["leads"]
    assert lead["request_id"] == "0" and lead["id"] >= 900_000_001
    shown = amo.read(f"leads/{lead['id']}?with=contacts")
    assert (shown["price"], shown["created_at"], shown["created_by"]) == (10, NOW, 1)
    assert [row["id"] for row in shown["_embedded"]["contacts"]] == [contact["id"]]
    assert [tag["name"] for tag in shown["_embedded"]["tags"]] == ["опт"]
    assert [row["id"] for row in amo.rows("events?filter[type]=contact_added&limit=1")] != []
    assert amo.read(f"contacts/{contact['id']}?with=leads")["_embedded"]["leads"][0]["id"] == lead["id"]


def test_batches_have_bounds(amo: Client) -> None:
    for body in ({}, [], "x", [{"id": WON}] * 251):
        amo.write("PATCH", "leads", body, 400)
    assert amo.send("POST", "leads", data=b"{broken").status_code == 400
    assert amo.sandbox.written == []


def test_a_task_is_made_completed_and_told(amo: Client) -> None:
    body = {"request_id": "kpi", "text": "Разобрать [kpi#1] ", "complete_till": NOW + 60, "responsible_user_id": ANNA}
    body |= {"entity_id": WON, "entity_type": "leads", "task_type_id": 1}
    [made] = amo.write("POST", "tasks", [body])["_embedded"]["tasks"]
    assert made["request_id"] == "kpi"
    shown = amo.read(f"tasks/{made['id']}")
    assert (shown["text"], shown["result"], shown["is_completed"]) == ("Разобрать [kpi#1]", [], False)
    assert amo.read(f"leads/{WON}")["closest_task_at"] == NOW + 60
    done = amo.write("PATCH", f"tasks/{made['id']}", {"is_completed": True, "result": {"text": "Обсудили"}})
    assert (done["id"], done["updated_at"]) == (made["id"], NOW)
    assert amo.read(f"tasks/{made['id']}")["result"] == {"text": "Обсудили"}
    assert amo.read(f"leads/{WON}")["closest_task_at"] is None
    told = amo.rows(f"events?filter[created_at][from]={NOW}&filter[entity]=task")
    assert {event["type"] for event in told} == {"task_added", "task_completed", "task_result_added"}


def test_changes_of_a_task_are_told_one_by_one(amo: Client) -> None:
    amo.write(
        "PATCH", "tasks", [{"id": 62, "text": "Иначе", "complete_till": NOW, "task_type_id": 1, "entity_id": WON}], 400
    )
    change = {"id": 62, "text": "Иначе", "complete_till": NOW, "task_type_id": 1, "responsible_user_id": ANNA}
    amo.write("PATCH", "tasks", [change | {"entity_id": WON, "entity_type": "leads"}])
    told = {event["type"]: event for event in amo.rows("events?filter[entity]=task&filter[entity_id]=62")}
    assert told["task_text_changed"]["value_after"] == [{"task": {"text": "Иначе"}}]
    assert told["task_deadline_changed"]["value_before"] == [{"task_deadline": {"timestamp": unix(60)}}]
    assert told["task_type_changed"]["value_after"] == [{"task_type": {"id": 1}}]
    assert told["entity_responsible_changed"]["entity_type"] == "task"
    assert amo.ids(f"tasks?filter[entity_type]=leads&filter[entity_id]={WON}") == [61, 62]


@pytest.mark.parametrize(
    ("item", "code", "path"),
    [
        ({"text": "x"}, "FieldMissing", "complete_till"),
        ({"complete_till": 1}, "FieldMissing", "text"),
        ({"text": " ", "complete_till": 1}, "NotBlank", "text"),
        ({"text": "x", "complete_till": "1"}, "InvalidType", "complete_till"),
        ({"text": "x", "complete_till": 1, "task_type_id": 77}, "NotSupportedChoice", "task_type_id"),
        ({"text": "x", "complete_till": 1, "entity_type": "lead", "entity_id": WON}, "237", "entity_type"),
        ({"text": "x", "complete_till": 1, "entity_type": "leads", "entity_id": 5}, "236", "entity_id"),
        ({"text": "x", "complete_till": 1, "responsible_user_id": GONE}, "NotSupportedChoice", "responsible_user_id"),
    ],
)
def test_bad_tasks(amo: Client, item: dict[str, object], code: str, path: str) -> None:
    assert (code, path) in amo.errors("POST", "tasks", [item])["0"]
    assert len(amo.rows("tasks")) == 2


def test_notes_are_written_into_cards(amo: Client) -> None:
    body = [{"note_type": "service_message", "params": {"service": "KPI", "text": "62 %"}, "request_id": "n"}]
    [made] = amo.write("POST", f"leads/{WON}/notes", body)["_embedded"]["notes"]
    assert (made["entity_id"], made["request_id"]) == (WON, "n")
    assert amo.read(f"leads/{WON}/notes/{made['id']}")["params"] == {"service": "KPI", "text": "62 %"}
    amo.write("PATCH", "leads/notes", [{"id": made["id"], "params": {"service": "KPI", "text": "63 %"}}])
    assert amo.read(f"leads/notes/{made['id']}")["params"]["text"] == "63 %"
    assert amo.errors("POST", "leads/notes", [{"entity_id": WON, "note_type": "common", "params": {"text": None}}]) == {
        "0": {("NotNullable", "params.text")}
    }
    assert amo.errors("POST", "leads/notes", [{"entity_id": 1, "note_type": "common", "params": {"text": "x"}}]) == {
        "0": {("NotSupportedChoice", "entity_id")}
    }


def test_a_call_finds_the_only_open_deal_else_the_contact_else_nobody(amo: Client) -> None:
    call = {"direction": "inbound", "duration": 30, "source": "pbx", "call_status": 4, "created_at": NOW - 60}
    first = amo.write("POST", "calls", [{**call, "phone": "8 (916) 000-00-01"}])["_embedded"]["calls"][0]
    assert (first["entity_type"], first["entity_id"]) == ("lead", OPEN)
    second = amo.write("POST", "calls", [{**call, "phone": "79160000002"}])["_embedded"]["calls"][0]
    assert (second["entity_type"], second["entity_id"]) == ("contact", 702)
    assert first["id"] in amo.ids("leads/notes?filter[note_type][]=call_in")
    lost = amo.write("POST", "calls", [{**call, "phone": "+7 999 123-45-67", "request_id": "z"}], 400)
    assert lost["errors"][0]["request_id"] == "z" and lost["errors"][0]["status"] == 263
    mixed = amo.write("POST", "calls", [{**call, "phone": "0"}, {**call, "phone": "79160000002"}])
    assert (mixed["_total_items"], len(mixed["errors"])) == (1, 1)
    assert amo.errors("POST", "calls", [{"direction": "up", "duration": 1, "source": "s", "phone": "1"}]) == {
        "0": {("NotSupportedChoice", "direction")}
    }


def test_reopened_deals_stay_as_they_are_when_something_else_changes(amo: Client) -> None:
    amo.write("PATCH", f"leads/{REOPENED}", {"tags_to_add": [{"name": "kpi"}]})
    lead = amo.read(f"leads/{REOPENED}")
    assert (lead["closed_at"], [tag["name"] for tag in lead["_embedded"]["tags"]]) == (unix(11), ["kpi"])
    amo.write("PATCH", f"leads/{REOPENED}", {"tags_to_delete": [{"name": "kpi"}]})
    assert amo.read(f"leads/{REOPENED}")["_embedded"]["tags"] == []
