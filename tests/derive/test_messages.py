"""What a person writes to a client answers him; what a robot writes does not (K-06a)."""

from __future__ import annotations

from typing import Any

import pytest

from tests.derive.ground import at, call, deal, facts, lead, message, owner, sales

ASKED = lead(created_at=at("2026-09-01T10:00"))


def answered(*messages: Any, rules: Any = None, **parts: Any) -> float | None:
    return facts(rules, **({"leads": (ASKED,), "messages": messages} | parts))["enquiry|lead:1"].number


@pytest.mark.parametrize(
    ("name", "messages", "seconds"),
    [
        ("a person's", (message("2026-09-01T10:05"),), 300),
        ("anybody's", (message("2026-09-01T10:05", user_id="503"),), 300),
        ("a robot's", (message("2026-09-01T10:00:02", user_id=None),), None),
        (
            "a robot's, then a person's",
            (message("2026-09-01T10:00:02", user_id=None), message("2026-09-01T10:07")),
            420,
        ),
        ("one of before", (message("2026-09-01T09:59:59"),), None),
        ("the first of several", (message("2026-09-01T10:09"), message("2026-09-01T10:05")), 300),
    ],
)
def test_an_enquiry_is_answered_by_the_first_message_of_a_person(name: str, messages: Any, seconds: Any) -> None:
    assert answered(*messages) == seconds, name


def test_a_call_or_a_message_whichever_was_first() -> None:
    calls = (call("2026-09-01T10:06", 95),)
    assert answered(message("2026-09-01T10:05"), calls=calls) == 300
    assert answered(message("2026-09-01T10:07"), calls=calls) == 360


def test_a_listed_robots_message_and_one_about_a_test_answer_nobody() -> None:
    assert answered(message("2026-09-01T10:05", user_id="502"), rules=sales(robots=("Борис",))) is None
    about = {"deals": (deal("9", "open", test=True),)}
    assert answered(message("2026-09-01T10:05", on=("deal:9", "contact:7")), **about) is None


def test_a_message_before_the_enquiry_is_handed_over_leaves_no_clock_to_the_next() -> None:
    handed = (owner("502", "501", "2026-09-01T10:06", of="lead:1"),)
    found = facts(leads=(ASKED,), messages=(message("2026-09-01T10:05"),), owners=handed)
    assert not [key for key in found if key.startswith("handed")]
