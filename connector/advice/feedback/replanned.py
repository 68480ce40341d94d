"""A proposed correction of a plan -> the head's task: what is proposed, why, and where it is decided. Pure.

The plan stands until he decides; the task only asks (kpi/writeback.md, "Task for РОП - anatomy").
"""

from __future__ import annotations

from connector.advice.case import Correction, Situation
from connector.advice.feedback import errand
from connector.kpi.text import Text
from connector.moment import local_day
from connector.records import User
from connector.wishes import AddTask

KPI = "plan_correction"
"""In `Raised.kpi` of such a task: apart from tasks about the KPI that the plan is of."""
RULE = "proposed"
NAME = Text("Корректировка плана", "Correction of a plan")
_TITLE = Text("{name}: предлагаем изменить план, № {id}", "{name}: a change of the plan is proposed, no. {id}")
_FACT = Text("Предложение. {lines}.", "Proposal. {lines}.")
_QUESTION = Text(
    "Вопрос. Согласны ли вы с новым планом, или есть причина оставить прежний? До вашего решения действует прежний.",
    "Question. Do you agree with the new plan, or is there a reason to keep the old one? The old one stands till then.",
)
_HOW = Text(
    "Решение с причиной: на странице команды или командой `kpi plan approve {id} --reason …` "
    "(`kpi plan decline {id} --reason …`). План изменится с момента решения; первый план останется виден.",
    "Decide, with a reason, on the team's page or by `kpi plan approve {id} --reason …` "
    "(`kpi plan decline {id} --reason …`). The plan changes from then on; the first one stays in sight.",
)


def write(one: Correction, user: User, head: User, situation: Situation) -> AddTask:
    """One for each proposal, whenever it is told."""
    language, today = situation.language, local_day(situation.now, situation.zone)
    key = f"task:user:{user.id}:{KPI}#{RULE}@{today.isoformat()}"
    mark = errand.marker(key)
    parts = (_FACT(language).format(lines="; ".join(one.lines)), _QUESTION(language), _HOW(language).format(id=one.id))
    return AddTask(
        key=key,
        marker=mark,
        user_id=head.id,
        title=_TITLE(language).format(name=user.name, id=one.id),
        text="\n\n".join((*parts, mark)),
        due_at=errand.due(situation.now, situation.calendar, situation.zone),
    )
