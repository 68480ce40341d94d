"""Who am I, what may I, what time is it."""

from __future__ import annotations

from typing import Any

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.desk import Call
from providers.bitrix24.sandbox.methods.registry import METHODS, method


@method("profile", None)
def profile(call: Call) -> Result:
    """The token's user; ADMIN tells whether everything is visible."""
    person = call.portal.people.rows[call.user]
    return Result(
        {
            "ID": str(person.id),
            "ADMIN": person.admin and call.desk.switches.admin,
            "NAME": person.name,
            "LAST_NAME": person.last_name,
            "PERSONAL_GENDER": "",
            "TIME_ZONE": "",
        }
    )


@method("scope", None)
def scope(call: Call) -> Result:
    """What was granted."""
    return Result(sorted(call.desk.switches.scopes))


@method("methods", None)
def methods(call: Call) -> Result:
    """Every method's name."""
    return Result(sorted(known.name for known in METHODS.values()))


@method("server.time", None)
def server_time(call: Call) -> Result:
    """The portal's clock with its offset."""
    return Result(call.now())


@method("feature.get", None)
def feature(call: Call) -> Result:
    """Whether the plan has a feature."""
    known = {"rest_offline_extended": "Y", "rest_auth_connector": "N"}
    code = call.params.text("CODE")
    if code not in known:
        raise RestError("ERROR_ARGUMENT", "Unknown feature")
    return Result({"value": known[code]})


@method("app.info", None, app_only=True)
def app_info(call: Call) -> Result:
    """The installation and the portal's plan; and what the authorisation server would say, as here they are one."""
    family = "ent250" if call.desk.switches.enterprise else "pro100"
    told: dict[str, Any] = {
        "ID": "1",
        "CODE": "local.sandbox",
        "VERSION": "1",
        "STATUS": "L",
        "INSTALLED": True,
        "PAYMENT_EXPIRED": "N",
        "DAYS": None,
        "LANGUAGE_ID": "ru",
        "LICENSE": f"ru_{family}",
        "LICENSE_TYPE": family,
        "LICENSE_FAMILY": family,
    }
    return Result(told | call.desk.oauth.app_info(call.params.text("auth"), call.now()))
