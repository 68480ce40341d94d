"""What a backup is, whose data it holds, and what became of the database that it replaced."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from connector.cli.screen import print_json
from connector.cli.screens.standing import age
from connector.cli.spoken import line
from connector.cli.tongue import decimals
from connector.errors import KpiError
from connector.kpi.text import Language
from connector.moment import from_ms, to_ms
from connector.said import told
from connector.store.backup import DAMAGED, Backup
from connector.store.holding import Kept


def show_backup(
    made: Backup,
    word: str,
    language: Language,
    *,
    as_json: bool,
    aside: Path | None = None,
    closed: Mapping[str, KpiError] | None = None,
) -> None:
    """What the file is; after a restore also where the database went, and which accounts could not be opened."""
    if as_json:
        shown: dict[str, Any] = {
            "path": str(made.path),
            "bytes": made.bytes,
            "schema": made.schema,
            "rows": made.counts,
            "accounts": [_account_json(one) for one in made.accounts],
        }
        shown |= {"before": str(aside)} if aside is not None else {}
        shown |= {"not_opened": {name: str(error) for name, error in closed.items()}} if closed else {}
        print_json(shown)
        return
    count = f"{sum(made.counts.values()):,}".replace(",", " ")
    rows = line("backup_rows", language, n=count, tables=len(made.counts)) if made.counts else ""
    size = decimals(f"{made.bytes / 1_000_000:.1f}", language)
    typer.echo(line(word, language, told=line("backup_size", language, path=made.path, mb=size, rows=rows)))
    if aside is not None:
        typer.echo(line("aside_damaged" if aside.suffix == DAMAGED else "aside", language, path=aside))
    for name, error in (closed or {}).items():
        typer.echo(line("not_opened", language, name=name, why=told(error, language)), err=True)


def show_accounts(made: Backup, language: Language, *, err: bool = False) -> None:
    """Whose data it holds, and until when."""
    for one in made.accounts:
        last = line("backup_no_run", language)
        if one.last_run is not None:
            old = age(to_ms(datetime.now(UTC)) - one.last_run, language)
            last = line("backup_last", language, at=f"{from_ms(one.last_run):%Y-%m-%d %H:%M}", age=old)
        host = one.host or line("backup_unmet", language)
        named = {"name": one.name, "provider": one.provider}
        typer.echo(line("backup_account", language, **named, host=host, last=last), err=err)


def _account_json(one: Kept) -> dict[str, Any]:
    at = None if one.last_run is None else from_ms(one.last_run).isoformat(timespec="seconds")
    return {"name": one.name, "provider": one.provider, "host": one.host, "last_run_at": at}
