"""Findings in deals and calls: what the KPIs rest on and what is amiss there. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from connector.health import quality_words as words
from connector.health.bounds import Row, without
from connector.health.finding import MOST_EXAMPLES, Effect, Example, Finding
from connector.health.quality_words import FOUND, say
from connector.health.sway import Ground, Way, Ways, swayed
from connector.kpi.catalogue import ALL
from connector.kpi.definition import RATIO, Limits, Text
from connector.moment import Zone, from_ms, zone_of
from connector.money import to_units
from connector.records import Ref
from connector.result import Result

DUMMY = Decimal("0.6")
"""Of the losses that state a reason: one that more of them state tells nothing (K-36)."""
CALLS = ("call_out", "call_in", "call_missed", "call_missed_off")
KINDS = (*CALLS, "win", "loss", "enquiry", "handed", "lead_won", "created", "refund")
"""Facts that the checks of this file look at."""
_BORN = ("enquiry", "handed", "lead_won", "created")
"""Facts that a record brings by having been created; their key names it."""


@dataclass(frozen=True, slots=True)
class Look:
    """What every check needs: the period's facts, when it is, how to count. `limits`: the thresholds of conditions."""

    facts: Sequence[Any]
    """Rows of facts (see bounds.Row), those that count nowhere included."""
    now: datetime
    zone: Zone
    currency: str
    limits: Mapping[str, float]
    open: Sequence[Any] = ()
    """Rows of the deals that stood open at the period's end."""
    how: Limits | None = None
    """How what stood is counted, None: as what happened."""
    reported: Mapping[str, Result] | None = None
    """What the report says of the whole account, by KPI."""

    def of(self, *kinds: str) -> list[Any]:
        """The period's facts of these kinds that count."""
        return [fact for fact in self.facts if fact.kind in kinds and fact.omitted is None]

    def day(self, at: datetime | int) -> str:
        """The account's local date and time."""
        moment = from_ms(at) if isinstance(at, int) else at
        return f"{moment.astimezone(zone_of(self.zone)):%Y-%m-%d %H:%M}"

    def swayed(self, doubtful: Sequence[Ways], likely: Sequence[Way] = ()) -> tuple[Effect, ...]:
        """Every KPI that depends on how these records truly are, the revenue first; `likely`: as they most are."""
        meant = {row.key for ways in doubtful for row in ways[0]}
        facts: dict[str, list[Any]] = defaultdict(list)
        for row in (*self.facts, *self.open):
            if row.key not in meant:
                facts[row.kind].append(row)
        ground = Ground(
            facts, self.how or Limits(self.limits, self.limits, _by_the_clock), self.currency, self.reported
        )
        told = (swayed(kpi, ground, doubtful, likely) for kpi in ALL.values())
        return tuple(effect for effect in told if effect is not None)

    def effects(self, doubtful: Collection[str], *kpis: str) -> tuple[Effect, ...]:
        """What these facts being in doubt does to these KPIs, as far as there are such."""
        known = (ALL[key] for key in kpis if key in ALL)
        told = (without(kpi, self.facts, doubtful, self.limits, self.currency) for kpi in known)
        return tuple(effect for effect in told if effect is not None)


def _by_the_clock(start: int, until: int) -> float:
    return (until - start) / 1000


def finding(
    code: str,
    count: int,
    of: int | None,
    examples: Iterable[Example] = (),
    effects: Iterable[Effect] = (),
    given: Text | None = None,
) -> list[Finding]:
    """The finding with its words, or none where there is nothing amiss."""
    title, hint = FOUND[code]
    shown = tuple(examples)[:MOST_EXAMPLES]
    return [Finding(code, title, hint, count, of, shown, tuple(effects), given)] if count else []


def calls_without_deal(look: Look, open_at: Callable[[Any], bool]) -> list[Finding]:
    """Calls that hang on no deal and no lead, though none of their client's deals was open (`open_at`) at that time."""
    calls = look.of(*CALLS)
    loose = [call for call in calls if call.deal_id is None and call.lead_id is None and not open_at(call)]
    keys = {call.key for call in loose}
    examples = [
        Example(call.client, say(words.CALL, at=look.day(call.at), seconds=int(call.number or 0)))
        for call in sorted(loose, key=lambda call: (call.client is None, -(call.number or 0), call.key))
    ]
    effects = look.effects(keys, "calls_to_deals", "calls", "successful_call_share")
    return finding("calls_without_deal", len(loose), len(calls), examples, effects)


def lost_without_reason(look: Look, reasons: Mapping[str, str | None]) -> list[Finding]:
    """Losses whose deal (`reasons` by id) names none: were they all junk, they would be in no win rate."""
    losses = look.of("loss")
    silent = [loss for loss in losses if loss.deal_id in reasons and reasons[loss.deal_id] is None]
    examples = [Example(f"deal:{loss.deal_id}", say(words.LOST, at=look.day(loss.at))) for loss in silent]
    effects = look.effects({loss.key for loss in silent}, "win_rate")
    return finding("lost_without_reason", len(silent), len(losses), examples, effects)


def one_reason(look: Look, reasons: Mapping[str, str | None], names: Mapping[str, str]) -> list[Finding]:
    """More than 60 % of the losses that state a reason state the same one (`reasons` by deal, `names` by reason): then
    it is what is picked to be done with it (K-36). If it tells nothing, the losses that do are so many fewer.
    """
    losses = look.of("loss")
    stated = [loss for loss in losses if reasons.get(loss.deal_id) is not None]
    [(reason, count)] = Counter(reasons[loss.deal_id] for loss in stated).most_common(1) or [(None, 0)]
    if reason is None or len(stated) < RATIO or count <= len(stated) * DUMMY:
        return []
    same = [loss for loss in reversed(stated) if reasons[loss.deal_id] == reason]
    examples = [Example(f"deal:{loss.deal_id}", say(words.LOST, at=look.day(loss.at))) for loss in same]
    told = Counter((loss.number or 0) >= 2 for loss in losses)[True]
    dummy = Counter((loss.number or 0) >= 2 for loss in same)[True]
    value, low = (Decimal(some) / len(losses) for some in (told, told - dummy))
    found = finding(
        "one_reason", count, len(stated), examples, [Effect("loss_reason_share", "bound", value, low, value)]
    )
    name, share = names.get(reason, reason), f"{100 * count / len(stated):.0f} %"
    return [
        replace(one, text=Text(f"{one.text.ru}: «{name}», {share}", f"{one.text.en}: “{name}”, {share}"))
        for one in found
    ]


def amounts_without_rate(look: Look) -> list[Finding]:
    """Wins and refunds that no money KPI can hold: nobody knows by how much it is off."""
    priced = look.of("win", "refund")
    foreign = [fact for fact in priced if fact.amount is None]
    currencies = [(fact.note or "").partition(":")[2] or "?" for fact in foreign]
    examples = [
        Example(f"deal:{fact.deal_id}", say(words.CURRENCY, at=look.day(fact.at), currency=currency))
        for fact, currency in zip(foreign, currencies, strict=True)
    ]
    total = to_units(sum(fact.amount or 0 for fact in priced if fact.kind == "win"), look.currency)
    found = finding("amounts_without_rate", len(foreign), len(priced), examples, [Effect("revenue", "unknown", total)])
    listed = ", ".join(f"{currency} {count}" for currency, count in sorted(Counter(currencies).items()))
    return [replace(one, text=Text(f"{one.text.ru}: {listed}", f"{one.text.en}: {listed}")) for one in found]


def import_bursts(look: Look, created: Mapping[tuple[str, datetime], Sequence[str]], size: int) -> list[Finding]:
    """So many records (`created`: ids by kind and second) in one second are no person's work."""
    bursts = sorted((key, ids) for key, ids in created.items() if len(ids) >= size)
    count = sum(len(ids) for _, ids in bursts)
    examples = [
        Example(
            ids[0] if kind == "client" else f"{kind}:{ids[0]}",
            say(words.BURST, at=look.day(at), count=len(ids), kind=kind),
        )
        for (kind, at), ids in sorted(bursts, key=lambda burst: -len(burst[1]))
    ]
    meant = {f"{kind}:{id}" for (kind, _), ids in bursts for id in ids}
    keys = {fact.key for fact in look.facts if fact.kind in _BORN and fact.key.split("|")[1] in meant}
    effects = look.effects(keys, "lead_answered_in_norm", "lead_won_share", "new_deals")
    return finding("import_bursts", count, sum(map(len, created.values())), examples, effects)


def duplicate_clients(
    look: Look, groups: Sequence[Sequence[Ref]], first_wins: Mapping[Ref, int], clients: int
) -> list[Finding]:
    """Clients with one phone, by group; `first_wins`: the moment of each one's first win ever, epoch ms.

    If all of a group are one client, only the group's first win is a new client's, the others are repeats.
    """
    again = {
        client
        for group in groups
        for client in sorted((one for one in group if one in first_wins), key=lambda one: (first_wins[one], one))[1:]
    }
    wins = look.of("win")
    repeats = [win for win in wins if win.number == 1 and win.client in again]
    examples = [
        Example(group[0], say(words.SHARED, others=", ".join(group[1:4]) + (" …" if len(group) > 4 else "")))
        for group in sorted(groups, key=lambda group: (-len(group), group))
    ]
    surplus = sum(len(group) - 1 for group in groups)
    return finding("duplicate_clients", surplus, clients, examples, _if_one(look, wins, repeats))


def _if_one(look: Look, wins: Sequence[Row], repeats: Sequence[Row]) -> list[Effect]:
    firsts = Decimal(sum(win.number == 1 for win in wins))
    again = Decimal(sum((win.number or 0) >= 2 for win in wins))
    more, all_of = Decimal(len(repeats)), Decimal(len(wins))
    if not more:
        return []
    return [
        Effect("new_clients", "bound", firsts, firsts - more, firsts),
        Effect("repeat_share", "bound", again / all_of, again / all_of, (again + more) / all_of),
    ]
