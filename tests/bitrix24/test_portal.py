"""Who the portal says it is: shapes that prove nothing, zones that nobody knows."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import responses

from connector import errors
from providers.bitrix24 import connect
from providers.bitrix24.provider import Bitrix24
from tests.bitrix24.conftest import PORTAL, webhook_kit

GOOD: dict[str, Any] = {
    "profile": {"ID": "1", "ADMIN": True, "TIME_ZONE": ""},
    "mode": 1,
    "teams": [],
    "pipelines": {"categories": []},
    "stages": [],
    "currencies": [{"CURRENCY": "RUB", "BASE": "Y"}],
    "fields": {"fields": {}},
    "userfields": [],
    "users": [],
}


@pytest.fixture
def web() -> Iterator[responses.RequestsMock]:
    with responses.RequestsMock() as mock:
        yield mock


def told(
    web: responses.RequestsMock, offset: str = "+03:00", kit: dict[str, Any] | None = None, **changed: Any
) -> Bitrix24:
    """A portal that answers its first batch so, every part of the list of users with `users`."""
    provider = connect(webhook_kit(**(kit or {})))
    answers = GOOD | changed

    def answer(request: Any) -> tuple[int, dict[str, str], str]:
        asked = json.loads(request.body)["cmd"]
        result = {name: answers.get(name, answers["users"]) for name in asked}
        time = {"date_start": f"2026-09-01T15:00:00{offset}"}
        return 200, {}, json.dumps({"result": {"result": result, "result_error": []}, "time": time})

    web.add_callback("POST", f"{PORTAL}/rest/1/s3cretwebhook/batch", answer, content_type="application/json")
    return provider


def test_the_account(web: responses.RequestsMock) -> None:
    account = told(web).account()
    assert (account.id, account.zone, account.currency) == ("acme.bitrix24.ru", "Etc/GMT-3", "RUB")


@pytest.mark.parametrize(
    "changed",
    [
        {"profile": []},
        {"profile": "x"},
        {"profile": {"ID": "1", "ADMIN": "perhaps"}},
        {"mode": None},
        {"mode": "x"},
        {"mode": []},
        {"stages": "x"},
        {"currencies": [{"CURRENCY": "RUB", "BASE": "perhaps"}]},
        {"fields": "x"},
        {"fields": {"fields": {"ufCrm1": "x"}}},
        {"pipelines": 5},
    ],
    ids=str,
)
def test_a_shape_that_proves_nothing_is_broken(web: responses.RequestsMock, changed: dict[str, Any]) -> None:
    with pytest.raises(errors.Broken, match="portal"):
        told(web, **changed).account()


@pytest.mark.parametrize(
    ("zone", "offset", "meant", "noted"),
    [
        ("Europe/Moscow", "+03:00", "Europe/Moscow", False),
        ("Asia/Tokyo", "+03:00", "Etc/GMT-3", False),
        ("Mars/Olympus", "+03:00", "Etc/GMT-3", True),
        ("", "+00:00", "Etc/UTC", False),
        ("", "+05:30", None, True),
        ("", "+15:00", None, True),
        ("", "-13:00", None, True),
    ],
)
def test_zones(web: responses.RequestsMock, zone: str, offset: str, meant: str | None, noted: bool) -> None:
    provider = told(web, offset, profile={"ID": "1", "ADMIN": True, "TIME_ZONE": zone})
    assert provider.account().zone == meant
    assert any("time zone" in note for note in provider.can.notes) is noted


def test_a_field_that_is_not_there_is_noted_unless_it_may_be_made_later(web: responses.RequestsMock) -> None:
    named = {"wanted_fields": ("CSAT",), "optional_fields": ("KPI_CONTEST", "KPI_CONTEST_TEXT")}
    box = {"upperName": "UF_CRM_KPI_CONTEST", "type": "boolean", "title": "Оспорить", "isDynamic": True}
    provider = told(web, kit=named, fields={"fields": {"ufCrmKpiContest": box}})
    provider.account()
    assert provider.can.notes == ("there is no deal field 'CSAT'",)
    assert [kept.wanted for kept in provider._streams.portal().reading.kept] == ["KPI_CONTEST"]
