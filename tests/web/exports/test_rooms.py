"""What is taken away is what may be seen: by role, person and team; names of files are harmless."""

from __future__ import annotations

import csv
import io
import zipfile
from statistics import NormalDist

import pytest
from fastapi.testclient import TestClient

from connector.kpi.interval import Z90
from connector.pipeline.bench import Workbench
from connector.web.app import build
from tests.web.ground import ADMIN, ANNA, EVIL, PEOPLE, SEES, SEES_TEAMS, TEAMS, signed_in


def visitor(company: Workbench, user: str) -> TestClient:
    return signed_in(TestClient(build([company])), company, user)


def ids(data: bytes) -> set[str]:
    return {row[-1] for row in list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))[1:]}


@pytest.mark.parametrize("user", sorted(SEES))
def test_each_role_takes_away_what_it_sees(company: Workbench, user: str) -> None:
    client = visitor(company, user)
    taken = ids(client.get("/export/results.csv?period=2026-09").content)
    assert taken <= SEES[user] | SEES_TEAMS[user] | ({"company"} if user == ADMIN else set())
    assert user in taken or user == ADMIN
    for id in PEOPLE:
        seen = 200 if id in SEES[user] else 404
        for path in (f"/export/explain/revenue/user/{id}.csv", f"/print?user={id}"):
            assert client.get(path).status_code == seen, (user, path)
    for id in TEAMS:
        seen = 200 if id in SEES_TEAMS[user] else 404
        assert client.get(f"/export/explain/revenue/team/{id}.xlsx").status_code == seen, (user, id)


def test_nobody_takes_anything_without_signing_in(company: Workbench) -> None:
    client = TestClient(build([company]))
    for path in ("/export/results.csv", f"/export/explain/revenue/user/{ANNA}.xlsx", "/print"):
        assert client.get(path).status_code == 401


def test_a_proof_lists_its_facts_with_links(company: Workbench) -> None:
    answer = visitor(company, ANNA).get(f"/export/explain/revenue/user/{ANNA}.csv?period=2026-09")
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))
    assert len([row for row in rows if "1000.00" in row]) == 3
    assert answer.headers["content-disposition"].startswith('attachment; filename="revenue-user-501-2026-09.csv"')


def test_a_workbook_holds_people_and_teams(company: Workbench) -> None:
    answer = visitor(company, ADMIN).get("/export/results.xlsx?period=2026-09")
    book = zipfile.ZipFile(io.BytesIO(answer.content))
    assert "People" in book.read("xl/workbook.xml").decode() and "Teams" in book.read("xl/workbook.xml").decode()
    assert "onerror" in book.read("xl/sharedStrings.xml").decode()
    assert EVIL not in book.read("xl/sharedStrings.xml").decode()


def test_a_month_is_printed_with_places_to_sign(company: Workbench) -> None:
    page = visitor(company, ADMIN).get("/print?period=2026-09").text
    assert page.count('class="sheet"') == 4
    assert "Seller ____" in page and EVIL not in page
    told = round(100 * (2 * NormalDist().cdf(Z90) - 1))
    assert f"{told}% interval" in page, "the width that intervals are reckoned with"


@pytest.mark.parametrize(
    "path", ["/export/results.exe", "/export/explain/nope/user/501.csv", "/export/results.csv?period=x"]
)
def test_what_is_none_is_not_there(company: Workbench, path: str) -> None:
    assert visitor(company, ANNA).get(path).status_code == 404
