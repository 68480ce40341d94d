"""The first run by hand: who is let in, what is refused, what is never told back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from connector import trial
from connector.errors import BadConfig, Forbidden
from connector.first_run.proposing import propose
from connector.first_run.seen import Seen
from connector.first_run.writing import Connection
from connector.web.setup.app import build
from connector.web.setup.connecting import connection
from connector.web.setup.state import Setup
from tests.web.ground import token_in

SECRET = "tok-0123456789abcdef"


@pytest.fixture
def begun(tmp_path: Path) -> Iterator[tuple[TestClient, Setup]]:
    """A browser that has used the link."""
    app, setup = build(tmp_path / "config.toml", {"AMO": SECRET})
    with TestClient(app, cookies={"kpi_language": "en"}) as client:
        token = token_in(client.get(f"/setup/in/{setup.code}").text)
        assert client.post("/setup/in", data={"token": token, "code": setup.code}).status_code == 200
        yield client, setup


def test_a_link_lets_one_browser_in_and_no_other(begun: tuple[TestClient, Setup]) -> None:
    client, setup = begun
    assert client.get("/setup").status_code == 200
    with TestClient(client.app) as stranger:
        assert stranger.get("/setup").status_code == 404 == stranger.get("/setup/progress").status_code
        page = stranger.get(f"/setup/in/{setup.code}")
        assert page.status_code == 404 and "kpi init --web" in page.text
        token = token_in(page.text)
        assert stranger.post("/setup/in", data={"token": token, "code": setup.code}).status_code in (403, 404)
        assert stranger.post("/setup/connect", data={"token": token}).status_code in (403, 404)
        assert stranger.get("/setup").status_code == 404


def test_a_wrong_code_lets_nobody_in_and_uses_nothing_up(tmp_path: Path) -> None:
    app, setup = build(tmp_path / "config.toml", {})
    with TestClient(app) as client:
        token = token_in(client.get("/setup/in/guess").text)
        assert client.post("/setup/in", data={"token": token, "code": "guess"}).status_code == 404
        assert not setup.owner and client.get("/setup").status_code == 404


def test_a_foreign_form_is_refused_and_steps_have_their_turn(begun: tuple[TestClient, Setup]) -> None:
    client, _ = begun
    token = token_in(client.get("/setup").text)
    assert client.post("/setup/connect", data={"token": "x"}).status_code == 403
    cross = {"sec-fetch-site": "cross-site"}
    assert client.post("/setup/connect", data={"token": token}, headers=cross).status_code == 403
    for act in ("answers", "judged", "write", "compare", "skip", "level", "finish", "back", "nothing"):
        assert client.post(f"/setup/{act}", data={"token": token}).status_code == 404, act
    assert "frame-ancestors 'none'" in client.get("/setup").headers["content-security-policy"]


def test_a_key_is_never_told_back(begun: tuple[TestClient, Setup]) -> None:
    client, _ = begun
    token = token_in(client.get("/setup").text)
    form = {"token": token, "provider": "amocrm", "address": "ftp://x", "secret": SECRET, "name": "п"}
    answer = client.post("/setup/connect", data=form)
    assert answer.status_code == 400 and SECRET not in answer.text
    assert "begins with https" in answer.text and "Latin letters" in answer.text and "ftp://x" in answer.text


def test_an_account_that_cannot_be_reached_is_said_in_place(
    begun: tuple[TestClient, Setup], monkeypatch: pytest.MonkeyPatch
) -> None:
    def closed(*_told: object) -> None:
        raise Forbidden(f"the CRM does not let {SECRET} in")

    monkeypatch.setattr(trial, "looked", closed)
    client, setup = begun
    token = token_in(client.get("/setup").text)
    form = {"token": token, "provider": "amocrm", "address": "http://127.0.0.1:9", "secret": SECRET}
    client.post("/setup/connect", data=form)
    assert setup.job is not None
    setup.job.wait(30)
    page = client.get("/setup").text
    assert "the CRM does not let" in page and 'class="alert"' in page and SECRET not in page and setup.step == "connect"


def test_an_existing_file_is_left_alone_and_what_was_typed_stays(begun: tuple[TestClient, Setup]) -> None:
    client, setup = begun
    setup.there = Connection("main", "amocrm", "http://127.0.0.1:9", ("token", {"env": "AMO"}), language="en")
    setup.seen, setup.step = Seen(zone=UTC), "answers"
    setup.proposals = propose(setup.seen)
    token = token_in(client.get("/setup").text)
    names = {one.key: str(n) for n, one in enumerate(setup.proposals)}
    client.post("/setup/answers", data={"token": token, names["office_hours"]: "10:00-20:00"})
    assert setup.step == "judged"
    weights = {"0.plan_attainment": "100", "0.won_deals": "", "more.0": "revenue", "more.0.weight": "x"}
    refused = client.post("/setup/judged", data={"token": token} | weights)
    assert refused.status_code == 400 and 'value="x"' in refused.text
    client.post("/setup/judged", data={"token": token} | weights | {"more.0.weight": "20", "1": "More by May"})
    assert setup.step == "review" and "revenue = 20" in setup.text and 'office_hours = "10:00-20:00"' in setup.text
    setup.path.write_text("mine", "utf-8")
    answer = client.post("/setup/write", data={"token": token})
    assert answer.status_code == 400 and setup.path.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("fields", "name", "source"),
    [
        ({"address": "https://acme.amocrm.ru/", "secret": SECRET}, "acme", {"file": "secrets/acme"}),
        ({"address": "http://localhost:8080", "variable": "AMO"}, "localhost", {"env": "AMO"}),
        ({"address": "https://10.0.0.1", "variable": "AMO", "secret": SECRET}, "main", {"file": "secrets/main"}),
    ],
)
def test_where_an_account_is_and_what_lets_us_in(fields: dict[str, str], name: str, source: dict[str, str]) -> None:
    there, secret = connection({"provider": "amocrm"} | fields, {"AMO": SECRET}, "en")
    assert (there.name, there.secret, secret.get_secret_value()) == (name, ("token", source), SECRET)
    assert not there.base_url.endswith("/")


@pytest.mark.parametrize(
    "fields",
    [
        {"address": "http://acme.amocrm.ru", "secret": SECRET},
        {"address": "https://", "secret": SECRET},
        {"address": "https://acme.amocrm.ru", "variable": "NOTHING"},
        {"address": "https://acme.amocrm.ru"},
        {"address": "https://acme.amocrm.ru", "secret": SECRET, "name": "../x"},
        {"address": "https://acme.amocrm.ru", "secret": SECRET, "provider": "os"},
    ],
)
def test_what_is_no_account(fields: dict[str, str]) -> None:
    with pytest.raises(BadConfig):
        connection({"provider": "amocrm"} | fields, {"AMO": SECRET}, "en")
