"""batch: up to 50 commands as text, references to earlier results, and an answer in five sections, always HTTP 200."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import msgspec

from providers.bitrix24.sandbox.answers import RestError, Result
from providers.bitrix24.sandbox.faults import MissingCommand
from providers.bitrix24.sandbox.php import Params, parse, truth

LIMIT = 50
_REFERENCE = re.compile(r"\$result((?:\[[^\[\]]*\])+)")
_PART = re.compile(r"\[([^\[\]]*)\]")
Run = Callable[[str, Params], tuple[Result, dict[str, Any]]]
"""Method and parameters -> result and its `time`."""


@dataclass(slots=True)
class Sections:
    """What is answered; each section is a list where its keys are 0..n-1, [] where it is empty."""

    result: dict[str, Any] = field(default_factory=dict)
    result_error: dict[str, Any] = field(default_factory=dict)
    result_total: dict[str, int] = field(default_factory=dict)
    result_next: dict[str, int] = field(default_factory=dict)
    result_time: dict[str, Any] = field(default_factory=dict)

    def told(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def run_batch(params: Params, run: Run) -> Result:
    """Every command in turn; with `halt` nothing runs after the first error."""
    sections = Sections()
    halt = truth(params.get("halt", 0)) or params.get("halt") in (1, "1")
    for place, (key, command) in enumerate(params.map("cmd").items()):
        try:
            if place >= LIMIT:
                raise RestError("ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")
            _command(sections, str(key), str(command), run)
        except MissingCommand:
            continue
        except RestError as error:
            sections.result_error[str(key)] = error.body()
            if halt:
                break
    return Result(sections.told())


def _command(sections: Sections, key: str, command: str, run: Run) -> None:
    method, _, query = command.partition("?")
    method = method.strip().removesuffix(".json").strip("/")
    if method.lower() == "batch":
        raise RestError("ERROR_BATCH_METHOD_NOT_ALLOWED", "Method is not allowed for batch usage", 405)
    params = Params(_resolved(parse(query), sections.result))
    result, time = run(method, params)
    sections.result[key] = result.value
    if result.total is not None:
        sections.result_total[key] = result.total
    if result.next is not None:
        sections.result_next[key] = result.next
    sections.result_time[key] = time


def _resolved(value: Any, results: dict[str, Any]) -> Any:
    """References in values, anywhere in the tree."""
    if isinstance(value, dict):
        return {key: _resolved(item, results) for key, item in value.items()}
    if isinstance(value, list):
        return [_resolved(item, results) for item in value]
    if "$result" not in value:
        return value
    whole = _REFERENCE.fullmatch(value)
    if whole:
        found = _look(results, whole[1])
        return found if isinstance(found, dict | list) else _text(found)
    return _REFERENCE.sub(lambda match: _text(_look(results, match[1])), value)


def _look(results: dict[str, Any], path: str) -> Any:
    """Follow a path; whatever is missing on the way makes it empty."""
    at: Any = results
    for part in _PART.findall(path):
        if isinstance(at, msgspec.Raw):
            at = msgspec.json.decode(at)
        if isinstance(at, dict):
            at = at.get(part)
        elif isinstance(at, list):
            at = at[int(part)] if part.isdigit() and int(part) < len(at) else None
        else:
            return None
    return msgspec.json.decode(at) if isinstance(at, msgspec.Raw) else at


def _text(value: Any) -> str:
    """As PHP puts a scalar into a string."""
    if value is None or value is False or isinstance(value, dict | list):
        return ""
    return "1" if value is True else str(value)
