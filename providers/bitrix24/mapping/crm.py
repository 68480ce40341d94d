"""Deals, leads, clients and stage history. Fact sheet 3.2-3.4, 3.10.

Lead stages share their ids with the stages of the main deal pipeline (NEW stands in both), so ours are `lead/NEW`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from connector import money
from connector.records import Client, Deal, Lead, Move, Outcome, names_test
from providers.bitrix24 import php
from providers.bitrix24.mapping.fields import Kept

Row = dict[str, Any]
LEADS = "lead"
"""The id of the one pipeline that leads go through."""
_OUTCOMES: dict[str, Outcome] = {"P": "open", "S": "won", "F": "lost"}
TITLE = "title"
CLIENT_SELECT = ("id", "createdTime", "updatedTime")
LEAD_SELECT = (
    "id", "stageId", "stageSemanticId", "assignedById", "createdBy", "createdTime", "updatedTime", "movedTime",
    "dateClosed", "companyId", "contactId", "contactIds", "sourceId", "webformId",
)  # fmt: skip
DEAL_SELECT = (
    "id", "categoryId", "stageId", "stageSemanticId", "opportunity", "currencyId", "assignedById", "createdBy",
    "createdTime", "updatedTime", "movedTime", "leadId", "companyId", "contactId", "contactIds", "sourceId",
    "webformId",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """What one must know of the portal to read its rows."""

    outcomes: Mapping[str, Outcome] = field(default_factory=dict)
    """Stage id, as ours, → outcome: where a row does not say it."""
    kept: tuple[Kept, ...] = ()
    currency: str = "RUB"
    """Of amounts that name none."""
    keep_names: bool = False
    test_words: tuple[str, ...] = ()

    @property
    def extra(self) -> tuple[str, ...]:
        """What is asked of deals besides; the title only to see whether it names a test."""
        return tuple(kept.name for kept in self.kept) + ((TITLE,) if self.test_words else ())


def lead_stage(status_id: str) -> str:
    """How a stage of leads is called here."""
    return f"{LEADS}/{status_id}"


def contact(row: Row, reading: Reading) -> Client:
    """A contact; its main company is what it hangs on."""
    company = php.key(row.get("companyId"))
    name = " ".join(str(row[part]) for part in ("name", "lastName") if row.get(part)) if reading.keep_names else ""
    return Client(
        id=f"contact:{_id(row)}",
        updated_at=php.instant(row.get("updatedTime")),
        created_at=php.instant(row.get("createdTime")),
        company=f"company:{company}" if company else None,
        name=name or None,
    )


def company(row: Row, reading: Reading) -> Client:
    """A company, the top of its dossier."""
    return Client(
        id=f"company:{_id(row)}",
        updated_at=php.instant(row.get("updatedTime")),
        created_at=php.instant(row.get("createdTime")),
        name=(str(row.get("title") or "") or None) if reading.keep_names else None,
    )


def lead(row: Row, reading: Reading) -> Lead:
    """A lead of classic CRM. `dateClosed` is the system's own; the last mover's time stands in where it is missing."""
    stage = lead_stage(str(row["stageId"]))
    outcome = _outcome(row, stage, reading)
    closed = php.instant(row.get("dateClosed")) or php.instant(row.get("movedTime"))
    who_else = (*_companies(row), *_contacts(row))
    return Lead(
        id=_id(row),
        updated_at=php.instant(row.get("updatedTime")),
        created_at=_created(row),
        created_by=_creator(row),
        owner_id=php.key(row.get("assignedById")),
        pipeline_id=LEADS,
        stage_id=stage,
        outcome=outcome,
        closed_at=closed if outcome != "open" else None,
        loss_reason_id=stage if outcome == "lost" else None,
        clients=who_else,
        source=php.key(row.get("sourceId")),
        test=names_test(row.get("title"), reading.test_words),
    )


def deal(row: Row, reading: Reading) -> Deal:
    """A deal. `closedate` is a date people plan: closed is `movedTime`, while the deal stands in a final stage."""
    stage = str(row["stageId"])
    outcome = _outcome(row, stage, reading)
    currency = php.key(row.get("currencyId")) or reading.currency
    amount = php.number(row.get("opportunity"))
    return Deal(
        id=_id(row),
        updated_at=php.instant(row.get("updatedTime")),
        created_at=_created(row),
        created_by=_creator(row),
        owner_id=php.key(row.get("assignedById")),
        pipeline_id=str(row.get("categoryId") or 0),
        stage_id=stage,
        outcome=outcome,
        closed_at=php.instant(row.get("movedTime")) if outcome != "open" else None,
        amount=money.to_minor(amount, currency) if amount is not None else None,
        currency=currency,
        loss_reason_id=stage if outcome == "lost" else None,
        company=next(iter(_companies(row)), None),
        contacts=_contacts(row),
        lead_id=php.key(row.get("leadId")),
        source=php.key(row.get("sourceId")),
        test=names_test(row.get("title"), reading.test_words),
        fields={kept.wanted: value for kept in reading.kept if (value := kept.read(row.get(kept.name))) is not None},
    )


def move(row: Row, of: Literal["deal", "lead"]) -> Move:
    """A row of the stage history; leads call stage and semantics STATUS_…, numbers come as text on some portals.

    Both histories count their rows from 1, so the owner's kind goes into the id.
    """
    owner = php.key(row["OWNER_ID"])
    at = php.instant(row["CREATED_TIME"])
    if owner is None or at is None:
        raise ValueError("a move without an owner or a moment")
    word = "STAGE" if of == "deal" else "STATUS"
    stage = str(row[f"{word}_ID"])
    return Move(
        id=f"{of}-{_id(row)}",
        updated_at=at,
        of=f"{of}:{owner}",
        at=at,
        pipeline_id=str(row.get("CATEGORY_ID") or 0) if of == "deal" else LEADS,
        stage_id=stage if of == "deal" else lead_stage(stage),
        outcome=semantics(row[f"{word}_SEMANTIC_ID"]),
    )


def semantics(value: Any) -> Outcome:
    """P, S, F as an outcome; nothing said is open. Raises ValueError for another letter."""
    letter = str(value or "P").upper()
    if letter not in _OUTCOMES:
        raise ValueError(f"{value!r} is no stage semantics this program knows")
    return _OUTCOMES[letter]


def _outcome(row: Row, stage: str, reading: Reading) -> Outcome:
    told = row.get("stageSemanticId")
    return semantics(told) if told else reading.outcomes.get(stage, "open")


def _id(row: Row) -> str:
    ident = php.key(row.get("id", row.get("ID")))
    if ident is None:
        raise ValueError("a row without an id")
    return ident


def _created(row: Row) -> datetime:
    created = php.instant(row["createdTime"])
    if created is None:
        raise ValueError("no moment of creation")
    return created


def _creator(row: Row) -> str | None:
    """Who entered it. A web form acts in the name of some employee, who did not."""
    return None if php.key(row.get("webformId")) else php.key(row.get("createdBy"))


def _companies(row: Row) -> tuple[str, ...]:
    found = php.key(row.get("companyId"))
    return (f"company:{found}",) if found else ()


def _contacts(row: Row) -> tuple[str, ...]:
    """The main contact first, each once."""
    named = (php.key(row.get("contactId")), *(php.key(one) for one in php.rows(row.get("contactIds"))))
    return tuple(dict.fromkeys(f"contact:{one}" for one in named if one))
