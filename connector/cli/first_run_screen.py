"""What the wizard says, and how it asks about one proposal."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import typer

from connector.config import Rules
from connector.first_run.seen import Proposal
from connector.kpi.catalogue import ALL
from connector.kpi.text import Language, Text
from connector.web.setup.asking import title

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
    "accept_empty": Text("  пропустить: Enter, иначе своё значение", "  skip: Enter, else a value of your own"),
    "sure": Text("предлагаем", "proposed"),
    "unsure": Text("проверьте", "look at this"),
    "empty": Text("ничего", "nothing"),
    "bad": Text("  Не понято: нужно {like}.", "  Not understood: it takes {like}."),
    "like_number": Text("целое число, например {one}", "a whole number, such as {one}"),
    "like_weights": Text("показатели с весами до 100, например {one}", "KPIs with weights up to 100, such as {one}"),
    "like_list": Text("через запятую, например {one}", "a list by commas, such as {one}"),
    "like_text": Text("как здесь: {one}", "something like {one}"),
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
    """What it is about in words, its key, its value, and what that rests on."""
    if one.key:
        typer.echo(f"\n{title(one.key, language)} [{one.key}]: {typed(one.value) or SAID['empty'](language)}")
        typer.echo(f"    {SAID['sure' if one.sure else 'unsure'](language)}: {one.why(language)}")
    else:
        typer.echo(f"\n{title('', language)}: {one.why(language)}")
    for line in one.lines:
        typer.echo(f"    {line(language)}")


def accepted(one: Proposal, language: Language, *, yes: bool) -> Proposal | None:
    """The proposal as answered; None where it is declined, or only told. Words are proposed in one language."""
    if isinstance(one.value, Text):
        one = replace(one, value=one.value(language))
    show(one, language)
    if not one.key:
        return None
    there = one.value not in ((), [], None)
    told = "" if yes else _answered(one, SAID["accept" if there else "accept_empty"](language), language)
    if told == "-":
        if one.declined is not None:
            typer.echo(f"    {one.declined(language)}")
        return None
    if not told:
        return one if there else None
    return replace(one, value=understood(told, one.value), why=Text("так сказал человек", "as a person said"))


def _answered(one: Proposal, question: str, language: Language) -> str:
    """What was typed, nothing for yes and a dash for no; asked again while it is no value for this."""
    while True:
        told: str = typer.prompt(question, default="", show_default=False).strip()
        if told.casefold() in _YES:
            return ""
        if told.casefold() in _NO or told == "-":
            return "-"
        if not told or _fits(one.key, understood(told, one.value)):
            return told
        kind = {dict: "weights", int: "number", tuple: "list"}.get(type(one.value), "text")
        wanted = SAID[f"like_{kind}"](language).format(one=typed(one.value))
        typer.echo(SAID["bad"](language).format(like=wanted))


def _fits(key: str, value: Any) -> bool:
    """Whether the written file would load with it."""
    from pydantic import ValidationError

    try:
        Rules.model_validate({key: value} if key in Rules.model_fields else {})
    except ValidationError:
        return False
    return value is not None


def typed(value: Any) -> str:
    """A value as it would be typed: lists and weights by commas."""
    if isinstance(value, dict):
        return ", ".join(f"{key} = {weight:g}" for key, weight in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


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
            return _weights(json.loads(told) if told.startswith(("{", "[")) else _pairs(told))
        if isinstance(like, list | tuple):
            parts = [part.strip() for part in told.split(",") if part.strip()]
            return tuple(int(part) for part in parts) if like and isinstance(like[0], int) else tuple(parts)
    except ValueError:
        return None
    return told


def _pairs(told: str) -> dict[str, float]:
    """`revenue = 40, won_deals = 15`. Raises ValueError."""
    pairs = (part.split("=") for part in told.split(",") if part.strip())
    return {key.strip(): float(weight.strip().replace(" ", "")) for key, weight in pairs}


def _weights(told: Any) -> dict[str, float] | None:
    """Positive numbers by KPI; anything else would be a file that does not load."""
    if not isinstance(told, dict) or not told or not told.keys() <= ALL.keys():
        return None
    good = all(type(weight) in (int, float) and 0 < weight <= 100 for weight in told.values())
    return told if good else None
