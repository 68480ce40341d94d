"""About what there is no task, and why, in the words that people know. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from connector.advice.feedback.alerts import KPI
from connector.advice.feedback.telling import title
from connector.cli.spoken import line
from connector.kpi.text import Language, Text

MOST = 5
"""Named of those for whom the reason is the same."""
_MORE = Text("и ещё {n}", "{n} more")
_KINDS = {
    "deal": Text("сделка {id}", "deal {id}"),
    "lead": Text("лид {id}", "lead {id}"),
    "call": Text("звонок {id}", "call {id}"),
    "contact": Text("контакт {id}", "contact {id}"),
    "company": Text("компания {id}", "company {id}"),
}


def untold(silent: Mapping[str, Text], names: Mapping[str, str], language: Language) -> Iterator[str]:
    """A line for each reason.

    `silent`: `user:501`, `user:501:csat`, `deal:7318:stuck_deal` -> why; `names`: of users.
    """
    found: dict[Text, list[str]] = {}
    for about, why in silent.items():
        found.setdefault(why, []).append(_about(about, names, language))
    for why, some in found.items():
        more = [_MORE(language).format(n=len(some) - MOST)] if len(some) > MOST else []
        yield line("no_task", language, who=", ".join([*some[:MOST], *more]), why=why(language))


def _about(key: str, names: Mapping[str, str], language: Language) -> str:
    kind, _, rest = key.partition(":")
    id, _, kpi = rest.partition(":")
    who = names.get(id, id) if kind == "user" else _KINDS[kind](language).format(id=id) if kind in _KINDS else key
    about = title({str(what): one for what, one in KPI.items()}.get(kpi, kpi), language) if kpi else ""
    return f"{who} — {about}" if about else who
