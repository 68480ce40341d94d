"""kpi digest: short letters about one's own numbers, by mail and Telegram."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from connector.cli import spoken
from connector.cli.importing import only
from connector.cli.options import Account, Config, opened_desk, person
from connector.errors import KpiError

digests = typer.Typer(help="Letters about one's own numbers: look at them, send them.", no_args_is_help=True)


class Which(StrEnum):
    """Daily to each about himself, weekly to heads about their people."""

    daily = "daily"
    weekly = "weekly"


Kind = Annotated[Which, typer.Option("--kind", help="daily: to each about himself; weekly: to heads.")]
User = Annotated[str | None, typer.Option("--user", help="Only to this person, by id, name or a part of it.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(digests, name="digest")


@digests.command("preview")
def digest_preview(kind: Kind = Which.daily, user: User = None, config: Config = None, account: Account = None) -> None:
    """Print the letters that would be sent now; sends nothing."""
    from connector.pipeline.digests import letters

    with opened_desk(config) as desk:
        bench = only([desk.open(chosen) for chosen in desk.settings.pick(account)])
        found = letters(bench, kind.value, only=person(bench, user))
    for one in found:
        ways = ", ".join(filter(None, (one.reader.email, one.reader.chat and f"Telegram {one.reader.chat}")))
        typer.echo(f"--- {one.letter.subject} -> {one.letter.user} ({ways})")
        typer.echo(one.letter.plain())
    if not found:
        typer.echo(spoken.of(bench, "no_letters"), err=True)


@digests.command("send")
def digest_send(kind: Kind = Which.daily, user: User = None, config: Config = None, account: Account = None) -> None:
    """Send them now, whatever was sent today; exit code 1 where one could not be delivered."""
    from connector.pipeline.digests import send

    with opened_desk(config) as desk:
        bench = only([desk.open(chosen) for chosen in desk.settings.pick(account)])
        sent = send(bench, kind.value, only=person(bench, user))
    typer.echo(spoken.of(bench, "letters_sent", n=sent.count))
    if sent.problems:
        raise KpiError("; ".join(sent.problems), where=bench.settings.name)
