"""The answers as config.toml, with a comment beside each that says what it rests on. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.first_run.seen import Proposal
from connector.kpi.text import Language

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
"""Accounts that may be named after a file: never `.` or `..`."""
_BARE = re.compile(r"^[A-Za-z0-9_-]+$")


@dataclass(frozen=True, slots=True)
class Connection:
    """How the account is reached. `secret`: the option that holds it, and the variable or file it is taken from."""

    name: str
    provider: str
    base_url: str
    secret: tuple[str, Mapping[str, str]]
    zone: str | None = None
    currency: str | None = None
    language: Language = "ru"


def usual_name(host: str) -> str:
    """An account by where it is: the first part of its host, `main` where that is an address or no name."""
    label = host.partition(".")[0]
    return label if NAME.fullmatch(label) and not label[0].isdigit() else "main"


def config(there: Connection, accepted: Sequence[Proposal], store: str) -> str:
    """The file. Nothing in it writes into the CRM: levels stand at preview until a person says on."""
    return "\n".join([*_top(there, store), *_rules(accepted, there.language), *_rest(accepted)]) + "\n"


def _top(there: Connection, store: str) -> Iterator[str]:
    yield from ("[store]", f"url = {literal(store)}", "", "[[account]]")
    yield f"name = {literal(there.name)}"
    yield f"provider = {literal(there.provider)}"
    if there.zone:
        yield f"timezone = {literal(there.zone)}"
    if there.currency:
        yield f"currency = {literal(there.currency)}"
    yield f"language = {literal(there.language)}"
    option, source = there.secret
    yield from ("", "[account.options]", f"base_url = {literal(there.base_url)}", f"{option} = {literal(dict(source))}")


def _rules(accepted: Sequence[Proposal], language: Language) -> Iterator[str]:
    groups = {
        one.key.removeprefix("heads."): one.value for one in accepted if one.key.startswith("heads.") and one.value
    }
    if groups:
        yield f"heads = {literal(groups)}"
    yield from ("", "[account.rules]")
    for one in accepted:
        if one.key and one.key not in ("kpi_set", "goal") and not one.key.startswith("heads."):
            yield f"{one.key} = {literal(one.value)}  # {_remark(one.why(language))}"


def _remark(text: str) -> str:
    """One line, whatever names it quotes."""
    return "".join(sign for sign in " ".join(text.split()) if sign.isprintable())


def _rest(accepted: Sequence[Proposal]) -> Iterator[str]:
    yield from ("", "[account.writeback]", 'deal_fields = "preview"', 'kpi_card = "preview"', 'tasks = "preview"')
    said = {one.key: one.value for one in accepted}
    if said.get("kpi_set"):
        yield from ("", "[[account.kpi_set]]", 'name = "main"')
        if said.get("goal"):
            yield f"goal = {literal(said['goal'])}"
        yield from ("all = true", "[account.kpi_set.kpis]")
        yield from (f"{literal_key(kpi)} = {weight:g}" for kpi, weight in said["kpi_set"].items())


def literal(value: Any) -> str:
    """A value as TOML has it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"{value:g}" if isinstance(value, float) else str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{literal_key(key)} = {literal(one)}" for key, one in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(literal(one) for one in value) + "]"
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def literal_key(key: str) -> str:
    """A key, quoted where it has to be."""
    return key if _BARE.match(key) else literal(key)
