"""The file -> checked settings, or all that is wrong with it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import BaseModel, SecretStr, ValidationError

from connector.config.lines import Lines, lines
from connector.config.sections import sections
from connector.config.settings import Settings
from connector.errors import BadConfig
from connector.redact import remember

_ONE_PLAN = ("kpi", "period", "user", "team", "company", "pipeline")
"""What makes two plans the same."""


def load_file(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check the file; raises BadConfig with every problem at once."""
    try:
        text = path.read_text("utf-8-sig")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        raise BadConfig([f"{path}: there is no such file; `kpi init` writes a commented one"]) from None
    except RecursionError:
        raise BadConfig([f"{path}: brackets are nested too deeply"]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadConfig([f"{path}: {error}"]) from None
    problems: list[str] = []
    missing: list[str] = []
    raw = _secrets(raw, path, environ, missing, ())
    problems += [_by_name(one, raw) for one in missing]
    problems += [f"{path}: {problem}" for problem in _contradictions(raw)]
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        raise BadConfig(problems + explain(error, str(path), sections=sections(Settings), lines=lines(text))) from None
    if problems:
        raise BadConfig(problems)
    return settings


def explain(
    error: ValidationError,
    file: str,
    prefix: str = "",
    *,
    sections: Mapping[str, type[BaseModel]] | None = None,
    lines: Lines | None = None,
) -> list[str]:
    """Pydantic's findings as `file: key: what is allowed`, one line each; what stands there is never repeated.

    Long sections of many (KPIs) are found by the line, where `lines` tells it.
    """
    found = []
    for finding in error.errors(include_url=False, include_input=False):
        key = prefix + ".".join(f"{part}" for part in finding["loc"])
        allowed = finding["msg"].removeprefix("Value error, ")
        if finding["type"] == "extra_forbidden":
            allowed = _unknown(finding["loc"], sections or {})
        line = lines.of(finding["loc"]) if lines and "kpi" in finding["loc"][2:3] else None
        found.append(f"{file}: {f'line {line}: ' if line else ''}{key}: {allowed}")
    return found


def _unknown(loc: tuple[int | str, ...], sections: Mapping[str, type[BaseModel]]) -> str:
    model = sections.get(".".join(part for part in loc[:-1] if isinstance(part, str)))
    if model is None:
        return "there is no such key"
    keys = sorted(field.alias or name for name, field in model.model_fields.items())
    meant = get_close_matches(str(loc[-1]), keys, 1)
    return f"there is no such key{f', {meant[0]} perhaps' if meant else ''}; allowed are {', '.join(keys)}"


def _contradictions(raw: dict[str, Any]) -> Iterator[str]:
    """What no key says by itself: names that stand twice, plans for nobody, for two or twice."""
    accounts = [one for one in _tables(raw, "account") if isinstance(one.get("name"), str)]
    for name, times in Counter(one["name"] for one in accounts).items():
        if times > 1:
            yield f"account.name: {name!r} stands {'twice' if times == 2 else f'{times} times'}"
    for account in accounts:
        plans = [one for one in _tables(account, "plan") if {"kpi", "period"} <= set(one)]
        where = f"account.plan ({account['name']})"
        for plan in plans:
            if len({"user", "team", "company"} & set(plan)) != 1:
                yield f"{where}: the plan for {plan['kpi']} of {plan['period']} needs a user, a team or company = true"
        told = Counter(tuple(str(plan.get(name)) for name in _ONE_PLAN) for plan in plans)
        for (kpi, period, *_), times in told.items():
            if times > 1:
                yield f"{where}: two plans for {kpi} of {period} are for the same subject"


def _tables(raw: dict[str, Any], key: str) -> list[dict[str, Any]]:
    found = raw.get(key)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _secrets(value: Any, path: Path, environ: Mapping[str, str], problems: list[str], key: tuple[str, ...]) -> Any:
    """Replace every `{ env = … }` and `{ file = … }` by the secret it names."""
    if isinstance(value, list):
        return [_secrets(item, path, environ, problems, (*key, str(n))) for n, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if set(value) == {"env"} or set(value) == {"file"}:
        return _secret(value, path, environ, problems, ".".join(key))
    return {name: _secrets(item, path, environ, problems, (*key, name)) for name, item in value.items()}


def _by_name(problem: str, raw: dict[str, Any]) -> str:
    """The account that a problem of a secret is in as people know it: `account moscow`, not `account.0`."""
    for n, account in enumerate(_tables(raw, "account")):
        if isinstance(account.get("name"), str):
            problem = problem.replace(f": account.{n}.", f": account {account['name']}: ", 1)
    return problem


def _secret(
    value: dict[str, Any], path: Path, environ: Mapping[str, str], problems: list[str], key: str
) -> SecretStr | None:
    if "env" in value:
        text = environ.get(str(value["env"]), "")
        lacking = f"{path}: {key}: the environment variable {value['env']} is missing or empty"
    else:
        file = path.parent / str(value["file"])
        lacking = f"{path}: {key}: the file {file} is missing or empty"
        try:
            text = file.read_text("utf-8")
        except (OSError, UnicodeDecodeError):
            text = ""
    if not text.strip():
        problems.append(lacking)
        return SecretStr("")
    remember(text.strip())
    return SecretStr(text.strip())
