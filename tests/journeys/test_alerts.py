"""Alerts about single records on both CRMs: to the seller on the card, to the head when it repeats, each once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.pipeline.bench import Workbench
from connector.pipeline.cycling import cycle
from connector.pipeline.reading import sync_and_derive
from tests.journeys import slack
from tests.journeys.conftest import on_sandbox

CRMS = ("amocrm", "bitrix24")


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Any, Workbench]]:
    switched = {"deal_fields": "off", "kpi_card": "off", "tasks": "on"}
    with on_sandbox(request.param, slack.company(), tmp_path, slack.moment(7, 9), writeback=switched) as made:
        yield request.param, *made


def day(opened: tuple[str, Any, Workbench], number: int) -> list[slack.Task]:
    """What is new by the noon of a day of September. A portal's clock is learned from what it answers, so a reading
    comes first; a head is told in the turn after the seller's third day.
    """
    provider, box, bench = opened
    known = len(slack.tasks(provider, box))
    box.advance(slack.moment(number, 12))
    sync_and_derive(bench)
    for _ in range(2):
        cycle(bench)
    return slack.tasks(provider, box)[known:]


@pytest.mark.parametrize("opened", CRMS, indirect=True)
def test_the_seller_is_told_first_and_his_head_when_it_repeats(opened: tuple[str, Any, Workbench]) -> None:
    provider, box, bench = opened
    cycle(bench)
    assert slack.tasks(provider, box) == []

    [monday] = day(opened, 7)
    assert (monday.user, monday.about) == (slack.SLACK, "7107")
    assert "обращени" in monday.text.lower()
    assert "http" in monday.text

    tuesday = {one.user: one for one in day(opened, 8)}
    assert set(tuesday) == {slack.SLACK, slack.MISSER}
    assert tuesday[slack.SLACK].about == "7108"
    assert tuesday[slack.MISSER].about == str(slack.MISSED)

    wednesday = day(opened, 9)
    assert {one.user for one in wednesday} == {slack.SLACK, slack.HEAD}
    [head] = [one for one in wednesday if one.user == slack.HEAD]
    assert "Анна Белова" in head.text
    assert head.text.count("http") >= 3
    assert "Вопрос." in head.text

    assert day(opened, 10) == [], "nothing new waits, and what was told is not told again"
    assert cycle(bench).pushed.wished == 0
