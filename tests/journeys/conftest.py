"""A desk over a sandbox: the whole program, its CRM on a local port, its store on the database under test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from connector.app import Desk, desk
from connector.cli.demo import account, sandbox_module
from connector.config import Settings
from connector.pipeline.bench import Workbench
from connector.pretend.company import build
from connector.pretend.happenings import Company

Opened = tuple[Any, Workbench]
Open = Callable[..., Opened]


@pytest.fixture(scope="session")
def plan() -> Company:
    return build()


@pytest.fixture
def journey(db_url: str, tmp_path: Path, plan: Company) -> Iterator[Open]:
    """`journey("amocrm", filter_on=False)` -> (sandbox, workbench); more keywords are the sandbox's switches."""
    with ExitStack() as stack:

        def begin(provider: str, writeback: str = "on", **switches: Any) -> Opened:
            box = stack.enter_context(sandbox_module(provider).Sandbox(plan, paced=False, **switches))
            settings = Settings.model_validate(
                {
                    "store": {"url": db_url, "key_file": str(tmp_path / "kpi.key")},
                    "account": [account(provider, box, plan, writeback)],
                }
            )
            made: Desk = stack.enter_context(desk(tmp_path / "config.toml", {}, settings=settings))
            made.sleep = lambda seconds: None  # the sandbox is not paced either
            return box, made.open(settings.account[0])

        yield begin


@contextmanager
def on_sandbox(
    provider: str, company: Company, folder: Path, now: datetime, *, writeback: dict[str, str]
) -> Iterator[Opened]:
    """A small company of a test's own, at a moment of it, in SQLite; what is written back is what the test says."""
    with ExitStack() as stack:
        box = stack.enter_context(sandbox_module(provider).Sandbox(company, paced=False, now=now))
        told = account(provider, box, company) | {"plan": [], "writeback": {**writeback, "max_writes": 1000}}
        store = {"url": f"sqlite:///{folder / 'kpi.db'}", "key_file": str(folder / "kpi.key")}
        settings = Settings.model_validate({"store": store, "account": [told]})
        made = stack.enter_context(desk(folder / "config.toml", {}, settings=settings))
        made.sleep = lambda seconds: None
        yield box, made.open(settings.account[0])
