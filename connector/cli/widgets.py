"""kpi widget: what stands inside amoCRM: the archive to upload, and the address of its dashboard's frame."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from connector.cli import spoken
from connector.cli.importing import only
from connector.cli.options import Account, Config, opened_desk
from connector.errors import BadConfig

widgets = typer.Typer(help="Inside amoCRM: build the widget, print the dashboard's address.", no_args_is_help=True)
Address = Annotated[str | None, typer.Option(help="Where people reach the pages; default: [web] address.")]


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(widgets, name="widget")


@widgets.command("build")
def widget_build(
    config: Config = None,
    account: Account = None,
    address: Address = None,
    out: Annotated[Path, typer.Option(help="Where the archive goes.")] = Path("widget.zip"),
    number: Annotated[str | None, typer.Option("--number", help="Its version; default: by date and time.")] = None,
) -> None:
    """Make widget.zip to upload in the integration's settings, checked by every rule that is known."""
    from connector.app import provider_module

    with opened_desk(config) as desk:
        named = [one for one in desk.settings.pick(account) if hasattr(provider_module(one.provider), "build_widget")]
        if len(named) != 1:
            raise BadConfig([f"--account: name the one account of amoCRM; there are {len(named)}"])
        there, now = _address(address, desk.settings.web.address), desk.clock()
        version = number or dated_version(now)
        packed = provider_module(named[0].provider).build_widget(there, named[0].name, version)
        language = named[0].language
    out.write_bytes(packed)
    typer.echo(spoken.line("widget_made", language, path=out, version=version, size=len(packed), there=there))
    typer.echo(spoken.line("widget_next", language), err=True)


@widgets.command("summary")
def widget_summary(config: Config = None, account: Account = None, address: Address = None) -> None:
    """Print the address of totals for an iframe on the CRM's dashboard. Whoever has it sees totals, never people."""
    from connector.web.sessions import Keys

    with opened_desk(config) as desk:
        bench = only([desk.open(chosen) for chosen in desk.settings.pick(account)])
        there, name = _address(address, desk.settings.web.address), bench.settings.name
        typer.echo(f"{there}/embed/{name}/summary/{Keys(desk.key).summary_key(name)}")


def dated_version(now: datetime) -> str:
    """Larger at every later minute, in three numbers: amoCRM tells widgets apart by it."""
    since = now - datetime(2026, 1, 1, tzinfo=UTC)
    return f"1.{since.days}.{since.seconds // 60}"


def _address(given: str | None, configured: str | None) -> str:
    told = given or configured
    if told is None:
        raise BadConfig(["[web] address: left out; say where people reach the pages, or give --address"])
    return told.rstrip("/")
