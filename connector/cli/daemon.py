"""kpi run, sandbox, demo: what goes on by itself."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from connector.cli.options import Account, Config, InLanguage, listening, opened_desk
from connector.cli.tongue import in_house, speaking
from connector.errors import BadConfig


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.command()(run)
    app.command()(serve)
    app.command()(sandbox)
    app.command()(demo)


def run(
    config: Config = None,
    account: Account = None,
    listen: Annotated[
        str | None, typer.Option(help="Serve the pages at HOST:PORT; default: [web] listen.", parser=listening)
    ] = None,
    fleet: Annotated[bool, typer.Option("--fleet", help="As one of many processes, on PostgreSQL; no pages.")] = False,
    workers: Annotated[int, typer.Option(help="Accounts at once in a process of a fleet.", min=1, max=6)] = 4,
) -> None:
    """Sync every few minutes, sweep at night, compute, write back, and serve the pages, until stopped."""
    from connector.jobs.clock import run_forever
    from connector.web.serving import serving

    if fleet:
        _fleet(config, account, workers)
        return
    with opened_desk(config) as desk:
        opened = [desk.open(chosen) for chosen in desk.settings.pick(account)]
        web = desk.settings.web
        with serving(listen or web.listen, opened, desk.key, web.proxies):
            run_forever(opened)


def _fleet(config: Path | None, account: str | None, workers: int) -> None:
    if account is not None:  # a process is given any account's turn
        raise BadConfig(["--fleet serves all accounts of the configuration: leave --account out"])
    with opened_desk(config) as desk:
        from connector.fleet.doorway import entered

        entered(desk, desk.settings.account, workers)


def serve(
    config: Config = None,
    account: Account = None,
    listen: Annotated[
        str | None, typer.Option(help="HOST:PORT; default: [web] listen, then 127.0.0.1:8800.", parser=listening)
    ] = None,
) -> None:
    """Only serve the pages and take facts in over HTTP; syncing is left to `kpi run` or `kpi sync`."""
    from connector.web.serving import LISTEN, serving, until_stopped

    with opened_desk(config) as desk:
        opened = [desk.open(chosen) for chosen in desk.settings.pick(account)]
        web = desk.settings.web
        with serving(listen or web.listen or LISTEN, opened, desk.key, web.proxies):
            until_stopped()


def sandbox(
    provider: Annotated[str, typer.Argument(help="amocrm or bitrix24.")],
    port: Annotated[int, typer.Option(help="The local port.")] = 8080,
    now: Annotated[datetime | None, typer.Option(help="The sandbox's clock, UTC; default: the plan's end.")] = None,
    paced: Annotated[bool, typer.Option(help="Answer 429 and 503 beyond the vendor's pace.")] = True,
    deals: Annotated[int, typer.Option(help="A plain company of so many deals instead of the planted one.")] = 0,
    months: Annotated[int, typer.Option(help="The planted company's months.", min=6, max=24)] = 6,
    language: InLanguage = None,
) -> None:
    """A pretend CRM on a local port, to try this program or yours against."""
    from connector.cli.demo import serve_sandbox

    serve_sandbox(provider, in_house(language), port=port, now=now, paced=paced, deals=deals, months=months)


def demo(
    keep: Annotated[Path | None, typer.Option(help="Keep the database and the configuration in this folder.")] = None,
    language: InLanguage = None,
) -> None:
    """The main job on both pretend CRMs: sync, KPIs, write-back, a quiet second run."""
    from connector.cli.demo import run_demo

    with speaking(in_house(language)):
        run_demo(keep, in_house(language))
