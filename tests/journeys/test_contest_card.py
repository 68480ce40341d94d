"""A record contested on its deal's card in both CRMs: read, decided, out of the numbers or not, and answered there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.contesting.contests import Said, contests_of, decide
from connector.pipeline.cycling import cycle
from connector.pipeline.measuring import report_of
from tests.journeys import slack
from tests.journeys.conftest import on_sandbox

CRMS = ("amocrm", "bitrix24")
BOX, TEXT, ANSWER = "KPI_CONTEST", "KPI_CONTEST_TEXT", "KPI_CONTEST_ANSWER"


@pytest.fixture
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, Any, Workbench]]:
    switched = {"deal_fields": "off", "kpi_card": "off", "tasks": "off", "contests": "on"}
    with on_sandbox(request.param, slack.company(), tmp_path, slack.moment(7, 9), writeback=switched) as made:
        yield request.param, *made


def fill(provider: str, box: Any, ticked: bool, text: str) -> None:
    """As the seller does it on the card of his deal."""
    if provider == "amocrm":
        ids = {
            row["code"]: row["id"]
            for row in slack.read(provider, box, "leads/custom_fields")["_embedded"]["custom_fields"]
        }
        values = [
            {"field_id": ids[BOX], "values": [{"value": ticked}]},
            {"field_id": ids[TEXT], "values": [{"value": text}]},
        ]
        slack.read(provider, box, f"leads/{slack.WON}", {"custom_fields_values": values})
        return
    deal = _deal(provider, box)
    fields = {f"UF_CRM_{BOX}": "1" if ticked else "0", f"UF_CRM_{TEXT}": text}
    slack.read(provider, box, "crm.deal.update", {"id": deal["ID"], "fields": fields})


def answer(provider: str, box: Any) -> str | None:
    """What he reads there."""
    deal = _deal(provider, box)
    if provider == "bitrix24":
        return deal.get(f"UF_CRM_{ANSWER}") or None
    fields = {row["field_code"]: row["values"][0]["value"] for row in deal["custom_fields_values"] or ()}
    return fields.get(ANSWER)


def _deal(provider: str, box: Any) -> Any:
    if provider == "amocrm":
        return slack.read(provider, box, f"leads/{slack.WON}")
    query = f"crm.deal.list?filter[TITLE]=Заявка {slack.WON}&select[]=*&select[]=UF_*"
    [deal] = slack.read(provider, box, query)["result"]
    return deal


def passes(opened: tuple[str, Any, Workbench], number: int, hour: int) -> None:
    """Time, and two turns of the program: a portal's clock is learned from its answers."""
    _, box, bench = opened
    box.advance(slack.moment(number, hour))
    for _ in range(2):
        cycle(bench)


def revenue(bench: Workbench) -> int:
    [found] = [
        one
        for one in report_of(bench, Period.parse("2026-09")).results
        if (one.kpi, one.subject) == ("revenue", f"user:{slack.SOUND}")
    ]
    return int(found.value or 0)


@pytest.mark.parametrize("opened", CRMS, indirect=True)
def test_from_a_ticked_box_to_the_answer_beside_it(opened: tuple[str, Any, Workbench]) -> None:
    provider, box, bench = opened
    cycle(bench)
    assert revenue(bench) == 40_000

    fill(provider, box, True, "Договор расторгнут, сделку закрыли по ошибке")
    passes(opened, 7, 12)
    [told] = contests_of(bench)
    assert (told.contest.state, told.contest.via, told.contest.by) == ("open", "card", str(slack.SOUND))
    assert told.contest.reason.startswith("Договор расторгнут")
    assert (revenue(bench), answer(provider, box)) == (40_000, None)

    decide(bench, told.contest.id, "declined", Said(str(slack.HEAD), "Оплата пришла"), wait=lambda _: None)
    passes(opened, 7, 13)
    assert answer(provider, box) == "Отклонено 07.09.2026, Ирина Лаврова: Оплата пришла"
    assert revenue(bench) == 40_000

    decide(bench, told.contest.id, "accepted", Said(str(slack.HEAD), "Нашли расторжение"), wait=lambda _: None)
    passes(opened, 7, 14)
    assert answer(provider, box) == "Принято 07.09.2026, Ирина Лаврова: Нашли расторжение"
    assert revenue(bench) == 0

    written = len(box.written)
    assert [cycle(bench).pushed.wished for _ in range(2)] == [0, 0]
    assert len(box.written) == written
    assert len(contests_of(bench)) == 1


@pytest.mark.parametrize("opened", CRMS, indirect=True)
def test_an_emptied_box_takes_it_back(opened: tuple[str, Any, Workbench]) -> None:
    provider, box, bench = opened
    cycle(bench)
    fill(provider, box, True, "не та сумма")
    passes(opened, 7, 12)
    fill(provider, box, False, "")
    passes(opened, 7, 13)
    assert [one.contest.state for one in contests_of(bench)] == ["withdrawn"]
    assert answer(provider, box) is None


def test_fields_that_are_made_only_once_contests_are_on_are_missed_by_nobody(tmp_path: Path) -> None:
    off = {"deal_fields": "off", "kpi_card": "off", "tasks": "off"}
    with on_sandbox("bitrix24", slack.company(), tmp_path, slack.moment(7, 9), writeback=off) as (_, bench):
        assert bench.settings.writeback.contests == "preview", "as it is unless somebody changes it"
        bench.meet()
        assert [note for note in bench.provider.can.notes if "KPI_CONTEST" in note] == []
