"""A rate that becomes known touches the clients with deals in another currency, and nobody else."""

from __future__ import annotations

from datetime import UTC, date, datetime

from connector.provider import Account, Page
from connector.records import Deal, Rate
from connector.store import accounts, dossiers, records
from connector.store.engine import Store

TOLD = datetime(2026, 9, 1, tzinfo=UTC)


def deal(id: str, currency: str | None) -> Deal:
    return Deal(
        id=id,
        created_at=TOLD,
        pipeline_id="1",
        stage_id="1",
        amount=100,
        currency=currency,
        contacts=(f"contact:{id}",),
    )


def test_only_foreign_deals_are_derived_anew(store: Store) -> None:
    with store.write() as conn:
        account = accounts.enroll(conn, "one", "fake")
        accounts.describe(conn, account, Account("1", "one", "UTC", "RUB", "host"), "UTC", "RUB")
        page = Page((deal("1", "RUB"), deal("2", "USD"), deal("3", None)), "c", TOLD)
        records.save_page(conn, account, Deal, page, now=1)
        dossiers.clear_dirty(conn, account, dossiers.take_dirty(conn, account, 10))
        rate = Rate(id="USD@2026-09-01", currency="USD", day=date(2026, 9, 1), rate="90")
        records.save_page(conn, account, Rate, Page((rate,), "c", TOLD), now=2)
        assert dossiers.take_dirty(conn, account, 10) == ["contact:2"]
        dossiers.clear_dirty(conn, account, ["contact:2"])
        records.save_page(conn, account, Rate, Page((rate,), "c", TOLD), now=3)
        assert dossiers.take_dirty(conn, account, 10) == []
