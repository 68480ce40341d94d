"""The vendor's table of errors, row by row."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from connector import errors
from providers.bitrix24.verdict import Expired, Moved, judge_answer

NOW = datetime(2026, 9, 1, 12, tzinfo=UTC)


def judged(status: int, body: Any, **headers: str) -> errors.KpiError | None:
    raw = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return judge_answer(status, headers, raw, where="acme POST …/crm.item.list", closed=lambda time: NOW)


def said(status: int, code: Any, text: str = "") -> errors.KpiError | None:
    return judged(status, {"error": code, "error_description": text})


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, "INVALID_REQUEST", errors.Unfit),
        (400, "ERROR_BATCH_LENGTH_EXCEEDED", errors.Unfit),
        (400, "INVALID_ARG_VALUE", errors.Unfit),
        (400, "NOT_FOUND", errors.NotThere),
        (400, "ACCESS_DENIED", errors.Forbidden),
        (400, 100, errors.Unfit),
        (400, "", errors.Unfit),
        (400, "Invalid parameters.", errors.Unfit),
        (401, "expired_token", Expired),
        (401, "NO_AUTH_FOUND", errors.Reauthorise),
        (401, "INVALID_CREDENTIALS", errors.Reauthorise),
        (403, "invalid_credentials", errors.Reauthorise),
        (401, "invalid_token", errors.Reauthorise),
        (401, "NOT_INSTALLED", errors.Reauthorise),
        (401, "PAYMENT_REQUIRED", errors.Unpaid),
        (401, "METHOD_CONFIRM_WAITING", errors.NeedsPerson),
        (403, "insufficient_scope", errors.Forbidden),
        (403, "user_access_error", errors.Forbidden),
        (403, "WRONG_AUTH_TYPE", errors.Forbidden),
        (403, "METHOD_CONFIRM_DENIED", errors.Forbidden),
        (404, "ERROR_METHOD_NOT_FOUND", errors.NotThere),
        (405, "ERROR_BATCH_METHOD_NOT_ALLOWED", errors.Unfit),
        (429, "OPERATION_TIME_LIMIT", errors.Limited),
        (410, "PORTAL_DELETED", errors.NeedsPerson),
        (500, "PORTAL_DELETED", errors.NeedsPerson),
        (500, "INTERNAL_SERVER_ERROR", errors.Broken),
        (500, "ERROR_UNEXPECTED_ANSWER", errors.Broken),
        (503, "QUERY_LIMIT_EXCEEDED", errors.Limited),
        (503, "query_limit_exceeded", errors.Limited),
        (503, "OVERLOAD_LIMIT", errors.Blocked),
        (200, "ERROR_ARGUMENT", errors.Unfit),
        (200, "wrong_client", errors.Reauthorise),
    ],
)
def test_each_code(status: int, code: Any, kind: type[errors.KpiError]) -> None:
    found = said(status, code)
    assert type(found) is kind


@pytest.mark.parametrize("text", ["Not found", "Lead is not found", "Элемент не найден", "Сделка не найдена."])
def test_old_methods_say_not_found_in_words_only(text: str) -> None:
    assert type(said(400, "", text)) is errors.NotThere


def test_a_missing_field_is_not_a_missing_record() -> None:
    assert type(said(400, "", "The 'FIELD_NAME' field is not found.")) is errors.Unfit


@pytest.mark.parametrize("text", ["REST API is available only on commercial plans", "только на коммерческих тарифах"])
def test_an_unpaid_plan_hides_behind_access_denied(text: str) -> None:
    assert type(said(403, "ACCESS_DENIED", text)) is errors.Unpaid


def test_the_third_api_nests_its_errors() -> None:
    found = judged(403, {"error": {"code": "INSUFFICIENT_SCOPE", "message": "no scope"}})
    assert type(found) is errors.Forbidden


def test_html_in_a_text_is_stripped() -> None:
    assert "<br>" not in str(said(400, "ERROR_CORE", "Нет<br>прав"))


def test_good_answers() -> None:
    assert judged(200, {"result": []}) is None
    assert judged(200, {"result": None}) is None
    assert judged(200, b'\xef\xbb\xbf{"result":1}') is None


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'{"result":', b'{"other":1}', b"[" * 100000])
def test_what_proves_nothing_is_broken(body: bytes) -> None:
    assert type(judged(200, body)) is errors.Broken


@pytest.mark.parametrize("status", [403, 404, 500, 502, 503, 504])
def test_html_is_broken_whatever_its_status(status: int) -> None:
    found = judged(status, b"<html>nginx</html>", **{"Content-Type": "text/html"})
    assert type(found) is errors.Broken
    assert "text/html" in str(found)


def test_a_redirect_keeps_its_address() -> None:
    found = judged(302, b"<html>", Location="https://new.bitrix24.ru/rest/1/x/batch")
    assert isinstance(found, Moved)
    assert found.location == "https://new.bitrix24.ru/rest/1/x/batch"


def test_only_the_operating_limit_closes_a_method() -> None:
    for code, retry_at in (("OPERATION_TIME_LIMIT", NOW), ("QUERY_LIMIT_EXCEEDED", None)):
        found = said(429, code)
        assert found is not None
        assert found.retry_at == retry_at
