"""What a report looks at: up to when, and how old an open deal is by then."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, cast

import pytest

from connector.config import Rules
from connector.kpi.chance import Chances
from connector.kpi.look import look
from connector.moment import Period, to_ms

SEPTEMBER = Period.parse("2026-09")


class Asked:
    """Chances that tell what they were asked."""

    def of(self, stage: str | None, stood: float, ahead: float) -> Any:
        return stage, stood, ahead


def ms(*told: int) -> int:
    return to_ms(datetime(*told, tzinfo=UTC))  # type: ignore[arg-type]  # no zone among them


@pytest.mark.parametrize(
    ("judged", "stood", "ahead"),
    [(ms(2026, 9, 11, 9), 6, 19.5), (ms(2026, 9, 30, 21), 25.5, 0), (ms(2026, 10, 20), 25.5, 0)],
    ids=["within", "at its end", "over"],
)
def test_a_chance_is_of_the_days_stood_and_of_those_left(judged: int, stood: float, ahead: float) -> None:
    """A deal on its stage since noon of the fifth in Moscow; September ends there at 21:00 of Greenwich."""
    chances = cast(Chances, Asked())
    seen = look(1, SEPTEMBER, zone="Europe/Moscow", judged_at=judged, as_of=None, rules=Rules(), chances=chances)
    assert seen.limits.chance("1/new", ms(2026, 9, 5, 9)) == ("1/new", stood, ahead)


def test_without_chances_there_is_none() -> None:
    seen = look(1, SEPTEMBER, zone="Europe/Moscow", judged_at=0, as_of=None, rules=Rules())
    assert seen.limits.chance("1/new", 0) is None


def test_the_end_of_a_period_has_come_when_the_data_reaches_it() -> None:
    """What stood then is asked of the end itself, and while it has not come of now."""
    end = ms(2026, 9, 30, 21)
    stood = {
        judged: look(1, SEPTEMBER, zone="Europe/Moscow", judged_at=judged, as_of=None, rules=Rules()).stood_at
        for judged in (end - 1, end, end + 1)
    }
    assert stood == {end - 1: None, end: end, end + 1: end}


def test_a_period_names_its_own_ends() -> None:
    told = look(1, SEPTEMBER, zone="Europe/Moscow", judged_at=ms(2026, 9, 11), as_of=None, rules=Rules()).limits
    for known in (told.happened, told.stands):
        assert (known["period_start"], known["period_end"]) == (ms(2026, 8, 31, 21), ms(2026, 9, 30, 21))


def test_what_stands_and_what_happened_are_asked_for_apart() -> None:
    seen = look(1, SEPTEMBER, zone="Europe/Moscow", judged_at=ms(2026, 10, 2), as_of=None, rules=Rules())
    happened, stands = (
        " and ".join(str(one.compile(compile_kwargs={"literal_binds": True})) for one in seen.where(standing=standing))
        for standing in (False, True)
    )
    assert "fact.day >= 20260901 and fact.day < 20261001" in happened
    assert "fact.day = 99991231" in stands and "20260901" not in stands
    assert (seen.known(standing=False), seen.known(standing=True)) == (None, ms(2026, 9, 30, 21))
