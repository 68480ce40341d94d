"""Detectors of what looks played in calls and deals: short and repeated calls, split, dumped, back-dated deals. Pure.

They take rows of facts of the period that count, and records as they stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from connector.config import HealthSettings
from connector.health.finding import Example, Suspicion
from connector.health.gaming import local, suspicion
from connector.health.gaming_words import SEEN
from connector.health.quality_words import say
from connector.moment import Zone, from_ms
from connector.money import to_units
from connector.records import Deal, Ref

Facts = Sequence[Any]


def short_calls(calls: Facts, settings: HealthSettings, zone: Zone) -> Iterator[Suspicion]:
    """People most of whose talks are too short to say anything, and far more than others' are."""
    talked = [call for call in calls if call.kind == "call_out" and call.number]
    for user, mine in _by_user(talked):
        short = [call for call in mine if call.number < settings.short_call_seconds]
        others = [call for call in talked if call.user_id != user]
        usual = sum(call.number < settings.short_call_seconds for call in others) / len(others) if others else 0.0
        share = len(short) / len(mine)
        if len(short) >= settings.short_calls and share >= max(settings.short_call_share, 1.5 * usual):
            yield _calls("short_calls", user, short, zone, seconds=settings.short_call_seconds, share=share)


def repeated_calls(calls: Facts, settings: HealthSettings, zone: Zone) -> Iterator[Suspicion]:
    """People who called a client again right after their own last call ended."""
    out = [call for call in calls if call.kind == "call_out" and call.client is not None]
    for user, mine in _by_user(out):
        again, ended = [], dict[Ref, float]()
        for call in mine:
            if call.at - ended.get(call.client, float("-inf")) <= settings.repeat_seconds * 1000:
                again.append(call)
            ended[call.client] = call.at + (call.number or 0) * 1000
        if len(again) >= settings.repeated_calls:
            yield _calls("repeated_calls", user, again, zone, seconds=settings.repeat_seconds)


def split_deals(wins: Facts, settings: HealthSettings, zone: Zone, currency: str) -> Iterator[Suspicion]:
    """Several wins of one client by one person within days, of nearly the same amount."""
    of_pair: dict[tuple[str, Ref], list[Any]] = defaultdict(list)
    for win in wins:
        if win.kind == "win" and win.user_id and win.client and win.amount:
            of_pair[win.user_id, win.client].append(win)
    for (user, _), mine in sorted(of_pair.items()):
        for alike in _alike(sorted(mine, key=lambda win: (win.at, win.key)), settings):
            examples = [
                Example(
                    f"deal:{win.deal_id}",
                    say(SEEN["win"], at=_at(win, zone), amount=f"{to_units(win.amount, currency):f} {currency}"),
                )
                for win in alike
            ]
            since, until = from_ms(alike[0].at), from_ms(alike[-1].at)
            days = max(1, (until - since).days)
            yield suspicion("split_deals", user, since, until, len(alike), examples, days=days)


def dumped(
    losses: Facts, arrived: Mapping[str, datetime], contacted: Callable[[Any, datetime], bool],
    settings: HealthSettings, zone: Zone,
) -> Iterator[Suspicion]:  # fmt: skip
    """People whose enquiries (`arrived` by deal) were lost within minutes with no contact in between."""
    quick = timedelta(minutes=settings.dump_minutes)
    soon = [
        loss
        for loss in losses
        if loss.kind == "loss"
        and loss.deal_id in arrived
        and timedelta(0) <= from_ms(loss.at) - arrived[loss.deal_id] <= quick
        and not contacted(loss, arrived[loss.deal_id])
    ]
    for user, mine in _by_user(soon):
        if len(mine) >= settings.dumped:
            examples = [
                Example(
                    f"deal:{loss.deal_id}",
                    say(
                        SEEN["arrived"],
                        at=local(arrived[loss.deal_id], zone),
                        minutes=round((from_ms(loss.at) - arrived[loss.deal_id]).total_seconds() / 60),
                    ),
                )
                for loss in mine
            ]
            since, until = from_ms(mine[0].at), from_ms(mine[-1].at)
            yield suspicion("dumped", user, since, until, len(mine), examples, minutes=settings.dump_minutes)


def junked(enquiries: Facts, settings: HealthSettings, zone: Zone) -> Iterator[Suspicion]:
    """People far more of whose enquiries than of others' were lost as junk: such count in no KPI's denominator.

    `enquiries`: those that count and those left out as junk.
    """
    for user, mine in _by_user(enquiries):
        junk = [one for one in mine if one.omitted == "junk"]
        others = [one.omitted == "junk" for one in enquiries if one.user_id not in (None, user)]
        usual, share = sum(others) / len(others) if others else 0.0, len(junk) / len(mine)
        if len(junk) >= settings.junked and share >= max(settings.junked_share, 2 * usual):
            examples = [
                Example(f"deal:{one.deal_id}" if one.deal_id else f"lead:{one.lead_id}",
                        say(SEEN["came"], at=_at(one, zone)))
                for one in junk
            ]  # fmt: skip
            since, until = from_ms(junk[0].at), from_ms(junk[-1].at)
            yield suspicion("junked", user, since, until, len(junk), examples, share=share, usual=usual)


def back_dated(closes: Facts, deals: Mapping[str, Deal], settings: HealthSettings, zone: Zone) -> Iterator[Suspicion]:
    """People whose deals say that they were closed days before anybody moved them."""
    early: list[tuple[Any, datetime]] = []
    for close in closes:
        deal = deals.get(close.deal_id or "")
        told = deal.closed_at if deal is not None else None
        sure = close.kind in ("win", "loss") and close.confidence != "assumed"
        if sure and told is not None and from_ms(close.at) - told > timedelta(days=settings.back_dated_days):
            early.append((close, told))
    told_of = {close.key: told for close, told in early}
    for user, mine in _by_user([close for close, _ in early]):
        examples = [
            Example(
                f"deal:{close.deal_id}",
                say(SEEN["closed"], told=local(told_of[close.key], zone), at=_at(close, zone)),
            )
            for close in mine
        ]
        days = max((from_ms(close.at) - told_of[close.key]).days for close in mine)
        since, until = from_ms(mine[0].at), from_ms(mine[-1].at)
        yield suspicion("back_dated", user, since, until, len(mine), examples, days=days)


def _alike(wins: Facts, settings: HealthSettings) -> Iterator[Facts]:
    """Runs of wins within the days whose amounts hardly differ."""
    run: list[Any] = []
    for win in wins:
        near = run and win.at - run[0].at <= settings.split_days * 86_400_000
        amounts = [one.amount for one in (*run, win)]
        if near and max(amounts) - min(amounts) <= settings.split_spread * max(amounts):
            run.append(win)
            continue
        if len(run) >= settings.split_wins:
            yield run
        run = [win]
    if len(run) >= settings.split_wins:
        yield run


def _by_user(facts: Iterable[Any]) -> list[tuple[str, list[Any]]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for fact in facts:
        if fact.user_id is not None:
            found[fact.user_id].append(fact)
    return [(user, sorted(found[user], key=lambda fact: (fact.at, fact.key))) for user in sorted(found)]


def _calls(code: str, user: str, calls: Facts, zone: Zone, **words: object) -> Suspicion:
    examples = [
        Example(call.client, say(SEEN["call"], at=_at(call, zone), seconds=int(call.number or 0))) for call in calls
    ]
    return suspicion(code, user, from_ms(calls[0].at), from_ms(calls[-1].at), len(calls), examples, **words)


def _at(fact: Any, zone: Zone) -> str:
    return local(from_ms(fact.at), zone)
