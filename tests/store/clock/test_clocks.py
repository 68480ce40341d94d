"""Another working time of somebody makes his dossiers dirty, and nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime

from connector.fact import Fact
from connector.store import accounts, facts
from connector.store.clock import clocks
from connector.store.crm import dossiers
from connector.store.engine import Store

AT = datetime(2026, 9, 1, tzinfo=UTC)


def fact(key: str, user: str | None) -> Fact:
    return Fact(key=key, kind="enquiry", at=AT, day=date(2026, 9, 1), user=user)


def test_only_the_dossiers_of_whom_it_concerns(store: Store) -> None:
    with store.write() as conn:
        account, other = accounts.enroll(conn, "a", "fake"), accounts.enroll(conn, "b", "fake")
        told = {f"contact:{n}": [fact("enquiry|deal:1", user)] for n, user in enumerate(("501", "502", None, "503"), 1)}
        told["contact:5"] = [fact("enquiry|deal:1", "502"), fact("enquiry|deal:2", "501")]
        facts.replace(conn, account, told, known_at=1)
        facts.replace(conn, other, told, known_at=1)
        facts.replace(conn, account, {"contact:4": []}, known_at=2)

        def dirty(marks: dict[str, str]) -> list[str]:
            clocks.adopt(conn, account, marks)
            found = dossiers.take_dirty(conn, account, 10)
            dossiers.clear_dirty(conn, account, found)
            return found

        assert dirty({}) == []
        assert dirty({"501": "a", "503": "a"}) == ["contact:1", "contact:5"]
        assert dirty({"501": "a", "503": "a"}) == []
        assert dirty({"501": "b", "502": "a", "503": "a"}) == ["contact:1", "contact:2", "contact:5"]
        assert dirty({"501": "b", "503": "a"}) == ["contact:2", "contact:5"]
        assert dirty({}) == ["contact:1", "contact:5"]
        assert dossiers.take_dirty(conn, other, 10) == []
