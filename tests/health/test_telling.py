"""What people read: names are never markup, bounds say which way and how far, both languages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from connector.health import gaming_telling, telling
from connector.health.drift_words import notice, titles
from connector.health.finding import Effect, Example, Finding
from connector.health.gaming import suspicion
from connector.kpi.catalogue import ALL
from connector.kpi.definition import Text
from tests.health.rows import NOON


def link(ref: str) -> str:
    return f"https://crm.invalid/{ref}"


def finding(*effects: Effect) -> Finding:
    example = Example("deal:7", Text("пример [b]", "example [b]"))
    return Finding("x", Text("Что [i]", "What [i]"), Text("сделать", "do"), 29, 100, (example,), effects)


@pytest.mark.parametrize(
    ("effect", "ru", "en"),
    [
        (Effect("win_rate", "bound", Decimal("0.4"), Decimal("0.3"), Decimal("0.4")),
         "«Доля выигранных»: 40,0 %, завышено не более чем на 10,0 п.п.",
         "Win rate: 40.0 %, too high by 10.0 points at most"),
        (Effect("calls", "bound", Decimal(10), Decimal(7), Decimal(10)),
         "«Звонки»: 10, завышено не более чем на 3", "Calls: 10, too high by 3 at most"),
        (Effect("revenue", "estimate", Decimal(100), Decimal(100), Decimal(150)),
         "«Выручка»: 100,00 RUB, занижено примерно на 50,00 RUB", "Revenue: 100.00 RUB, too low by about 50.00 RUB"),
        (Effect("revenue", "limit", Decimal(100), Decimal(90), Decimal(150), Decimal(120)),
         "занижено не более чем на 50,00 RUB (скорее всего на 20,00 RUB), завышено не более чем на 10,00 RUB",
         "too low by 50.00 RUB at most (most probably by 20.00 RUB), too high by 10.00 RUB at most"),
        (Effect("revenue", "limit", Decimal(100), Decimal(70), Decimal(150), Decimal(80)),
         "завышено не более чем на 30,00 RUB (скорее всего на 20,00 RUB)",
         "too high by 30.00 RUB at most (most probably by 20.00 RUB)"),
        (Effect("open_deal_age", "limit", Decimal(70), Decimal(60), Decimal("90.5")),
         "«Возраст незакрытых»: 70,0 дн., занижено не более чем на 20,5 дн., завышено не более чем на 10,0 дн.",
         "Age of undecided deals: 70.0 days, too low by 20.5 days at most, too high by 10.0 days at most"),
        (Effect("revenue", "exact", Decimal(100), Decimal(100), Decimal(150)),
         "«Выручка» команд: 50,00 RUB не у команд", "Revenue of teams: 50.00 RUB is no team's"),
        (Effect("revenue", "unknown", Decimal(100)),
         "«Выручка»: на сколько, неизвестно", "Revenue: nobody can say by how much"),
    ],
)  # fmt: skip
def test_effects_in_words(effect: Effect, ru: str, en: str) -> None:
    for language, words in (("ru", ru), ("en", en)):
        text = telling.as_text("acme", "2026-09", "RUB", [finding(effect)], link, language=language, width=300)  # type: ignore[arg-type]
        assert words in text.replace("\u00a0", " ")
        assert "https://crm.invalid/deal:7" in text
        assert (" · сделка 7 · " if language == "ru" else " · deal 7 · ") in text
        assert "[i]" in text
        assert "29" in text


def test_what_limits_assume_is_said_with_them() -> None:
    sure = finding(Effect("revenue", "limit", Decimal(100), Decimal(100), Decimal(150)))
    told = replace(sure, given=Text("если А", "if B"))
    assert telling.distortions(told, "RUB", "ru")[-1] == "(границы верны, если А)"
    assert telling.distortions(told, "RUB", "en")[-1] == "(the limits hold if B)"
    [entry] = telling.as_json("acme", "2026-09", "RUB", [told], link)["findings"]
    assert entry["given"] == {"ru": "если А", "en": "if B"}
    unknown = replace(told, effects=(Effect("revenue", "unknown"),))
    assert "if B" not in str(telling.distortions(unknown, "RUB", "en"))


def test_more_than_a_few_kpis_are_still_called_by_name() -> None:
    keys = ("won_deals", "calls", "meetings", "new_deals", "revenue", "win_rate")
    some = [Effect(key, "unknown") for key in keys]
    assert telling.effects_in_words(some, "RUB", "ru")[-1] == "и ещё: «Выручка», «Доля выигранных»"
    other = [Effect("loss_other_share", "unknown")]
    assert telling.effects_in_words(other, "RUB", "ru") == ["«Отказы „другое“»: на сколько, неизвестно"]
    many = [Effect(key, "unknown") for key in list(ALL)[:30]]
    assert telling.effects_in_words(many, "RUB", "en")[-1] == "and 26 more KPIs"


def test_a_clean_account_says_so_and_json_has_both_languages() -> None:
    assert "nothing was found" in telling.as_text("acme", "2026-09", "RUB", [], link, language="en")
    effect = Effect("revenue", "estimate", Decimal(100), Decimal(100), Decimal("150.5"))
    [told] = telling.as_json("acme", "2026-09", "RUB", [finding(effect)], link)["findings"]
    assert told["text"] == {"ru": "Что [i]", "en": "What [i]"}
    assert told["share"] == pytest.approx(0.29)
    assert told["effects"] == [
        {"kpi": "revenue", "claim": "estimate", "value": "100.00", "low": "100.00", "high": "150.50"}
    ]
    assert told["examples"][0]["link"] == link("deal:7")


def test_suspicions_name_people_and_what_to_look_at() -> None:
    one = suspicion("bulk_moves", "501", NOON, NOON + timedelta(minutes=5), 25, [], minutes=5)
    text = gaming_telling.as_text("acme", "2026-09", [one], {"501": "Анна [admin]"}, link, width=300)
    assert "Анна [admin]" in text
    assert "похоже на массовое движение сделок: 25 за 5 мин" in text
    assert "Зависшие сделки" in text
    [told] = gaming_telling.as_json("acme", "2026-09", [one], {"501": "Анна"}, link)["suspicions"]
    assert told["user"] == {"id": "501", "name": "Анна"}
    assert told["counter"] == ["win_rate", "lead_won_share"]


def test_a_notice_names_kpis_and_the_command() -> None:
    text = notice(7, Text("было", "was"), ["revenue", "own_kpi"])
    assert "Выручка, own_kpi" in text.ru
    assert "kpi drift accept 7" in text.en
    many = titles(["revenue", "calls", "win_rate", "csat", "meetings", "new_clients", "margin"], "en")
    assert many.endswith("+1")
