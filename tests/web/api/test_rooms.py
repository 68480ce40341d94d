"""Programs read by tokens: each of its scope and account; answers are what the documented shapes say."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from connector.pipeline.bench import Workbench
from connector.store.secret import api_tokens
from connector.web import tokens
from connector.web.api.shapes import Plans, Proof, Results
from connector.web.app import build
from tests.web.ground import ANNA

AT = "/api/v1/accounts/acme"
READS = (
    f"{AT}/results?period=2026-09",
    f"{AT}/explain/revenue?period=2026-09&user={ANNA}",
    f"{AT}/plans?period=2026-09",
)


@pytest.fixture(scope="module")
def client(company: Workbench) -> TestClient:
    return TestClient(build([company]))


@pytest.fixture(scope="module")
def headers(company: Workbench) -> dict[str, dict[str, str]]:
    made = {
        scope: tokens.issue(company.store, name=scope, scope=scope, account=None, now=1) for scope in api_tokens.SCOPES
    }
    made["other"] = tokens.issue(company.store, name="other", scope="read", account=4711, now=1)
    return {name: {"authorization": f"Bearer {token}"} for name, token in made.items()}


def read(client: TestClient, headers: Any, address: str) -> Any:
    return client.get(address, headers=headers["read"])


def test_results_are_as_documented(client: TestClient, headers: Any) -> None:
    told = Results.model_validate_json(read(client, headers, READS[0]).content)
    anna = next(one for one in told.kpis if one.kpi == "revenue" and one.user is not None and one.user.id == ANNA)
    assert (anna.value, anna.n, told.currency) == ("3000.00", 3, "RUB")
    one = Results.model_validate_json(read(client, headers, f"{READS[0]}&kpi=revenue&team=700").content)
    assert {result.kpi for result in [*one.kpis, *one.teams]} == {"revenue"}
    assert {result.team.id for result in one.teams if result.team} == {"700"}


def test_a_proof_is_as_documented_and_adds_up(client: TestClient, headers: Any) -> None:
    told = Proof.model_validate_json(read(client, headers, READS[1]).content)
    assert told.value == "3000.00"
    assert len(told.facts) == 3


def test_plans_are_as_documented(client: TestClient, headers: Any) -> None:
    told = Plans.model_validate_json(read(client, headers, READS[2]).content)
    assert [(plan.subject, plan.value, plan.version) for plan in told.plans] == [(f"user:{ANNA}", "10000", 1)]


@pytest.mark.parametrize("address", READS)
def test_only_a_token_for_reading_here_reads(client: TestClient, headers: Any, address: str) -> None:
    assert client.get(address).status_code == 401
    assert client.get(address, headers={"authorization": "Bearer kpi_x"}).status_code == 401
    for name in ("import", "metrics", "other"):
        assert client.get(address, headers=headers[name]).status_code == 403, name


@pytest.mark.parametrize(
    "address",
    [
        f"{AT}/results?period=2026-13",
        f"{AT}/results?period=2026-09&kpi=nope",
        f"{AT}/results?period=2026-09&team=nope",
        f"{AT}/explain/nope?period=2026-09&user=501",
        f"{AT}/explain/revenue?period=2026-09&user=nope",
        f"{AT}/explain/revenue?period=2026-09",
        "/api/v1/accounts/nope/results?period=2026-09",
    ],
)
def test_what_is_not_there_says_so_in_words(client: TestClient, headers: Any, address: str) -> None:
    answer = read(client, headers, address)
    assert answer.status_code == 404 and answer.json()["error"]


def test_the_description_holds_the_interface_and_nothing_else(client: TestClient) -> None:
    told = client.get("/api/v1/openapi.json").json()
    assert told["openapi"].startswith("3.")
    assert set(told["paths"]) == {
        "/api/v1/accounts/{account}/facts", "/api/v1/accounts/{account}/results",
        "/api/v1/accounts/{account}/explain/{kpi}", "/api/v1/accounts/{account}/plans",
        "/api/v1/accounts/{account}/transcripts",
    }  # fmt: skip
    reading = told["paths"]["/api/v1/accounts/{account}/results"]["get"]
    assert reading["security"] == [{"HTTPBearer": []}]
    assert reading["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].endswith("/Results")
    assert told["paths"]["/api/v1/accounts/{account}/facts"]["post"]["requestBody"]["required"]
