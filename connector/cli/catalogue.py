"""kpi kpis: which KPIs there are, what each of them means, and what is wrong with those of the configuration."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from connector.cli.options import Account, AsJson, Config, InLanguage, config_path
from connector.cli.tongue import in_house, of_settings, speaking

kpis = typer.Typer(help="The catalogue: which KPIs there are, their formulas and sources.", no_args_is_help=True)
Own = Annotated[
    Path | None,
    typer.Option("--config", "-c", help="Its KPIs are shown too; default: config.toml, if it is here."),
]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(kpis, name="kpis")


@kpis.command("list")
def kpis_list(
    language: InLanguage = None, config: Own = None, account: Account = None, as_json: AsJson = False
) -> None:
    """Every KPI with its formula."""
    from connector.cli.screens.catalogue import everything
    from connector.kpi.telling import about

    told = everything(config, account)
    typer.echo(about.as_json(told) if as_json else about.as_list(told, in_house(language)))


@kpis.command("show")
def kpis_show(
    key: Annotated[str, typer.Argument(help="The KPI's key, such as revenue.")],
    language: InLanguage = None,
    config: Own = None,
    account: Account = None,
    as_json: AsJson = False,
) -> None:
    """One KPI: meaning, formula, minimum sample, reasons for no value, what it needs."""
    from connector.cli.screens.catalogue import everything, named
    from connector.kpi.telling import about

    spoken = in_house(language)
    with speaking(spoken):
        told = named(key, everything(config, account))
    typer.echo(about.as_json(told) if as_json else "\n\n".join(about.as_text(one, spoken) for one in told))


@kpis.command("kinds")
def kpis_kinds(language: InLanguage = None, as_json: AsJson = False) -> None:
    """The kinds of facts that own KPIs are made of, with what each carries."""
    from connector.kpi.custom import kinds_telling

    typer.echo(kinds_telling.as_json() if as_json else kinds_telling.as_text(in_house(language)))


@kpis.command("lint")
def kpis_lint(
    config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False
) -> None:
    """Check the configuration's own KPIs: what cannot be computed or is not wise, with line and reason."""
    from connector.app import desk
    from connector.config import lines, parts, whole
    from connector.kpi.custom import linting
    from connector.pipeline.catalogue import linted

    path = config_path(config)
    with speaking(in_house(language)):
        read = parts(path, os.environ)
        settings = whole(path, read)
    spoken = of_settings(settings, language)
    with speaking(spoken), desk(path, os.environ, settings=settings) as made:
        places = {one.name: (n, file) for file, settings in read for n, one in enumerate(settings.account)}
        told = {file: lines(file.read_text("utf-8-sig")) for file, _ in read}
        asked = [(one, *places[one.name]) for one in made.settings.pick(account)]
        found = [linted(made.open(one), place, told[file]) for one, place, file in asked]
    typer.echo(linting.as_json(found) if as_json else linting.as_text(str(path), found, spoken))
    if any(one.failed for one in found):
        raise typer.Exit(2)
