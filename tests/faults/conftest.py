"""Stores filled once in a session and copied for each scenario; a scenario costs less than a second."""

from __future__ import annotations

import itertools
import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from connector.pipeline.reading import sync_and_derive
from tests.conftest import Postgres
from tests.faults import invariants
from tests.faults.company import HALF
from tests.faults.rig import CRMS, Rig, opened

Ground = tuple[str, str]
"""A CRM and a sort of database."""
FAST = (("amocrm", "sqlite"), ("bitrix24", "postgresql"))
CROSS = (("amocrm", "postgresql"), ("bitrix24", "sqlite"))
"""Both CRMs and both databases in the fast half, every pair of them in `make faults`."""


@dataclass(frozen=True)
class Golden:
    """What an undisturbed account holds at END, and how many requests its run cost."""

    digest: dict[str, tuple[int, str]]
    numbers: dict[Any, Any]
    requests: int


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The fast half takes each case on one of the two grounds, turn about; `make faults` takes it on all four."""
    for item in list(items):
        spec = getattr(item, "callspec", None)
        if spec is None or "ground" not in spec.params:
            continue
        ground, only = spec.params["ground"], item.get_closest_marker("only_on")
        if only is not None and only.args[0] not in ground:
            items.remove(item)
            continue
        case = item.name.replace("-".join(ground), "")
        chosen = FAST[zlib.crc32(case.encode()) % 2] if only is None else next(g for g in FAST if only.args[0] in g)
        if ground != chosen:
            item.add_marker(pytest.mark.slow_fault)


@pytest.fixture(params=[*FAST, *(pytest.param(pair, marks=pytest.mark.slow_fault) for pair in CROSS)], ids="-".join)
def ground(request: pytest.FixtureRequest) -> Ground:
    pair: Ground = request.param
    return pair


Filled = Callable[[str, datetime], str]
"""The path of a store, or the name of a database, that holds what a CRM told until HALF, or until END."""


def fill(crm: str, url: str, folder: Path, moment: datetime) -> None:
    """Read and derive what there was at HALF, the neighbour too, or, over that, what there was at END."""
    with opened(crm, url, folder, now=moment) as rig:
        rig.quiet()
        if moment == HALF:
            sync_and_derive(rig.neighbour)


@pytest.fixture(scope="session")
def sqlite_filled(tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path) -> Filled:
    """The path of a file to copy, made when first asked for."""

    @cache
    def get(crm: str, moment: datetime) -> str:
        folder = tmp_path_factory.mktemp(crm)
        shutil.copy(migrated_sqlite if moment == HALF else get(crm, HALF), folder / "kpi.db")
        fill(crm, f"sqlite:///{folder / 'kpi.db'}", folder, moment)
        return str(folder / "kpi.db")

    return get


@pytest.fixture(scope="session")
def postgres_filled(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Filled]:
    """The name of a database to copy, made when first asked for."""
    with ExitStack() as stack:

        @cache
        def get(crm: str, moment: datetime) -> str:
            server: Postgres = request.getfixturevalue("postgres")
            below = request.getfixturevalue("migrated_postgres") if moment == HALF else get(crm, HALF)
            name = stack.enter_context(server.database(below))
            fill(crm, server.address(name), tmp_path_factory.mktemp(crm), moment)
            return name

        yield get


Copy = Callable[..., AbstractContextManager[str]]


@pytest.fixture
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Copy:
    """`with copied(crm, database) as url`: a store as it was at HALF (or END) of this test alone, gone afterwards."""
    count = itertools.count()

    @contextmanager
    def copy(crm: str, database: str, moment: datetime = HALF) -> Iterator[str]:
        if database == "sqlite":
            path = tmp_path / f"kpi-{next(count)}" / "kpi.db"
            path.parent.mkdir()
            shutil.copy(request.getfixturevalue("sqlite_filled")(crm, moment), path)
            yield f"sqlite:///{path}"
            shutil.rmtree(path.parent)
            return
        server: Postgres = request.getfixturevalue("postgres")
        with server.database(request.getfixturevalue("postgres_filled")(crm, moment)) as name:
            yield server.address(name)

    return copy


Open = Callable[..., Rig]


@pytest.fixture
def rigged(ground: Ground, copied: Copy, golden: Callable[[str], Golden], tmp_path: Path) -> Iterator[Open]:
    """`rigged()` -> a rig at END whose store stands at HALF; keywords as of `opened`."""
    with ExitStack() as stack:

        def begin(**more: Any) -> Rig:
            crm, database = ground
            url = stack.enter_context(copied(crm, database))
            rig = stack.enter_context(opened(crm, url, tmp_path, **more))
            rig.golden = golden(crm) if not more else None
            return rig

        yield begin


@pytest.fixture
def rig(rigged: Open) -> Rig:
    return rigged()


@contextmanager
def undisturbed(crm: str, path: Path, folder: Path) -> Iterator[Rig]:
    with opened(crm, f"sqlite:///{path}", folder) as rig:
        rig.quiet()
        yield rig


@pytest.fixture(scope="session")
def golden(tmp_path_factory: pytest.TempPathFactory, sqlite_filled: Filled) -> Callable[[str], Golden]:
    """By CRM: what a run without any fault comes to."""
    made: dict[str, Golden] = {}

    def get(crm: str) -> Golden:
        if crm not in made:
            folder = tmp_path_factory.mktemp(f"golden-{crm}")
            shutil.copy(sqlite_filled(crm, HALF), folder / "kpi.db")
            with undisturbed(crm, folder / "kpi.db", folder) as rig:
                made[crm] = Golden(invariants.digest(rig.bench), invariants.numbers(rig.bench), rig.asked[0])
        return made[crm]

    return get


__all__ = ["CRMS", "Golden", "Ground", "Open"]
