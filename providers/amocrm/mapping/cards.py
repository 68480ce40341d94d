"""Clients, enquiries and deals. Pure. Source: crm/amocrm 3.4-3.6."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connector.money import currency_meant
from connector.records import Client, Deal, Lead, Ref, Removal, names_test
from providers.amocrm.mapping.directory import outcome, stage_id
from providers.amocrm.mapping.values import (
    Row,
    embedded,
    ident,
    identity,
    label,
    listing,
    moment,
    moment_of,
    money,
    ref,
    table,
    whole,
)

_DATES = frozenset({"date", "date_time", "birthday"})


@dataclass(frozen=True, slots=True)
class Reading:
    """How this account's deals are to be read."""

    currency: str | None
    """The account's."""
    unsorted: frozenset[str] = frozenset()
    """Stage ids of «Неразобранное»."""
    wanted: tuple[str, ...] = ()
    currency_field: str | None = None
    test_words: tuple[str, ...] = ()


def client(kind: str, row: Row, hash_phone: Callable[[str], str], keep_names: bool) -> Client:
    """A contact or company; phones become keyed hashes here and are not kept."""
    phones = {hash_phone(text) for text in _phones(row)}
    companies = embedded(row, "companies") if kind == "contact" else ()
    return Client(
        id=f"{kind}:{identity(row)}",
        updated_at=moment(row.get("updated_at")),
        created_at=moment(row.get("created_at")),
        company=ref("company", companies[0].get("id")) if companies else None,
        phones=tuple(sorted(phones)),
        name=label(row.get("name")) or None if keep_names else None,
    )


def _phones(row: Row) -> list[str]:
    found = [item for item in custom(row) if str(item.get("field_code")).upper() == "PHONE"]
    values = [table(value).get("value") for item in found for value in listing(item.get("values"))]
    return [str(value) for value in values if any(sign.isdigit() for sign in str(value or ""))]


def deal(row: Row, reading: Reading) -> Deal:
    """A lead of amoCRM, which is a deal."""
    pipeline_id, status = ident(row["pipeline_id"]), whole(row["status_id"])
    if pipeline_id is None or status is None:
        raise ValueError("no stage")
    stage = stage_id(pipeline_id, status)
    currency = _currency(row, reading)
    companies = embedded(row, "companies")
    return Deal(
        id=identity(row),
        updated_at=moment(row.get("updated_at")),
        created_at=moment_of(row, "created_at"),
        created_by=ident(row.get("created_by")),
        owner_id=ident(row.get("responsible_user_id")),
        pipeline_id=pipeline_id,
        stage_id=stage,
        outcome=outcome(status),
        closed_at=moment(row.get("closed_at")),
        amount=_amount(row, currency),
        currency=currency,
        loss_reason_id=_loss_reason(row),
        company=ref("company", companies[0].get("id")) if companies else None,
        contacts=_contacts(row),
        source=_source(row),
        unsorted=stage in reading.unsorted,
        test=names_test(row.get("name"), reading.test_words),
        fields=wanted_fields(row, reading.wanted),
    )


def _amount(row: Row, currency: str | None) -> int | None:
    """Kommo truncates `price` and tells the cents in a companion field."""
    exact = row.get("price_with_minor_units")
    return money(row.get("price") if exact is None else exact, currency)


def _currency(row: Row, reading: Reading) -> str | None:
    """The deal's own where a field says so, a sign of one currency as its code; else the account's."""
    if reading.currency_field is None:
        return reading.currency
    told = wanted_fields(row, (reading.currency_field,)).get(reading.currency_field)
    return currency_meant(label(told)) or reading.currency


def _contacts(row: Row) -> tuple[Ref, ...]:
    """The main one first, the others as they come."""
    rows = embedded(row, "contacts")
    if len(rows) > 1:
        rows = sorted(rows, key=lambda item: item.get("is_main") is not True)
    refs = (ref("contact", item.get("id")) for item in rows)
    return tuple(dict.fromkeys(found for found in refs if found))


def _loss_reason(row: Row) -> str | None:
    """The docs call the embedded one an object, reality is a list."""
    own = ident(row.get("loss_reason_id"))
    if own:
        return own
    told = embedded(row, "loss_reason")
    return ident(told[0].get("id")) if told else None


def _source(row: Row) -> str | None:
    own = ident(row.get("source_id"))
    if own:
        return own
    told = embedded(row, "source")
    return ident(told[0].get("id")) if told else None


def custom(row: Row) -> Sequence[Row]:
    """The custom fields that have a value; null where there is none."""
    return [table(item) for item in listing(row.get("custom_fields_values"))]


def wanted_fields(row: Row, wanted: Sequence[str]) -> dict[str, Any]:
    """The fields named by name, code or id, keyed as they were named; a name may differ in case and blanks."""
    if not wanted or row.get("custom_fields_values") is None:
        return {}
    known: dict[str, Row] = {}
    for item in custom(row):
        for key in (label(item.get("field_name")).casefold(), str(item.get("field_code")), str(item.get("field_id"))):
            known[key] = item
    found: dict[str, Any] = {}
    for name in wanted:
        named = known.get(name) or known.get(label(name).casefold())
        if named is not None and (value := _value(named)) is not None:
            found[name] = value
    return found


def _value(item: Row) -> Any:
    """One value as it is, several joined; a date as ISO text in UTC."""
    values = [table(value).get("value") for value in listing(item.get("values"))]
    values = [value for value in values if value is not None]
    if item.get("field_type") in _DATES:
        values = [_date(value) for value in values]
    return values[0] if len(values) == 1 else ", ".join(map(str, values)) or None


def _date(value: Any) -> str:
    """Unix seconds, or the ISO text that some writers leave."""
    try:
        told = moment(value)
    except ValueError:
        return str(value)
    return told.isoformat() if told else str(value)


def enquiry(row: Row) -> Lead:
    """An item of «Неразобранное»; the deal it already has carries everything else."""
    linked = table(row.get("_embedded"))
    deals = [found for item in listing(linked.get("leads")) if (found := ref("lead", table(item).get("id")))]
    clients = [
        ref(kind, table(item).get("id")) for kind in ("companies", "contacts") for item in listing(linked.get(kind))
    ]
    uid = ident(row["uid"])
    if uid is None:
        raise ValueError("no uid")
    return Lead(
        id=uid,
        created_at=moment_of(row, "created_at"),
        pipeline_id=ident(row.get("pipeline_id")),
        clients=tuple(dict.fromkeys(found for found in clients if found)),
        deal=deals[0] if deals else None,
        source=label(row.get("source_name")) or ident(row.get("category")),
    )


def trashed(row: Row) -> Removal:
    """A stub of the trash: nearly everything is null but who put it there and when."""
    at = moment_of(row, "updated_at")
    return Removal(
        id=f"trash:{identity(row)}:{int(at.timestamp())}",
        updated_at=at,
        of=f"deal:{identity(row)}",
        at=at,
        what="deleted",
        by=ident(row.get("updated_by")),
    )


def in_trash(row: Mapping[str, Any]) -> bool:
    """Whether a card asked for by id is only a stub of the trash."""
    return row.get("is_deleted") is True
