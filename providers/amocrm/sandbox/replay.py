"""The company's happenings, turned into amoCRM's terms up to a moment and no further."""

from __future__ import annotations

import gc
from collections.abc import Callable
from datetime import datetime
from typing import Any

from connector.pretend.happenings import (
    Called,
    ClientCame,
    Company,
    Deleted,
    Enquired,
    Happening,
    Hired,
    LeftCompany,
    MeetingHeld,
    MeetingPlanned,
    Moved,
    PipelineMade,
    Priced,
    Rated,
    Reassigned,
    Refunded,
    Renamed,
    Rescheduled,
    Restored,
    TaskDone,
    TaskSet,
    TeamMade,
)
from providers.amocrm.sandbox.founding import STAGES, Founding, seconds, status_id
from providers.amocrm.sandbox.replay_activity import Activity
from providers.amocrm.sandbox.replay_cards import Cards
from providers.amocrm.sandbox.rows import Pipeline, Status, User
from providers.amocrm.sandbox.world import World

HEAD_ROLE, SELLER_ROLE = 1, 2


class Replay:
    """Walks the plan once, in time order; `until` may be called again and again with later moments."""

    def __init__(self, world: World, company: Company, *, transcripts: bool = False) -> None:
        self._world, self._next, self._plan = world, 0, company.happenings
        cards, activity = (
            Cards(world, company, Founding(world, company)),
            Activity(world, company, transcripts=transcripts),
        )
        self._do: dict[type[Happening], Callable[[Any, int], None]] = {
            TeamMade: self._team, Hired: self._hired, LeftCompany: self._left, PipelineMade: self._pipeline,
            ClientCame: cards.client, Enquired: cards.enquired, Moved: cards.moved, Priced: cards.priced,
            Reassigned: cards.reassigned, Renamed: cards.renamed, Rated: cards.rated, Refunded: cards.refunded,
            Deleted: cards.deleted, Restored: cards.restored, Called: activity.called,
            MeetingPlanned: activity.planned, MeetingHeld: activity.held, TaskSet: activity.task_set,
            Rescheduled: activity.rescheduled, TaskDone: activity.task_done,
        }  # fmt: skip

    def until(self, now: datetime) -> int:
        """Let everything up to and including `now` happen; returns how much did."""
        first, plan = self._next, self._plan
        if first >= len(plan) or plan[first].at > now:
            return 0
        collecting = gc.isenabled()
        gc.disable()  # a million small objects that all stay: the collector would only look at them again and again
        try:
            while self._next < len(plan) and plan[self._next].at <= now:
                self.happen(plan[self._next])
                self._next += 1
        finally:
            if collecting:
                gc.enable()
        return self._next - first

    def happen(self, happening: Happening) -> None:
        """This one, now."""
        self._do[type(happening)](happening, seconds(happening.at))

    def _team(self, happening: TeamMade, at: int) -> None:
        self._world.groups[happening.team] = happening.name

    def _hired(self, happening: Hired, at: int) -> None:
        role = HEAD_ROLE if happening.head else SELLER_ROLE
        self._world.users[happening.user] = User(
            id=happening.user, name=happening.name, group=happening.team, role=role, admin=happening.admin
        )

    def _left(self, happening: LeftCompany, at: int) -> None:
        self._world.users[happening.user].active = False

    def _pipeline(self, happening: PipelineMade, at: int) -> None:
        pipelines = self._world.pipelines
        statuses = [
            Status(
                id=status_id(happening.pipeline, word),
                name=name,
                sort=sort,
                kind=int(word == "unsorted"),
                editable=word not in ("unsorted", "won", "lost"),
                color={"unsorted": "#c1c1c1", "won": "#CCFF66", "lost": "#D5D8DB"}.get(word, "#99ccff"),
            )
            for word, name, sort in STAGES
        ]
        pipelines[happening.pipeline] = Pipeline(
            id=happening.pipeline,
            name=happening.name,
            sort=len(pipelines) + 1,
            main=not pipelines,
            statuses=statuses,
        )
