"""kpi init, check, authorise, status: connecting an account and seeing how it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connector.cli import spoken
from connector.cli.options import (
    Account,
    AsJson,
    Config,
    InLanguage,
    benches,
    command,
    config_path,
    languages,
    listening,
)
from connector.cli.tongue import in_house, speaking
from connector.errors import BadConfig
from connector.kpi.text import Language as LanguageName


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(init)
    app.command()(check)
    app.command()(authorise)
    app.command()(status)


def init(
    config: Config = None,
    guided: Annotated[bool, typer.Option("--wizard", help="Connect, look into the CRM, propose, ask.")] = False,
    yes: Annotated[
        bool, typer.Option("--yes", help="With --wizard: take every proposal; only the CRM and its address are asked.")
    ] = False,
    dry_run: Annotated[bool, typer.Option(help="With --wizard: compare three months with the CRM.")] = True,
    language: InLanguage = None,
    web: Annotated[bool, typer.Option("--web", help="The same as pages, by a link that is good once.")] = False,
    listen: Annotated[
        str | None, typer.Option(help="With --web: HOST:PORT; default 127.0.0.1:8800.", parser=listening)
    ] = None,
    env: Annotated[
        list[str] | None, typer.Option("--env", help="With --web: a further variable that may hold the key.")
    ] = None,
) -> None:
    """Write a commented configuration, or the one that the CRM suggests; an existing file is left alone."""
    path, spoken_in = config_path(config), in_house(language)
    with speaking(spoken_in):
        if web:
            from connector.cli.first_run_web import in_browser

            in_browser(path, spoken_in, listen, env or [])
        elif guided:
            from connector.cli.first_run import wizard

            wizard(path, spoken_in, yes=yes, dry_run=dry_run)
        else:
            _copied(path, spoken_in)
            typer.echo(spoken.line("written", spoken_in, path=path, check=command("check", path)))


def _copied(path: Path, language: LanguageName) -> None:
    """The example goes where nothing is yet."""
    from connector.cli.example import example

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(example(language))
    except FileExistsError:
        raise BadConfig([f"{path}: exists already; left as it is"]) from None


def check(config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False) -> None:
    """Log in and show rights, pipelines, fields, limits and the clock offset."""
    from connector.cli.screens import standing as standing_screen
    from connector.pipeline.standing import examine

    with benches(config, account, language) as opened:
        findings = [examine(bench) for bench in opened]
    standing_screen.show_findings(findings, languages(opened, language), as_json=as_json)
    codes = [finding.error.exit_code for finding in findings if finding.error is not None]
    codes += [2 for finding in findings if finding.missing]
    if codes:
        raise typer.Exit(max(codes))


def authorise(
    config: Config = None,
    account: Account = None,
    code: Annotated[str | None, typer.Option(help="The code, or the whole address you were sent back to.")] = None,
) -> None:
    """OAuth: print the link to open, take the code that comes back."""
    with benches(config, account) as opened:
        if code and len(opened) > 1:
            raise BadConfig(["authorise: a code is good for one account, name it with --account"])
        for bench in opened:
            authority = getattr(bench.provider, "authority", None)
            if authority is None:
                typer.echo(spoken.of(bench, "no_oauth"))
                continue
            typer.echo(spoken.of(bench, "open_link", link=authority.link()))
            authority.accept(code or typer.prompt(spoken.line("code", bench.settings.language)))
            typer.echo(spoken.of(bench, "authorised"))


def status(
    config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False
) -> None:
    """How fresh each stream is, the last runs, the outbox, and what needs attention. Asks nothing of the CRM."""
    from connector.cli.screens import standing as standing_screen
    from connector.pipeline.standing import standing

    with benches(config, account, language) as opened:
        standing_screen.show_standing(
            [standing(bench) for bench in opened], languages(opened, language), as_json=as_json
        )
