"""Exchange rates beside the CRM's own: of a file, or of a central bank's address where the configuration names one."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import Connection

from connector.brought.rates import read_bank, read_csv
from connector.errors import BadConfig, Broken, Busy, KpiError, Limited, Refused
from connector.http import Answer, Http, Pacer
from connector.moment import DAY, Period, local_day
from connector.money import Rates
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import learned_at
from connector.records import Rate
from connector.redact import redact
from connector.store import notices
from connector.store.clock import quotes
from connector.store.clock.quotes import Quoted
from connector.store.crm import records
from connector.store.leases import Fence

AT_ONCE = 31
"""Days asked of the bank in one sync: it answers one day a call."""
LARGEST = 1024 * 1024
"""Bytes of a day's table; the real one has ten thousand."""
REST = 3600_000
"""Milliseconds for which an address that failed is left alone."""
NOTICE = "rates_from"


def known_rates(bench: Workbench, conn: Connection) -> Rates:
    """The CRM's own, the configuration's in their place, and behind both those of files and the bank (rule C4)."""
    own = records.directory(conn, bench.account, Rate).values()
    second = ((one.currency, one.day, one.rate) for one in quotes.all(conn, bench.account))
    return Rates.of(((rate.currency, rate.day, rate.rate) for rate in own), bench.settings.rates, second)


def import_rates(bench: Workbench, file: Path) -> int:
    """Rates of a CSV; nothing is taken while a line is wrong. Returns how many were new or other than before."""
    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadConfig([f"{file}: {error.strerror}"]) from None
    told = read_csv(data, bench.currency())
    if told.bad:
        raise BadConfig([f"{file}: line {bad.line}: {bad.problem}" for bad in told.bad])
    with bench.store.write() as conn:
        found = [Quoted(one.currency, one.day, _text(one.rate), "csv") for one in told.quotes]
        return quotes.add(conn, bench.account, found, now=learned_at(bench, conn))


def fetch_rates(bench: Workbench, period: Period) -> int:
    """The bank's tables of these days up to today, as far as they are not here yet. Raises what the address answers."""
    source = _source(bench)
    if source is None:
        raise BadConfig([f"{bench.settings.name}: no [account.rates_from] is configured, so nobody may be asked"])
    end = min(period.end, local_day(bench.clock(), bench.zone()) + DAY)
    days = (period.start + n * DAY for n in range((end - period.start).days))
    with bench.store.read() as conn:
        asked = quotes.asked(conn, bench.account, source)
    return _fetch(bench, source, [day for day in days if day not in asked])


def bring_rates(bench: Workbench, fence: Fence) -> int:
    """In a sync: today's table, and those of the days whose amounts count nowhere for want of a rate.

    An address that fails stops no sync: a notice tells of it, and it is left alone for an hour.
    """
    source = _source(bench)
    if source is None:
        return 0
    try:
        with bench.store.read() as conn:
            resting = any(
                one.code == NOTICE and one.last_at > bench.now() - REST for one in notices.all(conn, bench.account)
            )
            wanted = [] if resting else _wanted(bench, conn, source)
        found = _fetch(bench, source, wanted, fence)
        told = None if wanted else ""
    except Busy:
        raise
    except KpiError as error:
        found, told = 0, redact(str(error))
    with bench.store.write() as conn:
        fence.check(conn)
        if told:
            notices.add(conn, bench.account, NOTICE, source, f"no rates from {source}: {told}", now=bench.now())
        elif told is None:
            notices.clear(conn, bench.account, NOTICE)
    return found


def rates_of(bench: Workbench, period: Period) -> list[Quoted]:
    """Every rate of these days, the CRM's own among them, by currency and day."""
    with bench.store.read() as conn:
        own = [
            Quoted(one.currency, one.day, one.rate, "crm")
            for one in records.directory(conn, bench.account, Rate).values()
        ]
        known = [*own, *quotes.all(conn, bench.account)]
    fixed = [Quoted(code, period.start, _text(rate), "config") for code, rate in bench.settings.rates.items()]
    return sorted([one for one in known if period.start <= one.day < period.end] + fixed)


def missing_rates(bench: Workbench) -> list[tuple[date, str]]:
    """Days and currencies for want of which amounts count nowhere, the latest first."""
    with bench.store.read() as conn:
        return quotes.days_without(conn, bench.account)


def _wanted(bench: Workbench, conn: Connection, source: str) -> list[date]:
    today = local_day(bench.clock(), bench.zone())
    without = (day for day, _ in quotes.days_without(conn, bench.account) if day < today)
    asked = quotes.asked(conn, bench.account, source)
    return [day for day in dict.fromkeys((today, *without)) if day not in asked][:AT_ONCE]


def _fetch(bench: Workbench, source: str, days: Iterable[date], fence: Fence | None = None) -> int:
    """Ask day by day; each is kept before the next is asked. What is told of a day holds on it."""
    settings, base, found = bench.settings.rates_from, bench.currency(), 0
    assert settings is not None
    http = Http(
        where=f"{bench.settings.name}: rates", pacer=Pacer(2.0), judge=_judge, clock=bench.clock,
        tries=2, patience=5.0, deadline=30.0, connect_timeout=5.0, read_timeout=20.0, max_body=LARGEST,
    )  # fmt: skip
    try:
        for day in days:
            answer = http.call("GET", f"{settings.url}?date_req={day:%d/%m/%Y}", headers={"Accept": "application/xml"})
            told, rates = read_bank(answer.body, base, where=answer.where)
            if not rates or told > day + DAY:
                raise Broken(f"the table for {day} holds no rates of that day", where=answer.where)
            with bench.store.write() as conn:
                if fence is not None:
                    fence.check(conn)
                quoted = [Quoted(code, day, _text(rate), source) for code, rate in rates.items()]
                found += quotes.add(conn, bench.account, quoted, now=learned_at(bench, conn))
    finally:
        http.close()
    return found


def _judge(answer: Answer) -> KpiError | None:
    """A table or an error; redirects are not followed, as they may lead anywhere."""
    if answer.status == 200:
        return None
    what = f"the address of the rates answered {answer.status}"
    if answer.status == 429:
        return Limited(what, where=answer.where)
    if answer.status >= 500:
        return Broken(what, where=answer.where)
    return Refused(what, where=answer.where, todo="check account.rates_from.url")


def _source(bench: Workbench) -> str | None:
    """The host that rates come from, None where nobody is to be asked."""
    settings = bench.settings.rates_from
    return None if settings is None else urlsplit(settings.url).hostname


def _text(rate: Decimal) -> str:
    return format(rate.normalize(), "f")
