"""A head sets a plan on the page: taken with a reason, refused in his words where it is too late, kept."""

from __future__ import annotations

import html
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from connector.pipeline.bench import Workbench
from connector.result import Plan
from connector.store.agreed import plans
from connector.store.engine import Store
from connector.targets.backtest import Backtest
from connector.web.app import build
from tests.web.ground import ADMIN, ANNA, BORIS, EVIL, HEAD, opened, signed_in, token_in

MONTH = "2026-09"
AT = f"/plans/people/{BORIS}?period={MONTH}"


@pytest.fixture
def bench(sqlite_store: Store) -> Workbench:
    return opened(sqlite_store)


@pytest.fixture
def head(bench: Workbench) -> Iterator[TestClient]:
    with TestClient(build([bench])) as client:
        yield signed_in(client, bench, HEAD)


def agreed(bench: Workbench, month: str = MONTH) -> list[Plan]:
    with bench.store.read() as conn:
        return plans.agreed(conn, bench.account, month)


def said(text: str) -> str:
    return html.unescape(text).replace("\u00a0", " ")


def send(client: TestClient, address: str = AT, **fields: str) -> tuple[int, str]:
    form = {"token": token_in(client.get(address).text), "kpi": "revenue", "value": "2 500,5", "reason": "agreed"}
    answer = client.post(address, data=form | fields)
    return answer.status_code, said(answer.text)


def test_a_plan_is_set_with_a_reason_and_a_change_of_it_is_kept(bench: Workbench, head: TestClient) -> None:
    assert f'href="/plans/people/{BORIS}?period={MONTH}"' in head.get(f"/board?period={MONTH}").text
    assert "The plan is saved: Revenue." in send(head)[1]
    assert "That is the plan already: Revenue." in send(head)[1]
    status, page = send(head, value="3000", reason=EVIL)
    assert status == 200 and "History: 2" in page and "Irina (511)" in page and "agreed" in page
    assert EVIL not in head.get(AT).text
    (plan,) = (one for one in agreed(bench) if one.subject == f"user:{BORIS}")
    assert (plan.value, plan.version, plan.author, plan.reason) == (3000, 2, "Irina (511)", EVIL)


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"value": "much"}, "The value “much” will not do"),
        ({"value": "0"}, "will not do"),
        ({"value": "-5"}, "will not do"),
        ({"value": "1e9"}, "will not do"),
        ({"value": "9" * 30}, "will not do"),
        ({"kpi": "win_rate", "value": "140"}, "never more than 100%"),
        ({"reason": "  "}, "A reason is needed"),
        ({"pipeline": "none"}, "none"),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_and_what_was_typed_stays(
    bench: Workbench, head: TestClient, fields: dict[str, str], why: str
) -> None:
    status, page = send(head, **fields)
    assert status == 400 and why in page
    assert not [one for one in agreed(bench) if one.subject == f"user:{BORIS}"]
    if fields.get("kpi", "revenue") == "revenue" and "pipeline" not in fields:
        assert f'value="{fields.get("value", "2 500,5")}"' in page


def test_a_share_is_typed_in_percent(bench: Workbench, head: TestClient) -> None:
    assert send(head, kpi="win_rate", value="35,5 %")[0] == 200
    (plan,) = (one for one in agreed(bench) if one.kpi == "win_rate")
    assert str(plan.value) == "0.355"
    assert 'value="35.5"' in head.get(AT).text


@pytest.mark.parametrize("kpi", ["", "none", "plan_attainment"])
def test_a_plan_of_what_none_is_made_of_is_not_there(head: TestClient, kpi: str) -> None:
    assert send(head, kpi=kpi)[0] == 404


@pytest.mark.parametrize(
    ("language", "words"), [("en", "A plan is never set backwards"), ("ru", "Задним числом планы не")]
)
def test_no_plan_backwards_in_the_readers_words(head: TestClient, language: str, words: str) -> None:
    head.cookies.set("kpi_language", language)
    late = f"/plans/people/{ANNA}?period=2026-07"
    token = token_in(head.get(AT).text)
    page = said(head.get(late).text)
    assert words in page and "<textarea" not in page
    answer = head.post(late, data={"token": token, "kpi": "revenue", "value": "5", "reason": "why"})
    assert answer.status_code == 400 and words in said(answer.text)


def test_a_coming_month_can_be_planned_by_who_leads_him_today(bench: Workbench, head: TestClient) -> None:
    ahead = f"/plans/people/{BORIS}?period=2026-10"
    assert "period=2026-10" in head.get(AT).text
    assert send(head, ahead)[0] == 200
    assert [one.subject for one in agreed(bench, "2026-10")] == [f"user:{BORIS}"]


def test_a_chance_that_nothing_bears_out_is_not_said(head: TestClient) -> None:
    told = said(head.get(f"/plans/people/{BORIS}/chance?period={MONTH}&value=5000").text)
    assert "No chance is shown" in told and "%" not in told


def test_a_chance_of_another_kpi_follows_what_is_typed(head: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    send(head, kpi="calls", value="40")
    monkeypatch.setattr(Backtest, "vouches", property(lambda told: True))
    send(head, kpi="calls", value="41")
    page = head.get(AT).text
    assert f'hx-get="/plans/people/{BORIS}/chance?period={MONTH}&amp;kpi=calls"' in page
    told = said(head.get(f"/plans/people/{BORIS}/chance?period={MONTH}&kpi=calls&value=9000").text)
    assert ("below 5%" in told and "unrealistic" in told) or "nothing to judge by" in told
    assert head.get(f"/plans/people/{BORIS}/chance?period={MONTH}&kpi=none&value=5").status_code == 404


def test_an_admin_comes_from_the_company_page(bench: Workbench) -> None:
    with TestClient(build([bench])) as client:
        page = signed_in(client, bench, ADMIN).get(f"/company?period={MONTH}").text
        assert f'href="/plans/people/{ANNA}?period={MONTH}"' in page
        assert f'href="/months#month-{MONTH}"' in page
