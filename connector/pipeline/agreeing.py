"""What the configuration says into the store: plans; and what of it, or of what was read, does not hold, as notices."""

from __future__ import annotations

from collections import Counter

from sqlalchemy import Connection

from connector.pipeline.bench import Workbench
from connector.pipeline.catalogue import catalogue_in, lacking
from connector.pipeline.measuring import by_id, learned_at
from connector.store import notices
from connector.store.agreed import plans
from connector.store.agreed.plan_guard import Refusal
from connector.store.crm import refusals
from connector.targets.plans import from_settings


def tell_notes(bench: Workbench) -> None:
    """What the provider notes, rows that could not be read and plans for nobody, as notices for `kpi status`."""
    now = bench.now()
    told = [("provider", note[:80], note) for note in bench.provider.can.notes]
    with bench.store.write() as conn:
        nobody, refused = agree_as_written(bench, conn)
        told += [("unknown_plan", text[:80], f"a plan counts nowhere: {text}") for text in nobody]
        for late in refused:
            told.append(("refused_plan", late.text[:80], f"a plan of the configuration is not taken: {late.text}"))
        for kind, count in Counter(row.kind for row in refusals.all(conn, bench.account)).items():
            told.append(("unreadable_rows", kind, f"{count} rows of {kind} could not be read; they count nowhere"))
        told += [("own_kpi", key, text) for key, text in lacking(bench, conn).items()]
        for code in ("provider", "unreadable_rows", "unknown_plan", "refused_plan", "own_kpi"):
            notices.clear(conn, bench.account, code)
        for code, subject, text in told:
            notices.add(conn, bench.account, code, subject, text, now=now)


def agree_as_written(bench: Workbench, conn: Connection) -> tuple[list[str], list[Refusal]]:
    """The configuration's plans into the store. What is left out is told: plans for nobody, and those that come too
    late or without a reason.
    """
    meant, nobody = by_id(conn, bench.account, from_settings(bench.settings.plan, catalogue_in(bench, conn)))
    now = learned_at(bench, conn)
    refused = plans.refusals(conn, bench.account, meant, now=now)
    late = [one.plan for one in refused]
    plans.add(conn, bench.account, [plan for plan in meant if plan not in late], now=now)
    return nobody, refused
