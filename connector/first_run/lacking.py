"""What the written file still needs from a person: said last, as whoever says yes to everything reads no questions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.config import KpiSetSettings
from connector.first_run.judging import GOAL
from connector.first_run.seen import Proposal
from connector.first_run.writing import literal
from connector.kpi.catalogue import ALL
from connector.kpi.text import Text
from connector.targets.planning.balance import balance
from connector.targets.planning.sets import sets_of

_PLANS = Text(
    "планы: kpi plan set или kpi plan import; без них выполнение плана пусто",
    "plans: kpi plan set or kpi plan import; without them plan attainment is empty",
)
_NO_SET = Text(
    "kpi_set: набора нет, оценки людей не будет",
    "kpi_set: there is no set, nobody gets a score",
)
_GOAL = Text(
    "goal в [[account.kpi_set]]: стоит общая цель, впишите свою с числом и сроком",
    "goal in [[account.kpi_set]]: a general one stands there, put yours with a number and a date",
)


def lacking(proposals: Sequence[Proposal], answers: Sequence[Proposal], *, unseen: bool) -> list[Text]:
    """A line each, the most pressing first. `unseen`: nobody was asked, so what is only usual needs a look too."""
    said = [*_heads(proposals, answers), *_declined(proposals, answers)]
    noticed = (one for one in proposals if not one.key)
    said += [one.then for one in (*noticed, *answers) if one.then is not None]
    return [*said, *_set(answers), _PLANS, *(_unsure(answers) if unseen else ())]


def _heads(proposals: Sequence[Proposal], answers: Sequence[Proposal]) -> Iterator[Text]:
    known = {one.key for one in answers}
    teams = [one.key.removeprefix("heads.") for one in proposals if one.key.startswith("heads.")]
    without = [team for team in teams if f"heads.{team}" not in known]
    if without:
        line = f"heads = {literal({team: ['ID'] for team in without})}"
        yield Text(
            f"руководители: {line} в [account.options]; без них задачи и письма руководителю некому отдать",
            f"heads: {line} in [account.options]; without them tasks and letters for a head have nobody to go to",
        )


def _declined(proposals: Sequence[Proposal], answers: Sequence[Proposal]) -> Iterator[Text]:
    known = {one.key for one in answers}
    yield from (one.declined for one in proposals if one.declined is not None and one.key not in known)


def _set(answers: Sequence[Proposal]) -> Iterator[Text]:
    """What `kpi plan check` would say of the set."""
    said = {one.key: one.value for one in answers}
    if not said.get("kpi_set"):
        yield _NO_SET
        return
    goal = str(said.get("goal", ""))
    if goal in (GOAL.ru, GOAL.en):
        yield _GOAL
    made = KpiSetSettings.model_construct(name="main", goal=goal, everyone=True, kpis=said["kpi_set"])
    for one in balance(sets_of([made], {}, {}), ALL):
        yield Text(f"kpi_set: {one.text.ru}: {one.todo.ru}", f"kpi_set: {one.text.en}: {one.todo.en}")


def _unsure(answers: Sequence[Proposal]) -> Iterator[Text]:
    keys = ", ".join(one.key for one in answers if not one.sure and one.key != "goal")
    if keys:
        yield Text(f"принято без вопроса, проверьте: {keys}", f"taken unasked, look at: {keys}")
