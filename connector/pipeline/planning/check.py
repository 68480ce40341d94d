"""judge: what is wrong with the sets and plans of a month, before anybody is held to them. Asks no CRM."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from connector.errors import BadConfig
from connector.kpi.closing import month_of
from connector.kpi.text import Text
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import by_id, learned_at
from connector.pipeline.planning.chances import in_both, realism_of
from connector.pipeline.planning.planned import Seen, Told
from connector.pipeline.planning.plans import cascade_of, looked_at
from connector.result import Plan
from connector.said.matching import in_language
from connector.store.agreed import plans
from connector.targets.planning.balance import balance, said
from connector.targets.planning.finding import Finding, filled, finding
from connector.targets.planning.piped import separable
from connector.targets.planning.prorating import scales
from connector.targets.planning.sets import lines_above, sets_for
from connector.targets.plans import from_settings


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one account; `place`: its number in the configuration, from 0."""

    account: str
    period: str
    place: int
    findings: tuple[Finding, ...]

    @property
    def failed(self) -> bool:
        """Whether anything is wrong and not only doubtful."""
        return any(one.grade == "error" for one in self.findings)


def check_plans(bench: Workbench, period: Period, *, place: int = 0) -> Checked:
    """Sets, plans of the configuration and plans in force. Raises BadConfig for a period that is no month."""
    told, known = Told.of(bench, None), looked_at(bench, month_of(period))
    chosen = {key for one in known.sets for key in one.weights if key in known.kpis}
    sourceless = {key for key in chosen if not known.kpis[key].has_source(told.sources, told.rules)}
    found = balance(known.sets, known.kpis, sourceless)
    found += [*_people(known), *_missing(known), *_written(bench, known), *_agreed(known), *_cascades(bench, known)]
    if known.running:
        found += realism_of(bench, known)
    return Checked(bench.settings.name, period.label, place, tuple(found))


def _people(known: Seen) -> Iterator[Finding]:
    """Who is in no set or in several; only where there are sets, and only of those who sell or have a plan."""
    busy = _busy(known)
    for id, user in known.users.items() if known.sets else ():
        subject = f"user:{id}"
        theirs = sets_for(known.sets, id, lines_above(user.team_ids, known.teams))
        if len(theirs) > 1:
            names = ", ".join(one.name for one in theirs)
            yield finding("error", "two_sets", user.name, {"what": names}, subject=subject)
        if not theirs and user.active and subject in busy:
            yield finding("warning", "no_set", user.name, subject=subject)


def _busy(known: Seen) -> set[str]:
    """Who sells or has a plan: heads and administrators are in teams too."""
    return {one.subject for one in known.results.values() if one.n} | set(known.agreed)


def _missing(known: Seen) -> Iterator[Finding]:
    """KPIs of sets for which people of the set have no plan; of one that is held against another's plan, that one."""
    lacking: dict[tuple[int, str, str], list[str]] = {}
    busy = _busy(known)
    for id, user in known.users.items():
        chosen = known.set_of(id)
        if chosen is None or not user.active or f"user:{id}" not in busy:
            continue
        for key in chosen.weights:
            kpi = known.kpis.get(key)
            if kpi is None or kpi.direction == "neither":
                continue
            planned = kpi.plan or key
            known_as_own = planned != key and planned in chosen.weights
            if not known_as_own and (planned, "") not in known.agreed.get(f"user:{id}", {}):
                lacking.setdefault((chosen.place, key, planned), []).append(user.name)
    for (place, key, planned), names in sorted(lacking.items()):
        one = next(one for one in known.sets if one.place == place)
        what = key if planned == key else f"{planned} ({key})"
        words = {"period": known.period.label, "what": f"{what}: {', '.join(sorted(names))}"}
        yield said(one, "warning", "no_plan", "kpis", key, words=words)


def _written(bench: Workbench, known: Seen) -> Iterator[Finding]:
    """Plans of the configuration that cannot be read, mean nobody, or are not taken."""
    for number, setting in enumerate(bench.settings.plan):
        path, about = ("plan", number), f"account.plan № {number + 1}"
        try:
            read = from_settings([setting], known.kpis)
        except BadConfig as error:
            text = "; ".join(error.problems).replace("account.plan no. 1: ", "")
            yield finding("error", "unreadable", about, {"what": _told(text)}, path=path)
            continue
        with bench.store.read() as conn:
            meant, nobody = by_id(conn, bench.account, read)
            late = plans.refusals(conn, bench.account, meant, now=learned_at(bench, conn))
        yield from (finding("error", "unreadable", about, {"what": _told(text)}, path=path) for text in nobody)
        yield from (finding("error", "refused", about, {"what": _told(one.text)}, path=path) for one in late)


def _told(problem: str) -> Text:
    """What is refused elsewhere too, in both languages."""
    return Text(in_language(problem, "ru"), problem)


def _agreed(known: Seen) -> Iterator[Finding]:
    """Values that no fact can be held against."""
    for subject, some in known.agreed.items():
        for (key, pipeline), versions in some.items():
            kpi, plan = known.kpis.get(key), versions[-1]
            about = _about(known, subject, key)
            if kpi is None:
                yield finding("error", "unknown_kpi", about, {"what": key}, subject=subject, kpi=key)
            elif pipeline and not separable(kpi):
                yield finding("error", "no_pipeline", about, subject=subject, kpi=key)
            elif plan.value == 0:
                yield finding("warning", "zero", about, subject=subject, kpi=key)
            elif kpi.exceeds(plan.value):
                yield finding("error", "share", about, {"value": f"{plan.value:f}"}, subject=subject, kpi=key)


def _cascades(bench: Workbench, known: Seen) -> Iterator[Finding]:
    """Sums: of parts beside the whole, of single pipelines beside all of them."""
    keys = {key for some in known.agreed.values() for key, _ in some if key in known.kpis and scales(known.kpis[key])}
    for key in sorted(keys):
        unit = known.kpis[key].unit
        for node in cascade_of(bench, known.period, key).top.nodes():
            gap = node.mismatch
            if gap is not None and node.own is not None and gap:
                words = _sums(known, unit, node.own, node.own + gap)
                yield finding("warning", "mismatch", f"{node.name}, {key}", words, subject=node.subject, kpi=key)
        for subject, some in known.agreed.items():
            parts = sum((one[-1].value for (kpi, piped), one in some.items() if kpi == key and piped), Decimal(0))
            whole: Plan | None = some[key, ""][-1] if (key, "") in some else None
            if whole is not None and parts > whole.value:
                words = _sums(known, unit, whole.value, parts)
                yield finding("warning", "pipelines", _about(known, subject, key), words, subject=subject, kpi=key)


def _sums(known: Seen, unit: str, own: Decimal, parts: Decimal) -> dict[str, Text]:
    gap = parts - own
    sign = "+" if gap > 0 else "−"
    return {
        "own": in_both(own, unit, known),
        "parts": in_both(parts, unit, known),
        "gap": filled(Text(f"{sign}{{n}}", f"{sign}{{n}}"), {"n": in_both(abs(gap), unit, known)}),
    }


def _about(known: Seen, subject: str, key: str) -> str:
    kind, _, id = subject.partition(":")
    there = known.users if kind == "user" else known.teams
    name = there[id].name if id in there else id or known.account
    return f"{name}, {key}"
