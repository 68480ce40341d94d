"""doctor: what about this installation is unsafe or will break, each with what to do. Asks nothing of a CRM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from connector.config import Settings
from connector.errors import KpiError, StoreTrouble
from connector.pipeline.doctor import database, files, network
from connector.pipeline.doctor.check import Check
from connector.store.engine import Store

__all__ = ["Check", "House", "look"]


@dataclass(frozen=True, slots=True)
class House:
    """One installation. `key`: or why there is none, or None where there is no file of it and the database cannot be
    asked whether it needs one; `key_given`: it comes by the environment, no file holds it.

    `trouble`: why the store could not be opened.
    """

    settings: Settings
    store: Store
    key: bytes | KpiError | None
    key_given: bool
    folder: Path
    config: Path
    now: datetime
    trouble: StoreTrouble | None = None


def look(house: House) -> list[Check]:
    """Everything that can be seen from here, the worst first."""
    order = {"bad": 0, "warn": 1, "ok": 2}
    return sorted(_all(house), key=lambda one: order[one.state])


def _all(house: House) -> Iterator[Check]:
    settings, store = house.settings, house.store
    key_file = None if house.key_given else settings.store.key_file or house.folder / "kpi.key"
    yield from files.modes(house.config, house.folder, store, key_file)
    if not isinstance(house.key, KpiError):  # why there is none is told below; a file that is not there lies nowhere
        yield from files.key(key_file, store) if house.key is not None else files.no_key(key_file)
    yield from files.room(house.folder)
    yield from files.backups(house.folder / "backups", house.now)
    yield from network.addresses(settings)
    yield from database.everything(store, house.key, house.trouble)
    yield from network.versions()
