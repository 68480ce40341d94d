"""A call that Typer refuses, told in this machine's language: before a command runs no account is known."""

from __future__ import annotations

import sys
from typing import Any

import typer

from connector.cli.russian_help import in_russian
from connector.cli.tongue import house
from connector.kpi.text import Language, Text

REFUSED: Any = typer.BadParameter.__base__
"""What Typer raises for a wrong call; it has no public name of its own."""
_USAGE = Text("Использование:", "Usage:")
_HELP = Text("Справка: {path} --help", "Try '{path} --help' for help.")
_WRONG = Text("Ошибка: {what}", "Error: {what}")
_ABORTED = Text("Прервано.", "Aborted!")


def run(app: typer.Typer) -> int:
    """Run the command that this process was called with -> its exit code."""
    try:
        command = typer.main.get_command(app)
        return (in_russian(command) if house() == "ru" else command)(standalone_mode=False) or 0
    except REFUSED as error:
        language = house()
        if type(error).show is not REFUSED.show:
            error.show()  # the help of a group that was called without a command
        else:
            sys.stderr.write(told(error, language) + "\n")
        return int(error.exit_code)
    except typer.Abort:
        sys.stderr.write(_ABORTED(house()) + "\n")
        return 1


def told(error: Any, language: Language) -> str:
    """How the command is called, where its help is, and what is wrong."""
    from connector.said import in_language

    what = error.format_message().replace("Value error, ", "")
    lines = [_WRONG(language).format(what=in_language(what, language))]
    if error.ctx is not None:
        usage = error.ctx.get_usage().replace(_USAGE.en, _USAGE(language), 1)
        lines = [usage, _HELP(language).format(path=error.ctx.command_path), "", *lines]
    return "\n".join(lines)
