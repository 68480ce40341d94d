"""Who may contest a number and who decides: one question, one function. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from connector.records import Team, User

Act = Literal["open", "withdraw", "decide"]
Denied = Literal["unknown", "left", "not_owner", "own", "not_head"]
WORDS: Mapping[Denied, str] = {
    "unknown": "{who} is no user of this account",
    "left": "{who} is not active in the CRM any more",
    "not_owner": "only {owner} may do that: it is in his numbers",
    "own": "{who} cannot decide over his own numbers; {heads}",
    "not_head": "{who} does not lead {owner}; {heads}",
}


def denied(act: Act, who: str, owner: str, users: Mapping[str, User], teams: Mapping[str, Team]) -> Denied | None:
    """Why this user may not do that with a record in the owner's numbers, None where he may.

    The owner opens and withdraws. A head of his team or of one above it decides, never the owner himself; where nobody
    leads him it is an administrator of the CRM.
    """
    actor = users.get(who)
    if actor is None:
        return "unknown"
    if not actor.active:
        return "left"
    if act != "decide":
        return None if who == owner else "not_owner"
    if who == owner:
        return "own"
    return None if who in deciders(owner, users, teams) else "not_head"


def deciders(owner: str, users: Mapping[str, User], teams: Mapping[str, Team]) -> tuple[str, ...]:
    """Who decides over this person's contests, by id: active heads of his teams, upwards; else administrators."""
    heads = [id for id in _heads(owner, users, teams) if id != owner and id in users and users[id].active]
    if not heads:
        heads = [id for id, user in users.items() if user.admin and user.active and id != owner]
    return tuple(sorted(set(heads), key=lambda id: (len(id), id)))


def _heads(owner: str, users: Mapping[str, User], teams: Mapping[str, Team]) -> list[str]:
    person = users.get(owner)
    found, waiting, seen = list[str](), list(person.team_ids if person else ()), set[str]()
    while waiting:
        at = waiting.pop()
        if at in seen or at not in teams:
            continue
        seen.add(at)
        found += teams[at].head_ids
        if (above := teams[at].parent_id) is not None:
            waiting.append(above)
    return found
