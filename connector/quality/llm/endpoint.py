"""Asking a model behind an address of OpenAI's shape: held to a schema where it can be, else to JSON, else freely."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from connector.config.quality import LlmSettings
from connector.errors import Broken, Forbidden, KpiError, Limited, NotThere, Unfit
from connector.http import Answer, Http, Pacer

Mode = Literal["json_schema", "json_object", "text"]
MODES: tuple[Mode, ...] = ("json_schema", "json_object", "text")
MOST_TOKENS = 4000
_UNASKED = (400, 404, 415, 422, 501)
"""How endpoints say that they do not know a `response_format`."""


class Declined(Exception):
    """The model will not, or could not finish: nothing that repeating would change."""

    def __init__(self, why: Literal["refused", "cut"]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(slots=True)
class Endpoint:
    """One model. `mode`: the strictest way it is known to understand, found out once."""

    settings: LlmSettings
    sleep: Callable[[float], None] = time.sleep
    mode: Mode = "json_schema"
    _http: Http = field(init=False)

    def __post_init__(self) -> None:
        seconds = float(self.settings.timeout)
        self._http = Http(
            "llm", Pacer(50), judge, sleep=self.sleep, tries=2, patience=60, deadline=seconds, read_timeout=seconds,
            max_body=4_000_000,
        )  # fmt: skip

    def ask(self, messages: list[dict[str, str]], schema: Mapping[str, Any], mode: Mode) -> str:
        """What the model wrote. Raises Declined, Unfit where the mode is not understood, or what the network raises."""
        body: dict[str, Any] = {
            "model": self.settings.model, "messages": messages, "temperature": 0, "seed": 7, "max_tokens": MOST_TOKENS,
        }  # fmt: skip
        if (shape := _shape(mode, schema)) is not None:
            body["response_format"] = shape
        key = self.settings.key
        headers = {"Authorization": f"Bearer {key.get_secret_value()}"} if key is not None else {}
        answer = self._http.call("POST", f"{self.settings.base_url}/chat/completions", json=body, headers=headers)
        return _written(answer)

    def close(self) -> None:
        """Let go of the connection."""
        self._http.close()


def judge(answer: Answer) -> KpiError | None:
    """What an answer means, before anything is read in it."""
    status, where = answer.status, answer.where
    if status < 300:
        return None
    if status in (401, 403):
        return Forbidden("the model's endpoint does not let us in", where=where, todo="look at account.quality.llm.key")
    if status == 429:
        return Limited("the model's endpoint is busy", where=where)
    if status in _UNASKED:
        told = answer.body[:300].decode("utf-8", "replace")
        return NotThere(f"answered {status}: {told}", where=where) if status == 404 else Unfit(
            f"answered {status}: {told}", where=where
        )  # fmt: skip
    return Broken(f"answered {status}", where=where)


def _shape(mode: Mode, schema: Mapping[str, Any]) -> dict[str, Any] | None:
    if mode == "json_schema":
        return {"type": "json_schema", "json_schema": {"name": "answers", "strict": True, "schema": dict(schema)}}
    return {"type": "json_object"} if mode == "json_object" else None


def _written(answer: Answer) -> str:
    told = answer.json()
    try:
        choice = told["choices"][0]
        message, ended = choice["message"], choice.get("finish_reason")
    except (KeyError, IndexError, TypeError):
        raise Broken("no choice in the answer", where=answer.where) from None
    if message.get("refusal") or ended == "content_filter":
        raise Declined("refused")
    content = message.get("content")
    if isinstance(content, list):
        content = "".join(part.get("text", "") for part in content if isinstance(part, dict))
    if ended == "length":
        raise Declined("cut")
    return content if isinstance(content, str) else ""
