"""kpi quality, gaming, drift, reconcile: how far the numbers can be trusted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from connector.cli import spoken
from connector.cli.numbers import parsed
from connector.cli.options import Account, AsJson, Config, InLanguage, Language, benches, speaks, stoppable

if TYPE_CHECKING:  # the wiring imports the database; --help must not wait for it
    from connector.pipeline.bench import Workbench

Period = Annotated[
    str | None, typer.Option("--period", "-p", help="2026-09, 2026-W36, a day or FROM..TO; default this month.")
]
YOUNG = 3
"""Days in which a month has too little to show."""
drift = typer.Typer(help="Changes of the CRM that freeze KPIs until somebody has looked.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(quality)
    app.command()(gaming)
    app.command()(reconcile)
    app.add_typer(drift, name="drift")


def quality(
    period: Period = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """What is amiss in the data, with examples, and by how much at most it distorts each KPI."""
    from connector.cli.screens import health as health_screen
    from connector.pipeline.trust.health import quality_of

    with benches(config, account, language) as opened:
        found = [quality_of(bench, parsed(period) if period else None) for bench in opened]
        _young(opened, period, language)
    health_screen.show_quality(found, speaks(opened, language), as_json=as_json)


def gaming(
    period: Period = None,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """What looks played: done in bulk, split, dumped, back-dated; with the innocent explanation beside it."""
    from connector.cli.screens import health as health_screen
    from connector.pipeline.trust.gaming import gaming_of

    with benches(config, account, language) as opened:
        found = [(gaming_of(bench, parsed(period) if period else None), bench.zone()) for bench in opened]
        _young(opened, period, language)
    health_screen.show_gaming(found, speaks(opened, language), as_json=as_json)


def reconcile(
    period: Annotated[str, typer.Option("--period", "-p", help="2026-09, 2026-W36, 2026-09-03 or FROM..TO.")],
    config: Config = None,
    account: Account = None,
    without_calls: Annotated[
        bool, typer.Option("--without-calls", help="Leave calls out: there are many, and all are read.")
    ] = False,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """Our totals beside counts fetched from the CRM now, every difference named; exit code 1 where there are any."""
    from connector.cli import screen
    from connector.cli.screens import health as health_screen
    from connector.pipeline.bench import each
    from connector.pipeline.trust.reconciling import reconcile as compare

    with (
        benches(config, account, language) as opened,
        stoppable() as stop,
        screen.progress(speaks(opened, language), quiet=as_json) as progress,
    ):
        ended = each(
            opened, lambda bench: compare(bench, parsed(period), calls=not without_calls, progress=progress, stop=stop)
        )
    zones = {bench.settings.name: bench.zone() for bench in opened}
    health_screen.show_reconciled(ended, zones, speaks(opened, language), as_json=as_json)


def _young(opened: Sequence[Workbench], period: str | None, asked: Language | None) -> None:
    """Where nobody named a month and the running one has hardly begun, which one is shown and how to see the last."""
    from connector.cli.screen import say
    from connector.moment import DAY, from_ms, local_day
    from connector.moment import Period as Span

    for bench in opened if period is None else ():
        today = local_day(from_ms(bench.now()), bench.zone())
        if today.day <= YOUNG:
            month = Span.month(today)
            told = {"month": month.label, "day": today.day, "past": Span.month(month.start - DAY).label}
            say(spoken.line("month_young", speaks([bench], asked), name=bench.settings.name, **told))


@drift.command("list")
def drift_list(
    only_open: Annotated[bool, typer.Option("--open", help="Only those that wait.")] = False,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """What changed in the CRM since the first sync, and which KPIs it holds still."""
    from connector.cli.screens import health as health_screen
    from connector.pipeline.trust.freezing import drifts_of

    with benches(config, account, language) as opened:
        found = [(drifts_of(bench, only_open=only_open), bench.zone()) for bench in opened]
    health_screen.show_drifts(found, speaks(opened, language), as_json=as_json)


@drift.command("accept")
def drift_accept(
    what: Annotated[str, typer.Argument(help="A number, a code such as stage_outcome, CODE/SUBJECT, or all.")],
    config: Config = None,
    account: Account = None,
) -> None:
    """Confirm a change: the KPIs it holds still follow the CRM again."""
    from connector.pipeline.trust.freezing import accept

    with benches(config, account) as opened:
        for bench in opened:
            typer.echo(spoken.of(bench, "drift_accepted", n=accept(bench, what)))
