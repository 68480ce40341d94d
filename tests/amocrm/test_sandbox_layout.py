"""Custom fields, groups, lists and webhooks: who may make them, and how they answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.amocrm.small import ANNA, WON, Client, opened, unix


@pytest.fixture
def amo() -> Iterator[Client]:
    with opened() as client:
        yield client


def test_our_fields_are_made_once_and_filled(amo: Client) -> None:
    [group] = amo.write("POST", "leads/custom_fields/groups", [{"name": "KPI", "sort": 5}], 201)["_embedded"][
        "custom_field_groups"
    ]
    assert group["id"].startswith("leads_")
    wanted = {
        "name": "Реакция",
        "type": "numeric",
        "code": "KPI_RESPONSE",
        "group_id": group["id"],
        "is_api_only": True,
    }
    answer = amo.write("POST", "leads/custom_fields", [wanted], 201)
    [field] = answer["_embedded"]["custom_fields"]
    assert (answer["_total_items"], field["code"], field["is_api_only"]) == (1, "KPI_RESPONSE", True)
    value = {"field_code": "KPI_RESPONSE", "values": [{"value": 12.0}]}
    amo.write("PATCH", f"leads/{WON}", {"custom_fields_values": [value]})
    shown = {row["field_code"]: row["values"] for row in amo.read(f"leads/{WON}")["custom_fields_values"]}
    assert shown["KPI_RESPONSE"] == [{"value": "12"}]
    assert amo.errors("POST", "leads/custom_fields", [wanted]) == {"0": {("NotUnique", "code")}}
    assert field["id"] in next(
        row["fields"] for row in amo.rows("leads/custom_fields/groups") if row["id"] == group["id"]
    )


def test_an_item_with_an_id_silently_makes_nothing(amo: Client) -> None:
    answer = amo.write("POST", "leads/custom_fields", [{"id": 5, "name": "x", "type": "text"}], 201)
    assert answer["_embedded"]["custom_fields"] == []
    assert len(amo.rows("leads/custom_fields")) == 5


@pytest.mark.parametrize(
    ("item", "code", "path"),
    [
        ({"name": "x"}, "FieldMissing", "type"),
        ({"name": "x", "type": "money"}, "NotSupportedChoice", "type"),
        ({"name": "x", "type": "select"}, "FieldMissing", "enums"),
        ({"name": "x", "type": "monetary"}, "FieldMissing", "currency"),
        ({"name": "x", "type": "text", "group_id": "nope"}, "NotSupportedChoice", "group_id"),
        ({"name": "x", "type": "text", "is_computed": True}, "FieldNotExpected", "is_computed"),
    ],
)
def test_bad_definitions(amo: Client, item: dict[str, object], code: str, path: str) -> None:
    assert (code, path) in amo.errors("POST", "leads/custom_fields", [item])["0"]


def test_a_field_renamed_changed_or_deleted_shows_in_every_deal(amo: Client) -> None:
    amo.read(f"leads/{WON}")
    amo.write("PATCH", "leads/custom_fields/501001", {"name": "Оценка"})
    assert "Оценка" in {row["field_name"] for row in amo.read(f"leads/{WON}")["custom_fields_values"]}
    old = amo.read("leads/custom_fields/501005")["enums"]
    amo.write("PATCH", "leads/custom_fields", [{"id": 501005, "enums": [{"value": "USD"}]}])
    assert amo.read("leads/custom_fields/501005")["enums"][0]["id"] not in {enum["id"] for enum in old}
    assert amo.send("DELETE", "leads/custom_fields/501001").status_code == 204
    assert 501001 not in {row["field_id"] for row in amo.read(f"leads/{WON}")["custom_fields_values"]}
    gone = {"custom_fields_values": [{"field_id": 501001, "values": [{"value": "1"}]}]}
    assert amo.errors("PATCH", "leads", [{"id": WON, **gone}]) == {
        "0": {("NotSupportedChoice", "custom_fields_values.0.field_id")}
    }


def test_a_list_with_its_fields_and_lines(amo: Client) -> None:
    [catalog] = amo.write("POST", "catalogs", [{"name": "KPI менеджеров", "request_id": "c"}])["_embedded"]["catalogs"]
    home = f"catalogs/{catalog['id']}"
    assert (catalog["type"], catalog["request_id"]) == ("regular", "c")
    specs = [{"name": "План", "type": "numeric", "code": "PLAN"}, {"name": "Период", "type": "text", "code": "PERIOD"}]
    fields = amo.write("POST", f"{home}/custom_fields", specs, 201)["_embedded"]["custom_fields"]
    values = [{"field_id": fields[0]["id"], "values": [{"value": "100"}]}]
    [line] = amo.write("POST", f"{home}/elements", [{"name": "Анна 2026-09", "custom_fields_values": values}])[
        "_embedded"
    ]["elements"]
    assert (line["catalog_id"], line["request_id"], line["created_at"]) == (catalog["id"], "0", unix(72))
    change = {"custom_fields_values": [{"field_code": "PERIOD", "values": [{"value": " 2026-09 "}]}]}
    amo.write("PATCH", f"{home}/elements", [{"id": line["id"], **change}])
    shown = amo.read(f"{home}/elements/{line['id']}")
    assert [row["values"] for row in shown["custom_fields_values"]] == [[{"value": "100"}], [{"value": "2026-09"}]]
    assert amo.ids(f"{home}/elements?query=анна") == [line["id"]] and amo.ids(f"{home}/elements?query=борис") == []
    assert amo.ids(f"{home}/elements?filter[id]={line['id']}") == [line["id"]]
    assert len(amo.rows(f"{home}/custom_fields")) == 2 and amo.ids("catalogs") == [catalog["id"]]
    assert amo.errors("PATCH", f"{home}/elements", [{"id": 1, "name": "x"}]) == {"0": {("282", "id")}}
    assert amo.get("catalogs/1/elements").status_code == 404


def test_webhooks_are_kept_by_destination(amo: Client) -> None:
    hook = {"destination": "https://kpi.example/hook/1", "settings": ["update_lead"]}
    first = amo.write("POST", "webhooks", hook, 201)
    second = amo.write("POST", "webhooks", hook | {"settings": ["status_lead"]}, 201)
    assert first["id"] == second["id"] and amo.rows("webhooks") == [second]
    assert amo.rows("webhooks?filter[destination]=https://other.example") == []
    amo.write("DELETE", "webhooks", {"destination": hook["destination"]}, 204)
    amo.write("DELETE", "webhooks", {"destination": hook["destination"]}, 404)
    amo.write("POST", "webhooks", {"destination": "https://x.example"}, 422)


def test_a_seller_may_not_touch_the_layout_nor_see_the_users(amo: Client) -> None:
    seller = Client(amo.sandbox, amo.sandbox.token(ANNA))
    assert seller.get("users").status_code == 403
    assert seller.get("webhooks").status_code == 403
    seller.write("POST", "leads/custom_fields", [{"name": "x", "type": "text"}], 403)
    seller.write("POST", "catalogs", [{"name": "x"}], 403)
    assert seller.get("leads").status_code == 200 and seller.read("account")["current_user_id"] == ANNA


def test_an_administrator_may_speak_for_a_seller(amo: Client) -> None:
    assert amo.get("users", headers={"X-Context-User-ID": str(ANNA)}).status_code == 403
    assert amo.get("leads", headers={"X-Context-User-ID": "4242"}).status_code == 401
    seller = Client(amo.sandbox, amo.sandbox.token(ANNA))
    assert seller.get("leads", headers={"X-Context-User-ID": "1"}).status_code == 401


def test_an_external_integration_sees_no_users() -> None:
    with opened(external=True) as amo:
        assert amo.get("users").status_code == 403
        assert amo.get("leads/custom_fields").status_code == 200
