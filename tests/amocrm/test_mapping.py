"""Payload in, record out. The files hold the documented shapes with made-up values."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from connector.records import (
    Call,
    Client,
    Deadline,
    Deal,
    Done,
    Lead,
    Meeting,
    Message,
    Move,
    Owner,
    Price,
    Record,
    Removal,
    Stage,
    Task,
    User,
)
from providers.amocrm.mapping import cards, directory, history, values, work
from providers.amocrm.mapping.cards import Reading
from tests.amocrm.payload import payload

CREATED, UPDATED = datetime(2025, 7, 20, 8, 26, 40, tzinfo=UTC), datetime(2025, 7, 21, 12, 13, 20, tzinfo=UTC)
RUB = Reading("RUB")


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def hashed(phone: str) -> str:
    return "h" + "".join(filter(str.isdigit, phone))[-10:]


def test_a_lost_deal_with_everything() -> None:
    wanted = ("маржа", "901", "KPI_MARGIN", "Дата оценки", "Теги", "нет такого")
    assert cards.deal(payload("lead"), Reading("RUB", wanted=wanted, currency_field="Валюта")) == Deal(
        id="7001", updated_at=UPDATED, created_at=CREATED, created_by="501", owner_id="501", pipeline_id="100",
        stage_id="100/143", outcome="lost", closed_at=UPDATED, amount=4_633_300, currency="USD", loss_reason_id="31",
        company="company:801", contacts=("contact:701", "contact:702"),
        fields={"маржа": "15.5", "901": "Сайт", "KPI_MARGIN": "15.5", "Дата оценки": "2025-07-21T00:00:00+00:00",
                "Теги": "a, b"},
    )  # fmt: skip


def test_a_deal_with_nothing() -> None:
    """Nobody is responsible, nobody made it, no amount, PHP's [] for {}, a number as text."""
    assert cards.deal(payload("lead_bare"), Reading("RUB", frozenset({"100/9001"}))) == Deal(
        id="7002", updated_at=CREATED, created_at=CREATED, pipeline_id="100", stage_id="100/9001", currency="RUB",
        unsorted=True,
    )  # fmt: skip


def test_a_deal_is_a_test_by_a_word_of_its_name_which_is_not_kept() -> None:
    row = {**payload("lead"), "name": "Тест формы"}
    assert [cards.deal(row, Reading("RUB", test_words=words)).test for words in ((), ("тест",))] == [False, True]
    assert not cards.deal({**row, "name": "Окна"}, Reading("RUB", test_words=("тест",))).test


def test_kommo_tells_cents_beside() -> None:
    deal = cards.deal(payload("lead_kommo"), Reading("USD"))
    assert (deal.amount, deal.outcome, deal.source, deal.loss_reason_id) == (10_055, "won", "9001", "32")


@pytest.mark.parametrize(
    ("told", "meant"),
    [("usd", "USD"), ("$", "$"), ("€", "EUR"), (" руб. ", "RUB"), ("доллар", "ДОЛЛАР"), ("", "RUB"), (None, "RUB")],
)
def test_the_currency_of_a_deal(told: Any, meant: str) -> None:
    row = payload("lead") | {
        "custom_fields_values": [{"field_id": 903, "field_name": "Валюта", "values": [{"value": told}]}]
    }
    assert cards.deal(row, Reading("RUB", currency_field="Валюта")).currency == meant


@pytest.mark.parametrize(
    ("price", "amount"), [(0, 0), (None, None), ("1000.50", 100_050), (10**9, 10**11), (-5, -500), (0.1 + 0.2, 30)]
)
def test_amounts(price: Any, amount: int | None) -> None:
    assert cards.deal(payload("lead") | {"price": price}, RUB).amount == amount


@pytest.mark.parametrize(
    "wrong",
    [
        {"id": None}, {"id": 0}, {"status_id": None}, {"pipeline_id": None}, {"created_at": None},
        {"created_at": "yesterday"}, {"created_at": 10**20}, {"price": "much"}, {"price": 10**18}, {"price": True},
        {"custom_fields_values": "x"}, {"_embedded": "x"}, {"status_id": [1]}, {"custom_fields_values": [5]},
    ],
)  # fmt: skip
def test_a_bad_row_is_refused_and_reported(wrong: dict[str, Any]) -> None:
    rows = [payload("lead") | wrong, payload("lead_kommo")]
    made, [refused] = values.each("deal", rows, lambda row: cards.deal(row, Reading("RUB", wanted=("Маржа",))))
    assert [deal.id for deal in made] == ["7003"]
    assert refused.kind == "deal"
    assert refused.reason


@pytest.mark.parametrize("row", [None, 5, "x", [1]])
def test_a_row_that_is_no_object(row: Any) -> None:
    made, [refused] = values.each("deal", [row], lambda row: cards.deal(row, RUB))
    assert (made, refused.id) == ([], "?")


def test_a_refused_row_keeps_nothing_personal() -> None:
    _, [refused] = values.each("client", [payload("contact") | {"id": None}], lambda row: client("contact", row))
    for secret in ("Иван", "Петров", "916", "i@x.ru"):
        assert secret not in refused.raw
    assert "created_at" in refused.raw


def test_of_a_refused_row_every_field_that_is_not_known_to_be_plain_is_hidden() -> None:
    row = {
        "id": 9, "created_at": "yesterday", "responsible_user_id": 501, "is_main": True, "source_name": "+79161234567",
        "params": {"duration": "long", "phone": "+79161234567", "call_responsible": "Мария", "uniq": "79161234567"},
        "custom_fields_values": [{"field_code": "ADDRESS", "values": [{"value": {"name": "Мария", "inn": 770123}}]}],
    }  # fmt: skip
    _, [refused] = values.each("call", [row], lambda row: client("contact", row))
    for secret in ("9161234567", "Мария", "770123"):
        assert secret not in refused.raw
    for kept in ('"created_at":"yesterday"', '"responsible_user_id":501', '"duration":"long"', '"ADDRESS"'):
        assert kept in refused.raw


def client(kind: str, row: Any, keep_names: bool = False) -> Client:
    return cards.client(kind, row, hashed, keep_names)


def test_clients() -> None:
    assert client("contact", payload("contact")) == Client(
        id="contact:701", updated_at=UPDATED, created_at=CREATED, company="company:801",
        phones=("h9160000001", "h9160000002"),
    )  # fmt: skip
    assert client("contact", payload("contact"), True).name == "Иван Петров"
    assert client("company", payload("company")) == Client(id="company:801", updated_at=UPDATED, created_at=CREATED)


def test_an_enquiry() -> None:
    assert cards.enquiry(payload("unsorted")) == Lead(
        id="98fb0000", created_at=CREATED, pipeline_id="100", clients=("contact:701",), deal="deal:7002", source="UIS"
    )


def test_a_stub_of_the_trash() -> None:
    assert cards.trashed(payload("trash_stub")) == Removal(
        id="trash:7004:1753100000", updated_at=UPDATED, of="deal:7004", at=UPDATED, what="deleted", by="501"
    )
    assert cards.in_trash(payload("trash_stub"))
    assert not cards.in_trash(payload("lead"))


def test_people() -> None:
    made, refused = values.each("user", payload("users"), directory.user)
    assert not refused
    assert made == [
        User(id="501", name="Анна", team_ids=("700",)),
        User(id="502", name="502", active=False, admin=True, team_ids=("0",)),
        User(id="503", name="Вера", team_ids=("0",)),
    ]


def test_teams_and_their_heads() -> None:
    groups = payload("account")["_embedded"]["users_groups"]
    told = [directory.team(row, {"опт": ("511",), "0": ("512",)}) for row in groups]
    assert [(team.id, team.name, team.head_ids) for team in told] == [
        ("0", "Отдел продаж", ("512",)),
        ("700", "Опт", ("511",)),
    ]


def test_stages_are_named_by_pipeline_and_status() -> None:
    [row] = payload("pipelines")["_embedded"]["pipelines"]
    stages = [directory.stage(status) for status in directory.statuses(row)]
    assert [(s.id, s.outcome, s.unsorted) for s in stages] == [
        ("100/9001", "open", True), ("100/9002", "open", False), ("100/142", "won", False), ("100/143", "lost", False),
    ]  # fmt: skip
    assert isinstance(stages[0], Stage)
    assert directory.pipeline(row).archived is False


def test_which_tasks_are_meetings() -> None:
    assert directory.meeting_types(payload("account")) == {"2"}
    assert directory.meeting_types({"_embedded": []}) == {"2"}


def event(id_: str) -> Any:
    return next(row for row in payload("events") if row["id"] == id_)


def test_moves() -> None:
    assert history.move(event("01pz58t6p04ymgsgfbmfyfy1mf")) == Move(
        id="01pz58t6p04ymgsgfbmfyfy1mf", updated_at=UPDATED, of="deal:7001", at=UPDATED, pipeline_id="100",
        stage_id="100/142", outcome="won", from_stage_id="100/9002", from_outcome="open", by="501",
    )  # fmt: skip
    robot = history.move(event("e2"))
    assert robot is not None
    assert (robot.by, robot.from_stage_id, robot.from_outcome, robot.outcome) == (None, None, None, "lost")
    with pytest.raises(KeyError):
        history.move(event("e2") | {"value_after": []})


def test_owners_of_deals_only() -> None:
    owner = history.owner(event("e3"))
    assert isinstance(owner, Owner)
    assert (owner.of, owner.user_id, owner.before, owner.by) == ("deal:7001", "502", "501", "502")
    assert history.owner(event("e4")) is None


def test_prices_in_whatever_shape() -> None:
    told = [history.price(event(id_), "RUB") for id_ in ("e5", "e6")]
    assert [(p.amount, p.before) for p in told if isinstance(p, Price)] == [(15_500, 0), (15_550, None)]


def test_removals() -> None:
    told = [history.removal(event(id_)) for id_ in ("e7", "e8", "e9", "e11", "e12")]
    assert [(r.of, r.what) if r else None for r in told] == [
        ("deal:7001", "deleted"), ("contact:701", "restored"), ("company:801", "merged"), ("task:62", "deleted"), None,
    ]  # fmt: skip


def test_completions() -> None:
    assert isinstance(done := history.done(event("e10")), Done)
    assert (done.of, done.by) == ("task:61", "501")


def test_deadlines() -> None:
    told, robot = history.deadline(event("e13")), history.deadline(event("e14"))
    assert told == Deadline(
        id="e13", updated_at=moment(1753100012), of="task:61", at=moment(1753100012), due_at=moment(1753200000),
        before=moment(1753113600), by="502",
    )  # fmt: skip
    assert isinstance(robot, Deadline)
    assert (robot.due_at, robot.before, robot.by) == (moment(1753200000), None, None)
    with pytest.raises(KeyError):
        history.deadline(event("e15"))
    assert history.deadline(event("e13") | {"entity_id": None}) is None


WRITTEN: dict[str, Any] = {
    "id": "e20", "type": "outgoing_chat_message", "entity_type": "contact", "entity_id": 701, "created_by": 502,
    "created_at": 1753100012, "value_after": [{"message": {"id": "uuid"}}], "value_before": [],
}  # fmt: skip


@pytest.mark.parametrize(
    ("changed", "user", "on"),
    [
        ({}, "502", ("contact:701",)),
        ({"created_by": 0}, None, ("contact:701",)),
        (
            {"entity_type": "lead", "entity_id": 7001, "linked_talk_contact_id": 701},
            "502",
            ("deal:7001", "contact:701"),
        ),
        ({"entity_type": "customer", "linked_talk_contact_id": 701}, "502", ("contact:701",)),
        ({"entity_type": "customer"}, None, None),
        ({"linked_talk_contact_id": 701}, "502", ("contact:701",)),
    ],
)
def test_messages(changed: dict[str, Any], user: str | None, on: Any) -> None:
    told = history.message(WRITTEN | changed)
    at = moment(1753100012)
    assert told == (on and Message(id="e20", updated_at=at, at=at, user_id=user, on=on))


def call(users: set[str] = frozenset({"501", "502"}), **changed: Any) -> Call | None:  # type: ignore[assignment]
    row = payload("call")
    params = row["params"] | changed.pop("params", {})
    return work.call(row | {"params": params} | changed, ("contact:701",), users, hashed)


def test_a_call() -> None:
    assert call() == Call(
        id="55", updated_at=datetime(2025, 7, 20, 8, 28, 20, tzinfo=UTC), at=CREATED, direction="in", answered=True,
        seconds=60, user_id="501", on=("contact:701",), phone="h9990000000", unique="8f52",
    )  # fmt: skip
    assert call(note_type="common") is None


@pytest.mark.parametrize(
    ("status", "duration", "answered", "seconds"),
    [
        (4, 0, True, 0), (4, 61, True, 61), (6, 20, False, 0), (1, 30, False, 0), (7, 0, False, 0), (3, 5, False, 0),
        (None, 5, True, 5), (None, 0, False, 0), (None, None, False, 0), (2, 9, True, 9), (5, 9, True, 9),
        (8, 9, True, 9), ("4", "60", True, 60), (None, "0", False, 0), (None, -3, False, 0),
    ],
)  # fmt: skip
def test_who_was_reached(status: Any, duration: Any, answered: bool, seconds: int) -> None:
    told = call(params={"call_status": status, "duration": duration})
    assert told is not None
    assert (told.answered, told.seconds) == (answered, seconds)


@pytest.mark.parametrize(
    ("responsible", "owner", "author", "user"),
    [
        (501, 502, 503, "501"), ("501", 502, 503, "501"), (999, 502, 503, "502"), ("Анна", 502, 503, "502"),
        (None, 502, 503, "502"), (None, 0, 503, "503"), (None, None, 0, None),
    ],
)  # fmt: skip
def test_whose_call_it_is(responsible: Any, owner: Any, author: Any, user: str | None) -> None:
    told = call(params={"call_responsible": responsible}, responsible_user_id=owner, created_by=author)
    assert told is not None and told.user_id == user


@pytest.mark.parametrize(
    ("responsible", "user"),
    [
        (501, "501"),
        (" 501 ", "501"),
        ("Анна", "502"),
        ("79160000001", "502"),
        ("+7916", "502"),
        ("²", "502"),
        (0, "502"),
    ],
)
def test_whose_call_it_is_where_people_may_not_be_listed(responsible: Any, user: str) -> None:
    told = call(set(), params={"call_responsible": responsible}, responsible_user_id=502)
    assert told is not None and told.user_id == user


@pytest.mark.parametrize("params", [[], None, {}])
def test_a_call_that_says_nothing(params: Any) -> None:
    row = payload("call") | {"params": params}
    told = work.call(row, (), set(), hashed)
    assert told is not None
    assert (told.answered, told.seconds, told.phone, told.unique, told.on) == (False, 0, None, None, ())


def test_meetings_and_tasks() -> None:
    met, other = payload("tasks")
    due, done = datetime.fromtimestamp(1753040000, UTC), datetime.fromtimestamp(1753050000, UTC)
    assert work.meeting(met) == Meeting(
        id="61", updated_at=done, user_id="501", created_at=CREATED, due_at=due, done_at=done, has_result=True,
        on=("deal:7001",),
    )  # fmt: skip
    assert work.task(other) == Task(
        id="62", updated_at=done, user_id="511", created_at=CREATED, due_at=due, on=(), ours=True
    )
    assert work.meeting(other).has_result is False
    assert work.is_meeting(met, {"2"}) and not work.is_meeting(other, {"2"})


def test_every_kind_of_record_has_its_ids_as_text() -> None:
    records: list[Record] = [
        cards.deal(payload("lead"), RUB),
        client("contact", payload("contact")),
        work.task(payload("tasks")[1]),
    ]
    assert all(isinstance(record.id, str) for record in records)
