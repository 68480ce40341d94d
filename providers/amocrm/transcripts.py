"""What was said in calls, where an integration wrote it down: amoCRM itself keeps no transcripts.

Telephony services leave them in the call's own note (`call_result`), in a note on the same card a little after the
call, or in a field of the deal that the options name. A text counts as a transcript where several of its lines name a
speaker, or where it is subtitles or JSON. Recordings: `link` of the call's note.
Source: crm/amocrm 3.7.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from connector.provider import Recording, Said
from connector.records import Call
from providers.amocrm.client import Client
from providers.amocrm.mapping.values import Row, label, moment, table
from providers.amocrm.mapping.work import CALLS
from providers.amocrm.merges import PATHS

NOTES = ("common", "service_message", "extended_service_message")
SOON = timedelta(hours=24)
"""How long after a call a note may still be its transcript."""
_CARDS = {"deal": "leads", **{kind: path for kind, path in PATHS.items() if kind in ("contact", "company", "customer")}}
_AT_ONCE = 50
_LIMIT = 250
_SPOKEN = re.compile(r"^\s*(?:[\[(]?\d{1,2}:\d{2}[^\w]*)?[^\W\d_][\w .()-]{0,40}(?::|\s[—–-])\s+\S", re.M)
_FEWEST = 3
"""Lines with a speaker that make a text a transcript."""


class Transcripts:
    """`field`: a deal's custom field that holds the last call's, by name or id."""

    def __init__(self, client: Client, field: str | None) -> None:
        self._client, self._field = client, field

    def transcripts(self, calls: Sequence[Call]) -> Iterator[Said]:
        """At most one for each call, from the surest place."""
        found: dict[str, str] = {}
        for entity, some in _by_card(calls).items():
            found |= dict(self._of_notes(entity, some))
        if self._field is not None:
            found = dict(self._of_field(calls)) | found
        yield from (Said(call.id, found[call.id]) for call in calls if call.id in found)

    def recordings(self, calls: Sequence[Call]) -> Iterator[Recording]:
        """The telephony's links."""
        wanted = {call.id for call in calls}
        for entity, some in _by_card(calls).items():
            for row in self._rows(entity, some, CALLS):
                url = label(table(row.get("params")).get("link"))
                if str(row.get("id")) in wanted and url.startswith("https://"):
                    yield Recording(str(row["id"]), url)

    def _of_notes(self, entity: str, calls: dict[str, list[Call]]) -> Iterator[tuple[str, str]]:
        """The call's own note before any other; a note that names a call's number before the time."""
        by_time: dict[str, str] = {}
        named: dict[str, str] = {}
        own: dict[str, str] = {}
        for row in self._rows(entity, calls, (*CALLS, *NOTES)):
            here, params = calls.get(str(row.get("entity_id")), []), table(row.get("params"))
            text = _lines(params.get("call_result" if row.get("note_type") in CALLS else "text"))
            if not here or not is_transcript(text):
                continue
            if row.get("note_type") in CALLS:
                own[str(row["id"])] = text
            elif (call := _named(here, text)) is not None:
                named[call.id] = text
            elif (call := _before(here, moment(row.get("created_at")))) is not None:
                by_time[call.id] = text
        yield from (by_time | named | own).items()

    def _of_field(self, calls: Sequence[Call]) -> Iterator[tuple[str, str]]:
        """A field holds the last call's words: earlier ones of that deal have none."""
        last: dict[str, Call] = {}
        for call in sorted(calls, key=lambda one: one.at):
            last |= {ref.partition(":")[2]: call for ref in call.on if ref.startswith("deal:")}
        for some in _parts(list(last)):
            for row in self._client.rows("leads", "leads", {"filter[id][]": some, "limit": _LIMIT}).rows:
                text = self._field_of(row)
                if is_transcript(text) and str(row.get("id")) in last:
                    yield last[str(row["id"])].id, text

    def _field_of(self, row: Row) -> str:
        for field in row.get("custom_fields_values") or ():
            if isinstance(field, dict) and self._field in (str(field.get("field_id")), label(field.get("field_name"))):
                values = field.get("values") or [{}]
                return _lines(table(values[0]).get("value"))
        return ""

    def _rows(self, entity: str, cards: Iterable[str], types: Sequence[str]) -> Iterator[Row]:
        """Notes of these cards, page by page."""
        for some in _parts(sorted(cards)):
            page, more = 1, True
            while more:
                asked: dict[str, Any] = {
                    "filter[entity_id][]": some, "filter[note_type][]": list(types), "page": page, "limit": _LIMIT,
                }  # fmt: skip
                answer = self._client.rows(f"{entity}/notes", "notes", asked)
                yield from (row for row in answer.rows if isinstance(row, dict) and "id" in row)
                page, more = page + 1, answer.more


def is_transcript(text: str) -> bool:
    """Whether several speakers' lines stand in it, or a machine's notation of such."""
    if " --> " in text or text.lstrip().startswith(("{", "[{")):
        return True
    return len(_SPOKEN.findall(text)) >= _FEWEST


def _lines(value: Any) -> str:
    """A text with its lines: `label` would run them together."""
    return value if isinstance(value, str) else ""


def _by_card(calls: Sequence[Call]) -> dict[str, dict[str, list[Call]]]:
    """By sort of card and its id."""
    found: dict[str, dict[str, list[Call]]] = defaultdict(lambda: defaultdict(list))
    for call in calls:
        kind, _, id_ = (call.on[0] if call.on else "").partition(":")
        if kind in _CARDS:
            found[_CARDS[kind]][id_].append(call)
    return found


def _named(calls: Sequence[Call], text: str) -> Call | None:
    head = text[:300]
    return next((call for call in calls if call.unique and call.unique in head), None)


def _before(calls: Sequence[Call], at: datetime | None) -> Call | None:
    """The last call that was over by then, not long ago."""
    if at is None:
        return None
    over = [call for call in calls if timedelta(0) <= at - call.at - timedelta(seconds=call.seconds) <= SOON]
    return max(over, key=lambda call: call.at, default=None)


def _parts(ids: Sequence[str]) -> Iterator[list[str]]:
    return (list(ids[first : first + _AT_ONCE]) for first in range(0, len(ids), _AT_ONCE))
