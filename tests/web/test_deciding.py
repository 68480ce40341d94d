"""What waits for a head on the pages: proposed plans and calls to score; for nobody else they are not there."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from decimal import Decimal

import msgspec
import pytest
from fastapi.testclient import TestClient

from connector.advice.correction_telling import lines
from connector.pipeline.planning.replanning import proposed
from connector.pipeline.talks.people_scoring import drawn, sample
from connector.records import User
from connector.store.crm import records
from connector.store.engine import Store
from connector.web import locale
from connector.web.access import Access
from connector.web.app import build
from connector.web.views.deciding import proposal_lines
from tests.pipeline.planning.test_replanning import agree, looked, month, on_time
from tests.pipeline.talks.test_people_scoring import WEEK, sampling
from tests.web.ground import signed_in, token_in


def test_a_head_approves_another_plan_with_a_reason(sqlite_store: Store) -> None:
    made = month(sqlite_store)
    agree(made, 1_500_000)
    on_time(made)
    (one,) = looked(made)
    with TestClient(build([made.bench])) as seller:
        signed_in(seller, made.bench, "501")
        assert seller.get("/corrections").status_code == 404
        mine = token_in(seller.get("/contests").text)
        stolen = seller.post(f"/corrections/{one.id}/approved", data={"token": mine, "reason": "please"})
        assert stolen.status_code == 404
    with TestClient(build([made.bench])) as head:
        page = signed_in(head, made.bench, "590").get("/corrections").text
        assert "1 500 000" in html.unescape(page).replace("\u00a0", " ") and "ждёт решения" in page
        told = {"token": token_in(page), "reason": " "}
        assert head.post(f"/corrections/{one.id}/approved", data=told).status_code == 400
        assert head.post("/corrections/999/approved", data=told).status_code == 404
        assert head.post(f"/corrections/{one.id}/eaten", data=told).status_code == 404
        done = head.post(f"/corrections/{one.id}/approved", data=told | {"reason": "a mistake"})
        assert done.status_code == 200 and "принята" in done.text and "a mistake" in done.text
    assert [(some.state, some.by) for some in proposed(made.bench)] == [("approved", "590")]


@pytest.mark.parametrize("part", [0.5, 1.0])
def test_a_proposal_says_what_days_away_leave_of_both_plans_as_the_command_does(
    sqlite_store: Store, part: float
) -> None:
    made = month(sqlite_store)
    agree(made, 1_500_000)
    on_time(made)
    (one,) = looked(made)
    less = replace(one, proposal=msgspec.structs.replace(one.proposal, part=part))
    access = Access("590", "Head", "head", frozenset({"501"}), frozenset(), frozenset({"501"}))
    (told,) = proposal_lines([less], "RUB", access, made.bench.zone(), "en")
    said = [line for line in told.lines if line.startswith("by the days worked")]
    assert len(said) == len([line for line in lines(less.proposal, "RUB", "en") if line.startswith("by the days")])
    half = locale.figure(Decimal(750_000), "money", "RUB", "en")
    assert [line.startswith(f"by the days worked that is {half} → ") for line in said] == [True] * (part < 1)


def test_a_call_is_scored_by_whom_it_was_asked_of(sqlite_store: Store) -> None:
    bench = sampling(sqlite_store)
    sample(bench, WEEK, seed=7)
    with bench.store.write() as conn:
        records.keep(conn, bench.account, [User(id=id, name=id) for id in ("511", "512", "513")], now=bench.now())
    asked = [one for one in drawn(bench, rater="511") if not one.second]
    address = f"/calls/acme/{WEEK}/{asked[0].call}"
    with TestClient(build([bench])) as other:
        signed_in(other, bench, "513")
        assert other.get(address).status_code == 404
        assert asked[0].call not in other.get("/calls").text
        mine = token_in(other.get("/calls").text)
        assert other.post(address, data={"token": mine}).status_code == 404
    with TestClient(build([bench])) as rater:
        signed_in(rater, bench, "511")
        waiting = rater.get("/calls").text
        assert waiting.count("/calls/") >= len(asked)
        assert rater.get(f"/calls/other/{WEEK}/{asked[0].call}").status_code == 404
        page = rater.get(address).text
        keys = list(dict.fromkeys(html.unescape(key) for key in re.findall(r'name="answer:([^"]+)"', page)))
        assert any(key.startswith("objection:") for key in keys) and len(keys) > 3
        told = {"token": token_in(page)} | {f"answer:{key}": "not_applicable" for key in keys}
        short = {key: value for key, value in told.items() if key != f"answer:{keys[0]}"}
        refused = rater.post(address, data=short)
        assert refused.status_code == 400 and keys[0] in html.unescape(refused.text)
        assert rater.post(address, data=told).url.path == "/calls"
    assert [one.done for one in drawn(bench, week=WEEK, rater="511") if one.call == asked[0].call] == [True]
