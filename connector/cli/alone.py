"""Typer makes the options of all commands before it runs one, which of a hundred takes a tenth of a second."""

from __future__ import annotations

import typer
from typer.main import get_command_name


def alone(app: typer.Typer, name: str) -> typer.Typer:
    """The application with this command only; the whole of it where there is none of that name."""
    commands = [one for one in app.registered_commands if _named(one.name, one.callback) == name]
    groups = [one for one in app.registered_groups if one.name == name]
    if not (commands or groups):
        return app
    made = typer.Typer(
        name=app.info.name,
        help=app.info.help,
        add_completion=False,
        pretty_exceptions_enable=app.pretty_exceptions_enable,
        rich_markup_mode=app.rich_markup_mode,
    )
    made.registered_commands, made.registered_groups = commands, groups
    made.callback()(_among_others)
    return made


def _among_others() -> None:
    """What tells Typer that the command is one of several: else its name would be taken for an argument."""


def _named(name: str | None, callback: object) -> str:
    return name or get_command_name(getattr(callback, "__name__", ""))
