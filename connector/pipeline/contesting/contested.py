"""Which facts a contest means, as they stand now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from connector.contest.values import CONTESTED, Contest, Ruling
from connector.derive.contested import covers, credited
from connector.errors import BadConfig
from connector.fact import Fact
from connector.kpi.catalogue import chosen
from connector.kpi.kinds import KINDS
from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in
from connector.records import Ref
from connector.store import facts
from connector.store.agreed import contests
from connector.store.crm import dossiers, links
from connector.store.encoding import keys


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody says is wrong: one fact by its key, or a record; of it all his facts, or those of a KPI or kind."""

    fact: str | None = None
    about: Ref | None = None
    kpi: str | None = None
    kind: str | None = None


def meant(bench: Workbench, conn: Connection, who: str, asked: Asked) -> tuple[Ruling, list[Fact]]:
    """The ruling that would follow, and the facts of today that it means. Raises BadConfig where none are his."""
    if (asked.fact is None) == (asked.about is None):
        raise BadConfig(["either a fact by its key or a record (deal, call, lead), one of the two"])
    kinds = _kinds(bench, conn, asked)
    about = asked.about or record_of(asked.fact or "")
    ruling = Ruling(about=about, user=who, fact=asked.fact, kinds=kinds)
    found = facts_of(bench, conn, ruling)
    if not found:
        of = asked.fact or f"{about}{f' for {asked.kpi or asked.kind}' if kinds else ''}"
        raise BadConfig([f"{of}: nothing of that is in the numbers of {who}; `kpi explain --json` names facts"])
    itself = next((fact for fact in found if fact.key == asked.fact), None)
    if itself is not None and who not in credited(itself, bench.settings.rules.credit):
        raise BadConfig([f"{asked.fact}: it is in the numbers of {itself.user or 'nobody'}, not of {who}"])
    return ruling, found


def record_of(key: str) -> Ref:
    """The record of which a fact's key tells: `win|deal:7001`. Raises BadConfig."""
    told = [part for part in key.split("|")[1:] if ":" in part]
    if not told:
        raise BadConfig([f"fact {key!r}: no such key; `kpi explain --json` names them"])
    return told[0]


def kinds_of(bench: Workbench, conn: Connection, kpi: str) -> tuple[str, ...]:
    """The kinds of facts that a KPI counts in this account. Raises BadConfig for one that is unknown."""
    [found] = chosen([kpi], catalogue_in(bench, conn))
    measures = found.credited(bench.settings.rules.credit).measures
    return tuple(sorted({kind for one in measures for kind in one.kinds}))


def narrowed(bench: Workbench, conn: Connection, contest: Contest, kpi: str | None) -> tuple[str, ...]:
    """What of a contest one KPI counts, empty for all of it. Raises BadConfig where that is nothing."""
    if kpi is None:
        return ()
    kinds, of = kinds_of(bench, conn, kpi), contest.ruling.kinds
    both = tuple(kind for kind in kinds if not of or kind in of)
    if contest.ruling.fact is not None or not both:
        raise BadConfig([f"contest {contest.id}: there is nothing of {kpi} in it to part from the rest"])
    return both


def facts_of(bench: Workbench, conn: Connection, ruling: Ruling) -> list[Fact]:
    """Facts known now that a ruling means, counted or not."""
    tops = _tops(bench, conn, ruling.about)
    known = facts.read(conn, bench.account, tops) if tops else []
    return [fact for fact in known if covers(ruling, fact, bench.settings.rules.credit)]


def overlapping(bench: Workbench, conn: Connection, who: str, found: Sequence[Fact]) -> Contest | None:
    """An open contest of the same person over any of these facts: there is one at most for each."""
    credit = bench.settings.rules.credit
    mine = reversed(contests.pending(conn, bench.account, user=who))
    return next((one for one in mine if any(covers(one.ruling, fact, credit) for fact in found)), None)


def refuse_uncounted(asked: Asked, found: Sequence[Fact]) -> None:
    """What counts nowhere cannot be made to count less. Raises BadConfig."""
    if any(fact.omitted is None for fact in found):
        return
    whys = sorted({fact.omitted for fact in found if fact.omitted})
    todo = "a new decision over the earlier contest undoes that" if CONTESTED in whys else "mend it in the CRM"
    raise BadConfig([f"{asked.fact or asked.about}: it counts nowhere already ({', '.join(whys)}); {todo}"])


def soil(bench: Workbench, conn: Connection, about: Ref) -> None:
    """Its client's facts are to be derived again."""
    dossiers.soil(conn, bench.account, _tops(bench, conn, about))


def _tops(bench: Workbench, conn: Connection, about: Ref) -> list[Ref]:
    found = links.fetch(conn, bench.account, keys(about), ("dossier",))
    return sorted({row.dossier for row in found.values() if row.dossier is not None})


def _kinds(bench: Workbench, conn: Connection, asked: Asked) -> tuple[str, ...]:
    if asked.kpi is not None:
        return kinds_of(bench, conn, asked.kpi)
    if asked.kind is not None and asked.kind not in KINDS:
        raise BadConfig([f"kind {asked.kind!r} is unknown; there are: {', '.join(sorted(KINDS))}"])
    return () if asked.kind is None else (asked.kind,)
