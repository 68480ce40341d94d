"""Every KPI of an account: the catalogue's and its own, as the configuration and the CRM have them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from pydantic import TypeAdapter
from sqlalchemy.engine import Connection

from connector.config import KpiSettings, Lines, Rules
from connector.errors import BadConfig
from connector.kpi.catalogue import ALL
from connector.kpi.custom import linting
from connector.kpi.custom.compiled import Compiled, compiled
from connector.kpi.custom.linting import Linted
from connector.kpi.custom.selecting import World
from connector.kpi.definition import Kpi
from connector.pipeline.bench import Workbench
from connector.records import Pipeline, Stage
from connector.store import accounts, facts, terms
from connector.store.crm import records

_Kept = TypeAdapter(list[KpiSettings])


def catalogue_of(bench: Workbench, as_of: int | None = None) -> Mapping[str, Kpi]:
    """By key, the catalogue's first. `as_of` (epoch ms): those of a past moment as they were defined then.

    Raises BadConfig for sections that cannot be computed; reading the configuration has told of them before.
    """
    with bench.store.read() as conn:
        return catalogue_in(bench, conn, as_of)


def catalogue_in(bench: Workbench, conn: Connection, as_of: int | None = None) -> Mapping[str, Kpi]:
    """The same within a transaction."""
    now, rules = bench.settings.kpi, bench.settings.rules
    then = None if as_of is None else terms.at(conn, bench.account, as_of)
    if then is not None:
        told = {section.key: section for section in (*now, *sections_of(then.kpis))}
        now, rules = tuple(told.values()), Rules.model_validate_json(then.rules)
    if not now:
        return ALL
    made = _made(bench, conn, now, rules)
    if made.refused and then is None:
        raise BadConfig([f"account.kpi.{flaw.number}: {flaw.text.en}" for flaw in made.refused])
    return {**ALL, **made.kpis}


def linted(bench: Workbench, place: int, lines: Lines) -> Linted:
    """What is wrong with the account's own KPIs, here and as such; `place` is its number in the file. Asks no CRM."""
    sections, gives = bench.settings.kpi, frozenset(kind.kind for kind in bench.provider.can.kinds)
    with bench.store.read() as conn:
        world = _world(bench, conn, bench.settings.rules)
        made = compiled(sections, replace(world, gives=gives, sources=facts.sources(conn, bench.account)))
    return linting.linted(bench.settings.name, place, sections, made, lines)


def lacking(bench: Workbench, conn: Connection) -> dict[str, str]:
    """Own KPIs that have no value for want of something in the CRM, by key, with what that is."""
    sections = bench.settings.kpi
    made = _made(bench, conn, sections, bench.settings.rules)
    language = bench.settings.language
    found: dict[str, str] = {}
    for flaw in made.flaws:
        if flaw.grade == "missing":
            key = sections[flaw.number].key
            found[key] = f"{found[key]}; {flaw.text(language)}" if key in found else flaw.text(language)
    return found


def sections_of(text: str) -> list[KpiSettings]:
    """The sections as they were kept."""
    return _Kept.validate_json(text)


def written(sections: Sequence[KpiSettings]) -> str:
    """The sections as text, to be kept."""
    return _Kept.dump_json(list(sections), by_alias=True, exclude_none=True).decode()


def _made(bench: Workbench, conn: Connection, sections: Sequence[KpiSettings], rules: Rules) -> Compiled:
    return compiled(sections, _world(bench, conn, rules))


def _world(bench: Workbench, conn: Connection, rules: Rules) -> World:
    """What the last sync knew of the account."""
    currency = bench.settings.currency or accounts.get(conn, bench.account).currency or "RUB"
    pipelines = tuple(records.directory(conn, bench.account, Pipeline).values())
    stages = tuple(records.directory(conn, bench.account, Stage).values())
    return World(rules, currency, pipelines or None, stages or None)
