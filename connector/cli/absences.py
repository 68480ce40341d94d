"""kpi absences: who was away, came or left; it pauses working time and makes worked days."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connector.cli import spoken
from connector.cli.options import Account, AsJson, Config, InLanguage, benches, speaks

absences = typer.Typer(help="Absences, hires and leavings: import from CSV, list.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(absences, name="absences")


@absences.command("import")
def absences_import(
    file: Annotated[Path, typer.Argument(help="CSV with the columns user (id or name), from, to, kind.")],
    config: Config = None,
    account: Account = None,
    whole: Annotated[
        bool, typer.Option("--replace", help="The file is all there is: what it does not say is no longer so.")
    ] = False,
) -> None:
    """Take absences (vacation, sick, other) and days of hire and leaving from a CSV; past reports stay as they were."""
    from connector.pipeline.calendars import import_absences

    with benches(config, account) as opened:
        for bench in opened:
            taken = import_absences(bench, file, whole=whole)
            typer.echo(spoken.of(bench, "absences", added=taken.added, ended=taken.ended))


@absences.command("list")
def absences_list(
    config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False
) -> None:
    """Who was away, came or left, as known now."""
    from connector.cli.screens.calendars import show_absences
    from connector.pipeline.calendars import absences_of

    with benches(config, account, language) as opened:
        found = [(bench.settings.name, *absences_of(bench)) for bench in opened]
        show_absences(found, speaks(opened, language), as_json=as_json)
