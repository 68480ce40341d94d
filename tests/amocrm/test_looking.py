"""Single records, customers' calls, merges, the hour of a batch: what a hook or the sweep asks about."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest

from connector.errors import Forbidden, Refused, Unfit
from connector.pretend.happenings import Deleted, Moved, Restored
from connector.provider import Page
from connector.records import Call, Client, Deal, Done, Gone, Lead, Meeting, Move, Record, Removal, Stage, Task, User
from providers.amocrm.mapping import cards, directory, values
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


@pytest.mark.parametrize("code", [204, 404])
def test_a_merged_card_that_is_there_is_not_taken_out_for_one_empty_answer(
    amo: AmoCrm, sandbox: Sandbox, code: int
) -> None:
    cursor = last(amo.pull(Removal, None))
    sandbox.advance(sandbox.now + timedelta(minutes=5))
    merged(sandbox, WON)
    if code == 204:
        sandbox.faults.no_content(path=f"leads/{WON}$", times=1)
    else:
        sandbox.faults.status(code, path=f"leads/{WON}$", times=1)
    told = [r for r in pulled(amo, Removal, cursor).values() if isinstance(r, Removal) and r.at == sandbox.now]
    assert told == []


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


def without(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, key: str, id_: int) -> None:
    """One row, of all that this mapping reads, lacks what every other has."""
    read = getattr(module, name)

    def lacking(row: Any, *more: Any) -> Any:
        return read({k: v for k, v in row.items() if k != key} if row["id"] == id_ else row, *more)

    monkeypatch.setattr(module, name, lacking)


def told_and_odd(answers: Iterator[Record | Gone]) -> tuple[list[str], dict[str, str]]:
    """Ids answered, and those that could not be read with the reason."""
    told: list[str] = []
    try:
        told += (answer.id for answer in answers)
    except Unfit as error:
        return told, error.items
    return told, {}


def test_a_card_that_cannot_be_read_spoils_no_other(amo: AmoCrm, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, cards, "deal", "pipeline_id", WON)
    found: list[str] = []
    with pytest.raises(Unfit, match=f"deal cannot be read: {WON} .*pipeline_id") as caught:
        found += (answer.id for answer in amo.fetch(Deal, [str(WON), str(OPEN), "424242"]))
    assert list(caught.value.items) == [str(WON)]
    monkeypatch.undo()
    without(monkeypatch, cards, "deal", "pipeline_id", WON)
    assert told_and_odd(amo.fetch(Deal, [str(WON), str(OPEN), "424242"])) == (
        [str(OPEN), "424242"],
        {str(WON): "no 'pipeline_id'"},
    )


def test_a_person_who_cannot_be_read_has_not_left(amo: AmoCrm, monkeypatch: pytest.MonkeyPatch) -> None:
    without(monkeypatch, directory, "user", "id", ANNA)
    assert str(ANNA) in list(amo.ids(User))
    told, odd = told_and_odd(amo.fetch(User, [str(ANNA), "424242"]))
    assert (told, list(odd)) == (["424242"], [str(ANNA)])


def test_a_client_that_cannot_be_read_is_refused_by_our_id(amo: AmoCrm, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep knows it by that, and the refusal is over once the client is read."""
    [first, *_] = [record.id for record in pulled(amo, Client).values() if record.id.startswith("contact:")]
    without(monkeypatch, values, "identity", "id", int(first.removeprefix("contact:")))
    without(monkeypatch, cards, "identity", "id", int(first.removeprefix("contact:")))
    assert [one.id for page in amo.pull(Client, None) for one in page.refused] == [first]
    assert told_and_odd(amo.fetch(Client, [first]))[1].keys() == {first}


def test_an_id_that_is_none_is_unfit(amo: AmoCrm) -> None:
    with pytest.raises(Unfit, match="no id of a client"):
        list(amo.fetch(Client, ["701"]))


@pytest.mark.parametrize("code", [204, 404])
def test_one_empty_answer_is_asked_again(amo: AmoCrm, sandbox: Sandbox, code: int) -> None:
    if code == 204:
        sandbox.faults.no_content(path=f"leads/{OPEN}$", times=1)
    else:
        sandbox.faults.status(404, path=f"leads/{OPEN}$", times=1)
    assert [type(answer) for answer in amo.fetch(Deal, [str(OPEN)])] == [Deal]


def test_a_call_is_denied_by_its_own_card_and_by_the_lists(amo: AmoCrm, sandbox: Sandbox) -> None:
    calls = [call for call in pulled(amo, Call).values() if isinstance(call, Call)]
    [call, *_] = [call for call in calls if (call.link() or "").startswith("deal:")]
    assert list(amo.denied(calls)) == []
    for path in ("leads/notes", "contacts/notes", "companies/notes"):
        sandbox.faults.no_content(path=path, times=None)
    assert [type(answer) for answer in amo.fetch(Call, [call.id])] == [Gone]
    assert list(amo.denied([call])) == [], "its own card shows it"
    sandbox.faults.clear()
    sandbox.faults.no_content(path=rf"leads/\d+/notes/{call.id}", times=None)
    assert list(amo.denied([call])) == [], "a list shows it"
    sandbox.faults.clear()
    sandbox.faults.status(403, path=rf"leads/\d+/notes/{call.id}", times=None)
    sandbox.faults.no_content(path="leads/notes", times=None)
    assert list(amo.denied([call])) == [], "nobody denied it"
    sandbox.faults.clear()
    sandbox.world.notes["leads"].drop(int(call.id))
    assert list(amo.denied([call, msgspec.structs.replace(call, on=())])) == [call.id]


def test_set_back_a_pull_sees_the_last_days_again(amo: AmoCrm, sandbox: Sandbox) -> None:
    for kind in (Deal, Call, Client, Move, Meeting, Removal):
        cursor = last(amo.pull(kind, None))
        whole = pulled(amo, kind)
        back = amo.earlier(kind, cursor, at(-24 * 365))
        assert back is not None
        assert {id for id in whole if id not in pulled(amo, kind, back)} == set(), kind
        assert amo.earlier(kind, back, at(0)) == back, "never forwards"
        pages = list(amo.pull(kind, back))
        assert amo.earlier(kind, pages[-1].cursor, sandbox.now + timedelta(days=1)) == pages[-1].cursor
    assert amo.earlier(User, last(amo.pull(User, None)), at(0)) is None
    for under_way in ('{"tasks":{"done":5,"last":7}}', '{"events":{"upto":7,"left":[[8,9]]}}', "{}"):
        assert amo.earlier(Meeting, under_way, at(0)) is None
