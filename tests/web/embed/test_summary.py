"""Totals for a dashboard's frame: by an address nobody can guess, of months, and never of a person."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from connector.pipeline.bench import Workbench
from connector.web.app import build
from connector.web.sessions import Keys
from tests.web.embed.test_rooms import HOME, bench, framed
from tests.web.ground import EVIL, PEOPLE

__all__ = ["bench"]
SECRET = b"k" * 32


@pytest.fixture
def client(bench: Workbench) -> TestClient:
    return TestClient(build([bench], SECRET), base_url="https://kpi.example")


def asked(client: TestClient, **query: Any) -> Any:
    return client.get(f"/embed/acme/summary/{Keys(SECRET).summary_key('acme')}", params=query)


def test_totals_of_the_company_and_of_teams_that_hide_their_people(client: TestClient, bench: Workbench) -> None:
    page = asked(client, lang="en", date_from="01.09.2026")
    assert page.status_code == 200 and framed(page) == HOME
    assert "The whole company" in page.text and "₽6,000" in page.text.replace("6,000\u00a0₽", "₽6,000")
    assert "South" not in page.text, "two people: each would know the other's number"
    assert EVIL not in page.text
    assert not [id for id in PEOPLE if f"/people/{id}" in page.text]
    assert "Вся компания" in asked(client, lang="ru").text


@pytest.mark.parametrize("date_from", ["", "31.02.2026", "x", "01.01.2030", "2026-09-01"])
def test_odd_dates_are_the_running_month(client: TestClient, date_from: str) -> None:
    assert "September 2026" in asked(client, date_from=date_from).text


def test_an_earlier_month_is_that_month(client: TestClient) -> None:
    assert "August 2026" in asked(client, date_from="15.08.2026").text


def test_another_key_opens_nothing(client: TestClient) -> None:
    for key in ("x", Keys(SECRET).summary_key("other"), Keys(b"z" * 32).summary_key("acme")):
        assert client.get(f"/embed/acme/summary/{key}").status_code == 404
