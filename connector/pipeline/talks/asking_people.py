"""Tasks for those who score calls: one a week and person, with the calls, until it is done or the week is old."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta

from connector.advice.feedback.errand import due, marker
from connector.kpi.text import Text
from connector.moment import from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.talks.people_scoring import Drawn, form_link, of_rows, sample
from connector.store.talk import sampled
from connector.wishes import AddTask

SHOWN = 10
OLD = timedelta(days=21)
"""Nobody is asked for calls that were drawn so long ago."""
_TITLE = Text("Оценить звонки за неделю {week}: {n}", "Score calls of week {week}: {n}")
_WHY = Text(
    "Звонки выбраны случайно. Послушайте и ответьте на вопросы чек-листа, не заглядывая в показатели.",
    "The calls were drawn by chance. Listen and answer the checklist without looking at KPIs.",
)
_HERE = Text("Форма: {link}", "Form: {link}")
_BY_COMMAND = Text(
    "Отвечает администратор: kpi calls answer --rater {rater}", "Answered by: kpi calls answer --rater {rater}"
)
_CALL = Text("Звонок {call}: {card}", "Call {call}: {card}")


def sample_due(bench: Workbench) -> None:
    """Draw last week's calls where the account samples at all; once a week."""
    if bench.settings.quality is not None and bench.settings.quality.sampling is not None:
        sample(bench)


def sampling_tasks(bench: Workbench) -> list[AddTask]:
    """What is to be asked of whom; the same task as long as something of its week waits."""
    if bench.settings.quality is None or bench.settings.quality.sampling is None:
        return []
    now = from_ms(bench.now())
    with bench.store.read() as conn:
        rows = sampled.waiting(conn, bench.account)
        since = {(row.week, row.rater): row.made_at for row in rows}
        fresh = [row for row in rows if now - from_ms(since[row.week, row.rater]) < OLD]
        found = of_rows(bench, conn, fresh)
    waiting: dict[tuple[str, str], list[Drawn]] = defaultdict(list)
    for one in found:
        waiting[one.week, one.rater].append(one)
    return [_task(bench, week, rater, since[week, rater], some) for (week, rater), some in sorted(waiting.items())]


def _task(bench: Workbench, week: str, rater: str, made_at: int, some: Sequence[Drawn]) -> AddTask:
    lang = bench.settings.language
    key = f"task:calls-{week}-{rater}:scoring#sample@{week}"
    mark, link = marker(key), form_link(bench, week)
    lines = [_CALL(lang).format(call=one.call, card=one.card) for one in some[:SHOWN]]
    way = _HERE(lang).format(link=link) if link else _BY_COMMAND(lang).format(rater=rater)
    return AddTask(
        key=key,
        marker=mark,
        user_id=rater,
        title=_TITLE(lang).format(week=week, n=len(some)),
        text="\n\n".join((_WHY(lang), "\n".join(lines), way, mark)),
        due_at=due(from_ms(made_at), bench.calendar(), bench.zone()),
    )
