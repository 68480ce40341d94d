"""Each detector: the planted case is found with its people and records, the innocent neighbour is not."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from connector.config import HealthSettings
from connector.health import gaming, gaming_facts
from connector.health.gaming_words import WORDS
from connector.kpi.catalogue import ALL
from connector.moment import from_ms
from connector.records import Deadline, Deal, Move
from tests.health.rows import NOON, Rows

DEFAULT, ZONE = HealthSettings(), "Europe/Moscow"
PEOPLE = frozenset({"501", "502"})
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


def move(n: int, *, by: str | None = "501", outcome: Any = "open", seconds: int = 20) -> Move:
    return Move(
        id=str(n), of=f"deal:{n}", at=NOON + timedelta(seconds=seconds * n), pipeline_id="1", stage_id="1/2",
        outcome=outcome, from_stage_id="1/1", from_outcome="open", by=by,
    )  # fmt: skip


def deadline(n: int, days: int = 7, by: str | None = "501") -> Deadline:
    due = NOON + DAY
    return Deadline(id=str(n), of=f"task:{n}", at=NOON + n * MINUTE / 4, due_at=due + days * DAY, before=due, by=by)


def test_moves_in_bulk_by_a_person_but_no_robot_and_no_import() -> None:
    moves = [move(n) for n in range(25)]
    [found] = gaming.bulk_moves(moves, {}, PEOPLE, DEFAULT, ZONE)
    assert (found.user, found.count, found.since, len(found.examples)) == ("501", 25, NOON, 5)
    assert found.examples[0].ref == "deal:0"
    for other in (
        [move(n, by=None) for n in range(25)],
        [move(n, by="777") for n in range(25)],
        [move(n, seconds=60) for n in range(25)],
        moves[:19],
    ):
        assert list(gaming.bulk_moves(other, {}, PEOPLE, DEFAULT, ZONE)) == []
    imported = {one.of: one.at - timedelta(seconds=30) for one in moves}
    assert list(gaming.bulk_moves(moves, imported, PEOPLE, DEFAULT, ZONE)) == []
    assert list(gaming.bulk_losses(moves, {}, PEOPLE, DEFAULT, ZONE)) == []
    lost = [move(n, outcome="lost") for n in range(12)]
    assert [one.count for one in gaming.bulk_losses(lost, {}, PEOPLE, DEFAULT, ZONE)] == [12]


def test_deadlines_put_off_in_bulk_but_not_pulled_forward() -> None:
    [found] = gaming.bulk_deadlines([deadline(n) for n in range(12)], PEOPLE, DEFAULT, ZONE)
    assert (found.count, found.user) == (12, "501")
    assert "12 задач" in found.text.ru
    assert list(gaming.bulk_deadlines([deadline(n, -1) for n in range(12)], PEOPLE, DEFAULT, ZONE)) == []
    assert list(gaming.bulk_deadlines([deadline(n, by=None) for n in range(12)], PEOPLE, DEFAULT, ZONE)) == []


def test_meetings_closed_at_one_go() -> None:
    held = [(NOON + n * MINUTE, "501", f"meeting:{n}") for n in range(5)]
    [found] = gaming.bulk_meetings(held, DEFAULT, ZONE)
    assert (found.count, found.until) == (5, NOON + 4 * MINUTE)
    assert (
        list(gaming.bulk_meetings([(at + n * 3 * MINUTE, u, r) for n, (at, u, r) in enumerate(held)], DEFAULT, ZONE))
        == []
    )


def test_short_calls_stand_out_from_others() -> None:
    rows = Rows()
    for n in range(60):
        rows.add("call_out", number=5.0 if n % 3 else 90.0, client=f"contact:{n}")
        rows.add("call_out", number=5.0 if not n % 3 else 90.0, user_id="502", client=f"contact:{n}")
    [found] = gaming_facts.short_calls(rows.made, DEFAULT, ZONE)
    assert (found.user, found.count) == ("501", 40)
    alike = Rows()
    for n in range(120):
        alike.add("call_out", number=5.0 if n % 3 else 90.0, user_id="501" if n % 2 else "502")
    assert list(gaming_facts.short_calls(alike.made, DEFAULT, ZONE)) == []
    few = [row for row in rows.made if row.user_id == "501"][:25]
    assert list(gaming_facts.short_calls(few, DEFAULT, ZONE)) == []


def test_repeated_calls_count_from_the_end_of_the_last() -> None:
    rows = Rows()
    for n in range(12):
        rows.add("call_out", number=120.0, client=f"contact:{n}", when=NOON + n * 10 * MINUTE)
        rows.add("call_out", number=4.0, client=f"contact:{n}", when=NOON + n * 10 * MINUTE + timedelta(seconds=170))
    [found] = gaming_facts.repeated_calls(rows.made, DEFAULT, ZONE)
    assert (found.user, found.count) == ("501", 12)
    slower = HealthSettings(repeat_seconds=49)
    assert list(gaming_facts.repeated_calls(rows.made, slower, ZONE)) == []


def test_nearly_equal_wins_of_one_client_within_days() -> None:
    rows = Rows()
    for n, amount in enumerate((100_00, 98_00, 101_00)):
        rows.add("win", amount=amount, when=NOON + n * DAY)
    [found] = gaming_facts.split_deals(rows.made, DEFAULT, ZONE, "RUB")
    assert (found.count, found.user, [e.ref for e in found.examples]) == (3, "501", ["deal:1", "deal:2", "deal:3"])
    for change in ({"client": "contact:2"}, {"user_id": "502"}, {"amount": 500_00}, {"when": NOON + 9 * DAY}):
        rest = Rows(list(rows.made[:2]))
        rest.add("win", **({"amount": 100_00, "when": NOON + DAY} | change))
        assert list(gaming_facts.split_deals(rest.made, DEFAULT, ZONE, "RUB")) == [], change


def test_refused_within_minutes_without_a_contact() -> None:
    rows = Rows()
    losses = [rows.add("loss", when=NOON + n * DAY) for n in range(6)]
    arrived = {str(loss.deal_id): from_ms(loss.at) - 5 * MINUTE for loss in losses}
    [found] = gaming_facts.dumped(losses, arrived, lambda loss, since: False, DEFAULT, ZONE)
    assert found.count == 6
    assert list(gaming_facts.dumped(losses, arrived, lambda loss, since: True, DEFAULT, ZONE)) == []
    slow = {deal: at - 15 * MINUTE for deal, at in arrived.items()}
    assert list(gaming_facts.dumped(losses, slow, lambda loss, since: False, DEFAULT, ZONE)) == []


def test_enquiries_called_junk_far_oftener_than_by_others() -> None:
    """Lost as junk they leave every denominator, so "dumped" never sees them."""
    rows = Rows()
    for n in range(20):
        rows.add("enquiry", deal_id=str(n), when=NOON + n * MINUTE, omitted="junk" if n < 10 else None)
        rows.add("enquiry", deal_id=f"9{n}", user_id="502", omitted="junk" if n < 4 else None)
    [found] = gaming_facts.junked(rows.made, DEFAULT, ZONE)
    assert (found.user, found.count, found.examples[0].ref) == ("501", 10, "deal:0")
    assert "50%" in found.text.en
    assert "20%" in found.text.en
    assert list(gaming_facts.junked(rows.made[2:], DEFAULT, ZONE)) == []  # nine are too few
    for _n in range(4):
        rows.add("enquiry", user_id="502", omitted="junk")
    assert list(gaming_facts.junked(rows.made, DEFAULT, ZONE)) == []  # eight of 24: others' come from the same source


def test_a_closing_date_before_the_move() -> None:
    rows = Rows()
    wins = [rows.add("win", amount=1, when=NOON), rows.add("win", amount=1, when=NOON, confidence="assumed")]
    base = {"created_at": NOON - 9 * DAY, "pipeline_id": "1", "stage_id": "1/142", "outcome": "won"}
    deals = {w.deal_id: Deal(id=w.deal_id, closed_at=NOON - 3 * DAY, **base) for w in wins}  # type: ignore[arg-type]
    [found] = gaming_facts.back_dated(wins, deals, DEFAULT, ZONE)
    assert (found.count, found.examples[0].ref) == (1, "deal:1")
    fresh = {id: Deal(id=id, closed_at=NOON - DAY, **base) for id in deals}  # type: ignore[arg-type]
    assert list(gaming_facts.back_dated(wins, fresh, DEFAULT, ZONE)) == []


def test_every_suspicion_asks_and_names_a_counter_kpi() -> None:
    for code, words in WORDS.items():
        assert words.text.ru.startswith("похоже на"), code
        assert words.text.en.startswith("looks like"), code
        assert all(words.innocent), code
        assert set(words.flatters) & set(ALL), code
        assert set(words.counter) <= set(ALL), code
