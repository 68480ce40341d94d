"""What an answer of the portal means: HTTP status and error code in, one of our errors out. Fact sheet 0.3.

Codes are compared without case, as text: the portal sends numbers, empty strings and sentences too. An error may come
with HTTP 200, so the key `error` is looked for first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from connector.errors import (
    Blocked,
    Broken,
    Forbidden,
    KpiError,
    Limited,
    NeedsPerson,
    NotThere,
    Reauthorise,
    Refused,
    Unfit,
    Unpaid,
)
from connector.redact import redact

OPERATING = "operation_time_limit"
DEAD = {
    "no_auth_found", "invalid_credentials", "invalid_token", "error_oauth", "application_not_found", "not_installed",
    "wrong_client", "invalid_client", "invalid_grant", "bad_verification_code",
}  # fmt: skip
DENIED = {
    "insufficient_scope", "invalid_scope", "user_access_error", "access_denied", "wrong_auth_type",
    "allowed_only_intranet_user", "method_confirm_denied", "create_dynamic_type_restricted",
    "update_dynamic_item_restricted",
}  # fmt: skip
MISSING = {"not_found", "error_method_not_found", "error_not_found", "owner_not_found"}
FAILING = {"internal_server_error", "error_unexpected_answer"}
_TAGS = re.compile(r"<[^>]{0,200}>")
_PAID = re.compile(r"commercial|коммерческ", re.I)
_NOT_FOUND = re.compile(r"^\s*(?:\w+ ){0,2}?(?:is )?(?:not found|не найден[аоы]?)\W*$", re.I)


class Expired(Reauthorise):
    """The access token's hour is over: refresh and ask again, once."""


class Moved(Refused):
    """The portal was renamed; `location` is where it says to ask."""

    def __init__(self, location: str, *, where: str) -> None:
        self.location = location
        super().__init__("the portal sends us to another address", where=where)


def problem(payload: dict[str, Any]) -> tuple[str, str] | None:
    """Code (lower case) and plain text of the error in an answer or in a command's outcome, None without one."""
    if "error" not in payload:
        return None
    error, text = payload["error"], payload.get("error_description", "")
    if isinstance(error, dict):  # the shape of the third API
        error, text = error.get("code", ""), error.get("message", "")
    return str(error).strip().lower(), redact(_TAGS.sub(" ", str(text or "")).strip())[:300]


def judge_code(  # noqa: PLR0911 - one line for each row of the vendor's table
    status: int, code: str, text: str, *, where: str, retry_at: datetime | None = None
) -> KpiError:
    """The error for a code, by the table of the sheet; `retry_at` is when a method's operating limit is over."""
    said = f"{code or 'error without a code'} ({status}): {text}" if text else f"{code or 'error'} ({status})"
    if code == "expired_token":
        return Expired(said, where=where, todo="connect the account again")
    if code == "query_limit_exceeded":
        return Limited("too many requests in a short time", where=where)
    if code == OPERATING:
        return Limited("this method has used up its working time", where=where, retry_at=retry_at)
    if code == "overload_limit":
        return Blocked("the vendor closed this portal's REST by hand", where=where, todo="write to Bitrix24's support")
    if code in DEAD:
        return Reauthorise(said, where=where, todo="make a new webhook or connect the application again")
    if code == "payment_required" or (code in DENIED and _PAID.search(text)):
        return Unpaid(said, where=where, todo="REST needs a paid plan: renew the subscription")
    return _refusal(status, code, text, said, where)


def _refusal(status: int, code: str, text: str, said: str, where: str) -> KpiError:
    if code == "method_confirm_waiting":
        return NeedsPerson(said, where=where, todo="an administrator must approve this method in the portal")
    if code == "portal_deleted":
        return NeedsPerson(said, where=where, todo="the portal is gone: remove the account from the configuration")
    if code in DENIED or (status == 403 and code not in MISSING):
        return Forbidden(said, where=where, todo="give the webhook's owner this right and the webhook this scope")
    if code in MISSING or _NOT_FOUND.match(text):
        return NotThere(said, where=where)
    if code in FAILING or status >= 500:
        return Broken(said, where=where)
    return Unfit(said, where=where)


def judge_answer(  # noqa: PLR0911 - shapes of an answer, one by one
    status: int, headers: Mapping[str, str], body: bytes, *, where: str, closed: Callable[[Any], datetime]
) -> KpiError | None:
    """None for a good answer. `closed` is asked, with the answer's `time`, until when the method is over its limit."""
    if status in (301, 302, 303, 307, 308):
        return Moved(headers.get("Location", ""), where=where)
    try:
        payload = msgspec.json.decode(body.removeprefix(b"\xef\xbb\xbf"))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return _not_json(status, headers, len(body), where)
    if not isinstance(payload, dict):
        return Broken(f"answered {status} with JSON that is no answer", where=where)
    found = problem(payload)
    if found is not None:
        retry_at = closed(payload.get("time")) if found[0] == OPERATING else None
        return judge_code(status, *found, where=where, retry_at=retry_at)
    if status == 429:
        return Limited("too many requests", where=where)
    if status >= 400 or "result" not in payload:
        return Broken(f"answered {status} without a result", where=where)
    return None


def _not_json(status: int, headers: Mapping[str, str], size: int, where: str) -> KpiError:
    kind = headers.get("Content-Type", "no content type")
    todo = "open the portal in a browser: it may show a maintenance or login page"
    if status == 402:
        return Unpaid(f"answered {status} with {kind}", where=where, todo="renew the subscription")
    if status == 429:
        return Limited("too many requests", where=where)
    return Broken(f"answered {status} with {kind} that is not JSON ({size} bytes)", where=where, todo=todo)
