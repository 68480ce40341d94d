"""A record that is wrong: contested by whose it is, decided by his head, out of the numbers from then on, and back."""

from __future__ import annotations

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from connector.contest.values import CONTESTED
from connector.errors import BadConfig, Busy
from connector.kpi.explain import contested
from connector.kpi.telling.explanation import as_text
from connector.moment import Period, from_ms
from connector.pipeline.bench import Workbench
from connector.pipeline.closing import close_month
from connector.pipeline.contesting.contested import Asked
from connector.pipeline.contesting.contests import Decided, Opened, Said, contests_of, decide, open_contest, withdraw
from connector.pipeline.correcting import corrections_of
from connector.pipeline.measuring import explanation_of, report_of
from connector.pipeline.reading import sync_and_derive
from connector.pipeline.running import held
from connector.records import Deal, Team
from connector.store.engine import Store, open_store
from connector.testing import World
from tests.pipeline.shop import SEPTEMBER, facts, opened, result

WIN = Asked(fact="win|deal:1")


@pytest.fixture
def bench(store: Store) -> Workbench:
    return led(store)


def led(store: Store) -> Workbench:
    """Boris leads the team, Anna owns every deal."""
    bench = opened(store)
    world: World = bench.provider.world  # type: ignore[attr-defined]  # a FakeProvider
    world.edit(Team, "700", head_ids=("502",))
    sync_and_derive(bench)
    return bench


def says(asked: Asked = WIN, who: str = "501", bench: Workbench | None = None, reason: str = "a double") -> Opened:
    assert bench is not None
    return open_contest(bench, asked, Said(who, reason))


def decided(bench: Workbench, number: int, what: str, by: str = "502", **more: object) -> Decided:
    return decide(bench, number, what, Said(by, "looked at it"), wait=lambda _: None, **more)  # type: ignore[arg-type]


def out_of(bench: Workbench) -> set[str]:
    """The keys of the facts that a decision keeps out."""
    return {row[2] for row in facts(bench) if CONTESTED in row}


def revenue(bench: Workbench, **more: object) -> Decimal | None:
    return result(bench, "revenue", **more).value


def test_accepted_it_counts_nowhere_from_then_on_and_the_past_keeps_its_number(bench: Workbench) -> None:
    number = says(bench=bench).contest.id
    assert revenue(bench) == 4000
    before = from_ms(bench.now())
    done = decided(bench, number, "accepted")
    assert (done.new, done.contest.state, done.problem) == (True, "accepted", "")
    assert done.synced is not None
    assert (done.synced.facts_added, done.synced.facts_ended) == (3, 3)  # the client's year is shared by fewer wins
    assert (revenue(bench), revenue(bench, as_of=before)) == (3000, 4000)
    told = explanation_of(bench, "revenue", SEPTEMBER, user="501")
    assert [(item.key, item.why) for item in told.left_out] == [("win|deal:1", "contested")]
    assert told.result.value == 3000


def test_declined_it_is_kept(bench: Workbench) -> None:
    number = says(bench=bench).contest.id
    known = facts(bench)
    assert decided(bench, number, "declined").contest.state == "declined"
    assert (revenue(bench), facts(bench)) == (4000, known)


def test_a_new_decision_undoes_an_earlier_one_and_all_stay_in_the_history(bench: Workbench) -> None:
    number = says(bench=bench).contest.id
    decided(bench, number, "accepted")
    between = from_ms(bench.now())
    decided(bench, number, "declined")
    decided(bench, number, "declined")
    assert (revenue(bench), revenue(bench, as_of=between)) == (4000, 3000)
    (told,) = contests_of(bench)
    assert [(one.what, one.by, one.reason) for one in told.contest.verdicts] == [
        ("accepted", "502", "looked at it"),
        ("declined", "502", "looked at it"),
    ]
    assert told.contest.verdicts[0].at < told.contest.verdicts[1].at


def test_it_survives_another_sync_a_change_of_the_deal_and_deriving_everything_again(bench: Workbench) -> None:
    decided(bench, says(bench=bench).contest.id, "accepted")
    world: World = bench.provider.world  # type: ignore[attr-defined]
    world.tick(60)
    world.edit(Deal, "1", amount=9000_00)
    sync_and_derive(bench)
    assert revenue(bench) == 3000
    rules = bench.settings.rules.model_copy(update={"connected_call_seconds": 11})
    bench.settings = bench.settings.model_copy(update={"rules": rules})
    sync_and_derive(bench, full=True)
    assert revenue(bench) == 3000


def test_of_a_deal_only_what_one_kpi_counts(bench: Workbench) -> None:
    number = says(Asked(about="deal:1", kpi="revenue"), bench=bench).contest.id
    decided(bench, number, "accepted")
    assert revenue(bench) == 3000
    assert out_of(bench) == {"win|deal:1", "client_year|deal:1"}  # what rests on the win goes with it


def test_of_a_whole_deal_everything_or_what_the_head_agrees_to(bench: Workbench) -> None:
    number = says(Asked(about="deal:1"), bench=bench).contest.id
    decided(bench, number, "accepted", kpi="revenue")
    narrow = out_of(bench)
    decided(bench, number, "accepted")
    wide = out_of(bench)
    assert narrow == {"win|deal:1", "client_year|deal:1"}
    assert narrow < wide
    assert all("deal:1" in key for key in wide)
    (told,) = contests_of(bench)
    assert [one.kinds for one in told.contest.verdicts] == [("win",), ()]


def test_what_is_contested_is_said_beside_the_number_until_somebody_decides(bench: Workbench) -> None:
    before = from_ms(bench.now())
    number = says(bench=bench).contest.id
    told = explanation_of(bench, "revenue", SEPTEMBER, user="501")
    assert contested(told) == 1
    assert "Оспорено, ждёт решения: 1" in as_text(told)
    assert f"оспорено, № {number}" in as_text(told)
    assert "Contested, to be decided: 1" in as_text(told, "en")
    assert contested(explanation_of(bench, "revenue", SEPTEMBER, user="501", as_of=before)) == 0
    decided(bench, number, "declined")
    assert contested(explanation_of(bench, "revenue", SEPTEMBER, user="501")) == 0


def test_one_open_contest_for_a_fact_and_person(bench: Workbench) -> None:
    first = says(bench=bench)
    for asked in (WIN, Asked(about="deal:1"), Asked(about="deal:1", kpi="revenue")):
        again = says(asked, bench=bench)
        assert (again.new, again.contest.id) == (False, first.contest.id)
    assert says(Asked(fact="win|deal:2"), bench=bench).new
    assert len(contests_of(bench, only_open=True)) == 2


def test_taken_back_it_may_be_opened_again(bench: Workbench) -> None:
    first = says(bench=bench).contest.id
    with pytest.raises(BadConfig, match="only Anna"):
        withdraw(bench, first, Said("502", ""))
    assert withdraw(bench, first, Said("501", "my mistake")).contest.state == "withdrawn"
    assert not withdraw(bench, first, Said("501", "")).new
    second = says(bench=bench)
    assert (second.new, revenue(bench)) == (True, 4000)
    decided(bench, second.contest.id, "accepted")
    with pytest.raises(BadConfig, match="accepted"):
        withdraw(bench, second.contest.id, Said("501", ""))


@pytest.mark.parametrize(
    ("asked", "who", "reason", "told"),
    [
        (WIN, "502", "x", "not of 502"),
        (Asked(about="deal:1"), "502", "x", "nothing of that is in the numbers of 502"),
        (WIN, "999", "x", "no user"),
        (WIN, "501", " ", "reason is missing"),
        (Asked(fact="win|deal:99"), "501", "x", "nothing of that"),
        (Asked(fact="win"), "501", "x", "no such key"),
        (Asked(about="deal:1", kpi="luck"), "501", "x", "is no KPI"),
        (Asked(about="deal:1", kind="luck"), "501", "x", "unknown"),
        (Asked(about="deal:1", kpi="calls"), "501", "x", "nothing of that"),
        (Asked(), "501", "x", "either a fact"),
    ],
)
def test_what_cannot_be_contested(sqlite_store: Store, asked: Asked, who: str, reason: str, told: str) -> None:
    bench = led(sqlite_store)
    with pytest.raises(BadConfig, match=told):
        says(asked, who, bench, reason)
    assert contests_of(bench) == []


def test_who_may_not_decide_and_what_cannot_be_decided(bench: Workbench) -> None:
    number = says(bench=bench).contest.id
    with pytest.raises(BadConfig, match=r"cannot decide over his own numbers; it is for Boris \(502\)"):
        decided(bench, number, "accepted", by="501")
    with pytest.raises(BadConfig, match="there is none"):
        decided(bench, number + 1, "accepted")
    with pytest.raises(BadConfig, match="reason"):
        decide(bench, number, "accepted", Said("502", ""))
    with pytest.raises(BadConfig, match="nothing of"):
        decided(bench, number, "accepted", kpi="calls")
    with held(bench), pytest.raises(Busy):
        decide(bench, number, "accepted", Said("502", "x"), patience=0, wait=lambda _: None)
    assert contests_of(bench)[0].contest.state == "open"


def test_what_counts_nowhere_cannot_be_contested_again(bench: Workbench) -> None:
    decided(bench, says(bench=bench).contest.id, "accepted")
    with pytest.raises(BadConfig, match="a new decision over the earlier contest"):
        says(bench=bench)


def test_a_closed_month_stands_and_gets_a_dated_correction(bench: Workbench) -> None:
    number = says(bench=bench).contest.id
    bench.clock.now += timedelta(days=20)  # type: ignore[attr-defined]
    world: World = bench.provider.world  # type: ignore[attr-defined]
    world.now = bench.clock.now  # type: ignore[attr-defined]
    sync_and_derive(bench)
    close_month(bench, SEPTEMBER, author="anna", reason="", force=True)
    closed_at = from_ms(bench.now())
    decided(bench, number, "accepted")
    (told,) = corrections_of(bench, Period.parse("2026-10"), kpi="revenue", user="501")
    (trail,) = told.trails
    assert (trail.before.value, trail.after.value) == (4000, 3000)
    (one,) = trail.corrections
    assert (one.difference.fact.record, one.difference.whys) == ("deal:1", ("contested",))
    assert one.known > int(closed_at.timestamp() * 1000) - 1000
    assert revenue(bench, as_of=closed_at) == 4000


MOVES = st.lists(st.tuples(st.integers(1, 4), st.sampled_from(["open", "accepted", "declined"])), max_size=8)


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate])
@given(MOVES, st.integers(0, 2**16))
def test_the_proof_adds_up_to_the_value_whatever_is_contested_and_decided(
    tmp_path_factory: pytest.TempPathFactory, moves: list[tuple[int, str]], seed: int
) -> None:
    path = tmp_path_factory.mktemp("contests") / "kpi.db"
    store = open_store(f"sqlite:///{path}")
    try:
        check_proof(led(store), moves, random.Random(seed))
    finally:
        store.dispose()


def check_proof(bench: Workbench, moves: list[tuple[int, str]], dice: random.Random) -> None:
    numbers: dict[int, int] = {}
    state: dict[int, str] = {}
    for deal, what in moves:
        if what == "open" and state.get(deal) != "accepted":
            asked = dice.choice([Asked(fact=f"win|deal:{deal}"), Asked(about=f"deal:{deal}", kpi="revenue")])
            numbers[deal] = says(asked, bench=bench).contest.id
            state.setdefault(deal, "open")
        elif what != "open" and deal in numbers:
            decided(bench, numbers[deal], what)
            state[deal] = what
    out = sum(one == "accepted" for one in state.values())
    assert revenue(bench) == 1000 * (4 - out) or (out == 4 and not revenue(bench))
    report = {one.kpi: one for one in report_of(bench, SEPTEMBER).results if one.subject == "user:501"}
    for kpi in ("revenue", "won_deals", "average_deal", "win_rate", "deal_cycle_days"):
        told = explanation_of(bench, kpi, SEPTEMBER, user="501")
        assert (told.result.value, told.result.n) == (report[kpi].value, report[kpi].n)
    told = explanation_of(bench, "revenue", SEPTEMBER, user="501")
    assert sum((item.amount or 0) for item in told.items) == int((told.result.value or 0) * 100)
    assert sum(item.why == "contested" for item in told.left_out) == out
