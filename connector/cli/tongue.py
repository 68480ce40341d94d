"""In which language a command speaks: the one asked for, else the account's own, else this machine's."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from connector.errors import KpiError
from connector.kpi.text import Language as LanguageName

if TYPE_CHECKING:  # the wiring imports the database; --help must not wait for it
    from connector.config import Settings
    from connector.pipeline.bench import Workbench

VARIABLES = ("KPI_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
"""Where this machine's language stands, the first that is set wins; the last three are gettext's own."""
_UNTOLD = ("", "c", "posix")
"""Locales that name no language."""


class Language(StrEnum):
    """Of what is printed."""

    ru = "ru"
    en = "en"


InLanguage = Annotated[
    Language | None,
    typer.Option("--language", "-l", help="ru or en; default: the account's own. JSON does not depend on it."),
]


def house(environ: Mapping[str, str] = os.environ) -> LanguageName:
    """Before any account is known. Russian where the machine names no language, else English but in a Russian one."""
    for name in VARIABLES:
        told = environ.get(name, "").split(".")[0].split("_")[0].lower()
        if told not in _UNTOLD:
            return "ru" if told == "ru" else "en"
    return "ru"


def in_house(asked: Language | None) -> LanguageName:
    """Of a command that concerns no account."""
    return asked.value if asked is not None else house()


def of_settings(settings: Settings, asked: Language | None = None) -> LanguageName:
    """Of what concerns the whole installation: its first account's."""
    return asked.value if asked is not None else settings.account[0].language


def speaks(opened: Iterable[Workbench], asked: Language | None) -> LanguageName:
    """Of one answer about these accounts: the first one's."""
    first = next(iter(opened), None)
    return in_house(asked) if asked is not None or first is None else first.settings.language


def languages(opened: Iterable[Workbench], asked: Language | None = None) -> dict[str, LanguageName]:
    """In which language each account is spoken of, by its name."""
    return {bench.settings.name: speaks([bench], asked) for bench in opened}


@contextmanager
def speaking(language: LanguageName) -> Iterator[None]:
    """What goes wrong in here is told in this language, unless something nearer knows another."""
    try:
        yield
    except KpiError as error:
        error.language = error.language or language
        raise


def said(error: KpiError, language: LanguageName | None = None) -> str:
    """The error as a line for people, masked."""
    from connector.redact import redact
    from connector.said import told

    return redact(told(error, error.language or language or house()))


def decimals(number: str, language: LanguageName) -> str:
    """`12.5`, in Russian `12,5`."""
    return number.replace(".", ",") if language == "ru" else number
