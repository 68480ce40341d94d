"""What proposals are answered with in a form: candidates of the CRM, and what was ticked or typed as a value."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from connector.first_run.choices import answer, asked, unfound, weighed
from connector.first_run.seen import Proposal, Seen
from connector.kpi.text import Text
from connector.provider import Field
from connector.records import Deal, LossReason, Pipeline, Team, User

WHY = Text("", "")
AT = datetime(2026, 9, 1, tzinfo=UTC)


def deal(id: str, fields: dict[str, str]) -> Deal:
    return Deal(
        id=id, created_at=AT, pipeline_id="1", stage_id="1/1", outcome="open", owner_id="501", fields=fields
    )  # fmt: skip


SEEN = Seen(
    zone=UTC,
    fields=(Field("7", "Rare", None, "text"), Field("8", "Often, by hand", None, "text")),
    users=(
        User(id="501", name="Anna", team_ids=("700",)),
        User(id="502", name="Gone", team_ids=("700",), active=False),
        User(id="503", name="Other"),
    ),
    teams=(Team(id="700", name="North"),),
    pipelines=(Pipeline(id="1", name="Sales, new"), Pipeline(id="2", name="Twice"), Pipeline(id="3", name="Twice")),
    reasons=(LossReason(id="1", name="Spam"), LossReason(id="2", name="Price")),
    deals=(deal("1", {"8": "x", "7": "y"}), deal("2", {"8": "z"})),
)


@pytest.mark.parametrize(
    ("key", "value", "kind", "choices", "chosen"),
    [
        ("sales_pipelines", ("Sales, new",), "many", ["Sales, new", "2", "3"], ("Sales, new",)),
        ("junk_reasons", ("Spam",), "many", ["Price", "Spam"], ("Spam",)),
        ("csat_field", "Rare", "one", ["Rare", "Often, by hand"], ("Rare",)),
        ("refund_date_field", None, "one", ["Often, by hand", "Rare"], ()),
        ("heads.North", (), "many", ["501"], ()),
        ("working_days", (1, 2), "many", ["1", "2", "3", "4", "5", "6", "7"], ("1", "2")),
        ("connected_call_seconds", 10, "number", [], ("10",)),
        ("office_hours", "09:00-18:00", "text", [], ("09:00-18:00",)),
        ("kpi_set", {"revenue": 40.0}, "weights", [], ("revenue",)),
    ],
)
def test_what_the_crm_has_is_chosen_and_the_rest_is_typed(
    key: str, value: object, kind: str, choices: list[str], chosen: tuple[str, ...]
) -> None:
    form = asked(Proposal(key, value, WHY), SEEN)
    assert (form.kind, [one.value for one in form.choices], form.chosen) == (kind, choices, chosen)


@pytest.mark.parametrize(
    ("key", "value", "told", "means"),
    [
        ("sales_pipelines", ("Sales, new",), ["3", "Sales, new", "none such"], ("Sales, new", "3")),
        ("sales_pipelines", ("Sales, new",), [], None),
        ("working_days", (1, 2), ["1", "6"], (1, 6)),
        ("csat_field", "Rare", ["Often, by hand"], "Often, by hand"),
        ("csat_field", "Rare", [""], None),
        ("connected_call_seconds", 10, ["15"], 15),
        ("goal", "More", [" More by May "], "More by May"),
    ],
)
def test_an_answer_is_of_the_kind_that_was_proposed(key: str, value: object, told: list[str], means: object) -> None:
    one = Proposal(key, value, WHY)
    assert answer(one, asked(one, SEEN), told) == means


def test_seconds_that_are_none_and_weights_that_are_none_are_refused() -> None:
    one = Proposal("connected_call_seconds", 10, WHY)
    with pytest.raises(ValueError, match="soon"):
        answer(one, asked(one, SEEN), ["soon"])
    known = ("revenue", "csat")
    assert weighed({"revenue": "60", "csat": "0", "stranger": "9"}, known) == {"revenue": 60.0}
    assert weighed({"revenue": ""}, known) is None
    for bad in ("-1", "many", "101", "nan"):
        with pytest.raises(ValueError, match=r".*"):
            weighed({"revenue": bad}, known)


def test_purposes_without_a_field_are_offered_too() -> None:
    proposals = [Proposal("csat_field", "Rare", WHY)]
    assert [one.key for one in unfound(SEEN, proposals)][:2] == ["csat_date_field", "refund_amount_field"]
    assert not list(unfound(Seen(zone=UTC), proposals))
