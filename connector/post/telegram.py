"""One message by a Telegram bot."""

from __future__ import annotations

from connector.config.digest import TelegramSettings
from connector.errors import Broken, Forbidden, KpiError, Limited, Unfit
from connector.http import Answer, Http, Pacer
from connector.redact import remember


def send(settings: TelegramSettings, chat: str, text: str) -> None:
    """Raises Forbidden where the bot may not write there, and what the network raises. Sent once, never repeated."""
    token = settings.token.get_secret_value()
    remember(token)
    body = {"chat_id": chat, "text": text, "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
    http = Http("telegram", Pacer(20), judge, tries=1, deadline=20, read_timeout=20, max_body=100_000)
    try:
        http.call("POST", f"{settings.address}/bot{token}/sendMessage", kind="write", json=body)
    finally:
        http.close()


def judge(answer: Answer) -> KpiError | None:
    """By status: the text is for people, and may quote the message."""
    if answer.status == 200:
        return None
    if answer.status == 429:
        return Limited("Telegram asks to wait", where="telegram")
    if answer.status in (401, 403, 404):
        todo = "check the bot's token; the person must have written to the bot first"
        return Forbidden(f"Telegram answered {answer.status}", where="telegram", todo=todo)
    if answer.status < 500:
        return Unfit(f"Telegram answered {answer.status}", where="telegram", todo="check the chat's number")
    return Broken(f"Telegram answered {answer.status}", where="telegram")
