"""The protocol of the Bitrix24 sandbox: addresses, bodies, envelope, paging, filters, batch. Sheet 0, 2.3, 2.4, 3."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from providers.bitrix24.sandbox import Sandbox
from providers.bitrix24.sandbox.columns import iso
from tests.bitrix24.tiny import END, Rest, day, many, tiny

Open = Callable[..., tuple[Sandbox, Rest]]


@pytest.fixture
def served() -> Iterator[Open]:
    with ExitStack() as stack:

        def open_one(company: Any = None, **switches: Any) -> tuple[Sandbox, Rest]:
            switches.setdefault("paced", False)
            sandbox = stack.enter_context(Sandbox(company or tiny(), **switches))
            return sandbox, Rest(sandbox.webhook_url)

        yield open_one


# --- addresses and bodies -------------------------------------------------------------------------------------------


def test_every_spelling_of_an_address_is_the_same_method(served: Open) -> None:
    sandbox, _ = served()
    for end in ("profile", "profile.json", "profile/", "profile.json/", "PROFILE"):
        assert requests.get(sandbox.webhook_url + end, timeout=5).json()["result"]["ID"] == "1", end


@pytest.mark.parametrize("shape", ["json", "form", "query"])
def test_json_forms_and_queries_with_nested_keys_mean_the_same(served: Open, shape: str) -> None:
    sandbox, _ = served()
    url = sandbox.webhook_url + "crm.item.list"
    flat = {"entityTypeId": "2", "filter[>id]": "7001", "select[]": "id", "order[id]": "DESC"}
    if shape == "json":
        body = {"entityTypeId": 2, "filter": {">id": 7001}, "select": ["id"], "order": {"id": "DESC"}}
        answer = requests.post(url, json=body, timeout=5)
    elif shape == "form":
        answer = requests.post(url, data=flat, timeout=5)
    else:
        answer = requests.get(url, params=flat, timeout=5)
    assert answer.json()["result"] == {"items": [{"id": 7003}]}


def test_names_at_the_top_are_case_insensitive(served: Open) -> None:
    _, rest = served()
    lower = rest("crm.deal.list", filter={"ID": 7001}, select=["ID"])
    upper = rest("crm.deal.list", FILTER={"ID": 7001}, SELECT=["ID"])
    assert lower == upper == [{"ID": "7001"}]


def test_the_envelope_tells_the_portals_time_in_its_zone(served: Open) -> None:
    sandbox, rest = served()
    answer = rest.raw("server.time")
    assert answer["result"] == answer["time"]["date_start"] == "2026-09-30T15:00:00+03:00"
    assert set(answer["time"]) == {
        "start", "finish", "duration", "processing", "date_start", "date_finish", "operating", "operating_reset_at",
    }  # fmt: skip
    header = requests.get(sandbox.webhook_url + "profile", timeout=5).headers["Date"]
    assert parsedate_to_datetime(header) == END
    sandbox.switches.operating_told = False
    assert "operating" not in rest.raw("server.time")["time"]


@pytest.mark.parametrize("zone", ["Europe/Moscow", "Europe/Berlin", "Asia/Kathmandu", "America/St_Johns", "UTC"])
def test_moments_are_told_as_the_library_tells_them(zone: str) -> None:
    where, chance = ZoneInfo(zone), random.Random(1)
    moments = [datetime.fromtimestamp(chance.randrange(0, 2_200_000_000), UTC) for _ in range(3_000)]
    moments += [datetime(2026, 10, 25, 1, 0, tzinfo=UTC) + timedelta(minutes=m) for m in range(-90, 90)]
    assert [iso(m, where) for m in moments] == [m.astimezone(where).isoformat(timespec="seconds") for m in moments]


def test_the_clock_is_moved_by_hand_and_only_forward(served: Open) -> None:
    sandbox, rest = served(now=day(4))
    assert [d["STAGE_ID"] for d in rest("crm.deal.list")] == ["PREPARATION"]
    sandbox.advance(day(5))
    assert [d["STAGE_ID"] for d in rest("crm.deal.list")] == ["WON"]
    with pytest.raises(ValueError, match="forward"):
        sandbox.advance(day(4))


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/rest/1/wrong/profile", 401, "INVALID_CREDENTIALS"),
        ("/rest/77/{secret}/profile", 401, "INVALID_CREDENTIALS"),
        ("/rest/profile", 401, "NO_AUTH_FOUND"),
        ("/rest/profile?auth=nonsense", 401, "NO_AUTH_FOUND"),
        ("/rest/{webhook}/crm.nothing.list", 404, "ERROR_METHOD_NOT_FOUND"),
        ("/rest/{webhook}/crm.item.list", 400, 100),
        ("/rest/{webhook}/crm.item.list?entityTypeId=5", 400, "ENTITY_TYPE_NOT_SUPPORTED"),
        ("/rest/{webhook}/crm.item.get?entityTypeId=2&id=1", 400, "NOT_FOUND"),
        ("/rest/{webhook}/crm.deal.get?id=1", 400, ""),
        ("/rest/{webhook}/crm.deal.list?filter=5", 400, ""),
        ("/rest/{webhook}/app.info", 403, "WRONG_AUTH_TYPE"),
        ("/rest/{webhook}/event.bind", 403, "WRONG_AUTH_TYPE"),
        ("/rest/{webhook}/event.offline.get", 403, "WRONG_AUTH_TYPE"),
    ],
)
def test_errors_carry_the_vendors_code_and_status(served: Open, path: str, status: int, code: Any) -> None:
    sandbox, _ = served()
    secret = sandbox.webhook.partition("/")[2]
    answer = requests.get(sandbox.base_url + path.format(secret=secret, webhook=sandbox.webhook), timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (status, code)


def test_the_third_generation_is_not_spoken_here(served: Open) -> None:
    sandbox, _ = served()
    answer = requests.post(f"{sandbox.base_url}/rest/api/{sandbox.webhook}/tasks.task.list", json={}, timeout=5)
    assert answer.status_code == 404
    assert answer.json()["error"]["code"].startswith("BITRIX_REST_V3_EXCEPTION_")


def test_scopes_and_the_plan_close_methods(served: Open) -> None:
    sandbox, rest = served(scopes=frozenset({"crm"}))
    assert rest.error("user.get") == (403, "insufficient_scope")
    assert rest("scope") == ["crm"]
    sandbox.switches.commercial = False
    assert rest.error("profile") == (403, "ACCESS_DENIED")


# --- lists ----------------------------------------------------------------------------------------------------------


def test_a_page_has_fifty_rows_and_the_last_one_no_next(served: Open) -> None:
    _, rest = served(many(118))  # 120 deals with the two of the tiny company
    first = rest.raw("crm.item.list", entityTypeId=2, select=["id"])
    assert (len(first["result"]["items"]), first["total"], first["next"]) == (50, 120, 50)
    last = rest.raw("crm.item.list", entityTypeId=2, select=["id"], start=100)
    assert (len(last["result"]["items"]), last["total"]) == (20, 120)
    assert "next" not in last
    full = rest.raw("crm.item.list", entityTypeId=2, select=["id"], start=70)
    assert len(full["result"]["items"]) == 50
    assert "next" not in full


def test_without_a_count_there_is_no_total_and_no_next(served: Open) -> None:
    _, rest = served(many(118))
    answer = rest.raw("crm.item.list", entityTypeId=2, start=-1, filter={">id": 8005}, order={"id": "ASC"})
    assert [row["id"] for row in answer["result"]["items"]][:2] == [8006, 8007]
    assert answer["total"] == 0
    assert "next" not in answer


@pytest.mark.parametrize("order", ["ASC", "DESC"])
@pytest.mark.parametrize(
    ("bounds", "low", "high"),
    [({">id": 8010}, 8011, 8118), ({">=id": 8010}, 8010, 8118), ({"<id": 8010}, 7001, 8009),
     ({"<=id": 8010}, 7001, 8010), ({">id": 8010, "<id": 8020}, 8011, 8019), ({">id": "", "<=id": 8001}, 7001, 8001),
     ({">id": 8020, "<id": 8010}, 1, 0)],
)  # fmt: skip
def test_bounds_on_the_id_cut_in_both_directions(
    served: Open, bounds: dict[str, Any], low: int, high: int, order: str
) -> None:
    sandbox, rest = served(many(118))
    expected = [id for id in sandbox.portal.items[2].ids if low <= id <= high]
    answer = rest.raw("crm.item.list", entityTypeId=2, filter=bounds, select=["id"], order={"id": order})
    got = [row["id"] for row in answer["result"]["items"]]
    assert got == (expected if order == "ASC" else expected[::-1])[:50]
    assert answer["total"] == len(expected)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({"stageId": "WON"}, {7001}),
        ({"=stageId": "won"}, {7001}),
        ({"!stageId": "WON"}, {7003}),
        ({"stageId": ["WON", "NEW"]}, {7001}),
        ({"@id": [7001, 7003, 1]}, {7001, 7003}),
        ({"!@id": [7001]}, {7003}),
        ({"%title": "перв"}, {7001}),
        ({"!%title": "перв"}, {7003}),
        ({"=%title": "%тья"}, {7003}),
        ({"%=title": "тья"}, set()),
        ({">opportunity": 899}, {7001, 7003}),
        ({"opportunity": "1234.5"}, {7001}),
        ({"companyId": 0}, {7003}),
        ({"closed": "Y"}, {7001, 7003}),
        ({"closed": True}, {7001, 7003}),
        ({"closed": "True"}, set()),
        ({"leadId": 7001}, {7001}),
        ({"contactIds": 20002}, {7003}),
        ({">=updatedTime": "2026-09-08T00:00:00+03:00"}, {7003}),
        ({"<updatedTime": "2026-09-08T00:00:00+03:00"}, {7001}),
        ({">=createdTime": "2026-09-09 11:00:00"}, {7003}),
        ({">createdTime": "2099-01-01T00:00:00+03:00"}, set()),
        ({"0": {"logic": "OR", "0": {"stageId": "WON"}, "1": {"currencyId": "GBP"}}}, {7001, 7003}),
        ({"0": {"logic": "OR", "0": {"stageId": "WON"}}, "currencyId": "GBP"}, set()),
        ({">ufCrm_1700000001": 4}, {7001}),
    ],
)
def test_filters_with_every_prefix(served: Open, conditions: dict[str, Any], expected: set[int]) -> None:
    _, rest = served()
    assert {row["id"] for row in rest("crm.item.list", entityTypeId=2, filter=conditions)["items"]} == expected


def test_an_unknown_filter_field_is_refused_by_the_new_methods_and_lost_by_the_old(served: Open) -> None:
    _, rest = served()
    assert rest.error("crm.item.list", entityTypeId=2, filter={"STAGE_ID": "WON"}) == (400, "INVALID_ARG_VALUE")
    assert len(rest("crm.deal.list", filter={"stageId": "WON"})) == 2


def test_a_portal_may_drop_conditions_on_iso_dates(served: Open) -> None:
    _, rest = served(plain_dates=True)
    far = {">=updatedTime": "2099-01-01T00:00:00+03:00"}
    assert len(rest("crm.item.list", entityTypeId=2, filter=far)["items"]) == 2
    assert rest("crm.item.list", entityTypeId=2, filter={">=updatedTime": "2099-01-01 00:00:00"})["items"] == []


def test_a_boolean_custom_field_reads_y_and_is_asked_for_by_1(served: Open) -> None:
    _, rest = served()
    rest("crm.deal.userfield.add", fields={"FIELD_NAME": "VIP", "USER_TYPE_ID": "boolean"})
    assert rest("crm.item.update", entityTypeId=2, id=7001, fields={"ufCrmVip": "Y"})["item"]["ufCrmVip"] == "Y"

    def asked(value: Any) -> int:
        return len(rest("crm.item.list", entityTypeId=2, filter={"ufCrmVip": value})["items"])

    assert (asked(True), asked(1), asked("1")) == (1, 1, 1)
    assert (asked("True"), asked("Y")) == (0, 0)


def test_new_rows_are_typed_and_old_ones_all_text(served: Open) -> None:
    _, rest = served()
    new = rest("crm.item.get", entityTypeId=2, id=7001)["item"]
    assert (new["id"], new["opportunity"], new["closed"], new["contactIds"]) == (7001, 1234.5, "Y", [20001])
    assert (new["categoryId"], new["isWon"], new["leadId"], new["quoteId"]) == (0, None, 7001, None)
    assert new["ufCrm_1700000001"] == 5
    assert new["ufCrm_1700000002"] == "2026-09-06T10:00:00+03:00"
    assert new["movedTime"] == "2026-09-05T10:00:00+03:00"
    old = rest("crm.deal.get", id=7001)
    assert (old["ID"], old["OPPORTUNITY"], old["CLOSED"], old["CATEGORY_ID"]) == ("7001", "1234.50", "Y", "0")
    assert (old["DATE_CREATE"], old["UF_CRM_1700000001"]) == ("2026-09-02T11:30:00+03:00", "5")
    assert all(value is None or isinstance(value, str) for value in old.values())
    assert old["BEGINDATE"] == "2026-09-02T03:00:00+03:00"


def test_phones_come_only_with_everything(served: Open) -> None:
    _, rest = served()
    assert "fm" not in rest("crm.item.list", entityTypeId=3)["items"][0]
    row = rest("crm.item.list", entityTypeId=3, select=["*"])["items"][0]
    assert row["fm"][0]["value"] == "+79160020001"
    assert row["companyIds"] == [50001]


def test_original_names_with_a_selection_lose_the_system_fields(served: Open) -> None:
    _, rest = served()
    fine = rest("crm.item.list", entityTypeId=2, useOriginalUfNames="Y")["items"][0]
    assert (fine["id"], fine["UF_CRM_1700000001"]) == (7001, 5)
    broken = rest("crm.item.list", entityTypeId=2, useOriginalUfNames="Y", select=["id", "title"])["items"]
    assert broken == [[], []]


def test_the_fields_tell_both_spellings_of_a_custom_one(served: Open) -> None:
    _, rest = served()
    fields = rest("crm.item.fields", entityTypeId=2)["fields"]
    assert fields["ufCrm_1700000001"]["upperName"] == "UF_CRM_1700000001"
    assert fields["ufCrm_1700000001"]["title"] == "CSAT"
    assert fields["ufCrm_1700000003"]["type"] == "double"
    assert fields["stageId"]["isDynamic"] is False


# --- batch ----------------------------------------------------------------------------------------------------------


def test_a_chain_of_references_reads_page_after_page(served: Open) -> None:
    sandbox, rest = served(many(118))
    commands = {"c0": "crm.item.list?entityTypeId=2&select[]=id&order[id]=ASC&filter[>id]=0&start=-1"}
    for n in range(1, 4):
        reference = f"$result[c{n - 1}][items][49][id]"
        commands[f"c{n}"] = f"crm.item.list?entityTypeId=2&select[]=id&order[id]=ASC&filter[>id]={reference}&start=-1"
    found = rest.batch(commands)["result"]
    ids = [[row["id"] for row in found[f"c{n}"]["items"]] for n in range(4)]
    everything = sandbox.portal.items[2].ids
    assert ids[0] + ids[1] + ids[2] == everything
    assert ids[3] == everything[:50]  # the reference into a short page is empty: it starts anew


def test_references_reach_into_lists_and_maps_and_into_texts(served: Open) -> None:
    _, rest = served()
    found = rest.batch(
        {
            "deal": "crm.deal.get?id=7001",
            "owner": "user.get?ID=$result[deal][ASSIGNED_BY_ID]",
            "history": "crm.stagehistory.list?entityTypeId=2&filter[OWNER_ID]=$result[deal][ID]",
            "text": "crm.deal.list?filter[TITLE]=$result[deal][TITLE]&select[]=TITLE",
        }
    )
    assert found["result"]["owner"][0]["NAME"] == "Анна"
    assert len(found["result"]["history"]["items"]) == 3
    assert found["result"]["text"] == [{"ID": "7001", "TITLE": "Первая"}]
    assert found["result_total"]["history"] == 3


def test_every_command_failing_is_still_http_200(served: Open) -> None:
    _, rest = served()
    answer = rest.raw("batch", cmd={"a": "crm.deal.get?id=1", "b": "no.such.method"})
    assert rest.status == 200
    sections = answer["result"]
    assert sections["result"] == sections["result_total"] == sections["result_next"] == []
    assert sections["result_error"]["a"] == {"error": "", "error_description": "Not found"}
    assert sections["result_error"]["b"]["error"] == "ERROR_METHOD_NOT_FOUND"


def test_halt_leaves_the_rest_out_altogether(served: Open) -> None:
    _, rest = served()
    commands = {"a": "profile", "b": "crm.deal.get?id=1", "c": "profile"}
    for halt in (1, "1", True):
        found = rest.batch(commands, halt=halt)
        assert (list(found["result"]), list(found["result_error"])) == (["a"], ["b"])
    assert list(rest.batch(commands, halt=0)["result"]) == ["a", "c"]


def test_the_51st_command_and_a_nested_batch_are_refused_alone(served: Open) -> None:
    _, rest = served()
    found = rest.batch({f"c{n}": "server.time" for n in range(52)})
    assert len(found["result"]) == 50
    assert {key: e["error"] for key, e in found["result_error"].items()} == {
        "c50": "ERROR_BATCH_LENGTH_EXCEEDED",
        "c51": "ERROR_BATCH_LENGTH_EXCEEDED",
    }
    found = rest.batch({"a": "batch?cmd[x]=profile"})
    assert found["result_error"]["a"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"


def test_numbered_commands_come_back_as_lists_where_their_numbers_begin_at_0(served: Open) -> None:
    _, rest = served()
    found = rest.batch(["server.time", "crm.deal.get?id=1", "crm.deal.get?id=2"])
    assert isinstance(found["result"], list)
    assert list(found["result_error"]) == ["1", "2"]
    found = rest.batch({"0": "crm.deal.get?id=1", "1": "server.time"})
    assert list(found["result"]) == ["1"]
    assert isinstance(found["result_error"], list)


def test_a_batch_as_a_form_is_encoded_twice(served: Open) -> None:
    sandbox, _ = served()
    command = "crm.item.list?entityTypeId=2&filter[%3Eid]=7001&select[]=id"
    answer = requests.post(sandbox.webhook_url + "batch", data={"halt": 0, "cmd[a]": command}, timeout=5)
    assert answer.json()["result"]["result"]["a"] == {"items": [{"id": 7003}]}


def test_the_world_may_move_between_requests_and_not_inside_one(served: Open) -> None:
    sandbox, rest = served(many(60))
    moved: list[datetime] = []

    def tick(box: Sandbox) -> None:
        box.portal.now += timedelta(seconds=1)
        moved.append(box.portal.now)

    sandbox.mutate = tick
    rest.batch({"a": "server.time", "b": "server.time"})
    rest("server.time")
    assert len(moved) == 2
