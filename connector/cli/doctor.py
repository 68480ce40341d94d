"""kpi doctor: is this installation safe and sound."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from connector.cli.options import AsJson, Config, InLanguage, Language, config_path
from connector.cli.tongue import in_house, of_settings, speaking
from connector.errors import KpiError, StoreTrouble
from connector.kpi.text import Text

if TYPE_CHECKING:
    from connector.config import Settings
    from connector.pipeline.doctor import House
    from connector.store.engine import Store

STATES = {"ok": Text("хорошо", "ok"), "warn": Text("внимание", "warn"), "bad": Text("плохо", "bad")}
WIDTH = 8


def add_to(app: typer.Typer) -> None:
    """Register this room's command."""
    app.command()(doctor)


def doctor(config: Config = None, language: InLanguage = None, as_json: AsJson = False) -> None:
    """File modes, the key, TLS, the clock, disk, database, backups, versions; exit code 1 where anything is bad."""
    from connector.cli import screen
    from connector.pipeline.doctor import look
    from connector.said import in_language

    with _house(config_path(config), language) as house:
        found = look(house)
    if as_json:
        screen.print_json([asdict(one) for one in found])
    else:
        spoken = of_settings(house.settings, language)
        for one in found:
            told = [in_language(text, spoken) for text in (one.what, one.said, one.todo)]
            state = STATES[one.state](spoken)
            typer.echo(f"{state:<{WIDTH}} {told[0]}: {told[1]}{f' — {told[2]}' if told[2] else ''}")
    if any(one.state == "bad" for one in found):
        raise typer.Exit(1)


@contextmanager
def _house(path: Path, language: Language | None) -> Iterator[House]:
    """A lost key or a database that does not open ends every other command; here it is one of the things to tell."""
    from connector.app import read_settings, token_folder
    from connector.pipeline.doctor import House
    from connector.store.secret.sealing import VARIABLE

    with speaking(in_house(language)):
        settings = read_settings(path, os.environ)
        store, trouble = _store(settings.store.url)
        key = _key(settings, store if trouble is None else None)
        given = bool(os.environ.get(VARIABLE, "").strip())
        folder = token_folder(settings, path, os.environ)
        try:
            yield House(settings, store, key, given, folder, path, datetime.now(UTC), trouble)
        finally:
            store.dispose()


def _store(url: str) -> tuple[Store, StoreTrouble | None]:
    from connector.store.engine import closed_store, open_store

    try:
        return open_store(url), None
    except StoreTrouble as trouble:
        return closed_store(url), trouble


def _key(settings: Settings, store: Store | None) -> bytes | KpiError | None:
    """Whether it is the database's own is looked at there. Beside one that cannot be asked no new one is made: None, as
    none may be missing.
    """
    from connector.store.secret import key_mark, sealing

    unasked = False

    def begun() -> bool:
        nonlocal unasked
        try:
            if store is not None:
                with store.read() as conn:
                    return key_mark.begun(conn)
        except StoreTrouble:
            pass
        unasked = True
        return True

    try:
        return sealing.load_key(settings.store, os.environ, begun)
    except KpiError as error:
        return None if unasked else error
