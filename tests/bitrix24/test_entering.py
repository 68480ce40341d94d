"""Who opened a page: only by a token that the stored portal and the auth server know; and how places are taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from connector.errors import Broken, Forbidden
from connector.provider import Knock
from connector.redact import redact
from connector.wishes import UpsertCard
from connector.writeback.fields import layout
from providers.bitrix24 import connect
from providers.bitrix24.auth import Application
from providers.bitrix24.provider import Bitrix24
from providers.bitrix24.sandbox.portal import MEMBER_ID
from tests.bitrix24.conftest import MemoryVault, kit_for

ADDRESS = "https://kpi.example/embed/portal"
Open = Callable[..., tuple[Any, Bitrix24]]


def people(sandbox: Any, admin: bool) -> int:
    rows = sandbox.desk.portal.people.rows
    return next(id for id, one in rows.items() if one.admin is admin and one.active)


def application(portal: Open, *, installed: bool = True) -> tuple[Any, Bitrix24]:
    sandbox, _ = portal()
    provider = connect(kit_for({**sandbox.oauth_options(), "enterprise": True}, vault=MemoryVault()))
    if installed:
        provider.install(knock(sandbox, people(sandbox, True)), None, ADDRESS)
    return sandbox, provider


def knock(sandbox: Any, user: int, placement: str = "DEFAULT", options: Any = None, **change: str) -> Knock:
    form = sandbox.oauth.opening(user, placement, options) | change
    return Knock({"DOMAIN": "evil.bitrix24.ru"}, form, {})


def test_installing_keeps_the_access_and_takes_each_place_once(portal: Open) -> None:
    sandbox, provider = application(portal, installed=False)
    admin = people(sandbox, True)
    first = provider.install(knock(sandbox, admin), None, ADDRESS)
    assert len(first.places) == 3
    assert any("kpi_card" in note for note in first.notes)
    assert "installFinish" in first.script
    assert provider.account().id == MEMBER_ID
    provider.prepare(layout("ru"))
    second = provider.install(knock(sandbox, admin), MEMBER_ID, ADDRESS)
    assert (len(second.places), second.notes) == (4, ())
    codes = [row["placement"] for row in sandbox.desk.placements]
    assert len(codes) == len(set(codes)) == 4


def test_a_seller_installs_nothing(portal: Open) -> None:
    sandbox, provider = application(portal, installed=False)
    with pytest.raises(Forbidden, match="administrator"):
        provider.install(knock(sandbox, people(sandbox, False)), None, ADDRESS)
    assert sandbox.desk.placements == []
    assert provider.client.grant.member() is None


def test_who_opens_a_deal_is_known_by_his_token_alone(portal: Open) -> None:
    sandbox, provider = application(portal)
    seller = people(sandbox, False)
    guest = provider.admit(knock(sandbox, seller, "CRM_DEAL_DETAIL_TAB", {"ID": "7001"}), MEMBER_ID)
    assert (guest.user, guest.admin, guest.place) == (str(seller), False, "deal:7001")
    lead = provider.admit(knock(sandbox, seller, "CRM_LEAD_DETAIL_TAB", {"ID": "61", "URI": "/x"}), MEMBER_ID)
    assert lead.place == "lead:61"


@pytest.mark.parametrize("options", [None, {"ID": "../x"}, {"ID": ""}, {"ID": ["7"]}, []])
def test_odd_options_open_a_whole_page(portal: Open, options: Any) -> None:
    sandbox, provider = application(portal)
    seller = people(sandbox, False)
    assert provider.admit(knock(sandbox, seller, "CRM_DEAL_DETAIL_TAB", options), MEMBER_ID).place == ""


@pytest.mark.parametrize(
    "change",
    [
        {"member_id": "0" * 32},
        {"member_id": ""},
        {"APPLICATION_TOKEN": "0" * 32},
        {"APPLICATION_TOKEN": ""},
        {"AUTH_ID": "f" * 70},
        {"AUTH_ID": ""},
        {"AUTH_ID": "../../x"},
    ],
)
def test_a_forged_opening_is_refused(portal: Open, change: dict[str, str]) -> None:
    sandbox, provider = application(portal)
    with pytest.raises(Forbidden) as refused:
        provider.admit(knock(sandbox, people(sandbox, False), **change), MEMBER_ID)
    assert "f" * 70 not in str(refused.value)


def test_what_strangers_call_their_tokens_is_masked_in_nobodys_log(portal: Open) -> None:
    """Whoever posts to the installer is asked for nothing first: words of his must not vanish from every error."""
    sandbox, provider = application(portal, installed=False)
    for n in range(20):
        change = {"AUTH_ID": f"forged{n:016d}", "REFRESH_ID": f"thediskisfull{n:010d}"}
        with pytest.raises(Forbidden):
            provider.install(knock(sandbox, people(sandbox, True), **change), None, ADDRESS)
        assert redact(" ".join(change.values())) == " ".join(change.values())


@pytest.mark.parametrize("refresh", ["the disk is full", "short", "x" * 201])
def test_what_is_no_token_is_asked_of_nobody(portal: Open, refresh: str) -> None:
    sandbox, provider = application(portal, installed=False)
    before = sandbox.requests
    with pytest.raises(Forbidden, match="no token"):
        provider.install(knock(sandbox, people(sandbox, True), REFRESH_ID=refresh), None, ADDRESS)
    assert sandbox.requests == before


def test_while_it_is_proven_a_token_is_told_to_nobody(portal: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the auth server quotes it."""
    sandbox, provider = application(portal)
    forged = knock(sandbox, people(sandbox, False), AUTH_ID="notproven" * 3)
    grant = provider.client.grant
    assert isinstance(grant, Application)
    told: list[str] = []

    def quoting(self: Application, access: str) -> Any:
        told.append(redact(f"asking about {access}"))
        raise Broken(f"what is {access}?", where=f"sign-in {forged.form['REFRESH_ID']}")

    monkeypatch.setattr(Application, "vouch", quoting)
    with pytest.raises(Broken) as failed:
        provider.admit(forged, MEMBER_ID)
    assert told == ["asking about ***"]
    assert str(failed.value).startswith("sign-in ***: what is ***?")


def test_what_proves_nothing_costs_no_call(portal: Open) -> None:
    sandbox, provider = application(portal)
    forged = knock(sandbox, people(sandbox, False), APPLICATION_TOKEN="guess")
    before = sandbox.requests
    with pytest.raises(Forbidden):
        provider.admit(forged, MEMBER_ID)
    assert sandbox.requests == before


def test_another_applications_token_is_refused(portal: Open) -> None:
    sandbox, provider = application(portal)
    opened = knock(sandbox, people(sandbox, False))
    sandbox.oauth.client_id = "local.other"
    with pytest.raises(Forbidden, match="another application"):
        provider.admit(opened, MEMBER_ID)


def test_an_account_with_a_webhook_shows_nothing(portal: Open) -> None:
    sandbox, provider = portal()
    with pytest.raises(Forbidden):
        provider.admit(knock(sandbox, people(sandbox, False)), MEMBER_ID)


def test_a_kpi_cards_tab_is_of_its_person_and_month(portal: Open) -> None:
    sandbox, provider = application(portal)
    seller = people(sandbox, False)
    provider.prepare(layout("ru"))
    wish = UpsertCard(key="k", user_id=str(seller), period="2026-09", title="x", values={}, crm_id=None, last={})
    (made,) = provider.apply([wish])
    kind = next(iter(sandbox.desk.portal.types.rows.values())).kind
    options = {"ID": made.crm_id}
    guest = provider.admit(knock(sandbox, seller, f"CRM_DYNAMIC_{kind}_DETAIL_TAB", options), MEMBER_ID)
    assert guest.place == f"card:{seller}/2026-09"
    other = provider.admit(knock(sandbox, seller, "CRM_DYNAMIC_9999_DETAIL_TAB", options), MEMBER_ID)
    assert other.place == ""


def test_the_installations_token_outlives_a_refresh(portal: Open) -> None:
    _, provider = application(portal)
    grant = provider.authority
    assert grant is not None
    before = grant.kit.vault.current()
    assert before is not None
    grant.kit.vault.keep(replace(before, expires_at=before.issued_at))
    provider.client.call("profile")
    after = grant.kit.vault.current()
    assert after is not None and after.access != before.access
    assert grant.application_token() == before.extra["application_token"]
