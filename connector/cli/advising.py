"""kpi advise: where each person's gap comes from and which KPIs to set; what moving one factor would bring."""

from __future__ import annotations

import json
import sys
from typing import Annotated, Any

import typer

from connector.cli.options import Account, AsJson, Config, InLanguage, benches, person, speaks
from connector.cli.when import parsed

advise = typer.Typer(help="Which KPIs to set for whom, why, and what it would bring.", invoke_without_command=True)
Month = Annotated[
    str | None,
    typer.Option("--period", "-p", help="The month to set KPIs for, such as 2026-10; default: the running one."),
]
User = Annotated[str | None, typer.Option("--user", "-u", help="One person, by id, name or a part of it; default all.")]
Chance = Annotated[float, typer.Option("--chance", min=0.05, max=0.95, help="With which a target is to be reached.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(advise, name="advise")


@advise.callback()
def advise_all(
    context: typer.Context,
    period: Month = None,
    user: User = None,
    chance: Chance = 0.6,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """The gap of each person by factor, the KPIs to set with targets and weights, and why nothing else."""
    if context.invoked_subcommand is not None:
        return
    from connector.advice.recommendation import json_of as recommend_json
    from connector.advice.recommendation import telling as recommend_telling
    from connector.pipeline.advice.advising import advise_people

    month = None if period is None else parsed(period)
    with benches(config, account, language) as opened:
        found = [
            advise_people(bench, month, user=person(bench, user), chance=chance, language=speaks(opened, language))
            for bench in opened
        ]
    if as_json:
        _print_json([recommend_json.as_json(one) for one in found])
    else:
        _print([recommend_telling.as_text(one, speaks(opened, language)) for one in found])


@advise.command("what-if")
def what_if(
    user: Annotated[str, typer.Option("--user", "-u", help="The person, by id, name or a part of it.")],
    factor: Annotated[str, typer.Option("--factor", "-f", help="leads, contact, conversion, size or kept.")],
    value: Annotated[float, typer.Option("--value", "-v", help="What it would be: 0.25, or an amount.")],
    period: Month = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """What a month would bring more if one factor of one person were this, all else as it is."""
    from connector.advice.recommendation import json_of as recommend_json
    from connector.advice.recommendation import telling as recommend_telling
    from connector.pipeline.advice.advising import try_factor

    month = None if period is None else parsed(period)
    with benches(config, account, language) as opened:
        found = [try_factor(bench, month, person(bench, user), factor, value) for bench in opened]
    if as_json:
        _print_json([recommend_json.what_if_json(one) for one in found])
    else:
        _print([recommend_telling.what_if_text(one, speaks(opened, language)) for one in found])


def _print(told: list[str]) -> None:
    sys.stdout.write("\n\n".join(told) + "\n")


def _print_json(told: list[dict[str, Any]]) -> None:
    """One object, or a list for several accounts."""
    sys.stdout.write(json.dumps(told[0] if len(told) == 1 else told, ensure_ascii=False, indent=2) + "\n")
