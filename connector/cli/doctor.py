"""kpi doctor: is this installation safe and sound."""

from __future__ import annotations

import os
from dataclasses import asdict
from typing import TYPE_CHECKING

import typer

from connector.cli.options import AsJson, Config, InLanguage, config_path, opened_desk
from connector.cli.tongue import of_settings
from connector.errors import KpiError
from connector.kpi.text import Text

if TYPE_CHECKING:
    from connector.app import Desk

STATES = {"ok": Text("хорошо", "ok"), "warn": Text("внимание", "warn"), "bad": Text("плохо", "bad")}
WIDTH = 8


def add_to(app: typer.Typer) -> None:
    """Register this room's command."""
    app.command()(doctor)


def doctor(config: Config = None, language: InLanguage = None, as_json: AsJson = False) -> None:
    """File modes, the key, TLS, the clock, disk, database, backups, versions; exit code 1 where anything is bad."""
    from connector.cli import screen
    from connector.pipeline.doctor import House, look
    from connector.said import in_language
    from connector.store.secret.sealing import VARIABLE

    with opened_desk(config, language) as desk:
        given = bool(os.environ.get(VARIABLE, "").strip())
        house = House(desk.settings, desk.store, _key(desk), given, desk.folder, config_path(config), desk.clock())
        found = look(house)
    if as_json:
        screen.print_json([asdict(one) for one in found])
    else:
        spoken = of_settings(desk.settings, language)
        for one in found:
            told = [in_language(text, spoken) for text in (one.what, one.said, one.todo)]
            state = STATES[one.state](spoken)
            typer.echo(f"{state:<{WIDTH}} {told[0]}: {told[1]}{f' — {told[2]}' if told[2] else ''}")
    if any(one.state == "bad" for one in found):
        raise typer.Exit(1)


def _key(desk: Desk) -> bytes | KpiError:
    """A lost key ends every other command; here it is one of the things to tell."""
    try:
        return desk.key
    except KpiError as error:
        return error
