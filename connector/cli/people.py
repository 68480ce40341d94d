"""kpi user: who may look at the pages: links to sign in, and ending sessions."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from connector.cli import spoken
from connector.cli.importing import only
from connector.cli.options import Account, AsJson, Config, opened_desk

users = typer.Typer(help="Who may look at the pages: a link to sign in, ending sessions.", no_args_is_help=True)
Whom = Annotated[str, typer.Option("--user", help="Whom, by id, name or a part of it.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(users, name="user")


@users.command("link")
def user_link(user: Whom, config: Config = None, account: Account = None, as_json: AsJson = False) -> None:
    """Print a link by which this person signs in: once, within a day. Only its hash is kept."""
    from connector.web.links import issue_link
    from connector.web.serving import LISTEN

    with opened_desk(config) as desk:
        web = desk.settings.web
        bench = only([desk.open(chosen) for chosen in desk.settings.pick(account)])
        made = issue_link(bench, user, web.address or f"http://{web.listen or LISTEN}")
    if as_json:
        told = {"user": {"id": made.user.id, "name": made.user.name}, "link": made.link}
        typer.echo(json.dumps(told | {"until": made.until.isoformat()}, ensure_ascii=False))
        return
    who, until = f"{made.user.name} ({made.user.id})", f"{made.until.astimezone(bench.zone()):%Y-%m-%d %H:%M %Z}"
    typer.echo(spoken.line("link_until", bench.settings.language, who=who, until=until), err=True)
    typer.echo(made.link)


@users.command("end")
def user_end(user: Whom, config: Config = None, account: Account = None) -> None:
    """End every session of this person, and every link that was not used."""
    from connector.web.links import end_sessions

    with opened_desk(config) as desk:
        bench = only([desk.open(chosen) for chosen in desk.settings.pick(account)])
        whom, ended = end_sessions(bench, user)
    typer.echo(f"{whom.name}: {spoken.line('ended', bench.settings.language, n=ended)}")
