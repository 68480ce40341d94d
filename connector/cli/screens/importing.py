"""What imports and tokens print. Bad rows are a wrong call: every one is named, and nothing was taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import typer
from rich.table import Table

from connector.cli.screen import Spoken, counted, of, out, print_json, say, wide
from connector.cli.screens.importing_words import (
    ALL,
    COUNTS,
    IGNORED,
    IMPORT,
    NO_IMPORTS,
    NOTHING_NEW,
    PARTS,
    SHOWN_ONCE,
    TAKEN,
    TOKENS,
    UNDONE,
    UNDONE_BY,
    WOULD,
)
from connector.cli.words import WHATS, worded
from connector.errors import BadConfig
from connector.kpi.telling.render import shown
from connector.kpi.text import Language
from connector.moment import Zone, from_ms, zone_of
from connector.money import to_units
from connector.pipeline.importing import Brought
from connector.records import External
from connector.redact import redact
from connector.said import in_language
from connector.store.imports import Undone, counts
from connector.store.tables import ApiTokenRow, ImportRow


def show_brought(name: str, file: Path, brought: Brought, language: Language, *, dry_run: bool, as_json: bool) -> None:
    """What was taken. Raises BadConfig with every bad line."""
    if brought.bad:
        raise BadConfig([f"{file}: line {one.line}: {one.problem}" for one in brought.bad] + ["nothing was taken"])
    if brought.ignored:
        say(IGNORED(language).format(file=file, columns=", ".join(brought.ignored)))
    taken = brought.taken
    told = _counts({"new": taken.new, "changed": taken.changed, "same": taken.same}, language)
    if as_json:
        print_json(_taken_json(name, brought, dry_run=dry_run))
    elif dry_run:
        out.print(WOULD(language).format(name=name, what=told), markup=False, soft_wrap=True)
    elif taken.id is None:
        same = _counts({"known": taken.same}, language)
        out.print(NOTHING_NEW(language).format(name=name, what=same), markup=False, soft_wrap=True)
    else:
        what = told + _derived(brought, language)
        out.print(TAKEN(language).format(name=name, id=taken.id, what=what), markup=False, soft_wrap=True)
    fail_if_waiting(name, brought, language)


def show_undone(name: str, number: int, undone: Undone, brought: Brought, language: Language, *, as_json: bool) -> None:
    """What became of its rows."""
    told = _counts({"gone": undone.gone, "restored": undone.restored, "kept": undone.kept}, language)
    if as_json:
        print_json({"account": name, "import": number} | undone._asdict() | _derived_json(brought))
    else:
        what = told + _derived(brought, language)
        out.print(UNDONE(language).format(name=name, id=number, what=what), markup=False, soft_wrap=True)
    fail_if_waiting(name, brought, language)


def show_imports(found: Sequence[tuple[str, Zone, Sequence[ImportRow]]], spoken: Spoken, *, as_json: bool) -> None:
    """A line an import, the newest first."""
    if as_json:
        print_json([_import_json(name, row) for name, _, rows in found for row in rows])
        return
    for name, zone, rows in found:
        for row in rows:
            out.print(_import_line(name, zone, row, of(spoken, name)), markup=False, soft_wrap=True)
        if not rows:
            out.print(NO_IMPORTS(of(spoken, name)).format(name=name), markup=False)


def _import_line(name: str, zone: Zone, row: ImportRow, language: Language) -> str:
    sorts = worded({str(what): count for what, count in counts(row.whats).items()}, WHATS, language)
    new = _counts({"new": row.new, "changed": row.changed}, language)
    told = f"{row.source}: {counted(sorts, language)} ({new}){_undone(row, zone, language)}"
    at = _when(row.at, zone)
    return IMPORT(language).format(name=name, id=row.id, at=at, author=row.author, told=told)


def _undone(row: ImportRow, zone: Zone, language: Language) -> str:
    if row.undone_at is None:
        return ""
    return UNDONE_BY(language).format(at=_when(row.undone_at, zone), who=row.undone_by)


def _counts(numbers: Mapping[str, int], language: Language) -> str:
    return counted(worded(numbers, COUNTS, language), language)


def show_versions(
    name: str, zone: Zone, found: Sequence[tuple[ImportRow, External]], language: Language, *, as_json: bool
) -> None:
    """Each with the import that brought it and what it says."""
    if as_json:
        print_json([_import_json(name, row) | {"row": msgspec.to_builtins(told)} for row, told in found])
        return
    for row, told in found:
        said = f"{row.source}: {_said(told, zone, language)}{_undone(row, zone, language)}"
        when = {"id": row.id, "at": _when(row.at, zone), "author": row.author}
        out.print(IMPORT(language).format(name=name, told=said, **when), markup=False, soft_wrap=True)


def _said(told: External, zone: Zone, language: Language) -> str:
    """`payment 2026-08-12 14:30, user 501, 100.00 USD`."""
    what = WHATS[told.what](language) if told.what in WHATS else told.what
    parts = [f"{what} {_clock(told.at, zone)}"]
    values: dict[str, object] = {"user": told.user_id or None}
    values |= {"paid": None if told.paid is None else _money(told.paid, told, language), "number": _plain(told.number)}
    values |= {"of": _plain(told.items), "due": None if told.due_at is None else _clock(told.due_at, zone)}
    parts += [ref.replace(":", " ") for ref in (told.deal, told.client) if ref]
    parts += [] if told.amount is None else [_money(told.amount, told, language)]
    parts += [PARTS[key](language).format(value=value) for key, value in values.items() if value is not None]
    return ", ".join([*parts, told.technique] if told.technique else parts)


def _money(minor: int, told: External, language: Language) -> str:
    currency = told.currency or ""
    return f"{shown(to_units(minor, currency), 'money', currency, language)} {currency}"


def _plain(number: float | None) -> str | None:
    return None if number is None else f"{number:g}"


def show_token(name: str, token: str, language: Language) -> None:
    """The token alone on stdout, for scripts."""
    say(SHOWN_ONCE(language).format(name=name))
    typer.echo(token)


def show_tokens(found: Sequence[tuple[ApiTokenRow, str | None]], language: Language, *, as_json: bool) -> None:
    """A line a token, the oldest first."""
    if as_json:
        print_json([_token_json(row, account) for row, account in found])
        return
    grid = Table(*(head(language) for head in TOKENS))
    for row, account in found:
        revoked = _when(row.revoked_at, "UTC") if row.revoked_at is not None else ""
        grid.add_row(row.name, row.scope, account or ALL(language), _when(row.created_at, "UTC"), revoked)
    out.print(grid, width=wide(60))


def fail_if_waiting(name: str, brought: Brought, language: Language) -> None:
    """What is kept but could not be derived is said, and is a failure."""
    if brought.problem:
        say(redact(f"{name}: {in_language(brought.problem, language)}"))
        raise typer.Exit(1)


def _derived(brought: Brought, language: Language) -> str:
    done = brought.synced
    if done is None:
        return ""
    told = {"dossiers": done.dossiers, "facts_added": done.facts_added, "facts_ended": done.facts_ended}
    return f"; {_counts(told, language)}"


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
