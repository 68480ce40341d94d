from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connector.advice.feedback.effect import WORDS, Seen, by_day, measured
from connector.advice.feedback.weeks import Counted

STEADY = [Seen(Counted(96, 160), Counted(48, 80), Counted(48, 80)) for _ in range(4)]
DAYS = ("2026-09-03", "2026-09-30")


def effect(own, before, after, colleagues=STEADY, enough=True, **more):
    return measured(
        Seen(Counted(*own), Counted(*before), Counted(*after)), colleagues, enough=enough, days=DAYS, **more
    )


def test_a_real_fall_that_was_made_good_is_better():
    told = effect((96, 160), (24, 80), (56, 80))
    assert (told.verdict, told.basis, told.colleagues) == ("better", "colleagues", 4)
    assert told.low > 0
    assert told.low <= told.gain <= told.high
    assert told.expected < 0.4


def test_whoever_was_low_by_chance_rises_by_himself():
    told = effect((96, 160), (39, 80), (49, 80))
    assert told.verdict == "same"
    assert told.expected > 0.52, "his bad weeks are drawn towards his usual ones"


def test_what_colleagues_gained_too_is_no_effect_of_a_talk():
    risen = [Seen(Counted(48, 160), Counted(24, 80), Counted(56, 80)) for _ in range(4)]
    assert effect((48, 160), (24, 80), (56, 80), risen).verdict == "same"
    assert effect((48, 160), (24, 80), (56, 80), []).verdict == "better"


def test_staying_low_is_no_difference_and_falling_further_is_worse():
    assert effect((96, 160), (24, 80), (24, 80)).verdict == "same"
    assert effect((96, 160), (40, 80), (12, 80)).verdict == "worse"


def test_too_little_is_too_early():
    told = effect((96, 160), (24, 80), (4, 5), enough=False)
    assert told.verdict == "early"
    assert WORDS[told.verdict].ru == "пока рано судить"


def test_a_single_colleague_says_nothing_of_the_times():
    told = effect((96, 160), (24, 80), (56, 80), STEADY[:1])
    assert (told.basis, told.colleagues) == ("mean", 0)


def test_wins_by_the_day():
    idle = [Seen(Counted(80, 40), Counted(40, 20), Counted(40, 20)) for _ in range(3)]
    told = effect((80, 40), (8, 20), (48, 20), idle, scale=by_day)
    assert told.by_day
    assert told.verdict == "better"
    assert (told.before, told.after) == (0.4, 2.4)
    assert told.low < told.gain < told.high
    assert effect((80, 40), (8, 20), (10, 20), idle, scale=by_day).verdict == "same"


@pytest.mark.parametrize("verdict", sorted(WORDS))
def test_a_verdict_is_three_words(verdict):
    assert len(WORDS[verdict].ru.split()) == len(WORDS[verdict].en.split()) == 3


counts = st.integers(0, 200).flatmap(lambda n: st.builds(Counted, st.integers(0, n), st.just(n)))
people = st.builds(Seen, counts, counts, counts)


@given(people, st.lists(people, max_size=5), st.sampled_from(["share", "by_day"]))
def test_whatever_the_counts_it_is_an_interval(person, colleagues, scale):
    more = {"scale": by_day} if scale == "by_day" else {}
    told = measured(person, colleagues, enough=True, days=DAYS, **more)
    assert told.low <= told.gain <= told.high
    assert told.expected >= 0
    assert told.verdict != "better" or told.low > 0
