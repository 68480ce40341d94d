"""What a head decided, as the deal's card says it where the record was contested. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Literal

from connector.contest.values import Contest
from connector.moment import Zone, local_day

LONGEST = 250
"""Characters: a text field of amoCRM takes no more than 256."""
_DECIDED = {
    "ru": {"accepted": "Принято", "declined": "Отклонено"},
    "en": {"accepted": "Accepted", "declined": "Declined"},
}
_PART = {"ru": " (в части показателей)", "en": " (a part of it)"}


def answers(
    known: Iterable[Contest], names: Mapping[str, str], zone: Zone, language: Literal["ru", "en"]
) -> dict[str, str | None]:
    """By deal: the decision over the newest contest of it, None while there is none or it was taken back."""
    newest: dict[str, Contest] = {}
    for one in known:
        kind, _, id = one.ruling.about.partition(":")
        if kind == "deal" and (id not in newest or one.id > newest[id].id):
            newest[id] = one
    return {id: _answer(one, names, zone, language) for id, one in sorted(newest.items())}


def _answer(one: Contest, names: Mapping[str, str], zone: Zone, language: Literal["ru", "en"]) -> str | None:
    """`Отклонено 12.09.2026, Ирина Лаврова: договор подписан`."""
    if one.state not in ("accepted", "declined"):
        return None
    verdict = one.verdicts[-1]
    day = local_day(verdict.at, zone)
    told = f"{day:%d.%m.%Y}" if language == "ru" else day.isoformat()
    part = _PART[language] if one.state == "accepted" and verdict.kinds else ""
    text = f"{_DECIDED[language][one.state]}{part} {told}, {names.get(verdict.by, verdict.by)}: {verdict.reason}"
    flat = " ".join(text.split())
    return flat if len(flat) <= LONGEST else flat[: LONGEST - 1].rstrip() + "…"
