"""kpi backup, restore: a copy of the whole database, and the way back."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.cli import spoken
from connector.cli.options import AsJson, Config, InLanguage, config_path, opened_desk
from connector.cli.tongue import decimals, in_house, of_settings, speaking
from connector.errors import BadConfig, KpiError

if TYPE_CHECKING:
    from connector.config import Settings
    from connector.kpi.text import Language
    from connector.store.backup import Backup

NAMES = (".db", ".dump", ".sqlite")
"""How a database's or a backup's own name ends, which no folder's does."""


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(backup)
    app.command()(restore)


def backup(
    to: Annotated[Path | None, typer.Argument(help="The folder; default `backups` beside the database.")] = None,
    config: Config = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """A verified copy of the database, made while others work. The key is not in it: keep that elsewhere."""
    from connector.store.backup import back_up

    if to is not None and to.suffix in NAMES and not to.is_dir():
        raise BadConfig([f"backup {to}: name a folder, each backup gets a name of its own in it"])
    with opened_desk(config, language) as desk:
        made = back_up(desk.store, to or desk.folder / "backups", now=desk.clock())
        told = of_settings(desk.settings, language)
    _show(made, "backed_up", told, as_json=as_json)
    if not as_json:
        typer.echo(spoken.line("key_apart", told), err=True)


def restore(
    path: Annotated[Path, typer.Argument(help="A file that `kpi backup` made.")],
    verify: Annotated[bool, typer.Option("--verify", help="Only look it through, change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the database's place; what stood there is kept beside it, erasures made since are made again."""
    from connector.app import read_settings
    from connector.store import backup as backups
    from connector.store.engine import open_store

    if verify:
        with speaking(in_house(language)):
            _show(backups.verify(path), "whole", in_house(language), as_json=as_json)
        return
    with speaking(in_house(language)):
        settings = read_settings(config_path(config), os.environ)
    told = of_settings(settings, language)
    with speaking(told):
        looked = backups.verify(path) if path.suffix != backups.DUMP else None
        if not yes:
            typer.confirm(spoken.line("replace", told, name=path.name), abort=True)
        store = open_store(settings.store.url, migrate=False)  # what is replaced may be damaged
        try:
            looked, aside = backups.restore(path, store, now=datetime.now(UTC))
        finally:
            store.dispose()
        closed = _opened_all(config, settings)
        _show(looked, "restored", told, as_json=as_json, aside=aside, closed=closed)
    if closed:
        raise typer.Exit(max(error.exit_code for error in closed.values()))


def _opened_all(config: Path | None, settings: Settings) -> dict[str, KpiError]:
    """Opening migrates an older database, brings token pairs back that were won since, and makes erasures again that
    it does not know of. Which accounts could not be opened, and why.
    """
    closed: dict[str, KpiError] = {}
    try:
        with opened_desk(config) as desk:
            for account in settings.account:
                try:
                    desk.open(account)
                except KpiError as error:
                    closed[account.name] = error
    except KpiError as error:  # the database as a whole
        return {account.name: error for account in settings.account}
    return closed


def _show(
    made: Backup,
    word: str,
    language: Language,
    *,
    as_json: bool,
    aside: Path | None = None,
    closed: Mapping[str, KpiError] | None = None,
) -> None:
    from connector.cli import screen
    from connector.said import told

    if as_json:
        shown: dict[str, Any] = {
            "path": str(made.path),
            "bytes": made.bytes,
            "schema": made.schema,
            "rows": made.counts,
        }
        shown |= {"before": str(aside)} if aside is not None else {}
        shown |= {"not_opened": {name: str(error) for name, error in closed.items()}} if closed else {}
        screen.print_json(shown)
        return
    count = f"{sum(made.counts.values()):,}".replace(",", " ")
    rows = spoken.line("backup_rows", language, n=count, tables=len(made.counts)) if made.counts else ""
    size = decimals(f"{made.bytes / 1_000_000:.1f}", language)
    typer.echo(
        spoken.line(word, language, told=spoken.line("backup_size", language, path=made.path, mb=size, rows=rows))
    )
    if aside is not None:
        typer.echo(spoken.line("aside_damaged" if aside.suffix == ".damaged" else "aside", language, path=aside))
    for name, error in (closed or {}).items():
        typer.echo(spoken.line("not_opened", language, name=name, why=told(error, language)), err=True)
