"""kpi sync, sweep, report, explain, diff: from the CRM to numbers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli.options import (
    Account,
    AsJson,
    Config,
    InLanguage,
    Language,
    benches,
    languages,
    person,
    speaks,
    stoppable,
)
from connector.cli.when import MOMENT, AsOf, ThisMonth, asked_for, moment, there, warn_young
from connector.errors import BadConfig

if TYPE_CHECKING:  # the wiring imports the database; --help must not wait for it
    from connector.pipeline.bench import Workbench

Recalculated = Annotated[
    bool, typer.Option("--recalculated", help="Of a closed month today's numbers instead of the closed ones.")
]


class Format(StrEnum):
    """How a report is printed."""

    table = "table"
    json = "json"
    csv = "csv"


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(sync)
    app.command()(sweep)
    app.command()(report)
    app.command()(explain)
    app.command()(diff)


def sync(
    config: Config = None,
    account: Account = None,
    full: Annotated[bool, typer.Option("--full", help="Forget the cursors and read everything again.")] = False,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Read what changed and compute facts from it."""
    from connector.cli import screen
    from connector.cli.screens import reading as reading_screen
    from connector.pipeline.bench import each
    from connector.pipeline.reading import sync_and_derive

    with (
        benches(config, account, language) as opened,
        stoppable() as stop,
        screen.progress(speaks(opened, language), quiet=as_json) as progress,
    ):
        done = each(opened, lambda bench: sync_and_derive(bench, full=full, progress=progress, stop=stop))
    reading_screen.show_synced(done, languages(opened, language), as_json=as_json)


def sweep(
    config: Config = None,
    account: Account = None,
    confirmed: Annotated[bool, typer.Option("--yes", help="Release the brake: so many deletions are real.")] = False,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Compare ids to find deletions; each missing one is confirmed by asking for it."""
    from connector.cli import screen
    from connector.cli.screens import reading as reading_screen
    from connector.pipeline.bench import each
    from connector.pipeline.reading import sweep_and_derive

    with (
        benches(config, account, language) as opened,
        stoppable() as stop,
        screen.progress(speaks(opened, language), quiet=as_json) as progress,
    ):
        done = each(opened, lambda bench: sweep_and_derive(bench, confirmed=confirmed, progress=progress, stop=stop))
    reading_screen.show_synced(done, languages(opened, language), as_json=as_json)


def report(  # noqa: PLR0913 - the command's options
    period: ThisMonth = None,
    config: Config = None,
    account: Account = None,
    user: Annotated[
        str | None, typer.Option("--user", "-u", help="Only this person, by id, name or a part of it.")
    ] = None,
    team: Annotated[str | None, typer.Option(help="Only this team, by name or id.")] = None,
    as_of: AsOf = None,
    recalculated: Recalculated = False,
    kpi: Annotated[list[str] | None, typer.Option("--kpi", "-k", help="Only this KPI; several by commas.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every KPI in the table, not only the main ones.")] = False,
    language: InLanguage = None,
    output: Annotated[Format, typer.Option("--format", "-f", help="table, json or csv.")] = Format.table,
) -> None:
    """The KPIs of a period for each person and team."""
    from connector.cli.screens import numbers as numbers_screen
    from connector.pipeline.measuring import failure, unready
    from connector.pipeline.official import narrowed, of_person, official_report

    if user is not None and team is not None:
        raise BadConfig(["report: give either --user or --team"])
    keys, found = [key.strip() for told in kpi or () for key in told.split(",") if key.strip()], []
    with benches(config, account, language) as opened:
        _known(opened, as_of, language)
        for bench in opened:
            name, spoken = bench.settings.name, speaks([bench], language)
            days, at = asked_for(bench, period), there(bench, as_of)
            numbers_screen.warn_unread(name, unready(bench), spoken)
            numbers_screen.warn_failed(name, failure(bench), spoken)
            numbers_screen.warn_ahead(name, days, bench.today(), spoken)
            one = official_report(bench, days, team=team, as_of=at, recalculated=recalculated)
            one = narrowed(bench, one, keys, at) if keys else one
            found.append(one if user is None else of_person(bench, one, person(bench, user)))
        warn_young(opened, period, language)
    numbers_screen.show_reports(found, output.value, languages(opened, language), everything=everything or bool(keys))


def explain(  # noqa: PLR0913 - the command's options
    kpi: Annotated[str, typer.Option("--kpi", "-k", help="The KPI's key, such as revenue.")],
    period: ThisMonth = None,
    user: Annotated[str | None, typer.Option("--user", "-u", help="A person, by id, name or a part of it.")] = None,
    team: Annotated[str | None, typer.Option(help="A team's id or name instead of a person.")] = None,
    config: Config = None,
    account: Account = None,
    as_of: AsOf = None,
    recalculated: Recalculated = False,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """The facts and records behind one number, with links, and what was left out and why."""
    from connector.cli.screens import numbers as numbers_screen
    from connector.pipeline.official import official_explanation

    if (user is None) == (team is None):
        raise BadConfig(["explain: give either --user or --team"])
    with benches(config, account, language) as opened:
        _known(opened, as_of, language)
        found = [
            official_explanation(
                bench,
                kpi,
                asked_for(bench, period),
                user=person(bench, user),
                team=team,
                as_of=there(bench, as_of),
                recalculated=recalculated,
            )
            for bench in opened
        ]
        zones = [bench.zone() for bench in opened]
        numbers_screen.show_explanations(found, zones, speaks(opened, language), as_json=as_json)


def diff(  # noqa: PLR0913 - the command's options
    kpi: Annotated[str, typer.Option("--kpi", "-k", help="The KPI's key, such as revenue.")],
    user: Annotated[str, typer.Option("--user", "-u", help="A person, by id, name or a part of it.")],
    since: Annotated[
        datetime,
        typer.Option("--from", help=f"As known at this moment: {MOMENT}", parser=moment, metavar="MOMENT"),
    ],
    period: ThisMonth = None,
    until: Annotated[
        datetime | None,
        typer.Option("--to", help="As known at this one, written alike; default now.", parser=moment, metavar="MOMENT"),
    ] = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Why a number is another than it was, record by record."""
    from connector.kpi.diff import telling as diff_telling
    from connector.pipeline.measuring import diff_of

    with benches(config, account, language) as opened:
        _known(opened, until, language)
        for bench in opened:
            whose, (begin, end) = person(bench, user), (there(bench, since), there(bench, until))
            found = diff_of(bench, kpi, asked_for(bench, period), user=whose, since=begin, until=end)
            link_to = bench.provider.link_to
            text = diff_telling.as_text(found, speaks([bench], language), zone=bench.zone(), link_to=link_to)
            typer.echo(diff_telling.as_json(found, link_to=link_to) if as_json else text)


def _known(opened: Sequence[Workbench], at: datetime | None, language: Language | None) -> None:
    """Say of which accounts nothing was known at that moment; where that is so of all of them, it is a wrong call."""
    from connector.cli import screen
    from connector.pipeline.measuring import not_yet
    from connector.said import in_language

    said = [text for bench in opened if at is not None and (text := not_yet(bench, there(bench, at))) is not None]
    if said and len(said) == len(opened):
        raise BadConfig(said)
    for text in said:
        screen.say(in_language(text, speaks(opened, language)))
