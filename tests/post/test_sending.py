"""A letter arrives once, in both shapes; what is refused or silent is an error that says so, and shows no secret."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from connector.config.digest import DigestSettings, SmtpSettings, TelegramSettings
from connector.errors import Forbidden, KpiError, Limited, Refused, Unreachable
from connector.post import mail, telegram
from tests.post.desks import Bot, Post, serving


@pytest.fixture
def post() -> Iterator[Post]:
    with serving(Post()) as server:
        yield server


@pytest.fixture
def bot() -> Iterator[Bot]:
    with serving(Bot()) as server:
        yield server


def smtp(port: int) -> SmtpSettings:
    return SmtpSettings(host="127.0.0.1", port=port, security="none", sender="kpi@acme.ru")


def test_a_letter_arrives_in_both_shapes(post: Post) -> None:
    mail.send(smtp(post.port), "anna@acme.ru", "Ваши показатели\r\nBcc: evil@x", "План\n", "<p>План</p>")
    (letter,) = post.letters
    assert letter["To"] == "anna@acme.ru" and "Bcc" not in letter and letter["Auto-Submitted"] == "auto-generated"
    kinds = {part.get_content_type(): part for part in letter.walk()}
    assert "План" in kinds["text/plain"].get_payload(decode=True).decode()
    assert "<p>План</p>" in kinds["text/html"].get_payload(decode=True).decode()


def test_a_refused_letter_and_a_silent_server_are_told_apart(post: Post) -> None:
    post.refuse = True
    with pytest.raises(Refused):
        mail.send(smtp(post.port), "anna@acme.ru", "x", "x", "x")
    assert post.letters == []
    with pytest.raises(Unreachable):
        mail.send(smtp(1), "anna@acme.ru", "x", "x", "x")


def test_a_bot_writes_once_to_one_chat(bot: Bot) -> None:
    telegram.send(TelegramSettings(token=SecretStr("1:secret-token"), address=bot.address), "42", "<b>План</b>")
    ((path, body),) = bot.asked
    assert path == "/bot1:secret-token/sendMessage"
    assert (body["chat_id"], body["text"], body["parse_mode"]) == ("42", "<b>План</b>", "HTML")


@pytest.mark.parametrize(("status", "error"), [(403, Forbidden), (429, Limited), (400, Refused), (500, KpiError)])
def test_a_bot_that_may_not_is_tried_once_and_says_why(bot: Bot, status: int, error: type[KpiError]) -> None:
    bot.status = status
    with pytest.raises(error) as told:
        telegram.send(TelegramSettings(token=SecretStr("1:secret-token"), address=bot.address), "42", "x")
    assert len(bot.asked) == 1
    assert "secret-token" not in str(told.value)


@pytest.mark.parametrize(
    "bad",
    [
        {"smtp": {"host": "smtp.acme.ru", "security": "none", "sender": "a@b"}},
        {"smtp": {"host": "smtp.acme.ru", "sender": "a@b", "user": "x"}},
        {"smtp": {"host": "smtp.acme.ru", "sender": "a@b", "user": "x", "password": "in clear"}},
        {"telegram": {"token": SecretStr("x"), "address": "http://evil.example"}},
        {"to": [{"user": "501", "email": "a@b"}]},
        {"to": [{"user": "501", "chat": "@name"}]},
        {"daily_at": "25:00"},
    ],
)
def test_settings_that_reach_nobody_or_leak_are_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        DigestSettings.model_validate(bad)
