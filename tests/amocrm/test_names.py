"""People, stages and reasons are asked for where needed: by the hour, not by the process, or by an unknown id."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import requests

from connector.pretend.happenings import Enquired, Hired, PipelineMade, Renamed
from connector.records import KINDS, Deal, Pipeline, Stage, User
from providers.amocrm.provider import AmoCrm
from providers.amocrm.sandbox import Sandbox
from tests.amocrm.kits import provider
from tests.amocrm.small import ANNA, OPEN, SALES, small
from tests.amocrm.test_streams import Cursors, Held, connect, sync

LISTS = ("users", "leads/pipelines", "leads/loss_reasons")


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(small(), paced=False) as made:
        yield made


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lists of names that were asked for."""
    told: list[str] = []
    honest = requests.Session.send

    def send(self: requests.Session, request: requests.PreparedRequest, **more: Any) -> requests.Response:
        told.extend(name for name in LISTS if (request.url or "").split("?")[0].endswith(f"/api/v4/{name}"))
        return honest(self, request, **more)

    monkeypatch.setattr(requests.Session, "send", send)
    return told


def later(sandbox: Sandbox, **more: Any) -> AmoCrm:
    """A new process, so much later."""
    sandbox.advance(sandbox.now + timedelta(**more))
    return connect(sandbox)


def test_a_new_process_asks_for_no_names_again_on_a_quiet_account(sandbox: Sandbox, asked: list[str]) -> None:
    cursors, held = Cursors(), Held()
    sync(connect(sandbox), cursors, held)
    assert sorted(asked) == sorted(LISTS)
    asked.clear()
    amo = later(sandbox, minutes=20)
    sync(amo, cursors, held)
    assert (asked, amo.requests) == ([], amo.requests) and amo.requests <= 12


def test_after_an_hour_one_list_a_cycle_is_read_anew(sandbox: Sandbox, asked: list[str]) -> None:
    cursors, held = Cursors(), Held()
    sync(connect(sandbox), cursors, held)
    amo = later(sandbox, minutes=61)
    told = []
    for _ in range(4):
        asked.clear()
        sync(amo, cursors, held)
        told.append(len(asked))
        sandbox.advance(sandbox.now + timedelta(minutes=5))
    assert told == [1, 1, 1, 0]


def test_a_new_colleague_is_met_in_the_read_that_names_him(sandbox: Sandbox) -> None:
    cursors, held = Cursors(), Held()
    sync(connect(sandbox), cursors, held)
    amo = later(sandbox, minutes=20)
    sandbox.happen(Hired(sandbox.now, 504, "Новый Сотрудник", 700))
    sandbox.happen(Enquired(sandbox.now, 7999, "Пресс", 701, 801, 504, ANNA, SALES, "Сайт"))
    sync(amo, cursors, held)
    assert held[Deal]["7999"].owner_id == "504"  # type: ignore[attr-defined]
    assert "504" not in held[User]
    assert User in amo.behind()
    for page in amo.pull(User, cursors[User]):
        cursors[User], met = page.cursor, {record.id for record in page.records}
    assert "504" in met
    assert User not in amo.behind()


def test_a_new_pipeline_is_handed_out_with_its_stages(sandbox: Sandbox) -> None:
    """Both kinds come from one answer: what makes one of them doubtful makes the other so."""
    amo, cursors, held = connect(sandbox), Cursors(), Held()
    sync(amo, cursors, held)
    sandbox.advance(sandbox.now + timedelta(minutes=30))
    a_deal_of_a_new_pipeline(sandbox, 103)
    sync(amo, cursors, held)
    assert Pipeline in amo.behind()
    sync(amo, cursors, held)
    assert "103" in held[Pipeline]


def test_nothing_made_of_an_older_answer_outlives_it(sandbox: Sandbox) -> None:
    """Pipelines are handed out five minutes after the stages of the same answer: they grow old with it all the same."""
    amo = connect(sandbox)
    assert list(amo.pull(Stage, None))
    sandbox.advance(sandbox.now + timedelta(minutes=5))
    amo.account()  # tells the time
    (page,) = amo.pull(Pipeline, None)
    sandbox.happen(PipelineMade(sandbox.now, 103, "Новая"))
    sandbox.advance(sandbox.now + timedelta(minutes=56))
    amo.account()
    (page,) = amo.pull(Pipeline, page.cursor)
    assert "103" in {record.id for record in page.records}


def a_deal_of_a_new_pipeline(sandbox: Sandbox, id_: int) -> None:
    sandbox.happen(PipelineMade(sandbox.now, id_, "Новая"))
    sandbox.happen(Enquired(sandbox.now, 7999, "Пресс", 701, 801, ANNA, ANNA, id_, "Сайт"))


def test_rows_of_known_people_leave_nothing_behind(sandbox: Sandbox, asked: list[str]) -> None:
    cursors, held = Cursors(), Held()
    sync(connect(sandbox), cursors, held)
    amo = later(sandbox, minutes=20)
    sandbox.happen(Renamed(sandbox.now, OPEN, "Иначе", ANNA))
    asked.clear()
    sync(amo, cursors, held)
    assert held[Deal][str(OPEN)].updated_at == sandbox.now
    assert asked == [] and amo.requests <= 12


def test_every_kind_is_handed_out_by_a_provider_that_is_new() -> None:
    with Sandbox(small(), paced=False) as sandbox:
        amo = provider(sandbox.options)
        amo.account()
        assert all(list(amo.pull(kind, None)) for kind in KINDS if kind in amo.can.kinds)
