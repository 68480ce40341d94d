"""Who opened a page of ours inside the portal. Nothing that is posted is signed, so all of it is asked for. Sheet 6.2.

The posted DOMAIN is never called: the auth server of the configuration says which application, portal and person the
token is of, and the portal of the configuration says it once more.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass

from connector.errors import Forbidden, KpiError, NeedsPerson, Refused
from connector.provider import Guest, Knock
from connector.redact import masking
from providers.bitrix24 import php
from providers.bitrix24.auth import Application
from providers.bitrix24.client import Client
from providers.bitrix24.layout import CARDS, KEY, field_code, find_homes
from providers.bitrix24.mapping.fields import customs

_TABS = {"CRM_DEAL_DETAIL_TAB": "deal", "CRM_LEAD_DETAIL_TAB": "lead"}
_SMART = re.compile(r"^CRM_DYNAMIC_(\d+)_DETAIL_TAB$")
_TOKEN = re.compile(r"^[0-9A-Za-z]{16,200}$")
_OWN = re.compile(r"^\d{1,10}/\d{4}-\d\d$")


@dataclass(frozen=True, slots=True)
class Proven:
    """Whose token it is, by the word of the auth server and of the portal."""

    user: str
    admin: bool
    member: str


def guest(client: Client, knock: Knock, known: str | None, token: str | None) -> Guest:
    """Who opened a placement, and of what. `token`: the installation's, where it is known. Raises Forbidden."""
    member = client.grant.member()
    if member is None or known != member or not _same(knock.form.get("member_id", ""), member):
        raise _refused(client, "is of another portal")
    if token is not None and not _same(knock.form.get("APPLICATION_TOKEN", ""), token):
        raise _refused(client, "does not know the application's token")
    proven = prove(client, knock)
    if proven.member != member:
        raise _refused(client, "is of another portal")
    return Guest(proven.user, proven.admin, place(client, knock.form))


def prove(client: Client, knock: Knock) -> Proven:
    """Whose AUTH_ID this is: two questions, to the auth server and to the portal. Raises Forbidden."""
    application, access = client.grant, knock.form.get("AUTH_ID", "")
    refresh = knock.form.get("REFRESH_ID", "")
    if not isinstance(application, Application):
        raise Forbidden("pages need a local application: client_id and client_secret", where=client.http.where)
    if not _TOKEN.match(access) or not (refresh == "" or _TOKEN.match(refresh)):
        raise _refused(client, "brings no token")
    with masking(access, refresh):
        return _proven(client, application, access)


def _proven(client: Client, application: Application, access: str) -> Proven:
    try:
        told = application.vouch(access)
        profile = php.table(
            client.http.call("POST", f"{client.base}/rest/profile", data={"auth": access}).json()["result"]
        )
    except (NeedsPerson, Refused, KeyError, TypeError, ValueError):
        raise _refused(client, "brings a token that the portal does not know") from None
    install = php.table(told.get("install"))
    user = php.key(profile.get("ID"))
    host = client.base.partition("://")[2]
    fits = (
        told.get("client_id") == application.client_id,
        install.get("domain") == host,
        user is not None and str(told.get("user_id")) == user,
    )
    if not all(fits) or user is None:
        raise _refused(client, "brings a token of another application or portal")
    return Proven(user, php.truth(profile.get("ADMIN")) is True, str(install.get("member_id") or ""))


def place(client: Client, form: Mapping[str, str]) -> str:
    """What the placement is about; of a KPI card whose and which month, as its key tells."""
    where, id = form.get("PLACEMENT", ""), _id(form.get("PLACEMENT_OPTIONS", ""))
    if id is not None and where in _TABS:
        return f"{_TABS[where]}:{id}"
    smart = _SMART.match(where)
    return _card(client, int(smart[1]), id) if id is not None and smart is not None else ""


def _card(client: Client, kind: int, id: str) -> str:
    """Of our own smart process only: its items have a key that says whose they are."""
    try:
        home = next((one for one in find_homes(client, CARDS) if one.entity_type_id == kind), None)
        if home is None:
            return ""
        fields = customs(php.table(client.call("crm.item.fields", {"entityTypeId": kind}).result).get("fields"), ())
        name = next((one.name for one in fields if one.code == field_code(KEY, str(home.type_id))), None)
        item = php.table(client.call("crm.item.get", {"entityTypeId": kind, "id": id}).result).get("item")
    except KpiError:
        return ""
    key = str(php.table(item).get(name or "") or "")
    return f"card:{key}" if _OWN.match(key) else ""


def _id(options: str) -> str | None:
    try:
        told = json.loads(options or "{}")
    except ValueError:
        return None
    id = str(told.get("ID", "")) if isinstance(told, dict) else ""
    return id if id.isdigit() and len(id) < 20 else None


def _same(posted: str, known: str) -> bool:
    return hmac.compare_digest(posted.encode("utf-8", "replace"), known.encode())


def _refused(client: Client, why: str) -> Forbidden:
    return Forbidden(f"a page was opened by somebody who {why}", where=client.http.where, done="nobody was let in")
