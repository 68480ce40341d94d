"""`--help` in Russian, where that is the machine's language: a command speaks it when it is asked, and not before."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any


def in_russian(command: Any) -> Any:
    """The same command with everything under it, whose help is told in Russian; the words are loaded with it."""
    for one in walked(command):
        one.get_help = partial(_told, one, one.get_help)
    return command


def walked(command: Any) -> Iterator[Any]:
    """A command and all under it."""
    yield command
    for one in getattr(command, "commands", {}).values():
        yield from walked(one)


def _told(command: Any, english: Callable[[Any], str], ctx: Any) -> str:
    from connector.cli.help_words import HELP, LABELS

    for one in (command, *getattr(command, "commands", {}).values(), *command.params):
        if told := getattr(one, "help", None):
            one.help = HELP.get(told.strip(), told)
    if command.epilog:
        command.epilog = HELP.get(command.epilog, command.epilog)
    text = english(ctx)
    for label, russian in LABELS.items():
        text = text.replace(label, russian)
    return text
