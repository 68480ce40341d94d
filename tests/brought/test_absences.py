"""Absences from a spreadsheet: as tolerant of form as plans, as strict in meaning; all bad lines at once."""

from __future__ import annotations

from datetime import date

import pytest

from connector.brought.absences import read_csv
from connector.records import Absence, User
from connector.sheet import BadLine

USERS = {
    "501": User(id="501", name="Анна Фёдорова"),
    "502": User(id="502", name="Борис Ли"),
    "503": User(id="503", name="борис  ли"),
}
ENGLISH = "user,from,to,kind\n501,2026-07-06,2026-07-19,vacation\n501,2026-08-03,,sick\n502,2026-06-01,,hired\n"
WANTED = (
    Absence.of("501", "vacation", date(2026, 7, 6), date(2026, 7, 19)),
    Absence.of("501", "sick", date(2026, 8, 3), date(2026, 8, 3)),
    Absence.of("502", "hired", date(2026, 6, 1), date(2026, 6, 1)),
)
RUSSIAN = """Сотрудник;С;По;Вид
анна федорова;06.07.2026;19.07.2026;Отпуск
501;03.08.26;;больничный

502;01/06/2026;;Принят
"""


@pytest.mark.parametrize(
    "data",
    [
        ENGLISH.encode(),
        ENGLISH.replace(",", "\t").encode("utf-8-sig"),
        RUSSIAN.encode(),
        RUSSIAN.encode("utf-8-sig"),
        RUSSIAN.replace("\n", "\r\n").encode("cp1251"),
        b"kind,to,from,user,note\nvacation,2026-07-19,2026-07-06,501,x\nsick,,2026-08-03,501\nhired,,2026-06-01,502",
    ],
)
def test_the_same_absences_however_they_are_written(data: bytes) -> None:
    told = read_csv(data, USERS)
    assert (told.absences, told.bad) == (WANTED, ())


LINES = [
    ("777,2026-07-06,,sick", "user '777' is nobody in the CRM"),
    (",2026-07-06,,sick", "user '' is nobody in the CRM"),
    ("Борис Ли,2026-07-06,,sick", "user 'Борис Ли' is more than one, give the id"),
    ("501,06.13.2026,,sick", "'06.13.2026' is no day such as 2026-07-06 or 06.07.2026"),
    ("501,,2026-07-06,sick", "'' is no day such as 2026-07-06 or 06.07.2026"),
    ("501,2026-07-06,soon,sick", "'soon' is no day such as 2026-07-06 or 06.07.2026"),
    ("501,1026-07-06,,sick", "'1026-07-06' is no day such as 2026-07-06 or 06.07.2026"),
    ("501,2026-07-06,2026-07-05,sick", "from 2026-07-06 to 2026-07-05 is backwards"),
    ("501,2026-07-06,2036-07-06,sick", "from 2026-07-06 to 2036-07-06 is longer than three years"),
    ("501,2026-07-06,,holiday", "kind 'holiday' is none of vacation, sick, other, hired, left (отпуск, больничный, …)"),
    ("501,2026-07-06,2026-07-07,left", "left is one day; leave the second date empty"),
    ("777,soon,,x", "; ".join((
        "user '777' is nobody in the CRM",
        "kind 'x' is none of vacation, sick, other, hired, left (отпуск, больничный, …)",
        "'soon' is no day such as 2026-07-06 or 06.07.2026",
    ))),
]  # fmt: skip


@pytest.mark.parametrize(("line", "problem"), LINES)
def test_a_bad_line_says_all_that_is_wrong(line: str, problem: str) -> None:
    told = read_csv(f"user,from,to,kind\n501,2026-07-06,,sick\n{line}\n".encode(), USERS)
    assert told.bad == (BadLine(3, problem),)
    assert len(told.absences) == 1


def test_every_bad_line_is_reported() -> None:
    bad = "\n".join(line for line, _ in LINES)
    assert [one.line for one in read_csv(f"user,from,to,kind\n{bad}".encode(), USERS).bad] == [
        *range(2, len(LINES) + 2)
    ]


def test_a_second_day_of_hire_is_a_mistake_but_the_same_again_is_not() -> None:
    told = read_csv(b"user,from,to,kind\n501,2026-06-01,,hired\n501,2026-06-01,,hired\n501,2026-06-02,,hired", USERS)
    assert told.bad == (BadLine(4, "hired of '501' stands in line 2 already"),)
    assert len(told.absences) == 1


@pytest.mark.parametrize(
    ("data", "line", "problem"),
    [
        (b"", 1, "the first line must name the columns user, from; user, from missing"),
        (b"user;kind\n501;sick", 1, "the first line must name the columns user, from; from missing"),
        (b'user,from\n501,"2026-07-06\n', 3, "the file is no CSV from here on"),
    ],
)
def test_what_is_no_such_file(data: bytes, line: int, problem: str) -> None:
    told = read_csv(data, USERS)
    assert told.absences == ()
    assert told.bad[0].line in (line, line - 1)
    assert told.bad[0].problem.startswith(problem)
