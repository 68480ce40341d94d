"""Where integrations leave transcripts in amoCRM: every place, whose call it is, and what is no transcript."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from connector.pretend.happenings import Called
from connector.provider import TellsRecordings, TellsTranscripts
from connector.records import Call
from providers.amocrm.provider import AmoCrm
from providers.amocrm.sandbox import Sandbox
from providers.amocrm.sandbox.rows import Note
from providers.amocrm.transcripts import is_transcript
from tests.amocrm.kits import provider
from tests.amocrm.small import ANNA, WON, at, small, unix

TALK = "Менеджер: Добрый день\nКлиент: Здравствуйте\nМенеджер: Подскажите, что нужно?\nКлиент: Дорого у вас"


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(small(), paced=False, transcripts=True) as made:
        made.happen(Called(at(50), 90010, "out", True, 100, ANNA, 701, WON))
        yield made


@pytest.fixture
def amo(sandbox: Sandbox) -> AmoCrm:
    return provider(sandbox.options)


def calls(amo: AmoCrm) -> list[Call]:
    amo.account()
    return [call for page in amo.pull(Call, None) for call in page.records if isinstance(call, Call)]


def said(amo: AmoCrm) -> dict[str, str]:
    return {one.call: one.text for one in amo.transcripts(calls(amo))}


def write(sandbox: Sandbox, id: int, text: str, hours: float, type_: str = "common") -> None:
    note = Note(
        id=id, entity_id=WON, responsible=ANNA, note_type=type_, params={"text": text}, created_by=ANNA,
        updated_by=ANNA, created_at=unix(hours), updated_at=unix(hours),
    )  # fmt: skip
    sandbox.world.add_note("leads", note)


def test_a_services_note_names_its_call(amo: AmoCrm) -> None:
    assert isinstance(amo, TellsTranscripts)
    assert isinstance(amo, TellsRecordings)
    told = said(amo)
    assert set(told) == {"90002", "90010"}
    assert told["90010"].startswith("Расшифровка звонка call-90010\nМенеджер: ")


def test_a_note_without_a_number_is_of_the_call_before_it(sandbox: Sandbox, amo: AmoCrm) -> None:
    for note in list(sandbox.world.notes["leads"]):
        if note.note_type.startswith("extended"):
            note.params = {"text": "Заявка с сайта"}
            note.seen.clear()
    write(sandbox, 5001, "Позвонил, договорились: перезвонить завтра", 1.4)
    write(sandbox, 5002, TALK, 1.5)
    write(sandbox, 5003, TALK.replace("Дорого", "Дёшево"), 49)  # two days after the one call and before the other
    assert said(amo) == {"90002": TALK}


def test_the_calls_own_result_comes_first(sandbox: Sandbox, amo: AmoCrm) -> None:
    row = sandbox.world.notes["leads"].get(90010)
    assert row is not None
    row.params = {**row.params, "call_result": TALK}
    row.seen.clear()
    assert said(amo)["90010"] == TALK


def test_recordings_are_the_telephonys_links(amo: AmoCrm) -> None:
    found = {one.call: one.url for one in amo.recordings(calls(amo))}
    assert found["90010"] == "https://pbx.example/90010.mp3"
    assert "90001" not in found
    assert "pbx" not in repr(list(amo.recordings(calls(amo))))


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        (TALK, True),
        ("1\n00:00:01,000 --> 00:00:02,000\nАлло", True),
        ('{"turns": []}', True),
        ("", False),
        ("Разговор состоялся", False),
        ("Итог: перезвонить", False),
    ],
)
def test_what_counts_as_one(text: str, is_one: bool) -> None:
    assert is_transcript(text) is is_one
