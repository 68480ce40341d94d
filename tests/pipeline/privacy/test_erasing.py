"""Erased is erased: in every table and file, after the next sync, after an older backup; numbers stay."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from cryptography.fernet import Fernet

from connector.config import AccountSettings, RetentionSettings
from connector.errors import BadConfig
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import report_of
from connector.pipeline.privacy.erasing import again, erase
from connector.pipeline.privacy.personal import personal
from connector.pipeline.privacy.retaining import retain
from connector.pipeline.reading import sync_and_derive
from connector.records import Call, Client, Deal, User
from connector.store import accounts, backup, notices, runs
from connector.store.crm import records
from connector.store.engine import Store
from connector.store.private import erasing
from connector.store.told import inbox
from connector.testing import FakeProvider
from connector.testing.world import START, populate
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
