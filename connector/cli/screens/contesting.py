"""What `kpi contest` prints, in the account's clock and language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from connector.cli.screen import out, print_json
from connector.contest.values import Contest, Verdict
from connector.fact import Fact
from connector.kpi.catalogue import ALL
from connector.kpi.kinds import KINDS
from connector.kpi.telling.render import left_out, shown
from connector.kpi.text import Language, Text
from connector.moment import Zone, zone_of
from connector.money import to_units
from connector.pipeline.bench import Workbench
from connector.pipeline.contesting.contests import Decided, Opened, Shown, contest_of
from connector.said import in_language

STATES = {
    "open": Text("ждёт решения", "to be decided"),
    "accepted": Text("принято: не учитывается", "accepted: counts nowhere"),
    "declined": Text("отклонено: учитывается", "declined: it counts"),
    "withdrawn": Text("отозвано", "withdrawn"),
}
_NONE = Text("{account}: никто ничего не оспаривает", "{account}: nobody contests anything")
_DECIDERS = Text("решает: {who}", "decides: {who}")
_NOBODY = Text("некому решать: нет руководителя и администратора", "nobody to decide: no head and no administrator")
_ALREADY = Text("уже открыто, ничего не добавлено", "open already, nothing was added")
_SAME = Text("это решение уже принято, ничего не изменилось", "decided so already, nothing changed")
_FACTS = Text("фактов стало: +{added}, −{ended}", "facts: +{added}, −{ended}")


def show_opened(bench: Workbench, done: Opened, *, as_json: bool) -> None:
    """The contest with its number, and whether it is new."""
    told = contest_of(bench, done.contest.id)
    if as_json:
        print_json(as_dict(bench, told) | {"new": done.new})
        return
    _print(bench, told)
    if not done.new:
        out.print(f"  {_ALREADY(_language(bench))}", markup=False)


def show_decided(bench: Workbench, done: Decided, *, as_json: bool) -> None:
    """The contest as decided, and what became of facts."""
    told = contest_of(bench, done.contest.id)
    added, ended = (done.synced.facts_added, done.synced.facts_ended) if done.synced else (0, 0)
    if as_json:
        more = {"new": done.new, "facts_added": added, "facts_ended": ended, "problem": done.problem or None}
        print_json(as_dict(bench, told) | more)
        return
    _print(bench, told)
    language = _language(bench)
    if not done.new:
        out.print(f"  {_SAME(language)}", markup=False)
    elif done.synced is not None:
        out.print(f"  {_FACTS(language).format(added=added, ended=ended)}", markup=False)
    if done.problem:
        out.print(f"  {in_language(done.problem, language)}", markup=False, soft_wrap=True)


def show_contests(told: Sequence[tuple[Workbench, Sequence[Shown]]], *, as_json: bool) -> None:
    """Each with its record, facts and history; always a list in JSON."""
    if as_json:
        print_json([as_dict(bench, one) for bench, found in told for one in found])
        return
    for bench, found in told:
        for one in found:
            _print(bench, one)
        if not found:
            out.print(_NONE(_language(bench)).format(account=bench.settings.name), markup=False)


def as_dict(bench: Workbench, one: Shown) -> dict[str, Any]:
    """Everything that is known of a contest."""
    contest, ruling = one.contest, one.contest.ruling
    return {
        "account": bench.settings.name,
        "contest": contest.id,
        "state": contest.state,
        "user": ruling.user,
        "about": ruling.about,
        "fact": ruling.fact,
        "kinds": list(ruling.kinds),
        "kpi": contest.kpi,
        "by": contest.by,
        "via": contest.via,
        "reason": contest.reason,
        "at": contest.at.isoformat(),
        "deciders": list(one.deciders),
        "link": one.link,
        "facts": [{"key": fact.key, "kind": fact.kind, "omitted": fact.omitted} for fact in one.facts],
        "verdicts": [_verdict(verdict) for verdict in contest.verdicts],
    }


def _verdict(one: Verdict) -> dict[str, Any]:
    told = {"what": one.what, "by": one.by, "via": one.via, "reason": one.reason, "at": one.at.isoformat()}
    return told | {"kinds": list(one.kinds)}


def _print(bench: Workbench, one: Shown) -> None:
    for line in lines(one, bench.zone(), bench.currency(), _language(bench)):
        out.print(line, markup=False, soft_wrap=True)


def lines(one: Shown, zone: Zone, currency: str, language: Language) -> list[str]:
    """A head, a line for each fact, who decides or what was decided."""
    contest = one.contest
    state = STATES[contest.state](language)
    told = [f"№ {contest.id} · {one.owner} · {one.link} · {state}", f"  {_said(contest, zone, language)}"]
    facts = sorted(one.facts, key=lambda fact: (fact.at, fact.kind, fact.key))
    told += [f"  {_fact(fact, zone, currency, language)}" for fact in facts]
    told += [f"  {_when(verdict, one.names[verdict.by], zone, language)}" for verdict in contest.verdicts]
    if contest.state == "open":
        able = ", ".join(one.deciders)
        told.append(f"  {_DECIDERS(language).format(who=able) if able else _NOBODY(language)}")
    return told


def _said(contest: Contest, zone: Zone, language: Language) -> str:
    at = f"{contest.at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"
    kpi = ALL[contest.kpi].title(language) if contest.kpi in ALL else contest.kpi
    return " · ".join(part for part in (at, kpi, contest.reason) if part)


def _fact(fact: Fact, zone: Zone, currency: str, language: Language) -> str:
    parts = [f"{fact.at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}", KINDS[fact.kind].one(language)]
    if fact.amount is not None:
        parts.append(f"{shown(to_units(fact.amount, currency), 'money', currency, language)} {currency}")
    if fact.omitted is not None:
        parts.append(left_out(fact.omitted, language))
    return " · ".join(parts)


def _when(verdict: Verdict, who: str, zone: Zone, language: Language) -> str:
    at = f"{verdict.at.astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"
    kinds = ", ".join(KINDS[kind].many(language) for kind in verdict.kinds)
    return " · ".join(part for part in (at, STATES[verdict.what](language), who, kinds, verdict.reason) if part)


def _language(bench: Workbench) -> Language:
    return bench.settings.language
