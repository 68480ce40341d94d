"""kpi backup, restore, runs: keeping the database, and its history of work."""

from __future__ import annotations

import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.cli import spoken
from connector.cli.options import Account, AsJson, Config, InLanguage, benches, config_path, opened_desk
from connector.cli.tongue import decimals, house, of_settings, speaking, speaks
from connector.errors import BadConfig, KpiError

if TYPE_CHECKING:
    from connector.config import Settings
    from connector.kpi.text import Language
    from connector.pipeline.bench import Workbench
    from connector.store.backup import Backup
    from connector.store.tables import RunRow

NAMES = (".db", ".dump", ".sqlite")
"""How a database's or a backup's own name ends, which no folder's does."""


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(backup)
    app.command()(restore)
    app.command()(runs)


def backup(
    to: Annotated[Path | None, typer.Argument(help="The folder; default `backups` beside the database.")] = None,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """A verified copy of the database, made while others work. The key is not in it: keep that elsewhere."""
    from connector.store.backup import back_up

    if to is not None and to.suffix in NAMES and not to.is_dir():
        raise BadConfig([f"backup {to}: name a folder, each backup gets a name of its own in it"])
    with opened_desk(config) as desk:
        made = back_up(desk.store, to or desk.folder / "backups", now=desk.clock())
        language = of_settings(desk.settings)
    _show(made, "backed_up", language, as_json=as_json)
    if not as_json:
        typer.echo(spoken.line("key_apart", language), err=True)


def restore(
    path: Annotated[Path, typer.Argument(help="A file that `kpi backup` made.")],
    verify: Annotated[bool, typer.Option("--verify", help="Only look it through, change nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the database's place; what stood there is kept beside it, erasures made since are made again."""
    from connector.app import read_settings
    from connector.store import backup as backups
    from connector.store.engine import open_store

    if verify:
        with speaking(house()):
            _show(backups.verify(path), "whole", house(), as_json=as_json)
        return
    settings = read_settings(config_path(config), os.environ)
    language = of_settings(settings)
    with speaking(language):
        looked = backups.verify(path) if path.suffix != backups.DUMP else None
        if not yes:
            typer.confirm(spoken.line("replace", language, name=path.name), abort=True)
        store = open_store(settings.store.url, migrate=False)  # what is replaced may be damaged
        try:
            looked, aside = backups.restore(path, store, now=datetime.now(UTC))
        finally:
            store.dispose()
        closed = _opened_all(config, settings)
        _show(looked, "restored", language, as_json=as_json, aside=aside, closed=closed)
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


def runs(
    config: Config = None,
    account: Account = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, the newest first.")] = 20,
    what: Annotated[str | None, typer.Option(help="Only sync, sweep, derive, push, hooks, undo…")] = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """The history of work: requests, rows, changes, writes of each run, how long it took and how it ended."""
    from connector.cli import screen
    from connector.store import runs as history

    with benches(config, account, language) as opened:
        found = []
        for bench in opened:
            with bench.store.read() as conn:
                found += [(bench, row) for row in history.recent(conn, bench.account, limit, what)]
    found.sort(key=lambda one: one[1].id or 0, reverse=True)  # ids follow each other, clocks may stand still
    if as_json:
        screen.print_json([{"account": bench.settings.name} | _told(row) for bench, row in found])
    else:
        for bench, row in found:
            typer.echo(_line(bench, row, speaks(opened, language)))
        for name in {bench.settings.name for bench in opened} - {bench.settings.name for bench, _ in found}:
            typer.echo(spoken.line("no_runs", speaks(opened, language), name=name))


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


def _told(row: RunRow) -> dict[str, Any]:
    from connector.moment import from_ms
    from connector.redact import redact

    ended = from_ms(row.ended_at).isoformat(timespec="seconds") if row.ended_at is not None else None
    seconds = None if row.ended_at is None else (row.ended_at - row.started_at) / 1000
    return {
        "run": row.id, "what": row.what, "started_at": from_ms(row.started_at).isoformat(timespec="seconds"),
        "ended_at": ended, "seconds": seconds, "requests": row.requests, "rows": row.rows, "changed": row.changed,
        "writes": row.writes, "error": redact(row.error) if row.error else None,
    }  # fmt: skip


def _line(bench: Workbench, row: RunRow, language: Language) -> str:
    from connector.cli import screen, words
    from connector.cli.screens.standing import ended_how

    told = _told(row)
    took = decimals(f"{told['seconds']:.1f}", language) if told["seconds"] is not None else ""
    counts = screen.counted(words.worded({key: told[key] for key in words.COUNTS}, words.COUNTS, language), language)
    at = screen.local(row.started_at, bench.zone())
    return spoken.line(
        "run_line", language, name=bench.settings.name, run=row.id, what=words.known("run", row.what, language),
        at=at, counts=counts, ended=ended_how(row, language),
        took=spoken.line("run_took", language, seconds=took) if took else "",
    )  # fmt: skip
