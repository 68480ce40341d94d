"""What each CRM's hooks are about, and which are not believed."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from connector.http.form import parse
from connector.provider import Hints
from connector.records import Call, Client, Deal, Lead, Meeting, Record, Task, User
from providers.amocrm import hooks as amo
from providers.bitrix24 import hooks as b24
from providers.bitrix24.sandbox.eventing import APPLICATION_TOKEN, body
from providers.bitrix24.sandbox.portal import MEMBER_ID

Ids = dict[type[Record], set[str]]


def amo_hints(text: str, account: str = "1", known: str | None = "1") -> Hints:
    return amo.hints(parse(f"{text}&account[id]={account}".encode()).fields, known)


@pytest.mark.parametrize(
    ("text", "ids"),
    [
        ("leads[status][0][id]=7001&leads[status][0][status_id]=142&leads[add][0][id]=7002", {Deal: {"7001", "7002"}}),
        ("leads[delete][0][id]=7001", {Deal: {"7001"}}),
        ("contacts[update][0][id]=1&contacts[update][0][type]=contact", {Client: {"contact:1"}}),
        ("contacts[update][0][id]=1&contacts[update][0][type]=company", {Client: {"company:1"}}),
        ("companies[add][0][id]=2", {Client: {"company:2"}}),
        ("task[update][0][id]=61", {Task: {"61"}, Meeting: {"61"}}),
        ("task[add][0][0][id]=61", {Task: {"61"}, Meeting: {"61"}}),
        ("leads[note][0][note][id]=9&leads[note][0][note][note_type]=10", {Call: {"9"}}),
        ("leads[note][0][note][id]=9&leads[note][0][note][note_type]=4", {}),
        ("unsorted[add][0][uid]=0123456789abcdef", {Lead: {"0123456789abcdef"}}),
        ("leads[update][0][id]=1 OR 1=1&leads[update][1][id]=-1&leads[update][2][id]=7/../../etc", {}),
        ("leads[update][0][id]=99999999999999999999&leads[update][1][id][0]=5", {}),
        ("leads=1&contacts[update]=2", {}),
    ],
)
def test_amocrm(text: str, ids: Ids) -> None:
    found = amo_hints(text)
    assert (found.ids, found.refused) == ({kind: frozenset(some) for kind, some in ids.items()}, "")


@pytest.mark.parametrize(("account", "known"), [("2", "1"), ("", "1"), ("1", None)])
def test_amocrm_of_another_account_is_refused(account: str, known: str | None) -> None:
    found = amo_hints("leads[delete][0][id]=7001", account, known)
    assert found.refused and not found.ids


def b24_hints(event: str, id: str = "7", known: str | None = MEMBER_ID, token: str | None = None) -> Hints:
    return b24.hints(parse(body(event, id, "acme.bitrix24.ru")).fields, known, token)


@pytest.mark.parametrize(
    ("event", "ids"),
    [
        ("ONCRMDEALUPDATE", {Deal: {"7"}}),
        ("onCrmDealDelete", {Deal: {"7"}}),
        ("ONCRMDEALMOVETOCATEGORY", {Deal: {"7"}}),
        ("ONCRMLEADADD", {Lead: {"7"}}),
        ("ONCRMCONTACTUPDATE", {Client: {"contact:7"}}),
        ("ONCRMCOMPANYUPDATE", {Client: {"company:7"}}),
        ("ONCRMDEALUSERFIELDADD", {}),
        ("ONAPPTEST", {}),
    ],
)
def test_bitrix24(event: str, ids: Ids) -> None:
    found = b24_hints(event)
    assert (found.ids, found.refused) == ({kind: frozenset(some) for kind, some in ids.items()}, "")


def test_bitrix24_tells_of_kinds_and_of_its_queue_too() -> None:
    assert b24_hints("ONCRMACTIVITYADD").streams == {Call, Meeting, Task}
    assert b24_hints("ONUSERADD").streams == {User}
    assert b24_hints("ONOFFLINEEVENT").queue
    told = {"event": "ONTASKUPDATE", "data[FIELDS_BEFORE]": "undefined", "data[FIELDS_AFTER][ID]": "12"}
    fields = parse(urlencode(told | {"auth[member_id]": "m"}).encode()).fields
    assert b24.hints(fields, "m", None).ids == {Task: frozenset({"12"})}


@pytest.mark.parametrize(("known", "token"), [("another", None), (None, None), (MEMBER_ID, "x" * 32), (MEMBER_ID, "")])
def test_a_forged_event_is_refused(known: str | None, token: str | None) -> None:
    assert b24_hints("ONCRMDEALDELETE", known=known, token=token).refused
    assert not b24_hints("ONCRMDEALDELETE", known=MEMBER_ID, token=APPLICATION_TOKEN).refused


@pytest.mark.parametrize("token", ["я", "%D1%8F", "%FF", "%00", "🦊"])
def test_a_token_that_is_no_ascii_is_refused_like_any_other(token: str) -> None:
    """Two texts beyond ASCII cannot be compared in constant time: as bytes they can."""
    told = f"event=ONCRMDEALUPDATE&data[FIELDS][ID]=1&auth[member_id]=m&auth[application_token]={token}"
    found = b24.hints(parse(told.encode()).fields, "m", APPLICATION_TOKEN)
    assert found == Hints(refused="its application token is not ours")


@pytest.mark.parametrize("id", ["7\n", "7\u0662", "+7", "07", ""])
def test_a_number_is_digits_and_nothing_else(id: str) -> None:
    assert b24_hints("ONCRMDEALUPDATE", id).ids == {}


def test_rows_of_the_queue_that_are_none_hint_at_nothing() -> None:
    deep: dict[str, object] = {}
    for _ in range(5000):
        deep = {"FIELDS": deep}
    good = {"EVENT_NAME": "ONCRMDEALUPDATE", "EVENT_DATA": {"FIELDS": {"ID": 7}}}
    rows = [None, "x", [1], {}, {"EVENT_NAME": 5, "EVENT_DATA": [1]}, good | {"EVENT_DATA": deep}, good]
    assert b24._together(rows) == Hints({Deal: frozenset({"7"})})
