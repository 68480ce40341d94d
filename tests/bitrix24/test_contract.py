"""What every provider owes the core, against the sandbox: in the CRM with leads, and in the one without."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from connector.pretend.happenings import Company, Deleted, Renamed
from connector.provider import Provider
from connector.records import Deal, Record
from connector.testing import ProviderContract
from connector.wishes import AddTask, CloseTask, Layout, SetFields, UpsertCard, Wish
from connector.writeback.fields import layout
from providers.bitrix24.sandbox import Sandbox
from tests.bitrix24.conftest import again


@dataclass
class SandboxBench:
    sandbox: Sandbox
    deals: Iterator[int] = field(default_factory=lambda: itertools.cycle((9036, 7201, 7573)))
    count: Iterator[int] = field(default_factory=itertools.count)

    def connect(self) -> Provider:
        return again(self.sandbox)

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
            key="t", marker="#k7f3", user_id="511", title="План", text="… #k7f3", due_at=due, about="deal:9036"
        )
        old = AddTask(key="old", marker="#k0ld", user_id="511", title="Было", text="… #k0ld", due_at=due)
        provider = again(self.sandbox)
        (added,) = provider.apply([old])
        assert added.crm_id is not None
        plan: dict[str, str | None] = {"KPI_PLAN": "2500000", "KPI_FACT": "100.5", "KPI_DATA_AS_OF": "2026-09-30"}
        return [
            SetFields(key="f", deal_id="9036", values={"KPI_RESPONSE_MINUTES": "12", "KPI_RESPONSE_NORM": "в норме"}),
            UpsertCard(key="c", user_id="501", period="2026-09", title="Иванов, 2026-09", values=plan),
            task,
            CloseTask(key="x", task_id=added.crm_id),
        ]


@pytest.fixture(params=["classic", "simple"])
def bench(request: pytest.FixtureRequest, company: Company) -> Iterator[Any]:
    with Sandbox(company, paced=False, mode=request.param) as sandbox:
        yield SandboxBench(sandbox)


class TestBitrix24(ProviderContract):
    """Inherited."""
