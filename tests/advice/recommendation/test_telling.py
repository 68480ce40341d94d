"""What a head reads: the gap and its cause, targets with their chance, counter-KPIs, and why nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from connector.advice.case import Evidence
from connector.advice.diagnosis.casemix import Mix
from connector.advice.diagnosis.factors import diagnose, planned, team_of
from connector.advice.diagnosis.values import Diagnosis, Estimate, Record
from connector.advice.diagnosis.verdict import judge
from connector.advice.recommendation.advised import Advised, PersonAdvice
from connector.advice.recommendation.candidates import Measured, Spec, average_deal, candidate, mixed, shared
from connector.advice.recommendation.json_of import as_json
from connector.advice.recommendation.recommend import Candidate, recommend
from connector.advice.recommendation.stretch import Target
from connector.advice.recommendation.telling import as_text
from connector.kpi.catalogue import ALL
from connector.targets.model import prior
from connector.targets.suggest import suggest
from tests.advice.planted import LABEL, WEAK, ahead, estimated, records

MADE = records(4, low=0.5, spread=0.1, leads=4)


def objections(weak: float = 4.0) -> Measured:
    """Ten calls with an objection a month for six months; the first person handles fewer."""
    series = {one.person.user: [(weak if one.person.user == WEAK else 7.0, 10.0)] * 6 for one in MADE}
    return Measured(ALL["objection_handling"], Spec("objection_handling", minimum=10), series, vouched=True)


def csat(n: float) -> Measured:
    series = {one.person.user: [(n * 0.6, n)] for one in MADE}
    return Measured(ALL["csat"], Spec("csat", 0.6, 10), series)


def advised(made: list[Record] = MADE, user: str = WEAK, *, mix: Mix | None = None, alone: bool = False) -> Advised:
    people = estimated(made)
    one = next(some for some in people if some.user == user)
    told = mixed(diagnose(one, one.own if alone else team_of(people)), mix)
    looked_at = [*_shares(told, made), average_deal(ALL["average_deal"], told, people)]
    person = next(some.person for some in made if some.person.user == user)
    team = prior([some.person for some in made])
    assert team is not None
    target = suggest("moscow", person, team, ahead(made))
    result = Candidate(
        ALL["revenue"], judge(0.5, 0, 99, 1), target.expected, 1, 1, Target(target.target, target.chance), 1, 1
    )
    chosen = tuple(recommend(looked_at, result, newcomer=one.newcomer))
    proof = {"objection_handling": (Evidence("возражение в звонке", "https://crm/1"),)}
    advice = PersonAdvice(
        user, one.name, told, _planned(one), target, chosen, tuple(looked_at), mix, "Розница", alone, proof
    )
    return Advised("moscow", "RUB", LABEL, ("2025-10", "2026-09"), (advice,), 0.6, ("contact",), ("csat",))


def _shares(told: Diagnosis, made: list[Record]) -> list[Candidate]:
    wins = {one.person.user: [(m.cohort_wins, m.cohort_leads) for m in one.person.months] for one in made}
    conversion = Measured(ALL["lead_won_share"], Spec("lead_won_share", factor="conversion"), wins)
    calls = Measured(
        ALL["successful_call_share"], Spec("successful_call_share"), {user: [(4000, 9000)] for user in wins}
    )
    found = [shared(one, set(wins)) for one in (objections(), csat(5), conversion, calls)]
    made_of = [candidate("moscow", LABEL, told, one) for one in found if one is not None]
    return [one for one in made_of if one is not None]


def _planned(one: Estimate) -> Diagnosis:
    return diagnose(one, planned(one.own, one.own.revenue * 1.5))


@pytest.mark.parametrize(
    ("language", "lines"),
    [
        (
            "ru",
            (
                "moscow: что поставить на октябрь 2026; по данным 2025-10 … 2026-09",
                "Ожидаемая выручка месяца ниже медианы (Розница): −",
                "Главная причина — конверсия в продажу: −",
                "Свой план ",
                "₽, не хватает ",
                "обращения в день 4,04 (для плана нужно 6,05), −",
                "Работа с возражениями: поднять долю успешных звонков с отработкой возражений с ",
                " (вероятность выполнить ≈ ",
                "следить за: Доля успешных звонков",
                "– возражение в звонке: https://crm/1",
                "Удовлетворённость: недостаточно данных, нужно ещё 5 наблюдений",
                "Неизвестно и не сравнивается: дозвон до обращений.",
                "Не использованы, пока заморожены: Удовлетворённость.",
                "Нет данных для показателей: клиенты.",
            ),
        ),
        (
            "en",
            (
                "moscow: what to set for October 2026; by 2025-10 … 2026-09",
                "The main cause is conversion to a sale: −RUB ",
                "raise the share of successful calls with objections handled from ",
                "CSAT: not enough data, 5 observations more to go",
                "Not used while frozen: CSAT.",
            ),
        ),
    ],
)
def test_what_is_said(language: str, lines: tuple[str, ...]) -> None:
    text = as_text(advised(), language)  # type: ignore[arg-type]  # one of the two
    for line in lines:
        assert line in text


def test_the_mix_takes_the_blame() -> None:
    mix = Mix(50, 51.0, 0.98, 0.8, 1.2, 0.6)
    told = advised(mix=mix)
    assert "Обращение в продажу: объясняется составом обращений" in as_text(told)
    assert "выиграно 50 при ожидаемых 51, 0,98 [0,8 … 1,2]" in as_text(told)
    assert all(one.candidate.kpi.key != "lead_won_share" or one.role != "grow" for one in told.people[0].chosen)


def test_somebody_new_is_told_so_and_judged_by_what_he_does() -> None:
    new = replace(MADE[0], person=replace(MADE[0].person, months=MADE[0].person.months[-2:]))
    new = replace(new, answered=new.answered[-2:], refunded=new.refunded[-2:])
    told = advised([new, *MADE[1:]])
    assert "сначала действия и обучение" in as_text(told)
    weights = {one.candidate.kpi.key: one.weight for one in told.people[0].chosen}
    assert weights["revenue"] < weights["objection_handling"]


def test_alone_there_is_no_team() -> None:
    text = as_text(advised(MADE[:2], alone=True))
    assert "команды для сравнения нет" in text
    assert "медианы" not in text


def test_machines_read_the_same() -> None:
    told = advised()
    [person] = as_json(told)["people"]
    assert person["compared_with"] == "Розница"
    assert sum(part["minor"] for part in person["against_team"]["parts"]) == person["against_team"]["gap_minor"]
    assert sum(one["weight"] for one in person["set"]) == 100
    grown = next(one for one in person["set"] if one["kpi"] == "objection_handling")
    assert grown["evidence"] == [{"text": "возражение в звонке", "link": "https://crm/1"}]
    assert grown["counter"] == "successful_call_share"
    assert 0.3 < grown["target"]["chance"] < 0.8


def test_a_perfect_team_is_told_nothing() -> None:
    users = {one.person.user for one in MADE}
    perfect = replace(objections(), series={user: [(50.0, 50.0)] * 6 for user in users})
    assert shared(perfect, users) is None
    assert shared(objections(), set()) is None
