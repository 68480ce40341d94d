"""Writing into the sandbox: what differs is written once, what a person changed stays, lost answers are found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace
from pydantic import SecretStr

from connector.errors import Blocked, Forbidden, Unpaid
from connector.pretend.happenings import Enquired
from connector.wishes import AddTask, CloseTask, Delivered, Layout, SetFields, UpsertCard, Wish
from connector.writeback.fields import layout
from providers.amocrm.layout import CARDS, KEY
from providers.amocrm.provider import AmoCrm
from providers.amocrm.sandbox import Sandbox
from providers.amocrm.sandbox.rows import Element
from tests.amocrm.kits import provider
from tests.amocrm.small import ANNA, BACK, DOLLARS, OPEN, REOPENED, SALES, TRASHED, WAITING, WON, at, small

DEALS = (WON, REOPENED, BACK, DOLLARS, OPEN)
VALUES: dict[str, str | None] = {"KPI_RESPONSE_MINUTES": "12.50", "KPI_RESPONSE_NORM": " в норме "}


@pytest.fixture(params=[True, False], ids=["filter on", "filter ignored"])
def sandbox(request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    with Sandbox(small(), paced=False, filter_on=request.param) as made:
        yield made


@pytest.fixture
def amo(sandbox: Sandbox) -> AmoCrm:
    made = provider(sandbox.options)
    made.prepare(layout("ru"))
    sandbox.written.clear()
    return made


def fields(deal: int, values: dict[str, str | None] = VALUES, **more: Any) -> SetFields:
    return SetFields(key=f"deal:{deal}", deal_id=str(deal), values=values, **more)


def card(user: str = "501", **more: Any) -> UpsertCard:
    values: dict[str, str | None] = {"KPI_PLAN": "2500000", "KPI_FACT": "1200000.5", "KPI_DATA_AS_OF": "2026-09-03"}
    given: dict[str, Any] = {
        "key": f"card:{user}",
        "user_id": user,
        "period": "2026-09",
        "title": f"Анна {user}, 2026-09",
    }
    return UpsertCard(**{**given, "values": values, **more})


def task(n: int = 1, **more: Any) -> AddTask:
    given: dict[str, Any] = {
        "key": f"task:{n}", "marker": f"[kpi#{n}]", "user_id": "11", "title": "Анна: план 62 %",
        "text": f"Факт и план.\n\n[kpi#{n}]", "due_at": at(90), "about": f"deal:{WON}",
    }  # fmt: skip
    return AddTask(**{**given, **more})


def apply(amo: AmoCrm, wishes: Sequence[Wish]) -> list[Delivered]:
    found = {told.key: told for told in amo.apply(wishes)}
    assert set(found) == {wish.key for wish in wishes}
    return [found[wish.key] for wish in wishes]


def paths(sandbox: Sandbox) -> list[tuple[str, str]]:
    return [(row["method"], row["path"].removeprefix("/api/v4/")) for row in sandbox.written]


# -- the layout --------------------------------------------------------------------------------------------------------


def test_prepare_makes_what_is_missing_and_nothing_twice(sandbox: Sandbox) -> None:
    first = provider(sandbox.options)
    before = {field.id for field in first.fields()}
    first.prepare(layout("ru"))
    made = len(sandbox.written)
    mine = [field for field in first.fields() if field.id not in before]
    assert {field.code for field in mine} == {spec.code for spec in layout("ru").deal_fields}
    assert {field.type for field in mine} == {"numeric", "text"}
    assert all(row.api_only for row in sandbox.world.fields["leads"].values() if str(row.id) not in before)
    first.prepare(layout("ru"))
    provider(sandbox.options).prepare(layout("ru"))
    assert len(sandbox.written) == made


def test_prepare_goes_on_where_it_was_interrupted(sandbox: Sandbox) -> None:
    provider(sandbox.options).prepare(Layout(group="KPI", deal_fields=layout("ru").deal_fields[:2]))
    provider(sandbox.options).prepare(layout("ru"))
    codes = [field.code for field in provider(sandbox.options).fields() if field.code]
    assert len([code for code in codes if code.startswith("KPI_")]) == len(layout("ru").deal_fields)


def test_an_account_that_refuses_codes(sandbox: Sandbox) -> None:
    """The title and the type have to do; found again by them, and written to."""
    sandbox.faults.status(400, method="POST", path="leads/custom_fields$")
    amo = provider(sandbox.options)
    amo.prepare(layout("ru"))
    assert [field for field in amo.fields() if field.name == "Норма реакции" and field.code is None]
    written = len(sandbox.written)
    again = provider(sandbox.options)
    again.prepare(layout("ru"))
    assert len(sandbox.written) == written
    assert apply(again, [fields(OPEN)])[0].status == "done"


def test_without_an_administrator_nothing_is_made(sandbox: Sandbox) -> None:
    amo = provider({"base_url": sandbox.base_url, "token": SecretStr(sandbox.token(ANNA))})
    with pytest.raises(Forbidden):
        amo.prepare(layout("ru"))


@pytest.mark.parametrize("why", ["no administrator", "no room"])
def test_what_was_prepared_before_there_was_a_key_is_still_written_to(amo: AmoCrm, sandbox: Sandbox, why: str) -> None:
    """A key that cannot be made is told, and takes nothing along."""
    home = without_key_field(sandbox)
    options: dict[str, Any] = sandbox.options
    if why == "no administrator":
        options = {"base_url": sandbox.base_url, "token": SecretStr(sandbox.token(ANNA))}
    else:
        sandbox.faults.status(400, method="POST", path=r"catalogs/\d+/custom_fields$", times=None)
    plain = provider(options)
    plain.prepare(layout("ru"))
    assert [note for note in plain.can.notes if KEY.title in note]
    told = apply(plain, [fields(OPEN), card()])
    assert [one.status for one in told] == ["done", "done"]
    assert [one.id for one in sandbox.world.elements[home]] == [int(str(told[1].crm_id))]


def test_a_key_that_was_made_is_no_news(amo: AmoCrm) -> None:
    assert amo.can.notes == ()


# -- deal fields -------------------------------------------------------------------------------------------------------


def test_fields_are_written_once(amo: AmoCrm, sandbox: Sandbox) -> None:
    told = apply(amo, [fields(deal) for deal in DEALS])
    assert {one.status for one in told} == {"done"}
    assert told[0].before == dict.fromkeys(VALUES)
    assert paths(sandbox) == [("PATCH", "leads")]
    again = apply(provider(sandbox.options), [fields(deal, last=told[0].after) for deal in DEALS])
    assert {one.status for one in again} == {"noop"}
    assert len(sandbox.written) == 1


def test_only_what_differs_is_sent(amo: AmoCrm, sandbox: Sandbox) -> None:
    [first] = apply(amo, [fields(OPEN)])
    [told] = apply(amo, [fields(OPEN, VALUES | {"KPI_RESPONSE_MINUTES": "13"}, last=first.after)])
    assert (told.status, told.after) == ("done", {"KPI_RESPONSE_MINUTES": "13"})
    [item] = sandbox.written[-1]["body"]
    assert len(item["custom_fields_values"]) == 1


def test_a_person_wins_field_by_field(amo: AmoCrm, sandbox: Sandbox) -> None:
    [first] = apply(amo, [fields(OPEN)])
    lead = sandbox.world.leads.rows[OPEN]
    norm = next(field for field in sandbox.world.fields["leads"].values() if field.code == "KPI_RESPONSE_NORM")
    lead.fields[norm.id] = [{"value": "исправлено"}]
    lead.seen.clear()
    [told] = apply(
        amo, [fields(OPEN, {"KPI_RESPONSE_MINUTES": "20", "KPI_RESPONSE_NORM": "нарушена"}, last=first.after)]
    )
    assert (told.status, told.after) == ("conflict", {"KPI_RESPONSE_MINUTES": "20"})
    assert told.before["KPI_RESPONSE_NORM"] == "исправлено"
    assert "KPI_RESPONSE_NORM" in told.message
    assert lead.fields[norm.id] == [{"value": "исправлено"}]
    [again] = apply(amo, [fields(OPEN, {"KPI_RESPONSE_NORM": "нарушена"}, last=first.after)])
    assert (again.status, again.after) == ("conflict", {})


def test_an_enquiry_is_never_touched(amo: AmoCrm, sandbox: Sandbox) -> None:
    told = apply(amo, [fields(WAITING), fields(TRASHED), fields(424242), fields(OPEN)])
    assert [one.status for one in told] == ["rejected", "rejected", "rejected", "done"]
    assert "Неразобранное" in told[0].message
    assert WAITING not in [item["id"] for item in sandbox.written[-1]["body"]]
    assert sandbox.world.leads.rows[WAITING].unsorted is not None


def test_a_deal_is_not_given_up_for_one_empty_answer(amo: AmoCrm, sandbox: Sandbox) -> None:
    """A wish that is refused is not tried again until its values change."""
    sandbox.faults.no_content(path=r"leads/\d+$", method="GET", times=1)
    assert apply(amo, [fields(OPEN)])[0].status == "done"


def test_a_field_that_is_not_there(amo: AmoCrm) -> None:
    [told] = apply(amo, [fields(OPEN, {"KPI_UNHEARD": "1"})])
    assert (told.status, "KPI_UNHEARD" in told.message) == ("rejected", True)


def test_one_bad_value_does_not_spoil_the_batch(amo: AmoCrm, sandbox: Sandbox) -> None:
    """amoCRM refuses the whole batch and names the item; the others go out again without it."""
    told = apply(amo, [fields(WON), fields(OPEN, {"KPI_RESPONSE_MINUTES": "много"}), fields(BACK)])
    assert [one.status for one in told] == ["done", "rejected", "done"]
    assert "InvalidType" in told[1].message


def test_a_refusal_that_names_nobody_is_halved(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.status(400, method="PATCH", path="leads")
    assert {one.status for one in apply(amo, [fields(deal) for deal in DEALS])} == {"done"}


@pytest.mark.parametrize("applied", [True, False])
def test_504_is_looked_at_and_made_smaller(amo: AmoCrm, sandbox: Sandbox, applied: bool) -> None:
    sandbox.faults.html(504, after=applied, method="PATCH", path="leads")
    told = apply(amo, [fields(deal) for deal in DEALS])
    assert {one.status for one in told} == {"done"}
    assert len(sandbox.written) == (1 if applied else 2)


def test_a_lost_answer_is_read_back(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.lose_answer(method="PATCH", path="leads")
    assert apply(amo, [fields(OPEN)])[0].status == "done"
    assert len(sandbox.written) == 1


def test_an_answer_that_never_comes_stays_unknown(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.html(502, method="PATCH", path="leads", times=None)
    assert apply(amo, [fields(OPEN)])[0].status == "unknown"
    sandbox.faults.clear()
    assert apply(amo, [fields(OPEN)])[0].status == "done"


def test_202_is_read_back(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.status(202, after=True, method="PATCH", path="leads")
    assert apply(amo, [fields(OPEN)])[0].status == "done"


def test_a_limit_that_stays_is_for_later(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.html(429, method="PATCH", path="leads", times=None)
    assert apply(amo, [fields(OPEN)])[0].status == "retry"
    assert sandbox.written == []


def test_a_subscription_that_is_over(amo: AmoCrm, sandbox: Sandbox) -> None:
    """What was not sent is told before the account stands still."""
    sandbox.faults.unpaid()
    told = []
    with pytest.raises(Unpaid):
        for one in amo.apply([fields(OPEN), fields(WON)]):
            told.append(one.status)
    assert told == ["retry", "retry"]


def test_a_blocked_address(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.block(method="PATCH")
    with pytest.raises(Blocked):
        list(amo.apply([fields(OPEN)]))


def test_more_than_one_batch(amo: AmoCrm, sandbox: Sandbox) -> None:
    for n in range(120):
        sandbox.happen(Enquired(sandbox.now, 10_000 + n, "Ещё", 702, None, ANNA, ANNA, SALES, "Сайт"))
    told = apply(amo, [fields(10_000 + n) for n in range(120)])
    assert {one.status for one in told} == {"done"}
    assert [len(row["body"]) for row in sandbox.written] == [50, 50, 20]


# -- cards -------------------------------------------------------------------------------------------------------------


def test_a_card_is_made_found_and_kept(amo: AmoCrm, sandbox: Sandbox) -> None:
    [made] = apply(amo, [card()])
    assert (made.status, made.crm_id is not None) == ("done", True)
    assert len(sandbox.written) == 1
    by_title = apply(provider_again(sandbox), [card()])[0]
    by_id = apply(provider_again(sandbox), [card(crm_id=made.crm_id, last=made.after)])[0]
    assert [(one.status, one.crm_id) for one in (by_title, by_id)] == [("noop", made.crm_id)] * 2
    changed = card(crm_id=made.crm_id, last=made.after, values={**card().values, "KPI_FACT": "1300000"})
    [told] = apply(amo, [changed])
    assert (told.status, told.before["KPI_FACT"], told.after) == ("done", "1200000.5", {"KPI_FACT": "1300000"})
    assert [method for method, _ in paths(sandbox)] == ["POST", "PATCH"]


def provider_again(sandbox: Sandbox) -> AmoCrm:
    made = provider(sandbox.options)
    made.prepare(layout("ru"))
    return made


def test_a_card_that_was_deleted_is_made_anew(amo: AmoCrm, sandbox: Sandbox) -> None:
    [told] = apply(amo, [card(crm_id="424242")])
    assert told.status == "done"
    assert told.crm_id != "424242"


@pytest.mark.parametrize("how", ["204", "short"])
@pytest.mark.parametrize("path", ["catalogs$", "custom_fields$", "groups$"])
def test_a_list_that_lies_prepares_nothing_twice(amo: AmoCrm, sandbox: Sandbox, path: str, how: str) -> None:
    lie(sandbox, how, path)
    provider_again(sandbox)
    assert sandbox.written == []


LIES = ["204", "short", "204 twice", "short twice"]


def lie(sandbox: Sandbox, how: str, path: str = r"catalogs/\d+/elements$") -> None:
    """The list says that it has nothing, or one row only."""
    times = 2 if how.endswith("twice") else 1
    if how.startswith("204"):
        sandbox.faults.no_content(path=path, method="GET", times=times)
    else:
        sandbox.faults.shorten(1, path=path, method="GET", times=times)


@pytest.mark.parametrize("how", LIES)
def test_a_list_that_lies_makes_no_second_card(amo: AmoCrm, sandbox: Sandbox, how: str) -> None:
    """An id that is known is asked for by itself."""
    made = {user: told for user, told in zip(("501", "502"), apply(amo, [card("501"), card("502")]), strict=True)}
    sandbox.written.clear()
    values = {**card().values, "KPI_FACT": "999"}
    lie(sandbox, how)
    again = [card(user, values=values, last=one.after, crm_id=one.crm_id) for user, one in made.items()]
    assert [(one.status, one.crm_id) for one in apply(amo, again)] == [("done", one.crm_id) for one in made.values()]
    assert [method for method, _ in paths(sandbox)] == ["PATCH"]


@pytest.mark.parametrize("how", LIES[:2])
def test_a_list_that_lies_hides_no_card_whose_id_was_lost(amo: AmoCrm, sandbox: Sandbox, how: str) -> None:
    """A lost answer, a store put back from a backup: before a title is made, the list is asked beyond its end."""
    made = apply(amo, [card("501"), card("502")])
    lie(sandbox, how)
    again = apply(amo, [card("501"), card("502")])
    assert [(one.status, one.crm_id) for one in again] == [("noop", one.crm_id) for one in made]


def named(user: str, **more: Any) -> UpsertCard:
    """One of several Annas."""
    values: dict[str, str | None] = {"KPI_FACT": user}
    return card(user, **{"title": "Анна Иванова · KPI 2026-09", "values": values, **more})


def keyed(sandbox: Sandbox) -> list[tuple[Element, int]]:
    """The cards, and the field of their key."""
    [home] = [one for one in sandbox.world.catalogs if one.name in CARDS]
    [key] = [one.id for one in sandbox.world.fields[f"catalogs/{home.id}"].values() if one.code == KEY.code]
    return [(one, key) for one in sandbox.world.elements[home.id]]


def without_keys(sandbox: Sandbox) -> None:
    """As a list was whose cards were made before there was a key."""
    for element, key in keyed(sandbox):
        element.fields.pop(key, None)
        element.seen.clear()


def without_key_field(sandbox: Sandbox) -> int:
    """As a list was that was prepared before there was a key; its id."""
    [home] = [one.id for one in sandbox.world.catalogs if one.name in CARDS]
    listed = sandbox.world.fields[f"catalogs/{home}"]
    [key] = [one.id for one in listed.values() if one.code == KEY.code]
    del listed[key]
    return home


def test_namesakes_whose_ids_were_lost_find_each_his_own_card(amo: AmoCrm, sandbox: Sandbox) -> None:
    made = apply(amo, [named("501"), named("502")])
    assert len({one.crm_id for one in made}) == 2
    for wishes in ([named("501"), named("502")], [named("502")], [named("501")]):
        told = apply(provider_again(sandbox), wishes)
        ids = {"card:501": made[0].crm_id, "card:502": made[1].crm_id}
        assert [(one.status, one.crm_id) for one in told] == [("noop", ids[one.key]) for one in told]


def test_a_new_namesake_does_not_take_the_card_of_another(amo: AmoCrm, sandbox: Sandbox) -> None:
    """Also where the other one is called otherwise by now, or left: his card keeps the title that it was made with."""
    [first] = apply(amo, [named("501")])
    [second] = apply(amo, [named("777")])
    assert (second.status, second.crm_id != first.crm_id) == ("done", True)


def test_a_card_without_a_key_goes_to_one_person_and_gets_his(amo: AmoCrm, sandbox: Sandbox) -> None:
    [made] = apply(amo, [named("501")])
    without_keys(sandbox)
    both = apply(amo, [named("501"), named("777")])
    assert made.crm_id not in {one.crm_id for one in both}
    without_keys(sandbox)
    [known, new] = apply(amo, [named("501", crm_id=made.crm_id, last=made.after), named("888")])
    assert (known.crm_id, new.crm_id != made.crm_id) == (made.crm_id, True)
    written = {str(one.id): one.fields[key] for one, key in keyed(sandbox) if key in one.fields}
    assert "501/2026-09" in str(written[str(made.crm_id)])


def test_a_newcomer_alone_leaves_a_namesakes_card_of_before_there_were_keys(amo: AmoCrm, sandbox: Sandbox) -> None:
    """The other one's numbers did not change, he was dismissed, or is in another batch."""
    [first] = apply(amo, [named("501")])
    without_keys(sandbox)
    [second] = apply(amo, [named("777")])
    assert (second.status, second.crm_id != first.crm_id) == ("done", True)
    [again] = apply(amo, [named("501", crm_id=first.crm_id, last=first.after, values={"KPI_FACT": "502"})])
    assert (again.status, again.crm_id) == ("done", first.crm_id)


def test_a_card_without_a_key_that_shows_what_is_wanted_is_what_a_lost_answer_left(
    amo: AmoCrm, sandbox: Sandbox
) -> None:
    [made] = apply(amo, [card()])
    without_keys(sandbox)
    [found] = apply(amo, [card()])
    assert (found.status, found.crm_id) == ("done", made.crm_id)
    assert [(one.id, key in one.fields) for one, key in keyed(sandbox)] == [(int(str(made.crm_id)), True)]


def test_a_card_that_was_not_made_is_not_a_namesakes_one(amo: AmoCrm, sandbox: Sandbox) -> None:
    [first] = apply(amo, [named("501")])
    without_keys(sandbox)
    sandbox.faults.html(504, method="POST", path="elements$")
    known = named("501", crm_id=first.crm_id, last=first.after)
    [_, told] = apply(amo, [known, named("888")])
    assert (told.status, told.crm_id, told.after) == ("unknown", None, {})
    [told] = apply(amo, [named("888")])
    assert (told.status, told.crm_id != first.crm_id) == ("done", True)


def test_a_card_that_bears_the_key_of_another_is_told_and_not_written_to(amo: AmoCrm, sandbox: Sandbox) -> None:
    [made] = apply(amo, [named("501")])
    sandbox.written.clear()
    [told] = apply(amo, [named("777", crm_id=made.crm_id, last=made.after)])
    assert (told.status, told.crm_id, "501/2026-09" in told.message) == ("conflict", made.crm_id, True)
    assert sandbox.written == []


def test_a_card_without_a_key_that_two_had_stays_with_one(amo: AmoCrm, sandbox: Sandbox) -> None:
    [made] = apply(amo, [named("501")])
    without_keys(sandbox)
    both = [named(user, crm_id=made.crm_id, last=made.after) for user in ("501", "777")]
    assert [one.status for one in apply(amo, both)] == ["done", "conflict"]
    assert [one.status for one in apply(amo, both)] == ["noop", "conflict"]


@pytest.fixture
def keyless(amo: AmoCrm, sandbox: Sandbox) -> AmoCrm:
    """An account whose list has no key and takes none."""
    without_key_field(sandbox)
    sandbox.faults.status(400, method="POST", path=r"catalogs/\d+/custom_fields$", times=None)
    return provider_again(sandbox)


def test_without_a_key_a_lost_answer_makes_one_card(keyless: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.lose_answer(method="POST", path="elements")
    [made] = apply(keyless, [card()])
    [again] = apply(keyless, [card()])
    assert (made.status, again.status, again.crm_id) == ("done", "noop", made.crm_id)


def test_without_a_key_a_single_name_is_found_by_its_title(keyless: AmoCrm) -> None:
    [made] = apply(keyless, [card()])
    [told] = apply(keyless, [card(values={"KPI_PLAN": "2500000", "KPI_CALLS": "5"})])
    assert (told.status, told.crm_id) == ("done", made.crm_id)


def test_without_a_key_a_card_that_was_not_made_is_not_a_namesakes_one(keyless: AmoCrm, sandbox: Sandbox) -> None:
    """Also not that which was made a moment before, and shows the same."""
    sandbox.faults.html(504, method="POST", path="elements$", nth=2)
    same = [named(user, values={"KPI_FACT": "0"}) for user in ("501", "777")]
    made, lost = apply(keyless, same)
    assert (made.status, lost.status, lost.crm_id) == ("done", "unknown", None)
    sandbox.faults.clear()
    sandbox.faults.html(504, method="POST", path="elements$")
    [known, lost] = apply(
        keyless, [named("501", crm_id=made.crm_id, last=made.after, values={"KPI_FACT": "0"}), same[1]]
    )
    assert (known.crm_id, lost.status, lost.crm_id) == (made.crm_id, "unknown", None)


def test_cards_that_are_all_found_cost_one_look(amo: AmoCrm, sandbox: Sandbox) -> None:
    made = {user: told for user, told in zip(("501", "502"), apply(amo, [card("501"), card("502")]), strict=True)}
    before = sandbox.requests
    told = apply(amo, [card(user, last=one.after, crm_id=one.crm_id) for user, one in made.items()])
    assert {one.status for one in told} == {"noop"}
    assert sandbox.requests == before + 1


def test_a_lost_answer_makes_one_card(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.lose_answer(method="POST", path="elements")
    [told] = apply(amo, [card()])
    assert (told.status, told.crm_id is not None) == ("done", True)
    assert apply(amo, [card()])[0].status == "noop"
    assert [method for method, _ in paths(sandbox)] == ["POST"]


def test_a_card_before_its_home(sandbox: Sandbox) -> None:
    [told] = apply(provider(sandbox.options), [card()])
    assert (told.status, "prepared" in told.message) == ("rejected", True)


def test_a_new_process_finds_the_cards_that_another_prepared(amo: AmoCrm, sandbox: Sandbox) -> None:
    """As undoing does: nothing is prepared, nothing is made."""
    [made] = apply(amo, [card()])
    back: dict[str, str | None] = {"KPI_FACT": None}
    sandbox.written.clear()
    [told] = apply(provider(sandbox.options), [card(values=back, crm_id=made.crm_id, last=made.after)])
    assert (told.status, told.crm_id, told.after) == ("done", made.crm_id, back)
    assert [method for method, _ in paths(sandbox)] == ["PATCH"]


def test_the_lists_are_those_the_program_prepares() -> None:
    assert {layout("ru").card_name, layout("en").card_name} == set(CARDS)


def test_two_lists_of_cards_are_told_and_not_guessed_at(amo: AmoCrm, sandbox: Sandbox) -> None:
    amo.prepare(layout("en"))
    [prepared] = apply(amo, [card()])
    [told] = apply(provider(sandbox.options), [card()])
    assert (prepared.status, told.status) == ("done", "rejected")
    assert all(name in told.message for name in CARDS)


def test_lists_that_may_not_be_seen_leave_the_deals_writable(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.status(403, path="catalogs$")
    deal, home = apply(provider(sandbox.options), [fields(OPEN), card()])
    assert (deal.status, home.status) == ("done", "rejected")


def test_lists_that_do_not_answer_are_for_later(amo: AmoCrm, sandbox: Sandbox) -> None:
    sandbox.faults.status(500, path="catalogs$", times=20)
    [told] = apply(provider(sandbox.options), [card()])
    assert told.status == "retry"


def test_fields_without_codes_are_found_by_prepare_only(sandbox: Sandbox) -> None:
    sandbox.faults.status(400, method="POST", path="custom_fields$")
    provider(sandbox.options).prepare(Layout(group="KPI", deal_fields=layout("ru").deal_fields))
    new = provider(sandbox.options)
    [told] = apply(new, [fields(OPEN)])
    assert (told.status, "by hand" in told.message) == ("rejected", True)
    new.prepare(layout("ru"))
    assert apply(new, [fields(OPEN)])[0].status == "done"


# -- tasks -------------------------------------------------------------------------------------------------------------


def test_a_task_is_made_once(amo: AmoCrm, sandbox: Sandbox) -> None:
    [made] = apply(amo, [task()])
    row = sandbox.world.tasks.rows[int(made.crm_id or 0)]
    assert row.text.endswith("[kpi#1]")
    assert row.text.count("[kpi#1]") == 1
    assert (row.responsible, row.entity_type, row.entity_id) == (11, "leads", WON)
    assert amo.find(task()) == made.crm_id
    assert amo.find(task(2)) is None
    assert [one.status for one in apply(amo, [task()])] == ["noop"]
    assert len(sandbox.written) == 1


@pytest.mark.parametrize("fault", ["lose_answer", "html"])
def test_an_answer_lost_twice_leaves_one_task(amo: AmoCrm, sandbox: Sandbox, fault: str) -> None:
    if fault == "lose_answer":
        sandbox.faults.lose_answer(method="POST", path="tasks", times=2)
    else:
        sandbox.faults.html(504, after=True, method="POST", path="tasks", times=2)
    sandbox.faults.status(503, method="GET", path="tasks", nth=2, times=5)
    assert [apply(amo, [task()])[0].status for _ in range(3)] == ["unknown", "noop", "noop"]
    assert len([row for row in sandbox.world.tasks if row.text.endswith("[kpi#1]")]) == 1


def test_a_task_that_was_done_meanwhile_is_found(amo: AmoCrm, sandbox: Sandbox) -> None:
    [made] = apply(amo, [task()])
    sandbox.world.complete(
        sandbox.world.tasks.rows[int(made.crm_id or 0)], "обсудили", int(sandbox.now.timestamp()), 11
    )
    assert amo.find(task()) == made.crm_id


def test_what_was_written_on_closing(amo: AmoCrm, sandbox: Sandbox) -> None:
    """Of the tasks asked for, and only where something was written; one that is gone has nothing."""
    first, second = (str(told.crm_id) for told in apply(amo, [task(), task(2)]))
    row, now = sandbox.world.tasks.rows[int(first)], int(sandbox.now.timestamp())
    sandbox.world.complete(row, "обсудили", now, 11)
    sandbox.world.task_changed(row, now, 11)
    assert amo.replies([first, second, "424242"]) == {first: "обсудили"}
    assert amo.replies([second]) == {}


def test_a_task_for_someone_who_left(amo: AmoCrm) -> None:
    [told] = apply(amo, [task(user_id="503")])
    assert told.status == "rejected"


def test_closing(amo: AmoCrm, sandbox: Sandbox) -> None:
    [made] = apply(amo, [task()])
    close = CloseTask(key="c", task_id=str(made.crm_id), text="цель достигнута")
    assert apply(amo, [close])[0].status == "done"
    assert apply(amo, [close])[0].status == "noop"
    assert apply(amo, [replace(close, task_id="424242")])[0].status == "rejected"
    row = sandbox.world.tasks.rows[int(made.crm_id or 0)]
    assert (row.completed, row.result) == (True, "цель достигнута")


def test_everything_at_once_and_a_quiet_second_run(amo: AmoCrm, sandbox: Sandbox) -> None:
    wishes: list[Wish] = [*(fields(deal) for deal in DEALS), card("501"), card("502"), task(1), task(2, about=None)]
    assert {told.status for told in apply(amo, wishes)} == {"done"}
    sandbox.written.clear()
    sandbox.advance(sandbox.now + timedelta(hours=1))
    assert {told.status for told in apply(amo, wishes)} == {"noop"}
    assert sandbox.written == []


def test_links_for_people(amo: AmoCrm, sandbox: Sandbox) -> None:
    base = sandbox.base_url
    assert amo.link_to("deal:7001") == f"{base}/leads/detail/7001"
    assert amo.link_to("contact:701") == f"{base}/contacts/detail/701"
    assert amo.link_to("company:801") == f"{base}/companies/detail/801"
    assert amo.link_to("task:61") == f"{base}/todo/line/"
