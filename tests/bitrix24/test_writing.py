"""Writing into the sandbox: people win, answers get lost, batches fail in parts, a second run writes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from connector import errors
from connector.records import Task
from connector.wishes import AddTask, CloseTask, Delivered, FieldSpec, Layout, SetFields, UpsertCard, Wish
from connector.writeback.fields import layout
from providers.bitrix24.layout import CARDS
from providers.bitrix24.provider import Bitrix24
from providers.bitrix24.sandbox import Fails, Lost, Missing, Only, Status
from providers.bitrix24.sandbox.rows import DEAL, Category, Remark, SmartType
from providers.bitrix24.sandbox.table import Table
from providers.bitrix24.values import Slot, compare
from tests.bitrix24.conftest import again

Open = Callable[..., tuple[Any, Bitrix24]]
DAY = timedelta(days=1)
DUE = datetime(2026, 10, 2, tzinfo=UTC)
TASK = AddTask(key="t", marker="#k7f3", user_id="511", title="План", text="… #k7f3", due_at=DUE, about="deal:9036")


def fields(deal: str = "9036", *, last: dict[str, str | None] | None = None, **values: str | None) -> SetFields:
    return SetFields(key=f"f{deal}", deal_id=deal, values=values, last=last or {})


def card(**values: str | None) -> UpsertCard:
    return UpsertCard(key="c", user_id="501", period="2026-09", title="Иванов, 2026-09", values=values)


def ready(portal: Open, **switches: Any) -> tuple[Any, Bitrix24]:
    sandbox, provider = portal(**{"kit": {"sleep": lambda seconds: None}, **switches})
    provider.prepare(layout("ru"))
    return sandbox, provider


def only(provider: Bitrix24, *wishes: Wish) -> Delivered:
    (delivered,) = provider.apply(wishes)
    return delivered


def writes(sandbox: Any, method: str) -> int:
    return sum(1 for write in sandbox.written if write["method"] == method)


def in_deal(sandbox: Any, code: str, deal: int = 9036) -> Any:
    return sandbox.portal.items[DEAL].rows[deal].uf.get(f"UF_CRM_{code}")


def test_preparing_creates_what_is_missing_and_touches_nothing_else(portal: Open) -> None:
    sandbox, provider = ready(portal)
    made = len(sandbox.written)
    theirs = {field.id for field in provider.fields() if "KPI" not in (field.code or "")}
    assert len(theirs) == 5, "four custom ones and the planned date"
    again(sandbox).prepare(layout("en"))
    assert len(sandbox.written) == made
    assert provider.can.notes == ()


def test_a_field_of_another_type_is_left_alone_and_told(portal: Open) -> None:
    sandbox, provider = portal()
    sandbox.portal.add_field("CRM_DEAL", "UF_CRM_KPI_STAGE_DAYS", "string", "Моё")
    provider.prepare(layout("ru"))
    assert any("UF_CRM_KPI_STAGE_DAYS is of type string" in note for note in provider.can.notes)


def test_a_name_too_long_is_told_before_it_is_sent(portal: Open) -> None:
    _, provider = portal()
    provider.prepare(Layout(group="KPI", deal_fields=(FieldSpec(code="K" * 60, title="x", type="text"),)))
    assert any("longer than 50" in note for note in provider.can.notes)


def test_a_plan_without_smart_processes_rejects_cards_and_nothing_else(portal: Open) -> None:
    _, provider = ready(portal, forbid_types=True)
    outcomes = {d.key: d for d in provider.apply([card(KPI_PLAN="1"), fields(KPI_RESPONSE_MINUTES="12")])}
    assert outcomes["c"].status == "rejected"
    assert "smart process" in outcomes["c"].message
    assert outcomes["f9036"].status == "done"
    assert any("no home" in note for note in provider.can.notes)


def by_hand(sandbox: Any, *titles: str) -> None:
    """A person makes them: no code of ours on them."""
    portal = sandbox.portal
    for place, title in enumerate(titles):
        kind, number = 1050 + 2 * place, 900 + place
        portal.types.put(20 + place, SmartType(20 + place, kind, title, portal.now, 1))
        portal.items[kind] = Table()
        portal.categories[kind] = {number: Category(number, "Общая", kind, 500, True)}
        portal.statuses.open_smart_type(kind, number)


def test_a_smart_process_made_by_hand_is_the_cards_home(portal: Open) -> None:
    sandbox, provider = portal(kit={"sleep": lambda seconds: None}, forbid_types=True)
    by_hand(sandbox, "KPI менеджера")
    provider.prepare(layout("ru"))
    made = only(provider, card(KPI_PLAN="100"))
    assert (made.status, provider.can.notes) == ("done", ())
    undone = card(KPI_PLAN=None)
    undone = replace(undone, crm_id=made.crm_id, last=made.after)
    assert only(again(sandbox), undone).status == "done"
    assert writes(sandbox, "crm.item.add") == 1


def test_two_homes_made_by_hand_are_told_and_not_guessed_at(portal: Open) -> None:
    sandbox, provider = portal(kit={"sleep": lambda seconds: None}, forbid_types=True)
    by_hand(sandbox, *CARDS)
    provider.prepare(layout("en"))
    assert only(provider, card(KPI_PLAN="100")).status == "done"
    told = only(again(sandbox), card(KPI_PLAN="100"))
    assert (told.status, all(name in told.message for name in CARDS)) == ("rejected", True)


def test_a_person_is_told_what_to_call_it(portal: Open) -> None:
    _, provider = ready(portal, forbid_types=True)
    assert any("KPI менеджера" in note for note in provider.can.notes)
    assert {layout("ru").card_name, layout("en").card_name} == set(CARDS)


def test_a_value_a_person_wrote_is_left_alone(portal: Open) -> None:
    sandbox, provider = ready(portal)
    only(provider, fields(KPI_RESPONSE_MINUTES="12"))
    sandbox.portal.items[DEAL].rows[9036].uf["UF_CRM_KPI_RESPONSE_MINUTES"] = "99"
    sandbox.portal.items[DEAL].touch(9036)
    delivered = only(provider, fields(KPI_RESPONSE_MINUTES="13", last={"KPI_RESPONSE_MINUTES": "12"}))
    assert (delivered.status, delivered.before) == ("conflict", {"KPI_RESPONSE_MINUTES": "99"})
    mixed = only(
        provider, fields(KPI_RESPONSE_MINUTES="13", KPI_RESPONSE_NORM="в норме", last={"KPI_RESPONSE_MINUTES": "12"})
    )
    assert (mixed.status, mixed.after) == ("done", {"KPI_RESPONSE_NORM": "в норме"})
    assert "KPI_RESPONSE_MINUTES" in mixed.message


def test_our_own_value_is_replaced_and_emptied(portal: Open) -> None:
    sandbox, provider = ready(portal)
    only(provider, fields(KPI_RESPONSE_MINUTES="12"))
    delivered = only(provider, fields(KPI_RESPONSE_MINUTES=None, last={"KPI_RESPONSE_MINUTES": "12"}))
    assert (delivered.status, delivered.after) == ("done", {"KPI_RESPONSE_MINUTES": None})
    assert in_deal(sandbox, "KPI_RESPONSE_MINUTES") in (None, "")


def test_a_deal_is_not_given_up_for_one_empty_answer(portal: Open) -> None:
    """A wish that is refused is not tried again until its values change."""
    sandbox, provider = ready(portal)
    sandbox.faults.add(Only(1), "crm.item.list", nth=1)
    deals = sorted(sandbox.portal.items[DEAL].rows)[:3]
    told = provider.apply([fields(str(deal), KPI_RESPONSE_MINUTES="12") for deal in deals])
    assert [one.status for one in told] == ["done"] * 3


def test_a_field_that_is_gone_is_rejected_with_its_name(portal: Open) -> None:
    _, provider = ready(portal)
    delivered = only(provider, fields(KPI_UNHEARD_OF="12"))
    assert delivered.status == "rejected"
    assert "KPI_UNHEARD_OF" in delivered.message


def test_a_field_deleted_since_it_was_seen_is_taken_no_notice_of(portal: Open) -> None:
    sandbox, provider = ready(portal)
    only(provider, fields(KPI_RESPONSE_NORM="в норме"))
    doomed = sandbox.portal.field_of("CRM_DEAL", "UF_CRM_KPI_STAGE_DAYS")
    sandbox.portal.fields.drop(doomed.id)
    delivered = only(provider, fields(KPI_STAGE_DAYS="3"))
    assert delivered.status == "rejected"
    assert "KPI_STAGE_DAYS" in delivered.message


def test_each_command_of_a_batch_is_judged_alone(portal: Open) -> None:
    sandbox, provider = ready(portal)
    sandbox.faults.add(Fails("CRM_FIELD_ERROR_REQUIRED", "Поле обязательно"), "crm.item.update", nth=1)
    sandbox.faults.add(Fails("OPERATION_TIME_LIMIT"), "crm.item.update", nth=2)
    sandbox.faults.add(Missing(), "crm.item.update", nth=3)
    sandbox.faults.add(Fails("INTERNAL_SERVER_ERROR"), "crm.item.update", nth=4)
    deals = sorted(sandbox.portal.items[DEAL].rows)[:5]
    outcomes = [d.status for d in provider.apply([fields(str(deal), KPI_RESPONSE_NORM="в норме") for deal in deals])]
    assert outcomes == ["rejected", "retry", "retry", "unknown", "done"]


def test_a_lost_answer_is_unknown_and_found_done_the_next_time(portal: Open) -> None:
    sandbox, provider = ready(portal)
    sandbox.faults.add(Lost(), "batch", nth=2)
    assert only(provider, fields(KPI_RESPONSE_MINUTES="12")).status == "unknown"
    assert in_deal(sandbox, "KPI_RESPONSE_MINUTES") is not None
    assert only(provider, fields(KPI_RESPONSE_MINUTES="12")).status == "noop"
    assert writes(sandbox, "crm.item.update") == 1


def test_a_lost_answer_makes_no_second_card(portal: Open) -> None:
    sandbox, provider = ready(portal)
    only(provider, fields(KPI_RESPONSE_MINUTES="1"))
    sandbox.faults.add(Lost(), "batch", nth=3)
    assert only(provider, card(KPI_PLAN="100")).status == "unknown"
    second = only(again(sandbox), card(KPI_PLAN="100"))
    assert (second.status, writes(sandbox, "crm.item.add")) == ("noop", 1)
    assert second.crm_id is not None


@pytest.mark.parametrize("known", [True, False], ids=["id known", "id lost"])
def test_a_list_that_lies_makes_no_second_card(portal: Open, known: bool) -> None:
    """Two commands of one batch look for it, by id and by key: both are answered with nothing."""
    sandbox, provider = ready(portal)
    made = only(provider, card(KPI_PLAN="100"))
    for nth in (1, 2):
        sandbox.faults.add(Only(0), "crm.item.list", nth=nth if known else 1)
    wish = replace(card(KPI_PLAN="200"), last=made.after, crm_id=made.crm_id if known else None)
    told = only(again(sandbox), wish)
    assert (told.status, told.crm_id, writes(sandbox, "crm.item.add")) == ("done", made.crm_id, 1)


def test_a_card_that_was_deleted_is_made_anew(portal: Open) -> None:
    sandbox, provider = ready(portal)
    told = only(provider, replace(card(KPI_PLAN="100"), crm_id="424242"))
    assert (told.status, writes(sandbox, "crm.item.add")) == ("done", 1)


def test_cards_that_are_all_found_cost_one_look(portal: Open) -> None:
    sandbox, provider = ready(portal)
    made = only(provider, card(KPI_PLAN="100"))
    before = sandbox.requests
    assert only(provider, replace(card(KPI_PLAN="100"), last=made.after, crm_id=made.crm_id)).status == "noop"
    assert sandbox.requests == before + 1


def test_a_list_that_lies_makes_no_second_home(portal: Open) -> None:
    sandbox, provider = ready(portal)
    sandbox.faults.add(Only(0), "crm.type.list", nth=1)
    provider.prepare(layout("ru"))
    assert writes(sandbox, "crm.type.add") == 1


def test_a_lost_answer_makes_no_second_task(portal: Open) -> None:
    sandbox, provider = ready(portal)
    there = len(sandbox.portal.tasks.rows)
    for _ in range(2):
        sandbox.faults.add(Lost(), "batch", nth=2)
        delivered = only(provider, TASK)
    assert delivered.status == "noop"
    assert delivered.crm_id == provider.find(TASK)
    assert writes(sandbox, "tasks.task.add") == 1
    assert len(sandbox.portal.tasks.rows) == there + 1


def test_another_task_s_marker_is_not_ours(portal: Open) -> None:
    _, provider = ready(portal)
    only(provider, TASK)
    other = AddTask(key="o", marker="#k7f", user_id="511", title="x", text="x #k7f", due_at=DUE)
    assert provider.find(other) is None


def test_our_tasks_come_back_as_ours(portal: Open) -> None:
    _, provider = ready(portal)
    delivered = only(provider, TASK)
    tasks = {r.id: r for page in provider.pull(Task, None) for r in page.records if isinstance(r, Task)}
    mine = tasks[str(delivered.crm_id)]
    assert (mine.ours, mine.on, mine.user_id, mine.due_at, mine.done_at) == (True, ("deal:9036",), "511", DUE, None)
    close = CloseTask(key="x", task_id=str(delivered.crm_id))
    assert only(provider, close).status == "done"
    assert only(provider, close).status == "noop"


def test_what_was_written_on_closing(portal: Open) -> None:
    """The last result, else the last comment; a task that is gone has nothing and is in nobody's way."""
    sandbox, provider = ready(portal)
    other = AddTask(key="o", marker="#k8", user_id="511", title="x", text="x #k8", due_at=DUE)
    first, second = (str(only(provider, one).crm_id) for one in (TASK, other))
    said = [
        (first, "взял в работу", None),
        (first, "обсудили", 1),
        (first, "спасибо", None),
        (second, "отклонить: рано", None),
    ]
    for number, (task, text, result) in enumerate(said, 1):
        sandbox.portal.talk.append(Remark(number, int(task), 511, text, sandbox.now, result))
    assert provider.replies([first, second, "424242"]) == {first: "обсудили", second: "отклонить: рано"}


def test_what_stops_the_account_leaves_the_rest_to_be_tried_again(portal: Open) -> None:
    sandbox, provider = ready(portal)
    sandbox.faults.add(Status(503, '{"error":"OVERLOAD_LIMIT"}', "application/json"), "batch", nth=2)
    told: list[Delivered] = []
    with pytest.raises(errors.Blocked):
        for delivered in provider.apply([TASK, fields(KPI_RESPONSE_MINUTES="12"), card(KPI_PLAN="1")]):
            told.append(delivered)
    assert {d.key: d.status for d in told} == {"t": "retry", "f9036": "retry", "c": "retry"}
    assert writes(sandbox, "tasks.task.add") == 0


def test_our_writes_change_nothing_that_is_read(portal: Open) -> None:
    from tests.bitrix24.mirror import Mirror

    sandbox, provider = ready(portal)
    mirror = Mirror()
    mirror.sync(provider)
    before = {ref: row[:-1] for ref, row in mirror.sold().items()}
    sandbox.advance(sandbox.now + DAY)
    only(provider, fields(KPI_RESPONSE_MINUTES="12"))
    mirror.sync(provider)
    assert {ref: row[:-1] for ref, row in mirror.sold().items()} == before


SLOTS = {
    "N": Slot("ufCrmN", "double"),
    "D": Slot("ufCrmD", "date"),
    "B": Slot("ufCrmB", "boolean"),
    "T": Slot("ufCrmT", "string"),
}


@pytest.mark.parametrize(
    ("code", "theirs", "wanted"),
    [
        ("N", 5.1, "5.10"),
        ("N", "5.1000", "5.1"),
        ("N", 0, "-0"),
        ("D", "2026-09-30T03:00:00+03:00", "2026-09-30"),
        ("B", "Y", "1"),
        ("B", 0, "0"),
        ("T", "в норме ", "в норме"),
        ("T", "", None),
        ("N", [], None),
    ],
)
def test_what_the_portal_rounds_or_trims_is_no_difference(code: str, theirs: Any, wanted: str | None) -> None:
    assert compare({code: wanted}, {}, SLOTS, {SLOTS[code].name: theirs}).settled


def test_a_value_that_cannot_be_read_is_a_person_s() -> None:
    change = compare({"N": "5"}, {"N": "4"}, SLOTS, {"ufCrmN": "пять"})
    assert (change.theirs, change.before, change.write) == (("N",), {"N": "пять"}, {})
