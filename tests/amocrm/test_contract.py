"""What every provider owes the core: the paid filter on, ignored, and Kommo with lists that end in 204."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from connector.errors import Refused
from connector.pretend import company as companies
from connector.pretend.happenings import Company, Deleted, Renamed
from connector.provider import Provider
from connector.records import Client, Deal, Lead, Record
from connector.testing import ProviderContract
from connector.testing.contract import Bench, connected, newest
from connector.wishes import AddTask, CloseTask, Layout, SetFields, UpsertCard, Wish
from connector.writeback.fields import layout
from providers.amocrm.sandbox import Sandbox
from tests.amocrm.kits import provider

SWITCHES: dict[str, dict[str, Any]] = {
    "filter on": {"filter_on": True},
    "filter ignored": {"filter_on": False},
    "kommo": {"kommo": True, "terminal_204": True},
}


@dataclass
class SandboxBench:
    sandbox: Sandbox
    deals: Iterator[int] = field(default_factory=lambda: itertools.cycle((9036, 7201, 7573)))
    count: Iterator[int] = field(default_factory=itertools.count)

    def connect(self) -> Provider:
        return provider(self.sandbox.options)

    def change(self) -> tuple[type[Record], str]:
        deal = next(self.deals)
        self.sandbox.advance(self.sandbox.now + timedelta(minutes=5))
        self.sandbox.happen(Renamed(self.sandbox.now, deal, f"Новое имя {next(self.count)}", 501))
        return Deal, str(deal)

    def remove(self) -> tuple[type[Record], str]:
        deal = next(self.deals)
        self.sandbox.advance(self.sandbox.now + timedelta(minutes=5))
        self.sandbox.happen(Deleted(self.sandbox.now, deal, 501))
        return Deal, str(deal)

    def layout(self) -> Layout:
        return layout("ru")

    def wishes(self) -> Sequence[Wish]:
        due = self.sandbox.now + timedelta(days=1)
        task = AddTask(
            key="t", marker="[kpi#7f3]", user_id="511", title="План", text="… [kpi#7f3]", due_at=due, about="deal:9036"
        )
        old = AddTask(key="old", marker="[kpi#old]", user_id="511", title="Было", text="…", due_at=due)
        (added,) = self.connect().apply([old])
        assert added.crm_id is not None
        plan: dict[str, str | None] = {"KPI_PLAN": "2500000", "KPI_FACT": "100.5", "KPI_DATA_AS_OF": "2026-09-30"}
        return [
            SetFields(key="f", deal_id="9036", values={"KPI_RESPONSE_MINUTES": "12", "KPI_RESPONSE_NORM": "в норме"}),
            UpsertCard(key="c", user_id="501", period="2026-09", title="Иванов, 2026-09", values=plan),
            task,
            CloseTask(key="x", task_id=added.crm_id),
        ]


@pytest.fixture(scope="module")
def company() -> Company:
    return companies.build()


@pytest.fixture(params=SWITCHES)
def bench(request: pytest.FixtureRequest, company: Company) -> Iterator[Any]:
    with Sandbox(company, paced=False, **SWITCHES[request.param]) as sandbox:
        yield SandboxBench(sandbox)


class TestAmoCrm(ProviderContract):
    """Inherited, but for what «Неразобранное» cannot give."""

    def test_ids_are_complete(self, bench: Bench) -> None:
        """An enquiry that was accepted leaves the list and is not gone: no list of them proves anything."""
        with connected(bench) as amo:
            for kind in (Deal, Client):
                listed = list(amo.ids(kind))
                assert len(listed) == len(set(listed))
                assert set(listed) == set(newest(list(amo.pull(kind, None))))
            with pytest.raises(Refused, match="lead"):
                list(amo.ids(Lead))
