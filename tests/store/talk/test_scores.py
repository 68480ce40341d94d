"""Transcripts, scores and samples in both databases: which word counts, what is untold, what is purged."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from sqlalchemy.engine import Connection

from connector.records import Call, Client, External
from connector.store import accounts
from connector.store.crm import dossiers, records
from connector.store.engine import Store
from connector.store.tables import SampledCallRow
from connector.store.talk import sampled, scores, transcripts
from connector.store.talk.scores import Answered, Quoted, Scored
from connector.store.talk.transcripts import Kept

AT = datetime(2026, 9, 1, 12, tzinfo=UTC)
NOW = round(AT.timestamp() * 1000)


def scored(scorer: str, answer: str = "yes", call: str = "1", void: str = "", checklist: str = "c@1") -> Scored:
    found = () if void else (Answered("greeting", answer, evidence=(Quoted(0, "Добрый \x85 день", 1.5),), sure=0.95),)
    return Scored(call, checklist, scorer, found, void)


def enrolled(conn: Connection) -> int:
    return accounts.enroll(conn, "a", "fake")


def test_which_word_counts(store: Store) -> None:
    """People before programs, the first of people, the last of programs; never a void score."""
    with store.write() as conn:
        account, other = enrolled(conn), accounts.enroll(conn, "b", "fake")
        for place, one in enumerate(
            (
                scored("local@1"),
                scored("local@2", "no"),
                scored("llm:m@p1", void="refused"),
                scored("local@9", void="x"),
            )
        ):
            scores.keep(conn, account, [one], now=NOW + place)
        assert scores.of_calls(conn, account, ["1", "2"])["1"].scorer == "local@2"
        assert scores.of_calls(conn, account, ["1"], as_of=NOW)["1"].scorer == "local@1"
        scores.keep(conn, account, [scored("person:511", "no")], now=NOW + 10)
        scores.keep(conn, account, [scored("person:512"), scored("local@3")], now=NOW + 20)
        best = scores.of_calls(conn, account, ["1"])["1"]
        assert (best.scorer, best.found) == ("person:511", scored("person:511", "no").found)
        assert [one.scorer for one in scores.of_call(conn, account, "1")][:2] == ["person:511", "person:512"]
        assert scores.of_calls(conn, other, ["1"]) == {}
        assert len(scores.rated_by_people(conn, account)) == 7
        assert scores.whats(conn, other) == frozenset()
        assert scores.whats(conn, account, as_of=NOW - 1) == frozenset()
        assert "objection" in scores.whats(conn, account)


def test_the_same_word_again_is_one_row_and_untold(store: Store) -> None:
    with store.write() as conn:
        account = enrolled(conn)
        scores.keep(conn, account, [scored("local@1"), scored("local@1", call="2")], now=NOW)
        assert scores.untold(conn, account, "t1", 10) == ["1", "2"]
        scores.told(conn, account, ["1", "2"], "t1")
        assert scores.untold(conn, account, "t1", 10) == []
        assert scores.untold(conn, account, "t2", 1) == ["1"]
        scores.keep(conn, account, [scored("local@1", "no")], now=NOW + 5)
        assert scores.untold(conn, account, "t1", 10) == ["1"]
        assert [(one.scorer, one.found[0].answer) for one in scores.of_call(conn, account, "1")] == [("local@1", "no")]
        assert scores.summary(conn, account) == [("local@1", "c@1", 2, 0)]


def test_transcripts_are_kept_asked_for_and_purged(store: Store) -> None:
    with store.write() as conn:
        account = enrolled(conn)
        assert (
            transcripts.keep(conn, account, [Kept("1", "crm", "ru", "[1]"), Kept("2", "file", "ru", "[2]")], now=NOW)
            == 2
        )
        assert transcripts.keep(conn, account, [Kept("1", "crm", "ru", "[1]")], now=NOW + 1) == 0
        transcripts.absent(conn, account, ["3"], now=NOW)
        transcripts.absent(conn, account, ["3"], now=NOW + 1)
        row = transcripts.row_of(conn, account, "3")
        assert row is not None
        assert (row.asked, row.body, row.purged_at) == (2, "", None)
        assert [one.call for one in transcripts.unscored(conn, account, "local@1", ["c@1"], 9)] == ["1", "2"]
        scores.keep(conn, account, [scored("local@1")], now=NOW + 2)
        assert [one.call for one in transcripts.unscored(conn, account, "local@1", ["c@1"], 9)] == ["2"]
        assert len(transcripts.unscored(conn, account, "local@1", ["c@2"], 9)) == 2
        assert [transcripts.unscored_count(conn, account, "local@1", [one]) for one in ("c@1", "c@2")] == [1, 2]
        transcripts.keep(conn, account, [Kept("1", "file", "ru", "[9]")], now=NOW + 3)
        assert len(transcripts.unscored(conn, account, "local@1", ["c@1"], 9)) == 2
        assert transcripts.purge(conn, account, taken_before=NOW + 1, now=NOW + 9) == 1
        assert transcripts.forget(conn, account, ["1", "2"], now=NOW + 9) == 1
        assert transcripts.get(conn, account, ["1", "2", "3"]) == []
        assert transcripts.counts(conn, account) == {"kept": 0, "purged": 2, "absent": 1}


def test_a_drawn_call_stays_drawn(store: Store) -> None:
    def row(rater: str, seller: str) -> SampledCallRow:
        return SampledCallRow(
            account=0, call_id="1", rater=rater, week="2026-W36", user_id=seller, stratum="s", second=0, made_at=NOW
        )

    with store.write() as conn:
        account = enrolled(conn)
        sampled.keep(conn, account, [row("511", "501")])
        sampled.keep(conn, account, [row("511", "502"), row("512", "501")])
        assert [(one.rater, one.user_id) for one in sampled.of_week(conn, account, "2026-W36")] == [
            ("511", "501"), ("512", "501"),
        ]  # fmt: skip
        sampled.done(conn, account, "1", "511", now=NOW)
        assert [one.rater for one in sampled.waiting(conn, account)] == ["512"]
        assert sampled.waiting(conn, account, "511") == []
        assert sampled.asked(conn, account, "1", "599") is None
        assert sampled.weeks(conn, account) == ["2026-W36"]


def test_a_score_follows_its_call_to_another_client(store: Store) -> None:
    with store.write() as conn:
        account = enrolled(conn)
        call = Call(id="9", at=AT, direction="out", answered=True, on=("contact:1",))
        score = External(id="score:9:script", what="script", at=AT, call="9", number=1.0, items=2.0, updated_at=AT)
        records.keep(conn, account, [call, score], now=NOW)
        records.keep(conn, account, [Client(id="contact:1", company="company:5", updated_at=AT)], now=NOW + 1)
        [dossier] = dossiers.load(conn, account, ["company:5"])
        assert [one.id for one in dossier.externals] == ["score:9:script"]
        assert [one.id for one in dossier.calls] == ["9"]
        assert records.live_under(conn, account, External, ["call:9"]) == {"score:9:script"}
        later = NOW + round(timedelta(hours=1).total_seconds() * 1000)
        records.mark_gone(conn, account, External, ["score:9:script"], now=later)
        assert records.live_under(conn, account, External, ["call:9"]) == set()
