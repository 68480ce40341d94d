"""kpi close, reopen, closings, corrections: a month's numbers stand still, and what is learned later is told apart."""

from __future__ import annotations

import getpass
from typing import Annotated

import typer

from connector.cli.options import Account, AsJson, Config, InLanguage, benches, languages, person, speaks
from connector.cli.when import Period, parsed

Why = Annotated[str, typer.Option("--reason", "-r", help="Why; it stays in the history.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(close)
    app.command()(reopen)
    app.command()(closings)
    app.command()(corrections)


def close(
    period: Period,
    config: Config = None,
    account: Account = None,
    force: Annotated[bool, typer.Option("--force", help="Before the days of grace are over.")] = False,
    reason: Why = "",
    as_json: AsJson = False,
) -> None:
    """Freeze every number of a month with its proof; later changes become corrections."""
    from connector.cli.screens import closing as closing_screen
    from connector.pipeline.bench import each
    from connector.pipeline.closing import close_month

    month, author = parsed(period), getpass.getuser()
    with benches(config, account) as opened:
        done = each(opened, lambda bench: close_month(bench, month, author=author, reason=reason, force=force))
    closing_screen.show_closed(done, languages(opened), as_json=as_json)


def reopen(
    period: Period, reason: Why, config: Config = None, account: Account = None, as_json: AsJson = False
) -> None:
    """Let a closed month follow changes again; what was frozen stays in the history."""
    from connector.cli.screens import closing as closing_screen
    from connector.pipeline.bench import each
    from connector.pipeline.closing import reopen_month

    month, author = parsed(period), getpass.getuser()
    with benches(config, account) as opened:
        done = each(opened, lambda bench: reopen_month(bench, month, author=author, reason=reason))
    closing_screen.show_reopened(done, languages(opened), as_json=as_json)


def closings(
    config: Config = None,
    account: Account = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Hash what was frozen, and its facts as known then, once more.")
    ] = False,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Who closed and reopened which month, when and why."""
    from connector.cli.screens import closing as closing_screen
    from connector.pipeline.closing import history_of, verified

    found, broken = [], False
    with benches(config, account, language) as opened:
        for bench in opened:
            rows = history_of(bench)
            closed = [(place, row) for place, row in enumerate(rows) if row.what == "closed"] if verify else []
            sound = {place: verified(bench, row) for place, row in closed}
            broken |= not all(sound.values())
            found.append((bench.settings.name, bench.zone(), rows, sound))
    closing_screen.show_history(found, languages(opened, language), as_json=as_json)
    if broken:
        raise typer.Exit(1)


def corrections(
    period: Period,
    kpi: Annotated[str | None, typer.Option("--kpi", "-k", help="Only this KPI, by its key.")] = None,
    user: Annotated[str | None, typer.Option("--user", "-u", help="Only this person, by id or name.")] = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """What became known in a month of months closed before: each change with its day, amount and reason."""
    from connector.cli.screen import print_json
    from connector.kpi.corrections import telling
    from connector.pipeline.correcting import corrections_of

    asked, told = parsed(period), []
    with benches(config, account, language) as opened:
        for bench in opened:
            found = corrections_of(bench, asked, kpi=kpi, user=person(bench, user))
            name, zone, link_to = bench.settings.name, bench.zone(), bench.provider.link_to
            if as_json:
                told.append(telling.as_json(name, asked.label, found, zone=zone, link_to=link_to))
            else:
                spoken = speaks([bench], language)
                typer.echo(telling.as_text(name, asked.label, found, spoken, zone=zone, link_to=link_to))
    if as_json:
        print_json(told)
