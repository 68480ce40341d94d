"""What was said in calls (crm.activity.call.getTranscript, since 2026), and where their recordings lie.

A call of the statistics knows its activity (CRM_ACTIVITY_ID); the transcript is the activity's. The answer is null
while there is none, and asking does not make one. Recordings: CALL_RECORD_URL where the telephony gave one, else the
file in Drive (RECORD_FILE_ID, disk.file.get). Fact sheet 3.7, 3.8.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from connector.errors import Forbidden, KpiError, NotThere, Refused
from connector.provider import Recording, Said
from connector.records import Call
from providers.bitrix24 import php
from providers.bitrix24.batch import MOST, PAGE, Command
from providers.bitrix24.client import Client
from providers.bitrix24.lane import Row

_METHOD = "crm.activity.call.getTranscript"
_BY_ACTIVITY = "activity-"
"""Before the ids of calls that were read from activities."""


def transcripts(client: Client, calls: Sequence[Call]) -> Iterator[Said]:
    """Those of these calls that there are. Raises Forbidden where the portal lets us read none of them."""
    activities = _activities(client, calls)
    names = list(activities)
    for first in range(0, len(names), MOST):
        some = names[first : first + MOST]
        commands = {f"c{n}": Command(_METHOD, {"activityId": activities[name]}) for n, name in enumerate(some)}
        answers = client.read(commands)
        refused = [told for told in answers.values() if isinstance(told, Forbidden)]
        if refused and len(refused) == len(answers):
            raise refused[0]
        for n, name in enumerate(some):
            told = answers[f"c{n}"]
            if isinstance(told, KpiError):
                if not isinstance(told, Refused):
                    raise told
                continue
            if (text := _text(told.result)) is not None:
                yield Said(name, text)


def recordings(client: Client, calls: Sequence[Call]) -> Iterator[Recording]:
    """Those of these calls that were recorded; calls known by their activities alone tell none."""
    rows = _statistics(client, [call.id for call in calls if not call.id.startswith(_BY_ACTIVITY)])
    files: dict[str, str] = {}
    for name, row in rows.items():
        url, file = row.get("CALL_RECORD_URL"), php.key(row.get("RECORD_FILE_ID"))
        if isinstance(url, str) and url.startswith("https://"):
            yield Recording(name, url)
        elif file is not None:
            files[name] = file
    yield from _in_drive(client, files)


def _in_drive(client: Client, files: Mapping[str, str]) -> Iterator[Recording]:
    """Signed addresses of files, by call."""
    names = list(files)
    for first in range(0, len(names), MOST):
        some = names[first : first + MOST]
        answers = client.read({f"c{n}": Command("disk.file.get", {"id": files[name]}) for n, name in enumerate(some)})
        for n, name in enumerate(some):
            told = answers[f"c{n}"]
            if isinstance(told, Forbidden):
                raise told
            if not isinstance(told, KpiError) and isinstance(told.result, dict):
                url = told.result.get("DOWNLOAD_URL")
                if isinstance(url, str) and url.startswith("https://"):
                    yield Recording(name, url)


def _text(result: object) -> str | None:
    text = result.get("transcription") if isinstance(result, dict) else None
    return text if isinstance(text, str) and text.strip() else None


def _activities(client: Client, calls: Sequence[Call]) -> Mapping[str, str]:
    """Ids of activities by ids of calls."""
    direct = {call.id: call.id.removeprefix(_BY_ACTIVITY) for call in calls if call.id.startswith(_BY_ACTIVITY)}
    rows = _statistics(client, [call.id for call in calls if call.id not in direct])
    known = {name: php.key(row.get("CRM_ACTIVITY_ID")) for name, row in rows.items()}
    return direct | {name: activity for name, activity in known.items() if activity is not None}


def _statistics(client: Client, ids: Sequence[str]) -> dict[str, Row]:
    """Rows of the call statistics by id."""
    parts = [list(ids[first : first + PAGE]) for first in range(0, len(ids), PAGE)]
    commands = {
        f"s{n}": Command("voximplant.statistic.get", {"FILTER": {"ID": part}, "SORT": "ID", "ORDER": "ASC"})
        for n, part in enumerate(parts)
    }
    try:
        replies = client.each(commands) if commands else {}
    except NotThere:
        return {}
    found = [row for reply in replies.values() for row in php.rows(reply.result)]
    return {str(row["ID"]): row for row in found if isinstance(row, dict) and "ID" in row}
