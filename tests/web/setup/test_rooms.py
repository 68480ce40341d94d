"""The first run by hand: who is let in, what is refused, what is never told back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr
from sqlalchemy import create_engine, make_url
from sqlalchemy import text as sql
from typer.testing import CliRunner

from connector import trial
from connector.app import read_settings
from connector.cli import app
from connector.cli.first_run_web import readable
from connector.errors import BadConfig, Forbidden
from connector.first_run.proposing import propose
from connector.first_run.seen import Seen
from connector.first_run.writing import Connection, config
from connector.web.serving import LISTEN
from connector.web.setup.app import build
from connector.web.setup.connecting import connection
from connector.web.setup.rooms import acted
from connector.web.setup.state import Setup
from connector.web.setup.storing import storage
from connector.web.setup.variables import Readable
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
    client, setup = begun
    token = token_in(client.get("/setup").text)
    assert client.post("/setup/connect", data={"token": "x"}).status_code == 403
    cross = {"sec-fetch-site": "cross-site"}
    assert client.post("/setup/connect", data={"token": token}, headers=cross).status_code == 403
    for act in ("answers", "judged", "write", "compare", "skip", "level", "finish", "back", "nothing"):
        answer = client.post(f"/setup/{act}", data={"token": token}, follow_redirects=False)
        assert answer.status_code == (404 if act == "nothing" else 303), act
    assert setup.step == "connect" and setup.job is None
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


def test_a_double_click_starts_one_look(begun: tuple[TestClient, Setup], monkeypatch: pytest.MonkeyPatch) -> None:
    client, setup = begun
    both, looks, over = threading.Barrier(2), list[str](), threading.Event()

    def looked(there: Connection, *_more: object) -> None:
        looks.append(there.name)
        over.wait(20)
        raise Forbidden("enough")

    monkeypatch.setattr(trial, "looked", looked)
    form = {"provider": "amocrm", "address": "http://127.0.0.1:9", "secret": SECRET}

    def click() -> bool:
        both.wait(20)
        return acted(setup, "connect", form, "en")

    with ThreadPoolExecutor(2) as pool:
        told = [one.result(30) for one in [pool.submit(click), pool.submit(click)]]
    assert client.get("/setup").text.count('class="alert"') == 0 and sorted(told) == [False, True]
    over.set()
    assert setup.job is not None
    setup.job.wait(30)
    assert looks == ["main"]


def reviewed(setup: Setup, name: str = "acme") -> None:
    """All is answered; a pasted key is to be left beside the file."""
    setup.there = Connection(name, "amocrm", "http://127.0.0.1:9", ("token", {"file": f"secrets/{name}"}), zone="UTC")
    setup.seen, setup.secret, setup.step = Seen(zone=UTC), SecretStr(SECRET), "review"
    setup.text = config(setup.there, [], "sqlite:///kpi.db")


def test_another_configurations_key_is_left_alone(begun: tuple[TestClient, Setup]) -> None:
    client, setup = begun
    token = token_in(client.get("/setup").text)
    theirs = setup.path.parent / "secrets" / "acme"
    theirs.parent.mkdir()
    theirs.write_text("live", "utf-8")
    form = {"token": token, "provider": "amocrm", "address": "https://acme.amocrm.ru", "secret": SECRET}
    refused = client.post("/setup/connect", data=form)
    assert refused.status_code == 400 and "secrets/acme" in refused.text and "another name" in refused.text
    reviewed(setup)
    assert client.post("/setup/write", data={"token": token}).status_code == 400
    setup.step, setup.judged = "judged", []
    assert client.post("/setup/judged", data={"token": token}).status_code == 400
    assert theirs.read_text("utf-8") == "live" and not setup.path.exists()


def test_a_file_that_cannot_be_made_is_said_in_place_and_the_key_is_taken_away_again(
    begun: tuple[TestClient, Setup], tmp_path: Path
) -> None:
    client, setup = begun
    token = token_in(client.get("/setup").text)
    reviewed(setup)
    setup.path = tmp_path / ("long" * 80)
    refused = client.post("/setup/write", data={"token": token})
    assert refused.status_code == 400 and "is not written" in refused.text and "may write" in refused.text
    assert list((tmp_path / "secrets").iterdir()) == [] and setup.step == "review"
    setup.path = tmp_path / "no folder" / "config.toml"
    assert client.post("/setup/write", data={"token": token}).status_code == 400
    setup.path = tmp_path / "config.toml"
    client.post("/setup/write", data={"token": token})
    assert setup.step == "written" and setup.path.read_text("utf-8") == setup.text
    assert (tmp_path / "secrets" / "acme").stat().st_mode & 0o777 == 0o600
    assert read_settings(setup.path, {}).account[0].name == "acme"


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
    there, secret = connection({"provider": "amocrm"} | fields, {"AMO": SECRET}, Readable(), "en")
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
        {"address": "https://acme.amocrm.ru", "secret": SECRET, "name": "."},
        {"address": "https://acme.amocrm.ru", "secret": SECRET, "name": ".."},
        {"address": "https://acme.amocrm.ru", "secret": SECRET, "name": "-x"},
        {"address": "https://[", "secret": SECRET},
        {"address": "https://acme.amocrm.ru", "secret": SECRET, "provider": "os"},
    ],
)
def test_what_is_no_account(fields: dict[str, str]) -> None:
    with pytest.raises(BadConfig):
        connection({"provider": "amocrm"} | fields, {"AMO": SECRET}, Readable(), "en")


@pytest.mark.parametrize(
    ("name", "readable", "read"),
    [
        ("AMO_TOKEN", Readable(), True),
        ("BITRIX24_SECRET", Readable(), True),
        ("AMO_TOKEN", Readable(usual=False), False),
        ("AMO_TOKEN", Readable(frozenset({"AMO_TOKEN"}), usual=False), True),
        ("CRM_KEY", Readable(), False),
        ("CRM_KEY", Readable(frozenset({"CRM_KEY"})), True),
        ("AWS_SECRET_ACCESS_KEY", Readable(), False),
        ("KPI_KEY", Readable(), False),
        ("KPI_KEY", Readable(frozenset({"KPI_KEY"})), False),
        ("PGPASSWORD", Readable(frozenset({"PGPASSWORD"})), False),
    ],
)
def test_which_variables_are_read_for_a_key(name: str, readable: Readable, read: bool) -> None:
    """One that is not read is not told to be empty either: what it holds stays unknown."""
    form = {"provider": "amocrm", "address": "https://acme.amocrm.ru", "variable": name}
    if read:
        assert connection(form, {name: SECRET}, readable, "en")[1].get_secret_value() == SECRET
        return
    told = []
    for environ in ({name: SECRET}, {}):
        with pytest.raises(BadConfig) as refused:
            connection(form, environ, readable, "en")
        told.append(str(refused.value))
    assert told[0] == told[1] and name in told[0] and "--env" in told[0]


@pytest.mark.parametrize("name", ["KPI_KEY", "PGPASSWORD"])
def test_what_is_ours_is_not_read_though_it_was_named(name: str, tmp_path: Path) -> None:
    command = ["init", "--web", "-c", str(tmp_path / "config.toml"), "--env", name]
    told = CliRunner().invoke(app, command)
    assert isinstance(told.exception, BadConfig) and name in str(told.exception)


@pytest.mark.parametrize(
    ("listen", "named", "usual"), [(None, [], True), ("[::1]:0", ["X"], True), ("0.0.0.0:8800", ["X"], False)]
)
def test_beyond_this_machine_only_what_was_named_is_read(listen: str | None, named: list[str], usual: bool) -> None:
    assert readable(listen or LISTEN, named) == Readable(frozenset(named), usual=usual)


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("mysql://kpi@db/kpi", "postgresql://USER@HOST/DATABASE, or empty"),
        ("postgresql://kpi@db", "postgresql://USER@HOST/DATABASE, or empty"),
        ("sqlite:////etc/passwd", "postgresql://USER@HOST/DATABASE, or empty"),
        ("postgresql://kpi:hunter2@db/kpi", "PGPASSWORD"),
        ("postgresql://kpi@db/kpi?password=hunter2", "PGPASSWORD"),
        ("postgresql://kpi@127.0.0.1:9/kpi", "does not answer"),
    ],
)
def test_a_database_that_will_not_do_is_said_in_place(begun: tuple[TestClient, Setup], typed: str, told: str) -> None:
    client, setup = begun
    token = token_in(client.get("/setup").text)
    form = {"token": token, "provider": "amocrm", "address": "http://127.0.0.1:9", "secret": SECRET, "store": typed}
    answer = client.post("/setup/connect", data=form)
    assert answer.status_code == 400 and told in answer.text and setup.job is None


def test_a_database_that_answers_is_where_everything_goes(db_url: str) -> None:
    if db_url.startswith("sqlite"):
        assert storage({}, "en") == "sqlite:///kpi.db"
        return
    bare = db_url.replace("postgresql+psycopg://", "postgresql://").replace(":@", "@")
    told = make_url(storage({"store": bare}, "en"))
    assert told == make_url(bare).set(drivername="postgresql+psycopg")
    text = config(Connection("main", "amocrm", "https://x.amocrm.ru", ("token", {"env": "AMO"})), [], db_url)
    assert db_url in text
    with create_engine(db_url).begin() as conn:
        conn.execute(sql("create role reader login"))
    reader = make_url(bare).set(username="reader").render_as_string()
    try:
        with pytest.raises(BadConfig, match="make no tables"):
            storage({"store": reader}, "en")
    finally:
        with create_engine(db_url).begin() as conn:
            conn.execute(sql("drop role reader"))
