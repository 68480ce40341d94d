"""Single records: what cannot be read spoils no other, what is not shown is not gone, and what is read again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from connector.errors import Unfit
from connector.pretend.happenings import Renamed
from connector.provider import ReadsAgain
from connector.records import Call, Client, Deal, Gone, Meeting, Move, Record, Task, User
from providers.bitrix24.mapping import crm, directory
from providers.bitrix24.provider import Bitrix24
from providers.bitrix24.sandbox import Sandbox
from tests.bitrix24.conftest import again
from tests.bitrix24.tiny import many

SOME = many(60)


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(SOME, paced=False) as made:
        yield made


@pytest.fixture
def bitrix(sandbox: Sandbox) -> Bitrix24:
    return again(sandbox)


def pulled(bitrix: Bitrix24, kind: type[Record], cursor: str | None = None) -> tuple[dict[str, Record], str]:
    pages = list(bitrix.pull(kind, cursor))
    return {record.id: record for page in pages for record in page.records}, pages[-1].cursor


def lacking(monkeypatch: pytest.MonkeyPatch, module: Any, name: str, key: str, number: str) -> None:
    """One row, of all that this mapping reads, lacks what every other has."""
    read = getattr(module, name)

    def without(row: Any, *more: Any) -> Any:
        odd = str(row.get("id", row.get("ID"))) == number
        return read({k: v for k, v in row.items() if k != key} if odd else row, *more)

    monkeypatch.setattr(module, name, without)


def told_and_odd(answers: Iterator[Record | Gone]) -> tuple[set[str], dict[str, str]]:
    """Ids answered, and those that could not be read with the reason."""
    told: set[str] = set()
    try:
        for answer in answers:
            told.add(answer.id)
    except Unfit as error:
        return told, error.items
    return told, {}


def test_a_card_that_cannot_be_read_spoils_no_other(bitrix: Bitrix24, monkeypatch: pytest.MonkeyPatch) -> None:
    odd, good, *_ = sorted(pulled(bitrix, Deal)[0])
    lacking(monkeypatch, crm, "deal", "stageId", odd)
    assert told_and_odd(bitrix.fetch(Deal, [odd, good, "424242"])) == ({good, "424242"}, {odd: "no 'stageId'"})


def test_a_person_who_cannot_be_read_has_not_left(bitrix: Bitrix24, monkeypatch: pytest.MonkeyPatch) -> None:
    odd, *_ = sorted(pulled(bitrix, User)[0])
    lacking(monkeypatch, directory, "user", "ID", odd)
    assert odd in set(bitrix.ids(User))
    told, unreadable = told_and_odd(bitrix.fetch(User, [odd, "424242"]))
    assert (told, set(unreadable)) == ({"424242"}, {odd})


def test_a_client_that_cannot_be_read_is_refused_by_our_id(bitrix: Bitrix24, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sweep knows it by that, and the refusal is over once the client is read."""
    odd = next(id for id in sorted(pulled(bitrix, Client)[0]) if id.startswith("contact:"))
    lacking(monkeypatch, crm, "contact", "id", odd.removeprefix("contact:"))
    assert [one.id for page in bitrix.pull(Client, None) for one in page.refused] == [odd]
    assert set(told_and_odd(bitrix.fetch(Client, [odd]))[1]) == {odd}


def test_set_back_a_pull_sees_the_last_days_again(bitrix: Bitrix24, sandbox: Sandbox) -> None:
    assert isinstance(bitrix, ReadsAgain)
    first, deal = sandbox.company.start, min(sandbox.portal.items[2].rows)
    for kind in (Deal, Client, Meeting, Task):
        whole, cursor = pulled(bitrix, kind)
        back = bitrix.earlier(kind, cursor, first)
        assert back is not None
        assert set(pulled(bitrix, kind, back)[0]) == set(whole), kind
        assert bitrix.earlier(kind, cursor, sandbox.now + timedelta(days=1)) == cursor, "never forwards"
    cursor = pulled(bitrix, Deal)[1]
    sandbox.advance(sandbox.now + timedelta(days=1))
    cursor = pulled(bitrix, Deal, cursor)[1]
    sandbox.happen(Renamed(sandbox.now - timedelta(hours=5), deal, "Иначе", 501))
    assert str(deal) not in pulled(bitrix, Deal, cursor)[0]
    back = bitrix.earlier(Deal, cursor, sandbox.now - timedelta(days=3))
    found, ahead = pulled(bitrix, Deal, back)
    assert str(deal) in found
    assert pulled(bitrix, Deal, ahead)[0] == {}


def test_what_goes_by_ids_or_is_under_way_cannot_be_set_back(bitrix: Bitrix24, sandbox: Sandbox) -> None:
    for kind in (User, Move, Call):
        assert bitrix.earlier(kind, pulled(bitrix, kind)[1], sandbox.now) is None
    for text in ("{}", '{"marks":{"deals":{"now":5,"id":7}}}', '{"marks":{"deals":{"since":1,"now":5,"id":7}}}'):
        assert bitrix.earlier(Deal, text, sandbox.now) is None
