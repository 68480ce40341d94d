"""Where our pages stand in the portal, and taking these places: looked for first, as binding twice adds a second tab.

Source: fact sheet 1.4, 6.1. A portal drops them when the application is deleted or updated: the installer comes again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from connector.errors import Forbidden, KpiError, Refused
from connector.provider import Installed, Knock, Tokens
from providers.bitrix24 import php
from providers.bitrix24.auth import Application
from providers.bitrix24.batch import Command
from providers.bitrix24.client import Client
from providers.bitrix24.entering import prove
from providers.bitrix24.layout import CARDS, find_homes

TITLES = {"ru": "KPI продаж", "en": "Sales KPIs"}
WHERE = {
    "LEFT_MENU": "левое меню · left menu",
    "CRM_DEAL_DETAIL_TAB": "вкладка в карточке сделки · tab in a deal's card",
    "CRM_LEAD_DETAIL_TAB": "вкладка в карточке лида · tab in a lead's card",
}
CARD = "вкладка в карточке KPI · tab in a KPI card"
LIBRARY = "https://api.bitrix24.com/api/v1/"
"""The vendor's own script: until it says so, events are not sent and places are not shown."""
SCRIPT = "if (window.BX24) { BX24.init(function () { BX24.installFinish(); }); }"
NO_HOME = (
    "нет смарт-процесса карточек KPI: включите уровень kpi_card и установите приложение ещё раз"
    " · there is no smart process for KPI cards: switch on kpi_card and install once more"
)


def install(client: Client, knock: Knock, known: str | None, address: str) -> Installed:
    """The installer was opened: prove that an administrator did, keep the access he gives, take our places."""
    proven = prove(client, knock)
    if not proven.admin:
        raise Forbidden("only an administrator installs the application", where=client.http.where)
    if known not in (None, proven.member) and "." not in (known or ""):
        raise Forbidden("this portal is not the account's", where=client.http.where, done="nothing was kept")
    _keep(client, knock, proven.member, proven.user)
    places, notes = bind(client, address)
    return Installed(tuple(places), tuple(notes), LIBRARY, SCRIPT)


def bind(client: Client, address: str) -> tuple[list[str], list[str]]:
    """Every place of ours, those taken already included; and what the portal refused, in words."""
    taken = {(row.get("placement"), row.get("handler")) for row in _bound(client)}
    wanted, notes = dict(WHERE), list[str]()
    home = next(iter(_homes(client)), None)
    if home is None:
        notes.append(NO_HOME)
    else:
        wanted[f"CRM_DYNAMIC_{home}_DETAIL_TAB"] = CARD
    missing = {code: _command(code, address) for code in wanted if (code, address) not in taken}
    refused = {code: outcome.what for code, outcome in _write(client, missing) if isinstance(outcome, KpiError)}
    notes += [f"{wanted[code]}: {what}" for code, what in refused.items()]
    return [words for code, words in wanted.items() if code not in refused], notes


def _write(client: Client, missing: dict[str, Command]) -> Iterator[tuple[str, Any]]:
    if missing:
        yield from client.write(missing).items()


def _bound(client: Client) -> list[dict[str, Any]]:
    return [row for row in php.rows(client.call("placement.get").result) if isinstance(row, dict)]


def _homes(client: Client) -> list[int]:
    try:
        return [home.entity_type_id for home in find_homes(client, CARDS)]
    except Refused:
        return []


def _command(code: str, address: str) -> Command:
    told = {language: {"TITLE": title} for language, title in TITLES.items()}
    return Command("placement.bind", {"PLACEMENT": code, "HANDLER": address, "TITLE": TITLES["ru"], "LANG_ALL": told})


def _keep(client: Client, knock: Knock, member: str, user: str) -> None:
    """The chain of tokens that opening the installer began is ours from now on."""
    application = client.grant
    assert isinstance(application, Application)  # proven a moment ago
    refresh = knock.form.get("REFRESH_ID", "")
    if not refresh:
        return
    now = client.now()
    life = knock.form.get("AUTH_EXPIRES", "")
    extra = {"member_id": member, "user_id": user}
    if knock.form.get("APPLICATION_TOKEN"):
        extra["application_token"] = knock.form["APPLICATION_TOKEN"]
    application.kit.vault.keep(
        Tokens(
            access=knock.form["AUTH_ID"],
            refresh=refresh,
            expires_at=now + timedelta(seconds=int(life) if life.isdigit() else 3600),
            issued_at=now,
            base=client.base,
            extra=extra,
        )
    )
