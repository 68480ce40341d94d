"""What an answer of amoCRM means: one of our errors, or None where it is good. Source: crm/amocrm 0, 1.3, 4.2."""

from __future__ import annotations

from typing import Any

from connector.errors import (
    BadConfig,
    Blocked,
    Broken,
    Forbidden,
    KpiError,
    Limited,
    NotThere,
    Reauthorise,
    Unfit,
    Unpaid,
)
from connector.http import Answer

GOOD = frozenset({200, 201, 204})
ACCEPTED = 202
_NO_RIGHTS, _NO_RIGHTS_WORDS = 244, "Код ошибки 244"
_NOT_LISTED = 113
_MANY = 20


class Stale(Reauthorise):
    """401 on a call: the access token is no longer good; one refresh may help."""


def judge(answer: Answer) -> KpiError | None:
    """For calls of the API."""
    if answer.status in GOOD:
        return _sound(answer)
    if answer.status == ACCEPTED:  # its body may be anything
        return None
    if answer.status in _KNOWN:
        return _KNOWN[answer.status](answer)
    if 300 <= answer.status < 400:
        return NotThere(
            f"redirects to {answer.headers.get('Location', 'elsewhere')}",
            where=answer.where,
            todo="set base_url to the account's own address, as the browser shows it",
        )
    return Broken(f"answered {answer.status}", where=answer.where, todo="nothing: it is tried again")


def judge_token(answer: Answer) -> KpiError | None:
    """For the token endpoint: only the vendor's own JSON says that a grant is dead."""
    if answer.status in (400, 401):
        return _grant(answer)
    return judge(answer)


def _sound(answer: Answer) -> KpiError | None:
    """A good status must carry whole JSON: a login page, half a body and none at all come with 200 too."""
    if answer.status == 204:
        return None
    if not answer.body:
        return Broken(f"answered {answer.status} with nothing in it", where=answer.where)
    answer.json()  # raises Broken
    return None


def _is_json(answer: Answer) -> bool:
    return answer.body.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] in (b"{", b"[")


def told(answer: Answer) -> dict[str, Any]:
    """The problem as JSON, {} where it is none."""
    if not _is_json(answer):
        return {}
    try:
        body = answer.json()
    except Broken:
        return {}
    return body if isinstance(body, dict) else {}


def _words(answer: Answer) -> str:
    body = told(answer)
    parts = [str(body[key]) for key in ("title", "detail", "hint") if body.get(key)]
    request = answer.headers.get("X-Request-Id")
    return ", ".join(parts + ([f"request {request}"] if request else [])) or f"{answer.status}"


def _unfit(answer: Answer) -> KpiError:
    body, words = told(answer), _words(answer)
    if _NO_RIGHTS_WORDS in words or body.get("code") == _NO_RIGHTS:
        return Forbidden(words, where=answer.where, todo="give the token's user this right, or use an administrator's")
    items = offending(body)
    named = "; ".join(f"{id_}: {why}" for id_, why in list(items.items())[:_MANY])
    return Unfit(named or words, items=items, where=answer.where)


def offending(body: dict[str, Any]) -> dict[str, str]:
    """request_id -> what is wrong with it, from a validation answer."""
    found: dict[str, str] = {}
    for item in body.get("validation-errors") or []:
        errors = [error for error in item.get("errors") or [] if isinstance(error, dict)]
        words = "; ".join(f"{e.get('path', '')} {e.get('code', '')} {e.get('detail', '')}".strip() for e in errors)
        found[str(item.get("request_id"))] = words or "refused"
    return found


def _stale(answer: Answer) -> KpiError:
    return Stale(
        f"the token is not accepted ({_words(answer)})",
        where=answer.where,
        todo="issue a new long-lived token, or run `kpi authorise`",
    )


def _grant(answer: Answer) -> KpiError:
    """The hint is the only discriminator; without one the grant was not spent, let alone dead."""
    body = told(answer)
    if not body:
        return Broken(f"answered {answer.status} without saying why", where=answer.where)
    if body.get("hint"):
        return Reauthorise(f"the grant is dead ({_words(answer)})", where=answer.where, todo="run `kpi authorise`")
    if answer.status == 401:
        return BadConfig(
            [f"client_id or client_secret is not accepted, or the account is unpaid ({_words(answer)})"],
            where=answer.where,
        )
    return _unfit(answer)


def _unpaid(answer: Answer) -> KpiError:
    return Unpaid(
        f"the subscription does not cover this ({_words(answer)})",
        where=answer.where,
        done="writing stops; reading goes on as long as the CRM lets it",
        todo="pay the account in amoCRM (Settings, Billing)",
    )


def _forbidden(answer: Answer) -> KpiError:
    """JSON: no right, or an address that is not listed. HTML: the account or our address is blocked."""
    body = told(answer)
    if not body:
        return Blocked(
            "the CRM blocks this account or our address (403 without a reason)",
            where=answer.where,
            done="no further call is made",
            todo="write to amoCRM's support; nothing else is known to lift it",
        )
    if _NOT_LISTED in (body.get("code"), body.get("error_code")) or str(_NOT_LISTED) in str(body.get("detail", "")):
        return Blocked(
            f"our address is not on the account's list ({_words(answer)})",
            where=answer.where,
            todo="add this server's address in amoCRM (Settings, Security)",
        )
    return Forbidden(f"no right to this ({_words(answer)})", where=answer.where, todo="use an administrator's token")


def _limited(answer: Answer) -> KpiError:
    return Limited("too many requests", where=answer.where, done="slowed down", retry_at=answer.retry_at())


def _missing(answer: Answer) -> KpiError:
    return NotThere(f"not found ({_words(answer)})", where=answer.where)


def _unable(answer: Answer) -> KpiError:
    return Unfit(_words(answer), items=offending(told(answer)), where=answer.where)


_KNOWN = {
    400: _unfit, 401: _stale, 402: _unpaid, 403: _forbidden, 404: _missing, 405: _unable, 409: _unable, 422: _unable,
    425: _unable, 426: _unable, 429: _limited,
}  # fmt: skip
