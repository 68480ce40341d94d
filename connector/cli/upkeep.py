"""kpi backup, restore, runs: keeping the database, and its history of work."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.cli.options import Account, AsJson, Config, benches, config_path, opened_desk

if TYPE_CHECKING:
    from connector.store.backup import Backup
    from connector.store.tables import RunRow


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

    with opened_desk(config) as desk:
        made = back_up(desk.store, to or desk.folder / "backups", now=desk.clock())
    _show(made, "backed up", as_json=as_json)


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
        _show(backups.verify(path), "whole", as_json=as_json)
        return
    looked = backups.verify(path) if path.suffix != backups.DUMP else None
    if not yes:
        typer.confirm(f"replace the database by {path.name}?", abort=True)
    store = open_store(read_settings(config_path(config), os.environ).store.url)
    try:
        looked, aside = backups.restore(path, store, now=datetime.now(UTC))
    finally:
        store.dispose()
    with opened_desk(config):
        pass  # opening it migrates an older one, and makes erasures again that it does not know of
    _show(looked, "restored", as_json=as_json, aside=aside)


def runs(
    config: Config = None,
    account: Account = None,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="How many, the newest first.")] = 20,
    what: Annotated[str | None, typer.Option(help="Only sync, sweep, derive, push, hooks, undo…")] = None,
    as_json: AsJson = False,
) -> None:
    """The history of work: requests, rows, changes, writes of each run, how long it took and how it ended."""
    from connector.cli import screen
    from connector.store import runs as history

    with benches(config, account) as opened:
        found = []
        for bench in opened:
            with bench.store.read() as conn:
                found += [(bench.settings.name, row) for row in history.recent(conn, bench.account, limit, what)]
    if as_json:
        screen.print_json([{"account": name} | _told(row) for name, row in found])
    else:
        for name, row in found:
            typer.echo(_line(name, row))


def _show(made: Backup, word: str, *, as_json: bool, aside: Path | None = None) -> None:
    from connector.cli import screen

    if as_json:
        told: dict[str, Any] = {"path": str(made.path), "bytes": made.bytes, "schema": made.schema, "rows": made.counts}
        screen.print_json(told | ({"before": str(aside)} if aside is not None else {}))
        return
    count = f"{sum(made.counts.values()):,}".replace(",", " ")
    rows = f", {count} rows in {len(made.counts)} tables" if made.counts else ""
    typer.echo(f"{word}: {made.path} ({made.bytes / 1_000_000:.1f} MB{rows})")
    if aside is not None:
        typer.echo(f"what stood there: {aside}")
    if word == "backed up":
        typer.echo("the key that opens its tokens is not in it: keep kpi.key (or KPI_KEY) elsewhere", err=True)


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


def _line(name: str, row: RunRow) -> str:
    told = _told(row)
    took = "" if told["seconds"] is None else f" in {told['seconds']:.1f} s"
    counts = ", ".join(f"{told[key]} {key}" for key in ("requests", "rows", "changed", "writes"))
    ended = told["error"] or ("ok" if told["ended_at"] else "running or killed")
    return f"{name} run {row.id} {row.what} {str(told['started_at'])[:19].replace('T', ' ')}{took}: {counts}; {ended}"
