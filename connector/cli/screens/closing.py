"""What closing prints: what was frozen, who did what when, and corrections."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from connector.cli.screen import fail_if_any, out, print_json
from connector.moment import Zone, from_ms, zone_of
from connector.pipeline import Closed, Ended
from connector.redact import redact
from connector.store.tables import ClosingRow


def show_closed(ended: Sequence[Ended[Closed]], *, as_json: bool) -> None:
    """How many numbers of which month."""
    if as_json:
        print_json([_closed_json(end) for end in ended])
    else:
        for end in ended:
            if end.value is not None:
                done = end.value
                out.print(
                    f"{end.account}: {done.period} closed on {done.at:%Y-%m-%d %H:%M}: {done.values} numbers"
                    f" (version {done.version})",
                    markup=False,
                    soft_wrap=True,
                )
    fail_if_any(ended)


def show_reopened(ended: Sequence[Ended[ClosingRow]], *, as_json: bool) -> None:
    """Which month follows changes again."""
    if as_json:
        print_json([{"account": end.account} | (_row_json(end.value) if end.value else _error(end)) for end in ended])
    else:
        for end in ended:
            if end.value is not None:
                told = f"{end.account}: {end.value.period} is open again (version {end.value.version})"
                out.print(told, markup=False, soft_wrap=True)
    fail_if_any(ended)


def show_history(found: Sequence[tuple[str, Zone, Sequence[ClosingRow], Mapping[int, bool]]], *, as_json: bool) -> None:
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
        for place, row in enumerate(rows):
            when = f"{from_ms(row.at).astimezone(zone_of(zone)):%Y-%m-%d %H:%M}"
            proof = {True: "; its proof is sound", False: "; ITS PROOF IS BROKEN", None: ""}[sound.get(place)]
            told = f"{name}: {row.period} {row.what} {when} by {row.author} (version {row.version}){proof}"
            out.print(f"{told}: {row.reason}" if row.reason else told, markup=False, soft_wrap=True)
        if not rows:
            out.print(f"{name}: no month was closed yet", markup=False)


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
