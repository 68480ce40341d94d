"""What was so at a past moment: people, teams, terms."""

from __future__ import annotations

import pytest

from connector.records import Deal, Team, User
from connector.store import terms
from connector.store.crm import memberships, versions
from connector.store.engine import Store
from connector.store.terms import Terms
from tests.kpi.ground import account, save, win


def test_names_as_they_were_known(store: Store) -> None:
    with store.write() as conn:
        number = account(conn, (User(id="1", name="A"),))
        save(conn, number, [User(id="1", name="B"), User(id="2", name="N")], now=10)
        save(conn, number, [User(id="1", name="B")], now=20)
        save(conn, number, [User(id="1", name="C")], now=30)
    with store.read() as conn:
        told = {
            at: {id: one.name for id, one in versions.directory(conn, number, User, at).items()}
            for at in (0, 9, 10, 29, 30)
        }
        assert told == {
            0: {"1": "A"}, 9: {"1": "A"}, 10: {"1": "B", "2": "N"}, 29: {"1": "B", "2": "N"}, 30: {"1": "C", "2": "N"},
        }  # fmt: skip
        assert versions.directory(conn, number, User, -1) == {}
        assert {one.name for one in versions.directory(conn, number, Team, 0).values()} == {"Все", "Розница", "Опт"}
        assert versions.seen_before(conn, number, User, 10) == {"1"}
        assert versions.seen_before(conn, number, User, 11) == {"1", "2"}


def test_only_people_and_teams_are_kept(store: Store) -> None:
    with store.write() as conn:
        number = account(conn)
        save(conn, number, [Deal(id="1", created_at=win().at, pipeline_id="1", stage_id="1")])
        assert versions.directory(conn, number, Deal, 100) == {}


def test_two_versions_of_one_moment_are_the_later(store: Store) -> None:
    with store.write() as conn:
        number = account(conn, (User(id="1", name="A"),))
        save(conn, number, [User(id="1", name="B")])
        assert versions.directory(conn, number, User, 0)["1"].name == "B"


def test_who_was_there_before_joins_a_team_from_then_on(store: Store) -> None:
    """Whoever was first seen in no team must not look as if he had always been in the one he joined."""
    with store.write() as conn:
        number = account(conn, (User(id="1", name="A"),))
        joined = User(id="1", name="A", team_ids=("700",))
        save(conn, number, [joined], now=10)
        memberships.observe(conn, number, [joined], now=10)
        assert memberships.teams_of(conn, number, 9) == {}
        assert memberships.teams_of(conn, number, 10) == {"1": {"700"}}


RUB, USD = (Terms(rules="{}", zone="UTC", currency=currency) for currency in ("RUB", "USD"))


@pytest.mark.parametrize(("moment", "told"), [(4, None), (5, RUB), (14, RUB), (15, USD), (99, USD)])
def test_terms_hold_from_their_moment_on(store: Store, moment: int, told: Terms | None) -> None:
    with store.write() as conn:
        number = account(conn)
        for now, agreed in ((5, RUB), (7, RUB), (15, USD), (16, USD)):
            terms.adopt(conn, number, agreed, now=now)
        assert terms.at(conn, number, moment) == told
        assert terms.at(conn, number + 1, 99) is None
