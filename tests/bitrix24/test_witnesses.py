"""Foreign clients read the sandbox whole: the vendor's b24pysdk, and fast-bitrix24. What they find is the company."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from b24pysdk import BitrixApp, BitrixToken, BitrixWebhook
from b24pysdk.api.callers import call_method as _  # noqa: F401  (loads the module that is patched below)
from fast_bitrix24 import Bitrix

from connector.pretend import happenings as told
from connector.pretend.happenings import Company
from providers.bitrix24.sandbox import Sandbox
from tests.bitrix24.tiny import Rest


@pytest.fixture(scope="module", params=["classic", "simple"])
def served(request: pytest.FixtureRequest, company: Company) -> Iterator[Sandbox]:
    with Sandbox(company, paced=False, mode=request.param) as sandbox:
        yield sandbox


@pytest.fixture
def vendor(served: Sandbox, monkeypatch: pytest.MonkeyPatch) -> BitrixWebhook:
    """The official SDK knows https hosts only: its base address is turned to ours."""
    point_at(served, monkeypatch)
    return BitrixWebhook(domain=urlsplit(served.base_url).netloc, webhook_token=served.webhook)


def point_at(served: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    caller = sys.modules["b24pysdk.api.callers.call_method"]._MethodCaller
    monkeypatch.setattr(caller, "_base_url", property(lambda self: f"http://{self._domain}/rest"))


@pytest.fixture
def fast(served: Sandbox) -> Bitrix:
    return Bitrix(served.webhook_url, verbose=False, request_pool_size=10_000, requests_per_second=1_000.0)


class Plan:
    """The company's own numbers, straight from its happenings."""

    def __init__(self, company: Company) -> None:
        happened = company.happenings
        self.calls = [h for h in happened if isinstance(h, told.Called)]
        self.contacts = {h.contact for h in happened if isinstance(h, told.ClientCame)}
        self.companies = {h.company for h in happened if isinstance(h, told.ClientCame) and h.company}
        self.users = {h.user for h in happened if isinstance(h, told.Hired)}
        self.left = {h.user for h in happened if isinstance(h, told.LeftCompany)}
        self.enquired = {h.deal: h for h in happened if isinstance(h, told.Enquired)}
        self.meetings = {h.meeting for h in happened if isinstance(h, told.MeetingPlanned)}
        self.held = {h.meeting for h in happened if isinstance(h, told.MeetingHeld)}
        self.stages: dict[int, str] = {}
        self.began: set[int] = set()
        self.owners = {deal: h.owner for deal, h in self.enquired.items()}
        self.prices = {deal: (h.amount or 0, h.currency) for deal, h in self.enquired.items()}
        self.gone: set[int] = set()
        self.steps: dict[int, int] = {}
        for happening in happened:
            self._follow(happening)

    def _follow(self, h: told.Happening) -> None:
        if isinstance(h, told.Moved):
            if h.stage != "lost" or self.stages.get(h.deal):
                self.began.add(h.deal)
            if self.stages.get(h.deal) != h.stage:
                self.steps[h.deal] = self.steps.get(h.deal, 0) + 1
            self.stages[h.deal] = h.stage
        elif isinstance(h, told.Reassigned):
            self.owners[h.deal] = h.owner
        elif isinstance(h, told.Priced):
            self.prices[h.deal] = (h.amount or 0, h.currency)
        elif isinstance(h, told.Deleted):
            self.gone.add(h.deal)
        elif isinstance(h, told.Restored):
            self.gone.discard(h.deal)

    def deals(self, mode: str) -> set[int]:
        return (self.began if mode == "classic" else set(self.enquired)) - self.gone

    def history(self, mode: str) -> int:
        """The first step of each deal that is there, and one for each move; nobody moves between pipelines here."""
        return sum(1 + self.steps.get(deal, 0) for deal in self.deals(mode))


@pytest.fixture(scope="module")
def plan(company: Company) -> Plan:
    return Plan(company)


def judge_deals(rows: list[dict[str, Any]], plan: Plan, mode: str) -> None:
    """Every deal once, with its stage, owner and amount."""
    word = {"new": "NEW", "contacted": "PREPARATION", "proposal": "EXECUTING", "won": "WON"}
    assert sorted(int(row["id"]) for row in rows) == sorted(plan.deals(mode))
    for row in rows:
        deal = int(row["id"])
        stage, wanted = row["stageId"].rpartition(":")[2], plan.stages.get(deal, "new")
        assert stage == word[wanted] if wanted != "lost" else stage.startswith("UC_")
        assert row["assignedById"] == plan.owners[deal]
        assert (round(row["opportunity"] * 100), row["currencyId"]) == plan.prices[deal]


def judge_calls(rows: list[dict[str, Any]], plan: Plan) -> None:
    """Every call once, with its seconds, direction and person."""
    direction = {"1": "out", "2": "in"}
    found = {
        (int(row["CALL_ID"].rpartition(".")[2]), direction[row["CALL_TYPE"]], row["CALL_FAILED_CODE"] == "200",
         int(row["CALL_DURATION"]), int(row["PORTAL_USER_ID"]))
        for row in rows
    }  # fmt: skip
    assert len(rows) == len(plan.calls)
    assert found == {(h.call, h.direction, h.answered, h.seconds, h.user) for h in plan.calls}


def judge_activities(rows: list[dict[str, Any]], plan: Plan) -> None:
    meetings = [row for row in rows if row["TYPE_ID"] == "1"]
    assert len(meetings) == len(plan.meetings)
    assert sum(row["COMPLETED"] == "Y" for row in meetings) == len(plan.held)
    assert sum(row["TYPE_ID"] == "2" for row in rows) == len(plan.calls)


def judge_people(rows: list[dict[str, Any]], plan: Plan) -> None:
    assert {int(row["ID"]) for row in rows} == plan.users
    assert {int(row["ID"]) for row in rows if not row["ACTIVE"]} == plan.left


@pytest.mark.parametrize("way", ["call_list", "call_list_fast"])
def test_the_vendors_sdk_reads_everything(vendor: BitrixWebhook, served: Sandbox, plan: Plan, way: str) -> None:
    def read(method: str, params: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        return list(getattr(vendor, way)(method, params or {})["result"])

    judge_deals(read("crm.item.list", {"entityTypeId": 2}), plan, served.switches.mode)
    old = {int(row["ID"]) for row in read("crm.deal.list")}
    assert old == plan.deals(served.switches.mode)
    assert {int(row["ID"]) for row in read("crm.contact.list", {"select": ["ID"]})} == plan.contacts
    assert {int(row["ID"]) for row in read("crm.company.list", {"select": ["ID"]})} == plan.companies
    judge_people(read("user.get"), plan)
    judge_activities(read("crm.activity.list"), plan)
    assert len(read("crm.stagehistory.list", {"entityTypeId": 2})) == plan.history(served.switches.mode)
    if served.switches.mode == "classic":
        assert {row["id"] for row in read("crm.item.list", {"entityTypeId": 1})} == set(plan.enquired)


def test_the_vendors_sdk_reads_all_calls_page_by_page(vendor: BitrixWebhook, plan: Plan) -> None:
    judge_calls(list(vendor.call_list("voximplant.statistic.get", {})["result"]), plan)


def test_the_vendors_sdk_batches_and_writes(vendor: BitrixWebhook, served: Sandbox) -> None:
    deal = min(served.portal.items[2].ids)
    answer = vendor.call_batch(
        {"deal": ("crm.deal.get", {"id": deal}), "stages": ("crm.status.list", {"filter": {"ENTITY_ID": "DEAL_STAGE"}})}
    )
    assert answer["result"]["result"]["deal"]["ID"] == str(deal)
    assert len(answer["result"]["result"]["stages"]) > 5
    vendor.call_method("crm.item.update", {"entityTypeId": 2, "id": deal, "fields": {"comments": "свидетель"}})
    assert served.portal.items[2].rows[deal].extra["comments"] == "свидетель"


def test_the_vendors_sdk_signs_in_as_an_application(served: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    point_at(served, monkeypatch)
    first = served.oauth.token(
        {
            "client_id": served.oauth.client_id,
            "client_secret": served.oauth.client_secret,
            "grant_type": "authorization_code",
            "code": served.oauth.code(served.portal.integration),
        }
    )
    token = BitrixToken(
        domain=urlsplit(served.base_url).netloc,
        auth_token=first["access_token"],
        refresh_token=first["refresh_token"],
        bitrix_app=BitrixApp(client_id=served.oauth.client_id, client_secret=served.oauth.client_secret),
    )
    assert token.call_method("profile")["result"]["ID"] == str(served.portal.integration)
    assert token.call_method("app.info")["result"]["install"]["status"] == "L"


def test_fast_bitrix24_reads_everything(fast: Bitrix, served: Sandbox, plan: Plan) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # it only warns where counts differ
        judge_deals(fast.get_all("crm.item.list", {"entityTypeId": 2}), plan, served.switches.mode)
        assert {int(row["ID"]) for row in fast.get_all("crm.deal.list")} == plan.deals(served.switches.mode)
        assert {int(row["ID"]) for row in fast.get_all("crm.contact.list")} == plan.contacts
        assert {int(row["ID"]) for row in fast.get_all("crm.company.list")} == plan.companies
        judge_people(fast.get_all("user.get"), plan)
        judge_activities(fast.get_all("crm.activity.list"), plan)
        judge_calls(fast.get_all("voximplant.statistic.get"), plan)
        history = fast.get_all("crm.stagehistory.list", {"entityTypeId": 2})
    assert len(history) == plan.history(served.switches.mode)


def test_fast_bitrix24_gets_by_number(fast: Bitrix, served: Sandbox) -> None:
    ids = served.portal.items[2].ids[:120]
    found = fast.get_by_ID("crm.deal.get", ids)
    assert {int(row["ID"]) for row in found.values()} == set(ids)


def test_a_plain_client_finds_the_same_count(served: Sandbox, plan: Plan) -> None:
    rest = Rest(served.webhook_url)
    assert rest.raw("voximplant.statistic.get")["total"] == len(plan.calls)
    assert rest.raw("crm.item.list", entityTypeId=2)["total"] == len(plan.deals(served.switches.mode))
