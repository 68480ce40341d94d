"""Every status as the fact sheet tells it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from connector.errors import (
    BadConfig,
    Blocked,
    Broken,
    Forbidden,
    KpiError,
    Limited,
    NotThere,
    Reauthorise,
    Refused,
    Unfit,
    Unpaid,
)
from connector.http import Answer
from providers.amocrm.verdict import Stale, judge, judge_token, offending
from tests.amocrm.kits import error

NOW = datetime(2026, 9, 1, tzinfo=UTC)
HTML = b"<html><body><center><h1>403 Forbidden</h1></center><hr><center>nginx</center></body></html>"


def answer(status: int, body: Any = b"", **headers: str) -> Answer:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return Answer(status, headers, raw, "acme GET https://acme.amocrm.ru/api/v4/leads", NOW)


@pytest.mark.parametrize(
    ("status", "body", "meant"),
    [
        (400, error(400), Unfit),
        (400, error(400, detail="Нет прав. Код ошибки 244"), Forbidden),
        (401, error(401), Stale),
        (402, error(402), Unpaid),
        (403, error(403), Forbidden),
        (403, error(403, detail="IP not allowed, code 113"), Blocked),
        (403, HTML, Blocked),
        (404, error(404), NotThere),
        (405, error(405), Unfit),
        (422, error(422), Unfit),
        (426, error(426), Unfit),
        (429, HTML, Limited),
        (500, error(500), Broken),
        (502, HTML, Broken),
        (504, HTML, Broken),
        (301, b"", NotThere),
        (418, error(418), Broken),
    ],
)
def test_a_status_is_one_of_our_errors(status: int, body: Any, meant: type[KpiError]) -> None:
    found = judge(answer(status, body))
    assert type(found) is meant
    assert "acme GET" in str(found)


@pytest.mark.parametrize(
    ("status", "body"), [(200, {"_embedded": {}}), (201, [1]), (204, b""), (202, b"OK"), (200, b"\xef\xbb\xbf{}")]
)
def test_good_answers(status: int, body: Any) -> None:
    assert judge(answer(status, body)) is None


def test_an_empty_200_is_no_answer() -> None:
    assert isinstance(judge(answer(200, b"")), Broken)


@pytest.mark.parametrize("body", [HTML, b'{"_embedded": {"leads": [{"id": 1}, {"i'])
def test_200_that_is_no_whole_json_is_broken(body: bytes) -> None:
    with pytest.raises(Broken):
        judge(answer(200, body))


@pytest.mark.parametrize(
    ("said", "wait"),
    [
        ("30", timedelta(seconds=30)), (" 30 ", timedelta(seconds=30)), ("86401", timedelta(days=1)),
        ("Tue, 01 Sep 2026 00:00:30 GMT", timedelta(seconds=30)),
        ("Tue, 01 Sep 2026 00:00:30 -0000", timedelta(seconds=30)),
        ("9" * 400, timedelta(days=1)), ("Fri, 01 Jan 2100 00:00:00 GMT", timedelta(days=1)),
        ("soon", None), ("-5", None), ("²", None), ("Tue, 01 Sep 99999 00:00:00 GMT", None), ("", None),
    ],
)  # fmt: skip
def test_a_limit_with_a_moment(said: str, wait: timedelta | None) -> None:
    """Seconds or a date; of an absurd wait a day, of what cannot be read none."""
    told = judge(answer(429, HTML, **{"Retry-After": said}))
    assert isinstance(told, Limited) and told.retry_at == (None if wait is None else NOW + wait)


def test_a_limit_without_a_moment() -> None:
    told = judge(answer(429, HTML))
    assert told is not None and told.retry_at is None


def test_the_items_to_blame() -> None:
    wrong = {
        "request_id": "7",
        "errors": [{"code": "NotSupportedChoice", "path": "custom_fields_values.0.field_id", "detail": "Not valid."}],
    }
    told = judge(answer(400, error(400, **{"validation-errors": [wrong]})))
    assert isinstance(told, Unfit)
    assert told.items == {"7": "custom_fields_values.0.field_id NotSupportedChoice Not valid."}
    assert offending({}) == {}


@pytest.mark.parametrize(
    ("status", "body", "meant"),
    [
        (401, error(401, hint="Token has been revoked"), Reauthorise),
        (400, error(400, hint="Authorization code has expired"), Reauthorise),
        (401, error(401, title="Некорректный клиент"), BadConfig),
        (400, error(400), Unfit),
        (401, HTML, Broken),
        (403, HTML, Blocked),
        (404, error(404), NotThere),
        (429, HTML, Limited),
        (502, HTML, Broken),
    ],
)
def test_only_the_vendors_words_end_a_grant(status: int, body: Any, meant: type[KpiError]) -> None:
    assert type(judge_token(answer(status, body))) is meant


def test_a_support_ticket_can_be_written() -> None:
    told = judge(answer(403, error(403), **{"X-Request-Id": "abc123"}))
    assert isinstance(told, Refused)
    assert "abc123" in str(told)
