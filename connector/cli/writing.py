"""kpi push, undo: from numbers back into the CRM."""

from __future__ import annotations

from typing import Annotated

import typer

from connector.cli import spoken
from connector.cli.options import Account, AsJson, Config, InLanguage, benches, languages, speaks, stoppable


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(push)
    app.command()(undo)


def push(
    config: Config = None,
    account: Account = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only show what would be written.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Also over what people wrote into our fields, and what was refused before.")
    ] = False,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Write what is wanted, for the levels that are on; the others are only shown."""
    from connector.cli import screen
    from connector.cli.screens import writing as writing_screen
    from connector.pipeline.bench import each
    from connector.pipeline.writing import preview_of
    from connector.pipeline.writing import push as deliver

    with (
        benches(config, account, language) as opened,
        stoppable() as stop,
        screen.progress(speaks(opened, language), quiet=as_json) as progress,
    ):
        if preview:
            told = languages(opened, language)
            previews = each(opened, lambda bench: preview_of(bench, force=force, language=told[bench.settings.name]))
        else:
            pushed = each(opened, lambda bench: deliver(bench, force=force, progress=progress, stop=stop))
    if preview:
        writing_screen.show_previews(previews, languages(opened, language), as_json=as_json)
    else:
        writing_screen.show_pushed(pushed, languages(opened, language), as_json=as_json)


def undo(
    run: Annotated[int, typer.Argument(help="The run's number, as push and status print it.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Show what one run wrote and what returns, ask, and put it back where nobody changed it since."""
    from connector.cli.screens import undoing as screen
    from connector.pipeline import undoing
    from connector.pipeline.bench import each

    with benches(config, account, language) as opened:
        told, first = languages(opened, language), speaks(opened, language)
        found = [(bench, undoing.returning(bench, run, told[bench.settings.name])) for bench in opened]
        theirs = {bench.settings.name: one for bench, one in found if one is not None}
        if not theirs:
            raise undoing.nothing_of(opened, run)
        if not yes:
            zones = {bench.settings.name: bench.zone() for bench in opened}
            screen.show_returning(theirs, told, zones)
            if any(one.shown.changes for one in theirs.values()):
                typer.confirm(spoken.line("undo_ask", first), abort=True, err=True)
        with stoppable() as stop:
            done = each([bench for bench, one in found if one], lambda bench: undoing.undo_run(bench, run, stop=stop))
        screen.show_undone(done, theirs, told, as_json=as_json)
