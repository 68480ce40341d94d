"""What must hold for any pages, in any order and any number of times, on both databases."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

import msgspec
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.engine import Connection

from connector.fact import Dossier
from connector.provider import Page
from connector.records import Client, Deal, Done, Lead, Meeting, Move, Record, Removal
from connector.store import accounts, clean
from connector.store.crm import dossiers, records
from connector.store.encoding import keys
from connector.store.engine import Store
from connector.store.upsert import table
from tests.store.crm.test_records import T0, at, deal

PATIENT = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
RECORD = table("record")
MINUTES = st.integers(0, 12)
DEALS, CONTACTS = st.sampled_from("123"), st.sampled_from(("contact:1", "contact:2", "contact:3"))

clients = st.builds(
    lambda id, minute, company: Client(id=id, updated_at=at(minute), company=company),
    CONTACTS, MINUTES, st.sampled_from((None, "company:8", "company:9")),
)  # fmt: skip
companies = st.builds(
    lambda id, minute: Client(id=id, updated_at=at(minute)), st.sampled_from(("company:8", "company:9")), MINUTES
)
deals = st.builds(
    lambda id, minute, contact, amount: deal(id, minute, contacts=(contact,) if contact else (), amount=amount),
    DEALS, MINUTES, st.none() | CONTACTS, st.integers(0, 3),
)  # fmt: skip
leads = st.builds(
    lambda minute, deal, contact: Lead(id="5", created_at=T0, updated_at=at(minute), deal=deal, clients=contact),
    MINUTES, st.sampled_from((None, "deal:1", "deal:2")), st.sampled_from(((), ("contact:1",))),
)  # fmt: skip
moves = st.builds(
    lambda id, of: Move(id=f"{id}{of}", of=of, at=T0, pipeline_id="31", stage_id="31/2", outcome="open"),
    st.sampled_from("ab"), st.sampled_from(("deal:1", "deal:2", "lead:5")),
)  # fmt: skip
meetings = st.builds(
    lambda minute, of: Meeting(id="61", updated_at=at(minute), on=(of,)),
    MINUTES, st.sampled_from(("deal:1", "contact:1")),
)  # fmt: skip
dones = st.just(Done(id="d", of="task:61", at=T0))
removals = st.builds(
    lambda minute, pair, what: Removal(
        id=f"{minute}{pair}{what}", of=pair[0], at=at(minute), what=what, into=pair[1] if what == "merged" else None
    ),
    MINUTES,
    st.sampled_from([(f"{kind}:{n}", f"{kind}:{n + 1}") for kind in ("deal", "contact") for n in (1, 2)]),
    st.sampled_from(("deleted", "restored", "merged")),
)  # fmt: skip
worlds = st.lists(
    st.one_of(clients, companies, deals, leads, moves, meetings, dones, removals),
    max_size=25, unique_by=lambda record: (record.kind, record.id, record.updated_at),
)  # fmt: skip
"""Every version of a record has a moment of its own: of two at one moment the later read counts, and must."""


@st.composite
def worlds_told_twice(draw: st.DrawFn) -> tuple[list[Record], list[list[Record]]]:
    """A world, and pages that tell it in another order, some of it again."""
    world = draw(worlds)
    again = draw(st.lists(st.sampled_from(world), max_size=8)) if world else []
    order = draw(st.permutations(world + again))
    pages, size = [], draw(st.integers(1, 6))
    for start in range(0, len(order), size):
        pages.append(order[start : start + size])
    return world, pages


def new_account(conn: Connection) -> int:
    return accounts.enroll(conn, uuid.uuid4().hex, "amocrm")


def tell(conn: Connection, account: int, several: Sequence[Record]) -> None:
    records.save_page(conn, account, Deal, Page(several, "c", T0), now=1)


def stored(conn: Connection, account: int) -> list[tuple[Any, ...]]:
    columns = [column for column in RECORD.columns if column.name != "account"]
    rows = conn.execute(sa.select(*columns).where(RECORD.c.account == account))
    return sorted((tuple(row) for row in rows), key=lambda row: row[:2])


@PATIENT
@given(told=worlds_told_twice())
def test_any_order_and_repetition_gives_the_same_records(
    store: Store, told: tuple[list[Record], list[list[Record]]]
) -> None:
    world, pages = told
    with store.write() as conn:
        one, other = new_account(conn), new_account(conn)
        for record in sorted(world, key=lambda record: (record.updated_at or T0, record.kind, record.id)):
            tell(conn, one, [record])
        for page in pages:
            tell(conn, other, page)
        assert stored(conn, one) == stored(conn, other)


@PATIENT
@given(told=worlds_told_twice())
def test_every_record_hangs_where_its_link_does(store: Store, told: tuple[list[Record], list[list[Record]]]) -> None:
    with store.write() as conn:
        account = new_account(conn)
        for page in told[1]:
            tell(conn, account, page)
        rows = conn.execute(sa.select(RECORD).where(RECORD.c.account == account)).all()
    by_key = {(row.kind, row.id): row for row in rows}
    for row in rows:
        above = [by_key[key].dossier for key in keys(row.link) if key in by_key] if row.link else []
        own = row.id if row.kind == "client" else f"{row.kind}:{row.id}"
        assert row.dossier == (above[0] if above else row.link or own), row


@PATIENT
@given(told=worlds_told_twice())
def test_a_dossier_that_changed_is_dirty(store: Store, told: tuple[list[Record], list[list[Record]]]) -> None:
    with store.write() as conn:
        account = new_account(conn)
        before: dict[str, Dossier] = {}
        for page in told[1]:
            tell(conn, account, page)
            dirty = set(dossiers.take_dirty(conn, account, 1000))
            dossiers.clear_dirty(conn, account, dirty)
            every = conn.execute(sa.select(RECORD.c.dossier).distinct().where(RECORD.c.account == account)).scalars()
            known = sorted({*every, *before} - {None})
            after = {dossier.key: undated(dossier) for dossier in dossiers.load(conn, account, known)}
            assert {key for key in known if after[key] != before.get(key)} <= dirty
            before = after


def undated(dossier: Dossier) -> Dossier:
    """Without the moments of the last edit: those alone change no fact."""
    shelves = {
        name: tuple(msgspec.structs.replace(record, updated_at=None) for record in getattr(dossier, name))
        for name in ("clients", "leads", "deals", "moves", "meetings", "dones")
    }
    return msgspec.structs.replace(dossier, **shelves)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.text(st.characters(), max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)


@PATIENT
@given(
    id=st.text(st.characters(), min_size=1, max_size=150),
    text=st.text(st.characters(), max_size=150),
    amount=st.integers(),
    value=anything,
)
def test_whatever_json_can_say_reads_back_as_mended(store: Store, id: str, text: str, amount: int, value: Any) -> None:
    given_ = deal("x" + id, source=text, amount=amount, contacts=("contact:" + id,), fields={text: value})
    with store.write() as conn:
        account = new_account(conn)
        tell(conn, account, [given_])
        (kept,) = records.directory(conn, account, Deal).values()
        (dossier,) = dossiers.load(conn, account, [str(kept.link())])
        again = records.save_page(conn, account, Deal, Page([given_], "c", T0), now=2)
    expected = clean.struct(given_)
    assert kept == expected
    assert dossier.deals == (expected,)
    assert again.same == 1


def test_the_mended_is_mended_for_good() -> None:
    odd = deal("1\0", 0, source="\ud800\0", amount=2**80, fields={"a": [float("inf"), {"\0": "\udfff" * 20_000}]})
    once = clean.struct(odd)
    assert once != odd
    assert clean.struct(once) is once
