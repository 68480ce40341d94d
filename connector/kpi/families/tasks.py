"""KPIs of tasks (K-21, K-22, K-25)."""

from __future__ import annotations

from connector.fact import ACTIVITY, TASK
from connector.kpi.definition import RATIO, Kpi, Measure, Text, Where

_TASK = frozenset({"task"})
_PAST = Where("due_at", "le", "as_of")


def _overdue(key: str, title: Text, meaning: Text, *which: Where, empty: str = "no_tasks") -> Kpi:
    """The share past their deadline, of open ones or only of such."""
    return Kpi(
        key,
        "share",
        title,
        meaning,
        (Measure(("open_task",), (*which, _PAST)),),
        (Measure(("open_task",), which),),
        number="K-21",
        minimum=RATIO,
        empty=empty,
        needs=_TASK,
        proportion=True,
        direction="less",
        counter="reschedules",
    )


TASKS: tuple[Kpi, ...] = (
    _overdue(
        "overdue_task_share",
        Text("Просроченные задачи", "Overdue tasks"),
        Text(
            "Доля открытых задач, срок которых прошёл к концу периода.",
            "Share of open tasks past their deadline at the period's end.",
        ),
    ),
    _overdue(
        "overdue_task_only_share",
        Text("Просроченные задачи без дел", "Overdue tasks, activities apart"),
        Text(
            "Доля открытых задач, срок которых прошёл, без дел CRM, которые Битрикс24 ведёт отдельно.",
            "Share of open tasks past their deadline, without the CRM's activities, which Bitrix24 keeps apart.",
        ),
        Where("stage", "in", (TASK,)),
    ),
    _overdue(
        "overdue_activity_share",
        Text("Просроченные дела", "Overdue activities"),
        Text(
            "Доля открытых дел CRM (дел и встреч Битрикс24), срок которых прошёл к концу периода; в amoCRM дел нет.",
            "Share of the CRM's open activities (Bitrix24's to-dos and meetings) past their deadline at the period's "
            "end; amoCRM has none.",
        ),
        Where("stage", "in", (ACTIVITY,)),
        empty="no_activities",
    ),
    Kpi(
        "reschedules",
        "count",
        Text("Переносы сроков", "Reschedules"),
        Text(
            "Сколько раз сроки задач переносили.",
            "How often deadlines of tasks were moved.",
        ),
        (Measure(("reschedule",)),),
        number="K-22",
        empty="no_tasks",
        needs=_TASK,
        direction="less",
        counter="tasks_in_time",
    ),
    Kpi(
        "tasks_in_time",
        "share",
        Text("Выполнено в срок", "Tasks in time"),
        Text(
            "Доля задач периода, выполненных к сроку, каким он был поставлен впервые.",
            "Share of the period's tasks done by their deadline as it was first set.",
        ),
        (Measure(("task_due",), (Where("due_at", "le", "as_of"), Where("number", "le", 0))),),
        (Measure(("task_due",), (Where("due_at", "le", "as_of"),)),),
        number="K-25",
        minimum=RATIO,
        empty="no_tasks",
        needs=_TASK,
        proportion=True,
        counter="reschedules",
    ),
)
