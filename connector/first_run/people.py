"""Who is in which team, and who leads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from connector.first_run.seen import Proposal, Seen
from connector.kpi.text import Text


def heads(seen: Seen) -> Iterator[Proposal]:
    """Where the CRM does not say who leads: nobody is guessed, who might is listed."""
    owned = Counter(deal.owner_id for deal in seen.deals)
    for team in seen.teams:
        people = [user for user in seen.users if team.id in user.team_ids and user.active]
        names = ", ".join(f"{user.name} ({user.id}): {owned[user.id]}" for user in people)
        if team.head_ids:
            known = ", ".join(user.name for user in seen.users if user.id in team.head_ids)
            yield Proposal("", None, Text(f"{team.name}: руководит {known}", f"{team.name}: led by {known}"))
        elif people:
            told = Text(
                f"{team.name}: CRM не говорит, кто руководит; люди и число их сделок: {names}",
                f"{team.name}: the CRM does not say who leads; people and how many deals: {names}",
            )
            yield Proposal(f"heads.{team.name}", (), told, sure=False)
