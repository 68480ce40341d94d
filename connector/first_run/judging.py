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
    """Money, process, client and quality: five, weights sum to 100. Of fields only those that were accepted."""
    known = {one.key for one in answers}
    asked, cards = "csat_field" in known, "required_fields" in known
    process = next(kpi for kinds, kpi in PROCESS if kinds <= seen.kinds)
    client = "csat" if asked else "new_clients"
    quality = "card_completeness" if cards else "loss_reason_share"
    kept = Text("полнота карточек", "complete cards") if cards else Text("отказы с причиной", "losses with a reason")
    kpis = MONEY | dict.fromkeys((process, client, quality), 15.0)
    by = (
        Text("оценки клиентов", "clients' ratings")
        if asked
        else Text("новые клиенты (оценок нет)", "new clients (no ratings)")
    )
    told = Text(
        f"план, сделки, один показатель процесса, {by.ru} и качество ({kept.ru}); веса в сумме 100",
        f"plan, deals, one of the process, {by.en} and quality ({kept.en}); weights sum to 100",
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
