"""kpi rates: what other currencies cost, from a file or a central bank, behind the CRM's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from connector.cli import spoken
from connector.cli.options import Account, AsJson, Config, InLanguage, benches, speaks
from connector.cli.when import Period, parsed

rates = typer.Typer(help="Exchange rates: import from CSV, fetch from a central bank, list.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(rates, name="rates")


@rates.command("import")
def rates_import(
    file: Annotated[Path, typer.Argument(help="CSV with the columns currency, day, rate, nominal.")],
    config: Config = None,
    account: Account = None,
) -> None:
    """Take rates from a CSV; they stand behind the CRM's own, and the next sync counts what lacked them."""
    from connector.pipeline.rates import import_rates

    with benches(config, account) as opened:
        for bench in opened:
            typer.echo(spoken.of(bench, "new_rates", n=import_rates(bench, file)))


@rates.command("fetch")
def rates_fetch(period: Period, config: Config = None, account: Account = None) -> None:
    """Ask the central bank of [account.rates_from] for the days of a period that are not known yet."""
    from connector.pipeline.rates import fetch_rates

    with benches(config, account) as opened:
        for bench in opened:
            typer.echo(spoken.of(bench, "new_rates", n=fetch_rates(bench, parsed(period))))


@rates.command("list")
def rates_list(
    period: Period,
    config: Config = None,
    account: Account = None,
    language: InLanguage = None,
    as_json: AsJson = False,
) -> None:
    """The rates of a period with their source, and what counts nowhere for want of one."""
    from connector.cli.screens.calendars import show_rates
    from connector.pipeline.rates import missing_rates, rates_of

    with benches(config, account, language) as opened:
        found = [(bench.settings.name, rates_of(bench, parsed(period)), missing_rates(bench)) for bench in opened]
    show_rates(found, speaks(opened, language), as_json=as_json)
