"""kpi runs: the history of work."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from connector.cli import spoken
from connector.cli.options import Account, AsJson, Config, InLanguage, benches
from connector.cli.tongue import decimals, speaks

if TYPE_CHECKING:
    from connector.kpi.text import Language
    from connector.pipeline.bench import Workbench
    from connector.store.tables import RunRow


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(runs)


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
