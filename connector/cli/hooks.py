"""kpi hooks: having the CRM tell of changes by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import tzinfo
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from connector.cli import spoken
from connector.cli.options import Account, AsJson, Config, InLanguage, Language, benches, config_path, languages
from connector.errors import BadConfig

if TYPE_CHECKING:
    from connector.kpi.text import Language as LanguageName
    from connector.pipeline.bench import Workbench
    from connector.pipeline.hooks import HooksStanding

room = typer.Typer(help="Have the CRM tell of changes by itself: numbers follow in seconds.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register this room's commands."""
    app.add_typer(room, name="hooks")


@room.command("show")
def show(config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False) -> None:
    """How they stand, when the last one came, how many wait. Asks nothing of the CRM."""
    from connector.pipeline.hooks import standing_of

    _each(config, account, standing_of, language, as_json=as_json)


@room.command("on")
def on(config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False) -> None:
    """Subscribe at the CRM; needs [web] address, https, reached from outside, and `kpi run` to serve it."""
    from connector.pipeline.hooks import switch_on

    _each(config, account, switch_on, language, as_json=as_json)


@room.command("off")
def off(config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False) -> None:
    """Unsubscribe; reading every few minutes goes on as before."""
    from connector.pipeline.hooks import switch_off

    _each(config, account, switch_off, language, as_json=as_json)


@room.command("rotate")
def rotate(
    config: Config = None, account: Account = None, language: InLanguage = None, as_json: AsJson = False
) -> None:
    """Another secret address, should somebody have seen the old one."""
    from connector.pipeline.hooks import rotate as turn

    _each(config, account, turn, language, as_json=as_json)


@room.command("address")
def address(config: Config = None, account: Account = None, language: InLanguage = None) -> None:
    """Print the secret address, to enter it by hand as a Bitrix24 outgoing webhook's handler."""
    from connector.pipeline.hearing import hook_address

    with benches(config, account, language) as opened:
        for bench in opened:
            told = hook_address(bench)
            if told is None:
                raise BadConfig([
                    "[web] address is not set, so the CRM has nowhere to call; write how this program is reached from "
                    f'outside, such as address = "https://kpi.acme.ru", into [web] of {config_path(config)}'
                ])  # fmt: skip
            typer.echo(told)


def _each(
    config: Path | None,
    account: str | None,
    act: Callable[[Workbench], HooksStanding],
    language: Language | None,
    *,
    as_json: bool,
) -> None:
    from connector.cli import screen
    from connector.pipeline.bench import each

    with benches(config, account, language) as opened:
        ended = each(opened, act)
        told, spoken_in = [end.value for end in ended if end.value is not None], languages(opened, language)
        zones = {bench.settings.name: bench.zone() for bench in opened}
    if as_json:
        screen.print_json([_told(one) for one in told])
    else:
        for one in told:
            typer.echo(_line(one, spoken_in[one.account], zones[one.account]))
    screen.fail_if_any(ended, spoken_in)


def _told(one: HooksStanding) -> dict[str, object]:
    from connector.moment import from_ms

    at = from_ms(one.row.last_at).isoformat(timespec="seconds") if one.row.last_at is not None else None
    return {
        "account": one.account, "state": one.row.state if one.possible else "not possible", "last_at": at,
        "waiting": one.waiting, "missed": one.row.missed, "told": one.row.told, "reachable": one.address is not None,
    }  # fmt: skip


def _line(one: HooksStanding, language: LanguageName, zone: tzinfo) -> str:
    from connector.cli.screen import local
    from connector.said import in_language

    state = spoken.line(f"hooks_{one.row.state if one.possible else 'impossible'}", language)
    at = None if one.row.last_at is None else local(one.row.last_at, zone)
    last = spoken.line("hooks_never", language) if at is None else spoken.line("hooks_last", language, at=at)
    parts = [spoken.line("hooks_line", language, name=one.account, state=state, last=last, waiting=one.waiting)]
    if one.row.missed:
        parts.append(spoken.line("hooks_missed", language, n=one.row.missed))
    if one.address is None:
        parts.append(spoken.line("hooks_far", language))
    return "; ".join([*parts, *([in_language(one.row.told, language)] if one.row.told else [])])
