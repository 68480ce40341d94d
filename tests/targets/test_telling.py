"""What is said of targets: no chance without a backtest that vouches for it."""

from __future__ import annotations

import pytest

from connector.targets.backtest import Backtest
from connector.targets.outcome import Suggested
from connector.targets.suggest import Split, Suggestion
from connector.targets.telling import as_json, as_text

GOOD = Backtest((), ((0.6, 0.62, 30),), 0.8, 30)


@pytest.mark.parametrize(("tested", "said"), [(GOOD, True), (Backtest((), (), 0.0, 0), False)])
def test_a_company_plans_chance_is_told_only_where_chances_came_true(tested: Backtest, said: bool) -> None:
    found = Suggested("moscow", "RUB", "2026-10", 0.6, (), tested, Split(0.41, {"501": 100}), "ambitious")
    text, told = as_text(found), as_json(found)["company"]
    assert ("с вероятностью" in text.splitlines()[0]) == said
    assert ("41" in text, "амбициозный" in text) == (said, said)
    assert (told["chance"], told["parts"]) == (0.41 if said else None, {"501": 100})


@pytest.mark.parametrize(
    ("minimum", "target", "ambitious", "said"),
    [
        (80, 100, 120, ()),
        (80, 100, 100, ("  амбициозная цель та же",)),
        (100, 100, 120, ("  минимум тот же",)),
        (0, 0, 0, ()),
    ],
)
def test_why_two_of_the_three_targets_are_one_number(
    minimum: int, target: int, ambitious: int, said: tuple[str, ...]
) -> None:
    one = suggested(target=target, minimum=minimum, ambitious=ambitious)
    lines = as_text(Suggested("moscow", "RUB", "2026-10", 0.6, (one,), GOOD, None, None)).splitlines()
    assert "вероятность 60 %, реалистичный" in lines[1].replace("\u00a0", " ")
    assert [line.partition(":")[0] for line in lines[2:-2]] == list(said)


def test_what_a_company_lacks_is_its_plan_less_what_all_bring_on_average() -> None:
    """A month in the middle is less than the average one where some months are very good: middles do not add up."""
    team = (suggested(user="501"), suggested(user="502"))
    found = Suggested("moscow", "RUB", "2026-10", 0.6, team, GOOD, Split(0.3, {"501": 150, "502": 150}), "ambitious")
    text = as_text(found, "en")
    assert "Together: targets 200, on average 240" in text
    assert "Against what is expected on average 60 are missing for the plan" in text


def suggested(*, user: str = "501", target: int = 100, minimum: int = 80, ambitious: int = 120) -> Suggestion:
    return Suggestion(
        user, "Анна", target, minimum, ambitious, 0.6, 50, 100, 150, 120, own=True, why=(), basis=(9, 40), days=21.0
    )
