"""kpi push, undo: from numbers back into the CRM."""

from __future__ import annotations

from typing import Annotated

import typer

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
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Put back what one run wrote, where nobody changed it since."""
    from connector.cli.screens import writing as writing_screen
    from connector.pipeline.bench import each
    from connector.pipeline.writing import undo_run

    with benches(config, account) as opened, stoppable() as stop:
        done = each(opened, lambda bench: undo_run(bench, run, stop=stop))
        writing_screen.show_pushed(done, languages(opened, language), as_json=as_json)
