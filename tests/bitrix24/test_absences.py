"""Who is away, as people's calendars say it: whole days marked absent, nobody's private words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from connector.errors import Broken, Forbidden
from connector.provider import TellsAbsences
from connector.records import Absence
from providers.bitrix24 import connect
from providers.bitrix24.absences import absences
from providers.bitrix24.batch import Reply
from providers.bitrix24.provider import Bitrix24

Portal = Callable[..., tuple[Any, Bitrix24]]
JULY = (date(2026, 7, 1), date(2026, 7, 31))


def event(first: str, last: str, how: str = "absent", whole: str = "Y") -> dict[str, str]:
    return {
        "ID": "1", "NAME": "К врачу", "DATE_FROM": first, "DATE_TO": last, "DT_SKIP_TIME": whole, "ACCESSIBILITY": how,
    }  # fmt: skip


def asking(provider: Bitrix24) -> Bitrix24:
    """The same with the option on."""
    options = provider.kit.options.model_copy(update={"absences": True})
    return connect(replace(provider.kit, options=options))


def test_whole_days_marked_absent_and_nothing_else(portal: Portal) -> None:
    told = {
        501: [
            event("06.07.2026", "19.07.2026"), event("27.07.2026", "02.08.2026"),
            event("20.07.2026", "20.07.2026", how="busy"),
            event("21.07.2026 10:00:00", "21.07.2026 12:00:00", whole="N"),
        ],
        502: [event("01.06.2026", "30.06.2026"), event("01.08.2026", "03.08.2026")],
    }  # fmt: skip
    _, provider = portal(calendars=told)
    found = asking(provider).absences(*JULY)
    assert found == [
        Absence.of("501", "other", date(2026, 7, 6), date(2026, 7, 19)),
        Absence.of("501", "other", date(2026, 7, 27), date(2026, 8, 2)),
    ]
    assert "К врачу" not in repr(found)


def test_many_months_of_many_people_are_few_requests_and_each_absence_once(portal: Portal) -> None:
    _, provider = portal(calendars={501: [event("25.06.2026", "05.08.2026")]})
    asked = asking(provider)
    asked.account()
    before = asked.requests
    found = asked.absences(date(2026, 5, 1), date(2026, 12, 31))
    assert found == [Absence.of("501", "other", date(2026, 6, 25), date(2026, 8, 5))]
    assert asked.requests - before <= 2


def test_nobody_is_asked_unless_the_options_say_so(portal: Portal) -> None:
    _, provider = portal(calendars={501: [event("06.07.2026", "19.07.2026")]})
    assert isinstance(provider, TellsAbsences)
    provider.account()
    before = provider.requests
    assert provider.absences(*JULY) is None
    assert provider.requests == before


def test_without_the_scope_it_is_forbidden(portal: Portal) -> None:
    sandbox, provider = portal()
    sandbox.switches.scopes = sandbox.switches.scopes - {"calendar"}
    with pytest.raises(Forbidden):
        asking(provider).absences(*JULY)


class Told:
    """A client whose every answer is this."""

    def __init__(self, result: Any) -> None:
        self.result, self.notes = result, list[str]()
        self.noticed = self.notes.append
        self.http = type("Http", (), {"where": "acme"})

    def each(self, commands: Any) -> dict[str, Reply]:
        return {name: Reply(self.result, None) for name in commands}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        ("2026-07-06", "2026-07-07", (6, 7)),
        ("06.07.2026 00:00:00", "07.07.2026 00:00:00", (6, 7)),
        ("07/06/2026", "07/07/2026", None),
        ("07.07.2026", "06.07.2026", None),
        ("", "06.07.2026", None),
    ],
)
def test_days_as_portals_write_them(first: str, last: str, days: tuple[int, int] | None) -> None:
    client = Told({"501": [event(first, last)], "7": [], "8": "", "9": [None]})
    found = absences(client, ["501"], *JULY)  # type: ignore[arg-type]
    assert [(one.first.day, one.last.day) for one in found] == ([days] if days else [])
    assert bool(client.notes) is (days is None)


def test_an_answer_of_another_shape_is_broken() -> None:
    with pytest.raises(Broken):
        absences(Told("soon"), ["501"], *JULY)  # type: ignore[arg-type]
