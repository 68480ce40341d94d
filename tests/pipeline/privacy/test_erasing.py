"""Erased is erased: in every table and file, after the next sync, after an older backup; numbers stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet
from sqlmodel import AutoString

from connector.config import AccountSettings, RetentionSettings
from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import report_of
from connector.pipeline.privacy.erasing import again, erase
from connector.pipeline.privacy.personal import is_moment, personal
from connector.pipeline.privacy.retaining import retain
from connector.pipeline.reading import sync_and_derive
from connector.records import Call, Client, Deal, Refusal, User
from connector.result import Result
from connector.store import accounts, backup, notices, runs
from connector.store.agreed import closings
from connector.store.crm import records, refusals
from connector.store.engine import Store
from connector.store.private import erasing
from connector.store.sent import outbox
from connector.store.tables import Base
from connector.store.told import inbox
from connector.testing import FakeProvider
from connector.testing.world import START, populate
from connector.wishes import AddTask
from tests.pipeline.shop import SEPTEMBER, Clock, world

KEY = Fernet.generate_key()
NAME, PHONE, OTHER = "Мария Петрова", "h4shofhernumber01", "h4shofanother0002"
TALK = "Мария Петрова слушает"


@pytest.fixture
def bench(store: Store) -> Workbench:
    return opened(store)


def opened(store: Store) -> Workbench:
    made = world()
    made.edit(Client, "contact:7", phones=(PHONE,), name=NAME)
    made.edit(Client, "contact:8", phones=(OTHER,), name="Иван Сидоров")
    calls = [("c1", ("contact:7",), PHONE), ("c2", ("deal:2",), PHONE), ("c3", ("contact:8",), OTHER)]
    populate(
        made,
        [Call(id=id, at=START, direction="out", answered=True, seconds=90, user_id="501", on=on, phone=phone)
         for id, on, phone in calls],
    )  # fmt: skip
    with store.write() as conn:
        account = accounts.enroll(conn, "acme", "fake")
    told = {"name": "acme", "provider": "fake", "timezone": "Europe/Moscow", "currency": "RUB", "keep_names": True}
    bench = Workbench(AccountSettings.model_validate(told), store, account, FakeProvider(made), Clock())
    bench.key = KEY
    sync_and_derive(bench)
    with store.write() as conn:
        conn.execute(sa.text(
            "insert into transcript (account, call_id, source, language, body, taken_at, asked, begun) "
            f"values ({account}, 'c1', 'file', 'ru', '[\"{TALK}\"]', 1, 0, 0), "
            f"({account}, 'c3', 'file', 'ru', '[\"да\"]', 1, 0, 0)"
        ))  # fmt: skip
        scored = json.dumps([{"criterion": "greeting", "answer": "yes", "evidence": [{"turn": 0, "quote": TALK}]}])
        conn.execute(sa.text(
            "insert into call_score (account, call_id, checklist, scorer, at, void, body, told) "
            f"values ({account}, 'c1', 'x@1', 'local@1', 1, '', :body, '')"
        ), {"body": scored})  # fmt: skip
        notices.add(conn, account, "note", "x", f"позвоните: {NAME} и Anna Petrova ждут", now=1)
        notices.add(conn, account, "other", "x", "Annabel", now=1)
    return bench


def everything(bench: Workbench) -> str:
    """All text of all tables."""
    told = []
    with bench.store.read() as conn:
        for name in sa.inspect(conn).get_table_names():
            told += [repr(tuple(row)) for row in conn.execute(sa.text(f'select * from "{name}"'))]
    return "\n".join(told)


def numbers(bench: Workbench) -> dict[tuple[str, str], Any]:
    return {(one.subject, one.kpi): one.value for one in report_of(bench, SEPTEMBER).results}


def test_a_client_is_gone_from_every_table_and_numbers_stay(bench: Workbench, tmp_path: Path) -> None:
    before = numbers(bench)
    assert NAME in everything(bench) and PHONE in everything(bench)
    done = erase(bench, "contact:7", tmp_path, author="dpo", reason="request of 1 September")
    left = everything(bench)
    assert NAME not in left and PHONE not in left and TALK not in left
    assert "Иван Сидоров" in left and OTHER in left and "Annabel" in left, "nobody else is touched"
    assert numbers(bench) == before
    assert (done.counts["record"], done.counts["transcript"], done.counts["notice"]) == (3, 1, 1)
    with bench.store.read() as conn:
        [act] = erasing.destructions(conn, bench.account)
    assert (act["author"], act["reason"], act["mark"]) == ("dpo", "request of 1 September", done.mark)
    assert "contact:7" not in json.dumps(act)
    assert "contact:7" not in (tmp_path / "kpi.erased").read_text()


UNREAD = {
    ("call", "c9"): '{"ID":"c9","CALL_TYPE":"7","CRM_ENTITY_TYPE":"CONTACT","CRM_ENTITY_ID":"7"}',
    ("call", "c2"): '{"ID":"c2","CALL_TYPE":"9"}',
    ("client", "7"): '{"id":7,"name":"Maria"}',
    ("message", "m1"): '{"id":"m1","_embedded":{"contacts":[{"id":7}]}}',
    ("task", "t1"): '{"id":"t1","ufCrmTask":["D_2","C_7"]}',
    ("deal", "d1"): '{"id":"d1","contactIds":[8,"7"],"title":"Мар',
}
"""By whom it is about: a call that names him, one of his, himself, and what hangs on him, cut in the middle at last."""
OTHERS = {
    ("call", "c8"): '{"ID":"c8","CALL_DURATION":"7","CRM_ENTITY_ID":"77","OWNER_TYPE_ID":"7"}',
    ("client", "8"): '{"id":8}',
    ("user", "501"): '{"ID":"501"}',
}


def unreadable(bench: Workbench) -> set[tuple[str, str]]:
    with bench.store.read() as conn:
        return {(row.kind, row.id) for row in refusals.all(conn, bench.account)}


def refuse(bench: Workbench) -> None:
    rows = [Refusal(kind=kind, id=id, reason="odd", raw=raw) for (kind, id), raw in (UNREAD | OTHERS).items()]
    with bench.store.write() as conn:
        refusals.keep(conn, bench.account, rows, now=bench.now())


def test_rows_that_nobody_could_read_are_told_and_go_with_him_whatever_they_are(
    bench: Workbench, tmp_path: Path
) -> None:
    refuse(bench)
    assert {(row["kind"], row["id"]) for row in personal(bench, "contact:7")["refused"]} == UNREAD.keys()
    assert erase(bench, "contact:7", tmp_path, author="dpo", reason="asked").counts["unread"] == len(UNREAD)
    assert unreadable(bench) == OTHERS.keys(), "nobody else's"
    assert "refused" not in personal(bench, "contact:7")


def test_of_a_colleague_his_own_row_goes_ids_of_his_stay(bench: Workbench, tmp_path: Path) -> None:
    refuse(bench)
    assert [row["id"] for row in personal(bench, "user:501")["refused"]] == ["501"]
    erase(bench, "user:501", tmp_path, author="dpo", reason="asked")
    assert unreadable(bench) == UNREAD.keys() | OTHERS.keys() - {("user", "501")}


def test_once_more_finds_nothing(bench: Workbench, tmp_path: Path) -> None:
    for ref in ("contact:7", "user:501"):
        erase(bench, ref, tmp_path, author="dpo", reason="asked")
        assert erase(bench, ref, tmp_path, author="dpo", reason="asked").counts == {}, ref


def test_no_sync_brings_him_back(bench: Workbench, tmp_path: Path) -> None:
    erase(bench, "contact:7", tmp_path, author="dpo", reason="asked")
    provider = bench.provider
    assert isinstance(provider, FakeProvider)
    provider.world.edit(Client, "contact:7", name=f"{NAME}-Новая", phones=(PHONE, "h4shofhersecond03"))
    provider.world.edit(Call, "c2", unique="u2")
    before = numbers(bench)
    sync_and_derive(bench, full=True)
    left = everything(bench)
    assert NAME not in left and PHONE not in left and "h4shofhersecond03" not in left
    with bench.store.read() as conn:
        assert records.get(conn, bench.account, Call, ["c2"])["c2"].unique == "u2"
    assert numbers(bench) == before


def test_a_call_with_his_number_in_another_file_loses_it(bench: Workbench, tmp_path: Path) -> None:
    """His deal may hang on somebody else for a while, and its calls with it."""
    with bench.store.write() as conn:
        conn.execute(sa.text("update record set dossier = 'contact:8' where kind = 'call' and id = 'c2'"))
    erase(bench, "contact:7", tmp_path, author="dpo", reason="asked")
    assert PHONE not in everything(bench) and OTHER in everything(bench)


def test_no_backup_brings_him_back(sqlite_store: Store, tmp_path: Path) -> None:
    bench = opened(sqlite_store)
    old = backup.back_up(bench.store, tmp_path / "kept", now=datetime.now(UTC)).path
    erase(bench, "contact:7", tmp_path, author="dpo", reason="asked")
    for path in tmp_path.glob("kpi.db*"):
        assert NAME.encode() not in path.read_bytes(), "freed pages are overwritten"
    backup.restore(old, bench.store, now=datetime.now(UTC))
    assert NAME in everything(bench)
    assert [one.counts["record"] for one in again(bench, tmp_path)] == [3]
    assert NAME not in everything(bench) and PHONE not in everything(bench)
    assert again(bench, tmp_path) == []


def test_one_of_our_own_people(bench: Workbench, tmp_path: Path) -> None:
    provider = bench.provider
    assert isinstance(provider, FakeProvider)
    provider.world.edit(User, "501", name="Anna Petrova")
    sync_and_derive(bench)
    with bench.store.write() as conn:
        conn.execute(sa.text(
            "insert into absence (account, user_id, what, first, last, source, known_from) "
            f"values ({bench.account}, '501', 'sick', 20260907, 20260908, 'csv', 1)"
        ))  # fmt: skip
    before = numbers(bench)
    erase(bench, "user:501", tmp_path, author="dpo", reason="left")
    sync_and_derive(bench, full=True)
    left = everything(bench)
    assert "Anna Petrova" not in left and "sick" not in left and "#501" in left
    assert numbers(bench) == before


@pytest.mark.parametrize("name", [NAME, 'ООО "Ромашка"', "back\\slash & <b>"])
def test_a_name_is_in_no_column_of_no_table(bench: Workbench, name: str) -> None:
    """Wherever a text may stand, alone or inside JSON; names of columns that SQLModel makes count as well."""
    spoken = json.dumps({"text": f"позвоните: {name}!"}, ensure_ascii=False)
    filled = [target for target in Base.metadata.sorted_tables if "account" in target.c and target.name not in KEPT]
    with bench.store.write() as conn:
        for target in filled:
            conn.execute(target.insert(), filler(target, 99, spoken))
    assert spoken in everything_in(bench, "ledger", "plan", "closing", "closed_value", "outbox", "switch")
    with bench.store.write() as conn:
        counts = erasing.scrub(conn, 99, {name}, "#501")
    left = everything_in(bench, *(target.name for target in filled))
    assert "Ромашка" not in left and "Петрова" not in left and "slash" not in left
    assert "позвоните: #501!" in left
    assert {"ledger", "plan", "closing", "closed_value", "outbox", "switch", "contest"} <= counts.keys()


KEPT = {*erasing._LEFT_ALONE, "lease", "transcript"}
"""Seen to by themselves; a lease names processes."""


def filler(target: sa.Table, account: int, text: str) -> dict[str, Any]:
    """A row of any table: this text in each of its texts but the keys. It gets its own number."""

    def value(column: sa.Column[Any]) -> Any:
        if column.name == "account":
            return account
        if isinstance(column.type, sa.String | AutoString):
            return "key" if column.primary_key else text
        return b"" if isinstance(column.type, sa.LargeBinary) else 1

    numbered = {column.name for column in target.columns if column.name == "id" and isinstance(column.type, sa.Integer)}
    return {column.name: value(column) for column in target.columns if column.name not in numbered}


def everything_in(bench: Workbench, *names: str) -> str:
    with bench.store.read() as conn:
        return "\n".join(
            str(value)
            for name in names
            for row in conn.execute(sa.text(f'select * from "{name}" where account = 99'))
            for value in row
        )


def test_a_closed_month_is_sealed_anew_without_the_name(bench: Workbench, tmp_path: Path) -> None:
    """What was frozen names nobody who was erased, and is not taken for tampered with; what was, stays told."""
    result = Result(kpi="revenue", subject="user:501", period="2026-08", unit="money", value=Decimal(1))
    frozen = [closings.Frozen(result=result, name="Anna", formula="revenue@1", digest="d")]
    with bench.store.write() as conn:
        for month in ("2026-07", "2026-08"):
            closings.close(conn, bench.account, month, frozen, {}, now=1, author="Anna (501)", reason="Anna хотела")
        conn.execute(sa.text("update closed_value set formula = 'revenue@2' where period = '2026-07'"))
    erase(bench, "user:501", tmp_path, author="dpo", reason="left")
    with bench.store.read() as conn:
        july, august = (closings.current(conn, bench.account, month) for month in ("2026-07", "2026-08"))
        assert july is not None and august is not None
        assert (august.author, august.reason) == ("#501 (501)", "#501 хотела")
        assert [one.name for one in closings.values(conn, august)] == ["#501"]
        assert closings.untouched(conn, august) and not closings.untouched(conn, july)


def test_nobody_is_told_apart_from_somebody(bench: Workbench, tmp_path: Path) -> None:
    with pytest.raises(BadConfig, match="there is no 'contact:999'"):
        erase(bench, "contact:999", tmp_path, author="dpo", reason="asked")
    assert not (tmp_path / "kpi.erased").exists()


def test_a_person_is_told_what_is_kept(bench: Workbench) -> None:
    client = personal(bench, "contact:7")
    assert {row["kind"] for row in client["record"]} == {"client", "call", "deal"}
    assert client["transcript"][0]["body"] == [TALK] and NAME in json.dumps(client, ensure_ascii=False)
    assert OTHER not in json.dumps(client)
    user = personal(bench, "user:501")
    assert user["record"][0]["body"]["name"] == "Anna" and user["version"] and user["fact"]


def test_moments_are_told_as_people_read_them_and_the_rest_as_it_is_kept(bench: Workbench) -> None:
    told = personal(bench, "contact:7")
    for row in told["record"]:
        assert datetime.fromisoformat(row["first_seen"]).utcoffset() == timedelta(0)
    win = next(row for row in told["fact"] if row["amount"])
    assert f"{datetime.fromisoformat(win['at']):%Y%m%d}" == str(win["day"])
    assert isinstance(win["amount"], int) and isinstance(win["id"], int) and win["known_to"] is None
    assert told["transcript"][0]["taken_at"] == "1970-01-01T00:00:00.001000+00:00"


def test_every_wide_number_of_the_store_is_a_moment_or_known_to_be_none() -> None:
    wide = {
        one.name
        for table in Base.metadata.sorted_tables
        for one in table.columns
        if isinstance(one.type, sa.BigInteger) and not is_moment(one)
    }
    assert wide == {"id", "import_id", "contest", "amount", "rows"}


SOME_ROWS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("contest", {"id": 1, "user_id": "501", "by": "9"}), ("contest_verdict", {"contest": 1, "by": "9"}),
    ("contest", {"id": 2, "user_id": "502", "by": "9"}), ("contest_verdict", {"contest": 2, "by": "9"}),
    ("plan_correction", {"by": "501"}), ("switch", {"author": "Anna (501)"}), ("switch", {"author": "B (1501)"}),
    ("feedback", {"task": "t1"}), ("feedback", {"task": "t2"}), ("ledger", {"key": "t1"}),
)  # fmt: skip


def test_one_of_our_own_is_told_what_he_decided_and_what_was_written_of_him(bench: Workbench) -> None:
    when = datetime(2026, 9, 2, 9, tzinfo=UTC)
    task = AddTask(key="t1", marker="[kpi#1]", user_id="9", title="Anna", text="…", due_at=when, about="user:501")
    other = msgspec.structs.replace(task, key="t2", about="user:502")
    with bench.store.write() as conn:
        outbox.put(conn, bench.account, [(task, "tasks", ""), (other, "tasks", "")], now=1, run=1)
        for name, more in SOME_ROWS:
            target = Base.metadata.tables[name]
            conn.execute(target.insert(), filler(target, bench.account, "x") | more)
    told = personal(bench, "user:501")
    assert [row["key"] for row in told["outbox"]] == ["t1"]
    assert [row["task"] for row in told["feedback"]] == ["t1"] and len(told["ledger"]) == 1
    assert [row["id"] for row in told["contest"]] == [row["contest"] for row in told["contest_verdict"]] == [1]
    assert len(told["plan_correction"]) == 1 and [row["author"] for row in told["switch"]] == ["Anna (501)"]


def test_what_is_too_old_goes_and_numbers_stay(bench: Workbench) -> None:
    provider = bench.provider
    assert isinstance(provider, FakeProvider)
    provider.world.delete(Client, "contact:7")
    sync_and_derive(bench)
    before, day = numbers(bench), 86_400_000
    now = bench.now()
    with bench.store.write() as conn:
        inbox.keep(
            conn, KEY, [inbox.Letter(bench.account, now - 8 * day, b"old"), inbox.Letter(bench.account, now, b"new")]
        )
        runs.start(conn, bench.account, "sync", now=now - 401 * day)
    kept = RetentionSettings(gone_clients=1)
    assert retain(bench, kept) == {"hooks": 1, "runs": 1}
    clock = bench.clock
    assert isinstance(clock, Clock)
    clock.now += timedelta(days=2)
    assert retain(bench, kept) == {"gone_clients": 1}
    assert retain(bench, kept) == {} and NAME not in _record(bench, "contact:7")
    assert numbers(bench) == before
    with bench.store.read() as conn:
        assert inbox.count(conn, bench.account) == 1


def _record(bench: Workbench, id: str) -> str:
    with bench.store.read() as conn:
        return repr(records.get(conn, bench.account, Client, [id])[id])


def test_amounts_of_deals_are_no_persons(bench: Workbench, tmp_path: Path) -> None:
    erase(bench, "contact:7", tmp_path, author="dpo", reason="asked")
    with bench.store.read() as conn:
        assert records.get(conn, bench.account, Deal, ["2"])["2"].amount == 1000_00
