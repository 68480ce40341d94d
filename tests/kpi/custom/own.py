"""KPIs of an account's own, from TOML as an admin writes it."""

from __future__ import annotations

import tomllib

from connector.config import KpiSettings, Rules
from connector.kpi.custom.compiled import Compiled, compiled
from connector.kpi.custom.selecting import World
from connector.kpi.definition import Kpi

RULES = Rules(key_steps=("КП > Счёт",), quote_stage="КП", expected_close_field="Ждём")


def sections(text: str) -> list[KpiSettings]:
    """`key` is added where it is missing."""
    told = tomllib.loads(text)["kpi"] if "[[kpi]]" in text else [tomllib.loads(text)]
    return [KpiSettings.model_validate({"key": f"own_{n}"} | one) for n, one in enumerate(told)]


def compile(text: str, rules: Rules = RULES, **world: object) -> Compiled:
    return compiled(sections(text), World(rules, **world))  # type: ignore[arg-type]  # by name


def one(text: str, rules: Rules = RULES, **world: object) -> Kpi:
    """The only KPI, which nothing is wrong with."""
    made = compile(text, rules, **world)
    assert not made.refused, made.refused
    (kpi,) = made.kpis.values()
    return kpi


def codes(text: str, rules: Rules = RULES, **world: object) -> list[tuple[str, str]]:
    """What is wrong, as key and code; warnings in brackets."""
    made = compile(text, rules, **world)
    return [(".".join(flaw.path), flaw.code if flaw.grade == "refused" else f"({flaw.code})") for flaw in made.flaws]
