"""From who was away to facts: imported, told by the CRM, and only the concerned clients derived anew."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from connector.config import AccountSettings
from connector.errors import BadConfig, Forbidden
from connector.pipeline.bench import Workbench
from connector.pipeline.calendars import absences_of, import_absences
from connector.pipeline.reading import sync_and_derive
from connector.records import Absence, Call, Lead, Pipeline, Stage, Team, User
from connector.store import facts, notices
from connector.store.engine import Store
from connector.testing import FakeProvider
from connector.testing.world import World
from tests.sync.worlds import enroll

NOW = datetime(2026, 9, 14, 9, tzinfo=UTC)
ASKED = datetime(2026, 9, 7, 6, tzinfo=UTC)
"""Monday, 09:00 in Moscow; the call comes on Tuesday at 10:00."""
HOUR = 3600


class Telling(FakeProvider):
    """A CRM that knows who is away."""

    told: Sequence[Absence] | None = ()
    error: Exception | None = None
    asked: list[tuple[date, date]]

    def absences(self, first: date, last: date) -> Sequence[Absence] | None:
        self.asked.append((first, last))
        if self.error is not None:
            raise self.error
        return self.told


def bench_of(store: Store, **rules: Any) -> Workbench:
    world = World(NOW)
    for record in (
        Team(id="7", name="Юг"), Team(id="8", name="Север"), User(id="501", name="Анна", team_ids=("7",)),
        User(id="502", name="Борис", team_ids=("8",)), Pipeline(id="1", name="Продажи"),
        Stage(id="1/1", name="Новая", pipeline_id="1"),
    ):  # fmt: skip
        world.add(record)
    for user in ("501", "502"):
        ref = f"contact:{user}"
        world.put(
            Lead(id=user, created_at=ASKED, owner_id=user, pipeline_id="1", clients=(ref,), updated_at=NOW),
            Call(id=user, at=ASKED + timedelta(hours=25), direction="out", answered=True, seconds=60, user_id=user,
                 on=(ref,), updated_at=NOW),
        )  # fmt: skip
    provider = Telling(world)
    provider.asked = []
    settings = AccountSettings.model_validate({"name": "acme", "provider": "fake", "rules": {"holidays": ""} | rules})
    return Workbench(settings, store, enroll(store), provider, lambda: NOW)


def waited(bench: Workbench) -> dict[str | None, float | None]:
    """Working seconds to the first call, by owner."""
    with bench.store.read() as conn:
        found = facts.read(conn, bench.account, ["contact:501", "contact:502"])
    return {fact.user: fact.number for fact in found if fact.kind == "enquiry"}


def test_office_hours_of_the_team(store: Store) -> None:
    bench = bench_of(store, office=[{"team": "юг", "hours": "10:00-15:00"}])
    sync_and_derive(bench)
    assert waited(bench) == {"501": 5 * HOUR, "502": 10 * HOUR}


def test_another_office_derives_only_its_people_anew(store: Store) -> None:
    bench = bench_of(store)
    sync_and_derive(bench)
    assert waited(bench) == {"501": 10 * HOUR, "502": 10 * HOUR}
    office = {"holidays": "", "office": [{"team": "7", "hours": "10:00-15:00"}]}
    bench.settings = bench.settings.model_validate(bench.settings.model_dump() | {"rules": office})
    done = sync_and_derive(bench)
    assert waited(bench) == {"501": 5 * HOUR, "502": 10 * HOUR}
    assert done.dossiers == 1
    assert sync_and_derive(bench).dossiers == 0


def test_an_absence_of_a_file_pauses_the_owners_clock_and_the_past_stays(store: Store, tmp_path: Path) -> None:
    bench = bench_of(store)
    sync_and_derive(bench)
    before = bench.now()
    bench.clock = lambda: NOW + timedelta(minutes=5)
    file = tmp_path / "away.csv"
    file.write_text("ФИО;С;По;Вид\nанна;07.09.2026;;Больничный\n", "cp1251")
    assert import_absences(bench, file) == (1, 0)
    assert import_absences(bench, file) == (0, 0)
    done = sync_and_derive(bench)
    assert (done.dossiers, waited(bench)) == (1, {"501": HOUR, "502": 10 * HOUR})
    with bench.store.read() as conn:
        then = facts.read(conn, bench.account, ["contact:501"], as_of=before)
    assert [fact.number for fact in then if fact.kind == "enquiry"] == [10 * HOUR]
    known, names = absences_of(bench)
    assert [(one.user_id, one.what, source) for one, source in known] == [("501", "sick", "csv")]
    assert names["501"] == "Анна"


def test_a_file_with_bad_lines_gives_nothing_and_names_them_all(store: Store, tmp_path: Path) -> None:
    bench = bench_of(store)
    file = tmp_path / "away.csv"
    file.write_text("user,from\nАнна,2026-09-07\nНикто,2026-09-07\nАнна,завтра\n")
    with pytest.raises(BadConfig, match="nobody is known yet"):
        import_absences(bench, file)
    sync_and_derive(bench)
    with pytest.raises(BadConfig, match=r"line 3: .*\n.*line 4: "):
        import_absences(bench, file)
    with pytest.raises(BadConfig, match="No such file"):
        import_absences(bench, tmp_path / "none.csv")
    assert absences_of(bench)[0] == []


def test_a_crm_that_knows_is_asked_once_a_day(store: Store) -> None:
    bench = bench_of(store)
    provider = bench.provider
    assert isinstance(provider, Telling)
    provider.told = [Absence.of("502", "other", date(2026, 9, 7), date(2026, 9, 7))]
    sync_and_derive(bench)
    sync_and_derive(bench)
    assert provider.asked == [(date(2026, 6, 14), date(2027, 3, 16))]
    assert waited(bench) == {"501": 10 * HOUR, "502": HOUR}
    bench.clock, provider.told = lambda: NOW + timedelta(days=1), []
    sync_and_derive(bench)
    assert waited(bench) == {"501": 10 * HOUR, "502": 10 * HOUR}
    assert len(provider.asked) == 2


def test_a_crm_that_refuses_stops_no_sync(store: Store) -> None:
    bench = bench_of(store)
    provider = bench.provider
    assert isinstance(provider, Telling)
    provider.error = Forbidden("no scope calendar")
    assert sync_and_derive(bench).problems == []

    def told() -> list[str]:
        with store.read() as conn:
            return [one.text for one in notices.all(conn, bench.account) if one.code == "absences"]

    assert told() == ["absences of the CRM: no scope calendar"]
    sync_and_derive(bench)
    assert len(provider.asked) == 1
    provider.error, bench.clock = None, lambda: NOW + timedelta(days=1)
    sync_and_derive(bench)
    assert told() == []


def test_the_calendar_is_laid_out_once_and_anew_where_rules_change(store: Store) -> None:
    bench = bench_of(store)
    first = bench.calendar()
    assert first.is_working(NOW.date())
    assert bench.calendar() is first, "each request asks for it"
    bench.settings = bench.settings.model_validate(
        bench.settings.model_dump() | {"rules": {"holidays": "", "days_off": [NOW.date().isoformat()]}}
    )
    assert not bench.calendar().is_working(NOW.date())
