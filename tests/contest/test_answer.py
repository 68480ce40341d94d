"""What a deal's card says of a contest."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from connector.contest.answer import LONGEST, answers
from connector.contest.values import Contest, Ruling, Verdict

AT = datetime(2026, 9, 12, 22, tzinfo=UTC)
NAMES = {"511": "Ирина Лаврова"}


def contest(number: int = 1, *verdicts: Verdict, about: str = "deal:7001") -> Contest:
    return Contest(id=number, ruling=Ruling(about=about, user="501"), by="501", reason="-", at=AT, verdicts=verdicts)


def verdict(what: str, reason: str = "договор\n подписан", by: str = "511") -> Verdict:
    return Verdict(what=what, by=by, reason=reason, at=AT)  # type: ignore[arg-type]  # one of the three words


def told(*known: Contest, language: str = "ru") -> dict[str, str | None]:
    return answers(known, NAMES, "Europe/Moscow", language)  # type: ignore[arg-type]  # one of the two


def test_the_last_word_with_its_day_name_and_reason() -> None:
    one = contest(1, verdict("accepted"), verdict("declined"))
    assert told(one) == {"7001": "Отклонено 13.09.2026, Ирина Лаврова: договор подписан"}
    assert told(one, language="en") == {"7001": "Declined 2026-09-13, Ирина Лаврова: договор подписан"}
    assert told(contest(1, verdict("accepted", "ok", by="9"))) == {"7001": "Принято 13.09.2026, 9: ok"}


def test_a_part_says_so() -> None:
    part = msgspec.structs.replace(verdict("accepted", "ok"), kinds=("win",))
    assert told(contest(1, part)) == {"7001": "Принято (в части показателей) 13.09.2026, Ирина Лаврова: ok"}


def test_open_and_taken_back_say_nothing_and_the_newest_counts() -> None:
    old, new = contest(1, verdict("declined")), contest(2)
    assert told(new, old) == {"7001": None} == told(contest(1, verdict("withdrawn")))


def test_only_of_deals_and_never_too_long_for_a_field() -> None:
    assert told(contest(1, verdict("declined"), about="call:5")) == {}
    text = told(contest(1, verdict("declined", "а" * 900)))["7001"]
    assert text is not None
    assert len(text) == LONGEST
    assert text.endswith("…")
