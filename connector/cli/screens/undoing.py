"""What an undo would return and, once it is done, whose values stand in the CRM again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import tzinfo

from connector.cli.screen import console, counted, local, say, wide
from connector.cli.screens.writing import by_level, put, show_pushed
from connector.cli.spoken import line
from connector.kpi.text import Language
from connector.pipeline.bench import Ended
from connector.pipeline.undoing import Returning
from connector.pipeline.writing import Pushed
from connector.writeback.preview import put_back

MOST = 20
"""Changes shown before the question."""


def show_returning(
    found: Mapping[str, Returning], languages: Mapping[str, Language], zones: Mapping[str, tzinfo]
) -> None:
    """On stderr, as the question is: which run of when, and field by field what stands there and what returns."""
    for name, one in found.items():
        language = languages[name]
        what = counted(by_level(one.shown.targets, language), language)
        key = "undo_none" if not what else "undo_returns" if one.undid is None else "undo_undoes"
        at = local(one.at, zones[name])
        say(f"{name}: {line(key, language, run=one.run, at=at, of=one.undid, what=what)}")
        if what:
            console(stderr=True).print(put_back(one.shown, MOST), width=wide(80))
        for stays, n in (("undo_completed", one.completed), ("undo_kept", one.superseded)):
            if n:
                say(f"{name}: {line(stays, language, run=one.run, n=n)}")


def show_undone(
    ended: Sequence[Ended[Pushed]],
    found: Mapping[str, Returning],
    languages: Mapping[str, Language],
    *,
    as_json: bool,
) -> None:
    """Which run is undone by which, whose values stand again and what stays; then what was written and was not."""
    for end in ended if not as_json else ():
        if end.value is None or end.value.delivery is None:
            continue
        one, delivery, language = found[end.account], end.value.delivery, languages[end.account]
        if delivery.written:
            key = "undone" if one.undid is None else "undone_undo"
            put(end.account, line(key, language, run=one.run, by=delivery.run, of=one.undid))
        for stays, n in (("undo_completed", one.completed), ("undo_kept", len(delivery.superseded))):
            if n:
                put(end.account, line(stays, language, run=one.run, n=n))
    show_pushed(ended, languages, as_json=as_json)
