"""Stores filled once in a session and copied for each scenario; a scenario costs less than a second."""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
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


@pytest.fixture(scope="session")
def at_half(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], str]:
    """`at_half(crm, empty url)` -> the same url, with everything until HALF read and derived; the neighbour too."""

    def fill(crm: str, url: str) -> str:
        with opened(crm, url, tmp_path_factory.mktemp("half"), now=HALF) as rig:
            rig.quiet()
            sync_and_derive(rig.neighbour)
        return url

    return fill


@pytest.fixture(scope="session")
def sqlite_half(
    tmp_path_factory: pytest.TempPathFactory, migrated_sqlite: Path, at_half: Callable[[str, str], str]
) -> Callable[[str], Path]:
    made: dict[str, Path] = {}

    def get(crm: str) -> Path:
        if crm not in made:
            path = tmp_path_factory.mktemp(crm) / "kpi.db"
            shutil.copy(migrated_sqlite, path)
            at_half(crm, f"sqlite:///{path}")
            made[crm] = path
        return made[crm]

    return get


@pytest.fixture(scope="session")
def postgres_half(request: pytest.FixtureRequest, at_half: Callable[[str, str], str]) -> Iterator[Callable[[str], str]]:
    """The name of a database to copy, made when first asked for."""
    made: dict[str, str] = {}
    with ExitStack() as stack:

        def get(crm: str) -> str:
            if crm not in made:
                server: Postgres = request.getfixturevalue("postgres")
                name = stack.enter_context(server.database(request.getfixturevalue("migrated_postgres")))
                at_half(crm, server.address(name))
                made[crm] = name
            return made[crm]

        yield get


Copy = Callable[[str, str], str]


@pytest.fixture
def copied(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Copy]:
    """`copied(crm, database)` -> the address of a store as it was at HALF, of this test alone."""
    with ExitStack() as stack:
        count = iter(range(1000))

        def copy(crm: str, database: str) -> str:
            if database == "sqlite":
                path = tmp_path / f"kpi-{next(count)}.db"
                shutil.copy(request.getfixturevalue("sqlite_half")(crm), path)
                return f"sqlite:///{path}"
            server: Postgres = request.getfixturevalue("postgres")
            return server.address(stack.enter_context(server.database(request.getfixturevalue("postgres_half")(crm))))

        yield copy


Open = Callable[..., Rig]


@pytest.fixture
def rigged(ground: Ground, copied: Copy, golden: Callable[[str], Golden], tmp_path: Path) -> Iterator[Open]:
    """`rigged()` -> a rig at END whose store stands at HALF; keywords as of `opened`."""
    with ExitStack() as stack:

        def begin(**more: Any) -> Rig:
            crm, database = ground
            rig = stack.enter_context(opened(crm, copied(crm, database), tmp_path, **more))
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
def golden(tmp_path_factory: pytest.TempPathFactory, sqlite_half: Callable[[str], Path]) -> Callable[[str], Golden]:
    """By CRM: what a run without any fault comes to."""
    made: dict[str, Golden] = {}

    def get(crm: str) -> Golden:
        if crm not in made:
            folder = tmp_path_factory.mktemp(f"golden-{crm}")
            shutil.copy(sqlite_half(crm), folder / "kpi.db")
            with undisturbed(crm, folder / "kpi.db", folder) as rig:
                made[crm] = Golden(invariants.digest(rig.bench), invariants.numbers(rig.bench), rig.asked[0])
        return made[crm]

    return get


__all__ = ["CRMS", "Golden", "Ground", "Open"]
