"""A provider that hands its people out now and then says so when rows name others: they come in the same run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from connector.provider import KeepsNames, Page
from connector.records import Deal, Record, User
from connector.store.crm import records
from connector.store.engine import Store
from connector.testing import FakeProvider
from tests.sync.worlds import company, enroll, sync


class Late(FakeProvider):
    """Hands out its people only after somebody read its deals."""

    read: bool = False

    def pull(self, kind: type[Any], cursor: str | None) -> Iterator[Page]:
        pages = list(super().pull(kind, cursor))
        if kind is Deal:
            self.read = True
        if kind is User and not self.read:
            return iter([Page((), pages[-1].cursor, pages[-1].told_at)])
        return iter(pages)

    def behind(self) -> frozenset[type[Record]]:
        return frozenset({User}) if self.read else frozenset()


def test_people_whom_deals_named_come_in_the_same_run(sqlite_store: Store) -> None:
    world, account = company(), enroll(sqlite_store)
    provider = Late(world)
    assert isinstance(provider, KeepsNames)
    report = sync(sqlite_store, account, provider)
    with sqlite_store.read() as conn:
        assert records.live_ids(conn, account, User)
    assert report.rows["user"] and not report.problems


def test_not_where_they_were_not_asked_for(sqlite_store: Store) -> None:
    provider, account = Late(company()), enroll(sqlite_store)
    report = sync(sqlite_store, account, provider, only=[Deal])
    assert not report.rows["user"]
