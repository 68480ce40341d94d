"""The file -> checked settings, or all that is wrong with it."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import BaseModel, SecretStr, ValidationError

from connector.config import broken
from connector.config.lines import Lines
from connector.config.sections import sections
from connector.config.settings import Settings
from connector.config.source import Source
from connector.errors import BadConfig
from connector.redact import remember

_Loc = tuple[str | int, ...]
_ONE_PLAN = ("kpi", "period", "user", "team", "company", "pipeline")
"""What makes two plans the same."""


def load_file(path: Path, environ: Mapping[str, str]) -> Settings:
    """Read and check the file; raises BadConfig with every problem at once."""
    source = source_of(path)
    lacking = list[str]()
    raw = _secrets(source.raw, _Secrets(path, environ, source, lacking), ())
    problems = lacking + [source.told(loc, what) for loc, what in _contradictions(raw)]
    try:
        settings = Settings.model_validate(raw)
    except ValidationError as error:
        raise BadConfig(problems + explain(error, source, sections=sections(Settings))) from None
    if problems:
        raise BadConfig(problems)
    return settings


def source_of(path: Path) -> Source:
    """The file as TOML has it. Raises BadConfig, with the line, where it is none."""
    try:
        text = path.read_text("utf-8-sig")
        return Source.of(str(path), text, tomllib.loads(text))
    except FileNotFoundError:
        raise BadConfig([f"{path}: there is no such file; `kpi init` writes a commented one"]) from None
    except RecursionError:
        raise BadConfig([f"{path}: brackets are nested too deeply"]) from None
    except tomllib.TOMLDecodeError as error:
        raise BadConfig([f"{path}: {broken.of_toml(error, text)}"]) from None
    except UnicodeDecodeError as error:
        raise BadConfig([f"{path}: {broken.of_text(error)}"]) from None
    except OSError as error:
        raise BadConfig([f"{path}: {error.strerror}"]) from None


def explain(
    error: ValidationError,
    source: Source | str,
    prefix: Sequence[str | int] = (),
    *,
    sections: Mapping[str, type[BaseModel]] | None = None,
) -> list[str]:
    """Pydantic's findings as `file: line: key: what is allowed`, one line each; what stands there is never repeated."""
    told = Source(source, {}, Lines({})) if isinstance(source, str) else source
    found = []
    for finding in error.errors(include_url=False, include_input=False):
        allowed = finding["msg"].removeprefix("Value error, ")
        if finding["type"] == "extra_forbidden":
            allowed = _unknown(finding["loc"], sections or {})
        elif finding["type"] == "literal_error":
            allowed = f"one of {finding['ctx']['expected'].replace(' or ', ', ')}"
        found.append(told.told((*prefix, *finding["loc"]), allowed))
    return found


def _unknown(loc: tuple[int | str, ...], sections: Mapping[str, type[BaseModel]]) -> str:
    model = sections.get(".".join(part for part in loc[:-1] if isinstance(part, str)))
    if model is None:
        return "there is no such key"
    keys = sorted(field.alias or name for name, field in model.model_fields.items())
    meant = get_close_matches(str(loc[-1]), keys, 1)
    return f"there is no such key{f', {meant[0]} perhaps' if meant else ''}; allowed are {', '.join(keys)}"


def _contradictions(raw: Mapping[str, Any]) -> Iterator[tuple[_Loc, str]]:
    """What no key says by itself: names that stand twice, plans for nobody, for two or twice; each with its place."""
    accounts = [(n, one) for n, one in enumerate(_tables(raw, "account")) if isinstance(one.get("name"), str)]
    for name, times in Counter(one["name"] for _, one in accounts).items():
        if times > 1:
            last = max(n for n, one in accounts if one["name"] == name)
            yield ("account", last, "name"), f"{name!r} stands {'twice' if times == 2 else f'{times} times'}"
    for n, account in accounts:
        plans = [(k, one) for k, one in enumerate(_tables(account, "plan")) if {"kpi", "period"} <= set(one)]
        for k, plan in plans:
            if len({"user", "team", "company"} & set(plan)) != 1:
                what = f"the plan for {plan['kpi']} of {plan['period']} needs a user, a team or company = true"
                yield ("account", n, "plan", k), what
        told = Counter(_subject(plan) for _, plan in plans)
        for (kpi, period, *rest), times in told.items():
            if times > 1:
                last = max(k for k, plan in plans if _subject(plan) == (kpi, period, *rest))
                yield ("account", n, "plan", last), f"two plans for {kpi} of {period} are for the same subject"


def _subject(plan: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(plan.get(name)) for name in _ONE_PLAN)


def _tables(raw: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    """The tables of an array, by their places; what is none of one stands as an empty one."""
    found = raw.get(key)
    return [one if isinstance(one, dict) else {} for one in found] if isinstance(found, list) else []


class _Secrets(NamedTuple):
    """Where secrets are taken from, and what is missing of them."""

    path: Path
    environ: Mapping[str, str]
    source: Source
    lacking: list[str]

    def taken(self, value: Mapping[str, Any], loc: _Loc) -> SecretStr:
        """What `{ env = … }` or `{ file = … }` names; empty, and told, where that holds nothing."""
        if "env" in value:
            text = self.environ.get(str(value["env"]), "")
            missing = f"the environment variable {value['env']} is missing or empty: export {value['env']}=…"
        else:
            file = self.path.parent / str(value["file"])
            missing = f"the file {file} is missing or empty"
            try:
                text = file.read_text("utf-8")
            except (OSError, UnicodeDecodeError):
                text = ""
        if not text.strip():
            self.lacking.append(self.source.told(loc, missing))
            return SecretStr("")
        remember(text.strip())
        return SecretStr(text.strip())


def _secrets(value: Any, known: _Secrets, loc: _Loc) -> Any:
    """Replace every `{ env = … }` and `{ file = … }` by the secret it names."""
    if isinstance(value, list):
        return [_secrets(item, known, (*loc, n)) for n, item in enumerate(value)]
    if not isinstance(value, dict):
        return value
    if set(value) == {"env"} or set(value) == {"file"}:
        return known.taken(value, loc)
    return {name: _secrets(item, known, (*loc, name)) for name, item in value.items()}
