"""kpi plan: what is agreed on with whom, whether it makes sense, and how far along everybody is."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli import spoken
from connector.cli.options import (
    Account,
    AsJson,
    Config,
    InLanguage,
    benches,
    config_path,
    languages,
    opened_desk,
    person,
    speaks,
)
from connector.cli.when import Period, parsed

if TYPE_CHECKING:
    from connector.pipeline.bench import Workbench
    from connector.result import Plan

plan = typer.Typer(help="Plans and sets of KPIs: agree, check, show; a change is a new version.", no_args_is_help=True)
User = Annotated[str | None, typer.Option("--user", "-u", help="A person, by id, name or a part of it.")]
Team = Annotated[str | None, typer.Option("--team", help="A team, by id or name.")]
Kpi = Annotated[str, typer.Option("--kpi", "-k", help="The KPI's key, such as revenue.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(plan, name="plan")


@plan.command("import")
def plan_import(
    file: Annotated[Path, typer.Argument(help="CSV: user, team or company, kpi, period, value; pipeline, reason.")],
    config: Config = None,
    account: Account = None,
) -> None:
    """Take plans from a CSV; a changed value is a new version with a reason, nothing is overwritten."""
    from connector.pipeline.measuring import import_plans

    with benches(config, account) as opened:
        for bench in opened:
            typer.echo(spoken.of(bench, "plan_versions", n=import_plans(bench, file)))


@plan.command("list")
def plan_list(
    period: Period,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """The plans in force for a period, those of single pipelines too."""
    from connector.cli.screens import numbers as numbers_screen
    from connector.cli.screens import plans as plans_screen
    from connector.pipeline.planning.plans import history_told

    with benches(config, account, language) as opened:
        found = [history_told(bench, parsed(period)) for bench in opened]
    if as_json or any(one.plans for one in found):
        numbers_screen.show_plans(found, speaks(opened, language), as_json=as_json)
    if not as_json:
        plans_screen.show_none(found, parsed(period).label, languages(opened, language))


@plan.command("set")
def plan_set(  # noqa: PLR0913 - the command's options
    kpi: Kpi,
    period: Period,
    value: Annotated[str, typer.Option("--value", "-v", help="In the KPI's unit: money in whole units, 0.30 a share.")],
    user: User = None,
    team: Team = None,
    company: Annotated[bool, typer.Option("--company", help="The company's own plan.")] = False,
    pipeline: Annotated[str | None, typer.Option(help="Of this pipeline only, by id or name.")] = None,
    reason: Annotated[str, typer.Option("--reason", "-r", help="Why; needed for a change.")] = "",
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Agree on one plan. What is over stays as it was; a change is a new version and needs a reason."""
    from connector.cli.screens import plans as plans_screen
    from connector.pipeline.planning.plans import agree, agreed_told
    from connector.targets.plans import one_plan

    wanted = one_plan(
        {"user": user, "team": team, "company": "yes" if company else None},
        kpi=kpi, period=parsed(period).label, value=value, pipeline=pipeline, author=getpass.getuser(), reason=reason,
    )  # fmt: skip
    with benches(config, account, language) as opened:
        done = [agreed_told(bench, agree(bench, _by_id(bench, wanted))) for bench in opened]
        plans_screen.show_agreed(done, languages(opened, language), as_json=as_json)


@plan.command("show")
def plan_show(
    period: Period,
    user: User = None,
    team: Team = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Everybody's set: plan, first plan, plan by days worked, fact, attainment, pace, chance, and the set's score."""
    from connector.cli.screens import plans as plans_screen
    from connector.pipeline.planning.ahead import with_chances
    from connector.pipeline.planning.plans import people_plans

    with benches(config, account, language) as opened:
        found = [
            one
            for bench in opened
            for one in with_chances(
                bench, parsed(period), people_plans(bench, parsed(period), user=person(bench, user), team=team)
            )
        ]
    plans_screen.show_people(found, speaks(opened, language), as_json=as_json)


@plan.command("history")
def plan_history(
    period: Period,
    user: User = None,
    team: Team = None,
    kpi: Annotated[str | None, typer.Option("--kpi", "-k", help="Only this KPI.")] = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Every version of every plan: who agreed on what, when and why."""
    from connector.cli.screens import plans as plans_screen
    from connector.pipeline.planning.plans import history_told

    with benches(config, account, language) as opened:
        found = [history_told(bench, parsed(period), user=person(bench, user), team=team, kpi=kpi) for bench in opened]
    plans_screen.show_history(found, speaks(opened, language), as_json=as_json)


@plan.command("cascade")
def plan_cascade(
    period: Period,
    kpi: Kpi = "revenue",
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Company, teams, people: each plan beside the sum of its parts, and by how much they miss one another."""
    from connector.cli.screens import plans as plans_screen
    from connector.pipeline.planning.plans import cascade_of

    with benches(config, account, language) as opened:
        found = [cascade_of(bench, parsed(period), kpi) for bench in opened]
    plans_screen.show_cascades(found, speaks(opened, language), as_json=as_json)


@plan.command("sets")
def plan_sets(
    config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False
) -> None:
    """The sets of the configuration: the goal each serves, whose it is, its KPIs by weight."""
    from connector.cli.screens import plans as plans_screen
    from connector.pipeline.planning.plans import sets_told

    with benches(config, account, language) as opened:
        found = [sets_told(bench) for bench in opened]
    plans_screen.show_sets(found, speaks(opened, language), as_json=as_json)


@plan.command("check")
def plan_check(
    period: Annotated[str | None, typer.Option("--period", "-p", help="A month; left out: the running one.")] = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """What is wrong with sets and plans, and what to do; exit code 1 where anything is and not only doubtful."""
    from connector.cli.screens import plans as plans_screen
    from connector.config import lines
    from connector.pipeline.planning.check import check_plans
    from connector.pipeline.showing import running_month

    file, found = config_path(config), []
    with opened_desk(config, language) as made:
        places = {one.name: place for place, one in enumerate(made.settings.account)}
        opened = [made.open(one) for one in made.settings.pick(account)]
        for bench in opened:
            month = parsed(period) if period else running_month(bench)
            found.append(check_plans(bench, month, place=places[bench.settings.name]))
    told = lines(file.read_text("utf-8-sig"))
    plans_screen.show_checks(found, str(file), told, speaks(opened, language), as_json=as_json)
    if any(one.failed for one in found):
        raise typer.Exit(1)


def _by_id(bench: Workbench, wanted: Plan) -> Plan:
    """The plan of a person who was named."""
    from msgspec.structs import replace

    kind, _, told = wanted.subject.partition(":")
    return replace(wanted, subject=f"user:{person(bench, told)}") if kind == "user" else wanted
