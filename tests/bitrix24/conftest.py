"""A provider for a portal: of the sandbox, or of nothing at all where `responses` answers."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from connector.pretend import company as pretend
from connector.pretend.happenings import Company
from connector.provider import Kit, Tokens
from providers.bitrix24 import Options, connect
from providers.bitrix24.provider import Bitrix24

PORTAL = "https://acme.bitrix24.ru"
PAYLOADS = Path(__file__).parent / "payloads"


@dataclass
class MemoryVault:
    """One pair in memory; `spent` counts how often a refresh token was used up."""

    tokens: Tokens | None = None
    spent: int = 0

    def current(self) -> Tokens | None:
        return self.tokens

    def keep(self, tokens: Tokens) -> None:
        self.tokens = tokens

    def refresh(self, stale: Tokens, spend: Callable[[Tokens], Tokens]) -> Tokens:
        assert self.tokens is not None
        if self.tokens.access == stale.access:
            self.spent += 1
            self.tokens = spend(stale)
        return self.tokens


@dataclass
class Slept:
    """Instead of sleeping: remembers how long."""

    pauses: list[float] = field(default_factory=list)

    def __call__(self, seconds: float) -> None:
        self.pauses.append(seconds)


def payload(name: str) -> Any:
    return json.loads((PAYLOADS / f"{name}.json").read_text("utf-8"))


def kit_for(options: dict[str, Any], **more: Any) -> Kit:
    kit = Kit(
        account="acme",
        options=Options.model_validate(options),
        vault=MemoryVault(),
        clock=lambda: datetime.now(UTC),
        sleep=Slept(),
        hash_phone=lambda phone: f"#{phone[-4:]}",
    )
    return replace(kit, **more)


def webhook_kit(**more: Any) -> Kit:
    return kit_for({"base_url": PORTAL, "webhook": SecretStr("1/s3cretwebhook")}, **more)


def tokens(access: str = "A1", refresh: str = "R1", *, life: timedelta = timedelta(hours=1)) -> Tokens:
    now = datetime.now(UTC)
    return Tokens(access, refresh, now + life, now, PORTAL, {"member_id": "m1"})


@pytest.fixture(scope="session")
def company() -> Company:
    return pretend.build()


@pytest.fixture
def portal(company: Company) -> Iterator[Callable[..., tuple[Any, Bitrix24]]]:
    """`portal(mode="simple", now=…)` serves a sandbox and opens a provider on it."""
    from providers.bitrix24.sandbox import Sandbox

    with ExitStack() as stack:

        def open_one(*, kit: dict[str, Any] | None = None, **switches: Any) -> tuple[Any, Bitrix24]:
            switches.setdefault("paced", False)
            sandbox = stack.enter_context(Sandbox(company, **switches))
            return sandbox, again(sandbox, **(kit or {}))

        yield open_one


def again(sandbox: Any, **more: Any) -> Bitrix24:
    """A provider that knows nothing yet, on a running sandbox."""
    company = sandbox.company
    wanted = (company.csat_field, company.csat_date_field, company.refund_amount_field, company.refund_date_field)
    more = {"sleep": time.sleep, "wanted_fields": wanted, **more}
    unhurried = {} if sandbox.switches.paced else {"enterprise": True}
    return connect(kit_for({**sandbox.options, **unhurried}, **more))
