"""kpi feedback: the tasks that heads were given, what they answered, and whether it helped."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import Annotated

import typer

from connector.cli.options import Account, AsJson, Config, InLanguage, benches, person, speaks

feedback = typer.Typer(help="Tasks for heads: open and closed, their answers and effects.", no_args_is_help=True)


class Show(StrEnum):
    """Which tasks."""

    all = "all"
    open = "open"
    closed = "closed"


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(feedback, name="feedback")


@feedback.command("list")
def feedback_list(
    show: Annotated[Show, typer.Option("--show", "-s", help="all, open or closed.")] = Show.all,
    user: Annotated[str | None, typer.Option("--user", "-u", help="About one person, by id or name.")] = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Every task with its answer and its effect, the newest first."""
    from connector.cli.screens import feedback as feedback_screen
    from connector.pipeline.advice.following import chosen, unlisted

    with benches(config, account, language) as opened:
        found = [
            (bench.settings.name, bench.zone(), chosen(bench, user=person(bench, user), only=show.value))
            for bench in opened
        ]
        others = [unlisted(bench) for bench in opened]
    feedback_screen.show_list(found, others, speaks(opened, language), as_json=as_json)


@feedback.command("show")
def feedback_show(
    number: Annotated[str, typer.Argument(help="The task's id, as its text ends: [kpi#1a2b3c4d].")],
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """One task: its text, the answer, the effect with its interval."""
    from connector.advice.feedback import telling
    from connector.cli.screen import print_json
    from connector.pipeline.advice.following import one_of

    with benches(config, account, language) as opened:
        bench, found = one_of(opened, number)
        zone = bench.zone()
    if as_json:
        print_json(telling.as_json(found))
    else:
        sys.stdout.write(telling.as_text(found, zone, speaks(opened, language)) + "\n")
