"""Forecast and chance on the cards in both CRMs: there once, and still while nothing anybody could act on changes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from connector.moment import from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.cycling import cycle
from connector.pipeline.planning.plans import agree
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.writing import push
from connector.pretend.happenings import (
    ClientCame,
    Company,
    Enquired,
    Happening,
    Hired,
    Moved,
    PipelineMade,
    Priced,
    TeamMade,
)
from connector.pretend.people import moscow
from connector.result import Plan
from connector.targets.backtest import Backtest
from connector.writeback.ahead import Ahead
from connector.writeback.fields import AT_ONCE, CARD_CODES
from tests.journeys import slack
from tests.journeys.conftest import on_sandbox

CRMS = ("amocrm", "bitrix24")
SELLERS = (501, 502)
MORNING, EVENING = (moscow(2026, 9, 24, hour).astimezone(UTC) for hour in (10, 21))
SINCE = moscow(2026, 6, 20).astimezone(UTC)


def quiet(whole: Company) -> Company:
    """What two sellers sold in three months until that morning; afterwards nothing happens any more."""
    asked = [one for one in whole.happenings if isinstance(one, Enquired) and one.at >= SINCE]
    owned = [one for one in asked if one.owner in SELLERS]
    deals, buyers = {one.deal for one in owned}, {one.contact for one in owned}

    def kept(one: Happening) -> bool:
        if isinstance(one, Enquired | Moved | Priced):
            return one.deal in deals
        if isinstance(one, ClientCame):
            return one.contact in buyers
        return isinstance(one, TeamMade | Hired | PipelineMade)

    return replace(whole, happenings=tuple(one for one in whole.happenings if one.at < MORNING and kept(one)))


@pytest.fixture
def opened(
    request: pytest.FixtureRequest, tmp_path: Path, plan: Company, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[str, Any, Workbench]]:
    """A summer is short for a trial of chances: here it is taken to vouch for them."""
    monkeypatch.setattr(Backtest, "vouches", property(lambda told: True))
    switched = {"deal_fields": "off", "kpi_card": "on", "tasks": "off"}
    with on_sandbox(request.param, quiet(plan), tmp_path, MORNING, writeback=switched) as (box, bench):
        sync_and_derive(bench)
        for user in SELLERS:
            agree(bench, Plan(subject=f"user:{user}", kpi="revenue", period="2026-09", value=Decimal(400_000)))
        yield request.param, box, bench


def cards(provider: str, box: Any) -> list[tuple[str, float]]:
    """Forecast and chance of each card, as a foreign client reads them from the CRM, by whose it is."""
    if provider == "amocrm":
        lists = slack.read(provider, box, "catalogs")["_embedded"]["catalogs"]
        [ours] = [row["id"] for row in lists if row["name"] == "KPI менеджера"]
        rows = slack.read(provider, box, f"catalogs/{ours}/elements")["_embedded"]["elements"]
        told = {row["name"]: _by_code(row["custom_fields_values"]) for row in rows}
        return [(told[name]["KPI_FORECAST"], float(told[name]["KPI_CHANCE"])) for name in sorted(told)]
    types = slack.read(provider, box, "crm.type.list")["result"]["types"]
    [(number, ours)] = [(row["id"], row["entityTypeId"]) for row in types if row["title"] == "KPI менеджера"]
    items = slack.read(provider, box, f"crm.item.list?entityTypeId={ours}")["result"]["items"]
    names = [f"ufCrm{number}Kpi{name}" for name in ("Forecast", "Chance")]
    return [(row[names[0]], float(row[names[1]])) for row in sorted(items, key=lambda row: row["title"])]


def _by_code(values: Any) -> dict[str, str]:
    return {row["field_code"]: row["values"][0]["value"] for row in values}


def spelled(told: Mapping[str, Ahead]) -> list[tuple[str, float]]:
    return [(one.interval, float(one.percent or 0)) for _, one in sorted(told.items())]


@pytest.mark.parametrize("opened", CRMS, indirect=True)
def test_they_are_written_once_and_hold_still(
    opened: tuple[str, Any, Workbench], monkeypatch: pytest.MonkeyPatch
) -> None:
    provider, box, bench = opened
    assert cycle(bench).pushed.wished == len(SELLERS)
    asked, told = looked_up(bench)
    assert cards(provider, box) == spelled(told)
    written = len(box.written)
    assert cycle(bench).pushed.wished == 0, "a second run"

    box.advance(EVENING)
    bench.carded = None
    bench.vouched.clear()
    wished = [cycle(bench).pushed.wished for _ in range(2)]  # a portal's clock is learned from its answers
    assert (wished, looked_up(bench)[1]) == ([0, 0], told), "hours later on the same day, looked at anew"
    assert from_ms(bench.now()) >= EVENING

    for code in ("KPI_FORECAST", "KPI_CHANCE"):  # no patience: it is the rounding that holds the pen
        monkeypatch.setitem(CARD_CODES, code, replace(CARD_CODES[code], patience=AT_ONCE))
    bench.carded = asked, {who: moved(one, Decimal("1.0001")) for who, one in told.items()}
    assert push(bench).wished == 0, "less than the rounding"
    assert len(box.written) == written
    further = {who: moved(one, Decimal("1.2")) for who, one in told.items()}
    bench.carded = asked, further
    assert push(bench).wished == len(SELLERS)
    assert cards(provider, box) == spelled(further) != spelled(told)


def looked_up(bench: Workbench) -> tuple[object, Mapping[str, Ahead]]:
    assert bench.carded is not None
    return bench.carded


def moved(one: Ahead, by: Decimal) -> Ahead:
    return Ahead(one.low * by, one.high * by, one.chance * by)
