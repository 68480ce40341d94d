"""An admin closes a month and opens it again on the page: on purpose, with a reason, refused in his words."""

from __future__ import annotations

import html
from datetime import UTC, date, datetime
from typing import Any

from fastapi.testclient import TestClient

from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.closing import history_of
from connector.pipeline.official import closing_of
from connector.pipeline.running import held
from connector.records import Deal, Move
from connector.store.engine import Store
from connector.testing.world import populate
from connector.web.app import build
from tests.web.ground import ADMIN, ANNA, EVIL, opened, signed_in, token_in, win

JULY = Period.parse("2026-07")


def since_july(store: Store) -> Workbench:
    """A company that won something in July already."""
    bench = opened(store)
    provider: Any = bench.provider
    at = datetime(2026, 7, 10, tzinfo=UTC)
    sold = {"pipeline_id": "1", "stage_id": "1/142", "outcome": "won"}
    populate(provider.world, [Deal(id="60", created_at=at, owner_id=ANNA, amount=100, currency="RUB", **sold)])
    populate(provider.world, [Move(id="m60", of="deal:60", at=at, from_outcome="open", **sold)])
    win(bench, "61")
    return bench


def test_months_begin_where_anything_is_known(sqlite_store: Store) -> None:
    bench = since_july(sqlite_store)
    with TestClient(build([bench])) as client:
        page = signed_in(client, bench, ADMIN).get("/months").text
    listed = [f"2026-{month:02}" for month in range(1, 13) if f'id="month-2026-{month:02}"' in page]
    assert listed == ["2026-07", "2026-08", "2026-09"] and 'id="month-2025-12"' not in page


def send(client: TestClient, what: str, month: str = JULY.label, **fields: str) -> tuple[int, str]:
    form = {"token": token_in(client.get("/months").text), "reason": EVIL, "sure": "yes"}
    answer = client.post(f"/months/{month}/{what}", data=form | fields)
    return answer.status_code, html.unescape(answer.text).replace("\u00a0", " ")


def test_a_month_is_closed_and_opened_again_on_purpose(sqlite_store: Store) -> None:
    bench = since_july(sqlite_store)
    with TestClient(build([bench])) as client:
        signed_in(client, bench, ADMIN)
        assert 'action="/months/2026-07/closed"' in client.get("/months").text
        assert "A reason is needed" in send(client, "closed", reason=" ")[1]
        assert "Tick that you understand" in send(client, "closed", sure="")[1]
        assert closing_of(bench, JULY) is None
        assert send(client, "closed")[0] == 200 and closing_of(bench, JULY) is not None
        assert send(client, "closed") == (400, send(client, "closed")[1])
        page = client.get("/months").text
        assert 'action="/months/2026-07/reopened"' in page and EVIL not in page
        client.cookies.set("kpi_language", "ru")
        assert "июль 2026: уже закрыт." in send(client, "closed")[1]
        assert send(client, "reopened")[0] == 200 and closing_of(bench, JULY) is None
        assert "июль 2026: не закрыт." in send(client, "reopened")[1]
    assert [(one.what, one.author, one.reason) for one in history_of(bench)] == [
        ("closed", "Admin (1)", EVIL),
        ("reopened", "Admin (1)", EVIL),
    ]


def test_what_is_in_the_way_is_said(sqlite_store: Store) -> None:
    bench = since_july(sqlite_store)
    running = Period.month(_today(bench))
    with TestClient(build([bench])) as client:
        signed_in(client, bench, ADMIN)
        status, page = send(client, "closed", running.label)
        assert status == 400 and "is not over; it can be closed from" in page
        assert f'action="/months/{running.label}/closed"' not in client.get("/months").text
        for none in ("2026-W30", "2026-07-01", "x", "2026-13"):
            assert send(client, "closed", none)[0] == 404
        assert send(client, "eaten")[0] == 404
        with held(bench):
            status, page = send(client, "closed")
        assert status == 503 and "A sync is running" in page
    assert history_of(bench) == []


def _today(bench: Workbench) -> date:
    return bench.clock().date()
