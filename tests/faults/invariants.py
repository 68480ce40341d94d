"""I1-I8: what must hold after every scenario, once it was quiet for one run."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.deriving import derive_now
from connector.pipeline.measuring import report_of
from connector.pipeline.running import held
from connector.records import Call, Client, Deal, Lead
from connector.store import cursors
from connector.store.crm import dossiers, records
from tests.faults.company import phones

if TYPE_CHECKING:
    from tests.faults.rig import Rig

MONTH = Period.parse("2026-09")
MOST_REQUESTS = 200
"""Of one run: an undisturbed incremental one sends 3 to 30, with every try failing once more five times as many."""
MOST_LOUD = 20
"""Lines at WARNING and above in a whole scenario."""
LEARNED = frozenset({"weighted_pipeline"})
"""Made of chances that are reckoned once a day: another path through the day leaves another number, both honest."""
MARKER = re.compile(r"\[kpi#[^\]]+\]")
CARDS = re.compile(r"/catalogs/\d+/elements$")
Rows = dict[str, Any]
TABLES = {
    "record": "kind, id, body, link, dossier, case when gone_at is null then 0 else 1 end",
    "fact": "key, kind, at, day, user_id, client, deal_id, amount, number, due_at, confidence, omitted, note",
    "membership": "user_id, team_id, case when until is null then 0 else 1 end",
}


def check(rig: Rig) -> None:
    """All of them; the assertion that fails says which."""
    told = differences(rig)
    assert told == [], f"I1 the store is not the CRM: {told[:5]}"
    assert writes_doubled(rig) == [], "I2 written twice"
    assert cursors_ahead(rig) == [], "I3 a cursor is ahead of the CRM's clock"
    assert leaks(rig) == [], "I4 a secret or a phone"
    assert unclear(rig) == [], "I5 an error that does not say what, where and what next"
    assert max(rig.asked) <= MOST_REQUESTS, f"I6 {rig.asked} requests"
    loud = [line for line in rig.told.getvalue().splitlines() if line.startswith(("WARNING", "ERROR"))]
    assert len(loud) <= MOST_LOUD, f"I6 {len(loud)} loud lines: {loud[:3]}"
    rig.pass_on()
    assert stale_facts(rig) == (0, 0), "I8 facts are not what the records say"
    if rig.golden is not None:
        assert digest(rig.bench) == rig.golden.digest, "I1 the store is not that of an undisturbed run"
        assert numbers(rig.bench) == rig.golden.numbers, "I8 other numbers than after an undisturbed run"


def differences(rig: Rig) -> list[str]:
    """Of deals, leads, clients and calls: where the store and the sandbox's own rows do not agree."""
    ours, theirs = stored(rig.bench), there(rig)
    return [
        f"{key}: ours {ours.get(key)}, theirs {theirs.get(key)}"
        for key in sorted(ours.keys() | theirs.keys())
        if ours.get(key) != theirs.get(key)
    ]


def stored(bench: Workbench) -> Rows:
    """What is alive in the store, in few words."""
    found: Rows = {}
    with bench.store.read() as conn:
        for kind in (Deal, Lead, Client, Call):
            rows = records.directory(conn, bench.account, kind)
            for id in records.live_ids(conn, bench.account, kind):
                found[f"{kind.kind}:{id}"] = _brief(rows[id])
    return found


def _brief(record: Any) -> Any:
    if isinstance(record, Deal):
        return (record.owner_id, record.pipeline_id, record.stage_id, record.amount or 0, record.currency)
    if isinstance(record, Lead):
        return (record.owner_id, record.stage_id.removeprefix("lead/"))
    return (record.seconds, record.user_id) if isinstance(record, Call) else ()


def there(rig: Rig) -> Rows:
    """What the sandbox holds, read from its memory and not through the protocol under test."""
    return _amocrm(rig.box) if rig.crm == "amocrm" else _bitrix24(rig.box)


def _amocrm(box: Any) -> Rows:
    world, found = box.world, {}
    for lead in world.leads:
        where = (str(lead.pipeline), f"{lead.pipeline}/{lead.status}")
        found[f"deal:{lead.id}"] = (str(lead.responsible), *where, lead.amount, world.currency)
    found |= {f"client:contact:{contact.id}": () for contact in world.contacts}
    found |= {f"client:company:{firm.id}": () for firm in world.companies}
    for notes in world.notes.values():
        calls = [note for note in notes if note.note_type.startswith("call_")]
        found |= {f"call:{note.id}": (note.params["duration"], str(note.params["call_responsible"])) for note in calls}
    return found


def _bitrix24(box: Any) -> Rows:
    lead, deal, contact, company = (box.portal.items[kind].rows.values() for kind in (1, 2, 3, 4))
    found: Rows = {
        f"deal:{one.id}": (str(one.owner), str(one.category), one.stage, one.amount, one.currency) for one in deal
    }
    found |= {f"lead:{one.id}": (str(one.owner), one.stage) for one in lead}
    found |= {f"client:contact:{one.id}": () for one in contact} | {f"client:company:{one.id}": () for one in company}
    return found | {f"call:{one.id}": (one.seconds, str(one.user)) for one in box.portal.calls.rows.values()}


def writes_doubled(rig: Rig) -> list[str]:
    """More than one of a sort: tasks of ours by their marker, KPI cards by their title or key."""
    made = [name for row in rig.box.written for name in (*_tasks(row), *cards_of(row))]
    return [f"{name}: {count}" for name, count in Counter(made).items() if count > 1]


def _tasks(row: dict[str, Any]) -> list[str]:
    """The markers of what a write makes tasks of."""
    if row["method"] == "tasks.task.add":
        tasks = [row["params"]]
    else:
        tasks = row["body"] if row["method"] == "POST" and row["path"].endswith("/tasks") else []
    return [text for task in tasks for text in set(MARKER.findall(repr(task)))]


def cards_of(row: dict[str, Any]) -> list[str]:
    """The titles or keys of what a write makes cards of: lines of a list, items of a smart process."""
    if row["method"] == "crm.item.add":
        fields = row["params"]["fields"]
        keys = (text for name, text in fields.items() if name.upper().replace("_", "").endswith("KPIKEY"))
        return [str(next(keys, fields.get("title")))]
    made = row["method"] == "POST" and CARDS.search(row["path"])
    return [str(element["name"]) for element in row["body"]] if made else []


def cursors_ahead(rig: Rig) -> list[str]:
    """Streams that claim to reach further than the CRM's own clock."""
    limit = rig.box.now.timestamp() * 1000 + 1000
    with rig.bench.store.read() as conn:
        found = cursors.all(conn, rig.bench.account)
    return [kind for kind, row in found.items() if row.told_at is not None and row.told_at > limit]


def leaks(rig: Rig) -> list[str]:
    """Secrets and phones in what was logged, shown or stored."""
    canaries = [*secrets(rig), *phones()]
    places = {"logs": rig.told.getvalue(), "errors": "\n".join(rig.errors()), "database": database(rig.bench)}
    return [f"{canary[:6]}… in {where}" for where, text in places.items() for canary in canaries if canary in text]


def secrets(rig: Rig) -> list[str]:
    options = rig.bench.settings.options
    found = [value.get_secret_value() for value in options.values() if hasattr(value, "get_secret_value")]
    tokens = getattr(rig.box, "tokens", None)
    given = [*tokens._access, *tokens._refresh] if tokens is not None else []
    return [one.rpartition("/")[2] for one in found] + given + [rig.desk.key.decode()]


def database(bench: Workbench) -> str:
    """Every row of every table as text."""
    told = []
    with bench.store.read() as conn:
        for name in sa.inspect(conn).get_table_names():
            told += [repr(tuple(row)) for row in conn.execute(sa.text(f'select * from "{name}"'))]
    return "\n".join(told)


def unclear(rig: Rig) -> list[str]:
    """Errors that neither say what was done nor what to do. Whose they are stands beside each, in `Ended`."""
    errors = [end.error for end in rig.ended if end.error is not None]
    return [
        str(error)
        for error in errors
        if not (error.done or error.todo or error.retry_at) or error.what.startswith("unexpected")
    ]


def stale_facts(rig: Rig) -> tuple[int, int]:
    """Facts that appear or vanish when everything is derived anew: none, if they are what the records say."""
    with rig.bench.store.write() as conn:
        dossiers.soil_all(conn, rig.bench.account)
    with held(rig.bench) as fence:
        done = derive_now(rig.bench, fence, "derive")
    return done.facts_added, done.facts_ended


def digest(bench: Workbench) -> dict[str, tuple[int, str]]:
    """What one account holds, without when we saw it: count and hash of each table."""
    found = {}
    with bench.store.read() as conn:
        for table, columns in TABLES.items():
            live = " and known_to is null" if table == "fact" else ""
            query = sa.text(f"select {columns} from {table} where account = :account{live}")
            rows = sorted(repr(tuple(row)) for row in conn.execute(query, {"account": bench.account}))
            found[table] = (len(rows), hashlib.sha256("\n".join(rows).encode()).hexdigest()[:16])
    return found


def numbers(bench: Workbench) -> dict[tuple[str, str], Decimal | None]:
    """Every KPI of everyone in the month, but for what was learned once a day from what was known then."""
    results = report_of(bench, MONTH).results
    return {(one.kpi, one.subject): one.value for one in results if one.kpi not in LEARNED}
