"""The options that commands share, and how an account's workbench is opened for one command."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, overload

import typer

if TYPE_CHECKING:  # the wiring imports the database; --help must not wait for it
    from connector.app import Desk
    from connector.kpi.text import Language as LanguageName
    from connector.pipeline.bench import Workbench

Config = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="The file, or a folder of files; default config.toml, then KPI_CONFIG."),
]
Account = Annotated[str | None, typer.Option("--account", "-a", help="One account by name; default all.")]
AsJson = Annotated[bool, typer.Option("--json", help="Only JSON on stdout.")]


def config_path(given: Path | None) -> Path:
    """The file named, else config.toml here, else the one KPI_CONFIG names."""
    if given is not None:
        return given
    here = Path("config.toml")
    named = os.environ.get("KPI_CONFIG")
    return Path(named) if named and not here.exists() else here


@contextmanager
def opened_desk(config: Path | None) -> Iterator[Desk]:
    """The desk of this configuration."""
    from connector.app import desk

    with desk(config_path(config), os.environ) as made:
        yield made


@contextmanager
def benches(config: Path | None, account: str | None) -> Iterator[list[Workbench]]:
    """The chosen accounts, opened."""
    with opened_desk(config) as made:
        yield [made.open(chosen) for chosen in made.settings.pick(account)]


def languages(opened: Iterable[Workbench]) -> dict[str, LanguageName]:
    """In which language each account is spoken of, by its name."""
    return {bench.settings.name: bench.settings.language for bench in opened}


@overload
def person(bench: Workbench, told: str, *, exactly: bool = ...) -> str: ...


@overload
def person(bench: Workbench, told: None, *, exactly: bool = ...) -> None: ...


def person(bench: Workbench, told: str | None, *, exactly: bool = False) -> str | None:
    """The id of whom `--user` means: an id, a name, a part of one. Raises BadConfig where several have it."""
    from connector.pipeline.whom import whom

    return None if told is None else whom(bench, told, exactly=exactly)


@contextmanager
def stoppable() -> Iterator[Callable[[], bool]]:
    """The first Ctrl-C or SIGTERM asks to stop after the current page, the second one ends at once."""
    asked: list[int] = []

    def ask(number: int, _frame: object) -> None:
        if asked:
            raise KeyboardInterrupt
        asked.append(number)
        sys.stderr.write("kpi: stopping after the current page; once more ends at once\n")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
