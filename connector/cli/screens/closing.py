"""What closing prints: what was frozen, who did what when, and corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connector.cli.screen import Spoken, fail_if_any, of, out, print_json
from connector.kpi.text import Language, Text
from connector.moment import Zone, from_ms, zone_of
from connector.pipeline.bench import Ended
from connector.pipeline.closing import Closed
from connector.redact import redact
from connector.store.tables import ClosingRow

_CLOSED = Text(
    "{name}: {period} закрыт {at}: чисел {values} (версия {version})",
    "{name}: {period} closed on {at}: {values} numbers (version {version})",
)
_REOPENED = Text(
    "{name}: {period} снова открыт (версия {version})", "{name}: {period} is open again (version {version})"
)
_DONE = Text(
    "{name}: {period} {what} {at}, {author} (версия {version})",
    "{name}: {period} {what} {at} by {author} (version {version})",
)
_WHAT = {"closed": Text("закрыт", "closed"), "reopened": Text("открыт заново", "reopened")}
_PROOF = {
    True: Text("; доказательство цело", "; its proof is sound"),
    False: Text("; ДОКАЗАТЕЛЬСТВО НЕ СХОДИТСЯ", "; ITS PROOF IS BROKEN"),
    None: Text("", ""),
}
_NONE = Text("{name}: ни один месяц ещё не закрывали", "{name}: no month was closed yet")


def show_closed(ended: Sequence[Ended[Closed]], spoken: Spoken, *, as_json: bool) -> None:
    """How many numbers of which month."""
    if as_json:
        print_json([_closed_json(end) for end in ended])
    else:
        for end in ended:
            if end.value is not None:
                done = end.value
                told = {"period": done.period, "at": f"{done.at:%Y-%m-%d %H:%M}", "values": done.values}
                line = _CLOSED(of(spoken, end.account)).format(name=end.account, version=done.version, **told)
                out.print(line, markup=False, soft_wrap=True)
    fail_if_any(ended, spoken)


def show_reopened(ended: Sequence[Ended[ClosingRow]], spoken: Spoken, *, as_json: bool) -> None:
    """Which month follows changes again."""
    if as_json:
        print_json([{"account": end.account} | (_row_json(end.value) if end.value else _error(end)) for end in ended])
    else:
        for end in ended:
            if end.value is not None:
                told = {"name": end.account, "period": end.value.period, "version": end.value.version}
                out.print(_REOPENED(of(spoken, end.account)).format(**told), markup=False, soft_wrap=True)
    fail_if_any(ended, spoken)


def show_history(
    found: Sequence[tuple[str, Zone, Sequence[ClosingRow], Mapping[int, bool]]], spoken: Spoken, *, as_json: bool
) -> None:
    """Every closing and reopening; with proofs where they were asked for, by the row's place."""
    if as_json:
        print_json(
            [
                {"account": name} | _row_json(row) | ({"sound": sound[place]} if place in sound else {})
                for name, _, rows, sound in found
                for place, row in enumerate(rows)
            ]
        )
        return
    for name, zone, rows, sound in found:
        language = of(spoken, name)
        for place, row in enumerate(rows):
            told = f"{_line(name, row, zone, language)}{_PROOF[sound.get(place)](language)}"
            out.print(f"{told}: {row.reason}" if row.reason else told, markup=False, soft_wrap=True)
        if not rows:
            out.print(_NONE(language).format(name=name), markup=False)


def _line(name: str, row: ClosingRow, zone: Zone, language: Language) -> str:
    at = f"{from_ms(row.at).astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"
    what = _WHAT[row.what](language) if row.what in _WHAT else row.what
    told = {"period": row.period, "what": what, "author": row.author, "version": row.version}
    return _DONE(language).format(name=name, at=at, **told)


def _closed_json(end: Ended[Closed]) -> dict[str, Any]:
    done = end.value
    if done is None:
        return {"account": end.account} | _error(end)
    at = done.at.isoformat()
    return {
        "account": end.account,
        "period": done.period,
        "version": done.version,
        "closed_at": at,
        "values": done.values,
    }


def _row_json(row: ClosingRow) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("period", "version", "what", "author", "reason", "digest")}
    return told | {"at": from_ms(row.at).isoformat()}


def _error(end: Ended[Any]) -> dict[str, Any]:
    return {"error": redact(str(end.error))}
