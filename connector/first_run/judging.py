"""By which few KPIs people may be judged, and for which goal: a set that `kpi plan check` passes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from connector.first_run.seen import Proposal, Seen
from connector.kpi.text import Text

MONEY = {"plan_attainment": 40.0, "won_deals": 15.0}
PROCESS = (
    (frozenset({"call"}), "successful_call_share"),
    (frozenset[str](), "win_rate"),
)
"""The first one whose records the CRM gives. Meetings are not among them: alone they are held for their own sake."""
GOAL = Text("Больше выручки от довольных клиентов", "More revenue from satisfied clients")


def kpi_set(seen: Seen, answers: Sequence[Proposal]) -> Iterator[Proposal]:
    """Money, process, client and quality; five in all, weights sum to 100. CSAT only where its field was accepted."""
    asked = any(one.key == "csat_field" for one in answers)
    process = next(kpi for kinds, kpi in PROCESS if kinds <= seen.kinds)
    client = "csat" if asked else "new_clients"
    kpis = MONEY | dict.fromkeys((process, client, "loss_reason_share"), 15.0)
    by = (
        Text("оценки клиентов", "clients' ratings")
        if asked
        else Text("новые клиенты (оценок нет)", "new clients (no ratings)")
    )
    told = Text(
        f"план, сделки, один показатель процесса, {by.ru} и качество (отказы с причиной); веса в сумме 100",
        f"plan, deals, one of the process, {by.en} and quality (losses with a reason); weights sum to 100",
    )
    yield Proposal("kpi_set", kpis, told, sure=False)


def goal(seen: Seen, answers: Sequence[Proposal]) -> Iterator[Proposal]:
    """What the set is for; only a person knows. Not asked where there is no set."""
    if any(one.key == "kpi_set" for one in answers):
        told = Text(
            "ради чего этот набор; лучше с числом и сроком, например «Выручка +20 % за год»",
            "what this set is for; better with a number and a date, such as “Revenue +20 % in a year”",
        )
        yield Proposal("goal", GOAL, told, sure=False)
