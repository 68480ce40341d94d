"""look | compose | send: letters about one's own numbers, to those whom the configuration names. Asks no CRM."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from connector.config.digest import DigestSettings, ReaderSettings
from connector.digest.composing import Known, daily, weekly
from connector.digest.letter import Letter
from connector.errors import BadConfig, KpiError
from connector.kpi.telling.render import shown as told
from connector.moment import from_ms, local_day
from connector.money import to_units
from connector.pipeline.bench import Workbench
from connector.pipeline.showing import PLANNED, Shown, deals_now, running_month, shown, tasks_of
from connector.post import mail, telegram
from connector.redact import redact
from connector.store import runs

log = logging.getLogger("kpi.digest")
Kind = Literal["daily", "weekly"]
DEALS = 3


@dataclass(frozen=True, slots=True)
class Ready:
    """A letter and who gets it."""

    letter: Letter
    reader: ReaderSettings


@dataclass(frozen=True, slots=True)
class Sent:
    """How many letters went out, and what went wrong, a line each."""

    count: int
    problems: tuple[str, ...] = ()


def letters(bench: Workbench, kind: Kind, *, only: str | None = None) -> list[Ready]:
    """What would be sent now. Raises BadConfig where the configuration names somebody who is none."""
    settings = _settings(bench)
    if bench.address is None:
        raise BadConfig(["[web] address: left out, and every line of a letter leads there"])
    seen = shown(bench, running_month(bench))
    readers = {_id(seen, one, bench): one for one in settings.to}
    heads = {id: _led(seen, id) for id in readers}
    known = _known(bench, seen, bench.address.rstrip("/"), kind)
    found = []
    for id, reader in readers.items():
        if not seen.users[id].active or only not in (None, id, seen.users[id].name):
            continue
        if kind == "daily" and (f"user:{id}", PLANNED) in seen.results and not heads[id]:
            found.append(Ready(daily(known, id), reader))
        elif kind == "weekly" and heads[id]:
            found.append(Ready(weekly(known, id, sorted(heads[id])), reader))
    return found


def send(bench: Workbench, kind: Kind, *, only: str | None = None) -> Sent:
    """Each letter once by every way its reader has; one that fails delays no other. Kept among the runs."""
    settings, ready = _settings(bench), letters(bench, kind, only=only)
    with bench.store.write() as conn:
        run = runs.start(conn, bench.account, f"digest {kind}", now=bench.now())
    count, problems = 0, list[str]()
    for one in ready:
        for way, deliver in _ways(settings, one).items():
            try:
                deliver()
                count += 1
            except KpiError as error:
                problems.append(redact(f"{one.letter.user} by {way}: {error}"))
    with bench.store.write() as conn:
        runs.end(conn, run, now=bench.now(), error="; ".join(problems) or None, writes=count)
    return Sent(count, tuple(problems))


def send_due(bench: Workbench, kind: Kind) -> Sent | None:
    """By the clock: on working days only, and once a day whatever restarts; None where it is not due."""
    today = bench.today()
    with bench.store.read() as conn:
        last = runs.latest(conn, bench.account, f"digest {kind}")
    if last is not None and local_day(from_ms(last.started_at), bench.zone()) == today:
        return None
    if kind == "daily" and not bench.calendar().is_working(today):
        return None
    sent = send(bench, kind)
    for problem in sent.problems:
        log.warning("%s: %s", bench.settings.name, problem)
    return sent


def _ways(settings: DigestSettings, one: Ready) -> Mapping[str, Callable[[], None]]:
    letter, reader, found = one.letter, one.reader, dict[str, Callable[[], None]]()
    if reader.email is not None and settings.smtp is not None:
        smtp, to = settings.smtp, reader.email
        found["mail"] = lambda: mail.send(smtp, to, letter.subject, letter.plain(), letter.html())
    if reader.chat is not None and settings.telegram is not None:
        bot, chat = settings.telegram, reader.chat
        found["telegram"] = lambda: telegram.send(bot, chat, letter.telegram())
    return found


def _settings(bench: Workbench) -> DigestSettings:
    if bench.settings.digest is None:
        raise BadConfig([f"{bench.settings.name}: no [account.digest], so nobody gets letters"])
    return bench.settings.digest


def _id(seen: Shown, reader: ReaderSettings, bench: Workbench) -> str:
    named = [id for id, user in seen.users.items() if reader.user.casefold() in (id.casefold(), user.name.casefold())]
    if len(named) != 1:
        what = "nobody here" if not named else "more than one, give the id"
        raise BadConfig([f"{bench.settings.name}: digest.to: {reader.user!r} is {what}"])
    return named[0]


def _led(seen: Shown, head: str) -> frozenset[str]:
    """Whom he leads, those of the teams below included."""
    teams = [id for id, team in seen.teams.items() if head in team.head_ids]
    return frozenset[str]().union(*(seen.everyone.members.get(id, frozenset()) for id in teams)) - {head}


def _known(bench: Workbench, seen: Shown, address: str, kind: Kind) -> Known:
    now, zone, language = from_ms(bench.now()), bench.zone(), bench.settings.language
    return Known(
        language=language,
        currency=seen.report.currency,
        day=f"{now.astimezone(zone):%d.%m.%Y}",
        as_of=f"{from_ms(seen.report.as_of).astimezone(zone):%d.%m.%Y %H:%M}",
        address=address,
        kpis={kpi.key: kpi for kpi in seen.report.kpis},
        results=seen.results,
        paces={who: pace for (who, kpi), pace in seen.paces.items() if kpi == PLANNED},
        by_days={who: less for (who, kpi), less in seen.by_days.items() if kpi == PLANNED},
        names=dict(seen.everyone.users),
        behind=frozenset(user for user, ahead in seen.outlooks.items() if ahead.behind),
        deals=_deals(bench, seen.report.currency) if kind == "daily" else {},
        tasks=_tasks(bench) if kind == "weekly" else {},
    )


def _deals(bench: Workbench, currency: str) -> dict[str, Sequence[tuple[str, str, str]]]:
    """Each person's largest open deals."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    some = [one.deal for one in deals_now(bench) if one.deal.owner_id is not None and one.deal.amount]
    for deal in sorted(some, key=lambda one: (-(one.amount or 0), one.id)):
        mine = found.setdefault(deal.owner_id or "", [])
        if len(mine) < DEALS:
            money = deal.currency or currency
            amount = told(to_units(deal.amount or 0, money), "money", money, bench.settings.language)
            mine.append((deal.id, f"{amount} {money}", bench.provider.link_to(deal.ref)))
    return {user: tuple(deals) for user, deals in found.items()}


def _tasks(bench: Workbench) -> dict[str, int]:
    return Counter(one.head for one in tasks_of(bench) if one.closed_at is None)
