"""The options that commands share, and how an account's workbench is opened for one command."""

from __future__ import annotations

import os
import shlex
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, overload

import typer

from connector.cli import spoken
from connector.cli.tongue import InLanguage, Language, house, in_house, languages, of_settings, speaking, speaks

if TYPE_CHECKING:  # the wiring imports the database; --help must not wait for it
    from connector.app import Desk
    from connector.pipeline.bench import Workbench

__all__ = [
    "Account", "AsJson", "Config", "InLanguage", "Language", "benches", "command", "config_path", "languages",
    "listening", "opened_desk", "person", "speaks", "stoppable",
]  # fmt: skip

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


def command(words: str, path: Path) -> str:
    """What to type next: `kpi sync`, with the file where that would not be found by itself."""
    return f"kpi {words}" if path == config_path(None) else f"kpi {words} -c {shlex.quote(str(path))}"


def listening(told: str) -> str:
    """Where `--listen` says to serve, as [web] listen would be written."""
    from connector.config.values import host_and_port

    try:
        return host_and_port(told)
    except ValueError:
        raise typer.BadParameter(f"{told!r} is not HOST:PORT, such as 127.0.0.1:8800") from None


@contextmanager
def opened_desk(config: Path | None, language: Language | None = None) -> Iterator[Desk]:
    """The desk of this configuration; what goes wrong is told in `language`, else in its first account's."""
    from connector.app import desk

    with (
        speaking(in_house(language)),
        desk(config_path(config), os.environ) as made,
        speaking(of_settings(made.settings, language)),
    ):
        yield made


@contextmanager
def benches(config: Path | None, account: str | None, language: Language | None = None) -> Iterator[list[Workbench]]:
    """The chosen accounts, opened; what goes wrong is told in `language`, else in the first one's."""
    with opened_desk(config, language) as made:
        chosen = made.settings.pick(account)
        with speaking(in_house(language) if language is not None else chosen[0].language):
            yield [made.open(one) for one in chosen]


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
        sys.stderr.write(f"kpi: {spoken.line('stopping', house())}\n")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: bool(asked)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
