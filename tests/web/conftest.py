"""A small company that tests only look at: synced once for all of a module."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.pipeline.bench import Workbench
from connector.store.engine import open_store
from connector.web import serving
from tests.web.browser import chromium, executable
from tests.web.ground import opened


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages come with their numbers, whatever else this machine does; tests about waiting say otherwise."""
    monkeypatch.setattr(serving, "PATIENCE", None)


@pytest.fixture(scope="module")
def company(migrated_sqlite: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workbench]:
    path = tmp_path_factory.mktemp("web") / "kpi.db"
    shutil.copy(migrated_sqlite, path)
    store = open_store(f"sqlite:///{path}")
    yield opened(store)
    store.dispose()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One for all walks of a file; skips where there is none, with the reason."""
    executable()
    with chromium() as made:
        yield made
