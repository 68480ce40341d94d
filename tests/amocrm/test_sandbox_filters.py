"""What filters and orders mean, and what they mean where the paid filter is off (crm/amocrm 3.4, 3.7 to 3.9)."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.amocrm.small import (
    ANNA,
    BACK,
    BORIS,
    DOLLARS,
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

ALL = {WON, REOPENED, BACK, WAITING, DOLLARS, OPEN}


@pytest.fixture(scope="module")
def amo() -> Iterator[Client]:
    with opened() as client:
        yield client


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        (f"filter[id][0]={WON}&filter[id][1]={OPEN}", {WON, OPEN}),
        (f"filter[id][]={WON}&filter[id][]={OPEN}", {WON, OPEN}),
        (f"filter[id]={WON}", {WON}),
        (f"filter%5Bid%5D%5B%5D={WON}", {WON}),
        (f"filter[id][0]={WON}&filter[id][0]={OPEN}", {OPEN}),
        (f"filter[responsible_user_id][]={GONE}", {OPEN}),
        (f"filter[pipeline_id]={SERVICE}", {DOLLARS}),
        (f"filter[statuses][0][pipeline_id]={SALES}&filter[statuses][0][status_id]=143", {REOPENED}),
        ("filter[price][from]=1000&filter[price][to]=5000", {REOPENED, DOLLARS}),
        (f"filter[updated_at][from]={unix(16)}&filter[updated_at][to]={unix(19)}", {BACK, WAITING, DOLLARS}),
        (f"filter[updated_at][from]={unix(25)}", {OPEN}),
        (f"filter[created_at][to]={unix(8)}", {WON, REOPENED}),
        (f"filter[closed_at][from]={unix(0)}", {WON, REOPENED}),
        (f"filter[closest_task_at][from]={unix(0)}", {OPEN}),
        ("filter[custom_fields_values][501001][from]=4", {WON}),
        ("filter[custom_fields_values][501005][]=USD", {DOLLARS}),
        ("filter[created_by]=0", {WON, WAITING, OPEN}),
        ("filter[name]=Пила", {REOPENED}),
        (f"filter[updated_at]={unix(25)}", {OPEN}),
        (f"filter[updated_at]={unix(24)}", set()),
        ("filter[no_such_thing]=1", ALL),
        ("query=токарный", {OPEN}),
    ],
)
def test_filters_of_deals(amo: Client, asked: str, found: set[int]) -> None:
    assert set(amo.ids(f"leads?{asked}")) == found


def test_the_paid_filter_is_silently_ignored_where_it_is_off() -> None:
    with opened(filter_on=False) as amo:
        assert amo.read("account?with=is_api_filter_enabled")["is_api_filter_enabled"] is False
        assert set(amo.ids(f"leads?filter[id]={WON}")) == ALL
        assert set(amo.ids(f"leads?filter[updated_at][from]={unix(25)}&order[updated_at]=asc")) == ALL
        assert amo.ids("contacts?filter[id]=701") == [701, 702]
        assert len(amo.ids("companies?filter[id]=1")) == 1
        assert amo.ids(f"tasks?filter[updated_at][from]={unix(27)}") == [61], "tasks' filters are not for sale"
        assert amo.ids("contacts/notes?filter[id]=90003") == [90003]
        assert len(amo.rows("events?filter[type]=lead_restored")) == 1


@pytest.mark.parametrize(
    ("order", "ids"),
    [
        ("order[updated_at]=desc", [OPEN, DOLLARS, WAITING, BACK, REOPENED, WON]),
        ("order[updated_at]=asc", [WON, REOPENED, BACK, WAITING, DOLLARS, OPEN]),
        ("order[created_at]=desc", [OPEN, DOLLARS, WAITING, BACK, REOPENED, WON]),
        ("order[id]=desc", [OPEN, DOLLARS, WAITING, BACK, REOPENED, WON]),
        ("order[price]=desc", [WON, REOPENED, BACK, WAITING, DOLLARS, OPEN]),
    ],
)
def test_orders_of_deals(amo: Client, order: str, ids: list[int]) -> None:
    assert amo.ids(f"leads?{order}") == ids
    assert [row["id"] for row in amo.walk(f"leads?{order}&limit=4")] == ids


def test_a_scalar_means_after_on_notes_tasks_and_events(amo: Client) -> None:
    assert amo.ids(f"contacts/notes?filter[updated_at]={unix(20)}") == [90004]
    assert amo.ids(f"contacts/notes?filter[updated_at]={unix(20)}&order[updated_at]=asc") == [90004]
    assert amo.ids(f"contacts/notes?filter[updated_at][from]={unix(20)}") == [90003, 90004]
    assert amo.ids(f"tasks?filter[updated_at]={unix(26)}") == [61]
    assert {row["created_at"] for row in amo.rows(f"events?filter[created_at]={unix(26)}")} == {unix(27)}


def test_filters_of_notes(amo: Client) -> None:
    assert amo.ids("contacts/notes?filter[entity_id][]=702&filter[note_type][]=call_in") == [90003, 90004]
    assert amo.ids("contacts/notes?filter[entity_id]=701") == []
    assert amo.ids("leads/notes?filter[note_type]=call_in,call_out&order[id]=desc") == [90002, 90001]


def test_filters_of_tasks(amo: Client) -> None:
    assert amo.ids("tasks?filter[is_completed]=0") == [62]
    assert amo.ids("tasks?filter[is_completed]=1&filter[task_type]=2") == [61]
    assert amo.ids(f"tasks?filter[responsible_user_id][]={GONE}") == [62]
    assert amo.ids(f"tasks?filter[entity_type]=leads&filter[entity_id][]={WON}") == [61]
    assert amo.ids("tasks?filter[task_type_id]=1") == []
    assert amo.ids("tasks?order[updated_at]=desc") == [61, 62], "an order by updated_at is ignored"
    assert amo.ids("tasks?order[complete_till]=desc") == [62, 61]


def test_filters_of_events(amo: Client) -> None:
    comma = amo.ids("events?filter[type]=lead_added,lead_deleted")
    assert comma == amo.ids("events?filter[type][]=lead_added&filter[type][]=lead_deleted") and len(comma) == 9
    window = f"filter[created_at][from]={unix(4)}&filter[created_at][to]={unix(5)}"
    assert {row["type"] for row in amo.rows(f"events?{window}")} == {
        "lead_status_changed",
        "entity_responsible_changed",
    }
    won = (
        "filter[value_after][leads_statuses][0][pipeline_id]=100&filter[value_after][leads_statuses][0][status_id]=142"
    )
    assert [row["entity_id"] for row in amo.rows(f"events?{won}")] == [REOPENED, WON]
    taken = amo.rows(f"events?filter[value_before][responsible_user_id]={ANNA},{BORIS}")
    assert [row["entity_id"] for row in taken] == [WON]
    assert len(amo.rows(f"events?filter[created_by][]={GONE}")) == 1
    assert len(amo.rows("events?filter[type]=custom_field_value_changed")) == 5
    assert len(amo.rows("events?filter[type]=custom_field_501001_value_changed")) == 1


def test_events_refuse_what_the_documentation_forbids(amo: Client) -> None:
    eleven = "&".join(f"filter[entity_id][]={n}" for n in range(11))
    assert amo.get(f"events?filter[entity]=lead&{eleven}").status_code == 400
    assert amo.get("events?filter[entity_id]=7001").status_code == 400
    assert amo.get("events?filter[type]=custom_field_1_value_changed,lead_added").status_code == 400


def test_unsorted_by_category(amo: Client) -> None:
    assert len(amo.rows("leads/unsorted?filter[category][]=sip&order[created_at]=asc")) == 1
    assert amo.rows("leads/unsorted?filter[category][]=forms") == []
    assert amo.rows(f"leads/unsorted?filter[pipeline_id]={SERVICE}") == []
