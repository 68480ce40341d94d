"""kpi doctor: is this installation safe and sound."""

from __future__ import annotations

import os
from dataclasses import asdict

import typer

from connector.cli.options import AsJson, Config, config_path, opened_desk


def add_to(app: typer.Typer) -> None:
    """Register this room's command."""
    app.command()(doctor)


def doctor(config: Config = None, as_json: AsJson = False) -> None:
    """File modes, the key, TLS, the clock, disk, database, backups, versions; exit code 1 where anything is bad."""
    from connector.cli import screen
    from connector.pipeline.doctor import House, look
    from connector.store.secret.sealing import VARIABLE

    with opened_desk(config) as desk:
        given = bool(os.environ.get(VARIABLE, "").strip())
        house = House(desk.settings, desk.store, desk.key, given, desk.folder, config_path(config), desk.clock())
        found = look(house)
    if as_json:
        screen.print_json([asdict(one) for one in found])
    else:
        for one in found:
            typer.echo(f"{one.state:<4} {one.what}: {one.said}{f' — {one.todo}' if one.todo else ''}")
    if any(one.state == "bad" for one in found):
        raise typer.Exit(1)
