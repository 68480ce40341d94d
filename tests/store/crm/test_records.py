"""Pages into the store: only forwards, with their cursor, their links and their dirty dossiers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy.engine import Connection

from connector.errors import Busy
from connector.provider import Page
from connector.records import (
    Call,
    Client,
    Deal,
    Done,
    Lead,
    Meeting,
    Move,
    Owner,
    Price,
    Record,
    Refusal,
    Stage,
    Task,
    User,
)
from connector.store import accounts, cursors, notices
from connector.store.crm import dossiers, records, refusals
from connector.store.crm.records import Saved
from connector.store.engine import Store

T0 = datetime(2026, 9, 1, 9, tzinfo=UTC)
NOW = 1_788_000_000_000


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def deal(id: str = "1", minutes: float = 0, **more: Any) -> Deal:
    given: dict[str, Any] = {"pipeline_id": "31", "stage_id": "31/1", "owner_id": "501", "created_at": T0}
    return Deal(id=id, updated_at=at(minutes), **(given | more))


def move(id: str, of: str, minutes: float = 0) -> Move:
    return Move(id=id, of=of, at=at(minutes), pipeline_id="31", stage_id="31/2", outcome="open")


def call(id: str, *on: str) -> Call:
    return Call(id=id, at=T0, direction="out", answered=True, seconds=60, on=on)


def save(conn: Connection, account: int, *several: Record, now: int = NOW, told: float = 60, **more: Any) -> Saved:
    kind = type(several[0]) if several else Deal
    return records.save_page(conn, account, kind, Page(several, "c", at(told)), now=now, **more)


def clean(conn: Connection, account: int) -> list[str]:
    """The dirty dossiers, which are clean from now on."""
    keys = dossiers.take_dirty(conn, account, 1000)
    dossiers.clear_dirty(conn, account, keys)
    return sorted(keys)


def homes(conn: Connection, account: int, *refs: str) -> dict[str, list[str]]:
    """Which records each dossier holds."""
    found = {}
    for dossier in dossiers.load(conn, account, refs):
        several: Sequence[Record] = [
            *dossier.clients, *dossier.leads, *dossier.deals, *dossier.moves, *dossier.owners, *dossier.calls,
            *dossier.meetings, *dossier.tasks, *dossier.dones,
        ]  # fmt: skip
        found[dossier.key] = [record.ref for record in several]
    return found


@pytest.fixture
def account(store: Store) -> int:
    with store.write() as conn:
        return accounts.enroll(conn, "moscow", "amocrm")


def test_a_page_and_its_cursor_come_together(store: Store, account: int) -> None:
    with store.write() as conn:
        assert save(conn, account, deal("1"), deal("2")) == Saved(2, 0, 0, 0)
        assert save(conn, account, deal("2"), deal("3")) == Saved(1, 0, 1, 0)
    with store.read() as conn:
        row = cursors.get(conn, account, "deal")
        assert row is not None
        assert (row.cursor, row.rows) == ("c", 4)
        assert set(records.directory(conn, account, Deal)) == {"1", "2", "3"}


def test_what_is_not_committed_moves_no_cursor(store: Store, account: int) -> None:
    with pytest.raises(ZeroDivisionError), store.write() as conn:
        save(conn, account, deal())
        raise ZeroDivisionError
    with store.read() as conn:
        assert cursors.get(conn, account, "deal") is None
        assert records.live_ids(conn, account, Deal) == set()


def test_an_older_version_changes_nothing(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal(minutes=5, amount=500))
        assert save(conn, account, deal(minutes=1, amount=100)) == Saved(0, 0, 1, 0)
        assert records.get(conn, account, Deal, ["1"])["1"].amount == 500


def test_a_second_edit_within_the_same_second_counts(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal(amount=100))
        assert save(conn, account, deal(amount=99)) == Saved(0, 1, 0, 0)
        assert records.get(conn, account, Deal, ["1"])["1"].amount == 99


def test_of_two_versions_on_one_page_the_newer_counts(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal(minutes=5, amount=500), deal(minutes=1, amount=100))
        assert records.get(conn, account, Deal, ["1"])["1"].amount == 500
        save(conn, account, deal(minutes=9, amount=1), deal(minutes=9, amount=2))
        assert records.get(conn, account, Deal, ["1"])["1"].amount == 2


def test_a_newer_moment_with_the_same_content_is_no_change(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal())
        clean(conn, account)
        assert save(conn, account, deal(minutes=7)) == Saved(0, 0, 1, 0)
        assert clean(conn, account) == []
        assert records.get(conn, account, Deal, ["1"])["1"].updated_at == at(7)
        save(conn, account, deal(minutes=8), now=NOW + 5)
        assert conn.exec_driver_sql("select first_seen, changed_at from record").all() == [(NOW, NOW)]
        save(conn, account, deal(minutes=9, amount=1), now=NOW + 6)
        assert conn.exec_driver_sql("select first_seen, changed_at from record").all() == [(NOW, NOW + 6)]
        assert save(conn, account, deal(minutes=3, amount=3)) == Saved(0, 0, 1, 0)


def test_records_without_a_moment_go_by_content(store: Store, account: int) -> None:
    with store.write() as conn:
        assert save(conn, account, User(id="501", name="Anna")).new == 1
        assert save(conn, account, User(id="501", name="Anna")).same == 1
        assert save(conn, account, User(id="501", name="Anna B.")).changed == 1
        assert clean(conn, account) == []


def test_a_fallen_fence_stops_everything(store: Store, account: int) -> None:
    class Fallen:
        def check(self, conn: Connection) -> None:
            raise Busy("someone else holds the account")

    with pytest.raises(Busy), store.write() as conn:
        save(conn, account, deal(), fence=Fallen())
    with store.read() as conn:
        assert cursors.all(conn, account) == {}


def test_accounts_do_not_mix(store: Store, account: int) -> None:
    with store.write() as conn:
        other = accounts.enroll(conn, "kazan", "amocrm")
        save(conn, account, deal(amount=1))
        save(conn, other, deal(amount=2))
        assert records.get(conn, account, Deal, ["1"])["1"].amount == 1
        assert records.get(conn, other, Deal, ["1"])["1"].amount == 2
        assert clean(conn, other) == ["deal:1"]


# links and dossiers


def test_a_dossier_is_the_client(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Client(id="company:8"))
        save(conn, account, Client(id="contact:7", company="company:8"))
        save(conn, account, deal(contacts=("contact:7",)))
        save(conn, account, move("m", "deal:1"), move("n", "deal:2"))
        assert homes(conn, account, "company:8", "deal:2") == {
            "company:8": ["company:8", "contact:7", "deal:1", "move:m"],
            "deal:2": ["move:n"],
        }
        assert clean(conn, account) == ["company:8", "deal:2"]


def test_what_came_before_its_parent_follows_it(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, move("m", "deal:1"))
        save(conn, account, deal(contacts=("contact:7",)))
        save(conn, account, call("c", "contact:7"))
        clean(conn, account)
        save(conn, account, Client(id="contact:7", company="company:8"))
        assert homes(conn, account, "company:8") == {"company:8": ["contact:7", "deal:1", "move:m", "call:c"]}
        assert clean(conn, account) == ["company:8", "contact:7"]


def test_everything_moves_with_a_client_that_joins_a_company(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Client(id="contact:7", updated_at=at(0)))
        save(conn, account, deal(contacts=("contact:7",)))
        save(conn, account, move("m", "deal:1"))
        clean(conn, account)
        save(conn, account, Client(id="contact:7", company="company:8", updated_at=at(1)))
        assert homes(conn, account, "company:8", "contact:7") == {
            "company:8": ["contact:7", "deal:1", "move:m"],
            "contact:7": [],
        }
        assert clean(conn, account) == ["company:8", "contact:7"]


def test_a_lead_that_becomes_a_deal_takes_its_calls_along(store: Store, account: int) -> None:
    lead = Lead(id="5", created_at=T0, updated_at=at(0))
    with store.write() as conn:
        save(conn, account, lead)
        save(conn, account, call("c", "lead:5"))
        save(conn, account, Lead(id="5", created_at=T0, updated_at=at(9), deal="deal:1"))
        save(conn, account, deal(company="company:8"))
        assert homes(conn, account, "company:8", "lead:5") == {
            "company:8": ["lead:5", "deal:1", "call:c"],
            "lead:5": [],
        }


@pytest.mark.parametrize("order", ["done first", "meeting first"])
def test_a_completion_finds_its_meeting(store: Store, account: int, order: str) -> None:
    done, meeting = Done(id="d", of="task:61", at=T0), Meeting(id="61", on=("deal:1",))
    with store.write() as conn:
        for record in (done, meeting) if order == "done first" else (meeting, done):
            save(conn, account, record)
        save(conn, account, deal(company="company:8"))
        assert homes(conn, account, "company:8")["company:8"] == ["deal:1", "meeting:61", "done:d"]


def test_a_completion_is_the_task_s_where_both_bear_its_number(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Done(id="d", of="task:61", at=T0))
        save(conn, account, Task(id="61", on=("deal:1",)), Meeting(id="61", on=("deal:2",), updated_at=at(0)))
        save(conn, account, Meeting(id="61", on=("deal:3",), updated_at=at(1)))
        assert homes(conn, account, "deal:1", "deal:3") == {
            "deal:1": ["task:61", "done:d"],
            "deal:3": ["meeting:61"],
        }


def test_a_mixed_page_links_within_itself(store: Store, account: int) -> None:
    page = (move("m", "deal:1"), deal(contacts=("contact:7",)), Client(id="contact:7", company="company:8"))
    with store.write() as conn:
        save(conn, account, *page)
        assert homes(conn, account, "company:8") == {"company:8": ["contact:7", "deal:1", "move:m"]}


def test_circles_do_not_hang(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Client(id="contact:1", company="contact:2"), Client(id="contact:2", company="contact:1"))
        save(conn, account, Client(id="contact:3", company="contact:3"))
        save(conn, account, Client(id="contact:4", company="contact:5"))
        save(conn, account, Client(id="contact:5", company="contact:4"))
        assert homes(conn, account, "contact:3") == {"contact:3": ["contact:3"]}


def test_directories_have_no_dossier(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Stage(id="31/1", name="New", pipeline_id="31"))
        dossiers.soil_all(conn, account)
        assert clean(conn, account) == []
        save(conn, account, deal())
        clean(conn, account)
        dossiers.soil_all(conn, account)
        dossiers.soil_all(conn, account)
        assert clean(conn, account) == ["deal:1"]


def test_a_dossier_remembers_when_deals_were_first_seen(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal(), now=1000)
        save(conn, account, deal(minutes=3, amount=7), now=2000)
        (dossier,) = dossiers.load(conn, account, ["deal:1"])
        assert dossier.since == {"deal:1": datetime(1970, 1, 1, 0, 0, 1, tzinfo=UTC)}


# observed


def test_a_new_owner_and_price_are_seen(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal(amount=100), observe_owner=True, observe_price=True)
        saved = save(conn, account, deal(minutes=4, owner_id="502"), observe_owner=True, observe_price=True)
        assert saved == Saved(0, 1, 0, 0)
        (dossier,) = dossiers.load(conn, account, ["deal:1"])
    ms = int(at(4).timestamp() * 1000)
    common: dict[str, Any] = {"id": f"seen:deal:1:{ms}", "of": "deal:1", "at": at(4), "how": "observed"}
    assert dossier.owners == (Owner(user_id="502", before="501", **common),)
    assert dossier.prices == (Price(amount=None, before=100, **common),)


def test_another_currency_alone_is_another_price(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal(amount=1000_00, currency="USD"), observe_price=True)
        save(conn, account, deal(minutes=4, amount=1000_00, currency="RUB"), observe_price=True)
        save(conn, account, deal(minutes=5, amount=1000_00, currency="RUB", owner_id="502"), observe_price=True)
        save(conn, account, deal(minutes=6, amount=7_00, currency="RUB"), observe_price=True)
        seen = dossiers.load(conn, account, ["deal:1"])[0].prices
    assert [(p.at, p.before, p.currency_before, p.amount, p.currency) for p in seen] == [
        (at(4), 1000_00, "USD", 1000_00, "RUB"),
        (at(6), 1000_00, "RUB", 7_00, "RUB"),
    ]


def test_nothing_is_observed_unasked_or_backwards(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, deal(minutes=5))
        save(conn, account, deal(minutes=4, owner_id="502"), observe_owner=True)
        save(conn, account, deal(minutes=6, owner_id="503"), observe_price=True)
        save(conn, account, Lead(id="1", created_at=T0, owner_id="1"))
        save(conn, account, Lead(id="1", created_at=T0, owner_id="2"), observe_owner=True, told=30)
        assert dossiers.load(conn, account, ["deal:1"])[0].owners == ()
        (seen,) = dossiers.load(conn, account, ["lead:1"])[0].owners
        assert (seen.at, seen.before, seen.user_id) == (at(30), "1", "2")


def test_fields_that_were_filled_or_emptied_are_seen(store: Store, account: int) -> None:
    """Their names alone are kept, and of when the version before was: K-37 asks for the moment of a stage."""
    told: tuple[tuple[int, dict[str, Any]], ...] = (
        (1, {"ИНН": "", "Да": False}), (2, {"ИНН": "77", "Да": False}), (3, {"ИНН": "78"}), (5, {"Да": True}),
        (5, {"Да": True, "Ещё": 1}),
    )  # fmt: skip
    with store.write() as conn:
        for minutes, fields in told:
            save(conn, account, deal(minutes=minutes, fields=fields))
        (dossier,) = dossiers.load(conn, account, ["deal:1"])
    assert [(one.of, one.since, one.at, one.before) for one in dossier.fillings] == [
        ("deal:1", at(1), at(2), ()),
        ("deal:1", at(3), at(5), ("ИНН",)),
    ]


@pytest.mark.parametrize("kind", [Task, Meeting])
def test_another_deadline_is_seen(store: Store, account: int, kind: Any) -> None:
    def known(minutes: int, due: int | None) -> Any:
        return kind(id="61", updated_at=at(minutes), due_at=None if due is None else at(due), on=("contact:1",))

    name = kind.kind
    with store.write() as conn:
        for minutes, due in ((1, 60), (2, 60), (3, 90), (4, None), (5, 120)):
            save(conn, account, known(minutes, due), observe_deadline=True)
        save(conn, account, known(6, 150))
        (dossier,) = dossiers.load(conn, account, ["contact:1"])
    assert [(one.of, one.at, one.before, one.due_at, one.how) for one in dossier.deadlines] == [
        (f"{name}:61", at(3), at(60), at(90), "observed"),
        (f"{name}:61", at(4), at(90), None, "observed"),
        (f"{name}:61", at(5), None, at(120), "observed"),
    ]


def test_what_is_seen_of_a_meeting_is_not_told_of_the_task_of_that_number(store: Store, account: int) -> None:
    with store.write() as conn:
        save(conn, account, Task(id="61", updated_at=at(1), due_at=at(60), on=("contact:2",)), observe_deadline=True)
        for minutes, due in ((1, 60), (2, 90)):
            met = Meeting(id="61", updated_at=at(minutes), due_at=at(due), on=("contact:1",))
            save(conn, account, met, observe_deadline=True)
        ones = dossiers.load(conn, account, ["contact:1", "contact:2"])
    assert [len(one.deadlines) for one in ones] == [1, 0]


# what could not be read, what had to be mended


def test_refused_rows_are_kept_until_they_can_be_read(store: Store, account: int) -> None:
    refused = [Refusal(kind="deal", id="9", reason="no stage", raw='{"id": 9}')] * 2
    with store.write() as conn:
        records.save_page(conn, account, Deal, Page((), "c", T0, refused), now=NOW)
        assert [(row.id, row.reason) for row in refusals.all(conn, account)] == [("9", "no stage")]
        save(conn, account, deal("8"))
        assert len(refusals.all(conn, account)) == 1
        save(conn, account, deal("9"))
        assert refusals.all(conn, account) == []


def test_what_no_database_keeps_is_mended_and_counted(store: Store, account: int) -> None:
    odd = deal(
        "1\0", source="a\0b\ud800", amount=2**70, fields={"k\0": float("nan"), "n": 2**64, "deep": ["\udfff"]},
        loss_reason_id="x" * 5000, contacts=("contact:\0" + "7" * 3000,),
    )  # fmt: skip
    with store.write() as conn:
        assert save(conn, account, odd, deal("2"), Stage(id="s", name="n", pipeline_id="p", sort=2**90)).mended == 2
        kept = records.get(conn, account, Deal, ["1"])["1"]
        assert (kept.source, kept.amount) == ("ab\ufffd", None)
        assert kept.fields == {"k": None, "n": None, "deep": ["\ufffd"]}
        assert len(kept.loss_reason_id or "") == 200
        assert records.get(conn, account, Stage, ["s"])["s"].sort == 0
        assert [notice.code for notice in notices.all(conn, account)] == ["mended"]
        assert save(conn, account, odd).same == 1
