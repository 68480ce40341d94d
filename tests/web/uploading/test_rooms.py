"""An admin uploads transcripts on the page: what is taken, what is told of the rest, and who may not."""

from __future__ import annotations

import html
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from connector.pipeline.bench import Workbench
from connector.records import User
from connector.store.crm import records
from connector.store.engine import Store
from connector.web.app import build
from connector.web.uploading import rooms
from tests.pipeline.talking import HANDLED, talking
from tests.web.ground import EVIL, signed_in, token_in

PAGE = "/calls/transcripts"


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    made = talking(sqlite_store, words={})
    with made.store.write() as conn:
        records.keep(conn, made.account, [User(id="1", name="Admin", admin=True)], now=made.now())
    return made


@pytest.fixture
def admin(bench: Workbench) -> Iterator[TestClient]:
    with TestClient(build([bench])) as client:
        signed_in(client, bench, "1").cookies.set("kpi_language", "ru")
        yield client


def send(client: TestClient, *files: tuple[str, bytes], **more: Any) -> tuple[int, str]:
    """As the form does."""
    token = more.pop("token", None) or token_in(client.get(PAGE).text)
    chosen = [("files", one) for one in files] or [("files", ("", b""))]
    answer = client.post(PAGE, data={"token": token}, files=chosen, **more)
    return answer.status_code, html.unescape(answer.text)


def test_files_are_taken_and_what_is_wrong_is_told_file_by_file(admin: TestClient) -> None:
    good, name = HANDLED.encode(), f"{EVIL}.txt"
    status, page = send(
        admin, ("call-100.txt", good), ("call-101.srt", b"1\n00:00:01,000 --> 00:00:03,000\nhello\n"),
        ("call-102.json", b"{"), ("call-999999.txt", good), (name, good), ("x" * 201, good),
    )  # fmt: skip
    assert status == 200
    assert "Принято: 2. Уже были: 0. Не принято: 4." in page
    assert "999999: не звонок этого аккаунта" in page
    assert "слишком длинное имя файла" in page
    assert "не JSON" in page
    assert send(admin, ("call-100.txt", good))[1].count("Принято: 0. Уже были: 1. Не принято: 0.") == 1


def test_a_name_meant_to_harm_is_text(admin: TestClient) -> None:
    token = token_in(admin.get(PAGE).text)
    raw = admin.post(PAGE, data={"token": token}, files=[("files", (f"{EVIL}.txt", HANDLED.encode()))]).text
    assert "<img src=x" not in raw and "&lt;img src=x" in raw


def test_nothing_chosen_too_many_too_much_or_half_of_it_is_said(
    admin: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "файлы не выбраны" in send(admin)[1]
    monkeypatch.setattr(rooms, "MOST_FILES", 1)
    assert send(admin, ("a.txt", b"a"), ("b.txt", b"b"))[0] == 400
    headers = {"content-type": "multipart/form-data; boundary=x"}
    cut = admin.post(PAGE, content=b'--x\r\nContent-Disposition: form-data; name="files"', headers=headers)
    assert cut.status_code == 400 and "не целиком" in cut.text
    monkeypatch.setattr(rooms, "MOST_BYTES", 1_000_000)
    status, page = send(admin, ("a.txt", b"a" * 1_000_001))
    assert status == 400 and "больше 1 МБ" in page
    assert send(admin, ("a.txt", b"a" * 5_000_001))[0] == 413


def test_only_our_own_form_of_an_admin_brings_anything(admin: TestClient, bench: Workbench) -> None:
    good = ("call-100.txt", HANDLED.encode())
    assert send(admin, good, token="another")[0] == 403
    assert send(admin, good, headers={"sec-fetch-site": "cross-site"})[0] == 403
    assert admin.post(PAGE, data={"token": "x"}).status_code == 415
    with TestClient(build([bench])) as client:
        assert client.post(PAGE, files=[("files", good)]).status_code == 401
        signed_in(client, bench, "511")
        assert PAGE not in client.get("/calls").text and client.get(PAGE).status_code == 404
        assert client.post(PAGE, files=[("files", good)]).status_code == 404
    assert PAGE in admin.get("/calls").text
    assert "Принято: 1." in send(admin, good)[1], "nothing had come by all of that"
