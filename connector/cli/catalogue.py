"""kpi kpis: which KPIs there are, and what each of them means."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from connector.cli.options import AsJson

kpis = typer.Typer(help="The catalogue: which KPIs there are, their formulas and sources.", no_args_is_help=True)


class Language(StrEnum):
    """Of what is printed."""

    ru = "ru"
    en = "en"


InLanguage = Annotated[Language, typer.Option("--language", "-l", help="ru or en; the JSON has both.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(kpis, name="kpis")


@kpis.command("list")
def kpis_list(language: InLanguage = Language.ru, as_json: AsJson = False) -> None:
    """Every KPI with its formula."""
    from connector.kpi import about
    from connector.kpi.catalogue import ALL

    typer.echo(about.as_json(ALL.values()) if as_json else about.as_list(ALL.values(), language.value))


@kpis.command("show")
def kpis_show(
    key: Annotated[str, typer.Argument(help="The KPI's key, such as revenue.")],
    language: InLanguage = Language.ru,
    as_json: AsJson = False,
) -> None:
    """One KPI: meaning, formula, minimum sample, reasons for no value, what it needs."""
    from connector.kpi import about
    from connector.kpi.catalogue import chosen

    (kpi,) = chosen([key])
    typer.echo(about.as_json([kpi]) if as_json else about.as_text(kpi, language.value))
