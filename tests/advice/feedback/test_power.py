"""Where a sample is called enough, the rule speaks eight times out of ten; what is told to lack is what it takes."""

from __future__ import annotations

import numpy as np
import pytest

from connector.advice.case import Situation
from connector.advice.feedback.caps import Barred
from connector.advice.feedback.look import Look
from connector.advice.feedback.power import POWER, Speaks, more_needed, power, suffices
from connector.advice.feedback.rules import RULES, lacking
from connector.advice.feedback.weak import ALIKE
from connector.advice.feedback.weeks import Counted
from connector.advice.rules import advise
from connector.kpi.text import Text
from tests.advice.feedback.ground import SELLERS, situation, weeks

OBJECTIONS = "objection_handling"


def look(share: float, n: int, usual: float = 0.6) -> Look:
    """One of eight, who were alike until he fell to this share."""

    def some(part: float, size: int) -> Counted:
        return Counted(round(part * size), size)

    return Look(10, some(share, n), some(usual, 2 * n), some(usual, 7 * n), tuple(some(usual, 2 * n) for _ in range(7)))


def drawn(of: Counted, share: float, rng: np.random.Generator) -> Counted:
    """A month's own share strays as that of cases which are alike does."""
    strength = 1 / ALIKE - 1
    return Counted(int(rng.binomial(of.n, rng.beta(share * strength, (1 - share) * strength))), of.n)


def spoken(one: Look, speaks: Speaks, usual: float, times: int = 400) -> tuple[int, float]:
    """How many of so many teams have enough for his true share, and of how many of these the rule speaks."""
    rng, told = np.random.default_rng(one.now.n), []
    for _ in range(times):
        own, team, *theirs = (drawn(past, usual, rng) for past in (one.own, one.team, *one.theirs))
        seen = Look(one.least, one.now, own, team, tuple(theirs))
        now = drawn(one.now, one.now.share, rng)
        if suffices(seen, speaks):
            told.append(speaks(seen.reaching(now.good)) is not None)
    return len(told), sum(told) / len(told)


@pytest.mark.parametrize(
    ("kpi", "share", "usual"),
    [(OBJECTIONS, 0.3, 0.6), ("callback_in_norm", 0.35, 0.7), ("lead_answered_in_norm", 0.25, 0.62)],
)
def test_of_what_is_called_enough_the_rule_speaks_eight_times_out_of_ten(kpi: str, share: float, usual: float) -> None:
    speaks = RULES[kpi].speaks
    n = next(size for size in range(12, 400, 4) if suffices(look(share, size, usual), speaks))
    assert power(look(share, n, usual), speaks) >= POWER > power(look(share, n // 2, usual), speaks)
    enough, spoke = spoken(look(share, n, usual), speaks, usual)
    assert enough > 40
    assert 0.76 < spoke < 0.97


def test_what_is_told_to_lack_is_what_it_takes() -> None:
    speaks, few = RULES[OBJECTIONS].speaks, look(0.3, 40)
    more = more_needed(few, speaks, 0.6)
    assert more is not None and 15 < more < 80
    assert suffices(few.grown(40 + more), speaks) and not suffices(few.grown(40 + more - 4), speaks)
    assert more_needed(look(0.56, 40), speaks, 0.6) is None, "not worth a talk"
    assert more_needed(look(0.52, 40), speaks, 0.6) is None, "four times as many would not tell either"
    assert more_needed(look(0.3, 0), speaks, 0.6) is None


def told(n: int, **more: object) -> Situation:
    now = {OBJECTIONS: {user: (0.6, n) for user in SELLERS} | {"501": (0.3, n)}}
    return situation(weeks(now, {OBJECTIONS: {user: (0.6, 2 * n) for user in SELLERS}}), **more)


def test_who_looks_low_on_too_little_is_told_how_much_lacks_and_nobody_else_is() -> None:
    few = told(30)
    assert few.weeks is not None
    [(kpi, more)] = lacking(few.weeks, "501")
    assert (kpi, list(lacking(few.weeks, "502"))) == (OBJECTIONS, [])
    said = advise(few)
    assert said.tasks == ()
    assert list(said.silent) == ["user:501:objection_handling"]
    assert f"нужно ещё {more} звон" in said.silent["user:501:objection_handling"].ru
    assert advise(told(30, barred=Barred(people={"501": Text("в отпуске", "is away")}))).silent == {}
    enough = advise(told(120))
    assert (len(enough.tasks), enough.silent) == (1, {})
