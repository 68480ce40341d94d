"""The account's rules made ready for deriving: names resolved to ids, calendar and rates laid out."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from typing import NamedTuple

from connector.config import Rules
from connector.derive.clocks import Clocks
from connector.derive.ladder import Ladder, ladder
from connector.errors import BadConfig
from connector.moment import WorkCalendar, Zone, zone_of
from connector.money import Rates
from connector.records import LossReason, Pipeline, Stage, User


@dataclass(frozen=True, slots=True)
class Sales:
    """What counts in this account. `pipelines` None: all of them; `junk`: loss reasons and lost stages, by id.

    `other`: those that say nothing, likewise; `ladder`: what the rules say of stages; `names`: who is called what, in
    folded case, two of one name left out.
    `owner_history`, `price_history`, `deadline_history`: "exact" where the CRM tells every change, "observed" where we
    compare what we see.
    `calendar` is the account's working time, `clocks` everybody's own.
    `unknown`: configured names that the CRM does not have, in words for a person.
    """

    rules: Rules
    zone: tzinfo
    currency: str
    pipelines: frozenset[str] | None
    junk: frozenset[str]
    rates: Rates
    calendar: WorkCalendar
    users: frozenset[str]
    owner_history: str = "exact"
    price_history: str = "exact"
    deadline_history: str = "exact"
    unknown: tuple[str, ...] = ()
    clocks: Clocks | None = None
    other: frozenset[str] = frozenset()
    ladder: Ladder = field(default_factory=Ladder)
    names: Mapping[str, str] = field(default_factory=dict)
    internal: frozenset[str] = frozenset()
    """Keyed hashes of the numbers that are the company's own."""
    test_users: frozenset[str] = frozenset()
    test_pipelines: frozenset[str] = frozenset()
    robots: frozenset[str] = frozenset()
    trainings: Mapping[tuple[str, str], datetime] = field(default_factory=dict)
    """When each person was first trained in each technique (connector/derive/external.py)."""

    @property
    def mark(self) -> str:
        """Another text means that what the rules name became something else in the CRM: other facts may follow."""
        named = sorted(self.names.items()) if self.rules.split_field else []
        apart = [sorted(some) for some in (self.internal, self.test_users, self.test_pipelines, self.robots)]
        named += [("left out", repr(apart))] if any(apart) else []
        return repr([self.pipelines and sorted(self.pipelines), sorted(self.junk), sorted(self.other), named]) + (
            self.ladder.mark
        )

    @property
    def movers_told(self) -> bool:
        """Whether the CRM tells who moved a deal, so that a move by nobody is a robot's."""
        return self.owner_history == "exact"

    def excuses(self, reason: object) -> bool:
        """Whether a refund for this reason is no fault of whoever sold it; no reason excuses nothing."""
        named = str(reason or "").strip().casefold()
        return any(named == one.strip().casefold() for one in self.rules.refund_excused_reasons if named)

    def calendar_of(self, user: str | None, at: datetime) -> WorkCalendar:
        """A person's working time: by his office at that moment, without his absences; nobody's is the account's."""
        return self.calendar if self.clocks is None else self.clocks.of(user, at)

    def day(self, at: datetime) -> date:
        """The account's calendar day of an instant; at the ends of the calendar, where no zone can be, that of UTC."""
        try:
            return at.astimezone(self.zone).date()
        except OverflowError:
            return at.date()

    def sells(self, pipeline: str | None) -> bool:
        """Whether a pipeline is for sale; a lead before any pipeline is."""
        return self.pipelines is None or pipeline is None or pipeline in self.pipelines


def compile(  # noqa: PLR0913 - each is another directory of the account
    rules: Rules,
    *,
    zone: Zone,
    currency: str,
    pipelines: Mapping[str, Pipeline],
    stages: Mapping[str, Stage],
    loss_reasons: Mapping[str, LossReason],
    rates: Rates,
    user_ids: Collection[str],
    owner_history: str = "exact",
    price_history: str = "exact",
    deadline_history: str = "exact",
    clocks: Clocks | None = None,
    users: Mapping[str, User] | None = None,
    trainings: Mapping[tuple[str, str], datetime] | None = None,
    internal: Iterable[str] = (),
) -> Sales:
    """Rules and the CRM's directories (by id) -> Sales. `internal`: the rule's numbers, hashed as calls' are.

    Raises BadConfig for a sales pipeline that is not there, a country without holidays or a day that does not exist:
    the numbers would be wrong. An unknown junk reason or stage only makes them less clean, or some of them missing, and
    is kept in `Sales.unknown`.
    """
    sold, lost_for = _sold(rules, pipelines.values()), _reasons(rules, loss_reasons, stages)
    apart = _apart(rules, pipelines, users or {})
    steps = ladder(rules, stages)
    return Sales(
        rules=rules,
        zone=zone_of(zone),
        currency=currency,
        pipelines=sold,
        junk=lost_for.junk,
        rates=rates,
        calendar=calendar(rules, zone),
        users=frozenset(user_ids),
        owner_history=owner_history,
        price_history=price_history,
        deadline_history=deadline_history,
        unknown=(*lost_for.unknown, *apart.unknown, *steps.unknown, *(clocks.unknown if clocks else ())),
        clocks=clocks,
        other=lost_for.other,
        ladder=steps,
        names=_people(users or {}),
        internal=frozenset(internal),
        test_users=apart.users,
        test_pipelines=apart.pipelines,
        robots=apart.robots,
        trainings=trainings or {},
    )


def calendar(rules: Rules, zone: Zone) -> WorkCalendar:
    """When the office works, by the configuration. Raises BadConfig."""
    try:
        return rules.calendar(zone)
    except ValueError as error:
        raise BadConfig([f"rules: {error}"]) from None


def _sold(rules: Rules, pipelines: Collection[Pipeline]) -> frozenset[str] | None:
    """Ids of the pipelines of sales and of enquiries; None: all. Raises BadConfig for one that is not there."""
    if not rules.sales_pipelines:
        return None
    wanted, strange = _named(rules.sales_pipelines, pipelines)
    if strange:
        have = ", ".join(sorted(pipeline.name for pipeline in pipelines)) or "none"
        raise BadConfig([f"rules.sales_pipelines: {name!r} is no pipeline; the CRM has: {have}" for name in strange])
    return wanted | _of_leads(pipelines)


class _Reasons(NamedTuple):
    """Ids of loss reasons and lost stages: of what was no enquiry at all, of those that say nothing; see `_Apart`."""

    junk: frozenset[str]
    other: frozenset[str]
    unknown: tuple[str, ...]


def _reasons(rules: Rules, loss_reasons: Mapping[str, LossReason], stages: Mapping[str, Stage]) -> _Reasons:
    """Of the names that ship with the rules nobody is told that an account has none of them."""
    lost = [stage for stage in stages.values() if stage.outcome == "lost"]
    known: list[LossReason | Stage] = [*loss_reasons.values(), *lost]
    junk, odd = _named(rules.junk_reasons, known)
    other, vague = _named(rules.other_reasons, known)
    unknown = [("junk_reasons", name) for name in odd]
    unknown += [("other_reasons", name) for name in vague if "other_reasons" in rules.model_fields_set]
    told = (f"rules.{key}: {name!r} is no loss reason and no lost stage" for key, name in unknown)
    return _Reasons(junk, other, tuple(told))


class _Apart(NamedTuple):
    """Ids of those whose records count nowhere (rule C11), and the names of the rules that mean nothing, in words."""

    pipelines: frozenset[str]
    users: frozenset[str]
    robots: frozenset[str]
    unknown: tuple[str, ...]


def _apart(rules: Rules, pipelines: Mapping[str, Pipeline], users: Mapping[str, User]) -> _Apart:
    tests, unreal = _named(rules.test_pipelines, pipelines.values())
    testers, nobody = _named(rules.test_users, users.values())
    robots, nothing = _named(rules.robots, users.values())
    unknown = (
        *(f"rules.test_pipelines: {name!r} is no pipeline" for name in unreal),
        *(f"rules.test_users: {name!r} is nobody" for name in nobody),
        *(f"rules.robots: {name!r} is nobody" for name in nothing),
    )
    return _Apart(tests, testers, robots, unknown)


def _named(
    names: Iterable[str], known: Iterable[Pipeline | LossReason | Stage | User]
) -> tuple[frozenset[str], list[str]]:
    """Ids of what is meant by names or ids (a name may be that of several), and the names that mean nothing."""
    by_name: dict[str, set[str]] = {}
    for record in known:
        for name in (record.name.strip().casefold(), record.id.casefold()):
            by_name.setdefault(name, set()).add(record.id)
    found = {name: by_name.get(name.strip().casefold(), set()) for name in names}
    return frozenset().union(*found.values()), [name for name, ids in found.items() if not ids]


def _people(users: Mapping[str, User]) -> dict[str, str]:
    """Ids by name; of two people with one name neither is meant."""
    ids: dict[str, list[str]] = {}
    for user in users.values():
        ids.setdefault(" ".join(user.name.casefold().split()), []).append(user.id)
    return {name: found[0] for name, found in ids.items() if len(found) == 1}


def _of_leads(pipelines: Iterable[Pipeline]) -> frozenset[str]:
    """Enquiries before a deal have pipelines of their own that nobody lists among those of sales."""
    return frozenset(pipeline.id for pipeline in pipelines if pipeline.of == "lead")
