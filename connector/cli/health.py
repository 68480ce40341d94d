"""kpi quality, gaming, drift, reconcile: how far the numbers can be trusted."""

from __future__ import annotations

from typing import Annotated

import typer

from connector.cli import spoken
from connector.cli.options import Account, AsJson, Config, InLanguage, benches, speaks, stoppable
from connector.cli.when import ThisMonth, asked_for, parsed, warn_young

drift = typer.Typer(help="Changes of the CRM that freeze KPIs until somebody has looked.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(quality)
    app.command()(gaming)
    app.command()(reconcile)
    app.add_typer(drift, name="drift")


def quality(
    period: ThisMonth = None,
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
        warn_young(opened, period, language)
    health_screen.show_quality(found, speaks(opened, language), as_json=as_json)


def gaming(
    period: ThisMonth = None,
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
        warn_young(opened, period, language)
    health_screen.show_gaming(found, speaks(opened, language), as_json=as_json)


def reconcile(
    period: ThisMonth = None,
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
            opened,
            lambda bench: compare(
                bench, asked_for(bench, period), calls=not without_calls, progress=progress, stop=stop
            ),
        )
    zones = {bench.settings.name: bench.zone() for bench in opened}
    health_screen.show_reconciled(ended, zones, speaks(opened, language), as_json=as_json)


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
