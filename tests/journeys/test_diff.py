"""What was planted between two syncs of amoCRM is what `kpi diff` names, and it makes the whole change."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from connector.kpi.diff.reading import Comparison
from connector.kpi.diff.telling import as_text, change
from connector.moment import Period
from connector.pipeline.bench import Workbench
from connector.pipeline.measuring import diff_of, report_of
from connector.pipeline.reading import sync_and_derive
from connector.pretend.happenings import Company
from connector.pretend.people import moscow
from connector.pretend.planted import PLANTED
from tests.journeys.conftest import Open

CLOCKS = {
    "before the reassignment": moscow(2026, 5, 19, 20),
    "after the reassignment": moscow(2026, 5, 20, 20),
    "before the reopening": moscow(2026, 6, 1, 20),
    "reopened": moscow(2026, 6, 2, 20),
    "won again": moscow(2026, 6, 9, 20),
    "before the loss": moscow(2026, 6, 24, 10),
    "lost": moscow(2026, 6, 24, 20),
    "before the deletion": moscow(2026, 7, 3, 10),
    "deleted": moscow(2026, 7, 3, 20),
    "before the edit": moscow(2026, 7, 29, 10),
    "edited": moscow(2026, 7, 29, 20),
}
"""When the connector looked at the CRM."""
SOON = timedelta(minutes=1)


def compared(bench: Workbench, kpi: str, user: str, month: str, since: str, until: str) -> Comparison:
    moments = (CLOCKS[since] + SOON, CLOCKS[until] + SOON)
    return diff_of(bench, kpi, Period.parse(month), user=user, since=moments[0], until=moments[1])


def named(found: Comparison) -> dict[str, tuple[str, ...]]:
    return {one.fact.record.removeprefix("deal:"): one.whys for one in found.differences}


def parts(found: Comparison) -> Decimal:
    return sum((change(one.top, found.kpi.side_units[0], found.currency) for one in found.differences), Decimal(0))


def reported(bench: Workbench, kpi: str, user: str, month: str, at: datetime) -> Decimal | None:
    results: Iterable = report_of(bench, Period.parse(month), as_of=at + SOON).results
    return next(one.value for one in results if (one.kpi, one.subject) == (kpi, f"user:{user}"))


@pytest.fixture
def watched(journey: Open, plan: Company) -> Workbench:
    """The account as the connector came to know it, look by look."""
    first, *others = CLOCKS.values()
    box, bench = journey("amocrm", now=first)
    sync_and_derive(bench)
    for at in others:
        box.advance(at)
        sync_and_derive(bench)
    return bench


def test_planted_changes_are_named_and_make_the_whole_change(watched: Workbench) -> None:
    what_changed_the_number(watched)
    what_did_not(watched)


def what_changed_the_number(watched: Workbench) -> None:
    deleted = compared(watched, "revenue", "505", "2026-06", "before the deletion", "deleted")
    assert named(deleted) == {str(PLANTED["deleted after the win"]): ("deleted",)}
    assert parts(deleted) == -110_000

    reopened = compared(watched, "revenue", "503", "2026-05", "before the reopening", "reopened")
    assert named(reopened) == {str(PLANTED["reopened and won again"]): ("reopened",)}
    assert parts(reopened) == -70_000
    again = compared(watched, "revenue", "503", "2026-05", "before the reopening", "won again")
    assert named(again) == {str(PLANTED["reopened and won again"]): ("moved",)}
    in_june = compared(watched, "revenue", "503", "2026-06", "before the reopening", "won again")
    assert named(in_june)[str(PLANTED["reopened and won again"])] == ("moved",)

    lost = compared(watched, "win_rate", "504", "2026-06", "before the loss", "lost")
    whys = [one.whys for one in lost.differences if one.fact.record == f"deal:{PLANTED['reopened and lost']}"]
    assert whys == [("new",)]

    for kpi, user, month, since, until in (
        ("revenue", "505", "2026-06", "before the deletion", "deleted"),
        ("revenue", "503", "2026-06", "before the reopening", "won again"),
        ("calls", "501", "2026-05", "before the reassignment", "after the reassignment"),
        ("won_deals", "502", "2026-07", "before the edit", "edited"),
    ):
        found = compared(watched, kpi, user, month, since, until)
        assert found.before.value == reported(watched, kpi, user, month, CLOCKS[since])
        assert found.after.value == reported(watched, kpi, user, month, CLOCKS[until])
        assert found.before.value is not None
        assert found.after.value == found.before.value + parts(found)


def what_did_not(watched: Workbench) -> None:
    """Edits and handovers after the win are named though the number rightly stands."""
    edited = compared(watched, "revenue", "501", "2026-07", "before the edit", "edited")
    assert [(one.fact.record, one.change.kind) for one in edited.unmoved] == [
        (f"deal:{PLANTED['amount edited after the win']}", "price")
    ]
    assert "сумма изменена после закрытия: 80 000,00 → 20 000,00" in as_text(edited).replace("\u00a0", " ")

    handed = compared(watched, "revenue", "501", "2026-05", "before the reassignment", "after the reassignment")
    assert (handed.before.value, named(handed)) == (handed.after.value, {})
    (one,) = handed.unmoved
    assert (one.fact.record, one.change.kind) == (f"deal:{PLANTED['reassigned after the win']}", "owner")
    assert "передана после закрытия: Анна Белова → Борис Громов" in as_text(handed)
