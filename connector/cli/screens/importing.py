"""What imports and tokens print. Bad rows are a wrong call: every one is named, and nothing was taken."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.table import Table

from connector.cli.screen import counted, out, print_json, say
from connector.errors import BadConfig
from connector.moment import Zone, from_ms, zone_of
from connector.money import to_units
from connector.pipeline.importing import Brought
from connector.records import External
from connector.redact import redact
from connector.store.imports import Undone, counts
from connector.store.tables import ApiTokenRow, ImportRow


def show_brought(name: str, file: Path, brought: Brought, *, dry_run: bool, as_json: bool) -> None:
    """What was taken. Raises BadConfig with every bad line."""
    if brought.bad:
        raise BadConfig([f"{file}: line {one.line}: {one.problem}" for one in brought.bad] + ["nothing was taken"])
    if brought.ignored:
        say(f"{file}: columns that mean nothing here were ignored: {', '.join(brought.ignored)}")
    taken = brought.taken
    told = {"new": taken.new, "changed": taken.changed, "known already": taken.same}
    if as_json:
        print_json(_taken_json(name, brought, dry_run=dry_run))
    elif dry_run:
        out.print(f"{name}: would take {counted(told)}; nothing was stored", markup=False, soft_wrap=True)
    elif taken.id is None:
        out.print(f"{name}: nothing new: {counted({'rows known already': taken.same})}", markup=False, soft_wrap=True)
    else:
        out.print(f"{name}: import {taken.id}: {counted(told)}{_derived(brought)}", markup=False, soft_wrap=True)
    fail_if_waiting(name, brought)


def show_undone(name: str, number: int, undone: Undone, brought: Brought, *, as_json: bool) -> None:
    """What became of its rows."""
    told = {"rows gone": undone.gone, "as before it": undone.restored, "held by later imports": undone.kept}
    if as_json:
        print_json({"account": name, "import": number} | undone._asdict() | _derived_json(brought))
    else:
        out.print(f"{name}: import {number} undone: {counted(told)}{_derived(brought)}", markup=False, soft_wrap=True)
    fail_if_waiting(name, brought)


def show_imports(found: Sequence[tuple[str, Zone, Sequence[ImportRow]]], *, as_json: bool) -> None:
    """A line an import, the newest first."""
    if as_json:
        print_json([_import_json(name, row) for name, _, rows in found for row in rows])
        return
    for name, zone, rows in found:
        for row in rows:
            out.print(_import_line(name, zone, row), markup=False, soft_wrap=True)


def _import_line(name: str, zone: Zone, row: ImportRow) -> str:
    sorts = counted({str(what): count for what, count in counts(row.whats).items()})
    undone = f"; undone {_when(row.undone_at, zone)} by {row.undone_by}" if row.undone_at is not None else ""
    told = f"{row.source}: {sorts} ({counted({'new': row.new, 'changed': row.changed})}){undone}"
    return f"{name}: import {row.id}, {_when(row.at, zone)}, {row.author}, {told}"


def show_versions(name: str, zone: Zone, found: Sequence[tuple[ImportRow, External]], *, as_json: bool) -> None:
    """Each with the import that brought it and what it says."""
    if as_json:
        print_json([_import_json(name, row) | {"row": msgspec.to_builtins(told)} for row, told in found])
        return
    for row, told in found:
        undone = f"; undone {_when(row.undone_at, zone)} by {row.undone_by}" if row.undone_at is not None else ""
        when = _when(row.at, zone)
        line = f"{name}: import {row.id}, {when}, {row.author}, {row.source}: {_said(told, zone)}{undone}"
        out.print(line, markup=False, soft_wrap=True)


def _said(told: External, zone: Zone) -> str:
    """`payment 2026-08-12 14:30, user 501, 100.00 USD`."""
    parts = [f"{told.what} {_clock(told.at, zone)}"]
    parts += [f"user {told.user_id}"] if told.user_id else []
    parts += [ref.replace(":", " ") for ref in (told.deal, told.client) if ref]
    for word, minor in (("", told.amount), ("paid ", told.paid)):
        parts += [f"{word}{to_units(minor, told.currency or '')} {told.currency}"] if minor is not None else []
    parts += [f"number {told.number:g}"] if told.number is not None else []
    parts += [f"of {told.items:g}"] if told.items is not None else []
    parts += [f"due {_clock(told.due_at, zone)}"] if told.due_at is not None else []
    return ", ".join([*parts, told.technique] if told.technique else parts)


def show_token(name: str, token: str) -> None:
    """The token alone on stdout, for scripts."""
    say(f"{name}: this is shown once; keep it where secrets are kept")
    typer.echo(token)


def show_tokens(found: Sequence[tuple[ApiTokenRow, str | None]], *, as_json: bool) -> None:
    """A line a token, the oldest first."""
    if as_json:
        print_json([_token_json(row, account) for row, account in found])
        return
    grid = Table("Name", "Scope", "Account", "Created", "Revoked")
    for row, account in found:
        revoked = _when(row.revoked_at, "UTC") if row.revoked_at is not None else ""
        grid.add_row(row.name, row.scope, account or "all", _when(row.created_at, "UTC"), revoked)
    out.print(grid)


def fail_if_waiting(name: str, brought: Brought) -> None:
    """What is kept but could not be derived is said, and is a failure."""
    if brought.problem:
        say(redact(f"{name}: {brought.problem}"))
        raise typer.Exit(1)


def _derived(brought: Brought) -> str:
    done = brought.synced
    if done is None:
        return ""
    told = {"clients derived": done.dossiers, "facts added": done.facts_added, "ended": done.facts_ended}
    return f"; {counted(told)}"


def _taken_json(name: str, brought: Brought, *, dry_run: bool) -> dict[str, Any]:
    number, new, changed, same = brought.taken
    told = {"account": name, "import": number, "new": new, "changed": changed, "same": same, "dry_run": dry_run}
    return told | {"ignored": list(brought.ignored)} | _derived_json(brought)


def _derived_json(brought: Brought) -> dict[str, Any]:
    done = brought.synced
    numbers = {"facts_added": done.facts_added, "facts_ended": done.facts_ended} if done else {}
    return numbers | {"problem": redact(brought.problem) or None}


def _import_json(name: str, row: ImportRow) -> dict[str, Any]:
    return {
        "account": name,
        "import": row.id,
        "at": _iso(row.at),
        "author": row.author,
        "source": row.source,
        "digest": row.digest,
        "rows": dict(counts(row.whats)),
        "new": row.new,
        "changed": row.changed,
        "same": row.same,
        "undone_at": _iso(row.undone_at),
        "undone_by": row.undone_by,
    }


def _token_json(row: ApiTokenRow, account: str | None) -> dict[str, Any]:
    told = {"name": row.name, "scope": row.scope, "account": account}
    return told | {"created_at": _iso(row.created_at), "revoked_at": _iso(row.revoked_at)}


def _when(ms: int, zone: Zone) -> str:
    return _clock(from_ms(ms), zone)


def _clock(at: datetime, zone: Zone) -> str:
    return f"{at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"


def _iso(ms: int | None) -> str | None:
    return None if ms is None else from_ms(ms).isoformat()
