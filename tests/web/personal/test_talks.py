"""What somebody was talked to about: the head's own words are not for him, the outcome and what it brought are."""

from __future__ import annotations

from datetime import UTC, date, datetime

from connector.advice.feedback.reply import Reply
from connector.advice.feedback.thread import Thread
from connector.moment import zone_of
from connector.web.personal.talks import talk_lines

AT = datetime(2026, 9, 14, 21, 30, tzinfo=UTC)
TALK = Thread(
    id="1", key="k", rule="weak", user="501", name="Anna", kpi="win_rate", head="Irina", title="t", text="about her",
    at=AT, due_at=AT, closed_at=AT, reply=Reply(answer="discussed", text="she promised <b>"),
    measure_on=date(2026, 10, 13),
)  # fmt: skip


def test_who_reads_what() -> None:
    (own,) = talk_lines([TALK], zone_of("Europe/Moscow"), "ru", leads=False)
    (head,) = talk_lines([TALK], zone_of("Europe/Moscow"), "en", leads=True)
    assert (own.at, own.outcome, own.brought, own.said) == (
        "15\u00a0сентября",
        "обсудили",
        "измерим 13\u00a0октября",
        "",
    )
    assert (head.outcome, head.said) == ("discussed", "she promised <b>")
    assert head.brought == "to be measured on 13\u00a0October"
