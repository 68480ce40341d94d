"""Transcripts of calls by their activities, refusals, and where recordings lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from connector.errors import Forbidden
from connector.provider import TellsRecordings, TellsTranscripts
from connector.records import Call
from providers.bitrix24.batch import Reply
from providers.bitrix24.provider import Bitrix24
from providers.bitrix24.transcripts import recordings

Portal = Callable[..., tuple[Any, Bitrix24]]


def calls(provider: Bitrix24, last: int) -> list[Call]:
    found = [call for page in provider.pull(Call, None) for call in page.records if isinstance(call, Call)]
    return found[-last:]


def test_what_was_said_comes_by_the_calls_activity(portal: Portal) -> None:
    box, provider = portal()
    assert isinstance(provider, TellsTranscripts)
    assert isinstance(provider, TellsRecordings)
    some = calls(provider, 120)
    before = provider.requests
    told = {one.call: one.text for one in provider.transcripts(some)}
    assert provider.requests - before <= 4
    talked = {call.id for call in some if call.answered and call.seconds >= 30}
    assert set(told) == talked
    assert len(talked) > 20
    assert all("Менеджер: " in text and "Клиент: " in text for text in told.values())
    rows = {str(row.id): row for row in box.portal.calls.rows.values()}
    one = next(iter(told))
    assert told[one] == box.portal.said(rows[one].activity)
    assert list(recordings(provider.client, some)) == []


def test_the_same_without_the_statistics(portal: Portal) -> None:
    _, provider = portal(call_statistics=False)
    some = calls(provider, 40)
    assert all(call.id.startswith("activity-") for call in some)
    assert {one.call for one in provider.transcripts(some)} == {
        call.id for call in some if call.answered and call.seconds >= 30
    }


def test_where_the_processing_of_calls_is_off(portal: Portal) -> None:
    _, provider = portal(transcripts=False)
    some = calls(provider, 5)
    with pytest.raises(Forbidden):
        list(provider.transcripts(some))


class Rest:
    """Answers as the documents show it."""

    def __init__(self, told: dict[str, Any]) -> None:
        self.told = told

    def each(self, commands: Any) -> dict[str, Reply]:
        return {name: Reply(self.told["statistics"], None) for name in commands}  # type: ignore[arg-type]

    def read(self, commands: Any) -> dict[str, Any]:
        return {
            name: Reply(self.told[f"{command.method}:{command.parameters['id']}"], None)  # type: ignore[arg-type]
            for name, command in commands.items()
        }


def test_recordings_by_link_or_file(portal: Portal) -> None:
    _, provider = portal()
    some = calls(provider, 4)
    ids = [call.id for call in some]
    rows = [
        {"ID": ids[0], "CALL_RECORD_URL": "https://pbx.example.ru/1.mp3", "RECORD_FILE_ID": 9},
        {"ID": ids[1], "CALL_RECORD_URL": None, "RECORD_FILE_ID": 9079},
        {"ID": ids[2], "CALL_RECORD_URL": "http://pbx.example.ru/3.mp3", "RECORD_FILE_ID": None},
        {"ID": ids[3]},
    ]
    rest = Rest({"statistics": rows, "disk.file.get:9079": {"DOWNLOAD_URL": "https://acme.bitrix24.ru/d?sign=x"}})
    found = {one.call: one.url for one in recordings(rest, some)}  # type: ignore[arg-type]
    assert found == {ids[0]: "https://pbx.example.ru/1.mp3", ids[1]: "https://acme.bitrix24.ru/d?sign=x"}
