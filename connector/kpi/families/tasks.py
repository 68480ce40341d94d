"""KPIs of tasks (K-21, K-22, K-25)."""

from __future__ import annotations

from connector.kpi.definition import RATIO, Kpi, Measure, Text, Where

_TASK = frozenset({"task"})

TASKS: tuple[Kpi, ...] = (
    Kpi(
        "overdue_task_share",
        "share",
        Text("Просроченные задачи", "Overdue tasks"),
        Text(
            "Доля открытых задач, срок которых прошёл к концу периода.",
            "Share of open tasks past their deadline at the period's end.",
        ),
        (Measure(("open_task",), (Where("due_at", "le", "as_of"),)),),
        (Measure(("open_task",)),),
        number="K-21",
        minimum=RATIO,
        empty="no_tasks",
        needs=_TASK,
        proportion=True,
        direction="less",
        counter="reschedules",
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
