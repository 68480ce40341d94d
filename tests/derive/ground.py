"""A small account to derive in: Moscow, roubles, dollars at 90, sales pipelines 1 and 2, service pipeline 3."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from connector.config import Rules
from connector.derive import Sales, compile, derive
from connector.derive.clocks import Clocks
from connector.fact import Dossier, Fact
from connector.money import Rates
from connector.records import Call, Deal, Lead, LossReason, Message, Move, Outcome, Owner, Pipeline, Price, Stage, User

ZONE = ZoneInfo("Europe/Moscow")
PIPELINES = {
    "1": Pipeline(id="1", name="Продажи"),
    "2": Pipeline(id="2", name="Допродажи"),
    "3": Pipeline(id="3", name="Сервис"),
    "9": Pipeline(id="9", name="Лиды", of="lead"),
}
WORDS: tuple[tuple[str, Outcome], ...] = (
    ("new", "open"), ("talk", "open"), ("quote", "open"), ("bill", "open"),
    ("won", "won"), ("lost", "lost"), ("spam", "lost"),
)  # fmt: skip
STAGES = {
    f"{pipeline}/{word}": Stage(id=f"{pipeline}/{word}", name=word, pipeline_id=pipeline, outcome=outcome, sort=sort)
    for pipeline in PIPELINES
    for sort, (word, outcome) in enumerate(WORDS)
}
REASONS = {
    id: LossReason(id=id, name=name)
    for id, name in (("77", "Спам"), ("78", "Дорого"), ("79", "Другое"), ("80", "Не сказал"))
}
USERS = {
    id: User(id=id, name=name)
    for id, name in (("501", "Анна Ким"), ("502", "Борис"), ("503", "Вера"), ("504", "Олег"), ("505", "олег"))
}
RATES = Rates.of([], {"USD": Decimal("90.00")})


def at(text: str) -> datetime:
    """A Moscow clock time as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(UTC)


def sales(history: str = "exact", clocks: Clocks | None = None, **rules: Any) -> Sales:
    base = {
        "sales_pipelines": ("Продажи", "2"),
        "junk_reasons": ("спам", "spam"),
        "csat_field": "CSAT",
        "csat_date_field": "CSAT date",
        "refund_amount_field": "Refund",
        "refund_date_field": "Refund date",
    }
    return compile(
        Rules(**(base | rules)),
        zone="Europe/Moscow",
        currency="RUB",
        pipelines=PIPELINES,
        stages=STAGES,
        loss_reasons=REASONS,
        rates=RATES,
        user_ids={"501", "502", "503"},
        users=USERS,
        owner_history=history,
        price_history=history,
        deadline_history=history,
        clocks=clocks,
    )


def deal(id: str = "1", outcome: Outcome = "won", pipeline: str = "1", **more: Any) -> Deal:
    base: dict[str, Any] = {
        "created_at": at("2026-09-01T10:00"),
        "owner_id": "501",
        "pipeline_id": pipeline,
        "stage_id": f"{pipeline}/{'new' if outcome == 'open' else outcome}",
        "amount": 100_000_00,
        "currency": "RUB",
        "contacts": ("contact:7",),
    }
    return Deal(id=id, outcome=outcome, **(base | more))


def lead(id: str = "1", **more: Any) -> Lead:
    base: dict[str, Any] = {"created_at": at("2026-09-01T10:00"), "owner_id": "501", "clients": ("contact:7",)}
    return Lead(id=id, **(base | more))


def move(to: Outcome, when: str, of: str = "deal:1", id: str = "", source: Outcome | None = None) -> Move:
    """`source` None: the CRM does not tell where it came from."""
    return Move(
        id=id or f"m{when}",
        of=of,
        at=at(when),
        pipeline_id="1",
        stage_id=f"1/{'new' if to == 'open' else to}",
        outcome=to,
        from_outcome=source,
        from_stage_id=None if source is None else f"1/{'new' if source == 'open' else source}",
    )


def owner(user: str, before: str, when: str, of: str = "deal:1", how: Any = "exact") -> Owner:
    return Owner(id=f"o{when}", of=of, at=at(when), user_id=user, before=before, how=how)


def price(
    amount: int | None, before: int | None, when: str, of: str = "deal:1", how: Any = "exact", **more: Any
) -> Price:
    return Price(id=f"p{when}", of=of, at=at(when), amount=amount, before=before, how=how, **more)


def call(when: str, seconds: int, id: str = "", user: str = "501", **more: Any) -> Call:
    base: dict[str, Any] = {"direction": "out", "answered": seconds > 0, "on": ("contact:7",)}
    return Call(id=id or f"c{when}", at=at(when), seconds=seconds, user_id=user, **(base | more))


def message(when: str, id: str = "", **more: Any) -> Message:
    """One that we wrote."""
    base: dict[str, Any] = {"user_id": "501", "on": ("contact:7",)}
    return Message(id=id or f"w{when}", at=at(when), **(base | more))


def dossier(**parts: Any) -> Dossier:
    return Dossier(**({"key": "contact:7"} | parts))


def facts(rules: Sales | None = None, **parts: Any) -> dict[str, Fact]:
    """What is derived from a dossier of these parts, by key."""
    return {fact.key: fact for fact in derive(dossier(**parts), rules or sales())}


def into(word: str, when: str, of: str = "deal:1", by: str | None = None, left: str | None = None) -> Move:
    """A move into a stage of pipeline 1 by its word; `left` None: the CRM does not tell from where."""
    outcome = dict(WORDS)
    return Move(
        id=f"{word}{when}",
        of=of,
        at=at(when),
        pipeline_id="1",
        stage_id=f"1/{word}",
        outcome=outcome.get(word, "open"),
        from_stage_id=left and f"1/{left}",
        from_outcome=outcome.get(left, "open") if left else None,
        by=by,
    )
