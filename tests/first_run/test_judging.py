"""The set that is written passes the check that people run next; what it lacks is said at the end."""

from __future__ import annotations

import tomllib
from zoneinfo import ZoneInfo

import pytest

from connector.config import AccountSettings
from connector.first_run.judging import GOAL, goal, kpi_set
from connector.first_run.lacking import lacking
from connector.first_run.seen import Proposal, Seen
from connector.first_run.writing import Connection, config
from connector.kpi.catalogue import ALL
from connector.kpi.text import Text
from connector.targets.planning.balance import balance
from connector.targets.planning.sets import sets_of

NO = Text("", "")
CARDS = Proposal("required_fields", ("Бюджет",), NO)
CSAT = Proposal("csat_field", "CSAT", NO)


def judged(kinds: frozenset[str], answers: list[Proposal]) -> list[Proposal]:
    seen = Seen(ZoneInfo("Europe/Moscow"), kinds=kinds)
    some = [*answers, *kpi_set(seen, answers)]
    return [*some, *(Proposal(one.key, one.value.en, one.why) for one in goal(seen, some))]


@pytest.mark.parametrize("answers", [[], [CSAT], [CSAT, CARDS]], ids=["nothing", "ratings", "ratings and cards"])
@pytest.mark.parametrize("kinds", [(), ("deal",), ("deal", "call"), ("deal", "meeting")], ids=str)
def test_the_written_set_passes_the_check(kinds: tuple[str, ...], answers: list[Proposal]) -> None:
    there = Connection("acme", "amocrm", "https://acme.amocrm.ru", ("token", {"env": "AMO"}), "Europe/Moscow", "RUB")
    (told,) = tomllib.loads(config(there, judged(frozenset(kinds), answers), "sqlite:///kpi.db"))["account"]
    account = AccountSettings.model_validate(told)
    assert sum(account.kpi_set[0].kpis.values()) == 100
    sourceless = {
        key for key in account.kpi_set[0].kpis if not ALL[key].has_source(frozenset(kinds) | {"deal"}, account.rules)
    }
    assert balance(sets_of(account.kpi_set, {}, {}), ALL, sourceless) == []
    assert ("csat" in account.kpi_set[0].kpis) is (CSAT in answers)
    assert ("card_completeness" in account.kpi_set[0].kpis) is (CARDS in answers)


def test_without_a_set_no_goal_is_asked() -> None:
    assert list(goal(Seen(ZoneInfo("UTC")), [CSAT])) == []


def test_what_lacks_names_heads_first_and_whatever_the_check_would_say() -> None:
    asked = [
        Proposal("heads.North", (), NO, sure=False),
        Proposal("currency_field", "Валюта", NO, declined=Text("рубли", "roubles")),
        Proposal("junk_reasons", ("Спам",), NO, sure=False),
    ]
    then = Proposal("margin_field", "Маржа", NO, then=Text("курсы", "rates"))
    answers = [asked[2], then, Proposal("kpi_set", {"revenue": 5.0}, NO)]
    told = [one.en for one in lacking(asked, answers, unseen=True)]
    assert 'heads = { North = ["ID"] }' in told[0] and told[1:3] == ["roubles", "rates"]
    assert any("goal" in line for line in told) and any("client" in line for line in told)
    assert "junk_reasons" in told[-1]
    assert not any("junk_reasons" in one.en for one in lacking(asked, answers, unseen=False))


def test_a_goal_of_our_wording_is_still_to_be_put() -> None:
    told = [
        one.en
        for one in lacking(
            [],
            [
                *judged(frozenset(), []),
            ],
            unseen=False,
        )
    ]
    assert any(line.startswith("goal") for line in told) and len(told) == 2
    assert GOAL.en not in told
