"""What the wizard says, and how it asks about one proposal."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from connector.first_run.seen import Proposal
from connector.first_run.writing import literal
from connector.kpi.text import Language, Text

_YES, _NO = ("y", "yes", "д", "да"), ("n", "no", "н", "нет")
SAID: dict[str, Text] = {
    "provider": Text("CRM (amocrm или bitrix24)", "CRM (amocrm or bitrix24)"),
    "address": Text("Адрес, например https://acme.amocrm.ru", "Address, such as https://acme.amocrm.ru"),
    "variable": Text(
        "Переменная окружения, в которой лежит {option} (сам секрет никуда не пишется)",
        "Environment variable that holds the {option} (the secret itself is written nowhere)",
    ),
    "unset": Text(
        "переменная {variable} пуста: export {variable}=… и запустите ещё раз",
        "the variable {variable} is empty: export {variable}=… and run again",
    ),
    "needed": Text("Без этого не подключиться.", "There is no connecting without it."),
    "no_address": Text(
        "Это не адрес: он начинается с https://, например https://acme.amocrm.ru.",
        "This is no address: one begins with https://, such as https://acme.amocrm.ru.",
    ),
    "yes_or_no": Text("да — Enter или y, нет — n", "yes: Enter or y, no: n"),
    "name": Text("Как назвать аккаунт", "What to call the account"),
    "accept": Text("  да: Enter, нет: -, иначе своё значение", "  yes: Enter, no: -, else a value of your own"),
    "sure": Text("предлагаем", "proposed"),
    "unsure": Text("проверьте", "look at this"),
    "bad": Text("не понято, остаётся предложенное", "not understood, what was proposed stays"),
    "written": Text(
        "{path} записан. В CRM ничего не пишется: уровни стоят на preview.",
        "{path} written. Nothing is written into the CRM: levels stand at preview.",
    ),
    "lacking": Text("\nОсталось вписать в {path}:", "\nStill to be filled in, in {path}:"),
    "dry_run": Text(
        "Посчитать последние три месяца и сверить с CRM? (только чтение)",
        "Compute the last three months and compare them with the CRM? (only reads)",
    ),
    "levels": Text(
        "Дальше: {sync}, потом {report} за любой месяц; {push} покажет, что было бы записано."
        " Уровни включают по одному:"
        ' сначала deal_fields = "on", потом kpi_card, потом tasks.',
        "Next: {sync}, then {report} of any month; {push} shows what would be written. Switch levels on one by one:"
        ' deal_fields = "on" first, then kpi_card, then tasks.',
    ),
}


def asked(key: str, language: Language, wrong: Callable[[str], str], default: str = "", **more: str) -> str:
    """What was typed, once nothing is wrong with it; before it is asked again the reason is said.

    `wrong`: its reason in the reader's words, or nothing.
    """
    while True:
        text = SAID[key](language).format(**more)
        told: str = typer.prompt(text, default=default, show_default=bool(default)).strip()
        if not (reason := wrong(told) if told else SAID["needed"](language)):
            return told
        typer.echo(f"  {reason}")


def agreed(key: str, language: Language) -> bool:
    """Yes or no, yes unless said otherwise; asked again with the reason where it is neither."""
    while True:
        told = typer.prompt(f"{SAID[key](language)} [Y/n]", default="y", show_default=False).strip().casefold()
        if told in _YES or told in _NO:
            return told in _YES
        typer.echo(f"  {SAID['yes_or_no'](language)}")


def show(one: Proposal, language: Language) -> None:
    """The proposal with what it rests on."""
    word = SAID["sure" if one.sure else "unsure"](language)
    head = f"{one.key} = {literal(one.value)}" if one.key else ""
    typer.echo(f"\n{head}  [{word}: {one.why(language)}]" if head else f"\n[{one.why(language)}]")
    for line in one.lines:
        typer.echo(f"    {line(language)}")


def accepted(one: Proposal, language: Language, *, yes: bool) -> Proposal | None:
    """The proposal as answered; None where it is declined, or only told. Words are proposed in one language."""
    if isinstance(one.value, Text):
        one = replace(one, value=one.value(language))
    show(one, language)
    if not one.key:
        return None
    told = "" if yes else typer.prompt(SAID["accept"](language), default="", show_default=False).strip()
    if told == "-":
        if one.declined is not None:
            typer.echo(f"    {one.declined(language)}")
        return None
    if not told:
        return one if one.value not in ((), [], None) else None
    value = understood(told, one.value)
    if value is None:
        typer.echo(SAID["bad"](language))
        return one
    return replace(one, value=value, why=Text("так сказал человек", "as a person said"))


def show_lacking(path: Path, lines: Sequence[Text], language: Language) -> None:
    """What a person still has to do, last on the screen."""
    typer.echo(SAID["lacking"](language).format(path=path))
    for line in lines:
        typer.echo(f"  - {line(language)}")


def understood(told: str, like: Any) -> Any:
    """A typed value of the kind that was proposed: lists by commas; None where it is none."""
    try:
        if isinstance(like, int):
            return int(told)
        if isinstance(like, dict):
            return _weights(json.loads(told))
        if isinstance(like, list | tuple):
            parts = [part.strip() for part in told.split(",") if part.strip()]
            return tuple(int(part) for part in parts) if like and isinstance(like[0], int) else tuple(parts)
    except ValueError:
        return None
    return told


def _weights(told: Any) -> dict[str, float] | None:
    """Positive numbers by key; anything else would be a file that does not load."""
    if not isinstance(told, dict) or not told:
        return None
    good = all(type(weight) in (int, float) and 0 < weight <= 100 for weight in told.values())
    return told if good else None
