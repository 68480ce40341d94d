"""Single records, customers' calls, merges, the hour of a batch: what a hook or the sweep asks about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from connector.errors import Forbidden, Refused
from connector.pretend.happenings import Deleted, Moved, Restored
from connector.provider import Page
from connector.records import Call, Client, Deal, Done, Gone, Lead, Meeting, Move, Record, Removal, Stage, Task, User
from providers.amocrm.provider import AmoCrm
from providers.amocrm.sandbox import Sandbox
from tests.amocrm.kits import provider
from tests.amocrm.payload import payload
from tests.amocrm.small import ANNA, BACK, OPEN, TRASHED, WAITING, WON, at, small


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(small(), paced=False) as made:
        yield made


@pytest.fixture
def amo(sandbox: Sandbox) -> AmoCrm:
    return provider(sandbox.options)


def pulled(amo: AmoCrm, kind: type[Record], cursor: str | None = None) -> dict[str, Record]:
    return {record.id: record for page in amo.pull(kind, cursor) for record in page.records}


def last(pages: Iterator[Page]) -> str:
    return list(pages)[-1].cursor


@pytest.mark.parametrize("kind", [Deal, Client, Lead, Move, Done, Call, Meeting, User, Stage])
def test_fetched_as_pulled(amo: AmoCrm, kind: type[Record]) -> None:
    whole = pulled(amo, kind)
    assert whole
    missing = "contact:424242" if kind is Client else "424242"
    told = {answer.id: answer for answer in amo.fetch(kind, [*whole, missing])}
    assert told.pop(missing) == Gone(kind=kind.kind, id=missing)
    assert told == whole


def test_a_trashed_deal_is_gone(amo: AmoCrm) -> None:
    assert list(amo.fetch(Deal, [str(TRASHED)])) == [Gone(kind="deal", id=str(TRASHED))]


@pytest.mark.parametrize("kind", [Deal, Client, Call, Meeting, User])
def test_every_id(amo: AmoCrm, kind: type[Record]) -> None:
    assert sorted(amo.ids(kind)) == sorted(pulled(amo, kind))


@pytest.mark.parametrize("kind", [Lead, Move, Removal])
def test_kinds_whose_absence_says_nothing(amo: AmoCrm, kind: type[Record]) -> None:
    with pytest.raises(Refused, match=kind.kind):
        list(amo.ids(kind))


def test_ids_are_whole_or_an_error(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.status(500, path="contacts", nth=1, times=5)
    with pytest.raises(Exception, match="500"):
        list(amo.ids(Client))


def test_users_without_the_right(sandbox: Sandbox) -> None:
    from pydantic import SecretStr

    amo = provider({"base_url": sandbox.base_url, "token": SecretStr(sandbox.token(ANNA))})
    with pytest.raises(Forbidden):
        list(amo.fetch(User, ["501"]))


def merged(sandbox: Sandbox, deal: int) -> None:
    sandbox.world.note_event("entity_merged", "lead", deal, ANNA, int(sandbox.now.timestamp()))


def test_a_merge_takes_only_the_card_that_is_gone(amo: AmoCrm, sandbox: Sandbox) -> None:
    """The event does not say which of the two it was: the CRM is asked."""
    cursor = last(amo.pull(Removal, None))
    sandbox.advance(sandbox.now + timedelta(minutes=5))
    merged(sandbox, WON)
    merged(sandbox, BACK)
    sandbox.happen(Deleted(sandbox.now, BACK, ANNA))
    told = [r for r in pulled(amo, Removal, cursor).values() if isinstance(r, Removal) and r.at == sandbox.now]
    assert sorted((r.of, r.what) for r in told) == [
        (f"deal:{BACK}", "deleted"), (f"deal:{BACK}", "deleted"), (f"deal:{BACK}", "merged"),
    ]  # fmt: skip


def test_deleted_and_restored_between_two_pulls(amo: AmoCrm, sandbox: Sandbox) -> None:
    cursor = last(amo.pull(Removal, None))
    sandbox.advance(sandbox.now + timedelta(minutes=5))
    sandbox.happen(Deleted(sandbox.now, WON, ANNA))
    sandbox.advance(sandbox.now + timedelta(minutes=1))
    sandbox.happen(Restored(sandbox.now, WON, ANNA))
    told = [r for r in pulled(amo, Removal, cursor).values() if isinstance(r, Removal) and r.of == f"deal:{WON}"]
    assert max(told, key=lambda r: (r.at, r.id)).what == "restored"


def test_a_task_that_was_deleted(amo: AmoCrm, sandbox: Sandbox) -> None:
    cursor = last(amo.pull(Removal, None))
    sandbox.advance(sandbox.now + timedelta(minutes=5))
    sandbox.world.drop_task(62, int(sandbox.now.timestamp()), ANNA)
    assert [r.of for r in pulled(amo, Removal, cursor).values() if isinstance(r, Removal) and r.at == sandbox.now] == [
        "task:62"
    ]


def test_one_read_of_tasks_for_both_kinds(amo: AmoCrm, sandbox: Sandbox) -> None:
    cursors = {kind: last(amo.pull(kind, None)) for kind in (Meeting, Task)}
    before = amo.requests
    for kind, cursor in cursors.items():
        list(amo.pull(kind, cursor))
    assert amo.requests - before == 1


def test_asked_again_is_looked_at_again(amo: AmoCrm, sandbox: Sandbox) -> None:
    """A batch is handed to each kind once: who comes back wants news."""
    cursor = last(amo.pull(Move, None))
    cursor = last(amo.pull(Move, cursor))
    sandbox.advance(sandbox.now + timedelta(seconds=20))
    sandbox.happen(Moved(sandbox.now, OPEN, "won", ANNA))
    assert any(isinstance(m, Move) and m.at == sandbox.now for m in pulled(amo, Move, cursor).values())


def test_calls_of_customers_hang_on_their_clients(sandbox: Sandbox) -> None:
    """«Покупатели» are none of our records; their company or contact is."""
    account: dict[str, Any] = payload("account")
    note = payload("call") | {"id": 56, "entity_id": 12}
    page = {"_links": {"self": {}}, "_embedded": {"notes": [note]}}
    customer = {"id": 12, "_embedded": {"contacts": [{"id": 701}], "companies": [{"id": 801}]}}
    for body, path in ((account, "account$"), (page, "customers/notes"), (customer, "customers/12$")):
        sandbox.faults.body(msgspec.json.encode(body), path=path, times=None)
    told = pulled(provider(sandbox.options), Call)["56"]
    assert isinstance(told, Call)
    assert told.on == ("company:801", "contact:701")


def test_an_enquiry_that_was_accepted_stays(amo: AmoCrm, sandbox: Sandbox) -> None:
    [lead] = pulled(amo, Lead).values()
    cursor = last(amo.pull(Lead, None))
    sandbox.advance(at(80))
    sandbox.happen(Moved(sandbox.now, WAITING, "contacted", ANNA))
    assert pulled(amo, Lead, cursor) == {}
    assert isinstance(lead, Lead)
    assert lead.deal == f"deal:{WAITING}"
    assert list(amo.fetch(Lead, [lead.id])) == [Gone(kind="lead", id=lead.id)]
